"""Filling in a template with a document."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from docx.oxml.ns import qn
from docxtpl import DocxTemplate

from camket.paper.templating.fields import MARK, values_of
from camket.paper.templating.language import FieldEnvironment
from camket.paper.writing.docx import finished, write_annexes, write_blocks
from camket.paper.writing.model import Block, Document, Paper

_NARROW = 160
"""Millimetres below which a page is half a sheet."""
_MILLIMETRES = 36_000
"""English Metric Units of a millimetre."""


def filled(template: bytes, document: Document) -> bytes:
    """Return a document as a DOCX file in the form of a template; the same two give the same bytes.

    Contents are set by the writer of the built-in form, in the template's own font; annexes follow on pages of their own.
    """
    word = DocxTemplate(io.BytesIO(template))
    word.init_docx()
    document = replace(document, paper=_paper_of(word.docx.sections[-1]))
    values, contents = values_of(document)
    properties = word.docx.core_properties
    for name in ("title", "author", "comments", "identifier", "language", "subject"):
        setattr(properties, name, "")  # the library would fill these in as well
    word.render(values, FieldEnvironment(), autoescape=True)
    file = word.docx
    section = file.sections[-1]
    width = (section.page_width - section.left_margin - section.right_margin) / _MILLIMETRES
    for paragraph in list(file.element.body.iter(qn("w:p"))):
        text = "".join(each.text or "" for each in paragraph.iter(qn("w:t"))).strip()
        if text.startswith(MARK) and text.endswith(MARK) and text.strip(MARK).isdecimal():
            _set_out(file, document, paragraph, contents.blocks[int(text.strip(MARK))], width)
    write_annexes(file, document)
    return finished(file, document)


def _paper_of(section: Any) -> Paper:
    """Return the paper whose sizes of letters suit a template's page."""
    if section.page_width > section.page_height:
        return Paper.A4_LANDSCAPE
    return Paper.A5 if section.page_width < _NARROW * _MILLIMETRES else Paper.A4


def _set_out(file: Any, document: Document, mark: Any, blocks: tuple[Block, ...], width: float) -> None:
    """Put blocks in the place of the paragraph that stands for them."""
    for element in write_blocks(file, document.paper, blocks, width):
        mark.addprevious(element)
    following = mark.getnext()
    if mark.getparent().tag == qn("w:tc") and (following is None or following.tag != qn("w:p")):
        for run in mark.findall(qn("w:r")):
            mark.remove(run)  # a cell ends with a paragraph
    elif mark.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        for run in mark.findall(qn("w:r")):
            mark.remove(run)  # it ends a section
    else:
        mark.getparent().remove(mark)
