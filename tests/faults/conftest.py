from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tools.postgres import cluster

from processes import ROOT, database_of, environment, prepared, template

if sys.platform == "win32":
    collect_ignore_glob = ["*"]


class Worker:
    """The process that does acts in children; see tests/faults/worker.py."""

    def __init__(self, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "faults.worker"],
            env=env,
            cwd=ROOT / "tests",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the worker ended"
        told: dict[str, Any] = json.loads(answer)
        assert "error" not in told, told["error"]
        return told

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


@dataclass(frozen=True)
class Place:
    """A database and a folder of files."""

    database: str
    files: Path

    @property
    def order(self) -> dict[str, str]:
        return {"database": self.database, "files": str(self.files)}


@dataclass
class Engine:
    """A kind of database with the worker that writes to it; places are prepared once and copied for each trial."""

    worker: Worker
    folder: Path
    server: str | None = None
    prepared: dict[str, Place] = field(default_factory=dict)
    undisturbed: dict[str, dict[str, Any]] = field(default_factory=dict)
    blank: Place | None = None

    def copy(self, place: Place | None, into: Path | None = None) -> Place:
        """Return a new place that is like another."""
        name = f"p{uuid4().hex[:12]}"
        folder = (into or self.folder) / name
        folder.mkdir()
        files = folder / "files"
        if place is not None and place.files.exists():
            shutil.copytree(place.files, files)
        if self.server is None:
            if place is not None:
                for part in Path(place.database).parent.glob("camket.sqlite3*"):
                    shutil.copy(part, folder)
            return Place(str(folder / "camket.sqlite3"), files)
        with psycopg.connect(self.server, autocommit=True) as connection:
            template = f' TEMPLATE "{place.database}"' if place else ""
            connection.execute(f'CREATE DATABASE "{name}"{template}'.encode())
        return Place(name, files)

    def drop(self, place: Place) -> None:
        if self.server is not None:
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{place.database}" WITH (FORCE)'.encode())
        shutil.rmtree(place.files.parent, ignore_errors=True)

    def before(self, act: str) -> Place:
        """Return the place as it is before an act."""
        if act not in self.prepared:
            place = self.copy(self.blank)
            answer = self.worker.order(do="prepare", act=act, **place.order)
            assert answer == {"status": 0, "violations": []}, answer
            self.prepared[act] = place
        return self.prepared[act]

    def whole(self, act: str) -> dict[str, Any]:
        """Return how many moments the undisturbed act has, and what is there after it."""
        if act not in self.undisturbed:
            place = self.copy(self.before(act))
            done = self.worker.order(do="act", act=act, **place.order)
            assert (done["status"], done["failed"]) == (0, ""), done
            after = self.worker.order(do="look", act=act, **place.order)
            assert after["violations"] == []
            self.drop(place)
            self.undisturbed[act] = {**done, **after}
        return self.undisturbed[act]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL for all files of this folder: a fixture with parameters is set up anew for each."""
    with cluster() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Each kind of database in turn."""
    folder = tmp_path_factory.mktemp(f"faults-{request.param}")
    yield from _engine(folder, None if request.param == "sqlite" else request.getfixturevalue("server"))


def _engine(folder: Path, url: str | None) -> Iterator[Engine]:
    files = folder / "files"
    if url is None:
        env = environment(prepared(folder), None)
        blank = Place(str(folder / "camket.sqlite3"), files)
    else:
        blank = Place(template(url), files)
        env = environment(folder, database_of(url, blank.database))
    worker = Worker(env)
    try:
        yield Engine(worker, folder, url, blank=blank)
    finally:
        worker.end()
