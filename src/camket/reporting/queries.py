"""Reading reports: their lists, what they say, and whether their figures have changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext

from camket.actions.queries import Standing, TaskRow, tasks_due
from camket.core.finding import Sought
from camket.core.messages import Message
from camket.core.numbering import body_symbol, next_number, symbol_of
from camket.core.periods import ROMAN, split, whole_months
from camket.core.plan import Decision, Every, Period, TargetKind
from camket.core.wording.numbers import format_number
from camket.core.wording.text import search_key
from camket.documents.models import Evidence
from camket.documents.queries import read_file
from camket.dossiers.models import Batch
from camket.indicators.catalogue import NamesRead, formula_words
from camket.indicators.models import Reading
from camket.indicators.sources import source
from camket.objectives.details import PlanDetail
from camket.objectives.models import ObjectiveAction, Plan
from camket.objectives.queries import plan_as_format
from camket.objectives.verdicts import PlanVerdicts, TargetVerdict, verdicts_of_plan
from camket.org.models import Agency, Delegation, Membership, Rhythm, Role
from camket.org.policy import Actor, require
from camket.org.queries import held_on
from camket.paper.writing.decision import (
    LAYOUT_NAMES,
    Extras,
    Layout,
    decision_document,
    fitting_layout,
    losses,
)
from camket.paper.writing.model import Document
from camket.registers import queries as registers
from camket.reporting.composing import Sentence, sentences_of
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
from camket.reporting.models import Remark, Report
from camket.reporting.signing import SignedFile

KIND_PERIODS: Mapping[str, Every] = {
    Report.Kind.QUARTER: Every.QUARTER,
    Report.Kind.HALF_YEAR: Every.HALF_YEAR,
    Report.Kind.YEAR: Every.YEAR,
}
RHYTHM_KINDS: Mapping[str, frozenset[str]] = {
    Rhythm.MONTH: frozenset(KIND_PERIODS),
    Rhythm.QUARTER: frozenset(KIND_PERIODS),
    Rhythm.HALF_YEAR: frozenset({Report.Kind.HALF_YEAR, Report.Kind.YEAR}),
    Rhythm.YEAR: frozenset({Report.Kind.YEAR}),
}
"""Which kinds of report an agency owes that reports in a rhythm."""
REPORTED_STATES = (Plan.State.PROMULGATED, Plan.State.CLOSED)
OPEN_STATES = (Report.State.DRAFT, Report.State.SUBMITTED, Report.State.APPROVED)
"""States of a report that is not issued yet."""
_NO_UNIT = "Chưa phân công"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists show it. ``period_name`` is Vietnamese, as in the report's own title."""

    id: int
    plan_id: int
    plan_year: int
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
    def sentences(self) -> dict[int, Sentence]:
        """The sentences that it keeps, by target."""
        return {int(key): Sentence(**value) for key, value in self.narrative.items()}

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

    ``since`` is None where no import and no reading since the issue explains it: it is measured in another way now.
    """

    target_id: int
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


@dataclass(frozen=True, slots=True)
class SignerChoice:
    """How the agency's leader signs, proposed for the form."""

    name: str = ""
    capacity: str = ""
    authority: str = ""


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
    said = (row.kind_name, row.period_name, row.number, row.assessment, row.difficulties, row.proposals)
    return " ".join(said)


def report(actor: Actor, report_id: int) -> ReportRow:
    """Return one report; raises Report.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    return _row(_rows(actor).get(pk=report_id))


def report_and_content(actor: Actor, report_id: int, today: date) -> tuple[ReportRow, ReportContent]:
    """Return one report with what it says; raises Report.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    row = _rows(actor).get(pk=report_id)
    return _row(row), _content_of(actor, row, today)


def sentences(actor: Actor, report_id: int) -> dict[int, Sentence]:
    """Return the sentences that a report keeps, by target; raises Report.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    return sentences_of(Report.objects.only("narrative").get(pk=report_id, agency_id=actor.agency_id))


def versions(actor: Actor, this: ReportRow) -> tuple[ReportRow, ...]:
    """Return all versions of the report of the same plan and period, newest first."""
    require(actor, "plan.view")
    rows = _rows(actor).filter(plan_id=this.plan_id, kind=this.kind, period_end=this.period.end)
    return tuple(_row(each) for each in rows.exclude(state=Report.State.DISCARDED).order_by("-version"))


def report_choices(actor: Actor, today: date) -> tuple[ReportChoice, ...]:
    """Return what can be reported: the begun periods of plans in force or closed, latest first."""
    require(actor, "plan.view")
    expected = RHYTHM_KINDS[Agency.objects.values_list("rhythm", flat=True).get(pk=actor.agency_id)]
    written = {
        (plan_id, kind, start, end): pk
        for pk, plan_id, kind, start, end in Report.objects.filter(agency_id=actor.agency_id)
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
        for kind in (Report.Kind.YEAR, Report.Kind.HALF_YEAR, Report.Kind.QUARTER)
        for period in reversed(report_periods(kind, Period(start, end)))
        if period.start <= today
    )


def report_periods(kind: str, plan_period: Period) -> tuple[Period, ...]:
    """Return the periods of a plan that a kind of report covers.

    A report of the half-year or year covers the plan from its beginning; the second half is the year's.
    """
    found = split(plan_period, KIND_PERIODS[kind])
    return found[:1] if kind == Report.Kind.HALF_YEAR else found


def period_name(kind: str, period: Period) -> str:
    """Return what a report calls its period, in Vietnamese.

    A period that begins in the middle of a month is named after the months in which it ends.
    """
    year, month = period.end.year, period.end.month
    if kind == Report.Kind.YEAR:
        return f"năm {year}"
    if kind == Report.Kind.HALF_YEAR:
        return f"6 tháng {'đầu' if month <= 6 else 'cuối'} năm {year}"
    months = whole_months(period)
    if kind == Report.Kind.NINE_MONTHS:
        return f"9 tháng đầu năm {year}"
    if kind == Report.Kind.MONTH and months == 1:
        return f"tháng {month} năm {year}"
    if months == 3 and month % 3 == 0:
        return f"quý {ROMAN[month // 3 - 1]} năm {year}"
    return f"từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"


def report_content(actor: Actor, report_id: int, today: date) -> ReportContent:
    """Return what a report says: live for a draft, its snapshot once issued."""
    return report_and_content(actor, report_id, today)[1]


def _content_of(actor: Actor, row: Report, today: date) -> ReportContent:
    if row.snapshot is not None:
        return ReportContent.from_json(row.snapshot)
    return live_content(actor, row, today)


def live_content(actor: Actor, row: Report, today: date) -> ReportContent:
    """Return what a report would say if issued today, from the rows as they are now."""
    period = Period(row.period_start, row.period_end)
    content = _content_on(actor, row, period, day_of(row, today), today)
    remarks = {
        target_id: (reason, remedy)
        for target_id, reason, remedy in Remark.objects.filter(report_id=row.pk).values_list(
            "target_id", "reason", "remedy"
        )
    }
    return replace(
        content.remarked(remarks).told(
            {key: (each.said, each.figures) for key, each in sentences_of(row).items()}
        ),
        assessment=row.assessment,
        difficulties=row.difficulties,
        proposals=row.proposals,
    )


def as_of(period: Period, today: date) -> date:
    """Return the day of a report's figures: today while the period runs, else the day after its end.

    On the day after a year's end its verdicts are final.
    """
    return min(today, period.end + timedelta(days=1))


def day_of(row: Report, today: date) -> date:
    """Return the day of a report's figures, as :func:`as_of`; its calendar may cut them off before the period's end."""
    day = as_of(Period(row.period_start, row.period_end), today)
    return min(day, row.cut_off + timedelta(days=1)) if row.cut_off else day


def changes_since_issue(actor: Actor, report_id: int, today: date) -> tuple[FigureChange, ...]:
    """Return the targets whose figures of the report's days are others now than in its snapshot."""
    require(actor, "plan.view")
    row = _rows(actor).get(pk=report_id)
    if row.snapshot is None:
        return ()
    frozen = ReportContent.from_json(row.snapshot)
    with translation.override("vi"):
        judged = {
            target.target_id: target
            for target in verdicts_of_plan(actor, row.plan_id, frozen.head.as_of, today=today).targets
        }
        names = NamesRead(row.agency_id)
        now = {target_id: _target_line(target, names) for target_id, target in judged.items()}
    changed = [
        then
        for then in frozen.targets
        if then.target_id in now and now[then.target_id].measured() != then.measured()
    ]
    since = _changed_since(row, [judged[then.target_id] for then in changed], frozen.head.as_of)
    return tuple(
        FigureChange(
            then.target_id, then.text, _result(then), _result(now[then.target_id]), since.get(then.target_id)
        )
        for then in changed
    )


def _changed_since(row: Report, targets: Sequence[TargetVerdict], upto: date) -> dict[int, datetime]:
    """Return for each target when, after the issue, the first import or reading came that touches its days."""
    if not targets or row.issued_at is None:
        return {}
    start, issued = row.plan.period_start, row.issued_at
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


def document_of(actor: Actor, report_id: int, today: date) -> Document:
    """Return a report as the official document that it is, or would be if issued today."""
    require(actor, "plan.view")
    row = _rows(actor).get(pk=report_id)
    return report_document(_content_of(actor, row, today), formalities_of(row))


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
    write = report_workbook if file_format == "xlsx" else report_data
    return write(_content_of(actor, row, today), formalities_of(row), edition_of(row))


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
        signer = signer_choice(actor, today)
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
    return decision_document(
        plan, Layout(layout), Extras(issuer=agency.full_name, superior=agency.superior_name)
    )


def proposed_for_issue(actor: Actor, on: date) -> tuple[str, SignerChoice]:
    """Return the number that follows in the year's series of reports, and who signs.

    The series is that of the outgoing documents, with the reports that were issued here before they were entered there.
    """
    require(actor, "plan.view")
    # One row even where nothing was issued yet: the agency's name is wanted in any case.
    rows = list(
        Agency.objects.filter(pk=actor.agency_id).values_list(
            "full_name", "reports__issued_on", "reports__number", *_leaders(on)
        )
    )
    known = [(day, number) for _, day, number, _, _ in rows if day is not None]
    agency, _, _, chairman, deputy_id = rows[0]
    known += registers.given_numbers(actor, series=_symbol(agency), year=on.year)
    return str(next_number(known, _symbol(agency), on)), _signer(actor, agency, chairman, deputy_id, on)


def report_symbol(agency_id: int) -> str:
    """Return the symbol of the agency's reports, such as BC-UBND."""
    return _symbol(Agency.objects.values_list("full_name", flat=True).get(pk=agency_id))


def _symbol(full_name: str) -> str:
    return symbol_of("BC", body_symbol(full_name))


def signer_choice(actor: Actor, on: date) -> SignerChoice:
    """Return who signs for the agency on a day, and how: the chairman, or who stands in for the chairman that day.

    A vice chairman signs in the chairman's stead (KT.), anybody else by authority (TUQ.), which asks for a document;
    the words are proposed, and a person decides.

    Source: Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, phần II, mục 7.
    """
    require(actor, "plan.view")
    agency, chairman, deputy_id = Agency.objects.values_list("full_name", *_leaders(on)).get(
        pk=actor.agency_id
    )
    return _signer(actor, agency, chairman, deputy_id, on)


def _leaders(on: date) -> tuple[Subquery, Subquery]:
    """Return, for a statement over agencies, the chairman's name and who stands in for the chairman that day."""
    chairmen = Membership.objects.filter(held_on(on), agency_id=OuterRef("pk"), role=Role.CHAIRMAN)
    standing_in = Delegation.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
        agency_id=OuterRef("pk"),
        post__role=Role.CHAIRMAN,
        valid_from__lte=on,
        valid_to__gte=on,
    )
    return (
        Subquery(chairmen.order_by("pk").values("person__full_name")[:1]),
        Subquery(standing_in.order_by("pk").values("deputy_id")[:1]),
    )


def _signer(actor: Actor, agency: str, chairman: str | None, deputy_id: int | None, on: date) -> SignerChoice:
    is_committee = body_symbol(agency) == "UBND"
    if deputy_id is None:
        if is_committee:
            return SignerChoice(chairman or "", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
        return SignerChoice(chairman or "", "", "")
    posts = list(
        Membership.objects.filter(held_on(on), agency_id=actor.agency_id, person_id=deputy_id)
        .order_by("pk")
        .values_list("person__full_name", "position")
    )
    name = posts[0][0] if posts else ""
    titles = [title.split(",")[0] for _, title in posts if title]
    if is_committee and any(search_key(title).startswith("pho chu tich") for title in titles):
        return SignerChoice(name, "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
    return SignerChoice(name, titles[0].upper() if titles else "", "TUQ. CHỦ TỊCH" if is_committee else "")


def _rows(actor: Actor) -> QuerySet[Report]:
    return (
        Report.objects.filter(agency_id=actor.agency_id)
        .select_related("agency", "plan", "created_by", "submitted_by", "approved_by")
        .defer("plan__source", "plan__head_source")
    )


def _row(row: Report) -> ReportRow:
    period = Period(row.period_start, row.period_end)
    return ReportRow(
        id=row.pk,
        plan_id=row.plan_id,
        plan_year=row.plan.year,
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


def _content_on(actor: Actor, row: Report, period: Period, on: date, today: date) -> ReportContent:
    plan, agency = row.plan, row.agency
    with translation.override("vi"):
        verdicts = verdicts_of_plan(actor, plan.pk, on, today=today)
        actions = ObjectiveAction.objects.filter(objective__plan_id=plan.pk).values("action_id")
        tasks = tasks_due(actor, actions, period.start, period.end, on)
        return ReportContent(
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
        )


def results_on(actor: Actor, plan_id: int, on: date, *, today: date) -> tuple[ObjectiveLines, ...]:
    """Return the objectives of a plan with their results on a day, in the words of a report."""
    with translation.override("vi"):
        return _objectives(verdicts_of_plan(actor, plan_id, on, today=today), actor.agency_id)


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
