"""A worker in a process of its own with one job that says when it begins and ends; for tests of several workers.

    python clockwork.py FILE SECONDS LEASE

writes a line to FILE when the job begins and ends. The job is due when somebody asked for it or its moment came.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import time as clock_time
from pathlib import Path

import django

django.setup()

from camket.core.messages import Message  # noqa: E402
from camket.core.timetable import Daily  # noqa: E402
from camket.jobs.chores import Chore, Outcome, Run  # noqa: E402
from camket.jobs.worker import Worker  # noqa: E402


def main(file: Path, seconds: float, lease: float) -> None:
    def note(word: str) -> None:
        with file.open("a", encoding="utf-8") as out:
            out.write(f"{word} {os.getpid()}\n")

    def do(_run: Run) -> Outcome:
        note("begin")
        time.sleep(seconds)
        note("end")
        return Outcome(Message("done"))

    title = Message("clockwork")
    chore = Chore("clockwork", title, title, Daily(clock_time(3)), do)
    note("ready")
    Worker(chores=lambda: (chore,), lease=lease).run(threading.Event(), look=0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
