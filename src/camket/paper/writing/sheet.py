"""The measures of official paper, one place for every writer.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I and II. Where the decree gives a range, one value
of it is chosen here. Lengths in millimetres, sizes in points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from camket.paper.writing.metrics import lines_of, text_width
from camket.paper.writing.model import Letterhead, Paper

PAGE = (210.0, 297.0)
TOP, BOTTOM, LEFT, RIGHT = 20.0, 20.0, 30.0, 15.0
HEADER = 10.0
TEXT_WIDTH = PAGE[0] - LEFT - RIGHT
LANDSCAPE_WIDTH = PAGE[1] - LEFT - RIGHT

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

NATION_SIZE = 13.0
MOTTO_SIZE = 14.0
BODY_SIZE = 14.0
DATE_SIZE = 14.0
NUMBER_SIZE = 13.0
PAGE_NUMBER_SIZE = 14.0
RECIPIENTS_HEAD_SIZE = 12.0
RECIPIENTS_SIZE = 11.0
ABOUT_SIZE = 12.0
TABLE_SIZE = 12.0

LETTERHEAD = (63.0, 102.0)
SIGNATURE = (80.0, 85.0)
INDENT = 12.7
GAP = 6.0
LINE_SPACING = 1.1
SIGNING_SPACE = 68.0

POINTS = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one kind of paper; what is not named here is the same on all."""

    page: tuple[float, float] = PAGE
    top: float = TOP
    bottom: float = BOTTOM
    left: float = LEFT
    right: float = RIGHT
    header: float = HEADER
    letterhead: tuple[float, float] = LETTERHEAD
    signature: tuple[float, float] = SIGNATURE
    indent: float = INDENT
    gap: float = GAP
    signing_space: float = SIGNING_SPACE
    nation_size: float = NATION_SIZE
    motto_size: float = MOTTO_SIZE
    body_size: float = BODY_SIZE
    date_size: float = DATE_SIZE
    number_size: float = NUMBER_SIZE
    table_size: float = TABLE_SIZE
    page_number_size: float = PAGE_NUMBER_SIZE
    recipients_head_size: float = RECIPIENTS_HEAD_SIZE
    recipients_size: float = RECIPIENTS_SIZE
    about_size: float = ABOUT_SIZE
    before_title: float = 18.0

    @property
    def text_width(self) -> float:
        """Width between the margins."""
        return self.page[0] - self.left - self.right


A4 = Measures()
_MEASURES = {
    Paper.A4: A4,
    # A form of thirteen columns: smaller letters in its cells, and the signature to the right of the middle.
    Paper.A4_LANDSCAPE: replace(
        A4, page=(PAGE[1], PAGE[0]), letterhead=(100.0, 152.0), signature=(120.0, 132.0), table_size=11.0, signing_space=48.0
    ),
    # Half the sheet: the decree's sizes, which are those of A4, would break the name of the nation.
    Paper.A5: Measures(
        page=(148.0, 210.0),
        top=12.0,
        bottom=10.0,
        left=12.0,
        right=10.0,
        header=5.0,
        letterhead=(44.0, 82.0),
        signature=(52.0, 74.0),
        indent=8.0,
        gap=3.0,
        signing_space=44.0,
        nation_size=11.0,
        motto_size=12.0,
        body_size=12.0,
        date_size=12.0,
        number_size=12.0,
        table_size=10.0,
        page_number_size=11.0,
        recipients_head_size=10.0,
        recipients_size=9.0,
        about_size=11.0,
        before_title=8.0,
    ),
}  # fmt: skip


def measures_of(paper: Paper) -> Measures:
    """Return the measures of a kind of paper."""
    return _MEASURES[paper]


def issuer_lines(name: str, measures: Measures = A4) -> list[str]:
    """Return a body's name in the capitals of a letterhead, broken after its type where that is how it is written.

    >>> issuer_lines("Ủy ban nhân dân xã Bình Yên")
    ['ỦY BAN NHÂN DÂN', 'XÃ BÌNH YÊN']
    """
    width, size = (measures.letterhead[0] - 2) * POINTS, measures.nation_size
    upper = name.upper()
    for body in ("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN"):
        if upper.startswith(f"{body} "):
            rest = upper.removeprefix(f"{body} ")
            return [body, *lines_of(rest, width, size, bold=True)]
    return lines_of(upper, width, size, bold=True)


def superior_lines(name: str, measures: Measures = A4) -> list[str]:
    """Return the superior body's name in capitals, broken into lines that fit."""
    return lines_of(name.upper(), (measures.letterhead[0] - 2) * POINTS, measures.nation_size)


def issuer_rule(lines: list[str], measures: Measures = A4) -> float:
    """Return the length in points of the rule under the issuing body: between a third and a half of its line."""
    return round(0.42 * text_width("".join(lines[-1:]), measures.nation_size, bold=True), 1)


def motto_rule(measures: Measures = A4) -> float:
    """Return the length in points of the rule under the motto: as long as the motto."""
    return round(text_width(MOTTO, measures.motto_size, bold=True), 1)


def title_lines(text: str, *, width: float = TEXT_WIDTH, measures: Measures = A4) -> list[str]:
    """Return an abstract or title broken into even lines for the middle of the page."""
    return lines_of(text, (width - 12) * POINTS, measures.body_size, bold=True)


def note_lines(text: str, *, width: float = TEXT_WIDTH) -> list[str]:
    """Return the note under an annex's title broken into even lines."""
    return lines_of(text, (width - 12) * POINTS, BODY_SIZE, italic=True)


def title_rule(lines: list[str], measures: Measures = A4) -> float:
    """Return the length in points of the rule under an abstract: between a third and a half of its line."""
    return round(0.4 * text_width("".join(lines[-1:]), measures.body_size, bold=True), 1)


def number_line(letterhead: Letterhead) -> str:
    """Return the number and symbol as written, with a blank where the number is not yet given.

    >>> number_line(Letterhead(issuer="UBND", symbol="QĐ-UBND", year=2026, number="05/QĐ-UBND"))
    'Số: 05/QĐ-UBND'
    """
    return f"Số: {letterhead.number}" if letterhead.number else f"Số:{BLANK}/{letterhead.symbol}"


def about_lines(text: str, measures: Measures = A4) -> list[str]:
    """Return what an official letter is about, broken into even lines under its number.

    >>> about_lines("V/v đôn đốc thực hiện nhiệm vụ được giao")
    ['V/v đôn đốc thực hiện', 'nhiệm vụ được giao']
    """
    return lines_of(text, (measures.letterhead[0] - 6) * POINTS, measures.about_size) if text else []


def place_and_date(place: str | None, day: date | None, year: int | None) -> str:
    """Return place and date, blank where not yet given; days below 10 and months 1 and 2 get a nought.

    >>> place_and_date("Bình Yên", date(2026, 1, 5), 2026)
    'Bình Yên, ngày 05 tháng 01 năm 2026'
    """
    return f"{place or '…'}, {day_in_words(day, year)}"


def day_in_words(day: date | None, year: int | None) -> str:
    """Return ``ngày 05 tháng 01 năm 2026``, or its blank form of a year.

    >>> day_in_words(date(2026, 11, 25), 2026)
    'ngày 25 tháng 11 năm 2026'
    """
    if day is None:
        return f"ngày{BLANK}tháng{BLANK}năm {year or BLANK}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def attached_to(
    kind: str,
    symbol: str,
    issuer: str,
    year: int | None,
    *,
    number: str | None = "",
    dated: date | None = None,
) -> str:
    """Return the line under an annex's title that names its document; number and day stay blank until they are given.

    >>> attached_to("Quyết định", "QĐ-UBND", "UBND xã Bình Yên", 2026, number="05/QĐ-UBND", dated=date(2026, 1, 5))
    '(Kèm theo Quyết định số 05/QĐ-UBND ngày 05 tháng 01 năm 2026 của UBND xã Bình Yên)'

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần III, mục 1.
    """
    return f"(Kèm theo {kind} số {number or f'{BLANK}/{symbol}'} {day_in_words(dated, year)} của {issuer})"


BLANK = "\u00a0" * 7
