"""Reports and the decisions of plans as official documents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camket.core.measured import difference
from camket.core.messages import Refusal
from camket.core.narrative import SentenceNotWellFormed
from camket.core.report_calendar import Subject
from camket.documents.queries import read_file
from camket.objectives.details import PlanDetail
from camket.objectives.queries import plan_detail
from camket.org.policy import can
from camket.org.queries import unit_choices
from camket.paper.writing.html import write_html
from camket.paper.writing.model import Document
from camket.reporting import operations, queries
from camket.reporting.calendar import SUBJECTS
from camket.reporting.content import ReportContent
from camket.reporting.document import file_name
from camket.reporting.kinds import KINDS
from camket.reporting.parts import parts_of
from camket.reporting.proposing import proposals_for
from camket.reporting.told import ToldContent
from camket.reporting.told_document import shown_table
from camket.reporting.typed import typed_in_report
from camket.reporting.writers import may_write
from camket.web.acting import did
from camket.web.handing_out import PDF, WRITERS, XLSX, hand_out
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.reports.forms import (
    PARTS_OF_OBJECTIVES,
    CorrectionForm,
    DraftForm,
    IssueForm,
    ReturnForm,
    SignedFileForm,
    SubjectForm,
    WordingForm,
)
from camket.web.staff.reports.typed_words import typed_shown
from camket.web.vietnamese import number


@staff_page("plan.view")
def report_list(request: StaffRequest) -> HttpResponse:
    """List the reports, and offer the periods that have none."""
    return _list(request, None)


@staff_page("report.unit", methods=("POST",))
def draft_report(request: StaffRequest) -> HttpResponse:
    """Begin a report."""
    subject = request.POST.get("subject", "")
    form = _draft_form(
        request, subject, request.POST, unit_id=_unit(request, request.POST.get("unit", ""), _units(request))
    )
    if form.is_valid():
        try:
            report_id = _drafted(request, form)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            return redirect("web:reports:report_detail", report_id)
    return _list(request, form)


def _drafted(request: StaffRequest, form: DraftForm | SubjectForm) -> int:
    choice = form.chosen()
    if isinstance(choice, queries.SubjectChoice):
        return operations.draft_on(
            actor=request.actor,
            subject=choice.subject,
            kind=choice.kind,
            period=choice.period,
            now=moment(request),
        ).pk
    return operations.draft_report(
        actor=request.actor,
        plan_id=choice.plan_id,
        kind=choice.kind,
        period=choice.period,
        unit_id=form.unit_id if isinstance(form, DraftForm) else None,
        now=moment(request),
    ).pk


def _units(request: StaffRequest) -> tuple[tuple[int, str], ...]:
    return queries.units_to_report(request.actor, request.today)


def _unit(request: StaffRequest, typed: str, units: tuple[tuple[int, str], ...]) -> int | None:
    """Return whose report is begun: a unit whose reports the actor writes, the agency where it is None.

    Who writes the reports of units alone begins with the first.
    """
    known = [str(pk) for pk, _name in units]
    if typed in known:
        return int(typed)
    return int(known[0]) if known and not can(request.actor, "report.write") else None


def _not_offered(request: StaffRequest, typed: str, units: tuple[tuple[int, str], ...]) -> str:
    """Return why the report of a unit that was asked for is not offered; "" where it is, or the agency has no such unit."""
    if not typed.isdecimal() or typed in {str(pk) for pk, _name in units}:
        return ""
    name = dict(unit_choices(request.actor)).get(int(typed))
    if name is None:
        return ""
    if may_write(request.actor, int(typed)):
        said = _("%(unit)s has no target of its own in the plan in force, so it makes no report of its own.")
    else:
        said = _("You do not write the reports of %(unit)s.")
    return said % {"unit": name}


def _draft_form(
    request: StaffRequest, subject: str, data: QueryDict | None = None, unit_id: int | None = None
) -> DraftForm | SubjectForm:
    """Return the form that begins a report on a subject; on the objectives where it is no known one."""
    if subject in KINDS:
        choices = queries.subject_choices(request.actor, request.today)
        return SubjectForm(data, subject=subject, choices=choices)
    return DraftForm(data, choices=_open_choices(request, unit_id), unit_id=unit_id)


@staff_page("plan.view")
def report_detail(request: StaffRequest, report_id: int) -> HttpResponse:
    """Show a report: to be written while it is a draft, as it was issued afterwards."""
    return _detail(request, report_id)


@staff_page("plan.view")
def report_changes(request: StaffRequest, report_id: int) -> HttpResponse:
    """Say in a line of the list whether a report's figures have changed since it was issued."""
    if not request.htmx:
        if queries.report(request.actor, report_id).is_on_objectives:
            return redirect("web:reports:report_detail", report_id)
        return _detail(request, report_id, with_changes=True)
    report, changes = queries.report_and_changes(request.actor, report_id, request.today)
    template = "staff/reports/_changes.html" if "trang" in request.GET else "staff/reports/_changes_mark.html"
    context = {
        "report": report,
        "changes": changes,
        "has_changes": True,
        "may_write": may_write(request.actor, report.unit_id),
    }
    return render(request, template, context)


@staff_page("report.unit", methods=("POST",))
def write_remarks(request: StaffRequest, report_id: int) -> HttpResponse:
    """Keep what the secretary typed."""
    content = queries.report_content(request.actor, report_id, request.today)
    sentences = queries.sentences(request.actor, report_id)
    targets = content.targets if isinstance(content, ReportContent) else ()
    parts = content.typed_parts if isinstance(content, ToldContent) else PARTS_OF_OBJECTIVES
    form = WordingForm(request.POST, targets=targets, sentences=sentences, parts=parts)
    if form.is_valid():
        try:
            operations.write_remarks(
                actor=request.actor, report_id=report_id, wording=form.wording(), today=request.today
            )
        except SentenceNotWellFormed as refusal:
            form.refuse_sentence(say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The wording is saved."))
            return redirect("web:reports:report_detail", report_id)
    return _detail(request, report_id, wording=form)


@staff_page("report.unit", methods=("POST",))
def compose_sentences(request: StaffRequest, report_id: int) -> HttpResponse:
    """Compose the sentences anew with the figures as they are now."""
    try:
        changed = operations.compose_sentences(actor=request.actor, report_id=report_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request,
            ngettext(
                "The sentences are up to date; figures changed in %(shown)s of them.",
                "The sentences are up to date; figures changed in %(shown)s of all of them.",
                len(changed),
            )
            % {"shown": number(len(changed))}
            if changed
            else _("The sentences are up to date; no figure in them changed."),
        )
    return redirect("web:reports:report_detail", report_id)


@staff_page("plan.view")
def preview(request: StaffRequest, report_id: int) -> HttpResponse:
    """Show a report as the paper it becomes."""
    report, document = queries.report_as_paper(request.actor, report_id, request.today)
    return render(request, "staff/reports/preview.html", {"report": report, "paper": _paper(document)})


@staff_page("report.issue", methods=("GET", "POST"))
def issue_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Issue a report: number, date and signer."""
    report, content = queries.report_and_content(request.actor, report_id, request.today)
    proposed, signer = queries.proposed_for_issue(request.actor, request.today, report)
    initial = {
        "number": proposed,
        "issued_on": request.today,
        "authority": signer.authority,
        "capacity": signer.capacity,
        "signed_by": signer.name,
    }
    form = IssueForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.issue_report(
                actor=request.actor, report_id=report_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The report is issued and its figures are frozen."))
            return redirect("web:reports:report_detail", report_id)
    return render(
        request,
        "staff/reports/issue_report.html",
        {
            "report": report,
            "form": form,
            "content": content,
            "typed": typed_shown(typed_in_report(content, report.sentences)),
        },
    )


def _pressed(request: StaffRequest, report_id: int, act: Callable[..., object], told: str) -> HttpResponse:
    """Do what a button of a report's page asks for, say what became of it, and return to the page."""
    did(request, partial(act, actor=request.actor, report_id=report_id, now=moment(request)), told)
    return redirect("web:reports:report_detail", report_id)


@staff_page("report.unit", methods=("POST",))
def submit_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Submit a draft to the leaders."""
    return _pressed(request, report_id, operations.submit_report, _("The report is submitted for approval."))


@staff_page("report.approve", methods=("POST",))
def approve_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Approve a submitted report."""
    return _pressed(
        request, report_id, operations.approve_report, _("The report is approved; number and date follow.")
    )


@staff_page("report.approve", methods=("POST",))
def return_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Return a submitted report to its writer."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            operations.return_report(
                actor=request.actor,
                report_id=report_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The report is returned."))
            return redirect("web:reports:report_detail", report_id)
    return _detail(request, report_id, returning=form)


@staff_page("report.unit", methods=("POST",))
def take_back_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Take a report back into writing."""
    return _pressed(request, report_id, operations.take_back_report, _("The report is a draft again."))


@staff_page("report.unit", methods=("POST",))
def correct_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Begin a corrected version."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            report = operations.correct_report(
                actor=request.actor,
                report_id=report_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            return redirect("web:reports:report_detail", report.pk)
    return _detail(request, report_id, correction=form)


@staff_page("report.unit", methods=("POST",))
def discard_report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Discard a draft."""
    try:
        operations.discard_report(actor=request.actor, report_id=report_id, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:reports:report_detail", report_id)
    messages.success(request, _("The draft is discarded."))
    return redirect("web:reports:report_list")


@staff_page("plan.view")
def download(request: StaffRequest, report_id: int, file_format: str) -> HttpResponse:
    """Hand out a report's file: as kept once issued, as it would be now while it is a draft."""
    if file_format in DATA_FILES:
        return _data_file(request, report_id, file_format)
    write, content_type = _writer(file_format)
    report = queries.report(request.actor, report_id)
    kept = report.docx_id if file_format == "docx" else report.pdf_id
    if kept is not None:
        data = read_file(request.actor, kept)
    else:
        data = write(queries.document_of(request.actor, report_id, request.today))
    content = queries.report_content(request.actor, report_id, request.today)
    return hand_out(data, f"{file_name(content, report.number or 'du-thao')}.{file_format}", content_type)


DATA_FILES = {"xlsx": XLSX, "json": "application/json"}
"""Forms of a report to be reckoned with, by the ending of the file's name."""


def _data_file(request: StaffRequest, report_id: int, file_format: str) -> HttpResponse:
    report, content = queries.report_and_content(request.actor, report_id, request.today)
    data = queries.data_file(request.actor, report_id, file_format, request.today)
    name = f"{file_name(content, report.number or 'du-thao')}.{file_format}"
    return hand_out(data, name, DATA_FILES[file_format])


@staff_page("report.issue", methods=("POST",))
def attach_signed(request: StaffRequest, report_id: int) -> HttpResponse:
    """Keep the digitally signed PDF of an issued report."""
    form = SignedFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            operations.attach_signed(
                actor=request.actor,
                report_id=report_id,
                data=file.read(),
                name=file.name or "bao-cao.pdf",
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
        else:
            messages.success(request, _("The signed file is kept with the report."))
            return redirect("web:reports:report_detail", report_id)
    return _detail(request, report_id, signing=form)


@staff_page("plan.view")
def signed_file(request: StaffRequest, report_id: int) -> HttpResponse:
    """Hand out a report as it was digitally signed."""
    report = queries.report(request.actor, report_id)
    if report.signed_id is None:
        raise Http404("no signed file")
    data = read_file(request.actor, report.signed_id)
    content = queries.report_content(request.actor, report_id, request.today)
    return hand_out(data, f"{file_name(content, report.number)}-da-ky.pdf", PDF)


@staff_page("plan.view")
def decision_document(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Choose the layout in which a plan's decision is written."""
    return render(
        request,
        "staff/reports/decision_document.html",
        {
            "plan": plan_detail(request.actor, plan_id),
            "layouts": queries.layout_choices(request.actor, plan_id),
        },
    )


@staff_page("plan.view")
def decision_preview(request: StaffRequest, plan_id: int, layout: str) -> HttpResponse:
    """Show a plan's decision as paper."""
    plan = plan_detail(request.actor, plan_id)
    context = {"plan": plan, "layout": layout, "paper": _paper(_decision(request, plan, layout))}
    return render(request, "staff/reports/decision_preview.html", context)


@staff_page("plan.view")
def decision_file(request: StaffRequest, plan_id: int, layout: str, file_format: str) -> HttpResponse:
    """Hand out a plan's decision in a layout as DOCX or PDF."""
    write, content_type = _writer(file_format)
    plan = plan_detail(request.actor, plan_id)
    data = write(_decision(request, plan, layout))
    return hand_out(data, f"quyet-dinh-muc-tieu-chat-luong-{plan.year}.{file_format}", content_type)


@staff_page("plan.view")
def submission_file(request: StaffRequest, plan_id: int, file_format: str) -> HttpResponse:
    """Hand out the submission that lays a plan's draft decision before the chairman, as DOCX or PDF."""
    write, content_type = _writer(file_format)
    plan = plan_detail(request.actor, plan_id)
    data = write(queries.submission_of(request.actor, plan_id, request.today, detail=plan))
    return hand_out(data, f"to-trinh-muc-tieu-chat-luong-{plan.year}.{file_format}", content_type)


def _list(request: StaffRequest, form: DraftForm | SubjectForm | None) -> HttpResponse:
    choices = queries.report_choices(request.actor, request.today)
    is_writer = can(request.actor, "report.write")
    units = _units(request)
    asked = request.GET.get("bo-phan", "")
    if form is None and (is_writer or units):
        form = _draft_form(
            request,
            request.GET.get("loai", "") if is_writer else "",
            unit_id=_unit(request, asked, units),
        )
    return render(
        request,
        "staff/reports/report_list.html",
        {
            "reports": queries.reports(request.actor),
            "form": form,
            "subject": form.subject if isinstance(form, SubjectForm) else Subject.OBJECTIVES.value,
            "subjects": [
                (key, name)
                for key, name in SUBJECTS
                if key == Subject.OBJECTIVES or (is_writer and key in KINDS)
            ],
            "units": [("", _("The whole agency"))] * is_writer + [(str(pk), name) for pk, name in units],
            "unit": str((isinstance(form, DraftForm) and form.unit_id) or ""),
            "not_offered": _not_offered(request, asked, units),
            "has_plan": bool(choices),
            "due": "; ".join(choice.name for choice in choices if choice.is_due),
        },
    )


def _open_choices(request: StaffRequest, unit_id: int | None) -> list[queries.ReportChoice]:
    """The periods without a report of the agency or a unit, those that are over first."""
    choices = queries.report_choices(request.actor, request.today, unit_id)
    return sorted(
        (choice for choice in choices if choice.report_id is None), key=lambda each: not each.is_over
    )


def _detail(
    request: StaffRequest,
    report_id: int,
    *,
    wording: WordingForm | None = None,
    correction: CorrectionForm | None = None,
    signing: SignedFileForm | None = None,
    returning: ReturnForm | None = None,
    with_changes: bool = False,
) -> HttpResponse:
    """Show a report; whether figures of another subject changed costs many statements and comes behind the page."""
    report, content = queries.report_and_content(request.actor, report_id, request.today)
    has_changes = not report.is_open and (report.is_on_objectives or with_changes)
    context: dict[str, object] = {
        "report": report,
        "content": content,
        "versions": queries.versions(request.actor, report),
        "may_write": may_write(request.actor, report.unit_id),
        "is_writing": report.is_draft and may_write(request.actor, report.unit_id),
        "changes": queries.changes_since_issue(request.actor, report_id, request.today)
        if has_changes
        else (),
        "has_changes": has_changes and not report.is_on_objectives,
        "correction": correction or CorrectionForm(),
        "asks_correction": correction is not None,
        "signing": signing or SignedFileForm(),
        "asks_signed": signing is not None,
        "returning": returning or ReturnForm(),
        "asks_return": returning is not None,
        "parts": parts_of(request.actor, report_id) if report.is_open else (),
        "typed": typed_shown(typed_in_report(content, report.sentences)) if report.is_open else (),
    }
    if isinstance(content, ToldContent):
        return _told_detail(request, report, content, context, wording)
    if context["is_writing"]:
        form = wording or WordingForm(
            initial={
                "assessment": report.assessment,
                "difficulties": report.difficulties,
                "proposals": report.proposals,
            },
            targets=content.targets,
            sentences=report.sentences,
            proposed=proposals_for(request.actor, report_id, content),
        )
        context["form"] = form
        context["proposed_text"] = form.proposed_for("proposals")
        context["objectives"] = [
            (
                objective,
                [
                    (
                        target,
                        form[f"reason_{target.target_id}"],
                        form[f"remedy_{target.target_id}"],
                        form[key] if (key := f"sentence_{target.target_id}") in form.fields else None,
                        form.proposed_for(target.target_id),
                    )
                    for target in objective.targets
                ],
            )
            for objective in content.objectives
        ]
    else:
        context["objectives"] = [
            (objective, [(target, None, None, None, None) for target in objective.targets])
            for objective in content.objectives
        ]
    return render(request, "staff/reports/report_detail.html", context)


def _told_detail(
    request: StaffRequest,
    report: queries.ReportRow,
    content: ToldContent,
    context: dict[str, object],
    wording: WordingForm | None,
) -> HttpResponse:
    """Show a report on another subject than the objectives."""
    form = None
    if context["is_writing"]:
        form = wording or WordingForm(
            initial={
                "assessment": report.assessment,
                "difficulties": report.difficulties,
                "proposals": report.proposals,
            },
            sentences=report.sentences,
            parts=content.typed_parts,
        )
        context["form"] = form
    context["sections"] = [
        (
            section,
            [
                (each, form[key] if form and (key := f"sentence_{each.key}") in form.fields else None)
                for each in section.statements
            ],
        )
        for section in content.sections
    ]
    context["measures"] = [
        (each, difference(each.now, each.before), difference(each.now, each.year_before))
        for each in content.measures
        if each.has_arisen
    ]
    context["nothing"] = [each.now.name for each in content.measures if not each.has_arisen]
    context["tables"] = [shown_table(each) for each in content.tables]
    return render(request, "staff/reports/told_detail.html", context)


def _decision(request: StaffRequest, plan: PlanDetail, layout: str) -> Document:
    try:
        return queries.decision_of(request.actor, plan.id, layout, request.today, detail=plan)
    except ValueError as error:
        raise Http404(f"no layout {layout!r}") from error


def _writer(file_format: str) -> tuple[Callable[[Document], bytes], str]:
    if file_format not in WRITERS:
        raise Http404(f"no format {file_format!r}")
    return WRITERS[file_format]


def _paper(document: Document) -> str:
    return mark_safe(write_html(document))  # noqa: S308 - the writer escapes every text
