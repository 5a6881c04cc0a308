"""An agency's own list for a register: the figures of the plan with their measure and plans, the ceilings of titles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.messages import Refusal
from camket.core.registers import REGISTERS, Register
from camket.org.policy import can
from camket.org.queries import unit_choices
from camket.registers import operations, queries
from camket.web.forms.fields import UnitChoiceField
from camket.web.handing_out import WRITERS, hand_out
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff.registers import display
from camket.web.staff.registers.forms import Choices, EntryForm
from camket.web.staff.registers.views import register_of


class ItemForm(EntryForm):
    """A line of the own list: its name, its unit, and the fields that the register gives it."""

    def __init__(
        self, data: Any = None, *, register: Register, units: Any, item: Any = None, year: int | None = None
    ) -> None:
        super().__init__(
            data,
            fields=register.item_fields,
            choices=Choices(units=units, people=(), items=()),
            values=item.values if item else {"year": year},
        )
        own = self.fields
        named = forms.CharField(label=gettext_lazy("Name"), max_length=500, initial=item.name if item else "")
        unit = UnitChoiceField(
            label=gettext_lazy("Unit that enters it"), required=False, initial=item.unit_id if item else None
        )
        unit.rows = units
        used = forms.BooleanField(
            label=gettext_lazy("In use"), required=False, initial=item.is_active if item else True
        )
        self.fields = {
            "name": named,
            **({"unit": unit} if register.key == "figures" else {}),
            **own,
            "is_active": used,
        }


def _listed(register_slug: str) -> Register:
    register = register_of(register_slug)
    if not register.item_label:
        raise Http404("a register without a list of its own")
    return register


@staff_page("register.view")
def titles_submission(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out the submission of who is registered or proposed for titles of a year, as DOCX or PDF."""
    if file_format not in WRITERS:
        raise Http404(f"no format {file_format!r}")
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else request.today.year
    document = queries.titles_submission(request.actor, year, request.today)
    if document is None:
        messages.error(
            request,
            _("Nobody is registered or proposed for a title of %(year)s: there is nothing to submit.")
            % {"year": year},
        )
        return redirect("web:registers:list", REGISTERS["titles"].slug)
    write, content_type = WRITERS[file_format]
    return hand_out(write(document), f"to-trinh-thi-dua-{year}.{file_format}", content_type)


@staff_page("register.view", methods=("GET", "POST"))
def items(request: StaffRequest, register_slug: str) -> HttpResponse:
    """Show the own list; add a line."""
    register = _listed(register_slug)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        register=register,
        units=unit_choices(request.actor),
        year=request.today.year,
    )
    if request.method == "POST" and form.is_valid() and _saved(request, register, form):
        return redirect("web:registers:items", register.slug)
    names = queries.shown_names(request.actor, register)
    listed = [each for each in register.item_fields if each.key != "plans"]
    rows = [
        {
            "item": each,
            "says": [
                (_(field.label), display.said(field, each.values.get(field.key), names)) for field in listed
            ],
            "plans": str(each.values.get("plans") or "").splitlines(),
        }
        for each in queries.items(request.actor, register)
    ]
    context = {
        "register": register,
        "form": form if can(request.actor, "register.list") else None,
        "rows": rows,
        "has_plans": any(each.key == "plans" for each in register.item_fields),
    }
    return render(request, "staff/registers/items.html", context, status=422 if form.errors else 200)


@staff_page("register.list", methods=("GET", "POST"))
def item_edit(request: StaffRequest, register_slug: str, item_id: int) -> HttpResponse:
    """Change a line of the own list, or take it out of use."""
    register = _listed(register_slug)
    found = queries.item(request.actor, register, item_id)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        register=register,
        units=unit_choices(request.actor),
        item=found,
    )
    if request.method == "POST" and form.is_valid() and _saved(request, register, form, found.id):
        return redirect("web:registers:items", register.slug)
    return render(
        request,
        "staff/registers/item_edit.html",
        {"register": register, "form": form, "item": found},
        status=422 if form.errors else 200,
    )


@staff_page("register.view")
def series(request: StaffRequest) -> HttpResponse:
    """Show the series of outgoing documents' numbers in a year: the latest, the next, those that were skipped.

    ``day-so`` names the series whose numbers are shown one by one, ``duoi`` below which number.
    """
    said = request.GET.get("nam", "")
    year = int(said) if said.isdecimal() and len(said) == 4 else request.today.year
    context = {
        "register": REGISTERS["outgoing"],
        "year": year,
        "years": range(request.today.year, request.today.year - 6, -1),
        "rows": queries.series_of_year(request.actor, year),
    }
    if wanted := request.GET.get("day-so", ""):
        below = request.GET.get("duoi", "")
        context["numbers"] = queries.numbers_of_series(
            request.actor,
            series=wanted[:60],
            year=year,
            below=int(below) if below.isdecimal() and len(below) < 7 else None,
        )
    return render(request, "staff/registers/series.html", context)


@staff_page("register.view")
def courses(request: StaffRequest) -> HttpResponse:
    """Show the courses of a year: planned, to be attended by whom, held, for how many hours."""
    said = request.GET.get("nam", "")
    year = int(said) if said.isdecimal() and len(said) == 4 else request.today.year
    register = REGISTERS["training"]
    found = queries.courses_of_year(request.actor, year)
    context = {
        "register": register,
        "found": found,
        "rows": [(each, each.is_late(request.today)) for each in found.rows],
        "years": range(request.today.year + 1, request.today.year - 5, -1),
        "may_enter": queries.may_enter(request.actor, register),
        "may_list": can(request.actor, "register.list"),
    }
    return render(request, "staff/registers/courses.html", context)


def _saved(request: StaffRequest, register: Register, form: ItemForm, item_id: int | None = None) -> bool:
    try:
        operations.save_item(
            actor=request.actor,
            register=register.key,
            item_id=item_id,
            name=form.cleaned_data["name"],
            unit_id=form.cleaned_data.get("unit"),
            values=form.texts(),
            is_active=form.cleaned_data["is_active"],
            now=moment(request),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Saved."))
    return True
