"""What people type on the pages of context, risks and opportunities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.actions.operations import NewTask
from camket.core.risk import MOST, Scale, ScaleNotPossible, checked
from camket.improvement.operations.risks import TEXT_LONGEST, TITLE_LONGEST, NewIssue, NewRisk
from camket.improvement.queries.risks import Wanted
from camket.web.forms.fields import (
    DateField,
    IntegerField,
    LongTextField,
    PersonChoiceField,
    RowChoiceField,
    UnitChoiceField,
)
from camket.web.request import say
from camket.web.staff.improvement.risks.display import ISSUES, KINDS, STATE_FILTERS

Choices = Iterable[tuple[int, str]]
MOST_LEVELS = 4


class FilterForm(forms.Form):
    """What narrows the book of risks down."""

    tu = forms.CharField(label=_("Words"), required=False, max_length=100)
    loai = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Both kinds")), *KINDS.items()])
    muc = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Watched")), *STATE_FILTERS.items()]
    )
    don_vi = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("All units"))
    o = forms.RegexField(r"^[1-7]x[1-7]$", required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, units: Choices) -> None:
        super().__init__(data)
        self.fields["don_vi"].rows = units  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is wanted; nothing narrowed down where the form is not sent or not valid."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        place = data["o"].split("x") if data["o"] else None
        return Wanted(
            words=data["tu"],
            kind=data["loai"],
            state=data["muc"],
            unit_id=data["don_vi"],
            cell=(int(place[0]), int(place[1])) if place else None,
        )


class RiskForm(forms.Form):
    """A risk or an opportunity."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    process = forms.CharField(
        label=_("Process or field of work"),
        max_length=255,
        widget=forms.TextInput({"list": "processes", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label=_("What may happen"), max_length=TITLE_LONGEST, widget=forms.Textarea({"rows": 2})
    )
    cause = LongTextField(label=_("What it would come from"), max_length=TEXT_LONGEST, required=False, rows=2)
    effect = LongTextField(label=_("What it would mean"), max_length=TEXT_LONGEST, required=False, rows=2)
    controls = LongTextField(
        label=_("What holds it already"), max_length=TEXT_LONGEST, required=False, rows=2
    )
    unit_id = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("The whole agency"))
    owner_id = PersonChoiceField(label=_("Who watches it"), required=False)
    issue_id = RowChoiceField(label=_("Issue or party that it comes from"), required=False)

    def __init__(self, data: Any, *, units: Choices, people: Choices, issues: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["owner_id"].rows = people  # type: ignore[attr-defined]
        self.fields["issue_id"].rows = issues  # type: ignore[attr-defined]

    def risk(self) -> NewRisk:
        """Return what was typed in a valid form."""
        return NewRisk(**self.cleaned_data)


class RatingForm(forms.Form):
    """Likelihood and consequence by the scale in force."""

    likelihood = forms.TypedChoiceField(label=_("Likelihood"), coerce=int)
    consequence = forms.TypedChoiceField(label=_("Consequence"), coerce=int)
    reason = LongTextField(label=_("Why so"), max_length=TEXT_LONGEST, required=False, rows=2)

    def __init__(self, data: Any, *, scale: Scale, **kwargs: Any) -> None:
        super().__init__(data, prefix="diem", **kwargs)
        for name, grades in (("likelihood", scale.likelihood), ("consequence", scale.consequence)):
            self.fields[name].choices = [(each.value, f"{each.value} – {each.name}") for each in grades]  # type: ignore[attr-defined]


class TreatmentForm(forms.Form):
    """What is done about it: a task."""

    text = LongTextField(label=_("What is to be done"), max_length=1000, rows=2)
    unit_id = UnitChoiceField(label=_("Unit"), required=False)
    person_id = PersonChoiceField(label=_("Person"), required=False)
    due_on = DateField(label=_("Due on"))

    def __init__(self, data: Any, *, units: Choices, people: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(data, prefix="viec", **kwargs)
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["person_id"].rows = people  # type: ignore[attr-defined]
        self.fields["due_on"].coming_from = today  # type: ignore[attr-defined]

    def task(self) -> NewTask:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return NewTask(data["text"], data["due_on"], data["unit_id"], data["person_id"])


class IssueForm(forms.Form):
    """An internal or external issue, or an interested party."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(ISSUES.items()))
    title = forms.CharField(
        label=_("The issue, or who the party is"),
        max_length=TITLE_LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )
    text = LongTextField(
        label=_("What it means for the agency; what the party requires"),
        max_length=TEXT_LONGEST,
        required=False,
        rows=3,
    )
    response = LongTextField(
        label=_("How the agency takes account of it"), max_length=TEXT_LONGEST, required=False, rows=3
    )
    unit_id = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("The whole agency"))
    review_by = DateField(label=_("To be looked at again by"), required=False)

    def __init__(self, data: Any, *, units: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["review_by"].coming_from = today  # type: ignore[attr-defined]

    def issue(self) -> NewIssue:
        """Return what was typed in a valid form."""
        return NewIssue(**self.cleaned_data)


class ScaleForm(forms.Form):
    """The agency's scale from a day on: names of the grades, least first, and what products mean."""

    valid_from = DateField(label=_("Holds from"))
    likelihood = forms.CharField(
        label=_("Likelihood, one grade a line, the least first"),
        widget=forms.Textarea({"rows": 5}),
        max_length=1000,
    )
    consequence = forms.CharField(
        label=_("Consequence, one grade a line, the least first"),
        widget=forms.Textarea({"rows": 5}),
        max_length=1000,
    )

    def __init__(self, data: Any, *, scale: Scale, **kwargs: Any) -> None:
        initial = {
            **kwargs.pop("initial", {}),
            "likelihood": "\n".join(each.name for each in scale.likelihood),
            "consequence": "\n".join(each.name for each in scale.consequence),
        }
        super().__init__(data, initial=initial, **kwargs)
        for place in range(MOST_LEVELS):
            level = scale.levels[place] if place < len(scale.levels) else None
            self.fields[f"least_{place}"] = IntegerField(
                label=_("From the product"),
                required=False,
                smallest=1,
                largest=MOST * MOST,
                initial=level.least if level else None,
            )
            self.fields[f"name_{place}"] = forms.CharField(
                label=_("Level of risk"), required=False, max_length=60, initial=level.name if level else ""
            )
            self.fields[f"needs_{place}"] = forms.BooleanField(
                label=_("Calls for action"), required=False, initial=bool(level and level.needs_action)
            )

    @property
    def levels(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each level: from which product, its name, whether it calls for action."""
        return [(self[f"least_{n}"], self[f"name_{n}"], self[f"needs_{n}"]) for n in range(MOST_LEVELS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        levels = [
            (data[f"least_{n}"], data[f"name_{n}"], bool(data[f"needs_{n}"]))
            for n in range(MOST_LEVELS)
            if data.get(f"least_{n}") is not None
        ]
        try:
            data["scale"] = checked(
                [each for each in data["likelihood"].splitlines() if each.strip()],
                [each for each in data["consequence"].splitlines() if each.strip()],
                levels,
            )
        except ScaleNotPossible as refusal:
            raise forms.ValidationError(say(refusal.message)) from refusal
        return data
