"""What people type on the pages of announcements of conformity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core.announcement import OUT
from camket.improvement.announcement_paper import WORDS
from camket.improvement.operations.announcements import NewAnnouncement
from camket.improvement.queries.announcements import FieldChoice
from camket.web.forms.fields import DateField, LongTextField, NumberField

_LABELS = {
    "abstract": (_("Abstract of the decision"), 2),
    "first": (_("Article 1: what is announced"), 4),
    "second": (_("Article 2: effect, and what is replaced"), 2),
    "third": (_("Article 3: who carries it out"), 3),
    "leading": (_("Whom the letter goes to"), 1),
    "letter": (_("Text of the letter"), 7),
    "recipients": (_("Recipients of the decision, one a line"), 4),
}


class AnnouncementForm(forms.Form):
    """An announcement as it is prepared: edition, scope by field, what changed, the words of its papers."""

    edition = forms.ChoiceField(label=_("Standard and edition"))
    reason = LongTextField(
        label=_("What changed since the last announcement"), rows=3, required=False, max_length=8000
    )
    scope = LongTextField(
        label=_("Words above the list of procedures"),
        rows=2,
        required=False,
        max_length=8000,
        help_text=_("For example which units it covers, and what stays out, with the reason."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        editions: Sequence[tuple[str, str]],
        fields: Sequence[FieldChoice],
        shared: Sequence[tuple[str, str]],
        is_again: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.of_fields = fields
        self.fields["edition"].choices = list(editions)  # type: ignore[attr-defined]
        self.fields["reason"].required = is_again
        choices = [("", _("Each its own procedure")), *shared, (OUT, _("Not within the scope"))]
        for place, each in enumerate(fields):
            known = {key for key, _label in choices}
            self.fields[f"f{place}"] = forms.ChoiceField(
                label=each.name,
                choices=choices,
                required=False,
                initial=each.choice if each.choice in known else "",
            )
        for key in WORDS:
            label, rows = _LABELS[key]
            self.fields[key] = LongTextField(label=label, rows=rows, max_length=8000)

    def rows(self) -> list[tuple[FieldChoice, Any]]:
        """Return each field of procedures with what is chosen of it."""
        return [(each, self[f"f{place}"]) for place, each in enumerate(self.of_fields)]

    def words(self) -> list[Any]:
        """Return the fields of the form's words."""
        return [self[key] for key in WORDS]

    def announcement(self) -> NewAnnouncement:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        choices: Mapping[str, str] = {
            each.name: data[f"f{place}"] for place, each in enumerate(self.of_fields) if data[f"f{place}"]
        }
        return NewAnnouncement(
            edition=data["edition"],
            scope=data["scope"],
            reason=data["reason"],
            choices=choices,
            wording={key: data[key] for key in WORDS},
        )


class SignedForm(forms.Form):
    """Number and day of the signed decision."""

    number = NumberField(
        label=_("Number and symbol of the decision"),
        example="12/QĐ-UBND",
        help_text=_("As the office gives it after the signature, for example 12/QĐ-UBND."),
    )
    signed_on = DateField(label=_("Signed on"))


class ReasonForm(forms.Form):
    """Why a confirmation is taken back, or an announcement withdrawn."""

    reason = LongTextField(label=_("Reason"), rows=2, max_length=1000)
