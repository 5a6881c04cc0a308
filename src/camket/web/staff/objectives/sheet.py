"""Figures entered by hand from a spreadsheet: a template to fill in, a check row by row, then all that can be entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.reading_rows import ReadingRow, read_rows
from camket.core.wording.numbers import format_number
from camket.indicators import many
from camket.indicators.many import CheckedRow, RowState
from camket.objectives import entering, verdicts
from camket.paper.sheets import read_sheet
from camket.web.handing_out import XLSX, hand_out
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.objectives import periods

SALT = "camket.readings.sheet"
STATES = {
    RowState.ADDED: (_("to add"), "green"),
    RowState.CHANGED: (_("to change"), "blue"),
    RowState.SAME: (_("as before"), "grey"),
    RowState.REFUSED: (_("to mend"), "red"),
}


class SheetForm(forms.Form):
    """The spreadsheet with the figures."""

    file = forms.FileField(label=_("Spreadsheet with the figures"), help_text=_("XLSX, XLS, ODS or CSV."))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the spreadsheet as the page shows it."""

    number: int
    name: str
    period: str
    shown: str
    label: str
    tone: str
    problems: tuple[tuple[str, str], ...]


@staff_page("reading.enter", methods=("GET", "POST"), is_long=True)
def sheet(request: StaffRequest) -> HttpResponse:
    """Take a spreadsheet, show what would become of each row, and enter what the page sends back."""
    if request.method == "POST" and "rows" in request.POST:
        return _enter(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = read_sheet(file.read(), file.name)
            cells = [(row.number, tuple(row.cells)) for row in read.rows]
            rows = read_rows(cells)
            if rows.rows:
                return _preview(request, file.name, cells, rows.rows, rows.blank)
            form.add_error(
                "file", gettext("No row of the spreadsheet holds a figure. Fill in the template first.")
            )
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
    plan_id = verdicts.plan_judged(request.agency.id, request.today)
    wanted = entering.figures_to_enter(request.actor, plan_id, request.today) if plan_id is not None else ()
    context = {
        "form": form,
        "has_plan": plan_id is not None,
        "wanted": len(wanted),
        "late": sum(each.is_late for each in wanted),
    }
    return render(request, "staff/objectives/sheet.html", context, status=422 if form.errors else 200)


@staff_page("reading.enter")
def sheet_template(request: StaffRequest) -> HttpResponse:
    """Hand out a spreadsheet with a row for each figure that is entered by hand."""
    plan_id = verdicts.plan_judged(request.agency.id, request.today)
    asked = () if plan_id is None else entering.asked_by_hand(request.actor, plan_id, request.today)
    return hand_out(many.template(request.actor, asked), "so-lieu-nhap-tay.xlsx", XLSX)


@staff_page("reading.confirm", methods=("POST",), is_long=True)
def confirm_many(request: StaffRequest) -> HttpResponse:
    """Confirm the figures that were ticked."""
    ids = {int(text) for text in request.POST.getlist("reading") if text.isdecimal() and len(text) < 19}
    try:
        done = many.confirm_readings(actor=request.actor, reading_ids=ids, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request,
            ngettext(
                "%(shown)s figure is confirmed and counts from now on.",
                "%(shown)s figures are confirmed and count from now on.",
                done,
            )
            % {"shown": format_number(done)},
        )
    return redirect("web:objectives:waiting")


def _preview(
    request: StaffRequest, name: str, cells: Sequence[Any], rows: Sequence[ReadingRow], blank: int
) -> HttpResponse:
    checked = many.check_rows(actor=request.actor, rows=rows, source=_source(name), now=moment(request))
    counts = {state: sum(each.state is state for each in checked) for state in RowState}
    context = {
        "name": name,
        "lines": [_line(each) for each in checked],
        "added": counts[RowState.ADDED],
        "changed": counts[RowState.CHANGED],
        "same": counts[RowState.SAME],
        "refused": counts[RowState.REFUSED],
        "to_enter": counts[RowState.ADDED] + counts[RowState.CHANGED],
        "blank": blank,
        "rows": signing.dumps({"name": name, "rows": cells}, salt=SALT, compress=True),
    }
    return render(request, "staff/objectives/sheet_check.html", context)


def _enter(request: StaffRequest) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["rows"], salt=SALT, max_age=86_400)
        rows = read_rows([(number, tuple(cells)) for number, cells in kept["rows"]])
        done = many.enter_rows(
            actor=request.actor, rows=rows.rows, source=_source(kept["name"]), now=moment(request)
        )
    except signing.BadSignature:
        messages.error(request, gettext("The rows did not come back whole. Choose the file again."))
        return redirect("web:objectives:sheet")
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:objectives:sheet")
    entered = sum(each.state in (RowState.ADDED, RowState.CHANGED) for each in done)
    refused = sum(each.state is RowState.REFUSED for each in done)
    messages.success(
        request,
        ngettext(
            "%(shown)s figure is entered and waits for another person's confirmation.",
            "%(shown)s figures are entered and wait for another person's confirmation.",
            entered,
        )
        % {"shown": format_number(entered)},
    )
    if refused:
        messages.warning(
            request,
            ngettext(
                "%(shown)s row was left out; mend it in the file and choose the file again.",
                "%(shown)s rows were left out; mend them in the file and choose the file again.",
                refused,
            )
            % {"shown": format_number(refused)},
        )
    return redirect("web:objectives:waiting")


def _source(name: str) -> str:
    return (gettext("Spreadsheet “%(name)s”") % {"name": name})[:500]


def _line(each: CheckedRow) -> Line:
    label, tone = STATES[each.state]
    return Line(
        number=each.row.number,
        name=each.name,
        period=periods.named(each.period) if each.period and each.period.start <= each.period.end else "",
        shown=each.shown,
        label=str(label),
        tone=tone,
        problems=tuple((problem.cell, say(problem.message)) for problem in each.problems),
    )
