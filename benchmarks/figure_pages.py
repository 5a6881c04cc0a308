"""Pages of counted figures at 30,000 and 300,000 dossiers a year: statements, time, and the raw engine on the same rows.

Aim: at most 15 SQL statements a page and p95 <= 100 ms, unchanged with ten times as many dossiers. A year and a half of
dossiers; the target's own page, the rows behind its numbers (all, the rest, one field, a month), its origin.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.pages import TODAY, YEAR, _agency, _measure

A_YEAR = (30_000, 300_000)
DAYS = 545
FIELDS = ("dat dai", "ho tich", "chung thuc", "xay dung", "bao tro xa hoi", "dang ky kinh doanh")


def run() -> None:
    """Print a table: each page at 30,000 dossiers a year and at ten times as many."""
    os.environ["CAMKET_TODAY"] = TODAY.isoformat()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(
        f"{'page':<32}{'dossiers':>11}{'a month':>8}{'SQL':>5}{'cold ms':>9}{'p50 ms':>8}{'p95 ms':>8}{'kB':>6}{'x raw':>7}"
    )
    for number, a_year in enumerate(A_YEAR):
        client, plan_id, target_id = _agency(f"H00.2{number}", 40)
        _dossiers(plan_id, target_id, a_year * DAYS // 365)
        base = f"/muc-tieu/chi-tieu/{target_id}/"
        month = f"tu={YEAR}-05-01&den={YEAR}-05-31"
        pages = {
            "/muc-tieu/": "objectives",
            base: "one counted target",
            f"{base}chi-tiet/?phan=tu-so": "rows of the numerator",
            f"{base}chi-tiet/?phan=con-lai": "rows that the numerator lacks",
            f"{base}chi-tiet/?phan=tu-so&linh_vuc=dat+dai": "rows of one field",
            f"{base}chi-tiet/?dem=finished&{month}": "rows of one month",
            f"{base}nguon/": "origin of the figure",
        }
        for path, title in pages.items():
            _measure(client, path, title, a_year // 10)  # its second column is ten times the first


def _dossiers(plan_id: int, target_id: int, count: int) -> None:
    """Fill the plan's agency with dossiers as imports leave them, and count its first target from them."""
    from django.db import transaction

    from camket.core.dossiers import Channel, OnlineLevel, Outcome, State
    from camket.core.formulas import Formula, Term, to_json
    from camket.core.tally import day_number
    from camket.dossiers import tally
    from camket.dossiers.models import Batch, Dossier, Field, Procedure
    from camket.indicators.models import Indicator
    from camket.objectives.models import Plan, Target

    chance = random.Random(count)
    agency_id = Plan.objects.get(pk=plan_id).agency_id
    at = datetime(YEAR, 7, 1, tzinfo=UTC)
    fields = [Field.objects.create(agency_id=agency_id, name=key.title(), key=key) for key in FIELDS]
    procedures = [
        Procedure.objects.create(agency_id=agency_id, code=f"1.{number:06}", key=f"1.{number:06}")
        for number in range(60)
    ]
    batch = Batch.objects.create(
        agency_id=agency_id, origin="command", state="done", file_name="ho-so.csv", sha256="", as_of=TODAY,
        created_at=at, ended_at=at, first_day=TODAY - timedelta(days=DAYS), last_day=TODAY, added=count,
    )  # fmt: skip

    def dossier(number: int) -> Dossier:
        received = day_number(TODAY) - chance.randrange(DAYS)
        took, late = chance.choice((0, 1, 2, 3, 5, 8, 14)), chance.random() < 0.02
        finished = received + took if received + took <= day_number(TODAY) else None
        due = received + (took - 1 if late else took + 2)
        moment = at - timedelta(days=day_number(TODAY) - received)
        outcome = Outcome.OPEN if finished is None else Outcome.LATE if late else Outcome.EARLY
        place = chance.randrange(60)
        return Dossier(
            agency_id=agency_id, code=f"H00.20-{number:07}", procedure=procedures[place],
            field=fields[place % len(fields)], channel=chance.choice((Channel.ONLINE, Channel.DIRECT)),
            level=OnlineLevel.WHOLE, state=State.PROCESSING if finished is None else State.RETURNED,
            applicant="Nguyễn Văn Mẫu", received_at=moment, due_first=moment + timedelta(days=due - received),
            due_now=moment + timedelta(days=due - received),
            finished_at=None if finished is None else moment + timedelta(days=took), received_day=received,
            due_day=due, finished_day=finished, overdue_day=due + 1 if late or (finished or due) > due else None,
            outcome=outcome, outcome_first=outcome, handling_days=None if finished is None else took,
            content_hash=number, first_batch=batch, last_batch=batch,
        )  # fmt: skip

    made = 0
    while made < count:
        rows = [dossier(made + each) for each in range(min(20_000, count - made))]
        with transaction.atomic():
            tally.take_turn(agency_id=agency_id)
            Dossier.objects.bulk_create(rows, batch_size=2_000)
            tally.recount(agency_id=agency_id, before=(), after=[tally.facts_of(each) for each in rows])
        made += len(rows)
    on_time = Formula("dossiers", (Term("early"), Term("on_time")), (Term("finished"),), {}, 100)
    indicator_id: Any = Target.objects.values_list("indicator_id", flat=True).get(pk=target_id)
    Indicator.objects.filter(pk=indicator_id).update(
        formula=to_json(on_time), definition_code="dossiers.on_time"
    )
