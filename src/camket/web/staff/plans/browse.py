"""The plans of an agency: the list, bringing one in, beginning one, its table and its dates."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.objectives import operations, queries
from camket.paper.reading import UnreadableDocument
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.plans import page as pages
from camket.web.staff.plans.forms import CreateForm, FilterForm, ImportForm, read_upload

WAITING_AT_ONCE = 3
DATES_AT_ONCE = 300
"""A plan with more dates than this shows them month by month, and of a month so many at once as a page of a list."""
ROWS_AT_ONCE = 100


@staff_page("plan.view")
def plan_list(request: StaffRequest) -> HttpResponse:
    """Show the agency's plans, latest year first."""
    everything = queries.plans(request.actor)
    form = FilterForm(request.GET or None, years=sorted({row.year for row in everything}, reverse=True))
    wanted = form.wanted()
    waiting = pages.waiting_for(request.actor, everything)
    rows = queries.plans(request.actor, **wanted) if any(wanted.values()) else everything
    return render(
        request,
        "staff/plans/plan_list.html",
        {
            "form": form,
            "lines": [pages.plan_line(row) for row in rows],
            "has_plans": bool(everything),
            "is_filtered": any(wanted.values()),
            "waiting": waiting,
            "first_waiting": waiting[:WAITING_AT_ONCE],
        },
    )


@staff_page("plan.edit", methods=("GET", "POST"), is_long=True)
def plan_import(request: StaffRequest) -> HttpResponse:
    """Take the decision's file, read it, and go on to checking it."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        data, name, content_type = read_upload(form.cleaned_data["file"])
        try:
            brought = operations.import_plan(
                actor=request.actor,
                data=data,
                name=name,
                content_type=content_type,
                today=request.today,
                year=form.cleaned_data["year"],
            )
        except UnreadableDocument as refusal:
            form.add_error("file", say(refusal.message))
        except operations.YearMissing as refusal:
            form.add_error("year", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            if not brought.is_new:
                messages.info(request, gettext("This file was brought in before; here is its plan."))
                return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[brought.plan_id]))
            return HttpResponseRedirect(reverse("web:plans:plan_edit", args=[brought.plan_id]))
    return render(request, "staff/plans/plan_import.html", {"form": form})


@staff_page("plan.edit", methods=("GET", "POST"))
def plan_create(request: StaffRequest) -> HttpResponse:
    """Begin a plan from nothing, or from an earlier one."""
    earlier = queries.plan_choices(request.actor)
    is_sent = request.method == "POST"
    form = CreateForm(
        request.POST if is_sent else None,
        plans=[(str(row.id), pages.plan_choice(row)) for row in earlier],
        initial={
            "year": request.today.year + (request.today.month >= 10),
            "copy_from": request.GET.get("tu", ""),
        },
    )
    if form.is_valid():
        year, copied = form.cleaned_data["year"], form.cleaned_data["copy_from"]
        try:
            if copied:
                plan_id = operations.copy_plan(
                    actor=request.actor, plan_id=int(copied), year=year, today=request.today
                )
            else:
                plan_id = operations.create_plan(actor=request.actor, year=year, today=request.today)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            return HttpResponseRedirect(reverse("web:plans:plan_edit", args=[plan_id]))
    return render(request, "staff/plans/plan_create.html", {"form": form, "has_earlier": bool(earlier)})


@staff_page("plan.view")
def plan_table(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Show the plan as the table of the decision."""
    plan, page = queries.plan_page(request.actor, plan_id, request.GET.get("page"))
    return render(
        request,
        "staff/plans/plan_table.html",
        {
            "plan": plan,
            "plan_name": pages.plan_name(plan),
            "document_name": pages.document_name(plan),
            "state": pages.STATES[plan.state],
            "rows": queries.rows_in_decision_layout(plan.objectives),
            "page": page,
            "tab": "table",
        },
    )


@staff_page("plan.view")
def plan_dates(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Show the dates that the plan's schedules make, month by month."""
    plan = queries.plan_detail(request.actor, plan_id)
    preview = queries.preview_dates(plan)
    months = pages.months(preview, plan.period.start, plan.period.end)
    shown, page = months, None
    if len(preview.dates) > DATES_AT_ONCE:
        month = pages.month_asked(months, request.GET.get("thang", ""), request.today)
        page = Paginator(month.dates, ROWS_AT_ONCE).get_page(request.GET.get("page"))
        shown = [replace(month, dates=list(page.object_list))]
    return render(
        request,
        "staff/plans/plan_dates.html",
        {
            "plan": plan,
            "plan_name": pages.plan_name(plan),
            "document_name": pages.document_name(plan),
            "state": pages.STATES[plan.state],
            "months": months,
            "shown_months": shown,
            "page": page,
            "preview": preview,
            "undated": [pages.undated_line(row) for row in preview.undated[:ROWS_AT_ONCE]],
            "more_undated": max(len(preview.undated) - ROWS_AT_ONCE, 0),
            "is_checking": "accept" in plan.acts,
            "unmapped": queries.unmapped_count(plan) if plan.is_editable else 0,
            "notes_count": plan.notes_count,
            "step": "dates",
            "tab": "dates",
        },
    )
