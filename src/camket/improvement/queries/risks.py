"""Reading context, risks and opportunities: the map, the book, one risk with its ratings and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from camket.actions.queries import TaskRow, tasks_of
from camket.core.finding import sought
from camket.core.risk import Grade, Level, Scale
from camket.core.workflow import RISK
from camket.improvement.models import ContextIssue, Risk, RiskRating, RiskTreatment
from camket.improvement.readiness import scale_of, scale_on
from camket.improvement.risk_paper import book_document
from camket.improvement.sight import may_keep_risk
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.org.queries import holding
from camket.paper.writing.model import Document


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which risks a list shows. ``state``: "" for those that are watched, "due" for those to be rated, or a state.

    ``cell`` is a place of the map: likelihood and consequence.
    """

    words: str = ""
    kind: str = ""
    state: str = ""
    unit_id: int | None = None
    cell: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A rating by the scale that it was given by."""

    likelihood: int
    consequence: int
    level: Level
    reason: str
    on: date
    by: str

    @property
    def product(self) -> int:
        """Likelihood times consequence."""
        return self.likelihood * self.consequence


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk or an opportunity as lists show it; ``first`` and ``last`` are None while it is not rated."""

    id: int
    number: str
    kind: str
    process: str
    title: str
    cause: str
    effect: str
    controls: str
    unit: str
    owner: str
    state: str
    first: RatingRow | None
    last: RatingRow | None
    rerate_by: date | None
    is_due: bool
    tasks: int
    accepted: int
    treatments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskPage:
    """A risk with all that its page shows, and what the actor may do with it."""

    row: RiskRow
    unit_id: int | None
    owner_id: int | None
    issue_id: int | None
    issue: str
    ending: str
    ratings: tuple[RatingRow, ...]
    tasks: tuple[TaskRow, ...]
    scale: Scale
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class MapCell:
    """A place of the map: how many open risks and opportunities stand there."""

    likelihood: int
    consequence: int
    level: Level
    risks: int
    opportunities: int


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of the map: a grade of likelihood and its places."""

    grade: Grade
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue of the context, or an interested party."""

    id: int
    kind: str
    title: str
    text: str
    response: str
    unit_id: int | None
    unit: str
    reviewed_on: date
    review_by: date | None
    is_due: bool
    may_change: bool


def risks(actor: Actor, wanted: Wanted, today: date) -> list[RiskRow]:
    """Return the risks that are wanted, the gravest first; three SQL statements."""
    require(actor, "risk.view")
    rows = _rows(actor)
    if wanted.state == "due":
        rows = rows.filter(state="open", rerate_by__lte=today)
    elif wanted.state in RISK.states:
        rows = rows.filter(state=wanted.state)
    elif wanted.state != "all":
        rows = rows.filter(state="open")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.unit_id:
        rows = rows.filter(unit_id=wanted.unit_id)
    if wanted.cell:
        rows = rows.filter(likelihood=wanted.cell[0], consequence=wanted.cell[1])
    if wanted.words and (words := sought(wanted.words)):
        rows = rows.filter(holding(words, "title", "process", "cause", "effect"))
    found = [_row(actor, each, today) for each in rows.order_by("serial", "pk")]
    return sorted(found, key=lambda each: -(each.last.product if each.last else 99))


def proposed(actor: Actor, today: date) -> list[RiskRow]:
    """Return what the system proposes to watch, for who may take it up."""
    return [
        _row(actor, each, today)
        for each in _rows(actor).filter(state="proposed").order_by("pk")
        if may_keep_risk(actor, each.unit_id)
    ]


def risk_map(actor: Actor, today: date) -> tuple[Scale, tuple[MapRow, ...], int, int]:
    """Return the scale in force, the map of what is watched, how much of it is rated, and how much is due for it.

    The most likely row comes first; two SQL statements.
    """
    require(actor, "risk.view")
    _kept, scale = scale_on(actor.agency_id, today)
    counts: dict[tuple[int | None, int | None, str], int] = {}
    rated = due = 0
    rows = Risk.objects.filter(agency_id=actor.agency_id, state="open")
    for likelihood, consequence, kind, rerate_by in rows.values_list(
        "likelihood", "consequence", "kind", "rerate_by"
    ):
        key = (likelihood, consequence, kind)
        counts[key] = counts.get(key, 0) + 1
        rated += likelihood is not None
        due += rerate_by is not None and rerate_by <= today
    grades = {each.value: each for each in scale.likelihood}
    lines = tuple(
        MapRow(
            grades[line[0][0]],
            tuple(
                MapCell(
                    likelihood,
                    consequence,
                    level,
                    counts.get((likelihood, consequence, "risk"), 0),
                    counts.get((likelihood, consequence, "opportunity"), 0),
                )
                for likelihood, consequence, level in line
            ),
        )
        for line in scale.cells()
    )
    return scale, lines, rated, due


def risk(actor: Actor, risk_id: int, today: date) -> RiskPage:
    """Return a risk of the actor's agency. Raises Risk.DoesNotExist."""
    require(actor, "risk.view")
    found = _rows(actor).select_related("issue").get(pk=risk_id)
    task_ids = [each.task_id for each in found.treatments.all()]
    tasks = tasks_of(actor, task_ids, today)
    acts: set[str] = set()
    if may_keep_risk(actor, found.unit_id):
        acts = set(RISK.acts(found.state))
    return RiskPage(
        row=_row(actor, found, today),
        unit_id=found.unit_id,
        owner_id=found.owner_id,
        issue_id=found.issue_id,
        issue=found.issue.title if found.issue else "",
        ending=found.ending,
        ratings=tuple(reversed(_ratings(actor, found))),
        tasks=tuple(tasks[each] for each in task_ids if each in tasks),
        scale=scale_on(actor.agency_id, today)[1],
        acts=frozenset(acts),
    )


def issues(actor: Actor, today: date) -> list[IssueRow]:
    """Return the issues of the context and the interested parties that hold; one SQL statement."""
    require(actor, "risk.view")
    rows = ContextIssue.objects.filter(agency_id=actor.agency_id, ended_on__isnull=True)
    return [
        _issue(actor, each, today) for each in rows.select_related("unit").order_by("kind", "order", "pk")
    ]


def issue(actor: Actor, issue_id: int, today: date) -> IssueRow:
    """Return an issue that holds. Raises ContextIssue.DoesNotExist."""
    require(actor, "risk.view")
    rows = ContextIssue.objects.filter(agency_id=actor.agency_id, ended_on__isnull=True)
    return _issue(actor, rows.select_related("unit").get(pk=issue_id), today)


def issue_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the issues and parties that hold as (id, title)."""
    rows = ContextIssue.objects.filter(agency_id=actor.agency_id, ended_on__isnull=True)
    return list(rows.order_by("kind", "order", "pk").values_list("pk", "title"))


def processes(actor: Actor) -> list[str]:
    """Return the processes that risks were written under, to choose from."""
    rows = Risk.objects.filter(agency_id=actor.agency_id)
    return list(rows.order_by("process").values_list("process", flat=True).distinct()[:100])


def scale_in_force(actor: Actor, today: date) -> tuple[date | None, Scale]:
    """Return the scale in force with the day from which it holds; None where it is the proposed one."""
    kept, scale = scale_on(actor.agency_id, today)
    return (None if kept is None else kept.valid_from), scale


def book_paper(actor: Actor, wanted: Wanted, today: date) -> Document:
    """Return the book of risks and opportunities as official paper."""
    agency = Agency.objects.get(pk=actor.agency_id)
    return book_document(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        rows=risks(actor, wanted, today),
        scale=scale_on(actor.agency_id, today)[1],
        on=today,
    )


def _rows(actor: Actor) -> QuerySet[Risk]:
    return (
        Risk.objects.filter(agency_id=actor.agency_id)
        .select_related("unit", "owner")
        .prefetch_related(
            Prefetch("ratings", RiskRating.objects.select_related("scale", "by")),
            Prefetch("treatments", RiskTreatment.objects.select_related("task__action")),
        )
    )


def _ratings(actor: Actor, row: Risk) -> list[RatingRow]:
    """Return ratings, the oldest first."""
    return [
        RatingRow(
            each.likelihood,
            each.consequence,
            scale_of(each.scale).level(each.likelihood, each.consequence),
            each.reason,
            each.on,
            _name(actor, each.by),
        )
        for each in sorted(row.ratings.all(), key=lambda each: (each.on, each.pk))
    ]


def _row(actor: Actor, row: Risk, today: date) -> RiskRow:
    ratings = _ratings(actor, row)
    tasks = [each.task for each in row.treatments.all() if each.task.state != "cancelled"]
    return RiskRow(
        id=row.pk,
        number="" if row.serial is None else f"{row.serial:02}",
        kind=row.kind,
        process=row.process,
        title=row.title,
        cause=row.cause,
        effect=row.effect,
        controls=row.controls,
        unit=row.unit.name if row.unit else "",
        owner=_name(actor, row.owner),
        state=row.state,
        first=ratings[0] if ratings else None,
        last=ratings[-1] if ratings else None,
        rerate_by=row.rerate_by,
        is_due=row.state == "open" and row.rerate_by is not None and row.rerate_by <= today,
        tasks=len(tasks),
        accepted=sum(each.state == "accepted" for each in tasks),
        treatments=tuple(each.action.text for each in tasks),
    )


def _issue(actor: Actor, row: ContextIssue, today: date) -> IssueRow:
    return IssueRow(
        row.pk,
        row.kind,
        row.title,
        row.text,
        row.response,
        row.unit_id,
        row.unit.name if row.unit else "",
        row.reviewed_on,
        row.review_by,
        row.review_by is not None and row.review_by <= today,
        can(actor, "risk.keep") and may_keep_risk(actor, row.unit_id),
    )


def _name(actor: Actor, person: Any) -> str:
    return "" if person is None else shown_name(actor, person.full_name)
