"""What people type on the pages of internal audits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.documents.operations import NewEvidence
from camket.improvement.operations.audits import NewAudit, NewFinding, NewSession
from camket.improvement.queries.audits import MemberRow, SessionRow, UnitRow
from camket.web.forms.fields import (
    DateField,
    LongTextField,
    NumberField,
    PersonChoiceField,
    RowChoiceField,
    UnitChoiceField,
)
from camket.web.staff.improvement.audits.display import ANSWERS, GRADES, KINDS, PARTS
from camket.web.staff.tasks.forms import EvidenceForm

Choices = Iterable[tuple[int, str]]
SPARE = 3
"""Empty rows below those that are filled in."""
TEAM_ROWS, SESSION_ROWS = 12, 60


class ClockField(forms.Field):
    """A time of day as offices write it: 8h, 8h30, 08:30, 13.45."""

    widget = forms.TextInput({"placeholder": "08:00", "autocomplete": "off", "maxlength": "10"})
    is_short = True
    default_error_messages = {"form": _("Write the time as 08:30.")}

    def to_python(self, value: Any) -> time | None:
        """Return the time; ValidationError says how to write it."""
        if isinstance(value, time):
            return value
        text = str(value or "").strip().lower()
        if not text:
            return None
        match = re.fullmatch(r"(\d{1,2})\s*(?:[:h.g]\s*(\d{2})?)?", text)
        if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise ValidationError(self.error_messages["form"], code="form")
        return time(int(match[1]), int(match[2] or 0))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class PurposeForm(forms.Form):
    """What the programme of a year is for."""

    purpose = LongTextField(
        label=_("Purpose and requirements"),
        rows=4,
        max_length=8000,
        required=False,
        help_text=_("Left empty: the paper says it in the words of the standard."),
    )


class ProgrammeForm(PurposeForm):
    """The programme of a year as it is begun."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    field_order = ("year", "purpose")

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]


class ApproveForm(forms.Form):
    """Number and day of the signed programme."""

    number = NumberField(label=_("Number and symbol"), example="12/KH-UBND", required=False)
    signed_on = DateField(label=_("Day of signature"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_on"].going_back_from = today  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is returned, cancelled, withdrawn."""

    reason = LongTextField(label=_("Reason"), rows=2, max_length=1000)


class AuditForm(forms.Form):
    """An audit as it is planned."""

    title = forms.CharField(label=_("Name of the audit"), max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"), required=False, help_text=_("Left empty: the same day."))
    unit_ids = forms.MultipleChoiceField(
        label=_("Units that are audited"), widget=forms.CheckboxSelectMultiple, required=False
    )
    criteria = LongTextField(
        label=_("Criteria"),
        rows=3,
        max_length=8000,
        required=False,
        help_text=_("The standard, documents of the system, law, procedures; one a line."),
    )
    scope = LongTextField(label=_("Scope of the audit"), rows=2, max_length=8000, required=False)
    follows_id = RowChoiceField(label=_("Follows up the audit"), required=False, empty_label=_("— none —"))
    reason = LongTextField(label=_("Reason for the change"), rows=2, max_length=1000, required=False)

    def __init__(
        self, *args: Any, units: Choices, past: Choices, today: date, reason_help: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_ids"].choices = [(str(pk), name) for pk, name in units]  # type: ignore[attr-defined]
        self.fields["follows_id"].rows = past  # type: ignore[attr-defined]
        for name in ("starts_on", "ends_on"):
            self.fields[name].coming_from = today  # type: ignore[attr-defined]
        self.fields["reason"].help_text = reason_help

    def audit(self) -> NewAudit:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return NewAudit(
            title=data["title"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"] or data["starts_on"],
            kind=data["kind"],
            criteria=data["criteria"],
            scope=data["scope"],
            unit_ids=tuple(int(each) for each in data["unit_ids"]),
            follows_id=data["follows_id"],
        )


def _tied(name: str, units: str | None) -> str:
    """Return a person's name, with the audited units that the person works in and does not audit."""
    if not units:
        return name
    return gettext("%(name)s — of %(units)s, which is audited") % {"name": name, "units": units}


class TeamForm(forms.Form):
    """Who audits: rows of a person and a part, in the order of the decision."""

    def __init__(
        self,
        *args: Any,
        people: Choices,
        team: Sequence[MemberRow],
        ties: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        listed = list(people)
        known = {pk for pk, _name in listed}
        listed += [(each.person_id, each.name) for each in team if each.person_id not in known]
        # Whoever may audit every unit comes first; of the others it is said where they work.
        listed = [
            (pk, _tied(name, ties.get(pk))) for pk, name in sorted(listed, key=lambda one: one[0] in ties)
        ]
        self.count = min(TEAM_ROWS, max(4, len(team) + SPARE - 1))
        for index in range(self.count):
            each = team[index] if index < len(team) else None
            person = PersonChoiceField(
                label=_("Full name of the auditor"), required=False, initial=each.person_id if each else None
            )
            person.rows = listed
            self.fields[f"person-{index}"] = person
            self.fields[f"part-{index}"] = forms.ChoiceField(
                label=_("Part in the team"),
                choices=list(PARTS.items()),
                initial=each.part if each else ("lead" if index == 0 else "member"),
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The fields of each row."""
        return [(self[f"person-{index}"], self[f"part-{index}"]) for index in range(self.count)]

    def team(self) -> list[tuple[int, str]]:
        """Return what was typed in a valid form, rows without a person left out."""
        data = self.cleaned_data
        return [
            (data[f"person-{index}"], data[f"part-{index}"])
            for index in range(self.count)
            if data[f"person-{index}"]
        ]


class SessionsForm(forms.Form):
    """An audit's plan: rows of day, time, unit, subject, auditors; a row without a subject is left out."""

    def __init__(
        self,
        *args: Any,
        lines: Sequence[SessionRow],
        units: Sequence[UnitRow],
        team: Sequence[MemberRow],
        first: date,
        ties: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(SESSION_ROWS, len(lines) + SPARE)
        for index in range(self.count):
            each = lines[index] if index < len(lines) else None
            day = DateField(label=_("Day"), required=False, initial=each.day if each else first)
            day.coming_from = first
            unit = UnitChoiceField(
                label=_("Unit"),
                required=False,
                empty_label=_("All together"),
                initial=each.unit_id if each else None,
            )
            unit.rows = [(one.unit_id, one.name) for one in units]
            fields = {
                "day": day,
                "starts": ClockField(
                    label=_("From (time)"), required=False, initial=each.starts if each else None
                ),
                "ends": ClockField(label=_("To (time)"), required=False, initial=each.ends if each else None),
                "unit": unit,
                "topic": forms.CharField(
                    label=_("What is audited"),
                    max_length=500,
                    required=False,
                    initial=each.topic if each else "",
                ),
                "place": forms.CharField(
                    label=_("Where"), max_length=255, required=False, initial=each.place if each else ""
                ),
                "people": forms.MultipleChoiceField(
                    label=_("Auditors"),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    choices=[(str(one.person_id), _tied(one.name, ties.get(one.person_id))) for one in team],
                    initial=[str(one.person_id) for one in each.auditors] if each else [],
                ),
            }
            for name, field in fields.items():
                self.fields[f"{name}-{index}"] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each row, by name."""
        names = ("day", "starts", "ends", "unit", "topic", "place", "people")
        return [{name: self[f"{name}-{index}"] for name in names} for index in range(self.count)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for index in range(self.count):
            if not (data.get(f"topic-{index}") or "").strip():
                continue
            for name in ("day", "starts", "ends"):
                field = f"{name}-{index}"
                if data.get(field) is None and field not in self.errors:
                    self.add_error(field, _("Fill in day and time of this line."))
        return data

    def sessions(self) -> list[NewSession]:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return [
            NewSession(
                day=data[f"day-{index}"],
                starts=data[f"starts-{index}"],
                ends=data[f"ends-{index}"],
                topic=data[f"topic-{index}"],
                unit_id=data[f"unit-{index}"],
                auditor_ids=tuple(int(each) for each in data[f"people-{index}"]),
                place=data[f"place-{index}"],
            )
            for index in range(self.count)
            if data[f"topic-{index}"].strip()
        ]


class QuestionsForm(forms.Form):
    """From which libraries checklists are copied, and for which units."""

    libraries = forms.MultipleChoiceField(label=_("Libraries"), widget=forms.CheckboxSelectMultiple)
    unit_ids = forms.MultipleChoiceField(
        label=_("For the units"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: all units of the audit."),
    )

    def __init__(
        self, *args: Any, libraries: Iterable[tuple[str, Any]], units: Sequence[UnitRow], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["libraries"].choices = list(libraries)  # type: ignore[attr-defined]
        self.fields["unit_ids"].choices = [(str(each.unit_id), each.name) for each in units]  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """A question of a checklist."""

    text = LongTextField(label=_("Question"), rows=2, max_length=8000)
    clause = forms.CharField(label=_("Clause"), max_length=20, required=False)
    look_at = LongTextField(label=_("What to look at"), rows=2, max_length=8000, required=False)

    def __init__(self, *args: Any, may_drop: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].is_short = True  # type: ignore[attr-defined]
        if may_drop:
            self.fields["text"].required = False
            self.fields["text"].help_text = _("Left empty: the question is taken out.")


class OwnForm(QuestionForm):
    """A question of the agency's own library."""

    source = forms.CharField(
        label=_("Belongs to"),
        max_length=60,
        required=False,
        help_text=_(
            "Left empty: the agency's own library. “procedure:” and the code of a procedure: asked where it is worked "
            "by. The key of a shipped question: stands in its place."
        ),
    )
    is_active = forms.BooleanField(label=_("Is asked"), required=False, initial=True)


class FindingForm(forms.Form):
    """A finding with grade, clause and evidence."""

    grade = forms.ChoiceField(
        label=_("Grade of the finding"),
        choices=[(key, badge.label) for key, badge in GRADES.items()],
        widget=forms.RadioSelect,
        initial="minor",
    )
    clause = forms.CharField(label=_("Clause"), max_length=20, required=False)
    text = LongTextField(label=_("What was found"), rows=3, max_length=8000)
    proof = LongTextField(
        label=_("Objective evidence"),
        rows=3,
        max_length=8000,
        required=False,
        help_text=_("Which papers, numbers, places; who was asked."),
    )

    def finding(self, key: str = "") -> NewFinding:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return NewFinding(
            grade=data["grade"],
            text=data["text"],
            clause=data["clause"],
            proof=data["proof"],
            key=key,
        )


class PhotosForm(EvidenceForm):
    """Photos, files or papers beside an answer or a finding."""

    needs_one = False

    def given(self) -> Sequence[NewEvidence]:
        """Return what was given with a valid form."""
        return self.evidence()


class AnswerForm(forms.Form):
    """The answer to a question."""

    answer = forms.ChoiceField(
        label=_("Answer to the question"),
        choices=[(key, badge.label) for key, badge in ANSWERS.items() if key],
        widget=forms.RadioSelect,
    )
    note = LongTextField(
        label=_("What was seen"),
        rows=4,
        max_length=8000,
        required=False,
        help_text=_("Papers, numbers, who was asked."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReportForm(forms.Form):
    """What the report says beside findings and counts."""

    strengths = LongTextField(label=_("Strengths"), rows=4, max_length=8000, required=False)
    conclusion = LongTextField(
        label=_("Conclusion"),
        rows=4,
        max_length=8000,
        required=False,
        help_text=_(
            "Whether the system conforms, and whether it is kept and works; the report is not issued without it."
        ),
    )
    proposals = LongTextField(label=_("Proposals"), rows=4, max_length=8000, required=False)


class IssueForm(forms.Form):
    """Number and day of the report."""

    number = NumberField(label=_("Number and symbol"), example="05/BC-ĐĐG")
    reported_on = DateField(label=_("Day of the report"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reported_on"].going_back_from = today  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Number and day of the decision on a team."""

    number = NumberField(label=_("Number and symbol of the decision"), example="12/QĐ-UBND")
    decided_on = DateField(label=_("Day of the decision"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].going_back_from = today  # type: ignore[attr-defined]


class RemarkForm(forms.Form):
    """What a unit says to its findings."""

    remark = LongTextField(label=_("What the unit says"), rows=3, max_length=8000, required=False)
