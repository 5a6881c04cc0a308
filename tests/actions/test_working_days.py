from __future__ import annotations

from datetime import date

import pytest

from camket.actions import operations, working_days
from camket.actions.models import Task
from camket.core.plan import Every, Period
from camket.journal.models import Entry
from camket.org.calendar import dating_of, report_dates, working_calendar, year_of_days
from camket.org.models import CalendarDay
from camket.org.policy import NotAllowed
from people import TODAY, People
from work import NOW, in_force, make_action, make_task, submitted_task

FRIDAY = date(2026, 7, 10)


def day_off(people: People, day: date = FRIDAY, **fields: object) -> int:
    values = {"is_working": False, "name": "Nghỉ theo thông báo", "source": "TB 12/TB-UBND", **fields}
    return working_days.set_calendar_day(actor=people.an, day=day, now=NOW, **values)  # type: ignore[arg-type]


def test_a_day_off_moves_what_is_open(people: People) -> None:
    task = make_task(people)
    assert day_off(people) == 1
    task.refresh_from_db()
    assert (task.due_original, task.due_on, task.late_after) == (FRIDAY, date(2026, 7, 9), date(2026, 7, 13))
    entry = Entry.objects.get(verb="calendar.day_set")
    assert entry.after["tasks"] == [[task.pk, "2026-07-10", "2026-07-09"]]


def test_taking_the_day_back_moves_it_back(people: People) -> None:
    task = make_task(people)
    day_off(people)
    assert working_days.reset_calendar_day(actor=people.an, day=FRIDAY, now=NOW) == 1
    task.refresh_from_db()
    assert (task.due_on, task.late_after) == (FRIDAY, FRIDAY)
    with pytest.raises(CalendarDay.DoesNotExist):
        working_days.reset_calendar_day(actor=people.an, day=FRIDAY, now=NOW)


def test_closed_tasks_stay_as_they_are(people: People) -> None:
    done, cancelled = submitted_task(people), make_task(people)
    operations.accept_task(actor=people.an, task_id=done.pk, now=NOW)
    operations.cancel_task(actor=people.an, task_id=cancelled.pk, reason="Bỏ", now=NOW)
    assert day_off(people) == 0
    assert set(Task.objects.values_list("due_on", "late_after")) == {(FRIDAY, FRIDAY)}


def test_a_day_chosen_by_a_person_stays_but_may_be_late_later(people: People) -> None:
    task = make_task(people)
    operations.move_due(actor=people.an, task_id=task.pk, due_on=date(2026, 7, 17), reason="Lùi", now=NOW)
    assert day_off(people, date(2026, 7, 17)) == 1
    task.refresh_from_db()
    assert (task.due_on, task.late_after) == (date(2026, 7, 17), date(2026, 7, 20))


def test_an_events_limit_is_counted_anew(people: People) -> None:
    event = {"kind": "on_event", "event": "Khi có thay đổi", "within": {"days": 5, "working": True}}
    action = make_action(people, event)
    in_force(people, action)
    task = operations.fire_trigger(
        actor=people.binh, trigger_id=action.triggers.get().pk, happened_on=TODAY, note="", now=NOW
    )
    assert day_off(people, date(2026, 7, 6)) == 1
    task.refresh_from_db()
    assert (task.due_original, task.due_on, task.late_after) == (
        date(2026, 7, 8),
        date(2026, 7, 9),
        date(2026, 7, 9),
    )


def test_another_agencys_days_do_not_matter(people: People) -> None:
    make_task(people)
    assert (
        working_days.set_calendar_day(
            actor=people.chi, day=FRIDAY, is_working=False, name="Nghỉ", source="", now=NOW
        )
        == 0
    )
    assert working_calendar(people.agency.pk).is_working(FRIDAY)
    assert not working_calendar(people.other_agency.pk).is_working(FRIDAY)


def test_an_own_working_day_wins_over_the_national_day_off(people: People) -> None:
    culture_day = date(2026, 11, 24)
    assert not working_calendar(people.agency.pk).is_working(culture_day)
    day_off(people, culture_day, is_working=True)
    assert working_calendar(people.agency.pk).is_working(culture_day)
    shown = year_of_days(people.an, 2026)
    assert [(day.is_own, day.is_working) for day in shown.days if day.day == culture_day] == [(True, True)]


def test_changing_the_calendar_is_refused(people: People) -> None:
    make_task(people)
    with pytest.raises(NotAllowed):
        working_days.set_calendar_day(
            actor=people.binh, day=FRIDAY, is_working=False, name="x", source="", now=NOW
        )
    with pytest.raises(working_days.DayNameMissing):
        day_off(people, name=" ")
    with pytest.raises(working_days.YearNotPossible):
        day_off(people, date(1999, 1, 1))
    with pytest.raises(NotAllowed):
        working_days.reset_calendar_day(actor=people.binh, day=FRIDAY, now=NOW)
    assert not CalendarDay.objects.filter(agency__isnull=False).exists()
    assert Task.objects.get().due_on == FRIDAY


def test_a_year_is_confirmed_for_the_agency_that_says_so(people: People) -> None:
    assert not year_of_days(people.an, 2027).is_confirmed
    with pytest.raises(operations.ReasonMissing):
        working_days.confirm_calendar_year(actor=people.an, year=2027, source="", now=NOW)
    with pytest.raises(NotAllowed):
        working_days.confirm_calendar_year(actor=people.binh, year=2027, source="x", now=NOW)
    with pytest.raises(working_days.YearNotPossible):
        working_days.confirm_calendar_year(actor=people.an, year=2101, source="x", now=NOW)
    working_days.confirm_calendar_year(actor=people.an, year=2027, source="Thông báo 01/TB-BNV", now=NOW)
    assert year_of_days(people.an, 2027).source == "Thông báo 01/TB-BNV"
    assert not year_of_days(people.chi, 2027).is_confirmed


@pytest.mark.parametrize(
    ("year", "known", "confirmed"), [(2019, False, False), (2026, True, True), (2027, True, False)]
)
def test_years_say_whether_they_are_known(people: People, year: int, known: bool, confirmed: bool) -> None:
    found = year_of_days(people.binh, year)
    assert (found.is_known, found.is_confirmed) == (known, confirmed)


def test_the_agencys_settings_date_schedules(people: People) -> None:
    people.agency.rhythm = "month"
    people.agency.half_year_report_by = "02-30"
    people.agency.save()
    period = Period(date(2025, 12, 15), date(2026, 12, 14))
    assert dating_of(people.agency.pk, period).rhythm is Every.MONTH
    assert report_dates(people.agency.pk, period) == (date(2026, 2, 28), date(2026, 11, 30))
    assert dating_of(people.agency.pk, period).report_dates == (date(2026, 2, 28), date(2026, 11, 30))
