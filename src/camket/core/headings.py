"""Which row of a list holds its headings: lists of offices have titles above them, and words of their own in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from camket.core.wording.text import search_key

HEADINGS_WITHIN = 40
"""In so many rows from the top headings are looked for."""


def fullest_row(
    rows: Sequence[tuple[int, Sequence[str]]],
    words: Sequence[tuple[str, re.Pattern[str]]],
    is_enough: Callable[[set[str]], bool],
    *,
    longest: int,
) -> tuple[int, dict[str, int]] | None:
    """Return the place of the row that names the most columns, with the column of each; None where no row is enough.

    ``words`` are the columns in the order in which a heading is tried, each with what its heading says, folded.
    A cell of more than ``longest`` characters is a sentence and no heading.
    """
    best: tuple[int, int, dict[str, int]] | None = None
    for at, (_, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            key = search_key(cell).strip(" .:*()")
            if not key or len(key) > longest:
                continue
            for name, pattern in words:
                if name not in columns and pattern.search(key):
                    columns[name] = column
                    break
        if is_enough(set(columns)) and (best is None or len(columns) > best[0]):
            best = (len(columns), at, columns)
    return None if best is None else best[1:]


def spanned(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, str]] | None:
    """Return two rows of headings as pairs, an upper one repeated over those it spans; None where it spans not two.

    >>> spanned(["TT", "Thời hạn", ""], ["", "Theo luật", "Sau cắt giảm"])
    [('TT', ''), ('Thời hạn', 'Theo luật'), ('Thời hạn', 'Sau cắt giảm')]
    >>> spanned(["TT", "Tên", "Thời hạn"], ["1", "Khai sinh", "Trong ngày"]) is None
    True
    """
    width = max(len(upper), len(lower))
    above, below = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    pairs: list[tuple[str, str]] = []
    spanning, is_spanned = "", False
    for at in range(width):
        if above[at]:
            spanning = above[at]
        elif not below[at]:
            spanning = ""
        is_spanned = is_spanned or bool(spanning and not above[at] and at and below[at - 1])
        pairs.append((spanning, below[at] if search_key(below[at]) != search_key(above[at]) else ""))
    return pairs if is_spanned else None
