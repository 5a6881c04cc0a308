"""Dates with or without a time, as software and people write them into tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from camket.core.wording.dates import full_year
from camket.core.wording.text import search_key

__all__ = ["as_written", "day_and_hour", "parse_moment"]

_TIME = (
    r"(?P<hour>\d{1,2})\s*(?::|h|gio)\s*(?P<minute>\d{1,2})?\s*(?:phut)?(?:\s*:\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>am|pm|sa|ch|sang|chieu|toi)?"
)
_DAY = r"(?P<day>\d{1,2})\s*(?P<sign>[/.\-])\s*(?P<month>\d{1,2})\s*(?P=sign)\s*(?P<year>\d{4}|\d{2})"
_LONG = r"(?:ngay\s*)?(?P<day>\d{1,2})\s*(?:,\s*)?thang\s*(?P<month>\d{1,2})\s*(?:,\s*)?nam\s*(?P<year>\d{4})"
_ISO = r"(?P<year>\d{4})(?P<sign>[/.\-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
_ISO_DENSE = r"(?P<year>2[01]\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
_ZONE = r"(?:\s*(?:z|[+-]\d{2}:?\d{2}))?"
_BETWEEN = r"(?:\s*[,;]\s*|\s*-\s*|\s+(?:luc\s+)?|\s*t\s*)"
_AFTER = r"(?:\s*[,;]\s*|\s*-\s*|\s+(?:ngay\s+)?)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:ngay\s*)?{_DAY}(?:{_BETWEEN}{_TIME})?",
        rf"{_ISO}(?:{_BETWEEN}{_TIME})?{_ZONE}",
        rf"{_TIME}{_AFTER}{_DAY}",
        rf"{_TIME}{_AFTER}{_LONG}",
        rf"{_LONG}(?:{_BETWEEN}{_TIME})?",
        _ISO_DENSE,
    )
)
_WEEKDAY = re.compile(
    r"^(?:thu\s*(?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|t[2-7]|cn)\b[\s,;:(]*(?:ngay\b)?\s*"
)
_SHORT_DAY = r"(?:ngay\s*)?(?P<day>\d{1,2})\s*(?:[/.\-]|thang)\s*(?P<month>\d{1,2})"
_WITH_HOUR = tuple(
    re.compile(form) for form in (rf"{_SHORT_DAY}(?:{_BETWEEN}{_TIME})?", rf"{_TIME}{_AFTER}{_SHORT_DAY}")
)
_DIGIT = re.compile(r"\d")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d{1,15})?")
_SERIAL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - a count of days has no zone
_SERIALS = (36526, 73415)  # 01/01/2000 to 31/12/2100


def parse_moment(text: str, *, is_month_first: bool = False) -> datetime | None:
    """Return the moment that is the whole of the text, without a zone; a day alone is midnight, None where it is neither.

    The day stands before the month unless ``is_month_first``. A number of five digits is a day as Excel counts them
    (46027.604). It is told to the nearest second.

    >>> parse_moment("14:30 05/01/2026"), parse_moment("5/1/26"), parse_moment("30/02/2026")
    (datetime.datetime(2026, 1, 5, 14, 30), datetime.datetime(2026, 1, 5, 0, 0), None)
    >>> parse_moment("46027.604166667")
    datetime.datetime(2026, 1, 5, 14, 30)
    """
    if not _DIGIT.search(text):
        return None
    folded = search_key(text).strip(" .;,")
    if _SERIAL.fullmatch(folded):
        return _from_serial(float(folded.replace(",", ".")))
    for form in _FORMS:
        match = form.fullmatch(folded)
        if match:
            return _moment(
                match.groupdict(), is_month_first=is_month_first and match.re in (_FORMS[0], _FORMS[2])
            )
    return None


def day_and_hour(text: str) -> tuple[str, time | None]:
    """Return the part of a text that names a day, and the hour said beside it; (text, None) where it says none.

    The day may lack its year. The name of a weekday before it is left aside.

    >>> day_and_hour("8/7 14h00"), day_and_hour("Thứ Tư, 08/7/2026"), day_and_hour("sau Tết")
    (('8/7', datetime.time(14, 0)), ('08/7/2026', None), ('sau Tết', None))
    >>> day_and_hour("14 giờ 30, ngày 8 tháng 7 năm 2026")
    ('08/07/2026', datetime.time(14, 30))
    """
    folded = _WEEKDAY.sub("", search_key(text)).strip(" .;,)")
    moment = parse_moment(folded)
    if moment is not None:
        return f"{moment:%d/%m/%Y}", _hour(moment)
    for form in _WITH_HOUR:
        match = form.fullmatch(folded)
        # Which year is meant is asked for elsewhere: in a leap year each day exists.
        found = _moment({**match.groupdict(), "year": "2024"}) if match else None
        if found is not None:
            return f"{found.day}/{found.month}", _hour(found)
    return text, None


def _hour(moment: datetime) -> time | None:
    hour = moment.time().replace(second=0)
    return None if hour == time() else hour


def _from_serial(serial: float) -> datetime | None:
    """Return the moment of a day as Excel counts them, to the second. Source: ECMA-376, part 1, 18.17.4."""
    if not _SERIALS[0] <= serial < _SERIALS[1] + 1:
        return None
    return _SERIAL_BEGINS + timedelta(seconds=round(serial * 86_400))


def _moment(parts: Mapping[str, Any], *, is_month_first: bool = False) -> datetime | None:
    day, month = int(parts["day"]), int(parts["month"])
    if is_month_first:
        day, month = month, day
    hour = int(parts.get("hour") or 0)
    half = parts.get("half")
    if half in {"pm", "ch", "chieu", "toi"} and hour < 12:
        hour += 12
    elif half in {"am", "sa", "sang"} and hour == 12:
        hour = 0
    try:
        moment = datetime(  # noqa: DTZ001 - what an export says has no zone
            full_year(parts["year"]),
            month,
            day,
            hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
        )
    except ValueError:
        return None
    return moment + timedelta(seconds=(parts.get("fraction") or "0")[0] >= "5")


_OF_A_READER = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2}))?)?", re.ASCII)


def as_written(cell: str) -> str:
    """Return a moment as a reader of workbooks gives it the way people here write it; any other text as it stands.

    >>> as_written("2026-11-07 10:48:00"), as_written("2026-11-07 00:00:00"), as_written("07/11/2026")
    ('07/11/2026 10:48', '07/11/2026', '07/11/2026')
    """
    found = _OF_A_READER.fullmatch(cell)
    if found is None:
        return cell
    year, month, day, minute, second = found.groups()
    time = "" if minute is None or (minute == "00:00" and second in (None, "00")) else f" {minute}"
    return f"{day}/{month}/{year}{time}{f':{second}' if time and second not in (None, '00') else ''}"
