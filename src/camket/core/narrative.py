"""What a report says of a target in a sentence: figures stand in it by name, so that they stay what the readings say.

A sentence is a text with names in braces: ``Tỷ lệ hồ sơ đúng hạn đạt {kết quả}{so với mức đề ra}.`` A person rewrites
the words as they like and moves the names; what stands for a name is filled in from the readings until the report is
issued. The sentences are Vietnamese: an official report is Vietnamese by nature.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from camket.core.exact import trimmed
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.targets import SHARES, VerdictState
from camket.core.wording.numbers import format_number
from camket.core.wording.text import begun, fold

RESULT, COUNTS, GOAL, VERDICT = "kết quả", "số lượng", "mức đề ra", "đánh giá"
BEFORE, YEAR_BEFORE = "so với kỳ trước", "so với cùng kỳ"
NAMES = (RESULT, COUNTS, GOAL, VERDICT, BEFORE, YEAR_BEFORE)
"""The names that a sentence may hold, in the order in which a person is offered them."""

_NAMED = re.compile(r"\{([^{}]*)\}")
_LONGEST = 1500


class SentenceNotWellFormed(Refusal):
    """The sentence is empty, too long, or holds a name that stands for nothing."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The result of an earlier period: what the period is called, the result as shown, and as a number where it is one.

    ``counts`` are parts over whole of a share; "" where the result is none, or shows them itself.
    """

    period: str
    shown: str
    value: Decimal | None = None
    counts: str = ""

    @property
    def told(self) -> str:
        """The result with its counts behind it, as a sentence tells it in brackets."""
        return f"{self.shown}; {self.counts}" if self.counts and self.counts not in self.shown else self.shown


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a target in a period.

    ``shown`` and ``goal`` are in Vietnamese form with their unit; ``value`` is in ``unit``. ``before`` is the period
    before in the same year, ``year_before`` the same days of last year; None where nothing is known of them.
    """

    text: str
    state: VerdictState
    shown: str = ""
    goal: str = ""
    value: Decimal | None = None
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    before: Earlier | None = None
    year_before: Earlier | None = None


_STATES: Mapping[VerdictState, str] = {
    VerdictState.MET: "đạt mức đề ra",
    VerdictState.ON_TRACK: "đúng tiến độ",
    VerdictState.AT_RISK: "có nguy cơ không đạt mức đề ra",
    VerdictState.MISSED: "không đạt mức đề ra",
    VerdictState.NO_DATA: "chưa có số liệu",
    VerdictState.NOTHING_AROSE: "không phát sinh",
}


def figures_of(said: Said) -> dict[str, str]:
    """Return what stands for each name that something is known for.

    >>> figures_of(Said("Hồ sơ đúng hạn", VerdictState.MET, "98,4 %", "≥ 95 %", Decimal("98.4"), "%", "123", "125",
    ...     year_before=Earlier("cùng kỳ năm 2025", "97,2 %", Decimal("97.2"))))["so với cùng kỳ"]
    'tăng 1,2 điểm phần trăm so với cùng kỳ năm 2025 (97,2 %)'
    """
    found = {
        RESULT: said.shown,
        COUNTS: f"{said.numerator}/{said.denominator}" if said.denominator else "",
        GOAL: goal_in_words(said.goal),
        VERDICT: _STATES[said.state],
        BEFORE: _compared(said, said.before),
        YEAR_BEFORE: _compared(said, said.year_before),
    }
    return {name: text for name, text in found.items() if text}


_SIGNS = {"≥": "từ {} trở lên", ">": "trên {}", "≤": "không quá {}", "<": "dưới {}"}


def goal_in_words(goal: str) -> str:
    """Return a goal as a sentence says it: signs are for tables.

    >>> goal_in_words("≥ 95 %"), goal_in_words("< 0,5 %"), goal_in_words("tốt trở lên")
    ('từ 95 % trở lên', 'dưới 0,5 %', 'tốt trở lên')
    """
    sign, amount = goal[:1], goal[1:].strip()
    return _SIGNS[sign].format(amount) if sign in _SIGNS else goal


def bare_result(shown: str, counts: str) -> str:
    """Return a result without the counts behind it, which have a name of their own.

    >>> bare_result("98,4 % (123/125)", "123/125")
    '98,4 %'
    """
    return shown.removesuffix(f"({counts})").rstrip() if counts else shown


def _compared(said: Said, earlier: Earlier | None) -> str:
    """Return how the result stands to an earlier one; "" where there is none, or one that cannot be set beside it."""
    if earlier is None or not said.shown or not earlier.shown:
        return ""
    return compared(said.shown, said.value, said.unit, earlier)


def compared(shown: str, value: Decimal | None, unit: str, earlier: Earlier) -> str:
    """Return how a figure stands to one of an earlier period: its rise or fall in its unit, and what it was then.

    >>> compared("98,4 %", Decimal("98.4"), "%", Earlier("quý I", "97,2 %", Decimal("97.2")))
    'tăng 1,2 điểm phần trăm so với quý I (97,2 %)'
    >>> compared("98,4 %", Decimal("98.4"), "%", Earlier("quý I", "97,2 %", Decimal("97.2"), "243/250"))
    'tăng 1,2 điểm phần trăm so với quý I (97,2 %; 243/250)'
    """
    if value is None or earlier.value is None:
        return f"bằng {earlier.period}" if shown == earlier.shown else f"{earlier.period}: {earlier.told}"
    change = trimmed(value - earlier.value)
    if not change:
        return f"bằng {earlier.period} ({earlier.told})"
    of = " điểm phần trăm" if unit in SHARES and SHARES[unit] == 100 else f" {unit}".rstrip()
    way = "tăng" if change > 0 else "giảm"
    return f"{way} {format_number(abs(_short(change)))}{of} so với {earlier.period} ({earlier.told})"


def _short(change: Decimal) -> Decimal:
    """Return a difference with at most two decimals; one that would round to nothing keeps its first figure."""
    brief = trimmed(change.quantize(Decimal("0.01")))
    return brief or change.normalize()


def proposed(said: Said) -> str:
    """Return the sentence proposed for a target, by what is known of it.

    >>> proposed(Said("Tỷ lệ hồ sơ giải quyết đúng hạn", VerdictState.MET, "98,4 %", "≥ 95 %", denominator="125"))
    'Tỷ lệ hồ sơ giải quyết đúng hạn: {kết quả} ({số lượng}), mức đề ra {mức đề ra}; {đánh giá}.'
    """
    subject = begun(fold(said.text)).rstrip(" .;:")
    known = figures_of(said)
    if said.state is VerdictState.NO_DATA and not said.shown:
        return f"{subject}: {{{VERDICT}}}."
    if said.state is VerdictState.NOTHING_AROSE:
        return f"{subject}: trong kỳ {{{VERDICT}}}."
    parts = [f"{subject}: {{{RESULT}}}" if RESULT in known else subject]
    if COUNTS in known and known[COUNTS] not in known.get(RESULT, ""):
        parts.append(f" ({{{COUNTS}}})")
    if known.get(GOAL) == "0" and RESULT in known:
        parts.append(" trường hợp")  # its text says that nothing of the kind may happen
    elif GOAL in known and RESULT in known and known[GOAL] != "✓":
        parts.append(f", mức đề ra {{{GOAL}}}")
    parts.append(f"; {{{VERDICT}}}" if RESULT in known else f": {{{VERDICT}}}")
    parts += [f"; {{{name}}}" for name in (BEFORE, YEAR_BEFORE) if name in known]
    return "".join([*parts, "."])


def names_in(sentence: str) -> tuple[str, ...]:
    """Return the names that a sentence holds, each once, in order.

    >>> names_in("Đạt {kết quả}, mức { mức  đề ra }; {kết quả}.")
    ('kết quả', 'mức đề ra')
    """
    return tuple(dict.fromkeys(fold(name).lower() for name in _NAMED.findall(sentence)))


def filled(sentence: str, figures: Mapping[str, str]) -> str:
    """Return a sentence with its figures; a name that nothing is known for any more goes, with the words that led to it.

    >>> filled("Đạt {kết quả}; {so với kỳ trước}.", {"kết quả": "98,4 %"})
    'Đạt 98,4 %.'
    """
    text = _NAMED.sub(lambda found: figures.get(fold(found[1]).lower(), "\0"), sentence)
    text = re.sub(r"\s*[;,:]?\s*(?:\(\s*\0\s*\)|(?:mức đề ra\s+)?\0)", "", text)
    return re.sub(r" {2,}", " ", text).strip()  # blanks that hold a number and its unit together stay


def checked(sentence: str, names: Collection[str] = NAMES) -> str:
    """Return a sentence that a person wrote, tidied; ``names`` are those that it may hold.

    Raises SentenceNotWellFormed, which says what to mend.
    """
    text = fold(sentence)
    if not text:
        raise SentenceNotWellFormed(
            Message(gettext_noop("Write the sentence, or take the proposed one again."))
        )
    if len(text) > _LONGEST:
        raise SentenceNotWellFormed(
            Message(
                gettext_noop("The sentence has more than %(limit)s letters. Say it more shortly."),
                {"limit": format_number(_LONGEST)},
            )
        )
    unknown = [name for name in names_in(text) if name not in names]
    if unknown:
        raise SentenceNotWellFormed(
            Message(
                gettext_noop("%(name)s stands for no figure. Figures are called: %(names)s."),
                {"name": f"{{{unknown[0]}}}", "names": ", ".join(f"{{{name}}}" for name in names)},
            )
        )
    if "{" in _NAMED.sub("", text) or "}" in _NAMED.sub("", text):
        raise SentenceNotWellFormed(
            Message(gettext_noop("A brace is open or closed alone. A figure's name stands between { and }."))
        )
    return _NAMED.sub(lambda found: f"{{{fold(found[1]).lower()}}}", text)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure in a sentence that is another now: its name, what it was when the report was composed, what it is."""

    name: str
    then: str
    now: str


def changes(sentence: str, then: Mapping[str, str], now: Mapping[str, str]) -> tuple[FigureChange, ...]:
    """Return the figures of a sentence that changed since it was composed."""
    return tuple(
        FigureChange(name, then.get(name, ""), now.get(name, ""))
        for name in names_in(sentence)
        if then.get(name, "") != now.get(name, "")
    )
