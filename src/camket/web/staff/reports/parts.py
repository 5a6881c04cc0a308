"""The units' parts of a report: asked by the secretary, typed and sent by the units."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camket.core.messages import Refusal
from camket.org.policy import can
from camket.org.queries import person_choices
from camket.reporting import parts, queries
from camket.reporting.typed import typed_in_part
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.reports.forms import AskForm, PartForm, ReturnForm
from camket.web.staff.reports.typed_words import typed_shown
from camket.web.vietnamese import number


@staff_page("report.write", methods=("GET", "POST"))
def ask_units(request: StaffRequest, report_id: int) -> HttpResponse:
    """Show which units are asked and who has sent; ask more, or for another day."""
    report = queries.report(request.actor, report_id)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        choices=parts.unit_choices(request.actor, report_id),
        people=person_choices(request.actor, request.today),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            asked = parts.ask_units(
                actor=request.actor,
                report_id=report_id,
                unit_ids=form.unit_ids(),
                person_ids=form.person_ids(),
                due_on=data["due_on"],
                wish=data["wish"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request,
                ngettext("%(shown)s unit is asked.", "%(shown)s units are asked.", len(asked))
                % {"shown": number(len(asked))},
            )
            return redirect("web:reports:parts", report_id)
    rows = parts.parts_of(request.actor, report_id)
    return render(
        request,
        "staff/reports/parts.html",
        {
            "report": report,
            "form": form,
            "rows": [(each, each.is_overdue(request.today)) for each in rows],
            "waiting": sum(each.is_open for each in rows),
        },
    )


@staff_page("report.write", methods=("POST",))
def remind_units(request: StaffRequest, report_id: int) -> HttpResponse:
    """Remind the units that have not sent."""
    try:
        reminded = parts.remind_units(actor=request.actor, report_id=report_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        if reminded:
            said = ngettext("%(shown)s unit is reminded.", "%(shown)s units are reminded.", reminded)
            messages.success(request, said % {"shown": number(reminded)})
        else:
            messages.info(request, _("Every unit that has not sent was reminded today already."))
    return redirect("web:reports:parts", report_id)


@staff_page("plan.view", methods=("GET", "POST"))
def part(request: StaffRequest, part_id: int) -> HttpResponse:
    """Show a unit's part; who writes it types and sends it."""
    return _part(request, part_id, None)


@staff_page("report.write", methods=("POST",))
def take_part(request: StaffRequest, part_id: int) -> HttpResponse:
    """Take a part into the draft."""
    row = parts.part(request.actor, part_id)
    try:
        parts.take_part(actor=request.actor, part_id=part_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, _("The part of %(unit)s stands in the draft.") % {"unit": row.unit})
    return redirect("web:reports:parts", row.report_id)


@staff_page("report.write", methods=("POST",))
def return_part(request: StaffRequest, part_id: int) -> HttpResponse:
    """Return a part to its unit."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            row = parts.return_part(
                actor=request.actor, part_id=part_id, reason=form.cleaned_data["reason"], now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The part is returned to the unit."))
            return redirect("web:reports:parts", row.report_id)
    return _part(request, part_id, form)


@staff_page("report.write", methods=("POST",))
def withdraw_part(request: StaffRequest, part_id: int) -> HttpResponse:
    """Ask a unit no longer."""
    row = parts.part(request.actor, part_id)
    try:
        parts.withdraw_part(actor=request.actor, part_id=part_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, _("%(unit)s is no longer asked.") % {"unit": row.unit})
    return redirect("web:reports:parts", row.report_id)


def _part(request: StaffRequest, part_id: int, returning: ReturnForm | None) -> HttpResponse:
    row = parts.part(request.actor, part_id)
    content = parts.part_content(request.actor, row, request.today)
    is_posted = request.method == "POST" and returning is None
    form = PartForm(
        request.POST if is_posted else None, content=content, typed=parts.proposed_typing(row, content)
    )
    if is_posted and form.is_valid():
        is_sent = "send" in request.POST
        try:
            parts.write_part(
                actor=request.actor, part_id=part_id, typed=form.typed(), is_sent=is_sent, now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The part is sent.") if is_sent else _("The part is saved."))
            return redirect("web:reports:part", part_id)
    return render(
        request,
        "staff/reports/part.html",
        {
            "part": row,
            "content": content,
            "form": form,
            "is_writing": row.is_open and parts.may_write(request.actor, part_id, request.today),
            "is_overdue": row.is_overdue(request.today),
            "may_take": row.is_sent and row.is_of_draft and can(request.actor, "report.write"),
            "returning": returning or ReturnForm(),
            "asks_return": returning is not None,
            "typed": typed_shown(typed_in_part(row, content)) if row.is_of_draft else (),
            "said": [(each, *row.remarks.get(each.target_id, ("", ""))) for each in content.targets],
            "late": [(each, row.late.get(each.id, "")) for each in content.late],
        },
    )
