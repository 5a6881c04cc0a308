"""Installations of the product with a data folder and a database of their own, used by commands."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from processes import command_of_many, database_of, environment, prepared, template

ENGINES = ["sqlite", "postgresql"] if os.environ.get("DATABASE_URL") else ["sqlite"]
"""What an installation of these tests may stand on: PostgreSQL too where the suite runs on it."""

ENGINE = ENGINES[-1]
"""What this run of the suite is about; the other engine has its own run."""


class Installation:
    """One installation with a data folder and a database of its own."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.folder, self.database = folder, database
        self.env = environment(folder, database, CAMKET_TODAY="2026-07-06")

    @property
    def database_name(self) -> str:
        """The name of the database on its server; nothing for SQLite."""
        return urlsplit(self.database or "").path.lstrip("/")

    def run(self, *arguments: str | Path, **more: str) -> str:
        """Run a command that succeeds and return what it printed."""
        done = command_of_many(self.env | more, *map(str, arguments))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str | Path, **more: str) -> str:
        """Run a command that is refused and return what it said."""
        done = command_of_many(self.env | more, *map(str, arguments))
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Run one statement on the database."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        file = self.folder / "camket.sqlite3"
        with closing(sqlite3.connect(file, isolation_level=None, timeout=20)) as connection:
            return connection.execute(statement).fetchall()

    def files(self) -> list[Path]:
        """The stored files."""
        return sorted(path for path in (self.folder / "files").rglob("*") if path.is_file())


def installations(folders: pytest.TempPathFactory) -> Iterator[Callable[..., Installation]]:
    """Yield what makes an installation on an engine: empty, with its tables, or like another of that engine.

    Databases are dropped at the end.
    """
    made: list[str] = []
    server = os.environ.get("DATABASE_URL", "")

    def make(engine: str, *, is_prepared: bool = False, like: Installation | None = None) -> Installation:
        folder = folders.mktemp("installation")
        if like is not None:
            shutil.copytree(like.folder, folder, dirs_exist_ok=True)
        if engine == "sqlite":
            return Installation(prepared(folder) if is_prepared else folder, None)
        name = f"keeping_{uuid4().hex}"
        copied = like.database_name if like else template(server) if is_prepared else ""
        with psycopg.connect(server, autocommit=True) as connection:
            of = f' TEMPLATE "{copied}"' if copied else ""
            connection.execute(f'CREATE DATABASE "{name}"{of}'.encode())
        made.append(name)
        return Installation(folder, database_of(server, name))

    yield make
    for name in made:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
