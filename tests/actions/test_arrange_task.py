"""Moving, assigning, cancelling and reopening tasks."""

from __future__ import annotations

from datetime import date

import pytest

from camket.actions import operations
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from people import People
from work import NOW, make_task, submitted_task, unit_of


def test_a_moved_task_keeps_the_plans_day(people: People) -> None:
    task = make_task(people)
    operations.move_due(
        actor=people.an, task_id=task.pk, due_on=date(2026, 8, 30), reason="Chờ văn bản", now=NOW
    )
    task.refresh_from_db()
    assert (task.due_original, task.due_on, task.late_after, task.is_moved) == (
        date(2026, 7, 10), date(2026, 8, 30), date(2026, 9, 3), True,
    )  # fmt: skip
    assert task.notes.get().text == "10/07/2026 → 30/08/2026: Chờ văn bản"
    assert Entry.objects.get(verb="task.moved").reason == "Chờ văn bản"


def test_moving_is_refused(people: People) -> None:
    task = make_task(people, {"kind": "during", "start": "2026-07-06", "end": "2026-07-10"})
    move = {"task_id": task.pk, "due_on": date(2026, 8, 3), "now": NOW}
    with pytest.raises(operations.ReasonMissing):
        operations.move_due(actor=people.an, reason="", **move)
    with pytest.raises(NotAllowed):
        operations.move_due(actor=people.dung, reason="x", **move)
    with pytest.raises(operations.DateNotPossible):
        operations.move_due(actor=people.an, reason="x", **{**move, "due_on": date(2026, 7, 5)})
    operations.cancel_task(actor=people.an, task_id=task.pk, reason="Bỏ", now=NOW)
    with pytest.raises(operations.TaskClosed):
        operations.move_due(actor=people.an, reason="x", **move)
    task.refresh_from_db()
    assert (task.due_on, task.is_moved) == (date(2026, 7, 10), False)


@pytest.mark.parametrize("who", ["an", "dung"])
def test_secretary_and_head_assign_and_take_back(people: People, who: str) -> None:
    task = make_task(people)
    actor = getattr(people, who)
    operations.assign_task(actor=actor, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    task.refresh_from_db()
    assert task.assignee_id == people.binh.person_id
    operations.assign_task(actor=actor, task_id=task.pk, person_id=None, now=NOW)
    task.refresh_from_db()
    assert task.assignee_id is None
    assert Entry.objects.filter(verb="task.assigned").count() == 2


def test_assigning_is_refused(people: People) -> None:
    task = make_task(people, lead=unit_of(people, 0))
    with pytest.raises(NotAllowed):
        operations.assign_task(actor=people.dung, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    with pytest.raises(operations.StrangerAssigned):
        operations.assign_task(actor=people.an, task_id=task.pk, person_id=people.chi.person_id, now=NOW)
    operations.cancel_task(actor=people.an, task_id=task.pk, reason="Bỏ", now=NOW)
    with pytest.raises(operations.TaskClosed):
        operations.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    task.refresh_from_db()
    assert task.assignee_id is None


def test_cancelling_needs_reason_and_right(people: People) -> None:
    task = make_task(people)
    with pytest.raises(operations.ReasonMissing):
        operations.cancel_task(actor=people.an, task_id=task.pk, reason="", now=NOW)
    with pytest.raises(NotAllowed):
        operations.cancel_task(actor=people.binh, task_id=task.pk, reason="x", now=NOW)
    task.refresh_from_db()
    assert task.state == "open"
    operations.cancel_task(actor=people.an, task_id=task.pk, reason="Không còn phù hợp", now=NOW)
    with pytest.raises(operations.TaskClosed):
        operations.cancel_task(actor=people.an, task_id=task.pk, reason="Không còn phù hợp", now=NOW)
    task.refresh_from_db()
    assert task.state == "cancelled"


def test_an_accepted_task_is_reopened_for_its_lead(people: People) -> None:
    task = submitted_task(people)
    operations.accept_task(actor=people.an, task_id=task.pk, now=NOW)
    with pytest.raises(operations.ReasonMissing):
        operations.reopen_task(actor=people.an, task_id=task.pk, reason="", now=NOW)
    with pytest.raises(NotAllowed):
        operations.reopen_task(actor=people.dung, task_id=task.pk, reason="x", now=NOW)
    operations.reopen_task(actor=people.an, task_id=task.pk, reason="Xác nhận nhầm", now=NOW)
    task.refresh_from_db()
    assert (task.state, task.done_on) == ("returned", None)
    with pytest.raises(operations.TaskClosed):
        operations.reopen_task(actor=people.an, task_id=task.pk, reason="Xác nhận nhầm", now=NOW)


def test_a_cancelled_task_is_reopened_to_do(people: People) -> None:
    task = make_task(people)
    operations.cancel_task(actor=people.an, task_id=task.pk, reason="Nhầm", now=NOW)
    operations.reopen_task(actor=people.an, task_id=task.pk, reason="Hủy nhầm", now=NOW)
    task.refresh_from_db()
    assert task.state == "open"
