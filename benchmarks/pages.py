"""Pages at 1,000 objectives and 10,000 tasks: statements, time, growth, and the raw engine on the same rows.

Aim: at most 15 SQL statements a page whatever the data, 100 rows at p95 <= 100 ms. "cold" is the first request after a
change, which judges every target anew; "x raw" how many times longer a page takes than its statements alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import cache
from pathlib import Path
from typing import Any

YEAR = 2026
TODAY = date(YEAR, 7, 1)
RUNS = 30
NOW = datetime.combine(TODAY, time_of_day(9), UTC)
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "quyet-dinh-2026.docx"


def run() -> None:
    """Print a table: each page at a tenth of the data and at all of it."""
    import os

    os.environ["CAMKET_TODAY"] = TODAY.isoformat()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(
        f"{'page':<32}{'objectives':>11}{'tasks':>8}{'SQL':>5}{'cold ms':>9}{'p50 ms':>8}{'p95 ms':>8}{'kB':>6}{'x raw':>7}"
    )
    for code, objectives in (("H00.10", 100), ("H00.11", 1_000)):
        client, plan_id, target_id = _agency(code, objectives)
        read_id, report_id = _documents(code, plan_id)
        pages = {
            "/": "dashboard",
            "/ke-hoach/": "plans",
            f"/ke-hoach/{plan_id}/": "plan, first page",
            f"/ke-hoach/{plan_id}/bang/": "plan as table, first page",
            f"/ke-hoach/{plan_id}/thoi-han/": "plan's dates, one month",
            f"/ke-hoach/{read_id}/": "sample decision, plan",
            f"/ke-hoach/{read_id}/soan/": "sample decision, editor",
            f"/ke-hoach/{read_id}/soan/don-vi/": "sample decision, mapping",
            f"/ke-hoach/{read_id}/thoi-han/": "sample decision, dates",
            "/muc-tieu/": "objectives",
            f"/muc-tieu/chi-tieu/{target_id}/": "one target",
            "/cong-viec/": "my work",
            "/cong-viec/tat-ca/": "tasks, first page",
            f"/cong-viec/lich/{TODAY.year}/{TODAY.month}/": "calendar",
            "/bao-cao/": "reports",
            f"/bao-cao/{report_id}/": "report, draft of all of it",
        }
        for path, title in pages.items():
            _measure(client, path, title, objectives)


def _measure(client: Any, path: str, title: str, objectives: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from camket.objectives import verdicts

    verdicts._remembered.clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        statements = [query["sql"] for query in captured.captured_queries]
    if response.status_code != 200:
        print(f"{title:<32}{objectives:>11,}  answered {response.status_code} at {path}")
        return
    verdicts._remembered.clear()
    cold, *_ = _times(lambda: client.get(path), runs=1, warm_up=False)
    times = _times(lambda: client.get(path))

    def raw() -> None:
        with (
            connection.connection.cursor()
            if connection.vendor == "postgresql"
            else _closing(connection) as cursor
        ):
            for statement in statements:
                if statement.lstrip('"( ').upper().startswith("SELECT"):
                    cursor.execute(
                        statement.replace("%", "%%") if connection.vendor == "postgresql" else statement
                    )
                    cursor.fetchall()

    raw_times = _times(raw)
    print(
        f"{title:<32}{objectives:>11,}{objectives * 10:>8,}{len(statements):>5}{cold:>9.1f}"
        f"{statistics.median(times):>8.1f}{_p95(times):>8.1f}{len(response.content) / 1024:>6.0f}"
        f"{statistics.median(times) / max(statistics.median(raw_times), 0.01):>7.1f}",
        flush=True,
    )


def _closing(connection: Any) -> Any:
    import contextlib

    return contextlib.closing(connection.connection.cursor())


def _times(call: Callable[[], object], *, runs: int = RUNS, warm_up: bool = True) -> list[float]:
    if warm_up:
        call()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return times


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


def _due(turn: int, index: int) -> date:
    return TODAY + timedelta(days=turn * 20 - 40 + index % 7)


@cache
def _password() -> str:
    """Return the password of everybody as it is kept: it takes a tenth of a second to make."""
    from django.contrib.auth.hashers import make_password

    return make_password("Mat-khau-2026")


def _agency(code: str, objectives: int) -> tuple[Any, int, int]:
    """Make an agency with a plan in force: 1 target and 2 actions of 5 tasks for each objective, half of them done."""
    from django.test import Client

    from camket.actions.models import Action, ActionBody, Task
    from camket.indicators.models import Indicator, Reading
    from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
    from camket.org.models import Agency, Membership, Person, Role, Unit

    now = datetime(YEAR, 1, 5, tzinfo=UTC)
    agency = Agency.objects.create(
        code=code, name=f"UBND xã {code}", full_name=f"Ủy ban nhân dân xã {code}", level_id="commune"
    )
    units = Unit.objects.bulk_create(
        Unit(agency=agency, name=f"Phòng {number}", order=number) for number in range(8)
    )
    people = Person.objects.bulk_create(
        Person(login=f"{code}-{number}".lower(), password=_password(), full_name=f"Nguyễn Văn {number}")
        for number in range(30)
    )
    Membership.objects.bulk_create(
        Membership(
            agency=agency,
            person=person,
            unit=units[number % 8],
            role=Role.OFFICER if number else Role.SECRETARY,
        )
        for number, person in enumerate(people)
    )
    plan = Plan.objects.create(
        agency=agency, year=YEAR, period_start=date(YEAR, 1, 1), period_end=date(YEAR, 12, 31), state="promulgated",
        title=f"Kế hoạch {YEAR}", number="07/QĐ-UBND", decided_on=date(YEAR, 1, 5), created_at=now, created_by=people[0],
    )  # fmt: skip
    numbers = range(objectives)
    text = "Từ 95% hồ sơ thủ tục hành chính của lĩnh vực số {} được giải quyết trước và đúng hạn"
    indicators = Indicator.objects.bulk_create(
        Indicator(agency=agency, name=text.format(number), measure="ratio", unit="%") for number in numbers
    )
    Reading.objects.bulk_create(
        Reading(
            agency=agency, indicator=indicator, period_start=date(YEAR, month, 1), period_end=date(YEAR, month, 28),
            numerator=90 + number % 10, denominator=100, source="Phần mềm một cửa", state="confirmed",
            entered_at=now, entered_by=people[1], confirmed_at=now, confirmed_by=people[0],
        )
        for number, indicator in enumerate(indicators) for month in (1, 2, 3)
    )  # fmt: skip
    rows = Objective.objects.bulk_create(
        Objective(plan=plan, order=number, number=str(number + 1), text=text.format(number))
        for number in numbers
    )
    targets = Target.objects.bulk_create(
        Target(
            objective=row,
            order=0,
            text=row.text,
            kind="at_least",
            value=95,
            unit="%",
            indicator=indicators[number],
        )
        for number, row in enumerate(rows)
    )
    actions = Action.objects.bulk_create(
        Action(
            agency=agency, year=YEAR, number=str(turn + 1), text=f"Theo dõi, đôn đốc lĩnh vực số {number}",
            when="Hằng tháng", schedule=[{"kind": "every", "period": "month"}], state="active",
        )
        for number in numbers for turn in range(2)
    )  # fmt: skip
    ObjectiveAction.objects.bulk_create(
        ObjectiveAction(objective=rows[index // 2], action=action, order=index % 2)
        for index, action in enumerate(actions)
    )
    ActionBody.objects.bulk_create(
        ActionBody(action=action, part="lead", text=units[index % 8].name, unit=units[index % 8])
        for index, action in enumerate(actions)
    )
    Task.objects.bulk_create(
        Task(
            agency=agency, action=action, kind="dated", occurrence=f"{turn}", label=f"Tháng {turn + 5}",
            due_on=_due(turn, index), late_after=_due(turn, index), due_original=_due(turn, index),
            unit=units[index % 8], state="accepted" if turn < 2 else "open",
            done_on=TODAY - timedelta(days=30) if turn < 2 else None,
        )
        for index, action in enumerate(actions) for turn in range(5)
    )  # fmt: skip
    client = Client(SERVER_NAME="localhost")
    client.force_login(people[0])
    return client, plan.pk, targets[0].pk


def _documents(code: str, plan_id: int) -> tuple[int, int]:
    """Bring in the sample decision, to be checked, and begin a report on the plan in force."""
    from camket.core.plan import Period
    from camket.objectives.operations import import_plan
    from camket.org.queries import actor_named
    from camket.reporting.operations import draft_report

    secretary = actor_named(agency_code=code, login=f"{code}-0".lower(), on=TODAY)
    assert secretary is not None
    read = import_plan(actor=secretary, data=SAMPLE.read_bytes(), name=SAMPLE.name, today=TODAY)
    half = Period(date(YEAR, 1, 1), date(YEAR, 6, 30))
    report = draft_report(actor=secretary, plan_id=plan_id, kind="half_year", period=half, now=NOW)
    return read.plan_id, report.pk
