from __future__ import annotations

from datetime import date, timedelta

import pytest

from camket.actions import operations
from camket.actions.models import Task, Trigger
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from people import TODAY, People
from work import NOW, in_force, make_action, unit_of


@pytest.fixture
def limited(people: People) -> Trigger:
    event = {"kind": "on_event", "event": "Khi có thay đổi", "within": {"days": 5, "working": True}}
    action = make_action(people, event, monitor=unit_of(people, 0))
    in_force(people, action)
    return action.triggers.get()


@pytest.fixture
def unlimited(people: People) -> Trigger:
    action = make_action(people, {"kind": "on_event", "event": "đột xuất"})
    in_force(people, action)
    return action.triggers.get()


def test_the_plans_limit_dates_the_task(people: People, limited: Trigger) -> None:
    task = operations.fire_trigger(
        actor=people.binh,
        trigger_id=limited.pk,
        happened_on=TODAY,
        note="Thông tư mới",
        now=NOW,
        due_on=date(2026, 12, 1),
    )
    assert (task.kind, task.starts_on, task.due_on, task.late_after) == (
        "fired", TODAY, date(2026, 7, 8), date(2026, 7, 8),
    )  # fmt: skip
    assert task.unit_id == unit_of(people, 1).pk
    assert task.label == "Khi có thay đổi (Thông tư mới)"
    assert Entry.objects.filter(verb="trigger.fired", subject_id=task.pk).exists()


def test_without_a_limit_the_person_says_by_when(people: People, unlimited: Trigger) -> None:
    fire = {"actor": people.binh, "trigger_id": unlimited.pk, "happened_on": TODAY, "note": "", "now": NOW}
    with pytest.raises(operations.DueDateMissing):
        operations.fire_trigger(**fire)
    with pytest.raises(operations.DateNotPossible):
        operations.fire_trigger(**fire, due_on=TODAY - timedelta(days=1))
    assert not Task.objects.exists()
    task = operations.fire_trigger(**fire, due_on=date(2026, 7, 11))
    assert (task.due_on, task.late_after, task.is_moved) == (date(2026, 7, 11), date(2026, 7, 13), True)


def test_the_same_event_is_entered_once_a_day_unless_told_apart(people: People, limited: Trigger) -> None:
    fire = {"actor": people.binh, "trigger_id": limited.pk, "happened_on": TODAY, "now": NOW}
    operations.fire_trigger(**fire, note="")
    with pytest.raises(operations.AlreadyFired):
        operations.fire_trigger(**fire, note="")
    operations.fire_trigger(**fire, note="Quyết định khác")
    assert limited.tasks.count() == 2


def test_an_event_of_tomorrow_is_refused(people: People, limited: Trigger) -> None:
    with pytest.raises(operations.DateNotPossible):
        operations.fire_trigger(
            actor=people.binh, trigger_id=limited.pk, happened_on=TODAY + timedelta(days=1), note="", now=NOW
        )
    assert not Task.objects.exists()


def test_an_action_that_has_ended_is_refused(people: People, limited: Trigger) -> None:
    operations.end_actions(
        actor=people.an, action_ids=[limited.action_id], origin=people.agency, today=TODAY, reason="Bỏ"
    )
    with pytest.raises(operations.ActionNotInForce):
        operations.fire_trigger(actor=people.an, trigger_id=limited.pk, happened_on=TODAY, note="", now=NOW)


def test_only_bodies_named_and_the_secretary_fire(people: People, unlimited: Trigger) -> None:
    fire = {"trigger_id": unlimited.pk, "happened_on": TODAY, "now": NOW, "due_on": TODAY}
    with pytest.raises(NotAllowed):
        operations.fire_trigger(actor=people.chau, note="", **fire)
    with pytest.raises(Trigger.DoesNotExist):
        operations.fire_trigger(actor=people.chi, note="", **fire)
    assert not Task.objects.exists()
    operations.fire_trigger(actor=people.an, note="", **fire)
    operations.fire_trigger(actor=people.dung, note="lần hai", **fire)
    assert unlimited.tasks.count() == 2
