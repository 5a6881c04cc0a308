"""Numbers as Vietnamese documents write them: comma decimal, point groups of three, roman and lettered labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from camket.core.wording.text import fold

__all__ = [
    "NumberNotUnderstood",
    "ReadNumber",
    "fold_number",
    "format_number",
    "format_percent",
    "int_to_roman",
    "parse_number",
    "read_number",
    "roman_to_int",
]


class NumberNotUnderstood(ValueError):
    """A text is no number in Vietnamese form; ``text`` is what stood there."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a number in Vietnamese form: {text!r}")
        self.text = text


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number read; ``doubtful`` where its point was taken for a decimal mark."""

    value: Decimal
    doubtful: bool


_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"\d+(?:,\d+)?")
_POINT = re.compile(r"\d+\.\d+")


def read_number(text: str) -> ReadNumber:
    """Return the number a text holds, and whether its form is doubtful.

    Raises NumberNotUnderstood. A point before other than three digits is a decimal mark, doubtfully.

    >>> read_number("8.768").value, read_number("18,02").value, read_number("02").value
    (Decimal('8768'), Decimal('18.02'), Decimal('2'))
    >>> read_number("99.5")
    ReadNumber(value=Decimal('99.5'), doubtful=True)
    """
    folded = fold(text)
    sign, digits = "", folded
    if folded[:1] in "-−–+" and folded:
        sign, digits = ("" if folded[0] == "+" else "-"), folded[1:].strip()
    if _GROUPED.fullmatch(digits) or _SPACED.fullmatch(digits) or _PLAIN.fullmatch(digits):
        plain = digits.replace(".", "").replace(" ", "").replace(",", ".")
        return ReadNumber(Decimal(sign + plain), doubtful=False)
    if _POINT.fullmatch(digits):
        return ReadNumber(Decimal(sign + digits), doubtful=True)
    raise NumberNotUnderstood(text)


def parse_number(text: str) -> Decimal:
    """Return the number a text holds. Raises NumberNotUnderstood.

    >>> parse_number("1.234,5")
    Decimal('1234.5')
    """
    return read_number(text).value


def format_number(value: Decimal | int, places: int | None = None) -> str:
    """Return a number in Vietnamese form, rounded half up to ``places`` decimals where given.

    >>> format_number(Decimal("1234.5")), format_number(1234567), format_number(Decimal("98.45"), 1)
    ('1.234,5', '1.234.567', '98,5')
    """
    number = Decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    written = f"{number:,f}"
    return written.replace(",", "\0").replace(".", ",").replace("\0", ".")


def format_percent(value: Decimal | int, places: int | None = None) -> str:
    """Return a percentage in Vietnamese form, its sign set off by a no-break space.

    >>> format_percent(Decimal("98.4")).replace("\N{NO-BREAK SPACE}", " ")
    '98,4 %'
    """
    return f"{format_number(value, places)}\N{NO-BREAK SPACE}%"


_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_ROMAN_FORM = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")


def roman_to_int(text: str) -> int:
    """Return the value of a roman numeral, in either case. Raises NumberNotUnderstood.

    >>> roman_to_int("XIV")
    14
    """
    letters = fold(text).upper()
    if not letters or not _ROMAN_FORM.fullmatch(letters):
        raise NumberNotUnderstood(text)
    total = at = 0
    for value, sign in _ROMAN:
        while letters.startswith(sign, at):
            total += value
            at += len(sign)
    return total


def int_to_roman(value: int) -> str:
    """Return 1 to 3999 as a roman numeral. Raises ValueError outside that.

    >>> int_to_roman(9)
    'IX'
    """
    if not 1 <= value <= 3999:
        raise ValueError(f"no roman numeral for {value}")
    out = ""
    for amount, sign in _ROMAN:
        while value >= amount:
            out += sign
            value -= amount
    return out


_LABEL_WORDS = re.compile(
    r"(?:mục\s*tiêu(?:\s*chất\s*lượng)?|mtcl|phần|mục|điểm|khoản|stt|tt)?\s*(?:số|thứ)?[\s:]*", re.IGNORECASE
)


def fold_number(text: str) -> str:
    """Return a number label as a reader cites it: roman numerals arabic, zeros and marks gone.

    A single letter stays a letter unless it is I, V or X in capitals; a label that holds no number
    (``-``) gives an empty text.

    >>> [fold_number(label) for label in ("IV.", "01", "4.1.", "a)", "đ)", "VI I", "II.3", "-")]
    ['4', '1', '4.1', 'a', 'đ', '7', '2.3', '']
    """
    label = fold(text).strip(" .;:,()[]-–—+*•/")
    worded = _LABEL_WORDS.match(label)
    if worded and worded.end() < len(label) and re.match(r"[\dIVX]", label[worded.end() :]):
        label = label[worded.end() :].strip(" .;:,()")
    compact = label.replace(" ", "")
    return ".".join(part for part in (_fold_part(part) for part in re.split(r"[.\-]", compact)) if part)


def _fold_part(part: str) -> str:
    if part.isdecimal():
        return str(int(part))
    if part in ("I", "V", "X") or (len(part) > 1 and (part.isupper() or part.islower())):
        try:
            return str(roman_to_int(part))
        except NumberNotUnderstood:
            return part
    return part
