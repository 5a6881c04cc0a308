from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from camket.core.messages import Refusal
from camket.core.procedure_list import LevelNotOffered, PartialReasonMissing
from camket.dossiers.operations import catalogue as operations
from camket.dossiers.queries import catalogue as queries
from camket.org.queries import unit_choices
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page, way_back
from camket.web.staff.procedures.forms import (
    EditionForm,
    EndForm,
    FilterForm,
    NewProcedureForm,
    PostingForm,
    TakeDownForm,
)
from camket.web.vietnamese import number

PER_PAGE = 50

_FIELD_OF = {
    operations.NameMissing: "name",
    operations.ProcedureExists: "code",
    operations.LimitNotPossible: "limit_amount",
    operations.UnitUnknown: "unit",
    operations.DayNotPossible: "valid_from",
    LevelNotOffered: "level",
    PartialReasonMissing: "partial_reason",
}
"""At which field of a form a refusal is said."""


@staff_page("procedure.view")
def catalogue(request: StaffRequest) -> HttpResponse:
    """Show the catalogue, or what of it is asked for."""
    form = FilterForm(request.GET, fields=queries.field_choices(request.actor))
    asked = form.cleaned_data if form.is_valid() else {}
    show = asked.get("show", "")
    wanted = queries.Wanted(
        words=asked.get("q", ""),
        field_id=asked.get("field"),
        level=asked.get("level"),
        posted={"posted": "yes", "not_posted": "no"}.get(show, ""),
        without_limit=show == "without_limit",
        state=show if show in ("unlisted", "ended") else "listed",
    )
    found = queries.catalogue(request.actor, wanted, request.today)
    return render(
        request,
        "staff/procedures/catalogue.html",
        {
            "form": form,
            "found": found,
            "page": Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page")),
            "is_filtered": any(value not in ("", None) for value in asked.values()),
            "is_unlisted": wanted.state == "unlisted",
            "posting": PostingForm(initial={"posted_on": request.today}),
            "places": queries.places(request.actor),
        },
    )


@staff_page("procedure.view")
def procedure(request: StaffRequest, procedure_id: int) -> HttpResponse:
    """Show a procedure with its editions and where it is posted."""
    return _procedure(request, procedure_id)


@staff_page("procedure.manage", methods=("GET", "POST"))
def procedure_add(request: StaffRequest) -> HttpResponse:
    """Enter a procedure."""
    form = NewProcedureForm(
        request.POST or None,
        units=unit_choices(request.actor),
        day=request.today,
        initial={"valid_from": request.today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = operations.add_procedure(
                actor=request.actor,
                code=form.cleaned_data["code"],
                edition=form.edition(),
                today=request.today,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field_of(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The procedure is in the catalogue."))
            tell_reckoned(request, saved.reckoned)
            return redirect("web:procedures:procedure", saved.procedure_id)
    return render(
        request,
        "staff/procedures/edition.html",
        {"form": form, "fields": queries.field_choices(request.actor)},
    )


@staff_page("procedure.manage", methods=("GET", "POST"))
def edition_add(request: StaffRequest, procedure_id: int) -> HttpResponse:
    """Say what holds of a procedure from a day on."""
    page = queries.procedure(request.actor, procedure_id, request.today)
    form = EditionForm(
        request.POST or None,
        units=unit_choices(request.actor),
        day=request.today,
        initial=_initial(page.current, request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = operations.set_edition(
                actor=request.actor,
                procedure_id=procedure_id,
                edition=form.edition(),
                today=request.today,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field_of(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The change has been saved."))
            tell_reckoned(request, saved.reckoned)
            return redirect("web:procedures:procedure", procedure_id)
    return render(
        request,
        "staff/procedures/edition.html",
        {"form": form, "procedure": page, "fields": queries.field_choices(request.actor)},
    )


@staff_page("procedure.manage", methods=("POST",))
def procedure_end(request: StaffRequest, procedure_id: int) -> HttpResponse:
    """Say on which day a procedure held last."""
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            operations.end_procedure(
                actor=request.actor, procedure_id=procedure_id, today=request.today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "last_day"), say(refusal.message))
        else:
            messages.success(request, gettext("The procedure's last day has been saved."))
            return redirect("web:procedures:procedure", procedure_id)
    return _procedure(request, procedure_id, end=form)


@staff_page("procedure.manage", methods=("POST",))
def post(request: StaffRequest) -> HttpResponse:
    """Note where the chosen procedures are posted."""
    form = PostingForm(request.POST)
    ids = [
        int(each)
        for each in request.POST.getlist("procedure")
        if each.isascii() and each.isdigit() and len(each) < 19
    ][:5_000]
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return way_back(request, "web:procedures:catalogue")
    try:
        count = operations.post_procedures(
            actor=request.actor,
            procedure_ids=ids,
            today=request.today,
            now=moment(request),
            **form.cleaned_data,
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        if count:
            said = ngettext(
                "Noted: %(count)s procedure is posted.", "Noted: %(count)s procedures are posted.", count
            )
            messages.success(request, said % {"count": number(count)})
        else:
            messages.info(request, gettext("All of them were noted as posted there already."))
    return way_back(request, "web:procedures:catalogue")


@staff_page("procedure.manage", methods=("POST",))
def take_down(request: StaffRequest, posting_id: int) -> HttpResponse:
    """Note that a posting was taken down."""
    procedure_id = queries.procedure_posted(request.actor, posting_id)
    form = TakeDownForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["removed_on"][0]))
        return redirect("web:procedures:procedure", procedure_id)
    try:
        operations.take_down(
            actor=request.actor,
            posting_id=posting_id,
            removed_on=form.cleaned_data["removed_on"],
            today=request.today,
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return way_back(request, "web:procedures:catalogue")
    messages.success(request, gettext("Noted that it is posted there no more."))
    return redirect("web:procedures:procedure", procedure_id)


def _procedure(request: StaffRequest, procedure_id: int, end: EndForm | None = None) -> HttpResponse:
    return render(
        request,
        "staff/procedures/procedure.html",
        {
            "procedure": queries.procedure(request.actor, procedure_id, request.today),
            "posting": PostingForm(initial={"posted_on": request.today}),
            "places": queries.places(request.actor),
            "end": end or EndForm(initial={"last_day": request.today}),
        },
        status=422 if end else 200,
    )


def _initial(current: queries.EditionRow, request: StaffRequest) -> dict[str, Any]:
    return {
        "name": current.name,
        "field": current.field,
        "unit": current.unit_id,
        "limit_amount": current.limit.amount,
        "limit_unit": current.limit.unit.value,
        "level": current.level.value,
        "partial_reason": current.partial_reason,
        "decision": "",
        "valid_from": request.today,
    }


def _field_of(refusal: Refusal) -> str | None:
    return refused_field(refusal, _FIELD_OF[type(refusal)]) if type(refusal) in _FIELD_OF else None


def tell_reckoned(request: StaffRequest, count: int) -> None:
    """Say how many open dossiers have new due dates."""
    if count:
        said = ngettext(
            "The due date of %(count)s open dossier has been reckoned anew.",
            "The due dates of %(count)s open dossiers have been reckoned anew.",
            count,
        )
        messages.info(request, said % {"count": number(count)})
