"""How the agencies below stand, for viewers and inspectors: one line each, and the way into it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from camket.org import queries
from camket.reporting import below as reporting
from camket.reporting.below import BelowFilter, BelowRow, Order, PlanState
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.objectives import periods

A_PAGE = 50
PLANS = [
    (PlanState.IN_FORCE.value, _("In force")),
    (PlanState.SUBMITTED.value, _("Waiting for approval or promulgation")),
    (PlanState.DRAFT.value, _("In preparation")),
    (PlanState.OF_BEFORE.value, _("Last year's only")),
    (PlanState.NONE.value, _("No plan")),
]
TONES = {
    PlanState.IN_FORCE: "green",
    PlanState.SUBMITTED: "blue",
    PlanState.DRAFT: "amber",
    PlanState.OF_BEFORE: "amber",
    PlanState.NONE: "red",
}
ORDERS = [
    (Order.NAME.value, _("Name")),
    (Order.MISSED.value, _("Objectives missed")),
    (Order.OVERDUE.value, _("Overdue tasks")),
    (Order.REPORT.value, _("Oldest report first")),
]


class BelowForm(forms.Form):
    """Which agencies to show, and in which order."""

    tim = forms.CharField(label=_("Name or code of the agency"), required=False, max_length=100)
    cap = forms.ChoiceField(label=_("Level"), required=False)
    ke_hoach = forms.ChoiceField(
        label=_("Plan of the year"), required=False, choices=[("", _("All")), *PLANS]
    )
    sap_xep = forms.ChoiceField(label=_("Sorted by"), required=False, choices=ORDERS)
    can_chu_y = forms.BooleanField(label=_("Only those that call for attention"), required=False)

    def __init__(self, *args: Any, levels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cap"].choices = [("", _("All")), *levels]  # type: ignore[attr-defined]


@staff_page("below.view")
def below(request: StaffRequest) -> HttpResponse:
    """List the agencies below with plan, verdicts, overdue work and last report."""
    rows = reporting.agencies_below(request.actor, request.today)
    levels = queries.level_names()
    used = {row.level for row in rows}
    form = BelowForm(request.GET, levels=[(code, name) for code, name in levels.items() if code in used])
    data = form.cleaned_data if form.is_valid() else {}
    wanted = BelowFilter(
        words=data.get("tim", ""),
        level=data.get("cap", ""),
        plan=data.get("ke_hoach", ""),
        only_attention=data.get("can_chu_y", False),
        order=Order(data.get("sap_xep") or Order.NAME),
    )
    found = reporting.narrowed(rows, wanted)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "staff/overview/below.html",
        {
            "form": form,
            "page": page,
            "lines": [_line(row, levels) for row in page.object_list],
            "is_narrowed": any(data.get(name) for name in ("tim", "cap", "ke_hoach", "can_chu_y")),
            "total": len(rows),
            "in_force": sum(row.plan is PlanState.IN_FORCE for row in rows),
            "with_missed": sum(row.missed > 0 for row in rows),
            "with_overdue": sum(row.overdue > 0 for row in rows),
        },
    )


def _line(row: BelowRow, levels: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "level": levels.get(row.level, ""),
        "plan": dict(PLANS)[row.plan.value],
        "tone": TONES[row.plan],
        "report": periods.named(row.report_period) if row.report_period else "",
    }
