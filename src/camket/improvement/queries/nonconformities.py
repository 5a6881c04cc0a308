"""Reading nonconformities: the book of follow-up, one nonconformity with all its acts, what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from camket.actions.models import Task
from camket.actions.queries import TaskRow, tasks_of
from camket.core.causes import Branch, Fishbone, fishbone, from_json
from camket.core.finding import sought
from camket.core.messages import Message
from camket.core.nonconformity import is_borne_out, is_newer, lacks_for_plan
from camket.core.plan import Period
from camket.documents.models import Evidence
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.improvement import telling
from camket.improvement.models import CorrectiveStep, EffectCheck, Nonconformity
from camket.improvement.nonconformity_paper import (
    PaperStep,
    RequestText,
    book_document,
    request_document,
)
from camket.improvement.readiness import acted_on, treated
from camket.improvement.sight import may_treat
from camket.objectives.entering import next_to_enter
from camket.objectives.models import Target
from camket.objectives.verdicts import verdict_of_target
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.org.queries import holding
from camket.paper.writing.model import Document
from camket.voices.feedback_sight import not_about
from camket.voices.models import Feedback

PAGE_SIZE = 30
IN_BOOK = ("open", "planned", "acting", "judging", "closed")
"""States of what was taken up and stands in the book."""
RUNNING = ("open", "planned", "acting", "judging")
STATES = ("proposed", *IN_BOOK, "dismissed", "cancelled")
_MOST_ALIKE = 5
_MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which nonconformities a list shows. ``state``: "" for the book, "running", "late", or a state."""

    words: str = ""
    state: str = ""
    source: str = ""
    unit_id: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class NonconformityRow:
    """A nonconformity as lists show it.

    ``due_on`` is the day of what comes next, which ``due`` names: plan, step, judgement, or report.
    """

    id: int
    number: str
    title: str
    source: str
    clause: str
    is_major: bool
    unit: str
    owner: str
    found_on: date
    state: str
    due: str
    due_on: date | None
    is_late: bool
    steps: int
    accepted: int
    closed_on: date | None
    correction: str
    root_cause: str
    plan: tuple[str, ...]
    effect: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A piece of a plan with the task that it became; ``task`` None before the plan is approved."""

    id: int
    kind: str
    text: str
    expected: str
    unit_id: int | None
    unit: str
    person_id: int | None
    person: str
    due_on: date
    is_dropped: bool
    task: TaskRow | None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A judgement of the effect; ``sentence`` is the verdict of the target that stood behind it that day.

    ``despite`` is why the head judged it effective although that verdict did not bear it out.
    """

    is_effective: bool
    text: str
    on: date
    by: str
    state: str
    sentence: Message | None
    despite: str
    evidence: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict of the target that the effect is judged by, as it is today."""

    target_id: int
    objective_id: int
    objective: str
    state: str
    sentence: Message
    covered_to: date | None
    acted_on: date | None
    is_counted: bool
    next_period: Period | None
    next_due: date | None

    @property
    def is_newer(self) -> bool:
        """Whether its figures tell of days after the last step was done."""
        return is_newer(self.covered_to, self.acted_on)

    @property
    def is_borne_out(self) -> bool:
        """Whether it bears out that corrective action has its effect."""
        return is_borne_out(self.state, self.covered_to, self.acted_on)


@dataclass(frozen=True, slots=True)
class NonconformityPage:
    """A nonconformity with all that its page shows, and what the actor may do with it today."""

    row: NonconformityRow
    text: str
    requirement: str
    unit_id: int | None
    owner_id: int | None
    target_id: int | None
    finding_audit_id: int | None
    found: Message | None
    corrected_on: date | None
    consequences: str
    branches: tuple[Branch, ...]
    drawn: Fishbone | None
    similar: str
    no_action: str
    plan_due_on: date | None
    report_due_on: date | None
    reported_on: date | None
    judge_on: date | None
    planned_by: str
    planned_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    closed_by: str
    dismissal: str
    made_by: str
    made_at: datetime
    steps: tuple[StepRow, ...]
    checks: tuple[CheckRow, ...]
    lacks: tuple[Message, ...]
    alike: tuple[NonconformityRow, ...]
    reading: Reading | None
    feedback_id: int | None
    acts: frozenset[str]
    may_treat: bool

    @property
    def is_report_late(self) -> bool:
        """Whether the report after an inspection is overdue."""
        return self.row.due == "report" and self.row.is_late


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of nonconformities waits for somebody."""

    proposed: tuple[NonconformityRow, ...] = ()
    to_plan: tuple[NonconformityRow, ...] = ()
    to_approve: tuple[NonconformityRow, ...] = ()
    to_judge: tuple[NonconformityRow, ...] = ()

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self.proposed) + len(self.to_plan) + len(self.to_approve) + len(self.to_judge)

    def __bool__(self) -> bool:
        return bool(self.count)


def nonconformities(actor: Actor, wanted: Wanted, today: date, page: str | int = 1) -> Page[NonconformityRow]:
    """Return a page of the book, the newest first; four SQL statements."""
    require(actor, "nonconformity.view")
    paginator: Paginator[NonconformityRow] = Paginator(_wanted(actor, wanted, today), PAGE_SIZE)  # type: ignore[arg-type]
    found = paginator.get_page(page)
    found.object_list = [_row(actor, each, today) for each in found.object_list]  # type: ignore[arg-type]
    return found


def book(actor: Actor, wanted: Wanted, today: date) -> list[NonconformityRow]:
    """Return all that is wanted of the book, the oldest first."""
    require(actor, "nonconformity.view")
    rows = _wanted(actor, wanted, today).order_by("year", "serial", "found_on", "pk")
    return [_row(actor, each, today) for each in rows]


def counts(actor: Actor) -> dict[str, int]:
    """Return how many nonconformities there are in each state; one SQL statement."""
    require(actor, "nonconformity.view")
    rows = Nonconformity.objects.filter(agency_id=actor.agency_id).values("state").order_by()
    return dict(rows.annotate(number=Count("pk")).values_list("state", "number"))


def years(actor: Actor) -> list[int]:
    """Return the years of the book, the newest first."""
    rows = Nonconformity.objects.filter(agency_id=actor.agency_id)
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def target_choices(actor: Actor, year: int) -> list[tuple[int, str]]:
    """Return the targets of the plans in force of a year and the one before, by which an effect can be judged."""
    rows = (
        Target.objects.filter(
            objective__plan__agency_id=actor.agency_id,
            objective__plan__year__in=(year, year - 1),
            objective__plan__state__in=("promulgated", "closed"),
        )
        .select_related("objective__plan")
        .order_by("-objective__plan__year", "objective__order", "order", "pk")
    )
    return [
        (each.pk, f"{each.objective.plan.year} · {each.objective.number}. {each.objective.text[:90]}")
        if not each.text
        else (each.pk, f"{each.objective.plan.year} · {each.objective.number}. {each.text[:110]}")
        for each in rows
    ]


def waiting_for(actor: Actor, today: date) -> Waiting:
    """Return what waits for the actor: proposals, own plans to write, plans to approve, effects to judge; two SQL statements."""
    if not can(actor, "nonconformity.view"):
        return Waiting()
    rows = (
        _rows(actor).filter(state__in=("proposed", "open", "planned", "judging")).order_by("found_on", "pk")
    )
    lists: dict[str, list[NonconformityRow]] = {"proposed": [], "open": [], "planned": [], "judging": []}
    for each in rows[:200]:
        if each.state == "planned":
            is_due = can(actor, "nonconformity.approve") and not actor.is_own(each.planned_by_id)
        elif each.state == "judging":
            is_due = (
                can(actor, "nonconformity.judge")
                and not actor.is_own(each.owner_id)
                and not actor.is_own(each.planned_by_id)
                and (each.judge_on is None or each.judge_on <= today)
            )
        elif each.state == "open":
            is_due = each.owner_id == actor.acts_as_id or (each.owner_id is None and may_treat(actor, each))
        else:
            is_due = may_treat(actor, each)
        if is_due and len(lists[each.state]) < _MOST_WAITING:
            lists[each.state].append(_row(actor, each, today))
    return Waiting(*(tuple(lists[state]) for state in ("proposed", "open", "planned", "judging")))


def nonconformity(actor: Actor, nonconformity_id: int, today: date) -> NonconformityPage:
    """Return a nonconformity of the actor's agency. Raises Nonconformity.DoesNotExist."""
    require(actor, "nonconformity.view")
    found = (
        Nonconformity.objects.filter(agency_id=actor.agency_id)
        .select_related(
            "unit", "owner", "planned_by", "approved_by", "closed_by", "made_by", "finding__audited"
        )
        .prefetch_related(
            Prefetch("steps", CorrectiveStep.objects.select_related("task", "unit", "person")),
            Prefetch("checks", EffectCheck.objects.select_related("by")),
            Prefetch("checks__evidence", Evidence.objects.select_related("file", "added_by").order_by("pk")),
        )
        .get(pk=nonconformity_id)
    )
    steps = tuple(_steps(actor, found, today))
    branches = from_json(found.causes)
    return NonconformityPage(
        row=_row(actor, found, today),
        text=found.text,
        requirement=found.requirement,
        unit_id=found.unit_id,
        owner_id=found.owner_id,
        target_id=found.judged_by_target_id,
        finding_audit_id=found.finding.audited.audit_id if found.finding else None,
        found=_sentence(found.found),
        corrected_on=found.corrected_on,
        consequences=found.consequences,
        branches=branches,
        drawn=fishbone(branches) if any(each.causes for each in branches) else None,
        similar=found.similar,
        no_action=found.no_action,
        plan_due_on=found.plan_due_on,
        report_due_on=found.report_due_on,
        reported_on=found.reported_on,
        judge_on=found.judge_on,
        planned_by=_name(actor, found.planned_by),
        planned_at=found.planned_at,
        approved_by=_name(actor, found.approved_by),
        approved_at=found.approved_at,
        closed_by=_name(actor, found.closed_by),
        dismissal=found.dismissal,
        made_by=_name(actor, found.made_by),
        made_at=found.made_at,
        steps=steps,
        checks=tuple(
            CheckRow(
                each.is_effective,
                each.text,
                each.on,
                _name(actor, each.by),
                each.figures.get("state", ""),
                _sentence(each.figures),
                each.figures.get("despite", ""),
                evidence_rows(actor, each.evidence.all()),
            )
            for each in sorted(found.checks.all(), key=lambda each: (each.at, each.pk), reverse=True)
        ),
        lacks=lacks_for_plan(treated(found)) if found.state == "open" else (),
        alike=_alike(actor, found, today),
        reading=_reading(actor, found, today),
        feedback_id=_feedback(actor, found),
        acts=frozenset(_acts(actor, found)),
        may_treat=may_treat(actor, found),
    )


def request_paper(actor: Actor, nonconformity_id: int, today: date) -> Document:
    """Return the request for corrective action (phiếu yêu cầu) of a nonconformity, filled in as far as it is."""
    page = nonconformity(actor, nonconformity_id, today)
    agency = Agency.objects.get(pk=actor.agency_id)
    latest = page.checks[0] if page.checks else None
    return request_document(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        text=RequestText(
            number=page.row.number,
            title=page.row.title,
            source=page.row.source,
            unit=page.row.unit,
            owner=page.row.owner,
            found_on=page.row.found_on,
            clause=page.row.clause,
            requirement=page.requirement,
            is_major=page.row.is_major,
            text=page.text,
            correction=page.row.correction,
            corrected_on=page.corrected_on,
            consequences=page.consequences,
            branches=page.branches,
            root_cause=page.row.root_cause,
            similar=page.similar,
            no_action=page.no_action,
            steps=tuple(
                PaperStep(
                    each.text,
                    each.expected,
                    " – ".join(name for name in (each.unit, each.person) if name),
                    each.due_on,
                    each.task.done_on if each.task else None,
                )
                for each in page.steps
                if not each.is_dropped
            ),
            plan_due_on=page.plan_due_on,
            judge_on=page.judge_on,
            raised_by=page.made_by,
            planned_by=page.planned_by,
            approved_by=page.approved_by,
            approved_on=timezone.localdate(page.approved_at) if page.approved_at else None,
            is_effective=latest.is_effective if latest else None,
            judgement=latest.text if latest else "",
            despite=latest.despite if latest else "",
            judged_by=latest.by if latest else "",
            judged_on=latest.on if latest else None,
        ),
        on=today,
    )


def book_paper(actor: Actor, wanted: Wanted, today: date) -> Document:
    """Return the book of follow-up (sổ theo dõi) as official paper, as narrowed down."""
    agency = Agency.objects.get(pk=actor.agency_id)
    return book_document(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        rows=book(actor, wanted, today),
        year=wanted.year,
        on=today,
    )


def _rows(actor: Actor) -> QuerySet[Nonconformity]:
    return (
        Nonconformity.objects.filter(agency_id=actor.agency_id)
        .select_related("unit", "owner")
        .prefetch_related(Prefetch("steps", CorrectiveStep.objects.select_related("task")), "checks")
    )


def _wanted(actor: Actor, wanted: Wanted, today: date) -> QuerySet[Nonconformity]:
    rows = _rows(actor)
    if wanted.state == "late":
        rows = rows.filter(_late(today)).distinct()
    elif wanted.state == "running":
        rows = rows.filter(state__in=RUNNING)
    elif wanted.state in STATES:
        rows = rows.filter(state=wanted.state)
    else:
        rows = rows.filter(state__in=IN_BOOK)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.unit_id:
        rows = rows.filter(unit_id=wanted.unit_id)
    if wanted.year:
        rows = rows.filter(year=wanted.year)
    if wanted.words and (words := sought(wanted.words)):
        rows = rows.filter(holding(words, "title", "text", "root_cause"))
    return rows.order_by("-year", "-serial", "-found_on", "-pk")


def _late(today: date) -> Q:
    open_task = ~Q(steps__task__state__in=(Task.State.ACCEPTED, Task.State.CANCELLED))
    return (
        Q(state="open", plan_due_on__lt=today)
        | Q(state__in=IN_BOOK, report_due_on__lt=today, reported_on__isnull=True)
        | (Q(state="acting", steps__task__due_on__lt=today, steps__is_dropped=False) & open_task)
    )


def _row(actor: Actor, row: Nonconformity, today: date) -> NonconformityRow:
    steps = [each for each in row.steps.all() if not each.is_dropped]
    still = [each for each in steps if each.task is None or each.task.state != Task.State.ACCEPTED]
    due, due_on = _next(row, still)
    checks = sorted(row.checks.all(), key=lambda each: (each.at, each.pk))
    return NonconformityRow(
        id=row.pk,
        number=telling.number_of(row.serial, row.year),
        title=row.title,
        source=row.source,
        clause=row.clause,
        is_major=row.is_major,
        unit=row.unit.name if row.unit else "",
        owner=_name(actor, row.owner),
        found_on=row.found_on,
        state=row.state,
        due=due,
        due_on=due_on,
        is_late=due_on is not None and due_on < today and due != "judge",
        steps=len(steps),
        accepted=len(steps) - len(still),
        closed_on=timezone.localdate(row.closed_at) if row.closed_at else None,
        correction=row.correction,
        root_cause=row.root_cause,
        plan=tuple(each.text for each in steps),
        effect=_effect(checks),
    )


def _effect(checks: list[EffectCheck]) -> str:
    if not checks:
        return ""
    if checks[-1].figures.get("despite"):
        return "despite"
    return "effective" if checks[-1].is_effective else "ineffective"


def _next(row: Nonconformity, still: list[CorrectiveStep]) -> tuple[str, date | None]:
    """Return what comes next and by when; a report after an inspection goes first where it is due sooner."""
    due: tuple[str, date | None] = ("", None)
    if row.state == "open":
        due = ("plan", row.plan_due_on)
    elif row.state == "acting" and still:
        due = ("step", min(each.task.due_on if each.task else each.due_on for each in still))
    elif row.state == "judging":
        due = ("judge", row.judge_on)
    if (
        row.state in IN_BOOK
        and row.report_due_on is not None
        and row.reported_on is None
        and (due[1] is None or row.report_due_on < due[1])
    ):
        return ("report", row.report_due_on)
    return due


def _steps(actor: Actor, row: Nonconformity, today: date) -> Iterable[StepRow]:
    steps = list(row.steps.all())
    tasks = tasks_of(actor, [each.task_id for each in steps if each.task_id], today)
    for each in steps:
        if each.is_dropped and each.task_id is None:
            continue
        task = tasks.get(each.task_id) if each.task_id else None
        yield StepRow(
            id=each.pk,
            kind=each.kind,
            text=each.text,
            expected=each.expected,
            unit_id=each.unit_id,
            unit=each.unit.name if each.unit else "",
            person_id=each.person_id,
            person=_name(actor, each.person),
            due_on=task.due_on if task else each.due_on,
            is_dropped=each.is_dropped,
            task=task,
        )


def _alike(actor: Actor, row: Nonconformity, today: date) -> tuple[NonconformityRow, ...]:
    """Return the like in the book: the same clause or target, or the same source in the same unit."""
    alike = Q()
    if row.clause:
        alike |= Q(clause=row.clause)
    if row.judged_by_target_id:
        alike |= Q(judged_by_target_id=row.judged_by_target_id)
    if row.unit_id:
        alike |= Q(unit_id=row.unit_id, source=row.source)
    if not alike:
        return ()
    rows = _rows(actor).filter(alike, state__in=IN_BOOK).exclude(pk=row.pk).order_by("-found_on", "-pk")
    return tuple(_row(actor, each, today) for each in rows[:_MOST_ALIKE])


def _reading(actor: Actor, row: Nonconformity, today: date) -> Reading | None:
    if row.judged_by_target_id is None or not can(actor, "plan.view"):
        return None
    plan, objective, found = verdict_of_target(actor, row.judged_by_target_id, today)
    covered, acted = found.verdict.covered, acted_on(row)
    covered_to = covered.end if covered else None
    awaited = None
    if acted is not None and not is_newer(covered_to, acted) and found.indicator and not found.is_counted:
        awaited = next_to_enter(actor, plan.plan_id, found.indicator.id, acted, today)
    return Reading(
        row.judged_by_target_id,
        objective.objective_id,
        f"{objective.number}. {objective.text}",
        found.state.value,
        found.verdict.reason,
        covered_to,
        acted,
        found.is_counted,
        awaited.period if awaited else None,
        awaited.due_on if awaited else None,
    )


def _feedback(actor: Actor, row: Nonconformity) -> int | None:
    """Return the feedback that it was proposed from, for who may know of it: never for whom it is about."""
    number = row.found.get("feedback")
    if number is None or not can(actor, "feedback.view"):
        return None
    known = Feedback.objects.filter(not_about(actor), agency_id=actor.agency_id, pk=number)
    return number if known.exists() else None


def _sentence(kept: dict[str, Any]) -> Message | None:
    said = kept.get("sentence")
    return Message(said["template"], said["params"]) if said else None


def _acts(actor: Actor, row: Nonconformity) -> Iterable[str]:
    if may_treat(actor, row):
        if row.state in ("proposed", "dismissed"):
            yield "take_up"
        if row.state == "proposed":
            yield "dismiss"
        if row.state == "open":
            yield from ("describe", "correct", "analyse", "step", "change_step", "submit")
            if row.approved_at is None:
                yield "cancel"
        if row.report_due_on is not None and row.state in IN_BOOK:
            yield "report"
    if row.state == "acting" and may_treat(actor, row) and can(actor, "nonconformity.approve"):
        yield "step"
    if row.state == "planned" and can(actor, "nonconformity.approve"):
        yield "send_back"
        if not actor.is_own(row.planned_by_id):
            yield "approve"
    if can(actor, "nonconformity.judge"):
        if row.state == "judging" and not actor.is_own(row.owner_id) and not actor.is_own(row.planned_by_id):
            yield "judge"
            if can(actor, "nonconformity.overrule"):
                yield "overrule"
        if row.state == "closed":
            yield "reopen"


def _name(actor: Actor, person: Any) -> str:
    return "" if person is None else shown_name(actor, person.full_name)
