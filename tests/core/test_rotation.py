from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.rotation import Keep, kept

MOMENTS = st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)), max_size=60)
KEEPS = st.builds(Keep, st.integers(0, 10), st.integers(0, 6), st.integers(0, 14))


@given(MOMENTS, KEEPS)
def test_the_newest_is_always_kept_and_nothing_is_invented(made: list[datetime], keep: Keep) -> None:
    found = kept(made, keep)
    assert found <= set(made)
    assert not made or max(made) in found


@given(MOMENTS, KEEPS)
def test_no_more_are_kept_than_was_said(made: list[datetime], keep: Keep) -> None:
    assert len(kept(made, keep)) <= max(1, keep.days + keep.weeks + keep.months)


@given(MOMENTS, KEEPS)
def test_turning_the_rotation_again_lets_nothing_more_go(made: list[datetime], keep: Keep) -> None:
    once = kept(made, keep)
    assert kept(once, keep) == once


@given(st.integers(1, 500), st.integers(1, 8), st.integers(1, 5), st.integers(1, 13))
def test_backups_let_go_night_by_night_leave_what_one_look_back_would_keep(
    nights: int, days: int, weeks: int, months: int
) -> None:
    keep = Keep(days, weeks, months)
    present: set[datetime] = set()
    every = [datetime(2025, 1, 1, 2) + timedelta(days=night) for night in range(nights)]
    for moment in every:
        present = set(kept({*present, moment}, keep))
    assert present == kept(every, keep)


def test_a_year_of_nights_keeps_days_weeks_and_months() -> None:
    every = [datetime(2025, 7, 1, 2) + timedelta(days=night) for night in range(365)]
    found = sorted(kept(every, Keep(3, 2, 4)), reverse=True)
    assert [f"{moment:%d/%m/%Y}" for moment in found] == [
        "30/06/2026", "29/06/2026", "28/06/2026", "31/05/2026", "30/04/2026", "31/03/2026",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "7", "7,4", "7,4,12,1", "a,b,c", "-1,4,12"])
def test_a_rotation_is_three_numbers(text: str) -> None:
    with pytest.raises(ValueError):
        Keep.parse(text)
