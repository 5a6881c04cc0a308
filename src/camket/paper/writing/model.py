"""An official document as values: what it says and in which part, never how a format draws it.

The parts are those of Nghị định 30/2020/NĐ-CP, Phụ lục I. Texts are in ordinary case; the writers
set capitals, sizes and rules (:mod:`camket.paper.writing.sheet`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from camket.core.wording.numbers import int_to_roman
from camket.paper.writing.charts import Chart


class Align(StrEnum):
    """How the lines of a paragraph or cell stand."""

    LEFT = "left"
    CENTER = "center"
    JUSTIFY = "justify"


class Paper(StrEnum):
    """The paper a document is set on: landscape only for tables that are no annex, A5 for slips.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, mục 1 and 2.
    """

    A4 = "a4"
    A4_LANDSCAPE = "a4_landscape"
    A5 = "a5"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


Line = tuple[Run, ...]


def plain(text: str) -> Line:
    """Return a line of upright text."""
    return (Run(text),)


def bold(text: str) -> Line:
    """Return a line of bold text."""
    return (Run(text, bold=True),)


def italic(text: str) -> Line:
    """Return a line of italic text."""
    return (Run(text, italic=True),)


def text_of(line: Line) -> str:
    """Return the text of a line without its styles."""
    return "".join(run.text for run in line)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``level`` 1 to 3 makes it a heading of that depth, which stays with what follows."""

    line: Line
    align: Align = Align.JUSTIFY
    indent: bool = True
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, over ``columns`` columns and ``rows`` rows; each line is a paragraph of its own."""

    lines: tuple[Line, ...]
    columns: int = 1
    rows: int = 1
    align: Align = Align.LEFT


def centered(text: str) -> Cell:
    """Return a cell with a text in its middle: a number, a day."""
    return Cell((plain(text),), align=Align.CENTER)


def row_of(*texts: str) -> tuple[Cell, ...]:
    """Return a row of texts, such as the one at the head of a table."""
    return tuple(Cell((plain(text),)) for text in texts)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``shares`` are the relative widths of its columns; a row lists the cells that begin in it.

    Without rules it sets parts side by side in the size of the text, as the signatures of a record (biên bản). A table that
    is whole stays on one page: only for a few rows.
    """

    shares: tuple[float, ...]
    head: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_ruled: bool = True
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart over the width of the text, with what it shows in a line below and in words for who does not see it.

    Its figures stand in a table as well: a chart is never the only place of one. It stays on the page of that table where it
    comes next.
    """

    chart: Chart
    caption: str
    alt: str
    goes_with_table: bool = True


Block = Paragraph | Table | Picture


def fact(name: str, text: str) -> Paragraph:
    """Return a line that names what it tells: “Chủ trì: …”."""
    return Paragraph((*bold(f"{name}: "), *plain(text)))


def numbered_table(
    shares: Sequence[float],
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    label: str = "{}",
    centered: tuple[int, ...] = (),
    empty: str = "",
) -> Table:
    """Return a table of texts whose first column counts its rows; each line of a text is a paragraph.

    ``shares`` and ``head`` are those of all columns, ``rows`` have the texts after the number. ``label`` is how a number
    stands, ``centered`` the places of columns, ``empty`` what stands for no text.
    """
    return Table(
        tuple(float(each) for each in shares),
        (row_of(*head),),
        tuple(
            tuple(
                Cell(
                    tuple(plain(line) for line in (each.splitlines() or [empty])),
                    align=Align.CENTER if column in centered else Align.LEFT,
                )
                for column, each in enumerate((label.format(number), *row))
            )
            for number, row in enumerate(rows, 1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The top of page 1. ``number`` such as ``05/QĐ-UBND``; without one, ``symbol`` (``QĐ-UBND``) follows a blank.

    ``year`` stands in the date while its day is not yet known.
    """

    issuer: str
    symbol: str
    year: int | None
    superior: str = ""
    number: str | None = None
    place: str | None = None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the lines of authority and post (``TM. ỦY BAN NHÂN DÂN``, ``CHỦ TỊCH``), then the name."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex (phụ lục) on pages of its own, numbered on their own."""

    title: str
    body: tuple[Block, ...]
    note: str = ""
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class CopyMark:
    """What stands below a text that was copied, under a rule over the whole width: form, who copied it, number, day, signer.

    ``title`` is the form of the copy ("SAO Y", "SAO LỤC", "TRÍCH SAO"). Source: Nghị định 30/2020/NĐ-CP, Điều 25; Phụ lục I,
    the part on copies.
    """

    title: str
    letterhead: Letterhead
    signature: Signature
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An official document. ``authority`` and ``enactment`` stand in decisions only (models 1.2 and 1.3).

    A document without a ``kind`` is an official letter (công văn, model 1.5): its abstract, without "V/v", stands under
    its number, and its body begins with whom it is addressed to (:func:`addressed`). ``form`` is its key in
    ``forms.FORMS``, "" for a document whose recipients are its own; ``names`` are what the form's words in braces say.
    ``copy`` stands below an extract of another document, which has no annexes.
    ``template`` is the agency's own Word template that its files are made with, empty for the built-in form.
    """

    letterhead: Letterhead
    kind: str
    abstract: str
    body: tuple[Block, ...]
    signature: Signature
    recipients: tuple[str, ...]
    authority: str = ""
    bases: tuple[str, ...] = ()
    enactment: str = ""
    annexes: tuple[Annex, ...] = ()
    recorded_on: date = date(2000, 1, 1)
    paper: Paper = Paper.A4
    form: str = ""
    names: tuple[tuple[str, str], ...] = ()
    copy: CopyMark | None = None
    template: bytes = b""

    @property
    def title(self) -> str:
        """The type and abstract in one line, for the file's properties."""
        return f"{self.kind} {self.abstract}".strip() if self.kind else self.about

    @property
    def about(self) -> str:
        """What stands under the number of an official letter; empty of every other document."""
        return "" if self.kind else f"V/v {self.abstract}"


def signing_lines(authority: str, capacity: str) -> tuple[str, ...]:
    """Return the lines above a signer's name; who signs for somebody writes both titles with a stroke between.

    >>> signing_lines("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH")
    ('TM. ỦY BAN NHÂN DÂN', 'KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH')

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 7.
    """
    return tuple(part.strip() for text in (authority, capacity) for part in text.split(" / ") if part.strip())


def signature(authority: str, capacity: str, name: str) -> Signature:
    """Return who signs; while nothing says for whom, the head of the agency."""
    lines = signing_lines(authority, capacity) or ("Thủ trưởng cơ quan, đơn vị",)
    return Signature(lines=lines, name=name)


def addressed(addressees: tuple[str, ...]) -> Block:
    """Return whom an official letter is for: one on the line of "Kính gửi", several each on a line of its own below.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 9 a.
    """
    if len(addressees) < 2:
        line = plain(f"Kính gửi: {''.join(addressees)}".rstrip())
        return Paragraph(line, align=Align.CENTER, indent=False)
    lines = tuple(plain(f"- {text}") for text in ended(addressees))
    head = (Cell(()), Cell((plain("Kính gửi:"),), columns=2))
    return Table((20.0, 13.0, 67.0), (), (head, (Cell((), columns=2), Cell(lines))), is_ruled=False)


def ended(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts as the lines of one list: each ends in ``;``, the last in ``.``.

    >>> ended(("Căn cứ A", "Căn cứ B;"))
    ('Căn cứ A;', 'Căn cứ B.')
    """
    bare = [text.rstrip(" ;.,") for text in texts]
    return tuple(f"{text}{'.' if i == len(bare) - 1 else ';'}" for i, text in enumerate(bare))


def annex_label(index: int, count: int) -> str:
    """Return how an annex is named: Roman numerals where there are two or more (Nghị định 30/2020, Phụ lục I, III.1).

    >>> annex_label(0, 1), annex_label(1, 2)
    ('Phụ lục', 'Phụ lục II')
    """
    return "Phụ lục" if count == 1 else f"Phụ lục {int_to_roman(index + 1)}"
