"""Who stands in for whom: the own delegations, and those that a colleague is given."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.org import operations, queries
from camket.web.request import StaffRequest, say, staff_page, way_back
from camket.web.staff.organisation.forms import DelegationForm


@staff_page("people.view", methods=("GET", "POST"))
def own_delegations(request: StaffRequest) -> HttpResponse:
    """Show who stands in for the person and for whom the person does; delegate a post of one's own."""
    return _page(request, request.actor.person_id)


@staff_page("people.manage", methods=("GET", "POST"))
def delegation_give(request: StaffRequest, person_id: int) -> HttpResponse:
    """Delegate a post of a colleague who is away."""
    return _page(request, person_id)


@staff_page("people.view", methods=("POST",))
def delegation_withdraw(request: StaffRequest, delegation_id: int) -> HttpResponse:
    try:
        operations.withdraw_delegation(actor=request.actor, delegation_id=delegation_id, today=request.today)
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, gettext("The delegation has ended."))
    return way_back(request, "web:organisation:own_delegations")


def _page(request: StaffRequest, person_id: int) -> HttpResponse:
    person = queries.person(request.actor, person_id, request.today)
    posts = queries.own_posts(request.actor, person_id, request.today)
    people = [row for row in queries.person_choices(request.actor, request.today) if row[0] != person_id]
    form = DelegationForm(
        request.POST or None, posts=posts, people=people, initial={"valid_from": request.today}
    )
    is_own = person_id == request.actor.person_id
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            given = operations.delegate_post(
                actor=request.actor,
                post_id=data["post"],
                deputy_id=data["deputy"],
                valid_from=data["valid_from"],
                valid_to=data["valid_to"],
                reason=data["reason"],
                document_number=data["document_number"],
                today=request.today,
            )
        except operations.DaysNotPossible as refusal:
            form.add_error("valid_to", say(refusal.message))
        except (operations.DeputyNotPossible, operations.OwnDeputy, operations.OwnAccount) as refusal:
            form.add_error("deputy", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request,
                gettext("%(person)s stands in; the days and the end come by themselves.")
                % {"person": dict(people)[given.deputy_id]},
            )
            if is_own:
                return redirect("web:organisation:own_delegations")
            return redirect("web:organisation:person", person_id)
    found = queries.delegations_of(request.actor, person_id, request.today)
    return render(
        request,
        "staff/organisation/delegations.html",
        {
            "person": person,
            "is_own": is_own,
            "form": form,
            "has_posts": bool(posts),
            "given": [row for row in found if row.giver_id == person_id],
            "taken": [row for row in found if row.deputy_id == person_id],
        },
    )
