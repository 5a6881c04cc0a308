"""Objectives, targets and actions of plans, found by words."""

from __future__ import annotations

from django.db.models import F

from camket.core.finding import Found, Hit, Sought
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.policy import Actor, require
from camket.org.queries import found_in

_GONE = (Plan.State.DISCARDED, Plan.State.REPLACED)
"""Versions that nobody works by and that another one has taken the place of."""
JUDGED = frozenset({Plan.State.PROMULGATED, Plan.State.CLOSED})
"""Plans whose objectives and targets have pages of their own; of others the plan is opened."""


def find_in_plans(actor: Actor, sought: Sought, *, at_most: int) -> Found:
    """Return objectives, targets and actions that hold the words, of each kind the newest year's first.

    Of a hit ``part_of`` is the plan, ``about`` its year, ``state`` the plan's; a target that says word for word what its
    objective says is not told again. Three SQL statements; raises NotAllowed.
    """
    require(actor, "plan.view")
    objectives = found_in(
        Objective.objects.filter(plan__agency_id=actor.agency_id)
        .exclude(plan__state__in=_GONE)
        .select_related("plan")
        .only("number", "text", "plan__year", "plan__state"),
        sought, ("text", "number"), by=("-plan__year", "-plan__pk", "order", "pk"), at_most=at_most,
    )  # fmt: skip
    targets = found_in(
        Target.objects.filter(objective__plan__agency_id=actor.agency_id)
        .exclude(objective__plan__state__in=_GONE)
        .exclude(text=F("objective__text"))
        .select_related("objective__plan")
        .only("text", "objective__number", "objective__plan__year", "objective__plan__state"),
        sought, ("text",), by=("-objective__plan__year", "-objective__plan__pk", "objective__order", "order", "pk"),
        at_most=at_most,
    )  # fmt: skip
    actions = found_in(
        ObjectiveAction.objects.filter(objective__plan__agency_id=actor.agency_id)
        .exclude(objective__plan__state__in=_GONE)
        .select_related("action", "objective__plan")
        .only(
            "action__number", "action__text", "objective__number", "objective__plan__year", "objective__plan__state"
        ),
        sought, ("action__text",), by=("-objective__plan__year", "-objective__plan__pk", "objective__order", "order", "pk"),
        at_most=at_most,
    )  # fmt: skip
    hits = [_hit("objective", each.pk, each.text, each.number, each.plan) for each in objectives[1]]
    hits += [
        _hit("target", each.pk, each.text, each.objective.number, each.objective.plan) for each in targets[1]
    ]
    hits += [
        _hit(
            "action",
            each.action_id,
            each.action.text,
            f"{each.objective.number}.{each.action.number}",
            each.objective.plan,
        )
        for each in actions[1]
    ]
    return Found(objectives[0] + targets[0] + actions[0], tuple(hits))


def _hit(kind: str, pk: int, text: str, number: str, plan: Plan) -> Hit:
    return Hit(pk, text, kind=kind, number=number, about=str(plan.year), part_of=plan.pk, state=plan.state)
