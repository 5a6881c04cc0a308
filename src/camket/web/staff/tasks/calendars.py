"""Calendars: tasks by month, and the working days of a year."""

from __future__ import annotations

import calendar as months_of_year
from collections import defaultdict
from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camket.actions import queries, working_days
from camket.core.messages import Refusal
from camket.core.registers import REGISTERS
from camket.notifications.due import due_between
from camket.org import calendar
from camket.registers.invitations import MEETINGS
from camket.registers.queries import may_enter
from camket.registers.queries.meetings import meetings_between
from camket.registers.queries.own import work_due_between
from camket.web import vietnamese
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.due_words import due_shown
from camket.web.staff.entry_words import meeting_shown, work_shown
from camket.web.staff.tasks.display import shown_all
from camket.web.staff.tasks.forms import ConfirmYearForm, DayForm

EARLIEST, LATEST = 2000, 2100
ENTRIES_A_DAY = 4


@staff_page("task.view")
def this_month(request: StaffRequest) -> HttpResponse:
    """Go to the month of today."""
    return redirect("web:tasks:calendar_month", request.today.year, request.today.month)


@staff_page("task.view")
def calendar_month(request: StaffRequest, year: int, month: int) -> HttpResponse:
    """Show a month of tasks by due day, with its meetings by hour; on a phone as an agenda."""
    only_mine = request.GET.get("cua") == "toi"
    found = queries.calendar_month(request.actor, year, month, request.today, only_mine=only_mine)
    tasks = {cell.day: shown_all(cell.tasks) for week in found.weeks for cell in week}
    first, last = found.weeks[0][0].day, found.weeks[-1][-1].day
    entries: dict[date, list[dict[str, object]]] = defaultdict(list)
    for work in work_due_between(request.actor, first, last, request.today, only_mine=only_mine):
        if work.due_on:
            entries[work.due_on].append(work_shown(work, request.today))
    meetings_on: dict[date, list[dict[str, object]]] = defaultdict(list)
    for meeting in meetings_between(request.actor, first, last, moment(request), only_mine=only_mine):
        meetings_on[meeting.on].append(meeting_shown(meeting))
    dues_on: dict[date, list[dict[str, object]]] = defaultdict(list)
    for due in due_between(request.actor, first, last, request.today, only_mine=only_mine):
        dues_on[due.due_on].append(due_shown(due, request.today))
    days = [
        [
            (
                cell,
                tasks[cell.day],
                _first(entries[cell.day]),
                meetings_on[cell.day],
                _first(dues_on[cell.day]),
            )
            for cell in week
        ]
        for week in found.weeks
    ]
    in_month = [day for week in days for day in week if day[0].is_in_month]
    context = {
        "month": found,
        "weeks": days,
        "agenda": [day for day in in_month if day[1] or day[2][0] or day[3] or day[4][0]],
        "count": found.count + sum(len(entries[day[0].day]) + len(dues_on[day[0].day]) for day in in_month),
        "held": sum(len(day[3]) for day in in_month),
        "can_enter": may_enter(request.actor, REGISTERS[MEETINGS]),
        "only_mine": only_mine,
        "heading": _("Tasks due in month %(month)s/%(year)s") % {"month": str(month), "year": str(year)},
        "previous_url": reverse("web:tasks:calendar_month", args=found.previous),
        "next_url": reverse("web:tasks:calendar_month", args=found.next),
    }
    return render(request, "staff/tasks/calendar_month.html", context)


def _first(work: list[dict[str, object]]) -> tuple[list[dict[str, object]], int]:
    """Return the work of the registers or of the system that a day has room for, and how much more there is."""
    return work[:ENTRIES_A_DAY], max(len(work) - ENTRIES_A_DAY, 0)


@staff_page("task.view")
def this_year(request: StaffRequest) -> HttpResponse:
    """Go to the year of today."""
    return redirect("web:tasks:calendar_year", request.today.year)


@staff_page("task.view", methods=("GET", "POST"))
def calendar_year(request: StaffRequest, year: int) -> HttpResponse:
    """Show a year's working days with their sources; the secretary changes days here."""
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = working_days.set_calendar_day(
                actor=request.actor,
                day=data["day"],
                is_working=data["kind"] == "working",
                name=data["name"],
                source=data["source"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _moved(moved))
            return redirect("web:tasks:calendar_year", data["day"].year)
    return _year_page(request, year, form, ConfirmYearForm(prefix="nam"))


@staff_page("task.manage", methods=("POST",))
def confirm_year(request: StaffRequest, year: int) -> HttpResponse:
    """Record the decision on which a year's days off rest."""
    form = ConfirmYearForm(request.POST, prefix="nam")
    if form.is_valid():
        try:
            working_days.confirm_calendar_year(
                actor=request.actor, year=year, source=form.cleaned_data["source"], now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The calendar of %(year)s is confirmed.") % {"year": str(year)})
            return redirect("web:tasks:calendar_year", year)
    return _year_page(request, year, DayForm(), form)


@staff_page("task.manage", methods=("POST",))
def reset_day(request: StaffRequest, year: int, day: str) -> HttpResponse:
    """Let the official calendar hold again for a day."""
    try:
        which = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    moved = working_days.reset_calendar_day(actor=request.actor, day=which, now=moment(request))
    messages.success(request, _moved(moved))
    return redirect("web:tasks:calendar_year", year)


def _moved(count: int) -> str:
    if not count:
        return _("The calendar is changed; no open task moves.")
    return ngettext(
        "The calendar is changed; %(count)s open task has a new due day.",
        "The calendar is changed; %(count)s open tasks have new due days.",
        count,
    ) % {"count": vietnamese.number(count)}


def _year_page(request: StaffRequest, year: int, form: forms.Form, confirm_form: forms.Form) -> HttpResponse:
    if not EARLIEST <= year <= LATEST:
        raise Http404
    found = calendar.year_of_days(request.actor, year)
    special = {each.day: each for each in found.days}
    months = [
        {
            "name": _("Month %(month)s") % {"month": str(month)},
            "weeks": [
                [
                    (
                        day if day.month == month else None,
                        special.get(day) if day.month == month else None,
                        found.calendar.is_working(day),
                        day == request.today,
                    )
                    for day in week
                ]
                for week in months_of_year.Calendar(firstweekday=0).monthdatescalendar(year, month)
            ],
            "working_days": found.calendar.working_between(
                date(year, month, 1), date(year, month, months_of_year.monthrange(year, month)[1])
            ),
        }
        for month in range(1, 13)
    ]
    context = {
        "year": found,
        "year_text": str(year),
        "months": months,
        "form": form,
        "confirm_form": confirm_form,
        "working_days": found.calendar.working_between(date(year, 1, 1), date(year, 12, 31)),
        "previous_url": reverse("web:tasks:calendar_year", args=[year - 1]) if year > EARLIEST else "",
        "next_url": reverse("web:tasks:calendar_year", args=[year + 1]) if year < LATEST else "",
    }
    is_refused = bool(form.errors or confirm_form.errors)
    return render(request, "staff/tasks/calendar_year.html", context, status=422 if is_refused else 200)
