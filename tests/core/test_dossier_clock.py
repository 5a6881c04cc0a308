"""The clock of a dossier: the tables of its page, a slow model of limits, and what always holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.calendar import WorkingCalendar, index_of
from camket.core.dossier_clock import (
    Course,
    NewDateNotLater,
    ReappointedBefore,
    Rules,
    Standing,
    Standstill,
    reckon,
    require_reappointment,
    standing,
)
from camket.core.dossiers import LimitUnit, Outcome, State, TimeLimit
from camket.core.tally import Facts, contributions, day_number
from camket.core.working_time import OFFICE_HOURS, WorkingHours, due, working_days_between
from core.courses import courses, limits, moments
from core.occurrence_tables import official_calendar, table

PAGE = "dossier-clock.md"
CALENDAR = WorkingCalendar(
    days_off=frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}),
    working_days=frozenset({date(2026, 8, 22)}),
)


def limit_of(text: str) -> TimeLimit:
    amount, _, unit = text.rpartition(" ")
    return TimeLimit(LimitUnit(unit), Decimal(amount) if amount else None)


def at(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize(("received", "limit", "cut_off", "ends", "_why"), table(PAGE, "When a limit ends"))
def test_limits_end_as_the_page_says(received: str, limit: str, cut_off: str, ends: str, _why: str) -> None:
    found = due(
        datetime.fromisoformat(received),
        limit_of(limit),
        official_calendar(),
        cut_off=time.fromisoformat(cut_off) if cut_off else None,
    )
    assert found == at(ends)


@pytest.mark.parametrize(("received", "limit", "paused", "back", "ends", "_why"), table(PAGE, "Pauses"))
def test_pauses_are_left_out_as_the_page_says(
    received: str, limit: str, paused: str, back: str, ends: str, _why: str
) -> None:
    since, _, until = paused.partition(" – ")
    course = Course(
        state=State.PROCESSING,
        received_at=at(received),
        limit=limit_of(limit),
        supplement_asked_at=at("2026-07-06 10:00") if back else None,
        supplement_back_at=at(back),
        standstills=(
            (Standstill(State.OBLIGATION, datetime.fromisoformat(since), at(until)),) if paused else ()
        ),
    )
    assert reckon(course, Rules(official_calendar())).due_computed == at(ends)


@pytest.mark.parametrize(
    (
        "limit",
        "given",
        "again",
        "state",
        "finished",
        "first",
        "now",
        "outcome",
        "against_first",
        "overdue",
        "_why",
    ),
    table(PAGE, "Which date holds, and what became of it"),
)
def test_outcomes_are_as_the_page_says(
    limit: str, given: str, again: str, state: str, finished: str, first: str, now: str, outcome: str,
    against_first: str, overdue: str, _why: str,
) -> None:  # fmt: skip
    course = Course(
        state=State[state.upper()],
        received_at=datetime(2026, 7, 6, 9),
        limit=limit_of(limit),
        due_given=at(given),
        due_again=at(again),
        finished_at=at(finished),
    )
    found = reckon(course, Rules(official_calendar()))
    assert (found.due_first, found.due_now) == (at(first), at(now))
    assert (found.outcome, found.outcome_first) == (Outcome[outcome.upper()], Outcome[against_first.upper()])
    assert found.overdue_day == (day_number(date.fromisoformat(overdue)) if overdue else None)


def test_a_date_given_before_the_supplement_came_back_gives_way_to_the_limit_begun_anew() -> None:
    course = Course(
        state=State.DONE,
        received_at=datetime(2026, 7, 6, 9),
        limit=limit_of("5 working_days"),
        due_given=datetime(2026, 7, 13),
        supplement_asked_at=datetime(2026, 7, 8, 10),
        supplement_back_at=datetime(2026, 7, 15, 10),
        finished_at=datetime(2026, 7, 20, 10),
    )
    found = reckon(course, Rules(official_calendar()))
    assert found.due_first == found.due_now == datetime(2026, 7, 22, 17, 30)
    assert (found.outcome, found.overdue_day) == (Outcome.EARLY, None)
    assert found.is_due_different
    # 07, 15, 16, 17 and 20 July; the clock stood still at the end of 08 to 14 July.
    assert found.handling_days == 5
    assert (found.waiting_from_day, found.waiting_until_day) == tuple(
        day_number(date(2026, 7, day)) for day in (8, 15)
    )


def test_what_is_not_accepted_counts_nowhere() -> None:
    course = Course(
        State.REFUSED, datetime(2026, 7, 6, 9), limit_of("1 days"), finished_at=datetime(2026, 7, 7)
    )
    found = reckon(course, Rules(official_calendar()))
    assert (found.received_day, found.finished_day, found.overdue_day) == (None, None, None)


def test_an_overdue_dossier_stays_overdue_though_its_clock_stands_still_later() -> None:
    course = Course(
        state=State.OBLIGATION,
        received_at=datetime(2026, 7, 6, 9),
        limit=limit_of("1 working_days"),
        standstills=(Standstill(State.OBLIGATION, datetime(2026, 7, 9, 9)),),
    )
    assert reckon(course, Rules(official_calendar())).overdue_day == day_number(date(2026, 7, 8))


@pytest.mark.parametrize(
    ("on", "stands"),
    [
        (date(2026, 7, 5), Standing.NOT_RECEIVED),
        (date(2026, 7, 8), Standing.IN_TIME),
        (date(2026, 7, 9), Standing.SOON),
        (date(2026, 7, 13), Standing.SOON),
        (date(2026, 7, 14), Standing.OVERDUE),
        (date(2026, 7, 15), Standing.FINISHED),
    ],
)
def test_standing_as_of_any_day(on: date, stands: Standing) -> None:
    """Received on Monday 06/7/2026, due on the 13th, finished on the 15th; soon is two working days ahead."""
    due_day = day_number(date(2026, 7, 13))
    assert (
        standing(
            state=State.DONE,
            received_day=day_number(date(2026, 7, 6)),
            finished_day=day_number(date(2026, 7, 15)),
            due_day=due_day,
            overdue_day=due_day + 1,
            on=on,
            index=index_of(official_calendar()),
        )
        is stands
    )


@pytest.mark.parametrize(
    ("state", "due_day", "stands"),
    [
        (State.SUPPLEMENT, 21_000, Standing.PAUSED),
        (State.PROCESSING, None, Standing.NO_DUE_DATE),
        (State.RETURNED, 21_000, Standing.FINISHED),
        (State.REGISTERED, 21_000, Standing.NOT_RECEIVED),
    ],
)
def test_standing_by_state(state: State, due_day: int | None, stands: Standing) -> None:
    day = day_number(date(2026, 7, 6))
    assert (
        standing(
            state=state,
            received_day=day,
            finished_day=None,
            due_day=due_day,
            overdue_day=None,
            on=date(2026, 7, 6),
            index=index_of(WorkingCalendar()),
        )
        is stands
    )


def test_a_new_date_is_given_once_and_in_time_only_before_the_due_date() -> None:
    first, new = date(2026, 7, 13), date(2026, 7, 16)
    assert require_reappointment(is_reappointed=False, due_now=first, due_new=new, on=date(2026, 7, 12))
    assert not require_reappointment(is_reappointed=False, due_now=first, due_new=new, on=first)
    with pytest.raises(ReappointedBefore, match="once at most"):
        require_reappointment(is_reappointed=True, due_now=new, due_new=date(2026, 7, 20), on=first)


@pytest.mark.parametrize(("new", "on"), [(13, 10), (16, 16), (16, 20)])
def test_a_new_date_lies_after_the_old_one_and_after_today(new: int, on: int) -> None:
    with pytest.raises(NewDateNotLater):
        require_reappointment(
            is_reappointed=False,
            due_now=date(2026, 7, 13),
            due_new=date(2026, 7, new),
            on=date(2026, 7, on),
        )


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-1)])
def test_a_limit_without_an_amount_is_refused(amount: Decimal | None) -> None:
    with pytest.raises(ValueError, match="above zero"):
        due(datetime(2026, 7, 6, 9), TimeLimit(LimitUnit.DAYS, amount), WorkingCalendar())


@pytest.mark.parametrize(
    "spans",
    [(), ((time(11), time(7)),), ((time(7), time(11)), (time(10), time(12)))],
)
def test_working_hours_follow_each_other(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="follow"):
        WorkingHours(spans)


def test_a_day_has_not_more_than_its_hours() -> None:
    with pytest.raises(ValueError, match="not so many"):
        OFFICE_HOURS.moment_after(9 * 3600)


def test_working_days_between_beyond_reckoning_are_not_known() -> None:
    assert working_days_between(datetime(1066, 1, 1), datetime(2026, 1, 1), WorkingCalendar()) is None
    assert due(datetime(1066, 1, 1), limit_of("1 days"), WorkingCalendar()) is None


# A slow model: day by day, and minute by minute.

stretches = st.lists(
    st.tuples(moments, st.integers(1, 12_000)).map(
        lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1]))
    ),
    max_size=3,
)


def slow_due(start: datetime, limit: TimeLimit, pauses: list[tuple[datetime, datetime]]) -> datetime | None:
    """Count a limit the way a person would with a calendar on the wall and a watch."""
    amount = limit.amount or Decimal(0)

    def stands_still_at_end_of(day: date) -> bool:
        return any(since.date() <= day < until.date() for since, until in pauses)

    def last(day: date) -> datetime:
        while not CALENDAR.is_working(day) or stands_still_at_end_of(day):
            day += timedelta(days=1)
        return datetime.combine(day, OFFICE_HOURS.closes)

    if limit.unit == LimitUnit.NONE:
        return None
    if limit.unit == LimitUnit.SAME_DAY:
        return last(start.date() + timedelta(days=start.time() >= OFFICE_HOURS.closes))
    if limit.unit == LimitUnit.HOURS or amount != amount.to_integral_value():
        if limit.unit != LimitUnit.DAYS or amount < 1:
            minutes = int(amount * (60 if limit.unit == LimitUnit.HOURS else 480))
            moment = start
            while minutes:
                works = CALENDAR.is_working(moment.date()) and any(
                    begin <= moment.time() < end for begin, end in OFFICE_HOURS.spans
                )
                if works and not any(since <= moment < until for since, until in pauses):
                    minutes -= 1
                moment += timedelta(minutes=1)
            return moment
        amount = amount.to_integral_value("ROUND_CEILING")
    day = start.date()
    while amount:
        day += timedelta(days=1)
        counts = limit.unit == LimitUnit.DAYS or CALENDAR.is_working(day)
        if counts and not stands_still_at_end_of(day):
            amount -= 1
    return last(day)


@settings(deadline=None)
@given(moments, limits, stretches)
def test_limits_agree_with_counting_day_by_day(
    start: datetime, limit: TimeLimit, pauses: list[tuple[datetime, datetime]]
) -> None:
    assert due(start, limit, CALENDAR, pauses=pauses) == slow_due(start, limit, pauses)


@settings(deadline=None)
@given(moments, moments, limits)
def test_who_comes_later_is_not_due_earlier(one: datetime, other: datetime, limit: TimeLimit) -> None:
    found = [due(start, limit, CALENDAR, cut_off=time(15)) for start in sorted((one, other))]
    assert found == sorted(found, key=lambda each: each or datetime.min)


@settings(deadline=None)
@given(moments, limits, stretches, stretches)
def test_a_pause_only_lengthens(
    start: datetime,
    limit: TimeLimit,
    pauses: list[tuple[datetime, datetime]],
    more: list[tuple[datetime, datetime]],
) -> None:
    without = due(start, limit, CALENDAR, pauses=pauses)
    found = due(start, limit, CALENDAR, pauses=pauses + more)
    assert without is found is None or (without is not None and found is not None and found >= without)


@settings(deadline=None)
@given(moments, st.integers(0, 40), stretches)
def test_handling_days_are_those_at_whose_end_the_clock_ran(
    start: datetime, days: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    end = start + timedelta(days=days)
    counted = sum(
        CALENDAR.is_working(day) and not any(since.date() <= day < until.date() for since, until in pauses)
        for day in (start.date() + timedelta(days=number) for number in range(1, days + 1))
    )
    assert working_days_between(start, end, CALENDAR, pauses) == counted


@settings(deadline=None)
@given(courses())
def test_a_reckoning_can_be_counted(course: Course) -> None:
    found = reckon(course, Rules(CALENDAR))
    assert (found.outcome == Outcome.OPEN) is (found.finished_day is None)
    assert (found.outcome == Outcome.LATE) <= (found.overdue_day is not None)
    assert found.handling_days is None or found.handling_days >= 0
    facts = Facts(
        received=found.received_day,
        finished=found.finished_day,
        overdue_from=found.overdue_day,
        outcome=found.outcome,
        outcome_first=found.outcome_first,
        handling_days=found.handling_days,
    )
    counted = [counts for _day, counts in contributions(facts)]
    assert sum(counts.get("received", 0) for counts in counted) == (found.received_day is not None)
    assert sum(counts.get(name, 0) for counts in counted for name in ("early", "on_time", "late")) == (
        found.finished_day is not None
    )
