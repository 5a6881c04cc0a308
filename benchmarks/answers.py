"""Answers of a survey by the hundred: how many a second, what each costs, and that none is lost when the server is killed.

A real load tool sends them (wrk; on Debian ``apt-get install wrk``), each as a phone's form does, from an address of its
own, to ``camket serve`` with as many processes as ``CAMKET_BENCH_WORKERS`` says (2). Aims: 100 a second on two cores,
each stored on the disk before it is acknowledged. Then the server is killed (SIGKILL) in the middle of the load:
every id that was acknowledged is there, once, and the counts are those of the rows.

``python -m benchmarks answers`` runs on SQLite; ``DATABASE_URL`` names a PostgreSQL database that may be filled.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

SECONDS = int(os.environ.get("CAMKET_BENCH_SECONDS", "20"))
WORKERS = os.environ.get("CAMKET_BENCH_WORKERS", "2")
CONNECTIONS = (1, 8, 32)
SCRIPT = Path(__file__).with_suffix(".lua")
HTTPS = {"X-Forwarded-Proto": "https"}


def run() -> None:
    """Print answers a second, waiting times and CPU by number of connections; then kill the server and compare."""
    if shutil.which("wrk") is None:
        print("wrk is not installed (Debian: apt-get install wrk); nothing was measured")
        return
    os.environ["CAMKET_TODAY"] = ""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    path, edition, questions = _survey()
    connections.close_all()
    folder = Path(os.environ["CAMKET_DATA"])
    print(
        f"{connection.vendor}, {WORKERS} processes, {os.cpu_count()} cores, {len(questions) + 1} questions rated"
    )
    server = _Server(folder)
    try:
        stamp = _stamp(server, path)
        _warm(server, folder, (path, stamp, edition, ",".join(questions)))
        print(
            f"{'connections':>11}{'answers/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms each':>13}{'refused':>9}"
        )
        for connections_open in CONNECTIONS:
            _measure(server, folder, connections_open, (path, stamp, edition, ",".join(questions)))
        _kill(server, folder, (path, stamp, edition, ",".join(questions)))
    finally:
        server.end()


class _Server:
    """One ``camket serve`` behind what would be a proxy."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        self.start()

    def start(self) -> None:
        """Start, and wait until a page is answered."""
        environment = {**os.environ, "CAMKET_HTTPS": "1", "CAMKET_JOBS": "off", "CAMKET_HOSTS": "127.0.0.1"}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "camket.config.cli",
                    "serve",
                    "--port",
                    str(self.port),
                    "--workers",
                    WORKERS,
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        for _ in range(600):
            try:
                self.ask("/healthz")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text("utf-8")[-2000:])

    def ask(self, path: str) -> str:
        """Return a page."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=HTTPS)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    def cpu(self) -> float:
        """Return the seconds of processor that the server's processes took."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parts = stat.read_text("utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            if int(parts[3]) == self.process.pid:  # its session
                ticks += int(parts[11]) + int(parts[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End every process at once, as a power cut ends them."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """Stop as an operator does."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()


def _survey() -> tuple[str, str, list[str]]:
    """Open an agency with the long shipped questionnaire in use; return the path of a poster, its edition, questions."""
    from django.utils import timezone

    from camket.core.questionnaire import OVERALL, parse
    from camket.core.survey_links import make_point_link
    from camket.org.operations import open_agency
    from camket.voices.models import Channel, Point, Questionnaire, QuestionnaireEdition, Survey

    now, today = timezone.now(), timezone.localdate()
    opened = open_agency(
        code="H00.90", name="UBND xã Bình Yên", level="commune", secretary="Nguyễn Thị An", login="an-do", today=today
    )  # fmt: skip
    questions: list[dict[str, Any]] = [
        {"key": f"question_{number}", "kind": "scale", "counts": True, "text": {"vi": f"Câu hỏi số {number}"}}
        for number in range(1, 17)
    ]
    questions += [
        {"key": OVERALL, "kind": "scale", "is_required": True, "text": {"vi": "Nhìn chung"}},
        {"key": "wish", "kind": "text", "text": {"vi": "Góp ý"}},
    ]
    content = {"title": {"vi": "Khảo sát"}, "questions": questions}
    parse(content)
    held = Questionnaire.objects.create(
        agency_id=opened.agency_id, code="bench", title="Khảo sát", created_at=now
    )
    edition = QuestionnaireEdition.objects.create(
        questionnaire=held, number=1, state="published", content=content, changed_at=now, published_at=now
    )
    survey = Survey.objects.create(
        agency_id=opened.agency_id, title="Khảo sát", questionnaire=held, state="open", starts_on=today,
        asks_field=False, link_key="5a" * 32, created_at=now,
    )  # fmt: skip
    point = Point.objects.create(survey=survey, channel=Channel.QR, name="Quầy 1", created_at=now)
    token = make_point_link(key=survey.link_key, point_id=point.pk, round_number=1)
    return f"/ks/{token}", str(edition.pk), [each["key"] for each in questions[:-2]]


def _stamp(server: _Server, path: str) -> str:
    """Open the form as a person does, and read it for as long as one must."""
    found = re.search(r'name="opened" value="([^"]+)"', server.ask(path))
    assert found is not None
    time.sleep(3)
    return found[1]


def _load(
    server: _Server, folder: Path, connections_open: int, seconds: int, arguments: tuple[str, ...]
) -> Any:
    address = f"http://127.0.0.1:{server.port}/"
    command = [
        "wrk",
        "-t",
        str(min(2, connections_open)),
        "-c",
        str(connections_open),
        "-d",
        f"{seconds}s",
        "--latency",
    ]
    return subprocess.Popen(
        [*command, "-s", str(SCRIPT), address, "--", str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _acknowledged(folder: Path) -> tuple[list[str], int]:
    """Return the ids that the server said it stored, and how many answers got anything else; the notes are taken away."""
    ids: list[str] = []
    refused = 0
    for file in folder.glob("acknowledged-*.txt"):
        for line in file.read_text("ascii").splitlines():
            if line.startswith("!"):
                refused += 1
            elif len(line) == 36:
                ids.append(line)
        file.unlink()
    return ids, refused


def _warm(server: _Server, folder: Path, arguments: tuple[str, ...]) -> None:
    """Let each process of the server read the program in, at its first request, before anything is measured."""
    quick = 0
    for _ in range(30):
        begun = time.perf_counter()
        _load(server, folder, 16, 1, arguments).communicate()
        _acknowledged(folder)
        quick = quick + 1 if time.perf_counter() - begun < 2 else 0
        if quick == 3:
            return


def _measure(server: _Server, folder: Path, connections_open: int, arguments: tuple[str, ...]) -> None:
    before, begun = server.cpu(), time.perf_counter()
    said = _load(server, folder, connections_open, SECONDS, arguments).communicate()[0]
    took = time.perf_counter() - begun
    spent = server.cpu() - before
    ids, refused = _acknowledged(folder)
    waits = {name: _milliseconds(said, name) for name in ("50%", "99%")}
    print(
        f"{connections_open:>11}{len(ids) / took:>11.0f}{waits['50%']:>9.0f}{waits['99%']:>9.0f}"
        f"{spent / max(1, len(ids)) * 1000:>13.1f}{refused:>9}",
        flush=True,
    )
    _compare(set(ids))


def _milliseconds(said: str, name: str) -> float:
    found = re.search(rf"{name}\s+([\d.]+)(us|ms|s)", said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def _kill(server: _Server, folder: Path, arguments: tuple[str, ...]) -> None:
    """Kill the server in the middle of the load, several times; what was acknowledged is there and counted."""
    for moment in (2.0, 3.3, 4.1):
        load = _load(server, folder, CONNECTIONS[-1], 6, arguments)
        time.sleep(moment)
        server.kill()
        load.communicate()
        ids, _refused = _acknowledged(folder)
        stored, known = _compare(set(ids))
        print(
            f"killed after {moment} s: {len(ids)} acknowledged, all there; {stored:,} stored in all, {known} cells as counted"
        )
        server.start()
        _warm(server, folder, arguments)


def _compare(ids: set[str]) -> tuple[int, int]:
    """Return how many answers and cells there are; raises where an id is missing or a count is not that of the rows."""
    import uuid

    from django.db import connections

    from camket.voices import tally
    from camket.voices.editions import content_of
    from camket.voices.models import QuestionnaireEdition, RatingBucket, Response

    number = -1
    while number != (number := Response.objects.count()):
        time.sleep(1)  # the load tool goes at its end, and what is being written then is written
    stored = set(Response.objects.values_list("pk", flat=True))
    missing = {each for each in ids if uuid.UUID(each) not in stored}
    assert not missing, f"{len(missing)} answers that were acknowledged are not there"
    content = content_of(QuestionnaireEdition.objects.get())
    counted: Counter[tuple[Any, ...]] = Counter()
    for response in Response.objects.iterator():
        for cell, count in tally.contributions(tally.counted_of(response, content)):
            counted[(*cell, count)] += 1
    kept = {
        (
            row.grain,
            row.start,
            row.survey_key,
            row.question,
            row.field_key,
            row.unit_key,
            row.channel,
            name,
        ): number
        for row in RatingBucket.objects.all()
        for name in tally.COUNTS
        if (number := getattr(row, name))
    }
    assert kept == dict(counted), "the counts are not those of the rows"
    connections.close_all()
    return len(stored), len(kept)
