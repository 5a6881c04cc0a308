"""The source of a plan as the checking page shows it: the document's words, with what was read from them marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from camket.paper.reading import Block, Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the source and the item of the plan that was read from it.

    ``anchor`` is the id of the stretch in the page, ``item`` the id of the card that shows what was
    understood; ``is_doubtful`` stretches are marked by shape as well as colour.
    """

    anchor: str
    item: str
    span: Span
    is_doubtful: bool = False
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell of a table, at its origin; cells that a merged one covers are left out. A span of one is ""."""

    content: SafeString
    row_span: str
    col_span: str
    is_bold: bool


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A paragraph (``content``) or a table (``rows``) ready for the page."""

    anchor: str
    is_table: bool
    is_bold: bool
    is_italic: bool
    is_centered: bool
    new_page: int | None
    content: SafeString
    rows: tuple[tuple[SourceCell, ...], ...]


def source_blocks(blocks: Sequence[Block], marks: Iterable[Mark]) -> list[SourceBlock]:
    """Return the document's blocks with every mark at its place; marks outside the text are left out."""
    places: dict[tuple[int, int | None, int | None], list[Mark]] = {}
    for mark in marks:
        places.setdefault((mark.span.block, mark.span.row, mark.span.column), []).append(mark)
    shown = []
    page: int | None = None
    for block in blocks:
        new_page = block.page if block.page is not None and block.page != page else None
        page = block.page if block.page is not None else page
        shown.append(
            SourceBlock(
                anchor=f"nguon-{block.id}",
                is_table=block.is_table,
                is_bold=block.bold,
                is_italic=block.italic,
                is_centered=block.centered,
                new_page=new_page,
                content=marked(block.text, places.get((block.id, None, None), [])),
                rows=tuple(_cells(block, number, places) for number in range(len(block.rows))),
            )
        )
    return shown


def marked(text: str, marks: Iterable[Mark]) -> SafeString:
    """Return the text as HTML with each mark around its words.

    Marks nest; one that begins inside another and ends outside is cut at the other's end. The innermost
    mark of each word links to its item.
    """
    ordered = sorted(
        (mark for mark in marks if 0 <= mark.span.start < min(mark.span.end, len(text))),
        key=lambda mark: (mark.span.start, -mark.span.end),
    )
    html, _ = _nested(text, 0, len(text), ordered, None)
    return html


def _cells(
    block: Block, number: int, places: dict[tuple[int, int | None, int | None], list[Mark]]
) -> tuple[SourceCell, ...]:
    return tuple(
        SourceCell(
            content=marked(cell.text, places.get((block.id, number, column), [])),
            row_span=str(cell.row_span) if cell.row_span > 1 else "",
            col_span=str(cell.col_span) if cell.col_span > 1 else "",
            is_bold=cell.bold,
        )
        for column, cell in enumerate(block.rows[number])
        if cell.origin is None or cell.origin == (number, column)
    )


def _nested(
    text: str, start: int, end: int, marks: list[Mark], inside: Mark | None
) -> tuple[SafeString, list[Mark]]:
    """Return the HTML of ``text[start:end]`` and the marks that begin at or after ``end``."""
    html = mark_safe("")
    at = start
    while marks and marks[0].span.start < end:
        mark, marks = marks[0], marks[1:]
        html += _words(text[at : mark.span.start], inside)
        stop = min(mark.span.end, end)
        content, marks = _nested(text, mark.span.start, stop, marks, mark)
        shape = (
            "source-unread" if mark.is_unread else "source-doubtful" if mark.is_doubtful else "source-read"
        )
        html += format_html(
            '<span id="{}" class="source-mark {}" data-camket-item="{}">{}</span>',
            mark.anchor,
            shape,
            mark.item,
            content,
        )
        at = stop
    return html + _words(text[at:end], inside), marks


def _words(text: str, inside: Mark | None) -> SafeString:
    if not text.strip() or inside is None or not inside.item:
        return format_html("{}", text)
    return format_html('<a href="#{}" tabindex="-1">{}</a>', inside.item, text)
