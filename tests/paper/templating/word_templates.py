"""Word templates made by hand for tests: the starter with its paragraphs changed, or a plain file of given paragraphs."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from docx import Document as open_docx

from camket.paper.templating import starter_template
from paper.containers_made import changed

Change = Callable[[Any], None]


def saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def with_paragraphs(*texts: str) -> bytes:
    """Return a plain Word file of these paragraphs."""
    file = open_docx()
    for text in texts:
        file.add_paragraph(text)
    return saved(file)


def of_starter(change: Change, form: str = "report") -> bytes:
    """Return the starter template of a form, changed."""
    file = open_docx(io.BytesIO(starter_template(form)))
    change(file)
    return saved(file)


def replaced(old: str, new: str, form: str = "report") -> bytes:
    """Return the starter template with the words of one paragraph replaced."""

    def change(file: Any) -> None:
        found = [each for each in every_paragraph(file) if each.text == old]
        assert found, old
        for each in found:
            each.runs[0].text = new

    return of_starter(change, form)


def every_paragraph(file: Any) -> list[Any]:
    return [
        *file.paragraphs,
        *(p for t in file.tables for row in t.rows for c in row.cells for p in c.paragraphs),
    ]


def text_of_file(data: bytes) -> list[str]:
    """Return the words of a Word file, paragraph by paragraph, tables too."""
    file = open_docx(io.BytesIO(data))
    return [each.text for each in every_paragraph(file) if each.text]


def with_parts(parts: Mapping[str, bytes | str], form: str = "report") -> bytes:
    """Return the starter template with parts of its package put in or replaced."""
    return changed(starter_template(form), parts)
