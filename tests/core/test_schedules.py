from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.calendar import WorkingCalendar
from camket.core.plan import Every, Period, Schedule, ScheduleKind, Within, schedule_from_json
from camket.core.schedules import (
    OccurrenceKind,
    due_after_event,
    label_of,
    needs_dates,
    occurrences,
    ready_by,
    triggers,
)
from core.occurrence_tables import official_calendar, table

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
SHIFTED = Period(date(2025, 12, 15), date(2026, 12, 14))
REPORTS = (date(2026, 6, 15), date(2026, 11, 30))
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@st.composite
def entries(draw: st.DrawFn) -> Schedule:
    kind = draw(st.sampled_from(list(ScheduleKind)))
    first, second = sorted((draw(DAYS), draw(DAYS)))
    match kind:
        case ScheduleKind.BY | ScheduleKind.FROM:
            return Schedule(kind, date=first)
        case ScheduleKind.DURING:
            return Schedule(kind, start=first, end=second)
        case ScheduleKind.EVERY:
            day = draw(st.none() | st.just("last") | st.integers(1, 31))
            return Schedule(kind, period=draw(st.sampled_from(list(Every))), day=day)
        case ScheduleKind.YEARLY_BY:
            return Schedule(kind, month=draw(st.integers(1, 12)), day=draw(st.integers(1, 31)))
        case ScheduleKind.ON_EVENT:
            return Schedule(kind, event=draw(st.sampled_from(["Khi có thay đổi", "đột xuất"])))
        case ScheduleKind.AS_PLANNED:
            return Schedule(kind, plan="Kế hoạch")
        case ScheduleKind.BEFORE_REPORT:
            return Schedule(kind, days=draw(st.integers(0, 60)))
    return Schedule(kind)


@st.composite
def plan_periods(draw: st.DrawFn) -> Period:
    start = draw(
        st.sampled_from([date(2025, 12, 15), date(2026, 1, 1), date(2026, 3, 22), date(2024, 2, 29)])
    )
    end = draw(st.sampled_from([date(2026, 12, 14), date(2026, 12, 31), date(2027, 6, 30)]))
    return Period(start, end)


def as_text(period: Period, entry: str) -> str:
    found = occurrences(
        [schedule_from_json(json.loads(entry))], period, official_calendar(), report_dates=REPORTS
    )
    return "; ".join(f"{each.due_original} → {each.due} → {each.late_after}" for each in found) or "none"


@pytest.mark.parametrize(("_words", "entry", "expected"), table("occurrences.md", "Kinds"))
def test_kinds(_words: str, entry: str, expected: str) -> None:
    assert as_text(YEAR, entry.strip("`")) == expected


@pytest.mark.parametrize(
    ("_words", "entry", "expected"), table("occurrences.md", "A year that is no calendar year")
)
def test_shifted_year(_words: str, entry: str, expected: str) -> None:
    assert as_text(SHIFTED, entry.strip("`")) == expected


def test_every_kind_of_schedule_is_in_the_table() -> None:
    shown = {
        json.loads(entry.strip("`"))["kind"] for _words, entry, _expected in table("occurrences.md", "Kinds")
    }
    assert shown == {kind.value for kind in ScheduleKind}


@pytest.mark.parametrize(
    ("_case", "entry", "dues"),
    [
        (
            "the tenth of every month",
            Schedule(ScheduleKind.EVERY, period=Every.MONTH, day=10),
            [date(2026, month, 10) for month in range(1, 13)],
        ),
        (
            "the 31st of every month is its last day",
            Schedule(ScheduleKind.EVERY, period=Every.MONTH, day=31),
            [date(2026, month, day) for month, day in zip(
                range(1, 13), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], strict=True
            )],
        ),
        (
            "the 30th of February",
            Schedule(ScheduleKind.YEARLY_BY, month=2, day=30),
            [date(2026, 2, 28)],
        ),
        (
            "the fifth of each half's last month",
            Schedule(ScheduleKind.EVERY, period=Every.HALF_YEAR, day=5),
            [date(2026, 6, 5), date(2026, 12, 5)],
        ),
    ],
)  # fmt: skip
def test_numbered_days(_case: str, entry: Schedule, dues: list[date]) -> None:
    assert [each.due_original for each in occurrences([entry], YEAR, WorkingCalendar())] == dues


def test_a_weeks_fifth_day_is_friday() -> None:
    weekly = Schedule(ScheduleKind.EVERY, period=Every.WEEK, day=5)
    july = Period(date(2026, 7, 1), date(2026, 7, 31))
    assert [each.due.day for each in occurrences([weekly], july, WorkingCalendar())] == [3, 10, 17, 24, 31]


def test_weekly_work_ends_with_its_week() -> None:
    weekly = Schedule(ScheduleKind.EVERY, period=Every.WEEK)
    july = Period(date(2026, 7, 6), date(2026, 7, 19))
    found = occurrences([weekly], july, WorkingCalendar())
    assert [(each.due_original.day, each.due.day, each.late_after.day) for each in found] == [
        (12, 10, 13),
        (19, 17, 20),
    ]


def test_several_periods_named_at_once_each_have_their_tasks() -> None:
    named = [Schedule(ScheduleKind.EVERY, period=every) for every in (Every.MONTH, Every.QUARTER, Every.YEAR)]
    assert len(occurrences(named, YEAR, WorkingCalendar())) == 12 + 4 + 1


def test_equal_occurrences_count_once() -> None:
    twice = [Schedule(ScheduleKind.CONTINUOUS), Schedule(ScheduleKind.FROM, date=date(2022, 1, 1))]
    assert len(occurrences(twice, YEAR, WorkingCalendar())) == 4


@pytest.mark.parametrize(
    ("rhythm", "count"), [(Every.MONTH, 12), (Every.QUARTER, 4), (Every.HALF_YEAR, 2), (Every.YEAR, 1)]
)
def test_continuous_work_is_looked_at_in_the_agencys_rhythm(rhythm: Every, count: int) -> None:
    found = occurrences([Schedule(ScheduleKind.CONTINUOUS)], YEAR, WorkingCalendar(), rhythm=rhythm)
    assert len(found) == count
    assert {each.kind for each in found} == {OccurrenceKind.CHECKPOINT}


def test_repeated_work_before_the_decision_is_left_out_but_named_days_stay() -> None:
    schedule = [
        Schedule(ScheduleKind.EVERY, period=Every.MONTH),
        Schedule(ScheduleKind.BY, date=date(2026, 1, 5)),
        Schedule(ScheduleKind.CONTINUOUS),
    ]
    found = occurrences(schedule, YEAR, WorkingCalendar(), since=date(2026, 6, 30))
    assert [each.due_original for each in found if each.kind is OccurrenceKind.CHECKPOINT] == [
        date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31),
    ]  # fmt: skip
    dated = [each.due_original for each in found if each.kind is OccurrenceKind.DATED]
    assert dated[:2] == [date(2026, 1, 5), date(2026, 6, 30)]
    assert len(dated) == 8


def test_a_named_day_outside_the_plans_year_stays() -> None:
    early = Schedule(ScheduleKind.BY, date=date(2025, 12, 25))
    assert occurrences([early], YEAR, WorkingCalendar())[0].due == date(2025, 12, 25)


def test_a_window_without_a_working_day_ends_on_the_next() -> None:
    tet = Period(date(2026, 2, 16), date(2026, 2, 20))
    window = Schedule(ScheduleKind.DURING, start=tet.start, end=tet.end)
    assert occurrences([window], YEAR, official_calendar())[0].due == date(2026, 2, 23)


def test_ready_by_never_lies_before_the_start() -> None:
    assert ready_by(date(2026, 7, 5), WorkingCalendar(), not_before=date(2026, 7, 4)) == date(2026, 7, 6)


def test_triggers_keep_their_limit_and_count_once() -> None:
    event = Schedule(ScheduleKind.ON_EVENT, event="Khi có thay đổi", within=Within(5, working=True))
    other = Schedule(ScheduleKind.ON_EVENT, event="đột xuất")
    found = triggers([event, other, event, Schedule(ScheduleKind.CONTINUOUS)])
    assert [(each.event, each.within) for each in found] == [
        ("Khi có thay đổi", Within(5, True)),
        ("đột xuất", None),
    ]


@pytest.mark.parametrize(
    ("within", "due"),
    [(Within(5, working=True), date(2026, 7, 8)), (Within(3, working=False), date(2026, 7, 6))],
)
def test_an_event_sets_off_its_limit(within: Within, due: date) -> None:
    assert due_after_event(date(2026, 7, 1), within, WorkingCalendar()) == due


def test_plans_that_give_dates_later_are_named() -> None:
    schedule = [Schedule(ScheduleKind.AS_PLANNED, plan="kế hoạch riêng"), Schedule(ScheduleKind.PERIODIC)]
    assert needs_dates(schedule) == ("kế hoạch riêng",)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("by:2026-01-05", "By 05/01/2026"),
        ("during:2026-02-01:2026-03-31", "01/02/2026 to 31/03/2026"),
        ("every:month:2026-03-01:2026-03-31", "Month 3/2026"),
        ("checkpoint:quarter:2026-04-01:2026-06-30", "Quarter II/2026"),
        ("before_report:10:2026-06-15", "10 days before the report of 15/06/2026"),
        ("as_planned:2026-12-31", "As planned separately, looked at on 31/12/2026"),
    ],
)
def test_labels(key: str, label: str) -> None:
    assert str(label_of(key)) == label


@pytest.mark.parametrize("key", ["", "fired:3:2026-01-05:1", "by", "by:05/01/2026", "every:month"])
def test_other_keys_have_no_label(key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        label_of(key)


@pytest.mark.parametrize(
    "entry",
    [
        Schedule(ScheduleKind.BY),
        Schedule(ScheduleKind.DURING, start=date(2026, 1, 1)),
        Schedule(ScheduleKind.YEARLY_BY, month=2),
        Schedule(ScheduleKind.ON_EVENT),
    ],
)
def test_an_entry_that_lacks_its_days_makes_nothing(entry: Schedule) -> None:
    assert occurrences([entry], YEAR, WorkingCalendar()) == ()
    assert triggers([entry]) == ()


@given(
    st.lists(entries(), max_size=6), plan_periods(), st.sampled_from([Every.MONTH, Every.QUARTER, Every.YEAR])
)
def test_dating_is_orderly_and_repeatable(schedule: list[Schedule], period: Period, rhythm: Every) -> None:
    calendar = official_calendar()
    found = occurrences(schedule, period, calendar, rhythm=rhythm, report_dates=REPORTS)
    again = occurrences(list(reversed(schedule)), period, calendar, rhythm=rhythm, report_dates=REPORTS)
    assert {each.key for each in found} == {each.key for each in again}
    assert len({each.key for each in found}) == len(found)
    assert [each.due_original for each in found] == sorted(each.due_original for each in found)
    for each in found:
        assert len(each.key) <= 80
        assert calendar.is_working(each.due)
        assert calendar.is_working(each.late_after)
        assert each.due <= each.late_after
        assert each.late_after >= each.due_original
        assert each.starts is None or each.starts <= each.due
        assert label_of(each.key) == each.label


@given(entries(), plan_periods(), DAYS)
def test_a_later_start_never_adds_work(entry: Schedule, period: Period, since: date) -> None:
    calendar = WorkingCalendar()
    whole = occurrences([entry], period, calendar, report_dates=REPORTS)
    part = occurrences([entry], period, calendar, report_dates=REPORTS, since=since)
    assert all(each in whole for each in part)
