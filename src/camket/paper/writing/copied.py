"""Writes a copy of a document that exists as PDF: its pages as they are, and below the last of them who copied it.

The mark of the copy stands on the page on which the copied text ends, below its last line, where there is room, else on a
page behind it. Source: Nghị định 30/2020/NĐ-CP, Điều 25; Phụ lục I, the part on copies.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

from camket.core.messages import Message, Refusal, gettext_noop
from camket.paper.bounded import bound, run_bounded
from camket.paper.writing.model import CopyMark
from camket.paper.writing.pdf import write_copy_mark
from camket.paper.writing.sheet import PAGE, POINTS

MOST_PAGES = 300
_SECONDS = 120
_LOCKED, _DAMAGED, _TOO_LONG, _NO_MEMORY = 3, 4, 5, 6
_DOTS = 0.5
"""Dots a point at which a page is looked at for where its text ends."""
_DARK = 160
"""Of 255: what is lighter is no ink but the ground of a scan."""
_SPECK = 2
"""So many dark dots in a line are ink; one is a speck of dust."""
_GAP = 5 * POINTS
_TOP, _BOTTOM = 20 * POINTS, 12 * POINTS
_NEARLY = 3 * POINTS
"""A sheet that differs from A4 by less is one."""


class CopyNotPossible(Refusal):
    """The file cannot be copied: locked, damaged, or of more pages than are copied."""


def write_copied(original: bytes, mark: CopyMark) -> bytes:
    """Return a copy of a PDF with its mark. Forms, scripts and attachments of the original stay behind; what they show
    on paper stays. Raises CopyNotPossible.
    """
    below = write_copy_mark(mark)
    task = json.dumps({"mark": len(below)}).encode() + b"\n" + below + original
    try:
        done = run_bounded(__name__, task, seconds=_SECONDS)
    except subprocess.TimeoutExpired:
        raise CopyNotPossible(_reason(_NO_MEMORY)) from None
    if done.returncode:
        raise CopyNotPossible(_reason(done.returncode))
    return done.stdout


def _reason(code: int) -> Message:
    if code == _LOCKED:
        return Message(
            gettext_noop(
                "The file is locked by a password and cannot be copied. Attach it without the password."
            )
        )
    if code == _TOO_LONG:
        return Message(
            gettext_noop(
                "The file has more than %(pages)s pages. Attach the part that is to be copied as a file."
            ),
            {"pages": str(MOST_PAGES)},
        )
    if code == _NO_MEMORY:
        return Message(
            gettext_noop(
                "The file is too large to be copied. Scan it at a lower resolution and attach it again."
            )
        )
    return Message(
        gettext_noop("The file is no PDF that can be read. Scan or save it again and attach the new file.")
    )


def _copied(original: bytes, below: bytes) -> bytes:
    import pypdfium2 as pdfium

    source = pdfium.PdfDocument(original)
    if len(source) > MOST_PAGES:
        raise _TooLong
    for page in source:
        # Stamps, signatures and fields become part of what is printed.
        pdfium.raw.FPDFPage_Flatten(page, pdfium.raw.FLAT_PRINT)
        page.close()
    made = pdfium.PdfDocument.new()
    made.import_pages(source)
    mark = pdfium.PdfDocument(below)
    height = mark.get_page_size(0)[1]
    last = made[len(made) - 1]
    bottom = _end_of_text(last) - _GAP - height if _is_upright_a4(last) else 0.0
    if bottom < _BOTTOM:
        width, high = (side * POINTS for side in PAGE)
        last, bottom = made.new_page(width, high), high - _TOP - height
    shown = mark.page_as_xobject(0, made).as_pageobject()
    shown.set_matrix(pdfium.PdfMatrix().translate(0, bottom))
    last.insert_obj(shown)
    last.gen_content()
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _is_upright_a4(page: Any) -> bool:
    left, low, right, high = page.get_mediabox()
    wanted = [side * POINTS for side in PAGE]
    is_a4 = all(
        abs(have - want) < _NEARLY for have, want in zip((right - left, high - low), wanted, strict=True)
    )
    return is_a4 and page.get_rotation() == 0 and abs(left) < 1 and abs(low) < 1


def _end_of_text(page: Any) -> float:
    """Return how many points above the foot of a page its lowest ink stands; below its upper margin on an empty one."""
    picture = page.render(scale=_DOTS, grayscale=True)
    dots, wide = bytes(picture.buffer), picture.stride
    edge = picture.width // 50  # the shadow that a scanner leaves along a sheet
    for line in range(picture.height - edge - 1, -1, -1):
        row = dots[line * wide + edge : line * wide + picture.width - edge]
        if sum(dot < _DARK for dot in row) >= _SPECK:
            return float((picture.height - line - 1) / _DOTS)
    return page.get_height() - _TOP + _GAP  # type: ignore[no-any-return]


class _TooLong(Exception):
    pass


def main() -> int:
    """Copy one PDF from standard input to standard output; the exit status says what became of it."""
    bound(seconds=_SECONDS)
    task = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    import pypdfium2 as pdfium

    try:
        made = _copied(data[task["mark"] :], data[: task["mark"]])
    except _TooLong:
        return _TOO_LONG
    except MemoryError:
        return _NO_MEMORY
    except pdfium.PdfiumError as refusal:
        return _LOCKED if refusal.err_code == pdfium.raw.FPDF_ERR_PASSWORD else _DAMAGED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
