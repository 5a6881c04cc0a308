"""What a management review decided on for the next year, brought into the draft of that year's plan.

Source: ISO 9001:2015, 9.3.3 (decisions on improvement) and 6.2.1 (objectives are updated as appropriate).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.improvement.models import ReviewDecision
from camket.improvement.operations._recording import write_down
from camket.objectives.models import Plan
from camket.objectives.operations import add_objective, update_objective
from camket.org.models import Unit
from camket.org.policy import Actor, require


class TakenUpAlready(Refusal):
    """A decision stands in a plan already; ``objective_id`` is what it became there."""

    def __init__(self, number: str, year: int, objective_id: int) -> None:
        super().__init__(
            Message(
                gettext_noop("The decision stands as objective %(number)s in the plan of %(year)s already."),
                {"number": number, "year": str(year)},
            )
        )
        self.objective_id = objective_id


def take_up_decision(*, actor: Actor, plan_id: int, decision_id: int, text: str, now: datetime) -> int:
    """Add an objective that a closed review decided on to the draft of a plan, and return the objective's id.

    ``text`` is the objective in the words of the plan. The unit that the review named owns it. A decision of the year
    before the plan's, or of its own, is brought in once; again where its draft was given up, or the objective deleted.
    Raises NotAllowed, NotPossible for a plan that is no draft, TakenUpAlready, TextMissing, DoesNotExist.
    """
    require(actor, "plan.edit")
    today = timezone.localdate(now)
    with transaction.atomic():
        year = Plan.objects.values_list("year", flat=True).get(pk=plan_id, agency_id=actor.agency_id)
        decision = (
            ReviewDecision.objects.select_for_update(of=("self",))
            .select_related("review", "objective__plan")
            .get(
                pk=decision_id,
                kind=ReviewDecision.Kind.OBJECTIVE,
                review__agency_id=actor.agency_id,
                review__state="closed",
                review__year__in=(year - 1, year),
            )
        )
        there = decision.objective
        if there is not None and there.plan.state != Plan.State.DISCARDED:
            raise TakenUpAlready(there.number, there.plan.year, there.pk)
        made = add_objective(actor=actor, plan_id=plan_id, today=today, text=text)
        if decision.unit_id is not None and Unit.objects.filter(pk=decision.unit_id, is_active=True).exists():
            update_objective(actor=actor, objective_id=made, today=today, owner_id=decision.unit_id)
        decision.objective_id = made
        decision.save(update_fields=["objective"])
        write_down(
            actor,
            decision.review,
            "review.objective_drafted",
            now,
            None,
            {"decision": decision.text, "year": year, "objective": made},
        )
    return made
