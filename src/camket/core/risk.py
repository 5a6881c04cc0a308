"""A scale of likelihood and consequence, and what a rating by it means. Source: ISO 9001:2015, 6.1.

The scale is an agency's own and dated: a rating keeps the scale that it was given by. The proposed one is a plain five by
five; the standard asks for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line

FEWEST, MOST = 3, 7
"""So many grades a side of the scale may have."""


class ScaleNotPossible(Refusal):
    """A scale whose grades or levels do not make one."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of likelihood or consequence; values count from 1, the least first."""

    value: int
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """What a product of both means, from ``least`` on; ``needs_action``: a risk there is not left without a treatment."""

    least: int
    key: str
    name: str
    needs_action: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Likelihood × consequence → level."""

    likelihood: tuple[Grade, ...]
    consequence: tuple[Grade, ...]
    levels: tuple[Level, ...]

    def level(self, likelihood: int, consequence: int) -> Level:
        """Return the level of a rating.

        >>> PROPOSED.level(2, 3).key, PROPOSED.level(5, 5).key
        ('medium', 'extreme')
        """
        product = likelihood * consequence
        return [each for each in self.levels if each.least <= product][-1]

    def share(self, likelihood: int, consequence: int) -> Fraction:
        """Return how grave a rating is among those that the scale has: ratings by different scales are held so.

        >>> PROPOSED.share(2, 5), PROPOSED.share(5, 5)
        (Fraction(2, 5), Fraction(1, 1))
        """
        return Fraction(likelihood * consequence, len(self.likelihood) * len(self.consequence))

    def holds(self, likelihood: int, consequence: int) -> bool:
        """Return whether both are grades of the scale."""
        return 1 <= likelihood <= len(self.likelihood) and 1 <= consequence <= len(self.consequence)

    def cells(self) -> tuple[tuple[tuple[int, int, Level], ...], ...]:
        """Return the map, the most likely row first, the least consequence first in each: (likelihood, consequence, level)."""
        return tuple(
            tuple(
                (row.value, column.value, self.level(row.value, column.value)) for column in self.consequence
            )
            for row in reversed(self.likelihood)
        )


def _grades(*names: str) -> tuple[Grade, ...]:
    return tuple(Grade(value, name) for value, name in enumerate(names, 1))


LEVEL_KEYS = ("low", "medium", "high", "extreme")

PROPOSED = Scale(
    likelihood=_grades("Hiếm khi", "Ít khi", "Có thể", "Thường xuyên", "Hầu như chắc chắn"),
    consequence=_grades("Không đáng kể", "Nhỏ", "Vừa", "Lớn", "Nghiêm trọng"),
    levels=(
        Level(1, "low", "Thấp", needs_action=False),
        Level(5, "medium", "Trung bình", needs_action=False),
        Level(10, "high", "Cao", needs_action=True),
        Level(17, "extreme", "Rất cao", needs_action=True),
    ),
)
"""Proposed to an agency that has no scale of its own; the words are Vietnamese, as data that it changes."""


def checked(
    likelihood: Sequence[str], consequence: Sequence[str], levels: Sequence[tuple[int, str, bool]]
) -> Scale:
    """Return a scale of names, least first, and of levels (from which product, name, whether it needs action).

    Raises ScaleNotPossible.
    """
    sides = ([one_line(each) for each in likelihood], [one_line(each) for each in consequence])
    for names in sides:
        if not FEWEST <= len(names) <= MOST or not all(names) or len(set(names)) < len(names):
            raise ScaleNotPossible(
                Message(
                    gettext_noop(
                        "Each side of the scale has %(fewest)s to %(most)s grades with different names."
                    ),
                    {"fewest": str(FEWEST), "most": str(MOST)},
                )
            )
    starts = [start for start, _, _ in levels]
    top = len(sides[0]) * len(sides[1])
    if (
        not 2 <= len(levels) <= len(LEVEL_KEYS)
        or starts[0] != 1
        or any(one >= other for one, other in zip(starts, starts[1:], strict=False))
        or starts[-1] > top
        or not all(one_line(name) for _, name, _ in levels)
    ):
        raise ScaleNotPossible(
            Message(
                gettext_noop(
                    "There are two to four levels: the first begins at 1, each later one higher, the last at most at %(top)s."
                ),
                {"top": str(top)},
            )
        )
    keys = (LEVEL_KEYS[0], *LEVEL_KEYS[1 - len(levels) :]) if len(levels) > 1 else LEVEL_KEYS[:1]
    return Scale(
        _grades(*sides[0]),
        _grades(*sides[1]),
        tuple(
            Level(start, key, one_line(name), needs)
            for (start, name, needs), key in zip(levels, keys, strict=True)
        ),
    )


def from_json(
    likelihood: Iterable[Mapping[str, Any]],
    consequence: Iterable[Mapping[str, Any]],
    levels: Iterable[Mapping[str, Any]],
) -> Scale:
    """Return a scale as it is kept."""
    return Scale(
        tuple(Grade(each["value"], each["name"], each.get("text", "")) for each in likelihood),
        tuple(Grade(each["value"], each["name"], each.get("text", "")) for each in consequence),
        tuple(Level(each["from"], each["key"], each["name"], each["needs_action"]) for each in levels),
    )


def to_json(scale: Scale) -> dict[str, list[dict[str, Any]]]:
    """Return a scale's three lists as they are kept; :func:`from_json` reads them back."""

    def kept(grades: Iterable[Grade]) -> list[dict[str, Any]]:
        return [{"value": each.value, "name": each.name, "text": each.text} for each in grades]

    return {
        "likelihood": kept(scale.likelihood),
        "consequence": kept(scale.consequence),
        "levels": [
            {"from": each.least, "key": each.key, "name": each.name, "needs_action": each.needs_action}
            for each in scale.levels
        ],
    }
