"""The open work of a person, and how it goes to others: when somebody leaves, and when units are merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from camket.actions.models import Action, ActionBody, Task
from camket.actions.operations import OPEN_STATES, note_assigned
from camket.actions.telling import told_handed_on
from camket.core.messages import Message
from camket.core.schedules import label_of
from camket.org.models import Membership, Person, Unit
from camket.org.policy import Actor
from camket.org.queries import held_on


@dataclass(frozen=True, slots=True)
class TaskHeld:
    """An open task that is given to a person by name; without a unit it cannot go back to one."""

    id: int
    number: str
    text: str
    label: Message | None
    label_text: str
    due_on: date
    state: str
    unit_id: int | None
    unit_name: str


@dataclass(frozen=True, slots=True)
class PartHeld:
    """A part that a plan gives a person by name in an action that has not ended: lead, support or monitor."""

    id: int
    part: str
    year: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Stranded:
    """Open work of one who holds no post any more."""

    person_id: int
    full_name: str
    tasks: int


def tasks_held(agency_id: int, person_id: int) -> tuple[TaskHeld, ...]:
    """Return a person's open tasks in an agency, by due day."""
    rows = (
        Task.objects.filter(agency_id=agency_id, assignee_id=person_id, state__in=OPEN_STATES)
        .exclude(action__state=Action.State.ENDED)
        .select_related("action", "unit")
        .order_by("due_on", "pk")
    )
    return tuple(
        TaskHeld(
            id=row.pk,
            number=row.action.number,
            text=row.action.text,
            label=_label(row),
            label_text=row.label,
            due_on=row.due_on,
            state=row.state,
            unit_id=row.unit_id,
            unit_name=row.unit.name if row.unit else "",
        )
        for row in rows
    )


def parts_held(agency_id: int, person_id: int) -> tuple[PartHeld, ...]:
    """Return the parts that plans give a person by name, by year and number of the action."""
    rows = (
        ActionBody.objects.filter(action__agency_id=agency_id, person_id=person_id)
        .exclude(action__state=Action.State.ENDED)
        .select_related("action")
        .order_by("action__year", "action_id", "pk")
    )
    return tuple(
        PartHeld(row.pk, row.part, row.action.year, row.action.number, row.action.text) for row in rows
    )


def counted_held(agency_id: int, person: OuterRef) -> tuple[Coalesce, Coalesce]:
    """Return, for a statement over people, how many open tasks and parts of actions each holds by name."""
    tasks = Task.objects.filter(agency_id=agency_id, assignee_id=person, state__in=OPEN_STATES).exclude(
        action__state=Action.State.ENDED
    )
    parts = ActionBody.objects.filter(action__agency_id=agency_id, person_id=person).exclude(
        action__state=Action.State.ENDED
    )
    counted = (
        rows.order_by().values(column).annotate(n=Count("pk")).values("n")
        for rows, column in ((tasks, "assignee_id"), (parts, "person_id"))
    )
    first, second = (Coalesce(Subquery(rows), Value(0)) for rows in counted)
    return first, second


def stranded(agency_id: int, on: date) -> tuple[Stranded, ...]:
    """Return who has open tasks in an agency and no post there on a day, nor later; nobody where all is well."""
    held = Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), agency_id=agency_id)
    rows = (
        Task.objects.filter(agency_id=agency_id, state__in=OPEN_STATES, assignee__isnull=False)
        .exclude(action__state=Action.State.ENDED)
        .exclude(assignee_id__in=held.filter(person__is_active=True).values("person_id"))
        .order_by("assignee_id")
    )
    counted: dict[int, tuple[str, int]] = {}
    for person_id, name in rows.values_list("assignee_id", "assignee__full_name"):
        counted[person_id] = (name, counted.get(person_id, ("", 0))[1] + 1)
    return tuple(Stranded(person_id, name, count) for person_id, (name, count) in counted.items())


def hand_on_tasks(*, actor: Actor, successors: Mapping[int, int | None], reason: str, now: datetime) -> int:
    """Give open tasks to others, or back to their units with None; for operations that have asked for authority.

    Each task is noted and journalled as when it is assigned. ``successors`` are people by task. Return how many moved.
    """
    names = dict(
        Person.objects.filter(pk__in={pk for pk in successors.values() if pk}).values_list("pk", "full_name")
    )
    tasks = (
        Task.objects.select_for_update(of=("self",))
        .filter(pk__in=successors, agency_id=actor.agency_id, state__in=OPEN_STATES)
        .select_related("action")
        .order_by("pk")
    )
    count = 0
    taken: Counter[int] = Counter()
    for task in tasks:
        before, after = task.assignee_id, successors[task.pk]
        task.assignee_id = after
        task.save(update_fields=["assignee"])
        name = names.get(after, "") if after is not None else ""
        note_assigned(actor=actor, task=task, before=before, name=name, now=now, reason=reason)
        count += 1
        if after is not None:
            taken[after] += 1
    if taken:
        told_handed_on(actor=actor, counts=taken, now=now)
    return count


def hand_on_parts(*, actor: Actor, successors: Mapping[int, int]) -> int:
    """Give parts of actions to other people; what the documents say stays. Return how many moved."""
    rows = list(
        ActionBody.objects.select_for_update(of=("self",)).filter(
            pk__in=successors, action__agency_id=actor.agency_id
        )
    )
    for row in rows:
        row.person_id = successors[row.pk]
    ActionBody.objects.bulk_update(rows, ["person"], batch_size=100)
    return len(rows)


def move_units_work(
    *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None = None
) -> tuple[int, int]:
    """Give a unit's open tasks, and its parts in actions that have not ended, to another; return how many of each.

    With ``people``, those in their names alone.
    """
    tasks = (
        Task.objects.filter(
            _of("assignee", people), agency_id=actor.agency_id, unit=unit, state__in=OPEN_STATES
        )
        .exclude(action__state=Action.State.ENDED)
        .update(unit=into)
    )
    parts = (
        ActionBody.objects.filter(_of("person", people), action__agency_id=actor.agency_id, unit=unit)
        .exclude(action__state=Action.State.ENDED)
        .update(unit=into)
    )
    return tasks, parts


def _of(field: str, people: Collection[int] | None) -> Q:
    return Q() if people is None else Q(**{f"{field}__in": people})


def _label(task: Task) -> Message | None:
    try:
        return label_of(task.occurrence)
    except ValueError:  # set off by an event, whose words stand in the task's label
        return None


def in_office(agency_id: int, person_id: int, on: date) -> bool:
    """Return whether a person who can sign in holds a post in an agency on a day."""
    return Membership.objects.filter(
        held_on(on), agency_id=agency_id, person_id=person_id, person__is_active=True
    ).exists()
