"""Biểu II.06a on the page and as XLSX, DOCX and PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from camket.core.form_06a import WAITING_NAMES
from camket.dossiers.form_06a_paper import form_document, form_sheet
from camket.dossiers.queries import form_06a as queries
from camket.web.handing_out import XLSX, hand_out, paper_file
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.dossiers.forms import Form06aForm


@staff_page("dossier.view")
def form(request: StaffRequest) -> HttpResponse:
    """Show the form of a period with its invariants."""
    asked = Form06aForm(request.GET, today=request.today)
    asked.is_valid()
    found = _form(request, asked)
    context = {
        "form": asked,
        "found": found,
        "rates": found.total.rounded_rates,
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
    found = _form(request, Form06aForm(request.GET, today=request.today))
    name = f"bieu-06a-{found.period.start.isoformat()}-{found.until.isoformat()}"
    if file_format == "xlsx":
        return hand_out(form_sheet(found), f"{name}.xlsx", XLSX)
    return paper_file(request, form_document(found), name, file_format)


def _form(request: StaffRequest, asked: Form06aForm) -> queries.Form:
    return queries.form_06a(
        request.actor, asked.period(), request.today, waiting=asked.waiting(), by_unit=asked.by_unit()
    )
