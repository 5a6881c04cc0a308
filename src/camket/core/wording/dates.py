"""Dates as Vietnamese documents write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from camket.core.wording.text import fold, lower

__all__ = ["coming_day", "format_date", "official_date", "parse_date"]

_NUMERIC = re.compile(r"(?:ngày\s*)?(\d{1,2})\s*([/.\-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d{2}))?")
_SPOKEN = re.compile(
    r"(?:ngày\s*|mùng\s*|mồng\s*)?(\d{1,2})\s*(?:,\s*)?tháng\s*(\d{1,2})(?:\s*(?:,\s*)?(?:năm|/)\s*(\d{4}))?"
)

_AHEAD = timedelta(days=300)
"""A day named without its year is no further ahead: what lies just behind is a slip, and not next year's."""


def full_year(digits: str) -> int:
    """Return a year written with two or four digits; two are of this century."""
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


def parse_date(text: str, year: int | None = None) -> date | None:
    """Return the date that is the whole of the text, or None.

    A day and month without a year are of ``year``; None where it is not given.

    >>> parse_date("ngày 05 tháng 3 năm 2024"), parse_date("30/8", 2024)
    (datetime.date(2024, 3, 5), datetime.date(2024, 8, 30))
    >>> parse_date("31/6/2024") is None
    True
    """
    folded = lower(fold(text)).strip(" .;,")
    if match := _NUMERIC.fullmatch(folded):
        day, month, digits = match[1], match[3], match[4]
    elif match := _SPOKEN.fullmatch(folded):
        day, month, digits = match[1], match[2], match[3]
    else:
        return None
    of_year = full_year(digits) if digits else year
    if of_year is None:
        return None
    try:
        return date(of_year, int(month), int(day))
    except ValueError:
        return None


def coming_day(text: str, on: date) -> date | None:
    """Return the first day on or after ``on`` that is the whole of the text, a day and a month without a year.

    None where the text is something else, or the day lies so far ahead that one just past may be meant.

    >>> coming_day("20/7", date(2026, 7, 6)), coming_day("ngày 05 tháng 01", date(2026, 7, 6))
    (datetime.date(2026, 7, 20), datetime.date(2027, 1, 5))
    >>> coming_day("20/7/2026", date(2026, 7, 6)), coming_day("5/7", date(2026, 7, 6))
    (None, None)
    """
    if parse_date(text) is not None:
        return None
    days = (parse_date(text, year) for year in (on.year, on.year + 1))
    return next((day for day in days if day is not None and on <= day <= on + _AHEAD), None)


def past_day(text: str, on: date) -> date | None:
    """Return the last day on or before ``on`` that is the whole of the text, a day and a month without a year.

    None where the text is something else, or the day lies so far back that one still to come may be meant.

    >>> past_day("20/6", date(2026, 7, 6)), past_day("20/12", date(2026, 1, 6))
    (datetime.date(2026, 6, 20), datetime.date(2025, 12, 20))
    >>> past_day("20/6/2026", date(2026, 7, 6)), past_day("7/7", date(2026, 7, 6))
    (None, None)
    """
    if parse_date(text) is not None:
        return None
    days = (parse_date(text, year) for year in (on.year, on.year - 1))
    return next((day for day in days if day is not None and on - _AHEAD <= day <= on), None)


def format_date(value: date) -> str:
    """Return a date in the screen's and table's form.

    >>> format_date(date(2026, 1, 5))
    '05/01/2026'
    """
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def official_date(value: date) -> str:
    """Return a date in the form of official documents: only days below 10 and months 1 and 2 take a zero.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.4.

    >>> official_date(date(2026, 1, 5)), official_date(date(2026, 3, 15))
    ('ngày 05 tháng 01 năm 2026', 'ngày 15 tháng 3 năm 2026')
    """
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"
