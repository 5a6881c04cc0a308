"""What belongs to a plan and to an objective, for their histories."""

from __future__ import annotations

from camket.indicators.models import Indicator, Reading
from camket.journal.kin import Parts
from camket.objectives.models import Objective, ObjectiveAction, Target


def parts_of_plan(agency_id: int, plan_id: int) -> Parts:
    """Return the plan's objectives, their targets and actions."""
    objectives = Objective.objects.filter(plan_id=plan_id, plan__agency_id=agency_id)
    return (
        ("objectives.objective", objectives.values_list("pk", flat=True)),
        ("objectives.target", Target.objects.filter(objective__in=objectives).values_list("pk", flat=True)),
        (
            "actions.action",
            ObjectiveAction.objects.filter(objective__in=objectives).values_list("action_id", flat=True),
        ),
    )


def parts_of_objective(agency_id: int, objective_id: int) -> Parts:
    """Return the objective's targets and actions."""
    own = {"objective_id": objective_id, "objective__plan__agency_id": agency_id}
    return (
        ("objectives.target", Target.objects.filter(**own).values_list("pk", flat=True)),
        ("actions.action", ObjectiveAction.objects.filter(**own).values_list("action_id", flat=True)),
    )


def parts_of_target(agency_id: int, target_id: int) -> Parts:
    """Return the target's indicator with its readings."""
    own = Target.objects.filter(pk=target_id, objective__plan__agency_id=agency_id).values("indicator_id")
    return (
        ("indicators.indicator", Indicator.objects.filter(pk__in=own).values_list("pk", flat=True)),
        ("indicators.reading", Reading.objects.filter(indicator_id__in=own).values_list("pk", flat=True)),
    )


def has_objective(agency_id: int, objective_id: int) -> bool:
    """Return whether the agency has the objective."""
    return Objective.objects.filter(pk=objective_id, plan__agency_id=agency_id).exists()


def has_target(agency_id: int, target_id: int) -> bool:
    """Return whether the agency has the target."""
    return Target.objects.filter(pk=target_id, objective__plan__agency_id=agency_id).exists()
