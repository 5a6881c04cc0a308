"""The clock over columns says what the clock says of each dossier."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.calendar import WorkingCalendar
from camket.core.dossier_clock import Course, Rules, Since, reckon
from camket.core.dossiers import LimitUnit, State, TimeLimit
from camket.core.tally import day_number
from camket.core.working_time import WorkingHours
from camket.dossiers.clock import MOMENTS, RECKONED, columns_of, reckoned
from core.courses import LIMITS, courses

CALENDAR = WorkingCalendar(
    days_off=frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}),
    working_days=frozenset({date(2026, 8, 22)}),
)
RULES = (
    Rules(CALENDAR),
    Rules(CALENDAR, cut_off=time(15, 0)),
    Rules(CALENDAR, WorkingHours(((time(8, 0), time(12, 0)),)), time(11, 30)),
    Rules(
        CALENDAR,
        since=(
            Since(day_number(date(2026, 8, 5)), cut_off=time(15, 0)),
            Since(day_number(date(2026, 8, 20)), WorkingHours(((time(7, 0), time(11, 0)),)), time(10, 0)),
        ),
    ),
)


def frame_of(rows: list[Course]) -> pl.DataFrame:
    """Lay courses out as a part's columns."""
    return pl.DataFrame(
        [
            {"state": int(row.state), "limit": LIMITS.index(row.limit)}
            | {name: getattr(row, name) for name in MOMENTS}
            for row in rows
        ],
        schema={
            "state": pl.UInt8,
            "limit": pl.UInt32,
            **dict.fromkeys(MOMENTS, pl.Datetime("us")),
        },
    )


@settings(deadline=None)
@given(st.lists(courses(), min_size=1, max_size=30), st.sampled_from(RULES))
def test_columns_agree_with_one_dossier_at_a_time(rows: list[Course], rules: Rules) -> None:
    still = {number: row.standstills for number, row in enumerate(rows) if row.standstills}
    found = reckoned(frame_of(rows), LIMITS, rules, still)
    assert found.to_dicts() == [columns_of(reckon(row, rules)) for row in rows]


@settings(deadline=None)
@given(st.lists(courses(with_standstills=False), min_size=1, max_size=30), st.sampled_from(RULES))
def test_columns_without_standstills_agree_too(rows: list[Course], rules: Rules) -> None:
    found = reckoned(frame_of(rows), LIMITS, rules)
    assert found.to_dicts() == [columns_of(reckon(row, rules)) for row in rows]


def test_dates_beyond_reckoning_have_no_due_date_and_harm_no_other_row() -> None:
    good = Course(State.PROCESSING, datetime(2026, 8, 10, 9), TimeLimit(LimitUnit.WORKING_DAYS, Decimal(1)))
    rows = [
        good,
        Course(State.DONE, datetime(1026, 8, 10, 9), good.limit, finished_at=datetime(2026, 8, 11)),
        Course(State.DONE, datetime(2026, 8, 10, 9), good.limit, finished_at=datetime(9026, 8, 11)),
        Course(State.PROCESSING, datetime(2100, 12, 31, 9), TimeLimit(LimitUnit.DAYS, Decimal(30))),
    ]
    found = reckoned(frame_of(rows), LIMITS, RULES[0]).to_dicts()
    assert found == [columns_of(reckon(row, RULES[0])) for row in rows]
    assert found[0]["due_computed"] == datetime(2026, 8, 11, 17, 30)
    assert [row["due_computed"] for row in (found[1], found[3])] == [None, None]
    assert found[2]["handling_days"] is None


def test_no_rows_give_no_rows_with_all_columns() -> None:
    found = reckoned(frame_of([]), LIMITS, RULES[0])
    assert dict(found.schema) == RECKONED
    assert found.height == 0
