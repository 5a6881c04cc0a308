"""What citizens write into the form of feedback."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core import feedback as rules

LONGEST = 10_000


class WriteForm(forms.Form):
    """Feedback and who sends it. What the decree asks for is required; nothing else is."""

    subject = forms.CharField(
        label=_("What is it about, in a few words"),
        max_length=255,
        help_text=_("For example: the street light at the entrance of the village is broken."),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    text = forms.CharField(
        label=_("What happened, what you propose"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("When, where, who was there. Do not write what only you should know."),
        error_messages={"required": _("Write what it is about.")},
    )
    kind = forms.ChoiceField(
        label=_("What kind is it"),
        choices=[
            (rules.OTHER, _("Something in the commune: roads, light, water, order, service")),
            (rules.RULES, _("A rule or an administrative procedure: unclear, costly, not suitable")),
            (rules.CONDUCT, _("How an officer behaved or dealt with you")),
        ],
        initial=rules.OTHER,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind that fits best.")},
    )
    field_id = forms.TypedChoiceField(
        label=_("Field"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Leave it if you do not know."),
    )
    place = forms.CharField(label=_("Where it happened"), required=False, max_length=255)
    dossier_code = forms.CharField(
        label=_("Code of your dossier, if it is about one"), required=False, max_length=60
    )
    sender_name = forms.CharField(
        label=_("Your full name, or the name of your organisation"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Write your name; the decree asks for it.")},
    )
    sender_address = forms.CharField(
        label=_("Where you live, or the seat of your organisation"),
        max_length=255,
        widget=forms.TextInput({"autocomplete": "street-address"}),
        error_messages={"required": _("Write your address; the decree asks for it.")},
    )
    sender_phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Write your telephone number; the decree asks for it.")},
    )
    sender_email = forms.CharField(
        label=_("Your email address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(self, data: Any = None, *, fields: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["field_id"].choices = [("", _("I do not know")), *fields]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            described = [f"{name}_help"] if field.help_text else []
            if self.is_bound and self.errors.get(name):
                described.append(f"{name}_error")
                field.widget.attrs["aria-invalid"] = "true"
            if described and name != "kind":
                field.widget.attrs["aria-describedby"] = " ".join(described)
