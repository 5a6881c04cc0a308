"""Working days: weekends, official days off, swaps, and how limits of days are counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_HORIZON = 3_660
_EPOCH = date(1970, 1, 1)
_INDEX_LAST = (date(2100, 12, 31) - _EPOCH).days


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked: a weekday unless off, a weekend day only where a swap makes it worked.

    ``weekend`` holds weekdays as :meth:`datetime.date.weekday` counts them (Saturday 5, Sunday 6).
    Raises ValueError where a day is both off and worked, or where no weekday is left to work on.

    Source: Bộ luật Lao động 2019, Điều 111 and 112; swaps by the Prime Minister's yearly decision.
    """

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})

    def __post_init__(self) -> None:
        if both := self.days_off & self.working_days:
            raise ValueError(f"{min(both)} is both a day off and a working day")
        if self.weekend >= frozenset(range(7)):
            raise ValueError("a calendar needs at least one working weekday")

    def is_working(self, day: date) -> bool:
        """Return whether the day is worked.

        >>> saturday = date(2026, 8, 22)
        >>> WorkingCalendar().is_working(saturday)
        False
        >>> WorkingCalendar(working_days=frozenset({saturday})).is_working(saturday)
        True
        """
        if day in self.working_days:
            return True
        return day not in self.days_off and day.weekday() not in self.weekend

    def next_working(self, day: date) -> date:
        """Return the day itself where it is worked, else the first worked day after it."""
        return self._walk(day, _DAY)

    def previous_working(self, day: date) -> date:
        """Return the day itself where it is worked, else the last worked day before it."""
        return self._walk(day, -_DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the last day of a limit of working days; the day of the event itself is not counted.

        A limit of no days ends on the day itself. Raises ValueError for a negative count.

        >>> WorkingCalendar().add_working_days(date(2026, 7, 3), 1)    # a Friday
        datetime.date(2026, 7, 6)

        Source: Bộ luật Dân sự 2015, Điều 147 khoản 2.
        """
        if count < 0:
            raise ValueError("a limit has no negative number of days")
        for _ in range(count):
            day = self.next_working(day + _DAY)
        return day

    def add_days(self, day: date, count: int) -> date:
        """Return the last day of a limit of calendar days; the first day is not counted, a last day off moves on.

        Raises ValueError for a negative count.

        >>> WorkingCalendar().add_days(date(2026, 7, 3), 1)            # Saturday, so Monday
        datetime.date(2026, 7, 6)

        Source: Bộ luật Dân sự 2015, Điều 147 khoản 2 and Điều 148 khoản 5.
        """
        if count < 0:
            raise ValueError("a limit has no negative number of days")
        return self.limit_end(day + timedelta(days=count))

    def limit_end(self, day: date) -> date:
        """Return the day on whose end a limit ends in law: a last day off moves to the next working day.

        Source: Bộ luật Dân sự 2015, Điều 148 khoản 5 and 6.
        """
        return self.next_working(day)

    def working_between(self, start: date, end: date) -> int:
        """Return how many working days lie from ``start`` to ``end``, both included; 0 where end is before start."""
        days = (end - start).days + 1
        if days <= 0:
            return 0
        weeks, rest = divmod(days, 7)
        first = start.weekday()
        count = weeks * (7 - len(self.weekend))
        count += sum((first + offset) % 7 not in self.weekend for offset in range(rest))
        count -= sum(start <= day <= end and day.weekday() not in self.weekend for day in self.days_off)
        return count + sum(start <= day <= end and day.weekday() in self.weekend for day in self.working_days)

    def _walk(self, day: date, step: timedelta) -> date:
        for _ in range(_HORIZON):
            if self.is_working(day):
                return day
            day += step
        raise ValueError("the calendar has no working day within ten years")


def calendar_of(
    national: Iterable[tuple[date, bool]],
    own: Iterable[tuple[date, bool]] = (),
    weekend: frozenset[int] = frozenset({5, 6}),
) -> WorkingCalendar:
    """Return the calendar of national days with an agency's own laid over them.

    Each pair is a day and whether it is worked; the agency's row of a day wins over the national one.

    >>> day = date(2026, 8, 31)
    >>> calendar_of([(day, False)], [(day, True)]).is_working(day)
    True
    """
    days = {**dict(national), **dict(own)}
    return WorkingCalendar(
        days_off=frozenset(day for day, worked in days.items() if not worked),
        working_days=frozenset(day for day, worked in days.items() if worked),
        weekend=weekend,
    )


@dataclass(frozen=True, slots=True)
class WorkingIndex:
    """A calendar laid out for arithmetic over many days: days are whole numbers counted from 01/01/1970.

    ``ranks[day]`` is how many working days lie before and on the day, ``working`` the working days in their order; so
    ``working[ranks[day] + count - 1]`` is the count-th working day after a day. Both reach from 01/01/1970 to
    31/12/2100: dates of dossiers outside are slips of the hand. Columns of days are reckoned with the same two lists.
    """

    ranks: Sequence[int]
    working: Sequence[int]

    def holds(self, day: int) -> bool:
        """Return whether the index reaches to the day."""
        return 0 <= day < len(self.ranks)

    def is_working(self, day: int) -> bool:
        """Return whether the day is worked."""
        return self.ranks[day] > (self.ranks[day - 1] if day else 0)

    def next_working(self, day: int) -> int:
        """Return the day itself where it is worked, else the first worked day after it."""
        return self.working[self.ranks[day - 1] if day else 0]

    def after(self, day: int, count: int) -> int:
        """Return the count-th working day after a day; the day itself for a count of 0."""
        return self.working[self.ranks[day] + count - 1] if count else day

    def within(self, start: int, end: int) -> int:
        """Return how many working days lie after ``start`` up to and with ``end``; 0 where end is not after start."""
        return self.ranks[end] - self.ranks[start] if end > start else 0


@lru_cache(maxsize=32)
def index_of(calendar: WorkingCalendar) -> WorkingIndex:
    """Return the calendar laid out for arithmetic over many days.

    >>> index = index_of(WorkingCalendar())
    >>> saturday = (date(2026, 8, 22) - date(1970, 1, 1)).days
    >>> index.next_working(saturday) - saturday, index.after(saturday, 5) - saturday
    (2, 6)
    """
    special = {(day - _EPOCH).days: False for day in calendar.days_off}
    special |= {(day - _EPOCH).days: True for day in calendar.working_days}
    thursday = _EPOCH.weekday()
    worked = [(thursday + rest) % 7 not in calendar.weekend for rest in range(7)]
    working = [day for day in range(_INDEX_LAST + 1) if special.get(day, worked[day % 7])]
    ranks = [0] * (_INDEX_LAST + 1)
    for day in working:
        ranks[day] = 1
    total = 0
    for day, one in enumerate(ranks):
        total += one
        ranks[day] = total
    return WorkingIndex(tuple(ranks), tuple(working))
