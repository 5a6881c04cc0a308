"""The server as a process: it stops without losing work, holds no port afterwards, and its workers come and go."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from processes import Server, command, environment, eventually, is_alive, prepared, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc are not there on Windows")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An installation with one agency, whose server also has the slow page."""
    env = environment(prepared(tmp_path_factory.mktemp("running") / "data"))
    opened = command(
        env, "agency", "add", "--code", "H00.1", "--name", "UBND xã Bình Yên", "--level", "commune",
        "--secretary", "Nguyễn Thị An", "--login", "an",
    )  # fmt: skip
    assert opened.returncode == 0, opened.stderr
    folder = Path(env["CAMKET_DATA"]).parent
    (folder / "slow_settings.py").write_text(
        "from camket.config.settings import *\nROOT_URLCONF = 'config.slow_site'\n", "utf-8"
    )
    env["PYTHONPATH"] += os.pathsep + str(folder)
    return env | {"DJANGO_SETTINGS_MODULE": "slow_settings"}


def place_of(env: dict[str, str]) -> str:
    with closing(sqlite3.connect(Path(env["CAMKET_DATA"]) / "camket.sqlite3")) as database:
        return str(database.execute("SELECT place FROM org_agency WHERE code = 'H00.1'").fetchone()[0])


def lines(server: Server) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.log.read_text("utf-8").splitlines() if line.startswith("{")]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as executor:
        yield executor


@pytest.fixture(scope="module")
def running(installation: dict[str, str]) -> Iterator[Server]:
    """A server with two workers for the tests that leave it running; what they do to it, it stops in order after it."""
    with serving(installation, "--workers", "2") as server:
        yield server
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(20) == 0


def take_and_give_back(port: int) -> None:
    """Take an address as the server does, and give it back; raises OSError where somebody still holds it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        probe.listen()


Answer = Future[tuple[int, dict[str, str], bytes]]


def begin(pool: ThreadPoolExecutor, server: Server, env: dict[str, str], place: str) -> Answer:
    """Send the slow request and return once it has written, and not yet committed."""
    answer = pool.submit(server.ask, f"/slow?place={place}")
    eventually((Path(env["CAMKET_DATA"]) / f"{place}.begun").exists, "the slow request")
    return answer


def go_on(env: dict[str, str], place: str) -> None:
    (Path(env["CAMKET_DATA"]) / f"{place}.go").touch()


@pytest.mark.parametrize("whom", ["the server", "the whole group", "Ctrl+C"])
def test_a_stopping_server_finishes_what_it_is_answering(
    installation: dict[str, str], pool: ThreadPoolExecutor, whom: str
) -> None:
    place = whom.replace(" ", "-").replace("+", "-")
    with serving(installation, "--workers", "2") as server:
        workers = eventually(server.workers, "the workers")
        answer = begin(pool, server, installation, place)
        if whom == "the server":
            os.kill(server.process.pid, signal.SIGTERM)
        else:
            os.killpg(server.process.pid, signal.SIGTERM if whom == "the whole group" else signal.SIGINT)
        eventually(lambda: server.status("/healthz") is None, "the closed door")
        assert place_of(installation) != place
        go_on(installation, place)
        assert answer.result()[0::2] == (200, b"done")
        assert server.process.wait(20) == 0
    assert place_of(installation) == place
    assert not [pid for pid in workers if is_alive(pid)]
    take_and_give_back(server.port)


def test_a_request_beyond_the_time_limit_is_ended_and_leaves_nothing_half_done(
    installation: dict[str, str], pool: ThreadPoolExecutor
) -> None:
    before = place_of(installation)
    with serving(installation | {"CAMKET_STOP_SECONDS": "1"}) as server:
        workers = server.workers()
        answer = begin(pool, server, installation, "Nowhere")
        os.kill(server.process.pid, signal.SIGTERM)
        assert isinstance(answer.exception(20), OSError)
        assert server.process.wait(20) == 0
    assert not [pid for pid in workers if is_alive(pid)]
    assert place_of(installation) == before


def test_workers_end_with_a_server_that_is_killed(
    installation: dict[str, str], pool: ThreadPoolExecutor
) -> None:
    with serving(installation, "--workers", "2") as server:
        workers = server.workers()
        answer = begin(pool, server, installation, "Finished")
        os.kill(server.process.pid, signal.SIGKILL)
        go_on(installation, "Finished")
        assert answer.result()[0] == 200
        server.process.wait(20)
    eventually(lambda: not [pid for pid in workers if is_alive(pid)], "the workers' end")
    with serving(installation, port=server.port) as again:
        assert again.status("/healthz/ready") == 200


def test_stopping_leaves_one_database_file(installation: dict[str, str]) -> None:
    folder = Path(installation["CAMKET_DATA"])
    with serving(installation) as server:
        go_on(installation, "Whole")
        server.ask("/slow?place=Whole")
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(20) == 0
    assert sorted(path.name for path in folder.glob("camket.sqlite3*")) == ["camket.sqlite3"]
    assert place_of(installation) == "Whole"


def test_figures_of_all_workers_are_added_up(
    installation: dict[str, str], running: Server, pool: ThreadPoolExecutor
) -> None:
    go_on(installation, "Both")
    busy = [pool.submit(running.ask, "/slow?place=Both") for _ in range(16)]
    assert {answer.result()[0] for answer in busy} == {200}
    counted = 'camket_http_requests_total{method="GET",route="config.slow_site.slow",status="200"} 16.0'
    for _ in range(10):
        text = running.ask("/metrics")[2].decode()
        assert counted in text.splitlines()
        assert "\ncamket_http_requests_in_flight 1.0\n" in text
    pids = set(re.findall(r'camket_process_resident_memory_bytes\{pid="(\d+)"\}', text))
    assert pids == {str(pid) for pid in [running.process.pid, *running.workers()]}
    numbers = [line["request"] for line in lines(running) if line.get("route") == "config.slow_site.slow"]
    assert len(set(numbers)) == 16


def test_a_taken_address_is_refused_in_words(installation: dict[str, str], running: Server) -> None:
    refused = command(installation, "serve", "--port", str(running.port))
    assert refused.returncode == 1
    assert str(running.port) in refused.stderr
    assert "--port" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert running.status("/healthz") == 200


def test_a_killed_worker_is_replaced_and_told_of_in_json(running: Server) -> None:
    running.ask("/dang-nhap/", headers={"X-Request-ID": "proxy-0003"})
    killed = running.workers()[0]
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: len(set(running.workers()) - {killed}) == 2, "the new worker")
    assert running.status("/healthz/ready") == 200
    said = [line for line in lines(running) if line["logger"] == "_granian"]
    assert said
    assert said[0]["level"] == "error"
    assert [line["status"] for line in lines(running) if line.get("request") == "proxy-0003"] == [200]


def test_replacing_the_workers_loses_no_request(running: Server, pool: ThreadPoolExecutor) -> None:
    """SIGHUP takes up a new version: each worker gives way to a new one while requests go on."""
    before = set(eventually(lambda: len(found := running.workers()) == 2 and found, "two workers"))
    is_over = threading.Event()
    answers: list[int | str] = []

    def client() -> None:
        while not is_over.is_set():
            try:
                answers.append(running.ask("/healthz")[0])
            except (OSError, http.client.HTTPException) as error:
                answers.append(repr(error))
            time.sleep(0.005)

    clients = [pool.submit(client) for _ in range(4)]
    os.kill(running.process.pid, signal.SIGHUP)
    try:
        eventually(lambda: len(now := set(running.workers())) == 2 and not now & before, "new workers")
        until = len(answers) + 100
        eventually(lambda: len(answers) >= until, "answers of the new workers")
    finally:
        is_over.set()
    for each in clients:
        each.result()
    assert set(answers) == {200}


def test_a_wrong_setting_is_named(installation: dict[str, str]) -> None:
    wrong = command(installation | {"CAMKET_SLOW_QUERY_MS": "fast"}, "agency", "list")
    assert wrong.returncode != 0
    assert "CAMKET_SLOW_QUERY_MS must be a whole number" in wrong.stderr
