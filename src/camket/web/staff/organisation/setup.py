"""The guided set-up of a new agency: six short steps, each saved on its own, to be left and taken up at will."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.actions import working_days
from camket.core.messages import Refusal
from camket.org import calendar, operations, policy, queries
from camket.org.operations import PlannedUnit
from camket.web.request import SETUP_PUT_OFF, StaffRequest, moment, say, staff_page
from camket.web.staff.organisation import newcomers
from camket.web.staff.organisation.forms import (
    PersonRowForm,
    SetupNameForm,
    SetupReportingForm,
    UnitRowForm,
)
from camket.web.staff.tasks.forms import ConfirmYearForm, DayForm

STEPS: tuple[tuple[str, str | Promise], ...] = (
    ("setup_name", _("Name")),
    ("setup_units", _("Units")),
    ("setup_people", _("Staff")),
    ("setup_reporting", _("Reporting")),
    ("setup_calendar", _("Calendar")),
    ("setup_done", _("Finish")),
)
_ACTS = {"setup_people": "people.manage", "setup_calendar": "task.manage"}
"""Steps that ask for more than the agency's own data; who may not do them does not see them."""
UNITS = forms.formset_factory(UnitRowForm, extra=3, max_num=80)
PEOPLE = forms.formset_factory(PersonRowForm, extra=5, max_num=30)


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the bar of steps shows it."""

    number: int
    label: str | Promise
    url: str
    is_current: bool


@staff_page("org.manage")
def setup(request: StaffRequest) -> HttpResponse:
    """Go to the first step that has nothing yet."""
    state = queries.set_up_state(request.actor, request.today)
    if not state.units:
        return redirect("web:organisation:setup_name")
    if state.people < 2 and policy.can(request.actor, "people.manage"):
        return redirect("web:organisation:setup_people")
    return redirect(
        "web:organisation:setup_done" if state.is_finished else "web:organisation:setup_reporting"
    )


@staff_page("org.manage", methods=("POST",))
def setup_put_off(request: StaffRequest) -> HttpResponse:
    """Leave the set-up for this sign-in; the next one leads there again."""
    request.session[SETUP_PUT_OFF] = True
    messages.info(request, gettext("The set-up waits for you under Agency → Set-up."))
    return redirect("web:home")


@staff_page("org.manage", methods=("GET", "POST"))
def setup_name(request: StaffRequest) -> HttpResponse:
    row = request.agency
    form = SetupNameForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in SetupNameForm.base_fields},
        levels=queries.level_choices(request.today, besides=row.level),
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.name_agency(actor=request.actor, today=request.today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            return redirect("web:organisation:setup_units")
    return _page(request, "staff/organisation/setup_name.html", {"form": form})


@staff_page("org.manage", methods=("GET", "POST"))
def setup_units(request: StaffRequest) -> HttpResponse:
    there = [row for row in queries.units(request.actor, request.today) if row.is_active]
    proposed = queries.proposed_units(request.actor)
    rows = UNITS(
        request.POST or None,
        prefix="bo-phan",
        initial=[
            *(
                {
                    "keep": True,
                    "name": row.name,
                    "short_name": row.short_name,
                    "kind": row.kind,
                    "unit_id": row.id,
                }
                for row in there
            ),
            *(
                {"keep": True, "name": name, "short_name": short_name, "kind": kind}
                for name, short_name, kind in proposed
            ),
        ],
    )
    if request.method == "POST" and rows.is_valid():
        kept = [form for form in rows if _is_kept(form.cleaned_data)]
        try:
            operations.set_units(
                actor=request.actor,
                units=[
                    PlannedUnit(data["name"], data["short_name"], data["kind"], data["unit_id"])
                    for data in (form.cleaned_data for form in kept)
                ],
                today=request.today,
            )
        except operations.UnitsNotPossible as refusal:
            for at, message in refusal.problems.items():
                kept[at].add_error("name", say(message))
        else:
            return redirect(_after(request, "setup_units"))
    return _page(
        request, "staff/organisation/setup_units.html", {"rows": rows, "has_proposals": bool(proposed)}
    )


@staff_page("people.manage", methods=("GET", "POST"), is_long=True)
def setup_people(request: StaffRequest) -> HttpResponse:
    units = [(pk, names[0]) for pk, names in queries.unit_names(request.actor)]
    rows = PEOPLE(
        request.POST or None,
        prefix="nguoi",
        form_kwargs={"units": units},
    )
    if request.method == "POST" and rows.is_valid():
        wanted = [form for form in rows if form.is_wanted]
        people = newcomers.new_people(wanted, request)
        try:
            intake = operations.add_people(actor=request.actor, people=people, today=request.today)
        except operations.PeopleNotPossible as refusal:
            for at, problems in refusal.problems.items():
                for field, message in problems:
                    wanted[at].add_error(field if field != "login" else "full_name", say(message))
        else:
            if not intake.added:
                return redirect("web:organisation:setup_reporting")
            newcomers.keep_slips(request, intake, people)
            messages.success(
                request, gettext("%(count)s people have been added.") % {"count": str(len(intake.added))}
            )
            return redirect("web:organisation:slips")
    return _page(
        request,
        "staff/organisation/setup_people.html",
        {
            "rows": rows,
            "state": queries.set_up_state(request.actor, request.today),
            "has_units": bool(units),
        },
    )


@staff_page("org.manage", methods=("GET", "POST"))
def setup_reporting(request: StaffRequest) -> HttpResponse:
    row = request.agency
    form = SetupReportingForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in SetupReportingForm.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_reporting(actor=request.actor, today=request.today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            return redirect(_after(request, "setup_reporting"))
    return _page(request, "staff/organisation/setup_reporting.html", {"form": form})


@staff_page("task.manage", methods=("GET", "POST"))
def setup_calendar(request: StaffRequest) -> HttpResponse:
    """Show the days off of this year; confirm the decision they rest on, or add a day of the agency's own."""
    year = request.today.year
    is_day = request.POST.get("what") == "day"
    form = DayForm(request.POST if request.method == "POST" and is_day else None)
    confirm = ConfirmYearForm(request.POST if request.method == "POST" and not is_day else None, prefix="nam")
    if request.method == "POST":
        try:
            if is_day and form.is_valid():
                data = form.cleaned_data
                working_days.set_calendar_day(
                    actor=request.actor,
                    day=data["day"],
                    is_working=data["kind"] == "working",
                    name=data["name"],
                    source=data["source"],
                    now=moment(request),
                )
                messages.success(request, gettext("The day has been entered."))
                return redirect("web:organisation:setup_calendar")
            if not is_day and confirm.is_valid():
                working_days.confirm_calendar_year(
                    actor=request.actor,
                    year=year,
                    source=confirm.cleaned_data["source"],
                    now=moment(request),
                )
                return redirect("web:organisation:setup_done")
        except Refusal as refusal:
            (form if is_day else confirm).add_error(None, say(refusal.message))
    return _page(
        request,
        "staff/organisation/setup_calendar.html",
        {
            "form": form,
            "confirm_form": confirm,
            "year": calendar.year_of_days(request.actor, year),
            "year_text": str(year),
        },
    )


@staff_page("org.manage", methods=("GET", "POST"))
def setup_done(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        operations.finish_set_up(actor=request.actor, today=request.today)
        messages.success(request, gettext("The agency is set up. Now bring in the decision."))
        return redirect("web:plans:plan_import")
    return _page(
        request,
        "staff/organisation/setup_done.html",
        {"state": queries.set_up_state(request.actor, request.today)},
    )


def _open_steps(request: StaffRequest) -> list[tuple[str, str | Promise]]:
    """Return the steps that the person may do."""
    return [
        (step, label) for step, label in STEPS if policy.can(request.actor, _ACTS.get(step, "org.manage"))
    ]


def _after(request: StaffRequest, step: str) -> str:
    """Return the step that follows for this person."""
    names = [name for name, _label in _open_steps(request)]
    return f"web:organisation:{names[names.index(step) + 1]}"


def _page(request: StaffRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    name = request.resolver_match.url_name if request.resolver_match else ""
    open_steps = _open_steps(request)
    names = [step for step, _label in open_steps]
    at = names.index(name or "")
    steps = [
        Step(number, label, reverse(f"web:organisation:{step}"), step == name)
        for number, (step, label) in enumerate(open_steps, 1)
    ]
    return render(
        request,
        template,
        {
            **context,
            "steps": steps,
            "step": steps[at],
            "before": steps[at - 1] if at else None,
            "following": steps[at + 1] if at + 1 < len(steps) else None,
            "is_set_up": request.agency.set_up_on is not None,
        },
    )


def _is_kept(data: dict[str, Any]) -> bool:
    """Return whether a row of units is meant: one that is there always is, to be renamed; others are ticked or new."""
    if data.get("unit_id"):
        return True
    return bool(data.get("name") and data.get("keep"))
