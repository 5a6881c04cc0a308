"""When figures that no record gives have to be entered by hand: for which periods, and by which day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from camket.core.calendar import WorkingCalendar
from camket.core.periods import split
from camket.core.plan import Every, Period

RHYTHMS = (Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.YEAR)
"""How often a figure may be asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure that is asked for: its period, and the last day to enter it."""

    period: Period
    due_on: date

    def is_late(self, on: date) -> bool:
        """Return whether the day to enter it is over."""
        return on > self.due_on


def entries(span: Period, every: Every, within: int, calendar: WorkingCalendar) -> tuple[Entry, ...]:
    """Return the figures asked for in a plan's period: one for each of its parts, so many working days after it.

    Raises ValueError for a negative number of days.

    >>> year = Period(date(2026, 1, 1), date(2026, 12, 31))
    >>> [str(each.due_on) for each in entries(year, Every.QUARTER, 5, WorkingCalendar())]
    ['2026-04-07', '2026-07-07', '2026-10-07', '2027-01-07']
    """
    return tuple(Entry(part, calendar.add_working_days(part.end, within)) for part in split(span, every))


def missing(asked: Collection[Entry], given: Collection[Period], on: date) -> tuple[Entry, ...]:
    """Return the figures asked for of periods that are over and for which none is given, the oldest first.

    A figure counts for the period in which its days end, and for those that it holds whole.

    >>> year = Period(date(2026, 1, 1), date(2026, 12, 31))
    >>> asked = entries(year, Every.QUARTER, 5, WorkingCalendar())
    >>> first_half = Period(date(2026, 1, 1), date(2026, 6, 30))
    >>> [str(each.period.end) for each in missing(asked, [first_half], date(2026, 10, 2))]
    ['2026-09-30']
    """
    return tuple(
        each
        for each in asked
        if each.period.end < on and not any(_covers(figure, each.period) for figure in given)
    )


def _covers(figure: Period, asked: Period) -> bool:
    ends_within = asked.start <= figure.end <= asked.end
    return ends_within or (figure.start <= asked.start and figure.end >= asked.end)
