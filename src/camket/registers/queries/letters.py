"""Reminder letters as pages show them, and the late and soon due work that they are drafted for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from camket.org.calendar import working_calendar
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.paper.writing.model import Document
from camket.registers.due import TASK, Work, due_work
from camket.registers.late_paper import LateUnit, late_document
from camket.registers.letter_paper import LetterContent, Line, letter_document
from camket.registers.models import Entry, Letter

REPLY_WITHIN = 3
"""So many working days after the letter a report is proposed to be given."""
SHOWN = 200


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A reminder letter as a list shows it."""

    id: int
    state: str
    number: str
    issued_on: date | None
    signed_by: str
    addressees: tuple[str, ...]
    subject: str
    count: int
    created_at: datetime
    created_by: str
    withdrawal: str

    @property
    def is_draft(self) -> bool:
        """Whether it waits to be signed."""
        return self.state == Letter.State.DRAFT

    @property
    def is_issued(self) -> bool:
        """Whether it was issued and stands."""
        return self.state == Letter.State.ISSUED

    @property
    def is_discarded(self) -> bool:
        """Whether it was given up before it had a number."""
        return self.state == Letter.State.WITHDRAWN and not self.number


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A piece of work in a letter, and whether it is open still."""

    line: Line
    is_open: bool


@dataclass(frozen=True, slots=True)
class LetterDetail:
    """A letter whole. ``is_whole`` is whether an issued one says what it said then; ``outgoing_id`` its entry there."""

    row: LetterRow
    content: LetterContent
    lines: tuple[LetterLine, ...]
    digest: str
    is_whole: bool
    outgoing_id: int | None
    issued_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str

    @property
    def closed(self) -> int:
        """How much of its work is not open any more."""
        return sum(1 for each in self.lines if not each.is_open)


@dataclass(frozen=True, slots=True)
class Letters:
    """A page of letters, and how many wait and stand."""

    rows: tuple[LetterRow, ...]
    drafts: int
    issued: int
    years: tuple[int, ...]


def late_units(actor: Actor, on: date, *, register: str = "") -> tuple[LateUnit, ...]:
    """Return late and soon due work by unit, that of no unit last; at most six SQL statements. Raises NotAllowed."""
    require(actor, "register.view")
    require(actor, "task.view")
    units: dict[str, list[Work]] = {}
    for each in due_work(actor.agency_id, on):
        if not register or each.register == register:
            shown = replace(each, person=shown_name(actor, each.person) if each.person else "")
            units.setdefault(each.unit, []).append(shown)
    return tuple(LateUnit(name, works[0].unit_id, tuple(works)) for name, works in units.items())


def reply_by(actor: Actor, today: date) -> date:
    """Return the day by which a letter of today proposes that units report."""
    return working_calendar(actor.agency_id).add_working_days(today, REPLY_WITHIN)


def late_list(
    actor: Actor, on: date, *, authority: str = "", capacity: str = "", signed_by: str = ""
) -> Document:
    """Return the list of the units that are late as the paper it becomes, without number. Raises NotAllowed."""
    agency = Agency.objects.get(pk=actor.agency_id)
    return late_document(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        units=late_units(actor, on),
        on=on,
        authority=authority,
        capacity=capacity,
        signed_by=signed_by,
    )


def letters(actor: Actor, *, drafts: bool, year: int | None = None) -> Letters:
    """Return the agency's drafts, or its letters that were issued, newest first; two SQL statements. Raises NotAllowed."""
    require(actor, "register.view")
    own = Letter.objects.filter(agency_id=actor.agency_id)
    waiting, numbered = own.filter(state=Letter.State.DRAFT), own.exclude(number="")
    found = waiting if drafts else numbered
    if year is not None:
        found = found.filter(year=year)
    rows = found.select_related("created_by").order_by("-issued_on", "-pk")[:SHOWN]
    by_year = list(
        own.order_by("-year")
        .values_list("year")
        .annotate(
            drafts=Count("pk", filter=Q(state=Letter.State.DRAFT)), issued=Count("pk", filter=~Q(number=""))
        )
    )
    return Letters(
        rows=tuple(_row(actor, each) for each in rows),
        drafts=sum(drafts for _, drafts, _ in by_year),
        issued=sum(issued for _, _, issued in by_year),
        years=tuple(each for each, _, issued in by_year if issued),
    )


def letter(actor: Actor, letter_id: int) -> LetterDetail:
    """Return a letter; Letter.DoesNotExist for another agency's. Raises NotAllowed."""
    found = _found(actor, [letter_id])[0]
    content = LetterContent.from_json(found.content)
    open_ids = {
        *(f"entry-{pk}" for pk in found.entries.filter(state=Entry.State.OPEN).values_list("pk", flat=True)),
        *(
            f"{TASK}-{pk}"
            for pk in found.tasks.filter(state__in=("open", "returned")).values_list("pk", flat=True)
        ),
    }
    digest = str(found.content.get("digest") or "")
    return LetterDetail(
        row=_row(actor, found),
        content=content,
        lines=tuple(LetterLine(each, each.key in open_ids) for each in content.lines),
        digest=digest,
        is_whole=not digest or digest == content.digest,
        outgoing_id=found.content.get("outgoing_id"),
        issued_by=shown_name(actor, found.issued_by.full_name) if found.issued_by else "",
        withdrawn_at=timezone.localtime(found.withdrawn_at) if found.withdrawn_at else None,
        withdrawn_by=shown_name(actor, found.withdrawn_by.full_name) if found.withdrawn_by else "",
    )


def chosen_letters(actor: Actor, letter_ids: Collection[int]) -> tuple[LetterRow, ...]:
    """Return letters by number, in their order; Letter.DoesNotExist where one is another agency's."""
    return tuple(_row(actor, each) for each in _found(actor, letter_ids))


def letter_documents(actor: Actor, letter_ids: Collection[int]) -> tuple[Document, ...]:
    """Return letters as the paper they become, an issued one as it was frozen. Letter.DoesNotExist for others'."""
    return tuple(letter_document(LetterContent.from_json(each.content)) for each in _found(actor, letter_ids))


def letters_about(actor: Actor, entry_id: int) -> tuple[LetterRow, ...]:
    """Return the letters that were issued about an entry, newest first. Raises NotAllowed."""
    require(actor, "register.view")
    found = Letter.objects.filter(agency_id=actor.agency_id, entries=entry_id).exclude(number="")
    return tuple(
        _row(actor, each) for each in found.select_related("created_by").order_by("-issued_on", "-pk")[:50]
    )


def _found(actor: Actor, letter_ids: Collection[int]) -> Sequence[Letter]:
    require(actor, "register.view")
    wanted = set(letter_ids)
    found = list(
        Letter.objects.filter(agency_id=actor.agency_id, pk__in=wanted)
        .select_related("created_by", "issued_by", "withdrawn_by")
        .order_by("pk")
    )
    if not found or len(found) != len(wanted):
        raise Letter.DoesNotExist(f"letters of another agency than {actor.agency_id}")
    return found


def _row(actor: Actor, each: Letter) -> LetterRow:
    content = LetterContent.from_json(each.content)
    return LetterRow(
        id=each.pk,
        state=each.state,
        number=each.number,
        issued_on=each.issued_on,
        signed_by=content.signed_by,
        addressees=content.addressees,
        subject=content.subject,
        count=len(content.lines),
        created_at=timezone.localtime(each.created_at),
        created_by=shown_name(actor, each.created_by.full_name),
        withdrawal=each.withdrawal,
    )
