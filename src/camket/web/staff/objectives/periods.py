"""The periods that a figure may be entered for, by the names that officials use."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from camket.core.periods import name, split
from camket.core.plan import Every, Period
from camket.web.request import say

OTHER = "other"
_OFFERED = (Every.YEAR, Every.NINE_MONTHS, Every.HALF_YEAR, Every.QUARTER, Every.MONTH)


def code(period: Period) -> str:
    """Return a period as the value of a choice."""
    return f"{period.start.isoformat()}_{period.end.isoformat()}"


def from_code(text: str) -> Period | None:
    """Return the period that a choice's value stands for, or None."""
    start, _sep, end = text.partition("_")
    try:
        return Period(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        return None


def ended(period: Period, today: date) -> tuple[tuple[str, tuple[Period, ...]], ...]:
    """Return the named periods of a plan's period that are over, the newest first, by kind."""
    groups: list[tuple[str, tuple[Period, ...]]] = []
    seen: set[Period] = set()
    for every in _OFFERED:
        found = tuple(
            each for each in reversed(split(period, every)) if each.end <= today and each not in seen
        )
        seen.update(found)
        if found:
            groups.append((every.value, found))
    return tuple(groups)


def proposed(period: Period, rhythm: str, today: date, taken: Collection[Period]) -> Period | None:
    """Return the newest period of the agency's reporting rhythm that is over and has no figure yet."""
    over = [each for each in split(period, Every(rhythm)) if each.end <= today and each not in taken]
    return over[-1] if over else None


def named(period: Period) -> str:
    """Return what officials call a period."""
    return say(name(period))
