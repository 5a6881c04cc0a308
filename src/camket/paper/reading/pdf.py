"""Reads the pages of PDF files: characters to words, drawn lines to rules; :mod:`.layout` does the rest."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from camket.core.wording.text import decode_legacy, fold, legacy_encoding
from camket.paper.reading import problems
from camket.paper.reading.blocks import plain_symbols
from camket.paper.reading.layout import Page, Rule, Word

Recognise = Callable[[list[Any]], list[Page]]
"""Turns pages that are pictures into pages of words; None where no text recognition is installed."""

_MIN_CHARACTERS = 30
"""A page with fewer characters than this and a picture on it counts as a scan."""


def pages_of(data: bytes, name: str, recognise: Recognise | None) -> tuple[list[Page], set[str]]:
    """Return the pages of a PDF and notes of how they were read.

    Called in a process of its own (:mod:`.pdf_process`): the library unpacks whatever it meets.
    Raises UnreadableDocument: encrypted, damaged, too_long, image_only.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            return _pages(document, name, recognise)
    except (problems.UnreadableDocument, MemoryError):
        raise
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise problems.encrypted(name) from None
        raise problems.damaged(name, "PDF") from error
    except Exception as error:
        # pdfminer raises anything from KeyError to struct.error on a damaged file.
        raise problems.damaged(name, "PDF") from error


def _pages(document: Any, name: str, recognise: Recognise | None) -> tuple[list[Page], set[str]]:
    notes: set[str] = set()
    pages: list[Page] = []
    scans: list[Any] = []
    count = len(document.pages)
    if count > problems.MAX_PAGES:
        raise problems.too_long(name, count)
    for page in document.pages:
        if len(page.chars) < _MIN_CHARACTERS and page.images:
            scans.append(page)
            continue
        pages.append(_page(page, notes))
        page.close()
    if scans:
        if recognise is None:
            if not pages:
                raise problems.image_only(name)
            notes.add("pictures")
        else:
            notes.add("ocr")
            pages.extend(recognise(scans))
            pages.sort(key=lambda page: page.number)
    return pages, notes


def _page(page: Any, notes: set[str]) -> Page:
    return Page(
        number=page.page_number,
        width=float(page.width),
        height=float(page.height),
        lines=_lines(page.chars, notes),
        rules=list(_rules(page.edges)),
    )


def _rules(edges: Iterable[dict[str, Any]]) -> Iterable[Rule]:
    for edge in edges:
        if edge["orientation"] == "v":
            yield Rule(upright=True, at=float(edge["x0"]), low=float(edge["top"]), high=float(edge["bottom"]))
        elif edge["orientation"] == "h":
            yield Rule(upright=False, at=float(edge["top"]), low=float(edge["x0"]), high=float(edge["x1"]))


def _lines(chars: list[dict[str, Any]], notes: set[str]) -> list[list[Word]]:
    lines: list[list[dict[str, Any]]] = []
    upright = [char for char in chars if char["upright"] and char["text"]]
    middles: list[float] = []
    for char in sorted(upright, key=lambda char: (char["top"] + char["bottom"]) / 2):
        middle = (char["top"] + char["bottom"]) / 2
        if lines and middle - middles[-1] < 0.35 * char["size"]:
            lines[-1].append(char)
        else:
            lines.append([char])
            middles.append(middle)
    found = []
    for line in lines:
        words = list(_words(_without_raised(sorted(line, key=lambda char: char["x0"])), notes))
        if words:
            found.append(words)
    return found


def _without_raised(line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the raised figures that mark footnotes."""
    size = max(char["size"] for char in line)
    bottom = max(char["bottom"] for char in line if char["size"] == size)
    return [
        char
        for i, char in enumerate(line)
        if not (
            char["text"].isdigit()
            and char["size"] < 0.78 * size
            and char["bottom"] < bottom - 0.15 * size
            and not (i and line[i - 1]["text"] == "m")
        )
    ]


def _words(line: list[dict[str, Any]], notes: set[str]) -> Iterable[Word]:
    run: list[dict[str, Any]] = []
    last: dict[str, Any] | None = None
    jump = False
    for char in line:
        gap = 0.0 if last is None else char["x0"] - last["x1"]
        if last is not None and gap > 0.18 * char["size"] and run:
            yield _word(run, notes, jump=jump)
            run, jump = [], False
        if last is not None and gap > 1.3 * char["size"]:
            jump = True
        if last is not None and gap < -0.6 * (char["x1"] - char["x0"]) and char["text"] == last["text"]:
            # Bold that is faked by printing a character twice.
            continue
        if char["text"].isspace():
            if run:
                yield _word(run, notes, jump=jump)
                run, jump = [], False
        else:
            run.append(char)
        last = char
    if run:
        yield _word(run, notes, jump=jump)


def _word(run: list[dict[str, Any]], notes: set[str], *, jump: bool) -> Word:
    text = plain_symbols("".join(char["text"] for char in run))
    font = str(run[0]["fontname"]).split("+")[-1]
    if not text.isascii() or font.startswith((".Vn", "VNI")):
        encoding = legacy_encoding(text, font)
        if encoding is not None and (font.startswith((".Vn", "VNI"))):
            notes.add(encoding)
            text = decode_legacy(text, encoding, font)
    return Word(
        text=fold(text) or text,
        x0=float(run[0]["x0"]),
        x1=float(run[-1]["x1"]),
        top=float(min(char["top"] for char in run)),
        bottom=float(max(char["bottom"] for char in run)),
        size=float(run[0]["size"]),
        bold="bold" in font.lower() or "black" in font.lower(),
        italic="italic" in font.lower() or "oblique" in font.lower(),
        jump=jump,
    )
