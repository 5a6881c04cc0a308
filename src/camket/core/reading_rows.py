"""Figures entered by hand as a spreadsheet holds them: rows understood, or refused cell by cell.

The headings are those of the template that pages hand out; titles above them and columns in another order do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from camket.core.cells import (
    DoubtfulNumber,
    Problem,
    SheetUnreadable,
    day_in,
    number_in,
    places_of,
    truth_in,
)
from camket.core.headings import HEADINGS_WITHIN
from camket.core.messages import Message, gettext_noop
from camket.core.plan import Grade
from camket.core.targets import GRADE_NAMES
from camket.core.wording.numbers import NumberNotUnderstood
from camket.core.wording.text import fold, search_key

__all__ = ["COLUMNS", "ReadingRow", "ReadingRows", "read_rows"]


COLUMNS: Mapping[str, str] = {
    "indicator": "Mã chỉ số",
    "name": "Chỉ số",
    "unit": "Đơn vị tính",
    "start": "Từ ngày",
    "end": "Đến ngày",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "value": "Giá trị",
    "grade": "Xếp loại",
    "rank": "Thứ hạng",
    "rank_of": "Trong tổng số",
    "is_reached": "Đã đạt",
    "nothing_arose": "Không phát sinh",
    "source": "Nguồn số liệu",
    "note": "Ghi chú",
}
"""Columns of the template by what they hold. Spreadsheets of offices are Vietnamese, whatever the reader's language."""

FIGURES = ("numerator", "denominator", "value", "grade", "rank", "rank_of", "is_reached", "nothing_arose")
_NEEDED = ("indicator", "start", "end")
_NUMBERS = ("numerator", "denominator", "value")
_COUNTS = ("rank", "rank_of")
_GRADES = {search_key(name): grade for grade, name in GRADE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A row that holds a figure: ``cells`` as they stand by column, what was understood, and the problems."""

    number: int
    cells: Mapping[str, str]
    indicator_id: int | None = None
    start: date | None = None
    end: date | None = None
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    grade: Grade | None = None
    is_reached: bool | None = None
    nothing_arose: bool = False
    problems: tuple[Problem, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    def whole(self, name: str) -> int | None:
        """Return a count that the row holds."""
        number = self.numbers.get(name)
        return None if number is None else int(number)


@dataclass(frozen=True, slots=True)
class ReadingRows:
    """The rows of a sheet that hold a figure, and how many were left blank."""

    rows: tuple[ReadingRow, ...]
    blank: int


def read_rows(rows: Sequence[tuple[int, Sequence[str]]]) -> ReadingRows:
    """Return the figures that a sheet holds, each with what is to be mended; rows without a figure are left blank.

    Raises SheetUnreadable where the headings are not found.
    """
    at, columns = _headings(rows)
    found: list[ReadingRow] = []
    blank = 0
    for number, cells in rows[at + 1 :]:
        said = {name: fold(cells[column]) if column < len(cells) else "" for name, column in columns.items()}
        if not any(said.get(name) for name in FIGURES):
            blank += bool(said.get("indicator"))
            continue
        found.append(_row(number, said, places_of(columns, number)))
    return ReadingRows(tuple(found), blank)


def _headings(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    keys = {search_key(heading): name for name, heading in COLUMNS.items()}
    for at, (_number, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            name = keys.get(search_key(cell))
            if name is not None:
                columns.setdefault(name, column)
        if all(name in columns for name in _NEEDED):
            return at, columns
    raise SheetUnreadable(
        Message(
            gettext_noop(
                "The sheet lacks the headings “%(needed)s”. Download the template, fill it in and choose that file."
            ),
            {"needed": "”, “".join(COLUMNS[name] for name in _NEEDED)},
        )
    )


def _row(number: int, said: Mapping[str, str], places: Mapping[str, str]) -> ReadingRow:
    problems: list[Problem] = []

    def refuse(name: str, template: str) -> None:
        heading, text = COLUMNS[name], said.get(name, "")
        problems.append(Problem(places.get(name, ""), Message(template, {"heading": heading, "text": text})))

    indicator = said.get("indicator", "")
    indicator_id = int(indicator) if re.fullmatch(r"[0-9]{1,15}", indicator) else None
    if indicator_id is None:
        refuse(
            "indicator", gettext_noop("“%(text)s” is no number of an indicator; take it from the template.")
        )
    days: dict[str, date] = {}
    for name in ("start", "end"):
        day = day_in(said.get(name, ""))
        if day is None:
            refuse(name, gettext_noop("“%(text)s” is no date; write %(heading)s as 31/03/2026."))
        else:
            days[name] = day
    numbers: dict[str, Decimal] = {}
    for name in (*_NUMBERS, *_COUNTS):
        text = said.get(name, "")
        if not text:
            continue
        try:
            numbers[name] = number_in(text)
        except DoubtfulNumber:
            refuse(
                name, gettext_noop("“%(text)s” may be a thousand or a decimal; write it as 1234 or as 1,234.")
            )
        except NumberNotUnderstood:
            refuse(name, gettext_noop("“%(text)s” is no number; write %(heading)s as 1234,5."))
        else:
            if name in _COUNTS and numbers[name] != int(numbers[name]):
                refuse(name, gettext_noop("“%(text)s” is no whole number; write %(heading)s as 3."))
                del numbers[name]
    grade = _GRADES.get(search_key(said.get("grade", "")))
    if said.get("grade") and grade is None:
        refuse("grade", gettext_noop("“%(text)s” is no grade; write xuất sắc, tốt, khá, trung bình or yếu."))
    reached: dict[str, bool | None] = {}
    for name in ("is_reached", "nothing_arose"):
        text = said.get(name, "")
        reached[name] = truth_in(text)
        if text and reached[name] is None:
            refuse(name, gettext_noop("“%(text)s” is neither có nor không; write one of them."))
    return ReadingRow(
        number=number,
        cells=said,
        indicator_id=indicator_id,
        start=days.get("start"),
        end=days.get("end"),
        numbers=numbers,
        grade=grade,
        is_reached=reached["is_reached"],
        nothing_arose=bool(reached["nothing_arose"]),
        problems=tuple(problems),
        places=places,
    )


def headings() -> Iterable[str]:
    """Return the headings of the template, in order."""
    return COLUMNS.values()
