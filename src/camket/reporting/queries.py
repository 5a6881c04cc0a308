"""Reading reports: their lists, what they say, and whether their figures have changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from camket.actions.queries import Standing, TaskRow, tasks_due
from camket.core.finding import Sought
from camket.core.messages import Message
from camket.core.numbering import body_symbol, next_number, symbol_of
from camket.core.periods import split
from camket.core.plan import Decision, Every, Period, TargetKind
from camket.core.wording.numbers import format_number
from camket.core.wording.text import search_key
from camket.documents.models import Evidence
from camket.documents.queries import read_file
from camket.documents.queries.formalities import set_out, signers_on
from camket.documents.queries.signing import SignerChoice, leaders, proposed, signer_choice
from camket.dossiers.models import Batch
from camket.indicators.catalogue import NamesRead, formula_words
from camket.indicators.models import Reading
from camket.indicators.sources import source
from camket.objectives.details import PlanDetail
from camket.objectives.models import ObjectiveAction, Plan
from camket.objectives.queries import plan_as_format
from camket.objectives.verdicts import PlanVerdicts, TargetVerdict, verdicts_of_plan
from camket.org.models import Agency, Membership, Rhythm, Role
from camket.org.policy import Actor, can, require
from camket.org.queries import held_on, section_choices
from camket.paper.writing.decision import (
    LAYOUT_NAMES,
    Extras,
    Layout,
    decision_document,
    fitting_layout,
    losses,
)
from camket.paper.writing.model import Document
from camket.paper.writing.submission import plan_submission
from camket.registers import queries as registers
from camket.reporting.charts import charts_of
from camket.reporting.composing import Key, Sentence, sentences_from, sentences_of
from camket.reporting.content import (
    EvidenceLine,
    Head,
    ObjectiveLines,
    OpenTask,
    ReportContent,
    TargetLine,
    UnitWork,
)
from camket.reporting.data import Edition, report_data, report_workbook
from camket.reporting.document import Formalities, report_document
from camket.reporting.gathering import gathered
from camket.reporting.kinds import KINDS
from camket.reporting.models import Remark, Report, ReportLine, Subject
from camket.reporting.periods import day_of, last_day_of, name_of, period_name, subject_periods
from camket.reporting.signing import SignedFile
from camket.reporting.told import ToldContent
from camket.reporting.told_data import told_data, told_workbook
from camket.reporting.told_document import told_document
from camket.reporting.unit_targets import of_unit, units_that_report
from camket.reporting.writers import may_write

Content = ReportContent | ToldContent
"""What a report says: on the objectives of a plan, or on another subject."""

KIND_PERIODS: Mapping[str, Every] = {
    Report.Kind.MONTH: Every.MONTH,
    Report.Kind.QUARTER: Every.QUARTER,
    Report.Kind.HALF_YEAR: Every.HALF_YEAR,
    Report.Kind.NINE_MONTHS: Every.NINE_MONTHS,
    Report.Kind.YEAR: Every.YEAR,
}
_USUAL = frozenset({Report.Kind.QUARTER, Report.Kind.HALF_YEAR, Report.Kind.YEAR})
RHYTHM_KINDS: Mapping[str, frozenset[str]] = {
    Rhythm.MONTH: _USUAL,
    Rhythm.QUARTER: _USUAL,
    Rhythm.HALF_YEAR: frozenset({Report.Kind.HALF_YEAR, Report.Kind.YEAR}),
    Rhythm.YEAR: frozenset({Report.Kind.YEAR}),
}
"""Which kinds of report an agency owes that reports in a rhythm; those of a month or of nine months its calendar asks for."""
REPORTED_STATES = (Plan.State.PROMULGATED, Plan.State.CLOSED)
OPEN_STATES = (Report.State.DRAFT, Report.State.SUBMITTED, Report.State.APPROVED)
"""States of a report that is not issued yet."""
_NO_UNIT = "Chưa phân công"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists show it. ``period_name`` and ``name`` are Vietnamese, as in the report's own title.

    ``name`` says what it is about as well, ``period_name`` alone of one on the objectives.
    """

    id: int
    subject: str
    subject_name: str
    name: str
    plan_id: int | None
    unit_id: int | None
    unit: str
    kind: str
    kind_name: str
    version: int
    period: Period
    period_name: str
    state: str
    state_name: str
    number: str
    issued_on: date | None
    issued_at: datetime | None
    signed_by: str
    capacity: str
    authority: str
    assessment: str
    difficulties: str
    proposals: str
    correction: str
    docx_id: int | None
    pdf_id: int | None
    workbook_id: int | None
    data_id: int | None
    signed_id: int | None
    signed: SignedFile | None
    supersedes_id: int | None
    created_at: datetime
    created_by: str
    submitted_at: datetime | None
    submitted_by: str
    approved_at: datetime | None
    approved_by: str
    returned: str
    narrative: Mapping[str, Any]

    @property
    def sentences(self) -> dict[Key, Sentence]:
        """The sentences that it keeps, by target or statement."""
        return sentences_from(self.narrative)

    @property
    def is_on_objectives(self) -> bool:
        """Whether it tells of a plan's targets, not of another subject."""
        return self.subject == Subject.OBJECTIVES

    @property
    def is_open(self) -> bool:
        """Whether it is not issued yet: written, waiting for approval, or approved."""
        return self.state in OPEN_STATES

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for a leader's approval."""
        return self.state == Report.State.SUBMITTED

    @property
    def is_approved(self) -> bool:
        """Whether a leader approved it, and number and date are missing."""
        return self.state == Report.State.APPROVED

    @property
    def is_draft(self) -> bool:
        """Whether it can still be written."""
        return self.state == Report.State.DRAFT

    @property
    def is_issued(self) -> bool:
        """Whether it is in force: issued and not replaced."""
        return self.state == Report.State.ISSUED


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """A period of a plan that can be reported, and the report of it, if there is one.

    ``is_due`` where it is over, has no report, and the agency's rhythm calls for that kind of report.
    """

    plan_id: int
    kind: str
    period: Period
    name: str
    is_over: bool
    is_due: bool
    report_id: int | None


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A target whose result is another now than when the report was issued; ``since`` is when the first change came.

    ``since`` is None where no import and no reading since the issue explains it: it is measured in another way now. Of
    another subject than the objectives it is a measure or a table: ``target_id`` and ``since`` are None.
    """

    target_id: int | None
    target: str
    then: str
    now: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """A layout of a plan's table: what it is called, what of the plan it would lose, and whether it loses least."""

    layout: str
    name: Message
    losses: tuple[Message, ...]
    is_best: bool


def reports(actor: Actor) -> tuple[ReportRow, ...]:
    """Return the agency's reports that were not discarded, newest period first, newest version first."""
    require(actor, "plan.view")
    rows = _rows(actor).exclude(state=Report.State.DISCARDED).order_by("-period_end", "kind", "-version")
    return tuple(_row(report) for report in rows)


def find_reports(actor: Actor, wanted: Sought, *, at_most: int) -> tuple[int, tuple[ReportRow, ...]]:
    """Return how many reports hold the words in their name, number or text, and the newest of them. One SQL statement.

    A report is called by its kind and period, which no column keeps: an agency writes a few a year, so all are read.
    """
    require(actor, "plan.view")
    gone = (Report.State.DISCARDED, Report.State.REPLACED)
    rows = _rows(actor).defer("snapshot").exclude(state__in=gone).order_by("-period_end", "kind", "-version")
    found = [
        row for row in map(_row, rows) if all(word in search_key(_said_in(row)) for word in wanted.words)
    ]
    return len(found), tuple(found[:at_most])


def _said_in(row: ReportRow) -> str:
    said = (row.kind_name, row.name, row.number, row.assessment, row.difficulties, row.proposals)
    return " ".join(said)


def report(actor: Actor, report_id: int) -> ReportRow:
    """Return one report; raises Report.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    return _row(_rows(actor).get(pk=report_id))


def report_and_content(actor: Actor, report_id: int, today: date) -> tuple[ReportRow, Content]:
    """Return one report with what it says; raises Report.DoesNotExist for another agency's."""
    row, content = kept_and_content(actor, report_id, today)
    return _row(row), content


def kept_and_content(actor: Actor, report_id: int, today: date) -> tuple[Report, Content]:
    """Return what :func:`report_and_content` does, the report as it is kept: for who makes something of it."""
    require(actor, "plan.view")
    row = _rows(actor).get(pk=report_id)
    return row, _content_of(actor, row, today)


def sentences(actor: Actor, report_id: int) -> dict[Key, Sentence]:
    """Return the sentences that a report keeps, by target or statement; raises Report.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    return sentences_of(Report.objects.only("narrative").get(pk=report_id, agency_id=actor.agency_id))


def versions(actor: Actor, this: ReportRow) -> tuple[ReportRow, ...]:
    """Return all versions of the report of the same subject, plan, unit and period, newest first."""
    require(actor, "plan.view")
    same = same_report(
        agency_id=actor.agency_id,
        subject=this.subject,
        plan_id=this.plan_id,
        unit_id=this.unit_id,
        kind=this.kind,
        period_end=this.period.end,
    )
    rows = _with_names(same)
    return tuple(_row(each) for each in rows.exclude(state=Report.State.DISCARDED).order_by("-version"))


def versions_of(report: Report) -> QuerySet[Report]:
    """Return the versions of a report's subject, plan, unit and period, itself among them."""
    return same_report(
        agency_id=report.agency_id,
        subject=report.subject,
        plan_id=report.plan_id,
        unit_id=report.unit_id,
        kind=report.kind,
        period_end=report.period_end,
    )


def same_report(
    *, agency_id: int, subject: str, plan_id: int | None, unit_id: int | None, kind: str, period_end: date
) -> QuerySet[Report]:
    """Return the versions of an agency's report of a subject, plan, unit and period."""
    of: dict[str, Any] = {"plan": plan_id, "unit": unit_id}
    return Report.objects.filter(agency_id=agency_id, subject=subject, kind=kind, period_end=period_end, **of)


def report_choices(actor: Actor, today: date, unit_id: int | None = None) -> tuple[ReportChoice, ...]:
    """Return what can be reported of the agency or a unit: the begun periods of plans in force or closed, latest first."""
    require(actor, "plan.view")
    expected = RHYTHM_KINDS[Agency.objects.values_list("rhythm", flat=True).get(pk=actor.agency_id)]
    written = {
        (plan_id, kind, start, end): pk
        for pk, plan_id, kind, start, end in Report.objects.filter(
            _unit_is(unit_id), agency_id=actor.agency_id, subject=Subject.OBJECTIVES
        )
        .exclude(state__in=(Report.State.DISCARDED, Report.State.REPLACED))
        .order_by("version")
        .values_list("pk", "plan_id", "kind", "period_start", "period_end")
    }
    plans = Plan.objects.filter(
        agency_id=actor.agency_id, state__in=REPORTED_STATES, period_start__lte=today
    ).order_by("-period_start", "-version")
    return tuple(
        ReportChoice(
            plan_id=plan_id,
            kind=kind,
            period=period,
            name=period_name(kind, period),
            is_over=period.end < today,
            is_due=period.end < today
            and kind in expected
            and (plan_id, kind, period.start, period.end) not in written,
            report_id=written.get((plan_id, kind, period.start, period.end)),
        )
        for plan_id, start, end in plans.values_list("pk", "period_start", "period_end")
        for kind in reversed(tuple(KIND_PERIODS))
        for period in reversed(report_periods(kind, Period(start, end)))
        if period.start <= today
    )


def _unit_is(unit_id: int | None) -> Q:
    return Q(unit__isnull=True) if unit_id is None else Q(unit_id=unit_id)


def units_to_report(actor: Actor, today: date) -> tuple[tuple[int, str], ...]:
    """Return the units with targets of the plan judged today whose reports the actor writes; two SQL statements."""
    if not can(actor, "report.unit"):
        return ()
    found = units_that_report(actor.agency_id, Period(today, today))
    # A former unit writes no report: who took over from it does.
    in_use = dict(section_choices(actor))
    return tuple((pk, name) for pk, name in found.items() if pk in in_use and may_write(actor, pk))


@dataclass(frozen=True, slots=True)
class SubjectChoice:
    """A period for which a report of another subject than the objectives can be made and there is none."""

    subject: str
    kind: str
    period: Period
    name: str
    is_over: bool


def subject_choices(actor: Actor, today: date) -> tuple[SubjectChoice, ...]:
    """Return the periods of this year and the last that no report of a subject tells of yet, the latest first.

    A kind's reporting year is that of the agency's calendar where it has a line of it. Two SQL statements.
    """
    require(actor, "plan.view")
    written = set(
        Report.objects.filter(agency_id=actor.agency_id, unit=None)
        .exclude(subject=Subject.OBJECTIVES)
        .exclude(state__in=(Report.State.DISCARDED, Report.State.REPLACED))
        .values_list("subject", "kind", "period_end")
    )
    own = dict(
        ReportLine.objects.filter(agency_id=actor.agency_id, is_ended=False)
        .order_by("pk")
        .values_list("subject", "year_starts")
    )
    return tuple(
        SubjectChoice(subject, pace, period, period_name(pace, period), period.end < today)
        for subject, kind in KINDS.items()
        for pace in kind.paces
        for period in subject_periods(pace, own.get(subject, kind.year_starts), today)
        if (subject, pace, period.end) not in written
    )


def report_periods(kind: str, plan_period: Period) -> tuple[Period, ...]:
    """Return the periods of a plan that a kind of report covers.

    A report of the half-year or year covers the plan from its beginning; the second half is the year's.
    """
    found = split(plan_period, KIND_PERIODS[kind])
    return found[:1] if kind == Report.Kind.HALF_YEAR else found


def report_content(actor: Actor, report_id: int, today: date) -> Content:
    """Return what a report says: live for a draft, its snapshot once issued."""
    return report_and_content(actor, report_id, today)[1]


def _content_of(actor: Actor, row: Report, today: date) -> Content:
    if row.snapshot is not None:
        return content_from(row)
    return live_content(actor, row, today)


def content_from(row: Report) -> Content:
    """Return what an issued report says, from its snapshot; raises ValueError where it has none."""
    read = ReportContent.from_json if row.subject == Subject.OBJECTIVES else ToldContent.from_json
    return read(row.snapshot or {})


def live_content(actor: Actor, row: Report, today: date, *, with_charts: bool = False) -> Content:
    """Return what a report would say if issued today: from the rows as they are now.

    Its charts only where its paper is wanted: they cost a few SQL statements more.

    Of another subject than the objectives its figures are those that it was composed with; that they have changed since
    is found when it is submitted and issued (:func:`camket.reporting.composing.changed_since`).
    """
    if row.subject != Subject.OBJECTIVES:
        return _told(actor, row, today)
    period = Period(row.period_start, row.period_end)
    content = _content_on(actor, row, period, day_of(row, today), today, with_charts=with_charts)
    remarks = {
        target_id: (reason, remedy)
        for target_id, reason, remedy in Remark.objects.filter(report_id=row.pk).values_list(
            "target_id", "reason", "remedy"
        )
    }
    return replace(
        content.remarked(remarks).told(
            {
                key: (each.said, each.figures)
                for key, each in sentences_of(row).items()
                if isinstance(key, int)
            }
        ),
        assessment=row.assessment,
        difficulties=row.difficulties,
        proposals=row.proposals,
    )


def _told(actor: Actor, row: Report, today: date) -> ToldContent:
    if row.gathered is None:
        content = gathered(actor, row, last_day_of(row, today), today)
    else:
        content = ToldContent.from_json(row.gathered)
    said = {str(key): each.said for key, each in sentences_of(row).items()}
    return replace(
        content.told(said),
        assessment=row.assessment,
        difficulties=row.difficulties,
        proposals=row.proposals,
    )


def written(content: Content, formalities: Formalities) -> Document:
    """Return what a report says as the official document that it is."""
    if isinstance(content, ToldContent):
        return told_document(content, formalities)
    return report_document(content, formalities)


def reckoned(content: Content, formalities: Formalities, edition: Edition, file_format: str) -> bytes:
    """Return what a report says as XLSX or JSON."""
    if isinstance(content, ToldContent):
        write_told = told_workbook if file_format == "xlsx" else told_data
        return write_told(content, formalities, edition)
    write = report_workbook if file_format == "xlsx" else report_data
    return write(content, formalities, edition)


def changes_since_issue(actor: Actor, report_id: int, today: date) -> tuple[FigureChange, ...]:
    """Return the targets (of other subjects the measures) whose figures of the report's days are others now than when issued.

    What became of the periods that it compares with is told by their own reports.
    """
    return report_and_changes(actor, report_id, today)[1]


def report_and_changes(
    actor: Actor, report_id: int, today: date
) -> tuple[ReportRow, tuple[FigureChange, ...]]:
    """Return a report with what :func:`changes_since_issue` says of it; raises Report.DoesNotExist."""
    require(actor, "plan.view")
    row = _rows(actor).get(pk=report_id)
    return _row(row), _changes_since_issue(actor, row, today)


def _changes_since_issue(actor: Actor, row: Report, today: date) -> tuple[FigureChange, ...]:
    if row.snapshot is None:
        return ()
    frozen = content_from(row)
    if isinstance(frozen, ToldContent):
        now = gathered(actor, row, frozen.head.as_of, today, with_earlier=False)
        return tuple(
            FigureChange(None, each.name, each.then, each.now, None)
            for each in frozen.changes(now, own_days=True)
        )
    with translation.override("vi"):
        judged = {
            target.target_id: target
            for target in verdicts_of_plan(
                actor, frozen.head.plan_id, frozen.head.as_of, today=today, until=frozen.head.last_day
            ).targets
        }
        names = NamesRead(row.agency_id)
        lines = {target_id: _target_line(target, names) for target_id, target in judged.items()}
    changed = [
        then
        for then in frozen.targets
        if then.target_id in lines and lines[then.target_id].measured() != then.measured()
    ]
    since = _changed_since(row, [judged[then.target_id] for then in changed], frozen.head.last_day)
    return tuple(
        FigureChange(
            then.target_id,
            then.text,
            _result(then),
            _result(lines[then.target_id]),
            since.get(then.target_id),
        )
        for then in changed
    )


def _changed_since(row: Report, targets: Sequence[TargetVerdict], upto: date) -> dict[int, datetime]:
    """Return for each target when, after the issue, the first import or reading came that touches its days."""
    if not targets or row.issued_at is None:
        return {}
    start, issued = row.period_start if row.plan is None else row.plan.period_start, row.issued_at
    first_import: datetime | None = None
    if any(target.counted is not None for target in targets):
        touching = Batch.objects.filter(agency_id=row.agency_id, first_day__lte=upto, last_day__gte=start)
        moments = touching.aggregate(
            ended=Min("ended_at", filter=Q(ended_at__gt=issued)),
            undone=Min("undone_at", filter=Q(undone_at__gt=issued)),
        )
        first_import = min((each for each in moments.values() if each is not None), default=None)
    indicators = {target.indicator.id: target.target_id for target in targets if target.indicator is not None}
    readings = Reading.objects.filter(
        indicator_id__in=indicators, period_end__lte=upto, period_end__gte=start
    )
    found: dict[int, datetime] = {}
    for indicator_id, confirmed, withdrawn in readings.values_list("indicator_id").annotate(
        first_confirmed=Min("confirmed_at", filter=Q(confirmed_at__gt=issued)),
        first_withdrawn=Min("withdrawn_at", filter=Q(withdrawn_at__gt=issued)),
    ):
        first = min((each for each in (confirmed, withdrawn) if each is not None), default=None)
        if first is not None:
            found[indicators[indicator_id]] = first
    if first_import is not None:
        for target in targets:
            if target.counted is not None:
                found[target.target_id] = min(first_import, found.get(target.target_id, first_import))
    return found


def report_as_paper(actor: Actor, report_id: int, today: date) -> tuple[ReportRow, Document]:
    """Return a report and the official document that it is, or would be if issued today."""
    require(actor, "plan.view")
    row = _rows(actor).get(pk=report_id)
    content = (
        content_from(row) if row.snapshot is not None else live_content(actor, row, today, with_charts=True)
    )
    return _row(row), set_out(actor.agency_id, written(content, formalities_of(row)), today)


def document_of(actor: Actor, report_id: int, today: date) -> Document:
    """Return a report as the official document that it is, or would be if issued today."""
    return report_as_paper(actor, report_id, today)[1]


def formalities_of(row: Report) -> Formalities:
    """Return number, date and signer of a report as a document needs them."""
    return Formalities(
        number=row.number,
        issued_on=row.issued_on,
        signed_by=row.signed_by,
        capacity=row.capacity,
        authority=row.authority,
        replaces=row.supersedes.number if row.supersedes else "",
        replaced_on=row.supersedes.issued_on if row.supersedes else None,
        correction=row.correction,
    )


def edition_of(row: Report) -> Edition:
    """Return which version a report is and what it corrects."""
    return Edition(row.version, row.supersedes.number if row.supersedes else "", row.correction)


def data_file(actor: Actor, report_id: int, file_format: str, today: date) -> bytes:
    """Return a report as XLSX or JSON, as it was kept on issue, else as it would be if issued today.

    A report that was issued before these were kept is written from its snapshot. Raises FileDamaged.
    """
    require(actor, "plan.view")
    row = _rows(actor).select_related("supersedes").get(pk=report_id)
    kept = row.workbook_id if file_format == "xlsx" else row.data_id
    if kept is not None:
        return read_file(actor, kept)
    return reckoned(_content_of(actor, row, today), formalities_of(row), edition_of(row), file_format)


def layout_choices(actor: Actor, plan_id: int) -> tuple[LayoutChoice, ...]:
    """Return the layouts in which a plan's decision can be written, each with what it would lose."""
    plan = plan_as_format(actor, plan_id)
    best = fitting_layout(plan)
    return tuple(
        LayoutChoice(layout.value, LAYOUT_NAMES[layout], losses(plan, layout), layout is best)
        for layout in Layout
    )


def decision_of(
    actor: Actor, plan_id: int, layout: str, today: date, *, detail: PlanDetail | None = None
) -> Document:
    """Return the decision that promulgates a plan, in a layout; raises ValueError for an unknown layout.

    ``detail`` is the plan as the caller has read it, which spares reading it again.

    What a plan that was typed here leaves open is the agency's: its name, its place, its chairman.
    """
    plan = plan_as_format(actor, plan_id) if detail is None else detail.as_format()
    agency = Agency.objects.get(pk=actor.agency_id)
    decision = plan.decision or Decision(kind="QĐ")
    if not (decision.signed_by or decision.capacity or decision.authority):
        signer = signer_choice(actor, today, decision.kind)
        decision = replace(
            decision,
            signed_by=signer.name or None,
            capacity=signer.capacity or None,
            authority=signer.authority or None,
        )
    plan = replace(
        plan,
        agency=replace(plan.agency, name=plan.agency.name or agency.name),
        decision=replace(decision, place=decision.place or agency.place or None),
    )
    document = decision_document(
        plan, Layout(layout), Extras(issuer=agency.full_name, superior=agency.superior_name)
    )
    return set_out(actor.agency_id, document, today)


def submission_of(actor: Actor, plan_id: int, today: date, *, detail: PlanDetail | None = None) -> Document:
    """Return the submission that lays a plan's draft decision before the chairman; see :func:`decision_of`."""
    plan = plan_as_format(actor, plan_id) if detail is None else detail.as_format()
    agency = Agency.objects.get(pk=actor.agency_id)
    document = plan_submission(plan, agency=agency.full_name, place=agency.place, on=today)
    return set_out(actor.agency_id, document, today)


def proposed_for_issue(actor: Actor, on: date, of: ReportRow | None = None) -> tuple[str, SignerChoice]:
    """Return the number that follows in the year's series of reports, and who signs; of a unit's report its own series and head.

    The series is that of the outgoing documents, with the reports that were issued here before they were entered there.
    """
    require(actor, "plan.view")
    if of is not None and of.unit_id is not None:
        return _proposed_of_unit(of.unit_id, of.unit, on)
    # One row even where nothing was issued yet: the agency's name is wanted in any case.
    rows = list(
        Agency.objects.filter(pk=actor.agency_id).values_list(
            "full_name", "reports__issued_on", "reports__number", *leaders(on)
        )
    )
    known = [(day, number) for _, day, number, *_leading in rows if day is not None]
    agency, _, _, chairman, deputy_id, names_signers = rows[0]
    known += registers.given_numbers(actor, series=_symbol(agency), year=on.year)
    number = str(next_number(known, _symbol(agency), on))
    return number, proposed(
        actor, on, agency, chairman, deputy_id, signers_on(actor.agency_id, on, "BC") if names_signers else ()
    )


def _proposed_of_unit(unit_id: int, unit: str, on: date) -> tuple[str, SignerChoice]:
    known = Report.objects.filter(unit_id=unit_id, issued_on__isnull=False).values_list("issued_on", "number")
    head = (
        Membership.objects.filter(held_on(on), unit_id=unit_id, role=Role.HEAD)
        .order_by("pk")
        .values_list("person__full_name", flat=True)
        .first()
    )
    capacity = next((word for start, word in _HEADS.items() if unit.casefold().startswith(start)), "")
    number = next_number([(day, said) for day, said in known if day], symbol_of("BC", body_symbol(unit)), on)
    return str(number), SignerChoice(authority="", capacity=capacity, name=head or "")


_HEADS = {
    "văn phòng": "CHÁNH VĂN PHÒNG",
    "phòng": "TRƯỞNG PHÒNG",
    "trung tâm": "GIÁM ĐỐC",
    "ban": "TRƯỞNG BAN",
}
"""How the head of a unit signs, by how the unit's name begins."""


def report_symbol(agency_id: int) -> str:
    """Return the symbol of the agency's reports, such as BC-UBND."""
    return _symbol(Agency.objects.values_list("full_name", flat=True).get(pk=agency_id))


def _symbol(full_name: str) -> str:
    return symbol_of("BC", body_symbol(full_name))


def _rows(actor: Actor) -> QuerySet[Report]:
    return _with_names(Report.objects.filter(agency_id=actor.agency_id))


def _with_names(rows: QuerySet[Report]) -> QuerySet[Report]:
    return rows.select_related("agency", "plan", "unit", "created_by", "submitted_by", "approved_by").defer(
        "plan__source", "plan__head_source"
    )


def _row(row: Report) -> ReportRow:
    period = Period(row.period_start, row.period_end)
    return ReportRow(
        id=row.pk,
        subject=row.subject,
        subject_name=row.get_subject_display(),
        name=name_of(row),
        plan_id=row.plan_id,
        unit_id=row.unit_id,
        unit=row.unit.name if row.unit else "",
        kind=row.kind,
        kind_name=row.get_kind_display(),
        version=row.version,
        period=period,
        period_name=period_name(row.kind, period),
        state=row.state,
        state_name=row.get_state_display(),
        number=row.number,
        issued_on=row.issued_on,
        issued_at=row.issued_at,
        signed_by=row.signed_by,
        capacity=row.capacity,
        authority=row.authority,
        assessment=row.assessment,
        difficulties=row.difficulties,
        proposals=row.proposals,
        correction=row.correction,
        docx_id=row.docx_id,
        pdf_id=row.pdf_id,
        workbook_id=row.workbook_id,
        data_id=row.data_id,
        signed_id=row.signed_id,
        signed=SignedFile.from_json(row.signatures) if row.signatures else None,
        supersedes_id=row.supersedes_id,
        created_at=row.created_at,
        created_by=row.created_by.full_name,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by.full_name if row.submitted_by else "",
        approved_at=row.approved_at,
        approved_by=row.approved_by.full_name if row.approved_by else "",
        returned=row.returned,
        narrative=row.narrative or {},
    )


def _content_on(
    actor: Actor, row: Report, period: Period, on: date, today: date, *, with_charts: bool
) -> ReportContent:
    plan, agency = row.plan, row.agency
    if plan is None:
        raise ValueError(f"report {row.pk} is on {row.subject}, not on a plan")
    with translation.override("vi"):
        until = min(on, last_day_of(row, today))
        verdicts = of_unit(verdicts_of_plan(actor, plan.pk, on, today=today, until=until), row.unit_id)
        actions = ObjectiveAction.objects.filter(objective__plan_id=plan.pk).values("action_id")
        tasks = tasks_due(actor, actions, period.start, period.end, on)
        if row.unit_id is not None:
            tasks = tuple(each for each in tasks if each.unit_id == row.unit_id)
        return ReportContent(
            tells_shortfall=True,
            head=Head(
                agency_name=agency.name,
                agency_full_name=agency.full_name,
                superior_name=agency.superior_name,
                place=agency.place,
                plan_id=plan.pk,
                plan_year=plan.year,
                decision_kind=plan.kind,
                decision_number=plan.number,
                decided_on=plan.decided_on,
                kind=row.kind,
                period_name=period_name(row.kind, period),
                period_start=period.start,
                period_end=period.end,
                as_of=on,
                until=until,
                unit_name=row.unit.name if row.unit else "",
            ),
            objectives=_objectives(verdicts, actor.agency_id),
            work=_work(tasks),
            open_tasks=tuple(
                OpenTask(
                    objective=task.objective_number,
                    action=task.action_text,
                    label=_said(task.label) if task.label else task.label_text,
                    unit=task.unit_name or task.assignee_name or _NO_UNIT,
                    due_on=task.due_on,
                    done_on=task.done_on,
                )
                for task in tasks
                if task.standing in {Standing.OVERDUE, Standing.DONE_LATE}
            ),
            evidence=_evidence(actor, tasks, verdicts),
            charts=charts_of(actor.agency_id, verdicts, until) if with_charts else (),
        )


def results_on(
    actor: Actor, plan_id: int, on: date, *, today: date, until: date | None = None
) -> tuple[ObjectiveLines, ...]:
    """Return the objectives of a plan with their results on a day, counted up to ``until``, in the words of a report."""
    with translation.override("vi"):
        return _objectives(verdicts_of_plan(actor, plan_id, on, today=today, until=until), actor.agency_id)


def _objectives(verdicts: PlanVerdicts, agency_id: int) -> tuple[ObjectiveLines, ...]:
    names = NamesRead(agency_id)
    return tuple(
        ObjectiveLines(
            number=objective.number,
            text=objective.text,
            state=objective.state.value,
            targets=tuple(_target_line(target, names) for target in objective.targets),
        )
        for objective in verdicts.objectives
    )


def _target_line(row: TargetVerdict, names: NamesRead) -> TargetLine:
    verdict = row.verdict
    return TargetLine(
        target_id=row.target_id,
        text=row.target.text,
        goal=_goal(row),
        shown=verdict.shown,
        numerator=_number(verdict.numerator),
        denominator=_number(verdict.denominator),
        state=verdict.state.value,
        is_final=verdict.is_final,
        is_striving=verdict.is_striving,
        because=_said(verdict.reason),
        source=_source(row),
        readings=tuple(figure.key for figure in verdict.used if figure.key is not None),
        formula=formula_words(row.counted.formula, names_read=names)
        if row.counted and row.is_counted
        else "",
        value="" if verdict.value is None else format(verdict.value.normalize(), "f"),
        unit=row.target.unit or "",
        first_day=verdict.covered.start.isoformat() if verdict.covered else "",
        last_day=verdict.covered.end.isoformat() if verdict.covered else "",
    )


def _source(row: TargetVerdict) -> str:
    """Return where a figure comes from: the records it is counted from, else what the reading says."""
    if row.counted is not None and row.is_counted:
        return gettext(source(row.counted.formula.source).title)
    return row.provenance.source if row.provenance else ""


def _goal(row: TargetVerdict) -> str:
    """Return the goal as a report writes it: that nothing of a kind happens is no number."""
    target = row.target
    if target.kind is TargetKind.AT_MOST and target.value == 0:
        return "Không xảy ra"
    return row.verdict.goal


def _work(tasks: Iterable[TaskRow]) -> tuple[UnitWork, ...]:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for task in tasks:
        column = {
            Standing.DONE: "on_time",
            Standing.DONE_LATE: "late",
            Standing.SUBMITTED: "waiting",
            Standing.OVERDUE: "overdue",
        }.get(task.standing, "not_yet_due")
        counts[task.unit_name or task.assignee_name or _NO_UNIT][column] += 1
    return tuple(
        UnitWork(unit, **counts[unit]) for unit in sorted(counts, key=lambda unit: (unit == _NO_UNIT, unit))
    )


def _evidence(actor: Actor, tasks: Iterable[TaskRow], verdicts: PlanVerdicts) -> tuple[EvidenceLine, ...]:
    """Return the evidence of the period's tasks that were done and of the readings counted, each once."""
    done = {
        task.id: task.objective_number
        for task in tasks
        if task.standing in {Standing.DONE, Standing.DONE_LATE, Standing.SUBMITTED}
    }
    read = {
        figure.key: objective.number
        for objective in verdicts.objectives
        for target in objective.targets
        for figure in target.verdict.used
        if figure.key is not None
    }
    rows = (
        Evidence.objects.filter(agency_id=actor.agency_id, is_withdrawn=False)
        .filter(Q(tasks__in=list(done)) | Q(readings__in=list(read)))
        .order_by("added_at", "pk")
        .values_list("pk", "title", "document_number", "document_date", "tasks__pk", "readings__pk")
    )
    lines: dict[int, EvidenceLine] = {}
    for pk, title, number, day, task_id, reading_id in rows:
        objective = done.get(task_id) or read.get(reading_id) or ""
        if pk not in lines or (objective and not lines[pk].objective):
            lines[pk] = EvidenceLine(title, number, day, objective)
    return tuple(lines.values())


def _result(line: TargetLine) -> str:
    """Return a target's result and verdict in one phrase."""
    return f"{line.shown} – {line.state_word}" if line.shown else line.state_word


def _number(value: Decimal | None) -> str:
    return "" if value is None else format_number(value)


def _said(message: Message) -> str:
    text = gettext(message.template)
    return text % message.params if message.params else text
