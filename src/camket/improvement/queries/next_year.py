"""What the last year proposes for a plan's draft: objectives that reviews decided on, and targets that were not reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from camket.core.messages import Message
from camket.core.next_year import move_years_in_text
from camket.core.targets import VerdictState
from camket.core.wording.text import search_key
from camket.improvement.models import ReviewDecision
from camket.objectives.details import PlanDetail
from camket.objectives.models import Plan
from camket.objectives.queries import plan_detail
from camket.objectives.verdicts import TargetVerdict, verdicts_of_plan
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require

CALLS = (VerdictState.MISSED, VerdictState.AT_RISK, VerdictState.NO_DATA)
"""Verdicts of last year's targets that the next plan has to answer, the gravest first."""
_DRAFTED = ("reading", "draft")


@dataclass(frozen=True, slots=True)
class InPlan:
    """An objective of a plan that something became, or is kept in; ``goal`` is what it says there."""

    plan_id: int
    year: int
    objective_id: int
    number: str
    goal: str = ""


@dataclass(frozen=True, slots=True)
class DecidedObjective:
    """An objective that a review decided on; ``became`` is None until a plan brings it in."""

    decision_id: int
    text: str
    review_id: int
    review: str
    held_on: date
    owner: str
    became: InPlan | None


@dataclass(frozen=True, slots=True)
class LastResult:
    """A target of the year before that was not reached, with what the draft says of the same.

    ``words`` are those of its objective, moved on to the draft's year; ``kept`` is None where the draft has nothing of it.
    """

    target_id: int
    objective_id: int
    number: str
    target: str
    state: VerdictState
    reason: Message
    words: str
    kept: InPlan | None


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the last year proposes for the draft of a plan; ``last_plan_id`` is that of the year before, None without one."""

    plan: PlanDetail
    decisions: tuple[DecidedObjective, ...]
    results: tuple[LastResult, ...]
    last_plan_id: int | None
    last_year: int

    @property
    def open(self) -> int:
        """How much the draft does not answer yet."""
        return sum(each.became is None for each in self.decisions) + sum(
            each.kept is None for each in self.results
        )


def proposals(actor: Actor, plan_id: int, today: date) -> Proposals:
    """Return what the last year proposes for a plan of the actor's agency. Raises NotAllowed, Plan.DoesNotExist."""
    require(actor, "plan.view")
    plan = plan_detail(actor, plan_id)
    last = (
        Plan.objects.filter(
            agency_id=actor.agency_id,
            year=plan.year - 1,
            state__in=(Plan.State.PROMULGATED, Plan.State.CLOSED),
        )
        .order_by("-version", "-pk")
        .values_list("pk", "period_end")
        .first()
    )
    results: tuple[LastResult, ...] = ()
    if last is not None:
        results = _results(actor, plan, last[0], min(today, last[1]))
    return Proposals(
        plan=plan,
        decisions=decided(actor, plan.year),
        results=results,
        last_plan_id=last[0] if last else None,
        last_year=plan.year - 1,
    )


def decided(actor: Actor, year: int) -> tuple[DecidedObjective, ...]:
    """Return the objectives that closed reviews of a year, and of the one before, decided on; one SQL statement.

    Who may not see reviews is told of none.
    """
    if not can(actor, "review.view"):
        return ()
    rows = _decided(actor, year).select_related("review", "unit", "person", "objective__plan")
    return tuple(
        DecidedObjective(
            decision_id=each.pk,
            text=each.text,
            review_id=each.review_id,
            review=each.review.title,
            held_on=each.review.held_on,
            owner=each.unit.name
            if each.unit
            else (shown_name(actor, each.person.full_name) if each.person else ""),
            became=_became(each),
        )
        for each in rows.order_by("-review__held_on", "order", "pk")
    )


def waiting(actor: Actor, year: int) -> int:
    """Return how many objectives that reviews decided on stand in no plan of the year yet; one SQL statement."""
    if not can(actor, "review.view"):
        return 0
    return (
        _decided(actor, year)
        .filter(Q(objective=None) | Q(objective__plan__state=Plan.State.DISCARDED))
        .count()
    )


def decided_for(actor: Actor, objective_id: int) -> tuple[tuple[int, str, date], ...]:
    """Return the reviews that decided on an objective: id, title and day; one SQL statement."""
    if not can(actor, "review.view"):
        return ()
    rows = ReviewDecision.objects.filter(objective_id=objective_id, review__agency_id=actor.agency_id)
    return tuple(
        rows.order_by("review__held_on")
        .values_list("review_id", "review__title", "review__held_on")
        .distinct()
    )


def is_drafted(plan: PlanDetail) -> bool:
    """Return whether a plan still takes objectives in."""
    return plan.state in _DRAFTED


def _decided(actor: Actor, year: int) -> QuerySet[ReviewDecision]:
    return ReviewDecision.objects.filter(
        review__agency_id=actor.agency_id,
        review__state="closed",
        review__year__in=(year - 1, year),
        kind=ReviewDecision.Kind.OBJECTIVE,
    )


def _became(each: ReviewDecision) -> InPlan | None:
    found = each.objective
    if found is None or found.plan.state == Plan.State.DISCARDED:
        return None
    return InPlan(found.plan_id, found.plan.year, found.pk, found.number)


def _results(actor: Actor, plan: PlanDetail, last_id: int, on: date) -> tuple[LastResult, ...]:
    judged = verdicts_of_plan(actor, last_id, on)
    found = [
        LastResult(
            target_id=row.target_id,
            objective_id=objective.objective_id,
            number=objective.number,
            target=row.target.text,
            state=row.state,
            reason=row.verdict.reason,
            words=move_years_in_text(objective.text, plan.year - 1, 1),
            kept=_kept(plan, row, objective.text),
        )
        for objective in judged.objectives
        for row in objective.targets
        if row.state in CALLS
    ]
    return tuple(sorted(found, key=lambda each: CALLS.index(each.state)))


def _kept(plan: PlanDetail, row: TargetVerdict, objective: str) -> InPlan | None:
    """Return the objective of the draft that measures the same, or says the same but for the year."""
    same = search_key(move_years_in_text(row.target.text, plan.year - 1, 1))
    words = search_key(move_years_in_text(objective, plan.year - 1, 1))
    for each in plan.objectives:
        for target in each.targets:
            is_measured_alike = row.indicator is not None and target.indicator_id == row.indicator.id
            if is_measured_alike or search_key(target.text) == same:
                return InPlan(plan.id, plan.year, each.id, each.number, target.text)
        if search_key(each.text) == words:
            return InPlan(plan.id, plan.year, each.id, each.number, each.text)
    return None
