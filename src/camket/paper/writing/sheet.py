"""The measures of official paper, one place for every writer.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I and II. Where the decree gives a range, one value
of it is chosen here. Lengths in millimetres, sizes in points.
"""

from __future__ import annotations

from datetime import date

from camket.paper.writing.metrics import lines_of, text_width
from camket.paper.writing.model import Letterhead

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
TABLE_SIZE = 12.0

LETTERHEAD = (63.0, 102.0)
SIGNATURE = (80.0, 85.0)
INDENT = 12.7
GAP = 6.0
LINE_SPACING = 1.1
SIGNING_SPACE = 68.0

POINTS = 72 / 25.4


def issuer_lines(name: str) -> list[str]:
    """Return a body's name in the capitals of a letterhead, broken after its type where that is how it is written.

    >>> issuer_lines("Ủy ban nhân dân xã Bình Yên")
    ['ỦY BAN NHÂN DÂN', 'XÃ BÌNH YÊN']
    """
    width = (LETTERHEAD[0] - 2) * POINTS
    upper = name.upper()
    for body in ("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN"):
        if upper.startswith(f"{body} "):
            rest = upper.removeprefix(f"{body} ")
            return [body, *lines_of(rest, width, NATION_SIZE, bold=True)]
    return lines_of(upper, width, NATION_SIZE, bold=True)


def superior_lines(name: str) -> list[str]:
    """Return the superior body's name in capitals, broken into lines that fit."""
    return lines_of(name.upper(), (LETTERHEAD[0] - 2) * POINTS, NATION_SIZE)


def issuer_rule(lines: list[str]) -> float:
    """Return the length in points of the rule under the issuing body: between a third and a half of its line."""
    return round(0.42 * text_width("".join(lines[-1:]), NATION_SIZE, bold=True), 1)


def motto_rule() -> float:
    """Return the length in points of the rule under the motto: as long as the motto."""
    return round(text_width(MOTTO, MOTTO_SIZE, bold=True), 1)


def title_lines(text: str, *, width: float = TEXT_WIDTH) -> list[str]:
    """Return an abstract or title broken into even lines for the middle of the page."""
    return lines_of(text, (width - 12) * POINTS, BODY_SIZE, bold=True)


def note_lines(text: str, *, width: float = TEXT_WIDTH) -> list[str]:
    """Return the note under an annex's title broken into even lines."""
    return lines_of(text, (width - 12) * POINTS, BODY_SIZE, italic=True)


def title_rule(lines: list[str]) -> float:
    """Return the length in points of the rule under an abstract: between a third and a half of its line."""
    return round(0.4 * text_width("".join(lines[-1:]), BODY_SIZE, bold=True), 1)


def number_line(letterhead: Letterhead) -> str:
    """Return the number and symbol as written, with a blank where the number is not yet given.

    >>> number_line(Letterhead(issuer="UBND", symbol="QĐ-UBND", year=2026, number="05/QĐ-UBND"))
    'Số: 05/QĐ-UBND'
    """
    return f"Số: {letterhead.number}" if letterhead.number else f"Số:{BLANK}/{letterhead.symbol}"


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


BLANK = "\u00a0" * 7
