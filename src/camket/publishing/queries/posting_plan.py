"""The yearly plan of what is made public as the staff see it: each line with the postings made of it; the plan as paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from camket.core.posting_plan import Planned, Progress, counts, progress
from camket.core.postings import Posted
from camket.dossiers.models import Posting
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.paper.writing.model import Document
from camket.publishing.models import ApprovedPostingPlan, Notice, PlannedPosting
from camket.publishing.plan_paper import plan_document
from camket.publishing.planned import in_force, planned, stamp
from camket.publishing.posting_rules import CATALOGUE, rule_name, rule_of
from camket.publishing.queries.postings import NoticeRow, rows_of

OVERDUE_SHOWN = timedelta(days=400)
"""For how long a line whose day is over still calls for somebody."""
MOST_OFFERED = 40
"""Postings offered to be tied to a line."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A line of the plan as its page shows it; ``progress`` says what calls for somebody first.

    ``is_in_catalogue`` says that it is done by what is noted in the catalogue of procedures, each by itself.
    """

    id: int
    year: int
    rule: str
    rule_name: str
    subject: str
    when: str
    due_on: date | None
    days: int | None
    spoken_days: int | None
    places: tuple[str, ...]
    place_ids: tuple[int, ...]
    unit: str
    unit_id: int | None
    is_dropped: bool
    progress: tuple[Progress, ...]
    postings: int
    lacking: tuple[str, ...] = ()
    is_in_catalogue: bool = False


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The plan of a year: its lines by day, how many are how far, and whether the years beside it have lines."""

    year: int
    rows: tuple[PlannedRow, ...]
    counts: Mapping[Progress, int]
    years: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class PlannedDetail:
    """A line with the postings made of it, those that may be tied to it, and what the actor may do."""

    row: PlannedRow
    notices: tuple[NoticeRow, ...]
    offered: tuple[NoticeRow, ...]
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApprovedRow:
    """A plan as a leader approved it, ``adjustment`` what it changed in the one before."""

    id: int
    number: str
    dated: date
    approved_at: datetime
    approved_by: str
    adjustment: str


@dataclass(frozen=True, slots=True)
class Approval:
    """How the lines of a plan stand to what was approved: ``versions`` the newest first; ``stamp`` names the lines read."""

    stamp: str
    versions: tuple[ApprovedRow, ...]
    has_changes: bool
    may_approve: bool

    @property
    def in_force(self) -> ApprovedRow | None:
        """The one approved last."""
        return self.versions[0] if self.versions else None


def year_plan(actor: Actor, year: int, today: date) -> YearPlan:
    """Return the plan of a year, lines without a day after those with one, dropped ones last. Five SQL statements."""
    require(actor, "posting.view")
    lines = _lines(actor).filter(year=year)
    rows = sorted(
        _rows(actor, list(lines), today),
        key=lambda each: (each.is_dropped, each.due_on or date.max, each.id),
    )
    years = PlannedPosting.objects.filter(agency_id=actor.agency_id, is_dropped=False).values_list("year")
    return YearPlan(
        year,
        tuple(rows),
        counts(each.progress for each in rows),
        frozenset(found for (found,) in years.distinct().order_by("year")),
    )


def planned_row(actor: Actor, planned_id: int, today: date) -> PlannedRow:
    """Return a line of a plan alone; PlannedPosting.DoesNotExist for another agency's. Three SQL statements."""
    require(actor, "posting.view")
    (row,) = _rows(actor, [_lines(actor).get(pk=planned_id)], today)
    return row


def planned_line(actor: Actor, planned_id: int, today: date) -> PlannedDetail:
    """Return a line of a plan with its postings; PlannedPosting.DoesNotExist for another agency's."""
    row = planned_row(actor, planned_id, today)
    own = Notice.objects.filter(planned_id=row.id, is_cancelled=False)
    acts: set[str] = set()
    offered: tuple[NoticeRow, ...] = ()
    if can(actor, "posting.manage"):
        acts = {"restore"} if row.is_dropped else {"edit", "drop", "tie", "post"}
    if "tie" in acts:
        loose = Notice.objects.filter(
            agency_id=actor.agency_id,
            planned=None,
            is_cancelled=False,
            posted_on__gte=date(row.year, 1, 1),
            posted_on__lte=date(row.year + 1, 3, 31),
        ).order_by("-posted_on", "-pk")
        same = rows_of(actor, loose.filter(rule=row.rule)[:MOST_OFFERED])
        others = rows_of(actor, loose.exclude(rule=row.rule)[: MOST_OFFERED - len(same)])
        offered = (*same, *others)
    return PlannedDetail(row, rows_of(actor, own.order_by("posted_on", "pk")), offered, frozenset(acts))


def planned_choices(actor: Actor, on: date) -> list[tuple[int, str]]:
    """Return the lines that a posting of a day may be tied to: of its year, and of the year before until March."""
    require(actor, "posting.view")
    years = (on.year, on.year - 1) if on.month <= 3 else (on.year,)
    rows = PlannedPosting.objects.filter(agency_id=actor.agency_id, year__in=years, is_dropped=False)
    return [
        (each.pk, f"{each.year}: {each.subject}")
        for each in rows.only("year", "subject").order_by("-year", "due_on", "pk")
    ]


def overdue(actor: Actor, today: date) -> int:
    """Return how many lines have a day that is over and nothing posted. One SQL statement."""
    require(actor, "posting.view")
    made = Notice.objects.filter(planned=OuterRef("pk"), is_cancelled=False)
    return PlannedPosting.objects.filter(
        ~Exists(made),
        agency_id=actor.agency_id,
        is_dropped=False,
        due_on__lt=today,
        due_on__gte=today - OVERDUE_SHOWN,
    ).count()


def approved(actor: Actor, year: int, today: date) -> Approval:
    """Return how the plan of a year stands to the one approved last; five SQL statements."""
    require(actor, "posting.view")
    content = planned(actor.agency_id, year, today)
    rows = ApprovedPostingPlan.objects.filter(agency_id=actor.agency_id, year=year)
    versions = list(rows.select_related("approved_by").order_by("-pk"))
    differs = not versions or versions[0].content["lines"] != content["lines"]
    return Approval(
        stamp(content),
        tuple(
            ApprovedRow(
                id=each.pk,
                number=each.content["number"],
                dated=date.fromisoformat(each.content["dated"]),
                approved_at=each.approved_at,
                approved_by=shown_name(actor, each.approved_by.full_name),
                adjustment=each.adjustment,
            )
            for each in versions
        ),
        has_changes=bool(versions) and differs,
        may_approve=can(actor, "posting.approve") and bool(content["lines"]) and differs,
    )


def plan_paper(actor: Actor, year: int, today: date) -> tuple[Document, str]:
    """Return what the plan of a year says now as paper, and the beginning of its file's name."""
    require(actor, "posting.view")
    older, content = in_force(actor.agency_id, year), planned(actor.agency_id, year, today)
    if older is not None and older.content["lines"] != content["lines"]:
        before = {key: older.content[key] for key in ("number", "dated")}
        content |= {"replaces": before, "adjustment": "…"}
    elif older is not None:
        content = older.content
    return plan_document(content), f"ke-hoach-cong-khai-{year}"


def approved_paper(actor: Actor, approved_id: int) -> tuple[Document, str]:
    """Return a plan as it was approved; ApprovedPostingPlan.DoesNotExist for another agency's."""
    require(actor, "posting.view")
    found = ApprovedPostingPlan.objects.get(pk=approved_id, agency_id=actor.agency_id)
    return plan_document(found.content), f"ke-hoach-cong-khai-{found.year}-{found.approved_at:%Y%m%d}"


def _lines(actor: Actor) -> QuerySet[PlannedPosting]:
    return (
        PlannedPosting.objects.filter(agency_id=actor.agency_id)
        .select_related("unit")
        .prefetch_related("places")
    )


def _rows(actor: Actor, lines: list[PlannedPosting], today: date) -> Iterable[PlannedRow]:
    made: dict[int, list[Notice]] = {}
    notices = Notice.objects.filter(agency_id=actor.agency_id, planned__in=lines, is_cancelled=False)
    for each in notices.select_related("place").order_by("posted_on", "pk"):
        made.setdefault(each.planned_id or 0, []).append(each)
    hangs = any(line.rule == CATALOGUE and line.pk not in made for line in lines) and _catalogue_hangs(actor)
    for line in lines:
        places = sorted(line.places.all(), key=lambda each: each.pk)
        rule = rule_of(line.rule, date(line.year, 12, 31)) or rule_of(line.rule, date(line.year, 1, 1))
        speaks = any(place.kind == "loudspeaker" for place in places)
        spoken_days = rule.spoken_days if rule and speaks else None
        own = made.get(line.pk, [])
        wanted = Planned(
            year=line.year,
            due_on=line.due_on,
            days=line.days,
            places=frozenset(place.pk for place in places),
            spoken_days=spoken_days,
            is_dropped=line.is_dropped,
        )
        had = {each.place_id for each in own}
        yield PlannedRow(
            id=line.pk,
            year=line.year,
            rule=line.rule,
            rule_name=rule_name(line.rule),
            subject=line.subject,
            when=line.when,
            due_on=line.due_on,
            days=line.days,
            spoken_days=spoken_days,
            places=tuple(place.name for place in places),
            place_ids=tuple(place.pk for place in places),
            unit=line.unit.name if line.unit else "",
            unit_id=line.unit_id,
            is_dropped=line.is_dropped,
            progress=progress(wanted, [_posted(each) for each in own], today)
            if own or line.is_dropped or not (hangs and line.rule == CATALOGUE)
            else (Progress.DONE,),
            is_in_catalogue=hangs and line.rule == CATALOGUE and not own,
            postings=len(own),
            lacking=tuple(place.name for place in places if own and place.pk not in had),
        )


def _catalogue_hangs(actor: Actor) -> bool:
    """Return whether a procedure of the catalogue hangs somewhere."""
    return Posting.objects.filter(procedure__agency_id=actor.agency_id, removed_on=None).exists()


def _posted(each: Notice) -> Posted:
    document = (each.subject, each.document_number, each.decided_on)
    return Posted(
        id=each.pk,
        kind=each.place.kind,
        rule=each.rule,
        matter=(each.rule, *document),
        posted_on=each.posted_on,
        until=each.until,
        removed_on=each.removed_on,
        decided_on=each.decided_on,
        has_proof=True,
        renews=each.renews_id,
        document=document,
        place=each.place_id,
        is_settled=bool(each.shortfall),
    )
