"""What of postings was in time: by the days of the yearly plan, and by the law's days after a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.core.plan import Period
from camket.core.rollup import Number
from camket.indicators import catalogue
from camket.indicators.counting import counted
from camket.indicators.sources import source
from camket.publishing.models import Notice, Place
from camket.publishing.operations import posting_plan, postings
from camket.publishing.operations.posting_plan import LineData
from camket.publishing.operations.postings import At, PlaceData, PostingData
from people import TODAY, People
from work import NOW

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
MONDAY = date(2026, 3, 2)


@pytest.fixture
def board(people: People) -> Place:
    return postings.save_place(
        actor=people.an, data=PlaceData("office", "Bảng tin trụ sở"), today=date(2026, 1, 5)
    )


def plan(people: People, subject: str, due_on: date | None) -> int:
    line = LineData(subject=subject, when="Quý I", due_on=due_on, days=30)
    return posting_plan.save_line(actor=people.an, year=2026, data=line, today=TODAY).pk


def post(
    people: People,
    at: Place,
    posted_on: date,
    planned_id: int | None = None,
    *,
    rule: str = "listed",
    decided_on: date | None = None,
) -> int:
    subject = f"Dự toán lần {Notice.objects.count()}"
    data = PostingData(rule, subject, posted_on, decided_on=decided_on, planned_id=planned_id)
    (made,) = postings.post(actor=people.an, data=data, at=[At(at.pk)], now=NOW)
    return made.pk


def counts(people: People, period: Period = YEAR) -> Mapping[str, Number]:
    postings_of = source("postings")
    found = postings_of.sums([people.agency.pk], [period], list(postings_of.counts), {}, today=TODAY)
    return found[people.agency.pk, period]


def numbers(people: People) -> tuple[Number, ...]:
    return tuple(counts(people)[key] for key in ("due", "on_time", "late", "not_posted"))


def test_a_line_of_the_plan_counts_once_by_the_first_posting_made_of_it(people: People, board: Place) -> None:
    line = plan(people, "Dự toán", MONDAY)
    plan(people, "Không nêu ngày", None)
    assert numbers(people) == (1, 0, 0, 1)
    late = post(people, board, date(2026, 3, 3), line, decided_on=date(2026, 1, 5))
    assert numbers(people) == (1, 0, 1, 0)
    post(people, board, MONDAY, line)
    assert numbers(people) == (1, 1, 0, 0)
    postings.cancel(actor=people.an, notice_id=late, reason="Ghi nhầm", today=TODAY)
    posting_plan.drop_line(actor=people.an, planned_id=line, reason="Không phát sinh", today=TODAY)
    assert numbers(people) == (0, 0, 0, 0)


def test_what_was_decided_has_five_working_days(people: People, board: Place) -> None:
    post(people, board, date(2026, 3, 9), decided_on=MONDAY)
    assert numbers(people) == (1, 1, 0, 0)
    post(people, board, date(2026, 3, 10), decided_on=MONDAY)
    assert numbers(people) == (2, 1, 1, 0)
    post(people, board, date(2026, 3, 10), rule="", decided_on=MONDAY)
    post(people, board, date(2026, 3, 10))
    assert numbers(people) == (2, 1, 1, 0)
    assert counts(people, Period(date(2026, 3, 9), date(2026, 3, 9)))["due"] == 2


def test_the_indicator_of_the_catalogue_is_counted_from_the_register_of_postings(
    people: People, board: Place
) -> None:
    formula = catalogue.shipped()["postings.on_time"].formula
    assert formula is not None
    assert counted(people.agency.pk, formula, YEAR, today=TODAY) is None
    post(people, board, date(2026, 3, 9), decided_on=MONDAY)
    post(people, board, date(2026, 3, 10), decided_on=MONDAY)
    found = counted(people.agency.pk, formula, YEAR, today=TODAY)
    assert found is not None
    assert (found.numerator, found.denominator, found.value) == (1, 2, Decimal(50))


def test_many_agencies_are_read_in_two_statements(people: People) -> None:
    ids = [people.agency.pk, people.other_agency.pk, *range(10**6, 10**6 + 50)]
    with CaptureQueriesContext(connection) as statements:
        source("postings").sums(ids, [YEAR], ["due"], {}, today=TODAY)
    assert len(statements) <= 2
