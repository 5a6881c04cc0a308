"""The database goes and comes back: pages say so and nothing has to be started anew; workers change without loss."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from tools import postgres

from processes import Server, command, database_of, environment, eventually, serving, template


class Cluster:
    """A PostgreSQL of the test's own that it may stop and start."""

    def __init__(self, url: str, programs: Path) -> None:
        self.url = url
        self.programs = programs
        with psycopg.connect(url) as connection:
            ((folder,),) = connection.execute("SHOW data_directory").fetchall()
        self.folder = Path(folder)
        opened = (self.folder / "postmaster.opts").read_text("utf-8").split('"')
        self.options = " ".join(opened[1::2])

    def _run(self, *arguments: str) -> None:
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*user, str(self.programs / "pg_ctl"), "-D", str(self.folder), "-w", *arguments],
            check=True, capture_output=True, cwd="/", timeout=60,
        )  # fmt: skip

    def stop(self) -> None:
        self._run("-m", "immediate", "stop")

    def start(self) -> None:
        words = re.sub(r"\s-D\s+\S+", "", f" {self.options}").strip()
        self._run("-l", str(self.folder.parent / "log"), "-o", words, "start")


@pytest.fixture(scope="module")
def database() -> Iterator[Cluster]:
    programs = postgres.server_programs()
    if programs is None:
        pytest.skip("only the system's PostgreSQL can be stopped and started")
    with postgres.cluster() as url:
        yield Cluster(url, programs)


@pytest.fixture(scope="module")
def installation(database: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("gone")
    env = environment(folder, database_of(database.url, template(database.url)))
    opened = command(
        env, "agency", "add", "--code", "H00.1", "--name", "UBND xã Bình Yên", "--level", "commune",
        "--secretary", "Nguyễn Thị An", "--login", "an",
    )  # fmt: skip
    assert opened.returncode == 0, opened.stderr
    yield env | {"ONE_TIME": opened.stdout.split()[-1]}
    shutil.rmtree(folder, ignore_errors=True)


def sign_in(server: Server, password: str) -> str:
    """Sign in as An and return the cookies of her session."""
    status, headers, page = server.ask("/dang-nhap/")
    assert status == 200
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1].decode(), "login": "an", "password": password, "next": ""}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(
        "POST",
        "/dang-nhap/",
        urllib.parse.urlencode(form),
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": headers["set-cookie"].split(";")[0],
            "Origin": f"http://127.0.0.1:{server.port}",
        },
    )
    response = connection.getresponse()
    cookies = [value.split(";")[0] for name, value in response.getheaders() if name.lower() == "set-cookie"]
    connection.close()
    assert response.status == 302, response.read()
    return "; ".join(cookies)


def ready(server: Server) -> tuple[int, str]:
    status, _, body = server.ask("/healthz/ready")
    return status, json.loads(body)["checks"]["database"]


def test_a_database_that_goes_and_comes_back_needs_no_new_start(
    database: Cluster, installation: dict[str, str]
) -> None:
    with serving(installation) as server:
        session = {"Cookie": sign_in(server, installation["ONE_TIME"])}
        assert server.ask("/tai-khoan/mat-khau/", headers=session)[0] == 200
        assert ready(server) == (200, "ok")
        database.stop()
        try:
            for _ in range(3):  # connections that were open, then new ones
                status, headers, page = server.ask("/tai-khoan/mat-khau/", headers=session)
                assert (status, headers["retry-after"], headers["cache-control"]) == (503, "30", "no-store")
                assert headers["x-request-id"] in page.decode()
                assert "OperationalError" not in page.decode()
            assert ready(server) == (503, "unreachable")
            assert server.status("/healthz") == 200
            assert b"\ncamket_database_up 0.0\n" in server.ask("/metrics")[2]
        finally:
            database.start()
        eventually(lambda: ready(server) == (200, "ok"), "the database")
        assert server.ask("/tai-khoan/mat-khau/", headers=session)[0] == 200
        assert b"\ncamket_database_up 1.0\n" in server.ask("/metrics")[2]
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(40) == 0
    lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines() if line.startswith("{")]
    lost = [line for line in lines if line.get("status") == 503 and line["path"] == "/tai-khoan/mat-khau/"]
    assert len(lost) == 3
    assert installation["ONE_TIME"] not in server.log.read_text("utf-8")


def test_workers_are_replaced_under_load_without_losing_a_page(installation: dict[str, str]) -> None:
    """A rolling restart with two workers on PostgreSQL: pages that ask the database go on being answered."""
    with serving(installation, "--workers", "2") as server, ThreadPoolExecutor(3) as pool:
        before = set(eventually(lambda: len(found := server.workers()) == 2 and found, "two workers"))
        is_over = threading.Event()
        answers: list[int | str] = []

        def client() -> None:
            while not is_over.is_set():
                try:
                    answers.append(server.ask("/healthz/ready")[0])
                except (OSError, http.client.HTTPException) as error:
                    answers.append(repr(error))

        clients = [pool.submit(client) for _ in range(3)]
        os.kill(server.process.pid, signal.SIGHUP)
        try:
            eventually(lambda: len(now := set(server.workers())) == 2 and not now & before, "new workers")
            until = len(answers) + 20
            eventually(lambda: len(answers) >= until, "answers of the new workers")
        finally:
            is_over.set()
            for each in clients:
                each.result()
    assert set(answers) == {200}
