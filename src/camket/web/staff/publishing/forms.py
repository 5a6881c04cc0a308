from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.publishing.operations.page import PageData


class PageForm(forms.Form):
    """The public page's own data."""

    slug = forms.CharField(
        label=_("Address of the page"),
        max_length=80,
        help_text=_("Small letters without marks, digits and hyphens. It stands on posters: choose it once."),
    )
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=3_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("A few sentences under the agency's name; each line becomes a paragraph."),
    )
    address = forms.CharField(label=_("Address of the office"), max_length=255, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=60, required=False, help_text=_("Of the office, not of a person.")
    )
    email = forms.EmailField(label=_("Email"), required=False, help_text=_("Of the office, not of a person."))
    hours = forms.CharField(
        label=_("Opening hours"),
        max_length=255,
        required=False,
        help_text=_(
            "When the one-stop shop is open, for example: Monday to Friday, 7:30–11:30 and 13:30–17:00."
        ),
    )
    website = forms.URLField(label=_("Website"), max_length=500, required=False, assume_scheme="https")
    takes_feedback = forms.BooleanField(label=_("Citizens may send feedback by the page"), required=False)

    def data_of_page(self) -> PageData:
        """Return what was typed in a valid form."""
        return PageData(**self.cleaned_data)


class WordingForm(forms.Form):
    """Title of a publication, and what it corrects."""

    title = forms.CharField(label=_("Title"), max_length=500, widget=forms.Textarea(attrs={"rows": "2"}))
    correction = forms.CharField(
        label=_("What it corrects"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_(
            "Only where the one that is public now says something wrong: what is wrong, and what is right."
        ),
    )


class SubmitForm(forms.Form):
    """That somebody looked at what may be personal data."""

    is_checked = forms.BooleanField(
        label=_("I have looked at each of these places; nothing that must stay private goes out"),
        required=False,
    )


class ReasonForm(forms.Form):
    """Why something is returned or withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": "3"}))
