from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.web.forms.fields import DateField, PersonChoiceField

AFTER = [
    ("left", _("The person's last post ended")),
    ("used", _("It was last used")),
    ("done", _("The matter was closed")),
    ("never", _("No limit: the record is kept")),
]
THEN = [
    ("anonymise", _("Take the personal data out, keep the record")),
    ("delete", _("Delete")),
    ("keep", _("Keep with the record")),
]
REQUESTS = [
    ("see", _("See the data or get a copy")),
    ("correct", _("Correct the data")),
    ("delete", _("Delete the data")),
    ("restrict", _("Restrict what is done with the data")),
    ("object", _("Object to what is done with the data")),
    ("withdraw", _("Withdraw consent")),
]
OUTCOMES = [
    ("granted", _("Granted")),
    ("partly", _("Granted in part")),
    ("refused", _("Refused, with the reason")),
]


class KindForm(forms.Form):
    """A line of the register of personal data."""

    purpose = forms.CharField(label=_("What for"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    legal_basis = forms.CharField(
        label=_("Legal basis"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    retention_after = forms.ChoiceField(label=_("Kept until, counted from"), choices=AFTER)
    retention_months = forms.IntegerField(
        label=_("Months after that"),
        required=False,
        min_value=0,
        max_value=1200,
        help_text=_("0 is at once. Empty where there is no limit."),
    )
    then = forms.ChoiceField(label=_("What happens then"), choices=THEN)
    is_masked = forms.BooleanField(label=_("Show it masked to those who need not know it"), required=False)


class RequestForm(forms.Form):
    """What a person asked about the own data."""

    person = PersonChoiceField(label=_("Who asked"))
    kind = forms.ChoiceField(label=_("What was asked"), choices=REQUESTS)
    text = forms.CharField(
        label=_("In the person's words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4000,
    )
    received_on = DateField(label=_("Received on"))
    due_on = DateField(
        label=_("To be answered by"),
        required=False,
        help_text=_("Empty: three days (72 hours) after it was received, the proposal of the register."),
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].rows = people  # type: ignore[attr-defined]


class AccessForm(forms.Form):
    """Whose data, and how far back."""

    nguoi = PersonChoiceField(label=_("Whose data"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nguoi"].empty_label = _("Everybody's")  # type: ignore[attr-defined]
        self.fields["nguoi"].rows = people  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What was answered."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES)
    answer = forms.CharField(
        label=_("What the person was told"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


class ReasonForm(forms.Form):
    """Why data are to be taken out, or not."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class ConfirmForm(forms.Form):
    """The person's sign-in name, typed once more before what cannot be undone."""

    login = forms.CharField(
        label=_("Sign-in name of the person, typed once more"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
