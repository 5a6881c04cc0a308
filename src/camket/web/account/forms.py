from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm as AllauthPasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from camket.core.passwords import GREATEST_LENGTH
from camket.org import operations

if TYPE_CHECKING:
    from camket.org.models import Person

_NEW_HELP = _("At least 10 characters; a short sentence that you remember is best.")
_CODE_INPUT = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autofocus": True,
    "spellcheck": "false",
    "autocapitalize": "none",
    "class": "ck-code",
}


class SignInForm(forms.Form):
    """Name and password as typed; whether they fit is the operation's to say."""

    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=GREATEST_LENGTH,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice, for the person whom a link names."""

    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=GREATEST_LENGTH,
        help_text=_NEW_HELP,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        max_length=GREATEST_LENGTH,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.person)
        return new

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return data


class PasswordForm(NewPasswordForm):
    """A person's new password, typed twice, with the old one."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=GREATEST_LENGTH,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    field_order = ("old", "new", "again")

    def clean_old(self) -> str:
        # Counted as at signing in: an open screen is no place to guess the password at leisure.
        old: str = self.cleaned_data["old"]
        if not get_adapter().reauthenticate(self.person, old):
            raise ValidationError(_("This is not your present password."))
        return old

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "new" in data and "old" in data and data["new"] == data["old"]:
            self.add_error("new", _("Choose a password other than the present one."))
        return data


class ProfileForm(forms.Form):
    """What a person may change about oneself without a password."""

    language = forms.ChoiceField(
        label=_("Language of the screen"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        widget=forms.RadioSelect,
    )


class AddressForm(forms.Form):
    """A person's mail address."""

    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )


class ForgottenForm(forms.Form):
    """Where a link to choose a new password shall go."""

    email = forms.EmailField(
        label=_("Your email address"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )


class PasswordAgainForm(AllauthPasswordAgainForm):  # type: ignore[misc]
    """The present password, to show that it is still oneself."""

    password = forms.CharField(
        label=_("Password"),
        max_length=GREATEST_LENGTH,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )


class _Code:
    """A code of the app, which opens once whatever process it comes to, or a recovery code."""

    user: Person
    authenticator: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        digits = "".join(sign for sign in code if sign.isalnum())
        is_of_app = self.authenticator.type == "totp"
        if is_of_app and not operations.use_code_once(
            person_id=self.user.pk, code=digits, now=timezone.now()
        ):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        return code


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """The code of the second step."""

    code = forms.CharField(
        label=_("Code of the app, or a recovery code"), max_length=20, widget=forms.TextInput(_CODE_INPUT)
    )


class CodeAgainForm(_Code, ReauthenticateForm):  # type: ignore[misc]
    """A code, to show that it is still oneself."""

    code = forms.CharField(
        label=_("Code of the app, or a recovery code"), max_length=20, widget=forms.TextInput(_CODE_INPUT)
    )


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    code = forms.CharField(
        label=_("Code that the app shows"), max_length=20, widget=forms.TextInput(_CODE_INPUT)
    )


class _Credential(forms.Form):
    credential = forms.JSONField(
        label=_("Security key"),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("The key did not answer. Try again, or use another way."),
            "invalid": _("The key did not answer. Try again, or use another way."),
        },
    )


class SecondKeyForm(_Credential, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The answer of a key in the second step."""


class KeySignInForm(_Credential, LoginWebAuthnForm):  # type: ignore[misc]
    """The answer of a passkey that signs in alone."""


class KeyAgainForm(_Credential, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The answer of a key, to show that it is still oneself."""


class KeyForm(_Credential, AddWebAuthnForm):  # type: ignore[misc]
    """A new key, under a name."""

    name = forms.CharField(
        label=_("Name of the key"),
        required=False,
        max_length=60,
        help_text=_("So that you know it again, as: my phone, blue key on the key ring."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without name and password (passkey)"),
        required=False,
        help_text=_("The device then asks for your fingerprint, face or PIN each time."),
    )
    field_order = ("name", "passwordless", "credential")


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    name = forms.CharField(label=_("Name of the key"), max_length=60)


class ReasonForm(forms.Form):
    """Why a colleague's way of signing in is changed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("What was lost, and how you know that it is the person who asks."),
        widget=forms.Textarea({"rows": 2}),
    )
