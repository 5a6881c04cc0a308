from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from camket.core.timetable import RETRIES, Daily, Every, may_retry, next_due, settled

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHTLY = Daily(time(2))


def at(day: int, hour: int = 2, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, 7, day, hour, minute, tzinfo=VIETNAM)


def test_a_moment_that_was_served_is_not_due_again_after_the_clock_went_back() -> None:
    assert next_due(NIGHTLY, at(6, 1), {at(6)}) == at(7)
    assert settled(NIGHTLY, at(7), at(6, 1), {at(6)}) == at(7)


def test_several_days_back_only_the_moments_that_were_not_served_come_again() -> None:
    assert next_due(NIGHTLY, at(3, 1), {at(4), at(5), at(6)}) == at(3)
    assert next_due(NIGHTLY, at(3, 3), {at(4), at(5), at(6)}) == at(7)


def test_nothing_waits_for_the_wrong_year_after_the_clock_was_far_ahead() -> None:
    far = at(6, year=2031)
    assert settled(NIGHTLY, far + timedelta(days=1), at(6, 9), {at(6), far}) == at(7)


def test_a_moment_that_passed_while_nobody_ran_stays_due_once() -> None:
    assert settled(NIGHTLY, at(1), at(6, 9), set()) == at(1)
    assert next_due(NIGHTLY, at(6, 9), {at(1)}) == at(7)


def test_another_hour_of_the_rule_counts_at_once() -> None:
    assert settled(Daily(time(5)), at(7), at(6, 9), {at(6)}) == at(7, 5)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), st.integers(1, 1440))
def test_the_following_moment_is_later_and_by_no_more_than_the_interval(
    naive: datetime, minutes: int
) -> None:
    moment = naive.replace(tzinfo=UTC)
    due = Every(minutes).following(moment)
    assert timedelta(0) < due - moment <= timedelta(minutes=minutes)


@given(
    st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1)), min_size=1, max_size=40),
)
def test_whatever_way_the_clock_is_set_no_moment_is_served_twice_and_none_waits_beyond_the_next(
    clock: list[datetime],
) -> None:
    served: list[datetime] = []
    due = NIGHTLY.following(clock[0].replace(tzinfo=VIETNAM))
    for naive in clock:
        now = naive.replace(tzinfo=VIETNAM)
        due = settled(NIGHTLY, due, now, served)
        if due <= now:
            served.append(due)
            due = next_due(NIGHTLY, now, served)
        waits = {NIGHTLY.following(now) + timedelta(days=days) for days in range(len(served) + 1)}
        assert due in waits
        assert all(moment in served for moment in waits if moment < due)
    assert len(served) == len(set(served))


def test_a_wait_after_a_failure_ends_in_its_time_or_when_it_came_from_another_clock() -> None:
    now = at(6)
    assert may_retry(None, now)
    assert may_retry(now, now)
    assert not may_retry(now + timedelta(minutes=1), now)
    assert may_retry(now + RETRIES[-1] + timedelta(seconds=1), now)
