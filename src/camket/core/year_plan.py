"""A year of work on one sheet of paper: how large the letters are, and how much of each name fits.

Counts always stand; names as large and as whole as the sheet allows. A sheet that would be too full loses the ends of
long names first, then the last names of the fullest cells, and says how many there are more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = 12
NAME_LINES = 4
"""So many lines the name of a row takes at most."""
_POINT = 0.3528  # millimetres
_LETTER = 0.53  # mean width of a letter of the house's typeface, in its size
_LINE = 1.28  # height of a line, in the size
_WASTE = 0.86  # what breaking at spaces leaves of a line
_GAP = 0.2  # between two names, millimetres
_CELL = 1.2  # a cell's padding and rule, upright
_SIDE = 1.2  # the same, across


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet lying on its side, in millimetres: what lies within its margins.

    ``head`` is what the title, headings of months, sums and legend take of the height; ``first`` the width of the names
    of rows.
    """

    name: str
    width: float
    height: float
    head: float
    first: float

    @property
    def month(self) -> float:
        """Width of a month, for letters."""
        return (self.width - self.first) / MONTHS - _SIDE


A4 = Sheet("a4", 283.0, 196.0, 26.0, 25.0)
A3 = Sheet("a3", 404.0, 281.0, 31.0, 34.0)
SHEETS = {sheet.name: sheet for sheet in (A4, A3)}


@dataclass(frozen=True, slots=True)
class Fit:
    """How a year is set: letters of ``size`` tenths of a point, each name in at most ``lines``, ``most`` names a cell."""

    size: int
    lines: int
    most: int


_TRIED = tuple(
    (size, lines)
    for size, lines in (
        (85, 6), (85, 4), (85, 3), (80, 3), (80, 2), (75, 3), (75, 2), (70, 3), (70, 2), (65, 3), (65, 2), (60, 3),
        (60, 2), (55, 2), (50, 2), (50, 1),
    )
)  # fmt: skip
SIZES = tuple(sorted({size for size, _lines in _TRIED}))
LINES = tuple(sorted({lines for _size, lines in _TRIED}))


def fit(rows: Sequence[tuple[int, Sequence[Sequence[int]]]], sheet: Sheet) -> Fit:
    """Return how rows of a year are set on a sheet: of each row the length of its name, and of its names in each month.

    >>> fit([(20, [[40]] * 12)], A4)
    Fit(size=85, lines=6, most=1)
    """
    longest = max((len(cell) for _name, months in rows for cell in months), default=0)
    room = sheet.height - sheet.head
    for size, lines in _TRIED:
        if _height(rows, sheet, size, lines, longest) <= room:
            return Fit(size, lines, longest)
    size, lines = _TRIED[-1]
    for most in range(longest - 1, 0, -1):
        if _height(rows, sheet, size, lines, most) <= room:
            return Fit(size, lines, most)
    return Fit(size, lines, 0)


def _height(
    rows: Sequence[tuple[int, Sequence[Sequence[int]]]], sheet: Sheet, size: int, lines: int, most: int
) -> float:
    """Return how high rows come out, in millimetres."""
    letters = size / 10 * _POINT
    line = letters * _LINE
    on_line = max(int(sheet.month / (letters * _LETTER) * _WASTE), 4)
    on_first = max(int((sheet.first - _SIDE) / (letters * _LETTER) * _WASTE), 4)
    total = 0.0
    for name, months in rows:
        highest = (min(-(-name // on_first), NAME_LINES) + 1) * line
        for cell in months:
            if not cell:
                continue
            shown = sum(min(-(-length // on_line), lines) * line + _GAP for length in cell[:most])
            more = line if len(cell) > most else 0.0
            highest = max(highest, shown + more + line)
        total += highest + _CELL
    return total
