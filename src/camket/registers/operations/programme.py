"""Issuing the programme of a month or year, and the report on it: frozen, numbered; corrected by a version, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.documents.operations.files import keep_paper
from camket.documents.queries.formalities import set_out
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.registers import tally
from camket.registers.models import ProgrammePaper
from camket.registers.operations.issued import number_issued, withdraw_issued
from camket.registers.programme_paper import Replaced, digest, programme_document, report_document
from camket.registers.queries.numbers import OUTGOING
from camket.registers.queries.programme import REGISTER, heading_of, programme_of

TYPES = {ProgrammePaper.Kind.PROGRAMME: "CTr", ProgrammePaper.Kind.REPORT: "BC"}
"""The type of document that each paper is: Nghị định 30/2020/NĐ-CP, Phụ lục III."""


class PaperEmpty(Refusal):
    """The period has no task, or has not begun: there is nothing to issue."""


class PaperChanged(Refusal):
    """The register says something else than the paper that was looked at."""


class SignerMissing(Refusal):
    """A paper without the name of who signed it."""


def issue_programme_paper(
    *,
    actor: Actor,
    kind: str,
    first: date,
    is_year: bool,
    seen: str,
    issued_on: date,
    signed_by: str,
    capacity: str,
    authority: str,
    now: datetime,
    correction: str = "",
) -> ProgrammePaper:
    """Issue the programme of a period, or the report on it, as the register says it now: number, frozen text, two files.

    ``seen`` is the digest of what was looked at and signed. A paper of the period that stands is replaced; ``correction``
    says what the new version corrects, and the paper names the old one. The number is the next of the outgoing
    documents' series. Raises NotAllowed, PaperEmpty, PaperChanged, SignerMissing, ReasonMissing, and
    SigningDayNotPossible for a day that lies ahead or before that of the latest number.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15 (numbers are given after signature).
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "register.number")
        for register in sorted((OUTGOING, REGISTER)):
            tally.take_turn(agency_id=agency.pk, register=register)
        programme = programme_of(actor, first, is_year=is_year, today=today)
        is_report = kind == ProgrammePaper.Kind.REPORT
        if not programme.items or (is_report and first > today):
            raise PaperEmpty(
                Message(
                    gettext_noop(
                        "There is nothing to issue: no task of this period stands in the register, or it has not begun."
                    )
                )
            )
        signed_by, capacity, authority = (one_line(each)[:255] for each in (signed_by, capacity, authority))
        if not signed_by:
            raise SignerMissing(Message(gettext_noop("Enter who signs the paper.")))
        heading = heading_of(actor, authority=authority, capacity=capacity, signed_by=signed_by)
        said = digest(heading, programme)
        if seen != said:
            raise PaperChanged(
                Message(
                    gettext_noop(
                        "The register has changed since this page was opened. Look at the paper anew; it is what would be issued."
                    )
                )
            )
        of_period = ProgrammePaper.objects.filter(agency=agency, kind=kind, first=first, is_year=is_year)
        old = of_period.select_for_update(of=("self",)).filter(state=ProgrammePaper.State.ISSUED).first()
        latest = of_period.aggregate(version=Max("version"))["version"] or 0
        correction = needed_reason(one_line(correction)) if old else ""
        replaces = Replaced(old.number, old.issued_on, correction) if old else None
        write = report_document if is_report else programme_document
        draft = set_out(agency.pk, write(replace(heading, replaces=replaces), programme), issued_on)
        sent = number_issued(
            actor=actor,
            kind=TYPES[ProgrammePaper.Kind(kind)],
            title=draft.abstract,
            issued_on=issued_on,
            signed_by=signed_by,
            recipients=draft.recipients[:-1],
            note=f"Thay thế số {old.number} ngày {format_date(old.issued_on)}" if old else "",
            now=now,
        )
        final = replace(heading, replaces=replaces, number=sent.number, dated=issued_on)
        document = set_out(agency.pk, write(final, programme), issued_on)
        docx, pdf = keep_paper(
            agency_id=agency.pk,
            actor=actor,
            document=document,
            name=f"{document.kind} {sent.number}",
            now=now,
        )
        if old is not None:
            old.state = ProgrammePaper.State.REPLACED
            old.save(update_fields=["state"])
        paper = ProgrammePaper.objects.create(
            agency=agency,
            kind=kind,
            first=first,
            is_year=is_year,
            version=latest + 1,
            number=sent.number,
            issued_on=issued_on,
            signed_by=signed_by,
            content={
                "programme": programme.to_json(),
                "authority": authority,
                "capacity": capacity,
                "issuer": heading.issuer,
                "superior": heading.superior,
                "place": heading.place,
            },
            digest=said,
            docx=docx,
            pdf=pdf,
            outgoing=sent,
            correction=correction,
            supersedes=old,
            issued_at=now,
            issued_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=agency.pk,
            verb="programme.issued",
            subject=paper,
            on=today,
            before={"number": old.number} if old else {},
            after={
                "kind": kind,
                "number": sent.number,
                "issued_on": issued_on,
                "signed_by": signed_by,
                "version": paper.version,
                "docx": docx.sha256,
                "pdf": pdf.sha256,
            },
            reason=correction,
        )
    return paper


def withdraw_programme_paper(*, actor: Actor, paper_id: int, reason: str, now: datetime) -> ProgrammePaper:
    """Withdraw a programme or report that was issued by mistake; see :func:`withdraw_issued`.

    One that it had replaced stays replaced; the next that is issued for the period is a new version. Raises NotAllowed,
    ProgrammePaper.DoesNotExist, PaperNotInForce, ReasonMissing.
    """
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "register.recall")
        tally.take_turn(agency_id=agency.pk, register=OUTGOING)
        paper = ProgrammePaper.objects.select_for_update(of=("self",)).get(pk=paper_id, agency=agency)
        withdraw_issued(
            actor=actor,
            paper=paper,
            sent_id=paper.outgoing_id,
            reason=reason,
            verb="programme.withdrawn",
            now=now,
        )
    return paper
