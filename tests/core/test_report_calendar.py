"""The rules of a calendar of reports give periods, cut-offs and days."""

from __future__ import annotations

from datetime import date

import pytest

from camket.core.calendar import WorkingCalendar
from camket.core.plan import Period
from camket.core.report_calendar import (
    DueBy,
    LineNotPossible,
    Occurrence,
    OnDayOff,
    Pace,
    Rules,
    checked,
    occurrences,
    year_of,
)

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
WEEKDAYS = WorkingCalendar()


def found(rules: Rules, calendar: WorkingCalendar = WEEKDAYS) -> tuple[Occurrence, ...]:
    return occurrences(rules, *YEAR, calendar)


def test_a_year_from_15_12_gives_quarters_that_end_on_the_14th() -> None:
    quarters = found(Rules(Pace.QUARTER, "12-15", due_days=4, on_day_off=OnDayOff.STAYS))
    assert [(each.period.start, each.period.end, each.due_on) for each in quarters] == [
        (date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 18)),
        (date(2026, 3, 15), date(2026, 6, 14), date(2026, 6, 18)),
        (date(2026, 6, 15), date(2026, 9, 14), date(2026, 9, 18)),
        (date(2026, 9, 15), date(2026, 12, 14), date(2026, 12, 18)),
    ]
    assert year_of(Rules(Pace.YEAR), 2026) == Period(date(2026, 1, 1), date(2026, 12, 31))


def test_a_day_of_the_year_is_the_one_next_to_the_periods_end() -> None:
    half = Rules(Pace.HALF_YEAR, which=(1,), due_by=DueBy.DAY, due_day="06-15")
    assert [each.due_on for each in found(half)] == [date(2026, 6, 15)]
    january = Rules(Pace.YEAR, due_by=DueBy.DAY, due_day="01-20", on_day_off=OnDayOff.STAYS)
    (last_years,) = found(january)
    assert (last_years.period.end, last_years.due_on) == (date(2025, 12, 31), date(2026, 1, 20))


@pytest.mark.parametrize(
    ("way", "day"),
    [
        (OnDayOff.BEFORE, date(2026, 1, 30)),
        (OnDayOff.AFTER, date(2026, 2, 2)),
        (OnDayOff.STAYS, date(2026, 1, 31)),
    ],
)
def test_a_day_off_goes_where_the_line_says(way: OnDayOff, day: date) -> None:
    january = found(Rules(Pace.MONTH, which=(1,), on_day_off=way))[0]
    assert january.due_on == day


def test_decided_days_off_count() -> None:
    tet = WorkingCalendar(days_off=frozenset(date(2026, 2, day) for day in (16, 17, 18, 19, 20)))
    half = Rules(Pace.MONTH, "12-15", which=(2,), due_days=2, on_day_off=OnDayOff.AFTER)
    assert found(half, tet)[0].due_on == date(2026, 2, 23)


def test_figures_are_cut_off_within_the_period_and_units_send_on_a_working_day() -> None:
    half = Rules(Pace.HALF_YEAR, which=(1,), due_by=DueBy.DAY, due_day="06-15", cut_off_days=10, units_days=8)
    (each,) = found(half)
    assert (each.cut_off, each.units_by) == (date(2026, 6, 5), date(2026, 6, 5))
    late = Rules(Pace.QUARTER, which=(1,), due_days=10, cut_off_days=2)
    assert found(late)[0].cut_off == date(2026, 3, 31)


def test_nine_months_and_what_is_made_once() -> None:
    (nine,) = found(Rules(Pace.NINE_MONTHS, due_days=-10, on_day_off=OnDayOff.STAYS))
    assert (nine.period.end, nine.due_on) == (date(2026, 9, 30), date(2026, 9, 20))
    days = Period(date(2026, 3, 2), date(2026, 5, 2))
    once = Rules(Pace.ONCE, once=days, once_due=date(2026, 5, 4))
    assert found(once) == (Occurrence(days, days.end, None, date(2026, 5, 4)),)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (Rules(Pace.ONCE), "once_due"),
        (
            Rules(
                Pace.ONCE,
                once=Period(date(2026, 5, 2), date(2026, 5, 1)),
                once_due=date(2026, 5, 4),
            ),
            "once_end",
        ),
        (Rules(Pace.MONTH, due_by=DueBy.DAY, due_day="06-15"), "due_by"),
        (Rules(Pace.YEAR, due_by=DueBy.DAY, due_day="31-12"), "due_day"),
        (Rules(Pace.YEAR, "13-01"), "year_starts"),
        (Rules(Pace.QUARTER, which=(5,)), "which"),
    ],
)
def test_rules_that_give_no_day_are_refused_at_their_field(rules: Rules, field: str) -> None:
    with pytest.raises(LineNotPossible) as refused:
        checked(rules)
    assert refused.value.field == field
