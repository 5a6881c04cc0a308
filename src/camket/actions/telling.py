"""Whom planned work is told to and in what words: when it happens, and each morning by its last day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from camket.actions.models import Action, ActionBody, Task
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.reminders import CALLING, FINISHED, PRESSING, DoneWork, DueWork, Week
from camket.notifications.operations import Told, settle, tell, tell_all
from camket.notifications.staff import Staff, staff_of
from camket.org.models import Role, Unit
from camket.org.policy import Actor

_TO_DO = (Task.State.OPEN, Task.State.RETURNED)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A task that waits for acceptance, with who submitted it and the bodies that monitor its action."""

    task: Task
    work: DueWork
    monitors: tuple[ActionBody, ...]

    def reviewers(self, staff: Staff) -> tuple[int, ...]:
        """Return whom it waits for."""
        return reviewers(staff, self.task.unit_id, self.task.submitted_by_id, self.monitors)


@dataclass(frozen=True, slots=True)
class WeekOfTasks:
    """An agency's tasks that are overdue or due this week, that wait for acceptance, and that were done in the week before."""

    to_do: list[DueWork] = field(default_factory=list)
    submitted: list[Submitted] = field(default_factory=list)
    done: list[DoneWork] = field(default_factory=list)


def link_of(task_id: int) -> str:
    """Return the path of a task's page."""
    return f"/cong-viec/{task_id}/"


def title_of(text: str, label: str) -> str:
    """Return what a task is called: its action, with the occurrence where it has one."""
    return f"{text} ({label})" if label else text


# As it happens


def told_assigned(*, actor: Actor, task: Task, now: datetime) -> None:
    """Tell who does a task that it is theirs now."""
    _settle(task, PRESSING | {"assigned"}, now)
    _tell_doers(
        actor, task, "assigned", now, Message(gettext_noop("%(by)s gives you work due on %(due)s. %(work)s"))
    )


def told_fired(*, actor: Actor, task: Task, event: str, now: datetime) -> None:
    """Tell who does it that an event has happened and calls for work."""
    message = Message(
        gettext_noop("This has happened: %(event)s. Work is due on %(due)s. %(work)s"), {"event": event}
    )
    _tell_doers(actor, task, "fired", now, message)


def told_moved(*, actor: Actor, task: Task, before: date, reason: str, now: datetime) -> None:
    """Tell who does a task that it has another last day."""
    _settle(task, PRESSING, now)
    message = Message(
        gettext_noop("Now due on %(due)s instead of %(before)s: %(reason)s. %(work)s"),
        {"before": vietnamese(before), "reason": reason},
    )
    _tell_doers(actor, task, "changed", now, message, what="moved")


def told_cancelled(*, actor: Actor, task: Task, reason: str, now: datetime) -> None:
    """Tell who does a task that it is not to be done."""
    _settle(task, FINISHED, now)
    message = Message(gettext_noop("Not to be done any more: %(reason)s. %(work)s"), {"reason": reason})
    _tell_doers(actor, task, "changed", now, message, what="cancelled")


def told_reopened(*, actor: Actor, task: Task, reason: str, now: datetime) -> None:
    """Tell who does a task that it is to be done after all."""
    message = Message(
        gettext_noop("To be done again, due on %(due)s: %(reason)s. %(work)s"), {"reason": reason}
    )
    _tell_doers(actor, task, "changed", now, message, what="reopened")


def told_submitted(*, actor: Actor, task: Task, bodies: Iterable[ActionBody], now: datetime) -> None:
    """Tell who accepts a task that it waits."""
    _settle(task, CALLING, now)
    staff = staff_of(task.agency_id, timezone.localdate(now))
    _tell(
        actor,
        task,
        reviewers(staff, task.unit_id, task.submitted_by_id, bodies),
        "submitted",
        now,
        Message(gettext_noop("%(by)s has done this; it waits for your acceptance. %(work)s")),
        staff=staff,
    )


def told_accepted(*, actor: Actor, task: Task, now: datetime) -> None:
    """Tell who did a task that it is accepted."""
    _settle(task, FINISHED, now)
    _tell(
        actor,
        task,
        (task.submitted_by_id, task.assignee_id),
        "accepted",
        now,
        Message(gettext_noop("%(by)s has accepted this. %(work)s")),
    )


def told_returned(*, actor: Actor, task: Task, reason: str, now: datetime) -> None:
    """Tell who did a task that it comes back, and why."""
    _settle(task, {"submitted"}, now)
    _tell(
        actor,
        task,
        (task.submitted_by_id, task.assignee_id),
        "returned",
        now,
        Message(gettext_noop("%(by)s returns this to you: %(reason)s. %(work)s"), {"reason": reason}),
    )


def told_comment(*, actor: Actor, task: Task, text: str, note_id: int, now: datetime) -> None:
    """Tell whose task it is that somebody wrote about it; and while it waits, who submitted it."""
    staff = staff_of(task.agency_id, timezone.localdate(now))
    people = [*staff.doers(person_id=task.assignee_id, unit_id=task.unit_id), task.submitted_by_id]
    _tell(
        actor,
        task,
        people,
        "comment",
        now,
        Message(gettext_noop("%(by)s writes: %(text)s. On: %(work)s"), {"text": text}),
        what=f"comment-{note_id}",
        staff=staff,
    )


def told_in_force(*, actor: Actor, tasks: Sequence[Task], key: str, now: datetime) -> None:
    """Tell everybody who does tasks of a plan that comes into force how many there are: one thing each, not one a task."""
    if not tasks:
        return
    staff = staff_of(actor.agency_id, timezone.localdate(now))
    counts: Counter[int] = Counter()
    for task in tasks:
        counts.update(staff.doers(person_id=task.assignee_id, unit_id=task.unit_id))
    message = gettext_noop("The plan is in force. Tasks that it gives you or your unit: %(count)s.")
    tell_all(
        staff=staff,
        told=[
            Told(person_id, "assigned", key, Message(message, {"count": str(count)}), "/cong-viec/")
            for person_id, count in sorted(counts.items())
            if person_id != actor.person_id
        ],
        now=now,
    )


HANDED_ON = gettext_noop("%(by)s has handed on to you tasks of a colleague who leaves: %(count)s.")


def told_handed_on(
    *,
    actor: Actor,
    counts: Mapping[int, int],
    now: datetime,
    message: str = HANDED_ON,
    what: str = "handed-on",
) -> None:
    """Tell those who take over somebody's work how much they have been given, each once.

    ``message`` says it of other work than tasks, with ``by`` and ``count``; ``what`` tells the notices of one moment apart.
    """
    staff = staff_of(actor.agency_id, timezone.localdate(now))
    tell_all(
        staff=staff,
        told=[
            Told(
                told,
                "assigned",
                f"{what}:{now.isoformat()}",
                Message(message, {"by": actor.name, "count": str(count)}),
                "/cong-viec/",
            )
            for person_id, count in sorted(counts.items())
            for told in staff.told([person_id], but=(actor.person_id,))
        ],
        now=now,
    )


def reviewers(
    staff: Staff, unit_id: int | None, submitted_by_id: int | None, bodies: Iterable[ActionBody]
) -> tuple[int, ...]:
    """Return whom a submitted task waits for: who monitors the action, else the unit's head, else the secretary, a leader.

    Not who submitted it: nobody accepts the own work.
    """
    monitors = [body for body in bodies if body.part == ActionBody.Part.MONITOR]
    named = [
        person_id
        for body in monitors
        for person_id in (
            [body.person_id]
            if body.person_id is not None
            else (staff.heads_of(body.unit_id) or staff.members_of(body.unit_id))
            if body.unit_id is not None
            else []
        )
    ]
    heads = staff.heads_of(unit_id) if unit_id is not None else ()
    but = () if submitted_by_id is None else (submitted_by_id,)
    for people in (
        named,
        heads,
        staff.with_role(Role.SECRETARY),
        staff.with_role(Role.CHAIRMAN, Role.REPRESENTATIVE),
    ):
        if found := staff.told([each for each in people if each not in but], but=but):
            return found
    return ()


def _settle(task: Task, topics: Collection[str], now: datetime) -> None:
    settle(agency_id=task.agency_id, links=[link_of(task.pk)], topics=topics, now=now)


def _tell_doers(
    actor: Actor, task: Task, topic: str, now: datetime, message: Message, *, what: str = ""
) -> None:
    staff = staff_of(task.agency_id, timezone.localdate(now))
    people = staff.doers(person_id=task.assignee_id, unit_id=task.unit_id)
    _tell(actor, task, people, topic, now, message, what=what, staff=staff)


def _tell(
    actor: Actor,
    task: Task,
    people: Iterable[int | None],
    topic: str,
    now: datetime,
    message: Message,
    *,
    what: str = "",
    staff: Staff | None = None,
) -> None:
    params = {
        **{name: text.rstrip(". ") for name, text in message.params.items()},
        "by": actor.name,
        "due": vietnamese(task.due_on),
        "work": title_of(task.action.text, task.label),
    }
    tell(
        agency_id=task.agency_id,
        people=people,
        topic=topic,
        key=f"task:{task.pk}:{what or topic}:{now.isoformat()}",
        message=Message(message.template, params),
        now=now,
        link=link_of(task.pk),
        by=actor,
        staff=staff,
    )


# Each morning


def due_work(agency_ids: Collection[int], until: date) -> dict[int, list[DueWork]]:
    """Return the tasks of agencies that are to be done, with a last day by then, earliest first; one SQL statement.

    What a plan that is closed left undone presses nobody any more.
    """
    rows = (
        Task.objects.filter(
            agency_id__in=agency_ids,
            state__in=_TO_DO,
            action__state=Action.State.ACTIVE,
            due_on__lte=until,
        )
        .order_by("due_on", "pk")
        .values_list(
            "agency_id", "pk", "action__text", "label", "due_on", "late_after", "unit_id", "unit__name",
            "unit__kind", "assignee_id",
        )
    )  # fmt: skip
    found: dict[int, list[DueWork]] = defaultdict(list)
    for agency_id, pk, text, label, due, late, unit_id, unit, kind, person_id in rows.iterator(2_000):
        found[agency_id].append(
            DueWork(
                kind="task",
                id=pk,
                title=title_of(text, label),
                link=link_of(pk),
                due_on=due,
                late_after=late,
                unit_id=unit_id,
                unit_name="" if kind == Unit.Kind.ALL else unit or "",
                person_id=person_id,
            )
        )
    return dict(found)


def week_of_tasks(agency_ids: Collection[int], week: Week) -> dict[int, WeekOfTasks]:
    """Return what a week brings agencies of their tasks, earliest first; two SQL statements.

    A task that is done was done in the week before, by the day of its submission.
    """
    tasks = list(
        Task.objects.filter(
            Q(state__in=_TO_DO, action__state=Action.State.ACTIVE, due_on__lte=week.sunday)
            | Q(state=Task.State.SUBMITTED)
            | Q(state=Task.State.ACCEPTED, done_on__range=(week.before.monday, week.before.sunday)),
            agency_id__in=agency_ids,
        )
        .select_related("action", "unit")
        .only(
            "agency_id", "action_id", "state", "label", "due_on", "late_after", "unit_id", "assignee_id", "done_on",
            "submitted_by_id", "action__text", "unit__name", "unit__kind",
        )
        .order_by("due_on", "pk")
    )  # fmt: skip
    monitors: dict[int, list[ActionBody]] = defaultdict(list)
    waiting = {task.action_id for task in tasks if task.state == Task.State.SUBMITTED}
    if waiting:
        bodies = ActionBody.objects.filter(action_id__in=waiting, part=ActionBody.Part.MONITOR)
        for body in bodies.select_related("unit").order_by("order", "pk"):
            monitors[body.action_id].append(body)
    found: dict[int, WeekOfTasks] = defaultdict(WeekOfTasks)
    for task in tasks:
        into = found[task.agency_id]
        if task.state == Task.State.SUBMITTED:
            into.submitted.append(Submitted(task, _due(task), tuple(monitors[task.action_id])))
        elif task.state == Task.State.ACCEPTED:
            into.done.append(_done(task))
        else:
            into.to_do.append(_due(task))
    return dict(found)


def _due(task: Task) -> DueWork:
    return DueWork(
        kind="task",
        id=task.pk,
        title=title_of(task.action.text, task.label),
        link=link_of(task.pk),
        due_on=task.due_on,
        late_after=task.late_after,
        unit_id=task.unit_id,
        unit_name=_unit_name(task),
        person_id=task.assignee_id,
    )


def _done(task: Task) -> DoneWork:
    done_on = task.done_on or task.due_on
    return DoneWork(
        title=title_of(task.action.text, task.label),
        link=link_of(task.pk),
        done_on=done_on,
        is_late=done_on > task.late_after,
        unit_id=task.unit_id,
        unit_name=_unit_name(task),
    )


def _unit_name(task: Task) -> str:
    return task.unit.name if task.unit and task.unit.kind != Unit.Kind.ALL else ""
