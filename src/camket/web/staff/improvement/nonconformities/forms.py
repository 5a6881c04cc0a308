"""What people type on the pages of nonconformities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.causes import BRANCHES, MOST_BRANCHES, Branch, CausesNotUnderstood, read_branch, written
from camket.improvement.operations.nonconformities import (
    TEXT_LONGEST,
    TITLE_LONGEST,
    NewNonconformity,
    NewStep,
)
from camket.improvement.queries.nonconformities import Wanted
from camket.web.forms.fields import (
    DateField,
    LongTextField,
    PersonChoiceField,
    RowChoiceField,
    UnitChoiceField,
)
from camket.web.request import say
from camket.web.staff.improvement.nonconformities.display import SOURCES, STATE_FILTERS, STEP_KINDS
from camket.web.staff.tasks.forms import EvidenceForm

Choices = Iterable[tuple[int, str]]


class FilterForm(forms.Form):
    """What narrows the book down."""

    tu = forms.CharField(label=_("Words"), required=False, max_length=100)
    muc = forms.ChoiceField(label=_("State"), required=False)
    nguon = forms.ChoiceField(label=_("Source"), required=False)
    don_vi = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("All units"))
    nam = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, units: Choices, years: Sequence[int]) -> None:
        super().__init__(data)
        self.fields["muc"].choices = [("", _("All in the book")), *STATE_FILTERS.items()]  # type: ignore[attr-defined]
        self.fields["nguon"].choices = [("", _("All sources")), *SOURCES.items()]  # type: ignore[attr-defined]
        self.fields["don_vi"].rows = units  # type: ignore[attr-defined]
        self.fields["nam"].choices = [("", _("All years")), *((each, str(each)) for each in years)]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is wanted; nothing narrowed down where the form is not sent or not valid."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(
            words=data["tu"],
            state=data["muc"],
            source=data["nguon"],
            unit_id=data["don_vi"],
            year=data["nam"],
        )


class NonconformityForm(forms.Form):
    """What is not as it should be, against which requirement, and who sees to it."""

    source = forms.ChoiceField(label=_("Where it was found"))
    title = forms.CharField(
        label=_("In short"),
        max_length=TITLE_LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What went wrong, in one sentence."),
    )
    text = LongTextField(
        label=_("What is not as it should be"),
        max_length=TEXT_LONGEST,
        rows=4,
        help_text=_("What was seen, where and when, with the evidence; no names of applicants."),
    )
    requirement = LongTextField(
        label=_("Requirement that is not met"), max_length=TEXT_LONGEST, required=False, rows=2
    )
    clause = forms.CharField(
        label=_("Clause of ISO 9001"), max_length=20, required=False, help_text=_("For example 8.5.1.")
    )
    found_on = DateField(label=_("Found on"))
    inspected_on = DateField(
        label=_("Day of the inspection's record"),
        required=False,
        help_text=_("After an inspection the report on what was corrected is due two months from that day."),
    )
    is_major = forms.BooleanField(
        label=_("It is major: the system fails here, or it happens again"), required=False
    )
    unit_id = UnitChoiceField(label=_("Unit concerned"), required=False, empty_label=_("The whole agency"))
    owner_id = PersonChoiceField(
        label=_("Who sees to it"), required=False, empty_label=_("Nobody yet: the unit is told")
    )
    target_id = RowChoiceField(
        label=_("Target whose next result tells the effect"),
        required=False,
        empty_label=_("None: judged by other evidence"),
    )

    def __init__(
        self, data: Any, *, units: Choices, people: Choices, targets: Choices, today: date, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["source"].choices = list(SOURCES.items())  # type: ignore[attr-defined]
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["owner_id"].rows = people  # type: ignore[attr-defined]
        self.fields["target_id"].rows = targets  # type: ignore[attr-defined]
        self.fields["found_on"].going_back_from = today  # type: ignore[attr-defined]
        self.fields["inspected_on"].going_back_from = today  # type: ignore[attr-defined]

    def nonconformity(self) -> NewNonconformity:
        """Return what was typed in a valid form."""
        return NewNonconformity(**self.cleaned_data)


class TakeUpForm(forms.Form):
    """Who is to see to a proposal that is taken up."""

    unit_id = UnitChoiceField(label=_("Unit concerned"), required=False, empty_label=_("The whole agency"))
    owner_id = PersonChoiceField(
        label=_("Who sees to it"), required=False, empty_label=_("Nobody yet: the unit is told")
    )

    def __init__(self, data: Any, *, units: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["owner_id"].rows = people  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """What was put right at once."""

    correction = LongTextField(
        label=_("What was put right at once"),
        max_length=TEXT_LONGEST,
        rows=4,
        required=False,
        help_text=_("Or why nothing can be put right any more."),
    )
    corrected_on = DateField(label=_("On which day"), required=False)
    consequences = LongTextField(
        label=_("Who was harmed, and what was done for them"),
        max_length=TEXT_LONGEST,
        rows=3,
        required=False,
        help_text=_("For example: 3 applicants waited two days longer; letters of apology of 12/05/2026."),
    )

    def __init__(self, data: Any, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["corrected_on"].going_back_from = today  # type: ignore[attr-defined]


class CausesForm(forms.Form):
    """Causes branch by branch, what they come down to, the like elsewhere; or why a correction is enough."""

    root_cause = LongTextField(
        label=_("Which cause it comes down to"), max_length=TEXT_LONGEST, required=False, rows=2
    )
    similar = LongTextField(
        label=_("Does the like exist elsewhere, or may it come up?"),
        max_length=TEXT_LONGEST,
        required=False,
        rows=3,
        help_text=_("Where you looked, and what you found."),
    )
    no_action = LongTextField(
        label=_("Why a correction is enough"),
        max_length=TEXT_LONGEST,
        required=False,
        rows=2,
        help_text=_(
            "Only where no corrective action is needed; the reason then stands in place of cause and steps."
        ),
    )

    def __init__(self, data: Any, *, branches: Sequence[Branch], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known = {each.name: each for each in branches}
        names = [gettext(each) for each in BRANCHES]
        own = [name for name in known if name not in names]
        shown = [Branch(name, known[name].causes if name in known else ()) for name in names]
        shown += [known[name] for name in own]
        shown = shown[:MOST_BRANCHES]
        shown += [Branch("")] * (MOST_BRANCHES - len(shown))
        for place, branch in enumerate(shown):
            self.fields[f"name_{place}"] = forms.CharField(
                label=_("Group of causes"), max_length=100, required=False, initial=branch.name
            )
            self.fields[f"causes_{place}"] = forms.CharField(
                label=_("Causes"),
                required=False,
                max_length=TEXT_LONGEST,
                initial=written(branch),
                widget=forms.Textarea({"rows": str(max(3, len(written(branch).splitlines()) + 1))}),
            )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each group: its name, its causes."""
        return [(self[f"name_{place}"], self[f"causes_{place}"]) for place in range(MOST_BRANCHES)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        branches = []
        for place in range(MOST_BRANCHES):
            name, text = data.get(f"name_{place}", ""), data.get(f"causes_{place}", "")
            if not text.strip():
                continue
            if not name.strip():
                self.add_error(f"name_{place}", _("Name the group of these causes."))
                continue
            try:
                branches.append(read_branch(name, text))
            except CausesNotUnderstood as refusal:
                self.add_error(f"causes_{place}", say(refusal.message))
        data["branches"] = branches
        return data


class StepForm(forms.Form):
    """A piece of the plan."""

    kind = forms.ChoiceField(label=_("What kind of step"))
    text = LongTextField(label=_("What is to be done"), max_length=1000, rows=2)
    expected = LongTextField(
        label=_("What will show that it is done"), max_length=1000, required=False, rows=2
    )
    unit_id = UnitChoiceField(label=_("Unit"), required=False)
    person_id = PersonChoiceField(label=_("Person"), required=False)
    due_on = DateField(label=_("Due on"))

    def __init__(self, data: Any, *, units: Choices, people: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = list(STEP_KINDS.items())  # type: ignore[attr-defined]
        self.fields["unit_id"].rows = units  # type: ignore[attr-defined]
        self.fields["person_id"].rows = people  # type: ignore[attr-defined]
        self.fields["due_on"].coming_from = today  # type: ignore[attr-defined]

    def step(self) -> NewStep:
        """Return what was typed in a valid form."""
        return NewStep(**self.cleaned_data)


class SubmitForm(forms.Form):
    """From when the effect of a plan can be judged."""

    judge_on = DateField(
        label=_("Effect can be judged from"),
        required=False,
        help_text=_("Left empty: the agency's usual number of days after the last step."),
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, prefix="trinh")
        self.fields["judge_on"].coming_from = today  # type: ignore[attr-defined]


class JudgeForm(EvidenceForm):
    """Whether what was done keeps it away, by what that is judged, with evidence where there is some.

    ``despite`` is asked of the head alone, where the target's result does not bear out that it is effective.
    """

    verdict = forms.ChoiceField(
        label=_("Effect"),
        choices=[
            ("yes", _("Effective: it has not come back, close it")),
            ("no", _("Not effective: it needs another plan")),
        ],
        widget=forms.RadioSelect,
    )
    text = LongTextField(
        label=_("By what you judge it"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("Figures, a look on site, records."),
    )
    despite = LongTextField(
        label=_("Why it is effective although the target's result does not bear it out"),
        max_length=TEXT_LONGEST,
        required=False,
        rows=2,
        help_text=_("Only the head of the agency judges so; it stands on the request form and in the book."),
    )

    needs_one = False
    field_order = ("verdict", "text", "despite")

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix="hieu-luc")


class ReasonForm(forms.Form):
    """A reason."""

    reason = LongTextField(label=_("Reason"), max_length=1000, rows=2)


class ReportForm(forms.Form):
    """The day on which what an inspection found was reported as corrected."""

    reported_on = DateField(label=_("Reported on"))

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, prefix="bao-cao")
        self.fields["reported_on"].going_back_from = today  # type: ignore[attr-defined]
