"""`make check` fails on a known hole of a dependency, and says so where nobody can be asked."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLE = {
    "id": "PYSEC-2026-1",
    "aliases": [],
    "affected": [
        {
            "package": {"name": "django", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}],
        }
    ],
}


@pytest.fixture(scope="module")
def house() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house", ROOT / "tools" / "house.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Answers(BaseHTTPRequestHandler):
    """A database of holes that knows one of Django."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = {"vulns": [HOLE]} if asked["package"]["name"] == "django" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_arguments: object) -> None:
        """Keep the tests' output quiet."""


@pytest.fixture
def database() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def lock(folder: Path, *names: str) -> Path:
    file = folder / "requirements.lock"
    file.write_text("".join(f"{name} --hash=sha256:{'0' * 64}\n" for name in names), "utf-8")
    return file


def test_a_known_hole_is_named(house: ModuleType, database: str, tmp_path: Path) -> None:
    found = house.known_holes(lock(tmp_path, "django==5.2.1", "typst==0.15.0"), url=database)
    assert found == ["django 5.2.1: PYSEC-2026-1, mended in 9.9"]


def test_no_hole_is_no_line(house: ModuleType, database: str, tmp_path: Path) -> None:
    assert house.known_holes(lock(tmp_path, "typst==0.15.0"), url=database) == []


def test_a_database_that_does_not_answer_is_told_apart(house: ModuleType, tmp_path: Path) -> None:
    assert house.known_holes(lock(tmp_path, "typst==0.15.0"), url="http://127.0.0.1:9/") is None
