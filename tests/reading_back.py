"""A paper's values, from the model that goes in and from the Word file that comes out, in one shape to be compared.

The file is read by python-docx, from its letters alone: nothing of what wrote it is asked.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph as DocxParagraph

from camket.paper.writing.model import Block, Document, Line, Paragraph, Table

Values = dict[str, Any]
_MONTHS = re.compile(r"ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def values_in(document: Document) -> Values:
    """Return what a document says, as it goes in."""
    head = document.letterhead
    day = head.dated
    return {
        "issuer": _folded(f"{head.superior} {head.issuer}").upper(),
        "number": head.number or f"/{head.symbol}",
        "place": head.place or "…",
        "dated": [day.day, day.month, day.year] if day else None,
        "about": _folded(document.about),
        "kind": document.kind.upper(),
        "abstract": _folded(document.abstract) if document.kind else "",
        "authority": document.authority.upper() if document.kind else "",
        "bases": [each.rstrip(" ;.,") for each in document.bases],
        "enactment": document.enactment.upper(),
        "body": _blocks_in(document.body),
        "recipients": [each.rstrip(" ;.,") for each in document.recipients],
        "signature": [each.upper() for each in document.signature.lines],
        "name": document.signature.name,
        "annexes": [
            {
                "title": _folded(each.title).upper(),
                "note": _folded(each.note),
                "body": _blocks_in(each.body),
            }
            for each in document.annexes
        ],
    }


def _blocks_in(blocks: Iterable[Block]) -> list[Any]:
    found: list[Any] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(_line_in(block.line))
        elif isinstance(block, Table):
            found.append(_table_in(block))
        else:
            found += [["picture", block.alt], _joined([(block.caption, False, True)])]
    return found


def _line_in(line: Line) -> list[Any]:
    return _joined([(_CONTROLS.sub("", run.text), bool(run.bold), bool(run.italic)) for run in line])


def _table_in(table: Table) -> list[Any]:
    """Return a table as rows of cells: words of each line, columns, rows."""
    head = len(table.head)
    return [
        [[[_plain(_line_in(line)) for line in cell.lines] or [""], cell.columns, cell.rows] for cell in cells]
        for index, cells in enumerate((*table.head, *table.rows))
        if cells or index < head
    ]


def values_out(data: bytes) -> list[Values]:
    """Return what the documents of a Word file say, in the same shape."""
    body = docx.Document(io.BytesIO(data)).element.body
    parts = [each for each in body if each.tag in (qn("w:p"), qn("w:tbl"))]
    starts = [
        i for i, each in enumerate(parts) if each.tag == qn("w:tbl") and "CỘNG HÒA XÃ HỘI" in _text(each)
    ]
    return [_read(parts[start:end]) for start, end in zip(starts, [*starts, len(parts)][1:], strict=True)]


def _read(parts: list[Any]) -> Values:
    head = [[_lines(cell) for cell in row.iter(qn("w:tc"))] for row in parts[0].iter(qn("w:tr"))]
    number, *about = [each for each in head[1][0] if each]
    place, _comma, day = head[1][1][0].partition(", ")
    found = _MONTHS.fullmatch(day)
    after = [
        each
        for each in parts[1:]
        if each.tag == qn("w:tbl") or _text(each) or _is_rule(each) or _picture(each)
    ]
    closing = next(
        i
        for i, each in enumerate(after)
        if each.tag == qn("w:tbl") and not each.findall(f".//{qn('w:tblBorders')}") and _is_closing(each)
    )
    values: Values = {
        "issuer": _folded(" ".join(head[0][0])),
        "number": number.removeprefix("Số:").strip(" \u00a0…"),
        "place": place,
        "dated": [int(each) for each in found.groups()] if found else None,
        "about": _folded(" ".join(about)),
        **_title(after[:closing]),
        **_closing(after[closing]),
        "annexes": _annexes(after[closing + 1 :]),
    }
    return values


def _title(parts: list[Any]) -> Values:
    """Return type, abstract, authority, bases and what was enacted, and the body: by place and by words."""
    kind, abstract, authority = "", [], ""
    rest = list(parts)
    if rest and _outline(rest[0]) == 0 and _centered(rest[0]) and _text(rest[0]).isupper():
        kind = _text(rest.pop(0))
        if any(_is_rule(each) for each in rest[:8]) or not rest:
            while rest and not _is_rule(rest[0]):
                abstract.append(_text(rest.pop(0)))
            rest.pop(0)
            if (
                rest
                and _centered(rest[0])
                and _text(rest[0]).isupper()
                and rest[0].tag == qn("w:p")
                and _follows(rest)
            ):
                authority = _text(rest.pop(0))
    enacted = next(
        (i for i, each in enumerate(rest) if _text(each) == "QUYẾT ĐỊNH:" and _centered(each)), None
    )
    bases = [_text(each).rstrip(" ;.,") for each in rest[:enacted]] if enacted is not None else []
    return {
        "kind": kind,
        "abstract": _folded(" ".join(abstract)),
        "authority": authority,
        "bases": bases,
        "enactment": "QUYẾT ĐỊNH:" if enacted is not None else "",
        "body": _blocks(rest[(enacted + 1 if enacted is not None else 0) :]),
    }


def _follows(rest: list[Any]) -> bool:
    return any(_text(each) == "QUYẾT ĐỊNH:" for each in rest)


def _closing(table: Any) -> Values:
    left, right = [_lines(cell) for cell in table.iter(qn("w:tc"))][:2]
    return {
        "recipients": [each.removeprefix("- ").rstrip(" ;.,") for each in left if each.startswith("- ")],
        "signature": right[:-1],
        "name": right[-1] if right else "",
    }


def _annexes(parts: list[Any]) -> list[Any]:
    starts = [
        i
        for i, each in enumerate(parts)
        if re.fullmatch(r"Phụ lục(?: [IVXL]+)?", _text(each)) and _outline(each) == 0
    ]
    found = []
    for start, end in zip(starts, [*starts, len(parts)][1:], strict=True):
        own = parts[start + 1 : end]
        rule = next(i for i, each in enumerate(own) if _is_rule(each))
        lines = [(_text(each), _line_out(each)) for each in own[:rule]]
        notes = [text for text, runs in lines if runs and runs[0][2]]
        found.append(
            {
                "title": _folded(" ".join(text for text, runs in lines if runs and not runs[0][2])),
                "note": _folded(" ".join(notes)),
                "body": _blocks(own[rule + 1 :]),
            }
        )
    return found


def _blocks(parts: list[Any]) -> list[Any]:
    return [
        _table_out(each) if each.tag == qn("w:tbl") else _line_out(each)
        for each in parts
        if not _is_rule(each)
    ]


def _picture(element: Any) -> str:
    """Return what a picture shows, in words; "" where there is none."""
    drawn = element.find(f".//{qn('wp:docPr')}")
    return "" if drawn is None else drawn.get("descr") or "-"


def _line_out(element: Any) -> list[Any]:
    if said := _picture(element):
        return ["picture", said]
    runs = DocxParagraph(element, None).runs  # type: ignore[arg-type]
    return _joined([(run.text, bool(run.bold), bool(run.italic)) for run in runs])


def _table_out(element: Any) -> list[Any]:
    """Return a table's cells; a cell that goes on from above is no cell of its own, and counts for the one above."""
    rows: list[list[Any]] = []
    above: dict[int, list[Any]] = {}
    for row in element.findall(qn("w:tr")):
        column, cells = 0, []
        for cell in row.findall(qn("w:tc")):
            properties = cell.find(qn("w:tcPr"))
            span = properties.find(qn("w:gridSpan")) if properties is not None else None
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            wide = int(span.get(qn("w:val"))) if span is not None else 1
            if merge is not None and merge.get(qn("w:val")) != "restart":
                above[column][2] += 1
            else:
                made = [_lines(cell), wide, 1]
                cells.append(made)
                above[column] = made
            column += wide
        rows.append(cells)
    return rows


def _joined(runs: list[tuple[str, bool, bool]]) -> list[Any]:
    """Return runs with neighbours of one style made one, and empty ones left out."""
    joined: list[Any] = []
    for text, is_bold, is_italic in runs:
        if not text:
            continue
        if joined and joined[-1][1:] == [is_bold, is_italic]:
            joined[-1][0] += text
        else:
            joined.append([text, is_bold, is_italic])
    return joined


def _plain(runs: list[Any]) -> str:
    return "".join(text for text, _bold, _italic in runs)


def _lines(cell: Any) -> list[str]:
    return [_text(each) for each in cell.findall(qn("w:p")) if not _is_rule(each)]


def _text(element: Any) -> str:
    if element.tag == qn("w:p"):
        return DocxParagraph(element, None).text  # type: ignore[arg-type]
    return "\n".join(cell.text for row in DocxTable(element, None).rows for cell in row.cells)  # type: ignore[arg-type]


def _is_rule(element: Any) -> bool:
    return element.tag == qn("w:p") and element.find(f".//{qn('w:pBdr')}") is not None


def _is_closing(table: Any) -> bool:
    rows = table.findall(qn("w:tr"))
    if len(rows) != 1 or len(rows[0].findall(qn("w:tc"))) != 2:
        return False
    left, right = rows[0].findall(qn("w:tc"))
    return _text(left.find(qn("w:p"))) in ("Nơi nhận:", "") and not any(
        each.startswith("- ") for each in _lines(right)
    )


def _outline(element: Any) -> int | None:
    level = element.find(f".//{qn('w:outlineLvl')}")
    return int(level.get(qn("w:val"))) if level is not None else None


def _centered(element: Any) -> bool:
    return element.tag == qn("w:p") and DocxParagraph(element, None).alignment == 1  # type: ignore[arg-type]


def _folded(text: str) -> str:
    return " ".join(text.split())
