"""Reads Word documents (.docx): text as shown, automatic numbers counted, merged cells laid flat.

The XML is read directly, so that deleted text, field codes, footnotes and comments stay out, and the
numbers that Word counts are written where a reader sees them.
"""

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
from camket.paper.reading.labels import counted_label

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SKIPPED = {
    _W + name
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
} | {_MC + "Fallback"}
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
        element: Element = fromstring(self.archive.read(name).replace(_STRICT, _TRANSITIONAL))
        return element

    def _read_styles(self) -> None:
        root = self._part("word/styles.xml", needed=False)
        if root is None:
            return
        fonts = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}rFonts")
        self.default_font = _font(fonts)
        for element in root.iter(_W + "style"):
            name = element.get(_W + "styleId", "")
            style = _Style(based_on=_value(element.find(_W + "basedOn")))
            number = element.find(f"{_W}pPr/{_W}numPr")
            if number is not None:
                style.list_id = _value(number.find(_W + "numId"))
                style.level = _whole(_value(number.find(_W + "ilvl")), 0)
            style.centered = _centered(element.find(_W + "pPr"))
            style.bold = _flag(element.find(f"{_W}rPr/{_W}b"))
            style.font = _font(element.find(f"{_W}rPr/{_W}rFonts"))
            self.styles[name] = style
            if element.get(_W + "type") == "paragraph" and element.get(_W + "default") == "1":
                self.default_style = name

    def _read_lists(self) -> None:
        root = self._part("word/numbering.xml", needed=False)
        if root is None:
            return
        abstract = {item.get(_W + "abstractNumId", ""): item for item in root.findall(_W + "abstractNum")}
        linked = {
            _value(item.find(_W + "styleLink")): key
            for key, item in abstract.items()
            if item.find(_W + "styleLink") is not None
        }
        for item in root.findall(_W + "num"):
            key = _value(item.find(_W + "abstractNumId")) or ""
            base = abstract.get(key)
            if base is not None and base.find(_W + "numStyleLink") is not None:
                key = linked.get(_value(base.find(_W + "numStyleLink")), key)
                base = abstract.get(key)
            found = _List(counter=key)
            for level in [] if base is None else base.findall(_W + "lvl"):
                found.levels[_whole(level.get(_W + "ilvl"), 0)] = _level(level)
            for change in item.findall(_W + "lvlOverride"):
                depth = _whole(change.get(_W + "ilvl"), 0)
                level_change = change.find(_W + "lvl")
                if level_change is not None:
                    found.levels[depth] = _level(level_change)
                start = _value(change.find(_W + "startOverride"))
                if start is not None:
                    # A list with its own start counts apart from the others of its abstract list.
                    found.counter = f"{key}/{item.get(_W + 'numId')}"
                    found.levels.setdefault(depth, _Level()).start = _whole(start, 1)
            self.lists[item.get(_W + "numId", "")] = found

    def _chain(self, name: str | None) -> Iterator[_Style]:
        seen: set[str] = set()
        name = name or self.default_style
        while name and name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = self.styles[name].based_on

    def _blocks(self, parent: Element) -> Iterator[RawBlock]:
        for element in parent:
            if element.tag == _W + "p":
                yield from self._boxes(element)
                paragraph = self._paragraph(element)
                if paragraph.text:
                    yield paragraph
            elif element.tag == _W + "tbl":
                table = self._table(element)
                if table.rows:
                    yield table
            elif element.tag not in _SKIPPED and element.tag != _W + "sectPr":
                yield from self._blocks(element)

    def _boxes(self, paragraph: Element) -> Iterator[RawBlock]:
        """Yield what text boxes anchored in a paragraph hold; the copy for old programs is left out."""
        for element in _shown(paragraph):
            if element.tag == _W + "txbxContent":
                yield from self._blocks(element)

    def _paragraph(self, element: Element) -> RawParagraph:
        properties = element.find(_W + "pPr")
        name = None if properties is None else _value(properties.find(_W + "pStyle"))
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
            properties = run.find(_W + "rPr")
            text = "".join(_characters(run))
            if properties is not None and _flag(properties.find(_W + "vanish")):
                continue
            raised = (
                properties is not None and _value(properties.find(_W + "vertAlign")) == "superscript"
            ) and text.strip().isdigit()
            # A raised figure is a footnote's mark, not part of the text; m² keeps its square.
            if raised and not (text.strip() in "23" and "".join(parts).endswith("m")):
                continue
            font = style_font if properties is None else _font(properties.find(_W + "rFonts")) or style_font
            text = self._decoded(text, font)
            if properties is not None and _flag(properties.find(_W + "caps")):
                text = text.upper()
            parts.append(text)
            weight = len(text.strip())
            weights["all"] += weight
            bold = None if properties is None else _flag(properties.find(_W + "b"))
            weights["bold"] += weight * bool(style_bold if bold is None else bold)
            weights["italic"] += weight * bool(properties is not None and _flag(properties.find(_W + "i")))
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
        number = None if properties is None else properties.find(_W + "numPr")
        if number is not None:
            list_id = _value(number.find(_W + "numId"))
            depth = _whole(_value(number.find(_W + "ilvl")), 0)
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
        for tr in _direct(element, "tr"):
            properties = tr.find(_W + "trPr")
            if properties is not None and properties.find(_W + "del") is not None:
                continue
            cells: list[RawCell] = [RawCell() for _ in range(_skipped_columns(properties, "gridBefore"))]
            continued: list[bool] = [False] * len(cells)
            for tc in _direct(tr, "tc"):
                cell_properties = tc.find(_W + "tcPr")
                width = 1
                merge = None
                if cell_properties is not None:
                    width = max(1, min(63, _whole(_value(cell_properties.find(_W + "gridSpan")), 1)))
                    merge = cell_properties.find(_W + "vMerge")
                column = len(cells)
                goes_down = merge is not None and merge.get(_W + "val", "continue") == "continue"
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
            if child.tag != _W + "txbxContent":
                yield from _shown(child)


def _runs(paragraph: Element) -> Iterator[Element]:
    for child in paragraph:
        if child.tag == _W + "r":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _characters(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in (_W + "tab", _W + "ptab"):
            yield " "
        elif child.tag in (_W + "br", _W + "cr"):
            yield " " if child.get(_W + "type") in ("page", "column") else _SOFT
        elif child.tag == _W + "noBreakHyphen":
            yield "-"
        elif child.tag == _W + "sym":
            yield _symbol(child.get(_W + "char", ""))


def _symbol(code: str) -> str:
    """Return the character of a symbol font; the two signs of comparison matter, others are bullets.

    >>> _symbol("F0B3"), _symbol("F0A3"), _symbol("F0B7")
    ('≥', '≤', '-')
    """
    return {"B3": "≥", "A3": "≤", "B1": "±", "B0": "°"}.get(code[-2:].upper(), "-")


def _direct(parent: Element, name: str) -> Iterator[Element]:
    """Yield children of a name, also those inside content controls and insertions."""
    for child in parent:
        if child.tag == _W + name:
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml", _W + "smartTag"):
            yield from _direct(child, name)


def _level(element: Element) -> _Level:
    restart = _value(element.find(_W + "lvlRestart"))
    return _Level(
        style=_value(element.find(_W + "numFmt")) or "decimal",
        text=_value(element.find(_W + "lvlText")) or "",
        start=_whole(_value(element.find(_W + "start")), 1),
        restart=None if restart is None else _whole(restart, 0),
    )


def _skipped_columns(properties: Element | None, name: str) -> int:
    if properties is None:
        return 0
    return min(63, _whole(_value(properties.find(_W + name)), 0))


def _value(element: Element | None) -> str | None:
    return None if element is None else element.get(_W + "val")


def _whole(text: str | None, default: int) -> int:
    try:
        return default if text is None else int(text)
    except ValueError:
        return default


def _flag(element: Element | None) -> bool | None:
    if element is None:
        return None
    return element.get(_W + "val", "1").lower() not in ("0", "false", "off", "none")


def _centered(properties: Element | None) -> bool | None:
    value = None if properties is None else _value(properties.find(_W + "jc"))
    return None if value is None else value == "center"


def _font(fonts: Element | None) -> str | None:
    if fonts is None:
        return None
    return fonts.get(_W + "ascii") or fonts.get(_W + "hAnsi") or fonts.get(_W + "cs")
