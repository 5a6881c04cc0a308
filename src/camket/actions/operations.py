"""What officials do with planned work: every write on actions, triggers and tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext

from camket.actions.models import Action, ActionBody, Task, TaskNote, Trigger
from camket.actions.policy import may_fire, may_report, may_review
from camket.actions.settling import settled
from camket.actions.telling import (
    told_accepted,
    told_assigned,
    told_cancelled,
    told_comment,
    told_fired,
    told_moved,
    told_reopened,
    told_returned,
    told_submitted,
)
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.periods import vietnamese
from camket.core.plan import Period, Within, schedule_from_json
from camket.core.schedules import due_after_event, occurrences, triggers
from camket.core.wording.text import one_line
from camket.documents.operations import NewEvidence, add_evidence
from camket.journal.operations import record
from camket.org.calendar import dating_of, working_calendar
from camket.org.models import Membership, Unit
from camket.org.operations import require_in_use
from camket.org.policy import Actor, NotAllowed, can, require
from camket.org.queries import held_on, unit_today

OPEN_STATES = (Task.State.OPEN, Task.State.RETURNED, Task.State.SUBMITTED)
TO_DO_STATES = (Task.State.OPEN, Task.State.RETURNED)


class Refused(Refusal):
    """A rule of the work is against it; ``message`` says which."""


class TaskClosed(Refused):
    """The task is done, cancelled or submitted, so that the act has no place."""


class ResultMissing(Refused):
    """A submission says nothing of the result and brings no evidence."""


class ReasonMissing(Refused):
    """The act needs a reason and none was given."""


class TextMissing(Refused):
    """A comment or a progress report without words and figures."""


class OwnSubmission(Refused):
    """Nobody accepts or returns what oneself submitted."""


class ProgressOutOfRange(Refused):
    """Progress is a whole number of per cent from 0 to 100."""


class DueDateMissing(Refused):
    """The plan sets no limit for the event, so that a person has to say by when."""


class DateNotPossible(Refused):
    """An event of the future, or a due day before its event."""


class AlreadyFired(Refused):
    """The same event of the same day was entered before."""


class ActionNotInForce(Refused):
    """The action is not in force (any more)."""


class StrangerAssigned(Refused):
    """The person named for a task has no post in the agency."""


def bring_into_force(
    *,
    actor: Actor,
    action_ids: Iterable[int],
    period: Period,
    origin: models.Model,
    today: date,
    since: date | None = None,
) -> int:
    """Bring actions into force: date their schedules into tasks and lay out their triggers; return how many tasks were made.

    Safe to repeat: an occurrence that has its task gets no second one. Tasks nobody has touched whose
    occurrence the schedule no longer has are cancelled. ``since`` is the day the decision takes
    effect: repeated work that fell before it is left out. What changed is one entry in the journal of ``origin``,
    the plan that the actions are of.

    Raises Action.DoesNotExist for an action of another agency, ActionNotInForce for one that has ended.
    """
    ids = sorted(set(action_ids))
    with transaction.atomic():
        actions = _actions_of_a_plan(actor, ids)
        if any(action.state == Action.State.ENDED for action in actions):
            raise ActionNotInForce(
                Message(gettext_noop("An action that has ended cannot be brought into force again."))
            )
        dating = dating_of(actor.agency_id, period)
        owners = _owners(actor.agency_id, ids)
        known: dict[int, set[str]] = defaultdict(set)
        for action_id, key in Task.objects.filter(action_id__in=ids).values_list("action_id", "occurrence"):
            known[action_id].add(key)
        events: dict[int, set[str]] = defaultdict(set)
        for action_id, event in Trigger.objects.filter(action_id__in=ids).values_list("action_id", "event"):
            events[action_id].add(event)
        new_tasks: list[Task] = []
        new_triggers: list[Trigger] = []
        scheduled: dict[int, set[str]] = {}
        for action in actions:
            entries = [schedule_from_json(entry) for entry in action.schedule]
            found = occurrences(
                entries,
                period,
                dating.calendar,
                rhythm=dating.rhythm,
                report_dates=dating.report_dates,
                since=since,
            )
            scheduled[action.pk] = {each.key for each in found}
            unit_id, person_id = owners.get(action.pk, (None, None))
            new_tasks += [
                Task(
                    agency_id=actor.agency_id,
                    action=action,
                    kind=each.kind.value,
                    occurrence=each.key,
                    label=_in_vietnamese(each.label),
                    starts_on=each.starts,
                    due_on=each.due,
                    due_original=each.due_original,
                    late_after=each.late_after,
                    unit_id=unit_id,
                    assignee_id=person_id,
                )
                for each in found
                if each.key not in known[action.pk]
            ]
            new_triggers += [
                Trigger(
                    action=action,
                    event=each.event[:500],
                    within_days=each.within.days if each.within else None,
                    within_working=each.within.working if each.within else True,
                )
                for each in triggers(entries)
                if each.event[:500] not in events[action.pk]
            ]
        Task.objects.bulk_create(new_tasks, batch_size=500)
        Trigger.objects.bulk_create(new_triggers, batch_size=500)
        dropped = _cancel_unscheduled(ids, scheduled)
        _restore_scheduled(ids, scheduled)
        begun = Action.objects.filter(pk__in=ids, state=Action.State.DRAFT).update(state=Action.State.ACTIVE)
        if begun or new_tasks or new_triggers or dropped:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="action.in_force",
                subject=origin,
                on=today,
                after={"actions": len(ids), "tasks": len(new_tasks), "cancelled": dropped},
            )
    return len(new_tasks)


def carry_over(*, actor: Actor, successors: Mapping[int, int], origin: models.Model, today: date) -> int:
    """Hand actions' tasks and triggers on to those that continue them in an amended plan; return how many tasks.

    ``successors`` names for each old action the new one. The old ones end. Bring the new ones into force afterwards:
    occurrences they still have keep their tasks, with all that was reported on them. ``origin`` is the amended plan,
    in whose journal this is entered.

    Raises Action.DoesNotExist for actions of another agency.
    """
    with transaction.atomic():
        both = _actions_of_a_plan(actor, {*successors, *successors.values()})
        found = {action.pk: action for action in both}
        if not successors:
            return 0
        for old_id, new_id in successors.items():
            found[new_id].continues_id = old_id
        new_ids = list(successors.values())
        Action.objects.bulk_update([found[pk] for pk in new_ids], ["continues"], batch_size=500)
        moved = _hand_on_tasks(successors)
        _hand_on_triggers(successors)
        Action.objects.filter(pk__in=successors).update(state=Action.State.ENDED)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="action.carried_over",
            subject=origin,
            on=today,
            after={"actions": len(successors), "tasks": moved},
        )
    return moved


def end_actions(
    *, actor: Actor, action_ids: Iterable[int], origin: models.Model, today: date, reason: str
) -> int:
    """End actions that a plan no longer has and cancel their open tasks; return how many tasks were cancelled.

    ``origin`` is the plan that ends them, in whose journal this is entered. Raises Action.DoesNotExist for an action
    of another agency, ReasonMissing.
    """
    ids = sorted(set(action_ids))
    with transaction.atomic():
        actions = _actions_of_a_plan(actor, ids)
        reason = _reason(reason)
        ending = [action for action in actions if action.state != Action.State.ENDED]
        if not ending:
            return 0
        ending_ids = [action.pk for action in ending]
        cancelled = Task.objects.filter(action_id__in=ending_ids, state__in=OPEN_STATES).update(
            state=Task.State.CANCELLED
        )
        Action.objects.filter(pk__in=ending_ids).update(state=Action.State.ENDED)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="action.ended",
            subject=origin,
            on=today,
            after={"actions": [action.text for action in ending], "cancelled": cancelled},
            reason=reason,
        )
    return cancelled


def fire_trigger(
    *,
    actor: Actor,
    trigger_id: int,
    happened_on: date,
    note: str,
    now: datetime,
    due_on: date | None = None,
) -> Task:
    """Say that an action's event has happened; return the task that comes due by it.

    The limit is the plan's where it sets one (``due_on`` is then ignored); else ``due_on`` says by when.
    Raises Trigger.DoesNotExist for a stranger, ActionNotInForce, DateNotPossible, DueDateMissing, AlreadyFired.
    """
    today = timezone.localdate(now)
    note = one_line(note)
    with transaction.atomic():
        trigger = (
            Trigger.objects.select_for_update(of=("self",))
            .select_related("action")
            .get(pk=trigger_id, action__agency_id=actor.agency_id)
        )
        bodies = list(trigger.action.bodies.select_related("unit"))
        if not may_fire(actor, bodies):
            raise NotAllowed("task.report")
        if trigger.action.state != Action.State.ACTIVE:
            raise ActionNotInForce(Message(gettext_noop("The action is not in force.")))
        if happened_on > today:
            raise DateNotPossible(
                Message(gettext_noop("The event has not happened yet: its day is after today."))
            )
        calendar = working_calendar(actor.agency_id)
        is_chosen = trigger.within_days is None
        if trigger.within_days is not None:
            due = due_after_event(happened_on, Within(trigger.within_days, trigger.within_working), calendar)
        elif due_on is None:
            raise DueDateMissing(
                Message(
                    gettext_noop(
                        "The plan sets no limit for this event. Enter the day by which the work is due."
                    )
                )
            )
        elif due_on < happened_on:
            raise DateNotPossible(Message(gettext_noop("The work cannot be due before its event.")))
        else:
            due = due_on
        earlier = Task.objects.filter(trigger=trigger, starts_on=happened_on)
        if earlier.filter(label=_fired_label(trigger.event, note)).exists():
            raise AlreadyFired(
                Message(
                    gettext_noop(
                        "This event of %(date)s was entered before. Add a note to tell a second one from it."
                    ),
                    {"date": vietnamese(happened_on)},
                )
            )
        unit_id, person_id = _owners(actor.agency_id, [trigger.action_id]).get(
            trigger.action_id, (None, None)
        )
        task = Task.objects.create(
            agency_id=actor.agency_id,
            action=trigger.action,
            trigger=trigger,
            kind=Task.Kind.FIRED,
            occurrence=f"fired:{trigger.pk}:{happened_on}:{earlier.count() + 1}",
            label=_fired_label(trigger.event, note),
            starts_on=happened_on,
            due_on=due,
            due_original=due,
            late_after=calendar.limit_end(due),
            is_moved=is_chosen,
            unit_id=unit_id,
            assignee_id=person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="trigger.fired",
            subject=task,
            on=today,
            after={"event": trigger.event, "happened_on": happened_on, "due_on": due},
            reason=note,
        )
        told_fired(actor=actor, task=task, event=trigger.event, now=now)
    return task


@dataclass(frozen=True, slots=True)
class NewTask:
    """One task outside a plan: what is to be done, by whom (a unit, a person, or both), by when, and why."""

    text: str
    due_on: date
    unit_id: int | None = None
    person_id: int | None = None
    origin: str = ""


def add_task(*, actor: Actor, task: NewTask, now: datetime, act: str = "task.manage") -> Task:
    """Give out one task that no plan has: of an action of its own, whose lead is the unit or person named.

    ``act`` is what entitles to it, where another part of the work gives tasks out. Raises NotAllowed, TextMissing,
    DateNotPossible, StrangerAssigned, Unit.DoesNotExist for another agency's unit.
    """
    today = timezone.localdate(now)
    text = one_line(task.text)
    with transaction.atomic():
        require(actor, act)
        if not text:
            raise TextMissing(Message(gettext_noop("Say what is to be done.")))
        if task.due_on < today:
            raise DateNotPossible(Message(gettext_noop("The work cannot be due before today.")))
        require_in_use(actor=actor, unit_ids=[task.unit_id])
        unit = None if task.unit_id is None else Unit.objects.get(pk=task.unit_id, agency_id=actor.agency_id)
        person = None
        if task.person_id is not None:
            post = (
                _posts(actor.agency_id, today)
                .filter(person_id=task.person_id)
                .select_related("person", "unit")
                .order_by("-pk")
                .first()
            )
            if post is None:
                raise StrangerAssigned(
                    Message(gettext_noop("Only somebody with a post in the agency can be given a task."))
                )
            person, unit = post.person, unit or post.unit
        if unit is None and person is None:
            raise StrangerAssigned(Message(gettext_noop("Choose a unit or a person to do it.")))
        action = Action.objects.create(
            agency_id=actor.agency_id,
            year=task.due_on.year,
            number="",
            text=text,
            when=one_line(task.origin),
            state=Action.State.ACTIVE,
        )
        ActionBody.objects.create(
            action=action,
            part=ActionBody.Part.LEAD,
            text=unit.name if unit else person.full_name if person else "",
            unit=unit,
            person=person,
        )
        made = Task.objects.create(
            agency_id=actor.agency_id,
            action=action,
            kind=Task.Kind.DATED,
            occurrence=f"by:{task.due_on.isoformat()}",
            due_on=task.due_on,
            due_original=task.due_on,
            late_after=working_calendar(actor.agency_id).limit_end(task.due_on),
            is_moved=True,
            unit=unit,
            assignee=person,
        )
        _record(
            actor,
            made,
            "task.added",
            now,
            None,
            {
                "due_on": made.due_on,
                "unit": unit.pk if unit else None,
                "assignee": person.pk if person else None,
            },
        )
        told_assigned(actor=actor, task=made, now=now)
    return made


def record_progress(*, actor: Actor, task_id: int, progress: int, note: str, now: datetime) -> Task:
    """Report how far a task is, in per cent, with a note.

    Raises Task.DoesNotExist for a stranger, TaskClosed, ProgressOutOfRange, TextMissing where nothing is said.
    """
    note = note.strip()
    with transaction.atomic():
        task, _ = _reported(actor, task_id)
        _to_do(task)
        if not 0 <= progress <= 100:
            raise ProgressOutOfRange(Message(gettext_noop("Progress is a whole number from 0 to 100.")))
        if progress == task.progress and not note:
            raise TextMissing(Message(gettext_noop("Change the progress or write a note.")))
        before = {"progress": task.progress}
        task.progress = progress
        task.save(update_fields=["progress"])
        text = f"{progress}%" + (f": {note}" if note else "")
        _note(task, TaskNote.Kind.PROGRESS, text, actor, now)
        _record(actor, task, "task.progressed", now, before, {"progress": progress}, note)
    return task


def attach_evidence(*, actor: Actor, task_id: int, evidence: Sequence[NewEvidence], now: datetime) -> Task:
    """Attach evidence to a task that is not yet accepted.

    Raises Task.DoesNotExist for a stranger, TaskClosed, and what adding evidence raises.
    """
    with transaction.atomic():
        task, _ = _reported(actor, task_id)
        if task.state not in OPEN_STATES:
            raise _closed()
        _attach(actor, task, evidence, now)
    return task


def submit_task(
    *,
    actor: Actor,
    task_id: int,
    result: str,
    now: datetime,
    evidence: Sequence[NewEvidence] = (),
    act: str = "",
) -> Task:
    """Submit a task as done, with its result and evidence, to who reviews it.

    ``act`` is what entitles to it, where a record of another part of the work shows it done; else its doers submit it.
    Raises Task.DoesNotExist for a stranger, TaskClosed, ResultMissing, and what adding evidence raises.
    """
    result = result.strip()
    with transaction.atomic():
        task, bodies = _reported(actor, task_id, act)
        _to_do(task)
        _attach(actor, task, evidence, now)
        if not result and not task.evidence.filter(is_withdrawn=False).exists():
            raise ResultMissing(
                Message(gettext_noop("Write the result or attach evidence before submitting."))
            )
        before = {"state": task.state, "result": task.result}
        task.state = Task.State.SUBMITTED
        task.result = result
        task.submitted_at = now
        task.submitted_by_id = actor.person_id
        task.done_on = None
        task.reviewed_at = None
        task.reviewed_by = None
        task.save(
            update_fields=[
                "state", "result", "submitted_at", "submitted_by", "done_on", "reviewed_at", "reviewed_by",
            ]
        )  # fmt: skip
        _note(task, TaskNote.Kind.SUBMITTED, result, actor, now)
        _record(actor, task, "task.submitted", now, before, {"state": task.state, "result": result})
        told_submitted(actor=actor, task=task, bodies=bodies, now=now)
    return task


def accept_task(*, actor: Actor, task_id: int, now: datetime, note: str = "") -> Task:
    """Accept a submitted task; it counts as done on the day of its submission.

    Raises Task.DoesNotExist for a stranger, TaskClosed where it is not submitted, OwnSubmission.
    """
    with transaction.atomic():
        task = _reviewed(actor, task_id)
        task.state = Task.State.ACCEPTED
        task.progress = 100
        task.done_on = timezone.localdate(task.submitted_at)
        task.reviewed_at = now
        task.reviewed_by_id = actor.person_id
        task.save(update_fields=["state", "progress", "done_on", "reviewed_at", "reviewed_by"])
        _note(task, TaskNote.Kind.ACCEPTED, note.strip(), actor, now)
        before = {"state": Task.State.SUBMITTED}
        after = {"state": task.state, "done_on": task.done_on}
        _record(actor, task, "task.accepted", now, before, after, note, settles=True)
        told_accepted(actor=actor, task=task, now=now)
        settled(actor, [task.pk], now)
    return task


def return_task(*, actor: Actor, task_id: int, reason: str, now: datetime) -> Task:
    """Return a submitted task to who does it, with the reason.

    Raises Task.DoesNotExist for a stranger, TaskClosed where it is not submitted, OwnSubmission, ReasonMissing.
    """
    with transaction.atomic():
        task = _reviewed(actor, task_id)
        reason = _reason(reason)
        task.state = Task.State.RETURNED
        task.reviewed_at = now
        task.reviewed_by_id = actor.person_id
        task.save(update_fields=["state", "reviewed_at", "reviewed_by"])
        _note(task, TaskNote.Kind.RETURNED, reason, actor, now)
        _record(
            actor, task, "task.returned", now, {"state": Task.State.SUBMITTED}, {"state": task.state}, reason
        )
        told_returned(actor=actor, task=task, reason=reason, now=now)
    return task


def move_due(*, actor: Actor, task_id: int, due_on: date, reason: str, now: datetime) -> Task:
    """Give a task another due day; the first one stays on record, and the calendar moves it no more.

    Raises Task.DoesNotExist for a stranger, TaskClosed, ReasonMissing, DateNotPossible for a day before its window.
    """
    with transaction.atomic():
        task = _locked(actor, task_id)
        require(actor, "task.manage")
        check_open(task=task)
        reason = _reason(reason)
        check_due_day(task=task, due_on=due_on)
        before = {"due_on": task.due_on, "late_after": task.late_after}
        moved = f"{vietnamese(task.due_on)} → {vietnamese(due_on)}: {reason}"
        task.due_on = due_on
        task.late_after = working_calendar(actor.agency_id).limit_end(due_on)
        task.is_moved = True
        task.save(update_fields=["due_on", "late_after", "is_moved"])
        _note(task, TaskNote.Kind.MOVED, moved, actor, now)
        _record(
            actor, task, "task.moved", now, before, {"due_on": due_on, "late_after": task.late_after}, reason
        )
        told_moved(actor=actor, task=task, before=before["due_on"], reason=reason, now=now)
    return task


def assign_task(*, actor: Actor, task_id: int, person_id: int | None, now: datetime) -> Task:
    """Give a task to a person of the agency, or back to its unit with None.

    The secretary may for any task, a head for the tasks of the units headed. Raises Task.DoesNotExist
    for a stranger, TaskClosed, StrangerAssigned for a person without a post here.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        task = _locked(actor, task_id)
        check_assigns(actor=actor, task=task)
        check_open(task=task)
        name = (
            ""
            if person_id is None
            else name_in_post(agency_id=actor.agency_id, person_id=person_id, today=today)
        )
        before, task.assignee_id = task.assignee_id, person_id
        task.save(update_fields=["assignee"])
        note_assigned(actor=actor, task=task, before=before, name=name, now=now)
        if person_id is not None:
            told_assigned(actor=actor, task=task, now=now)
    return task


def note_assigned(
    *, actor: Actor, task: Task, before: int | None, name: str, now: datetime, reason: str = ""
) -> None:
    """Note on a task, and in the journal, whose it is now and whose it was; ``name`` is empty for its unit's.

    For operations that have asked for authority.
    """
    _note(task, TaskNote.Kind.ASSIGNED, name, actor, now)
    _record(actor, task, "task.assigned", now, {"assignee": before}, {"assignee": task.assignee_id}, reason)


def cancel_task(*, actor: Actor, task_id: int, reason: str, now: datetime) -> Task:
    """Cancel a task that is not to be done, with the reason; it stays on record.

    Raises Task.DoesNotExist for a stranger, TaskClosed, ReasonMissing.
    """
    with transaction.atomic():
        task = _locked(actor, task_id)
        require(actor, "task.manage")
        if task.state not in OPEN_STATES:
            raise _closed()
        reason = _reason(reason)
        before = {"state": task.state}
        task.state = Task.State.CANCELLED
        task.save(update_fields=["state"])
        _note(task, TaskNote.Kind.CANCELLED, reason, actor, now)
        _record(actor, task, "task.cancelled", now, before, {"state": task.state}, reason)
        told_cancelled(actor=actor, task=task, reason=reason, now=now)
        settled(actor, [task.pk], now)
    return task


def reopen_task(*, actor: Actor, task_id: int, reason: str, now: datetime) -> Task:
    """Reopen a task that was accepted or cancelled by mistake, with the reason.

    Raises Task.DoesNotExist for a stranger, TaskClosed where it is open already, ReasonMissing.
    """
    with transaction.atomic():
        task = _locked(actor, task_id)
        require(actor, "task.manage")
        if task.state not in {Task.State.ACCEPTED, Task.State.CANCELLED}:
            raise TaskClosed(Message(gettext_noop("The task is open already.")))
        reason = _reason(reason)
        before = {"state": task.state, "done_on": task.done_on}
        task.state = Task.State.RETURNED if task.state == Task.State.ACCEPTED else Task.State.OPEN
        task.done_on = None
        task.unit = task.unit and unit_today(task.unit)
        task.save(update_fields=["state", "done_on", "unit"])
        _note(task, TaskNote.Kind.REOPENED, reason, actor, now)
        _record(actor, task, "task.reopened", now, before, {"state": task.state}, reason)
        told_reopened(actor=actor, task=task, reason=reason, now=now)
        settled(actor, [task.pk], now)
    return task


def comment_task(*, actor: Actor, task_id: int, text: str, now: datetime) -> TaskNote:
    """Write a comment on a task; anyone of the agency who sees the task may.

    Raises Task.DoesNotExist for a stranger, NotAllowed, TextMissing.
    """
    text = text.strip()
    with transaction.atomic():
        task = _locked(actor, task_id)
        require(actor, "task.comment")
        if not text:
            raise TextMissing(Message(gettext_noop("Write something first.")))
        note = _note(task, TaskNote.Kind.COMMENT, text, actor, now)
        _record(actor, task, "task.commented", now, None, {"text": text})
        told_comment(actor=actor, task=task, text=text, note_id=note.pk, now=now)
    return note


def note_reminder(*, actor: Actor, task_ids: Iterable[int], number: str, on: date, now: datetime) -> int:
    """Note on the agency's tasks that a letter reminded of them; for operations that have asked for authority.

    Return how many were noted; who does them is told of the letter by whoever issued it.
    """
    tasks = Task.objects.filter(agency_id=actor.agency_id, pk__in=list(task_ids)).order_by("pk")
    message = Message(
        gettext_noop("Reminded of on %(day)s by letter %(number)s."),
        {"day": vietnamese(on), "number": number},
    )
    with transaction.atomic():
        for task in tasks:
            _note(task, TaskNote.Kind.COMMENT, _in_vietnamese(message), actor, now)
            _record(actor, task, "task.reminded", now, None, {"number": number, "issued_on": on})
    return len(tasks)


# What is against an act on a task, be it done to that one alone or to many of a list


def check_open(*, task: Task) -> None:
    """Raise TaskClosed for a task that is done or cancelled."""
    if task.state not in OPEN_STATES:
        raise _closed()


def check_due_day(*, task: Task, due_on: date) -> None:
    """Raise DateNotPossible for a due day before the task's window."""
    if task.starts_on and due_on < task.starts_on:
        raise DateNotPossible(Message(gettext_noop("The due day lies before the work may begin.")))


def check_assigns(*, actor: Actor, task: Task) -> None:
    """Raise NotAllowed unless the actor gives out this task: any for the secretary, the headed units' for their head."""
    if not can(actor, "task.manage") and task.unit_id not in actor.headed_unit_ids:
        raise NotAllowed("task.manage")


def check_reviews(*, actor: Actor, task: Task, bodies: Iterable[ActionBody]) -> None:
    """Raise NotAllowed, TaskClosed or OwnSubmission unless the actor may accept or return the task as it stands."""
    if not may_review(actor, task, bodies):
        raise NotAllowed("task.review")
    if task.state != Task.State.SUBMITTED:
        raise TaskClosed(Message(gettext_noop("The task is not waiting for acceptance.")))
    if actor.is_own(task.submitted_by_id):
        raise OwnSubmission(
            Message(
                gettext_noop("You submitted this task yourself; another person has to accept or return it.")
            )
        )


def name_in_post(*, agency_id: int, person_id: int, today: date) -> str:
    """Return the name of a person who holds a post in the agency; raises StrangerAssigned for any other."""
    post = _posts(agency_id, today).filter(person_id=person_id).select_related("person").first()
    if post is None:
        raise StrangerAssigned(Message(gettext_noop("This person has no post in the agency today.")))
    return str(post.person.full_name)


def _actions_of_a_plan(actor: Actor, ids: Collection[int]) -> list[Action]:
    """Return actions, locked, for who may put a plan in force; raises Action.DoesNotExist where one is not the agency's."""
    actions = list(
        Action.objects.select_for_update().filter(pk__in=ids, agency_id=actor.agency_id).order_by("pk")
    )
    if len(actions) != len(ids):
        raise Action.DoesNotExist
    require(actor, "plan.promulgate")
    return actions


def _locked(actor: Actor, task_id: int) -> Task:
    return (
        Task.objects.select_for_update(of=("self",))
        .select_related("action", "unit")
        .get(pk=task_id, agency_id=actor.agency_id)
    )


def _reported(actor: Actor, task_id: int, act: str = "") -> tuple[Task, list[ActionBody]]:
    task = _locked(actor, task_id)
    bodies = list(ActionBody.objects.filter(action_id=task.action_id).select_related("unit"))
    if act:
        require(actor, act)
    elif not may_report(actor, task, bodies):
        raise NotAllowed("task.report")
    return task, bodies


def _reviewed(actor: Actor, task_id: int) -> Task:
    task = _locked(actor, task_id)
    bodies = ActionBody.objects.filter(action_id=task.action_id).select_related("unit")
    check_reviews(actor=actor, task=task, bodies=bodies)
    return task


def _to_do(task: Task) -> None:
    if task.state == Task.State.SUBMITTED:
        raise TaskClosed(Message(gettext_noop("The task was submitted and waits for acceptance.")))
    if task.state not in TO_DO_STATES:
        raise _closed()


def _closed() -> TaskClosed:
    return TaskClosed(Message(gettext_noop("The task is closed.")))


def _attach(actor: Actor, task: Task, evidence: Iterable[NewEvidence], now: datetime) -> None:
    for each in evidence:
        kept = add_evidence(actor=actor, evidence=each, now=now)
        task.evidence.add(kept)
        _note(task, TaskNote.Kind.EVIDENCE, kept.title, actor, now)
        _record(actor, task, "task.evidence_added", now, None, {"evidence": kept.pk, "title": kept.title})


def _note(task: Task, kind: str, text: str, actor: Actor, now: datetime) -> TaskNote:
    return TaskNote.objects.create(task=task, kind=kind, text=text, at=now, by_id=actor.person_id)


def _record(
    actor: Actor,
    task: Task,
    verb: str,
    now: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str = "",
    *,
    settles: bool = False,
) -> None:
    record(
        actor=actor,
        agency_id=task.agency_id,
        verb=verb,
        subject=task,
        on=timezone.localdate(now),
        before=before,
        after=after,
        reason=reason,
        settles=settles,
    )


def _owners(agency_id: int, action_ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
    """Return (unit, person) of each action's first lead that is mapped; a person brings the unit of the post held."""
    owners: dict[int, tuple[int | None, int | None]] = {}
    leads = (
        ActionBody.objects.filter(action_id__in=action_ids, part=ActionBody.Part.LEAD)
        .filter(Q(unit__isnull=False) | Q(person__isnull=False))
        .order_by("action_id", "order", "pk")
    )
    for lead in leads:
        owners.setdefault(lead.action_id, (lead.unit_id, lead.person_id))
    people = {person for unit, person in owners.values() if person is not None and unit is None}
    if people:
        posts = Membership.objects.filter(
            agency_id=agency_id, person_id__in=people, unit__isnull=False, valid_to__isnull=True
        ).order_by("-pk")
        units = {post.person_id: post.unit_id for post in posts}
        for action_id, (unit, person) in owners.items():
            if unit is None and person is not None:
                owners[action_id] = (units.get(person), person)
    return owners


def _hand_on_tasks(successors: Mapping[int, int]) -> int:
    """Give the tasks of actions to their successors, but for occurrences these have already; return how many."""
    held = Task.objects.filter(action_id__in=successors.values()).values_list("action_id", "occurrence")
    taken = set(held)
    twins = [
        pk
        for pk, action_id, key in Task.objects.filter(action_id__in=successors)
        .order_by("pk")
        .values_list("pk", "action_id", "occurrence")
        if (successors[action_id], key) in taken
    ]
    moved = 0
    # In parts, so that no statement grows beyond what a database takes.
    pairs = list(successors.items())
    for first in range(0, len(pairs), 200):
        part = pairs[first : first + 200]
        heir = Case(*(When(action_id=old, then=Value(new)) for old, new in part))
        tasks = Task.objects.filter(action_id__in=[old for old, _ in part]).exclude(pk__in=twins)
        moved += tasks.update(action_id=heir)
    return moved


def _hand_on_triggers(successors: Mapping[int, int]) -> None:
    """Give the triggers of actions to their successors; where one has the event already, its tasks go there."""
    kept = {
        (trigger.action_id, trigger.event): trigger
        for trigger in Trigger.objects.filter(action_id__in=successors.values())
    }
    moved = []
    for trigger in Trigger.objects.filter(action_id__in=successors).order_by("pk"):
        new = successors[trigger.action_id]
        if (new, trigger.event) in kept:
            Task.objects.filter(trigger=trigger).update(trigger=kept[new, trigger.event])
        else:
            trigger.action_id = new
            moved.append(trigger)
    Trigger.objects.bulk_update(moved, ["action"], batch_size=500)


def _cancel_unscheduled(action_ids: list[int], scheduled: dict[int, set[str]]) -> int:
    """Cancel open tasks that nobody has touched and whose occurrence is not scheduled any more; return how many."""
    untouched = (
        Task.objects.filter(action_id__in=action_ids, state=Task.State.OPEN, progress=0, is_moved=False)
        .exclude(kind=Task.Kind.FIRED)
        .filter(notes__isnull=True)
        .order_by("pk")
    )
    ids = [
        pk
        for pk, action_id, key in untouched.values_list("pk", "action_id", "occurrence")
        if key not in scheduled[action_id]
    ]
    return Task.objects.filter(pk__in=ids).update(state=Task.State.CANCELLED)


def _restore_scheduled(action_ids: list[int], scheduled: dict[int, set[str]]) -> None:
    """Reopen tasks that only a change of schedule had cancelled (no note says otherwise) and that are scheduled again."""
    cancelled = Task.objects.filter(action_id__in=action_ids, state=Task.State.CANCELLED, notes__isnull=True)
    ids = [
        pk
        for pk, action_id, key in cancelled.order_by("pk").values_list("pk", "action_id", "occurrence")
        if key in scheduled[action_id]
    ]
    Task.objects.filter(pk__in=ids).update(state=Task.State.OPEN)


def _posts(agency_id: int, today: date) -> Any:
    return Membership.objects.filter(
        held_on(today),
        agency_id=agency_id,
        person__is_active=True,
    )


def _fired_label(event: str, note: str) -> str:
    return f"{event} ({note})" if note else event


def _in_vietnamese(message: Message) -> str:
    """Return a message in Vietnamese, the language of what is kept, whatever language the page has."""
    with translation.override("vi"):
        return gettext(message.template) % dict(message.params)


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise ReasonMissing(Message(gettext_noop("Say the reason.")))
    return text
