from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from camket.actions.queries import TaskRow
from camket.core.narrative import SentenceNotWellFormed, checked
from camket.core.wording.numbers import int_to_roman
from camket.reporting.calendar import PACES
from camket.reporting.composing import Key, Sentence, sentence_names
from camket.reporting.content import TargetLine
from camket.reporting.operations import Wording
from camket.reporting.parts import PartContent, Typed, UnitChoice
from camket.reporting.proposing import Proposals
from camket.reporting.queries import ReportChoice, SubjectChoice
from camket.web.forms.fields import DateField
from camket.web.forms.signing import SigningForm

PACE_NAMES = dict(PACES)


def _by_kind(choices: Iterable[tuple[str, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return choices of periods (key, kind, name) in groups of the kind of period."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, kind, name in choices:
        groups.setdefault(str(PACE_NAMES[kind]), []).append((key, name[:1].upper() + name[1:]))
    return list(groups.items())


class DraftForm(forms.Form):
    """Which period of which plan is reported."""

    period = forms.ChoiceField(label=_("Period"))

    def __init__(
        self, *args: object, choices: Iterable[ReportChoice], unit_id: int | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.unit_id = unit_id
        self.known = {
            f"{choice.plan_id}-{choice.kind}-{choice.period.start.isoformat()}": choice for choice in choices
        }
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = _by_kind((key, each.kind, each.name) for key, each in self.known.items())

    def chosen(self) -> ReportChoice:
        """Return the choice of a valid form."""
        return self.known[self.cleaned_data["period"]]


class SubjectForm(forms.Form):
    """Which period a report on another subject than the objectives tells of."""

    period = forms.ChoiceField(label=_("Period"))

    def __init__(
        self, *args: object, subject: str, choices: Iterable[SubjectChoice], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.subject = subject
        found = [each for each in choices if each.subject == subject]
        self.known = {f"{each.kind}-{each.period.start.isoformat()}": each for each in found}
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = _by_kind((key, each.kind, each.name) for key, each in self.known.items())
        latest = next((key for key, each in self.known.items() if each.is_over), None)
        field.initial = latest

    def chosen(self) -> SubjectChoice:
        """Return the choice of a valid form."""
        return self.known[self.cleaned_data["period"]]


class _Text(forms.CharField):
    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: object) -> None:
        super().__init__(required=False, max_length=10_000, **kwargs)  # type: ignore[arg-type]
        self.widget.attrs["rows"] = str(rows)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser keep what is too long: cut in silence on pasting, its end would be lost; it is told instead."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


@dataclass(frozen=True, slots=True)
class ProposedField:
    """What marks words as proposed: the hidden words, the confirmation, the records they were taken from."""

    hidden: tuple[forms.BoundField, ...]
    confirm: forms.BoundField
    sources: tuple[str, ...]


class _Confirm(forms.BooleanField):
    def __init__(self) -> None:
        super().__init__(
            required=False, label=_("I have read the proposed words: take them into the report as they stand")
        )


PARTS_OF_OBJECTIVES = (1, 3, 4)
"""Where the typed texts of a report on objectives stand: assessment, difficulties, proposals."""


class WordingForm(forms.Form):
    """What the secretary types: the report's parts, and reason and remedy for each target."""

    assessment = _Text(
        rows=4,
        label=_("General assessment"),
        help_text=_("Follows the summary of figures in part I; each line becomes a paragraph."),
    )
    difficulties = _Text(rows=4, label=_("Shortcomings and their causes"))
    proposals = _Text(rows=4, label=_("Tasks, solutions and proposals"))

    def __init__(
        self,
        *args: object,
        targets: Iterable[TargetLine] = (),
        sentences: Mapping[Key, Sentence],
        proposed: Proposals | None = None,
        parts: tuple[int, int, int] = PARTS_OF_OBJECTIVES,
        **kwargs: object,
    ) -> None:
        """``parts`` are the numbers of the report's parts in which assessment, difficulties and proposals stand."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, part in zip(("difficulties", "proposals"), parts[1:], strict=True):
            self.fields[name].help_text = _("Part %(number)s of the report.") % {"number": int_to_roman(part)}
        self.targets = tuple(targets)
        self.proposed = proposed or Proposals()
        self.sentences = sentences
        for key, sentence in sentences.items():
            self.fields[f"sentence_{key}"] = _Text(
                rows=3,
                label=_("Sentence of the report"),
                help_text=_("Figures stand in braces by their names. Empty: the proposed sentence again."),
                initial=sentence.text,
            )
        for target in self.targets:
            self.fields[f"reason_{target.target_id}"] = _Text(rows=2, label=_("Cause"), initial=target.reason)
            self.fields[f"remedy_{target.target_id}"] = _Text(
                rows=2, label=_("Remedy"), initial=target.remedy
            )
            known = self.proposed.targets.get(target.target_id)
            self._propose(f"reason_{target.target_id}", known.reason if known else "")
            self._propose(f"remedy_{target.target_id}", known.remedy if known else "")
            self.fields[f"confirm_{target.target_id}"] = _Confirm()
        self._propose("proposals", self.proposed.proposals)
        self.fields["confirm_proposals"] = _Confirm()

    def _propose(self, name: str, text: str) -> None:
        """Begin an empty field with what is proposed, and keep beside it what was: unchanged it needs a confirmation."""
        self.fields[f"proposed_{name}"] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=text
        )
        if text:
            self.fields[name].initial = self.initial[name] = text

    def proposed_for(self, of: int | str) -> ProposedField | None:
        """Return the fields that mark a target's (or the report's) words as proposed; None where nothing is proposed."""
        names = ("proposals",) if of == "proposals" else (f"reason_{of}", f"remedy_{of}")
        hidden = tuple(self[f"proposed_{name}"] for name in names)
        if not any(each.value() for each in hidden):
            return None
        known = self.proposed.targets.get(of) if isinstance(of, int) else None
        return ProposedField(hidden, self[f"confirm_{of}"], known.sources if known else ())

    def _text(self, name: str, confirmed: str) -> str:
        """Return what stands in a field; nothing where it is still what was proposed and nobody confirmed it."""
        data = self.cleaned_data
        text: str = data[name]
        proposed = data.get(f"proposed_{name}", "")
        is_proposed = bool(proposed) and text.split() == proposed.split()
        return "" if is_proposed and not data.get(confirmed) else text

    def refuse_sentence(self, message: str) -> None:
        """Put what is wrong with a sentence beside the first that is not well formed."""
        for key, sentence in self.sentences.items():
            try:
                if text := self.cleaned_data.get(f"sentence_{key}", "").strip():
                    checked(text, sentence_names(key, sentence))
            except SentenceNotWellFormed:
                self.add_error(f"sentence_{key}", message)
                return
        self.add_error(None, message)

    def wording(self) -> Wording:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return Wording(
            assessment=data["assessment"],
            difficulties=data["difficulties"],
            proposals=self._text("proposals", "confirm_proposals"),
            remarks={
                target.target_id: (
                    self._text(f"reason_{target.target_id}", f"confirm_{target.target_id}"),
                    self._text(f"remedy_{target.target_id}", f"confirm_{target.target_id}"),
                )
                for target in self.targets
            },
            sentences={key: data[f"sentence_{key}"] for key in self.sentences if f"sentence_{key}" in data},
        )


class IssueForm(SigningForm):
    """Number, date and signer, as on the signed paper."""

    field_order = ("number",)
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        help_text=_("As entered in the register of outgoing documents, for example 05/BC-UBND."),
    )


class CorrectionForm(forms.Form):
    """Why an issued report is corrected."""

    reason = forms.CharField(
        label=_("What is corrected and why"), max_length=150, widget=forms.Textarea(attrs={"rows": "2"})
    )


class SignedFileForm(forms.Form):
    """The digitally signed PDF of an issued report."""

    file = forms.FileField(
        label=_("Signed PDF"),
        help_text=_("The PDF of this report as the signing program saved it, at most 20 MB."),
        widget=forms.FileInput({"accept": ".pdf"}),
    )


class ReturnForm(forms.Form):
    """Why a report or a unit's part goes back."""

    reason = forms.CharField(
        label=_("Why it is returned"), max_length=1_000, widget=forms.Textarea(attrs={"rows": "2"})
    )


class AskForm(forms.Form):
    """Which units are asked, by when, and what for."""

    units = forms.MultipleChoiceField(
        label=_("Units"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one unit.")},
    )
    due_on = DateField(label=_("To be sent by"))
    person = forms.ChoiceField(
        label=_("Who writes it"),
        required=False,
        help_text=_("Empty: the head of each unit. A person can be named where one unit is asked."),
    )
    wish = _Text(rows=2, label=_("What is asked for beside the figures"))

    def __init__(
        self,
        *args: object,
        choices: Iterable[UnitChoice],
        people: Iterable[tuple[int, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = tuple(choices)
        units, person = self.fields["units"], self.fields["person"]
        assert isinstance(units, forms.MultipleChoiceField)  # noqa: S101 - declared above
        assert isinstance(person, forms.ChoiceField)  # noqa: S101 - declared above
        units.choices = [(str(each.id), each.name) for each in known]
        units.initial = [str(each.id) for each in known if each.is_proposed]
        person.choices = [("", _("The head of the unit")), *((str(pk), name) for pk, name in people)]

    def clean(self) -> dict[str, Any]:
        """Take a named person only for one unit."""
        data = super().clean() or {}
        if data.get("person") and len(data.get("units", ())) != 1:
            self.add_error("person", _("Name a person only where one unit is asked."))
        return data

    def unit_ids(self) -> list[int]:
        """Return the units of a valid form."""
        return [int(each) for each in self.cleaned_data["units"]]

    def person_ids(self) -> dict[int, int]:
        """Return who is named, by unit."""
        person = self.cleaned_data.get("person")
        return {self.unit_ids()[0]: int(person)} if person else {}


class PartForm(forms.Form):
    """What a unit types in its part of a report."""

    assessment = _Text(rows=3, label=_("What the unit has done, in its own words"))
    difficulties = _Text(rows=3, label=_("Shortcomings and their causes"))
    proposals = _Text(rows=3, label=_("Tasks, solutions and proposals"))

    def __init__(self, *args: object, content: PartContent, typed: Typed, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.content = content
        for name in ("assessment", "difficulties", "proposals"):
            self.fields[name].initial = getattr(typed, name)
        for target in content.targets:
            reason, remedy = (typed.remarks or {}).get(target.target_id, ("", ""))
            self.fields[f"reason_{target.target_id}"] = _Text(rows=2, label=_("Cause"), initial=reason)
            self.fields[f"remedy_{target.target_id}"] = _Text(rows=2, label=_("Remedy"), initial=remedy)
        for task in content.late:
            self.fields[f"late_{task.id}"] = _Text(
                rows=2, label=_("Why it is late"), initial=(typed.late or {}).get(task.id, "")
            )

    def typed(self) -> Typed:
        """Return what was typed in a valid form."""
        data = self.cleaned_data
        return Typed(
            data["assessment"],
            data["difficulties"],
            data["proposals"],
            {
                each.target_id: (data[f"reason_{each.target_id}"], data[f"remedy_{each.target_id}"])
                for each in self.content.targets
            },
            {each.id: data[f"late_{each.id}"] for each in self.content.late},
        )

    def targets(self) -> list[tuple[TargetLine, forms.BoundField, forms.BoundField]]:
        """Return each target with its two fields."""
        return [
            (each, self[f"reason_{each.target_id}"], self[f"remedy_{each.target_id}"])
            for each in self.content.targets
        ]

    def late_tasks(self) -> list[tuple[TaskRow, forms.BoundField]]:
        """Return each late task with its field."""
        return [(each, self[f"late_{each.id}"]) for each in self.content.late]
