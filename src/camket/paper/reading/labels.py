"""The numbers that word processors count: which label a reader sees before a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence

from camket.core.wording.numbers import int_to_roman


def counted(value: int, style: str) -> str:
    """Return a count in a numbering style of Word or OpenDocument.

    >>> counted(4, "upperRoman"), counted(5, "lowerLetter"), counted(7, "decimalZero"), counted(28, "A")
    ('IV', 'e', '07', 'BB')
    """
    if value < 1:
        return str(value)
    if style in ("upperRoman", "I"):
        return int_to_roman(value)
    if style in ("lowerRoman", "i"):
        return int_to_roman(value).lower()
    if style in ("lowerLetter", "a", "upperLetter", "A"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if style in ("upperLetter", "A") else letter
    if style == "decimalZero":
        return f"{value:02d}"
    return str(value)


def counted_label(style: str, template: str, numbers: Sequence[tuple[int, str]]) -> str:
    """Return the label of a counted paragraph: ``%1.%2.`` filled in, any bullet as it stands or as a dash.

    ``numbers`` are the counts of the levels down to this one with the style of each.

    >>> counted_label("decimal", "%1.%2)", [(2, "upperRoman"), (3, "decimal")])
    'II.3)'
    >>> counted_label("bullet", "\\uf0b7", [(1, "bullet")])
    '-'
    """
    if style == "none":
        return ""
    if style == "bullet":
        mark = template.strip()
        return mark if mark in ("-", "–", "—", "+", "*", "•") else "-"

    def fill(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        if depth >= len(numbers):
            return ""
        value, own_style = numbers[depth]
        return "" if own_style in ("bullet", "none") else counted(value, own_style)

    return re.sub(r"%(\d)", fill, template).strip()
