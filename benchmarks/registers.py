"""Lists of the registers at 100,000 entries: processor time of a page, and the database's own work for it.

Aim: at most 100 ms of processor time a page. One agency keeps 100,000 directives of five years; the page lists, filters,
searches, sorts, goes deep; all of them are taken out as CSV and XLSX. "ms" is the processor time of this process, the
least of several runs (on SQLite with the database's, on PostgreSQL without); "SQL ms" is the time that the page's own
statements take by themselves, read to the last row; "x" is how many times that the whole page takes, by the clock. The
runs of both are taken in turn.

    python -m benchmarks registers
    python tools/postgres.py run -- python -m benchmarks registers
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

TODAY = date(2026, 7, 1)
NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
ENTRIES, PEOPLE, UNITS = 100_000, 30, 8
RUNS = 5
LIST = "/so/chi-dao/"
WORK = (
    "Báo cáo tiến độ giải ngân vốn đầu tư công",
    "Rà soát danh sách hộ nghèo, hộ cận nghèo",
    "Kiểm tra việc tiếp nhận hồ sơ đất đai ở bộ phận một cửa",
    "Đối chiếu dữ liệu hộ tịch với cơ sở dữ liệu quốc gia về dân cư",
    "Tổ chức tiếp xúc, đối thoại với người dân thôn",
)


def run() -> None:
    """Print a table: each page, each file."""
    os.environ["CAMKET_TODAY"] = TODAY.isoformat()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    client, unit, person = _office()
    pages = {
        "": "list, first page",
        "?nam=2025": "of one year",
        "?trang=1500": "a deep page",
        "?tinh_trang=late": "late ones",
        f"?unit={unit}": "of one unit",
        f"?person={person}&nam=2026": "of one person and year",
        "?tu=can+ngheo+thon+77": "searched by words",
        "?tu=khong+co+tu+nay": "searched in vain",
        "?xep=title": "sorted by a text",
        "?xep=-due_on&nam=2026": "sorted by the last day, of a year",
        "?xep=report": "sorted by a field without a column",
    }
    print(f"{ENTRIES:,} entries\n{'page':<38}{'SQL':>5}{'ms':>9}{'clock ms':>10}{'SQL ms':>9}{'x':>7}")
    for query, title in pages.items():
        _measure(client, LIST + query, title)
    for ending in ("csv", "xlsx"):
        _measure(client, f"{LIST}xuat.{ending}?nam=2025", f"a year as {ending.upper()}", runs=1)
        _measure(client, f"{LIST}xuat.{ending}", f"all as {ending.upper()}", runs=1)
    _measure(client, "/so/", "all registers")


def _measure(client: Any, path: str, title: str, runs: int = RUNS) -> None:
    from django.db import connection

    def ask() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
        if answer.streaming:
            for _part in answer.streaming_content:
                pass

    asked: list[str] = []
    statements: list[tuple[str, Any]] = []

    def kept(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        if sql.lstrip().upper().startswith("SELECT"):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kept):
        ask()

    def raw() -> None:
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    used, took, raw_took = [], [], []
    for _ in range(runs):
        began, worked = time.perf_counter(), time.process_time()
        ask()
        used.append(time.process_time() - worked)
        took.append(time.perf_counter() - began)
        began = time.perf_counter()
        raw()
        raw_took.append(time.perf_counter() - began)
    page, engine = min(took) * 1000, min(raw_took) * 1000
    print(
        f"{title:<38}{len(asked):>5}{min(used) * 1000:>9.1f}{page:>10.1f}{engine:>9.1f}{page / engine:>7.1f}",
        flush=True,
    )


def _office() -> tuple[Any, int, int]:
    """Make the agency with its people and entries; return a client at which its secretary has signed in, a unit, a person."""
    from django.db import connection, transaction
    from django.test import Client

    from camket.core.registers import REGISTERS
    from camket.core.wording.text import search_key
    from camket.org.levels import load
    from camket.org.models import Agency, Level, Membership, Person, Role, Unit
    from camket.registers import tally
    from camket.registers.models import Entry

    load(Level)
    agency = Agency.objects.create(
        code="B00",
        name="UBND xã Bình Yên",
        full_name="Ủy ban nhân dân xã Bình Yên",
        level_id="commune",
        set_up_on=date(2022, 1, 1),
    )
    units = [Unit.objects.create(agency=agency, name=f"Phòng số {at}", order=at) for at in range(UNITS)]
    people = [Person(login=f"n{at}", full_name=f"Người số {at}") for at in range(PEOPLE)]
    Person.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(
            agency=agency,
            person=person,
            role=Role.OFFICER if at else Role.SECRETARY,
            unit=units[at % UNITS],
        )
        for at, person in enumerate(people)
    )
    chance = random.Random(20260701)
    register = REGISTERS["directives"]

    def entry(at: int) -> Entry:
        on = TODAY - timedelta(days=at * 1_640 // ENTRIES)
        due = on + timedelta(days=chance.randrange(5, 40)) if at % 6 else None
        is_open = at < ENTRIES // 100 or at % 500 == 7
        done = None if is_open else min((due or on) + timedelta(days=chance.randrange(-3, 3)), TODAY)
        title = f"{WORK[at % len(WORK)]} {chance.randrange(400)}"
        number = f"{at % 900 + 1}/UBND-TH"
        values = {"report": f"{at % 300}/BC-UBND"} if done and at % 3 == 0 else {}
        return Entry(
            agency=agency,
            register=register.key,
            key=f"{at}",
            on=on,
            year=on.year,
            number=number,
            title=title,
            source="UBND tỉnh",
            kind="superior",
            unit=units[at % UNITS],
            person=people[at % PEOPLE] if at % 4 else None,
            due_on=due,
            due_original=due,
            late_after=due,
            done_on=done,
            values=values,
            state=Entry.State.DONE if done else Entry.State.OPEN,
            search=search_key(f"{number} ubnd tinh {title} {values.get('report', '')}"),
            created_at=NOW,
            created_by=people[0],
            changed_at=NOW,
            changed_by=people[0],
        )

    for first in range(0, ENTRIES, 5_000):
        made = [entry(at) for at in range(first, first + 5_000)]
        with transaction.atomic():
            tally.take_turn(agency_id=agency.pk, register=register.key)
            Entry.objects.bulk_create(made, batch_size=1_000)
            counted = tally.cells_of(made, register, {})
            tally.move(agency_id=agency.pk, register=register, before=type(counted)(), after=counted)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(people[0])
    return client, units[2].pk, people[5].pk
