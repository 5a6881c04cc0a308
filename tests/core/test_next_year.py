from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.next_year import move_date, move_plan, move_years_in_text
from camket.core.plan import Agency, Every, Plan, Schedule, ScheduleKind
from camket.core.wording.schedules import parse_schedule
from plans import sample_plan


@pytest.mark.parametrize(
    ("_case", "before", "after"),
    [
        ("a date", "Trước 05/01/2024", "Trước 05/01/2025"),
        ("the year before", "tăng 1% so với năm 2023", "tăng 1% so với năm 2024"),
        (
            "months over the turn of the year",
            "Tháng 12/2023 – Tháng 01/2024",
            "Tháng 12/2024 – Tháng 01/2025",
        ),
        ("a quarter", "Quý I/2024", "Quý I/2025"),
        ("a law's number", "theo Nghị định số 30/2024/NĐ-CP", "theo Nghị định số 30/2024/NĐ-CP"),
        (
            "a decision and its day",
            "theo Quyết định số 101/QĐ-BKHCN ngày 21/01/2023",
            "theo Quyết định số 101/QĐ-BKHCN ngày 21/01/2023",
        ),
        ("a standard's edition", "TCVN ISO 9001:2024", "TCVN ISO 9001:2024"),
        ("a term", "giai đoạn 2023-2025, năm 2024", "giai đoạn 2023-2025, năm 2025"),
        ("a year far off", "từ năm 2020", "từ năm 2020"),
        ("a figure", "8.2024 m", "8.2024 m"),
        ("an amount", "2024,5 triệu đồng", "2024,5 triệu đồng"),
        ("a share", "đạt 2024%", "đạt 2024%"),
    ],
)
def test_years_in_text(_case: str, before: str, after: str) -> None:
    assert move_years_in_text(before, 2024, 1) == after


@given(st.dates(date(2010, 1, 1), date(2040, 12, 31)), st.integers(1, 3))
def test_date_keeps_month_and_day(day: date, by: int) -> None:
    moved = move_date(day, day.year, by)
    assert moved.year == day.year + by
    assert moved.month == day.month
    assert moved.day == day.day or (day.month == 2 and day.day >= 28)


def read(when: str, year: int) -> tuple[Schedule, ...]:
    return parse_schedule(when, year).entries


def test_plan_moves_whole() -> None:
    moved = move_plan(sample_plan(2026), 2027, read)
    expected = sample_plan(2027, number=None)
    assert moved == expected


def test_schedule_set_by_hand_has_its_dates_moved() -> None:
    plan = sample_plan(2024)
    objective = plan.objectives[0]
    by_hand = Schedule(ScheduleKind.DURING, start=date(2024, 2, 1), end=date(2024, 2, 29))
    action = replace(objective.actions[0], when="lúc thuận tiện", schedule=(by_hand,))
    plan = replace(plan, objectives=(replace(objective, actions=(action,)),))
    moved = move_plan(plan, 2025, read).objectives[0].actions[0]
    assert moved.schedule == (Schedule(ScheduleKind.DURING, start=date(2025, 2, 1), end=date(2025, 2, 28)),)


def test_schedule_in_words_is_read_anew() -> None:
    plan = sample_plan(2023)
    objective = plan.objectives[0]
    action = replace(objective.actions[0], when="Tháng 2/2023", schedule=read("Tháng 2/2023", 2023))
    moved = move_plan(replace(plan, objectives=(replace(objective, actions=(action,)),)), 2024, read)
    assert moved.objectives[0].actions[0].schedule[0].end == date(2024, 2, 29)


def test_plan_without_a_year_has_nowhere_to_move_from() -> None:
    bare = Plan(
        agency=Agency(None, None), year=None, reporting=(Schedule(ScheduleKind.EVERY, period=Every.YEAR),)
    )
    with pytest.raises(ValueError, match="no year"):
        move_plan(bare, 2027, read)
