"""A questionnaire as its page shows it: questions in one language, with what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from camket.core.questionnaire import (
    LANGUAGE_NAMES,
    LONGEST_COMMENT,
    STEPS,
    Content,
    Kind,
    Question,
    said,
)
from camket.core.wording.text import search_key

_NAMES = "ho ten"

MOUTHS = {
    1: "M7.6 17.2Q12 11.8 16.4 17.2",
    2: "M8 16.4Q12 13.6 16 16.4",
    3: "M8 15.4H16",
    4: "M8 14.4Q12 17.2 16 14.4",
    5: "M7.2 13.8Q12 20 16.8 13.8",
}
"""How the face of a step looks: the line of its mouth."""


def name_of(question: Question | str) -> str:
    """Return the name of a question's field."""
    return f"q_{question if isinstance(question, str) else question.key}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; ``mouth`` is drawn for a step of the scale."""

    value: str
    label: str
    is_chosen: bool
    mouth: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question on the page."""

    key: str
    name: str
    text: str
    is_scale: bool
    is_text: bool
    is_required: bool
    number: str
    choices: tuple[Choice, ...]
    value: str
    error: str
    factor: str = ""
    warns: bool = False
    """Its own words ask that nobody be named, so that the page need not say it once more."""
    longest: str = str(LONGEST_COMMENT)


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the questionnaire can be read in."""

    code: str
    name: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A questionnaire in one language."""

    language: str
    title: str
    introduction: str
    thanks: str
    questions: tuple[QuestionRow, ...]
    languages: tuple[Language, ...]


def sheet(
    content: Content,
    language: str,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Sheet:
    """Return a questionnaire in a language, in Vietnamese where it is not written in it.

    ``given`` holds what was chosen and written before, ``errors`` sentences, both by the question's key.
    """
    spoken = language if language in content.languages else content.languages[0]
    factors = {factor.key: said(factor.label, spoken) for factor in content.factors}
    rows: list[QuestionRow] = []
    for number, question in enumerate(content.questions, start=1):
        rows.append(
            QuestionRow(
                key=question.key,
                name=name_of(question),
                text=said(question.text, spoken),
                is_scale=question.kind is Kind.SCALE,
                is_text=question.kind is Kind.TEXT,
                is_required=question.is_required,
                number=gettext("Question %(number)s of %(count)s")
                % {"number": str(number), "count": str(len(content.questions))},
                choices=_choices(question, content, spoken, (given or {}).get(question.key, "")),
                value=(given or {}).get(question.key, ""),
                error=(errors or {}).get(question.key, ""),
                factor=factors.get(question.factor, ""),
                warns=question.kind is Kind.TEXT and _NAMES in search_key(said(question.text, "vi")),
            )
        )
    return Sheet(
        language=spoken,
        title=said(content.title, spoken),
        introduction=said(content.introduction, spoken),
        thanks=said(content.thanks, spoken),
        questions=tuple(rows),
        languages=tuple(
            Language(code, LANGUAGE_NAMES.get(code, code), code == spoken) for code in content.languages
        )
        if len(content.languages) > 1
        else (),
    )


def _choices(question: Question, content: Content, language: str, chosen: str) -> tuple[Choice, ...]:
    if question.kind is Kind.SCALE:
        return tuple(
            Choice(str(step), said(label, language), str(step) == chosen, MOUTHS[step])
            for step, label in zip(STEPS, content.scale, strict=True)
        )
    return tuple(
        Choice(option.key, said(option.label, language), option.key == chosen) for option in question.options
    )
