"""What an administrator types of agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from camket.core.wording.text import search_key
from camket.web.forms.fields import DateField

SCHEMES = [
    ("identifier", _("Electronic identifier (Decision 20/2020/QĐ-TTg)")),
    ("administrative", _("Administrative unit (Decision 19/2025/QĐ-TTg)")),
    ("alias", _("Other code")),
]
SUCCESSIONS = [
    ("merger", _("Merger: one or more agencies become part of one")),
    ("split", _("Split: one agency becomes several")),
    ("transfer", _("Tasks handed over; the old agency lives on")),
]
LISTED = 400
"""Agencies that a page offers while one types; beyond that the code is typed."""
BEFORE_PLACES = 8
AFTER_PLACES = 4

Choices = Sequence[tuple[int, str]]


class AgencyField(forms.CharField):
    """An agency, typed by name or code and offered while one types; no list of thousands to scroll."""

    default_error_messages = {
        "unknown": _(
            "No agency of yours is called %(value)s. Type its code, or choose from what is offered."
        ),
        "several": _("Several agencies are called %(value)s. Type the code."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput({"list": "agencies", "autocomplete": "off"}), max_length=300, **kwargs
        )
        self.rows: Choices = ()

    def clean(self, value: Any) -> Any:
        """Return the id of the agency, None for an empty text."""
        text = super().clean(value)
        if not text:
            return None
        wanted = search_key(text)
        found = {
            pk
            for pk, shown in self.rows
            if wanted in (search_key(shown), search_key(shown.rpartition(" (")[0]), _code_in(shown))
        }
        if len(found) == 1:
            return found.pop()
        code = "several" if found else "unknown"
        raise ValidationError(self.error_messages[code], code=code, params={"value": text})


def _code_in(shown: str) -> str:
    return shown.rpartition(" (")[2].rstrip(")").casefold()


class WithAgencies(forms.Form):
    """A form whose agency fields choose from the same agencies."""

    def __init__(self, *args: Any, agencies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = agencies
        for field in self.fields.values():
            if isinstance(field, AgencyField):
                field.rows = agencies

    @property
    def offered(self) -> list[str]:
        """What the page offers while one types; nothing where there are too many."""
        return [shown for _pk, shown in self.agencies] if len(self.agencies) <= LISTED else []


class FindForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(label=_("Name or code of the agency"), required=False, max_length=100)


class _Levels(WithAgencies):
    level = forms.ChoiceField(label=_("Level"))

    def __init__(self, *args: Any, levels: Choices | Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


class NewAgencyForm(_Levels):
    """An agency to be opened, with its first secretary if that is known."""

    name = forms.CharField(
        label=_("Name of the agency"),
        max_length=255,
        help_text=_("As on screen: UBND xã Bình Yên. What letterheads need is taken from it."),
    )
    code = forms.CharField(
        label=_("Electronic identifier"),
        max_length=35,
        help_text=_("A letter and two digits, then groups divided by dots: H26.12.3"),
    )
    administrative_code = forms.CharField(
        label=_("Code of the administrative unit"),
        max_length=5,
        required=False,
        help_text=_("Five digits for a commune, with leading zeros: 00004"),
    )
    parent = AgencyField(label=_("Agency above"), required=False, help_text=_("Empty: your own agency."))
    valid_from = DateField(label=_("Exists from"), required=False)
    secretary = forms.CharField(label=_("Full name of the ISO secretary"), max_length=150, required=False)
    login = forms.CharField(
        label=_("Sign-in name of the secretary"),
        max_length=150,
        required=False,
        help_text=_("Small letters without marks, digits, dots: an.nguyen"),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    field_order = [
        "name", "level", "code", "administrative_code", "parent", "valid_from", "secretary", "login",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("secretary")) != bool(data.get("login")):
            missing = "login" if data.get("secretary") else "secretary"
            self.add_error(missing, _("A secretary needs both a name and a sign-in name."))
        return data


class PlaceForm(_Levels):
    """How an agency is named and where it stands."""

    name = forms.CharField(label=_("Short name"), max_length=255)
    full_name = forms.CharField(label=_("Full name"), max_length=255)
    place = forms.CharField(label=_("Place name"), max_length=100, required=False)
    parent = AgencyField(label=_("Agency above"), required=False)
    valid_from = DateField(label=_("Exists from"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    field_order = ["name", "full_name", "place", "level", "parent", "valid_from", "seen"]


class RenameForm(forms.Form):
    """A new name by decision."""

    name = forms.CharField(label=_("New short name"), max_length=255)
    full_name = forms.CharField(
        label=_("New full name"),
        max_length=255,
        required=False,
        help_text=_("As letterheads write it; taken from the short name where empty."),
    )
    place = forms.CharField(label=_("Place name"), max_length=100, required=False)
    on = DateField(label=_("The new name holds from"))
    decision = forms.CharField(
        label=_("Deciding text"),
        max_length=255,
        help_text=_("The text it rests on: Nghị quyết số …/NQ-UBTVQH15"),
    )


class EndAgencyForm(forms.Form):
    """The last day of an agency that nobody takes over from."""

    last_day = DateField(label=_("Last day of the agency"))
    reason = forms.CharField(label=_("Reason or decision"), max_length=255)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=255)


class CodeForm(forms.Form):
    """One more code of an agency."""

    scheme = forms.ChoiceField(label=_("Kind of code"), choices=SCHEMES)
    code = forms.CharField(label=_("Code"), max_length=35)
    valid_from = DateField(label=_("Valid from"), required=False)


class CodeEndForm(forms.Form):
    """The last day of a code."""

    last_day = DateField(label=_("Last day in force"))


class WayBackForm(forms.Form):
    """Who needs a new one-time password: the person tells the sign-in name."""

    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class ListForm(WithAgencies):
    """A list of agencies to be brought in."""

    file = forms.FileField(label=_("List of agencies"), help_text=_("XLSX, XLS, ODS or CSV."))
    under = AgencyField(
        label=_("Under"),
        required=False,
        help_text=_("For agencies whose row names none above. Empty: your own."),
    )


class SuccessionForm(WithAgencies):
    """Who took over from whom, when, by which decision."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=SUCCESSIONS, widget=forms.RadioSelect, initial="merger"
    )
    on = DateField(
        label=_("First day of the new agency"), help_text=_("The old ones end the day before: 01/07/2025.")
    )
    decision = forms.CharField(
        label=_("Deciding text"),
        max_length=255,
        help_text=_("The text it rests on: Nghị quyết số …/NQ-UBTVQH15"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, label, places in (
            ("before_", _("Agency before"), BEFORE_PLACES),
            ("after_", _("Agency after"), AFTER_PLACES),
        ):
            for number in range(1, places + 1):
                field = AgencyField(label=label, required=number == 1)
                field.rows = self.agencies
                self.fields[f"{prefix}{number}"] = field

    @property
    def before(self) -> list[forms.BoundField]:
        """The places for agencies before: those filled and two more."""
        return self._shown("before_", BEFORE_PLACES)

    @property
    def after(self) -> list[forms.BoundField]:
        """The places for agencies after: those filled and one more."""
        return self._shown("after_", AFTER_PLACES)

    def _shown(self, prefix: str, places: int) -> list[forms.BoundField]:
        fields = [self[f"{prefix}{number}"] for number in range(1, places + 1)]
        filled = max((at for at, field in enumerate(fields, 1) if field.value()), default=0)
        return fields[: max(filled + 1, 3 if prefix == "before_" else 2)]

    def chosen(self, prefix: str) -> list[int]:
        """Return the agencies chosen on one side, each once."""
        data: Mapping[str, Any] = self.cleaned_data
        return list(dict.fromkeys(data[name] for name in data if name.startswith(prefix) and data[name]))
