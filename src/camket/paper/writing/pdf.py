"""Writes a document as PDF with typst, which needs no system package; the fonts are our own copies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from camket.paper.writing import sheet
from camket.paper.writing.charts import Chart
from camket.paper.writing.metrics import displayable, shown
from camket.paper.writing.model import (
    Annex,
    Block,
    Cell,
    CopyMark,
    Document,
    Line,
    Paper,
    Picture,
    Signature,
    Table,
    annex_label,
    ended,
)
from camket.paper.writing.typesetting import draw, typeset

TEMPLATE = Path(__file__).parent / "official.typ"
COPY_TEMPLATE = Path(__file__).parent / "copy.typ"
_LONG_CELL = 900
_DOTS = 200.0
# Of the paper font, in ems: the line that Word calls single, and from the highest to the lowest point of letters.
_LINE, _LETTER = 1.149, 1.107


def write_pdf(document: Document) -> bytes:
    """Return the document as a PDF/A-2b file; the same document gives the same bytes."""
    return typeset(TEMPLATE, "document", shown(_document(document)))


def _document(document: Document) -> dict[str, Any]:
    head = document.letterhead
    own = sheet.measures_of(document.paper)
    issuer = sheet.issuer_lines(head.issuer, own)
    abstract = (
        sheet.title_lines(document.abstract, width=own.text_width, measures=own)
        if document.kind and document.abstract
        else []
    )
    return {
        "measures": _measures(own),
        "title": document.title,
        "date": [document.recorded_on.year, document.recorded_on.month, document.recorded_on.day],
        "author": head.issuer,
        "letterhead": {
            "superior": sheet.superior_lines(head.superior, own),
            "issuer": issuer,
            "issuer_rule": sheet.issuer_rule(issuer, own),
            "nation": sheet.NATION,
            "motto": sheet.MOTTO,
            "motto_rule": sheet.motto_rule(own),
            "number": sheet.number_line(head),
            "date": sheet.place_and_date(head.place, head.dated, head.year),
        },
        "kind": document.kind.upper(),
        "about": sheet.about_lines(document.about, own),
        "abstract": abstract,
        "abstract_rule": sheet.title_rule(abstract, own),
        "authority": document.authority.upper(),
        "bases": ended(document.bases),
        "enactment": document.enactment.upper(),
        "body": _signed(_blocks(document.body)),
        **_closing(document.recipients, document.signature),
        "copy": _copy_mark(document.copy, own) if document.copy else None,
        "annexes": [
            {
                "label": annex_label(index, len(document.annexes)),
                "title": (title := sheet.title_lines(annex.title.upper(), width=_width(annex))),
                "rule": sheet.title_rule(title),
                "note": sheet.note_lines(annex.note, width=_width(annex)),
                "landscape": annex.landscape,
                "body": _blocks(annex.body),
            }
            for index, annex in enumerate(document.annexes)
        ],
    }


def _measures(own: sheet.Measures) -> dict[str, Any]:
    return {
        "page": own.page,
        "before_title": own.before_title,
        "top": own.top,
        "bottom": own.bottom,
        "left": own.left,
        "right": own.right,
        "header": own.header,
        "indent": own.indent,
        "gap": own.gap,
        "leading": round(own.body_size * (_LINE * sheet.LINE_SPACING - _LETTER), 2),
        "letterhead": own.letterhead,
        "signature": own.signature,
        "signing_space": own.signing_space,
        "nation_size": own.nation_size,
        "motto_size": own.motto_size,
        "number_size": own.number_size,
        "date_size": own.date_size,
        "body_size": own.body_size,
        "table_size": own.table_size,
        "page_number_size": own.page_number_size,
        "recipients_head_size": own.recipients_head_size,
        "recipients_size": own.recipients_size,
        "about_size": own.about_size,
    }


def write_copy_mark(mark: CopyMark) -> bytes:
    """Return what stands below a copied text as a PDF of one page, as wide as A4 and as high as it is, without a ground."""
    own = sheet.measures_of(Paper.A4)
    values = {"measures": _measures(own), "mark": _copy_mark(mark, own)}
    return typeset(COPY_TEMPLATE, "copy", shown(values), for_archive=False)


def _copy_mark(mark: CopyMark, own: sheet.Measures) -> dict[str, Any]:
    head = mark.letterhead
    issuer = sheet.issuer_lines(head.issuer, own)
    return {
        "title": mark.title,
        "issuer": issuer,
        "issuer_rule": sheet.issuer_rule(issuer, own),
        "number": sheet.number_line(head),
        "date": sheet.place_and_date(head.place, head.dated, head.year),
        **_closing(mark.recipients, mark.signature),
    }


def _closing(recipients: tuple[str, ...], signature: Signature) -> dict[str, Any]:
    return {
        "recipients": [f"- {line}" for line in ended(recipients)],
        "signature": {"lines": [line.upper() for line in signature.lines], "name": signature.name},
    }


def _width(annex: Annex) -> float:
    return sheet.LANDSCAPE_WIDTH if annex.landscape else sheet.TEXT_WIDTH


def _signed(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Part the last row from a table that ends a body, so that it goes with the signature; one that others span stays.

    A table of one row goes with it whole.
    """
    last = blocks[-1] if blocks else {}
    rows = last.get("rows", [])
    if len(rows) == 1:
        return [*blocks[:-1], {**last, "sticky": True}]
    if not rows or any(cell["rows"] > 1 for row in rows for cell in row):
        return blocks
    return [
        *blocks[:-1],
        {**last, "rows": rows[:-1], "goes_on": True},
        {**last, "head": [], "rows": rows[-1:], "goes_with_signature": True, "sticky": True},
    ]


def _blocks(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Table():
            return {
                "kind": "table",
                "shares": block.shares,
                "ruled": block.is_ruled,
                "whole": block.is_whole,
                "goes_on": False,
                "goes_with_signature": False,
                "sticky": False,
                "head": [[_cell(cell, is_long=False) for cell in row] for row in block.head],
                "rows": [
                    [_cell(cell, is_long=_is_long(block.rows[index : index + cell.rows])) for cell in row]
                    for index, row in enumerate(block.rows)
                ],
            }
        case Picture():
            return {
                "kind": "picture",
                "svg": block.chart.on_paper,
                "caption": block.caption,
                "alt": block.alt,
                "goes_with_table": block.goes_with_table,
            }
    return {
        "kind": "paragraph",
        "line": _line(block.line),
        "align": block.align.value,
        "indent": block.indent,
        "level": block.level,
    }


def write_pictures(charts: Sequence[Chart], width: float) -> list[bytes]:
    """Return charts as PNG, each ``width`` millimetres wide at 200 dots an inch; the same charts give the same bytes."""
    if not charts:
        return []
    values = {"width": width, "svg": [displayable(each.on_paper) for each in charts]}
    return draw(TEMPLATE.with_name("picture.typ"), "pictures", values, dots=_DOTS)


def _is_long(rows: tuple[tuple[Cell, ...], ...]) -> bool:
    """Return whether rows may be too tall to stay on one page, by the longest text of each."""
    longest = (
        max((sum(len(run.text) for line in cell.lines for run in line) for cell in row), default=0)
        for row in rows
    )
    return sum(longest) > _LONG_CELL


def _cell(cell: Cell, *, is_long: bool) -> dict[str, Any]:
    return {
        "lines": [_line(line) for line in cell.lines],
        "columns": cell.columns,
        "rows": cell.rows,
        "align": cell.align.value,
        "long": is_long,
    }


def _line(line: Line) -> list[dict[str, Any]]:
    return [{"text": run.text, "bold": run.bold, "italic": run.italic} for run in line]
