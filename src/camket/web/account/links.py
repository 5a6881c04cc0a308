"""Links that open a page to choose a password: from an invitation, or from a letter to one who forgot it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from camket.core.messages import Refusal
from camket.org import clock, operations
from camket.web.account import mail
from camket.web.account.computers import address_of
from camket.web.account.forms import ForgottenForm, NewPasswordForm
from camket.web.request import say

PageOfLink = Callable[[HttpRequest, str], HttpResponse]


def _guarded(view: PageOfLink) -> PageOfLink:
    """Keep the page of a secret address out of stores, and count addresses that try many.

    No other site sees the address: every page sends its own only within the house (``SECURE_REFERRER_POLICY``).
    Without it altogether browsers would send the form without its origin, which is taken for a forged one.
    """

    @login_not_required
    @never_cache
    @sensitive_post_parameters("new", "again")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, key: str) -> HttpResponse:
        address = address_of(request)
        try:
            operations.check_link_allowed(address=address, now=timezone.now())
            response = view(request, key)
        except operations.TooManyFailures as refusal:
            response = render(request, "account/link_dead.html", {"why": say(refusal.message)}, status=429)
        except operations.LinkDead as refusal:
            operations.count_bad_link(address=address, now=timezone.now())
            context = {"why": say(refusal.message), "mail": mail.is_set_up()}
            response = render(request, "account/link_dead.html", context, status=410)
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapper


@_guarded
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Let an invited person choose a first password."""
    person = operations.invited_person(key=key, now=timezone.now())
    if settings.OIDC_ONLY:
        return redirect("web:sign_in")
    form = NewPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.accept_invitation(
            key=key, password=form.cleaned_data["new"], now=timezone.now(), today=clock.today()
        )
        messages.success(request, gettext("Your password is set. Sign in with it now."))
        return redirect("web:sign_in")
    return render(request, "account/new_password.html", {"form": form, "person": person, "invited": True})


@_guarded
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """Let one who forgot the password choose a new one."""
    if settings.OIDC_ONLY:
        raise Http404
    person = operations.person_of_reset(key=key)
    form = NewPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.finish_reset(key=key, password=form.cleaned_data["new"], today=clock.today())
        messages.success(request, gettext("Your password is set. Sign in with it now."))
        return redirect("web:sign_in")
    return render(request, "account/new_password.html", {"form": form, "person": person, "invited": False})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link to a checked address; the answer is the same whether the address is known or not."""
    if settings.OIDC_ONLY:
        raise Http404
    form = ForgottenForm(request.POST or None)
    is_sent = False
    if mail.is_set_up() and request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            operations.take_mail_attempt(email=email, address=address_of(request), now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            is_sent = True
            link = operations.begin_reset(email=email)
            if link is not None:
                address = request.build_absolute_uri(reverse("web:reset", args=[link.key]))
                mail.post("reset", link.email, {"name": link.full_name, "login": link.login, "link": address})
    context = {"form": form, "is_sent": is_sent, "mail": mail.is_set_up()}
    return render(request, "account/forgotten.html", context)
