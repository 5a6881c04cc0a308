"""What is typed where slips are keyed in: one digit a question, and what goes with a sitting or a spreadsheet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.questionnaire import LONGEST_COMMENT, STEPS, VIETNAMESE, Content, Kind, Question
from camket.voices.operations.slips import KeyedSlip
from camket.web.forms.fields import DateField, IntegerField, LongTextField, RowChoiceField, UnitChoiceField

BLANK = frozenset({"", "0"})
ACCEPT = ".xlsx,.ods,.csv,.xls"


class DigitField(forms.CharField):
    """One digit: a step of the scale, or the place of an answer in its list; 0 or nothing for what was left blank."""

    def __init__(self, *, highest: int, **kwargs: Any) -> None:
        self.highest = highest
        super().__init__(required=False, **kwargs)
        self.widget.attrs["data-highest"] = str(highest)
        self.widget.attrs.update(
            {"inputmode": "numeric", "maxlength": "2" if highest > 9 else "1", "autocomplete": "off"}
        )

    def clean(self, value: Any) -> int | None:
        """Return the digit, None for what was left blank."""
        text = str(value or "").strip()
        if text in BLANK:
            return None
        if text not in {str(each) for each in range(1, self.highest + 1)}:
            raise forms.ValidationError(
                gettext("Type a digit from 1 to %(highest)s; 0 or nothing where the slip is blank.")
                % {"highest": self.highest}
            )
        return int(text)


class PlaceOfSlipForm(forms.Form):
    """Day, field and unit of slips."""

    on = DateField(label=_("Day on the slip"))
    field = RowChoiceField(label=_("Field"), required=False, empty_label=_("not said"))
    unit = UnitChoiceField(label=_("Unit"), required=False, empty_label=_("not said"))

    def __init__(
        self,
        *args: Any,
        fields: Sequence[tuple[int, str]],
        units: Sequence[tuple[int, str]],
        latest: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].rows = fields  # type: ignore[attr-defined]
        self.fields["unit"].rows = units  # type: ignore[attr-defined]
        self.fields["on"].latest = latest  # type: ignore[attr-defined]


class SlipForm(PlaceOfSlipForm):
    """One slip; a field ``q_<key>`` for each question of the questionnaire."""

    slip = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(self, *args: Any, content: Content, with_words: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        self.with_words = with_words
        for number, question in enumerate(self.asked, 1):
            name = f"q_{question.key}"
            if question.kind is Kind.TEXT:
                self.fields[name] = forms.CharField(
                    label=question.text[VIETNAMESE], required=False, max_length=LONGEST_COMMENT
                )
            else:
                highest = len(STEPS) if question.kind is Kind.SCALE else len(question.options)
                self.fields[name] = DigitField(label=question.text[VIETNAMESE], highest=highest)
                self.fields[name].widget.attrs["class"] = "sl-digit"
            self.fields[name].widget.attrs["data-number"] = str(number)
        if not self.is_bound:
            self.initial["slip"] = str(uuid.uuid4())

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that are keyed; free words only with a new slip, for they are kept apart."""
        return tuple(each for each in self.content.questions if self.with_words or each.kind is not Kind.TEXT)

    def lines(self) -> list[dict[str, Any]]:
        """Return the questions with their fields, for the page."""
        return [
            {
                "number": number,
                "question": question,
                "field": self[f"q_{question.key}"],
                "is_text": question.kind is Kind.TEXT,
                "options": [
                    (place, option.label[VIETNAMESE]) for place, option in enumerate(question.options, 1)
                ],
            }
            for number, question in enumerate(self.asked, 1)
        ]

    def clean_slip(self) -> uuid.UUID:
        """Return the id of the slip, which makes it the same slip when it is sent twice."""
        try:
            return uuid.UUID(self.cleaned_data["slip"])
        except ValueError as error:
            raise forms.ValidationError(gettext("Reload the page and key the slip again.")) from error

    def keyed(self) -> KeyedSlip:
        """Return what was keyed."""
        data = self.cleaned_data
        ratings: dict[str, int] = {}
        choices: dict[str, str] = {}
        comments: dict[str, str] = {}
        for question in self.asked:
            value = data.get(f"q_{question.key}")
            if not value:
                continue
            match question.kind:
                case Kind.SCALE:
                    ratings[question.key] = value
                case Kind.CHOICE:
                    choices[question.key] = question.options[value - 1].key
                case Kind.TEXT:
                    comments[question.key] = value
        return KeyedSlip(data["on"], data["field"], data["unit"], ratings, choices, comments)


def typed(content: Content, ratings: Mapping[str, int], choices: Mapping[str, str]) -> dict[str, Any]:
    """Return what a slip says as the digits that were keyed, by the form's field."""
    found: dict[str, Any] = {f"q_{key}": step for key, step in ratings.items()}
    for question in content.questions:
        if question.key in choices:
            keys = [option.key for option in question.options]
            if choices[question.key] in keys:
                found[f"q_{question.key}"] = keys.index(choices[question.key]) + 1
    return found


class BeginForm(PlaceOfSlipForm):
    """What a sitting begins with."""

    survey = RowChoiceField(label=_("Survey"))
    name = forms.CharField(
        label=_("Name of the pile"),
        required=False,
        max_length=255,
        help_text=_(
            "So that it is found again: “Counter 2, second half of May”. Without one it is called by the day."
        ),
    )
    field_order = ("survey", "name", "on", "field", "unit")

    def __init__(self, *args: Any, surveys: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].rows = surveys  # type: ignore[attr-defined]
        self.fields["on"].help_text = _("Proposed for each slip; it can be changed slip by slip.")


class FinishForm(forms.Form):
    """The end of a sitting."""

    counted = IntegerField(
        label=_("Slips counted by hand"),
        smallest=0,
        largest=100_000,
        required=False,
        help_text=_("Count the pile before you put it away. Leave it empty if nobody counted."),
    )
    is_sure = forms.BooleanField(label=_("The number keyed is right"), required=False)


class WithdrawForm(forms.Form):
    """Why a pile is withdrawn."""

    reason = LongTextField(
        label=_("Reason"),
        help_text=_(
            "The journal keeps it: keyed for the wrong survey, keyed twice, slips of another office."
        ),
    )


class SheetForm(PlaceOfSlipForm):
    """A spreadsheet of answers, and what stands for rows that say no day and no field."""

    survey = RowChoiceField(label=_("Survey"))
    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("One row a slip; .xlsx, .ods or .csv up to 20 MB."),
    )
    field_order = ("survey", "file", "on", "field", "unit")

    def __init__(self, *args: Any, surveys: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].rows = surveys  # type: ignore[attr-defined]
        self.fields["on"].label = _("Day, where a row has none")
        self.fields["field"].label = _("Field, where a row has none")
