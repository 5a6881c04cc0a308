"""The register of postings as the staff see it: what calls for somebody, what hung where; lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from camket.core.calendar import WorkingCalendar
from camket.core.plan import Period
from camket.core.postings import (
    TO_DO,
    Concern,
    Posted,
    Rule,
    began_on,
    concerns,
    last_day_in_time,
    least_until,
    missing_places,
)
from camket.core.wording.text import search_key
from camket.documents.models import Evidence
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.dossiers.models import Posting, ProcedureEdition
from camket.org.calendar import working_calendar
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, can_in_agency, require
from camket.paper.writing.board import BoardText
from camket.paper.writing.model import Document
from camket.publishing.models import Notice, Place, PostingList, Publication
from camket.publishing.posters import SHOWN, board_of
from camket.publishing.posting_list import list_document, listed, quarter_of
from camket.publishing.posting_rules import rule_name, rule_of, rules_on
from camket.publishing.standing import standing

PAGE_SIZE = 50
LOOKED_BACK = timedelta(days=400)
"""How long ago a posting ended that is still looked at for what calls for somebody."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place, and at how many postings it is up."""

    id: int
    kind: str
    kind_name: str
    name: str
    is_active: bool
    up: int = 0


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A posting as lists show it. ``concerns`` says what calls for somebody, ``lacking`` the kinds of places it misses.

    ``least_until`` is the first day on which it may be taken down, of all renewals together; None where it may any day.
    """

    id: int
    subject: str
    rule: str
    rule_name: str
    place: str
    place_kind: str
    place_id: int
    document_number: str
    decided_on: date | None
    posted_on: date
    until: date | None
    removed_on: date | None
    address: str
    note: str
    posted_by: str
    posted_by_id: int | None
    publication_id: int | None
    planned_id: int | None
    renews_id: int | None
    has_evidence: bool
    is_cancelled: bool
    cancellation: str
    shortfall: str = ""
    least_until: date | None = None
    concerns: tuple[Concern, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def is_up(self) -> bool:
        """Whether it hangs."""
        return self.removed_on is None and not self.is_cancelled

    @property
    def has_proof(self) -> bool:
        """Whether something proves it."""
        return self.has_evidence or bool(self.address)


@dataclass(frozen=True, slots=True)
class NoticeDetail:
    """A posting with its proof, its rule and what can be done with it."""

    row: NoticeRow
    rule: Rule | None
    least_until: date | None
    in_time: date | None
    evidence: tuple[EvidenceRow, ...]
    noted_by: str
    noted_at: datetime
    publication_title: str
    planned_subject: str
    renewed_by_id: int | None
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProceduresUp:
    """Procedures of the catalogue that hang at a place since a day."""

    place: str
    posted_on: date
    count: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """A quarter's list as the page of lists shows it; ``id`` None where none is issued."""

    year: int
    quarter: int
    is_over: bool
    id: int | None = None
    issued_at: datetime | None = None
    issued_by: str = ""
    number: str = ""
    versions: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register is narrowed to; ``state`` is "" (all), "up", "down" or "cancelled"."""

    words: str = ""
    state: str = ""
    place_id: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of postings waits for whoever keeps the register: how many postings, and the quarter without a list."""

    count: int
    missing_list: tuple[int, int] | None


def places(actor: Actor) -> tuple[PlaceRow, ...]:
    """Return the agency's places, those in use first, by kind and name. One SQL statement."""
    require(actor, "posting.view")
    rows = Place.objects.filter(agency_id=actor.agency_id).annotate(
        up=Count("notices", filter=Q(notices__removed_on=None, notices__is_cancelled=False))
    )
    order = list(Place.Kind.values)
    return tuple(
        PlaceRow(each.pk, each.kind, str(each.get_kind_display()), each.name, each.is_active, each.up)
        for each in sorted(
            rows, key=lambda each: (not each.is_active, order.index(each.kind), search_key(each.name))
        )
    )


def place(actor: Actor, place_id: int) -> PlaceRow:
    """Return a place; Place.DoesNotExist for another agency's."""
    require(actor, "posting.view")
    each = Place.objects.get(pk=place_id, agency_id=actor.agency_id)
    return PlaceRow(each.pk, each.kind, str(each.get_kind_display()), each.name, each.is_active)


def kind_name(kind: str) -> str:
    """Return what a kind of place is called."""
    return str(Place.Kind(kind).label)


@dataclass(frozen=True, slots=True)
class PostedNow:
    """Where an issued document hangs, and at which places that its rule asks for it does not yet.

    ``hangs`` are (posting, place, day); ``has_places`` whether the agency has any such place.
    """

    hangs: tuple[tuple[int, str, date], ...]
    missing: tuple[str, ...]
    has_places: bool
    rule_name: str
    source: str
    may_post: bool


def posted(actor: Actor, rule: str, document_number: str, today: date) -> PostedNow | None:
    """Return where an issued document hangs; None for who does not see postings, or without a rule. Two SQL statements."""
    asked = rule_of(rule, today)
    if asked is None or not can(actor, "posting.view"):
        return None
    up = standing(actor.agency_id, document_number).select_related("place").order_by("posted_on", "pk")
    hangs = tuple((each.pk, each.place.name, each.posted_on) for each in up)
    there = {each.place_id for each in up}
    places = list(
        Place.objects.filter(agency_id=actor.agency_id, is_active=True, kind__in=asked.places).order_by(
            "kind", "name"
        )
    )
    return PostedNow(
        hangs,
        tuple(each.name for each in places if each.pk not in there),
        bool(places),
        asked.name,
        asked.source,
        can(actor, "posting.manage"),
    )


def rule_choices(on: date) -> list[tuple[str, str]]:
    """Return the contents that rules name on a day."""
    return [(rule.code, rule.name) for rule in rules_on(on)]


def rules(on: date) -> tuple[Rule, ...]:
    """Return the rules that hold on a day, for who wants to read them."""
    return rules_on(on)


def publication_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return what is public now, newest first, to be linked with a posting."""
    require(actor, "posting.view")
    rows = Publication.objects.filter(agency_id=actor.agency_id, state=Publication.State.PUBLISHED)
    return list(rows.order_by("-published_at").values_list("pk", "title"))


def posters(actor: Actor) -> list[tuple[int, str]]:
    """Return what posters are made of: policy, objectives and results that are public now."""
    require(actor, "posting.view")
    rows = Publication.objects.filter(
        agency_id=actor.agency_id, state=Publication.State.PUBLISHED, kind__in=SHOWN
    )
    return [
        (each.pk, each.title) for each in sorted(rows.defer("content"), key=lambda row: SHOWN.index(row.kind))
    ]


def subject_of_publication(actor: Actor, publication_id: int) -> str:
    """Return the title of a publication, proposed for its posting; "" for none of the agency's."""
    require(actor, "posting.view")
    found = Publication.objects.filter(pk=publication_id, agency_id=actor.agency_id).values_list(
        "title", flat=True
    )
    return found.first() or ""


def to_do(actor: Actor, today: date) -> tuple[NoticeRow, ...]:
    """Return the postings that call for somebody, most urgent first. Five SQL statements."""
    return calling(looked_at(actor, today))


def calling(found: Iterable[NoticeRow]) -> tuple[NoticeRow, ...]:
    """Return those of the postings looked at that call for somebody, most urgent first."""
    order = list(Concern)
    rows = [each for each in found if TO_DO.intersection(each.concerns)]
    return tuple(
        sorted(rows, key=lambda each: (order.index(each.concerns[0]), each.until or date.max, each.posted_on))
    )


def waiting_for(actor: Actor, today: date, calendar: WorkingCalendar | None = None) -> Waiting | None:
    """Return what waits for the actor who keeps the register; None where nothing does, or another keeps it.

    One SQL statement less with the agency's calendar, where the caller has it.
    """
    if not can_in_agency(actor, "posting.manage"):
        return None
    found = _of_late(actor, today)
    rows = _looked_at(actor, found, today, calendar)
    count = sum(bool(TO_DO.intersection(each.concerns)) for each in rows)
    lacking = _without_list(found, today)
    return Waiting(count, lacking) if count or lacking else None


def register(actor: Actor, wanted: Wanted, found_now: Iterable[NoticeRow], page: str) -> Page[NoticeRow]:
    """Return a page of the register, newest first, with what calls for somebody in each row.

    ``found_now`` is what :func:`looked_at` returned.
    """
    require(actor, "posting.view")
    query = _filtered(actor, wanted)
    paginator: Paginator[Any] = Paginator(query.order_by("-posted_on", "-pk"), PAGE_SIZE)
    found = paginator.get_page(page)
    told = {each.id: each for each in found_now}
    rows = [told.get(each.pk) or _row(actor, each) for each in found.object_list]
    found.object_list = rows
    return found


def whole_register(actor: Actor, wanted: Wanted) -> tuple[NoticeRow, ...]:
    """Return the register whole, oldest first, to be taken out."""
    require(actor, "posting.view")
    return tuple(_row(actor, each) for each in _filtered(actor, wanted).order_by("posted_on", "pk"))


def procedures_up(actor: Actor) -> tuple[ProceduresUp, ...]:
    """Return where procedures of the catalogue hang: they are noted in the catalogue, and stand in the same register."""
    require(actor, "posting.view")
    rows = (
        Posting.objects.filter(procedure__agency_id=actor.agency_id, removed_on=None)
        .values("place", "posted_on")
        .annotate(count=Count("pk"))
        .order_by("place", "posted_on")
    )
    return tuple(ProceduresUp(**each) for each in rows)


def notice(actor: Actor, notice_id: int, today: date) -> NoticeDetail:
    """Return a posting whole; Notice.DoesNotExist for another agency's."""
    require(actor, "posting.view")
    found = _rows(actor).select_related("noted_by", "publication", "planned").get(pk=notice_id)
    told = {each.id: each for each in looked_at(actor, today)}
    row = told.get(found.pk) or _row(actor, found)
    rule = rule_of(found.rule, found.posted_on)
    newer = found.renewed_by.filter(is_cancelled=False).order_by("-pk").values_list("pk", flat=True).first()
    may: set[str] = set()
    if can(actor, "posting.manage") and not found.is_cancelled:
        may = {"prove", "correct", "cancel", *(("take_down", "renew") if row.is_up else ())}
        if Concern.SHORT in row.concerns:
            may.add("prolong")
        if Concern.CUT in row.concerns or row.shortfall:
            may.add("explain")
    return NoticeDetail(
        row=row,
        rule=rule,
        least_until=row.least_until or least_until(rule, found.place.kind, found.posted_on),
        in_time=last_day_in_time(rule, found.decided_on, working_calendar(actor.agency_id)),
        evidence=evidence_rows(actor, found.evidence.select_related("file", "added_by")),
        noted_by=shown_name(actor, found.noted_by.full_name),
        noted_at=found.noted_at,
        publication_title=found.publication.title if found.publication else "",
        planned_subject=f"{found.planned.year}: {found.planned.subject}" if found.planned else "",
        renewed_by_id=newer,
        acts=frozenset(may),
    )


def lists(actor: Actor, today: date) -> tuple[ListRow, ...]:
    """Return the quarters with their lists, newest first, from the first posting on."""
    require(actor, "posting.view")
    issued: dict[tuple[int, int], list[PostingList]] = {}
    rows = PostingList.objects.filter(agency_id=actor.agency_id).select_related("issued_by").order_by("pk")
    for each in rows:
        issued.setdefault((each.year, each.quarter), []).append(each)
    found = []
    for year, quarter in _quarters(actor, today, issued):
        versions = issued.get((year, quarter), [])
        last = versions[-1] if versions else None
        found.append(
            ListRow(
                year,
                quarter,
                is_over=quarter_of(year, quarter).end <= today,
                id=last.pk if last else None,
                issued_at=last.issued_at if last else None,
                issued_by=shown_name(actor, last.issued_by.full_name) if last else "",
                number=last.content.get("number", "") if last else "",
                versions=len(versions),
            )
        )
    return tuple(found)


def missing_list(actor: Actor, today: date) -> tuple[int, int] | None:
    """Return the last quarter that is over, something hung in it, and no list of it is issued; None where all is well."""
    require(actor, "posting.view")
    return _without_list(_of_late(actor, today), today)


def list_of(actor: Actor, year: int, quarter: int) -> tuple[Mapping[str, Any], ListRow | None, bool]:
    """Return what the list of a quarter says now, the one last issued, and whether the two differ."""
    require(actor, "posting.view")
    now = listed(actor.agency_id, year, quarter)
    last = (
        PostingList.objects.filter(agency_id=actor.agency_id, year=year, quarter=quarter)
        .select_related("issued_by")
        .order_by("-pk")
        .first()
    )
    if last is None:
        return now, None, False
    differs = last.content["entries"] != now["entries"]
    row = ListRow(
        year,
        quarter,
        is_over=True,
        id=last.pk,
        issued_at=last.issued_at,
        issued_by=shown_name(actor, last.issued_by.full_name),
        number=last.content.get("number", ""),
    )
    return last.content, row, differs


def versions_of(actor: Actor, year: int, quarter: int) -> tuple[tuple[int, datetime, str], ...]:
    """Return the lists issued of a quarter: id, when, what was corrected; newest first."""
    require(actor, "posting.view")
    rows = PostingList.objects.filter(agency_id=actor.agency_id, year=year, quarter=quarter)
    return tuple(rows.order_by("-pk").values_list("pk", "issued_at", "correction"))


def list_paper(actor: Actor, list_id: int) -> tuple[Document, str]:
    """Return an issued list as paper, and the beginning of its file's name; PostingList.DoesNotExist for another's."""
    require(actor, "posting.view")
    found = PostingList.objects.get(pk=list_id, agency_id=actor.agency_id)
    return list_document(found.content), f"danh-muc-cong-khai-quy-{found.quarter}-{found.year}"


def draft_paper(actor: Actor, year: int, quarter: int) -> tuple[Document, str]:
    """Return what the list of a quarter would say now as paper, and the beginning of its file's name."""
    require(actor, "posting.view")
    content = listed(actor.agency_id, year, quarter)
    return list_document(content), f"du-thao-danh-muc-cong-khai-quy-{quarter}-{year}"


def quarter_period(year: int, quarter: int) -> Period:
    """Return the days of a quarter. Raises ValueError for a quarter there is not."""
    return quarter_of(year, quarter)


def poster_of(actor: Actor, publication_id: int, address: str) -> BoardText:
    """Return what the poster of a publication says; Publication.DoesNotExist for another agency's, NoPoster."""
    require(actor, "posting.view")
    found = Publication.objects.select_related("agency", "agency__parent").get(
        pk=publication_id, agency_id=actor.agency_id
    )
    agency = found.agency
    return board_of(found, full_name=agency.full_name, superior=agency.superior_name, address=address)


def _filtered(actor: Actor, wanted: Wanted) -> QuerySet[Notice]:
    query = _rows(actor)
    if wanted.state == "up":
        query = query.filter(removed_on=None, is_cancelled=False)
    elif wanted.state == "down":
        query = query.filter(removed_on__isnull=False, is_cancelled=False)
    elif wanted.state == "cancelled":
        query = query.filter(is_cancelled=True)
    if wanted.place_id:
        query = query.filter(place_id=wanted.place_id)
    if wanted.rule:
        query = query.filter(rule=wanted.rule)
    if wanted.words.strip():
        # Accents do not count, which no database says alike: a commune's register is some hundred lines.
        words = search_key(wanted.words).split()
        held = [
            (pk, search_key(" ".join(texts)))
            for pk, *texts in query.values_list("pk", "subject", "document_number", "place__name")
        ]
        query = query.filter(pk__in=[pk for pk, hay in held if all(word in hay for word in words)])
    return query


def _rows(actor: Actor) -> QuerySet[Notice]:
    proof = Evidence.objects.filter(notices=OuterRef("pk"), is_withdrawn=False)
    return (
        Notice.objects.filter(agency_id=actor.agency_id)
        .select_related("place", "posted_by")
        .annotate(has_evidence=Exists(proof))
    )


def looked_at(actor: Actor, today: date, calendar: WorkingCalendar | None = None) -> tuple[NoticeRow, ...]:
    """Return what hangs and what ended of late, each with what calls for somebody in it."""
    require(actor, "posting.view")
    return _looked_at(actor, _of_late(actor, today), today, calendar)


def _of_late(actor: Actor, today: date) -> list[Notice]:
    """Return what hangs and what ended of late, with whether the list of the quarter before is issued. One SQL statement.

    All that hung in the quarter before is among it: that quarter began less than ``LOOKED_BACK`` ago.
    """
    year, quarter = _quarter_before(today)
    issued = PostingList.objects.filter(agency_id=actor.agency_id, year=year, quarter=quarter)
    query = (
        _rows(actor)
        .filter(Q(removed_on=None) | Q(removed_on__gte=today - LOOKED_BACK), is_cancelled=False)
        .annotate(list_is_issued=Exists(issued))
    )
    return list(query.select_related("publication").defer("publication__content").order_by("pk"))


def _without_list(found: Iterable[Notice], today: date) -> tuple[int, int] | None:
    """Return the quarter before where something of what :func:`_of_late` found hung in it and no list of it is issued."""
    year, quarter = _quarter_before(today)
    period = quarter_of(year, quarter)
    hung = [
        each
        for each in found
        if each.posted_on <= period.end and (each.removed_on is None or each.removed_on >= period.start)
    ]
    lacks = any(not each.list_is_issued for each in hung)  # type: ignore[attr-defined] # annotated by _of_late
    return (year, quarter) if lacks else None


def _looked_at(
    actor: Actor, found: Sequence[Notice], today: date, calendar: WorkingCalendar | None
) -> tuple[NoticeRow, ...]:
    if not found:
        return ()
    changed_on = _catalogue_changed_on(actor, found, today)
    posted = [_posted(each, changed_on) for each in found]
    said = concerns(posted, rule_of, calendar or working_calendar(actor.agency_id), today)
    lacking = {each.id: kinds for each, kinds in missing_places(posted, rule_of, today)}
    by_id = {each.id: each for each in posted}
    return tuple(
        replace(
            _row(actor, each, said[each.pk], lacking.get(each.pk, ())),
            least_until=least_until(
                rule_of(each.rule, each.posted_on), each.place.kind, began_on(by_id[each.pk], by_id)
            ),
        )
        for each in found
    )


def _catalogue_changed_on(actor: Actor, found: Sequence[Notice], today: date) -> date | None:
    if not any(each.rule == "procedures" for each in found):
        return None
    rows = ProcedureEdition.objects.filter(procedure__agency_id=actor.agency_id, valid_from__lte=today)
    newest: date | None = rows.aggregate(day=Max("valid_from"))["day"]
    return newest


def _posted(each: Notice, changed_on: date | None) -> Posted:
    outdated = None
    if each.publication is not None and each.publication.ended_at is not None:
        outdated = timezone.localdate(each.publication.ended_at)
    elif each.rule == "procedures" and changed_on is not None and changed_on > each.posted_on:
        outdated = changed_on
    document = (each.document_number, each.decided_on)
    return Posted(
        id=each.pk,
        kind=each.place.kind,
        rule=each.rule,
        matter=(each.rule, each.subject, *document),
        posted_on=each.posted_on,
        until=each.until,
        removed_on=each.removed_on,
        decided_on=each.decided_on,
        has_proof=bool(each.address or each.has_evidence),  # type: ignore[attr-defined] # annotated by _rows
        renews=each.renews_id,
        outdated_on=outdated,
        document=(each.subject, *document),
        place=each.place_id,
        is_settled=bool(each.shortfall),
    )


def rows_of(actor: Actor, notices: QuerySet[Notice]) -> tuple[NoticeRow, ...]:
    """Return postings of the actor's agency as lists show them, in the order given, without what calls for somebody."""
    order = list(notices.values_list("pk", flat=True))
    found = {each.pk: _row(actor, each) for each in _rows(actor).filter(pk__in=order)} if order else {}
    return tuple(found[pk] for pk in order if pk in found)


def _row(actor: Actor, each: Notice, said: Iterable[Concern] = (), lacking: Iterable[str] = ()) -> NoticeRow:
    return NoticeRow(
        id=each.pk,
        subject=each.subject,
        rule=each.rule,
        rule_name=rule_name(each.rule),
        place=each.place.name,
        place_kind=each.place.kind,
        place_id=each.place_id,
        document_number=each.document_number,
        decided_on=each.decided_on,
        posted_on=each.posted_on,
        until=each.until,
        removed_on=each.removed_on,
        address=each.address,
        note=each.note,
        posted_by=shown_name(actor, each.posted_by.full_name) if each.posted_by else "",
        posted_by_id=each.posted_by_id,
        publication_id=each.publication_id,
        planned_id=each.planned_id,
        renews_id=each.renews_id,
        has_evidence=bool(each.has_evidence),  # type: ignore[attr-defined] # annotated by _rows
        is_cancelled=each.is_cancelled,
        cancellation=each.cancellation,
        shortfall=each.shortfall,
        concerns=tuple(said),
        lacking=tuple(lacking),
    )


def _quarters(actor: Actor, today: date, issued: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the quarters from the first posting or list, at most three years back, to today's, newest first."""
    oldest = Notice.objects.filter(agency_id=actor.agency_id, is_cancelled=False).order_by("posted_on")
    first = oldest.values_list("posted_on", flat=True).first() or today
    begin = min([(first.year, (first.month - 1) // 3 + 1), *issued])
    at = (today.year, (today.month - 1) // 3 + 1)
    found: list[tuple[int, int]] = []
    while at >= begin and len(found) < 12:
        found.append(at)
        at = _before(*at)
    return found


def _quarter_before(today: date) -> tuple[int, int]:
    return _before(today.year, (today.month - 1) // 3 + 1)


def _before(year: int, quarter: int) -> tuple[int, int]:
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)
