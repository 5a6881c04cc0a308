"""The rules of feedback: its days, its kinds, its code, its life; days checked against counting one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core import feedback
from camket.core.calendar import WorkingCalendar
from camket.core.feedback import Limit, Standing, code_of, due_again, dues, limit_of, new_code, standing
from camket.core.workflow import NotPossible

CULTURE_DAY = date(2026, 11, 24)
CALENDAR = WorkingCalendar(
    days_off=frozenset({CULTURE_DAY, date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}),
    working_days=frozenset({date(2026, 8, 22)}),
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
CALENDARS = st.sets(DAYS, max_size=30).map(lambda days: WorkingCalendar(days_off=frozenset(days)))


@pytest.mark.parametrize(
    ("received", "pass_on_by", "due_on"),
    [
        (date(2026, 7, 3), date(2026, 7, 10), date(2026, 7, 17)),  # a Friday
        # A Saturday: the first day that counts is Monday.
        (date(2026, 7, 4), date(2026, 7, 10), date(2026, 7, 17)),
        (date(2026, 11, 20), date(2026, 11, 30), date(2026, 12, 7)),  # 24/11 is off
        (date(2026, 8, 20), date(2026, 8, 26), date(2026, 9, 7)),  # a Saturday worked, three days off
    ],
)
def test_days_are_counted_by_the_calendar_without_the_day_of_receipt(
    received: date, pass_on_by: date, due_on: date
) -> None:
    found = dues(received, pass_on_days=5, limit_days=10, calendar=CALENDAR)
    assert (found.pass_on_by, found.due_on, found.limit_days) == (pass_on_by, due_on, 10)


@given(received=DAYS, limit=st.integers(1, 30), calendar=CALENDARS)
def test_a_limit_ends_when_so_many_working_days_have_passed(
    received: date, limit: int, calendar: WorkingCalendar
) -> None:
    end = dues(received, pass_on_days=1, limit_days=limit, calendar=calendar).due_on
    worked = [
        received + timedelta(days=offset)
        for offset in range(1, (end - received).days + 1)
        if calendar.is_working(received + timedelta(days=offset))
    ]
    assert len(worked) == limit
    assert worked[-1] == end


@given(received=DAYS, calendar=CALENDARS, later=st.integers(0, 60))
def test_settled_by_the_last_day_is_in_time_and_after_it_late(
    received: date, calendar: WorkingCalendar, later: int
) -> None:
    found = dues(received, pass_on_days=5, limit_days=10, calendar=calendar)
    settled = received + timedelta(days=later)

    def at(state: str) -> Standing:
        return standing(
            state,
            pass_on_by=found.pass_on_by,
            due_on=found.due_on,
            settled_on=settled,
            on=settled,
            calendar=calendar,
        )

    assert (at("answered") is Standing.SETTLED_IN_TIME) == (settled <= found.due_on)
    assert (at("passed_on") is Standing.SETTLED_IN_TIME) == (settled <= found.pass_on_by)


def test_open_feedback_is_soon_due_two_working_days_before_and_overdue_after_its_last_day() -> None:
    def on(day: date, state: str = "assigned") -> Standing:
        return standing(
            state,
            pass_on_by=date(2026, 11, 19),
            due_on=date(2026, 11, 26),
            settled_on=None,
            on=day,
            calendar=CALENDAR,
        )

    assert on(date(2026, 11, 20)) is Standing.IN_TIME
    assert on(date(2026, 11, 23)) is Standing.SOON  # 24/11 is off: two working days are left
    assert on(date(2026, 11, 26)) is Standing.SOON
    assert on(date(2026, 11, 27)) is Standing.OVERDUE
    assert on(date(2026, 11, 17), "new") is Standing.SOON  # whose it is has to be known by the 19th


def test_the_most_particular_limit_holds_and_the_newest_of_equals() -> None:
    limits = [
        Limit(10),
        Limit(8, valid_from=date(2026, 6, 1)),
        Limit(5, kind="rules"),
        Limit(7, field_id=3),
        Limit(3, kind="rules", field_id=3, valid_to=date(2026, 6, 30)),
    ]

    def days(kind: str, field_id: int | None, on: date) -> int:
        found = limit_of(limits, kind=kind, field_id=field_id, on=on)
        assert found is not None
        return found.working_days

    assert days("other", None, date(2026, 5, 31)) == 10
    assert days("other", None, date(2026, 6, 1)) == 8
    assert days("rules", None, date(2026, 6, 1)) == 5
    assert days("rules", 3, date(2026, 6, 30)) == 3
    assert days("rules", 3, date(2026, 7, 1)) == 7
    assert limit_of([], kind="rules", field_id=None, on=date(2026, 7, 1)) is None


def test_what_was_late_stays_late_when_it_is_reopened() -> None:
    first, new = date(2026, 7, 10), date(2026, 8, 10)
    assert due_again(due_on=first, was_in_time=True, new_due=new) == new
    assert due_again(due_on=first, was_in_time=False, new_due=new) == first


@pytest.mark.parametrize(
    ("chosen", "text", "kept"),
    [
        ("other", "Đơn tố cáo ông A nhận tiền", "denunciation"),
        ("conduct", "Tôi tố cáo cán bộ", "denunciation"),
        ("other", "Tôi khiếu nại quyết định thu hồi đất", "other"),
        ("complaint", "Đề nghị xem lại", "complaint"),
        ("other", "Cán bộ ở quầy thái độ hách sạch", "conduct"),
        ("rules", "Mẫu đơn khó hiểu", "rules"),
        ("", "Lệ phí cao", "rules"),
        ("", "Đèn đường hỏng", "other"),
    ],
)
def test_feedback_is_kept_under_the_more_guarded_of_choice_and_words(
    chosen: str, text: str, kept: str
) -> None:
    assert feedback.guarded_kind(chosen, text) == kept


def test_codes_have_no_sign_that_is_taken_for_another_and_are_read_however_they_are_typed() -> None:
    assert not set("01OIL") & set(feedback.ALPHABET)
    code = new_code(lambda signs: signs[-1])
    assert code == "ZZZZZ-ZZZZZ"
    assert code_of(" zzzzz zzzzz") == code_of("ZZZZZZZZZZ") == code
    assert code_of("ZZZZZ-ZZZZ0") == code_of("") == code_of("Z" * 11) == ""


@pytest.mark.parametrize(
    ("state", "act"),
    [("new", "approve"), ("drafted", "assign"), ("answered", "set_aside"), ("routed", "supplement")],
)
def test_an_act_out_of_turn_is_refused_in_words(state: str, act: str) -> None:
    with pytest.raises(NotPossible) as refused:
        feedback.FEEDBACK.after(state, act)
    assert refused.value.message == feedback.FEEDBACK.explanations[state]


def test_a_person_is_found_by_the_whole_name_alone() -> None:
    people = [(1, "Trần Văn Bình"), (2, "Lê Bình"), (3, "Trần Văn Bình An")]
    assert feedback.named_among("ông TRẦN VĂN BÌNH, công chức", people) == (1,)
    assert feedback.named_among("ông Bình", people) == ()
