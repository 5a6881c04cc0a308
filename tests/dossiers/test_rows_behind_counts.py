"""The dossiers listed behind a count are those that the counts are made of, to the last row."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import pytest

from camket.core.dossiers import Channel, OnlineLevel, Outcome, Payment
from camket.core.plan import Period
from camket.core.rollup import STOCKS, Stand
from camket.core.tally import COUNTS, contributions, day_number, day_of
from camket.dossiers import tally
from camket.dossiers.models import Batch, Dossier, Field, Procedure
from camket.dossiers.queries.dossiers import DossierFilter, dossier_page
from camket.dossiers.tally import facts_of
from camket.org.models import Agency
from camket.org.policy import Actor
from people import People

FIRST, LAST = 20_440, 20_500
TODAY = day_of(LAST + 60)
PERIODS = [
    Period(day_of(FIRST), day_of(LAST)),
    Period(day_of(FIRST + 10), day_of(FIRST + 31)),
    Period(day_of(LAST - 3), day_of(LAST + 30)),
]


def make_dossiers(agency: Agency, number: int, seed: int = 1) -> list[Dossier]:
    """Write dossiers of every kind, some impossible ones among them: the rule must hold for any row."""
    random = Random(seed)
    fields = [
        Field.objects.create(agency=agency, name=name, key=key)
        for name, key in (("Đất đai", "dat dai"), ("Hộ tịch", "ho tich"))
    ]
    procedures = [
        Procedure.objects.create(agency=agency, code=code, key=code) for code in ("1.004873", "2.000815")
    ]
    batch = Batch.objects.create(
        agency=agency, origin="command", state="done", file_name="x.csv", sha256="", as_of=date(2026, 2, 1),
        created_at=datetime(2026, 2, 1, tzinfo=UTC),
    )  # fmt: skip

    def day(chance: float = 0.7) -> int | None:
        return random.randint(FIRST, LAST) if random.random() < chance else None

    rows = Dossier.objects.bulk_create(
        Dossier(
            agency=agency, code=f"H00.1-{seed}-{index:05}", procedure=random.choice(procedures),
            field=random.choice(fields), channel=random.choice(list(Channel)),
            level=random.choice(list(OnlineLevel)), state=4, received_day=day(0.9), finished_day=day(),
            overdue_day=overdue, waiting_from_day=day(0.4), waiting_until_day=day(0.4), reappointed_day=day(0.2),
            outcome=random.choice([each for each in Outcome if each != Outcome.LATE or overdue is not None]),
            outcome_first=random.choice(list(Outcome)),
            is_digitised=random.random() < 0.5, is_result_digitised=random.random() < 0.5,
            is_withdrawn=random.random() < 0.2, is_answered=random.random() < 0.5,
            payment=random.choice(list(Payment)), handling_days=random.choice([None, 0, 1, 2, 3, 5, 6, 12, 30, 31]),
            applicant="Nguyễn Thị Hoa", content_hash=0, first_batch=batch, last_batch=batch,
        )
        for index in range(number) for overdue in (day(0.4),)
    )  # fmt: skip
    tally.take_turn(agency_id=agency.pk)
    tally.recount(agency_id=agency.pk, before=(), after=[facts_of(row) for row in rows])
    return rows


def counted(rows: list[Dossier], period: Period) -> Counter[str]:
    """The counts of a period, dossier by dossier."""
    found: Counter[str] = Counter()
    for row in rows:
        for day, counts in contributions(facts_of(row)):
            if day_number(period.start) <= day <= day_number(period.end):
                found.update(counts)
    return found


def listed(actor: Actor, wanted: DossierFilter) -> list[int]:
    """The dossiers of all pages, in their order."""
    found: list[int] = []
    after = ""
    while True:
        page = dossier_page(actor, wanted, TODAY, after=after, size=37)
        found += [row.id for row in page.rows]
        if not (after := page.following):
            return found


@pytest.mark.django_db
@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_rows_behind_every_count_add_up_to_it(people: People, period: Period) -> None:
    make_dossiers(people.other_agency, 20, seed=2)
    rows = {row.pk: row for row in make_dossiers(people.agency, 250)}
    expected = counted(list(rows.values()), period)
    for count in COUNTS:
        behind = listed(people.an, DossierFilter(count, period))
        assert len(set(behind)) == len(behind)
        amounts = [rows[pk].handling_days or 0 if count == "handling_days" else 1 for pk in behind]
        assert (count, sum(amounts)) == (count, expected[count])


@pytest.mark.django_db
@pytest.mark.parametrize("count", STOCKS)
def test_rows_behind_a_stock_are_those_that_came_and_did_not_go(people: People, count: str) -> None:
    rows = [row for row in make_dossiers(people.agency, 300) if _is_in_order(row)]
    others = list(Dossier.objects.exclude(pk__in=[row.pk for row in rows]))
    tally.recount(agency_id=people.agency.pk, before=[facts_of(row) for row in others], after=())
    Dossier.objects.filter(pk__in=[row.pk for row in others]).delete()
    stock = STOCKS[count]
    for period in PERIODS:
        until = period.end if stock.stand is Stand.END else day_of(day_number(period.start) - 1)
        sums = counted(rows, Period(date(1970, 1, 1), until))
        found = listed(people.an, DossierFilter(count, period))
        assert len(found) == sums[stock.came] - sums[stock.went]


@pytest.mark.django_db
def test_what_is_left_out_is_the_rest(people: People) -> None:
    rows = make_dossiers(people.agency, 120)
    late = listed(people.an, DossierFilter("finished", PERIODS[0], but=("early", "on_time")))
    assert sorted(late) == sorted(
        row.pk
        for row in rows
        if row.received_day and row.finished_day and row.outcome in (Outcome.LATE, Outcome.OPEN)
    )
    with pytest.raises(KeyError):
        listed(people.an, DossierFilter("finished", PERIODS[0], but=("received",)))


@pytest.mark.django_db
def test_filters_keep_what_the_buckets_count(people: People) -> None:
    rows = make_dossiers(people.agency, 120)
    filters = {"field": ("dat dai",), "channel": ("online",), "procedure": ("1.004873",)}
    found = listed(people.an, DossierFilter("received", PERIODS[0], filters=filters))
    assert sorted(found) == sorted(
        row.pk
        for row in rows
        if row.received_day
        and row.field.key == "dat dai"
        and row.channel == Channel.ONLINE
        and row.procedure.key == "1.004873"
    )


def _is_in_order(row: Dossier) -> bool:
    """Whether the days follow each other as the clock writes them."""
    if row.received_day is None:
        return False
    if row.waiting_until_day is None and row.finished_day is not None and row.waiting_from_day is not None:
        return False
    later = [row.finished_day, row.overdue_day, row.waiting_from_day]
    return (
        all(day is None or day >= row.received_day for day in later)
        and (row.overdue_day is None or row.finished_day is None or row.overdue_day <= row.finished_day)
        and (row.waiting_until_day is None or (row.waiting_from_day or LAST + 1) <= row.waiting_until_day)
        and (row.waiting_until_day is None or row.waiting_until_day <= (row.finished_day or LAST))
    )
