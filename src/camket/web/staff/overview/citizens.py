"""What citizens of the agencies below say and are told: one line each, and the same as a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.small_groups import SMALLEST
from camket.paper.sheets import Value
from camket.publishing.queries.below import CitizensRow, Order, citizens_below, ordered
from camket.web import vietnamese
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, staff_page

A_PAGE = 50
ORDERS = [
    (Order.NAME.value, _("Name")),
    (Order.SATISFACTION.value, _("Least satisfied first")),
    (Order.ANSWERS.value, _("Fewest answers first")),
    (Order.FEEDBACK.value, _("Least feedback in time first")),
    (Order.OVERDUE.value, _("Overdue feedback")),
    (Order.PUBLISHED.value, _("Least public first")),
]


class CitizensForm(forms.Form):
    """Which agencies to show, and in which order."""

    tim = forms.CharField(label=_("Name or code of the agency"), required=False, max_length=100)
    sap_xep = forms.ChoiceField(label=_("Sorted by"), required=False, choices=ORDERS)
    thieu = forms.BooleanField(label=_("Only those that lack something"), required=False)


@staff_page("below.view")
def citizens(request: StaffRequest) -> HttpResponse:
    """List the agencies below with satisfaction, feedback, publications and the last report."""
    rows = citizens_below(request.actor, request.today)
    form, found = _found(request, rows)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rated, due = sum(row.rated for row in rows), sum(row.due for row in rows)
    context = {
        "form": form,
        "page": page,
        "lines": [_line(row) for row in page.object_list],
        "is_narrowed": any(form.cleaned_data.get(name) for name in ("tim", "thieu"))
        if form.is_valid()
        else False,
        "query": urlencode([(key, str(value)) for key, value in request.GET.items() if key != "page"]),
        "total": len(rows),
        "year": request.today.year,
        "smallest": SMALLEST,
        "satisfaction": _percent(Decimal(sum(row.satisfied for row in rows)) * 100 / rated) if rated else "",
        "in_time": _percent(Decimal(sum(row.in_time for row in rows)) * 100 / due) if due else "",
        "without_figures": sum(row.satisfaction is None for row in rows),
        "without_public": sum(not row.kinds_public for row in rows),
        "without_report": sum(not row.has_reported for row in rows),
    }
    return render(request, "staff/overview/citizens.html", context)


@staff_page("below.view")
def citizens_file(request: StaffRequest) -> HttpResponse:
    """Hand out the lines as a spreadsheet: all that the filter leaves, in its order."""
    _form, found = _found(request, citizens_below(request.actor, request.today))
    header = [
        gettext("Code"), gettext("Agency"), gettext("Answers to the question on the whole"), gettext("Satisfied"),
        gettext("Satisfied, per cent"), gettext("Feedback received"), gettext("Feedback due"),
        gettext("Settled in time"), gettext("In time, per cent"), gettext("Overdue now"),
        gettext("Kinds of publications"), gettext("Newest publication"), gettext("Newest report up to"),
        gettext("Has reported in the last half-year"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            row.code, row.name, row.rated if row.satisfaction is not None else None,
            row.satisfied if row.satisfaction is not None else None, _rounded(row.satisfaction), row.received, row.due,
            row.in_time, _rounded(row.share_in_time), row.overdue, row.kinds_public, row.published_on,
            row.reported_upto, gettext("yes") if row.has_reported else gettext("no"),
        ]
        for row in found
    ]  # fmt: skip
    name = f"nguoi-dan-cap-duoi-{request.today:%Y%m%d}"
    return table_file(name, "xlsx", title=gettext("Citizens"), header=header, rows=rows)


def _found(request: StaffRequest, rows: list[CitizensRow]) -> tuple[CitizensForm, list[CitizensRow]]:
    form = CitizensForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    return form, ordered(
        rows,
        words=data.get("tim", ""),
        only_lacking=data.get("thieu", False),
        order=Order(data.get("sap_xep") or Order.NAME),
    )


def _line(row: CitizensRow) -> dict[str, Any]:
    return {
        "row": row,
        "satisfaction": _percent(row.satisfaction),
        "in_time": _percent(row.share_in_time),
    }


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{vietnamese.number(value, 1)}\N{NO-BREAK SPACE}%"


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.01"))
