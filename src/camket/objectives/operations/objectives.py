"""Setting a plan's objectives right."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from camket.actions.models import Action
from camket.core.wording.targets import parse_targets
from camket.core.wording.text import fold
from camket.objectives.models import Objective
from camket.objectives.operations._change import (
    KEEP,
    Keep,
    apply_changes,
    objective_for,
    plan_for,
    record_act,
    require_revision,
    required_text,
    settled,
)
from camket.objectives.operations._places import (
    MergeNotPossible,
    SplitNotPossible,
    append_rows,
    append_targets,
    close_ranks,
    joined,
    next_number,
    place_row,
)
from camket.objectives.rows import fitted
from camket.org.models import Unit
from camket.org.policy import Actor


def add_objective(
    *,
    actor: Actor,
    plan_id: int,
    today: date,
    text: str,
    number: str = "",
    method: str = "",
    position: int | None = None,
    find_targets: bool = True,
) -> int:
    """Add an objective, by default with the targets that its own words state, and return its id.

    ``position`` counts from 0; without it the objective comes last. Raises TextMissing, TooLong,
    PositionNotPossible.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "edit")
        rows = list(plan.objectives.order_by("order", "pk"))
        objective = Objective(
            plan=plan,
            number=fitted(Objective, "number", fold(number)) or next_number(row.number for row in rows),
            text=required_text(text),
            method=fold(method),
        )
        place_row(objective, rows, position)
        if find_targets:
            append_targets(objective, parse_targets(objective.text, year=plan.year))
        record_act(
            actor,
            "objective.added",
            objective,
            today,
            after={"number": objective.number, "text": objective.text},
        )
    return objective.pk


def update_objective(
    *,
    actor: Actor,
    objective_id: int,
    today: date,
    revision: int | None = None,
    number: str | Keep = KEEP,
    text: str | Keep = KEEP,
    method: str | Keep = KEEP,
    owner_id: int | Keep | None = KEEP,
) -> None:
    """Change an objective's words or the unit that owns it; its targets stay as they are.

    Raises ChangedMeanwhile, TextMissing, TooLong; Unit.DoesNotExist for a unit of another agency.
    """
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        require_revision(actor, objective, objective.revision, revision)
        changes: dict[str, Any] = {}
        if not isinstance(number, Keep):
            changes["number"] = fitted(Objective, "number", required_text(number))
        if not isinstance(text, Keep):
            changes["text"] = required_text(text)
        if not isinstance(method, Keep):
            changes["method"] = fold(method)
        if not isinstance(owner_id, Keep):
            changes["owner_id"] = (
                None if owner_id is None else Unit.objects.get(pk=owner_id, agency_id=actor.agency_id).pk
            )
        changes["source"] = settled(objective.source, changes)
        apply_changes(actor, objective, changes, verb="objective.changed", today=today)


def move_objective(*, actor: Actor, objective_id: int, position: int, today: date) -> None:
    """Move an objective to another place in its plan, counted from 0. Raises PositionNotPossible."""
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        rows = list(objective.plan.objectives.order_by("order", "pk"))
        before = rows.index(objective)
        rows.remove(objective)
        place_row(objective, rows, position)
        record_act(
            actor,
            "objective.moved",
            objective,
            today,
            before={"position": before},
            after={"position": position},
        )


def split_objective(
    *,
    actor: Actor,
    objective_id: int,
    first: str,
    second: str,
    today: date,
    target_ids: Collection[int] = (),
    action_ids: Collection[int] = (),
) -> int:
    """Divide an objective in two and return the id of the new one, which comes right after it.

    The targets and actions named go to the new objective. Raises SplitNotPossible where a part is empty or a
    row named is not the objective's own.
    """
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        first, second = fold(first), fold(second)
        targets = list(objective.targets.filter(pk__in=target_ids).order_by("order", "pk"))
        placements = list(objective.placements.filter(action_id__in=action_ids).order_by("order", "pk"))
        if (
            not first
            or not second
            or len(targets) != len(set(target_ids))
            or len(placements) != len(set(action_ids))
        ):
            raise SplitNotPossible()
        rows = list(objective.plan.objectives.order_by("order", "pk"))
        new = Objective(
            plan=objective.plan,
            number=next_number(row.number for row in rows),
            text=second,
            method=objective.method,
            owner_id=objective.owner_id,
            source=objective.source,
        )
        place_row(new, rows, rows.index(objective) + 1)
        append_rows(new, targets, placements)
        apply_changes(
            actor, objective, {"text": first}, verb="objective.split", today=today, after={"new": new.pk}
        )
    return new.pk


def merge_objectives(*, actor: Actor, objective_id: int, into_id: int, today: date) -> None:
    """Join an objective to another of the plan: its words, targets and actions follow those of the other.

    Raises MergeNotPossible.
    """
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        into = objective_for(actor, into_id)
        if objective.pk == into.pk or objective.plan_id != into.plan_id:
            raise MergeNotPossible()
        append_rows(
            into,
            list(objective.targets.order_by("order", "pk")),
            list(objective.placements.order_by("order", "pk")),
        )
        changes = {
            "text": joined(into.text, objective.text),
            "method": joined(into.method, objective.method),
            "owner_id": into.owner_id or objective.owner_id,
        }
        gone = {"number": objective.number, "text": objective.text}
        apply_changes(actor, into, changes, verb="objective.merged", today=today, after={"merged": gone})
        objective.delete()
        close_ranks(list(into.plan.objectives.order_by("order", "pk")))


def delete_objective(*, actor: Actor, objective_id: int, today: date) -> None:
    """Take an objective with its targets and actions out of a plan that binds nobody yet."""
    with transaction.atomic():
        objective = objective_for(actor, objective_id)
        before = {
            "number": objective.number,
            "text": objective.text,
            "targets": list(objective.targets.order_by("order", "pk").values_list("text", flat=True)),
            "actions": list(
                objective.placements.order_by("order", "pk").values_list("action__text", flat=True)
            ),
        }
        record_act(actor, "objective.deleted", objective, today, before=before)
        Action.objects.filter(placement__objective=objective).delete()
        plan = objective.plan
        objective.delete()
        close_ranks(list(plan.objectives.order_by("order", "pk")))


def renumber_objectives(*, actor: Actor, plan_id: int, today: date) -> None:
    """Number a plan's objectives 1, 2, … in their order; sub-objectives and actions follow ("4.1", "4.1.2")."""
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "edit")
        rows = list(plan.objectives.order_by("order", "pk"))
        before = [row.number for row in rows]
        top = sub = 0
        parent = ""
        for row in rows:
            old = row.number
            if parent and old.startswith(f"{parent}."):
                sub += 1
                row.number = f"{top}.{sub}"
            else:
                top, sub, parent = top + 1, 0, old
                row.number = str(top)
            if row.number != old:
                row.revision += 1
                actions = list(Action.objects.filter(placement__objective=row, number__startswith=f"{old}."))
                for action in actions:
                    action.number = row.number + action.number[len(old) :]
                Action.objects.bulk_update(actions, ["number"])
        Objective.objects.bulk_update(rows, ["number", "revision"])
        record_act(
            actor,
            "plan.renumbered",
            plan,
            today,
            before={"numbers": before},
            after={"numbers": [r.number for r in rows]},
        )
