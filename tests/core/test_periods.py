from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.periods import name, previous, same_last_year, split, vietnamese, whole_months, year_starts
from camket.core.plan import Every, Period
from core.occurrence_tables import table

DAY = timedelta(days=1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
SHIFTED = Period(date(2025, 12, 15), date(2026, 12, 14))


@st.composite
def plan_periods(draw: st.DrawFn) -> Period:
    start = draw(st.dates(date(2019, 1, 1), date(2030, 1, 1)))
    return Period(start, start + timedelta(days=draw(st.integers(0, 800))))


@pytest.mark.parametrize(("start", "end", "expected"), table("occurrences.md", "Names of periods"))
def test_names(start: str, end: str, expected: str) -> None:
    assert str(name(Period(date.fromisoformat(start), date.fromisoformat(end)))) == expected


@pytest.mark.parametrize(
    ("_case", "period", "every", "ends"),
    [
        ("months of a year", YEAR, Every.MONTH, 12),
        ("quarters of a shifted year", SHIFTED, Every.QUARTER, 4),
        ("halves", YEAR, Every.HALF_YEAR, 2),
        ("nine months", YEAR, Every.NINE_MONTHS, 1),
        ("years", YEAR, Every.YEAR, 1),
        ("two years", Period(date(2025, 1, 1), date(2026, 12, 31)), Every.YEAR, 2),
        ("months from March", Period(date(2026, 3, 22), date(2026, 12, 31)), Every.MONTH, 10),
        ("weeks of July", Period(date(2026, 7, 1), date(2026, 7, 31)), Every.WEEK, 5),
    ],
)
def test_split_counts(_case: str, period: Period, every: Every, ends: int) -> None:
    assert len(split(period, every)) == ends


def test_a_shifted_year_has_months_from_its_own_first_day() -> None:
    assert split(SHIFTED, Every.MONTH)[0] == Period(date(2025, 12, 15), date(2026, 1, 14))


def test_a_plan_that_begins_in_march_keeps_the_quarters_of_its_year() -> None:
    quarters = split(Period(date(2026, 3, 22), date(2026, 12, 31)), Every.QUARTER)
    assert [quarter.end for quarter in quarters] == [
        date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31),
    ]  # fmt: skip
    assert quarters[0].start == date(2026, 3, 22)


def test_years_are_counted_back_from_the_end() -> None:
    assert year_starts(Period(date(2024, 6, 1), date(2026, 12, 31))) == (
        date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1),
    )  # fmt: skip


@given(plan_periods(), st.sampled_from([every for every in Every if every is not Every.NINE_MONTHS]))
def test_periods_cover_the_plan_without_gap_or_overlap(period: Period, every: Every) -> None:
    parts = split(period, every)
    assert parts[0].start == period.start
    assert parts[-1].end == period.end
    for before, after in zip(parts, parts[1:], strict=False):
        assert before.end + DAY == after.start


def test_months_of_a_year_that_ends_before_a_leap_day_reach_its_last_day() -> None:
    months = split(Period(date(2022, 12, 1), date(2024, 2, 28)), Every.MONTH)
    assert months[-1] == Period(date(2024, 1, 29), date(2024, 2, 28))
    assert [each.start for each in months[1:4]] == [date(2022, 12, 29), date(2023, 1, 29), date(2023, 2, 28)]


@given(plan_periods())
def test_the_previous_period_ends_the_day_before(period: Period) -> None:
    before = previous(period)
    assert before.end + DAY == period.start
    months = whole_months(period)
    if months is None:
        assert before.end - before.start == period.end - period.start


@pytest.mark.parametrize(
    ("period", "before", "last_year"),
    [
        (
            Period(date(2026, 4, 1), date(2026, 6, 30)),
            Period(date(2026, 1, 1), date(2026, 3, 31)),
            Period(date(2025, 4, 1), date(2025, 6, 30)),
        ),
        (
            Period(date(2026, 3, 1), date(2026, 3, 31)),
            Period(date(2026, 2, 1), date(2026, 2, 28)),
            Period(date(2025, 3, 1), date(2025, 3, 31)),
        ),
        (
            Period(date(2025, 2, 1), date(2025, 2, 28)),
            Period(date(2025, 1, 1), date(2025, 1, 31)),
            Period(date(2024, 2, 1), date(2024, 2, 29)),
        ),
        (
            Period(date(2026, 7, 6), date(2026, 7, 10)),
            Period(date(2026, 7, 1), date(2026, 7, 5)),
            Period(date(2025, 7, 6), date(2025, 7, 10)),
        ),
    ],
)
def test_comparison_periods(period: Period, before: Period, last_year: Period) -> None:
    assert previous(period) == before
    assert same_last_year(period) == last_year


def test_days_are_written_with_two_figures() -> None:
    assert vietnamese(date(2026, 1, 5)) == "05/01/2026"
