"""What allauth asks this product: who a name and password are, what follows a sign-in, how secrets are kept.

allauth's own limits on guessing are off: they live in each process's memory. Those of ``camket.org.operations`` stand
in the database, hold for all processes, and lock nobody out of the own office.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.passwords import GREATEST_LENGTH
from camket.core.wording.text import login_key
from camket.org import clock, operations, queries
from camket.web.account.computers import address_of, computer_of, device_of, ip_of, remember_computer
from camket.web.account.sessions import begin
from camket.web.request import BY_PROVIDER, FACTOR_NEEDED, say

if TYPE_CHECKING:
    from camket.org.models import Person

SSO_FACTOR = "camket_sso_factor"
"""Session key of the single sign-on subject whose provider has itself asked for a second factor."""

TOO_MANY = "too_many_failures"

_WRONG_CODE = _("This code is not right. Codes change every 30 seconds: enter the one shown now.")
_WRONG = _("That did not work. Please try again.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in by name and password, and what every sign-in leads to."""

    error_messages = {
        **dict.fromkeys(DefaultAccountAdapter.error_messages, _WRONG),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _WRONG_CODE,
        "account_inactive": _("This account is blocked."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account for oneself: agencies add their people."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Return whose name and password these are, counting failures.

        Raises ValidationError, of code ``TOO_MANY``, while there were too many.
        """
        name = login_key(str(credentials.get("username", "")))
        password = str(credentials.get("password", ""))[: GREATEST_LENGTH + 1]
        address, known = address_of(request), computer_of(request, name)
        try:
            operations.check_sign_in_allowed(login=name, address=address, computer=known, now=timezone.now())
        except operations.TooManyFailures as refusal:
            raise ValidationError(say(refusal.message), code=TOO_MANY) from None
        person = authenticate(request, username=name, password=password)
        if person is None:
            operations.count_failed_sign_in(login=name, address=address, computer=known, now=timezone.now())
            return None
        operations.forget_failed_sign_ins(login=name, address=address, computer=known)
        return person

    def get_login_stages(self) -> list[str]:
        """Return what stands between the password and the session: the second step."""
        return ["camket.web.account.adapters.SecondStep"]

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return redirect("account_inactive")

    def post_login(self, request: HttpRequest, user: Person, **about: Any) -> HttpResponse:
        """Note the sign-in, say what happened meanwhile, and go where the person wanted to go."""
        now = timezone.now()
        records = get_authentication_records(request, user)
        if records:  # who has just signed in need not say so again before changing how to sign in
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                *records[:-1],
                {**records[-1], "reauthenticated": True},
            ]
        how = _how(records)
        operations.note_sign_in(
            person_id=user.pk, how=how, address=ip_of(request), device=device_of(request), now=now
        )
        begin(request, user.pk, now)
        _say_what_happened(request, user, now)
        request.session[BY_PROVIDER] = how == "single_sign_on"
        took_elsewhere = how == "single_sign_on" and request.session.get(SSO_FACTOR) is not None
        needs = (
            not took_elsewhere
            and not queries.has_second_factor(user.pk)
            and queries.second_factor_required(user.pk, clock.today())
        )
        request.session[FACTOR_NEEDED] = needs
        response = HttpResponseRedirect(about.get("redirect_url") or reverse(settings.LOGIN_REDIRECT_URL))
        remember_computer(request, response, user.login)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages say it themselves, in the person's language."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: ``camket.web.account.mail`` does."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return ip_of(request) or "0.0.0.0"  # noqa: S104 for none

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to show that it is still oneself, without the texts of allauth."""
        return [{**method, "description": ""} for method in super().get_reauthentication_methods(user)]


def _how(records: list[dict[str, Any]]) -> str:
    """Return how a person signed in, from the steps that were taken."""
    for record in reversed(records):
        kind = record.get("type")
        if record["method"] == "mfa" and kind == "webauthn":
            return "passkey" if record.get("passwordless") else "key"
        if record["method"] == "mfa":
            return "recovery_code" if kind == "recovery_codes" else "code"
        if record["method"] == "socialaccount":
            return "single_sign_on"
        if record["method"] == "invitation":
            return "invitation"
    return "password"


def _say_what_happened(request: HttpRequest, user: Person, now: Any) -> None:
    """Tell a person who has just signed in what others tried with the account, and whom of the own people it met."""
    for event in queries.unseen_events(user.pk):
        when = timezone.localtime(event.at).strftime("%H:%M %d/%m/%Y")
        by = event.by_name or gettext("the administrator")
        said = {
            "guessed": gettext(
                "Somebody entered a wrong password or code for your account several times, at %(when)s. "
                "If it was not you, change your password."
            ),
            "factor_lost": gettext(
                "Your second step at sign-in was taken off by %(by)s at %(when)s. "
                "If you did not ask for it, tell the ISO secretary at once."
            ),
            "sessions_ended": gettext("You were signed out everywhere by %(by)s at %(when)s."),
        }[event.kind]
        messages.warning(request, said % {"when": when, "by": by})
    operations.mark_events_seen(person_id=user.pk, now=now)
    if guessed := queries.guessed_colleagues(user.pk, clock.today()):
        messages.warning(
            request,
            gettext(
                "Wrong passwords or codes were entered several times for: %(people)s. Ask them whether it was they."
            )
            % {"people": ", ".join(guessed)},
        )


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """The second step, left out where the provider of single sign-on says that it took one itself."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        latest = records[-1] if records else {}
        taken = request.session.get(SSO_FACTOR)
        if latest.get("method") == "socialaccount" and taken is not None and latest.get("uid") == taken:
            return False
        return bool(super()._should_handle(request))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: what apps and keys call this account, and their secrets sealed in the database."""

    error_messages = {
        **dict.fromkeys(DefaultMFAAdapter.error_messages, _WRONG),
        "incorrect_code": _WRONG_CODE,
        "cannot_generate_recovery_codes": _("Set up the second step first; recovery codes come with it."),
    }

    def get_totp_label(self, user: Person) -> str:
        return user.login

    def _get_user_identifier(self, user: Person) -> str:
        return user.login

    def _get_site_name(self) -> str:
        return "Cam Kết"

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.full_name}

    def generate_authenticator_name(self, user: Person, type: Any) -> str:
        """Return a name for a key, which its owner may change: the device it is set up on."""
        from allauth.core import context

        device = device_of(context.request) if context.request is not None else ""
        return device or gettext("Security key")

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key that comes of the installation's own: a copy of the database opens nothing."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret. One that this installation's key does not open gives a secret that no code fits."""
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _seal() -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"camket second factors").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
