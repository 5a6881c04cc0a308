"""The socio-economic figures: a year month by month against the plan and last year, and a period entered at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from camket.core.messages import Refusal
from camket.core.registers import REGISTERS
from camket.core.registers.fields import PERIODS
from camket.registers import operations, queries
from camket.web import vietnamese
from camket.web.forms.fields import DateField, DecimalInput
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.registers.extras import month_end_before

FIGURES = REGISTERS["figures"]


class PeriodForm(forms.Form):
    """Of which period figures are."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Period"), choices=[(each.word, gettext_lazy(each.name)) for each in PERIODS]
    )
    on = DateField(label=gettext_lazy("Last day of the period"))


class AmountsForm(forms.Form):
    """What each figure came to, with the document that says so."""

    source = forms.CharField(
        label=gettext_lazy("Where it is from"),
        max_length=255,
        help_text=gettext_lazy(
            "One document for all rows below; a row from another one is entered by itself."
        ),
    )
    number = forms.CharField(label=gettext_lazy("Document"), required=False, max_length=100)

    def __init__(self, data: Any, *, lines: tuple[queries.PeriodLine, ...]) -> None:
        super().__init__(data)
        self.lines = lines
        for each in lines:
            self.fields[f"so_{each.item_id}"] = forms.CharField(
                label=each.name,
                required=False,
                max_length=40,
                initial=each.amount,
                disabled=not each.is_kept,
                widget=DecimalInput(),
            )

    def rows(self) -> list[tuple[queries.PeriodLine, forms.BoundField]]:
        """Return each figure with its field."""
        return [(each, self[f"so_{each.item_id}"]) for each in self.lines]

    def amounts(self) -> dict[int, str]:
        """Return what was typed, by the line of the own list."""
        return {
            each.item_id: str(self.cleaned_data.get(f"so_{each.item_id}") or "")
            for each in self.lines
            if each.is_kept
        }

    def refuse(self, refusal: Refusal) -> None:
        """Say what stands against what was typed, each at its figure."""
        if not isinstance(refusal, operations.ValuesRefused):
            self.add_error(refused_field(refusal, ""), say(refusal.message))
            return
        for each in refusal.problems:
            item, _dash, key = each.field.partition("-")
            name = key if key in self.fields else f"so_{item}"
            self.add_error(name if name in self.fields else None, say(each.message))


@staff_page("register.view")
def year(request: StaffRequest) -> HttpResponse:
    """Show the figures of a year month by month, against the plan and last year."""
    said = request.GET.get("nam", "")
    is_year = said.isdecimal() and len(said) == 4 and 2000 <= int(said) <= request.today.year + 1
    wanted = int(said) if is_year else request.today.year
    found = queries.figure_year(request.actor, wanted)
    names = queries.shown_names(request.actor, FIGURES)
    context = {
        "register": FIGURES,
        "found": found,
        "lines": [(each, names.unit(each.unit_id), _plan_words(each)) for each in found.lines],
        "months": range(1, 13),
        "years": range(request.today.year, request.today.year - 6, -1),
        "may_enter": queries.may_enter(request.actor, FIGURES),
        "begin": month_end_before(request.today),
    }
    return render(request, "staff/registers/figures.html", context)


def _plan_words(each: queries.FigureLine) -> str:
    """Return what the plan asks, as it is written in plans."""
    if each.direction == "reached":
        return _("reached")
    if each.plan is None:
        return ""
    low = vietnamese.number(each.plan.low)
    return low if each.plan.high is None else f"{low} – {vietnamese.number(each.plan.high)}"


@staff_page("register.keep", methods=("GET", "POST"))
def period(request: StaffRequest) -> HttpResponse:
    """Enter the figures of a period at once."""
    queries.require_enter(request.actor, FIGURES)
    asked = PeriodForm(request.GET if "kind" in request.GET else _begun(request.today))
    kind, on = "month", month_end_before(request.today)
    if asked.is_valid():
        kind, on = asked.cleaned_data["kind"], asked.cleaned_data["on"]
    lines = queries.period_lines(request.actor, kind, on)
    form = AmountsForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and asked.is_valid() and form.is_valid():
        try:
            written = operations.enter_figures(
                actor=request.actor,
                kind=kind,
                on=on,
                amounts=form.amounts(),
                source=form.cleaned_data["source"],
                number=form.cleaned_data["number"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if written:
                said = ngettext("%(count)s figure is entered.", "%(count)s figures are entered.", written)
                messages.success(request, said % {"count": vietnamese.number(written)})
                return redirect("web:registers:figures")
            form.add_error(None, _("No figure differs from what stands there."))
    context = {
        "register": FIGURES,
        "asked": asked,
        "form": form,
        "kind": kind,
        "on": on,
        "query": request.GET.urlencode(),
    }
    return render(request, "staff/registers/figures_enter.html", context, status=422 if form.errors else 200)


def _begun(today: date) -> QueryDict:
    query = QueryDict(mutable=True)
    query["kind"], query["on"] = "month", vietnamese.day(month_end_before(today))
    return query
