"""Copies and extracts of documents that came in or went out: made, numbered in the one series of copies, withdrawn.

Source: Nghị định 30/2020/NĐ-CP, Điều 25 (forms), Điều 27 (who decides; secret documents by their own law); Phụ lục I, the
part on copies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import COPIES
from camket.core.registers import Register
from camket.core.registers.documents import OPEN_SECRECY
from camket.core.wording.text import one_line
from camket.documents.content import PDF
from camket.documents.models import StoredFile
from camket.documents.operations.files import keep_made, keep_paper
from camket.documents.queries import opened
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.paper.writing.copied import write_copied
from camket.paper.writing.pdf import write_pdf
from camket.registers import tally
from camket.registers.copy_paper import EXTRACT, OF_COPY, Copy, Extract, extract_document, mark_of
from camket.registers.models import DocumentCopy, Entry
from camket.registers.operations.entries import StateNotFitting
from camket.registers.operations.issued import number_issued, withdraw_issued
from camket.registers.operations.programme import SignerMissing
from camket.registers.queries.copies import REGISTERS_COPIED, copy_of, files_of
from camket.registers.queries.numbers import OUTGOING
from camket.registers.sight import entry_of


class FormNotPossible(Refusal):
    """The form of copy does not fit what is copied."""

    field = "form"


class FileMissing(Refusal):
    """A copy needs the file whose pages it repeats, of those that belong to the document."""

    field = "file"


class TextMissing(Refusal):
    """An extract needs the part of the text that is copied, and who had signed the original."""

    field = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCopy:
    """What is asked of a copy: its form (a key of core.numbering.COPIES), for whom, who signs.

    ``file_id`` is the file whose pages are copied; an extract has the part that is set anew instead.
    """

    form: str
    recipients: tuple[str, ...]
    authority: str
    capacity: str
    signed_by: str
    file_id: int | None = None
    extract: Extract | None = None


def _prepared(actor: Actor, found: Entry, register: Register, asked: NewCopy, today: date) -> Copy:
    """Return a copy as it would be signed, without number and day."""
    if register.key not in REGISTERS_COPIED or found.state == Entry.State.WITHDRAWN:
        raise StateNotFitting(
            Message(gettext_noop("Only documents that came in or went out, and stand, are copied."))
        )
    if found.values.get("secrecy", OPEN_SECRECY) != OPEN_SECRECY:
        raise StateNotFitting(
            Message(
                gettext_noop(
                    "This document is secret: it is copied as the Law on the Protection of State Secrets says, not here."
                )
            )
        )
    if not found.number:
        raise StateNotFitting(
            Message(
                gettext_noop("The document has no number yet: only a signed, numbered document is copied.")
            )
        )
    if found.kind in COPIES and register.key == OUTGOING:
        raise StateNotFitting(
            Message(gettext_noop("This is a copy itself: make another copy of its original instead."))
        )
    if asked.form not in COPIES:
        raise FormNotPossible(Message(gettext_noop("Choose the form of the copy.")))
    if asked.form == OF_COPY and register.key == OUTGOING:
        raise FormNotPossible(
            Message(
                gettext_noop(
                    "The agency keeps the original of its own documents: make a true copy (sao y). "
                    "A copy of a copy (sao lục) is made of a true copy that came from elsewhere."
                )
            )
        )
    signed_by, capacity, authority = (
        one_line(each)[:150] for each in (asked.signed_by, asked.capacity, asked.authority)
    )
    if not signed_by:
        raise SignerMissing(Message(gettext_noop("Enter who signs the paper.")))
    extract = asked.extract if asked.form == EXTRACT else None
    if asked.form == EXTRACT and (extract is None or not extract.text.strip()):
        raise TextMissing(Message(gettext_noop("Enter the part of the document that is copied.")))
    if extract is not None and not extract.signed_by:
        raise TextMissing(Message(gettext_noop("Enter who signed the original.")))
    return copy_of(
        actor,
        found,
        form=asked.form,
        recipients=tuple(one_line(each)[:255] for each in asked.recipients if each.strip()),
        authority=authority,
        capacity=capacity,
        signed_by=signed_by,
        extract=extract,
        today=today,
    )


def preview_copy(*, actor: Actor, entry_id: int, asked: NewCopy, today: date) -> bytes:
    """Return a copy as PDF to be printed and signed, number and day blank; nothing is kept.

    Raises Entry.DoesNotExist, NotAllowed, StateNotFitting for a document that is secret, withdrawn, without its number or
    a copy itself, FormNotPossible, TextMissing, SignerMissing, FileMissing, FileDamaged, CopyNotPossible.
    """
    require(actor, "register.number")
    found, register = entry_of(actor, entry_id)
    copy = _prepared(actor, found, register, asked, today)
    if copy.extract is not None:
        return write_pdf(extract_document(copy, today.year))
    return write_copied(opened(_file(actor, found, asked.file_id)).data, mark_of(copy, today.year))


def issue_copy(
    *, actor: Actor, entry_id: int, asked: NewCopy, issued_on: date, now: datetime
) -> DocumentCopy:
    """Issue a copy that was signed: the next number of the one series of copies, frozen, among the outgoing documents.

    Raises as :func:`preview_copy`, and SigningDayNotPossible for a day that lies ahead or before the latest number's.
    """
    today = timezone.localdate(now)
    require(actor, "register.number")
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        tally.take_turn(agency_id=agency.pk, register=OUTGOING)
        found, register = entry_of(actor, entry_id, is_locked=True)
        copy = _prepared(actor, found, register, asked, issued_on)
        file = None if copy.extract is not None else _file(actor, found, asked.file_id)
        sent = number_issued(
            actor=actor,
            kind=copy.form,
            title=copy.title,
            issued_on=issued_on,
            signed_by=copy.signed_by,
            recipients=copy.recipients,
            sent="paper",
            now=now,
        )
        copy = replace(copy, number=sent.number, dated=issued_on)
        docx: StoredFile | None = None
        if file is None:
            docx, pdf = keep_paper(
                agency_id=agency.pk,
                actor=actor,
                document=extract_document(copy, issued_on.year),
                name=f"trich sao {sent.number}",
                now=now,
            )
        else:
            pdf = keep_made(
                agency_id=agency.pk,
                actor=actor,
                data=write_copied(opened(file).data, mark_of(copy, issued_on.year)),
                name=f"{sent.number.replace('/', '-')}.pdf",
                content_type=PDF,
                now=now,
            )
        made = DocumentCopy.objects.create(
            agency=agency,
            entry=found,
            form=copy.form,
            number=sent.number,
            issued_on=issued_on,
            content=copy.to_json(),
            original=file,
            docx=docx,
            pdf=pdf,
            outgoing=sent,
            issued_at=now,
            issued_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="copy.issued",
            subject=made,
            on=today,
            before={},
            after={
                "form": copy.form,
                "number": sent.number,
                "issued_on": issued_on,
                "signed_by": copy.signed_by,
                "document": found.number,
                "pdf": pdf.sha256,
            },
        )
    return made


def withdraw_copy(*, actor: Actor, copy_id: int, reason: str, now: datetime) -> DocumentCopy:
    """Withdraw a copy that was made by mistake; see :func:`withdraw_issued`.

    Raises NotAllowed, DocumentCopy.DoesNotExist, PaperNotInForce, ReasonMissing.
    """
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "register.recall")
        tally.take_turn(agency_id=agency.pk, register=OUTGOING)
        paper = DocumentCopy.objects.select_for_update(of=("self",)).get(pk=copy_id, agency=agency)
        withdraw_issued(
            actor=actor, paper=paper, sent_id=paper.outgoing_id, reason=reason, verb="copy.withdrawn", now=now
        )
    return paper


def _file(actor: Actor, found: Entry, file_id: int | None) -> StoredFile:
    known = {each.pk: each for each in files_of(actor, found)}
    if file_id is None or file_id not in known:
        raise FileMissing(
            Message(
                gettext_noop(
                    "Choose the PDF file whose pages are copied. "
                    "Where there is none, attach the scan to the document's entry first."
                )
            )
        )
    return known[file_id]
