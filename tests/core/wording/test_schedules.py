from __future__ import annotations

import json
from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.plan import Every, Plan, Schedule, ScheduleKind, Within
from camket.core.wording.schedules import (
    combine_reporting,
    parse_reporting,
    parse_schedule,
    write_schedule,
)
from core.wording.notation import schedule_notation, table_rows

PAGE = "schedules-wording.md"
GOLD = sorted((Path(__file__).resolve().parents[4] / "shared" / "gold").glob("*.json"))


@pytest.mark.parametrize(("wording", "notation"), table_rows(PAGE, "Wording"))
def test_the_page_tells_how_a_wording_is_read(wording: str, notation: str) -> None:
    read = parse_schedule(wording, 2025)
    assert ("; ".join(schedule_notation(entry) for entry in read.entries) or "none") == notation
    assert (read.rest == "") is (notation != "none")


@pytest.mark.parametrize(("sentence", "notation"), table_rows(PAGE, "Reporting"))
def test_the_page_tells_what_a_sentence_has_reported(sentence: str, notation: str) -> None:
    assert (
        "; ".join(schedule_notation(entry) for entry in parse_reporting(sentence, 2025)) or "none"
    ) == notation


def test_the_page_has_its_tables() -> None:
    assert len(table_rows(PAGE, "Wording")) > 70
    assert len(table_rows(PAGE, "Reporting")) > 7


@pytest.mark.parametrize(
    ("wording", "event"),
    [
        ("Khi có văn bản, yêu cầu của cấp trên", "Khi có văn bản, yêu cầu của cấp trên"),
        ("Thường xuyên, khi được giao việc.", "khi được giao việc"),
        (
            "[Lồng ghép vào các cuộc họp giao ban tháng/quý..]",
            "Lồng ghép vào các cuộc họp giao ban tháng/quý",
        ),
        ("Khi có thay đổi (nếu có)", "Khi có thay đổi (nếu có)"),
    ],
)
def test_an_event_keeps_its_whole_phrase(wording: str, event: str) -> None:
    events = [entry.event for entry in parse_schedule(wording, 2025).entries if entry.event is not None]
    assert events == [event]


def test_a_plan_is_named_by_the_words_after_theo() -> None:
    (entry,) = parse_schedule("Theo nhiệm vụ đề ra trong Kế hoạch năm 2025, của xã", 2025).entries
    assert entry.plan == "nhiệm vụ đề ra trong Kế hoạch năm 2025, của xã"


def test_a_cell_that_says_nothing_has_no_schedule() -> None:
    read = parse_schedule(" - ", 2025)
    assert (read.entries, read.rest, read.warnings) == ((), "", ())


def test_a_day_that_the_calendar_lacks_is_kept_with_a_warning() -> None:
    read = parse_schedule("Trước 31/6/2025", 2025)
    assert (read.entries, read.rest) == ((), "trước 31/6/2025")
    assert "calendar" in str(read.warnings[0])


def test_a_day_without_any_year_is_kept_with_a_warning() -> None:
    read = parse_schedule("Trước 15/6", None)
    assert (read.entries, read.rest) == ((), "trước 15/6")
    assert "year" in str(read.warnings[0])


def test_what_is_not_understood_is_kept_beside_what_is() -> None:
    read = parse_schedule("Thường xuyên; 3 kỳ trăng", 2025)
    assert [entry.kind for entry in read.entries] == [ScheduleKind.CONTINUOUS]
    assert read.rest == "3 kỳ trăng"
    assert read.confidence < 1


def test_a_line_that_was_only_wrapped_is_one_phrase() -> None:
    assert parse_schedule("Thường\nxuyên", 2025).entries == parse_schedule("Thường xuyên", 2025).entries
    assert parse_schedule("Quý\nIII", 2025).entries == parse_schedule("Quý III", 2025).entries
    assert len(parse_schedule("Tháng 3\nTháng 9", 2025).entries) == 2


def test_reporting_takes_each_named_period_once() -> None:
    quarter = Schedule(ScheduleKind.EVERY, period=Every.QUARTER)
    dated = Schedule(ScheduleKind.EVERY, period=Every.QUARTER, day="last")
    deadline = Schedule(ScheduleKind.BY, date=date(2025, 6, 15))
    periodic = Schedule(ScheduleKind.PERIODIC)
    assert combine_reporting([quarter, dated, periodic, deadline, deadline]) == (dated, deadline)
    assert combine_reporting([dated, quarter]) == (dated,)
    assert combine_reporting([periodic, periodic]) == (periodic,)
    assert combine_reporting([]) == ()


DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2045, 12, 31))
PHRASES = ["Khi có phát sinh", "đột xuất", "Sau mỗi đợt đánh giá", "Ngay khi có yêu cầu"]
PLANS = ["Kế hoạch", "hướng dẫn của Sở Nội vụ", "yêu cầu thực tế của từng lĩnh vực"]


@st.composite
def entries(draw: st.DrawFn) -> Schedule:
    kind = draw(st.sampled_from(ScheduleKind))
    match kind:
        case ScheduleKind.BY | ScheduleKind.FROM:
            return Schedule(kind, date=draw(DAYS))
        case ScheduleKind.DURING:
            first, last = sorted((draw(DAYS), draw(DAYS)))
            if draw(st.booleans()):
                first = first.replace(day=1)
                last = last.replace(day=monthrange(last.year, last.month)[1])
            return Schedule(kind, start=first, end=last)
        case ScheduleKind.EVERY:
            period = draw(st.sampled_from(Every))
            day = (
                None
                if period in (Every.WEEK, Every.YEAR)
                else draw(st.none() | st.just("last") | st.integers(1, 31))
            )
            return Schedule(kind, period=period, day=day)
        case ScheduleKind.YEARLY_BY:
            month = draw(st.integers(1, 12))
            return Schedule(kind, month=month, day=draw(st.integers(1, monthrange(2024, month)[1])))
        case ScheduleKind.ON_EVENT:
            if draw(st.booleans()):
                days, working = draw(st.integers(1, 90)), draw(st.booleans())
                event = f"Trong {days:02d} ngày {'làm việc ' if working else ''}kể từ khi nhận văn bản"
                return Schedule(kind, event=event, within=Within(days, working))
            return Schedule(kind, event=draw(st.sampled_from(PHRASES)))
        case ScheduleKind.AS_PLANNED:
            return Schedule(kind, plan=draw(st.sampled_from(PLANS)))
        case ScheduleKind.BEFORE_REPORT:
            return Schedule(kind, days=draw(st.integers(1, 90)))
        case _:
            return Schedule(kind)


@given(st.lists(entries(), min_size=1, max_size=4, unique=True), st.none() | st.integers(2015, 2045))
def test_a_schedule_written_is_read_back(schedule: list[Schedule], year: int | None) -> None:
    wording = write_schedule(schedule, year)
    read = parse_schedule(wording, year)
    assert list(read.entries) == schedule, wording
    assert read.rest == ""


@given(st.text(alphabet="0123456789/.,;-–()[] \nTháng quýnămtrướcđếnhằngkhitheoIV", max_size=80))
def test_any_text_is_read_without_fault(text: str) -> None:
    parse_schedule(text, 2025)
    parse_reporting(text, 2025)


@pytest.mark.shared
@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_the_schedules_of_a_real_decision_are_read(path: Path) -> None:
    plan = Plan.from_json(json.loads(path.read_text("utf-8")))
    for objective in plan.objectives:
        for action in objective.actions:
            if action.when is not None:
                read = parse_schedule(action.when, plan.year)
                assert (read.entries, read.rest) == (action.schedule, "")
