from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.questionnaire import (
    LANGUAGE_NAMES,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_FACTORS,
    MOST_OPTIONS,
    OVERALL,
    STEPS,
    VIETNAMESE,
    Content,
    Kind,
    Question,
)
from camket.paper.writing.survey import PER_PAGE
from camket.voices.operations.questionnaires import WantedQuestion, Words
from camket.voices.operations.surveys import MOST_SLIPS, PointData, SurveyData
from camket.web.forms.fields import DateField, IntegerField, LongTextField, RowChoiceField, UnitChoiceField
from camket.web.staff.surveys.words import POINT_CHANNELS


def language_name(language: str) -> str:
    """Return a language as its speakers know it."""
    return LANGUAGE_NAMES.get(language, language)


class LinesField(forms.CharField):
    """Lines of which blank ones hold their place: what stands beside them in another language is not moved up."""

    widget = forms.Textarea

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(strip=False, widget=forms.Textarea({"rows": str(rows)}), **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return "\n".join(" ".join(line.split()) for line in text.splitlines())


class LanguageForm(forms.Form):
    """A form with texts in the languages of a questionnaire; each text is a field ``<name>_<language>``."""

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = tuple(languages)

    def add_texts(
        self,
        name: str,
        label: Any,
        initial: Mapping[str, str],
        *,
        longest: int = LONGEST_TITLE,
        rows: int = 1,
        is_required: bool = True,
        keeps_lines: bool = False,
        help_text: Any = "",
    ) -> None:
        """Add a text's fields, one for each language; the Vietnamese one may be required."""
        for language in self.languages:
            is_first = language == VIETNAMESE
            shown = label if is_first else f"{label} ({language_name(language)})"
            common = {
                "label": shown,
                "required": is_required and is_first,
                "max_length": longest,
                "initial": initial.get(language, ""),
                "help_text": help_text if is_first else "",
            }
            field: forms.Field
            if rows == 1:
                field = forms.CharField(**common)  # type: ignore[arg-type]
            else:
                several = LinesField if keeps_lines else LongTextField
                field = several(rows=rows, **common)
            field.widget.attrs["lang"] = language
            self.fields[f"{name}_{language}"] = field

    def texts(self, name: str) -> dict[str, str]:
        """Return what was typed of a text, by language."""
        return {language: self.cleaned_data[f"{name}_{language}"] for language in self.languages}


class NewQuestionnaireForm(forms.Form):
    """With what a questionnaire begins."""

    code = forms.ChoiceField(label=_("Begin with"), required=False, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_(
            "Citizens see it. Left empty, one of ours keeps its own title; with a title already in use, "
            "say what makes it different."
        ),
    )

    def __init__(self, *args: Any, shipped: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            *shipped,
            ("", _("An empty one with the question on the whole")),
        ]


class WordsForm(LanguageForm):
    """The words around the questions."""

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, languages=content.languages, **kwargs)
        self.add_texts("title", _("Title"), content.title)
        self.add_texts(
            "introduction",
            _("Introduction"),
            content.introduction,
            longest=LONGEST_TEXT,
            rows=3,
            is_required=False,
            help_text=_("What it is for, that nobody asks for names, how long it takes."),
        )
        self.add_texts("thanks", _("Thanks"), content.thanks, longest=LONGEST_TEXT, rows=2, is_required=False)
        for step, texts in zip(STEPS, content.scale, strict=True):
            self.add_texts(f"step_{step}", gettext("Step %(step)s") % {"step": step}, texts)

    def words(self) -> Words:
        """Return what was typed."""
        return Words(
            title=self.texts("title"),
            introduction=self.texts("introduction"),
            thanks=self.texts("thanks"),
            scale=[self.texts(f"step_{step}") for step in STEPS],
        )


class LanguagesForm(forms.Form):
    """In which languages a questionnaire is asked, besides Vietnamese."""

    languages = forms.MultipleChoiceField(
        label=_("Besides Vietnamese"),
        required=False,
        choices=[(code, name) for code, name in LANGUAGE_NAMES.items() if code != VIETNAMESE],
        widget=forms.CheckboxSelectMultiple,
    )


class FactorsForm(LanguageForm):
    """The factors that questions belong to; a blank name takes one out."""

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, languages=content.languages, **kwargs)
        self.keys = [each.key for each in content.factors]
        for at, factor in enumerate(content.factors, start=1):
            label = gettext("Factor %(number)s") % {"number": at}
            self.add_texts(factor.key, label, factor.label, is_required=False)
        self.rows = list(self.keys)
        if len(self.keys) < MOST_FACTORS:
            self.add_texts("new", _("One more factor"), {}, is_required=False)
            self.rows.append("new")

    def labels(self) -> list[tuple[str, dict[str, str]]]:
        """Return keys (blank for a new one) and names."""
        return [("" if key == "new" else key, self.texts(key)) for key in self.rows]


KIND_LABELS = {
    Kind.SCALE: _("On the scale of five steps"),
    Kind.CHOICE: _("One of several answers"),
    Kind.TEXT: _("In free words"),
}


class QuestionForm(LanguageForm):
    """One question."""

    def __init__(
        self, *args: Any, content: Content, question: Question | None, asks: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, languages=content.languages, **kwargs)
        self.is_overall = question is not None and question.key == OVERALL
        self.add_texts("text", _("Question"), question.text if question else {}, longest=LONGEST_TEXT, rows=2)
        if asks:
            self.fields["asks_same"] = forms.ChoiceField(
                label=_("Does it still ask the same?"),
                required=False,
                choices=[
                    ("same", _("Yes, in other words: its answers are counted on")),
                    ("other", _("No, it asks something else: it is counted as a new question")),
                ],
                widget=forms.RadioSelect,
            )
        if not self.is_overall:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Answered by"),
                choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
                initial=question.kind.value if question else Kind.SCALE.value,
                widget=forms.RadioSelect,
            )
            former = question.options if question else ()
            self.add_texts(
                "options",
                _("Answers to choose from"),
                {
                    language: "\n".join(option.label.get(language, "") for option in former)
                    for language in content.languages
                },
                longest=LONGEST_TITLE * MOST_OPTIONS,
                rows=5,
                is_required=False,
                keeps_lines=True,
                help_text=_("One a line, two or more, in the same order in each language."),
            )
            self.fields["factor"] = forms.ChoiceField(
                label=_("Factor"),
                required=False,
                choices=[
                    ("", _("none")),
                    *((each.key, each.label[VIETNAMESE]) for each in content.factors),
                ],
                initial=question.factor if question else "",
            )
            self.fields["counts"] = forms.BooleanField(
                label=_("Counts in the rate by factors"),
                required=False,
                initial=question.counts if question else True,
            )
        self.fields["is_required"] = forms.BooleanField(
            label=_("Has to be answered"),
            required=False,
            initial=question.is_required if question else False,
            help_text=_("Seldom wise: whoever cannot answer it gives up, or ticks anything."),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for answers where one of several is to be chosen."""
        data = super().clean() or {}
        if data.get("kind") == Kind.CHOICE:
            lines = [line for line in data.get(f"options_{VIETNAMESE}", "").splitlines() if line.strip()]
            if not 2 <= len(lines) <= MOST_OPTIONS:
                self.add_error(
                    f"options_{VIETNAMESE}",
                    gettext("Write 2 to %(count)s answers, one a line.") % {"count": MOST_OPTIONS},
                )
        return data

    def wanted(self) -> WantedQuestion:
        """Return what was typed."""
        data = self.cleaned_data
        kind = Kind.SCALE if self.is_overall else Kind(data["kind"])
        options = {}
        if kind is Kind.CHOICE:
            options = {language: data[f"options_{language}"].splitlines() for language in self.languages}
        return WantedQuestion(
            kind=kind,
            text=self.texts("text"),
            factor=data.get("factor", ""),
            options=options,
            is_required=data["is_required"],
            counts=data.get("counts", False),
        )

    def asks_same(self) -> bool | None:
        """Return whether the question was said to ask the same; None where nobody said."""
        return {"same": True, "other": False}.get(self.cleaned_data.get("asks_same", ""))


class SurveyForm(forms.Form):
    """A survey: what is asked, from when to when."""

    title = forms.CharField(
        label=_("Title"),
        max_length=255,
        help_text=_("For the staff, to tell surveys apart; citizens see the questionnaire's title."),
    )
    questionnaire = RowChoiceField(label=_("Questionnaire"))
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(
        label=_("Last day"), required=False, help_text=_("Leave it empty for a survey that goes on.")
    )
    asks_field = forms.BooleanField(
        label=_("Ask for the field of the procedure where it is not known"),
        required=False,
        help_text=_("So that satisfaction can be told by field: land, construction, civil status."),
    )

    def __init__(self, *args: Any, questionnaires: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["questionnaire"].rows = questionnaires  # type: ignore[attr-defined]

    def survey(self) -> SurveyData:
        """Return what was typed."""
        data = self.cleaned_data
        return SurveyData(
            title=data["title"],
            questionnaire_id=data["questionnaire"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            asks_field=data["asks_field"],
        )


class PlaceForm(forms.Form):
    """Of which unit and field."""

    unit = UnitChoiceField(label=_("Unit"), required=False)
    field = RowChoiceField(label=_("Field"), required=False)

    def __init__(
        self,
        *args: Any,
        units: list[tuple[int, str]],
        fields: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].empty_label = _("All units")  # type: ignore[attr-defined]
        self.fields["unit"].rows = units  # type: ignore[attr-defined]
        self.fields["field"].empty_label = _("All fields")  # type: ignore[attr-defined]
        self.fields["field"].rows = fields  # type: ignore[attr-defined]


class PointForm(PlaceForm):
    """A place at which a survey is answered."""

    channel = forms.TypedChoiceField(
        label=_("Answered by"), coerce=int, choices=POINT_CHANNELS, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Name of the point"),
        max_length=150,
        help_text=_("Where it hangs or stands: Counter 3, waiting room, culture house of Hamlet 2."),
    )
    field_order = ("channel", "name", "unit", "field")

    def point(self) -> PointData:
        """Return what was typed."""
        data = self.cleaned_data
        return PointData(
            channel=data["channel"], name=data["name"], unit_id=data["unit"], field_id=data["field"]
        )


class SlipsForm(PlaceForm):
    """How many slips are printed."""

    number = IntegerField(label=_("How many slips"), smallest=1, largest=MOST_SLIPS, initial=80)
    per_page = forms.ChoiceField(label=_("Size"), widget=forms.RadioSelect)
    field_order = ("number", "per_page", "unit", "field")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["per_page"].choices = per_page_choices()  # type: ignore[attr-defined]
        self.fields["per_page"].initial = str(PER_PAGE[0])


class HandoutForm(PlaceForm):
    """How many people were asked on a day."""

    channel = forms.TypedChoiceField(label=_("How they were asked"), coerce=int, choices=POINT_CHANNELS)
    on = DateField(label=_("Day"))
    number = IntegerField(label=_("How many people"), smallest=1, largest=100_000)
    field_order = ("channel", "on", "number", "unit", "field")


class DossiersForm(forms.Form):
    """Which dossiers to print slips for."""

    day = DateField(label=_("Received on"), required=False)
    codes = LongTextField(
        label=_("Or codes of dossiers"),
        required=False,
        rows=3,
        max_length=20_000,
        help_text=_("One a line; what a scanner types will do."),
    )

    def wanted_codes(self) -> list[str]:
        """Return the codes typed, each once."""
        return list(dict.fromkeys(self.cleaned_data["codes"].split()))


def per_page_choices() -> list[tuple[str, str]]:
    """Return the sizes of slips as choices."""
    return [(str(number), gettext("%(number)s on a page of A4") % {"number": number}) for number in PER_PAGE]
