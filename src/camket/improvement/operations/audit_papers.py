"""Papers of audits that are issued with a number, and withdrawn where that was a mistake.

A paper that was withdrawn keeps number, text and files, marked with the reason; its entry among the outgoing documents is
withdrawn with it, its number is not given again, and a corrected paper is issued anew.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.core.workflow import AUDIT, AUDIT_PROGRAMME
from camket.improvement import telling
from camket.improvement.audit_paper import decision_document
from camket.improvement.given import AuditIncomplete, DayNotPossible
from camket.improvement.models import Audit, Auditor, AuditPaper, AuditProgramme, AuditProgrammePaper
from camket.improvement.operations._papers import files_of, issue_paper, number_of_paper, require_numbering
from camket.improvement.operations._recording import write_down
from camket.improvement.queries.audits import decision_facts, heading, page
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.registers.operations.issued import withdraw_issued


def issue_decision(
    *, actor: Actor, audit_id: int, number: str, decided_on: date, now: datetime
) -> AuditPaper:
    """Issue the decision that sets up an audit's team, with its number and day: text and both files are frozen.

    One that is in force is replaced by the new version, which names it. A number of the agency's own series enters the
    decision among its outgoing documents. Raises NotAllowed, NotPossible once the audit has begun, AuditIncomplete
    without a leader or a unit, DayNotPossible for a day after today or before the decision that it replaces,
    NumberNotPossible, NumberTaken.

    Source: ISO 19011:2018, 5.5.4; Nghị định 30/2020/NĐ-CP, Điều 15.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        row = _locked(actor, audit_id)
        require(actor, "audit.plan")
        AUDIT.after(row.state, "prepare")
        lacks = []
        if not row.team.filter(part=Auditor.Part.LEAD).exists():
            lacks.append(Message(gettext_noop("The team has no leader yet.")))
        if not row.units.exists():
            lacks.append(Message(gettext_noop("No unit is within the scope yet.")))
        if lacks:
            raise AuditIncomplete(lacks)
        old = row.papers.filter(kind=AuditPaper.Kind.DECISION, state=AuditPaper.State.ISSUED).first()
        if decided_on > today or (old is not None and decided_on < old.issued_on):
            raise DayNotPossible(
                Message(
                    gettext_noop(
                        "The day of signature is not after today, nor before that of the version that is replaced."
                    )
                )
            )
        written = number_of_paper(
            audit=row, kind=AuditPaper.Kind.DECISION, number=number, on=decided_on, example="12/QĐ-UBND"
        )
        require_numbering(actor=actor, agency=agency, number=written)
        facts = decision_facts(
            actor,
            page(actor, row.pk),
            decided_on,
            replaces={"number": old.number, "on": old.issued_on.isoformat()} if old else None,
        )
        paper = issue_paper(
            actor=actor,
            agency=agency,
            audit=row,
            kind=AuditPaper.Kind.DECISION,
            number=written,
            issued_on=decided_on,
            draft=decision_document(
                heading=heading(actor), facts=facts, number=written, dated=decided_on, on=today
            ),
            facts=facts,
            name="quyet dinh doan danh gia noi bo",
            now=now,
            supersedes=old,
        )
        before = {"decision_number": row.decision_number}
        row.decision_number, row.decision_on = written, decided_on
        row.save(update_fields=["decision_number", "decision_on"])
        write_down(
            actor,
            row,
            "audit.decided",
            now,
            before,
            {
                "decision_number": written,
                "decision_on": decided_on,
                "version": paper.version,
                **files_of(paper),
            },
        )
    return paper


def withdraw_audit_paper(*, actor: Actor, paper_id: int, reason: str, now: datetime) -> AuditPaper:
    """Withdraw a decision on a team, or a report, that was issued by mistake; see ``withdraw_issued``.

    An audit whose report is withdrawn goes back to writing it; nonconformities that came of it stay in the book, where
    each is cancelled by itself. Raises NotAllowed, AuditPaper.DoesNotExist, PaperNotInForce, ReasonMissing.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "audit.recall")
        known = AuditPaper.objects.get(pk=paper_id, agency_id=actor.agency_id)
        row = _locked(actor, known.audit_id)
        paper = AuditPaper.objects.select_for_update(of=("self",)).get(pk=paper_id)
        withdraw_issued(
            actor=actor,
            paper=paper,
            sent_id=paper.outgoing_id,
            reason=reason,
            verb="audit.paper_withdrawn",
            now=now,
        )
        if paper.kind == AuditPaper.Kind.DECISION:
            row.decision_number, row.decision_on = "", None
            row.save(update_fields=["decision_number", "decision_on"])
            what = "decision_withdrawn"
        else:
            before, row.state = row.state, AUDIT.after(row.state, "withdraw")
            row.report_number, row.reported_on = "", None
            row.save(update_fields=["state", "report_number", "reported_on"])
            write_down(
                actor,
                row,
                "audit.report_withdrawn",
                now,
                {"state": before},
                {"state": row.state, "number": paper.number},
                paper.withdrawal,
                settles=True,
            )
            what = "report_withdrawn"
        telling.told_audit(actor=actor, row=row, what=what, now=now)
    return paper


def withdraw_programme(*, actor: Actor, paper_id: int, reason: str, now: datetime) -> AuditProgrammePaper:
    """Withdraw the programme of a year that was signed by mistake; see ``withdraw_issued``.

    It is a draft again and goes through approval; a version that it had replaced stays replaced. Raises NotAllowed,
    AuditProgrammePaper.DoesNotExist, PaperNotInForce, ReasonMissing, NotPossible for a programme that is closed.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "audit.recall")
        known = AuditProgrammePaper.objects.get(pk=paper_id, programme__agency_id=actor.agency_id)
        row = AuditProgramme.objects.select_for_update(of=("self",)).get(pk=known.programme_id)
        paper = AuditProgrammePaper.objects.select_for_update(of=("self",)).get(pk=paper_id)
        if paper.state == AuditProgrammePaper.State.ISSUED:
            AUDIT_PROGRAMME.after(row.state, "withdraw")
        withdraw_issued(
            actor=actor,
            paper=paper,
            sent_id=paper.outgoing_id,
            reason=reason,
            verb="audit_programme.paper_withdrawn",
            now=now,
        )
        before, row.state = row.state, AUDIT_PROGRAMME.after(row.state, "withdraw")
        row.number, row.signed_on, row.approved_at, row.approved_by, row.adjustments = (
            "",
            None,
            None,
            None,
            [],
        )
        row.save()
        write_down(
            actor,
            row,
            "audit_programme.withdrawn",
            now,
            {"state": before},
            {"state": row.state, "number": paper.number},
            paper.withdrawal,
            settles=True,
        )
        telling.told_programme(actor=actor, row=row, act="withdraw", reason=paper.withdrawal, now=now)
    return paper


def _locked(actor: Actor, audit_id: int) -> Audit:
    return Audit.objects.select_for_update(of=("self",)).get(pk=audit_id, agency_id=actor.agency_id)
