"""A calendar of reports: by a line's rules its occurrences, each with period, cut-off, the units' day and the day it is due.

The period of a report is stored with its start and end: a year may run from 01/01 to 31/12 or from 15/12 of the year
before to 14/12. Source: Nghị định 09/2019/NĐ-CP, Điều 12 (days at which the figures of periodic reports are cut off).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.periods import split
from camket.core.plan import Every, Period

_DAY = timedelta(days=1)


class LineNotPossible(Refusal):
    """A line's rules give no day; ``field`` names what is to be mended."""

    def __init__(self, message: Message, field: str) -> None:
        super().__init__(message)
        self.field = field


class Subject(StrEnum):
    """What a report is about; ``other`` is one that is made outside."""

    OBJECTIVES = "objectives"
    DOSSIERS = "dossiers"
    SATISFACTION = "satisfaction"
    FEEDBACK = "feedback"
    DIRECTIVES = "directives"
    PROGRAMME = "programme"
    CORRECTIVE = "corrective"
    AUDITS = "audits"
    SUMMARY = "summary"
    OTHER = "other"


class Pace(StrEnum):
    """How often a report is made."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    ONCE = "once"


class DueBy(StrEnum):
    """From what the due day is reckoned: days before or after the period's first or last day, or a day of the year."""

    START = "start"
    END = "end"
    DAY = "day"


class OnDayOff(StrEnum):
    """Where a due day that is no working day goes."""

    BEFORE = "before"
    AFTER = "after"
    STAYS = "stays"


EVERY = {
    Pace.MONTH: Every.MONTH,
    Pace.QUARTER: Every.QUARTER,
    Pace.HALF_YEAR: Every.HALF_YEAR,
    Pace.NINE_MONTHS: Every.NINE_MONTHS,
    Pace.YEAR: Every.YEAR,
}
PARTS = {Pace.MONTH: 12, Pace.QUARTER: 4, Pace.HALF_YEAR: 2, Pace.NINE_MONTHS: 1, Pace.YEAR: 1, Pace.ONCE: 1}
"""How many periods a year has."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a line.

    ``year_starts`` is the first day of its year as "MM-DD"; from July on it lies in the calendar year before. ``which`` are
    the ordinal numbers of the periods that are reported, all where it is empty. ``due_days`` is counted from the period's
    first or last day (negative: before it), ``due_day`` a day of each year as "MM-DD", the first one after the period has
    begun. ``cut_off_days`` before the due day the figures are cut off; None: at the period's end. ``units_days`` before the
    due day the units send their parts; None: they are not asked. ``once`` is the period of what is made once.
    """

    pace: Pace
    year_starts: str = "01-01"
    which: tuple[int, ...] = ()
    due_by: DueBy = DueBy.END
    due_days: int = 0
    due_day: str = ""
    on_day_off: OnDayOff = OnDayOff.BEFORE
    cut_off_days: int | None = None
    units_days: int | None = None
    once: Period | None = None
    once_due: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One report that is owed: its period, the last day of its figures, the units' day, the day it is due."""

    period: Period
    cut_off: date
    units_by: date | None
    due_on: date


def checked(rules: Rules) -> Rules:
    """Return rules that give days. Raises LineNotPossible, whose ``field`` says what is to be mended."""
    if rules.pace is Pace.ONCE:
        if rules.once is None or rules.once_due is None:
            raise LineNotPossible(
                Message(
                    gettext_noop("A report made once needs its first and last day and the day it is due.")
                ),
                "once_due",
            )
        if rules.once.end < rules.once.start:
            raise LineNotPossible(Message(gettext_noop("The period ends before it begins.")), "once_end")
        return rules
    _month_day(rules.year_starts, "year_starts")
    if rules.due_by is DueBy.DAY:
        if rules.pace in (Pace.MONTH, Pace.QUARTER):
            raise LineNotPossible(
                Message(gettext_noop("A day of the year fits half-years, nine months and years only.")),
                "due_by",
            )
        _month_day(rules.due_day, "due_day")
    if any(not 1 <= each <= PARTS[rules.pace] for each in rules.which):
        raise LineNotPossible(Message(gettext_noop("The year has no such period.")), "which")
    return rules


def year_of(rules: Rules, year: int) -> Period:
    """Return the reporting year that is called ``year``.

    >>> year_of(Rules(Pace.YEAR, "12-15"), 2026)
    Period(start=datetime.date(2025, 12, 15), end=datetime.date(2026, 12, 14))
    """
    month, day = _month_day(rules.year_starts, "year_starts")
    start = date(year - 1 if month > 6 else year, month, day)
    return Period(start, start + relativedelta(years=1) - _DAY)


def occurrences(rules: Rules, first: date, last: date, calendar: WorkingCalendar) -> tuple[Occurrence, ...]:
    """Return what is due from ``first`` to ``last`` by a line's rules, by day.

    >>> quarters = Rules(Pace.QUARTER, "12-15", which=(1,), due_days=5, on_day_off=OnDayOff.AFTER, units_days=3)
    >>> found, = occurrences(quarters, date(2026, 1, 1), date(2026, 12, 31), WorkingCalendar())
    >>> [each.isoformat() for each in (found.period.start, found.cut_off, found.units_by, found.due_on)]
    ['2025-12-15', '2026-03-14', '2026-03-16', '2026-03-19']
    """
    found = [_dated(rules, period, calendar) for period in _periods(rules, first, last)]
    return tuple(
        sorted((each for each in found if first <= each.due_on <= last), key=lambda each: each.due_on)
    )


def _periods(rules: Rules, first: date, last: date) -> Iterator[Period]:
    if rules.pace is Pace.ONCE:
        if rules.once is not None:
            yield rules.once
        return
    for year in range(first.year - 2, last.year + 3):
        parts = split(year_of(rules, year), EVERY[rules.pace])
        yield from (part for number, part in enumerate(parts, 1) if not rules.which or number in rules.which)


def _dated(rules: Rules, period: Period, calendar: WorkingCalendar) -> Occurrence:
    due = _due_day(rules, period)
    if rules.on_day_off is OnDayOff.BEFORE:
        due = calendar.previous_working(due)
    elif rules.on_day_off is OnDayOff.AFTER:
        due = calendar.next_working(due)
    cut_off = period.end
    if rules.cut_off_days is not None:
        cut_off = max(period.start, min(period.end, due - timedelta(days=rules.cut_off_days)))
    units_by = None
    if rules.units_days is not None:
        units_by = calendar.previous_working(due - timedelta(days=rules.units_days))
    return Occurrence(period, cut_off, units_by, due)


def _due_day(rules: Rules, period: Period) -> date:
    if rules.pace is Pace.ONCE:
        return rules.once_due or period.end
    if rules.due_by is DueBy.START:
        return period.start + timedelta(days=rules.due_days)
    if rules.due_by is DueBy.END:
        return period.end + timedelta(days=rules.due_days)
    month, day = _month_day(rules.due_day, "due_day")
    found = [_real_day(year, month, day) for year in range(period.start.year, period.end.year + 2)]
    # The day next to the period's end: a report on a year may be due in November, or in January of the next.
    middle = period.start + (period.end - period.start) / 2
    return min(each for each in found if each > middle)


def _month_day(text: str, field: str) -> tuple[int, int]:
    try:
        month, day = (int(part) for part in text.split("-"))
        date(2024, month, day)
    except ValueError as error:
        raise LineNotPossible(
            Message(gettext_noop("Write a day of the year, for example 15/6.")), field
        ) from error
    return month, day


def _real_day(year: int, month: int, day: int) -> date:
    """Return the day, or the month's last where the month is shorter."""
    return date(year, month, 1) + relativedelta(day=day)
