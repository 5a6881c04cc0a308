"""Papers of internal audits as files: DOCX and PDF."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from camket.documents.queries import FileDamaged, read_file
from camket.improvement import audit_paper
from camket.improvement.queries import audits as queries
from camket.improvement.queries import audits_across_years, audits_programme
from camket.web import errors
from camket.web.handing_out import WRITERS, hand_out, paper_file
from camket.web.request import StaffRequest, say, staff_page


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
    return paper_file(paper, f"ke-hoach-danh-gia-noi-bo-{row.year}", file_format)


@staff_page("audit.view")
def programme_signed(request: StaffRequest, signed_id: int, file_format: str) -> HttpResponse:
    """Hand out a programme as it was signed, to the last byte."""
    row = audits_programme.paper_of(request.actor, signed_id)
    kept = {"docx": row.docx_id, "pdf": row.pdf_id}.get(file_format)
    if kept is None:
        raise Http404(f"no format {file_format!r}")
    try:
        data = read_file(request.actor, kept)
    except FileDamaged as refusal:
        return errors.file_damaged(request, say(refusal.message))
    name = f"ke-hoach-danh-gia-noi-bo-{row.programme.year}-{row.version}.{file_format}"
    return hand_out(data, name, WRITERS[file_format][1])


@staff_page("audit.view")
def decision(request: StaffRequest, audit_id: int, file_format: str) -> HttpResponse:
    """Hand out the decision on the team."""
    found = queries.page(request.actor, audit_id)
    paper = audit_paper.decision_document(
        heading=queries.heading(request.actor), found=found, on=request.today
    )
    return paper_file(paper, f"quyet-dinh-doan-danh-gia-{audit_id}", file_format)


@staff_page("audit.view")
def plan(request: StaffRequest, audit_id: int, file_format: str) -> HttpResponse:
    """Hand out the plan of an audit by hour and unit."""
    found = queries.page(request.actor, audit_id)
    paper = audit_paper.plan_document(heading=queries.heading(request.actor), found=found, on=request.today)
    return paper_file(paper, f"chuong-trinh-danh-gia-{audit_id}", file_format)


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
    return paper_file(paper, f"phieu-phat-hien-{row.audit_id}-{row.serial:02d}", file_format)


@staff_page("audit.view")
def report(request: StaffRequest, audit_id: int, file_format: str) -> HttpResponse:
    """Hand out the report of an audit: as it was issued, or its draft."""
    found = queries.page(request.actor, audit_id)
    paper = audit_paper.report_document(
        heading=queries.heading(request.actor),
        facts=found.report or queries.report_facts(found),
        number=found.report_number,
        reported_on=found.reported_on,
        on=request.today,
    )
    return paper_file(paper, f"bao-cao-danh-gia-noi-bo-{audit_id}", file_format)


@staff_page("audit.view")
def follow_up(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out the table that follows nonconforming findings until they are settled."""
    paper = audit_paper.follow_up_document(
        heading=queries.heading(request.actor),
        rows=audits_across_years.follow_up(request.actor),
        on=request.today,
    )
    return paper_file(paper, "theo-doi-khac-phuc-sau-danh-gia", file_format)


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
    return paper_file(paper, f"phieu-{'trong' if is_empty else 'ghi-chep'}-{audit_id}-{unit_id}", file_format)
