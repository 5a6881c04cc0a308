"""Files that pages hand out: to be saved, never opened as a page, kept by nobody in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe

from camket.documents.queries import read_file
from camket.documents.queries.formalities import set_out
from camket.paper.sheets import Value, write_csv, write_sheet
from camket.paper.templating import write_docx, write_pdf
from camket.paper.writing.html import write_html
from camket.paper.writing.model import Document
from camket.web.request import StaffRequest

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


def paper_file(request: StaffRequest, document: Document, name: str, ending: str) -> HttpResponse:
    """Hand out an official document as ``name`` with an ending of :data:`WRITERS`; Http404 for another.

    Letterhead and recipients are those that the agency has set.
    """
    if ending not in WRITERS:
        raise Http404(f"no format {ending!r}")
    write, content_type = WRITERS[ending]
    return hand_out(write(own_paper(request, document)), f"{name}.{ending}", content_type)


def own_paper(request: StaffRequest, document: Document) -> Document:
    """Return a document with the letterhead and the recipients that the agency has set."""
    return set_out(request.actor.agency_id, document, request.today)


def kept_file(request: StaffRequest, kept: Mapping[str, int | None], name: str, ending: str) -> HttpResponse:
    """Hand out a paper that was issued as the file that was kept of it, to the last byte, called ``name``.

    ``kept`` gives the number of the file by its ending; Http404 for an ending of which none was kept.
    Raises FileDamaged.
    """
    file_id = kept.get(ending)
    if file_id is None:
        raise Http404(f"no format {ending!r}")
    plain = "-".join(name.replace("/", " ").split())
    return hand_out(read_file(request.actor, file_id), f"{plain}.{ending}", WRITERS[ending][1])


def paper_on_screen(request: StaffRequest, document: Document) -> SafeString:
    """Return an official document as it stands on the screen, with what the agency has set."""
    return mark_safe(write_html(own_paper(request, document)))  # noqa: S308 - the writer escapes every text


def table_file(
    name: str, ending: str, *, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]
) -> HttpResponse:
    """Hand out a table as ``name`` with the ending csv or xlsx (its sheet called ``title``); Http404 for another."""
    if ending == "csv":
        return hand_out(write_csv(header, rows), f"{name}.csv", CSV)
    if ending == "xlsx":
        return hand_out(write_sheet(title, list(header), list(rows)), f"{name}.xlsx", XLSX)
    raise Http404(f"no format {ending!r}")
