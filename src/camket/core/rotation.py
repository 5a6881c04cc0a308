"""Which backups to keep: some days, some weeks, some months (grandfather, father, son)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days, weeks and months that have a backup the newest of each is kept."""

    days: int = 7
    weeks: int = 4
    months: int = 12

    def __post_init__(self) -> None:
        if min(self.days, self.weeks, self.months) < 0:
            raise ValueError("less than none cannot be kept")

    @classmethod
    def parse(cls, text: str) -> Keep:
        """Return what a text of three numbers says, as ``7,4,12``; raises ValueError for any other.

        >>> Keep.parse("14, 8, 24")
        Keep(days=14, weeks=8, months=24)
        """
        days, weeks, months = (int(part) for part in text.split(","))
        return cls(days, weeks, months)


def kept(made: Iterable[datetime], keep: Keep) -> frozenset[datetime]:
    """Return which of the backups to keep; the newest always is.

    Days, weeks (from Monday) and months count where they have a backup: an office whose computer is off for its
    holidays loses none of its old ones to the calendar.

    >>> from datetime import timedelta
    >>> daily = [datetime(2026, 1, 1) + timedelta(days=day) for day in range(200)]
    >>> len(kept(daily, Keep(7, 4, 12)))
    16
    """
    newest_first = sorted(made, reverse=True)
    found = set(newest_first[:1])
    found |= _newest_of_each(newest_first, keep.days, lambda moment: moment.date())
    found |= _newest_of_each(newest_first, keep.weeks, lambda moment: moment.isocalendar()[:2])
    found |= _newest_of_each(newest_first, keep.months, lambda moment: (moment.year, moment.month))
    return frozenset(found)


def _newest_of_each(
    newest_first: Iterable[datetime], count: int, part_of: Callable[[datetime], Hashable]
) -> set[datetime]:
    newest: dict[Hashable, datetime] = {}
    for moment in newest_first:
        newest.setdefault(part_of(moment), moment)
    return set(list(newest.values())[:count])
