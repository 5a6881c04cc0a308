"""A process that stands by for the commands of one installation: each runs in a child of it, most modules read.

It reads one order a line (JSON: the arguments, the folder, the files for what is printed and what is said of errors)
and answers with the exit status. A command that a process of its own runs spends a second on reading modules.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402

from camket.config.cli import main  # noqa: E402

for name in (
    "django.core.management.commands.migrate",
    "camket.config.cli.installation",
    "camket.config.cli.console",
    "camket.keeping.backup",
    "camket.keeping.restore",
    "camket.keeping.operations",
    "camket.org.operations",
    "camket.objectives.verdicts",
):
    import_module(name)


def run(order: dict[str, Any]) -> int:
    """Run a command in this process and return its exit status."""
    for number, file in ((1, order["out"]), (2, order["err"])):
        handle = os.open(file, os.O_WRONLY | os.O_TRUNC)
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(order["folder"])
    try:
        main(order["arguments"])
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - a process of its own would print it and fail
        traceback.print_exc()
        status = 1
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def stand_by() -> None:
    """Run orders until there are none."""
    for text in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os._exit(run(json.loads(text)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


stand_by()
