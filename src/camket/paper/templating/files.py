"""Writes a document as a file: by its agency's own template where it has one, else in the built-in form."""

from __future__ import annotations

import logging

from camket.paper.templating import office
from camket.paper.templating.check import FAILURES
from camket.paper.templating.filling import filled
from camket.paper.writing import docx, pdf
from camket.paper.writing.model import Document

log = logging.getLogger(__name__)


def write_docx(document: Document) -> bytes:
    """Return the document as a DOCX file; the same document gives the same bytes.

    Should a template fail, in spite of its check, the paper is written in the built-in form rather than not at all.
    """
    return _own(document) or docx.write_docx(document)


def write_pdf(document: Document) -> bytes:
    """Return the document as a PDF/A-2b file.

    One with a template needs LibreOffice to look as in Word; without it the PDF is in the built-in form.
    """
    own = _own(document)
    return (office.pdf_of(own) if own else None) or pdf.write_pdf(document)


def has_office() -> bool:
    """Return whether PDF files can be made of papers with a template of their own."""
    return office.program() is not None


def _own(document: Document) -> bytes | None:
    if not document.template or document.copy:  # an extract keeps the form of its mark
        return None
    try:
        return filled(document.template, document)
    except FAILURES:
        log.exception("template of form %s failed; the built-in form is written", document.form)
        return None
