"""Numbers and days as Vietnamese officials write and type them; the same in every language of the screen."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:,\d+)?")
_ENGLISH = re.compile(r"[+-]?\d+\.\d+|[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_WRITTEN = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class NotANumber(ValueError):
    """The text is no number in Vietnamese form; ``suggestion`` is the form meant, where one can tell."""

    def __init__(self, suggestion: str = "") -> None:
        super().__init__(suggestion)
        self.suggestion = suggestion


class NotADay(ValueError):
    """The text is no day; ``is_written_well`` tells a day that no calendar has from a text of another form."""

    def __init__(self, *, is_written_well: bool) -> None:
        super().__init__()
        self.is_written_well = is_written_well


def number(value: Decimal | int | str | None, places: int | None = None) -> str:
    """Return a number with points between thousands and a decimal comma: 1.234,5.

    ``places`` fixes the number of decimals, rounding half up; without it, needless zeros are dropped.
    """
    if value is None or value == "":
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return ""
    text = format_number(exact, places)
    if places is None and "," in text:
        text = text.rstrip("0").rstrip(",")
    return text if text.strip("-0,") else text.removeprefix("-")


def parse_number(text: str) -> Decimal:
    """Return the number that an official typed: ``1.234,5`` or ``1234,5``.

    A point groups thousands and nothing else, so that 98.5 is refused, not read as 985 or guessed.

    Raises NotANumber, with a suggestion where the text is a number in English form.
    """
    folded = re.sub(r"[\s\u00a0\u202f]", "", text).replace("\u2212", "-")
    if _GROUPED.fullmatch(folded) or _PLAIN.fullmatch(folded):
        try:
            return Decimal(folded.replace(".", "").replace(",", "."))
        except InvalidOperation as error:
            raise NotANumber from error
    if _ENGLISH.fullmatch(folded):
        raise NotANumber(number(Decimal(folded.replace(",", ""))))
    raise NotANumber


def day(value: date | datetime | str | None) -> str:
    """Return a day as 05/01/2026; a moment is taken in Vietnam's time."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value)


def parse_day(text: str) -> date:
    """Return the day that an official typed, day first: 3/4/2026 is 3 April.

    Read too: 03-04-2026, 03.04.2026, 03042026, ngày 03 tháng 4 năm 2026, 2026-04-03.

    Raises NotADay for another form (two-digit years among them) or a day that no calendar has.
    """
    folded = " ".join(text.split())
    if match := _DAY_FIRST.fullmatch(folded) or _WRITTEN.fullmatch(folded):
        day_, month, year = (int(part) for part in match.groups())
    elif match := _ISO.fullmatch(folded):
        year, month, day_ = (int(part) for part in match.groups())
    elif re.fullmatch(r"\d{8}", folded):
        day_, month, year = int(folded[:2]), int(folded[2:4]), int(folded[4:])
    else:
        raise NotADay(is_written_well=False)
    if not 1900 <= year <= 2200:
        raise NotADay(is_written_well=False)
    try:
        return date(year, month, day_)
    except ValueError as error:
        raise NotADay(is_written_well=True) from error
