from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.calendar import WorkingCalendar, calendar_of
from core.occurrence_tables import official_calendar, official_years, table

DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))
SETS = st.frozensets(DAYS, max_size=40)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    off = draw(SETS)
    return WorkingCalendar(off, draw(SETS) - off, draw(st.frozensets(st.integers(0, 6), max_size=3)))


@pytest.mark.parametrize(("day", "worked", "_why"), table("calendar.md", "Which days are worked"))
def test_official_days(day: str, worked: str, _why: str) -> None:
    assert official_calendar().is_working(date.fromisoformat(day)) is (worked == "yes")


@pytest.mark.parametrize(("event", "limit", "unit", "ends", "_why"), table("calendar.md", "Limits of days"))
def test_limits_of_days(event: str, limit: str, unit: str, ends: str, _why: str) -> None:
    calendar = official_calendar()
    count = calendar.add_working_days if unit == "working days" else calendar.add_days
    assert count(date.fromisoformat(event), int(limit)) == date.fromisoformat(ends)


def test_every_official_day_differs_from_its_weekday_or_is_a_holiday_on_a_weekend() -> None:
    for year in official_years():
        for entry in year["days"]:
            day = date.fromisoformat(entry["day"])
            assert day.year == year["year"]
            assert entry["name"]
            assert entry["source"]
            if entry["kind"] == "working":
                assert day.weekday() >= 5


def test_every_swap_has_its_day_off_and_its_working_day() -> None:
    for year in official_years():
        off = [entry for entry in year["days"] if "hoán đổi" in entry["name"] and entry["kind"] == "off"]
        worked = [entry for entry in year["days"] if entry["kind"] == "working"]
        assert len(off) == len(worked)


@pytest.mark.parametrize("year", range(2020, 2028))
def test_each_year_has_the_days_off_of_the_law_on_weekdays_or_compensated(year: int) -> None:
    days = next(entry["days"] for entry in official_years() if entry["year"] == year)
    names = [entry["name"] for entry in days if entry["kind"] == "off"]
    for name in (
        "Tết Dương lịch",
        "Giỗ Tổ Hùng Vương",
        "Ngày Chiến thắng",
        "Ngày Quốc tế lao động",
        "Quốc khánh",
    ):
        own = [entry for entry in days if entry["name"] == name]
        assert own, name
        weekend = sum(date.fromisoformat(entry["day"]).weekday() >= 5 for entry in own)
        assert names.count(f"{name} (nghỉ bù)") == weekend, name
    assert sum("Tết Nguyên đán" in name for name in names) >= 5
    assert ("Ngày Văn hóa Việt Nam" in names) is (year >= 2026)


def test_only_2027_waits_for_its_decision() -> None:
    assert [year["year"] for year in official_years() if not year["is_confirmed"]] == [2027]


def test_own_days_win_over_national_ones() -> None:
    monday, saturday = date(2026, 7, 6), date(2026, 7, 11)
    calendar = calendar_of([(monday, False), (saturday, True)], [(monday, True), (saturday, False)])
    assert calendar.is_working(monday)
    assert not calendar.is_working(saturday)


def test_a_day_cannot_be_off_and_worked() -> None:
    with pytest.raises(ValueError, match="both"):
        WorkingCalendar(frozenset({date(2026, 7, 6)}), frozenset({date(2026, 7, 6)}))


def test_a_calendar_without_weekdays_is_refused() -> None:
    with pytest.raises(ValueError, match="weekday"):
        WorkingCalendar(weekend=frozenset(range(7)))


def test_a_calendar_off_for_ten_years_ends_with_an_error() -> None:
    start = date(2026, 1, 1)
    calendar = WorkingCalendar(frozenset(start + timedelta(days=n) for n in range(4_000)))
    with pytest.raises(ValueError, match="ten years"):
        calendar.next_working(start)


@pytest.mark.parametrize("method", ["add_working_days", "add_days"])
def test_negative_limits_are_refused(method: str) -> None:
    with pytest.raises(ValueError, match="negative"):
        getattr(WorkingCalendar(), method)(date(2026, 7, 6), -1)


@given(calendars(), DAYS)
def test_the_nearest_working_days_are_worked_and_nothing_between_is(
    calendar: WorkingCalendar, day: date
) -> None:
    after, before = calendar.next_working(day), calendar.previous_working(day)
    assert before <= day <= after
    assert calendar.is_working(after)
    assert calendar.is_working(before)
    assert calendar.working_between(before, after) == (1 if before == after else 2)


@given(calendars(), DAYS, st.integers(0, 60))
def test_a_limit_holds_its_number_of_working_days(calendar: WorkingCalendar, day: date, count: int) -> None:
    end = calendar.add_working_days(day, count)
    assert calendar.working_between(day + timedelta(days=1), end) == count
    assert count == 0 or calendar.is_working(end)


@given(calendars(), DAYS, st.integers(0, 60))
def test_a_limit_of_days_ends_on_a_working_day_not_before_its_last(
    calendar: WorkingCalendar, day: date, count: int
) -> None:
    end = calendar.add_days(day, count)
    assert calendar.is_working(end)
    assert calendar.working_between(day + timedelta(days=count), end) == 1


@given(calendars(), DAYS, st.integers(0, 30), st.integers(0, 30))
def test_limits_add_up(calendar: WorkingCalendar, day: date, first: int, second: int) -> None:
    whole = calendar.add_working_days(day, first + second)
    assert calendar.add_working_days(calendar.add_working_days(day, first), second) == whole
