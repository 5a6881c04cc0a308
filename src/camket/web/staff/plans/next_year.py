"""What the last year proposes for a plan's draft: decisions of management reviews, targets that were not reached."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.messages import Refusal
from camket.improvement.operations.next_year import take_up_decision
from camket.improvement.queries import next_year as queries
from camket.objectives import operations
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.plans import page as pages


class ObjectiveWordsForm(forms.Form):
    """An objective in the words of the plan."""

    text = forms.CharField(
        label=gettext_lazy("Objective in the words of the plan"),
        help_text=gettext_lazy(
            "Its targets are read from its words: “từ 95% trở lên”, “đạt loại tốt trở lên”."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@staff_page("plan.edit")
def proposals(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Show what reviews decided on for the year and which targets of the year before were not reached."""
    return _page(request, plan_id)


@staff_page("plan.edit", methods=("POST",))
def take_up(request: StaffRequest, plan_id: int, decision_id: int) -> HttpResponse:
    """Bring an objective that a review decided on into the draft."""
    found = queries.proposals(request.actor, plan_id, request.today)
    if all(each.decision_id != decision_id for each in found.decisions):
        raise Http404("no such decision")
    return _taken(
        request,
        plan_id,
        f"decision-{decision_id}",
        lambda text: take_up_decision(
            actor=request.actor, plan_id=plan_id, decision_id=decision_id, text=text, now=moment(request)
        ),
    )


@staff_page("plan.edit", methods=("POST",))
def take_up_result(request: StaffRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Set an objective anew whose target was not reached in the year before."""
    found = queries.proposals(request.actor, plan_id, request.today)
    if all(each.target_id != target_id for each in found.results):
        raise Http404("no such target")
    return _taken(
        request,
        plan_id,
        f"target-{target_id}",
        lambda text: operations.add_objective(
            actor=request.actor, plan_id=plan_id, today=request.today, text=text
        ),
    )


def _taken(request: StaffRequest, plan_id: int, prefix: str, add: Callable[[str], int]) -> HttpResponse:
    form = ObjectiveWordsForm(request.POST, prefix=prefix)
    if form.is_valid():
        try:
            made = add(form.cleaned_data["text"])
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "text"), say(refusal.message))
        else:
            messages.success(request, _("The objective stands in the draft; add its actions there."))
            place = reverse("web:plans:plan_edit", args=[plan_id])
            return redirect(f"{place}#muc-tieu-{made}")
    return _page(request, plan_id, sent=form)


def _page(request: StaffRequest, plan_id: int, sent: ObjectiveWordsForm | None = None) -> HttpResponse:
    found = queries.proposals(request.actor, plan_id, request.today)

    def form(prefix: str, text: str) -> ObjectiveWordsForm:
        if sent is not None and sent.prefix == prefix:
            return sent
        return ObjectiveWordsForm(prefix=prefix, initial={"text": text})

    context = {
        "found": found,
        "plan": found.plan,
        "plan_name": pages.plan_name(found.plan),
        "last_year": str(found.last_year),
        "is_drafted": queries.is_drafted(found.plan),
        "decisions": [(each, form(f"decision-{each.decision_id}", each.text)) for each in found.decisions],
        "results": [(each, form(f"target-{each.target_id}", each.words)) for each in found.results],
    }
    return render(request, "staff/plans/proposals.html", context)
