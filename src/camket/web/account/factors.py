"""The second step: taking it at sign-in, setting it up, and showing once more that it is oneself before changing it.

The mechanics are allauth's; pages, words, the count of wrong codes and the journal are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.account.views import ReauthenticateView as PasswordAgainView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    RemoveWebAuthnView,
)
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView as KeyAgainView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from camket.core.messages import Refusal
from camket.org import clock, operations, queries
from camket.web.account import mail
from camket.web.account.computers import device_of, ip_of
from camket.web.account.forms import (
    AppForm,
    CodeAgainForm,
    CodeForm,
    KeyAgainForm,
    KeyForm,
    KeyNameForm,
    KeySignInForm,
    PasswordAgainForm,
    SecondKeyForm,
)
from camket.web.request import BY_PROVIDER, FACTOR_NEEDED, say

APP, KEY = "totp", "webauthn"

safely = (never_cache, sensitive_post_parameters("code", "password", "credential"))
"""What every page of this module is: kept by no browser, its secrets by no report of an error."""


def _person(request: HttpRequest) -> Any:
    return cast("Any", request.user)


def _take_attempt(request: HttpRequest, person_id: int) -> str:
    """Count an attempt at a code; return what to say where there were too many, else an empty text."""
    try:
        operations.take_factor_attempt(person_id=person_id, address=ip_of(request), now=timezone.now())
    except operations.TooManyFailures as refusal:
        return say(refusal.message)
    return ""


def tell(request: HttpRequest, person: Any, change: str) -> None:
    """Write to a person's checked address that the way of signing in changed."""
    address = queries.mail_address(person.pk)
    if address.is_checked:
        context = {
            "name": person.full_name,
            "change": change,
            "at": timezone.localtime(),
            "device": device_of(request),
            "address": ip_of(request),
            "home": request.build_absolute_uri("/"),
        }
        mail.post("changed", address.email, context, person.language)


@method_decorator(safely, name="dispatch")
class SecondStepView(AuthenticateView):  # type: ignore[misc]
    """Ask for the code of the app, a recovery code or a key, after the password."""

    template_name = "account/second_step.html"
    form_class = CodeForm
    webauthn_form_class = SecondKeyForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person_id = self.stage.login.user.pk
        if refusal := _take_attempt(request, person_id):
            self.stage.abort()
            messages.error(request, refusal)
            return redirect("web:sign_in")
        return cast(HttpResponse, super().post(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponse:
        operations.forget_factor_attempts(person_id=self.stage.login.user.pk)
        return cast(HttpResponse, super().form_valid(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        factors = queries.second_factors(self.stage.login.user.pk)
        return {**super().get_context_data(**kwargs), "factors": factors, "person": self.stage.login.user}


class PasskeyView(LoginWebAuthnView):  # type: ignore[misc]
    """Sign in with a passkey alone: it asks for the fingerprint or PIN of its device itself."""

    form_class = KeySignInForm

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.OIDC_ONLY:
            raise Http404
        return cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(
            self.request,
            gettext("This passkey is not known here, or you stopped. Sign in with name and password."),
        )
        return redirect("web:sign_in")


class _Again:
    """A page that asks once more who it is: counted like the second step."""

    request: HttpRequest
    template_name = "account/confirm_yourself.html"
    way = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.way != "password" and (refusal := _take_attempt(request, _person(request).pk)):
            messages.error(request, refusal)
            return redirect("web:profile")
        return cast(HttpResponse, super().post(request, *args, **kwargs))  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        if self.way != "password":
            operations.forget_factor_attempts(person_id=_person(self.request).pk)
        return cast(HttpResponse, super().form_valid(form))  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        others = {each["id"]: each["url"] for each in context["reauthentication_alternatives"]}
        return {
            **context,
            "way": self.way,
            "provider": settings.OIDC_NAME if self.request.session.get(BY_PROVIDER) else "",
            "by_password": others.get("reauthenticate"),
            "by_code": others.get("mfa_reauthenticate"),
            "by_key": others.get("mfa_reauthenticate:webauthn"),
        }


@method_decorator(safely, name="dispatch")
class PasswordAgain(_Again, PasswordAgainView):  # type: ignore[misc]
    way = "password"
    form_class = PasswordAgainForm


@method_decorator(safely, name="dispatch")
class CodeAgain(_Again, CodeAgainView):  # type: ignore[misc]
    way = "code"
    form_class = CodeAgainForm


@method_decorator(safely, name="dispatch")
class KeyAgain(_Again, KeyAgainView):  # type: ignore[misc]
    way = "key"
    form_class = KeyAgainForm

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]


@never_cache
@require_http_methods(["GET", "HEAD"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show what a person has for the second step, and how to set it up."""
    person = _person(request)
    context = {
        "factors": queries.second_factors(person.pk),
        "is_needed": bool(request.session.get(FACTOR_NEEDED)),
        "is_required": queries.second_factor_required(person.pk, clock.today()),
    }
    return render(request, "account/second_factor.html", context)


def _factor_added(request: HttpRequest, factor: str) -> None:
    operations.note_factor_added(person_id=_person(request).pk, factor=factor, today=clock.today())
    request.session[FACTOR_NEEDED] = False


@method_decorator(safely, name="dispatch")
class AppView(ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app by its QR code."""

    template_name = "account/factor_app.html"
    form_class = AppForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := _take_attempt(request, _person(request).pk):
            messages.error(request, refusal)
            return redirect("mfa_index")
        return cast(HttpResponse, super().post(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _factor_added(self.request, APP)
        operations.forget_factor_attempts(person_id=_person(self.request).pk)
        messages.success(self.request, gettext("The app is set up: from now on signing in takes two steps."))
        tell(self.request, self.request.user, "app_added")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


class _Removed:
    """Take off a factor: with its journal, or not at all where the agency asks for it."""

    request: HttpRequest
    factor = ""

    def form_valid(self, form: Any) -> HttpResponse:
        person = _person(self.request)
        try:
            with transaction.atomic():
                super().form_valid(form)  # type: ignore[misc]
                operations.note_factor_removed(person_id=person.pk, factor=self.factor, today=clock.today())
        except Refusal as refusal:
            messages.error(self.request, say(refusal.message))
        else:
            messages.success(self.request, gettext("It has been removed."))
            tell(self.request, person, "app_removed" if self.factor == APP else "key_removed")
        return redirect("mfa_index")


@method_decorator(safely, name="dispatch")
class AppRemovedView(_Removed, DeactivateTOTPView):  # type: ignore[misc]
    template_name = "account/factor_remove.html"
    factor = APP


@method_decorator(safely, name="dispatch")
class KeyView(AddWebAuthnView):  # type: ignore[misc]
    """Set up a security key, or a passkey of the phone or computer."""

    template_name = "account/factor_key.html"
    form_class = KeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            _factor_added(self.request, KEY)
        messages.success(self.request, gettext("The key is set up: from now on signing in takes two steps."))
        tell(self.request, self.request.user, "key_added")
        return response


@method_decorator(safely, name="dispatch")
class KeyRemovedView(_Removed, RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "account/factor_remove.html"
    factor = KEY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = queries.own_key(_person(self.request).pk, self.kwargs["pk"])
        return {**super().get_context_data(**kwargs), "key": key}


class KeyNameView(EditWebAuthnView):  # type: ignore[misc]
    """Give a key another name."""

    template_name = "account/factor_key_name.html"
    form_class = KeyNameForm

    def get_success_url(self) -> str:
        return reverse("mfa_index")


@method_decorator(safely, name="dispatch")
class CodesView(ViewRecoveryCodesView):  # type: ignore[misc]
    """Show recovery codes, once."""

    template_name = "account/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        codes = [f"{code[:4]} {code[4:]}" for code in context["unused_codes"]]
        return {**context, "codes": codes if context["can_view_codes"] else [], "left": len(codes)}


@method_decorator(safely, name="dispatch")
class CodesRenewedView(GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the old ones die."""

    template_name = "account/recovery_codes_renew.html"

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            operations.note_codes_renewed(person_id=_person(self.request).pk, today=clock.today())
        tell(self.request, self.request.user, "codes_renewed")
        return response


second_step: Callable[..., HttpResponseBase] = SecondStepView.as_view()
passkey: Callable[..., HttpResponseBase] = PasskeyView.as_view()
password_again: Callable[..., HttpResponseBase] = PasswordAgain.as_view()
code_again: Callable[..., HttpResponseBase] = CodeAgain.as_view()
key_again: Callable[..., HttpResponseBase] = KeyAgain.as_view()
app: Callable[..., HttpResponseBase] = AppView.as_view()
app_removed: Callable[..., HttpResponseBase] = AppRemovedView.as_view()
key: Callable[..., HttpResponseBase] = KeyView.as_view()
key_removed: Callable[..., HttpResponseBase] = KeyRemovedView.as_view()
key_name: Callable[..., HttpResponseBase] = KeyNameView.as_view()
codes: Callable[..., HttpResponseBase] = CodesView.as_view()
codes_renewed: Callable[..., HttpResponseBase] = CodesRenewedView.as_view()
