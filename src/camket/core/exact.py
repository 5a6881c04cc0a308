"""Exact fractions on their way to people: rounded half up and written in Vietnamese form."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from camket.core.wording.numbers import format_number

WIDE = Context(prec=60)
"""Wider than any column, so that nothing is cut off on the way."""


def floor(value: Fraction) -> int:
    """Return the largest whole number not above a value."""
    return value.numerator // value.denominator


def ceil(value: Fraction) -> int:
    """Return the smallest whole number not below a value."""
    return -(-value.numerator // value.denominator)


def half_down(value: Fraction, *, whole: bool) -> Fraction:
    """Round to a whole number, a half downwards, where the target is whole: of one house, none is due by mid-year."""
    return Fraction(ceil(value - Fraction(1, 2))) if whole else value


def rounded(value: Fraction, places: int) -> Decimal:
    """Round half up to ``places`` decimals, without trailing zeros.

    >>> rounded(Fraction(2, 3), 2), rounded(Fraction(5, 2), 4)
    (Decimal('0.67'), Decimal('2.5'))
    """
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1:
        return Decimal(numerator)
    scaled = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    while places and scaled % 10 == 0:
        scaled, places = scaled // 10, places - 1
    return Decimal(-scaled if numerator < 0 else scaled).scaleb(-places, WIDE)


def trimmed(value: Decimal) -> Decimal:
    """Drop trailing zeros, without an exponent."""
    normal = value.normalize(WIDE)
    exponent = normal.as_tuple().exponent
    return normal.quantize(Decimal(1), context=WIDE) if isinstance(exponent, int) and exponent > 0 else normal


def signed(sign: str, amount: str) -> str:
    """Join a sign and its amount so that no line breaks between them."""
    return f"{sign}\N{NO-BREAK SPACE}{amount}" if sign else amount


def suffixed(amount: str, unit: str) -> str:
    """Join an amount and its unit so that no line breaks between them."""
    return f"{amount}\N{NO-BREAK SPACE}{unit}" if unit else amount


def with_unit(value: Decimal, unit: str) -> str:
    """Write a number in Vietnamese form with its unit."""
    return suffixed(format_number(trimmed(value)), unit)


def short(value: Fraction, unit: str = "") -> str:
    """Write a working figure with two decimals, or as many more as it takes to be seen."""
    amount = next((each for each in (rounded(value, 2), rounded(value, 4)) if each), rounded(value, 6))
    return with_unit(amount, unit)
