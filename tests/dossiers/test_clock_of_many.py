"""The clock reckoned by columns says of each dossier what the core says of it alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.calendar import WorkingCalendar
from camket.core.dossier_clock import Course, Rules, Standstill, reckon
from camket.core.dossiers import LimitUnit, State, TimeLimit
from camket.dossiers.clock import MOMENTS, RECKONED, reckoned

CALENDAR = WorkingCalendar(days_off=frozenset({date(2026, 4, 30), date(2026, 5, 1)}))
LIMITS = (
    TimeLimit(LimitUnit.NONE),
    TimeLimit(LimitUnit.SAME_DAY),
    TimeLimit(LimitUnit.HOURS, Decimal(4)),
    TimeLimit(LimitUnit.WORKING_DAYS, Decimal("0.5")),
    TimeLimit(LimitUnit.WORKING_DAYS, Decimal(3)),
    TimeLimit(LimitUnit.DAYS, Decimal(5)),
)
DATES = st.dates(date(2026, 4, 20), date(2026, 5, 15))
TIMES = st.sampled_from([time(), time(7, 40), time(11, 45), time(15, 5, 20), time(17, 30), time(19, 0)])
MOMENT = st.builds(datetime.combine, DATES, TIMES)
MAYBE = st.none() | MOMENT
STILL = st.builds(
    lambda state, since, length: Standstill(
        state, since, None if length is None else since + timedelta(length)
    ),
    st.sampled_from([State.SUPPLEMENT, State.OBLIGATION, State.STOPPED]),
    MOMENT,
    st.none() | st.integers(0, 6),
)


@st.composite
def courses(draw: st.DrawFn) -> tuple[Course, int]:
    limit = draw(st.integers(0, len(LIMITS) - 1))
    with_pauses = draw(st.booleans())
    course = Course(
        state=draw(st.sampled_from(State)),
        received_at=draw(MAYBE),
        limit=LIMITS[limit],
        due_given=draw(MAYBE),
        finished_at=draw(MAYBE),
        returned_at=draw(MAYBE),
        supplement_asked_at=draw(MAYBE) if with_pauses else None,
        supplement_back_at=draw(MAYBE) if with_pauses else None,
        reappointed_at=draw(MAYBE),
        due_again=draw(MAYBE),
        standstills=tuple(draw(st.lists(STILL, max_size=2))) if with_pauses else (),
    )
    return course, limit


@given(drawn=st.lists(courses(), max_size=12), cut_off=st.sampled_from([None, time(15)]))
@settings(max_examples=300, deadline=None)
def test_columns_agree_with_one_by_one(drawn: list[tuple[Course, int]], cut_off: time | None) -> None:
    rules = Rules(CALENDAR, cut_off=cut_off)
    frame = pl.DataFrame(
        [
            (course.state.value, limit, *(getattr(course, name) for name in MOMENTS))
            for course, limit in drawn
        ],
        schema={"state": pl.UInt8, "limit": pl.UInt32, **dict.fromkeys(MOMENTS, pl.Datetime("us"))},
        orient="row",
    )
    standstills = {
        number: course.standstills for number, (course, _) in enumerate(drawn) if course.standstills
    }
    found = reckoned(frame, limits=LIMITS, standstills=standstills, rules=rules)
    assert list(found.columns) == list(RECKONED)
    for row, (course, _) in zip(found.iter_rows(named=True), drawn, strict=True):
        expected = reckon(course, rules)
        assert row == {name: getattr(expected, name) for name in RECKONED}, course
