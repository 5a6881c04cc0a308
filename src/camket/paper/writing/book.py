"""Writes a year's evidence as a book in PDF with contents and page numbers, with typst; the fonts are our own copies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from camket.paper.writing.metrics import shown
from camket.paper.writing.typesetting import typeset

TEMPLATE = Path(__file__).parent / "book.typ"


def write_book(book: Mapping[str, Any]) -> bytes:
    """Return a book as a PDF/A-2b file; the same book gives the same bytes.

    ``book`` holds title, agency, superior, name, about, days, made, date (year, month, day), running, notes, points and
    missing (tables of heads, rows, shares), sections with code, title, chapter, holds, parts; parts with title, lines,
    missing, grid, files.
    """
    return typeset(TEMPLATE, "book", shown(book))
