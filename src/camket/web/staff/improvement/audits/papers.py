"""Papers of internal audits as files: DOCX and PDF."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from camket.improvement import audit_paper
from camket.improvement.operations import audit_papers
from camket.improvement.queries import audits as queries
from camket.improvement.queries import audits_across_years, audits_programme
from camket.web.handing_out import kept_file, paper_file
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff.registers.withdrawing import withdrawal


@staff_page("audit.view")
def programme(request: StaffRequest, programme_id: int, file_format: str) -> HttpResponse:
    """Hand out the programme of a year as it stands: a draft, or what would be signed anew."""
    row = audits_programme.programme_by_id(request.actor, programme_id)
    before = {"number": row.number, "signed_on": row.signed_on.isoformat() if row.signed_on else None}
    facts = audits_programme.programme_facts(
        request.actor, programme_id, request.today, replaces=before if row.adjustments else None
    )
    is_signed = bool(row.approved_by and not row.adjustments)
    paper = audit_paper.programme_document(
        facts, number=row.number if is_signed else "", signed_on=row.signed_on if is_signed else None
    )
    return paper_file(request, paper, f"ke-hoach-danh-gia-noi-bo-{row.year}", file_format)


@staff_page("audit.view")
def programme_signed(request: StaffRequest, signed_id: int, file_format: str) -> HttpResponse:
    """Hand out a programme as it was signed, to the last byte."""
    row = audits_programme.paper_of(request.actor, signed_id)
    kept = {"docx": row.docx_id, "pdf": row.pdf_id}.get(file_format)
    if kept is None:
        raise Http404(f"no format {file_format!r}")
    return kept_file(
        request,
        {file_format: kept},
        f"ke-hoach-danh-gia-noi-bo-{row.programme.year}-{row.version}",
        file_format,
    )


@staff_page("audit.view")
def decision(request: StaffRequest, audit_id: int, file_format: str) -> HttpResponse:
    """Hand out the decision on the team: the one in force, to the last byte, or its draft."""
    found = queries.page(request.actor, audit_id)
    kept = found.decision and found.decision.files.get(file_format)
    if kept:
        return kept_file(request, {file_format: kept}, f"quyet-dinh-doan-danh-gia-{audit_id}", file_format)
    paper = audit_paper.decision_document(
        heading=queries.heading(request.actor),
        facts=queries.decision_facts(request.actor, found, request.today),
        number=found.decision_number,
        dated=found.decision_on,
        on=request.today,
    )
    return paper_file(request, paper, f"quyet-dinh-doan-danh-gia-{audit_id}", file_format)


@staff_page("audit.view")
def plan(request: StaffRequest, audit_id: int, file_format: str) -> HttpResponse:
    """Hand out the plan of an audit by hour and unit."""
    found = queries.page(request.actor, audit_id)
    paper = audit_paper.plan_document(heading=queries.heading(request.actor), found=found, on=request.today)
    return paper_file(request, paper, f"chuong-trinh-danh-gia-{audit_id}", file_format)


@staff_page("audit.view")
def checklist(request: StaffRequest, audit_id: int, unit_id: int, file_format: str) -> HttpResponse:
    """Hand out a unit's checklist as it is filled in."""
    return _checklist(request, audit_id, unit_id, file_format, is_empty=False)


@staff_page("audit.view")
def empty_checklist(request: StaffRequest, audit_id: int, unit_id: int, file_format: str) -> HttpResponse:
    """Hand out a unit's checklist empty, for a pen."""
    return _checklist(request, audit_id, unit_id, file_format, is_empty=True)


@staff_page("audit.view")
def slip(request: StaffRequest, finding_id: int, file_format: str) -> HttpResponse:
    """Hand out the slip of a finding."""
    row = queries.finding(request.actor, finding_id)
    paper = audit_paper.slip_document(
        heading=queries.heading(request.actor),
        found=queries.page(request.actor, row.audit_id),
        finding=row,
        on=request.today,
    )
    return paper_file(request, paper, f"phieu-phat-hien-{row.audit_id}-{row.serial:02d}", file_format)


@staff_page("audit.view")
def report(request: StaffRequest, audit_id: int, file_format: str) -> HttpResponse:
    """Hand out the report of an audit: the one in force, to the last byte, or its draft."""
    found = queries.page(request.actor, audit_id)
    kept = found.report and found.report.files.get(file_format)
    if kept:
        return kept_file(request, {file_format: kept}, f"bao-cao-danh-gia-noi-bo-{audit_id}", file_format)
    paper = audit_paper.report_document(
        heading=queries.heading(request.actor),
        facts=found.report.content if found.report else queries.report_facts(found),
        number=found.report_number,
        reported_on=found.reported_on,
        on=request.today,
    )
    return paper_file(request, paper, f"bao-cao-danh-gia-noi-bo-{audit_id}", file_format)


@staff_page("audit.view")
def issued(request: StaffRequest, issued_id: int, file_format: str) -> HttpResponse:
    """Hand out a decision or a report as it was issued, in force or not, to the last byte."""
    paper, row = queries.paper_of(request.actor, issued_id)
    kept = paper.files.get(file_format)
    if kept is None:
        raise Http404(f"no file {file_format!r} of paper {issued_id}")
    name = "quyet-dinh-doan-danh-gia" if paper.kind == "decision" else "bao-cao-danh-gia-noi-bo"
    return kept_file(request, {file_format: kept}, f"{name}-{row.id}-{paper.version}", file_format)


@staff_page("audit.recall", methods=("GET", "POST"))
def withdraw_issued(request: StaffRequest, issued_id: int) -> HttpResponse:
    """Withdraw a decision on a team, or a report, that was issued by mistake."""
    paper, row = queries.paper_of(request.actor, issued_id)
    is_report = paper.kind == "report"
    return withdrawal(
        request,
        lambda reason: audit_papers.withdraw_audit_paper(
            actor=request.actor, paper_id=issued_id, reason=reason, now=moment(request)
        ),
        number=paper.number,
        is_in_force=paper.is_in_force,
        back=reverse("web:audits:audit", args=[row.id]),
        context={
            "above": (reverse("web:audits:list"), _("Internal audits")),
            "about": row.title,
            "follows": _(
                "The audit goes back to its report, which is corrected and issued anew under another number. "
                "Nonconformities that came of it stay in the book."
            )
            if is_report
            else _("The audit has no decision on its team then, until another one is issued."),
        },
    )


@staff_page("audit.recall", methods=("GET", "POST"))
def withdraw_programme(request: StaffRequest, signed_id: int) -> HttpResponse:
    """Withdraw the programme of a year that was signed by mistake."""
    row = audits_programme.paper_of(request.actor, signed_id)
    may_be = row.state == row.State.ISSUED and row.programme.state == "approved"
    return withdrawal(
        request,
        lambda reason: audit_papers.withdraw_programme(
            actor=request.actor, paper_id=signed_id, reason=reason, now=moment(request)
        ),
        number=row.number or str(row.programme.year),
        is_in_force=may_be,
        back=f"{reverse('web:audits:list')}?nam={row.programme.year}",
        context={
            "above": (reverse("web:audits:list"), _("Internal audits")),
            "about": _("Programme of internal audits of %(year)s") % {"year": row.programme.year},
            "follows": _("The programme is a draft again: it is corrected, submitted and signed anew."),
        },
    )


@staff_page("audit.view")
def follow_up(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out the table that follows nonconforming findings until they are settled."""
    paper = audit_paper.follow_up_document(
        heading=queries.heading(request.actor),
        rows=audits_across_years.follow_up(request.actor),
        on=request.today,
    )
    return paper_file(request, paper, "theo-doi-khac-phuc-sau-danh-gia", file_format)


def _checklist(
    request: StaffRequest, audit_id: int, unit_id: int, file_format: str, *, is_empty: bool
) -> HttpResponse:
    found = queries.checklist(request.actor, audit_id, unit_id)
    paper = audit_paper.checklist_document(
        heading=queries.heading(request.actor),
        found=found.page,
        unit=found.unit,
        questions=found.questions,
        is_empty=is_empty,
        on=request.today,
    )
    return paper_file(
        request, paper, f"phieu-{'trong' if is_empty else 'ghi-chep'}-{audit_id}-{unit_id}", file_format
    )
