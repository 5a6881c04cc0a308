"""Several workers at one timetable, as processes: one job is run by one of them, and a killed one is replaced."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from installations import ENGINE, Installation
from processes import eventually

CLOCKWORK = Path(__file__).with_name("clockwork.py")
Hire = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module", params=[ENGINE])
def installation(request: pytest.FixtureRequest, install: Callable[..., Installation]) -> Installation:
    made = install(request.param, is_prepared=True)
    made.run("upgrade")
    return made


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.txt"
    file.touch()
    return file


@pytest.fixture
def hire(installation: Installation, notes: Path) -> Iterator[Hire]:
    """Start workers on the installation; they are ended with the test."""
    installation.sql("DELETE FROM jobs_job")
    workers = []

    def start(seconds: float, lease: float) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(CLOCKWORK), str(notes), str(seconds), str(lease)]
        worker = subprocess.Popen(command, env=installation.env, stderr=subprocess.DEVNULL)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


def said(notes: Path, word: str) -> list[int]:
    lines = notes.read_text("utf-8").splitlines()
    return [int(line.split()[1]) for line in lines if line.startswith(word)]


def make_due(installation: Installation, at: str = "2026-07-06 03:00:00") -> None:
    eventually(lambda: installation.sql("SELECT 1 FROM jobs_job"), "the job has its row")
    installation.sql(f"UPDATE jobs_job SET due_at = '{at}'")


def test_a_moment_is_served_by_one_of_three_workers(
    installation: Installation, notes: Path, hire: Hire
) -> None:
    for _ in range(3):
        hire(0.3, 20)
    eventually(lambda: len(said(notes, "ready")) == 3, "three workers")
    for turn in range(1, 4):
        make_due(installation, f"2026-07-0{turn} 03:00:00")
        eventually(lambda turn=turn: len(said(notes, "end")) == turn, "the job is done")
        eventually(
            lambda: installation.sql("SELECT 1 FROM jobs_job WHERE claimed_by = ''"), "it is free again"
        )
    assert len(said(notes, "begin")) == len(said(notes, "end")) == 3
    ((served, attempts, error),) = installation.sql("SELECT served, attempts, error FROM jobs_job")
    assert len(served if isinstance(served, list) else json.loads(str(served))) == 3
    assert (attempts, error) == (0, None)


def test_a_killed_worker_s_job_is_taken_over_and_done(
    installation: Installation, notes: Path, hire: Hire
) -> None:
    first = hire(60, 1)
    make_due(installation)
    eventually(lambda: said(notes, "begin") == [first.pid], "the first begins")
    second = hire(0.1, 1)
    eventually(lambda: second.pid in said(notes, "ready"), "the second looks on")
    first.kill()
    first.wait()
    eventually(lambda: said(notes, "end") == [second.pid], "the second takes the job over")
    eventually(
        lambda: installation.sql("SELECT 1 FROM jobs_job WHERE succeeded_at IS NOT NULL"), "it is done"
    )
    assert said(notes, "begin") == [first.pid, second.pid]


def test_a_worker_that_shows_life_keeps_its_job_however_long_it_takes(
    installation: Installation, notes: Path, hire: Hire
) -> None:
    first = hire(5, 1)
    make_due(installation)
    eventually(lambda: said(notes, "begin") == [first.pid], "the first begins")
    hire(0.1, 1)
    eventually(lambda: said(notes, "end"), "the first ends")
    assert said(notes, "begin") == said(notes, "end") == [first.pid]


def test_a_lease_of_another_year_keeps_nobody_from_the_job(
    installation: Installation, notes: Path, hire: Hire
) -> None:
    worker = hire(0.1, 1)
    make_due(installation)
    eventually(lambda: said(notes, "end"), "it ran once")
    year = datetime.now(UTC).year + 4
    installation.sql(
        f"UPDATE jobs_job SET claimed_by = 'dead', lease_until = '{year}-01-01 00:00:00',"
        " due_at = '2026-07-05 03:00:00'"
    )
    eventually(lambda: said(notes, "end") == [worker.pid] * 2, "it runs again")
