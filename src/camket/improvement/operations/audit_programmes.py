"""The year's programme of internal audits: drafted, approved and frozen, adjusted by versions that name the one before.

Source: ISO 9001:2015, 9.2.2 a; ISO 19011:2018, 5.3. Every function locks, asks authority and state, writes and records in
one transaction; another agency's raises DoesNotExist.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import AUDIT_PROGRAMME
from camket.documents.operations.files import keep_paper
from camket.documents.queries.formalities import set_out
from camket.improvement import catalogue, telling
from camket.improvement.audit_paper import programme_document
from camket.improvement.given import AuditIncomplete, DayNotPossible
from camket.improvement.models import Audit, AuditProgramme, AuditProgrammePaper
from camket.improvement.operations._papers import entered
from camket.improvement.operations._recording import write_down
from camket.improvement.queries.audits_programme import programme_facts
from camket.journal.reasons import needed_reason
from camket.org.models import Agency
from camket.org.policy import Actor, require

TEXT_LONGEST = 8000


class ProgrammeThere(Refusal):
    """The year has a programme already."""


def make_programme(*, actor: Actor, year: int, purpose: str, now: datetime) -> AuditProgramme:
    """Begin the programme of a year. Raises NotAllowed, ProgrammeThere."""
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "audit.plan")
        known = AuditProgramme.objects.filter(agency_id=actor.agency_id, year=year)
        if known.exclude(state="discarded").exists():
            raise ProgrammeThere(
                Message(
                    gettext_noop("There is a programme of audits for %(year)s already."), {"year": str(year)}
                )
            )
        row = AuditProgramme.objects.create(
            agency_id=actor.agency_id,
            year=year,
            purpose=paragraphs(purpose)[:TEXT_LONGEST],
            edition=catalogue.edition_on(date(year, 1, 1)).key,
            made_at=now,
            made_by_id=actor.person_id,
        )
        write_down(actor, row, "audit_programme.made", now, None, {"year": year})
    return row


def edit_programme(*, actor: Actor, programme_id: int, purpose: str, now: datetime) -> AuditProgramme:
    """Change what a draft says. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        row = locked_programme(actor=actor, programme_id=programme_id)
        require(actor, "audit.plan")
        AUDIT_PROGRAMME.after(row.state, "edit")
        before, row.purpose = row.purpose, paragraphs(purpose)[:TEXT_LONGEST]
        row.save(update_fields=["purpose"])
        write_down(actor, row, "audit_programme.changed", now, {"purpose": before}, {"purpose": row.purpose})
    return row


def turn_programme(
    *,
    actor: Actor,
    programme_id: int,
    act: str,
    now: datetime,
    reason: str = "",
    number: str = "",
    signed_on: date | None = None,
) -> AuditProgramme:
    """Submit, return (with a reason), approve or sign anew (with number and day), close or discard a programme.

    What is approved is frozen: data and both files, as :class:`AuditProgrammePaper`, and entered among the outgoing
    documents where its number is of the agency's own series. ``reissue`` signs what was adjusted
    since then, as a version that names the one before. Raises NotAllowed, NotPossible, AuditIncomplete where it has no
    audit, nothing was adjusted or adjustments are not signed yet, ReasonMissing, DayNotPossible for a day of signature
    after today or before the version that it replaces, NumberTaken.
    """
    signs = act in ("approve", "reissue")
    with transaction.atomic():
        if signs:
            Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        row = locked_programme(actor=actor, programme_id=programme_id)
        require(actor, "audit.approve" if signs or act == "return" else "audit.plan")
        before, row.state = row.state, AUDIT_PROGRAMME.after(row.state, act)
        if act in ("submit", "approve", "reissue") and not row.audits.exclude(state="cancelled").exists():
            raise AuditIncomplete(
                [Message(gettext_noop("The programme has no audit yet: plan at least one of the year."))]
            )
        if act == "reissue" and not row.adjustments:
            raise AuditIncomplete(
                [Message(gettext_noop("Nothing was adjusted since the programme was signed."))]
            )
        if act == "close" and row.adjustments:
            raise AuditIncomplete(
                [Message(gettext_noop("Adjustments of the programme wait for the leader's signature."))]
            )
        if act == "return":
            reason = needed_reason(one_line(reason))
        after: dict[str, object] = {"state": row.state}
        if signs:
            after |= _signed(actor, row, number=number, signed_on=signed_on, now=now)
        row.save()
        write_down(
            actor,
            row,
            f"audit_programme.{_VERBS[act]}",
            now,
            {"state": before},
            after,
            reason,
            settles=True,
        )
        telling.told_programme(actor=actor, row=row, act=act, reason=reason, now=now)
    return row


_VERBS = {
    "submit": "submitted", "return": "returned", "approve": "approved", "reissue": "reissued", "close": "closed",
    "discard": "discarded",
}  # fmt: skip


def may_change(*, programme: AuditProgramme | None) -> bool:
    """Refuse a change of an audit whose programme is not open to it; return whether it adjusts an approved one.

    Raises NotPossible for a programme that waits for approval or is closed.
    """
    if programme is None:
        return False
    is_approved = programme.state == "approved"
    AUDIT_PROGRAMME.after(programme.state, "adjust" if is_approved else "edit")
    return is_approved


def adjusted(
    *,
    actor: Actor,
    programme: AuditProgramme,
    audit: Audit,
    what: str,
    reason: str,
    now: datetime,
    detail: str = "",
) -> None:
    """Note that an audit of an approved programme was added, changed or cancelled, until that is signed; for operations.

    ``programme`` is locked; one that is not approved yet is not adjusted. ``detail`` says what was and what is.
    """
    if programme.state != "approved":
        return
    units = "; ".join(audit.units.order_by("order").values_list("unit__name", flat=True))
    change = {
        "what": what,
        "audit": audit.pk,
        "title": audit.title,
        "detail": detail or units,
        "reason": reason,
        "on": timezone.localdate(now).isoformat(),
    }
    before = len(programme.adjustments)
    programme.adjustments = [*programme.adjustments, change]
    programme.save(update_fields=["adjustments"])
    write_down(
        actor,
        programme,
        "audit_programme.adjusted",
        now,
        {"adjustments": before},
        {"adjustments": before + 1, "what": what, "title": audit.title},
        reason,
    )
    telling.told_programme(actor=actor, row=programme, act="adjust", reason=reason, now=now)


def locked_programme(*, actor: Actor, programme_id: int) -> AuditProgramme:
    """Lock a programme of the actor's agency. Raises AuditProgramme.DoesNotExist."""
    return AuditProgramme.objects.select_for_update(of=("self",)).get(
        pk=programme_id, agency_id=actor.agency_id
    )


def _signed(
    actor: Actor, row: AuditProgramme, *, number: str, signed_on: date | None, now: datetime
) -> dict[str, object]:
    """Freeze a programme as it is signed, with its files; return what the journal keeps of it."""
    today = timezone.localdate(now)
    old = row.papers.order_by("-version").first()
    # One that was approved before versions were kept is named by what it kept itself.
    is_adjusted = row.approved_at is not None
    last = row.signed_on if is_adjusted else None
    if signed_on is not None and (signed_on > today or (last is not None and signed_on < last)):
        raise DayNotPossible(
            Message(
                gettext_noop(
                    "The day of signature is not after today, nor before that of the version that is replaced."
                )
            )
        )
    replaces = (
        {"number": row.number, "signed_on": last.isoformat() if last else None} if is_adjusted else None
    )
    facts = programme_facts(actor, row.pk, today, signed_on=signed_on, replaces=replaces)
    number = one_line(number)[:100]
    document = set_out(row.agency_id, programme_document(facts, number=number, signed_on=signed_on), today)
    docx, pdf = keep_paper(
        agency_id=row.agency_id,
        actor=actor,
        document=document,
        name=f"ke hoach danh gia noi bo {row.year} {number}",
        now=now,
    )
    agency = Agency.objects.get(pk=row.agency_id)
    sent = entered(
        actor=actor, agency=agency, number=number, issued_on=signed_on or today, document=document, now=now
    )
    version = old.version + 1 if old else 2 if is_adjusted else 1
    if old is not None and old.state == AuditProgrammePaper.State.ISSUED:
        old.state = AuditProgrammePaper.State.REPLACED
        old.save(update_fields=["state"])
    AuditProgrammePaper.objects.create(
        programme=row,
        version=version,
        number=number,
        signed_on=signed_on,
        content=facts,
        docx=docx,
        pdf=pdf,
        outgoing=sent,
        supersedes=old
        if old is not None and old.state == AuditProgrammePaper.State.REPLACED and is_adjusted
        else None,
        issued_at=now,
        issued_by_id=actor.person_id,
    )
    row.approved_at, row.approved_by_id = now, actor.person_id
    row.number, row.signed_on, row.adjustments = number, signed_on, []
    return {"number": number, "version": version, "docx": docx.sha256, "pdf": pdf.sha256}
