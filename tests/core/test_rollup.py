from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from camket.core.plan import Period
from camket.core.rollup import Cuts, flows_needed, months_of, roll_up
from camket.core.tally import day_number, day_of

FIRST = date(2025, 11, 20)
DAYS = st.integers(0, 500).map(lambda n: FIRST + timedelta(days=n))
PERIODS = st.lists(
    st.tuples(DAYS, st.integers(0, 400)).map(lambda p: Period(p[0], p[0] + timedelta(days=p[1]))),
    min_size=1,
    max_size=5,
)
EVENTS = st.lists(st.tuples(DAYS, st.sampled_from(["received", "finished", "late"])), max_size=60)
COUNTS = ("received", "late", "open", "open_before")


@given(PERIODS, EVENTS)
def test_rolled_up_counts_are_those_counted_one_by_one(
    periods: list[Period], events: list[tuple[date, str]]
) -> None:
    cuts = Cuts.of(periods)
    stretches: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, count in events:
        stretch = cuts.stretch(day_number(day))
        if stretch is not None:
            stretches[stretch][count] += 1
    found = roll_up(cuts, stretches, periods, COUNTS)
    for period in periods:
        inside = [count for day, count in events if period.start <= day <= period.end]
        until = [count for day, count in events if day <= period.end]
        before = [count for day, count in events if day < period.start]
        assert found[period] == {
            "received": inside.count("received"),
            "late": inside.count("late"),
            "open": until.count("received") - until.count("finished"),
            "open_before": before.count("received") - before.count("finished"),
        }


@given(PERIODS)
def test_a_month_that_is_not_cut_lies_whole_in_one_stretch(periods: list[Period]) -> None:
    cuts = Cuts.of(periods)
    cut = {first for first, _ in cuts.months_cut()}
    month = FIRST.replace(day=1)
    for _ in range(36):
        after = (month + timedelta(days=32)).replace(day=1)
        if day_number(month) not in cut:
            assert cuts.stretch(day_number(month)) == cuts.stretch(day_number(after) - 1)
        month = after


def test_stocks_need_what_came_and_what_went() -> None:
    assert flows_needed(["open", "received"]) == ("finished", "received")


def test_a_plans_months_follow_its_own_first_day_and_are_cut_where_it_is_read() -> None:
    months = months_of(date(2025, 12, 15), date(2026, 12, 14))
    assert len(months) == 12
    assert months[0] == Period(date(2025, 12, 15), date(2026, 1, 14))
    assert months[-1] == Period(date(2026, 11, 15), date(2026, 12, 14))
    assert months_of(date(2026, 3, 22), date(2026, 4, 10), date(2026, 1, 1)) == (
        Period(date(2026, 3, 22), date(2026, 3, 31)),
        Period(date(2026, 4, 1), date(2026, 4, 10)),
    )
    assert months_of(date(2026, 5, 1), date(2026, 4, 1)) == ()


def test_months_that_begin_on_the_last_of_a_month_touch_each_other() -> None:
    months = months_of(date(2026, 1, 31), date(2026, 12, 31))
    for earlier, later in zip(months, months[1:], strict=False):
        assert later.start == day_of(day_number(earlier.end) + 1)
