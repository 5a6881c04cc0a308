"""What people and software write into the cells of a table: days, numbers, truths; and where a cell stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from camket.core.messages import Message, Refusal
from camket.core.wording.dates import format_date, parse_date
from camket.core.wording.moments import parse_moment
from camket.core.wording.numbers import parse_number
from camket.core.wording.text import search_key

__all__ = [
    "DoubtfulNumber",
    "Problem",
    "SheetUnreadable",
    "column_letter",
    "day_in",
    "is_column_numbers",
    "number_in",
    "places_of",
    "said_in",
    "seen_cell",
    "short",
    "truth_in",
]

_YES, _NO = (
    frozenset({"co", "x", "dat", "roi", "yes", "true", "1"}),
    frozenset({"khong", "chua", "no", "false", "0"}),
)


class SheetUnreadable(Refusal):
    """The sheet lacks the headings that are needed, or holds no row below them."""


class DoubtfulNumber(ValueError):
    """A point that may group thousands or mark decimals."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a row cannot be taken: the cell as spreadsheets call it ("" for the whole row), and why.

    ``field`` is what the cell holds, where whoever asks puts the reason beside a field of a form.
    """

    cell: str
    message: Message
    field: str = ""


def day_in(text: str) -> date | None:
    """Return a day as people write it, or as a cell pasted without its format holds it: counted by Excel.

    >>> day_in("2026-07-01"), day_in("1/7/2026"), day_in("46204"), day_in("31/6/2026")
    (datetime.date(2026, 7, 1), datetime.date(2026, 7, 1), datetime.date(2026, 7, 1), None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        moment = parse_moment(text)
        return moment.date() if moment else parse_date(text)


def seen_cell(text: str) -> str:
    """Return what a cell holds as people see it in the spreadsheet: a cell of the format of days was read as 2026-06-01.

    >>> seen_cell("2026-06-01"), seen_cell("2026-06-01T08:30:00"), seen_cell("05/QĐ-UBND")
    ('01/06/2026', '01/06/2026 08:30', '05/QĐ-UBND')
    """
    match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(?::[0-9]{2})?)?", text)
    if match is None:
        return text
    try:
        day = format_date(date.fromisoformat(match[1]))
    except ValueError:
        return text
    return f"{day} {match[2]}" if match[2] else day


def number_in(text: str) -> Decimal:
    """Return a number typed in Vietnamese form, or as a spreadsheet keeps it.

    A point before just three digits is a thousand in the one and a decimal in the other: nothing is guessed, and
    DoubtfulNumber raised. Raises NumberNotUnderstood.

    >>> number_in("1.234,5"), number_in("98.5"), number_in("12 %")
    (Decimal('1234.5'), Decimal('98.5'), Decimal('12'))
    """
    text = text.removesuffix("%").strip()
    if re.fullmatch(r"-?[0-9]+\.[0-9]{3}", text):
        raise DoubtfulNumber(text)
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return Decimal(text)
    return parse_number(text)


def truth_in(text: str) -> bool | None:
    """Return what a cell says that is answered by yes or no; None where it says neither."""
    key = search_key(text)
    return True if key in _YES else False if key in _NO else None


def column_letter(column: int) -> str:
    """Return what spreadsheets call a column; the first is 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def places_of(columns: Mapping[str, int], row: int) -> dict[str, str]:
    """Return the address of each named column's cell in a row.

    >>> places_of({"day": 1, "name": 27}, 14)
    {'day': 'B14', 'name': 'AB14'}
    """
    return {name: f"{column_letter(column)}{row}" for name, column in columns.items()}


def said_in(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Return what a row says, by the names of its columns; "" where it ends before one."""
    return {name: cells[column].strip() if column < len(cells) else "" for name, column in columns.items()}


def is_column_numbers(cells: Sequence[str]) -> bool:
    """Return whether a row only numbers the columns: (1) (2) (3)."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and all(re.fullmatch(r"\(?\d{1,2}\)?", cell) for cell in filled)


def short(text: str) -> str:
    """Return a text as a sentence about it quotes it."""
    return text if len(text) <= 40 else f"{text[:39]}…"
