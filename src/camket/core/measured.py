"""Measures of a report: what was counted in a period, and how that stands to the period before and to the year before.

A measure has a name, and its figures stand in sentences by that name: ``{hồ sơ quá hạn}`` is the count,
``{tỷ lệ đúng hạn: số lượng}`` parts and whole of a share, ``{hồ sơ quá hạn: so với cùng kỳ}`` the change since the year
before. A share of nothing is unknown, neither 0 % nor 100 %. The words are Vietnamese: an official report is so by nature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from camket.core.exact import rounded, trimmed, with_unit
from camket.core.narrative import Earlier, compared
from camket.core.wording.numbers import format_number

COUNTS, BEFORE, YEAR_BEFORE = "số lượng", "so với kỳ trước", "so với cùng kỳ"
"""What stands behind a measure's name for its parts and whole and its two changes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: a count with its unit, or a share in per cent with parts and whole; ``value`` None where nothing arose."""

    name: str
    value: Decimal | None
    unit: str = ""
    numerator: int | None = None
    denominator: int | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a whole."""
        return self.denominator is not None

    @property
    def counts(self) -> str:
        """Parts over whole in Vietnamese form; "" for a count."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{format_number(self.numerator)}/{format_number(self.denominator)}"

    @property
    def bare(self) -> str:
        """The figure as it stands in a sentence: a count without its unit, a share with its sign; "" where nothing arose."""
        if self.value is None:
            return ""
        return with_unit(self.value, self.unit) if self.is_share else format_number(self.value)

    @property
    def shown(self) -> str:
        """The figure with its counts, as a table shows it."""
        return f"{self.bare} ({self.counts})" if self.bare and self.counts else self.bare


def count(name: str, number: int, unit: str = "") -> Measure:
    """Return a measure that is a count.

    >>> count("hồ sơ quá hạn", 1204).bare
    '1.204'
    """
    return Measure(name, Decimal(number), unit)


def share(name: str, parts: int, whole: int) -> Measure:
    """Return a measure that is a share in per cent, with two decimals at most.

    >>> share("tỷ lệ đúng hạn", 2, 3).shown.replace("\\xa0", " "), share("tỷ lệ đúng hạn", 0, 0).shown
    ('66,67 % (2/3)', '')
    """
    value = rounded(Fraction(parts * 100, whole), 2) if whole else None
    return Measure(name, value, "%", parts, whole)


def figures_of(
    now: Measure,
    before: Measure | None = None,
    before_name: str = "",
    year_before: Measure | None = None,
    year_name: str = "",
) -> dict[str, str]:
    """Return what stands for each name that a measure gives to sentences; what is not known is left out.

    >>> figures_of(count("hồ sơ quá hạn", 3), count("hồ sơ quá hạn", 5), "quý I năm 2026")
    {'hồ sơ quá hạn': '3', 'hồ sơ quá hạn: so với kỳ trước': 'giảm 2 so với quý I năm 2026 (5)'}
    """
    found = {
        now.name: now.bare,
        f"{now.name}: {COUNTS}": now.counts if now.value is not None else "",
        f"{now.name}: {BEFORE}": change(now, before, before_name),
        f"{now.name}: {YEAR_BEFORE}": change(now, year_before, year_name),
    }
    return {name: text for name, text in found.items() if text}


def change(now: Measure, then: Measure | None, name: str) -> str:
    """Return how a measure stands to that of an earlier period, both counts told; "" where one of them is not known."""
    if then is None or now.value is None or then.value is None:
        return ""
    shown = then.bare if then.is_share else with_unit(then.value, then.unit)
    return compared(now.bare, now.value, now.unit, Earlier(name, shown, then.value, then.counts))


def difference(now: Measure, then: Measure | None) -> str:
    """Return the change between two periods for a table: +3, -1,25 điểm %; "" where one of them is not known."""
    if then is None or now.value is None or then.value is None:
        return ""
    by = now.value - then.value
    sign = "+" if by > 0 else ""
    return f"{sign}{format_number(trimmed(by))}{' điểm %' if now.is_share else ''}"


def is_anything(measures: Iterable[Measure]) -> bool:
    """Return whether anything was counted at all: of a period without records nothing is compared."""
    return any(each.value for each in measures)


def by_name(measures: Iterable[Measure]) -> Mapping[str, Measure]:
    """Return measures by their names."""
    return {each.name: each for each in measures}
