"""When people are reminded of work with a last day, over weekends, holidays and mornings that nobody served."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.calendar import WorkingCalendar
from camket.core.reminders import (
    TOPICS,
    Day,
    DueWork,
    Reminder,
    Rules,
    Step,
    Whom,
    first_working_day_of_week,
    is_due_between,
    reminders_on,
    shipped_rules,
    week_key,
)

RULES = shipped_rules(date(2026, 7, 1))
TET = WorkingCalendar(days_off=frozenset(date(2026, 2, 16) + timedelta(days=each) for each in range(5)))


def work(due: date, late: date | None = None, **fields: object) -> DueWork:
    return DueWork(
        "task", 5, "Rà soát", "/cong-viec/5/", due, late or due, unit_name="Phòng Kinh tế", **fields
    )  # type: ignore[arg-type]


def told(found: list[Reminder]) -> list[tuple[str, str]]:
    return [(each.topic, each.whom.value) for each in found]


FRIDAY = date(2026, 7, 10)


@pytest.mark.parametrize(
    ("_case", "day", "topics"),
    [
        ("four working days before", date(2026, 7, 6), []),
        ("three working days before", date(2026, 7, 7), ["due_soon"]),
        ("two, where the morning before was missed", date(2026, 7, 8), ["due_soon"]),
        ("the last day", FRIDAY, ["due_today"]),
        ("Saturday after it", date(2026, 7, 11), []),
        ("Monday after it", date(2026, 7, 13), ["overdue", "escalated"]),
        ("the third working day after it", date(2026, 7, 15), ["overdue", "escalated", "escalated"]),
        (
            "a month after it, all missed",
            date(2026, 8, 10),
            ["overdue", "escalated", "escalated", "escalated"],
        ),
    ],
)
def test_reminders_follow_working_days(_case: str, day: date, topics: list[str]) -> None:
    assert [each.topic for each in reminders_on(work(FRIDAY), day, WorkingCalendar(), RULES)] == topics


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2026, 2, 10), None),
        (date(2026, 2, 11), "task:5:soon-3:2026-02-14"),
        (date(2026, 2, 13), "task:5:soon-3:2026-02-14"),
        (date(2026, 2, 17), None),
        (date(2026, 2, 23), "task:5:due:2026-02-14"),
    ],
)
def test_what_falls_due_on_days_off_is_told_before_them_and_on_the_working_day_after(
    day: date, key: str | None
) -> None:
    over_tet = work(date(2026, 2, 14), date(2026, 2, 23))
    assert [each.key for each in reminders_on(over_tet, day, TET, RULES)] == ([key] if key else [])


def test_the_ladder_names_whom_and_how_long() -> None:
    rules = Rules((3,), (Step(Whom.HEAD, 1), Step(Whom.CHAIRMAN, 2)))
    found = reminders_on(work(FRIDAY), date(2026, 7, 14), WorkingCalendar(), rules)
    assert told(found) == [("overdue", "doer"), ("escalated", "head"), ("escalated", "chairman")]
    assert str(found[1].message) == (
        "Phòng Kinh tế: overdue since the end of 10/07/2026, working days: 2. Rà soát"
    )
    assert len({each.key for each in found}) == 3


def test_work_with_a_topic_of_its_own_is_told_under_it_but_for_the_ladder() -> None:
    figure = work(FRIDAY, topic="reading")
    assert [each.topic for each in reminders_on(figure, FRIDAY, WorkingCalendar(), RULES)] == ["reading"]
    late = reminders_on(figure, date(2026, 7, 13), WorkingCalendar(), RULES)
    assert [each.topic for each in late] == ["reading", "escalated"]


def test_a_last_day_that_was_moved_is_told_anew() -> None:
    before = reminders_on(work(FRIDAY), FRIDAY, WorkingCalendar(), RULES)
    after = reminders_on(work(date(2026, 7, 17)), date(2026, 7, 17), WorkingCalendar(), RULES)
    assert before[0].key != after[0].key


def test_a_date_that_is_a_slip_of_the_hand_reminds_of_nothing() -> None:
    assert reminders_on(work(date(1926, 7, 10)), FRIDAY, WorkingCalendar(), RULES) == []


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 20))


@given(due=DAYS, first=DAYS, gaps=st.lists(st.integers(1, 9), max_size=25))
def test_whatever_mornings_are_missed_each_thing_has_one_key_and_overdue_work_is_always_told(
    due: date, first: date, gaps: list[int]
) -> None:
    calendar = WorkingCalendar()
    piece = work(due, calendar.limit_end(due))
    seen: set[str] = set()
    day = first
    for gap in [0, *gaps]:
        day += timedelta(days=gap)
        found = reminders_on(piece, day, calendar, RULES)
        if not calendar.is_working(day):
            assert found == []
        elif day > piece.late_after:
            assert found[0].topic == "overdue"
        elif day >= due:
            assert [each.topic for each in found] == ["due_today"]
        seen |= {each.key for each in found}
    assert len(seen) <= 6  # soon, due, overdue and three rungs, however often anybody looks


@pytest.mark.parametrize(
    ("_case", "served", "is_due"),
    [
        ("never run before", None, False),
        ("Friday was the latest", date(2026, 7, 3), True),
        ("Monday was served", date(2026, 7, 6), False),
        ("from a clock that was ahead", date(2026, 7, 9), False),
    ],
)
def test_a_monday_that_was_slept_through_is_made_up_for_once(
    _case: str, served: date | None, is_due: bool
) -> None:
    assert is_due_between(date(2026, 7, 6), served, date(2026, 7, 7)) is is_due


def test_a_week_begins_with_its_first_working_day_and_a_week_off_with_none() -> None:
    assert first_working_day_of_week(date(2026, 7, 9), WorkingCalendar()) == date(2026, 7, 6)
    assert first_working_day_of_week(date(2026, 2, 18), TET) is None
    holiday = WorkingCalendar(days_off=frozenset({date(2026, 7, 6)}))
    assert first_working_day_of_week(date(2026, 7, 9), holiday) == date(2026, 7, 7)


def test_weeks_of_two_years_have_their_own_names() -> None:
    assert week_key(date(2026, 12, 31)) == week_key(date(2027, 1, 3)) == "2026-W53"


def test_each_topic_is_told_in_a_way_that_it_offers() -> None:
    assert [topic.key for topic in TOPICS.values() if topic.way not in topic.ways] == []
    assert all(len(key) <= 30 for key in TOPICS)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (Day.LAST, ["Due on", "is the last day", "Overdue since"]),
        (Day.FIRST, ["Begins on", "is the day to begin", "To be begun on"]),
        (Day.EVENT, ["On ", "Today, ", "Overdue since"]),
    ],
)
def test_a_reminder_says_what_the_day_means(day: Day, said: list[str]) -> None:
    found = [
        reminders_on(work(FRIDAY, day=day), on, WorkingCalendar(), RULES)[0].message.template
        for on in (date(2026, 7, 7), FRIDAY, date(2026, 7, 13))
    ]
    assert [each.startswith(words) or words in each for each, words in zip(found, said, strict=True)] == [
        True
    ] * 3
    assert ("last day" in found[1]) == (day is Day.LAST)
