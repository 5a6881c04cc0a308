"""A result against the same period of the year before, also where the agency was several agencies then.

Pure: figures in, a comparison out. What does not add up over agencies is shown agency by agency and never merged;
what lacks a part is said to lack it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Period
from camket.core.targets import Figure, Measure, cover, shown_figure
from camket.core.wording.numbers import format_number
from camket.core.wording.text import search_key

_SHARE_UNITS = {"%": 100, "‰": 1000}
_YEAR = re.compile(r"\b(?:nam )?20\d\d\b")
_THRESHOLD = re.compile(
    r"\b(?:dat|tu|tren|duoi|toi thieu|toi da|it nhat|khong qua|khong vuot qua|tro len|tro xuong|phan dau|bang|lon hon|nho hon)\b"
)
_AMOUNT = re.compile(r"[<>≥≤=]|\d+(?:[.,]\d+)*\s*(?:%|‰)?")


class Kind(StrEnum):
    """How an agency that was there then belongs to the one of now."""

    OWN = "own"
    MERGED = "merged"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Part:
    """What one agency contributes to the figure of then.

    ``span`` are the days of the period on which the agency existed. ``figures`` are its confirmed figures of that
    time; ``is_ambiguous`` says that several of its indicators would fit and none was chosen. ``key`` names the agency
    to the caller.
    """

    key: int
    name: str
    kind: Kind
    span: Period
    figures: tuple[Figure, ...] = ()
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """Several figures taken as one: what they say together, which they are, and the days of the span they leave out."""

    figure: Figure
    shown: str
    used: tuple[Figure, ...]
    missing_days: int


@dataclass(frozen=True, slots=True)
class PartResult:
    """An agency of then with its result; None where it has no figure."""

    part: Part
    result: Result | None

    @property
    def is_whole(self) -> bool:
        """Whether the result covers all days on which the agency existed in the period."""
        return self.result is not None and self.result.missing_days == 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """This period's result against that of the same period last year.

    ``then`` is None where there is nothing to compare with, or where the parts do not add up: they then stand in
    ``parts`` one by one. ``difference`` is said only where both sides are whole. ``notes`` say what is missing.
    """

    period: Period
    then_period: Period
    now: Result
    then: Result | None
    parts: tuple[PartResult, ...]
    difference: Message | None
    notes: tuple[Message, ...]

    @property
    def is_of_several(self) -> bool:
        """Whether other agencies than the present one have a part in the figure of then."""
        return any(each.part.kind is not Kind.OWN for each in self.parts)


def wording_key(name: str) -> str:
    """Return what an indicator's wording says without marks, years and the height of the target.

    >>> wording_key("Tỷ lệ hồ sơ đúng hạn đạt từ 98% trở lên năm 2025") == wording_key("Tỷ lệ hồ sơ đúng hạn đạt 99%")
    True
    """
    text = _YEAR.sub(" ", search_key(name))
    text = _AMOUNT.sub(" ", text)
    text = _THRESHOLD.sub(" ", text)
    return " ".join(re.sub(r"[^\w ]", " ", text).split())


def adds_across(measure: Measure, unit: str, *, adds_up: bool, has_parts: bool) -> bool:
    """Return whether figures of several agencies make one figure.

    A share does with its numerator and denominator; a number does if it counts what arose, for such numbers add up
    over time as well. Averages, shares without their parts, indexes, ranks, grades and states do not.
    """
    if measure is Measure.RATIO:
        return has_parts
    return measure is Measure.VALUE and adds_up and unit not in _SHARE_UNITS


def taken_together(
    figures: Iterable[Figure], span: Period, *, measure: Measure, unit: str, adds_up: bool
) -> Result | None:
    """Return the figures that lie within a span as one; None where none does.

    Figures of consecutive periods are added where they add up, else the newest stands for all.
    """
    inside = [each for each in figures if span.start <= each.period.start and each.period.end <= span.end]
    if not inside:
        return None
    if adds_up and _sums(inside, measure, unit):
        used = cover(inside)
        days = sum(_days(each.period) for each in used)
        covered = Period(used[0].period.start, used[-1].period.end)
        figure = _sum(used, measure, covered)
        return Result(figure, shown_figure(figure, unit), used, _days(span) - days)
    newest = max(inside, key=lambda each: (each.period.end, -each.period.start.toordinal()))
    return Result(newest, shown_figure(newest, unit), (newest,), (span.end - newest.period.end).days)


def _sums(figures: Sequence[Figure], measure: Measure, unit: str) -> bool:
    """Return whether figures can be added: numbers, and shares with their parts; a share alone cannot."""
    if measure is Measure.RATIO:
        return all(each.nothing_arose or each.denominator is not None for each in figures)
    return measure is Measure.VALUE and unit not in _SHARE_UNITS


def compare(
    now: Result,
    parts: Sequence[Part],
    *,
    period: Period,
    then_period: Period,
    measure: Measure,
    unit: str,
    adds_up: bool,
) -> Comparison:
    """Compare a result with the same period of the year before, made of what the agencies of then reached.

    A split agency is shown whole, since nobody knows which part of its figure fell to the present one.
    """
    found = tuple(
        PartResult(
            part,
            None
            if part.is_ambiguous
            else taken_together(part.figures, part.span, measure=measure, unit=unit, adds_up=adds_up),
        )
        for part in parts
    )
    notes = [*_gaps(found), *_splits(found)]
    if now.missing_days:
        notes.insert(
            0,
            Message(
                gettext_noop("This year's figure leaves out %(days)s days of the period."),
                {"days": str(now.missing_days)},
            ),
        )
    results = [each.result for each in found if each.result is not None]
    then: Result | None = None
    if len(found) == 1 and results:
        then = results[0]
    elif len(found) > 1 and results:
        has_parts = all(each.figure.denominator is not None or each.figure.nothing_arose for each in results)
        whole = all(each.is_whole for each in found)
        if not adds_across(measure, unit, adds_up=adds_up, has_parts=has_parts):
            notes.append(
                Message(
                    gettext_noop("Figures of this kind do not add up over agencies; they stand side by side.")
                )
            )
        elif whole and not any(each.part.kind is Kind.SPLIT for each in found):
            then = _merged(results, then_period, measure, unit)
    difference = None
    comparable = then is not None and all(each.is_whole for each in found) and not now.missing_days
    is_count = measure is Measure.VALUE and adds_up and unit not in _SHARE_UNITS
    if (
        comparable
        and then is not None
        and not (is_count and any(each.part.kind is Kind.SPLIT for each in found))
    ):
        difference = _difference(now.figure, then.figure, measure, unit)
    return Comparison(period, then_period, now, then, found, difference, tuple(notes))


def _merged(results: Sequence[Result], span: Period, measure: Measure, unit: str) -> Result:
    figure = _sum([each.figure for each in results], measure, span)
    used = tuple(figure for each in results for figure in each.used)
    return Result(figure, shown_figure(figure, unit), used, 0)


def _sum(figures: Sequence[Figure], measure: Measure, period: Period) -> Figure:
    """Return the sum of figures; where in none anything arose, that."""
    arisen = [each for each in figures if not each.nothing_arose]
    if not arisen:
        return Figure(period, nothing_arose=True)
    if measure is Measure.RATIO:
        numerator = sum((each.numerator or Decimal(0) for each in arisen), Decimal(0))
        denominator = sum((each.denominator or Decimal(0) for each in arisen), Decimal(0))
        return Figure(period, numerator=numerator, denominator=denominator)
    return Figure(period, value=sum((each.value or Decimal(0) for each in arisen), Decimal(0)))


def _gaps(found: Sequence[PartResult]) -> list[Message]:
    notes = []
    for each in found:
        given = {"agency": each.part.name}
        if each.part.is_ambiguous:
            notes.append(
                Message(
                    gettext_noop("Several indicators of %(agency)s may be the same; none is chosen yet."),
                    given,
                )
            )
        elif each.result is None:
            notes.append(
                Message(
                    gettext_noop("%(agency)s has no figure of that period; nothing is added for it."), given
                )
            )
        elif each.result.missing_days:
            notes.append(
                Message(
                    gettext_noop("The figure of %(agency)s leaves out %(days)s days of that period."),
                    {**given, "days": str(each.result.missing_days)},
                )
            )
    return notes


def _splits(found: Sequence[PartResult]) -> list[Message]:
    return [
        Message(
            gettext_noop(
                "%(agency)s was split: its figure is shown whole, not the part that fell to this agency."
            ),
            {"agency": each.part.name},
        )
        for each in found
        if each.part.kind is Kind.SPLIT and each.result is not None
    ]


def _difference(now: Figure, then: Figure, measure: Measure, unit: str) -> Message | None:
    """Return in words by how much the figure rose or fell; None where there is nothing to subtract."""
    before, after = _level(then, unit), _level(now, unit)
    if before is None or after is None:
        return None
    if measure is Measure.RANK:
        return _said(
            before - after,
            "",
            gettext_noop("%(amount)s places up"),
            gettext_noop("%(amount)s places down"),
            gettext_noop("the same place"),
        )
    if unit in _SHARE_UNITS:
        return _said(
            after - before,
            "",
            gettext_noop("%(amount)s percentage points up")
            if unit == "%"
            else gettext_noop("%(amount)s ‰ up"),
            gettext_noop("%(amount)s percentage points down")
            if unit == "%"
            else gettext_noop("%(amount)s ‰ down"),
            gettext_noop("unchanged"),
        )
    share = "" if not before else format_number(_rounded((after - before) * 100 / abs(before), 1).copy_abs())
    if share and after != before:
        return _said(
            after - before,
            share,
            gettext_noop("%(amount)s up (%(share)s %%)"),
            gettext_noop("%(amount)s down (%(share)s %%)"),
            gettext_noop("unchanged"),
        )
    return _said(
        after - before,
        "",
        gettext_noop("%(amount)s up"),
        gettext_noop("%(amount)s down"),
        gettext_noop("unchanged"),
    )


def _said(by: Fraction, share: str, up: str, down: str, same: str) -> Message:
    amount = _rounded(by, 2).copy_abs()
    if not amount:
        return Message(same)
    return Message(
        up if by > 0 else down, {"amount": format_number(amount), **({"share": share} if share else {})}
    )


def _level(figure: Figure, unit: str) -> Fraction | None:
    if figure.nothing_arose:
        return None
    if figure.rank is not None:
        return Fraction(figure.rank)
    if figure.value is not None:
        return Fraction(figure.value)
    if figure.numerator is None or not figure.denominator:
        return None
    return Fraction(figure.numerator) * _SHARE_UNITS.get(unit, 1) / Fraction(figure.denominator)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Return a value to some places, half away from zero, without trailing zeros."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    amount = Decimal(whole).scaleb(-places)
    amount = amount.to_integral_value() if amount == amount.to_integral_value() else amount.normalize()
    return amount if value >= 0 else -amount


def _days(period: Period) -> int:
    return (period.end - period.start + timedelta(days=1)).days
