from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from camket.org import operations
from camket.web.account.forms import PasswordForm, ProfileForm, SignInForm
from camket.web.request import AGENCY_KEY, say

if TYPE_CHECKING:
    from camket.org.models import Person


def _next(request: HttpRequest, default: str = "web:home") -> HttpResponse:
    """Return to the page asked for, if it is ours."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    if target and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(target)
    return redirect(default)


def _address(request: HttpRequest) -> str:
    """Return where the request comes from; behind a proxy, what the proxy itself saw, which nobody can forge."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return _next(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["login"].strip().casefold()
        address = _address(request)
        try:
            operations.check_sign_in_allowed(login=name, address=address, now=timezone.now())
        except operations.TooManyFailures as refusal:
            form.add_error(None, say(refusal.message))
            return render(request, "account/sign_in.html", {"form": form}, status=429)
        person = authenticate(request, username=name, password=form.cleaned_data["password"])
        if person is None:
            operations.count_failed_sign_in(login=name, address=address, now=timezone.now())
            form.add_error(
                None, gettext("The sign-in name or the password is wrong. Check Caps Lock and try again.")
            )
        else:
            operations.forget_failed_sign_ins(login=name, address=address)
            login(request, person)
            return _next(request)
    return render(request, "account/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, gettext("You have signed out."))
    return redirect("web:sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_agency(request: HttpRequest) -> HttpResponse:
    posts = request.posts  # type: ignore[attr-defined]
    agencies = {post.agency.id: post.agency for post in posts}
    if request.method == "POST":
        chosen = request.POST.get("agency", "")
        if chosen.isdecimal() and int(chosen) in agencies:
            request.session[AGENCY_KEY] = int(chosen)
            return redirect("web:home")
    rows = [
        {"agency": agency, "posts": [post for post in posts if post.agency.id == agency.id]}
        for agency in agencies.values()
    ]
    return render(request, "account/choose_agency.html", {"rows": rows})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    response = _next(request)
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
