"""The product as processes of its own: installations, servers, and children that are killed while they work."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from tools.postgres import server_programs

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
"""Seconds until a wait is given up; nothing is measured by it."""


def environment(folder: Path, database: str | None = None, **more: str) -> dict[str, str]:
    """The environment of an installation: its data folder, its database (SQLite where none is named)."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CAMKET_", "PROMETHEUS_")) and name != "DATABASE_URL"
    }
    own |= {
        "CAMKET_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "camket.config.settings",
        "CAMKET_LOG": "json",
    }
    own["PYTHONPATH"] = os.pathsep.join(
        [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT), own.get("PYTHONPATH", "")]
    )
    if database:
        own["DATABASE_URL"] = database
    return own | more


def _mark(*files: Iterable[Path]) -> str:
    """Return what tells one state of files from another."""
    made = hashlib.sha256()
    for path in sorted({path for each in files for path in each if path.is_file()}):
        made.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return made.hexdigest()[:16]


@cache
def _tables() -> str:
    """Return what tells one version of an empty database from another: the migrations and what they load."""
    return _mark(
        ROOT.glob("src/camket/*/migrations/*.py"),
        ROOT.glob("src/camket/*/*.json"),
        [ROOT / "requirements.lock"],
    )


@cache
def _product() -> str:
    """Return what tells one version of the sample from another: all that is the product's, and what it reads."""
    code = (
        path
        for path in (ROOT / "src").rglob("*")
        if not {"__pycache__", "templates", "static"} & {*path.parts}
    )
    return _mark(
        code, (ROOT / "samples").rglob("*"), ROOT.glob("locale*/**/*.mo"), [ROOT / "requirements.lock"]
    )


def _built(name: str, *arguments: str, database: Callable[[], Path] | None = None) -> Path:
    """Return a data folder as a command leaves it: built once, by one process of all tests, to be copied.

    It begins empty, or with a copy of a database.
    """
    folder = ROOT / ".cache" / "tests" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_suffix(".lock")):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent) as place:
                if database is not None:
                    (Path(place) / "data").mkdir()
                    shutil.copyfile(database(), Path(place) / "data" / "camket.sqlite3")
                done = command(environment(Path(place) / "data", CAMKET_TODAY="2026-07-06"), *arguments)
                assert done.returncode == 0, done.stderr
                (Path(place) / "data").rename(folder)
            _clear_away(folder)
    return folder


def _clear_away(kept: Path) -> None:
    """Remove what was built for versions of more than a day ago, beside what was built now."""
    for path in kept.parent.glob(f"{kept.name.partition('-')[0]}-*"):
        if path.stem != kept.name and path.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def empty_database() -> Path:
    """Return an SQLite file of this version with nothing in it, to be copied.

    To build one from nothing takes seconds. Tests whose matter that is do it.
    """
    return _built(f"empty-{_tables()}", "upgrade") / "camket.sqlite3"


def prepared(folder: Path) -> Path:
    """Lay a database of this version, with nothing in it, into a data folder and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(empty_database(), folder / "camket.sqlite3")
    return folder


def lived_in(folder: Path) -> Path:
    """Make a data folder that holds the sample with its half year of life, and return it."""
    shutil.copytree(
        _built(f"sample-{_product()}", "demo", "--no-serve", database=empty_database),
        folder,
        dirs_exist_ok=True,
    )
    return folder


def template(server: str) -> str:
    """Return the name of a database of this version with nothing in it on a PostgreSQL server, for others to copy.

    What the migrations made is kept as SQL where the server's programs can write it: another server reads it.
    """
    name = f"camket_{_tables()}"
    with psycopg.connect(server, autocommit=True) as connection, tempfile.TemporaryDirectory() as place:
        connection.execute("SELECT pg_advisory_lock(1)")
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            building = f"{name}_building"
            connection.execute(f'DROP DATABASE IF EXISTS "{building}"'.encode())
            connection.execute(f'CREATE DATABASE "{building}"'.encode())
            _build_on_server(database_of(server, building), Path(place))
            connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"'.encode())
    return name


def _build_on_server(database: str, place: Path) -> None:
    kept = ROOT / ".cache" / "tests" / f"postgresql-{_tables()}.sql"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with _alone(kept.with_suffix(".lock")):
        if kept.exists():
            with psycopg.connect(database, autocommit=True) as connection:
                connection.execute(kept.read_bytes())
            return
        done = command(environment(place, database), "upgrade")
        assert done.returncode == 0, done.stderr
        if (programs := server_programs()) is None:
            return
        dump = [programs / "pg_dump", "--no-owner", "--no-privileges", "--inserts", f"--dbname={database}"]
        written = subprocess.run(dump, capture_output=True, check=True).stdout
        # Lines for psql alone, which is not what reads it.
        lines = (line for line in written.splitlines(keepends=True) if not line.startswith(b"\\"))
        (place / "kept.sql").write_bytes(b"".join(lines))
        shutil.move(place / "kept.sql", kept)
        _clear_away(kept)


def database_of(server: str, name: str) -> str:
    """Return the address of a database on a PostgreSQL server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep other processes of the tests out meanwhile, where the system has locks of files."""
    if sys.platform == "win32":
        yield
        return
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def command(
    env: dict[str, str], *arguments: str, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one ``camket`` command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "camket.config.cli", *arguments],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


class _StandingBy:
    """The process that runs the commands of one environment; see tests/standing_by.py."""

    def __init__(self, env: dict[str, str]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.said = Path(self.folder.name) / "said"
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "standing_by"],
                env=env,
                cwd=ROOT / "tests",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )

    def run(self, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        assert self.process.stdin
        assert self.process.stdout
        out, err = (Path(self.folder.name) / name for name in ("out", "err"))
        out.touch()
        err.touch()
        order = {"arguments": arguments, "folder": str(folder), "out": str(out), "err": str(err)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        status = self.process.stdout.readline()
        assert status, self.said.read_text("utf-8")
        return subprocess.CompletedProcess(
            arguments, int(status), out.read_text("utf-8"), err.read_text("utf-8")
        )

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.folder.cleanup()


_STANDING_BY: dict[tuple[tuple[str, str], ...], _StandingBy] = {}
_AT_MOST = 4


def command_of_many(
    env: dict[str, str], *arguments: str, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one ``camket`` command to its end, as ``command`` does, where an environment has several to run."""
    if sys.platform == "win32":
        return command(env, *arguments, folder=folder)
    key = tuple(sorted(env.items()))
    if (there := _STANDING_BY.pop(key, None)) is None:
        while len(_STANDING_BY) >= _AT_MOST:
            _STANDING_BY.pop(next(iter(_STANDING_BY))).end()
        there = _StandingBy(env)
    _STANDING_BY[key] = there
    return there.run([*arguments], folder or Path.cwd())


@atexit.register
def _end_those_standing_by() -> None:
    while _STANDING_BY:
        _STANDING_BY.popitem()[1].end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(ask: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Ask until the answer is true, and return it."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


class Server:
    """One ``camket serve`` in a process group of its own."""

    def __init__(self, env: dict[str, str], *arguments: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.log = Path(env["CAMKET_DATA"]) / f"log-{self.port}-{time.monotonic_ns()}.txt"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "camket.config.cli", "serve", "--port", str(self.port), *arguments],
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ask(
        self,
        path: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 30,
    ) -> tuple[int, dict[str, str], bytes]:
        """Send one request; return status, headers and body. Raises OSError where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return (
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
        finally:
            connection.close()

    def status(self, path: str) -> int | None:
        """Return the status that a page gives, None where nobody answers."""
        try:
            return self.ask(path)[0]
        except (OSError, http.client.HTTPException):
            return None

    def wait_until_up(self) -> Server:
        eventually(lambda: self.process.poll() is not None or self.status("/healthz") == 200, "the server")
        assert self.process.poll() is None, self.log.read_text("utf-8")
        return self

    def workers(self) -> list[int]:
        """Return the process numbers of the workers that live."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                text = stat.read_text("utf-8", errors="replace")
                parts = text.rpartition(")")[2].split()
                line = (stat.parent / "cmdline").read_bytes()
                if int(parts[1]) == self.process.pid and parts[0] != "Z" and b"spawn_main" in line:
                    found.append(int(stat.parent.name))
        return sorted(found)

    def end(self) -> None:
        """End whatever is left of the server."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


@contextlib.contextmanager
def serving(env: dict[str, str], *arguments: str, port: int | None = None) -> Iterator[Server]:
    """Serve until the end of the block."""
    server = Server(env, *arguments, port=port)
    try:
        yield server.wait_until_up()
    finally:
        server.end()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
