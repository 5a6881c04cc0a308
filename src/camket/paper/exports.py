"""Large tables that other software exports, in columns: XLSX, XLS, ODS, and text of any size a piece at a time.

:mod:`camket.paper.sheets` is the door for what people fill in; this one is for what software writes: a hundred thousand
rows of a workbook, a million rows of text. What comes in is measured before a reader opens it, as there, and every
cell is text; nothing is ever computed.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import struct
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from camket.core.wording.text import decode_legacy, legacy_encoding
from camket.paper.containers import (
    OLE_MARK,
    OleFile,
    UnsafeContainer,
    ole_has_macros,
    open_zip,
    part_of,
    zip_has_macros,
)
from camket.paper.copying import copied
from camket.paper.measuring import Limits, TooFar, measure_biff
from camket.paper.sheets import DELIMITERS, MAX_CELL, UnreadableSheet, delimiter_of, looks_foreign, unreadable

MAX_WORKBOOK = 100 * 1024 * 1024
MAX_TEXT = 2 * 1024 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
LIMITS = Limits(rows=500_000, columns=200, cells=8_000_000)
"""What is read of a workbook, which a reader keeps in memory whole: some 600 MB. Of text only the columns are so few."""
HEAD_ROWS = 120
_HELD_ROWS = 100_000
"""Rows of a workbook, which is in memory whole, that are given at once, by half as many more: no few are left over."""
HEAD_BYTES = 1024 * 1024
_PIECE = 4 * 1024 * 1024
SMALLEST_BLOCK = 64 * 1024
_LONGEST_BLOCK = 64 * 1024 * 1024

MORE = "more"
"""Column of a frame with what stands right of its columns; null where nothing does.

Always null in a workbook: there a cell right of the table has moved no other.
"""
ROW = "row"


def column_name(index: int) -> str:
    """Return the name that the column of this index, from 0, has in frames."""
    return f"c{index}"


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A row as people count it (the first is 1) and its cells as they stand."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of an export: where it stands, its first rows, and all of them in columns."""

    kind: str
    """``xlsx``, ``xls``, ``ods`` or ``text``."""
    title: str
    head: tuple[HeadRow, ...]
    encoding: str = ""
    separator: str = ""
    path: Path | None = None
    frame: pl.DataFrame | None = None
    first_row: int = 1

    @property
    def is_workbook(self) -> bool:
        """Whether cells have values, dates among them, and not only a wording."""
        return self.kind != "text"

    @property
    def row_count(self) -> int:
        """Rows of the sheet, blank ones too; of text its lines, which are more where cells hold line ends.

        They are counted each time that they are asked for: of a large text that takes a look at all of it.
        """
        if self.frame is not None:
            return int(self.frame[ROW][-1])
        return _lines(self.path, self.encoding) if self.path is not None else 0

    def frames(self, width: int, size: int) -> Iterator[pl.DataFrame]:
        """Yield the rows in order, of text at most ``size`` at a time, of what is in memory as it is more, all as text.

        Columns are :data:`ROW`, ``c0`` and so on up to ``width``, and :data:`MORE`; a cell without anything is null. Blank
        rows come too. Raises UnreadableSheet.
        """
        if self.frame is not None:
            shaped = _shaped(self.frame, width)
            times = max(1, round(shaped.height / max(size, _HELD_ROWS)))
            yield from shaped.iter_slices(-(-shaped.height // times))
        else:
            yield from _text_frames(self, width, size)


def tables(path: Path, name: str) -> Iterator[ExportTable]:
    """Yield the tables of a file, sheets that are hidden or empty left out; a file of text is one table.

    By content, whatever the name ends in. Raises UnreadableSheet; its code says why.
    """
    with path.open("rb") as file:
        start = file.read(512)
        size = os.fstat(file.fileno()).st_size
    if not size or not start.strip(b"\x00\t\r\n \xef\xbb\xbf") and size <= len(start):
        raise unreadable("empty", name)
    if start.startswith((b"PK", OLE_MARK)):
        if size > MAX_WORKBOOK:
            raise unreadable("too_large", name, megabytes=MAX_WORKBOOK // 1048576)
        if start.startswith(OLE_MARK):
            yield from _old_workbook(path, name)
        else:
            yield from _packed_workbook(path, name)
    else:
        if size > MAX_TEXT:
            raise unreadable("too_large", name, megabytes=MAX_TEXT // 1048576)
        yield _text_table(path, name)


# Workbooks


def _packed_workbook(path: Path, name: str) -> Iterator[ExportTable]:
    data = path.read_bytes()
    handle, place = tempfile.mkstemp(prefix="camket-export-", suffix=".zip")
    os.close(handle)
    copy = Path(place)
    try:
        try:
            with open_zip(data, unpacked=MAX_UNPACKED) as archive:
                kind = _kind_of(archive, name)
                lefts = copied(archive, copy, LIMITS, is_open=kind == "ods")
        except UnsafeContainer as error:
            raise unreadable(error.code, name) from None
        except TooFar:
            raise unreadable("too_long", name, LIMITS) from None
        del data
        yield from _sheets(copy, name, kind, lefts)
    finally:
        copy.unlink(missing_ok=True)


def _kind_of(archive: zipfile.ZipFile, name: str) -> str:
    """Return ``xlsx`` or ``ods``; raises UnreadableSheet for what is neither, is locked or brings a program."""
    names = set(archive.namelist())
    is_open = "content.xml" in names
    if not is_open and "xl/workbook.xml" not in names:
        raise unreadable("unknown_format", name)
    if is_open:
        if b"opendocument.spreadsheet" not in part_of(archive, "mimetype", 200):
            raise unreadable("unknown_format", name)
        if b"encryption-data" in part_of(archive, "META-INF/manifest.xml", 1_000_000):
            raise unreadable("encrypted", name)
    if zip_has_macros(archive):
        raise unreadable("macros", name)
    return "ods" if is_open else "xlsx"


@contextmanager
def _faults_of_the_reader(name: str) -> Iterator[None]:
    """Tell of what the reader does not cope with as of a damaged file. Raises UnreadableSheet."""
    try:
        yield
    except (UnreadableSheet, GeneratorExit):
        raise
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, OSError, ValueError, IndexError, KeyError):
        raise unreadable("damaged", name) from None
    except (OverflowError, TypeError, RuntimeError):
        raise unreadable("damaged", name) from None
    except BaseException as error:
        # A fault inside the reader comes as PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable("damaged", name) from None


def _old_workbook(path: Path, name: str) -> Iterator[ExportTable]:
    data = path.read_bytes()
    try:
        ole = OleFile(data)
        if "EncryptedPackage" in ole.names():
            raise unreadable("encrypted", name)
        book = ole.stream("Workbook", "Book")
        if book is None:
            raise unreadable("unknown_format", name)
        if ole_has_macros(data):
            raise unreadable("macros", name)
        left = measure_biff(book, LIMITS)
    except TooFar:
        raise unreadable("too_long", name, LIMITS) from None
    except UnsafeContainer as error:
        raise unreadable("encrypted" if error.code == "encrypted" else "damaged", name) from None
    except struct.error:
        raise unreadable("damaged", name) from None
    yield from _sheets(path, name, "xls", [left])


def _sheets(path: Path, name: str, kind: str, lefts: Sequence[int]) -> Iterator[ExportTable]:
    """Yield the sheets that are shown and hold anything.

    The reader leaves out columns before the first that holds anything. In a workbook of several sheets it is not
    known which left edge is whose; then all are taken to begin in the first column unless every sheet is set in.
    """
    left = max(0, min((each for each in lefts if each), default=1) - 1)
    found = False
    with _faults_of_the_reader(name):
        book = fastexcel.read_excel(path)
        for index, title in enumerate(book.sheet_names):
            sheet = book.load_sheet(index, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible != "visible" or not sheet.height or not sheet.width:
                continue
            frame = _numbered(sheet.to_polars(), left)
            del sheet
            head = tuple(_head_rows(frame))
            if head:
                found = True
                yield ExportTable(kind, title, head, frame=frame)
    if not found:
        raise unreadable("empty", name)


def _numbered(frame: pl.DataFrame, left: int) -> pl.DataFrame:
    """Name a frame's columns by their place, the first being ``left``, and number its rows from 1 on."""
    names = {old: column_name(left + at) for at, old in enumerate(frame.columns)}
    return frame.rename(names).with_row_index(ROW, offset=1)


def _head_rows(frame: pl.DataFrame) -> Iterator[HeadRow]:
    names = [name for name in frame.columns if name != ROW]
    left = min((int(name[1:]) for name in names), default=0)
    ordered = sorted(names, key=lambda name: int(name[1:]))
    for number, *cells in frame.head(HEAD_ROWS).select(ROW, *ordered).rows():
        texts = [""] * left + [cell or "" for cell in cells]
        if any(text.strip() for text in texts):
            yield HeadRow(number, tuple(texts))


def _shaped(frame: pl.DataFrame, width: int) -> pl.DataFrame:
    nothing = pl.lit(None, pl.String)
    names = [column_name(at) for at in range(width)]
    return frame.select(
        pl.col(ROW).cast(pl.UInt32),
        *(pl.col(name) if name in frame.columns else nothing.alias(name) for name in names),
        nothing.alias(MORE),
    )


# Text


def _text_table(path: Path, name: str) -> ExportTable:
    with path.open("rb") as file:
        sample = file.read(HEAD_BYTES)
    if reason := looks_foreign(sample, name) or ("unknown_format" if zipfile.is_zipfile(path) else ""):
        raise unreadable(reason, name)
    encoding = _encoding(sample)
    text = _decoded(sample, encoding)
    if "\x00" in text:
        raise unreadable("damaged", name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    first_row, separator = 1, ""
    if match := re.match(r"sep=(.)\n", text):  # Excel's own note of what separates
        separator, text, first_row = match[1], text[match.end() :], 2
    if separator not in DELIMITERS:
        separator = delimiter_of(text)
    head = tuple(_head_lines(text, separator, first_row, is_whole=path.stat().st_size <= HEAD_BYTES))
    if not head:
        raise unreadable("empty", name)
    if any(cell.strip() for row in head for cell in row.cells[LIMITS.columns :]):
        raise unreadable("too_long", name, LIMITS)
    title = name.rpartition(".")[0] or name
    return ExportTable("text", title, head, encoding, separator, path, None, first_row)


def _encoding(sample: bytes) -> str:
    """Return the encoding of a file by its first bytes: utf-8, utf-16-le, utf-16-be, tcvn3, vni or cp1258."""
    if sample.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if sample.startswith(b"\xfe\xff"):
        return "utf-16-be"
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file of one long line is cut within a letter.
        if error.start >= len(whole) - 4 and error.reason == "unexpected end of data":
            return "utf-8"
    else:
        return "utf-8"
    return legacy_encoding(whole.decode("latin-1")) or "cp1258"


def _decoded(data: bytes, encoding: str) -> str:
    if encoding in {"tcvn3", "vni"}:
        return decode_legacy(data.decode("latin-1"), encoding)
    text = data.decode(encoding, "replace")
    # Windows-1258 has tones as signs of their own.
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


def _lines(path: Path, encoding: str) -> int:
    end = "\n".encode(encoding) if encoding.startswith("utf-16") else b"\n"
    count, last = 0, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            count += piece.count(end)
            last = piece
    return count + (not last.endswith(end))


def _head_lines(text: str, separator: str, first: int, *, is_whole: bool) -> Iterator[HeadRow]:
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), first):
            if number - first >= HEAD_ROWS:
                return
            if any(cell.strip() for cell in cells):
                yield HeadRow(number, tuple(cells))
    except csv.Error:
        return


def _text_frames(table: ExportTable, width: int, size: int) -> Iterator[pl.DataFrame]:
    if table.path is None:
        return
    row = table.first_row
    each = max(SMALLEST_BLOCK, min(_LONGEST_BLOCK // 4, _row_bytes(table) * size * 9 // 10))
    skip = table.first_row - 1
    blocks = _blocks(table.path, table.encoding, each)
    while block := next(blocks, b""):
        if skip:
            block, skip = block[block.find(b"\n") + 1 :], 0
        frame = _frame(block, table, width).with_row_index(ROW, offset=row)
        row += frame.height
        del block  # some megabytes, while what becomes of them is worked on
        slices = list(frame.iter_slices(size))
        del frame
        while slices:
            yield slices.pop(0)


def _row_bytes(table: ExportTable) -> int:
    cells = [sum(len(cell.encode()) for cell in row.cells) + len(row.cells) for row in table.head]
    return max(16, sum(cells) // len(cells))


def _blocks(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    """Yield the text in UTF-8, in blocks of whole records; lines end with a line feed."""
    rest = b""
    ends_old: bool | None = None
    for piece in _pieces(path, encoding, size):
        if ends_old is None:
            piece = piece.removeprefix(b"\xef\xbb\xbf")
            ends_old = b"\n" not in piece and b"\r" in piece
        block = rest + (piece.replace(b"\r", b"\n") if ends_old else piece)
        del piece
        cut = _last_end(block)
        if not cut and len(block) > _LONGEST_BLOCK:
            # A quotation mark that nothing closes: lines are taken as they stand.
            cut = block.rfind(b"\n") + 1 or len(block)
        rest = block[cut:]
        if cut:
            whole = [block[:cut]]
            del block
            yield whole.pop()
    if rest:
        yield rest


def _pieces(path: Path, encoding: str, size: int) -> Iterator[bytes]:
    """Yield the text in UTF-8, cut anywhere."""
    with path.open("rb") as file:
        if encoding.startswith("utf-16"):
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            while piece := file.read(size):
                yield decoder.decode(piece).encode("utf-8", "replace")
            yield decoder.decode(b"", final=True).encode("utf-8", "replace")
            return
        rest = b""
        while piece := file.read(size):
            if encoding == "utf-8":
                yield piece
                continue
            # A letter of an old encoding may be two signs: they are not parted.
            piece = rest + piece
            cut = piece.rfind(b"\n") + 1
            rest = piece[cut:]
            yield _decoded(piece[:cut], encoding).encode("utf-8")
        yield _decoded(rest, encoding).encode("utf-8")


def _last_end(block: bytes) -> int:
    """Return where the last record ends: behind a line feed with an even number of quotation marks before it, else 0."""
    end = block.rfind(b"\n") + 1
    if b'"' not in block:
        return end
    is_inside = block.count(b'"', 0, end) % 2 == 1
    while end and is_inside:
        before = block.rfind(b"\n", 0, end - 1) + 1
        is_inside ^= block.count(b'"', before, end) % 2 == 1
        end = before
    return end


def _frame(block: bytes, table: ExportTable, width: int) -> pl.DataFrame:
    """Return the records of a block; those that the quick reader might take otherwise than Excel, by the careful one."""
    names = [column_name(at) for at in range(width)] + [MORE]
    separator = table.separator
    is_quoted = b'"' in block
    if b"\x00" not in block:
        header = separator.join(names).encode() + b"\n"
        try:
            if not (is_quoted and _has_stray_quote(block, separator)):
                return pl.read_csv(
                    io.BytesIO(header + block),
                    separator=separator,
                    infer_schema=False,
                    truncate_ragged_lines=True,
                    quote_char='"' if is_quoted else None,
                ).with_columns(pl.col(MORE).replace("", None))
        except pl.exceptions.PolarsError:
            pass  # not UTF-8 throughout, or quoted in an odd way
    return _careful_frame(block, table, names)


def _has_stray_quote(block: bytes, separator: str) -> bool:
    """Return whether a quotation mark stands within a cell: Excel takes it as it stands.

    Such a one neither begins a cell nor ends it; a second one right behind it is one too, unless the cell is empty.
    """
    edge = re.escape(separator)
    pattern = rf"""[^\n"{edge}](?:"[^"\r\n{edge}]|"")"""
    # By polars' patterns, which go through a block once, and let others work meanwhile. Raises PolarsError for what is
    # not UTF-8.
    text = pl.Series([block], dtype=pl.Binary).cast(pl.String)
    return bool(text.str.contains(pattern).item())


def _careful_frame(block: bytes, table: ExportTable, names: Sequence[str]) -> pl.DataFrame:
    text = block.decode("utf-8", "replace").replace("\x00", "\ufffd")
    width = len(names) - 1
    columns: list[list[str | None]] = [[] for _ in names]
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=table.separator):
            if any(len(cell) > MAX_CELL for cell in cells):
                raise unreadable("damaged", table.title)
            for at in range(width):
                columns[at].append(cells[at] if at < len(cells) else None)
            columns[width].append(table.separator.join(cells[width:]).strip() or None)
    except csv.Error:
        raise unreadable("damaged", table.title) from None
    return pl.DataFrame(dict(zip(names, columns, strict=True)), schema=dict.fromkeys(names, pl.String))
