"""A plan's life from checked reading to closing, but for its coming into force."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from camket.actions.models import Action
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import fold
from camket.objectives.operations._change import change_state, plan_for, record_act, require_complete
from camket.objectives.operations._meanings import remember_bodies
from camket.objectives.rows import Refused, moment_of
from camket.org.policy import Actor


class ReasonMissing(Refused):
    """An act that needs a reason was given none."""

    def __init__(self) -> None:
        super().__init__(Message(gettext_noop("Give the reason.")))


class OwnPlan(Refused):
    """Who submitted the plan does not approve it."""

    def __init__(self) -> None:
        super().__init__(
            Message(gettext_noop("You submitted this plan yourself; another person has to approve it."))
        )


class PlanRunning(Refused):
    """The plan's period is not over."""

    def __init__(self, end: date) -> None:
        super().__init__(
            Message(
                gettext_noop("The plan runs until %(end)s; it can be closed after that day."),
                {"end": f"{end:%d/%m/%Y}"},
            )
        )


def accept_reading(*, actor: Actor, plan_id: int, today: date) -> None:
    """Accept a checked reading as a draft; whom its bodies mean is remembered for the next document.

    Raises NotPossible where the plan is no reading.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "accept")
        change_state(plan, "accept")
        plan.save(update_fields=["state"])
        remember_bodies(plan)
        record_act(actor, "plan.reading_accepted", plan, today)


def submit_plan(*, actor: Actor, plan_id: int, today: date) -> None:
    """Submit a draft for approval.

    Raises PlanIncomplete where one of the five elements of planning is missing.

    Source: ISO 9001:2015, 6.2.2.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "submit")
        change_state(plan, "submit")
        require_complete(actor, plan)
        plan.submitted_at = moment_of(today)
        plan.submitted_by_id = actor.person_id
        plan.save(update_fields=["state", "submitted_at", "submitted_by"])
        record_act(actor, "plan.submitted", plan, today)


def return_plan(*, actor: Actor, plan_id: int, reason: str, today: date) -> None:
    """Give a submitted or approved plan back to be changed. Raises ReasonMissing."""
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "return")
        change_state(plan, "return")
        reason = fold(reason)
        if not reason:
            raise ReasonMissing()
        plan.submitted_at = plan.submitted_by = plan.approved_at = plan.approved_by = None
        plan.save(update_fields=["state", "submitted_at", "submitted_by", "approved_at", "approved_by"])
        record_act(actor, "plan.returned", plan, today, reason=reason)


def approve_plan(*, actor: Actor, plan_id: int, today: date) -> None:
    """Approve a submitted plan; it then waits for signature, number and date.

    Whoever submitted it does not approve it, in whatever capacity. Raises PlanIncomplete, OwnPlan.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "approve")
        change_state(plan, "approve")
        if actor.is_own(plan.submitted_by_id):
            raise OwnPlan()
        require_complete(actor, plan)
        plan.approved_at = moment_of(today)
        plan.approved_by_id = actor.person_id
        plan.save(update_fields=["state", "approved_at", "approved_by"])
        record_act(actor, "plan.approved", plan, today, settles=True)


def close_plan(*, actor: Actor, plan_id: int, today: date) -> None:
    """Close a plan whose period is over; its actions end, what was not done stays so. Raises PlanRunning."""
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "close")
        change_state(plan, "close")
        if today <= plan.period_end:
            raise PlanRunning(plan.period_end)
        plan.closed_at = moment_of(today)
        plan.save(update_fields=["state", "closed_at"])
        Action.objects.filter(placement__objective__plan=plan).update(state=Action.State.ENDED)
        record_act(actor, "plan.closed", plan, today)


def discard_plan(*, actor: Actor, plan_id: int, today: date, reason: str = "") -> None:
    """Set a plan aside that was never submitted; it is kept, and out of the way.

    Raises NotPossible in any other state.
    """
    with transaction.atomic():
        plan = plan_for(actor, plan_id, "discard")
        change_state(plan, "discard")
        plan.save(update_fields=["state"])
        record_act(actor, "plan.discarded", plan, today, reason=fold(reason))
