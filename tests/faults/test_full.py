"""A full disk: the act fails in words of the system, nothing half-done is left, and with room it is done again."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.conftest import Engine

ACTS = ["bringing in a decision", "promulgation", "issuing a report", "submitting evidence", "backup"]
WRITING = ["bringing in a decision", "issuing a report", "submitting evidence", "backup"]


@pytest.mark.parametrize(
    ("engine", "act"),
    [*(("sqlite", act) for act in WRITING), ("postgresql", "submitting evidence")],
    indirect=["engine"],
)
def test_a_file_that_finds_no_room_undoes_its_act(engine: Engine, act: str) -> None:
    whole = engine.whole(act)
    place = engine.copy(engine.before(act))
    count = engine.worker.order(do="act", act=act, fault="full", moment=10_000, **place.order)["moments"]
    engine.drop(place)
    assert count > 0
    for moment in range(1, count + 1):
        place = engine.copy(engine.before(act))
        full = engine.worker.order(do="act", act=act, fault="full", moment=moment, **place.order)
        assert full["status"] == 0, full
        after = engine.worker.order(do="again", act=act, **place.order)
        assert (after["found"], after["violations"], after["unfinished"]) == ([], [], []), moment
        assert after["figures"] == whole["figures"], (moment, full)
        engine.drop(place)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_may_not_grow_undoes_the_act(engine: Engine, act: str) -> None:
    """The system itself refuses (RLIMIT_FSIZE) what goes beyond a size: the database's own file, or a kept one."""
    whole = engine.whole(act)
    failed = False
    for limit in random.Random(act).sample(range(4_096, 160_000, 4_096), 2):
        place = engine.copy(engine.before(act))
        tried = engine.worker.order(do="act", act=act, largest_file=limit, **place.order)
        assert tried["status"] == 0, tried
        failed |= bool(tried["failed"])
        after = engine.worker.order(do="again", act=act, **place.order)
        assert (after["found"], after["violations"], after["unfinished"]) == ([], [], []), limit
        assert after["figures"] == whole["figures"], (limit, tried)
        engine.drop(place)
    assert failed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB in memory; only the system's administrator can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.own_disk
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_disk_that_is_really_full_is_survived(engine: Engine, small_disk: Path) -> None:
    for act in ("submitting evidence", "promulgation"):
        whole = engine.whole(act)
        for room in (0, 60_000):
            place = engine.copy(engine.before(act), into=small_disk)
            filler = small_disk / "filler"
            disk = os.statvfs(small_disk)
            with filler.open("wb") as file:
                file.write(b"0" * max(0, disk.f_bavail * disk.f_frsize - room))
            tried = engine.worker.order(do="act", act=act, **place.order)
            assert tried["status"] == 0, tried
            assert tried["failed"], room
            filler.unlink()
            after = engine.worker.order(do="again", act=act, **place.order)
            assert (after["found"], after["violations"], after["unfinished"]) == ([], [], []), room
            assert after["figures"] == whole["figures"], room
            engine.drop(place)
