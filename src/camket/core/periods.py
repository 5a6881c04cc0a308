"""Named periods (week, month, quarter, …) within a reporting year whose start and end are stored.

A "year" of a plan is what the plan says it is: it may run from 01/01 to 31/12 or, as statistics of
the administration often do, from 15/12 of the year before to 14/12. Its months, quarters and halves
are counted from its own first day, so that the first quarter of the second is 15/12 to 14/3.
Source: NĐ 09/2019/NĐ-CP, Điều 12 (cut-off days of periodic reports).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from camket.core.messages import Message, gettext_noop
from camket.core.plan import Every, Period

MONTHS: dict[Every, int] = {
    Every.MONTH: 1,
    Every.QUARTER: 3,
    Every.HALF_YEAR: 6,
    Every.NINE_MONTHS: 9,
    Every.YEAR: 12,
}
ROMAN = ("I", "II", "III", "IV")

_DAY = timedelta(days=1)


def year_starts(period: Period) -> tuple[date, ...]:
    """Return the first day of each reporting year that the period touches, in order.

    Years are counted back from the period's end, so that a plan which begins in March and ends on
    31/12 still belongs to the year that began on 01/01.

    >>> year_starts(Period(date(2026, 3, 22), date(2026, 12, 31)))
    (datetime.date(2026, 1, 1),)
    >>> year_starts(Period(date(2025, 12, 15), date(2026, 12, 14)))
    (datetime.date(2025, 12, 15),)
    """
    after = period.end + _DAY
    starts: list[date] = []
    years = 1
    while True:
        start = after - relativedelta(years=years)
        starts.append(start)
        if start <= period.start:
            return tuple(reversed(starts))
        years += 1


def split(period: Period, every: Every) -> tuple[Period, ...]:
    """Return the named periods that a plan's period holds, in order, cut at its two ends.

    Weeks run from Monday to Sunday. Nine months are the first nine of each reporting year.

    >>> [str(p.end) for p in split(Period(date(2026, 1, 1), date(2026, 12, 31)), Every.QUARTER)]
    ['2026-03-31', '2026-06-30', '2026-09-30', '2026-12-31']
    >>> [str(p.end) for p in split(Period(date(2025, 12, 15), date(2026, 12, 14)), Every.HALF_YEAR)]
    ['2026-06-14', '2026-12-14']
    """
    if every is Every.WEEK:
        whole = _weeks(period)
    else:
        # Counted back from the day after the end, as years are: from a year's first day on, one that begins on 28/02
        # would end on 27/02 even where it lasts to the 28th of a leap year.
        after, length = period.end + _DAY, MONTHS[every]
        whole = [
            Period(
                after - relativedelta(months=12 * year - month),
                after - relativedelta(months=12 * year - month - length) - _DAY,
            )
            for year in range(len(year_starts(period)), 0, -1)
            for month in range(0, 13 - length, length)
        ]
    return tuple(
        Period(max(each.start, period.start), min(each.end, period.end))
        for each in whole
        if each.end >= period.start and each.start <= period.end
    )


def _weeks(period: Period) -> list[Period]:
    monday = period.start - timedelta(days=period.start.weekday())
    weeks: list[Period] = []
    while monday <= period.end:
        weeks.append(Period(monday, monday + timedelta(days=6)))
        monday += timedelta(days=7)
    return weeks


def previous(period: Period) -> Period:
    """Return the stretch just before a period and as long as it, in whole months where it has whole months.

    >>> previous(Period(date(2026, 4, 1), date(2026, 6, 30)))
    Period(start=datetime.date(2026, 1, 1), end=datetime.date(2026, 3, 31))
    """
    end = period.start - _DAY
    months = whole_months(period)
    if months is None:
        return Period(end - (period.end - period.start), end)
    return Period(period.start - relativedelta(months=months), end)


def last_month(today: date) -> Period:
    """Return the last whole month before a day.

    >>> last_month(date(2026, 3, 5))
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 2, 28))
    """
    end = today.replace(day=1) - _DAY
    return Period(end.replace(day=1), end)


def same_last_year(period: Period) -> Period:
    """Return the same period one year earlier; a month's last day stays a month's last day.

    >>> same_last_year(Period(date(2025, 2, 1), date(2025, 2, 28)))
    Period(start=datetime.date(2024, 2, 1), end=datetime.date(2024, 2, 29))
    """
    return Period(period.start - relativedelta(years=1), (period.end + _DAY) - relativedelta(years=1) - _DAY)


def whole_months(period: Period) -> int | None:
    """Return how many whole months a period lasts, counted from its first day; None where it does not.

    >>> whole_months(Period(date(2025, 12, 15), date(2026, 3, 14)))
    3
    >>> whole_months(Period(date(2026, 1, 1), date(2026, 1, 30))) is None
    True
    """
    after = period.end + _DAY
    months = (after.year - period.start.year) * 12 + after.month - period.start.month
    if months > 0 and period.start + relativedelta(months=months) == after:
        return months
    return None


def name(period: Period) -> Message:
    """Return what officials call a period: a month, quarter, half or year by its name, else its two days.

    A period that starts in the middle of a month is named after the month in which it ends, as
    reports do (15/12 to 14/01 is January's).

    >>> str(name(Period(date(2026, 4, 1), date(2026, 6, 30))))
    'Quarter II/2026'
    >>> str(name(Period(date(2025, 12, 15), date(2026, 12, 14))))
    'Year 2026'
    """
    months = whole_months(period)
    end, year = period.end.month, str(period.end.year)
    regular = period.start.day == 1 or period.start.day == 15
    if regular and months == 1:
        return Message(gettext_noop("Month %(month)s/%(year)s"), {"month": str(end), "year": year})
    if regular and months == 3 and end % 3 == 0:
        return Message(
            gettext_noop("Quarter %(quarter)s/%(year)s"), {"quarter": ROMAN[end // 3 - 1], "year": year}
        )
    if regular and months == 6 and end == 6:
        return Message(gettext_noop("First half of %(year)s"), {"year": year})
    if regular and months == 6 and end == 12:
        return Message(gettext_noop("Second half of %(year)s"), {"year": year})
    if regular and months == 9 and end == 9:
        return Message(gettext_noop("Nine months of %(year)s"), {"year": year})
    if regular and months == 12 and end == 12:
        return Message(gettext_noop("Year %(year)s"), {"year": year})
    if period.start.weekday() == 0 and period.end - period.start == timedelta(days=6):
        week = period.start.isocalendar()
        return Message(
            gettext_noop("Week %(week)s/%(year)s (%(start)s to %(end)s)"),
            {
                "week": str(week.week),
                "year": str(week.year),
                "start": f"{period.start:%d/%m}",
                "end": f"{period.end:%d/%m}",
            },
        )
    if period.start == period.end:
        return Message(gettext_noop("Day %(date)s"), {"date": vietnamese(period.start)})
    return Message(
        gettext_noop("%(start)s to %(end)s"),
        {"start": vietnamese(period.start), "end": vietnamese(period.end)},
    )


_WRITTEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})))?")


def parse(text: str) -> Period:
    """Return the period that a command names: a year, quarter, half or month, or two days with two dots between.

    Raises ValueError for anything else.

    >>> parse("2026-Q1") == Period(date(2026, 1, 1), date(2026, 3, 31))
    True
    >>> parse("2025-12-15..2026-12-14").start
    datetime.date(2025, 12, 15)
    """
    if ".." in text:
        first, _, last = text.partition("..")
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
        if period.end < period.start:
            raise ValueError(text)
        return period
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, quarter, half, month = (int(group) if group else 0 for group in found.groups())
    if month:
        first_month, length = month, 1
    elif quarter:
        first_month, length = quarter * 3 - 2, 3
    elif half:
        first_month, length = half * 6 - 5, 6
    else:
        first_month, length = 1, 12
    start = date(year, first_month, 1)
    return Period(start, start + relativedelta(months=length) - _DAY)


def vietnamese(day: date) -> str:
    """Return a day as officials write it in figures: 05/01/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
