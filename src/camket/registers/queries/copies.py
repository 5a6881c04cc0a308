"""Copies and extracts of documents: what can be copied of an entry, the copies that were made, one of them whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from camket.core.numbering import COPIES, KINDS
from camket.core.registers import REGISTERS, Register
from camket.core.registers.documents import LETTER, OPEN_SECRECY, OTHER
from camket.documents.content import PDF
from camket.documents.models import StoredFile
from camket.documents.queries.formalities import set_out
from camket.org.models import Agency
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.paper.writing.model import CopyMark, Document, Letterhead, Signature
from camket.registers.copy_paper import Copy, Extract, Original, extract_document, mark_of
from camket.registers.models import DocumentCopy, Entry
from camket.registers.queries.numbers import OUTGOING, symbol_for
from camket.registers.sight import entry_of, issued_under

COPY_FORMS = tuple(DocumentCopy.Form.choices)
"""Forms of copies with what they are called: Nghị định 30/2020/NĐ-CP, Điều 25."""
REGISTERS_COPIED = frozenset({REGISTERS["incoming"].key, OUTGOING})


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy as the page of its document lists it."""

    id: int
    form_name: str
    number: str
    issued_on: date
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Copyable:
    """A document that can be copied: what it is, and the PDF files that belong to it, by id with their names.

    ``superior`` and ``place`` are the agency's, for its own documents; those of others stand on the paper alone.
    """

    entry_id: int
    register: Register
    original: Original
    files: tuple[tuple[int, str], ...]
    signer: str
    superior: str
    place: str

    @property
    def is_own(self) -> bool:
        """Whether the agency issued it itself, and so keeps the original."""
        return self.register.key == OUTGOING


@dataclass(frozen=True, slots=True)
class CopyDetail:
    """A copy whole; ``document`` is there of an extract, ``mark`` is what stands below the pages of any other."""

    row: CopyRow
    copy: Copy
    register: Register
    entry_id: int
    docx_id: int | None
    pdf_id: int
    outgoing_id: int
    original_name: str
    issued_by: str
    withdrawal: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    document: Document | None
    mark: CopyMark


def may_copy(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may make a copy of a document; a secret one is copied by its own law, elsewhere."""
    return (
        entry.register in REGISTERS_COPIED
        and entry.state != Entry.State.WITHDRAWN
        and bool(entry.number)
        and entry.values.get("secrecy", OPEN_SECRECY) == OPEN_SECRECY
        and can(actor, "register.number")
    )


def copies_of(actor: Actor, entry: Entry) -> tuple[CopyRow, ...]:
    """Return the copies made of a document, newest first; one SQL statement, or none where nothing is copied."""
    if entry.register not in REGISTERS_COPIED:
        return ()
    rows = DocumentCopy.objects.filter(agency_id=actor.agency_id, entry_id=entry.pk)
    return tuple(_row(each) for each in rows.order_by("-issued_on", "-pk"))


def copyable(actor: Actor, entry_id: int) -> Copyable:
    """Return what can be copied of a document. Raises Entry.DoesNotExist, NotAllowed."""
    require(actor, "register.number")
    found, register = entry_of(actor, entry_id)
    if register.key not in REGISTERS_COPIED:
        raise Entry.DoesNotExist
    agency = Agency.objects.get(pk=actor.agency_id)
    head = _letterhead(agency, found.on)
    is_own = register.key == OUTGOING
    return Copyable(
        found.pk,
        register,
        _original(found, agency.full_name),
        tuple((each.pk, each.name) for each in files_of(actor, found)),
        found.values.get("signer") or "",
        head.superior if is_own else "",
        head.place or "" if is_own else "",
    )


def _letterhead(agency: Agency, on: date) -> Letterhead:
    """Return what stands at the top of an agency's papers of a day, with what it has set itself."""
    own = Letterhead(agency.full_name, "", on.year, superior=agency.superior_name, place=agency.place)
    return set_out(agency.pk, Document(own, "", "", (), Signature(()), ()), on).letterhead


def files_of(actor: Actor, entry: Entry) -> list[StoredFile]:
    """Return the PDF files that belong to a document: those attached to it, and the paper that was issued here under it."""
    attached = entry.evidence.filter(is_withdrawn=False, file__content_type=PDF).values_list("file_id")
    column = "pdf"
    issued = [
        file_id
        for papers in issued_under(entry)
        if hasattr(papers.model, column)
        for file_id in papers.exclude(**{column: None}).values_list(f"{column}_id", flat=True)
    ]
    rows = StoredFile.objects.filter(agency_id=actor.agency_id)
    return list((rows.filter(pk__in=attached) | rows.filter(pk__in=issued)).order_by("pk"))


def copy_of(
    actor: Actor,
    entry: Entry,
    *,
    form: str,
    recipients: Iterable[str],
    authority: str,
    capacity: str,
    signed_by: str,
    extract: Extract | None,
    today: date,
) -> Copy:
    """Return a copy of a document as the agency would sign it today, without number and day."""
    agency = Agency.objects.get(pk=actor.agency_id)
    head = _letterhead(agency, today)
    return Copy(
        form=form,
        original=_original(entry, agency.full_name),
        issuer=head.issuer,
        place=head.place or "",
        symbol=symbol_for(agency=agency, unit=None, kind=form),
        authority=authority,
        capacity=capacity,
        signed_by=signed_by,
        recipients=tuple(recipients),
        extract=extract,
    )


def document_copy(actor: Actor, copy_id: int) -> CopyDetail:
    """Return a copy that was made; DocumentCopy.DoesNotExist for another agency's. Raises NotAllowed."""
    require(actor, "register.view")
    found = DocumentCopy.objects.select_related("entry", "original", "issued_by", "withdrawn_by").get(
        pk=copy_id, agency_id=actor.agency_id
    )
    copy = Copy.from_json(found.content)
    return CopyDetail(
        row=_row(found),
        copy=copy,
        register=REGISTERS[found.entry.register],
        entry_id=found.entry_id,
        docx_id=found.docx_id,
        pdf_id=found.pdf_id,
        outgoing_id=found.outgoing_id,
        original_name=found.original.name if found.original else "",
        issued_by=shown_name(actor, found.issued_by.full_name),
        withdrawal=found.withdrawal,
        withdrawn_at=timezone.localtime(found.withdrawn_at) if found.withdrawn_at else None,
        withdrawn_by=shown_name(actor, found.withdrawn_by.full_name) if found.withdrawn_by else "",
        document=extract_document(copy, found.issued_on.year) if copy.extract else None,
        mark=mark_of(copy, found.issued_on.year),
    )


def _row(each: DocumentCopy) -> CopyRow:
    return CopyRow(
        each.pk,
        str(each.get_form_display()),
        each.number,
        each.issued_on,
        each.state == DocumentCopy.State.ISSUED,
    )


def _original(entry: Entry, agency: str) -> Original:
    """Return a document as its register knows it; the day of an incoming one is what stands on it, not when it came."""
    is_own = entry.register == OUTGOING
    stated = entry.values.get("issued_on")
    on = entry.on if is_own else (date.fromisoformat(stated) if stated else None)
    kind = (
        "" if entry.kind == LETTER else entry.kind if entry.kind in KINDS or entry.kind in COPIES else OTHER
    )
    return Original(entry.number, on, entry.source or (agency if is_own else ""), kind, entry.title)
