"""Which targets of a plan are a unit's: those whose indicator it owns, and those of objectives it has work for or answers for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from camket.actions.models import Task
from camket.core.plan import Period
from camket.core.targets import worst
from camket.objectives.models import Plan, Target
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts
from camket.org.models import Unit


@dataclass(frozen=True, slots=True)
class _Claim:
    """One way in which targets are a unit's: rows, and where in them the unit and the target stand."""

    rows: QuerySet[Any]
    unit: str
    target: str


def _claims(plan: int | Subquery) -> tuple[_Claim, ...]:
    """Return the ways in which targets of a plan are a unit's: the one rule, for everything that asks."""
    targets = Target.objects.filter(objective__plan_id=plan)
    tasks = Task.objects.filter(
        action__placement__objective__plan_id=plan,
        action__placement__objective__targets__isnull=False,
        unit__isnull=False,
    ).exclude(state=Task.State.CANCELLED)
    return (
        _Claim(targets.filter(indicator__owner__isnull=False), "indicator__owner_id", "pk"),
        _Claim(targets.filter(objective__owner__isnull=False), "objective__owner_id", "pk"),
        _Claim(tasks, "unit_id", "action__placement__objective__targets"),
    )


def targets_by_unit(plan_id: int | None) -> dict[int, set[int]]:
    """Return the targets of a plan by the units that own their indicator, answer for their objective or have a task of it.

    One SQL statement.
    """
    found: dict[int, set[int]] = defaultdict(set)
    if plan_id is None:
        return found
    first, *others = (each.rows.order_by().values_list(each.unit, each.target) for each in _claims(plan_id))
    for unit_id, target_id in first.union(*others):
        found[unit_id].add(target_id)
    return found


def units_that_report(agency_id: int, period: Period) -> dict[int, str]:
    """Return the agency's units with a target in its newest plan that touches a period, by id, in their order.

    Former units that had work for one are among them.

    Which targets are a unit's is told by the same rule as in :func:`targets_by_unit`. One SQL statement.
    """
    plan = Plan.objects.filter(
        agency_id=agency_id,
        state__in=(Plan.State.PROMULGATED, Plan.State.CLOSED),
        period_start__lte=period.end,
        period_end__gte=period.start,
    ).order_by("-period_start", "-version", "-pk")
    has_target = Q()
    for each in _claims(Subquery(plan.values("pk")[:1])):
        has_target |= Q(pk__in=each.rows.order_by().values(each.unit))
    units = Unit.objects.filter(has_target, agency_id=agency_id, kind=Unit.Kind.SECTION)
    return dict(units.order_by("order", "name").values_list("pk", "name"))


def of_unit(verdicts: PlanVerdicts, unit_id: int | None) -> PlanVerdicts:
    """Return the verdicts on the targets of a unit alone, objectives with the state of what is left; all without a unit."""
    if unit_id is None:
        return verdicts
    own = targets_by_unit(verdicts.plan_id).get(unit_id, set())
    return replace(verdicts, objectives=narrowed(verdicts.objectives, own))


def narrowed(objectives: Iterable[ObjectiveVerdict], own: Collection[int]) -> tuple[ObjectiveVerdict, ...]:
    """Return the objectives that have a target among those given, with these alone and their state."""
    left = (
        replace(each, targets=tuple(one for one in each.targets if one.target_id in own))
        for each in objectives
    )
    return tuple(
        replace(each, state=worst(one.state for one in each.targets)) for each in left if each.targets
    )
