"""Files that pages hand out: to be saved, never opened as a page, kept by nobody in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from camket.paper.sheets import Value, write_csv, write_sheet
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document
from camket.paper.writing.pdf import write_pdf

Response = TypeVar("Response", bound=HttpResponseBase)

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

WRITERS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (write_docx, DOCX),
    "pdf": (write_pdf, PDF),
}
"""What writes an official document, and the type of the file, by the ending of its name."""


def hand_out(data: bytes, name: str, content_type: str) -> HttpResponse:
    """Return a file to be saved, never opened as a page."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return apart_from_pages(response)


def apart_from_pages(response: Response) -> Response:
    """Return a response that hands out a file, told to be never opened as a page and kept by nobody in between."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def paper_file(document: Document, name: str, ending: str) -> HttpResponse:
    """Hand out an official document as ``name`` with an ending of :data:`WRITERS`; Http404 for another."""
    if ending not in WRITERS:
        raise Http404(f"no format {ending!r}")
    write, content_type = WRITERS[ending]
    return hand_out(write(document), f"{name}.{ending}", content_type)


def table_file(
    name: str, ending: str, *, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]
) -> HttpResponse:
    """Hand out a table as ``name`` with the ending csv or xlsx (its sheet called ``title``); Http404 for another."""
    if ending == "csv":
        return hand_out(write_csv(header, rows), f"{name}.csv", CSV)
    if ending == "xlsx":
        return hand_out(write_sheet(title, list(header), list(rows)), f"{name}.xlsx", XLSX)
    raise Http404(f"no format {ending!r}")
