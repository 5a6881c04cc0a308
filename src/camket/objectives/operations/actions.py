"""Setting an objective's actions right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from camket.actions.models import Action, ActionBody
from camket.core import plan as core
from camket.core.wording.schedules import parse_schedule
from camket.core.wording.text import fold
from camket.objectives.bodies import body_key
from camket.objectives.models import ObjectiveAction
from camket.objectives.operations._change import (
    KEEP,
    Keep,
    apply_changes,
    given_texts,
    objective_for,
    placement_for,
    record_act,
    require_revision,
    required_text,
    settled,
)
from camket.objectives.operations._meanings import Meanings, set_bodies
from camket.objectives.operations._places import (
    MergeNotPossible,
    PositionNotPossible,
    SplitNotPossible,
    close_ranks,
    joined,
    next_number,
    next_order,
    place_row,
)
from camket.objectives.rows import PART_FIELDS, fitted, parts_of
from camket.org.policy import Actor


def add_action(
    *,
    actor: Actor,
    objective_id: int,
    today: date,
    text: str,
    number: str = "",
    lead: Sequence[str] = (),
    support: Sequence[str] = (),
    monitors: Sequence[str] = (),
    when: str = "",
    schedule: Sequence[core.Schedule] | None = None,
    evidence: Sequence[str] = (),
    resources: str = "",
    evaluation: str = "",
    position: int | None = None,
) -> int:
    """Add an action to an objective and return its id.

    ``when`` is understood at once unless its schedule is given; bodies are names as written and are mapped where
    their names are known or alike enough. Raises TextMissing, TooLong, PositionNotPossible.
    """
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        plan = objective.plan
        rows = list(objective.placements.select_related("action").order_by("order", "pk"))
        when = fold(when)
        entries = parse_schedule(when, plan.year).entries if schedule is None else schedule
        action = Action.objects.create(
            agency_id=plan.agency_id,
            year=plan.year,
            number=fitted(Action, "number", fold(number)) or next_number(row.action.number for row in rows),
            text=required_text(text),
            when=when,
            schedule=[core.schedule_json(entry) for entry in entries],
            expected_evidence=given_texts(evidence),
            resources=fold(resources),
            evaluation=fold(evaluation),
        )
        place_row(ObjectiveAction(objective=objective, action=action), rows, position)
        meanings = Meanings(plan)
        for part, names in parts_of(lead, support, monitors).items():
            set_bodies(action, part, given_texts(names), meanings)
        record_act(actor, "action.added", action, today, after={"number": action.number, "text": action.text})
    return action.pk


def update_action(
    *,
    actor: Actor,
    action_id: int,
    today: date,
    revision: int | None = None,
    number: str | Keep = KEEP,
    text: str | Keep = KEEP,
    lead: Sequence[str] | Keep = KEEP,
    support: Sequence[str] | Keep = KEEP,
    monitors: Sequence[str] | Keep = KEEP,
    when: str | Keep = KEEP,
    schedule: Sequence[core.Schedule] | Keep = KEEP,
    evidence: Sequence[str] | Keep = KEEP,
    resources: str | Keep = KEEP,
    evaluation: str | Keep = KEEP,
) -> None:
    """Change an action. A new ``when`` is understood anew unless its schedule is given with it.

    Raises ChangedMeanwhile, TextMissing, TooLong.
    """
    with transaction.atomic():
        placement = placement_for(actor, action_id)
        require_revision(actor, placement.action, placement.revision, revision)
        plan, action = placement.objective.plan, placement.action
        changes: dict[str, Any] = {}
        if not isinstance(number, Keep):
            changes["number"] = fitted(Action, "number", required_text(number))
        if not isinstance(text, Keep):
            changes["text"] = required_text(text)
        if not isinstance(when, Keep):
            changes["when"] = fold(when)
            if schedule is KEEP and changes["when"] != action.when:
                entries = parse_schedule(changes["when"], plan.year).entries
                changes["schedule"] = [core.schedule_json(entry) for entry in entries]
        if not isinstance(schedule, Keep):
            changes["schedule"] = [core.schedule_json(entry) for entry in schedule]
        if not isinstance(evidence, Keep):
            changes["expected_evidence"] = given_texts(evidence)
        if not isinstance(resources, Keep):
            changes["resources"] = fold(resources)
        if not isinstance(evaluation, Keep):
            changes["evaluation"] = fold(evaluation)
        meanings = Meanings(plan)
        old_bodies: dict[str, Any] = {}
        new_bodies: dict[str, Any] = {}
        for part, names in parts_of(lead, support, monitors).items():
            if isinstance(names, Keep):
                continue
            old = list(action.bodies.filter(part=part).order_by("order", "pk").values_list("text", flat=True))
            new = given_texts(names)
            if old != new:
                set_bodies(action, part, new, meanings)
                field = PART_FIELDS[part]
                old_bodies[field], new_bodies[field] = old, new
        placement.source = settled(placement.source, {**changes, **new_bodies})
        changed = apply_changes(
            actor,
            action,
            changes,
            verb="action.changed",
            today=today,
            before=old_bodies,
            after=new_bodies,
            bump=False,
        )
        if changed:
            placement.revision += 1
        placement.save(update_fields=["source", "revision"])


def move_action(
    *, actor: Actor, action_id: int, objective_id: int, today: date, position: int | None = None
) -> None:
    """Move an action within its objective or to another of the plan; ``position`` counts from 0, else last.

    Raises PositionNotPossible, also for an objective of another plan.
    """
    with transaction.atomic():
        placement = placement_for(actor, action_id)
        there = objective_for(actor, objective_id)
        left = placement.objective
        if there.plan_id != left.plan_id:
            raise PositionNotPossible()
        rows = [
            each
            for each in there.placements.select_related("action").order_by("order", "pk")
            if each.pk != placement.pk
        ]
        action = placement.action
        if there.pk != left.pk and action.number in {row.action.number for row in rows}:
            action.number = next_number(row.action.number for row in rows)
            action.save(update_fields=["number"])
        placement.objective = there
        place_row(placement, rows, position)
        close_ranks(list(left.placements.order_by("order", "pk")))
        record_act(
            actor, "action.moved", action, today, before={"objective": left.pk}, after={"objective": there.pk}
        )


def split_action(*, actor: Actor, action_id: int, first: str, second: str, today: date) -> int:
    """Divide an action in two and return the id of the new one; both keep bodies, time and evidence.

    Raises SplitNotPossible.
    """
    with transaction.atomic():
        placement = placement_for(actor, action_id)
        first, second = fold(first), fold(second)
        if not first or not second:
            raise SplitNotPossible()
        action = placement.action
        rows = list(placement.objective.placements.select_related("action").order_by("order", "pk"))
        new = Action.objects.create(
            agency_id=action.agency_id,
            year=action.year,
            number=next_number(row.action.number for row in rows),
            text=second,
            when=action.when,
            schedule=action.schedule,
            expected_evidence=action.expected_evidence,
            resources=action.resources,
            evaluation=action.evaluation,
        )
        ActionBody.objects.bulk_create(
            ActionBody(
                action=new,
                part=body.part,
                text=body.text,
                order=body.order,
                unit_id=body.unit_id,
                person_id=body.person_id,
            )
            for body in action.bodies.order_by("order", "pk")
        )
        beside = ObjectiveAction(objective=placement.objective, action=new, source=placement.source)
        place_row(beside, rows, rows.index(placement) + 1)
        apply_changes(
            actor,
            action,
            {"text": first},
            verb="action.split",
            today=today,
            after={"new": new.pk},
            bump=False,
        )
        ObjectiveAction.objects.filter(pk=placement.pk).update(revision=F("revision") + 1)
    return new.pk


def merge_actions(*, actor: Actor, action_id: int, into_id: int, today: date) -> None:
    """Join an action to another of the plan: words, bodies, times and evidence that the other lacks are added.

    Raises MergeNotPossible.
    """
    with transaction.atomic():
        placement = placement_for(actor, action_id)
        kept = placement_for(actor, into_id)
        if placement.pk == kept.pk or placement.objective.plan_id != kept.objective.plan_id:
            raise MergeNotPossible()
        action, into = placement.action, kept.action
        have = {(body.part, body_key(body.text)) for body in into.bodies.all()}
        order = next_order(into.bodies)
        for body in action.bodies.order_by("order", "pk"):
            if (body.part, body_key(body.text)) not in have:
                ActionBody.objects.filter(pk=body.pk).update(action=into, order=order)
                order += 1
        changes = {
            "text": joined(into.text, action.text),
            "when": joined(into.when, action.when),
            "schedule": [*into.schedule, *(entry for entry in action.schedule if entry not in into.schedule)],
            "expected_evidence": [
                *into.expected_evidence,
                *(each for each in action.expected_evidence if each not in into.expected_evidence),
            ],
            "resources": joined(into.resources, action.resources),
            "evaluation": joined(into.evaluation, action.evaluation),
        }
        gone = {"number": action.number, "text": action.text}
        apply_changes(
            actor, into, changes, verb="action.merged", today=today, after={"merged": gone}, bump=False
        )
        ObjectiveAction.objects.filter(pk=kept.pk).update(revision=F("revision") + 1)
        left = placement.objective
        action.delete()
        close_ranks(list(left.placements.order_by("order", "pk")))


def delete_action(*, actor: Actor, action_id: int, today: date) -> None:
    """Take an action out of a plan that binds nobody yet."""
    with transaction.atomic():
        placement = placement_for(actor, action_id)
        action, objective = placement.action, placement.objective
        record_act(
            actor, "action.deleted", action, today, before={"number": action.number, "text": action.text}
        )
        action.delete()
        close_ranks(list(objective.placements.order_by("order", "pk")))
