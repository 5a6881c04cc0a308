"""The work programme of a month or year as it stood on a day, for its paper and the report on it."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from camket.core.registers.standing import Standing, standing
from camket.org.models import Agency, Membership, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.paper.writing.model import Document
from camket.registers.models import Entry, ProgrammePaper
from camket.registers.programme_paper import (
    Heading,
    Item,
    Programme,
    Replaced,
    programme_document,
    report_document,
)

REGISTER = "programme"
SHOWN = 100
"""So many papers are listed."""
LONG = frozenset({"year", "quarter"})
"""Scopes of tasks that stand in a month's programme only when they begin or end in it, or are late."""


def programme_of(actor: Actor, first: date, *, is_year: bool, today: date) -> Programme:
    """Return the programme of the month or year that begins on a day, and of the next, as it stands or stood at its end.

    A month holds the tasks that begin or end in it, and those of before that were not done when it began, unless they
    were carried on into it as new ones. A year holds the tasks of the year's and the quarters' programmes and those
    that say nothing of a period. Four SQL statements; raises NotAllowed.
    """
    require(actor, "register.view")
    last = date(first.year, 12, 31) if is_year else _month_end(first)
    after = last + timedelta(days=1)
    after_last = date(after.year, 12, 31) if is_year else _month_end(after)
    as_of = min(today, last)
    entries = list(
        Entry.objects.filter(
            Q(on__gte=first) | Q(due_on__gte=first) | Q(done_on__isnull=True) | Q(done_on__gte=first),
            agency_id=actor.agency_id,
            register=REGISTER,
            on__lte=after_last,
        )
        .exclude(state=Entry.State.WITHDRAWN)
        .defer("search", "key")
        .order_by("due_on", "on", "pk")
    )
    units = dict(Unit.objects.filter(agency_id=actor.agency_id).values_list("pk", "name"))
    leaders = _names(actor, (each.values.get("leader") for each in entries))
    children: dict[int, list[date]] = {}
    for each in entries:
        if each.parent_id:
            children.setdefault(each.parent_id, []).append(each.on)

    def items(start: date, end: date, on: date) -> tuple[Item, ...]:
        return tuple(
            _item(
                each,
                units,
                leaders,
                on=on,
                is_carried=each.on < start or each.parent_id is not None,
                goes_on=any(day > end for day in children.get(each.pk, ())),
            )
            for each in entries
            if _stands_in(each, start, end, children.get(each.pk, ()), is_year=is_year)
        )

    return Programme(
        first=first,
        last=last,
        is_year=is_year,
        as_of=as_of,
        items=items(first, last, as_of),
        following=items(after, after_last, max(as_of, after)) if as_of <= today else (),
    )


def heading_of(actor: Actor, *, authority: str, capacity: str, signed_by: str) -> Heading:
    """Return who issues a paper of the programme and who signs it. Raises NotAllowed."""
    require(actor, "register.view")
    agency = Agency.objects.get(pk=actor.agency_id)
    return Heading(agency.full_name, agency.superior_name, agency.place, authority, capacity, signed_by)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A programme or report that was issued; ``replaces`` is the number of the version before, "" for none."""

    id: int
    kind: str
    first: date
    is_year: bool
    version: int
    state: str
    number: str
    issued_on: date
    signed_by: str
    correction: str
    replaces: str
    withdrawal: str

    @property
    def is_in_force(self) -> bool:
        """Whether it stands."""
        return self.state == ProgrammePaper.State.ISSUED

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn; one that is neither this nor in force was replaced."""
        return self.state == ProgrammePaper.State.WITHDRAWN

    @property
    def is_report(self) -> bool:
        """Whether it is the report on the results."""
        return self.kind == ProgrammePaper.Kind.REPORT


@dataclass(frozen=True, slots=True)
class PaperDetail:
    """A paper that was issued, whole: what it says, its files, and which tasks the register tells otherwise today.

    ``otherwise`` are their titles: of tasks that say something else, came or went since, in a period that has ended.
    """

    row: PaperRow
    document: Document
    docx_id: int
    pdf_id: int
    outgoing_id: int
    issued_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    versions: tuple[PaperRow, ...]
    otherwise: tuple[str, ...]


def papers_of(actor: Actor, kind: str, first: date, *, is_year: bool) -> tuple[PaperRow, ...]:
    """Return the versions of a period's paper that were issued, the newest first. One SQL statement; raises NotAllowed."""
    require(actor, "register.view")
    found = ProgrammePaper.objects.filter(
        agency_id=actor.agency_id, kind=kind, first=first, is_year=is_year
    ).select_related("supersedes")
    return tuple(_paper(each) for each in found.defer("content").order_by("-version"))


def papers_issued(actor: Actor) -> tuple[PaperRow, ...]:
    """Return the agency's latest papers of the programme that were issued, newest first. Raises NotAllowed."""
    require(actor, "register.view")
    found = ProgrammePaper.objects.filter(agency_id=actor.agency_id).select_related("supersedes")
    return tuple(_paper(each) for each in found.defer("content").order_by("-issued_on", "-pk")[:SHOWN])


def issued_paper(actor: Actor, paper_id: int, today: date) -> PaperDetail:
    """Return a paper that was issued as it was frozen; ProgrammePaper.DoesNotExist for another agency's.

    Nine SQL statements at most. Raises NotAllowed.
    """
    require(actor, "register.view")
    paper = ProgrammePaper.objects.select_related("supersedes", "issued_by", "withdrawn_by").get(
        pk=paper_id, agency_id=actor.agency_id
    )
    said = paper.content
    old = paper.supersedes
    heading = Heading(
        said["issuer"],
        said["superior"],
        said["place"],
        said["authority"],
        said["capacity"],
        paper.signed_by,
        paper.number,
        paper.issued_on,
        Replaced(old.number, old.issued_on, paper.correction) if old else None,
    )
    frozen = Programme.from_json(said["programme"])
    is_report = paper.kind == ProgrammePaper.Kind.REPORT
    write = report_document if is_report else programme_document
    otherwise: tuple[str, ...] = ()
    if paper.state == ProgrammePaper.State.ISSUED and (not is_report or frozen.last <= today):
        now = programme_of(actor, paper.first, is_year=paper.is_year, today=today)
        otherwise = _otherwise(frozen, now, is_report=is_report)
    return PaperDetail(
        row=_paper(paper),
        document=write(heading, frozen),
        docx_id=paper.docx_id,
        pdf_id=paper.pdf_id,
        outgoing_id=paper.outgoing_id,
        issued_by=shown_name(actor, paper.issued_by.full_name),
        withdrawn_at=timezone.localtime(paper.withdrawn_at) if paper.withdrawn_at else None,
        withdrawn_by=shown_name(actor, paper.withdrawn_by.full_name) if paper.withdrawn_by else "",
        versions=papers_of(actor, paper.kind, paper.first, is_year=paper.is_year),
        otherwise=otherwise,
    )


def _otherwise(frozen: Programme, now: Programme, *, is_report: bool) -> tuple[str, ...]:
    """Return the titles of what a paper says otherwise than the register: of a programme what is planned, of a report all."""

    def said(each: Item) -> Item:
        if is_report:
            return replace(each, leader="")
        return replace(
            each, done_on=None, late_after=None, result="", standing=Standing.OPEN, goes_on=False, leader=""
        )

    before, after = Counter(map(said, frozen.items)), Counter(map(said, now.items))
    # Leaders' names are masked for some readers, and titles alone are told.
    return tuple(dict.fromkeys(each.title for each in ((before - after) + (after - before))))


def _paper(each: ProgrammePaper) -> PaperRow:
    return PaperRow(
        id=each.pk,
        kind=each.kind,
        first=each.first,
        is_year=each.is_year,
        version=each.version,
        state=each.state,
        number=each.number,
        issued_on=each.issued_on,
        signed_by=each.signed_by,
        correction=each.correction,
        replaces=each.supersedes.number if each.supersedes else "",
        withdrawal=each.withdrawal,
    )


def _stands_in(each: Entry, start: date, end: date, carried: Iterable[date], *, is_year: bool) -> bool:
    scope = each.values.get("scope") or ""
    if is_year and scope and scope not in LONG:
        return False
    if start <= each.on <= end:
        return True
    if each.on > end or any(day <= end for day in carried):
        return False
    if each.due_on is not None and start <= each.due_on <= end:
        return True
    was_open = each.done_on is None or each.done_on >= start
    return was_open and (scope not in LONG or (each.due_on is not None and each.due_on < start))


def _item(
    each: Entry,
    units: Mapping[int, str],
    leaders: Mapping[int, str],
    *,
    on: date,
    is_carried: bool,
    goes_on: bool,
) -> Item:
    done_on = each.done_on if each.done_on is not None and each.done_on <= on else None
    return Item(
        title=each.title,
        kind=each.kind,
        unit=units.get(each.unit_id or 0, ""),
        support=str(each.values.get("support") or ""),
        leader=leaders.get(each.values.get("leader") or 0, ""),
        due_on=each.due_on,
        due_original=each.due_original,
        late_after=each.late_after,
        done_on=done_on,
        product=str(each.values.get("product") or ""),
        result=str(each.values.get("result") or each.values.get("note") or ""),
        standing=standing(
            "done" if done_on else "open",
            due_on=each.due_on,
            late_after=each.late_after,
            done_on=done_on,
            today=on,
        ),
        is_carried=is_carried,
        goes_on=goes_on,
    )


def _names(actor: Actor, ids: Iterable[object]) -> dict[int, str]:
    wanted = {each for each in ids if isinstance(each, int)}
    if not wanted:
        return {}
    posts = Membership.objects.filter(agency_id=actor.agency_id, person_id__in=wanted)
    return {pk: shown_name(actor, name) for pk, name in posts.values_list("person_id", "person__full_name")}


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
