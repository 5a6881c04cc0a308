"""A packed workbook copied as it is measured, so that a reader is given what was measured and nothing else.

A large sheet may be copied in two halves, each a workbook of its own: the first is read while the second is measured.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from camket.paper.containers import UnsafeContainer
from camket.paper.measuring import Limits, OfficeMeter, OpenMeter, QuickOfficeMeter, refuse_foreign_xml

__all__ = ["Halves", "Unordered", "copied", "halved"]

_PIECE = 4 * 1024 * 1024
_Meter = OfficeMeter | OpenMeter | QuickOfficeMeter


def copied(archive: zipfile.ZipFile, copy: Path, limits: Limits, *, is_open: bool) -> list[int]:
    """Copy a workbook, an open document's where ``is_open``; return the leftmost column of each of its sheets.

    Raises TooFar where cells reach beyond the limits, UnsafeContainer.
    """
    lefts: list[int] = []
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as measured:
        for part in _parts(archive):
            if is_open and part == "content.xml":
                open_meter = OpenMeter(limits)
                _pour(archive, part, [measured], open_meter)
                lefts.append(open_meter.first_column)
            elif not is_open and _is_sheet(part):
                quick = QuickOfficeMeter(limits)
                _pour(archive, part, [measured], quick)
                if quick.is_sure:
                    lefts.append(quick.first_column)
                else:
                    slow = OfficeMeter(limits)
                    _pour(archive, part, [], slow)
                    lefts.append(slow.first_column)
            else:
                _pour(archive, part, [measured])
    return lefts


HALVED_FROM = 16 * 1024 * 1024
"""Bytes of a sheet's XML that take longer to read than to read in halves."""
_SHEET_BEGINS = b"<sheetData>"
_SHEET_ENDS = b"</sheetData></worksheet>"
_ROW_BEGINS = re.compile(rb'<row r="([1-9][0-9]{0,5})"')


class Unordered(Exception):
    """The sheet is to be read whole: it is not written as all known programs write one."""


@dataclass(frozen=True, slots=True)
class Halves:
    """A sheet that was copied in halves: the row, from 1, with which the second begins, and each one's leftmost column."""

    row: int
    lefts: tuple[int, int]


def halved(
    archive: zipfile.ZipFile, copies: tuple[Path, Path], limits: Limits, *, begin: Callable[[], object]
) -> Halves | None:
    """Copy a workbook with one large sheet as two, each with half of the rows; return None where it is no such.

    ``begin`` is called when the first can be read. Raises Unordered, where that may have been called, UnsafeContainer.
    """
    parts = _parts(archive)
    sheets = [part for part in parts if _is_sheet(part)]
    if len(sheets) != 1 or archive.getinfo(sheets[0]).file_size < HALVED_FROM:
        return None
    [sheet] = sheets
    with (
        zipfile.ZipFile(copies[0], "w", zipfile.ZIP_STORED) as one,
        zipfile.ZipFile(copies[1], "w", zipfile.ZIP_STORED) as other,
        closing(_unpacked(archive, sheet)) as pieces,
    ):
        for part in parts:
            if part != sheet:
                _pour(archive, part, [one, other])
        first, second = QuickOfficeMeter(limits), QuickOfficeMeter(limits)
        half = archive.getinfo(sheet).file_size // 2
        with one.open(sheet, "w", force_zip64=True) as target:
            head, row, rest = _pour_half(pieces, half, target.write, first)
        one.close()
        begin()
        with other.open(sheet, "w", force_zip64=True) as target:
            for some in (head, rest):
                second.feed(some, is_last=False)
                target.write(some)
            del rest
            for piece in pieces:
                second.feed(piece, is_last=False)
                target.write(piece)
        second.feed(b"", is_last=True)
    if not second.is_sure:
        raise Unordered
    return Halves(row, (first.first_column, second.first_column))


def _pour_half(
    pieces: Generator[bytes], half: int, write: Callable[[bytes], object], meter: QuickOfficeMeter
) -> tuple[bytes, int, bytes]:
    """Write so many bytes of a sheet and what is left of their last row; return the sheet's head, the next row, the rest."""
    head, taken, before = b"", 0, b""
    for piece in pieces:
        # Within a remark what looks like a row is none.
        if _holds(piece, b"<!") or (before + piece[:1]) == b"<!" or (taken and _holds(piece, b"<?")):
            raise Unordered
        before = piece[-1:]
        if not head:
            at = piece.find(_SHEET_BEGINS) + len(_SHEET_BEGINS)
            if at < len(_SHEET_BEGINS):
                raise Unordered
            head = piece[:at]
        row = _ROW_BEGINS.search(piece, max(0, half - taken, 0 if taken else len(head)))
        taken += len(piece)
        if row is None or taken < half:
            meter.feed(piece, is_last=False)
            write(piece)
            continue
        meter.feed(piece[: row.start()], is_last=False)
        meter.feed(_SHEET_ENDS, is_last=True)
        write(piece[: row.start()])
        write(_SHEET_ENDS)
        if not meter.is_sure:
            raise Unordered
        return head, int(row[1]), piece[row.start() :]
    raise Unordered


def _holds(piece: bytes, mark: bytes) -> bool:
    """Tell whether a piece holds a mark of two signs of which the second is rare."""
    return mark[1:] in piece and mark in piece


def _parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the parts that a reader is given."""
    names = set(archive.namelist())
    return sorted(each for each in names if each.endswith((".xml", ".rels")) or each == "mimetype")


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _pour(
    archive: zipfile.ZipFile, part: str, copies: Sequence[zipfile.ZipFile], meter: _Meter | None = None
) -> None:
    with ExitStack() as entered:
        targets = [entered.enter_context(copy.open(part, "w", force_zip64=True)) for copy in copies]
        for piece in entered.enter_context(closing(_unpacked(archive, part))):
            if meter is not None:
                meter.feed(piece, is_last=False)
            for target in targets:
                target.write(piece)
    if meter is not None:
        meter.feed(b"", is_last=True)


def _unpacked(archive: zipfile.ZipFile, part: str) -> Generator[bytes]:
    """Yield a part piece by piece, no more than it says that it has. Raises UnsafeContainer."""
    budget = archive.getinfo(part).file_size
    try:
        # The next piece is unpacked while one is looked at.
        with archive.open(part) as source, ThreadPoolExecutor(1, thread_name_prefix="unpacking") as beside:
            tail = b""
            coming = beside.submit(source.read, _PIECE)
            while piece := coming.result():
                coming = beside.submit(source.read, _PIECE)
                budget -= len(piece)
                if budget < 0:
                    raise UnsafeContainer("bomb")
                refuse_foreign_xml(piece)
                refuse_foreign_xml(tail + piece[:16])
                tail = piece[-16:]
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise UnsafeContainer("damaged") from None
