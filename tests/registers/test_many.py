"""Acts on many entries of a register's list at once: what is done, what is left and why, and what undoing gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from camket.actions.list_acts import NothingToDo, NotUndone
from camket.actions.models import ListAct
from camket.core.many import Left, Wanted
from camket.core.registers import REGISTERS
from camket.journal.meanwhile import newest
from camket.journal.models import Entry as JournalEntry
from camket.notifications.models import Mail, Notification
from camket.org.models import Membership, Role, Unit
from camket.org.policy import Actor, NotAllowed, Seen
from camket.registers import tally
from camket.registers.models import Entry, EntryCount, Extension
from camket.registers.operations import (
    ExtensionNotPossible,
    act_on_entries,
    acts_of,
    ask_extension,
    change,
    decide_extension,
    enter,
    finish,
    preview_many,
    undo_on_entries,
)
from notifications.conftest import mail_set_up as mail_set_up
from notifications.conftest import reachable
from people import People, actor_of, make_person
from work import unit_of

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LATER = date(2026, 7, 20)
pytestmark = pytest.mark.django_db


def given(people: People, number: int, **said: object) -> Entry:
    values = {
        "number": f"{number}/TB-UBND",
        "on": "22/06/2026",
        "source": "UBND tỉnh",
        "title": f"Rà soát hồ sơ {number}",
        "unit": str(unit_of(people, 1).pk),
        "due_on": "03/07/2026",
        **said,
    }
    return enter(actor=people.an, register="directives", values=values, now=NOW)


def act(people: People, name: str, entries: list[Entry], actor: Any = None, **wanted: Any) -> ListAct:
    return act_on_entries(
        actor=actor or people.an,
        register="directives",
        act=name,
        entry_ids=[each.pk for each in entries],
        wanted=Wanted(**wanted),
        now=NOW,
    )


def undone(people: People, found: ListAct, actor: Any = None, after: timedelta = timedelta(0)) -> ListAct:
    return undo_on_entries(
        actor=actor or people.an, register="directives", list_act_id=found.pk, now=NOW + after
    )


def left_of(found: ListAct) -> dict[int, str]:
    return {each.id: str(each.why) for each in (Left.from_json(one) for one in found.left)}


def told(topic: str) -> list[tuple[int, str]]:
    rows = Notification.objects.filter(topic=topic).order_by("pk")
    return [(each.person_id, each.message["template"] % each.message["params"]) for each in rows]


def counts_are_kept(people: People) -> bool:
    register = REGISTERS["directives"]
    entries = Entry.objects.filter(agency=people.agency, register="directives")
    plain = tally.cells_of(entries, register, {})
    kept = EntryCount.objects.filter(agency=people.agency, register="directives").exclude(number=0)
    rows = kept.values_list("day", "count", "unit_key", "kind", "mark", "number")
    return {tuple(row[:5]): row[5] for row in rows} == dict(plain)


def test_work_is_given_to_a_person_with_the_persons_unit_and_undone(people: People) -> None:
    office = unit_of(people, 0)
    first, second, done = given(people, 1, unit=str(office.pk)), given(people, 2), given(people, 3)
    finish(actor=people.an, entry_id=done.pk, done_on=date(2026, 6, 30), now=NOW)
    found = act(people, "assign", [first, second, done], person_id=people.binh.person_id)
    for each in (first, second):
        each.refresh_from_db()
        assert (each.person_id, each.unit_id) == (people.binh.person_id, unit_of(people, 1).pk)
    assert left_of(found) == {done.pk: "This is not open: it is done or was withdrawn."}
    assert counts_are_kept(people)
    assert [text for person, text in told("assigned") if person == people.binh.person_id] == [
        "Nguyễn Thị An gives you 2 pieces of work. The first: Rà soát hồ sơ 1"
    ]
    change(actor=people.an, entry_id=second.pk, values={"note": "Gấp"}, now=NOW + timedelta(minutes=5))
    back = undone(people, found)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.person_id, first.unit_id) == (None, office.pk)
    assert second.person_id == people.binh.person_id
    assert [each["id"] for each in back.stayed] == [second.pk]
    assert counts_are_kept(people)
    assert [person for person, _text in told("changed")] == [people.binh.person_id]
    with pytest.raises(NotUndone):
        undone(people, found)


def test_undoing_gives_nothing_back_to_who_has_left_or_to_a_unit_that_is_gone(people: People) -> None:
    economy, culture = unit_of(people, 1), unit_of(people, 2)
    of_binh, of_unit, stays = (
        given(people, 1, person=str(people.binh.person_id)),
        given(people, 2),
        given(people, 3, unit=str(unit_of(people, 0).pk)),
    )
    found = act(people, "assign", [of_binh, of_unit, stays], unit_id=culture.pk, person_id=None)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 6, 30))
    Unit.objects.filter(pk=economy.pk).update(is_active=False)
    back = undone(people, found)
    assert {each["id"]: each["template"] for each in back.stayed} == dict.fromkeys(
        (of_binh.pk, of_unit.pk), "Whoever had it before is no longer there, so that it stays."
    )
    units = [Entry.objects.get(pk=each.pk).unit_id for each in (of_binh, of_unit, stays)]
    assert units == [culture.pk, culture.pk, unit_of(people, 0).pk]


def test_who_keeps_one_unit_gives_work_within_it_alone(people: People) -> None:
    own, others = given(people, 1), given(people, 2, unit=str(unit_of(people, 0).pk))
    found = act(people, "assign", [own, others], people.dung, person_id=people.binh.person_id)
    assert left_of(found) == {others.pk: "This is not among what you may do with it."}
    with pytest.raises(NothingToDo) as refused:
        act(people, "assign", [own], people.dung, unit_id=unit_of(people, 0).pk)
    assert str(refused.value.plan.left[0].why) == "You give work within your own unit alone."
    with pytest.raises(NotAllowed):
        act(people, "approve", [own], people.dung)


def test_entries_of_another_agency_or_another_register_are_not_there(people: People) -> None:
    entry = given(people, 1)
    with pytest.raises(Entry.DoesNotExist):
        act(people, "remind", [entry], people.chi)
    with pytest.raises(Entry.DoesNotExist):
        act_on_entries(
            actor=people.an,
            register="programme",
            act="remind",
            entry_ids=[entry.pk],
            wanted=Wanted(),
            now=NOW,
        )
    assert acts_of(actor=people.an, register=REGISTERS["grading"]) == ()


def test_more_time_is_asked_for_together_and_the_wish_taken_back_until_it_is_decided(people: People) -> None:
    chairman = actor_of(make_person(people.agency, "Lê Chủ Tịch", "chutich", Role.CHAIRMAN), people.agency)
    first, second, undated = given(people, 1), given(people, 2), given(people, 3, due_on="")
    found = act(people, "postpone", [first, second, undated], people.dung, on=LATER, words="Chờ số liệu")
    assert left_of(found) == {undated.pk: "Only open work with a last day can be put off."}
    assert set(Extension.objects.values_list("due_before", "due_after", "reason", "state")) == {
        (date(2026, 7, 3), LATER, "Chờ số liệu", "asked")
    }
    asked = [text for person, text in told("extension") if person == chairman.person_id]
    assert asked == [
        "Phạm Tiến Dũng asks for time until 20/07/2026 for 2 pieces of work: Chờ số liệu."
        " The first: Rà soát hồ sơ 1"
    ]
    decide_extension(
        actor=chairman,
        extension_id=first.extensions.get().pk,
        is_approved=True,
        now=NOW + timedelta(minutes=5),
    )
    back = undone(people, found, people.dung)
    assert [each["id"] for each in back.stayed] == [first.pk]
    assert (first.extensions.get().state, second.extensions.get().state) == ("approved", "taken_back")
    again = act(people, "postpone", [second], people.dung, on=LATER, words="Vẫn chờ")
    assert [each["id"] for each in again.changes] == [second.pk]


def test_no_time_is_asked_for_up_to_a_day_that_has_passed(people: People) -> None:
    entry = given(people, 1, due_on="24/06/2026")
    with pytest.raises(NothingToDo) as refused:
        act(people, "postpone", [entry], actor=people.dung, on=date(2026, 6, 30), words="Chờ số liệu")
    assert [str(each.why) for each in refused.value.plan.left] == [
        "The new last day has passed already; ask for one that is to come."
    ]
    with pytest.raises(ExtensionNotPossible, match="has passed already"):
        ask_extension(
            actor=people.dung,
            entry_id=entry.pk,
            due_after=date(2026, 6, 30),
            reason="Chờ số liệu",
            now=NOW,
        )
    assert not Extension.objects.exists()
    act(people, "postpone", [entry], actor=people.dung, on=NOW.date(), words="Xong trong hôm nay")
    assert Extension.objects.get().due_after == NOW.date()


def test_a_letter_about_what_is_undone_is_not_sent_unless_it_has_left(
    people: People, mail_set_up: None
) -> None:
    reachable(people.binh)
    entries = [given(people, 1), given(people, 2)]
    Mail.objects.all().delete()
    first = act(people, "assign", entries, person_id=people.binh.person_id)
    assert Mail.objects.get().state == Mail.State.WAITING
    undone(people, first)
    assert Mail.objects.get().state == Mail.State.DROPPED
    seen = {each.topic: each.seen_at is not None for each in told_to(people.binh, f"list-act:{first.pk}:")}
    assert seen == {"assigned": True, "changed": False}
    # What a mail server has, or is being given, stays; so does what is undone in part alone.
    second = act(people, "assign", entries, person_id=people.binh.person_id)
    Mail.objects.filter(state=Mail.State.WAITING).update(state=Mail.State.SENT)
    undone(people, second)
    third = act(people, "assign", entries, person_id=people.binh.person_id)
    finish(actor=people.an, entry_id=entries[0].pk, done_on=NOW.date(), now=NOW)
    undone(people, third)
    assert list(Mail.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "sent", "waiting"]
    assert not any(each.seen_at for each in told_to(people.binh, f"list-act:{third.pk}:done"))


def told_to(actor: Actor, key: str) -> QuerySet[Notification]:
    return Notification.objects.filter(person_id=actor.person_id, key__startswith=key)


def test_a_leader_approves_what_others_asked_for_and_not_the_own(people: People) -> None:
    chairman = actor_of(make_person(people.agency, "Lê Chủ Tịch", "chutich", Role.CHAIRMAN), people.agency)
    first, second, own = given(people, 1), given(people, 2), given(people, 3)
    act(people, "postpone", [first], people.dung, on=LATER, words="Chờ")
    act(people, "postpone", [own], chairman, on=LATER, words="Chờ")
    found = act(people, "approve", [first, second, own], chairman, words="Đồng ý")
    first.refresh_from_db()
    assert (first.due_on, first.due_original, first.extensions.get().state) == (
        LATER,
        date(2026, 7, 3),
        "approved",
    )
    assert left_of(found) == {
        second.pk: "No later last day waits for a decision here.",
        own.pk: "You asked for this yourself; another leader decides.",
    }
    assert counts_are_kept(people)
    text = "Lê Chủ Tịch gives more time, until 20/07/2026. Rà soát hồ sơ 1"
    assert (people.dung.person_id, text) in told("extension")
    with pytest.raises(NotUndone):
        undone(people, found, chairman)


def test_work_is_noted_as_done_and_a_day_that_cannot_be_is_refused(people: People) -> None:
    first, second = given(people, 1), given(people, 2)
    with pytest.raises(NothingToDo):
        act(people, "finish", [first, second], on=date(2026, 7, 2))
    found = act(people, "finish", [first, second], on=date(2026, 6, 30), words="Đã báo cáo")
    assert set(Entry.objects.values_list("state", "done_on")) == {("done", date(2026, 6, 30))}
    assert counts_are_kept(people)
    assert JournalEntry.objects.filter(verb="entry.finished", reason="Đã báo cáo").count() == 2
    with pytest.raises(NotUndone):
        undone(people, found)


def test_a_reminder_goes_out_once_a_day(people: People) -> None:
    entry = given(people, 1, person=str(people.binh.person_id))
    act(people, "remind", [entry], words="Gấp")
    with pytest.raises(NothingToDo):
        act(people, "remind", [entry])
    assert told("reminded") == [
        (people.binh.person_id, "Nguyễn Thị An reminds you of work: Gấp. Rà soát hồ sơ 1")
    ]


def test_what_somebody_else_changed_after_the_page_was_opened_is_left(people: People) -> None:
    first, second = given(people, 1), given(people, 2)
    opened = replace(people.an, seen=Seen(until=newest(people.agency.pk)))
    change(actor=people.dung, entry_id=first.pk, values={"note": "Đang làm"}, now=NOW)
    found = act(people, "assign", [first, second], opened, person_id=people.binh.person_id)
    assert [each["id"] for each in found.changes] == [second.pk]
    assert "It was changed after you had opened" in left_of(found)[first.pk]


def test_a_preview_writes_nothing_and_any_number_takes_as_many_statements(people: People) -> None:
    entries = [given(people, number) for number in range(1, 31)]
    before = (JournalEntry.objects.count(), Entry.objects.filter(person__isnull=False).count())
    made = preview_many(
        actor=people.an, register="directives", act="assign", entry_ids=[each.pk for each in entries],
        wanted=Wanted(person_id=people.binh.person_id), now=NOW,
    )  # fmt: skip
    assert len(made.changes) == 30
    assert (JournalEntry.objects.count(), Entry.objects.filter(person__isnull=False).count()) == before
    numbers = []
    for some in (entries[:3], entries[3:]):
        with CaptureQueriesContext(connection) as asked:
            act(people, "assign", some, person_id=people.binh.person_id)
        numbers.append(len(asked))
    assert numbers[1] <= numbers[0] + 1, numbers
    assert numbers[1] <= 45
