from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from installations import ENGINES, Installation


@pytest.fixture(scope="session")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Installation]]:
    """Make empty installations on an engine."""
    made: list[str] = []
    server = os.environ.get("DATABASE_URL", "")

    def make(engine: str) -> Installation:
        folder = tmp_path_factory.mktemp("installation")
        if engine == "sqlite":
            return Installation(folder, None)
        name = f"keeping_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        made.append(name)
        return Installation(folder, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))

    yield make
    for name in made:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session", params=ENGINES)
def lived_in(request: pytest.FixtureRequest, install: Callable[[str], Installation]) -> Installation:
    """An installation with the sample's half year of life; tests leave it as it is."""
    made = install(request.param)
    made.run("demo", "--no-serve")
    return made
