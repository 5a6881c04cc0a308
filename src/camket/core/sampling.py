"""How far a share found by asking some may lie from the share among all: margin of error at 95 %.

For a share well inside 0 to 1 the normal approximation, with the correction for a finite population where it is known
how many there were to ask; near 0 and 1, where that would reach over the edge or pretend certainty, Wilson's interval.
Both hold for a sample drawn at random: who answers a survey chooses to, so that they say how much chance alone may do,
and nothing about those who keep silent.
Source: Cochran, *Sampling Techniques*, 3rd ed., 3.3–3.6; Wilson, JASA 22 (1927), p. 209.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal

_EXACT = Context(prec=28)
Z = Decimal("1.959964")
"""The quantile of the normal distribution for 95 % on both sides."""
FEWEST = 5
"""How many answers of each kind the normal approximation needs at least."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which shares (0 to 1) the share among all lies, with 95 % confidence.

    ``margin`` is half its width. ``is_wilson``: it lies near an end and is not symmetric. ``is_all``: all were asked.
    """

    low: Decimal
    high: Decimal
    is_wilson: bool = False
    is_all: bool = False

    @property
    def margin(self) -> Decimal:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def interval(part: int, whole: int, population: int | None = None) -> Interval | None:
    """Return the interval of a share found in a sample; None for a sample of none.

    ``population`` is how many there were to ask, None where nobody knows; fewer than the sample is not known either.

    >>> found = interval(90, 100)
    >>> f"{found.low:.3f} {found.high:.3f}"
    '0.841 0.959'
    """
    if whole <= 0:
        return None
    share = Decimal(part) / whole
    if population is not None and population == whole:
        return Interval(share, share, is_all=True)
    # The correction, said as a larger sample: that many drawn from an endless population would tell as much.
    size = Decimal(whole)
    if population is not None and population > whole:
        size = size * (population - 1) / (population - whole)
    if min(part, whole - part) >= FEWEST:
        reach = Z * _EXACT.sqrt(share * (1 - share) / size)
        if reach <= min(share, 1 - share):
            return Interval(share - reach, share + reach)
    centre = (share + Z * Z / (2 * size)) / (1 + Z * Z / size)
    reach = Z / (1 + Z * Z / size) * _EXACT.sqrt(share * (1 - share) / size + Z * Z / (4 * size * size))
    return Interval(max(centre - reach, Decimal(0)), min(centre + reach, Decimal(1)), is_wilson=True)
