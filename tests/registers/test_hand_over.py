"""Work of the registers when somebody leaves, units are merged, days off change; what is held on a person."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from camket.core.registers import REGISTERS
from camket.journal.models import Entry as JournalEntry
from camket.notifications.models import Notification
from camket.org.models import CalendarDay
from camket.registers import holdings, queries
from camket.registers.hand_over import hand_on_work, move_units_work, redate_open_work, work_held
from camket.registers.models import Entry
from camket.registers.operations import enter, finish, withdraw
from people import People
from registers.test_entries import counted, directive, recounted, unit_of

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()


def given(people: People, **said: object) -> Entry:
    """Enter a directive given to Bình by name."""
    return enter(
        actor=people.an,
        register="directives",
        values=directive(people, person="Trần Văn Bình", **said),
        now=NOW,
    )


def test_open_work_goes_to_a_successor_or_back_to_the_unit(people: People) -> None:
    first, second, done = (given(people, number=f"{number}/TB") for number in (1, 2, 3))
    finish(actor=people.an, entry_id=done.pk, done_on=TODAY, now=NOW)
    held = work_held(people.agency.pk, people.binh.person_id)
    assert [each.id for each in held] == [first.pk, second.pk]
    successors = {first.pk: people.dung.person_id, second.pk: None}
    assert hand_on_work(actor=people.an, successors=successors, reason="Nghỉ hưu", now=NOW) == 2
    assert work_held(people.agency.pk, people.binh.person_id) == ()
    assert [each.person_id for each in Entry.objects.order_by("pk")] == [
        people.dung.person_id,
        None,
        people.binh.person_id,
    ]
    said = JournalEntry.objects.filter(verb="entry.handed_on").order_by("sequence").first()
    assert said is not None
    assert (said.before, said.after["person"], said.reason) == (
        {"person": people.binh.person_id},
        people.dung.person_id,
        "Nghỉ hưu",
    )
    assert counted(people) == recounted(people)
    handed_on = "work of the registers of a colleague"
    (told,) = [each for each in Notification.objects.all() if handed_on in each.message["template"]]
    assert (told.person_id, told.message["params"]["count"], told.topic) == (
        people.dung.person_id,
        "1",
        "assigned",
    )


def test_a_merged_units_open_work_goes_along_and_what_is_done_stays(people: People) -> None:
    still_open = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
    done = enter(actor=people.an, register="directives", values=directive(people, number="2/TB"), now=NOW)
    finish(actor=people.an, entry_id=done.pk, done_on=TODAY, now=NOW)
    unit = people.agency.units.get(pk=unit_of(people))
    into = people.agency.units.get(name__startswith="Văn phòng")
    assert move_units_work(actor=people.an, unit=unit, into=into, today=TODAY) == 1
    still_open.refresh_from_db()
    done.refresh_from_db()
    assert (still_open.unit_id, done.unit_id) == (into.pk, unit.pk)
    assert counted(people) == recounted(people)


def test_meetings_to_come_invite_the_unit_into_which_another_is_merged(people: People) -> None:
    unit = people.agency.units.get(pk=unit_of(people))
    into = people.agency.units.get(name__startswith="Văn phòng")
    both = f"{unit.name}; {into.name}; Trần Văn Bình"
    said = {"begins": "8h", "place": "Phòng họp số 1", "invited": both, "unit": unit.name}
    held, today, withdrawn = (
        enter(
            actor=people.an,
            register="meetings",
            values={"title": "Giao ban", "on": day, **said},
            now=NOW,
        )
        for day in (date(2026, 6, 30), TODAY, date(2026, 7, 15))
    )
    withdraw(actor=people.an, entry_id=withdrawn.pk, reason="Hoãn", now=NOW)
    assert move_units_work(actor=people.an, unit=unit, into=into, today=TODAY) == 2
    before = held.values["invited"]
    for each in (held, today, withdrawn):
        each.refresh_from_db()
    after = f"unit:{into.pk}; person:{people.binh.person_id}"
    assert [each.values["invited"] for each in (held, today, withdrawn)] == [before, after, after]
    assert [each.unit_id for each in (held, today, withdrawn)] == [unit.pk, into.pk, into.pk]
    assert today.values["place"] == "Phòng họp số 1"
    assert counted(people, "meetings") == recounted(people, "meetings")


def test_a_day_off_decided_later_moves_the_last_day_in_time(people: People) -> None:
    entry = enter(actor=people.an, register="directives", values=directive(people), now=NOW)
    CalendarDay.objects.create(agency=None, day=date(2026, 7, 3), kind=CalendarDay.Kind.OFF, name="Nghỉ bù")
    assert redate_open_work(agency_id=people.agency.pk, today=TODAY) == 1
    entry.refresh_from_db()
    assert (entry.due_on, entry.late_after) == (date(2026, 7, 3), date(2026, 7, 6))
    assert counted(people) == recounted(people)
    assert redate_open_work(agency_id=people.agency.pk, today=TODAY) == 0


def test_a_person_is_given_what_registers_say_of_the_person_alone(people: People) -> None:
    values = {
        "person": people.binh.person_id,
        "kind": "month",
        "on": date(2026, 6, 30),
        "outcome": "good",
        "source": "12/QĐ",
    }
    enter(actor=people.an, register="grading", values=values, now=NOW)
    entries, asked = holdings.collect(people.agency.pk, people.binh.person_id)
    assert len(entries.rows) == 1
    assert entries.rows[0][1] == "2026-06-30"
    assert asked.rows == ()
    entries, _asked = holdings.collect(people.agency.pk, people.dung.person_id)
    assert entries.rows == ()


def test_what_is_late_or_soon_is_found_for_reminders(people: People) -> None:
    late = enter(
        actor=people.an,
        register="directives",
        values=directive(people, number="1/TB", due_on="25/06/2026"),
        now=NOW,
    )
    soon = enter(
        actor=people.an,
        register="directives",
        values=directive(people, number="2/TB", due_on="04/07/2026"),
        now=NOW,
    )
    enter(
        actor=people.an,
        register="directives",
        values=directive(people, number="3/TB", due_on="20/07/2026"),
        now=NOW,
    )
    enter(actor=people.an, register="directives", values=directive(people, number="4/TB", due_on=""), now=NOW)
    found = queries.late_and_soon([people.agency.pk, people.other_agency.pk], TODAY)
    assert [(each.id, each.standing.value) for each in found] == [(late.pk, "late"), (soon.pk, "soon")]
    overview = {each.register.key: each for each in queries.overview(people.an, TODAY)}["directives"]
    assert (overview.open, overview.late, overview.soon, overview.this_year) == (4, 1, 1, 4)
    assert {each.register.key: each.open for each in queries.overview(people.chi, TODAY)}["directives"] == 0
    assert len(queries.overview(people.an, TODAY)) == len(REGISTERS)
