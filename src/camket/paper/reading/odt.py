"""Reads OpenDocument texts (.odt): paragraphs, counted lists, tables with merged cells."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from camket.core.wording.text import decode_legacy, legacy_encoding
from camket.paper.reading.blocks import (
    RawBlock,
    RawCell,
    RawParagraph,
    RawRow,
    RawTable,
    Source,
    join_soft_lines,
    tidy,
)
from camket.paper.reading.labels import counted

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SKIPPED = {_TEXT + "note", _OFFICE + "annotation", _TEXT + "tracked-changes", _TEXT + "ruby-text"}
_MOST_COLUMNS = 63


@dataclass(slots=True)
class _Look:
    parent: str | None = None
    bold: bool | None = None
    italic: bool | None = None
    centered: bool | None = None
    font: str | None = None
    raised: bool = False


@dataclass(slots=True)
class _ListLevel:
    format: str | None = None
    prefix: str = ""
    suffix: str = ""
    shown: int = 1
    start: int = 1
    bullet: str | None = None


@dataclass(slots=True)
class _Counting:
    """Where the list being read stands: its style and its counts by level."""

    style: str | None = None
    counts: list[int] = field(default_factory=list)


def read(archive: zipfile.ZipFile) -> Source:
    """Return the raw blocks of an OpenDocument text.

    Raises KeyError or xml.etree.ElementTree.ParseError where the package is damaged.
    """
    return _Document(archive).source()


class _Document:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.looks: dict[str, _Look] = {}
        self.lists: dict[str, dict[int, _ListLevel]] = {}
        self.faces: dict[str, str] = {}
        self.counting = _Counting()
        self.kept: dict[str, list[int]] = {}
        self.notes: set[str] = set()
        self.content = fromstring(archive.read("content.xml"))
        parts = [self.content]
        if "styles.xml" in archive.namelist():
            parts.insert(0, fromstring(archive.read("styles.xml")))
        for part in parts:
            self._read_styles(part)

    def source(self) -> Source:
        body = self.content.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise KeyError("office:text")
        return Source(list(self._blocks(body)), self.notes)

    def _read_styles(self, part: Element) -> None:
        for face in part.iter(_STYLE + "font-face"):
            family = next((value for key, value in face.attrib.items() if key.endswith("font-family")), "")
            self.faces[face.get(_STYLE + "name", "")] = family.strip("'\"")
        for element in part.iter(_STYLE + "style"):
            look = _Look(parent=element.get(_STYLE + "parent-style-name"))
            for properties in element.findall(_STYLE + "text-properties"):
                weight = properties.get(_FO + "font-weight")
                slope = properties.get(_FO + "font-style")
                look.bold = (
                    None if weight is None else weight == "bold" or weight.isdigit() and int(weight) > 500
                )
                look.italic = None if slope is None else slope == "italic"
                look.font = self.faces.get(properties.get(_STYLE + "font-name", ""))
                look.raised = properties.get(_STYLE + "text-position", "").startswith("super")
            for properties in element.findall(_STYLE + "paragraph-properties"):
                align = properties.get(_FO + "text-align")
                look.centered = None if align is None else align == "center"
            self.looks[element.get(_STYLE + "name", "")] = look
        for element in part.iter(_TEXT + "list-style"):
            levels: dict[int, _ListLevel] = {}
            for level in element:
                depth = int(level.get(_TEXT + "level", "1"))
                levels[depth] = _ListLevel(
                    format=level.get(_STYLE + "num-format"),
                    prefix=level.get(_STYLE + "num-prefix", ""),
                    suffix=level.get(_STYLE + "num-suffix", ""),
                    shown=int(level.get(_TEXT + "display-levels", "1")),
                    start=int(level.get(_TEXT + "start-value", "1")),
                    bullet=level.get(_TEXT + "bullet-char"),
                )
            self.lists[element.get(_STYLE + "name", "")] = levels

    def _look(self, name: str | None, attribute: str) -> object:
        seen: set[str] = set()
        while name and name in self.looks and name not in seen:
            seen.add(name)
            value = getattr(self.looks[name], attribute)
            if value is not None:
                return value
            name = self.looks[name].parent
        return None

    def _blocks(self, parent: Element, depth: int = 0) -> Iterator[RawBlock]:
        for element in parent:
            if element.tag in _SKIPPED:
                continue
            if element.tag in (_TEXT + "p", _TEXT + "h"):
                paragraph = self._paragraph(element)
                if paragraph.text:
                    yield paragraph
                yield from self._framed(element)
            elif element.tag == _TEXT + "list":
                yield from self._list(element, depth + 1)
            elif element.tag == _TABLE + "table":
                table = self._table(element)
                if table.rows:
                    yield table
            else:
                yield from self._blocks(element, depth)

    def _framed(self, paragraph: Element) -> Iterator[RawBlock]:
        for element in paragraph.iter():
            if element.tag.endswith("}text-box"):
                yield from self._blocks(element)

    def _list(self, element: Element, depth: int) -> Iterator[RawBlock]:
        counting = self.counting
        if depth == 1:
            style = element.get(_TEXT + "style-name")
            goes_on = element.get(_TEXT + "continue-numbering") == "true" or element.get(
                _TEXT + "continue-list"
            )
            counting = self.counting = _Counting(
                style, list(self.kept.get(style or "", [])) if goes_on else []
            )
        levels = self.lists.get(counting.style or "", {})
        level = levels.get(depth, _ListLevel(format="1", suffix="."))
        del counting.counts[depth:]
        if len(counting.counts) < depth:
            counting.counts += [level.start - 1] * (depth - len(counting.counts))
        for item in element:
            if item.tag not in (_TEXT + "list-item", _TEXT + "list-header"):
                continue
            start = item.get(_TEXT + "start-value")
            if item.tag == _TEXT + "list-item":
                del counting.counts[depth:]
                counting.counts[depth - 1] = int(start) if start else counting.counts[depth - 1] + 1
            label = self._label(levels, depth) if item.tag == _TEXT + "list-item" else ""
            first = True
            for block in self._blocks(item, depth):
                if first and isinstance(block, RawParagraph) and label and block.number is None:
                    block.number, block.text = label, f"{label} {block.text}"
                first = False
                yield block
        if counting.style:
            self.kept[counting.style] = list(counting.counts)

    def _label(self, levels: dict[int, _ListLevel], depth: int) -> str:
        level = levels.get(depth, _ListLevel(format="1", suffix="."))
        if level.bullet is not None:
            return level.bullet if level.bullet in ("-", "–", "—", "+", "*", "•") else "-"
        if not level.format:
            return ""
        first = max(1, depth - level.shown + 1)
        counts = self.counting.counts
        numbers = [
            counted(counts[i - 1], (levels.get(i, level).format or "1") if i != depth else level.format)
            for i in range(first, depth + 1)
        ]
        return f"{level.prefix}{'.'.join(numbers)}{level.suffix}".strip()

    def _paragraph(self, element: Element) -> RawParagraph:
        name = element.get(_TEXT + "style-name")
        runs = list(self._runs(element, name))
        whole = sum(len(text.strip()) for text, _ in runs) or 1
        bold = sum(len(text.strip()) for text, style in runs if self._look(style, "bold"))
        italic = sum(len(text.strip()) for text, style in runs if self._look(style, "italic"))
        text = "".join(self._decoded(text, style) for text, style in runs)
        return RawParagraph(
            text=join_soft_lines(text),
            bold=bold * 2 > whole,
            italic=italic * 2 > whole,
            centered=bool(self._look(name, "centered")),
        )

    def _decoded(self, text: str, style: str | None) -> str:
        font = self._look(style, "font")
        name = font if isinstance(font, str) else None
        if not text or (text.isascii() and not (name or "").endswith("H")):
            return text
        encoding = legacy_encoding(text, name)
        if encoding is None:
            return text
        self.notes.add(encoding)
        return decode_legacy(text, encoding, name)

    def _runs(self, element: Element, style: str | None) -> Iterator[tuple[str, str | None]]:
        if element.text:
            yield " ".join(element.text.split("\n")), style
        for child in element:
            if child.tag == _TEXT + "s":
                yield " " * min(200, int(child.get(_TEXT + "c", "1"))), style
            elif child.tag == _TEXT + "tab":
                yield " ", style
            elif child.tag == _TEXT + "line-break":
                yield "\v", style
            elif child.tag in (_TEXT + "span", _TEXT + "a"):
                own = child.get(_TEXT + "style-name") or style
                raised = own in self.looks and self.looks[own].raised
                if not (raised and "".join(child.itertext()).strip().isdigit()):
                    yield from self._runs(child, own)
            elif child.tag not in _SKIPPED and not child.tag.endswith("}frame"):
                yield from self._runs(child, style)
            if child.tail:
                yield " ".join(child.tail.split("\n")), style

    def _table(self, element: Element) -> RawTable:
        rows: list[RawRow] = []
        hanging: dict[int, tuple[RawCell, int]] = {}
        for tr in self._rows(element):
            cells: list[RawCell] = []
            for tc in tr:
                if tc.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                    continue
                repeat = min(_MOST_COLUMNS, int(tc.get(_TABLE + "number-columns-repeated", "1")))
                for _ in range(repeat):
                    column = len(cells)
                    if column >= _MOST_COLUMNS:
                        break
                    if column in hanging and hanging[column][1] > 0:
                        cell, left = hanging[column]
                        hanging[column] = (cell, left - 1)
                        cells.append(cell)
                    elif tc.tag == _TABLE + "covered-table-cell":
                        cells.append(cells[-1] if cells else RawCell())
                    else:
                        cell = self._cell(tc)
                        down = int(tc.get(_TABLE + "number-rows-spanned", "1")) - 1
                        across = int(tc.get(_TABLE + "number-columns-spanned", "1"))
                        for covered in range(column, column + across):
                            hanging[covered] = (cell, down)
                        cells.append(cell)
            if cells:
                rows.append(RawRow(cells))
        width = max((len(row.cells) for row in rows), default=0)
        for row in rows:
            row.cells.extend(RawCell() for _ in range(width - len(row.cells)))
        return RawTable(rows)

    def _rows(self, element: Element) -> Iterator[Element]:
        for child in element:
            if child.tag == _TABLE + "table-row":
                # A row repeated many times is an empty one that fills the page.
                yield child
            elif child.tag in (
                _TABLE + "table-header-rows",
                _TABLE + "table-row-group",
                _TABLE + "table-rows",
            ):
                yield from self._rows(child)

    def _cell(self, tc: Element) -> RawCell:
        outer, self.counting = self.counting, _Counting()
        lines: list[str] = []
        bold = 0
        for block in self._blocks(tc):
            if isinstance(block, RawParagraph):
                lines.append(block.text)
                bold += block.bold
            else:
                lines.extend(cell.text for row in block.rows for cell in dict.fromkeys(row.cells))
        self.counting = outer
        text = tidy("\n".join(lines))
        return RawCell(text, bold=bool(text) and bold * 2 >= len(lines))
