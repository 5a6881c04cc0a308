"""How a colleague signs in: invitation, sessions, second step, single sign-on; for who may restore accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.org import operations, queries
from camket.web import shown_once, vietnamese
from camket.web.account import mail, single_sign_on
from camket.web.account.forms import ReasonForm
from camket.web.request import StaffRequest, say, staff_page

INVITED = "camket_invited"
"""Session key of an invitation that the next page shows, once."""


@staff_page("people.restore")
def sign_in_means(request: StaffRequest, person_id: int) -> HttpResponse:
    return _page(request, person_id)


def _page(
    request: StaffRequest,
    person_id: int,
    factor_form: ReasonForm | None = None,
    link_form: ReasonForm | None = None,
) -> HttpResponse:
    invited = shown_once.look(request, INVITED)
    if invited and invited["person_id"] == person_id:
        shown_once.take(request, INVITED)
        invited = {**invited, "until": datetime.fromisoformat(invited["until"])}
    else:
        invited = None
    context: dict[str, Any] = {
        "means": queries.sign_in_means(request.actor, person_id, request.today, timezone.now()),
        "person_id": person_id,
        "is_self": person_id == request.actor.person_id,
        "invited": invited,
        "provider": settings.OIDC_NAME if single_sign_on.is_set_up() else "",
        "only": settings.OIDC_ONLY,
        "mail": mail.is_set_up(),
        "factor_form": factor_form or ReasonForm(auto_id="factor_%s"),
        "link_form": link_form or ReasonForm(auto_id="link_%s"),
    }
    response = render(request, "staff/organisation/sign_in_means.html", context)
    if invited:
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
    return response


@staff_page("people.restore", methods=("POST",))
def person_invite(request: StaffRequest, person_id: int) -> HttpResponse:
    """Make an invitation, to be shown once; with ``send`` it also goes to the person's address."""
    try:
        made = operations.invite(
            actor=request.actor, person_id=person_id, now=timezone.now(), today=request.today
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:organisation:sign_in_means", person_id)
    link = request.build_absolute_uri(reverse("web:invitation", args=[made.key]))
    to = queries.mail_address(person_id).email if request.POST.get("send") else ""
    if to:
        context = {
            "name": made.full_name,
            "login": made.login,
            "by": request.actor.name,
            "agency": request.agency.name,
            "until": vietnamese.day(made.expires_at),
            "link": link,
        }
        mail.post("invitation", to, context)
        messages.success(request, gettext("The invitation is on its way by mail."))
    shown_once.keep(
        request,
        INVITED,
        {"person_id": person_id, "link": link, "login": made.login, "until": made.expires_at.isoformat()},
    )
    return redirect("web:organisation:sign_in_means", person_id)


@staff_page("people.manage", methods=("POST",))
def person_sessions_end(request: StaffRequest, person_id: int) -> HttpResponse:
    try:
        ended = operations.end_sessions(
            actor=request.actor, person_id=person_id, reason="", today=request.today, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request, gettext("Signed out everywhere: %(number)s sessions were ended.") % {"number": ended}
        )
    return redirect("web:organisation:sign_in_means", person_id)


@staff_page("people.restore", methods=("POST",))
def person_factor_reset(request: StaffRequest, person_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="factor_%s")
    if not form.is_valid():
        return _page(request, person_id, factor_form=form)
    address = queries.mail_address(person_id)
    try:
        person = operations.reset_second_factor(
            actor=request.actor,
            person_id=person_id,
            reason=form.cleaned_data["reason"],
            today=request.today,
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, say(refusal.message))
        return _page(request, person_id, factor_form=form)
    if address.is_checked:
        context = {
            "name": person.full_name,
            "change": "factor_reset",
            "at": timezone.localtime(),
            "device": "",
            "address": "",
            "home": request.build_absolute_uri("/"),
        }
        mail.post("changed", address.email, context, person.language)
    messages.success(
        request, gettext("The second step is taken off; the person is told and signed out everywhere.")
    )
    return redirect("web:organisation:sign_in_means", person_id)


@staff_page("people.restore", methods=("POST",))
def person_link_reset(request: StaffRequest, person_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="link_%s")
    if not form.is_valid():
        return _page(request, person_id, link_form=form)
    try:
        operations.reset_single_sign_on(
            actor=request.actor,
            person_id=person_id,
            reason=form.cleaned_data["reason"],
            today=request.today,
        )
    except Refusal as refusal:
        form.add_error(None, say(refusal.message))
        return _page(request, person_id, link_form=form)
    messages.success(request, gettext("The link is undone."))
    return redirect("web:organisation:sign_in_means", person_id)
