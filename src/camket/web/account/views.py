from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from camket.core.wording.text import login_key
from camket.org import operations, queries
from camket.web.account import mail, single_sign_on
from camket.web.account.adapters import SSO_FACTOR, TOO_MANY
from camket.web.account.factors import tell
from camket.web.account.forms import PasswordForm, ProfileForm, SignInForm
from camket.web.request import FACTOR_NEEDED, way_back

if TYPE_CHECKING:
    from camket.org.models import Person


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password; where only single sign-on is wanted, show the way there."""
    if request.user.is_authenticated:
        return way_back(request, "web:home")
    if settings.OIDC_ONLY:
        return _sign_in_page(request, None)
    return _by_password(request)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Sign in with the one password that stays when single sign-on is all there is, for when the provider is down."""
    if not (settings.OIDC_ONLY and settings.OIDC_EMERGENCY):
        raise Http404
    if request.user.is_authenticated:
        return way_back(request, "web:home")
    return _by_password(request, only=settings.OIDC_EMERGENCY)


def _by_password(request: HttpRequest, only: str = "") -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = login_key(form.cleaned_data["login"])
        is_open = not only or name == only
        try:
            person = (
                get_adapter().authenticate(request, username=name, password=form.cleaned_data["password"])
                if is_open
                else None
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
            return _sign_in_page(request, form, 429 if refusal.code == TOO_MANY else 200)
        if person is not None:
            request.session.pop(SSO_FACTOR, None)
            login = Login(user=person, redirect_url=way_back(request, "web:home").headers["Location"])
            return cast(HttpResponse, perform_password_login(request, {"username": name}, login))
        form.add_error(
            None, gettext("The sign-in name or the password is wrong. Check Caps Lock and try again.")
        )
    return _sign_in_page(request, form)


def _sign_in_page(request: HttpRequest, form: SignInForm | None, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "next": request.POST.get("next", "") or request.GET.get("next", ""),
        "provider": settings.OIDC_NAME if single_sign_on.is_set_up() else "",
        "emergency": bool(settings.OIDC_ONLY and settings.OIDC_EMERGENCY and form is None),
        "mail": mail.is_set_up(),
        "leaving": single_sign_on.leaving_address(
            request, request.session.pop(single_sign_on.LEAVING, "") or ""
        ),
    }
    return render(request, "account/sign_in.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """Say that an account is blocked, and whom to ask."""
    return single_sign_on.problem(request, "blocked", HTTPStatus.FORBIDDEN)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    leaving = request.session.get(single_sign_on.LEAVING)
    operations.end_keys(keys=[request.session.session_key or ""])
    logout(request)
    if leaving:
        request.session[single_sign_on.LEAVING] = leaving
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
    form = ProfileForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        operations.choose_language(person_id=person.pk, language=form.cleaned_data["language"])
        messages.success(request, gettext("Your details have been saved."))
        return redirect("web:profile")
    context = {
        "form": form,
        "address": queries.mail_address(person.pk),
        "mail": mail.is_set_up(),
        "factors": queries.second_factors(person.pk),
        "provider": settings.OIDC_NAME if single_sign_on.is_set_up() else "",
        "is_linked": queries.is_linked(person.pk),
        "has_password": person.has_usable_password() and not settings.OIDC_ONLY,
    }
    return render(request, "account/profile.html", context)


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    person = cast("Person", request.user)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        was_one_time = person.must_change_password
        changed = operations.change_password(
            person_id=person.pk,
            password=form.cleaned_data["new"],
            actor=request.actor,  # type: ignore[attr-defined]
            today=request.today,  # type: ignore[attr-defined]
        )
        before = request.session.session_key or ""
        update_session_auth_hash(request, changed)
        here = request.session.session_key or ""
        operations.rename_session(old=before, new=here)
        operations.end_own_sessions(person_id=person.pk, besides=here)
        messages.success(request, gettext("Your password has been changed."))
        tell(request, person, "password_changed")
        if request.session.get(FACTOR_NEEDED):
            return redirect("mfa_index")
        return redirect("web:home" if was_one_time else "web:profile")
    return render(request, "account/password.html", {"form": form})
