"""A person's mail address: changed after showing who one is, checked by a link."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from camket.core.messages import Refusal
from camket.org import clock, operations, queries
from camket.web.account import mail
from camket.web.account.forms import AddressForm
from camket.web.request import say


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Show a person's address, check it, or enter another."""
    if not did_recently_reauthenticate(request):
        place = urlencode({"next": reverse("web:address")})
        return redirect(f"{reverse('account_reauthenticate')}?{place}")
    person = cast(Any, request.user)
    row = queries.mail_address(person.pk)
    is_fixed = single_sign_on_by_mail() and not mail.is_set_up()
    form = AddressForm(request.POST or None, initial={"email": row.waiting or row.email})
    if request.method == "POST" and not is_fixed:
        if "remove" in request.POST:
            operations.withdraw_address(person_id=person.pk, today=clock.today())
            messages.success(request, gettext("Your address has been taken out."))
            return redirect("web:profile")
        if form.is_valid() and _entered(request, person, form):
            return redirect("web:profile")
    context = {"form": form, "address": row, "mail": mail.is_set_up(), "is_fixed": is_fixed}
    return render(request, "account/address.html", context)


def single_sign_on_by_mail() -> bool:
    """Return whether single sign-on knows people by their address: then only a checked one may be entered."""
    return bool(settings.OIDC_ISSUER) and settings.OIDC_CLAIM == "email"


def _entered(request: HttpRequest, person: Any, form: AddressForm) -> bool:
    email = form.cleaned_data["email"]
    if not mail.is_set_up():
        operations.set_unchecked_address(person_id=person.pk, email=email, today=clock.today())
        messages.success(request, gettext("Your details have been saved."))
        return True
    try:
        operations.take_mail_attempt(email=email, address=f"person {person.pk}", now=timezone.now())
        key = operations.propose_address(person_id=person.pk, email=email)
    except Refusal as refusal:
        form.add_error(None, say(refusal.message))
        return False
    link = request.build_absolute_uri(reverse("web:address_check", args=[key]))
    mail.post("address", email, {"name": person.full_name, "link": link}, person.language)
    messages.success(
        request,
        gettext("A letter is on its way to %(email)s. Open the link in it within three days.")
        % {"email": email},
    )
    return True


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_check(request: HttpRequest, key: str) -> HttpResponse:
    """Take an address whose link was opened; a press of the button, for programs open links in letters too."""
    if request.method != "POST":
        response = render(request, "account/address_check.html", {})
    else:
        try:
            person, before = operations.confirm_address(key=key, today=clock.today())
        except Refusal as refusal:
            response = render(request, "account/link_dead.html", {"why": say(refusal.message)}, status=410)
        else:
            if before and before != person.email:
                mail.post("address_changed", before, {"name": person.full_name}, person.language)
            messages.success(
                request, gettext("The address is checked: a forgotten password can be replaced by mail.")
            )
            response = redirect("web:profile")
    return response
