"""How far the cells of a spreadsheet reach, known before a reader makes them.

A workbook of a few bytes may claim a cell in its last row and last column and so fill any memory: the rectangle that
holds all values is what a reader keeps.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

import polars as pl

from camket.paper.containers import UnsafeContainer, biff_records

__all__ = [
    "Limits",
    "OfficeMeter",
    "OpenMeter",
    "QuickOfficeMeter",
    "TooFar",
    "column_letters",
    "column_number",
    "measure_biff",
    "measure_part",
]


class TooFar(Exception):
    """Cells reach beyond the limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows, columns and cells of the rectangle that holds all values."""

    rows: int
    columns: int
    cells: int


def column_number(letters: str) -> int:
    """Return the number of a column from its letters.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column from its number; the first is 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Extent:
    """The rectangle of cells that hold something, as it grows."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rows = self.columns = 0
        self.first_column = 0
        """Leftmost column that holds anything; 0 until there is one."""
        self.unreckoned = ""
        """First cell with a formula whose result the file does not hold; "" for none."""

    def leave_unreckoned(self, row: int, column: int) -> None:
        """Note a cell whose formula has no result."""
        self.unreckoned = self.unreckoned or f"{column_letters(column)}{row}"

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        self.first_column = min(self.first_column or column, column)
        limits = self.limits
        if (
            self.rows > limits.rows
            or self.columns > limits.columns
            or self.rows * self.columns > limits.cells
        ):
            raise TooFar


_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


class _OfficeSheet(_Extent):
    """Events of a sheet of XLSX: a cell counts where it has a value; one that is only styled does not."""

    row = column = 0
    has_formula = has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in {"row", "c"}:
            self.finish()
        if tag == "row":
            self.row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self.row + 1
            self.column = 0
        elif tag == "c":
            place = _PLACE.match(attributes.get("r", ""))
            if place:
                self.column = column_number(place[1])
                self.row = int(place[2])
            else:
                self.column += 1
        elif tag in {"v", "is", "f"}:
            self.reach(self.row, self.column)
            self.has_formula |= tag == "f"
            self.has_value |= tag != "f"

    def finish(self) -> None:
        """Look back at the cell that is over."""
        if self.has_formula and not self.has_value and self.row:
            self.leave_unreckoned(self.row, self.column)
        self.has_formula = self.has_value = False

    def end(self, tag: str) -> None:
        """Nothing ends that matters."""


class _OpenSheet(_Extent):
    """Events of the content of ODS: repeated rows and cells count as often as they are repeated."""

    row = column = 0
    repeated = 1
    reached = first = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "table":
            self.row = 0
        elif tag == "table-row":
            self.repeated = _times(attributes, "number-rows-repeated")
            self.column = self.reached = self.first = 0
        elif tag in {"table-cell", "covered-table-cell"}:
            before = self.column
            self.column += _times(attributes, "number-columns-repeated")
            said = {each.rpartition(":")[2] for each in attributes}
            if said & {"value-type", "formula"}:
                self.reached = self.column
                self.first = self.first or before + 1
                if "value-type" not in said:
                    self.leave_unreckoned(self.row + 1, before + 1)
        elif tag == "p":
            self.reached = max(self.reached, self.column)
            self.first = self.first or self.column

    def finish(self) -> None:
        """Every cell of ODS is over where it begins."""

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "table-row":
            self.row += self.repeated
            if self.reached:
                self.reach(self.row, self.first or self.reached)
                self.reach(self.row, self.reached)


def _times(attributes: Mapping[str, str], name: str) -> int:
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name:
            return max(1, int(value)) if value.isdecimal() and len(value) < 10 else 10**9
    return 1


class _Meter:
    """Every cell by a reader of XML events; raises TooFar, or UnsafeContainer where it is no honest XML."""

    def __init__(self, extent: _OfficeSheet | _OpenSheet, end: Callable[[str], None] | None) -> None:
        self._extent = extent
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = extent.start
        self._parser.EndElementHandler = end

    @property
    def first_column(self) -> int:
        return self._extent.first_column

    @property
    def unreckoned(self) -> str:
        """The first cell with a formula whose result the file does not hold; "" for none."""
        self._extent.finish()
        return self._extent.unreckoned

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(piece, is_last)
        except (expat.ExpatError, LookupError, ValueError):  # not XML, or in an encoding that nobody knows
            raise UnsafeContainer("damaged") from None


class OfficeMeter(_Meter):
    """Measures a sheet of XLSX."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(_OfficeSheet(limits), None)


class OpenMeter(_Meter):
    """Measures the content of ODS."""

    def __init__(self, limits: Limits) -> None:
        extent = _OpenSheet(limits)
        super().__init__(extent, extent.end)


_UNUSUAL_CELL = (
    r'<c(?:[^A-Za-z ]| [^r]| r[^=]| r=[^"]| r="[^A-Z]| r="[A-Z]'
    r'(?:[^0-9]|[03-9][0-9]{5}|[0-9]{7}|[12]?[0-9]{1,5}[^0-9"]))'
)
"""A cell that does not begin with its place (``<c r="A1"``), or one beyond column Z or row 299,999.

Without looking ahead, which the patterns of polars cannot: they are twice as fast, and let others work meanwhile.
"""
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_QUICK = Limits(rows=299_999, columns=26, cells=299_999 * 26)


class QuickOfficeMeter:
    """Measures a sheet of XLSX as all known programs write it, ten times as fast; not sure of any other.

    Sure only where every cell begins with its place (``<c r="A1"``), so that none is missed, and where none lies beyond
    column Z or row 299,999.
    """

    def __init__(self, limits: Limits) -> None:
        self.is_sure = limits.rows >= _QUICK.rows and limits.columns >= 26 and limits.cells >= _QUICK.cells
        self.first_column = 0
        """Leftmost column with a value, from 1; 0 where there is none."""
        self._rest = b""

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """Take a piece of the part. Raises nothing: ``is_sure`` says whether the cells stay within the limits."""
        if not self.is_sure:
            return
        piece = self._rest + piece
        cut = len(piece) if is_last else piece.rfind(b"<")
        self._rest, piece = piece[cut:], piece[:cut]
        if (
            len(self._rest) > 1_000_000
            or (b"&" in piece and b"&#" in piece)
            or (b":" in piece and _PREFIXED.search(piece))
            or _has_unusual_cell(piece)
        ):
            self.is_sure = False
            return
        last = self.first_column - 1 if self.first_column else 26
        for column in range(1, last + 1):
            if re.search(rb'<c r="%b[0-9]+"(?:[^>]*[^>/])?>\s*<' % column_letters(column).encode(), piece):
                self.first_column = column
                break


def _has_unusual_cell(piece: bytes) -> bool:
    """Tell whether a piece, cut before a mark, has a cell that may lie anywhere; so has what is not UTF-8."""
    # What ends within a mark has no end of a place.
    try:
        text = pl.Series([piece + b"\n"], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return True
    return bool(text.str.contains(_UNUSUAL_CELL).item())


def refuse_foreign_xml(part: bytes) -> None:
    """Refuse XML with a document type (entities) or in UTF-16. Raises UnsafeContainer ``damaged``."""
    if b"\x00" in part[:4] or part.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnsafeContainer("damaged")  # no office program writes its parts in UTF-16
    if b"!" in part and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
        raise UnsafeContainer("damaged")


def measure_part(part: bytes, limits: Limits, *, is_open: bool) -> str:
    """Refuse XML with a document type, and a sheet whose cells reach too far.

    Returns the first cell with a formula whose result the file does not hold, "" for none: who wrote it never reckoned.
    Raises TooFar, or UnsafeContainer ``damaged``.
    """
    refuse_foreign_xml(part)
    if (b"table-row" if is_open else b"sheetData") in part:
        meter = OpenMeter(limits) if is_open else OfficeMeter(limits)
        meter.feed(part, is_last=True)
        return meter.unreckoned
    return ""


_CELL_RECORDS = frozenset(
    {0x06, 0x206, 0x406, 0x02, 0x202, 0x03, 0x203, 0x04, 0x204, 0x05, 0x205, 0x27E, 0xFD, 0xD6}
)
_MANY_RECORDS = frozenset({0xBD, 0xBE})


def measure_biff(book: bytes, limits: Limits) -> int:
    """Return the leftmost column (from 1) that an old workbook uses, 0 where it uses none. Source: MS-XLS, 2.4.

    Raises TooFar where its cells reach too far, UnsafeContainer ``encrypted`` where it is locked.
    """
    extent = _Extent(limits)
    for kind, body in biff_records(book):
        if kind == 0x2F:
            raise UnsafeContainer("encrypted")
        if kind in _CELL_RECORDS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            extent.reach(row + 1, column + 1)
        elif kind in _MANY_RECORDS and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            extent.reach(row + 1, column + 1)
            extent.reach(row + 1, column + (len(body) - 6) // (6 if kind == 0xBD else 2) + 1)
    return extent.first_column
