"""What a file holds, whatever its format: paragraphs and tables, each with its place.

The file layers (docx, odt, pdf, plaintext, ocr) produce raw blocks; :func:`mend` joins what a page
cut in two, drops repeated headers and number rows, and freezes the result as :class:`Block`.
A :class:`Passage` is a piece of text that remembers the places it was taken from, so that every
field of a plan can be shown where it stands in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from camket.core.wording.text import fold, search_key

LIST_MARK = re.compile(r"^(?:[-–—+•●▪*·]|[a-zđ]\)|\(?\d{1,2}[.)])(?=\s|[^\W\d_])")
_TERMINAL = tuple(".;:!?")
_NUMBER_CELL = re.compile(r"^[(\[]?(\d{1,2}|[A-Z])[)\]]?$")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a block's text, or of the text of one cell of a table block.

    ``row`` and ``column`` are those of the cell's origin, None in a paragraph; ``start`` and
    ``end`` count characters of that text.
    """

    block: int
    row: int | None
    column: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One position of a table's grid; lines are divided by a newline.

    A position covered by a merged cell repeats its text and names where the cell stands in ``origin``.
    """

    text: str
    row_span: int = 1
    col_span: int = 1
    origin: tuple[int, int] | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a table of the document, in reading order.

    The text of a numbered paragraph begins with its number, also where the word processor counted.
    """

    id: int
    kind: str
    text: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    number: str | None = None
    page: int | None = None
    bold: bool = False
    italic: bool = False
    centered: bool = False

    @property
    def is_table(self) -> bool:
        """Tell whether the block is a table."""
        return self.kind == "table"


@dataclass(frozen=True, slots=True)
class Piece:
    """The part ``[start, end)`` of a passage, taken unchanged from ``source``."""

    start: int
    end: int
    source: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """Text put together from pieces of blocks."""

    text: str
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def of_block(cls, block: Block) -> Passage:
        """Return a paragraph's text."""
        return cls(block.text, (Piece(0, len(block.text), Span(block.id, None, None, 0, len(block.text))),))

    @classmethod
    def of_cell(cls, block: Block, row: int, column: int) -> Passage:
        """Return the text of the cell that covers a position."""
        cell = block.rows[row][column]
        row, column = cell.origin or (row, column)
        return cls(cell.text, (Piece(0, len(cell.text), Span(block.id, row, column, 0, len(cell.text))),))

    @classmethod
    def join(cls, passages: Iterable[Passage], separator: str = " ") -> Passage:
        """Return the passages one after the other; empty ones are left out."""
        text = ""
        pieces: list[Piece] = []
        for passage in passages:
            if not passage.text:
                continue
            if text:
                text += separator
            pieces.extend(
                Piece(piece.start + len(text), piece.end + len(text), piece.source)
                for piece in passage.pieces
            )
            text += passage.text
        return cls(text, tuple(pieces))

    def __bool__(self) -> bool:
        return bool(self.text)

    def part(self, start: int, end: int | None = None) -> Passage:
        """Return the characters ``[start, end)`` without white space at either side."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        pieces = []
        for piece in self.pieces:
            low, high = max(start, piece.start), min(end, piece.end)
            if low < high:
                base, shift = piece.source, low - piece.start
                source = Span(
                    base.block, base.row, base.column, base.start + shift, base.start + shift + high - low
                )
                pieces.append(Piece(low - start, high - start, source))
        return Passage(self.text[start:end], tuple(pieces))

    def lines(self) -> list[Passage]:
        """Return the lines, blank ones left out."""
        found = (self.part(match.start(), match.end()) for match in re.finditer(r"[^\n]+", self.text))
        return [line for line in found if line]

    def flat(self) -> Passage:
        """Return the passage with its lines on one line."""
        return Passage(self.text.replace("\n", " "), self.pieces)

    def span(self, start: int = 0, end: int | None = None) -> Span | None:
        """Return where the characters ``[start, end)`` stand; of several places the first."""
        pieces = self.part(start, end).pieces
        return pieces[0].source if pieces else None

    def spans(self) -> list[Span]:
        """Return every place that the passage was taken from."""
        return [piece.source for piece in self.pieces]


@dataclass(slots=True, eq=False)
class RawCell:
    """A cell as a file layer reads it; a merged cell is one object at several positions."""

    text: str = ""
    bold: bool = False


@dataclass(slots=True, eq=False)
class RawRow:
    """A row of the grid. ``cut`` tells that a page, or a part of the text, begins with it."""

    cells: list[RawCell]
    cut: bool = False


@dataclass(slots=True, eq=False)
class RawTable:
    """A table; every row has the same number of positions."""

    rows: list[RawRow]
    page: int | None = None
    page_end: int | None = None

    @property
    def width(self) -> int:
        """Return the number of columns of the grid."""
        return len(self.rows[0].cells) if self.rows else 0


@dataclass(slots=True, eq=False)
class RawParagraph:
    """A paragraph; ``number`` is the label that its text begins with, where the file counted it."""

    text: str
    number: str | None = None
    page: int | None = None
    bold: bool = False
    italic: bool = False
    centered: bool = False


RawBlock = RawParagraph | RawTable


@dataclass(slots=True)
class Source:
    """What a file layer returns: raw blocks, and what happened on the way (``ocr``, ``tcvn3``, ``vni`` …)."""

    blocks: list[RawBlock] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)


_SYMBOLS = dict.fromkeys(range(0xF020, 0xF100), "•") | {
    0xF02D: "-",
    0xF03C: "<",
    0xF03E: ">",
    0xF0A3: "≤",
    0xF0B3: "≥",
    0xF0B1: "±",
    0xF025: "%",
    0xF02B: "+",
    0xF02F: "/",
}


def plain_symbols(text: str) -> str:
    """Return the text with characters of symbol fonts as ordinary ones: comparisons as such, others as bullets.

    >>> plain_symbols("\uf0b7 \uf0b3 90%")
    '• ≥ 90%'
    """
    return text.translate(_SYMBOLS)


def tidy(text: str) -> str:
    """Return the text with white space folded in each line and blank lines left out.

    >>> tidy("  Ủy ban\\u00a0 nhân dân \\n\\n xã  ")
    'Ủy ban nhân dân\\nxã'
    """
    text = plain_symbols(text)
    lines = (fold(line) for line in text.replace("\r", "\n").replace("\v", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def join_lines(lines: Sequence[str]) -> str:
    """Return typed lines as running text: a line is joined to the next unless a list mark begins the next
    or it ends an item.

    >>> join_lines(["Chương trình công", "tác;", "- Báo cáo"])
    'Chương trình công tác;\\n- Báo cáo'
    """
    text = ""
    for line in (tidy(line) for line in lines):
        if not line:
            continue
        if not text:
            text = line
        elif LIST_MARK.match(line) or (text.endswith((";", ":")) and line[:1].isupper()):
            text += "\n" + line
        else:
            text += mended_gap(text, line) + line
    return text


def join_soft_lines(text: str) -> str:
    """Return a paragraph whose typed line breaks (``\\v``) are told apart: some end an item, most only wrap.

    >>> join_soft_lines("Mục tiêu chất\\vlượng"), join_soft_lines("- QMR;\\v- Thư ký ISO")
    ('Mục tiêu chất lượng', '- QMR;\\n- Thư ký ISO')
    """
    return tidy(_unbroken(join_lines(text.split("\v")))) if "\v" in text else tidy(text)


def mended_gap(before: str, after: str) -> str:
    """Return what stands between two typed lines of one text: a space, or nothing behind a hyphen.

    Vietnamese is not hyphenated by rule, so where the two halves make one syllable the hyphen was typed to
    break the line: the mark ``\\0`` then tells that it goes too. A compound (``kinh tế-xã hội``) keeps it.
    """
    if len(before) > 1 and before[-1] in "/–" and before[-2].isalnum():
        return ""
    if not before.endswith(("-", "\u00ad")) or len(before) < 2 or not before[-2].isalnum():
        return " "
    halves = re.search(r"[^\W\d_]+(?=.$)", before), re.match(r"[^\W\d_]+", after)
    if halves[0] and halves[1] and after[:1].islower() and is_syllable(halves[0][0] + halves[1][0]):
        return "\0"
    return ""


_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)


def is_syllable(word: str) -> bool:
    """Tell whether the letters could be one Vietnamese syllable.

    >>> is_syllable("hiện"), is_syllable("tếxã")
    (True, False)
    """
    return _SYLLABLE.fullmatch(search_key(word)) is not None


def _unbroken(text: str) -> str:
    return text.replace("-\0", "").replace("\u00ad\0", "")


def is_page_number(text: str) -> bool:
    """Tell whether a line is nothing but a page's number.

    >>> [is_page_number(line) for line in ("2", "- 3 -", "Trang 4/10", "2 km")]
    [True, True, True, False]
    """
    return (
        re.fullmatch(r"(?:[-–—]\s*)?(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?", text.strip(), re.I)
        is not None
    )


def mend(source: Sequence[RawBlock]) -> tuple[Block, ...]:
    """Return the blocks of a document, with what pages cut joined again.

    Tables that go on without a word between are joined; repeated header rows, rows that only number
    the columns and empty rows are dropped; rows that a page break cut are joined; so are paragraphs.
    """
    joined: list[RawBlock] = []
    for block in source:
        if isinstance(block, RawParagraph):
            block.text = _without_marks(_unbroken(block.text))
            if not block.text:
                continue
            last = joined[-1] if joined else None
            if isinstance(last, RawParagraph) and _goes_on(last, block):
                last.text = _unbroken(last.text + mended_gap(last.text, block.text) + block.text)
                last.page = block.page
                continue
            joined.append(block)
        else:
            for cell in _cells(block):
                cell.text = _without_marks(_unbroken(cell.text))
            block.rows = [row for row in block.rows if any(cell.text for cell in row.cells)]
            if not block.rows:
                continue
            last = joined[-1] if joined else None
            if isinstance(last, RawTable) and _table_goes_on(last, block):
                _append(last, block)
            else:
                joined.append(block)
    for block in joined:
        if isinstance(block, RawTable):
            _drop_number_rows(block)
            _join_cut_rows(block)
    return tuple(_frozen(i, block) for i, block in enumerate(joined))


def _without_marks(text: str) -> str:
    """Drop the marks of footnotes written in square brackets; a note is part of nothing."""
    return re.sub(r"(?<=\S)\[\d{1,2}\]", "", text)


def _cells(table: RawTable) -> Iterator[RawCell]:
    seen: set[int] = set()
    for row in table.rows:
        for cell in row.cells:
            if id(cell) not in seen:
                seen.add(id(cell))
                yield cell


def _goes_on(last: RawParagraph, block: RawParagraph) -> bool:
    if last.page is None or block.page is None or last.page == block.page or block.number is not None:
        return False
    if last.centered or block.centered or last.text.endswith(_TERMINAL) or LIST_MARK.match(block.text):
        return False
    return block.text[:1].islower() or last.text.endswith(",")


def _keys(row: RawRow) -> list[str]:
    return [search_key(cell.text.replace("\n", " ")) for cell in row.cells]


def _table_goes_on(last: RawTable, table: RawTable) -> bool:
    if last.width != table.width or last.width < 3:
        return False
    if last.page is not None and last.page_end == table.page:
        return False
    first = _keys(table.rows[0])
    if _same_header(first, _keys(last.rows[0])):
        return True
    return not re.match(r"(?:s?tt|so tt|so thu tu)\b", first[0])


def _same_header(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two rows are one header; recognised text may differ in a cell."""
    same = sum(left == right and bool(left) for left, right in zip(one, other, strict=False))
    return list(one) == list(other) or (len(one) == len(other) and same >= 3 and same * 5 >= 4 * len(one))


def _append(last: RawTable, table: RawTable) -> None:
    header = [_keys(row) for row in last.rows[:3]]
    rows = list(table.rows)
    while rows and any(_same_header(_keys(rows[0]), known) for known in header):
        rows.pop(0)
    if rows:
        rows[0].cut = True
    last.rows.extend(rows)
    last.page_end = table.page_end


def _drop_number_rows(table: RawTable) -> None:
    """Drop a row under the header that only numbers the columns: ``1 2 3``, ``(1) (2) (3)``, ``A B 1 2``."""
    for i, row in enumerate(table.rows[1:5], start=1):
        matches = [_NUMBER_CELL.match(cell.text) for cell in row.cells if cell.text]
        if len(matches) < 3 or not all(matches):
            continue
        labels = [match[1] for match in matches if match]
        digits = [int(label) for label in labels if label.isdecimal()]
        if digits == list(range(digits[0] if digits else 1, (digits[0] if digits else 1) + len(digits))):
            table.rows[i].cells = []
    header = [_keys(row) for row in table.rows[:1]]
    table.rows = [
        row
        for i, row in enumerate(table.rows)
        if row.cells and (i == 0 or _keys(row) not in header or len(set(_keys(row))) < 2)
    ]


def _join_cut_rows(table: RawTable) -> None:
    merged = _merged_columns(table)
    usual = _usual_columns(table, merged)
    kept: list[RawRow] = []
    for i, row in enumerate(table.rows):
        if kept and row.cut and not row.cells[0].text:
            for column in merged:
                _rejoin_merged(kept[-1].cells[column], row.cells[column], table.rows[i:])
        if kept and _joins(kept[-1], row, usual):
            _glue_row(kept[-1], row)
        else:
            kept.append(row)
    table.rows = kept


def _merged_columns(table: RawTable) -> set[int]:
    """Return the columns where some cell hangs down over several rows under the header."""
    return {
        column
        for above, row in zip(table.rows[1:], table.rows[2:], strict=False)
        for column in range(table.width)
        if row.cells[column] is above.cells[column] and row.cells[column] is not row.cells[column - 1]
    }


def _rejoin_merged(upper: RawCell, lower: RawCell, rows: Sequence[RawRow]) -> None:
    """Make one cell again of a merged cell that a page break cut, with its text on both sides."""
    if upper is lower:
        return
    if lower.text and (_text_begins(upper.text, lower.text) and upper.text.endswith((".", ";"))):
        return
    if lower.text:
        if LIST_MARK.match(lower.text):
            upper.text = f"{upper.text}\n{lower.text}"
        else:
            upper.text = _unbroken(upper.text + mended_gap(upper.text, lower.text) + lower.text)
    for row in rows:
        row.cells = [upper if cell is lower else cell for cell in row.cells]


def _usual_columns(table: RawTable, merged: set[int]) -> set[int]:
    """Return the columns that nearly every whole row fills, the first and merged ones left out."""
    whole = [row for row in table.rows if sum(bool(cell.text) for cell in row.cells) * 2 > len(row.cells)]
    return {
        column
        for column in range(1, table.width)
        if column not in merged
        and len(whole) > 2
        and sum(bool(row.cells[column].text) for row in whole) > 0.8 * len(whole)
    }


def _joins(last: RawRow, row: RawRow, usual: set[int]) -> bool:
    """Tell whether a row only continues the one before it."""
    if (row.cells[0].text and row.cells[0] is not last.cells[0]) or row.cells[0] is row.cells[-1]:
        return False
    pairs = [
        (before, after)
        for i, (before, after) in enumerate(zip(last.cells, row.cells, strict=True))
        if after.text and after is not before and (i == 0 or after is not row.cells[i - 1])
    ]
    if not pairs or not all(before.text for before, _ in pairs):
        return False
    continuing = sum(_text_goes_on(before.text, after.text) for before, after in pairs)
    fresh = sum(_text_begins(before.text, after.text) for before, after in pairs)
    if not row.cut:
        return continuing == len(pairs)
    # A row that lacks what every row has is the rest of the row above.
    lacking = any(not row.cells[column].text and last.cells[column].text for column in usual)
    return lacking or (continuing > 0 and continuing >= fresh)


def _text_goes_on(before: str, after: str) -> bool:
    if before.count("(") > before.count(")"):
        return True
    if before.endswith((".", ";", "!", "?")):
        return False
    return after[:1].islower() or before.endswith((",", "/", "–", "-"))


def _text_begins(before: str, after: str) -> bool:
    if _text_goes_on(before, after):
        return False
    if LIST_MARK.match(after) and LIST_MARK.match(before):
        return False
    return after[:1].isupper() and not before.endswith((",",))


def _glue_row(last: RawRow, row: RawRow) -> None:
    glued: set[int] = set()
    for before, after in zip(last.cells, row.cells, strict=True):
        if not after.text or after is before or id(after) in glued:
            continue
        glued.add(id(after))
        if LIST_MARK.match(after.text):
            before.text = f"{before.text}\n{after.text}"
        else:
            before.text = _unbroken(before.text + mended_gap(before.text, after.text) + after.text)


def _frozen(number: int, block: RawBlock) -> Block:
    if isinstance(block, RawParagraph):
        text = block.text
        letters = [char for char in text if char.isalpha()]
        capitals = bool(letters) and all(char.isupper() for char in letters)
        is_heading = (block.bold and (block.centered or capitals)) or (block.centered and capitals)
        return Block(
            id=number,
            kind="heading" if is_heading else "paragraph",
            text=text,
            number=block.number,
            page=block.page,
            bold=block.bold,
            italic=block.italic,
            centered=block.centered,
        )
    width = max(len(row.cells) for row in block.rows)
    grid = [row.cells + [RawCell() for _ in range(width - len(row.cells))] for row in block.rows]
    places: dict[int, list[tuple[int, int]]] = {}
    for r, cells in enumerate(grid):
        for c, cell in enumerate(cells):
            places.setdefault(id(cell), []).append((r, c))
    rows = []
    for r, cells in enumerate(grid):
        line = []
        for c, cell in enumerate(cells):
            spots = places[id(cell)]
            origin = spots[0]
            line.append(
                Cell(
                    text=cell.text,
                    row_span=1 + max(spot[0] for spot in spots) - origin[0],
                    col_span=1 + max(spot[1] for spot in spots) - min(spot[1] for spot in spots),
                    origin=None if origin == (r, c) else origin,
                    bold=cell.bold,
                )
            )
        rows.append(tuple(line))
    return Block(id=number, kind="table", rows=tuple(rows), page=block.page)
