"""A packed workbook copied as it is measured, so that a reader is given what was measured and nothing else."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from camket.paper.containers import UnsafeContainer
from camket.paper.measuring import Limits, OfficeMeter, OpenMeter, QuickOfficeMeter, refuse_foreign_xml

__all__ = ["copied"]

_PIECE = 1024 * 1024
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
                _pour(archive, part, measured, open_meter)
                lefts.append(open_meter.first_column)
            elif not is_open and _is_sheet(part):
                quick = QuickOfficeMeter(limits)
                _pour(archive, part, measured, quick)
                if quick.is_sure:
                    lefts.append(quick.first_column)
                else:
                    slow = OfficeMeter(limits)
                    _pour(archive, part, None, slow)
                    lefts.append(slow.first_column)
            else:
                _pour(archive, part, measured)
    return lefts


def _parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the parts that a reader is given."""
    names = set(archive.namelist())
    return sorted(each for each in names if each.endswith((".xml", ".rels")) or each == "mimetype")


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _pour(
    archive: zipfile.ZipFile, part: str, copy: zipfile.ZipFile | None, meter: _Meter | None = None
) -> None:
    """Unpack a part into a copy, where one is given, and show it to a meter."""
    with ExitStack() as entered:
        target = None if copy is None else entered.enter_context(copy.open(part, "w", force_zip64=True))
        for piece in entered.enter_context(closing(_unpacked(archive, part))):
            if meter is not None:
                meter.feed(piece, is_last=False)
            if target is not None:
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
