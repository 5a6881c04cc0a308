"""Reads Word documents (.docx): text as shown, automatic numbers counted, merged cells laid flat.

The XML is read directly, so that deleted text, field codes, footnotes and comments stay out, and the
numbers that Word counts are written where a reader sees them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

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
from camket.paper.reading.labels import counted_label
from camket.paper.wordml import MC, W, direct, flag_of, tree_of, value_of, whole_of

_SKIPPED = {
    W + name
    for name in (
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "footnoteReference",
        "endnoteReference",
        "commentReference",
        "annotationRef",
        "rPr",
        "pPr",
        "sdtPr",
        "sdtEndPr",
    )
} | {MC + "Fallback"}
_SOFT = "\v"
"""A line break inside a paragraph, until it is known whether it only wraps the line."""


@dataclass(slots=True)
class _Level:
    style: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counter: str = ""


@dataclass(slots=True)
class _Style:
    based_on: str | None = None
    list_id: str | None = None
    level: int | None = None
    bold: bool | None = None
    centered: bool | None = None
    font: str | None = None


def read(archive: zipfile.ZipFile) -> Source:
    """Return the raw blocks of a Word document.

    Raises KeyError or xml.etree.ElementTree.ParseError where the package is damaged.
    """
    return _Document(archive).source()


class _Document:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.styles: dict[str, _Style] = {}
        self.default_style: str | None = None
        self.default_font: str | None = None
        self.lists: dict[str, _List] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.notes: set[str] = set()
        self._read_styles()
        self._read_lists()

    def source(self) -> Source:
        body = self._part("word/document.xml")
        if body is None:
            raise KeyError("word/document.xml")
        return Source(list(self._blocks(body)), self.notes)

    def _part(self, name: str, *, needed: bool = True) -> Element | None:
        if not needed and name not in self.archive.namelist():
            return None
        return tree_of(self.archive, name)

    def _read_styles(self) -> None:
        root = self._part("word/styles.xml", needed=False)
        if root is None:
            return
        fonts = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
        self.default_font = _font(fonts)
        for element in root.iter(W + "style"):
            name = element.get(W + "styleId", "")
            style = _Style(based_on=value_of(element.find(W + "basedOn")))
            number = element.find(f"{W}pPr/{W}numPr")
            if number is not None:
                style.list_id = value_of(number.find(W + "numId"))
                style.level = whole_of(value_of(number.find(W + "ilvl")), 0)
            style.centered = _centered(element.find(W + "pPr"))
            style.bold = flag_of(element.find(f"{W}rPr/{W}b"))
            style.font = _font(element.find(f"{W}rPr/{W}rFonts"))
            self.styles[name] = style
            if element.get(W + "type") == "paragraph" and element.get(W + "default") == "1":
                self.default_style = name

    def _read_lists(self) -> None:
        root = self._part("word/numbering.xml", needed=False)
        if root is None:
            return
        abstract = {item.get(W + "abstractNumId", ""): item for item in root.findall(W + "abstractNum")}
        linked = {
            value_of(item.find(W + "styleLink")): key
            for key, item in abstract.items()
            if item.find(W + "styleLink") is not None
        }
        for item in root.findall(W + "num"):
            key = value_of(item.find(W + "abstractNumId")) or ""
            base = abstract.get(key)
            if base is not None and base.find(W + "numStyleLink") is not None:
                key = linked.get(value_of(base.find(W + "numStyleLink")), key)
                base = abstract.get(key)
            found = _List(counter=key)
            for level in [] if base is None else base.findall(W + "lvl"):
                found.levels[whole_of(level.get(W + "ilvl"), 0)] = _level(level)
            for change in item.findall(W + "lvlOverride"):
                depth = whole_of(change.get(W + "ilvl"), 0)
                level_change = change.find(W + "lvl")
                if level_change is not None:
                    found.levels[depth] = _level(level_change)
                start = value_of(change.find(W + "startOverride"))
                if start is not None:
                    # A list with its own start counts apart from the others of its abstract list.
                    found.counter = f"{key}/{item.get(W + 'numId')}"
                    found.levels.setdefault(depth, _Level()).start = whole_of(start, 1)
            self.lists[item.get(W + "numId", "")] = found

    def _chain(self, name: str | None) -> Iterator[_Style]:
        seen: set[str] = set()
        name = name or self.default_style
        while name and name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = self.styles[name].based_on

    def _blocks(self, parent: Element) -> Iterator[RawBlock]:
        for element in parent:
            if element.tag == W + "p":
                yield from self._boxes(element)
                paragraph = self._paragraph(element)
                if paragraph.text:
                    yield paragraph
            elif element.tag == W + "tbl":
                table = self._table(element)
                if table.rows:
                    yield table
            elif element.tag not in _SKIPPED and element.tag != W + "sectPr":
                yield from self._blocks(element)

    def _boxes(self, paragraph: Element) -> Iterator[RawBlock]:
        """Yield what text boxes anchored in a paragraph hold; the copy for old programs is left out."""
        for element in _shown(paragraph):
            if element.tag == W + "txbxContent":
                yield from self._blocks(element)

    def _paragraph(self, element: Element) -> RawParagraph:
        properties = element.find(W + "pPr")
        name = None if properties is None else value_of(properties.find(W + "pStyle"))
        chain = list(self._chain(name))
        text, bold, italic = self._text(element, chain)
        label = self._label(properties, chain)
        centered = _centered(properties)
        if centered is None:
            centered = next((style.centered for style in chain if style.centered is not None), False)
        text = join_soft_lines(text)
        if label and text:
            text = f"{label} {text}"
        return RawParagraph(
            text=text, number=label if text else None, bold=bold, italic=italic, centered=bool(centered)
        )

    def _text(self, paragraph: Element, chain: list[_Style]) -> tuple[str, bool, bool]:
        style_bold = next((style.bold for style in chain if style.bold is not None), False)
        style_font = next((style.font for style in chain if style.font is not None), self.default_font)
        parts: list[str] = []
        weights = {"bold": 0, "italic": 0, "all": 0}
        for run in _runs(paragraph):
            properties = run.find(W + "rPr")
            text = "".join(_characters(run))
            if properties is not None and flag_of(properties.find(W + "vanish")):
                continue
            raised = (
                properties is not None and value_of(properties.find(W + "vertAlign")) == "superscript"
            ) and text.strip().isdigit()
            # A raised figure is a footnote's mark, not part of the text; m² keeps its square.
            if raised and not (text.strip() in "23" and "".join(parts).endswith("m")):
                continue
            font = style_font if properties is None else _font(properties.find(W + "rFonts")) or style_font
            text = self._decoded(text, font)
            if properties is not None and flag_of(properties.find(W + "caps")):
                text = text.upper()
            parts.append(text)
            weight = len(text.strip())
            weights["all"] += weight
            bold = None if properties is None else flag_of(properties.find(W + "b"))
            weights["bold"] += weight * bool(style_bold if bold is None else bold)
            weights["italic"] += weight * bool(properties is not None and flag_of(properties.find(W + "i")))
        whole = weights["all"] or 1
        return "".join(parts), weights["bold"] * 2 > whole, weights["italic"] * 2 > whole

    def _decoded(self, text: str, font: str | None) -> str:
        if not text or (text.isascii() and not (font or "").endswith("H")):
            return text
        encoding = legacy_encoding(text, font)
        if encoding is None:
            return text
        self.notes.add(encoding)
        return decode_legacy(text, encoding, font)

    def _label(self, properties: Element | None, chain: list[_Style]) -> str | None:
        list_id, depth = None, None
        number = None if properties is None else properties.find(W + "numPr")
        if number is not None:
            list_id = value_of(number.find(W + "numId"))
            depth = whole_of(value_of(number.find(W + "ilvl")), 0)
        if list_id is None:
            list_id = next((style.list_id for style in chain if style.list_id), None)
        if depth is None:
            depth = next((style.level for style in chain if style.level is not None), 0)
        found = self.lists.get(list_id or "0")
        if found is None or list_id == "0":
            return None
        level = found.levels.get(depth, _Level(text=f"%{depth + 1}."))
        counts = self.counts.setdefault(found.counter, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            restart = found.levels.get(deeper, _Level()).restart
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        numbers = [
            (counts.get(i, found.levels.get(i, _Level()).start), found.levels.get(i, _Level()).style)
            for i in range(depth + 1)
        ]
        return counted_label(level.style, level.text, numbers) or None

    def _table(self, element: Element) -> RawTable:
        rows: list[RawRow] = []
        above: list[RawCell | None] = []
        for tr in direct(element, "tr"):
            properties = tr.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                continue
            cells: list[RawCell] = [RawCell() for _ in range(_skipped_columns(properties, "gridBefore"))]
            continued: list[bool] = [False] * len(cells)
            for tc in direct(tr, "tc"):
                cell_properties = tc.find(W + "tcPr")
                width = 1
                merge = None
                if cell_properties is not None:
                    width = max(1, min(63, whole_of(value_of(cell_properties.find(W + "gridSpan")), 1)))
                    merge = cell_properties.find(W + "vMerge")
                column = len(cells)
                goes_down = merge is not None and merge.get(W + "val", "continue") == "continue"
                upper = above[column] if column < len(above) else None
                if goes_down and upper is not None:
                    # What stands in a covered cell is hidden by Word, but kept here rather than lost.
                    hidden = self._cell(tc).text
                    if hidden and hidden not in upper.text:
                        upper.text = tidy(f"{upper.text}\n{hidden}")
                    cell = upper
                else:
                    cell = self._cell(tc)
                cells.extend([cell] * width)
                continued.extend([merge is not None] * width)
            cells.extend(RawCell() for _ in range(_skipped_columns(properties, "gridAfter")))
            continued.extend([False] * (len(cells) - len(continued)))
            if cells:
                rows.append(RawRow(cells))
                above = [cell if down else None for cell, down in zip(cells, continued, strict=True)]
        width = max((len(row.cells) for row in rows), default=0)
        for row in rows:
            row.cells.extend(RawCell() for _ in range(width - len(row.cells)))
        return RawTable(rows)

    def _cell(self, tc: Element) -> RawCell:
        lines: list[str] = []
        bold = 0
        for block in self._blocks(tc):
            if isinstance(block, RawParagraph):
                lines.append(block.text)
                bold += block.bold
            else:
                # A table inside a cell is read as its cells' lines.
                seen: set[int] = set()
                for row in block.rows:
                    for cell in row.cells:
                        if id(cell) not in seen:
                            seen.add(id(cell))
                            lines.append(cell.text)
        text = tidy("\n".join(lines))
        return RawCell(text, bold=bool(text) and bold * 2 >= len(lines))


def _shown(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag not in _SKIPPED:
            yield child
            if child.tag != W + "txbxContent":
                yield from _shown(child)


def _runs(paragraph: Element) -> Iterator[Element]:
    for child in paragraph:
        if child.tag == W + "r":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _characters(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in (W + "tab", W + "ptab"):
            yield " "
        elif child.tag in (W + "br", W + "cr"):
            yield " " if child.get(W + "type") in ("page", "column") else _SOFT
        elif child.tag == W + "noBreakHyphen":
            yield "-"
        elif child.tag == W + "sym":
            yield _symbol(child.get(W + "char", ""))


def _symbol(code: str) -> str:
    """Return the character of a symbol font; the two signs of comparison matter, others are bullets.

    >>> _symbol("F0B3"), _symbol("F0A3"), _symbol("F0B7")
    ('≥', '≤', '-')
    """
    return {"B3": "≥", "A3": "≤", "B1": "±", "B0": "°"}.get(code[-2:].upper(), "-")


def _level(element: Element) -> _Level:
    restart = value_of(element.find(W + "lvlRestart"))
    return _Level(
        style=value_of(element.find(W + "numFmt")) or "decimal",
        text=value_of(element.find(W + "lvlText")) or "",
        start=whole_of(value_of(element.find(W + "start")), 1),
        restart=None if restart is None else whole_of(restart, 0),
    )


def _skipped_columns(properties: Element | None, name: str) -> int:
    if properties is None:
        return 0
    return min(63, whole_of(value_of(properties.find(W + name)), 0))


def _centered(properties: Element | None) -> bool | None:
    value = None if properties is None else value_of(properties.find(W + "jc"))
    return None if value is None else value == "center"


def _font(fonts: Element | None) -> str | None:
    if fonts is None:
        return None
    return fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or fonts.get(W + "cs")
