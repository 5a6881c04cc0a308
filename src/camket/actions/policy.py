"""Who reports and who reviews a task: roles of the table, and the part that the plan gives a unit or person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from camket.actions.models import ActionBody, Task
from camket.org.models import Unit
from camket.org.policy import Actor, can, can_in_agency


def may_report(actor: Actor, task: Task, bodies: Iterable[ActionBody]) -> bool:
    """Return whether the actor may report on a task: its person, its unit's members, a lead, or the secretary.

    ``bodies`` are the action's, with their units loaded; ``task.unit`` too.
    """
    if not can(actor, "task.report"):
        return False
    if can(actor, "task.report_any") or task.assignee_id == actor.acts_as_id or is_of(actor, task.unit):
        return True
    return any(_is_named(actor, body) for body in bodies if body.part == ActionBody.Part.LEAD)


def may_review(actor: Actor, task: Task, bodies: Iterable[ActionBody]) -> bool:
    """Return whether the actor may accept or return a task.

    The secretary and the leadership may for any task, a head for the tasks of the units and committees headed, and
    who the plan names as monitor for that action. Nobody reviews a submission of one's own: the
    operations refuse it.
    """
    if can_in_agency(actor, "task.review"):
        return True
    if can(actor, "task.report") and task.unit_id is not None and task.unit_id in actor.headed_unit_ids:
        return True
    return can(actor, "task.report") and any(
        _is_named(actor, body) for body in bodies if body.part == ActionBody.Part.MONITOR
    )


def is_reviewed_by(actor: Actor) -> Q:
    """Return the condition under which the actor may accept or return a task, as :func:`may_review` says of one."""
    if can_in_agency(actor, "task.review"):
        return Q()
    if not can(actor, "task.report"):
        return Q(pk__in=())
    return Q(unit_id__in=actor.headed_unit_ids) | Q(action__in=_monitored(actor).values("action_id"))


def monitors_some(actor: Actor) -> bool:
    """Return whether a plan of the agency names the actor as monitor of some action, by name or with a unit. One statement."""
    if not can(actor, "task.report"):
        return False
    return _monitored(actor).exists()


def may_fire(actor: Actor, bodies: Iterable[ActionBody]) -> bool:
    """Return whether the actor may say that an action's event has happened: any body named, or the secretary."""
    return can(actor, "task.report_any") or (
        can(actor, "task.report") and any(_is_named(actor, body) for body in bodies)
    )


def is_of(actor: Actor, unit: Unit | None) -> bool:
    """Return whether the actor belongs to a unit; everybody belongs to "all sections" of the agency."""
    if unit is None:
        return False
    return unit.pk in actor.unit_ids or (unit.kind == Unit.Kind.ALL and unit.agency_id == actor.agency_id)


def _monitored(actor: Actor) -> QuerySet[ActionBody]:
    """Return the bodies that name the actor as monitor of an action of the agency, by name or with a unit."""
    all_of_it = Q(unit__kind=Unit.Kind.ALL, unit__agency_id=actor.agency_id)
    named = Q(person_id=actor.acts_as_id) | Q(unit_id__in=actor.unit_ids) | all_of_it
    monitors = ActionBody.objects.filter(part=ActionBody.Part.MONITOR, action__agency_id=actor.agency_id)
    return monitors.filter(named)


def _is_named(actor: Actor, body: ActionBody) -> bool:
    return body.person_id == actor.acts_as_id or is_of(actor, body.unit)
