from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from camket.org import operations
from camket.web.account.forms import PasswordForm, ProfileForm, SignInForm
from camket.web.request import say, way_back

if TYPE_CHECKING:
    from camket.org.models import Person

COMPUTER = "camket_computer"
"""Name of the cookie that tells a computer on which people signed in before from a stranger's."""
COMPUTER_AGE = 365 * 24 * 3600
NAMES_OF_A_COMPUTER = 12


def _address(request: HttpRequest) -> str:
    """Return where the request comes from; behind a proxy, what the proxy itself saw, which nobody can forge."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _marks(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    """Return the computer's own mark and the digests of the names that signed in on it, from its signed cookie."""
    text = request.get_signed_cookie(COMPUTER, default="", salt=COMPUTER, max_age=COMPUTER_AGE)
    computer, _, digests = (text or "").partition(":")
    return computer, tuple(digest for digest in digests.split(".") if digest)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _computer_of(request: HttpRequest, name: str) -> str:
    """Return the mark of the computer if this name signed in on it before, else an empty text."""
    computer, digests = _marks(request)
    return computer if _digest(name) in digests else ""


def _remember_computer(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Note in a signed cookie that this name signed in on the computer; the latest names of a shared one are kept."""
    computer, digests = _marks(request)
    names = [_digest(name), *(digest for digest in digests if digest != _digest(name))][:NAMES_OF_A_COMPUTER]
    response.set_signed_cookie(
        COMPUTER,
        f"{computer or secrets.token_urlsafe(12)}:{'.'.join(names)}",
        salt=COMPUTER,
        max_age=COMPUTER_AGE,
        path=reverse("web:sign_in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return way_back(request, "web:home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["login"].strip().casefold()
        address = _address(request)
        known = _computer_of(request, name)
        try:
            operations.check_sign_in_allowed(login=name, address=address, computer=known, now=timezone.now())
        except operations.TooManyFailures as refusal:
            form.add_error(None, say(refusal.message))
            return render(request, "account/sign_in.html", {"form": form}, status=429)
        person = authenticate(request, username=name, password=form.cleaned_data["password"])
        if person is None:
            operations.count_failed_sign_in(login=name, address=address, computer=known, now=timezone.now())
            form.add_error(
                None, gettext("The sign-in name or the password is wrong. Check Caps Lock and try again.")
            )
        else:
            operations.forget_failed_sign_ins(login=name, address=address, computer=known)
            login(request, person)
            response = way_back(request, "web:home")
            _remember_computer(request, response, name)
            return response
    return render(request, "account/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, gettext("You have signed out."))
    return redirect("web:sign_in")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    response = way_back(request, "web:home")
    if code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            operations.choose_language(person_id=request.user.pk, language=code)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = cast("Person", request.user)
    form = ProfileForm(request.POST or None, initial={"email": person.email, "language": person.language})
    if request.method == "POST" and form.is_valid():
        operations.change_profile(
            person_id=person.pk, email=form.cleaned_data["email"], language=form.cleaned_data["language"]
        )
        messages.success(request, gettext("Your details have been saved."))
        return redirect("web:profile")
    return render(request, "account/profile.html", {"form": form})


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    person = cast("Person", request.user)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = operations.change_password(
            person_id=person.pk,
            password=form.cleaned_data["new"],
            actor=request.actor,  # type: ignore[attr-defined]
            today=request.today,  # type: ignore[attr-defined]
        )
        update_session_auth_hash(request, changed)
        messages.success(request, gettext("Your password has been changed."))
        return redirect("web:profile")
    return render(request, "account/password.html", {"form": form})
