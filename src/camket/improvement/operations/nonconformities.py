"""Nonconformities from their proposal to the judgement of the effect; source: ISO 9001:2015, 10.2.

Every function locks the nonconformity, asks the table of authority and the table of states, writes and records in one
transaction. Refused with NotAllowed, NotPossible (wrong state), NotComplete (what lacks), a Refusal of its own;
another agency's raises Nonconformity.DoesNotExist.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.actions.models import Task
from camket.actions.operations import NewTask, add_task
from camket.core.causes import Branch, to_json
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.nonconformity import (
    NotComplete,
    is_borne_out,
    is_newer,
    lacks_for_judging,
    lacks_for_plan,
    report_due,
)
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import NONCONFORMITY
from camket.documents.operations import NewEvidence, add_evidence
from camket.improvement import telling
from camket.improvement.given import DayNotPossible, StrangerNamed, TextMissing, require_in_post, unit_id_of
from camket.improvement.models import CorrectiveStep, EffectCheck, Finding, Nonconformity
from camket.improvement.operations._recording import write_down
from camket.improvement.readiness import acted_on, rules_of, treated
from camket.improvement.sight import may_treat
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.objectives.models import Target
from camket.objectives.verdicts import verdict_of_target
from camket.org.calendar import working_calendar
from camket.org.models import Agency
from camket.org.policy import Actor, NotAllowed, can, require
from camket.org.queries import unit_today

TITLE_LONGEST = 500
TEXT_LONGEST = 8000
MOST_STEPS = 50
OLDEST_YEARS = 10
"""What is entered as found longer ago is a slip of the year."""


class AlreadyTreated(Refusal):
    """What was treated as a nonconformity is not declared none afterwards."""


class OwnPlan(Refusal):
    """Nobody approves the plan that one wrote, or judges work of one's own."""


class NotBorneOut(Refusal):
    """The result of the target does not bear out that it is effective; the head alone says so all the same, and why."""

    def __init__(self, message: Message, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooManySteps(Refusal):
    """Too many steps in one plan."""


@dataclass(frozen=True, slots=True)
class NewNonconformity:
    """A nonconformity as a person raises it. ``inspected_on`` is the day of an inspection's record."""

    source: str
    title: str
    text: str
    found_on: date
    clause: str = ""
    requirement: str = ""
    is_major: bool = False
    unit_id: int | None = None
    owner_id: int | None = None
    target_id: int | None = None
    inspected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the system proposes as a nonconformity: ``key`` names it for ever, so that it is proposed once."""

    key: str
    source: str
    title: str
    text: str
    found_on: date
    found: dict[str, Any]
    unit_id: int | None = None
    owner_id: int | None = None
    target_id: int | None = None
    clause: str = ""
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class NewStep:
    """A piece of a plan: what, who (a unit, a person or both), by when, and what will show that it is done."""

    text: str
    due_on: date
    kind: str = CorrectiveStep.Kind.CORRECTIVE
    expected: str = ""
    unit_id: int | None = None
    person_id: int | None = None


def propose(*, agency_id: int, proposals: Iterable[Proposed], now: datetime) -> tuple[Nonconformity, ...]:
    """Put proposals of the system before the secretary; those that were made before, and dismissed ones, stay as they are."""
    made = []
    today = timezone.localdate(now)
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)
        wanted = {each.key: each for each in proposals}
        known = set(
            Nonconformity.objects.filter(agency_id=agency_id, source_key__in=wanted).values_list(
                "source_key", flat=True
            )
        )
        for key, each in wanted.items():
            if key in known:
                continue
            row = Nonconformity.objects.create(
                agency_id=agency_id,
                year=each.found_on.year,
                source=each.source,
                source_key=key,
                found=each.found,
                title=one_line(each.title)[:TITLE_LONGEST],
                text=paragraphs(each.text)[:TEXT_LONGEST],
                clause=each.clause,
                requirement=each.requirement,
                unit_id=each.unit_id,
                owner_id=each.owner_id,
                judged_by_target_id=each.target_id,
                found_on=each.found_on,
                state="proposed",
                made_at=now,
            )
            record(
                actor=None,
                agency_id=agency_id,
                verb="nonconformity.proposed",
                subject=row,
                on=today,
                after={"source": row.source, "found_on": row.found_on},
            )
            made.append(row)
        telling.told_proposed(agency_id=agency_id, rows=made, now=now)
    return tuple(made)


def raise_nonconformity(
    *,
    actor: Actor,
    what: NewNonconformity,
    now: datetime,
    finding: Finding | None = None,
    act: str = "nonconformity.raise",
) -> Nonconformity:
    """Raise a nonconformity with its number in the year's book. ``finding`` is the audit's that it comes from.

    ``act`` is what entitles to it, where another part of the work raises it. Raises TextMissing, DayNotPossible,
    StrangerNamed, Unit.DoesNotExist, Target.DoesNotExist.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, act)
        values = _described(actor, what, today)
        row = Nonconformity.objects.create(
            agency_id=actor.agency_id,
            finding=finding,
            state="open",
            made_at=now,
            made_by_id=actor.person_id,
            **values,
        )
        _open(row, today)
        row.save()
        write_down(actor, row, "nonconformity.raised", now, None, {**values, "serial": row.serial})
        telling.told_raised(actor=actor, row=row, now=now)
    return row


def raise_from_finding(
    *, actor: Actor, finding: Finding, owner_id: int | None, now: datetime, act: str = "audit.conduct"
) -> Nonconformity:
    """Raise the nonconformity of an audit's finding, once: the one there is comes back."""
    known = Nonconformity.objects.filter(finding=finding).first()
    if known is not None:
        return known
    what = NewNonconformity(
        source=Nonconformity.Source.AUDIT,
        title=one_line(finding.text)[:200],
        text="\n".join(each for each in (finding.text, finding.proof) if each),
        found_on=timezone.localdate(finding.found_at),
        clause=finding.clause,
        is_major=finding.grade == Finding.Grade.MAJOR,
        unit_id=finding.audited.unit_id,
        owner_id=owner_id,
    )
    return raise_nonconformity(actor=actor, what=what, now=now, finding=finding, act=act)


def take_up(
    *, actor: Actor, nonconformity_id: int, unit_id: int | None, owner_id: int | None, now: datetime
) -> Nonconformity:
    """Take a proposal up into the year's book, with who is to see to it."""
    today = timezone.localdate(now)
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        row = _locked(actor, nonconformity_id)
        require(actor, "nonconformity.treat")
        if not may_treat(actor, row):
            raise NotAllowed("nonconformity.treat")
        before = row.state
        row.state = NONCONFORMITY.after(row.state, "raise")
        require_in_post(actor, (owner_id,), today)
        row.unit_id, row.owner_id = unit_id_of(actor, unit_id), owner_id
        row.made_by_id, row.dismissal = actor.person_id, ""
        _open(row, today)
        row.save()
        after = {"state": row.state, "serial": row.serial, "unit": unit_id, "owner": owner_id}
        write_down(actor, row, "nonconformity.raised", now, {"state": before}, after)
        telling.told_raised(actor=actor, row=row, now=now)
    return row


def dismiss(*, actor: Actor, nonconformity_id: int, reason: str, now: datetime) -> Nonconformity:
    """Leave a proposal, with the reason; it is not proposed again. Raises ReasonMissing."""
    return _turned(actor, nonconformity_id, "dismiss", "nonconformity.dismissed", reason, now)


def cancel(*, actor: Actor, nonconformity_id: int, reason: str, now: datetime) -> Nonconformity:
    """Cancel a nonconformity that turned out to be none, before its plan is approved.

    Raises ReasonMissing; AlreadyTreated for one whose plan was approved once: it was one, whatever came of it.
    """
    return _turned(actor, nonconformity_id, "cancel", "nonconformity.cancelled", reason, now)


def describe(*, actor: Actor, nonconformity_id: int, what: NewNonconformity, now: datetime) -> Nonconformity:
    """Change what an open nonconformity says, who sees to it, and what its effect is judged by.

    Raises TextMissing, DayNotPossible, StrangerNamed, Unit.DoesNotExist, Target.DoesNotExist.
    """

    def change(row: Nonconformity, today: date) -> None:
        for name, value in _described(actor, what, today, but_for=row).items():
            setattr(row, name, value)

    return _edited(actor, nonconformity_id, "plan", "nonconformity.changed", change, now)


def correct(
    *,
    actor: Actor,
    nonconformity_id: int,
    correction: str,
    corrected_on: date | None,
    consequences: str,
    now: datetime,
) -> Nonconformity:
    """Say what was put right at once, and for whom. Raises DayNotPossible for a day ahead."""

    def change(row: Nonconformity, today: date) -> None:
        if corrected_on is not None and corrected_on > today:
            raise DayNotPossible(Message(gettext_noop("What was put right already has no day ahead.")))
        row.correction = paragraphs(correction)[:TEXT_LONGEST]
        row.corrected_on = corrected_on
        row.consequences = paragraphs(consequences)[:TEXT_LONGEST]

    return _edited(actor, nonconformity_id, "correct", "nonconformity.corrected", change, now)


def analyse(
    *,
    actor: Actor,
    nonconformity_id: int,
    branches: Sequence[Branch],
    root_cause: str,
    similar: str,
    no_action: str,
    now: datetime,
) -> Nonconformity:
    """Say what caused it, what it comes down to, whether the like exists elsewhere; or why a correction is enough."""

    def change(row: Nonconformity, today: date) -> None:
        row.causes = to_json(branches)
        row.root_cause = paragraphs(root_cause)[:TEXT_LONGEST]
        row.similar = paragraphs(similar)[:TEXT_LONGEST]
        row.no_action = paragraphs(no_action)[:TEXT_LONGEST]

    return _edited(actor, nonconformity_id, "analyse", "nonconformity.analysed", change, now)


def add_step(*, actor: Actor, nonconformity_id: int, step: NewStep, now: datetime) -> CorrectiveStep:
    """Add a piece to the plan; while the plan is carried out, by who approves plans, it becomes a task at once.

    Raises TextMissing, DayNotPossible, StrangerNamed, Unit.DoesNotExist, TooManySteps.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _treated(actor, nonconformity_id)
        NONCONFORMITY.after(row.state, "plan")
        if row.state == "acting":
            require(actor, "nonconformity.approve")
        if row.steps.count() >= MOST_STEPS:
            raise TooManySteps(
                Message(gettext_noop("A plan has at most %(most)s steps."), {"most": str(MOST_STEPS)})
            )
        values = _step_values(actor, step, today)
        order = (row.steps.aggregate(last=Max("order"))["last"] or 0) + 1
        made = CorrectiveStep.objects.create(nonconformity=row, order=order, **values)
        write_down(actor, row, "nonconformity.step_added", now, None, {"step": made.pk, **values})
        if row.state == "acting":
            _give_out(actor, row, made, now)
    return made


def change_step(
    *, actor: Actor, nonconformity_id: int, step_id: int, step: NewStep, now: datetime
) -> CorrectiveStep:
    """Change a piece of a plan that is not approved yet. Raises as :func:`add_step`, CorrectiveStep.DoesNotExist."""
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _treated(actor, nonconformity_id)
        NONCONFORMITY.after(row.state, "analyse")
        made = row.steps.get(pk=step_id, task__isnull=True, is_dropped=False)
        values = _step_values(actor, step, today)
        before = {name: getattr(made, name) for name in values}
        for name, value in values.items():
            setattr(made, name, value)
        made.save()
        write_down(actor, row, "nonconformity.step_changed", now, {"step": made.pk, **before}, values)
    return made


def drop_step(*, actor: Actor, nonconformity_id: int, step_id: int, now: datetime) -> CorrectiveStep:
    """Take a piece out of a plan that is not approved yet. Raises CorrectiveStep.DoesNotExist."""
    with transaction.atomic():
        row = _treated(actor, nonconformity_id)
        NONCONFORMITY.after(row.state, "analyse")
        made = row.steps.get(pk=step_id, task__isnull=True, is_dropped=False)
        made.is_dropped = True
        made.save(update_fields=["is_dropped"])
        write_down(actor, row, "nonconformity.step_dropped", now, {"step": made.pk, "text": made.text}, None)
    return made


def submit_plan(
    *, actor: Actor, nonconformity_id: int, judge_on: date | None, now: datetime
) -> Nonconformity:
    """Submit correction, cause and plan for approval; ``judge_on`` is the day from which the effect can be judged.

    Raises NotComplete with all that lacks, DayNotPossible where the effect would be judged before the last step.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _treated(actor, nonconformity_id)
        after = NONCONFORMITY.after(row.state, "submit")
        lacks = lacks_for_plan(treated(row))
        if lacks:
            raise NotComplete(lacks)
        last = row.steps.filter(is_dropped=False, task__isnull=True).aggregate(last=Max("due_on"))["last"]
        if judge_on is not None and judge_on < (last or today):
            raise DayNotPossible(
                Message(gettext_noop("The effect is judged after the last step of the plan, not before it."))
            )
        before = {"state": row.state, "judge_on": row.judge_on}
        row.state, row.judge_on = after, judge_on
        row.planned_at, row.planned_by_id = now, actor.person_id
        row.save()
        write_down(
            actor,
            row,
            "nonconformity.submitted",
            now,
            before,
            {"state": row.state, "judge_on": judge_on},
            settles=True,
        )
        telling.over(row.agency_id, row.pk, "nonconformity.plan", now=now)
        telling.told_submitted(actor=actor, row=row, now=now)
    return row


def return_plan(*, actor: Actor, nonconformity_id: int, reason: str, now: datetime) -> Nonconformity:
    """Return a submitted plan to who wrote it, with the reason. Raises ReasonMissing."""
    with transaction.atomic():
        row = _locked(actor, nonconformity_id)
        require(actor, "nonconformity.approve")
        before, row.state = row.state, NONCONFORMITY.after(row.state, "return")
        reason = needed_reason(one_line(reason))
        row.save(update_fields=["state"])
        write_down(actor, row, "nonconformity.returned", now, {"state": before}, {"state": row.state}, reason)
        telling.told_returned(actor=actor, row=row, reason=reason, now=now)
    return row


def approve_plan(*, actor: Actor, nonconformity_id: int, now: datetime) -> Nonconformity:
    """Approve a submitted plan: its steps become tasks; with none, its effect waits to be judged.

    Raises OwnPlan for who submitted it, DayNotPossible where a step fell due meanwhile.
    """
    with transaction.atomic():
        row = _locked(actor, nonconformity_id)
        require(actor, "nonconformity.approve")
        after = NONCONFORMITY.after(row.state, "approve")
        if actor.is_own(row.planned_by_id):
            raise OwnPlan(Message(gettext_noop("You submitted this plan; another leader approves it.")))
        before, row.state = row.state, after
        row.approved_at, row.approved_by_id = now, actor.person_id
        row.save()
        write_down(
            actor,
            row,
            "nonconformity.approved",
            now,
            {"state": before},
            {"state": row.state},
            settles=True,
        )
        for step in row.steps.filter(is_dropped=False, task__isnull=True):
            _give_out(actor, row, step, now)
        telling.told_approved(actor=actor, row=row, now=now)
        _complete(actor, row, now)
    return row


def tasks_settled(*, actor: Actor, task_ids: Collection[int], now: datetime) -> None:
    """Lead nonconformities on when steps of their plans were accepted or cancelled, and back when one was opened again.

    One SQL statement where none of the tasks is such a step.
    """
    steps = (
        CorrectiveStep.objects.filter(task__in=task_ids).select_related("task").order_by("nonconformity_id")
    )
    for step in steps:
        row = Nonconformity.objects.select_for_update(of=("self",)).get(pk=step.nonconformity_id)
        state = step.task.state if step.task else ""
        if step.is_dropped != (state == Task.State.CANCELLED):
            step.is_dropped = not step.is_dropped
            step.save(update_fields=["is_dropped"])
        if row.state == "judging" and state not in (Task.State.ACCEPTED, Task.State.CANCELLED):
            row.state = NONCONFORMITY.after(row.state, "resume")
            row.save(update_fields=["state"])
            write_down(
                actor,
                row,
                "nonconformity.resumed",
                now,
                {"state": "judging"},
                {"state": row.state},
            )
        _complete(actor, row, now)


def judge(
    *,
    actor: Actor,
    nonconformity_id: int,
    is_effective: bool,
    text: str,
    now: datetime,
    despite: str = "",
    evidence: Sequence[NewEvidence] = (),
) -> EffectCheck:
    """Judge whether what was done keeps the nonconformity away; then it is closed, else open again for another plan.

    The verdict of the target that it is judged by stands in the check as it is that day. Where that verdict does not bear
    out "effective" by figures newer than the last accepted step, only the head of the agency says so, and ``despite``
    says why. Raises OwnPlan for who owns or planned it, NotComplete, DayNotPossible before ``judge_on``, TextMissing,
    NotBorneOut, EvidenceRefused, FileRefused.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, nonconformity_id)
        require(actor, "nonconformity.judge")
        after = NONCONFORMITY.after(row.state, "judge_effective" if is_effective else "judge_ineffective")
        lacks = lacks_for_judging(treated(row))
        if lacks:
            raise NotComplete(lacks)
        if actor.is_own(row.owner_id) or actor.is_own(row.planned_by_id):
            raise OwnPlan(
                Message(
                    gettext_noop("You planned this yourself; somebody else judges whether it has its effect.")
                )
            )
        if is_effective and row.judge_on is not None and today < row.judge_on:
            raise DayNotPossible(
                Message(
                    gettext_noop("The effect can be judged from %(day)s on."),
                    {"day": f"{row.judge_on:%d/%m/%Y}"},
                )
            )
        text = paragraphs(text)[:TEXT_LONGEST]
        if not text:
            raise TextMissing(Message(gettext_noop("Say by what you judge its effect.")))
        figures = _figures(actor, row, today)
        if is_effective and figures and not _bear_out(figures):
            figures["despite"] = _despite(actor, despite, figures)
        check = EffectCheck.objects.create(
            nonconformity=row,
            is_effective=is_effective,
            text=text,
            figures=figures,
            on=today,
            at=now,
            by_id=actor.person_id,
        )
        for each in evidence:
            check.evidence.add(add_evidence(actor=actor, evidence=each, now=now))
        before, row.state = row.state, after
        if is_effective:
            row.closed_at, row.closed_by_id = now, actor.person_id
        else:
            row.plan_due_on = _plan_due(row.agency_id, today)
        row.save()
        write_down(
            actor,
            row,
            "nonconformity.judged",
            now,
            {"state": before},
            {
                "state": row.state,
                "effective": is_effective,
                **({"despite": figures["despite"]} if "despite" in figures else {}),
            },
            text,
            settles=True,
        )
        telling.over(row.agency_id, row.pk, "nonconformity.judge", now=now)
        telling.told_judged(actor=actor, row=row, check=check, now=now)
    return check


def reopen(*, actor: Actor, nonconformity_id: int, reason: str, now: datetime) -> Nonconformity:
    """Open a closed nonconformity again because it came back, with the reason. Raises ReasonMissing."""
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, nonconformity_id)
        require(actor, "nonconformity.judge")
        before, row.state = row.state, NONCONFORMITY.after(row.state, "reopen")
        reason = needed_reason(one_line(reason))
        row.closed_at = row.closed_by = None
        row.unit = row.unit and unit_today(row.unit)
        row.plan_due_on = _plan_due(row.agency_id, today)
        row.save()
        write_down(actor, row, "nonconformity.reopened", now, {"state": before}, {"state": row.state}, reason)
        telling.told_raised(actor=actor, row=row, now=now)
    return row


def note_report(*, actor: Actor, nonconformity_id: int, reported_on: date, now: datetime) -> Nonconformity:
    """Note on which day what an inspection found was reported as corrected. Raises DayNotPossible for a day ahead."""
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, nonconformity_id)
        if not may_treat(actor, row):
            raise NotAllowed("nonconformity.treat")
        if reported_on > today or reported_on < row.found_on:
            raise DayNotPossible(
                Message(gettext_noop("The report's day lies between the finding and today."))
            )
        before, row.reported_on = row.reported_on, reported_on
        row.save(update_fields=["reported_on"])
        write_down(
            actor,
            row,
            "nonconformity.reported",
            now,
            {"reported_on": before},
            {"reported_on": reported_on},
        )
        telling.over(row.agency_id, row.pk, "nonconformity.report", now=now)
    return row


def _locked(actor: Actor, nonconformity_id: int) -> Nonconformity:
    return Nonconformity.objects.select_for_update(of=("self",)).get(
        pk=nonconformity_id, agency_id=actor.agency_id
    )


def _treated(actor: Actor, nonconformity_id: int) -> Nonconformity:
    row = _locked(actor, nonconformity_id)
    if not may_treat(actor, row):
        raise NotAllowed("nonconformity.treat")
    return row


def _edited(
    actor: Actor,
    nonconformity_id: int,
    act: str,
    verb: str,
    change: Callable[[Nonconformity, date], None],
    now: datetime,
) -> Nonconformity:
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _treated(actor, nonconformity_id)
        if act == "plan" and row.state == "acting":
            act = "analyse"
        NONCONFORMITY.after(row.state, act)
        before = _kept(row)
        change(row, today)
        after = _kept(row)
        changed = [name for name in after if after[name] != before[name]]
        if changed:
            row.save()
            write_down(
                actor,
                row,
                verb,
                now,
                {name: before[name] for name in changed},
                {name: after[name] for name in changed},
            )
    return row


_KEPT = (
    "source", "title", "text", "clause", "requirement", "is_major", "unit_id", "owner_id", "found_on", "correction",
    "corrected_on", "consequences", "causes", "root_cause", "similar", "no_action", "report_due_on",
    "judged_by_target_id",
)  # fmt: skip


def _kept(row: Nonconformity) -> dict[str, Any]:
    return {name.removesuffix("_id"): getattr(row, name) for name in _KEPT}


def _turned(
    actor: Actor, nonconformity_id: int, act: str, verb: str, reason: str, now: datetime
) -> Nonconformity:
    with transaction.atomic():
        row = _treated(actor, nonconformity_id)
        before, row.state = row.state, NONCONFORMITY.after(row.state, act)
        if row.approved_at is not None:
            raise AlreadyTreated(
                Message(
                    gettext_noop(
                        "Corrective action was approved for it and carried out: it was a nonconformity. Plan what is to be done"
                        " now, or say why a correction is enough."
                    )
                )
            )
        row.dismissal = needed_reason(one_line(reason))
        row.save(update_fields=["state", "dismissal"])
        write_down(
            actor, row, verb, now, {"state": before}, {"state": row.state}, row.dismissal, settles=True
        )
        telling.over(row.agency_id, row.pk, "nonconformity.plan", "nonconformity.report", now=now)
    return row


def _described(
    actor: Actor, what: NewNonconformity, today: date, *, but_for: Nonconformity | None = None
) -> dict[str, Any]:
    title, text = one_line(what.title)[:TITLE_LONGEST], paragraphs(what.text)[:TEXT_LONGEST]
    if not title or not text:
        raise TextMissing(Message(gettext_noop("Say in a title and in words what is not as it should be.")))
    if what.found_on > today:
        raise DayNotPossible(Message(gettext_noop("It cannot have been found on a day ahead.")))
    if what.found_on.year < today.year - OLDEST_YEARS:
        raise DayNotPossible(Message(gettext_noop("It was found more than ten years ago: check the year.")))
    if what.inspected_on is not None and what.inspected_on > today:
        raise DayNotPossible(Message(gettext_noop("The record of an inspection has no day ahead.")))
    if what.target_id is not None:
        Target.objects.get(pk=what.target_id, objective__plan__agency_id=actor.agency_id)
    require_in_post(actor, (what.owner_id,), today)
    report_due_on = None
    if what.source == Nonconformity.Source.INSPECTION:
        # The day of the record is told once; a later change of other words leaves the day that follows from it.
        known = but_for.report_due_on if but_for is not None and what.inspected_on is None else None
        report_due_on = known or report_due(what.inspected_on or what.found_on)
    return {
        "year": but_for.year if but_for is not None else what.found_on.year,
        "source": Nonconformity.Source(what.source),
        "title": title,
        "text": text,
        "clause": one_line(what.clause)[:20],
        "requirement": paragraphs(what.requirement)[:TEXT_LONGEST],
        "is_major": what.is_major,
        "unit_id": unit_id_of(actor, what.unit_id),
        "owner_id": what.owner_id,
        "found_on": what.found_on,
        "judged_by_target_id": what.target_id,
        "report_due_on": report_due_on,
    }


def _open(row: Nonconformity, today: date) -> None:
    """Give a nonconformity its number in the year's book and the day for its plan; the agency's row is locked."""
    if row.serial is None:
        row.year = today.year
        book = Nonconformity.objects.filter(agency_id=row.agency_id, year=row.year)
        row.serial = (book.aggregate(last=Max("serial"))["last"] or 0) + 1
    row.plan_due_on = _plan_due(row.agency_id, today)


def _plan_due(agency_id: int, today: date) -> date:
    return working_calendar(agency_id).add_working_days(today, rules_of(agency_id).plan_days)


def _step_values(actor: Actor, step: NewStep, today: date) -> dict[str, Any]:
    text = one_line(step.text)
    if not text:
        raise TextMissing(Message(gettext_noop("Say what is to be done.")))
    if step.due_on < today:
        raise DayNotPossible(Message(gettext_noop("The work cannot be due before today.")))
    require_in_post(actor, (step.person_id,), today)
    if step.unit_id is None and step.person_id is None:
        raise StrangerNamed(Message(gettext_noop("Choose a unit or a person to do it.")))
    return {
        "kind": CorrectiveStep.Kind(step.kind),
        "text": text[:TEXT_LONGEST],
        "expected": one_line(step.expected)[:TEXT_LONGEST],
        "unit_id": unit_id_of(actor, step.unit_id),
        "person_id": step.person_id,
        "due_on": step.due_on,
    }


def _give_out(actor: Actor, row: Nonconformity, step: CorrectiveStep, now: datetime) -> None:
    """Make a task of a step; a step whose day passed while it waited for approval is refused with its words."""
    if step.due_on < timezone.localdate(now):
        raise DayNotPossible(
            Message(
                gettext_noop("“%(step)s” was due on %(day)s; return the plan so that it gets another day."),
                {"step": step.text[:150], "day": f"{step.due_on:%d/%m/%Y}"},
            )
        )
    task = NewTask(step.text, step.due_on, step.unit_id, step.person_id, origin=telling.name_of(row))
    step.task = add_task(actor=actor, task=task, now=now, act="nonconformity.approve")
    step.save(update_fields=["task"])


def _complete(actor: Actor, row: Nonconformity, now: datetime) -> None:
    if row.state != "acting" or treated(row).open_steps:
        return
    today = timezone.localdate(now)
    row.state = NONCONFORMITY.after(row.state, "complete")
    if row.judge_on is None:
        row.judge_on = today + timedelta(days=rules_of(row.agency_id).judge_days)
    row.save(update_fields=["state", "judge_on"])
    write_down(
        actor,
        row,
        "nonconformity.completed",
        now,
        {"state": "acting"},
        {"state": row.state, "judge_on": row.judge_on},
    )
    telling.told_completed(actor=actor, row=row, now=now)


def _bear_out(figures: Mapping[str, Any]) -> bool:
    return is_borne_out(figures["state"], _day(figures["covered_to"]), _day(figures["acted_on"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _despite(actor: Actor, reason: str, figures: Mapping[str, Any]) -> str:
    """Return why it is effective although the target's result does not bear it out: the head's word alone."""
    acted = _day(figures["acted_on"])
    if not can(actor, "nonconformity.overrule"):
        if acted is not None and not is_newer(_day(figures["covered_to"]), acted):
            raise NotBorneOut(
                Message(
                    gettext_noop(
                        "The target has no figure yet of days after the last step was done (%(day)s); such a figure decides."
                    ),
                    {"day": f"{acted:%d/%m/%Y}"},
                )
            )
        raise NotBorneOut(
            Message(
                gettext_noop(
                    "The target's result does not bear out that it is effective; only the head of the agency judges it"
                    " effective all the same, with the reason."
                )
            )
        )
    reason = paragraphs(reason)[:TEXT_LONGEST]
    if not reason:
        raise NotBorneOut(
            Message(
                gettext_noop("Say why it is effective although the target's result does not bear it out.")
            ),
            "despite",
        )
    return reason


def _figures(actor: Actor, row: Nonconformity, today: date) -> dict[str, Any]:
    """Return the verdict of the target that the effect is judged by, as it is that day; empty without one."""
    if row.judged_by_target_id is None:
        return {}
    plan, objective, found = verdict_of_target(actor, row.judged_by_target_id, today)
    covered, acted = found.verdict.covered, acted_on(row)
    return {
        "target": row.judged_by_target_id,
        "objective": objective.text,
        "plan": plan.title,
        "state": found.state.value,
        "sentence": {"template": found.verdict.reason.template, "params": dict(found.verdict.reason.params)},
        "on": today.isoformat(),
        "covered_to": covered.end.isoformat() if covered else None,
        "acted_on": acted.isoformat() if acted else None,
    }
