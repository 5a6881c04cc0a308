"""A plan's coming into force: the signed decision, its indicators, its dated work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, Subquery

from camket.actions import operations as work
from camket.actions.models import Action, Task
from camket.actions.telling import told_in_force
from camket.core.messages import Message, gettext_noop
from camket.core.wording.measured import measured_words
from camket.core.wording.text import fold
from camket.indicators import operations as indicators
from camket.objectives import queries
from camket.objectives.details import PlanDetail
from camket.objectives.models import ObjectiveAction, Plan, Target
from camket.objectives.operations._change import change_state, plan_for, record_act, require_complete
from camket.objectives.operations._files import Upload, stored_file
from camket.objectives.operations._meanings import remember_bodies
from camket.objectives.rows import Refused, fitted, moment_of
from camket.org.models import Agency
from camket.org.policy import Actor


class DecisionIncomplete(Refused):
    """Number, day or signature of the decision is missing at promulgation."""


class DateInFuture(Refused):
    """A decision is dated after today."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "The decision's date lies in the future; number and date are given after signature."
                )
            )
        )


class SignedFileMissing(Refused):
    """A plan is recorded as signed without the signed document."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                gettext_noop("Attach the signed decision; without it the plan has to be approved here first.")
            )
        )


class AnotherInForce(Refused):
    """Another plan of the year is in force and this one does not amend it."""

    def __init__(self, year: int) -> None:
        super().__init__(
            Message(
                gettext_noop(
                    "Another plan is in force for %(year)s. To change it, start an amendment from that plan."
                ),
                {"year": str(year)},
            )
        )


def promulgate_plan(
    *,
    actor: Actor,
    plan_id: int,
    number: str,
    decided_on: date,
    signed_by: str,
    today: date,
    capacity: str = "",
    authority: str = "",
    place: str = "",
    signed_file: Upload | None = None,
) -> int:
    """Put an approved plan in force under the number and date of its signed decision; return how many tasks it makes.

    Its actions get their dated tasks, its targets their indicators. A plan that it amends is replaced: actions that
    go on unchanged keep their tasks, the others' open tasks end.

    Raises DecisionIncomplete, DateInFuture, AnotherInForce, PlanIncomplete, FileRefused, TooLong.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15 (number and date after signature); ISO 9001:2015, 6.2.
    """
    return _put_in_force(
        "promulgate",
        actor=actor,
        plan_id=plan_id,
        decision=_SignedDecision(number, decided_on, signed_by, capacity, authority, place),
        signed_file=signed_file,
        today=today,
    )


def record_signed_plan(
    *,
    actor: Actor,
    plan_id: int,
    number: str,
    decided_on: date,
    signed_by: str,
    today: date,
    capacity: str = "",
    authority: str = "",
    place: str = "",
    signed_file: Upload | None = None,
) -> int:
    """Put a draft in force whose decision was signed on paper before it came here; return how many tasks it makes.

    Approval lies in the signature, so the signed document has to be there: the file the plan was read from, or one
    attached now. Raises SignedFileMissing, and what :func:`promulgate_plan` raises.
    """
    return _put_in_force(
        "record_signed",
        actor=actor,
        plan_id=plan_id,
        decision=_SignedDecision(number, decided_on, signed_by, capacity, authority, place),
        signed_file=signed_file,
        today=today,
    )


@dataclass(frozen=True, slots=True)
class _SignedDecision:
    """What a decision has once it is signed."""

    number: str
    decided_on: date
    signed_by: str
    capacity: str
    authority: str
    place: str


def _put_in_force(
    act: str,
    *,
    actor: Actor,
    plan_id: int,
    decision: _SignedDecision,
    signed_file: Upload | None,
    today: date,
) -> int:
    with transaction.atomic():
        plan = plan_for(actor, plan_id, act)
        before = {"state": plan.state}
        change_state(plan, act)
        _require_signed(decision, today)
        if act == "record_signed" and signed_file is None and plan.source_file_id is None:
            raise SignedFileMissing()
        detail = require_complete(actor, plan)
        # Another plan of the year may come into force at this very moment: one waits for the other here.
        Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=plan.agency_id)
        others = Plan.objects.filter(agency_id=plan.agency_id, year=plan.year, state=Plan.State.PROMULGATED)
        if plan.supersedes_id is not None:
            others = others.exclude(pk=plan.supersedes_id)
        if others.exists():
            raise AnotherInForce(plan.year)
        for name in ("number", "signed_by", "capacity", "authority", "place"):
            text = fitted(Plan, name, fold(getattr(decision, name)))
            setattr(plan, name, text or getattr(plan, name))
        plan.decided_on = decision.decided_on
        if signed_file is not None:
            plan.signed_file = stored_file(actor, signed_file, today)
        elif act == "record_signed":
            plan.signed_file_id = plan.source_file_id
        plan.promulgated_at = moment_of(today)
        replaced = _replace_superseded(actor, plan, today)
        plan.revision += 1
        plan.save()
        _define_indicators(actor, plan, detail, today)
        made = _date_the_work(actor, plan, detail, replaced, today)
        remember_bodies(plan)
        after = {
            "state": plan.state,
            "number": plan.number,
            "decided_on": plan.decided_on,
            "signed_by": plan.signed_by,
            "signed_file": plan.signed_file_id,
            "replaces": plan.supersedes_id,
            "tasks": made,
        }
        record_act(
            actor,
            f"plan.{'promulgated' if act == 'promulgate' else 'recorded_signed'}",
            plan,
            today,
            before,
            after,
            settles=True,
        )
    return made


def _require_signed(decision: _SignedDecision, today: date) -> None:
    if not fold(decision.number):
        raise DecisionIncomplete(Message(gettext_noop("Give the number of the signed decision.")))
    if not fold(decision.signed_by):
        raise DecisionIncomplete(
            Message(gettext_noop("Give the name of the person who signed the decision."))
        )
    if decision.decided_on > today:
        raise DateInFuture()


def _replace_superseded(actor: Actor, plan: Plan, today: date) -> Plan | None:
    """Take the plan that this one amends out of force, before this one comes into it."""
    if plan.supersedes_id is None:
        return None
    earlier = queries.plan_for_update(actor, plan.supersedes_id)
    change_state(earlier, "replace")
    earlier.save(update_fields=["state"])
    record_act(actor, "plan.replaced", earlier, today, after={"by": plan.pk, "number": plan.number})
    return earlier


def _define_indicators(actor: Actor, plan: Plan, detail: PlanDetail, today: date) -> None:
    """Define an indicator for each target that none measures yet."""
    rows: list[Target] = []
    wanted: list[indicators.MeasuredTarget] = []
    for objective in detail.objectives:
        words = measured_words(objective.text, [target.text for target in objective.targets])
        for target, measured in zip(objective.targets, words, strict=True):
            if target.indicator_id is not None:
                continue
            unit = target.unit if len(target.unit) <= 100 else ""
            stated = replace(target.as_format(), text=measured, unit=unit or None)
            rows.append(Target(pk=target.id))
            wanted.append(indicators.MeasuredTarget(stated, objective.method, objective.owner_id))
    made = indicators.create_indicators_for(actor=actor, wanted=wanted, origin=plan, today=today)
    for row, indicator in zip(rows, made, strict=True):
        row.indicator = indicator
    Target.objects.bulk_update(rows, ["indicator"], batch_size=500)


def _date_the_work(actor: Actor, plan: Plan, detail: PlanDetail, replaced: Plan | None, today: date) -> int:
    """Give a plan's actions their tasks; those that continue an action of the plan replaced take its tasks over."""
    planned = [action for objective in detail.objectives for action in objective.actions]
    continued: set[int] = set()
    made = 0
    if replaced is not None:
        earlier = set(
            Action.objects.filter(placement__objective__plan=replaced)
            .exclude(state=Action.State.ENDED)
            .values_list("pk", flat=True)
        )
        successors = {
            action.continues_id: action.id
            for action in reversed(planned)
            if action.continues_id is not None and action.continues_id in earlier
        }
        continued = set(successors.values())
        work.carry_over(actor=actor, successors=successors, origin=plan, today=today)
        if gone := earlier.difference(successors):
            reason = f"{plan.number}, {plan.decided_on:%d/%m/%Y}"
            work.end_actions(actor=actor, action_ids=gone, origin=plan, today=today, reason=reason)
        # Work that goes on is bound since the first decision: what of it is overdue stays overdue.
        made += work.bring_into_force(
            actor=actor,
            action_ids=continued,
            period=detail.period,
            origin=plan,
            today=today,
            since=_first_decided_on(replaced),
        )
    made += work.bring_into_force(
        actor=actor,
        action_ids=[action.id for action in planned if action.id not in continued],
        period=detail.period,
        origin=plan,
        today=today,
        since=plan.decided_on,
    )
    # Who has no lead of its own is led by the objective's owner.
    owner = ObjectiveAction.objects.filter(action_id=OuterRef("action_id")).values("objective__owner_id")[:1]
    Task.objects.filter(
        action_id__in=[
            action.id for objective in detail.objectives if objective.owner_id for action in objective.actions
        ],
        unit=None,
        assignee=None,
    ).update(unit_id=Subquery(owner))
    given = Task.objects.filter(
        action_id__in=[action.id for action in planned], state__in=(Task.State.OPEN, Task.State.RETURNED)
    )
    told_in_force(actor=actor, tasks=list(given), key=f"plan:{plan.pk}:in-force", now=moment_of(today))
    return made


def _first_decided_on(plan: Plan) -> date | None:
    """Return the day of the decision that began a plan's chain of versions."""
    while plan.supersedes is not None:
        plan = plan.supersedes
    return plan.decided_on
