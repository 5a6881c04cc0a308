"""Reading context, risks and opportunities: the map, the book, one risk with its ratings and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Value

from camket.actions.queries import TaskRow, tasks_of
from camket.core.finding import sought
from camket.core.risk import Grade, Level, Scale
from camket.core.workflow import RISK
from camket.documents.models import ControlledDocument
from camket.dossiers.models import Field
from camket.improvement.models import ContextIssue, Risk, RiskRating, RiskTreatment
from camket.improvement.readiness import scale_of, scale_on
from camket.improvement.risk_paper import book_document
from camket.improvement.sight import may_keep_risk
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.org.queries import holding, unit_choices
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
    """A rating by the scale that it was given by; ``share`` is how grave it is among those that this scale has."""

    likelihood: int
    consequence: int
    level: Level
    share: Fraction
    scale_id: int
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
    made_by: str
    made_at: datetime
    ratings: tuple[RatingRow, ...]
    tasks: tuple[TaskRow, ...]
    scale: Scale
    acts: frozenset[str]
    scale_id: int | None
    """The scale in force, where it is the agency's own: ratings by another one are earlier."""


@dataclass(frozen=True, slots=True)
class RiskMap:
    """The map of what is watched, by the scale in force, the most likely row first.

    ``rated`` counts what is rated, ``older`` what of it was rated by an earlier scale and has no place here, ``due`` what is
    to be rated now.
    """

    scale: Scale
    rows: tuple[MapRow, ...]
    rated: int
    older: int
    due: int


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
        kept, _scale = scale_on(actor.agency_id, today)
        rows = rows.annotate(rated_by=_rated_by()).filter(
            likelihood=wanted.cell[0], consequence=wanted.cell[1], rated_by=kept and kept.pk
        )
    if wanted.words and (words := sought(wanted.words)):
        rows = rows.filter(holding(words, "title", "process", "cause", "effect"))
    found = [_row(actor, each, today) for each in rows.order_by("serial", "pk")]
    return sorted(found, key=lambda each: -(each.last.share if each.last else 2))


def proposed(actor: Actor, today: date) -> list[tuple[RiskRow, bool]]:
    """Return what is proposed to be watched, and whether the actor may take it up: theirs to decide, and their own."""
    rows = _rows(actor).filter(state="proposed").order_by("pk")
    return [
        (_row(actor, each, today), decides)
        for each in rows
        if (decides := may_keep_risk(actor, each.unit_id)) or actor.is_own(each.made_by_id)
    ]


def risk_map(actor: Actor, today: date) -> RiskMap:
    """Return the map of what is watched, as the scale in force has it; two SQL statements."""
    require(actor, "risk.view")
    kept, scale = scale_on(actor.agency_id, today)
    counts: dict[tuple[int | None, int | None, str], int] = {}
    rated = due = older = 0
    rows = Risk.objects.filter(agency_id=actor.agency_id, state="open").annotate(rated_by=_rated_by())
    for likelihood, consequence, kind, rerate_by, rated_by in rows.values_list(
        "likelihood", "consequence", "kind", "rerate_by", "rated_by"
    ):
        if rated_by is not None and (kept is None or rated_by != kept.pk):
            older += 1
        else:
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
    return RiskMap(scale, lines, rated, older, due)


def risk(actor: Actor, risk_id: int, today: date) -> RiskPage:
    """Return a risk of the actor's agency. Raises Risk.DoesNotExist."""
    require(actor, "risk.view")
    found = _rows(actor).select_related("issue", "made_by").get(pk=risk_id)
    task_ids = [each.task_id for each in found.treatments.all()]
    tasks = tasks_of(actor, task_ids, today)
    kept, scale = scale_on(actor.agency_id, today)
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
        made_by=_name(actor, found.made_by),
        made_at=found.made_at,
        ratings=tuple(reversed(_ratings(actor, found))),
        tasks=tuple(tasks[each] for each in task_ids if each in tasks),
        scale=scale,
        acts=frozenset(acts),
        scale_id=None if kept is None else kept.pk,
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
    """Return the processes to choose from: those that risks stand under, the system's own procedures, fields, units.

    Two SQL statements.
    """
    own = Risk.objects.filter(agency_id=actor.agency_id).distinct()
    documents = ControlledDocument.objects.filter(
        agency_id=actor.agency_id, kind=ControlledDocument.Kind.SYSTEM
    )
    fields = Field.objects.filter(agency_id=actor.agency_id)
    said = own.values_list(Value(1), "process").union(
        documents.values_list(Value(2), "title"), fields.values_list(Value(3), "name"), all=True
    )
    found = dict.fromkeys(name for _source, name in sorted(said))
    found.update(dict.fromkeys(name for _unit_id, name in unit_choices(actor)))
    return list(found)


def scale_in_force(actor: Actor, today: date) -> tuple[date | None, Scale]:
    """Return the scale in force with the day from which it holds; None where it is the proposed one."""
    kept, scale = scale_on(actor.agency_id, today)
    return (None if kept is None else kept.valid_from), scale


def book_paper(actor: Actor, wanted: Wanted, today: date) -> Document:
    """Return the book of risks and opportunities as official paper."""
    agency = Agency.objects.get(pk=actor.agency_id)
    kept, scale = scale_on(actor.agency_id, today)
    return book_document(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        rows=risks(actor, wanted, today),
        scale=scale,
        scale_id=None if kept is None else kept.pk,
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


def _rated_by() -> Subquery:
    """Return the scale of a risk's last rating, for a statement over risks."""
    last = RiskRating.objects.filter(risk=OuterRef("pk")).order_by("-on", "-pk")
    return Subquery(last.values("scale_id")[:1])


def _ratings(actor: Actor, row: Risk) -> list[RatingRow]:
    """Return ratings, the oldest first."""
    return [
        RatingRow(
            each.likelihood,
            each.consequence,
            scale_of(each.scale).level(each.likelihood, each.consequence),
            scale_of(each.scale).share(each.likelihood, each.consequence),
            each.scale_id,
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
