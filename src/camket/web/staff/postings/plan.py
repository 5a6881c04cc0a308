"""The yearly plan of what is made public: its lines with how far each is, making and changing it, the plan as paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camket.core.messages import Refusal
from camket.core.numbering import NumberNotPossible
from camket.org.queries import unit_choices
from camket.publishing.operations import posting_plan as operations
from camket.publishing.operations.postings import PlaceMissing, SubjectMissing
from camket.publishing.queries import posting_plan as queries
from camket.publishing.queries import postings
from camket.publishing.queries.posting_plan import PlannedDetail
from camket.web import vietnamese
from camket.web.acting import did
from camket.web.handing_out import paper_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.postings import display
from camket.web.staff.postings.plan_forms import ApproveForm, DropForm, LineForm, TieForm

_FIELDS: dict[type[Refusal], str] = {
    SubjectMissing: "subject",
    operations.LineExists: "subject",
    operations.TimeMissing: "when",
    operations.DaysNotPossible: "days_posted",
    PlaceMissing: "place_ids",
}


@staff_page("posting.view")
def plan_now(request: StaffRequest) -> HttpResponse:
    """Go to the plan of this year."""
    return redirect("web:postings:plan", request.today.year)


@staff_page("posting.view")
def plan(request: StaffRequest, year: int) -> HttpResponse:
    """Show the plan of a year with how far each line is."""
    _require_year(request, year)
    return _plan_page(request, year)


@staff_page("posting.approve", methods=("POST",))
def plan_approve(request: StaffRequest, year: int) -> HttpResponse:
    """Approve the plan of a year as it was read, or adjust the approved one."""
    _require_year(request, year)
    approval = queries.approved(request.actor, year, request.today)
    form = ApproveForm(request.POST, is_adjustment=approval.in_force is not None)
    if form.is_valid():
        try:
            operations.approve_plan(actor=request.actor, year=year, now=moment(request), **form.cleaned_data)
        except Refusal as refusal:
            field = refused_field(refusal, getattr(refusal, "field", ""))
            if isinstance(refusal, NumberNotPossible):
                field = "number"
            form.add_error(field if field in form.fields else None, say(refusal.message))
        else:
            messages.success(request, _("The plan is approved and kept as it stands."))
            return redirect("web:postings:plan", year)
    return _plan_page(request, year, form)


def _plan_page(request: StaffRequest, year: int, form: ApproveForm | None = None) -> HttpResponse:
    approval = queries.approved(request.actor, year, request.today)
    if form is None and approval.may_approve:
        initial = {"seen": approval.stamp, "dated": request.today}
        form = ApproveForm(initial=initial, is_adjustment=approval.in_force is not None)
    found = queries.year_plan(request.actor, year, request.today)
    context = {
        "plan": found,
        "year": year,
        "rows": [display.planned(row) for row in found.rows if not row.is_dropped],
        "dropped": [display.planned(row) for row in found.rows if row.is_dropped],
        "counts": display.plan_counts(found.counts),
        "before": year - 1,
        "after": year + 1 if year <= request.today.year else None,
        "has_before": year - 1 in found.years,
        "has_after": year + 1 in found.years,
        "is_empty": not found.rows,
        "approval": approval,
        "form": form,
    }
    return render(request, "staff/postings/plan.html", context)


@staff_page("posting.manage", methods=("POST",))
def plan_make(request: StaffRequest, year: int) -> HttpResponse:
    """Put lines into the plan: what the law has made public, or last year's plan."""
    _require_year(request, year)
    is_copy = request.POST.get("from") == "last-year"
    make = operations.copy_last_year if is_copy else operations.make_from_rules
    try:
        count = make(actor=request.actor, year=year, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        said = ngettext("%(count)s line is added.", "%(count)s lines are added.", count)
        messages.success(request, said % {"count": vietnamese.number(count)})
    return redirect("web:postings:plan", year)


@staff_page("posting.manage", methods=("GET", "POST"))
def line_add(request: StaffRequest, year: int) -> HttpResponse:
    """Add a line."""
    _require_year(request, year)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_line(actor=request.actor, year=year, data=form.line(), today=request.today)
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("The line is added."))
            return redirect("web:postings:plan", year)
    return render(request, "staff/postings/plan_line_edit.html", {"form": form, "year": year, "row": None})


@staff_page("posting.view")
def line(request: StaffRequest, planned_id: int) -> HttpResponse:
    """Show a line with what was posted of it."""
    return _page(request, queries.planned_line(request.actor, planned_id, request.today))


@staff_page("posting.manage", methods=("GET", "POST"))
def line_edit(request: StaffRequest, planned_id: int) -> HttpResponse:
    """Change a line."""
    row = queries.planned_row(request.actor, planned_id, request.today)
    initial = {
        "rule": row.rule,
        "subject": row.subject,
        "when": row.when,
        "due_on": row.due_on,
        "days_posted": row.days,
        "is_permanent": row.days is None,
        "unit": row.unit_id,
        "place_ids": list(row.place_ids),
    }
    form = _form(request, initial, held=row)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_line(
                actor=request.actor,
                year=row.year,
                data=form.line(),
                planned_id=planned_id,
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:postings:plan_line", planned_id)
    return render(request, "staff/postings/plan_line_edit.html", {"form": form, "year": row.year, "row": row})


@staff_page("posting.manage", methods=("POST",))
def line_drop(request: StaffRequest, planned_id: int) -> HttpResponse:
    """Take a line out of the plan."""
    detail = queries.planned_line(request.actor, planned_id, request.today)
    form = DropForm(request.POST, prefix="bo")
    if form.is_valid():
        try:
            operations.drop_line(
                actor=request.actor,
                planned_id=planned_id,
                reason=form.cleaned_data["reason"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The line is out of the plan; it stays listed with its reason."))
            return redirect("web:postings:plan_line", planned_id)
    return _page(request, detail, dropping=form)


@staff_page("posting.manage", methods=("POST",))
def line_restore(request: StaffRequest, planned_id: int) -> HttpResponse:
    """Put a dropped line into the plan again."""
    did(
        request,
        lambda: operations.restore_line(actor=request.actor, planned_id=planned_id, today=request.today),
        _("The line is in the plan again."),
    )
    return redirect("web:postings:plan_line", planned_id)


@staff_page("posting.manage", methods=("POST",))
def line_tie(request: StaffRequest, planned_id: int) -> HttpResponse:
    """Say which postings of the register a line planned."""
    detail = queries.planned_line(request.actor, planned_id, request.today)
    form = TieForm(request.POST, offered=detail.offered)
    if form.is_valid():
        try:
            operations.tie_postings(
                actor=request.actor,
                planned_id=planned_id,
                notice_ids=form.cleaned_data["notice_ids"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The postings are tied to this line."))
            return redirect("web:postings:plan_line", planned_id)
    return _page(request, detail, tying=form)


@staff_page("posting.view")
def plan_file(request: StaffRequest, year: int, file_format: str) -> HttpResponse:
    """Hand out the plan of a year as an official document."""
    _require_year(request, year)
    return paper_file(request, *queries.plan_paper(request.actor, year, request.today), file_format)


@staff_page("posting.view")
def approved_file(request: StaffRequest, approved_id: int, file_format: str) -> HttpResponse:
    """Hand out a plan as it was approved."""
    return paper_file(request, *queries.approved_paper(request.actor, approved_id), file_format)


def _require_year(request: StaffRequest, year: int) -> None:
    if not operations.FIRST_YEAR <= year <= request.today.year + 1:
        raise Http404(f"no plan of {year}")


def _form(
    request: StaffRequest, initial: dict[str, Any] | None = None, *, held: queries.PlannedRow | None = None
) -> LineForm:
    rules = postings.rule_choices(request.today)
    units = unit_choices(request.actor)
    kept = held.place_ids if held else ()
    places = [each for each in postings.places(request.actor) if each.is_active or each.id in kept]
    if held is not None:  # what stands there stays to be chosen, though it would not be offered anew
        if held.rule and held.rule not in dict(rules):
            rules.append((held.rule, held.rule_name))
        if held.unit_id and held.unit_id not in dict(units):
            units.append((held.unit_id, held.unit))
    return LineForm(
        request.POST if request.method == "POST" else None,
        initial=initial or {"days_posted": 30},
        rules=rules,
        units=units,
        places=places,
    )


def _field(form: LineForm, refusal: Refusal) -> str | None:
    name = refused_field(refusal, getattr(refusal, "field", "") or _FIELDS.get(type(refusal), "")) or None
    return name if name in form.fields else None


def _page(request: StaffRequest, detail: PlannedDetail, **forms: Any) -> HttpResponse:
    context = {
        "detail": detail,
        "row": detail.row,
        "shown": display.planned(detail.row),
        "may_do": dict.fromkeys(detail.acts, True),
        "notices": [display.shown(each, request.today) for each in detail.notices],
        "tying": TieForm(offered=detail.offered),
        "dropping": DropForm(prefix="bo"),
        **forms,
        "open": set(forms),
    }
    return render(request, "staff/postings/plan_line.html", context)
