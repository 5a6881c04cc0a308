"""The fields by which a signed paper is issued: its day and its signer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.web.forms.fields import DateField


class SigningForm(forms.Form):
    """Day and signer, as on the signed paper. ``today`` is the day from which one typed without its year goes back."""

    issued_on = DateField(label=_("Day of signature"))
    authority = forms.CharField(
        label=_("Authority to sign"),
        max_length=150,
        required=False,
        help_text=_("On whose behalf one signs, as on the paper."),
    )
    capacity = forms.CharField(label=_("Post of the signer"), max_length=150, required=False)
    signed_by = forms.CharField(label=_("Signer's full name"), max_length=150)

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if today is not None:
            self.fields["issued_on"].going_back_from = today  # type: ignore[attr-defined]
