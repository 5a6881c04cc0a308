from __future__ import annotations

from datetime import date

import pytest

from camket.actions import operations
from camket.actions.models import Action, ActionBody, Task, Trigger
from camket.journal.models import Entry
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People
from work import NOW, QUARTERLY, YEAR, in_force, make_action, unit_of


def test_schedules_become_tasks_of_the_lead_unit(people: People) -> None:
    action = make_action(people, QUARTERLY, {"kind": "yearly_by", "month": 8, "day": 30})
    assert in_force(people, action) == 5
    tasks = list(action.tasks.order_by("due_on"))
    assert [task.due_original for task in tasks] == [
        date(2026, 3, 31), date(2026, 6, 30), date(2026, 8, 30), date(2026, 9, 30), date(2026, 12, 31),
    ]  # fmt: skip
    sunday = tasks[2]
    assert (sunday.due_on, sunday.late_after) == (date(2026, 8, 28), date(2026, 9, 3))
    assert {task.unit_id for task in tasks} == {unit_of(people, 1).pk}
    assert {task.agency_id for task in tasks} == {people.agency.pk}
    action.refresh_from_db()
    assert action.state == Action.State.ACTIVE
    entry = Entry.objects.get(verb="action.in_force")
    assert (entry.subject_type, entry.subject_id) == ("org.agency", people.agency.pk)
    assert entry.after == {"actions": 1, "tasks": 5, "cancelled": 0}


def test_labels_are_kept_in_vietnamese(people: People) -> None:
    action = make_action(people, QUARTERLY)
    in_force(people, action)
    assert [task.label for task in action.tasks.order_by("due_on")] == [
        "Quý I/2026", "Quý II/2026", "Quý III/2026", "Quý IV/2026",
    ]  # fmt: skip


def test_bringing_into_force_again_changes_nothing(people: People) -> None:
    action = make_action(people, QUARTERLY, {"kind": "on_event", "event": "Khi có thay đổi"})
    in_force(people, action)
    before = list(Task.objects.order_by("pk").values())
    entries = Entry.objects.count()
    assert in_force(people, action) == 0
    assert list(Task.objects.order_by("pk").values()) == before
    assert Trigger.objects.count() == 1
    assert Entry.objects.count() == entries


def test_events_become_triggers_with_their_limit(people: People) -> None:
    action = make_action(
        people,
        {"kind": "on_event", "event": "Khi có thay đổi", "within": {"days": 5, "working": True}},
        {"kind": "on_event", "event": "đột xuất"},
    )
    assert in_force(people, action) == 0
    assert list(action.triggers.order_by("pk").values_list("event", "within_days", "within_working")) == [
        ("Khi có thay đổi", 5, True),
        ("đột xuất", None, True),
    ]


def test_a_lead_person_is_the_assignee_and_brings_the_unit(people: People) -> None:
    action = make_action(people, QUARTERLY, lead_person=people.binh)
    in_force(people, action)
    task = action.tasks.order_by("due_on")[0]
    assert (task.assignee_id, task.unit_id) == (people.binh.person_id, unit_of(people, 1).pk)


def test_the_first_mapped_lead_owns_the_tasks(people: People) -> None:
    action = make_action(people, QUARTERLY, lead=unit_of(people, 2))
    ActionBody.objects.filter(action=action).update(unit=None)
    ActionBody.objects.create(
        action=action, part="lead", text="Phòng Kinh tế", unit=unit_of(people, 1), order=1
    )
    in_force(people, action)
    assert action.tasks.filter(unit=unit_of(people, 1)).count() == 4


def test_an_unmapped_lead_leaves_tasks_without_owner(people: People) -> None:
    action = make_action(people, QUARTERLY)
    ActionBody.objects.filter(action=action).update(unit=None)
    in_force(people, action)
    assert action.tasks.filter(unit=None, assignee=None).count() == 4


def test_the_agencys_rhythm_dates_continuous_work(people: People) -> None:
    people.agency.rhythm = "half_year"
    people.agency.save()
    action = make_action(people, {"kind": "continuous"})
    assert in_force(people, action) == 2
    assert set(action.tasks.values_list("kind", flat=True)) == {"checkpoint"}


def test_repeated_work_before_the_decision_is_left_out(people: People) -> None:
    action = make_action(people, QUARTERLY, {"kind": "by", "date": "2026-01-05"})
    assert in_force(people, action, since=date(2026, 4, 1)) == 4


def test_report_days_of_the_agency_date_what_comes_before_a_report(people: People) -> None:
    action = make_action(people, {"kind": "before_report", "days": 10})
    in_force(people, action)
    assert [task.due_original for task in action.tasks.order_by("due_on")] == [
        date(2026, 6, 5),
        date(2026, 11, 20),
    ]


def test_untouched_tasks_that_are_no_longer_scheduled_are_cancelled_and_come_back(people: People) -> None:
    action = make_action(people, QUARTERLY)
    in_force(people, action)
    first = action.tasks.order_by("due_on")[0]
    operations.record_progress(actor=people.binh, task_id=first.pk, progress=30, note="", now=NOW)
    action.schedule = [{"kind": "every", "period": "half_year"}]
    action.save()
    assert in_force(people, action) == 2
    states = list(action.tasks.order_by("due_on", "pk").values_list("occurrence", "state"))
    assert sorted(state for key, state in states if ":quarter:" in key) == ["cancelled"] * 3 + ["open"]
    action.schedule = [QUARTERLY]
    action.save()
    assert in_force(people, action) == 0
    assert action.tasks.filter(state="open").count() == 4


def test_a_task_cancelled_by_a_person_stays_cancelled(people: People) -> None:
    action = make_action(people, QUARTERLY)
    in_force(people, action)
    task = action.tasks.order_by("due_on")[0]
    operations.cancel_task(actor=people.an, task_id=task.pk, reason="Không còn cần thiết", now=NOW)
    in_force(people, action)
    task.refresh_from_db()
    assert task.state == Task.State.CANCELLED


def bring(people: People, actor: Actor, action: Action) -> int:
    return operations.bring_into_force(
        actor=actor, action_ids=[action.pk], period=YEAR, origin=people.agency, today=TODAY
    )


def test_officers_are_refused(people: People) -> None:
    action = make_action(people, QUARTERLY)
    with pytest.raises(NotAllowed):
        bring(people, people.binh, action)
    assert not Task.objects.exists()


def test_a_stranger_does_not_find_the_action(people: People) -> None:
    action = make_action(people, QUARTERLY)
    with pytest.raises(Action.DoesNotExist):
        bring(people, people.chi, action)
    assert not Task.objects.exists()
    action.refresh_from_db()
    assert action.state == Action.State.DRAFT


def test_an_ended_action_is_refused(people: People) -> None:
    action = make_action(people, QUARTERLY, state="ended")
    with pytest.raises(operations.ActionNotInForce):
        in_force(people, action)
    assert not Task.objects.exists()


def test_many_actions_take_few_statements(people: People, django_assert_max_num_queries: object) -> None:
    actions = [make_action(people, QUARTERLY, number=str(number)) for number in range(20)]
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        assert in_force(people, *actions) == 80


def carry(people: People, actor: Actor, successors: dict[Action, Action]) -> int:
    return operations.carry_over(
        actor=actor,
        successors={old.pk: new.pk for old, new in successors.items()},
        origin=people.agency,
        today=TODAY,
    )


def test_carrying_over_keeps_what_was_reported(people: People) -> None:
    old = make_action(people, QUARTERLY, {"kind": "on_event", "event": "đột xuất"})
    in_force(people, old)
    done = old.tasks.order_by("due_on")[0]
    operations.submit_task(actor=people.binh, task_id=done.pk, result="Xong", now=NOW)
    new = make_action(people, QUARTERLY, {"kind": "on_event", "event": "đột xuất"})
    moved = carry(people, people.an, {old: new})
    assert moved == 4
    assert in_force(people, new) == 0
    old.refresh_from_db()
    new.refresh_from_db()
    done.refresh_from_db()
    assert (old.state, new.state, new.continues_id) == ("ended", "active", old.pk)
    assert (done.action_id, done.state) == (new.pk, "submitted")
    assert new.triggers.count() == 1
    assert not old.triggers.exists()


def test_carrying_over_to_an_action_that_has_the_trigger_keeps_its_tasks(people: People) -> None:
    event = {"kind": "on_event", "event": "đột xuất", "within": {"days": 2, "working": True}}
    old, new = make_action(people, event), make_action(people, event)
    in_force(people, old, new)
    fired = operations.fire_trigger(
        actor=people.binh, trigger_id=old.triggers.get().pk, happened_on=TODAY, note="", now=NOW
    )
    carry(people, people.an, {old: new})
    fired.refresh_from_db()
    assert fired.trigger_id == new.triggers.get().pk


def test_carrying_over_many_takes_few_statements(
    people: People, django_assert_max_num_queries: object
) -> None:
    event = {"kind": "on_event", "event": "đột xuất"}
    old = [make_action(people, QUARTERLY, event, number=str(number)) for number in range(20)]
    new = [make_action(people, QUARTERLY, event, number=str(number)) for number in range(20)]
    in_force(people, *old)
    kept = {task.pk: task.action_id for task in Task.objects.all()}
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        assert carry(people, people.an, dict(zip(old, new, strict=True))) == 80
    heir = {before.pk: after.pk for before, after in zip(old, new, strict=True)}
    assert {task.pk: task.action_id for task in Task.objects.all()} == {
        pk: heir[action_id] for pk, action_id in kept.items()
    }
    assert Trigger.objects.filter(action__in=new).count() == 20
    assert set(Action.objects.filter(pk__in=heir).values_list("state", flat=True)) == {"ended"}
    entry = Entry.objects.get(verb="action.carried_over")
    assert entry.after == {"actions": 20, "tasks": 80}


def test_a_task_that_the_successor_has_stays_with_the_old_action(people: People) -> None:
    old, new = make_action(people, QUARTERLY), make_action(people, QUARTERLY)
    in_force(people, old)
    twin = old.tasks.order_by("due_on")[0]
    Task.objects.create(
        agency=people.agency,
        action=new,
        kind=twin.kind,
        occurrence=twin.occurrence,
        due_on=twin.due_on,
        due_original=twin.due_original,
        late_after=twin.late_after,
    )
    assert carry(people, people.an, {old: new}) == 3
    assert list(old.tasks.values_list("pk", flat=True)) == [twin.pk]
    assert new.tasks.count() == 4


def test_carrying_over_is_refused_to_strangers_and_officers(people: People) -> None:
    old, new = make_action(people, QUARTERLY), make_action(people, QUARTERLY)
    in_force(people, old)
    with pytest.raises(Action.DoesNotExist):
        carry(people, people.chi, {old: new})
    with pytest.raises(NotAllowed):
        carry(people, people.binh, {old: new})
    assert old.tasks.count() == 4


def end(people: People, actor: Actor, action: Action, reason: str = "Bỏ theo quyết định sửa đổi") -> int:
    return operations.end_actions(
        actor=actor, action_ids=[action.pk], origin=people.agency, today=TODAY, reason=reason
    )


def test_ending_actions_cancels_what_is_open_and_keeps_what_is_done(people: People) -> None:
    action = make_action(people, QUARTERLY)
    in_force(people, action)
    done = action.tasks.order_by("due_on")[0]
    operations.submit_task(actor=people.binh, task_id=done.pk, result="Xong", now=NOW)
    operations.accept_task(actor=people.an, task_id=done.pk, now=NOW)
    assert end(people, people.an, action) == 3
    assert Entry.objects.get(verb="action.ended").after == {"actions": [action.text], "cancelled": 3}
    assert end(people, people.an, action) == 0
    assert Entry.objects.filter(verb="action.ended").count() == 1
    assert sorted(action.tasks.values_list("state", flat=True)) == [
        "accepted",
        "cancelled",
        "cancelled",
        "cancelled",
    ]


def test_ending_actions_needs_a_reason_and_the_right(people: People) -> None:
    action = make_action(people, QUARTERLY)
    in_force(people, action)
    with pytest.raises(operations.ReasonMissing):
        end(people, people.an, action, reason=" ")
    with pytest.raises(NotAllowed):
        end(people, people.binh, action)
    with pytest.raises(Action.DoesNotExist):
        end(people, people.chi, action)
    assert action.tasks.filter(state="open").count() == 4
