"""What an edition says, as values: its parts, its amendments, the lines that are compared, the paper it becomes."""

from __future__ import annotations

from django.utils import timezone

from camket.core.controlled import Amendment, ProcedureContent, edition_name
from camket.core.messages import Refusal
from camket.core.wording.text import search_key
from camket.documents.content import WORD
from camket.documents.controlled_paper import EditionText, Hand, decision_symbol
from camket.documents.models import DocumentEdition
from camket.documents.queries.files import opened
from camket.paper.reading.blocks import Block, mend
from camket.paper.reading.files import read_source

READABLE = frozenset({WORD, "application/pdf", "application/vnd.oasis.opendocument.text", "text/plain"})
"""Kinds of file whose words are read, to compare and to find them."""
MOST_WORDS = 200_000
"""So many letters of an edition are found by the search: some hundred pages."""


def procedure_of(edition: DocumentEdition) -> ProcedureContent | None:
    """Return the parts of an internal procedure that is written here; None of an edition that is a file."""
    found = edition.content.get("procedure")
    return ProcedureContent.from_json(found) if found else None


def amendments_of(edition: DocumentEdition) -> tuple[Amendment, ...]:
    """Return what an edition changes against the one before."""
    return tuple(Amendment(**each) for each in edition.content.get("amendments", ()))


def is_readable(edition: DocumentEdition) -> bool:
    """Return whether the words of an edition can be compared."""
    if procedure_of(edition) is not None:
        return True
    return edition.file is not None and edition.file.content_type in READABLE


def lines_of(edition: DocumentEdition) -> list[str]:
    """Return the words of an edition line by line. Raises UnreadableDocument, FileDamaged."""
    if (procedure := procedure_of(edition)) is not None:
        return procedure.lines()
    if edition.file is None:
        return []
    found = opened(edition.file)
    return [line for block in mend(read_source(found.data, found.name).blocks) for line in _lines(block)]


def words_of(edition: DocumentEdition) -> str:
    """Return the words of an edition folded as the search compares them; "" where its file cannot be read."""
    if not is_readable(edition):
        return ""
    try:
        return search_key(" ".join(lines_of(edition)))[:MOST_WORDS]
    except Refusal:
        return ""


def _lines(block: Block) -> list[str]:
    if not block.is_table:
        return block.text.splitlines()
    lines = []
    for number, row in enumerate(block.rows):
        own = [
            cell.text.replace("\n", " ")
            for column, cell in enumerate(row)
            if cell.origin in (None, (number, column))
        ]
        lines.append(" | ".join(each for each in own if each))
    return lines


def edition_text(edition: DocumentEdition) -> EditionText:
    """Return what the paper of an internal procedure says; its amendment log goes up to this edition."""
    document = edition.document
    agency = document.agency
    earlier = [
        each
        for each in document.editions.exclude(state="discarded").order_by("issue", "revision")
        if (each.issue, each.revision) < (edition.issue, edition.revision)
    ]
    written = timezone.localtime(edition.written_at).date()
    return EditionText(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        kind=document.kind,
        code=document.code,
        title=document.title,
        unit=document.unit.name if document.unit else "",
        issue=edition.issue,
        revision=edition.revision,
        content=procedure_of(edition) or ProcedureContent(),
        year=(edition.decision_on or written).year,
        symbol=decision_symbol(agency.name),
        decision_number=edition.decision_number,
        decision_on=edition.decision_on,
        effective_on=edition.effective_on,
        wrote=Hand(edition.written_by.full_name, written),
        reviewed=_hand(edition.reviewed_by, edition.reviewed_at),
        approved=_hand(edition.approved_by, edition.approved_at),
        log=tuple(
            (edition_name(each.issue, each.revision), each.effective_on, amendments_of(each))
            for each in (*earlier, edition)
        ),
        kept=document.kept_years,
    )


def _hand(person: object, at: object) -> Hand:
    name = getattr(person, "full_name", "")
    return Hand(name, timezone.localtime(at).date() if name and at else None)  # type: ignore[arg-type]
