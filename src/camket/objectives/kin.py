"""What belongs to a plan and to an objective, for their histories."""

from __future__ import annotations

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
