"""How a Word document is set: every paragraph with the font, size and spacing that a reader sees.

What a run says itself goes before its character style, then the paragraph's style and those that it is based on,
then the table's style, then the document's defaults: the order in which Word looks (ISO/IEC 29500-1, 17.7.2).
"""

from __future__ import annotations

import math
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from camket.paper.wordml import MC, W, direct, flag_of, tree_of, value_of, whole_of

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_DRAWN = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"
_VML = "{urn:schemas-microsoft-com:vml}"
_HIDDEN = frozenset(W + name for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr")) | {
    MC + "Fallback"
}
_TWIPS = 20
_MILLIMETRES = 25.4 / 1440


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one format. ``size`` in points; ``color`` is six hexadecimal digits, empty where automatic."""

    text: str
    font: str
    size: float
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    color: str = ""


@dataclass(frozen=True)
class SetParagraph:
    """A paragraph as it is set. Lengths in points, ``indent`` (first line) in millimetres.

    ``lines`` is the line spacing as a multiple of single, or None where it is a length of ``exact`` points.
    ``table``, ``row`` and ``column`` say in which cell it stands (table 0: in none); ``section`` counts from 0.
    """

    pieces: tuple[Piece, ...]
    align: str = "left"
    indent: float = 0.0
    before: float = 0.0
    after: float = 0.0
    lines: float | None = 1.0
    exact: float = 0.0
    has_rule: bool = False
    section: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    order: int = 0

    @cached_property
    def text(self) -> str:
        """The text in composed letters, blanks at both ends left out."""
        return unicodedata.normalize("NFC", "".join(piece.text for piece in self.pieces)).strip()

    def part(self, start: int, end: int) -> SetParagraph:
        """Return the paragraph with only the characters from ``start`` to ``end`` of its text."""
        whole = "".join(piece.text for piece in self.pieces)
        lead = len(whole) - len(whole.lstrip())
        kept, at = [], -lead
        for piece in self.pieces:
            first, last = max(start - at, 0), min(end - at, len(piece.text))
            if first < last:
                kept.append(replace(piece, text=piece.text[first:last]))
            at += len(piece.text)
        return replace(self, pieces=tuple(kept))

    @property
    def shown(self) -> tuple[Piece, ...]:
        """The pieces that show more than blanks."""
        return tuple(piece for piece in self.pieces if piece.text.strip("\u00a0\t\n\v "))


@dataclass(frozen=True, slots=True)
class PageNumber:
    """Where a section's page number stands: ``place`` is ``header`` or ``footer``."""

    place: str
    align: str
    size: float
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The page of a section, in millimetres, and its page number, if it has one.

    ``hides_first`` where the first page shows no number; ``style`` is how numbers are written (``decimal``).
    """

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    number: PageNumber | None
    hides_first: bool
    starts_at: int | None
    style: str

    @property
    def is_landscape(self) -> bool:
        """Whether the page is wider than high."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Setting:
    """A whole document as it is set: its sections, and its paragraphs in the order of reading."""

    sections: tuple[Section, ...]
    paragraphs: tuple[SetParagraph, ...]


@dataclass(frozen=True, slots=True)
class _Letters:
    """What is said about letters at one step of the order; None where nothing is said."""

    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool | None = None
    caps: bool | None = None
    hidden: bool | None = None
    color: str | None = None

    def over(self, below: _Letters) -> _Letters:
        """Return what holds where this is said above ``below``."""
        return replace(below, **_said(self))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is said about a paragraph at one step of the order."""

    align: str | None = None
    first: float | None = None
    before: float | None = None
    after: float | None = None
    lines: float | None = None
    exact: float | None = None
    rule: bool | None = None

    def over(self, below: _Shape) -> _Shape:
        """Return what holds where this is said above ``below``; a spacing in lines takes the place of a length, and back."""
        if self.lines is not None:
            below = replace(below, exact=None)
        elif self.exact is not None:
            below = replace(below, lines=None)
        return replace(below, **_said(self))


def _said(value: _Letters | _Shape) -> dict[str, Any]:
    """Return the fields of a step that say something."""
    return {name: said for name in value.__slots__ if (said := getattr(value, name)) is not None}


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    letters: _Letters
    shape: _Shape


def setting_of(archive: zipfile.ZipFile) -> Setting:
    """Return how a Word document is set.

    Raises KeyError or xml.etree.ElementTree.ParseError where the package is damaged.
    """
    return _Reader(archive).setting()


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = frozenset(archive.namelist())
        self.theme = self._theme()
        self.styles: dict[str, _Style] = {}
        self.defaults = (_Letters(font="Times New Roman", size=10.0), _Shape())
        self.default_style: str | None = None
        self._read_styles()
        self.relations = self._relations()
        self.paragraphs: list[SetParagraph] = []
        self.sections: list[Section] = []
        self.tables = 0

    def setting(self) -> Setting:
        body = tree_of(self.archive, "word/document.xml").find(W + "body")
        if body is None:
            raise KeyError("w:body")
        self._blocks(body, table=0, row=0, column=0, base=(None, None))
        last = body.find(W + "sectPr")
        if last is not None or not self.sections:
            self._section(last)
        return Setting(tuple(self.sections), tuple(self.paragraphs))

    def _theme(self) -> Mapping[str, str]:
        name = "word/theme/theme1.xml"
        if name not in self.names:
            return {}
        found = {}
        root = tree_of(self.archive, name)
        for kind in ("major", "minor"):
            latin = root.find(f".//{_A}{kind}Font/{_A}latin")
            if latin is not None and latin.get("typeface"):
                found[kind] = latin.get("typeface", "")
        return found

    def _relations(self) -> Mapping[str, str]:
        name = "word/_rels/document.xml.rels"
        if name not in self.names:
            return {}
        return {
            each.get("Id", ""): each.get("Target", "").removeprefix("/word/")
            for each in tree_of(self.archive, name).iter(f"{_PACKAGE}Relationship")
        }

    def _read_styles(self) -> None:
        if "word/styles.xml" not in self.names:
            return
        root = tree_of(self.archive, "word/styles.xml")
        base = root.find(W + "docDefaults")
        if base is not None:
            letters = self._letters(base.find(f"{W}rPrDefault/{W}rPr"))
            self.defaults = (
                letters.over(self.defaults[0]),
                _shape(base.find(f"{W}pPrDefault/{W}pPr")),
            )
        for element in root.iter(W + "style"):
            name = element.get(W + "styleId", "")
            self.styles[name] = _Style(
                value_of(element.find(W + "basedOn")),
                self._letters(element.find(W + "rPr")),
                _shape(element.find(W + "pPr")),
            )
            if element.get(W + "type") == "paragraph" and element.get(W + "default") == "1":
                self.default_style = name

    def _letters(self, properties: Element | None) -> _Letters:
        if properties is None:
            return _Letters()
        size = value_of(properties.find(W + "sz"))
        line = value_of(properties.find(W + "u"))
        color = value_of(properties.find(W + "color"))
        return _Letters(
            font=self._font(properties.find(W + "rFonts")),
            size=None if size is None else _number(size, 2),
            bold=flag_of(properties.find(W + "b")),
            italic=flag_of(properties.find(W + "i")),
            underlined=None if line is None else line != "none",
            caps=flag_of(properties.find(W + "caps")),
            hidden=flag_of(properties.find(W + "vanish")),
            color=None if color is None else ("" if color == "auto" else color.upper()),
        )

    def _font(self, fonts: Element | None) -> str | None:
        if fonts is None:
            return None
        for side in ("ascii", "hAnsi"):
            theme = fonts.get(f"{W}{side}Theme")
            if theme:
                return self.theme.get("major" if theme.startswith("major") else "minor", theme)
            if fonts.get(W + side):
                return fonts.get(W + side)
        return None

    def _chain(self, name: str | None) -> tuple[_Letters, _Shape]:
        letters, shape, seen = _Letters(), _Shape(), set[str]()
        while name and name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            letters, shape = letters.over(style.letters), shape.over(style.shape)
            name = style.based_on
        return letters, shape

    def _blocks(
        self,
        parent: Element,
        *,
        table: int,
        row: int,
        column: int,
        base: tuple[_Letters | None, _Shape | None],
    ) -> None:
        for element in parent:
            if element.tag == W + "p":
                self._boxes(element)
                self._paragraph(element, table, row, column, base)
            elif element.tag == W + "tbl":
                self._table(element)
            elif element.tag not in _HIDDEN and element.tag not in (W + "sectPr", W + "tcPr"):
                self._blocks(element, table=table, row=row, column=column, base=base)

    def _boxes(self, paragraph: Element) -> None:
        """Read what text boxes anchored in a paragraph hold; the copy for old programs is left out."""
        for element in _shown(paragraph):
            if element.tag == W + "txbxContent":
                self._blocks(element, table=0, row=0, column=0, base=(None, None))

    def _table(self, element: Element) -> None:
        self.tables += 1
        number = self.tables
        style = self._chain(value_of(element.find(f"{W}tblPr/{W}tblStyle")))
        for row, tr in enumerate(direct(element, "tr")):
            for column, tc in enumerate(direct(tr, "tc")):
                self._blocks(tc, table=number, row=row, column=column, base=style)

    def _paragraph(
        self,
        element: Element,
        table: int,
        row: int,
        column: int,
        base: tuple[_Letters | None, _Shape | None],
    ) -> None:
        properties = element.find(W + "pPr")
        name = None if properties is None else value_of(properties.find(W + "pStyle"))
        letters, shape = self._chain(name or self.default_style)
        shape = _shape(properties).over(shape).over(base[1] or _Shape()).over(self.defaults[1])
        below = letters.over(base[0] or _Letters()).over(self.defaults[0])
        pieces = tuple(self._pieces(element, below, letters, base[0]))
        self.paragraphs.append(
            SetParagraph(
                pieces=pieces,
                align={"both": "justify", "distribute": "justify", "start": "left", "end": "right"}.get(
                    shape.align or "left", shape.align or "left"
                ),
                indent=round((shape.first or 0) * 25.4 / 72, 1),
                before=shape.before or 0,
                after=shape.after or 0,
                lines=(shape.lines or 1.0) if shape.exact is None else None,
                exact=shape.exact or 0,
                has_rule=bool(shape.rule) or _has_line(element),
                section=len(self.sections),
                table=table,
                row=row,
                column=column,
                order=len(self.paragraphs) + 1,
            )
        )
        if properties is not None and properties.find(W + "sectPr") is not None:
            self._section(properties.find(W + "sectPr"))

    def _pieces(
        self, element: Element, below: _Letters, own_style: _Letters, table: _Letters | None
    ) -> Iterator[Piece]:
        for run in _runs(element):
            text = "".join(_characters(run))
            if not text:
                continue
            properties = run.find(W + "rPr")
            said = self._letters(properties)
            if properties is not None and (style := value_of(properties.find(W + "rStyle"))):
                said = said.over(self._chain(style)[0])
            letters = said.over(below)
            if letters.hidden:
                continue
            yield Piece(
                text=text.upper() if letters.caps else text,
                font=letters.font or "",
                size=letters.size or 0,
                bold=bool(letters.bold),
                italic=bool(letters.italic),
                underlined=bool(letters.underlined),
                color=letters.color or "",
            )

    def _section(self, properties: Element | None) -> None:
        page = None if properties is None else properties.find(W + "pgSz")
        margins = None if properties is None else properties.find(W + "pgMar")
        numbering = None if properties is None else properties.find(W + "pgNumType")
        before = self.sections[-1] if self.sections else None
        number, hides = None, False
        if properties is not None:
            title = bool(flag_of(properties.find(W + "titlePg")))
            number = self._number(properties, "default") or (before.number if before else None)
            first = self._number(properties, "first")
            hides = title and first is None
        start = None if numbering is None else numbering.get(W + "start")
        self.sections.append(
            Section(
                width=_length(page, "w", 12240),
                height=_length(page, "h", 15840),
                top=_length(margins, "top", 1440),
                bottom=_length(margins, "bottom", 1440),
                left=_length(margins, "left", 1440),
                right=_length(margins, "right", 1440),
                number=number,
                hides_first=hides,
                starts_at=None if start is None else whole_of(start, 1),
                style="decimal" if numbering is None else numbering.get(W + "fmt", "decimal"),
            )
        )

    def _number(self, properties: Element, kind: str) -> PageNumber | None:
        """Return where the page number stands in a section's headers and footers of a kind."""
        for place in ("header", "footer"):
            for reference in properties.findall(f"{W}{place}Reference"):
                if reference.get(W + "type", "default") != kind:
                    continue
                name = f"word/{self.relations.get(reference.get(_R + 'id', ''), '')}"
                if name not in self.names:
                    continue
                for paragraph in tree_of(self.archive, name).iter(W + "p"):
                    code = "".join(each.text or "" for each in paragraph.iter(W + "instrText"))
                    code += "".join(each.get(W + "instr", "") for each in paragraph.iter(W + "fldSimple"))
                    if "PAGE" in code.upper().split():
                        return self._number_set(paragraph, place)
        return None

    def _number_set(self, paragraph: Element, place: str) -> PageNumber:
        properties = paragraph.find(W + "pPr")
        letters, shape = self._chain(
            (None if properties is None else value_of(properties.find(W + "pStyle"))) or self.default_style
        )
        shape = _shape(properties).over(shape).over(self.defaults[1])
        said = next(
            (
                self._letters(run.find(W + "rPr"))
                for run in paragraph.iter(W + "r")
                if run.find(W + "rPr") is not None
            ),
            _Letters(),
        )
        said = said.over(letters).over(self.defaults[0])
        frame = None if properties is None else properties.find(W + "framePr")
        align = shape.align or "left"
        if frame is not None and frame.get(W + "xAlign"):
            align = frame.get(W + "xAlign", align)
        return PageNumber(place, align, said.size or 0, bool(said.bold), bool(said.italic))


def _shape(properties: Element | None) -> _Shape:
    if properties is None:
        return _Shape()
    indent = properties.find(W + "ind")
    spacing = properties.find(W + "spacing")
    first: float | None = None
    if indent is not None:
        hanging, said = indent.get(W + "hanging"), indent.get(W + "firstLine")
        if hanging is not None:
            first = -_number(hanging, _TWIPS)
        elif said is not None:
            first = _number(said, _TWIPS)
    before = after = lines = exact = None
    if spacing is not None:
        before = _spaced(spacing, "before")
        after = _spaced(spacing, "after")
        line = spacing.get(W + "line")
        if line is not None:
            if spacing.get(W + "lineRule", "auto") == "auto":
                lines = _number(line, 240)
            else:
                exact = _number(line, _TWIPS)
    border = properties.find(W + "pBdr")
    rule = None
    if border is not None:
        rule = any(
            side is not None and value_of(side) not in (None, "none", "nil")
            for side in (border.find(W + "top"), border.find(W + "bottom"))
        )
    return _Shape(value_of(properties.find(W + "jc")), first, before, after, lines, exact, rule)


def _spaced(spacing: Element, side: str) -> float | None:
    if spacing.get(f"{W}{side}Autospacing", "0") in ("1", "true", "on"):
        return 14.0  # what Word takes for a paragraph of HTML
    said = spacing.get(W + side)
    return None if said is None else _number(said, _TWIPS)


def _number(text: str, unit: float) -> float:
    try:
        value = float(text) / unit
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _length(element: Element | None, name: str, default: int) -> float:
    text = str(default) if element is None else element.get(W + name, str(default))
    return round(abs(_number(text, 1)) * _MILLIMETRES, 1)


def _shown(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag not in _HIDDEN:
            yield child
            if child.tag != W + "txbxContent":
                yield from _shown(child)


def _has_line(paragraph: Element) -> bool:
    """Tell whether a line is drawn at a paragraph: a shape that holds neither text nor picture."""
    for each in _shown(paragraph):
        if each.tag == _VML + "line":
            return True
        if each.tag in (_DRAWN, _VML + "shape", _VML + "rect"):
            inside = {child.tag.rpartition("}")[2] for child in each.iter()}
            if not inside & {"txbx", "txbxContent", "textbox", "imagedata", "blip"}:
                return True
    return False


def _runs(paragraph: Element) -> Iterator[Element]:
    for child in paragraph:
        if child.tag == W + "r":
            yield child
        elif child.tag not in _HIDDEN:
            yield from _runs(child)


def _characters(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in (W + "tab", W + "ptab"):
            yield "\t"
        elif child.tag in (W + "br", W + "cr"):
            yield "\n"
        elif child.tag == W + "noBreakHyphen":
            yield "-"
