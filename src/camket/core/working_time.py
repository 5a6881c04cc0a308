"""When a time limit of a procedure ends: limits in working hours, working days, days, in the day; pauses left out.

Moments are by the clock of the agency, without a zone; a moment at midnight stands for a day whose time nobody noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from camket.core.calendar import WorkingCalendar, WorkingIndex, index_of
from camket.core.dossiers import LimitUnit, TimeLimit
from camket.core.tally import day_number, day_of

_MIDNIGHT = time()

Stretch = tuple[datetime, datetime | None]
"""A stretch in which a clock stands still: from, until; None where it has not ended."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours worked in a day, as spans that follow each other; times are in whole minutes.

    Raises ValueError where a span ends before it begins or begins before the one before it has ended.
    """

    spans: tuple[tuple[time, time], ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))

    def __post_init__(self) -> None:
        moments = [moment for span in self.spans for moment in span]
        if not moments or any(later <= earlier for earlier, later in pairwise(moments)):
            raise ValueError("working hours are spans that follow each other")

    @property
    def opens(self) -> time:
        """Return when work begins."""
        return self.spans[0][0]

    @property
    def closes(self) -> time:
        """Return when work ends."""
        return self.spans[-1][1]

    @property
    def length(self) -> int:
        """Return how many seconds are worked in a day.

        >>> WorkingHours().length // 3600
        8
        """
        return sum(_seconds(end) - _seconds(start) for start, end in self.spans)

    def worked_until(self, moment: time) -> int:
        """Return how many seconds of a day's work lie before a moment.

        >>> WorkingHours().worked_until(time(14, 0)) / 3600
        4.5
        """
        at = _seconds(moment)
        return sum(max(0, min(at, _seconds(end)) - _seconds(start)) for start, end in self.spans)

    def moment_after(self, worked: int) -> time:
        """Return when so many seconds of a day's work are done; the end of a span rather than the start of the next.

        >>> [f"{WorkingHours().moment_after(seconds):%H:%M}" for seconds in (4 * 3600, 4 * 3600 + 60)]
        ['11:30', '13:31']
        """
        left = worked
        for start, end in self.spans:
            length = _seconds(end) - _seconds(start)
            if left <= length:
                return _time(_seconds(start) + left)
            left -= length
        raise ValueError("a day has not so many working hours")


OFFICE_HOURS = WorkingHours()
"""07:30 to 11:30 and 13:30 to 17:30: eight hours."""


def local_day(moment: datetime) -> int:
    """Return the day of a moment as a whole number."""
    return day_number(moment.date())


def has_time(moment: datetime) -> bool:
    """Return whether the time of a moment is known: midnight stands for a date alone."""
    return moment.time() != _MIDNIGHT


def is_by_minute(limit: TimeLimit) -> bool:
    """Return whether a limit ends at a minute rather than with a day: hours, in the day, parts of a day.

    >>> [is_by_minute(TimeLimit(LimitUnit.WORKING_DAYS, Decimal(text))) for text in ("0.5", "3")]
    [True, False]
    """
    if limit.unit in (LimitUnit.HOURS, LimitUnit.SAME_DAY):
        return True
    if limit.unit == LimitUnit.NONE or limit.amount is None:
        return False
    if limit.unit == LimitUnit.DAYS:
        return limit.amount < 1
    return limit.amount != limit.amount.to_integral_value()


def limit_seconds(limit: TimeLimit, hours: WorkingHours = OFFICE_HOURS) -> int:
    """Return how many seconds of work a limit by the minute allows; a day is as long as its working hours."""
    amount = limit.amount or Decimal(0)
    return round(amount * (3600 if limit.unit == LimitUnit.HOURS else hours.length))


def whole_days(limit: TimeLimit) -> int:
    """Return how many days a limit of days has; a part of a day more is rounded up."""
    return int((limit.amount or Decimal(0)).to_integral_value(ROUND_CEILING))


def due(
    received_at: datetime,
    limit: TimeLimit,
    calendar: WorkingCalendar,
    hours: WorkingHours = OFFICE_HOURS,
    cut_off: time | None = None,
    pauses: Iterable[Stretch] = (),
) -> datetime | None:
    """Return when a limit ends that began at a moment; None where there is no limit or the dates are beyond reckoning.

    The first day is not counted. Working days: the last of them. Days: the last day, moved on to the next working day
    where it is off. A limit of days ends when the office closes on its last day, since results are handed over until
    then; in law it ends at midnight, and dossiers are judged by the day. Hours, and parts of a day as hours of the
    office's day: counted by the minute within the working hours; where the time of the beginning is not known, from
    the end of that day. A part of more than one calendar day is rounded up. In the day: until the office closes on
    the day of receipt, or on the next working day where the office was closed. With a ``cut_off``, what comes after
    it, or on a day off, begins as if it came on the next working day. A day counts where the clock runs at its end,
    a minute where it runs; a pause that has not ended moves nothing.

    >>> monday = datetime(2026, 7, 6, 9, 0)
    >>> str(due(monday, TimeLimit(LimitUnit.WORKING_DAYS, Decimal(5)), WorkingCalendar()))
    '2026-07-13 17:30:00'
    >>> str(due(monday, TimeLimit(LimitUnit.HOURS, Decimal(4)), WorkingCalendar()))
    '2026-07-06 15:00:00'

    Raises ValueError for an amount that is not above zero.

    Source: Bộ luật Dân sự 2015, Điều 147 and 148; Nghị định 61/2018/NĐ-CP, Điều 17 (hand-over after 15:00) and 19.
    """
    if limit.unit == LimitUnit.NONE:
        return None
    if limit.unit != LimitUnit.SAME_DAY and (limit.amount is None or limit.amount <= 0):
        raise ValueError("a limit of time has an amount above zero")
    index = index_of(calendar)
    still = _merged(pauses)
    if not index.holds(local_day(received_at)):
        return None
    try:
        start = _begun(received_at, index, cut_off, hours)
        if limit.unit != LimitUnit.SAME_DAY and is_by_minute(limit):
            return _by_minute(start, limit_seconds(limit, hours), index, hours, still)
        day = _last_day(start, limit, index, hours, [(local_day(a), local_day(b)) for a, b in still])
    except IndexError:
        return None
    return datetime.combine(day_of(day), hours.closes)


def working_days_between(
    start: datetime, end: datetime, calendar: WorkingCalendar, pauses: Iterable[Stretch] = ()
) -> int | None:
    """Return the working days after the day of ``start`` up to that of ``end`` on which the clock ran at their end.

    None where the dates are beyond reckoning.

    >>> working_days_between(datetime(2026, 7, 3, 9), datetime(2026, 7, 6, 10), WorkingCalendar())
    1
    """
    index = index_of(calendar)
    first, last = local_day(start), local_day(end)
    if not (index.holds(first) and index.holds(last)):
        return None
    days = index.within(first, last)
    for since, until in _merged((a, b or end) for a, b in pauses):
        # A day on which the clock stands still at its end: from the day a pause began to the one before it ended.
        after = max(local_day(since), first + 1) - 1
        days -= index.within(after, min(local_day(until) - 1, last))
    return days


def _begun(received_at: datetime, index: WorkingIndex, cut_off: time | None, hours: WorkingHours) -> datetime:
    """Return from which moment a limit is counted."""
    if cut_off is None:
        return received_at
    day = local_day(received_at)
    if received_at.time() > cut_off:
        day += 1
    begun = index.next_working(day)
    return received_at if begun == local_day(received_at) else datetime.combine(day_of(begun), hours.opens)


def _last_day(
    start: datetime,
    limit: TimeLimit,
    index: WorkingIndex,
    hours: WorkingHours,
    still: Sequence[tuple[int, int]],
) -> int:
    day = local_day(start)
    if limit.unit == LimitUnit.SAME_DAY:
        closed = has_time(start) and start.time() >= hours.closes
        return _running(day + closed, index, still)
    amount = whole_days(limit)
    if limit.unit == LimitUnit.WORKING_DAYS:
        end = index.after(day, amount)
        for since, until in still:
            first = max(since, day + 1)
            if first <= end and until > first:
                end = index.after(end, index.within(first - 1, until - 1))
        return end
    end = day + amount
    for since, until in still:
        first = max(since, day + 1)
        if first <= end and until > first:
            end += until - first
    return _running(end, index, still)


def _running(day: int, index: WorkingIndex, still: Sequence[tuple[int, int]]) -> int:
    """Return the first working day from a day on, itself with it, at whose end the clock runs."""
    found = index.next_working(day)
    for since, until in still:
        if since <= found < until:
            found = index.next_working(until)
    return found


def _by_minute(
    start: datetime,
    seconds: int,
    index: WorkingIndex,
    hours: WorkingHours,
    still: Sequence[tuple[datetime, datetime]],
) -> datetime:
    begun = _position(start, index, hours, is_late=True)
    end = begun + seconds
    for since, until in still:
        first = max(_position(since, index, hours, is_late=False), begun)
        last = _position(until, index, hours, is_late=True)
        if first < end and last > first:
            end += last - first
    whole, rest = divmod(end, hours.length)
    if not rest:
        whole, rest = whole - 1, hours.length
    return datetime.combine(day_of(index.working[whole]), hours.moment_after(rest))


def _position(moment: datetime, index: WorkingIndex, hours: WorkingHours, *, is_late: bool) -> int:
    """Return how many seconds of work lie before a moment; where its time is not known, with that day or without it."""
    day = local_day(moment)
    if not index.holds(day):
        raise IndexError(day)
    before = index.ranks[day - 1] if day else 0
    if not index.is_working(day):
        return before * hours.length
    if not has_time(moment):
        return (before + is_late) * hours.length
    return before * hours.length + hours.worked_until(moment.time())


def _merged(pauses: Iterable[Stretch]) -> list[tuple[datetime, datetime]]:
    """Return the stretches that have ended, in order, those that touch or overlap as one."""
    merged: list[tuple[datetime, datetime]] = []
    for since, until in sorted((a, b) for a, b in pauses if b is not None and b > a):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    return merged


def _time(seconds: int) -> time:
    minutes, second = divmod(seconds, 60)
    return time(minutes // 60, minutes % 60, second)


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
