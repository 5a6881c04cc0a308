"""Handing out documents of the agency as files."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document
from camket.paper.writing.pdf import write_pdf

WRITERS: dict[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (write_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (write_pdf, "application/pdf"),
}


def paper_file(document: Document, name: str, file_format: str) -> HttpResponse:
    """Return a document as a file of a format in :data:`WRITERS`."""
    write, content_type = WRITERS[file_format]
    return HttpResponse(
        write(document),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{file_format}"'},
    )
