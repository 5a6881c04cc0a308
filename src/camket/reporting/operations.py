"""Writing, issuing and correcting reports: every write of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import NumberNotWellFormed, parse_document_number
from camket.core.plan import Period
from camket.core.wording.text import paragraphs
from camket.documents.operations import store_file
from camket.journal.operations import record
from camket.objectives.models import Plan, Target
from camket.org.policy import Actor, require
from camket.paper.writing.docx import write_docx
from camket.paper.writing.pdf import write_pdf
from camket.reporting import queries
from camket.reporting.document import file_name, report_document
from camket.reporting.models import Remark, Report

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF_TYPE = "application/pdf"


class PlanNotInForce(Refusal):
    """The plan is still a draft, or replaced."""


class PeriodNotPossible(Refusal):
    """The period is none of the plan's for this kind of report, or has not begun."""


class ReportExists(Refusal):
    """The period has a report already; ``report_id`` says which."""

    def __init__(self, message: Message, report_id: int) -> None:
        super().__init__(message)
        self.report_id = report_id


class ReportNotDraft(Refusal):
    """An issued report does not change any more."""


class ReportNotIssued(Refusal):
    """Only an issued report can be corrected."""


class NumberNotPossible(Refusal):
    """The number is not well formed, or another report of the year has it."""


class DateNotPossible(Refusal):
    """The day of issue lies ahead, or before the period."""


class SignerMissing(Refusal):
    """The report has no signer."""


class ReasonMissing(Refusal):
    """A correction needs a reason."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the secretary types: parts of the report, and reason and remedy of each target by its id."""

    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""
    remarks: Mapping[int, tuple[str, str]] | None = None


def draft_report(*, actor: Actor, plan_id: int, kind: str, period: Period, now: datetime) -> Report:
    """Begin the report of a plan on one of its periods.

    Raises PlanNotInForce, PeriodNotPossible, ReportExists where the period has a draft or an issued report.
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan_id, agency_id=actor.agency_id)
        require(actor, "report.write")
        if plan.state not in queries.REPORTED_STATES:
            raise PlanNotInForce(
                Message(gettext_noop("Only a plan that is in force or closed can be reported on."))
            )
        possible = (
            queries.report_periods(kind, Period(plan.period_start, plan.period_end))
            if kind in queries.KIND_PERIODS
            else ()
        )
        if period not in possible or period.start > timezone.localdate(now):
            raise PeriodNotPossible(
                Message(gettext_noop("Choose one of the plan's periods that has begun already."))
            )
        same = Report.objects.filter(
            plan_id=plan.pk, kind=kind, period_start=period.start, period_end=period.end
        )
        live = same.filter(state__in=(Report.State.DRAFT, Report.State.ISSUED)).order_by("version").last()
        if live is not None:
            raise ReportExists(
                Message(
                    gettext_noop("This period has a report already. Open it, or correct it if it is issued.")
                ),
                live.pk,
            )
        report = Report.objects.create(
            agency_id=actor.agency_id,
            plan=plan,
            kind=kind,
            version=_next_version(plan.pk, kind, period),
            period_start=period.start,
            period_end=period.end,
            created_at=now,
            created_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.drafted",
            subject=report,
            on=timezone.localdate(now),
            after={"kind": kind, "period": [period.start, period.end], "version": report.version},
        )
    return report


def write_remarks(*, actor: Actor, report_id: int, wording: Wording, today: date) -> Report:
    """Keep what the secretary types in a draft; remarks replace those of the targets that they name.

    Raises ReportNotDraft, Target.DoesNotExist for a target that is not of the report's plan.
    """
    with transaction.atomic():
        report = _locked(actor, report_id)
        require(actor, "report.write")
        _require_draft(report)
        before = {
            "assessment": report.assessment,
            "difficulties": report.difficulties,
            "proposals": report.proposals,
        }
        report.assessment = paragraphs(wording.assessment)
        report.difficulties = paragraphs(wording.difficulties)
        report.proposals = paragraphs(wording.proposals)
        report.save(update_fields=["assessment", "difficulties", "proposals"])
        after: dict[str, object] = {
            "assessment": report.assessment,
            "difficulties": report.difficulties,
            "proposals": report.proposals,
        }
        remarks = {
            target_id: (paragraphs(reason), paragraphs(remedy))
            for target_id, (reason, remedy) in (wording.remarks or {}).items()
        }
        stood, changed = _keep_remarks(report, remarks)
        if changed or after != before:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="report.written",
                subject=report,
                on=today,
                before={**before, "remarks": stood},
                after={**after, "remarks": changed},
            )
    return report


def issue_report(
    *,
    actor: Actor,
    report_id: int,
    number: str,
    issued_on: date,
    signed_by: str,
    capacity: str,
    authority: str,
    now: datetime,
) -> Report:
    """Issue a report: freeze what it says with the readings used, and keep it as DOCX and PDF.

    The version that it corrects is replaced. Raises ReportNotDraft, NumberNotPossible, DateNotPossible, SignerMissing.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _locked(actor, report_id)
        require(actor, "report.issue")
        _require_draft(report)
        if issued_on > today or issued_on < report.period_start:
            raise DateNotPossible(
                Message(gettext_noop("The day of issue lies between the period's first day and today."))
            )
        if not signed_by.strip():
            raise SignerMissing(Message(gettext_noop("Enter who signs the report.")))
        report.number = _checked_number(report, number, issued_on)
        report.issued_on = issued_on
        report.signed_by, report.capacity = _line(signed_by), _line(capacity)
        report.authority = _line(authority)
        content = queries.live_content(actor, report, today)
        document = report_document(content, queries.formalities_of(report))
        name = file_name(content, report.number)
        report.docx = store_file(
            actor=actor, data=write_docx(document), name=f"{name}.docx", content_type=DOCX_TYPE, now=now
        )
        report.pdf = store_file(
            actor=actor, data=write_pdf(document), name=f"{name}.pdf", content_type=PDF_TYPE, now=now
        )
        report.snapshot = content.to_json()
        report.state = Report.State.ISSUED
        report.issued_at = now
        report.save()
        Report.objects.filter(
            plan_id=report.plan_id,
            kind=report.kind,
            period_end=report.period_end,
            version__lt=report.version,
            state=Report.State.ISSUED,
        ).update(state=Report.State.REPLACED)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.issued",
            subject=report,
            on=today,
            after={
                "number": report.number,
                "issued_on": report.issued_on,
                "signed_by": report.signed_by,
                "docx": report.docx.sha256,
                "pdf": report.pdf.sha256,
                "readings": sorted({key for target in content.targets for key in target.readings}),
            },
            settles=True,
        )
    return report


def correct_report(*, actor: Actor, report_id: int, reason: str, now: datetime) -> Report:
    """Begin a new version of an issued report, with its wording; the old one stands until the new is issued.

    Raises ReportNotIssued, ReasonMissing, ReportExists where a correction is being written already.
    """
    with transaction.atomic():
        old = _locked(actor, report_id)
        require(actor, "report.write")
        if old.state != Report.State.ISSUED:
            raise ReportNotIssued(
                Message(gettext_noop("Only a report that is issued and in force can be corrected."))
            )
        if not reason.strip():
            raise ReasonMissing(Message(gettext_noop("Say what is corrected and why.")))
        period = Period(old.period_start, old.period_end)
        draft = Report.objects.filter(
            plan_id=old.plan_id, kind=old.kind, period_end=old.period_end, state=Report.State.DRAFT
        ).first()
        if draft is not None:
            raise ReportExists(
                Message(gettext_noop("A correction of this report is being written already.")), draft.pk
            )
        new = Report.objects.create(
            agency_id=old.agency_id,
            plan_id=old.plan_id,
            kind=old.kind,
            version=_next_version(old.plan_id, old.kind, period),
            period_start=old.period_start,
            period_end=old.period_end,
            assessment=old.assessment,
            difficulties=old.difficulties,
            proposals=old.proposals,
            correction=_line(reason),
            supersedes=old,
            created_at=now,
            created_by_id=actor.person_id,
        )
        Remark.objects.bulk_create(
            Remark(report=new, target_id=target_id, reason=was, remedy=remedy)
            for target_id, was, remedy in old.remarks.values_list("target_id", "reason", "remedy")
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.corrected",
            subject=new,
            on=timezone.localdate(now),
            before={"report": old.pk, "number": old.number},
            after={"version": new.version},
            reason=new.correction,
        )
    return new


def discard_report(*, actor: Actor, report_id: int, today: date) -> Report:
    """Discard a draft; it is no longer listed, and the period may be drafted anew. Raises ReportNotDraft."""
    with transaction.atomic():
        report = _locked(actor, report_id)
        require(actor, "report.write")
        _require_draft(report)
        report.state = Report.State.DISCARDED
        report.save(update_fields=["state"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.discarded",
            subject=report,
            on=today,
            before={"state": Report.State.DRAFT},
            after={"state": Report.State.DISCARDED},
        )
    return report


def _locked(actor: Actor, report_id: int) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=report_id, agency_id=actor.agency_id)
    )


def _require_draft(report: Report) -> None:
    if report.state != Report.State.DRAFT:
        raise ReportNotDraft(
            Message(
                gettext_noop(
                    "The report is issued and does not change any more; correct it by a new version."
                )
            )
        )


def _next_version(plan_id: int, kind: str, period: Period) -> int:
    latest = Report.objects.filter(plan_id=plan_id, kind=kind, period_end=period.end).aggregate(
        latest=Max("version")
    )["latest"]
    return (latest or 0) + 1


def _keep_remarks(
    report: Report, remarks: Mapping[int, tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Write the remarks that differ from those kept; return of these what stood there and what stands there now."""
    known = set(
        Target.objects.filter(objective__plan_id=report.plan_id, pk__in=list(remarks)).values_list(
            "pk", flat=True
        )
    )
    if unknown := set(remarks) - known:
        raise Target.DoesNotExist(f"no target {min(unknown)} in the report's plan")
    kept = {remark.target_id: remark for remark in Remark.objects.filter(report_id=report.pk)}
    stood: dict[str, list[str]] = {}
    changed: dict[str, list[str]] = {}
    for target_id, (reason, remedy) in remarks.items():
        was = kept.get(target_id)
        if (was.reason, was.remedy) == (reason, remedy) if was else not (reason or remedy):
            continue
        Remark.objects.update_or_create(
            report_id=report.pk, target_id=target_id, defaults={"reason": reason, "remedy": remedy}
        )
        stood[str(target_id)] = [was.reason, was.remedy] if was else ["", ""]
        changed[str(target_id)] = [reason, remedy]
    return stood, changed


def _checked_number(report: Report, number: str, issued_on: date) -> str:
    try:
        parsed = parse_document_number(number)
    except NumberNotWellFormed as error:
        raise NumberNotPossible(
            Message(
                gettext_noop("Write the number and symbol as on the paper, for example %(example)s."),
                {"example": f"05/{queries.report_symbol(report.agency_id)}"},
            )
        ) from error
    written = str(parsed)
    taken = Report.objects.filter(
        agency_id=report.agency_id, number=written, issued_on__year=issued_on.year
    ).exclude(plan_id=report.plan_id, kind=report.kind, period_end=report.period_end)
    if taken.exists():
        raise NumberNotPossible(
            Message(
                gettext_noop("Another report of %(year)s has the number %(number)s."),
                {"year": str(issued_on.year), "number": written},
            )
        )
    return written


def _line(text: str) -> str:
    return " ".join(text.split())[:150]
