"""The public page under load: requests a second from memory and made anew, and what a first visit weighs on the wire.

A real load tool asks (wrk; on Debian ``apt-get install wrk``) ``camket serve`` with as many processes as
``CAMKET_BENCH_WORKERS`` says (2). Aims: 300 requests a second for a kept page on two cores, a first page under 100 kB.
The page is of a commune with 20 objectives, 40 targets and 400 procedures.

``python -m benchmarks public_page`` runs on SQLite; ``DATABASE_URL`` names a PostgreSQL database that may be filled.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

SECONDS = int(os.environ.get("CAMKET_BENCH_SECONDS", "10"))
WORKERS = os.environ.get("CAMKET_BENCH_WORKERS", "2")
HOME = "/cong-khai/xa-binh-yen/"
PATHS = (
    ("first page, kept", HOME, ""),
    ("results, kept", f"{HOME}ket-qua/", ""),
    ("results, unchanged since (304)", f"{HOME}ket-qua/", "304"),
    ("table of results as CSV, kept", f"{HOME}du-lieu/ket-qua.csv", ""),
    ("search, each with words of its own", f"{HOME}thu-tuc/?q=dat+dai+", "search"),
)


def run() -> None:
    """Print requests a second and waiting times by page, then the bytes of a first visit."""
    if shutil.which("wrk") is None:
        print("wrk is not installed (Debian: apt-get install wrk); nothing was measured")
        return
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    _fill()
    connections.close_all()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "camket.config.cli", "serve", "--port", str(port), "--workers", WORKERS],
        env={**os.environ, "CAMKET_JOBS": "off", "CAMKET_HOSTS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base)
        print(
            f"{connection.vendor}, {WORKERS} processes, {os.cpu_count()} cores, 16 connections, {SECONDS} s each"
        )
        print(f"{'':<38}{'requests/s':>12}{'p50':>10}{'p99':>10}{'not 2xx/3xx':>13}")
        for name, path, how in PATHS:
            _measure(base, name, path, how)
        _weigh(base)
    finally:
        server.terminate()
        server.wait(60)


def _wait(base: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(base + "/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def _measure(base: str, name: str, path: str, how: str) -> None:
    script = ""
    if how == "304":
        with urllib.request.urlopen(base + path, timeout=30) as answer:
            script = f"wrk.headers['If-None-Match'] = '{answer.headers['ETag']}'\n"
    elif how == "search":
        script = (
            "local n = 0\nlocal me = math.random(1, 1000000)\n"
            f"function request() n = n + 1; return wrk.format('GET', '{path}' .. (n % 7) .. '&x=' .. me .. n) end\n"
            "function init() math.randomseed(os.time()) end\n"
        )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + "wrk.headers['Accept-Encoding'] = 'gzip'\n")
        file.flush()
        command = [
            "wrk",
            "-t",
            "2",
            "-c",
            "16",
            "-d",
            f"{SECONDS}s",
            "--latency",
            "-s",
            file.name,
            base + path,
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    middle, last = (re.search(rf"{share}%\s+(\S+)", told) for share in (50, 99))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    print(
        f"{name:<38}{float(rate[1]) if rate else 0:>12,.0f}{middle[1] if middle else '':>10}"
        f"{last[1] if last else '':>10}{bad[1] if bad else '0':>13}"
    )


def _weigh(base: str) -> None:
    """Print the bytes that a phone fetches for the first page: the page and all that it names, as they are sent."""
    page = _fetched(base + HOME)
    named = re.findall(
        rb'(?:href|src)="(/static/[^"]+)"', gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    )
    parts = {path.decode(): len(_fetched(base + path.decode())) for path in dict.fromkeys(named)}
    print(
        f"first visit: {(len(page) + sum(parts.values())) / 1000:.1f} kB (page {len(page) / 1000:.1f} kB",
        end="",
    )
    print("".join(f", {Path(path).name} {size / 1000:.1f} kB" for path, size in parts.items()) + ")")


def _fetched(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


def _fill() -> None:
    """Open an agency with an open page and what a commune publishes."""
    from camket.org.models import Person
    from camket.org.operations import open_agency
    from camket.publishing.content import checksum
    from camket.publishing.models import Publication, PublicPage

    now = datetime(2026, 7, 1, 2, tzinfo=UTC)
    opened = open_agency(
        code="H00.91", name="UBND xã Bình Yên", level="commune", secretary="Nguyễn Thị An", login="an-do", today=date(2026, 1, 5)
    )  # fmt: skip
    person = Person.objects.get(login="an-do")
    PublicPage.objects.create(agency_id=opened.agency_id, slug="xa-binh-yen", is_open=True, changed_at=now)
    for kind, content in _contents().items():
        Publication.objects.create(
            agency_id=opened.agency_id,
            kind=kind,
            state="published",
            title=f"Nội dung {kind}",
            as_of=date(2026, 7, 1),
            content=content,
            sha256=checksum(content),
            prepared_at=now,
            prepared_by=person,
            published_at=now,
            published_by=person,
        )


def _contents() -> dict[str, dict[str, Any]]:
    agency = {"code": "H00.91", "name": "UBND xã Bình Yên", "full_name": "Ủy ban nhân dân xã Bình Yên"}
    decision = {
        "number": "12/QĐ-UBND",
        "date": "2026-01-12",
        "signed_by": "Lê Minh Châu",
        "capacity": "CHỦ TỊCH",
    }
    words = "Từ 97% hồ sơ thủ tục hành chính trở lên được giải quyết trước hạn và đúng hạn trong năm"
    head = {"format": "camket-publication/1", "agency": agency, "as_of": "2026-07-01", "decision": decision}
    target = {
        "text": words, "goal": "≥ 97 %", "is_striving": False, "result": "98,4 % (492/500)", "numerator": "492",
        "denominator": "500", "formula": "Hồ sơ đúng hạn ÷ hồ sơ đã giải quyết × 100", "source": "Hồ sơ thủ tục hành chính",
        "state": "on_track", "state_word": "Đúng tiến độ", "is_final": False, "because": "",
    }  # fmt: skip
    period = {"start": "2026-01-01", "end": "2026-07-01"}
    objectives = [
        {
            "number": str(number),
            "text": words,
            "state": "on_track",
            "state_word": "Đúng tiến độ",
            "targets": [{**target, "number": f"{number}.{order}"} for order in (1, 2)],
        }
        for number in range(1, 21)
    ]
    procedures = [
        {
            "code": f"1.{number:06}", "name": f"Đăng ký biến động đất đai, tài sản trên đất số {number}", "field": "Đất đai",
            "unit": "Phòng Kinh tế", "limit": "10 ngày làm việc", "level": 3, "level_name": "Trực tuyến một phần",
            "partial_reason": "", "decision": "", "valid_from": "2026-01-01",
        }
        for number in range(400)
    ]  # fmt: skip
    counts = [{"state": "on_track", "state_word": "Đúng tiến độ", "targets": 40}]
    return {
        "policy": {**head, "kind": "policy", "year": 2026, "motto": "Tận tụy, đúng hẹn", "commitments": [words] * 6},
        "results": {**head, "kind": "results", "year": 2026, "period": period, "counts": counts, "objectives": objectives},
        "procedures": {**head, "kind": "procedures", "procedures": procedures},
    }  # fmt: skip
