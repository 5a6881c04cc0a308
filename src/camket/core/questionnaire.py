"""A questionnaire of satisfaction (bộ câu hỏi khảo sát): what it asks, in which languages, and what answers it takes.

A question on the scale has five steps; its rate is the share of answers on the upper two, missing answers left out.
The question on the whole has the key ``overall``; the mean of the questions that count is the rate by factors. A question
keeps its key from edition to edition as long as it asks the same.
Source: QĐ 1001/QĐ-BNV of 11/12/2023 (SIPAS, 2023-2026); what of it was not read in its text says so (``SatisfactionRule``).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import bare_words, search_key

__all__ = [
    "DEFAULT_SCALE",
    "LANGUAGE_NAMES",
    "LONGEST_COMMENT",
    "OVERALL",
    "STEPS",
    "AnswerNotPossible",
    "Answers",
    "Change",
    "ChangeKind",
    "Content",
    "ContentUnreadable",
    "Factor",
    "Kind",
    "Option",
    "Question",
    "SatisfactionRule",
    "asks_the_same",
    "checked",
    "compare",
    "free_key",
    "is_satisfied",
    "missing_translations",
    "moved",
    "options_of",
    "parse",
    "rule_on",
    "said",
    "stem_of",
    "text_of",
    "to_json",
    "with_question",
    "without_question",
]

OVERALL = "overall"
"""Key of the question that asks for satisfaction on the whole; each questionnaire has it."""

VIETNAMESE = "vi"
"""The language that each text has."""

STEPS = (1, 2, 3, 4, 5)
"""Steps of the scale, from very dissatisfied to very satisfied."""

LONGEST_COMMENT = 2_000
"""Characters of free words that are taken."""

LONGEST_TEXT = 1_000
LONGEST_TITLE = 255
MOST_QUESTIONS = 40
MOST_OPTIONS = 12
MOST_FACTORS = 12
MOST_LANGUAGES = 6

Texts = Mapping[str, str]
"""One text by language; Vietnamese is always there."""

LANGUAGE_NAMES: Mapping[str, str] = {
    "vi": "Tiếng Việt",
    "en": "English",
    "tyz": "Tày – Nùng",
    "hmv": "Hmoob (Mông)",
    "blt": "Thái",
    "mtq": "Mường",
    "ium": "Dao",
    "km": "Khmer – ភាសាខ្មែរ",
    "cjm": "Chăm",
    "jra": "Jrai (Gia Rai)",
    "rad": "Êđê (Ê Đê)",
    "bdq": "Bahnar (Ba Na)",
    "zh": "Trung – 中文",
    "fr": "Français",
    "ja": "Nhật – 日本語",
    "ko": "Hàn – 한국어",
}
"""Languages that a questionnaire can be asked in, as their speakers know them; in other letters, in Vietnamese first."""

DEFAULT_SCALE: tuple[Texts, ...] = (
    {"vi": "Rất không hài lòng", "en": "Very dissatisfied"},
    {"vi": "Không hài lòng", "en": "Dissatisfied"},
    {"vi": "Bình thường", "en": "Neither"},
    {"vi": "Hài lòng", "en": "Satisfied"},
    {"vi": "Rất hài lòng", "en": "Very satisfied"},
)
"""What the five steps are called."""


class Kind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # one of the five steps
    CHOICE = "choice"  # one of its options
    TEXT = "text"  # free words


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of satisfaction (yếu tố) that questions belong to: access, procedures, officers, result, feedback."""

    key: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a question of choice offers."""

    key: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``factor`` is a factor's key or empty; ``counts`` puts it into the mean rate (scale alone)."""

    key: str
    kind: Kind
    text: Texts
    factor: str = ""
    options: tuple[Option, ...] = ()
    is_required: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a questionnaire asks: its words, factors and questions in their order.

    ``scale`` names the five steps; ``languages`` begins with Vietnamese.
    """

    languages: tuple[str, ...]
    title: Texts
    introduction: Texts
    thanks: Texts
    factors: tuple[Factor, ...]
    questions: tuple[Question, ...]
    scale: tuple[Texts, ...] = DEFAULT_SCALE

    def question(self, key: str) -> Question:
        """Return the question of a key; KeyError where there is none."""
        for each in self.questions:
            if each.key == key:
                return each
        raise KeyError(key)

    @property
    def rated(self) -> tuple[Question, ...]:
        """Questions of the scale, in their order."""
        return tuple(each for each in self.questions if each.kind is Kind.SCALE)

    @property
    def counted(self) -> tuple[Question, ...]:
        """Questions that are counted: that on the whole, and those of the mean rate."""
        return tuple(each for each in self.rated if each.counts or each.key == OVERALL)


def said(texts: Texts, language: str) -> str:
    """Return a text in a language, in Vietnamese where it has none.

    >>> said({"vi": "Hài lòng", "en": "Satisfied"}, "km")
    'Hài lòng'
    """
    return texts.get(language) or texts[VIETNAMESE]


@dataclass(frozen=True, slots=True)
class SatisfactionRule:
    """Which steps of the scale count as satisfied, from when to when, by what text.

    ``is_checked`` is False where the rule was not read in the text itself.
    """

    valid_from: date
    valid_to: date | None
    lowest_step: int
    source: str
    is_checked: bool


RULES = (
    SatisfactionRule(
        valid_from=date(2023, 12, 11),
        valid_to=date(2026, 12, 31),
        lowest_step=4,
        source="QĐ 1001/QĐ-BNV",
        is_checked=False,
    ),
)
"""Rules by which answers count as satisfied, in their order. Source: QĐ 1001/QĐ-BNV, valid 2023-2026."""


def rule_on(day: date) -> SatisfactionRule:
    """Return the rule of a day; past the last rule's end that one goes on until the next is known, as before the first."""
    begun = [rule for rule in RULES if rule.valid_from <= day]
    return begun[-1] if begun else RULES[0]


def is_satisfied(step: int, on: date | None = None) -> bool:
    """Return whether a step of the scale counts as satisfied: one of the two upper ones.

    >>> [is_satisfied(step) for step in STEPS]
    [False, False, False, True, True]
    """
    return step >= (rule_on(on) if on else RULES[-1]).lowest_step


class ContentUnreadable(Refusal):
    """What was handed in is no questionnaire; ``place`` says where, ``questions[3].text.vi``."""

    def __init__(self, place: str, message: Message) -> None:
        super().__init__(message)
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else str(self.message)


_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff]")


def text_of(text: str) -> str:
    r"""Return free words as they are kept: one Unicode form, plain line ends, no signs that nobody sees.

    >>> text_of("  Tốt\x00\r\nNhanh  ")
    'Tốt\nNhanh'
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_SHOWN.sub("", lines).strip()


def parse(data: Any) -> Content:
    """Return a questionnaire from its JSON form (docs/reference/questionnaire.md).

    Raises ContentUnreadable, which names the place, for one that is not whole: a text without Vietnamese, a key used
    twice, a question without its options, none on the whole.
    """
    content = _map(data, "")
    languages = tuple(_list(content.get("languages", [VIETNAMESE]), "languages", MOST_LANGUAGES))
    if not languages or languages[0] != VIETNAMESE or len(set(languages)) != len(languages):
        _refuse("languages", gettext_noop("Vietnamese comes first, and each language once."))
    for language in languages:
        if language not in LANGUAGE_NAMES:
            _refuse("languages", gettext_noop("“%(code)s” is no language known here."), code=_short(language))
    factors = tuple(
        Factor(
            _key(_map(each, place).get("key"), f"{place}.key"),
            _texts(each.get("label"), f"{place}.label", languages, LONGEST_TITLE),
        )
        for place, each in _each(content.get("factors", []), "factors", MOST_FACTORS)
    )
    _once((factor.key for factor in factors), "factors")
    known = {factor.key for factor in factors}
    questions = tuple(
        _question(_map(each, place), place, languages, known)
        for place, each in _each(content.get("questions"), "questions", MOST_QUESTIONS)
    )
    _once((question.key for question in questions), "questions")
    if not any(question.key == OVERALL for question in questions):
        _refuse("questions", gettext_noop("The question on the whole (key “overall”) is missing."))
    scale = tuple(
        _texts(each, place, languages, LONGEST_TITLE)
        for place, each in _each(content.get("scale", list(DEFAULT_SCALE)), "scale", len(STEPS))
    )
    if len(scale) != len(STEPS):
        _refuse("scale", gettext_noop("The scale has five steps."))
    return Content(
        languages=languages,
        title=_texts(content.get("title"), "title", languages, LONGEST_TITLE),
        introduction=_texts(
            content.get("introduction", {}), "introduction", languages, LONGEST_TEXT, may_lack=True
        ),
        thanks=_texts(content.get("thanks", {}), "thanks", languages, LONGEST_TEXT, may_lack=True),
        factors=factors,
        questions=questions,
        scale=scale,
    )


def _question(
    data: Mapping[str, Any], place: str, languages: Collection[str], factors: Collection[str]
) -> Question:
    key = _key(data.get("key"), f"{place}.key")
    try:
        kind = Kind(data.get("kind", ""))
    except (ValueError, TypeError):
        _refuse(f"{place}.kind", gettext_noop("A question is of the kind scale, choice or text."))
    options = tuple(
        Option(
            _key(_map(each, at).get("key"), f"{at}.key"),
            _texts(each.get("label"), f"{at}.label", languages, LONGEST_TITLE),
        )
        for at, each in _each(data.get("options", []), f"{place}.options", MOST_OPTIONS)
    )
    _once((option.key for option in options), f"{place}.options")
    if kind is Kind.CHOICE and len(options) < 2:
        _refuse(f"{place}.options", gettext_noop("A question of choice offers two answers or more."))
    if kind is not Kind.CHOICE and options:
        _refuse(f"{place}.options", gettext_noop("Only a question of choice has answers to choose from."))
    factor = data.get("factor", "")
    if factor and factor not in factors:
        _refuse(f"{place}.factor", gettext_noop("There is no factor “%(key)s”."), key=_short(factor))
    counts = _flag(data.get("counts", False), f"{place}.counts")
    if counts and kind is not Kind.SCALE:
        _refuse(f"{place}.counts", gettext_noop("Only a question on the scale counts in the rate."))
    if key == OVERALL and kind is not Kind.SCALE:
        _refuse(f"{place}.kind", gettext_noop("The question on the whole is answered on the scale."))
    return Question(
        key=key,
        kind=kind,
        text=_texts(data.get("text"), f"{place}.text", languages, LONGEST_TEXT),
        factor=factor or "",
        options=options,
        is_required=_flag(data.get("is_required", False), f"{place}.is_required"),
        counts=counts and key != OVERALL,
    )


def to_json(content: Content) -> dict[str, Any]:
    """Return a questionnaire in the form that :func:`parse` reads; the same content gives the same text."""
    return {
        "languages": list(content.languages),
        "title": dict(content.title),
        "introduction": dict(content.introduction),
        "thanks": dict(content.thanks),
        "scale": [dict(each) for each in content.scale],
        "factors": [{"key": each.key, "label": dict(each.label)} for each in content.factors],
        "questions": [
            {
                "key": each.key,
                "kind": each.kind.value,
                "text": dict(each.text),
                "factor": each.factor,
                "options": [{"key": option.key, "label": dict(option.label)} for option in each.options],
                "is_required": each.is_required,
                "counts": each.counts,
            }
            for each in content.questions
        ],
    }


def missing_translations(content: Content) -> dict[str, tuple[str, ...]]:
    """Return, by language, the Vietnamese texts that are not written in it; languages that lack nothing are left out."""
    texts = [content.title, content.introduction, content.thanks, *content.scale]
    texts += [factor.label for factor in content.factors]
    for question in content.questions:
        texts += [question.text, *(option.label for option in question.options)]
    lacking = {
        language: tuple(
            dict.fromkeys(
                each[VIETNAMESE] for each in texts if each.get(VIETNAMESE) and not each.get(language)
            )
        )
        for language in content.languages[1:]
    }
    return {language: each for language, each in lacking.items() if each}


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered: steps, chosen options and free words, by the question's key; what was left out is not in it."""

    ratings: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


class AnswerNotPossible(Refusal):
    """An answer that the questionnaire does not take; ``question`` is the key at fault, empty for the whole."""

    def __init__(self, question: str, message: Message) -> None:
        super().__init__(message)
        self.question = question


def checked(
    content: Content, ratings: Mapping[str, Any], choices: Mapping[str, Any], comments: Mapping[str, Any]
) -> Answers:
    """Return the answers as they are kept, free words tidied and blank ones left out.

    A question left out is no fault unless it is required. Raises AnswerNotPossible for a question that is not asked, a
    step or an option that there is not, free words over LONGEST_COMMENT, a required question left out, nothing answered.
    """
    asked = {question.key: question for question in content.questions}
    rated: dict[str, int] = {}
    for key, step in ratings.items():
        question = _asked(asked, key, Kind.SCALE)
        if isinstance(step, bool) or not isinstance(step, int) or step not in STEPS:
            raise AnswerNotPossible(
                key,
                Message(
                    gettext_noop("“%(question)s”: choose one of the five steps, 1 to 5."),
                    {"question": question.text[VIETNAMESE]},
                ),
            )
        rated[key] = step
    chosen: dict[str, str] = {}
    for key, option in choices.items():
        question = _asked(asked, key, Kind.CHOICE)
        if option not in [each.key for each in question.options]:
            raise AnswerNotPossible(
                key,
                Message(
                    gettext_noop("“%(question)s”: choose one of the answers offered."),
                    {"question": question.text[VIETNAMESE]},
                ),
            )
        chosen[key] = str(option)
    words: dict[str, str] = {}
    for key, text in comments.items():
        question = _asked(asked, key, Kind.TEXT)
        tidy = text_of(text) if isinstance(text, str) else ""
        if len(tidy) > LONGEST_COMMENT:
            raise AnswerNotPossible(
                key,
                Message(
                    gettext_noop("“%(question)s”: write at most 2.000 characters; you wrote %(count)s."),
                    {"question": question.text[VIETNAMESE], "count": f"{len(tidy):,}".replace(",", ".")},
                ),
            )
        if tidy:
            words[key] = tidy
    answered = rated.keys() | chosen.keys() | words.keys()
    if not answered:
        raise AnswerNotPossible("", Message(gettext_noop("Answer at least one question.")))
    for question in content.questions:
        if question.is_required and question.key not in answered:
            raise AnswerNotPossible(
                question.key,
                Message(
                    gettext_noop("“%(question)s” has no answer yet."), {"question": question.text[VIETNAMESE]}
                ),
            )
    return Answers(rated, chosen, words)


def _asked(asked: Mapping[str, Question], key: object, kind: Kind) -> Question:
    question = asked.get(key) if isinstance(key, str) else None
    if question is None or question.kind is not kind:
        raise AnswerNotPossible(
            "", Message(gettext_noop("The questionnaire does not ask “%(key)s”."), {"key": _short(key)})
        )
    return question


class ChangeKind(StrEnum):
    """What became of a question from one edition to the next."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"  # the same question in other words
    ALTERED = "altered"  # factor, answers offered, whether required or counted
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one question: as it was (None where added) and as it is (None where removed)."""

    kind: ChangeKind
    key: str
    before: Question | None
    after: Question | None


def compare(older: Content, newer: Content) -> tuple[Change, ...]:
    """Return what became of the questions from one edition to another, in the newer one's order, removed ones last."""
    old = {question.key: question for question in older.questions}
    new = {question.key: question for question in newer.questions}
    kept = [key for key in old if key in new]
    order = [key for key in new if key in old]
    stay = _longest_common(kept, order)
    changes: list[Change] = []
    for key, question in new.items():
        before = old.get(key)
        if before is None:
            changes.append(Change(ChangeKind.ADDED, key, None, question))
        elif before.text != question.text:
            changes.append(Change(ChangeKind.REWORDED, key, before, question))
        elif before != question:
            changes.append(Change(ChangeKind.ALTERED, key, before, question))
        elif key not in stay:
            changes.append(Change(ChangeKind.MOVED, key, before, question))
    changes += [
        Change(ChangeKind.REMOVED, key, question, None) for key, question in old.items() if key not in new
    ]
    return tuple(changes)


def _longest_common(left: list[str], right: list[str]) -> set[str]:
    """Return the keys that stand in the same order in both, as many as can be: the others were moved."""
    at = {key: place for place, key in enumerate(left)}
    runs: list[list[str]] = []  # the longest run that ends at each key
    for key in right:
        before: list[str] = []
        for run in runs:
            if at[run[-1]] < at[key] and len(run) > len(before):
                before = run
        runs.append([*before, key])
    longest: list[str] = []
    for run in runs:
        if len(run) > len(longest):
            longest = run
    return set(longest)


_SAME = 0.7


def asks_the_same(before: str, after: str) -> bool:
    """Return whether a changed wording looks like the same question: a proposal, a person decides.

    >>> asks_the_same("Bạn có hài lòng về nơi ngồi chờ không?", "Bạn hài lòng về nơi ngồi chờ ở mức nào?")
    True
    >>> asks_the_same("Bạn có hài lòng về nơi ngồi chờ không?", "Thái độ của công chức tiếp nhận thế nào?")
    False
    """
    old, new = (re.findall(r"\w+", search_key(text)) for text in (before, after))
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio() >= _SAME


def free_key(taken: Collection[str], stem: str = "question") -> str:
    """Return a key that no question had yet: a question that asks something else never gets a former one's key.

    >>> free_key({"waiting", "waiting_2"}, "waiting")
    'waiting_3'
    >>> free_key(set(), "waiting_2")
    'waiting'
    """
    stem = re.sub(r"_\d+$", "", stem)[:34] or "question"
    if stem not in taken and stem != OVERALL:
        return stem
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def with_question(content: Content, question: Question, *, instead_of: str = "") -> Content:
    """Return the questionnaire with a question put in place of another, or behind the last."""
    if not instead_of:
        return replace(content, questions=(*content.questions, question))
    content.question(instead_of)
    return replace(
        content,
        questions=tuple(question if each.key == instead_of else each for each in content.questions),
    )


def moved(content: Content, key: str, by: int) -> Content:
    """Return the questionnaire with a question moved up (``by`` below 0) or down, no further than the ends."""
    questions = list(content.questions)
    at = next(place for place, each in enumerate(questions) if each.key == key)
    question = questions.pop(at)
    questions.insert(max(0, at + by), question)
    return replace(content, questions=tuple(questions))


def without_question(content: Content, key: str) -> Content:
    """Return the questionnaire without a question; that on the whole stays. Raises ContentUnreadable for it."""
    if key == OVERALL:
        _refuse(
            "questions",
            gettext_noop("The question on the whole cannot be taken out: the rate counts from it."),
        )
    content.question(key)
    return replace(content, questions=tuple(each for each in content.questions if each.key != key))


def _refuse(place: str, template: str, **params: str) -> Any:
    raise ContentUnreadable(place, Message(template, params))


def _short(value: object) -> str:
    text = text_of(str(value)).replace("\n", " ")
    return text if len(text) <= 40 else f"{text[:39]}…"


def _map(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        _refuse(place, gettext_noop("An object with named members is expected here."))
    return value  # type: ignore[no-any-return]


def _list(value: Any, place: str, most: int) -> list[Any]:
    if not isinstance(value, list | tuple):
        _refuse(place, gettext_noop("A list is expected here."))
    if len(value) > most:
        _refuse(place, gettext_noop("At most %(count)s are possible here."), count=str(most))
    return list(value)


def _each(value: Any, place: str, most: int) -> Iterable[tuple[str, Any]]:
    return [(f"{place}[{number}]", each) for number, each in enumerate(_list(value, place, most), start=1)]


def _key(value: Any, place: str) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        _refuse(
            place,
            gettext_noop(
                "A key has small letters without marks, digits and “_”, begins with a letter and has 40 signs at most."
            ),
        )
    return value  # type: ignore[no-any-return]


def _once(keys: Iterable[str], place: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            _refuse(place, gettext_noop("The key “%(key)s” is there twice."), key=key)
        seen.add(key)


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        _refuse(place, gettext_noop("Yes or no (true or false) is expected here."))
    return value  # type: ignore[no-any-return]


def _texts(
    value: Any, place: str, languages: Collection[str], longest: int, *, may_lack: bool = False
) -> dict[str, str]:
    """Return a text by language; languages that the questionnaire does not have are dropped, blank ones too."""
    texts: dict[str, str] = {}
    given = _map(value, place)
    for language in languages:
        text = given.get(language, "")
        if not isinstance(text, str):
            _refuse(f"{place}.{language}", gettext_noop("A text is expected here."))
        tidy = text_of(text)
        if len(tidy) > longest:
            _refuse(
                f"{place}.{language}",
                gettext_noop("At most %(count)s characters are possible here."),
                count=str(longest),
            )
        if tidy:
            texts[language] = tidy
    if VIETNAMESE not in texts:
        if not may_lack:
            _refuse(f"{place}.vi", gettext_noop("The Vietnamese text is missing."))
        texts = {VIETNAMESE: "", **texts}
    return texts


def stem_of(text: str) -> str:
    """Return the beginning of a key for a new question or answer, from its words.

    >>> stem_of("Nơi ngồi chờ, bàn ghế, trang thiết bị")
    'noi_ngoi_cho_ban'
    >>> stem_of("3 lần")
    'k_3_lan'
    """
    stem = "_".join(bare_words(text)[:4])[:30].strip("_") or "question"
    return stem if stem[0].isalpha() else f"k_{stem}"


def options_of(labels: Mapping[str, Iterable[str]], former: tuple[Option, ...] = ()) -> tuple[Option, ...]:
    """Return the answers to choose from, given by language line by line, with the keys they had.

    An answer keeps its key where its Vietnamese words stood before, or where it looks the same at its place.
    """
    lines = {
        language: [text_of(line).replace("\n", " ") for line in given] for language, given in labels.items()
    }
    vietnamese = lines.pop(VIETNAMESE, [])
    known = {option.label[VIETNAMESE]: option.key for option in former}
    kept = {label: known[label] for label in vietnamese if label in known}
    taken = set(known.values())
    options: list[Option] = []
    used: set[str] = set()
    for place, label in enumerate(vietnamese):
        if not label:
            continue
        key = kept.get(label, "")
        if not key and place < len(former) and former[place].key not in kept.values():
            before = former[place]
            key = before.key if asks_the_same(before.label[VIETNAMESE], label) else ""
        if not key or key in used:
            key = free_key(taken | used, stem_of(label))
        used.add(key)
        others = {language: given[place] for language, given in lines.items() if place < len(given)}
        options.append(Option(key, {VIETNAMESE: label, **{k: v for k, v in others.items() if v}}))
    return tuple(options)
