"""What a plan asks of a share that is counted from a source, for pages that show the source's own results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from camket.core.formulas import from_json
from camket.core.plan import Target as Asked
from camket.core.plan import TargetKind
from camket.core.targets import PER_CENT, goal_text
from camket.objectives.models import Plan, Target
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class ShareGoal:
    """A target of the plan of a day: at least ``low`` per cent, of the rows that ``filters`` pick."""

    target_id: int
    text: str
    goal: str
    low: Decimal
    filters: Mapping[str, Sequence[str]]


def share_goals(actor: Actor, source: str, on: date) -> tuple[ShareGoal, ...]:
    """Return the targets for shares of a source that the agency's plan of a day has; one SQL statement."""
    require(actor, "plan.view")
    rows = (
        Target.objects.filter(
            objective__plan__agency_id=actor.agency_id,
            objective__plan__state__in=(Plan.State.PROMULGATED, Plan.State.CLOSED),
            objective__plan__period_start__lte=on,
            objective__plan__period_end__gte=on,
            indicator__formula__source=source,
            kind__in=(TargetKind.AT_LEAST.value, TargetKind.ABOVE.value),
            unit__in=PER_CENT,
            value__isnull=False,
        )
        .select_related("indicator")
        .order_by("-objective__plan__version", "objective__order", "order", "pk")
    )
    found: list[ShareGoal] = []
    for row in rows:
        if row.indicator is None or row.value is None:
            continue
        goal = goal_text(Asked(row.text, TargetKind(row.kind), row.value, unit=row.unit))
        filters = from_json(row.indicator.formula).filters
        found.append(ShareGoal(row.pk, row.text, goal, row.value, filters))
    return tuple(found)
