"""The calendar of reports: what is due, done and late in a year, and the lines that it comes from."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.messages import Refusal
from camket.core.report_calendar import LineNotPossible
from camket.org.policy import can
from camket.org.queries import unit_choices
from camket.reporting import beginning, calendar
from camket.reporting.writers import may_write
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff import days_left
from camket.web.staff.badge import Badge
from camket.web.staff.due_words import SOON
from camket.web.staff.reports.calendar_forms import (
    LineForm,
    ProposalForm,
    ReopenForm,
    SentForm,
    VersionForm,
)

_DONE = Badge(gettext_lazy("Sent"), "green", "circle-check")
_DONE_LATE = Badge(gettext_lazy("Sent late"), "amber", "circle-check")
_LATE = Badge(gettext_lazy("Overdue"), "red", "alert-circle")
_WRITING = Badge(gettext_lazy("Being written"), "blue", "edit")
_SOON = Badge(gettext_lazy("Due soon"), "blue", "clock")
_BEFORE_USE = Badge(gettext_lazy("Before the calendar was kept here"), "grey", "circle-dashed")
_OWED = Badge(gettext_lazy("Not due yet"), "grey", "circle-dashed")


@staff_page("plan.view")
def report_calendar(request: StaffRequest) -> HttpResponse:
    """List the reports of a year: what is due, done and late."""
    known = calendar.years(request.actor)
    wanted = request.GET.get("nam", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else request.today.year
    owed = calendar.owed_in(request.actor, year)
    return render(
        request,
        "staff/reports/calendar.html",
        {
            "year": year,
            "years": sorted({*known, request.today.year, year}),
            "rows": [_shown(request, each) for each in owed],
            "late": sum(each.is_late(request.today) for each in owed),
            "next": next((each for each in owed if each.is_open and each.due_on >= request.today), None),
            "has_calendar": bool(known) or bool(calendar.versions(request.actor)),
        },
    )


@staff_page("plan.view")
def owed_report(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Show one report of the calendar: its days, from and to whom, on whose word, what became of it."""
    return _owed(request, occurrence_id)


@staff_page("report.unit", methods=("POST",))
def begin_report(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Begin the report that is owed, everything filled."""
    try:
        report = beginning.begin_owed(actor=request.actor, occurrence_id=occurrence_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:reports:owed_report", occurrence_id)
    return redirect("web:reports:report_detail", report.pk)


@staff_page("report.write", methods=("POST",))
def note_sent(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Note that a report was made outside and sent."""
    form = SentForm(request.POST, today=request.today)
    if form.is_valid():
        try:
            calendar.note_sent(
                actor=request.actor, occurrence_id=occurrence_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The report is noted as sent."))
            return redirect("web:reports:owed_report", occurrence_id)
    return _owed(request, occurrence_id, sending=form)


@staff_page("report.write", methods=("POST",))
def reopen_report(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Owe a report again that was noted as sent by mistake."""
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            calendar.reopen(
                actor=request.actor,
                occurrence_id=occurrence_id,
                reason=form.cleaned_data["reason"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The report is owed again."))
            return redirect("web:reports:owed_report", occurrence_id)
    return _owed(request, occurrence_id, reopening=form)


@staff_page("report.write", methods=("GET", "POST"))
def calendar_lines(request: StaffRequest) -> HttpResponse:
    """Show the lines of the calendar; where there is none yet, propose it from the plan in force and the catalogue."""
    known = calendar.versions(request.actor)
    if not known:
        return _propose(request)
    wanted = request.GET.get("tu", "")
    version = next((each for each in known if each.valid_from.isoformat() == wanted), None)
    version = version or next((each for each in known if each.valid_from <= request.today), known[-1])
    form = VersionForm(request.POST if request.method == "POST" else None, initial={"valid_from": None})
    if request.method == "POST" and form.is_valid():
        try:
            made = calendar.renew_calendar(actor=request.actor, now=moment(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("valid_from", say(refusal.message))
        else:
            messages.success(request, _("The new version is begun with the lines of the one before."))
            return redirect(f"{request.path}?tu={made.valid_from.isoformat()}")
    return render(
        request,
        "staff/reports/calendar_lines.html",
        {
            "version": version,
            "versions": known,
            "lines": calendar.lines(request.actor, version.id),
            "form": form,
        },
    )


@staff_page("report.write", methods=("GET", "POST"))
def add_line(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """Add a line to a version."""
    if not calendar.has_version(request.actor, calendar_id):
        raise Http404(f"no version {calendar_id}")
    return _line(request, calendar_id, None)


@staff_page("report.write", methods=("GET", "POST"))
def edit_line(request: StaffRequest, line_id: int) -> HttpResponse:
    """Change a line."""
    row = calendar.line(request.actor, line_id)
    return _line(request, row.calendar_id, row)


@staff_page("report.write", methods=("POST",))
def end_line(request: StaffRequest, line_id: int) -> HttpResponse:
    """Take a line out of the calendar."""
    calendar.end_line(actor=request.actor, line_id=line_id, today=request.today)
    messages.success(request, _("The report is no longer in the calendar."))
    return redirect("web:reports:calendar_lines")


def _line(request: StaffRequest, calendar_id: int, row: calendar.LineRow | None) -> HttpResponse:
    form = LineForm(
        request.POST if request.method == "POST" else None,
        units=unit_choices(request.actor),
        initial=LineForm.initial_of(row.line) if row else {"year_starts": "01-01", "due_days": 0},
    )
    if request.method == "POST" and form.is_valid():
        try:
            calendar.save_line(
                actor=request.actor,
                calendar_id=calendar_id,
                line_id=row.id if row else None,
                wanted=form.line(),
                today=request.today,
            )
        except LineNotPossible as refusal:
            form.add_error(refusal.field, say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The line is saved; what is owed by it is dated."))
            return redirect("web:reports:calendar_lines")
    return render(request, "staff/reports/calendar_line.html", {"form": form, "row": row})


def _propose(request: StaffRequest) -> HttpResponse:
    proposals = calendar.proposals(request.actor, request.today)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        proposals=proposals,
        initial={
            "valid_from": request.today,
            "chosen": [line.key for line, is_proposed in proposals if is_proposed],
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            calendar.begin_calendar(
                actor=request.actor,
                valid_from=data["valid_from"],
                source=data["source"],
                chosen=form.lines(),
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request, _("The calendar is begun; check each line's day with what your superiors ask.")
            )
            return redirect("web:reports:calendar_lines")
    return render(
        request,
        "staff/reports/calendar_begin.html",
        {"form": form, "uncertain": [line for line, _is_proposed in proposals if not line.is_certain]},
    )


def _owed(
    request: StaffRequest,
    occurrence_id: int,
    *,
    sending: SentForm | None = None,
    reopening: ReopenForm | None = None,
) -> HttpResponse:
    row = calendar.owed(request.actor, occurrence_id)
    return render(
        request,
        "staff/reports/owed.html",
        {
            **_shown(request, row),
            "is_writer": can(request.actor, "report.write"),
            "sending": sending or SentForm(today=request.today),
            "asks_sent": sending is not None or (not row.can_begin and row.report_id is None),
            "reopening": reopening or ReopenForm(),
            "asks_reopen": reopening is not None,
        },
    )


def _shown(request: StaffRequest, row: calendar.Owed) -> dict[str, object]:
    today = request.today
    is_late = row.is_late(today)
    words = ""
    if row.is_done:
        badge = _DONE_LATE if row.was_late else _DONE
    elif row.is_before_use:
        badge = _BEFORE_USE
    elif is_late:
        badge, words = _LATE, days_left.overdue((today - row.due_on).days)
    else:
        badge = _WRITING if row.report_id else _SOON if row.due_on <= today + SOON else _OWED
        words = days_left.left((row.due_on - today).days, row.due_on)
    return {
        "owed": row,
        "badge": badge,
        "words": words,
        "is_late": is_late,
        "begun": row.period.start <= today,
        "may_begin": row.can_begin and may_write(request.actor, row.reporter_id),
    }
