"""What an indicator counts: a formula over the named additive counts of a source.

A formula is data: terms to add or subtract, what they are held against, and which rows count. It knows nothing of
where the counts come from (:mod:`camket.indicators.sources`), and it is small enough to be said in one line wherever
its figure stands (:func:`in_words`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Grade, Period
from camket.core.rollup import Number, Sums
from camket.core.targets import SHARES, Figure

SCALES = (1, 100, 1000)
"""What a quotient is multiplied by: nothing, per cent, per mille."""

_WIDE = Context(prec=60)


class FormulaError(ValueError):
    """A value is no formula; ``path`` says where."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Term:
    """One count of a source, taken so many times: 1 adds it, -1 takes it off."""

    count: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Formula:
    """Terms over terms of a source's counts; without a denominator a quantity.

    ``filters`` name by dimension the words of which a row must have one, the same words in every agency: a field's
    folded words ("dat dai"), a procedure's code, a unit's folded words, a channel's or level's name in lower case.
    ``scale`` is 100 for per cent.
    """

    source: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scale: int = 1

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts that it takes, each once."""
        terms = self.numerator + (self.denominator or ())
        return tuple(dict.fromkeys(term.count for term in terms))

    def filtered(self, filters: Mapping[str, tuple[str, ...]]) -> Formula:
        """Return the same formula over fewer rows: its own filters and these; one given again replaces the own."""
        kept = {**self.filters, **filters}
        return Formula(
            self.source,
            self.numerator,
            self.denominator,
            {key: tuple(words) for key, words in sorted(kept.items()) if words},
            self.scale,
        )


class Result(NamedTuple):
    """What a formula gives: exact counts, and their quotient times the scale, rounded half up to six decimals.

    ``nothing_arose``: the denominator is zero; there is no value then, neither 0 % nor 100 %.
    """

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    nothing_arose: bool


def to_json(formula: Formula) -> dict[str, Any]:
    """Return a formula as it is kept; :func:`from_json` reads it back.

    >>> from_json(to_json(Formula("dossiers", (Term("late"),), (Term("finished"),), {"field": ("dat dai",)}, 100))).scale
    100
    """
    kept: dict[str, Any] = {
        "source": formula.source,
        "numerator": [[term.count, term.times] for term in formula.numerator],
        "scale": formula.scale,
    }
    if formula.denominator is not None:
        kept["denominator"] = [[term.count, term.times] for term in formula.denominator]
    if formula.filters:
        kept["filters"] = {key: list(words) for key, words in sorted(formula.filters.items())}
    return kept


def from_json(value: object) -> Formula:
    """Read a formula as :func:`to_json` writes it; raises FormulaError for anything else."""
    if not isinstance(value, Mapping):
        raise FormulaError("formula", "not an object")
    unknown = set(value) - {"source", "numerator", "denominator", "filters", "scale"}
    if unknown:
        raise FormulaError("formula", f"unknown: {', '.join(sorted(map(str, unknown)))}")
    source = value.get("source")
    if not isinstance(source, str) or not source:
        raise FormulaError("source", "missing")
    numerator = _terms("numerator", value.get("numerator"))
    denominator = value.get("denominator")
    scale = value.get("scale", 1)
    if scale not in SCALES or isinstance(scale, bool):
        raise FormulaError("scale", "not 1, 100 or 1000")
    filters = value.get("filters", {})
    if not isinstance(filters, Mapping):
        raise FormulaError("filters", "not an object")
    kept: dict[str, tuple[str, ...]] = {}
    for key, words in sorted(filters.items()):
        if (
            not isinstance(words, list | tuple)
            or not words
            or not all(isinstance(w, str) and w for w in words)
        ):
            raise FormulaError(f"filters.{key}", "not a list of words")
        kept[str(key)] = tuple(words)
    return Formula(
        source, numerator, None if denominator is None else _terms("denominator", denominator), kept, scale
    )


def _terms(path: str, value: object) -> tuple[Term, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise FormulaError(path, "not a list of terms")
    terms = []
    for each in value:
        if (
            not isinstance(each, list | tuple)
            or len(each) != 2
            or not isinstance(each[0], str)
            or not isinstance(each[1], int)
            or isinstance(each[1], bool)
            or each[1] == 0
        ):
            raise FormulaError(path, "a term is a count and how many times it is taken")
        terms.append(Term(each[0], each[1]))
    if len({term.count for term in terms}) < len(terms):
        raise FormulaError(path, "a count stands twice")
    return tuple(terms)


def evaluate(formula: Formula, sums: Sums) -> Result:
    """Return what a formula gives over a source's counts of a period; a count that is missing is zero.

    >>> on_time = Formula("dossiers", (Term("early"), Term("on_time")), (Term("finished"),), scale=100)
    >>> evaluate(on_time, {"early": 90, "on_time": 8, "finished": 100}).value
    Decimal('98')
    >>> evaluate(on_time, {}).nothing_arose
    True
    """
    part = _sum(formula.numerator, sums)
    numerator = Decimal(part)
    if formula.denominator is None:
        return Result(numerator, None, _quotient(part, 1, formula.scale), nothing_arose=False)
    return _result(part, _sum(formula.denominator, sums), formula.scale)


def figure(formula: Formula, sums: Sums, period: Period) -> Figure:
    """Return a formula's result for a period as a figure that targets are judged by."""
    result = evaluate(formula, sums)
    if result.denominator is None:
        return Figure(period, value=result.value)
    return Figure(period, result.numerator, result.denominator, nothing_arose=result.nothing_arose)


def result_of(formula: Formula, figure: Figure) -> Result:
    """Return a figure as what a formula gives; a grade counts from 0, the worst, a state 1 where it is reached.

    >>> from datetime import date
    >>> good = Figure(Period(date(2026, 1, 1), date(2026, 3, 1)), grade=Grade.GOOD)
    >>> result_of(Formula("assessments", (Term("grade"),)), good).value
    Decimal('3')
    """
    if figure.nothing_arose or figure.denominator is not None:
        return _result(figure.numerator or Decimal(0), figure.denominator or Decimal(0), formula.scale)
    value = figure.value
    if figure.grade is not None:
        value = Decimal(list(Grade).index(figure.grade))
    elif figure.rank is not None:
        value = Decimal(figure.rank)
    elif figure.is_reached is not None:
        value = Decimal(int(figure.is_reached))
    return Result(value or Decimal(0), None, value, nothing_arose=False)


def _result(part: Number, whole: Number, scale: int) -> Result:
    if not whole:
        return Result(Decimal(part), Decimal(whole), None, nothing_arose=True)
    return Result(Decimal(part), Decimal(whole), _quotient(part, whole, scale), nothing_arose=False)


def scale_of_unit(unit: str) -> int:
    """Return what a quotient is multiplied by to stand in a unit.

    >>> scale_of_unit("%"), scale_of_unit("ngày làm việc/hồ sơ")
    (100, 1)
    """
    return SHARES.get(unit, 1)


def in_words(
    formula: Formula,
    *,
    count: Callable[[str], str],
    dimension: Callable[[str], str],
    word: Callable[[str, str], str],
) -> Message:
    """Return a formula as one line for people.

    ``count`` gives the words of a count, ``dimension`` of a dimension, ``word`` of a dimension's filter word, each in
    the reader's language.
    """
    said = {"numerator": _said(formula.numerator, count, alone=formula.denominator is None)}
    if formula.denominator is not None:
        said["denominator"] = _said(formula.denominator, count, alone=False)
    if formula.filters:
        said["filters"] = "; ".join(
            f"{dimension(key)}: {', '.join(word(key, each) for each in words)}"
            for key, words in sorted(formula.filters.items())
        )
    return Message(_TEMPLATES[formula.denominator is not None, formula.scale, bool(formula.filters)], said)


_TEMPLATES: dict[tuple[bool, int, bool], str] = {
    (False, 1, False): gettext_noop("%(numerator)s"),
    (False, 1, True): gettext_noop("%(numerator)s; only %(filters)s"),
    (False, 100, False): gettext_noop("%(numerator)s × 100"),
    (False, 100, True): gettext_noop("%(numerator)s × 100; only %(filters)s"),
    (False, 1000, False): gettext_noop("%(numerator)s × 1000"),
    (False, 1000, True): gettext_noop("%(numerator)s × 1000; only %(filters)s"),
    (True, 1, False): gettext_noop("%(numerator)s ÷ %(denominator)s"),
    (True, 1, True): gettext_noop("%(numerator)s ÷ %(denominator)s; only %(filters)s"),
    (True, 100, False): gettext_noop("%(numerator)s ÷ %(denominator)s × 100"),
    (True, 100, True): gettext_noop("%(numerator)s ÷ %(denominator)s × 100; only %(filters)s"),
    (True, 1000, False): gettext_noop("%(numerator)s ÷ %(denominator)s × 1000"),
    (True, 1000, True): gettext_noop("%(numerator)s ÷ %(denominator)s × 1000; only %(filters)s"),
}


def _said(terms: tuple[Term, ...], count: Callable[[str], str], *, alone: bool) -> str:
    text = ""
    for term in terms:
        amount = "" if abs(term.times) == 1 else f"{abs(term.times)} × "
        sign = "−" if term.times < 0 else "+"
        lead = f" {sign} " if text else ("−" if term.times < 0 else "")
        text += f"{lead}{amount}{count(term.count)}"
    return text if alone or len(terms) == 1 else f"({text})"


def _sum(terms: tuple[Term, ...], sums: Sums) -> Number:
    # A province asks for a hundred thousand results at once: counts are whole numbers, and those are quick.
    whole = 0
    for term in terms:
        count = sums.get(term.count, 0)
        if isinstance(count, Decimal):
            return _decimal_sum(terms, sums)
        whole += count * term.times
    return whole


def _decimal_sum(terms: tuple[Term, ...], sums: Sums) -> Decimal:
    total = Decimal(0)
    for term in terms:
        total = _WIDE.add(total, _WIDE.multiply(Decimal(sums.get(term.count, 0)), Decimal(term.times)))
    return total


def _quotient(part: Number, whole: Number, scale: int) -> Decimal:
    """Return part over whole times scale, rounded half up (away from zero) to six decimals, without trailing zeros."""
    if isinstance(part, int) and isinstance(whole, int):
        numerator, denominator = part * scale, whole
    else:
        exact = Fraction(part) * scale / Fraction(whole)
        numerator, denominator = exact.numerator, exact.denominator
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    whole_part, rest = divmod(numerator, denominator)
    if not rest:
        return Decimal(whole_part)
    scaled, places = (2 * abs(numerator) * 10**6 + denominator) // (2 * denominator), 6
    while places and scaled % 10 == 0:
        scaled, places = scaled // 10, places - 1
    return Decimal(-scaled if numerator < 0 else scaled).scaleb(-places, _WIDE)
