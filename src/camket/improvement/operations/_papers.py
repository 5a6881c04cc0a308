"""Papers of audits as they are issued: frozen with their files, numbered once, entered where the series is the agency's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.core.numbering import (
    NumberNotPossible,
    NumberNotWellFormed,
    body_symbol,
    parse_document_number,
    well_formed,
)
from camket.documents.operations.files import keep_paper
from camket.documents.queries.formalities import set_out
from camket.improvement.models import Audit, AuditPaper
from camket.org.models import Agency
from camket.org.policy import Actor, can
from camket.paper.writing.model import Document
from camket.registers.models import Entry
from camket.registers.operations.issued import enter_issued


def number_of_paper(*, audit: Audit, kind: str, number: str, on: date, example: str) -> str:
    """Return the number of an audit's paper as it is written.

    Raises NumberNotPossible for one that is not well formed, or that a paper of the year had, withdrawn or not.
    """
    written = well_formed(number, example=example)
    others = AuditPaper.objects.filter(
        agency_id=audit.agency_id, kind=kind, number=written, issued_on__year=on.year
    )
    if others.exists():
        raise NumberNotPossible(
            Message(
                gettext_noop(
                    "Another document of %(year)s has the number %(number)s; a number is given once, "
                    "even where the document was withdrawn."
                ),
                {"year": str(on.year), "number": written},
            )
        )
    return written


def entered(
    *, actor: Actor, agency: Agency, number: str, issued_on: date, document: Document, now: datetime
) -> Entry | None:
    """Enter a paper with a number of the agency's own series among its outgoing documents; None for another series.

    For operations that have asked who may give numbers. Raises NotAllowed, NumberTaken.
    """
    if not is_own_series(agency, number):
        return None
    return enter_issued(
        actor=actor,
        number=str(parse_document_number(number)),
        title=document.abstract,
        issued_on=issued_on,
        signed_by=document.signature.name if document.signature else "",
        recipients=document.recipients[:-1],
        now=now,
    )


def issue_paper(
    *,
    actor: Actor,
    agency: Agency,
    audit: Audit,
    kind: str,
    number: str,
    issued_on: date,
    draft: Document,
    facts: Mapping[str, Any],
    name: str,
    now: datetime,
    supersedes: AuditPaper | None = None,
) -> AuditPaper:
    """Freeze a paper of an audit: set out as the agency has it, kept as DOCX and PDF, entered, the next version of its kind.

    ``number`` is written as :func:`number_of_paper` gives it; ``name`` is what the files are called before it. The paper
    that it ``supersedes`` is replaced. For operations with agency and audit locked. Raises NumberTaken.
    """
    document = set_out(agency.pk, draft, timezone.localdate(now))
    docx, pdf = keep_paper(
        agency_id=agency.pk, actor=actor, document=document, name=f"{name} {number}", now=now
    )
    sent = entered(actor=actor, agency=agency, number=number, issued_on=issued_on, document=document, now=now)
    if supersedes is not None:
        supersedes.state = AuditPaper.State.REPLACED
        supersedes.save(update_fields=["state"])
    latest = audit.papers.filter(kind=kind).aggregate(latest=Max("version"))["latest"] or 0
    return AuditPaper.objects.create(
        agency=agency,
        audit=audit,
        kind=kind,
        version=latest + 1,
        number=number,
        issued_on=issued_on,
        content=facts,
        docx=docx,
        pdf=pdf,
        outgoing=sent,
        supersedes=supersedes,
        issued_at=now,
        issued_by_id=actor.person_id,
    )


def files_of(paper: AuditPaper) -> dict[str, str]:
    """Return what the journal keeps of a paper's files: their checksums."""
    return {key: file.sha256 for key, file in (("docx", paper.docx), ("pdf", paper.pdf)) if file is not None}


def is_own_series(agency: Agency, number: str) -> bool:
    """Return whether a number is of the agency's own series, and not of a team's or a committee's."""
    try:
        return parse_document_number(number).body == body_symbol(agency.full_name)
    except NumberNotWellFormed:
        return False


def require_numbering(*, actor: Actor, agency: Agency, number: str, other: str = "") -> None:
    """Raise NumberNotPossible for a number of the agency's series by who does not keep it; ``other`` is one of the team's."""
    if not is_own_series(agency, number) or can(actor, "register.number"):
        return
    raise NumberNotPossible(
        Message(
            gettext_noop(
                "%(number)s is of the agency's own series, which whoever keeps the outgoing documents gives numbers of: "
                "let them issue the report, or write a number of the team's series, such as %(example)s."
            )
            if other
            else gettext_noop(
                "%(number)s is of the agency's own series, which whoever keeps the outgoing documents gives numbers of: "
                "let them issue the decision."
            ),
            {"number": number, "example": other},
        )
    )
