"""Courses of dossiers at random, near each other in time so that their moments meet."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from camket.core.dossier_clock import Course, Standstill
from camket.core.dossiers import PAUSED, LimitUnit, State, TimeLimit

BEGINNING = datetime(2026, 8, 10)

LIMITS = (
    TimeLimit(LimitUnit.NONE),
    TimeLimit(LimitUnit.SAME_DAY),
    *(TimeLimit(LimitUnit.HOURS, Decimal(text)) for text in ("1", "4", "8", "20.5")),
    *(TimeLimit(LimitUnit.WORKING_DAYS, Decimal(text)) for text in ("0.5", "1", "1.5", "3", "10")),
    *(TimeLimit(LimitUnit.DAYS, Decimal(text)) for text in ("0.5", "1", "2.5", "7", "30")),
)

limits = st.sampled_from(LIMITS)
days = st.integers(0, 45).map(lambda count: BEGINNING + timedelta(days=count))
moments = st.builds(lambda day, minute: day + timedelta(minutes=minute), days, st.integers(6 * 60, 20 * 60))
known = st.one_of(moments, moments, days)
"""Moments with their time, now and then a day alone."""


@st.composite
def standstills(draw: st.DrawFn) -> Standstill:
    since = draw(known)
    until = draw(st.none() | st.integers(0, 20_000).map(lambda minutes: since + timedelta(minutes=minutes)))
    return Standstill(draw(st.sampled_from(sorted(PAUSED))), since, until)


@st.composite
def courses(draw: st.DrawFn, *, with_standstills: bool = True) -> Course:
    maybe = st.none() | known
    return Course(
        state=draw(st.sampled_from(State)),
        received_at=draw(st.one_of(known, known, known, st.none())),
        limit=draw(limits),
        due_given=draw(maybe),
        finished_at=draw(maybe),
        returned_at=draw(maybe),
        supplement_asked_at=draw(maybe),
        supplement_back_at=draw(maybe),
        reappointed_at=draw(maybe),
        due_again=draw(maybe),
        standstills=tuple(draw(st.lists(standstills(), max_size=2))) if with_standstills else (),
    )
