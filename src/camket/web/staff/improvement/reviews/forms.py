"""What people type on the pages of management reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.core.review import INPUTS
from camket.improvement.operations.reviews import Attendance, Member, NewDecision, NewReview
from camket.improvement.queries.reviews import MemberRow, kind_choices
from camket.web.forms.fields import DateField, LongTextField, NumberField, PersonChoiceField, UnitChoiceField

Choices = Iterable[tuple[int, str]]


class ReviewForm(forms.Form):
    """A review as it is prepared, with whom it asks."""

    title = forms.CharField(label=_("Title"), max_length=500, widget=forms.Textarea({"rows": 2}))
    period_start = DateField(label=_("Period reviewed, from"))
    period_end = DateField(label=_("to"))
    held_on = DateField(label=_("Day of the meeting"))
    starts = forms.TimeField(
        label=_("Hour of the meeting"),
        required=False,
        widget=forms.TextInput({"placeholder": "08:00", "inputmode": "numeric", "autocomplete": "off"}),
        input_formats=("%H:%M", "%H.%M", "%Hh%M", "%Hg%M", "%H"),
        error_messages={"invalid": _("Write the hour as 08:00.")},
    )
    place = forms.CharField(label=_("Place of the meeting"), max_length=255, required=False)
    chair_id = PersonChoiceField(label=_("Chair"), required=False)
    clerk_id = PersonChoiceField(label=_("Clerk"), required=False)
    people = forms.MultipleChoiceField(
        label=_("Who is asked"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = LongTextField(
        label=_("Guests, one a line, with position and body"), rows=3, required=False, max_length=4000
    )

    def __init__(self, data: Any = None, *, people: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        people = list(people)
        for name in ("chair_id", "clerk_id"):
            self.fields[name].rows = people  # type: ignore[attr-defined]
        self.fields["people"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]

    def review(self) -> NewReview:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        starts: time | None = data["starts"]
        return NewReview(
            title=data["title"],
            period_start=data["period_start"],
            period_end=data["period_end"],
            held_on=data["held_on"],
            starts=starts,
            place=data["place"],
            chair_id=data["chair_id"],
            clerk_id=data["clerk_id"],
        )

    def members(self) -> list[Member]:
        """Return who is asked: people of the agency in the order of the list, then guests."""
        data = self.cleaned_data
        chosen = {int(each) for each in data["people"]}
        chosen |= {each for each in (data["chair_id"], data["clerk_id"]) if each is not None}
        known = [int(pk) for pk, _name in self.fields["people"].choices]  # type: ignore[attr-defined]
        first = [each for each in (data["chair_id"],) if each is not None]
        ordered = first + [pk for pk in known if pk in chosen and pk not in first]
        guests = dict.fromkeys(line.strip() for line in data["guests"].splitlines() if line.strip())
        return [Member(pk) for pk in ordered] + [Member(name=name) for name in guests]


class ConsiderForm(forms.Form):
    """What is said to an input, or why nothing arose."""

    comment = LongTextField(label=_("What is said to it"), rows=5, required=False, max_length=8000)
    nothing = LongTextField(
        label=_("Nothing arose, because"),
        rows=2,
        required=False,
        max_length=8000,
        help_text=_("Only where there is nothing to say: the reason stands in the minutes."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("comment") and data.get("nothing"):
            self.add_error("nothing", _("Write either a comment or why nothing arose, not both."))
        return data


class AttendanceForm(forms.Form):
    """Who came, and why others did not."""

    def __init__(self, data: Any = None, *, members: Sequence[MemberRow], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.members = members
        for each in members:
            self.fields[f"m{each.id}-came"] = forms.BooleanField(
                label=each.name, required=False, initial=each.attended is not False
            )
            self.fields[f"m{each.id}-absence"] = forms.CharField(
                label=_("Reason of absence"), max_length=255, required=False, initial=each.absence
            )

    def rows(self) -> list[tuple[MemberRow, Any, Any]]:
        """Return each member with the two fields."""
        return [(each, self[f"m{each.id}-came"], self[f"m{each.id}-absence"]) for each in self.members]

    def attendance(self) -> list[Attendance]:
        """Return what was typed in a valid form; of whom a reason of absence is given did not come."""
        data = self.cleaned_data
        return [
            Attendance(
                each.id,
                attended=data[f"m{each.id}-came"] and not data[f"m{each.id}-absence"],
                absence=data[f"m{each.id}-absence"],
            )
            for each in self.members
        ]


class ConclusionForm(forms.Form):
    """The review's conclusion."""

    conclusion = LongTextField(
        label=_("Conclusion of the review"),
        rows=8,
        max_length=8000,
        help_text=_("Whether the system stays suitable, adequate, effective; it stands in the minutes."),
    )


class DecisionForm(forms.Form):
    """A decision with who does it and by when."""

    text = LongTextField(label=_("What is decided"), rows=2, max_length=500)
    kind = forms.ChoiceField(label=_("Kind of decision"))
    input_key = forms.ChoiceField(label=_("Input that it follows from"), required=False)
    unit_id = UnitChoiceField(label=_("Unit"), required=False)
    person_id = PersonChoiceField(label=_("Person"), required=False)
    due_on = DateField(label=_("To be done by"))

    def __init__(
        self, data: Any = None, *, people: Choices, units: Choices, inputs: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]
        self.fields["input_key"].choices = [  # type: ignore[attr-defined]
            ("", _("— none —")),
            *((each.key, inputs[each.key]) for each in INPUTS),
        ]
        self.fields["person_id"].rows = people  # type: ignore[attr-defined]
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]

    def decision(self) -> NewDecision:
        """Return what was typed in a valid form."""
        return NewDecision(**self.cleaned_data)


class CancelForm(forms.Form):
    """Why a review is cancelled."""

    reason = LongTextField(label=_("Reason"), rows=2, max_length=1000)


class CloseForm(forms.Form):
    """The number of the minutes; where figures changed since they were gathered, that they stay."""

    number = NumberField(
        label=_("Number and symbol of the minutes"),
        example="12/BB-UBND",
        required=False,
        help_text=_("As the office gives it, for example 12/BB-UBND; it can stay empty."),
    )
    keeps = forms.BooleanField(
        label=_("Close with the figures as they were gathered and considered"), required=False
    )
