"""Biểu II.06a on the page and as XLSX, DOCX and PDF."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from camket.core.form_06a import WAITING_NAMES
from camket.dossiers.form_06a_paper import form_document, form_sheet
from camket.dossiers.queries import form_06a as queries
from camket.paper.writing.docx import write_docx
from camket.paper.writing.pdf import write_pdf
from camket.reporting.operations import DOCX_TYPE, PDF_TYPE
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.dossiers.forms import Form06aForm

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS: dict[str, tuple[Callable[[queries.Form], bytes], str]] = {
    "xlsx": (form_sheet, XLSX_TYPE),
    "docx": (lambda form: write_docx(form_document(form)), DOCX_TYPE),
    "pdf": (lambda form: write_pdf(form_document(form)), PDF_TYPE),
}


@staff_page("dossier.view")
def form(request: StaffRequest) -> HttpResponse:
    """Show the form of a period with its invariants."""
    asked = Form06aForm(request.GET, today=request.today)
    asked.is_valid()
    found = _form(request, asked)
    context = {
        "form": asked,
        "found": found,
        "waiting": gettext(WAITING_NAMES[found.waiting]),
        "periods": queries.periods(request.today),
        "numbers": range(1, 14),
        "query": request.GET.urlencode(),
        "is_cut": found.until < found.period.end,
    }
    return render(request, "staff/dossiers/form_06a.html", context)


@staff_page("dossier.view")
def download(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out the form of a period as a file."""
    if file_format not in WRITERS:
        raise Http404(f"no format {file_format!r}")
    write, content_type = WRITERS[file_format]
    found = _form(request, Form06aForm(request.GET, today=request.today))
    name = f"bieu-06a-{found.period.start.isoformat()}-{found.until.isoformat()}.{file_format}"
    response = HttpResponse(write(found), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: StaffRequest, asked: Form06aForm) -> queries.Form:
    return queries.form_06a(
        request.actor, asked.period(), request.today, waiting=asked.waiting(), by_unit=asked.by_unit()
    )
