"""Acts on many tasks of a list at once: what is done, what is left and why, and what undoing gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.actions import many, operations
from camket.actions.list_acts import NothingToDo, NotUndone, TooMany
from camket.actions.models import ListAct, Task
from camket.core.many import Left, Wanted
from camket.journal.meanwhile import newest
from camket.journal.models import Entry
from camket.journal.queries import verify
from camket.notifications.models import Notification
from camket.org.models import Membership, Unit
from camket.org.policy import NotAllowed, Seen
from people import People
from work import NOW, in_force, make_action, make_task, submitted_task, unit_of

LATER = date(2026, 8, 30)


def tasks_of(people: People, number: int, **fields: Any) -> list[Task]:
    days = [{"kind": "by", "date": f"2026-{7 + at // 28:02}-{at % 28 + 1:02}"} for at in range(number)]
    action = make_action(people, *days, **fields)
    in_force(people, action)
    return list(action.tasks.order_by("due_on"))


def act(people: People, name: str, tasks: list[Task], actor: Any = None, **wanted: Any) -> ListAct:
    return many.act_on_tasks(
        actor=actor or people.an,
        act=name,
        task_ids=[each.pk for each in tasks],
        wanted=Wanted(**wanted),
        now=NOW,
    )


def left_of(found: ListAct) -> dict[int, str]:
    return {each.id: str(each.why) for each in (Left.from_json(one) for one in found.left)}


def told(topic: str) -> list[tuple[int, str]]:
    rows = Notification.objects.filter(topic=topic).order_by("pk")
    return [(each.person_id, each.message["template"] % each.message["params"]) for each in rows]


def test_tasks_are_given_to_a_person_who_is_told_once_and_those_that_are_closed_stay(people: People) -> None:
    first, second, closed = tasks_of(people, 3)
    operations.cancel_task(actor=people.an, task_id=closed.pk, reason="Bỏ", now=NOW)
    found = act(people, "assign", [first, second, closed], person_id=people.binh.person_id)
    assert set(Task.objects.filter(assignee_id=people.binh.person_id)) == {first, second}
    assert left_of(found) == {closed.pk: "The task is closed."}
    assert [person for person, _text in told("assigned")] == [people.binh.person_id]
    assert "gives you 2 pieces of work" in told("assigned")[0][1]
    assert Entry.objects.filter(verb="task.assigned", reason="").count() == 2
    assert first.notes.get().text == "Trần Văn Bình"
    assert verify(people.agency.pk).broken_at is None


def test_the_same_act_again_finds_everything_done_and_writes_nothing(people: People) -> None:
    tasks = tasks_of(people, 2)
    act(people, "assign", tasks, person_id=people.binh.person_id)
    entries = Entry.objects.count()
    with pytest.raises(NothingToDo) as refused:
        act(people, "assign", tasks, person_id=people.binh.person_id)
    assert {str(each.why) for each in refused.value.plan.left} == {"It stands so already."}
    assert (Entry.objects.count(), ListAct.objects.count()) == (entries, 1)


def test_tasks_given_to_another_unit_are_nobodys_by_name(people: People) -> None:
    task = make_task(people)
    office = unit_of(people, 0)
    operations.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    act(people, "assign", [task], unit_id=office.pk)
    task.refresh_from_db()
    assert (task.unit_id, task.assignee_id) == (office.pk, None)


def test_a_head_gives_out_the_own_units_tasks_alone_and_to_no_other_unit(people: People) -> None:
    own, others = make_task(people), make_task(people, lead=unit_of(people, 0))
    found = act(people, "assign", [own, others], people.dung, person_id=people.binh.person_id)
    assert [each["id"] for each in found.changes] == [own.pk]
    assert left_of(found) == {others.pk: "This is not among what you may do with it."}
    with pytest.raises(NothingToDo):
        act(people, "assign", [own], people.dung, unit_id=unit_of(people, 0).pk)
    with pytest.raises(NotAllowed):
        act(people, "postpone", [own], people.dung, on=LATER, words="Chờ")
    with pytest.raises(NotAllowed):
        act(people, "assign", [own], people.binh, person_id=people.binh.person_id)


def test_tasks_of_another_agency_are_not_there(people: People) -> None:
    task = make_task(people)
    with pytest.raises(Task.DoesNotExist):
        act(people, "remind", [task], people.chi)
    with pytest.raises(Unit.DoesNotExist):
        act(people, "assign", [task], unit_id=people.other_agency.units.first().pk)
    with pytest.raises(operations.StrangerAssigned):
        act(people, "assign", [task], person_id=people.chi.person_id)
    task.refresh_from_db()
    assert (task.assignee_id, ListAct.objects.count()) == (None, 0)


def test_tasks_are_put_off_with_a_reason_and_undone_as_they_were(people: People) -> None:
    tasks = tasks_of(people, 3)
    with pytest.raises(many.DayMissing):
        act(people, "postpone", tasks, words="Chờ")
    found = act(people, "postpone", tasks, on=LATER, words="Chờ văn bản")
    assert set(Task.objects.values_list("due_on", "late_after", "is_moved")) == {
        (LATER, date(2026, 9, 3), True)
    }
    assert tasks[0].notes.get().text == "01/07/2026 → 30/08/2026: Chờ văn bản"
    operations.comment_task(actor=people.binh, task_id=tasks[2].pk, text="Đã rõ", now=NOW)
    undone = many.undo_on_tasks(actor=people.an, list_act_id=found.pk, now=NOW + timedelta(hours=2))
    days = {
        pk: (due, late, moved)
        for pk, due, late, moved in Task.objects.values_list("pk", "due_on", "late_after", "is_moved")
    }
    assert days[tasks[0].pk] == (tasks[0].due_on, tasks[0].late_after, False)
    assert days[tasks[1].pk] == (tasks[1].due_on, tasks[1].late_after, False)
    assert days[tasks[2].pk] == (LATER, date(2026, 9, 3), True)
    assert [each["id"] for each in undone.stayed] == [tasks[2].pk]
    assert "Trần Văn Bình acted on it" in undone.stayed[0]["template"] % undone.stayed[0]["params"]
    entry = Entry.objects.get(verb="task.undone", subject_id=tasks[0].pk)
    assert (entry.before["due_on"], entry.after["due_on"]) == ("2026-08-30", tasks[0].due_on.isoformat())
    texts = [text for _person, text in told("changed")]
    assert [text.split(".")[0] for text in texts] == [
        "3 pieces of work are now due on 30/08/2026: Chờ văn bản",
        "Nguyễn Thị An takes back what was done to 2 pieces of work; all is as before",
    ]
    assert {person for person, _text in told("changed")} == {people.dung.person_id}
    with pytest.raises(NotUndone):
        many.undo_on_tasks(actor=people.an, list_act_id=found.pk, now=NOW)


def test_an_act_is_undone_by_its_own_doer_within_a_day_and_only_where_harmless(people: People) -> None:
    task = make_task(people)
    found = act(people, "assign", [task], person_id=people.binh.person_id)
    with pytest.raises(ListAct.DoesNotExist):
        many.undo_on_tasks(actor=people.dung, list_act_id=found.pk, now=NOW)
    with pytest.raises(ListAct.DoesNotExist):
        many.undo_on_tasks(actor=people.chi, list_act_id=found.pk, now=NOW)
    with pytest.raises(NotUndone):
        many.undo_on_tasks(actor=people.an, list_act_id=found.pk, now=NOW + timedelta(hours=25))
    reminded = act(people, "remind", [task])
    with pytest.raises(NotUndone):
        many.undo_on_tasks(actor=people.an, list_act_id=reminded.pk, now=NOW)
    task.refresh_from_db()
    assert task.assignee_id == people.binh.person_id


def test_a_task_does_not_go_back_to_who_has_left_since(people: People) -> None:
    first, second = tasks_of(people, 2)
    act(people, "assign", [first], person_id=people.binh.person_id)
    found = act(people, "assign", [first, second], person_id=people.dung.person_id)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 6, 30))
    undone = many.undo_on_tasks(actor=people.an, list_act_id=found.pk, now=NOW)
    assert [each["id"] for each in undone.stayed] == [first.pk]
    assert dict(Task.objects.values_list("pk", "assignee_id")) == {
        first.pk: people.dung.person_id,
        second.pk: None,
    }


def test_submitted_tasks_are_accepted_but_for_the_own_and_those_not_submitted(people: People) -> None:
    sent, own, still_open = submitted_task(people), submitted_task(people, people.an), make_task(people)
    found = act(people, "accept", [sent, own, still_open], words="Tốt")
    sent.refresh_from_db()
    assert (sent.state, sent.progress, sent.done_on, sent.reviewed_by_id) == (
        "accepted", 100, date(2026, 7, 1), people.an.person_id,
    )  # fmt: skip
    assert left_of(found) == {
        own.pk: "You submitted this task yourself; another person has to accept or return it.",
        still_open.pk: "The task is not waiting for acceptance.",
    }
    assert told("accepted")[0][0] == people.binh.person_id
    assert sent.notes.order_by("pk").last().text == "Tốt"


def test_a_reminder_goes_out_once_a_day_to_who_does_the_work(people: People) -> None:
    first, second = tasks_of(people, 2, lead_person=people.binh, lead=None)
    act(people, "remind", [first], words="Cần số liệu hôm nay.")
    found = act(people, "remind", [first, second])
    assert left_of(found) == {first.pk: "Reminded of today already."}
    assert [person for person, _text in told("reminded")] == [people.binh.person_id] * 2
    assert "Cần số liệu hôm nay" in told("reminded")[0][1]
    assert Entry.objects.filter(verb="task.nudged").count() == 2


def test_what_somebody_else_changed_after_the_page_was_opened_is_left(people: People) -> None:
    first, second = tasks_of(people, 2)
    opened = replace(people.an, seen=Seen(until=newest(people.agency.pk)))
    operations.assign_task(actor=people.dung, task_id=first.pk, person_id=people.dung.person_id, now=NOW)
    found = act(people, "assign", [first, second], opened, person_id=people.binh.person_id)
    first.refresh_from_db()
    assert first.assignee_id == people.dung.person_id
    assert "It was changed after you had opened" in left_of(found)[first.pk]
    assert [each["id"] for each in found.changes] == [second.pk]


def test_a_preview_says_what_the_act_does_and_writes_nothing(people: People) -> None:
    first, closed = tasks_of(people, 2)
    operations.cancel_task(actor=people.an, task_id=closed.pk, reason="Bỏ", now=NOW)
    entries = Entry.objects.count()
    made = many.preview(
        actor=people.an, act="assign", task_ids=[first.pk, closed.pk], wanted=Wanted(person_id=people.binh.person_id), now=NOW,
    )  # fmt: skip
    assert [(each.id, each.after) for each in made.changes] == [
        (first.pk, {"assignee": people.binh.person_id})
    ]
    assert [each.id for each in made.left] == [closed.pk]
    assert (Entry.objects.count(), ListAct.objects.count()) == (entries, 0)


def test_too_many_rows_are_refused(people: People) -> None:
    with pytest.raises(TooMany):
        many.preview(actor=people.an, act="remind", task_ids=range(201), wanted=Wanted(), now=NOW)


def test_ninety_tasks_take_no_more_statements_than_ten(people: People) -> None:
    numbers = []
    tasks = tasks_of(people, 100)
    for at, some in enumerate((tasks[:10], tasks[10:])):
        with CaptureQueriesContext(connection) as asked:
            act(people, "postpone", some, on=LATER + timedelta(days=at), words="Chờ")
        numbers.append(len(asked))
    assert numbers[1] <= numbers[0] + 2, numbers
    assert numbers[1] <= 45


def test_who_monitors_by_the_plan_accepts_and_reminds_of_that_alone(people: People) -> None:
    assert many.acts_of(people.binh) == ()
    watched = submitted_task(people, actor=people.an, lead=unit_of(people, 0), monitor=unit_of(people, 1))
    other = submitted_task(people, actor=people.an, lead=unit_of(people, 0))
    assert many.acts_of(people.binh) == ("accept", "remind")
    found = act(people, "accept", [watched, other], actor=people.binh)
    assert set(Task.objects.filter(state="accepted")) == {watched}
    assert left_of(found) == {other.pk: "This is not among what you may do with it."}
    with pytest.raises(NotAllowed):
        act(people, "assign", [other], actor=people.binh, person_id=people.binh.person_id)
