"""Spreadsheets in and out: XLSX, XLS, ODS, CSV as rows of text; XLSX and CSV that hold no live formula.

What comes in is measured before a reader opens it, since a workbook of a few bytes may claim a cell in its
last row and last column and so fill any memory. What goes out never carries a formula, whatever was typed, except those
that are written here from places of cells (:class:`Quotient`, :class:`Sum`, :class:`CountOf`): no text of anybody enters one.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from camket.core.messages import Message, Refusal, gettext_noop
from camket.paper.containers import (
    OLE_MARK,
    OleFile,
    UnsafeContainer,
    is_zip_inside,
    ole_has_macros,
    open_zip,
    part_of,
    zip_has_macros,
)
from camket.paper.measuring import Limits, TooFar, measure_biff, measure_part
from camket.paper.reading.plaintext import decode

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS = 4_000_000
"""Cells of the rectangle that holds all values: what a reader keeps in memory, some 150 MB."""
LIMITS = Limits(MAX_ROWS, MAX_COLUMNS, MAX_CELLS)
MAX_CELL = 32_767
"""Characters of one cell; Excel's own limit."""
ACCEPTED = "XLSX, XLS, ODS, CSV"

_TEXT_ENDINGS = frozenset({"csv", "tsv", "txt", "tab"})
DELIMITERS = (";", ",", "\t", "|")
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}


class UnreadableSheet(Refusal):
    """A file that cannot be read as a spreadsheet; ``message`` says why and how to mend it.

    ``code`` is one of ``empty``, ``too_large``, ``too_long``, ``bomb``, ``encrypted``, ``damaged``, ``macros``,
    ``unknown_format``, ``web_page``, ``unmarked``, ``unreckoned``.
    """

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as people count it (the first is 1) and the text of its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that was read, its rows that hold anything, and the names of the workbook's other sheets."""

    title: str
    rows: tuple[SheetRow, ...]
    others: tuple[str, ...] = ()


def read_sheet(data: bytes, name: str) -> Sheet:
    """Return the rows of a spreadsheet: its first sheet that is shown and holds anything.

    XLSX, XLS and ODS by content; anything else that is text as CSV, whatever separates its cells (; , tab |)
    and whether it is in UTF-8, UTF-16, Windows-1258, TCVN3 or VNI. Blank rows are left out, and the others keep
    their numbers. Cells are text in NFC without outer space: 1.0 is ``1``, a date is ISO 8601
    (``2026-01-05``), a duration ``1:30:00``, a truth ``TRUE`` or ``FALSE``.

    Raises UnreadableSheet; its code says why.
    """
    if len(data) > MAX_BYTES:
        raise unreadable("too_large", name)
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise unreadable("empty", name)
    if data.startswith(b"PK"):
        sheet = _read_zip(data, name)
    elif data.startswith(OLE_MARK):
        sheet = _read_ole(data, name)
    else:
        sheet = _read_text(data, name)
    if not sheet.rows:
        raise unreadable("empty", name)
    return sheet


# Workbooks


def _read_zip(data: bytes, name: str) -> Sheet:
    try:
        with open_zip(data) as archive:
            names = set(archive.namelist())
            is_open = "content.xml" in names
            if not is_open and "xl/workbook.xml" not in names:
                raise unreadable("unknown_format", name)
            if is_open and b"opendocument.spreadsheet" not in part_of(archive, "mimetype", 200):
                raise unreadable("unknown_format", name)
            if is_open and b"encryption-data" in part_of(archive, "META-INF/manifest.xml", 1_000_000):
                raise unreadable("encrypted", name)
            if zip_has_macros(archive):
                raise unreadable("macros", name)
            # The reader is given what was measured and nothing else: another reading of the archive's
            # directory might find another archive.
            measured = io.BytesIO()
            with zipfile.ZipFile(measured, "w", zipfile.ZIP_STORED) as copy:
                for each in sorted(names):
                    if each.endswith((".xml", ".rels")) or each == "mimetype":
                        part = part_of(archive, each)
                        if cell := measure_part(part, LIMITS, is_open=is_open):
                            raise unreadable("unreckoned", name, cell=cell)
                        copy.writestr(each, part)
    except UnsafeContainer as error:
        raise unreadable(error.code, name) from None
    except TooFar:
        raise unreadable("too_long", name) from None
    measured.seek(0)
    return _read_workbook(measured, name)


def _read_ole(data: bytes, name: str) -> Sheet:
    try:
        ole = OleFile(data)
        if "EncryptedPackage" in ole.names():
            raise unreadable("encrypted", name)
        book = ole.stream("Workbook", "Book")
        if book is None:
            raise unreadable("unknown_format", name)
        if ole_has_macros(data):
            raise unreadable("macros", name)
        measure_biff(book, LIMITS)
    except TooFar:
        raise unreadable("too_long", name) from None
    except UnsafeContainer as error:
        raise unreadable("encrypted" if error.code == "encrypted" else "damaged", name) from None
    except struct.error:
        raise unreadable("damaged", name) from None
    return _read_workbook(io.BytesIO(data), name)


def _read_workbook(file: io.BytesIO, name: str) -> Sheet:
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            titles = [
                each.name
                for each in book.sheets_metadata
                if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
            ]
            for title in titles:
                rows = tuple(_rows(book.get_sheet_by_name(title), name))
                if rows:
                    others = tuple(other for other in titles if other != title)
                    return Sheet(title, rows, others)
    except UnreadableSheet:
        raise
    except (CalamineError, OSError, ValueError, IndexError, KeyError, OverflowError, TypeError):
        raise unreadable("damaged", name) from None
    except BaseException as error:
        # A fault inside the reader comes as PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable("damaged", name) from None
    raise unreadable("empty", name)


def _rows(sheet: CalamineSheet, name: str) -> Iterator[SheetRow]:
    if sheet.start is None:
        return
    top, left = sheet.start
    if top + sheet.height > MAX_ROWS or left + sheet.width > MAX_COLUMNS:
        raise unreadable("too_long", name)
    for number, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        cells = [""] * left + [_text(value) for value in values]
        if any(cells):
            yield SheetRow(number, tuple(cells))


def _text(value: object) -> str:
    if isinstance(value, str):
        return _tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return (value.date() if is_day else value.replace(microsecond=0)).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(timedelta(seconds=round(value.total_seconds())))
    return ""


def _number(value: float) -> str:
    """Return a number as Excel keeps it: 15 significant digits, no exponent.

    >>> _number(1.0), _number(0.1 + 0.2), _number(1234567890123.0)
    ('1', '0.3', '1234567890123')
    """
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if abs(value) >= 1e30:
        return repr(value)
    text = format(Decimal(format(value, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\xa0", " ").replace("\ufeff", "").strip()


# Text


def looks_foreign(start: bytes, name: str) -> str:
    """Return why the first bytes of a file are no table of text, as a code of :class:`UnreadableSheet`, else "".

    A text that begins with the mark of UTF-16 is believed.
    """
    ending = name.lower().rpartition(".")[2]
    head = start[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<"):
        return "web_page"
    if head.startswith((b"%pdf-", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"gif8")):
        return "unknown_format"
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    sample = start[:4096]
    if not is_wide and any(sample[parity::2].count(0) * 4 > len(sample) for parity in (0, 1)):
        return "unmarked"
    if not is_wide and sum(byte in _CONTROL for byte in sample) * 100 > len(sample):
        return "damaged" if ending in {"xlsx", "xls", "ods"} else "unknown_format"
    if ending in {"xlsx", "xls", "ods"}:
        return "damaged"
    return "unknown_format" if ending not in _TEXT_ENDINGS and "." in name else ""


def _read_text(data: bytes, name: str) -> Sheet:
    if reason := looks_foreign(data, name) or ("unknown_format" if is_zip_inside(data) else ""):
        raise unreadable(reason, name)
    text, _ = decode(data)
    if "\x00" in text:
        raise unreadable("damaged", name)
    rows = tuple(_text_rows(text, name))
    return Sheet(name.rpartition(".")[0] or name, rows)


def _text_rows(text: str, name: str) -> Iterator[SheetRow]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = 1
    delimiter = ""
    if match := re.match(r"sep=(.)\n", text):  # Excel's own note of what separates
        delimiter, text, first = match[1], text[match.end() :], 2
    if delimiter not in DELIMITERS:
        delimiter = delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number, cells_in_all = first, 0
    try:
        for values in reader:
            cells = tuple(_unguarded(_tidy(value)) for value in values)
            cells_in_all += len(cells)
            if any(cells):
                if number > MAX_ROWS or len(cells) > MAX_COLUMNS or cells_in_all > MAX_CELLS:
                    raise unreadable("too_long", name)
                if any(len(cell) > MAX_CELL for cell in cells):
                    raise unreadable("damaged", name)
                yield SheetRow(number, cells)
            number = first + reader.line_num
    except csv.Error:
        raise unreadable("damaged", name) from None


def delimiter_of(text: str) -> str:
    r"""Return the sign that separates cells: the one that most rows of the head have equally often.

    >>> delimiter_of("Họ tên;Chức vụ\nLê An;Chủ tịch, bí thư\n"), delimiter_of("một cột\n")
    (';', ',')
    """
    lines = re.sub(r'"[^"]*"', "", text[:20_000]).split("\n")[:30]
    lines = [line for line in lines if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        # Titles above the table hold none.
        counts = [count for line in lines if (count := line.count(sign))]
        usual = max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    best = max(DELIMITERS, key=score)
    return best if score(best)[1] else ","


# Writing

_GUARDED = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9.,\xa0 ]*%?\Z")

Value = str | int | Decimal | date | datetime | time | bool | None


@dataclass(frozen=True, slots=True)
class Quotient:
    """A cell that divides two cells of its row, columns from 0: ``value`` is shown until a spreadsheet reckons anew.

    ``whole`` is what the quotient is told in: 1, or 1000 for per mille. Nothing stands there where the denominator is nought.
    """

    numerator: int
    denominator: int
    value: Decimal
    whole: int = 1


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that adds up: the rows of its column above, or, from ``first`` to ``last``, columns of its row."""

    value: int | Decimal
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class CountOf:
    """A cell that counts how often the text in the cell to its left stands in a column of the workbook's sheet ``sheet``."""

    sheet: str
    column: int
    value: int


Cell = Value | Quotient | Sum | CountOf


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet of a workbook: its name, the bold first row, the rows; ``formats`` as for :func:`write_sheet`.

    ``widths`` are those of columns in characters. ``shares`` gives a number's format in single cells, by row (from 0,
    below the head) and column.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    formats: Mapping[int, str] = field(default_factory=dict)
    widths: Mapping[int, int] = field(default_factory=dict)
    shares: Mapping[tuple[int, int], str] = field(default_factory=dict)


def write_book(title: str, tables: Sequence[SheetTable]) -> bytes:
    """Return tables as XLSX, a sheet each, whose quotients, sums and counts a spreadsheet reckons anew when a cell changes.

    The same values give the same bytes. Raises ValueError above Excel's limits.
    """
    out = io.BytesIO()
    book = _book(out, title)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    made: dict[str, Any] = {}

    def style(number_format: str | None) -> Any:
        if number_format is None:
            return wrapped
        if number_format not in made:
            made[number_format] = book.add_format({"num_format": number_format, "valign": "top"})
        return made[number_format]

    for table in tables:
        sheet = book.add_worksheet(_sheet_name(table.title))
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, text in enumerate(table.header):
            width = table.widths.get(column, min(60, max(12, len(text) + 2)))
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, bold)
        for number, row in enumerate(table.rows, 1):
            for column, value in enumerate(row):
                given = table.shares.get((number - 1, column)) or table.formats.get(column)
                if value is not None and _put(
                    sheet, number, column, value, style, given, len(table.rows), tables
                ):
                    raise ValueError(f"row {number}, column {column} is beyond the limits of a sheet")
    book.close()
    return out.getvalue()


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Cell,
    style: Callable[[str | None], Any],
    given: str | None,
    rows: int,
    tables: Sequence[SheetTable],
) -> int:
    """Write one cell; anything but 0 where it is beyond the limits of a sheet."""
    match value:
        case Quotient():
            parts = [xl_rowcol_to_cell(row, each) for each in (value.numerator, value.denominator)]
            times = "" if value.whole == 1 else f"*{value.whole}"
            formula = f'=IF(N({parts[1]})=0,"",{parts[0]}/{parts[1]}{times})'
            return int(sheet.write_formula(row, column, formula, style(given), format(value.value, "f")) or 0)
        case Sum():
            if value.first is None or value.last is None:
                area = f"{xl_rowcol_to_cell(1, column)}:{xl_rowcol_to_cell(row - 1, column)}"
            else:
                area = f"{xl_rowcol_to_cell(row, value.first)}:{xl_rowcol_to_cell(row, value.last)}"
            return int(
                sheet.write_formula(row, column, f"=SUM({area})", style(given), format(value.value, "f")) or 0
            )
        case CountOf():
            counted = next(each for each in tables if each.title == value.sheet)
            area = xl_range_abs(1, value.column, max(len(counted.rows), 1), value.column)
            left = xl_rowcol_to_cell(row, column - 1)
            formula = f"=COUNTIF({quote_sheetname(_sheet_name(value.sheet))}!{area},{left})"
            return int(sheet.write_formula(row, column, formula, style(given), value.value) or 0)
        case bool():
            return int(sheet.write_boolean(row, column, value, style(given)) or 0)
        case int() | Decimal():
            return int(sheet.write_number(row, column, value, style(given)) or 0)
        case datetime():
            shown = style(given or "dd/mm/yyyy hh:mm")
            return int(sheet.write_datetime(row, column, value.replace(tzinfo=None), shown) or 0)
        case date():
            return int(sheet.write_datetime(row, column, value, style(given or "dd/mm/yyyy")) or 0)
        case _:
            return int(sheet.write_string(row, column, _written(value), style(given)) or 0)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a table as CSV in UTF-8 with its mark, lines ended as Windows does, no cell a formula.

    A cell that a spreadsheet would compute (it begins with = + - @ or a control sign) gets an apostrophe
    before it, unless it is a plain number; :func:`read_sheet` takes it off again.
    Source: OWASP, CSV Injection.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_guarded(each) for each in header])
    for row in rows:
        writer.writerow([_guarded(each) for each in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _guarded(value: Value) -> str:
    text = _written(value)
    if _GUARDED.match(text.lstrip(" ")) and not _PLAIN_NUMBER.match(text):
        return f"'{text}"
    return text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _GUARDED.match(text[1:].lstrip(" ")) else text


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    return str(value)


def write_sheet(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    formats: Mapping[int, str] | None = None,
    choices: Mapping[int, Sequence[str]] | None = None,
) -> bytes:
    """Return a table as XLSX with one sheet: a bold first row that stays in sight, text that is never a formula.

    ``choices`` are offered in the cells of a column, the first being 0: they stand in a second sheet, and another text
    may be written all the same. ``formats`` gives Excel's number format by column (``{2: "0.0%", 3: "dd/mm/yyyy"}``);
    dates have ``dd/mm/yyyy`` without one. The same values give the same bytes. Raises ValueError above Excel's limits
    (1,048,575 rows, 32,767 characters in a cell).
    """
    out = io.BytesIO()
    book = _book(out, title)
    sheet = book.add_worksheet(_sheet_name(title))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    styles = {
        column: book.add_format({"num_format": each, "valign": "top"})
        for column, each in (formats or {}).items()
    }
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(header):
        sheet.set_column(column, column, min(60, max(12, len(text) + 2)))
        sheet.write_string(0, column, text, bold)
    number = 0
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            style = styles.get(column)
            if value is None:
                continue
            if isinstance(value, bool):
                done = sheet.write_boolean(number, column, value, style)
            elif isinstance(value, (int, Decimal)):
                done = sheet.write_number(number, column, value, style)
            elif isinstance(value, datetime):
                done = sheet.write_datetime(number, column, value.replace(tzinfo=None), style or moment)
            elif isinstance(value, date):
                done = sheet.write_datetime(number, column, value, style or day)
            else:
                done = sheet.write_string(number, column, _written(value), style or wrapped)
            if done:
                raise ValueError(f"row {number}, column {column} is beyond the limits of a sheet")
    if header and number:
        sheet.autofilter(0, 0, number, len(header) - 1)
    _offer(book, sheet, choices or {})
    book.close()
    return out.getvalue()


def _book(out: io.BytesIO, title: str) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # Without a date of its own a workbook says when it was written, and no two files are the same.
    book.set_properties({"title": title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed mark, no time
    return book


_OFFERED_ROWS = 5_000
"""Rows below the headings in which choices are offered."""


def _offer(book: xlsxwriter.Workbook, sheet: Worksheet, choices: Mapping[int, Sequence[str]]) -> None:
    """Offer choices in columns: from a sheet of their own, since a list within a cell ends at 255 characters."""
    if not choices:
        return
    lists = book.add_worksheet("Danh mục")
    columns = sorted(choices)
    for row in range(max(len(choices[column]) for column in columns)):
        for place, column in enumerate(columns):
            if row < len(choices[column]):
                lists.write_string(row, place, choices[column][row])
    for place, column in enumerate(columns):
        source = "='Danh mục'!" + xl_range_abs(0, place, len(choices[column]) - 1, place)
        sheet.data_validation(
            1,
            column,
            _OFFERED_ROWS,
            column,
            {"validate": "list", "source": source, "ignore_blank": True, "error_type": "information"},
        )


def _sheet_name(title: str) -> str:
    name = re.sub(r"[\[\]:*?/\\]", " ", title).strip().strip("'")
    return " ".join(name.split())[:31].strip() or "Sheet1"


# Refusals

_REASONS = {
    "unreckoned": gettext_noop(
        "Cell %(cell)s of “%(name)s” has a formula, and the file does not hold what it gives: the software that wrote it "
        "never reckoned. Open the file in Excel or LibreOffice, save it, and bring that in."
    ),
    "too_large": gettext_noop(
        "The file %(name)s is larger than %(megabytes)s MB. Please split it into several files."
    ),
    "empty": gettext_noop("The file %(name)s holds no rows. Please check what is in it and choose it again."),
    "too_long": gettext_noop(
        "The file %(name)s holds more than %(rows)s rows or %(columns)s columns. "
        "Please delete what is beyond the table, or split the file."
    ),
    "bomb": gettext_noop(
        "The file %(name)s unpacks to far more than an honest spreadsheet does, so it is not opened. "
        "Please save it once more with your spreadsheet program."
    ),
    "encrypted": gettext_noop(
        "The file %(name)s is locked by a password. Please remove the password and choose it again."
    ),
    "macros": gettext_noop(
        "The file %(name)s holds macros, so it is not opened. "
        "Please save it as an Excel workbook without macros (.xlsx) and choose the new file."
    ),
    "foreign": gettext_noop(
        "The file %(name)s hides another file in itself, so it is not opened. "
        "Please save it once more with your spreadsheet program."
    ),
    "damaged": gettext_noop(
        "The file %(name)s is damaged and cannot be read. "
        "Please open it with your spreadsheet program, save it once more and choose it again."
    ),
    "web_page": gettext_noop(
        "The file %(name)s is a web page or XML that is only named like a spreadsheet, as some one-stop systems give it. "
        "Please open it with Excel, choose Save As, Excel Workbook (.xlsx), and choose the new file."
    ),
    "unmarked": gettext_noop(
        "The file %(name)s is text in UTF-16 without the mark that says so. "
        "Please save it as CSV UTF-8 or as XLSX and choose the new file."
    ),
    "unknown_format": gettext_noop(
        "The file %(name)s is no spreadsheet that is read. These are: %(accepted)s. "
        "Please save it as one of them."
    ),
}


def unreadable(
    code: str, name: str, limits: Limits | None = None, megabytes: int = 0, cell: str = ""
) -> UnreadableSheet:
    """Return the refusal of a file for one of the reasons of :class:`UnreadableSheet`."""
    limits = limits or LIMITS
    values = {
        "name": name,
        "megabytes": str(megabytes or MAX_BYTES // 1048576),
        "rows": f"{limits.rows:,}".replace(",", "."),
        "columns": str(limits.columns),
        "accepted": ACCEPTED,
        "cell": cell,
    }
    return UnreadableSheet(code, Message(_REASONS[code], values))
