"""What the processor time of a run of tests went to, as a pytest plugin: by file, by fixture, by test.

    python -m pytest -p tools.spent -n 2 …

Seconds of processor time, of the tests and of the processes that they started and waited for; they tell the same on a
busy machine and a quiet one, nearly. A server that a test has killed by others, and Chromium, are not counted.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = (
    Path(__file__).resolve().parent.parent
    / ".cache"
    / "spent"
    / ("postgresql" if os.environ.get("DATABASE_URL") else "sqlite")
)
MANY = 25


def _seconds() -> float:
    own, started = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + started.ru_utime + started.ru_stime


def _note(kind: str, name: str, seconds: float) -> None:
    """Add a line to the file of this process: workers of one run have one each."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([kind, name, seconds]) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Begin anew where a run begins, not in each of its workers."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Note what it took to start and to read the tests."""
    _note("phase", "start and collection", _seconds())


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Note what a test took with all that was set up for it first."""
    before = _seconds()
    yield
    spent = _seconds() - before
    _note("test", item.nodeid, spent)
    _note("file", item.nodeid.partition("::")[0], spent)
    _note("phase", "tests", spent)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    """Note what a fixture took, without those that it asks for."""
    before = _seconds()
    yield
    _note("fixture", f"{fixturedef.argname} ({fixturedef.scope})", _seconds() - before)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the tables."""
    spent: dict[str, Counter[str]] = {kind: Counter() for kind in ("phase", "file", "fixture", "test")}
    times: Counter[str] = Counter()
    for path in FOLDER.glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            kind, name, seconds = json.loads(line)
            spent[kind][name] += seconds
            times[f"{kind} {name}"] += 1
    for kind, of_kind in spent.items():
        terminalreporter.section(f"processor seconds by {kind}")
        for name, seconds in of_kind.most_common(MANY):
            terminalreporter.write_line(f"{seconds:8.1f}  {times[f'{kind} {name}']:5d} ×  {name}")
