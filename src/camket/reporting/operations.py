"""Writing, issuing and correcting reports: every write of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.narrative import checked
from camket.core.numbering import NumberNotPossible, well_formed
from camket.core.periods import MONTHS, whole_months
from camket.core.plan import Period
from camket.core.report_calendar import EVERY, Pace
from camket.core.wording.dates import format_date
from camket.core.wording.text import paragraphs
from camket.documents.content import PDF, WORD
from camket.documents.operations import store_file
from camket.documents.queries import read_file
from camket.documents.queries.formalities import set_out
from camket.journal.operations import record
from camket.notifications.operations import settle, tell, tell_roles
from camket.objectives.models import Plan, Target
from camket.org.models import Agency, Unit
from camket.org.operations import require_in_use
from camket.org.policy import Actor, require, roles_with
from camket.paper.templating import write_docx, write_pdf
from camket.paper.writing.model import Document
from camket.registers import tally
from camket.registers.models import Entry
from camket.registers.operations.issued import enter_issued
from camket.registers.queries.numbers import OUTGOING
from camket.reporting import calendar, queries
from camket.reporting.composing import (
    Composed,
    Key,
    Sentence,
    Stale,
    changed_since,
    compose,
    sentence_names,
    sentences_of,
)
from camket.reporting.content import ReportContent
from camket.reporting.document import file_name
from camket.reporting.feeding import give_to_agency
from camket.reporting.kinds import KINDS
from camket.reporting.models import Remark, Report, Subject
from camket.reporting.periods import name_of
from camket.reporting.signing import SignedFile, examined
from camket.reporting.unit_targets import targets_by_unit
from camket.reporting.writers import require_writer

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_TYPE = "application/json"


class PlanNotInForce(Refusal):
    """The plan is still a draft, or replaced."""


class PeriodNotPossible(Refusal):
    """The period is none of the plan's for this kind of report, or has not begun."""


class UnitWithoutTargets(Refusal):
    """The plan has no target of the unit whose report is to be written."""


class ReportExists(Refusal):
    """The period has a report already; ``report_id`` says which."""

    def __init__(self, message: Message, report_id: int) -> None:
        super().__init__(message)
        self.report_id = report_id


class ReportNotDraft(Refusal):
    """An issued report does not change any more."""


class ReportNotIssued(Refusal):
    """Only an issued report can be corrected."""


class FiguresChanged(Refusal):
    """Figures that stand in the report's sentences are others now; ``stale`` says which."""

    def __init__(self, message: Message, stale: tuple[Stale, ...]) -> None:
        super().__init__(message)
        self.stale = stale


class NotSigned(Refusal):
    """The file bears no digital signature, or one that does not hold."""


class NotApproved(Refusal):
    """A leader has not approved the report yet."""


class NotWaiting(Refusal):
    """The report does not wait for approval."""


class OwnWork(Refusal):
    """Nobody approves the report that one wrote or submitted."""


class DateNotPossible(Refusal):
    """The day of issue lies ahead, or before the period."""


class SignerMissing(Refusal):
    """The report has no signer."""


class ReasonMissing(Refusal):
    """A correction needs a reason."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the secretary types: parts of the report, by target reason and remedy, by target or statement its sentence.

    An empty sentence takes the proposed words again.
    """

    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""
    remarks: Mapping[int, tuple[str, str]] | None = None
    sentences: Mapping[Key, str] | None = None


def draft_report(
    *, actor: Actor, plan_id: int, kind: str, period: Period, now: datetime, unit_id: int | None = None
) -> Report:
    """Begin the report of a plan on one of its periods: of the agency, or of one unit on the targets that are its own.

    Raises PlanNotInForce, PeriodNotPossible, UnitWithoutTargets, ReportExists where the period has a draft or an issued
    report; Unit.DoesNotExist for another agency's.
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan_id, agency_id=actor.agency_id)
        require_writer(actor, unit_id)
        require_in_use(actor=actor, unit_ids=[unit_id])
        unit = None if unit_id is None else Unit.objects.get(pk=unit_id, agency_id=actor.agency_id)
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
        if unit is not None and not targets_by_unit(plan.pk).get(unit.pk):
            raise UnitWithoutTargets(
                Message(gettext_noop("The plan has no target of this unit: %(unit)s."), {"unit": unit.name})
            )
        same = Report.objects.filter(
            plan_id=plan.pk, unit=unit, kind=kind, period_start=period.start, period_end=period.end
        )
        live = same.filter(state__in=(*queries.OPEN_STATES, Report.State.ISSUED)).order_by("version").last()
        if live is not None:
            raise ReportExists(
                Message(
                    gettext_noop("This period has a report already. Open it, or correct it if it is issued.")
                ),
                live.pk,
            )
        report = Report(
            agency_id=actor.agency_id,
            plan=plan,
            unit=unit,
            kind=kind,
            period_start=period.start,
            period_end=period.end,
        )
        _begin(actor, report, now)
    return report


def draft_on(*, actor: Actor, subject: str, kind: str, period: Period, now: datetime) -> Report:
    """Begin the report on another subject than the objectives for a period, filled with everything that is known.

    Its free texts begin with the reasons and proposals that people typed at their work.
    Raises PeriodNotPossible, ReportExists where the period has a draft or an issued report.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        Agency.objects.select_for_update().only("pk").get(pk=actor.agency_id)
        require(actor, "report.write")
        about = KINDS.get(subject)
        if about is None or kind not in about.paces or not _is_period(kind, period) or period.start > today:
            raise PeriodNotPossible(
                Message(gettext_noop("Choose a kind of report and a period of it that has begun already."))
            )
        report = Report(
            agency_id=actor.agency_id,
            subject=subject,
            kind=kind,
            period_start=period.start,
            period_end=period.end,
        )
        live = (
            queries.versions_of(report)
            .filter(state__in=(*queries.OPEN_STATES, Report.State.ISSUED))
            .order_by("version")
            .last()
        )
        if live is not None:
            raise ReportExists(
                Message(
                    gettext_noop("This period has a report already. Open it, or correct it if it is issued.")
                ),
                live.pk,
            )
        _begin(actor, report, now)
    return report


def _is_period(kind: str, period: Period) -> bool:
    """Return whether days are a period of this kind, wherever its reporting year begins."""
    return whole_months(period) == MONTHS[EVERY[Pace(kind)]]


def _begin(actor: Actor, report: Report, now: datetime) -> None:
    """Keep a new draft with its sentences, tied to what the calendar owes."""
    today = timezone.localdate(now)
    report.version = _next_version(report)
    report.created_at, report.created_by_id = now, actor.person_id
    report.save()
    calendar.drafted(report)
    found = compose(actor, report, today)
    _keep(report, found)
    if found.gathered is not None:
        report.difficulties = paragraphs("\n".join(found.gathered.causes))
        report.proposals = paragraphs("\n".join(found.gathered.wishes))
        report.save(update_fields=["difficulties", "proposals"])
    about: dict[str, object] = {} if report.subject == Subject.OBJECTIVES else {"subject": report.subject}
    if report.unit is not None:
        about["unit"] = report.unit.name
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb="report.drafted",
        subject=report,
        on=today,
        after={
            **about,
            "kind": report.kind,
            "period": [report.period_start, report.period_end],
            "version": report.version,
        },
    )


def write_remarks(*, actor: Actor, report_id: int, wording: Wording, today: date) -> Report:
    """Keep what the secretary types in a draft; remarks and sentences replace those of the targets that they name.

    Raises ReportNotDraft, SentenceNotWellFormed, Target.DoesNotExist for a target that is not of the report's plan.
    """
    with transaction.atomic():
        report = _locked(actor, report_id)
        require_writer(actor, report.unit_id)
        require_draft(report=report)
        before: dict[str, object] = {
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
        worded_before, worded = _word(actor, report, wording.sentences or {}, today)
        if worded:
            before, after = {**before, "sentences": worded_before}, {**after, "sentences": worded}
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


def compose_sentences(*, actor: Actor, report_id: int, now: datetime) -> tuple[Stale, ...]:
    """Compose the sentences of a draft with the figures as they are now; return those whose figures changed by it.

    What a person wrote keeps its words. Raises ReportNotDraft.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _locked(actor, report_id)
        require_writer(actor, report.unit_id)
        require_draft(report=report)
        found = compose(actor, report, today)
        changed = changed_since(actor, report, today, now=found)
        before = (report.narrative, report.gathered)
        _keep(report, found)
        if before == (report.narrative, report.gathered):
            return ()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.composed",
            subject=report,
            on=today,
            after={"sentences": len(found.sentences), "changed": [each.key for each in changed]},
        )
    return changed


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
    """Issue a report: freeze what it says with the readings used, and keep it as DOCX, PDF, XLSX and JSON.

    It is entered among the outgoing documents, whose series its number is of. The version that it corrects is replaced.
    Raises NotApproved, ReportNotDraft, NumberNotPossible, NumberTaken, DateNotPossible, SignerMissing, FiguresChanged.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _locked(actor, report_id)
        require(actor, "report.issue")
        if report.state in (Report.State.DRAFT, Report.State.SUBMITTED):
            raise NotApproved(
                Message(
                    gettext_noop(
                        "A leader approves the report first; afterwards it is issued with number and date."
                    )
                )
            )
        if report.state != Report.State.APPROVED:
            require_draft(report=report)
        if issued_on > today or issued_on < report.period_start:
            raise DateNotPossible(
                Message(gettext_noop("The day of issue lies between the period's first day and today."))
            )
        corrected = report.supersedes.issued_on if report.supersedes else None
        if corrected is not None and issued_on < corrected:
            raise DateNotPossible(
                Message(
                    gettext_noop("A report is not dated before the one that it corrects, of %(day)s."),
                    {"day": format_date(corrected)},
                )
            )
        if not signed_by.strip():
            raise SignerMissing(Message(gettext_noop("Enter who signs the report.")))
        report.number = _checked_number(report, number, issued_on)
        if changed := changed_since(actor, report, today):
            raise FiguresChanged(
                Message(
                    gettext_noop(
                        "Figures have changed since the approval: %(what)s. Take the report back, compose it anew and submit it."
                    ),
                    {"what": _said_changes(changed)},
                ),
                changed,
            )
        report.issued_on = issued_on
        report.signed_by, report.capacity = _line(signed_by), _line(capacity)
        report.authority = _line(authority)
        content = queries.live_content(actor, report, today, with_charts=True)
        document = set_out(actor.agency_id, queries.written(content, queries.formalities_of(report)), today)
        name = file_name(content, report.number)
        report.docx = store_file(
            actor=actor, data=write_docx(document), name=f"{name}.docx", content_type=WORD, now=now
        )
        report.pdf = store_file(
            actor=actor, data=write_pdf(document), name=f"{name}.pdf", content_type=PDF, now=now
        )
        edition = queries.edition_of(report)
        report.workbook = store_file(
            actor=actor,
            data=queries.reckoned(content, queries.formalities_of(report), edition, "xlsx"),
            name=f"{name}.xlsx",
            content_type=XLSX_TYPE,
            now=now,
        )
        report.data = store_file(
            actor=actor,
            data=queries.reckoned(content, queries.formalities_of(report), edition, "json"),
            name=f"{name}.json",
            content_type=JSON_TYPE,
            now=now,
        )
        report.outgoing = _entered(actor, report, document, now)
        report.snapshot = content.to_json()
        report.state = Report.State.ISSUED
        report.issued_at = now
        report.save()
        queries.versions_of(report).filter(version__lt=report.version, state=Report.State.ISSUED).update(
            state=Report.State.REPLACED
        )
        calendar.issued(report, actor, now)
        if report.unit_id is not None:
            give_to_agency(actor=actor, report=report, now=now)
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
                "workbook": report.workbook.sha256,
                "data": report.data.sha256,
                "readings": _readings(content),
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
        require_writer(actor, old.unit_id)
        if old.state != Report.State.ISSUED:
            raise ReportNotIssued(
                Message(gettext_noop("Only a report that is issued and in force can be corrected."))
            )
        if not reason.strip():
            raise ReasonMissing(Message(gettext_noop("Say what is corrected and why.")))
        draft = queries.versions_of(old).filter(state__in=queries.OPEN_STATES).first()
        if draft is not None:
            raise ReportExists(
                Message(gettext_noop("A correction of this report is being written already.")), draft.pk
            )
        new = Report.objects.create(
            agency_id=old.agency_id,
            subject=old.subject,
            plan_id=old.plan_id,
            unit_id=old.unit_id,
            kind=old.kind,
            version=_next_version(old),
            period_start=old.period_start,
            period_end=old.period_end,
            cut_off=old.cut_off,
            assessment=old.assessment,
            difficulties=old.difficulties,
            proposals=old.proposals,
            narrative=old.narrative,
            correction=_line(reason),
            supersedes=old,
            created_at=now,
            created_by_id=actor.person_id,
        )
        Remark.objects.bulk_create(
            Remark(report=new, target_id=target_id, reason=was, remedy=remedy)
            for target_id, was, remedy in old.remarks.values_list("target_id", "reason", "remedy")
        )
        _keep(new, compose(actor, new, timezone.localdate(now)))
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


def attach_signed(*, actor: Actor, report_id: int, data: bytes, name: str, now: datetime) -> SignedFile:
    """Keep the digitally signed PDF of an issued report, with what its signatures say; a later one takes its place.

    Raises ReportNotIssued, NotAPdf, NotSigned where no signature is there or one is broken, FileRefused.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _locked(actor, report_id)
        require(actor, "report.issue")
        if report.state != Report.State.ISSUED or report.pdf_id is None:
            raise ReportNotIssued(
                Message(
                    gettext_noop(
                        "Only a report that is issued and in force has a signed file. Issue it first."
                    )
                )
            )
        found = examined(data, read_file(actor, report.pdf_id))
        if not found.signatures:
            raise NotSigned(
                Message(
                    gettext_noop(
                        "The file bears no digital signature. Sign the PDF of the report and choose the signed file."
                    )
                )
            )
        if broken := [each.signer for each in found.signatures if not each.is_intact or each.is_changed]:
            raise NotSigned(
                Message(
                    gettext_noop(
                        "The file was changed after %(name)s signed it. Sign the PDF of the report again and choose that file."
                    ),
                    {"name": broken[0]},
                )
            )
        before = report.signed.sha256 if report.signed else ""
        report.signed = store_file(actor=actor, data=data, name=name, content_type=PDF, now=now)
        report.signatures = found.to_json()
        report.save(update_fields=["signed", "signatures"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.signed_file_kept",
            subject=report,
            on=today,
            before={"signed": before},
            after={"signed": report.signed.sha256, "signers": [each.signer for each in found.signatures]},
        )
    return found


def discard_report(*, actor: Actor, report_id: int, today: date) -> Report:
    """Discard a draft; it is no longer listed, and the period may be drafted anew. Raises ReportNotDraft."""
    with transaction.atomic():
        report = _locked(actor, report_id)
        require_writer(actor, report.unit_id)
        require_draft(report=report)
        report.state = Report.State.DISCARDED
        report.save(update_fields=["state"])
        calendar.discarded(report)
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
        .select_related("plan", "unit")
        .get(pk=report_id, agency_id=actor.agency_id)
    )


def _word(
    actor: Actor, report: Report, texts: Mapping[Key, str], today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Keep the words of sentences that differ from those kept; return of these what stood there and what stands there now."""
    kept = sentences_of(report)
    if unknown := set(texts) - set(kept):
        raise Target.DoesNotExist(f"the report tells of no target {min(map(str, unknown))}")
    words = {
        key: checked(text, sentence_names(key, kept[key])) if text.strip() else ""
        for key, text in texts.items()
    }
    changed = {
        key: replace(kept[key], is_own=True, text=text)
        for key, text in words.items()
        if text and text != kept[key].text
    }
    anew = {key for key, text in words.items() if not text and kept[key].is_own}
    if anew:
        fresh = compose(actor, report, today, anew=anew).sentences
        changed |= {key: replace(kept[key], is_own=False, text=fresh[key].text) for key in anew & set(fresh)}
    if changed:
        _keep_sentences(report, kept | changed)
    return {str(key): kept[key].text for key in changed}, {str(key): changed[key].text for key in changed}


def _keep(report: Report, found: Composed) -> None:
    """Keep what composing gave."""
    _keep_sentences(report, found.sentences)
    if found.gathered is not None:
        report.gathered = found.gathered.to_json()
        report.save(update_fields=["gathered"])


def _keep_sentences(report: Report, sentences: Mapping[Key, Sentence]) -> None:
    report.narrative = {str(key): each.to_json() for key, each in sentences.items()}
    report.save(update_fields=["narrative"])


def _readings(content: queries.Content) -> list[int]:
    """Return the readings that a report on the objectives used; other subjects are counted from records."""
    if not isinstance(content, ReportContent):
        return []
    return sorted({key for target in content.targets for key in target.readings})


def submit_report(*, actor: Actor, report_id: int, now: datetime) -> Report:
    """Submit a draft to the leaders for approval; nobody writes in it until it is returned or taken back.

    Raises ReportNotDraft, FiguresChanged.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        report = _locked(actor, report_id)
        require_writer(actor, report.unit_id)
        require_draft(report=report)
        if changed := changed_since(actor, report, today):
            raise FiguresChanged(
                Message(
                    gettext_noop(
                        "Figures have changed since the sentences were composed: %(what)s. Compose them anew, then submit."
                    ),
                    {"what": _said_changes(changed)},
                ),
                changed,
            )
        report.state, report.returned = Report.State.SUBMITTED, ""
        report.submitted_at, report.submitted_by_id = now, actor.person_id
        report.save(update_fields=["state", "returned", "submitted_at", "submitted_by"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.submitted",
            subject=report,
            on=today,
            before={"state": Report.State.DRAFT},
            after={"state": Report.State.SUBMITTED},
        )
        tell_roles(
            agency_id=actor.agency_id,
            roles=roles_with("report.approve"),
            topic="submitted",
            key=f"report.approve:{report.pk}:{now.isoformat()}",
            message=Message(
                gettext_noop("A report waits for your approval: %(name)s"),
                {"name": name_of(report)},
            ),
            link=f"/bao-cao/{report.pk}/",
            now=now,
            by=actor,
        )
    return report


def approve_report(*, actor: Actor, report_id: int, now: datetime) -> Report:
    """Approve a submitted report; it is issued with number and date next.

    Raises NotWaiting, OwnWork where the actor began or submitted it.
    """
    with transaction.atomic():
        report = _waiting(actor, report_id)
        report.state = Report.State.APPROVED
        report.approved_at, report.approved_by_id = now, actor.person_id
        report.save(update_fields=["state", "approved_at", "approved_by"])
        _settle(report, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.approved",
            subject=report,
            on=timezone.localdate(now),
            before={"state": Report.State.SUBMITTED},
            after={"state": Report.State.APPROVED},
        )
        _tell_writer(
            actor, report, "accepted", gettext_noop("The report is approved and can be issued: %(name)s"), now
        )
    return report


def return_report(*, actor: Actor, report_id: int, reason: str, now: datetime) -> Report:
    """Return a submitted report to its writer, with a reason. Raises NotWaiting, OwnWork, ReasonMissing."""
    with transaction.atomic():
        report = _waiting(actor, report_id)
        if not reason.strip():
            raise ReasonMissing(Message(gettext_noop("Say why the report is returned.")))
        report.state, report.returned = Report.State.DRAFT, paragraphs(reason)
        report.save(update_fields=["state", "returned"])
        _settle(report, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.returned",
            subject=report,
            on=timezone.localdate(now),
            before={"state": Report.State.SUBMITTED},
            after={"state": Report.State.DRAFT},
            reason=report.returned,
        )
        _tell_writer(actor, report, "returned", gettext_noop("The report is returned to you: %(name)s"), now)
    return report


def take_back_report(*, actor: Actor, report_id: int, now: datetime) -> Report:
    """Take a report that is submitted or approved back into writing; it is approved anew. Raises NotWaiting."""
    with transaction.atomic():
        report = _locked(actor, report_id)
        require_writer(actor, report.unit_id)
        if report.state not in (Report.State.SUBMITTED, Report.State.APPROVED):
            raise NotWaiting(
                Message(gettext_noop("Only a report that is submitted or approved is taken back."))
            )
        before, report.state = report.state, Report.State.DRAFT
        report.approved_at = report.approved_by = None
        report.save(update_fields=["state", "approved_at", "approved_by"])
        _settle(report, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.taken_back",
            subject=report,
            on=timezone.localdate(now),
            before={"state": before},
            after={"state": Report.State.DRAFT},
        )
    return report


def _waiting(actor: Actor, report_id: int) -> Report:
    report = _locked(actor, report_id)
    require(actor, "report.approve")
    if report.state != Report.State.SUBMITTED:
        raise NotWaiting(Message(gettext_noop("The report does not wait for approval.")))
    if actor.is_own(report.created_by_id) or actor.is_own(report.submitted_by_id):
        raise OwnWork(
            Message(gettext_noop("You wrote or submitted this report; another leader approves it."))
        )
    return report


def _settle(report: Report, now: datetime) -> None:
    settle(agency_id=report.agency_id, now=now, keys=f"report.approve:{report.pk}:")


def _tell_writer(actor: Actor, report: Report, topic: str, says: str, now: datetime) -> None:
    tell(
        agency_id=report.agency_id,
        people=(report.submitted_by_id, report.created_by_id),
        topic=topic,
        key=f"report.{topic}:{report.pk}:{now.isoformat()}",
        message=Message(says, {"name": name_of(report)}),
        link=f"/bao-cao/{report.pk}/",
        now=now,
        by=actor,
    )


def _said_changes(changed: tuple[Stale, ...]) -> str:
    return "; ".join(
        f"{one.name} {one.then or '–'} → {one.now or '–'}" for each in changed[:3] for one in each.changes[:2]
    )


def require_draft(*, report: Report) -> None:
    """Raise ReportNotDraft where a report is with the leaders, issued or discarded."""
    if report.state in (Report.State.SUBMITTED, Report.State.APPROVED):
        raise ReportNotDraft(
            Message(
                gettext_noop("The report is with the leaders. Take it back before you write in it again.")
            )
        )
    if report.state != Report.State.DRAFT:
        raise ReportNotDraft(
            Message(
                gettext_noop(
                    "The report is issued and does not change any more; correct it by a new version."
                )
            )
        )


def _next_version(report: Report) -> int:
    return (queries.versions_of(report).aggregate(latest=Max("version"))["latest"] or 0) + 1


def _keep_remarks(
    report: Report, remarks: Mapping[int, tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Write the remarks that differ from those kept; return of these what stood there and what stands there now."""
    known = set(
        Target.objects.filter(objective__plan__reports=report, pk__in=list(remarks)).values_list(
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
    written = well_formed(number, example=f"05/{queries.report_symbol(report.agency_id)}")
    taken = Report.objects.filter(agency_id=report.agency_id, number=written, issued_on__year=issued_on.year)
    if taken.exclude(pk__in=queries.versions_of(report).values("pk")).exists():
        raise NumberNotPossible(
            Message(
                gettext_noop("Another report of %(year)s has the number %(number)s."),
                {"year": str(issued_on.year), "number": written},
            )
        )
    return written


def _entered(actor: Actor, report: Report, document: Document, now: datetime) -> Entry | None:
    """Return the report's entry among the outgoing documents; a correction under the same number keeps the old one's.

    None for a unit's report, which goes to the own agency.
    """
    issued_on = report.issued_on or timezone.localdate(now)
    # Whoever issued another report meanwhile is waited for, and its number seen.
    tally.take_turn(agency_id=report.agency_id, register=OUTGOING)
    _checked_number(report, report.number, issued_on)
    if report.unit_id is not None:
        return None
    old = report.supersedes
    note = ""
    if old is not None and old.issued_on:
        is_same = old.number == report.number and old.issued_on.year == issued_on.year
        if is_same and old.outgoing is not None:
            return old.outgoing
        note = "" if is_same else f"Thay thế số {old.number} ngày {format_date(old.issued_on)}"
    return enter_issued(
        actor=actor,
        number=report.number,
        title=document.abstract,
        issued_on=issued_on,
        signed_by=report.signed_by,
        recipients=document.recipients[:-1],
        note=note,
        now=now,
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:150]
