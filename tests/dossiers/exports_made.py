"""Exports made in every format and encoding that is read, clean and dirty."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import xlsxwriter

from camket.core.wording.text import _TCVN3
from paper.containers_made import archive, biff, ole

Cell = str | int | float | datetime | None
Rows = Sequence[Sequence[Cell]]

_TO_TCVN3 = {letter: sign for sign, letter in _TCVN3.items()}


def text_of(cell: Cell) -> str:
    """Return a cell as software writes it into text."""
    if cell is None:
        return ""
    return f"{cell:%d/%m/%Y %H:%M}" if isinstance(cell, datetime) else str(cell)


def in_tcvn3(text: str) -> bytes:
    """Return a text in TCVN3 (ABC); capitals with marks, which it has not, are small letters."""
    return "".join(_TO_TCVN3.get(letter, _TO_TCVN3.get(letter.lower(), letter)) for letter in text).encode(
        "latin-1"
    )


def in_windows_1258(text: str) -> bytes:
    """Return a text in Windows-1258, whose tones stand behind their letters."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    out: list[str] = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in tones)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        out.append(base + tone)
    return "".join(out).encode("cp1258")


def csv_text(rows: Rows, separator: str = ";", end: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(
        [[text_of(cell) for cell in row] for row in rows]
    )
    return out.getvalue()


def text(rows: Rows, encoding: str = "utf-8-sig", separator: str = ";") -> bytes:
    """Return rows as text in an encoding: any of Python's, ``tcvn3`` or ``cp1258``."""
    written = csv_text(rows, separator)
    if encoding == "tcvn3":
        return in_tcvn3(written)
    return in_windows_1258(written) if encoding == "cp1258" else written.encode(encoding)


def xlsx(rows: Rows, *, hidden: Rows = (), merged: Sequence[tuple[int, int, int, int, str]] = ()) -> bytes:
    """Return rows as XLSX, real dates as such; before it a hidden sheet if there is one; ``merged`` from 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for title, each in (("Ẩn", hidden), ("Danh sách", rows)):
            if title == "Ẩn" and not each:
                continue
            sheet = book.add_worksheet(title)
            if title == "Ẩn":
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
            for at, row in enumerate(each):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(at, column, cell, moment)
                    elif isinstance(cell, (int, float)):
                        sheet.write_number(at, column, cell)
                    elif cell:
                        sheet.write_string(at, column, cell)
        for top, left, bottom, right, said in merged:
            sheet.merge_range(top, left, bottom, right, said)
    return out.getvalue()


def ods(rows: Rows) -> bytes:
    """Return rows as ODS, real dates as such."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest:manifest {spaces}/>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Danh sách">{"".join(map(_open_row, rows))}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _open_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>"


def _open_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, datetime):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell:%Y-%m-%dT%H:%M:%S}">'
            f"<text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def xls(rows: Rows) -> bytes:
    """Return rows as an old workbook, dates as text."""
    cells = {
        (at, column): cell if isinstance(cell, (int, float)) else text_of(cell)
        for at, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell not in (None, "")
    }
    return ole({"Workbook": biff(cells)})
