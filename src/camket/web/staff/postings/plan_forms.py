"""What people type on the pages of the yearly plan of what is made public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.publishing.operations.posting_plan import LineData
from camket.publishing.queries.postings import NoticeRow, PlaceRow
from camket.web import vietnamese
from camket.web.forms.fields import DateField, IntegerField, LongTextField, UnitChoiceField


class LineForm(forms.Form):
    """A line of the plan."""

    rule = forms.ChoiceField(label=_("Content"), required=False)
    subject = forms.CharField(
        label=_("What is made public"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Left empty: the name of the content above."),
    )
    when = forms.CharField(
        label=_("When, in words"),
        max_length=255,
        required=False,
        help_text=_("As the plan says it, for example: within 5 working days of the decision; January 2026."),
    )
    due_on = DateField(
        label=_("At the latest on"),
        required=False,
        help_text=_("The plan reminds from that day on. Left empty: at the end of the year."),
    )
    days_posted = IntegerField(label=_("For how many days"), required=False, smallest=1, largest=3_650)
    is_permanent = forms.BooleanField(label=_("Permanently"), required=False)
    unit = UnitChoiceField(label=_("Responsible unit"), required=False)
    place_ids = forms.TypedMultipleChoiceField(
        label=_("Where"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any = None,
        *,
        rules: Iterable[tuple[str, str]],
        units: Iterable[tuple[int, str]],
        places: Sequence[PlaceRow],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["rule"].choices = [("", _("Other content")), *rules]  # type: ignore[attr-defined]
        self.fields["unit"].rows = units  # type: ignore[attr-defined]
        self.fields["place_ids"].choices = [(each.id, each.name) for each in places]  # type: ignore[attr-defined]
        self.has_places = bool(places)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        has_days = data.get("days_posted") is not None
        if data.get("is_permanent") and has_days and "days_posted" in self.changed_data:
            self.add_error("days_posted", _("Either a number of days, or permanently."))
        elif not data.get("is_permanent") and not has_days and "days_posted" not in self.errors:
            self.add_error("days_posted", _("Give a number of days, or tick permanently."))
        return data

    def line(self) -> LineData:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return LineData(
            subject=data["subject"],
            rule=data["rule"],
            when=data["when"],
            due_on=data["due_on"],
            days=None if data["is_permanent"] else data["days_posted"],
            unit_id=data["unit"],
            place_ids=tuple(data["place_ids"]),
        )


class DropForm(forms.Form):
    """Why a line is taken out of the plan."""

    reason = LongTextField(label=_("Why it is taken out of the plan"), rows=2)


class ApproveForm(forms.Form):
    """A plan approved, as it was read; what is adjusted in the one before."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        required=False,
        help_text=_("Of the signed document, for example 12/KH-UBND."),
    )
    dated = DateField(label=_("Day of the plan"), required=False)
    adjustment = LongTextField(label=_("What is adjusted, and why"), rows=2)

    def __init__(self, data: Any = None, *, is_adjustment: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not is_adjustment:
            del self.fields["adjustment"]


class TieForm(forms.Form):
    """Which postings of the register a line planned."""

    notice_ids = forms.TypedMultipleChoiceField(
        label=_("Postings of the register"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, offered: Sequence[NoticeRow]) -> None:
        super().__init__(data)
        self.fields["notice_ids"].choices = [  # type: ignore[attr-defined]
            (each.id, f"{each.subject} – {each.place}, {vietnamese.day(each.posted_on)}") for each in offered
        ]
