"""The improvement cycle at a glance; its rhythm and limits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.messages import Refusal
from camket.improvement.operations.rules import set_rules
from camket.improvement.queries import overview as queries
from camket.improvement.queries.rules import rules as rules_of
from camket.org.policy import can
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.due_words import due_shown
from camket.web.staff.improvement.cycle.forms import RulesForm

SHOWN = 20
PARTS = {
    "audit": (gettext_lazy("Internal audits"), "web:audits:list", "clipboard-list"),
    "nonconformity": (gettext_lazy("Nonconformities"), "web:nonconformities:list", "alert-triangle"),
    "risk": (gettext_lazy("Risks and opportunities"), "web:risks:list", "scale"),
    "review": (gettext_lazy("Management review"), "web:reviews:list", "users"),
    "assessment": (gettext_lazy("Self-assessment"), "web:self_assessments:list", "chart-bar"),
}


@staff_page("nonconformity.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Show what of the cycle is open, what it calls for and what is late."""
    found = queries.cycle(request.actor, request.today)
    context = {
        "found": found,
        "proposals": found.proposals,
        "parts": [
            (each, PARTS[each.key][0], reverse(PARTS[each.key][1]), PARTS[each.key][2])
            for each in found.parts
        ],
        "late": [due_shown(each, request.today) for each in found.late[:SHOWN]],
        "soon": [due_shown(each, request.today) for each in found.soon[:SHOWN]],
        "late_more": max(len(found.late) - SHOWN, 0),
        "soon_more": max(len(found.soon) - SHOWN, 0),
        "may_set": can(request.actor, "cycle.rules"),
    }
    return render(request, "staff/improvement/cycle.html", context)


@staff_page("cycle.rules", methods=("GET", "POST"))
def rules(request: StaffRequest) -> HttpResponse:
    """Show and set the rhythm and the limits, each with where it comes from."""
    found = rules_of(request.actor, request.today)
    form = RulesForm(request.POST if request.method == "POST" else None, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            set_rules(actor=request.actor, values=form.cleaned_data, now=moment(request))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, str(getattr(refusal, "field", ""))), say(refusal.message))
        else:
            messages.success(request, _("Set; what falls due from now on goes by it."))
            return redirect("web:cycle:rules")
    return render(
        request,
        "staff/improvement/cycle_rules.html",
        {"form": form, "found": found, "own": [row for row in found.rows if row.is_own]},
        status=422 if form.errors else 200,
    )
