"""Figures of a plan counted from records: a month each, cut where the records end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from camket.core.formulas import Formula, Term
from camket.core.plan import Period
from camket.core.tally import Facts, day_number
from camket.core.targets import cover
from camket.dossiers.models import Batch
from camket.indicators.counting import counted_figures
from camket.indicators.figures import figures_report
from people import People
from records import count_facts

pytestmark = pytest.mark.django_db

LOOKED = date(2026, 7, 1)
LATE = Formula("dossiers", (Term("late"),), (Term("finished"),), scale=100)
OPEN = Formula("dossiers", (Term("open"),))
WITH_OPEN = Formula("dossiers", (Term("finished"),), (Term("finished"), Term("open")), scale=100)


@pytest.fixture
def recorded(people: People) -> People:
    """Return An's agency with a dossier received on the 20th of February to May, and finished five days later."""
    days = [day_number(date(2026, month, 20)) for month in (2, 3, 4, 5)]
    count_facts(people.agency, [Facts(received=day, finished=day + 5) for day in days])
    Batch.objects.create(
        agency=people.agency,
        origin=Batch.Origin.PAGE,
        state=Batch.State.DONE,
        file_name="a.csv",
        sha256="0" * 64,
        as_of=date(2026, 5, 22),
        done_rows=4,
        created_at=datetime(2026, 5, 22, tzinfo=UTC),
    )
    return people


def test_months_run_from_the_first_record_to_the_day_of_the_newest_export(recorded: People) -> None:
    found = counted_figures(
        recorded.agency.pk, {"late": LATE}, since=date(2026, 1, 1), upto=date(2026, 7, 1), today=LOOKED
    )["late"]
    assert [(figure.period.start, figure.period.end) for figure in found] == [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2026, 5, 22)),
    ]
    assert [figure.denominator for figure in found] == [1, 1, 1, 0]
    assert [figure.nothing_arose for figure in found] == [False, False, False, True]


def test_a_stock_is_given_as_it_stood_at_each_months_end(recorded: People) -> None:
    found = counted_figures(
        recorded.agency.pk, {"open": OPEN}, since=date(2025, 12, 15), upto=date(2026, 5, 22), today=LOOKED
    )["open"]
    assert [(figure.period.end, figure.value) for figure in found] == [
        (date(2026, 2, 14), 0),
        (date(2026, 3, 14), 0),
        (date(2026, 4, 14), 0),
        (date(2026, 5, 14), 0),
        (date(2026, 5, 22), 1),
    ]


def test_flows_and_stocks_together_run_from_the_beginning_so_that_nothing_counts_twice(
    recorded: People,
) -> None:
    found = counted_figures(
        recorded.agency.pk,
        {"settled": WITH_OPEN},
        since=date(2026, 1, 1),
        upto=date(2026, 5, 22),
        today=LOOKED,
    )["settled"]
    assert {figure.period.start for figure in found} == {date(2026, 1, 1)}
    newest = cover(found)
    assert [(figure.period.end, figure.numerator, figure.denominator) for figure in newest] == [
        (date(2026, 5, 22), 3, 4)
    ]


def test_before_the_first_import_there_is_no_figure(people: People) -> None:
    found = counted_figures(
        people.agency.pk, {"late": LATE}, since=date(2026, 1, 1), upto=date(2026, 7, 1), today=LOOKED
    )
    assert found == {"late": ()}


def test_a_report_of_figures_says_where_there_are_records(recorded: People) -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    report = figures_report("H00.1", year, today=date(2026, 7, 1))
    assert report is not None
    rows = {row["code"]: row for row in report["indicators"]}
    assert (rows["dossiers.late"]["numerator"], rows["dossiers.late"]["denominator"]) == ("0", "3")
    assert rows["dossiers.late"]["value"] == "0"
    assert rows["dossiers.open"]["value"] == "1"
    assert not rows["tasks.on_time"]["has_records"]
    assert report["counted_until"] == "2026-07-01"
    assert "dossiers.online_level_3" not in rows
    assert figures_report("H77", year, today=date(2026, 7, 1)) is None
