"""Word documents as somebody changes them: what the tests of the conformity checker break in a good one."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml.ns import qn

from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document

Change = Callable[[Any], None]


def altered(document: Document, change: Change) -> bytes:
    """The document as written, then changed as somebody would in Word."""
    file = docx.Document(io.BytesIO(write_docx(document)))
    change(file)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def paragraphs(file: Any) -> list[Any]:
    """All paragraphs in the order of the file, those in cells too."""
    return [docx.text.paragraph.Paragraph(p, file._body) for p in file.element.body.iter(qn("w:p"))]


def holding(file: Any, text: str) -> Any:
    """The paragraph that holds a text."""
    return next(each for each in paragraphs(file) if text in each.text)


def rewritten(old: str, new: str) -> Change:
    """Put other words in a paragraph, in the format of its first run."""

    def change(file: Any) -> None:
        paragraph = holding(file, old)
        text = paragraph.text.replace(old, new)
        for run in paragraph.runs[1:]:
            run._r.getparent().remove(run._r)
        paragraph.runs[0].text = text

    return change


def reset(text: str, **font: Any) -> Change:
    """Set the letters of a paragraph otherwise."""

    def change(file: Any) -> None:
        for run in holding(file, text).runs:
            for name, value in font.items():
                setattr(run.font, name, value)

    return change


def shaped(text: str, **shape: Any) -> Change:
    """Set a paragraph otherwise."""

    def change(file: Any) -> None:
        for name, value in shape.items():
            setattr(holding(file, text).paragraph_format, name, value)

    return change


def paged(**measures: Any) -> Change:
    """Give the first section another page."""

    def change(file: Any) -> None:
        for name, value in measures.items():
            setattr(file.sections[0], name, value)

    return change


def without_rules(file: Any) -> None:
    """Take every drawn line away."""
    for border in list(file.element.body.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
