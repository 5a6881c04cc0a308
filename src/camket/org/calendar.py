"""The working calendar of an agency, read from its tables for the core's arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from camket.core.calendar import WorkingCalendar, calendar_of
from camket.core.plan import Every, Period
from camket.org.models import Agency, CalendarDay, CalendarYear, Rhythm
from camket.org.policy import Actor, require

RHYTHMS: dict[str, Every] = {
    Rhythm.MONTH: Every.MONTH,
    Rhythm.QUARTER: Every.QUARTER,
    Rhythm.HALF_YEAR: Every.HALF_YEAR,
    Rhythm.YEAR: Every.YEAR,
}


@dataclass(frozen=True, slots=True)
class Dating:
    """All that dates an agency's schedules within a period."""

    calendar: WorkingCalendar
    rhythm: Every
    report_dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says, and on whose word."""

    day: date
    is_working: bool
    name: str
    source: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class YearOfDays:
    """One year of an agency's calendar: its special days, and whether a decision confirms them."""

    year: int
    is_known: bool
    is_confirmed: bool
    source: str
    is_own: bool
    days: tuple[SpecialDay, ...]
    calendar: WorkingCalendar


def working_calendar(agency_id: int) -> WorkingCalendar:
    """Return the official calendar with the agency's own days laid over it."""
    return working_calendars([agency_id])[agency_id]


def working_calendars(agency_ids: Collection[int]) -> dict[int, WorkingCalendar]:
    """Return the calendar of each agency; one SQL statement. Those without days of their own share one."""
    return calendars_of(agency_ids, days_of(agency_ids))


def days_of(agency_ids: Collection[int]) -> QuerySet[CalendarDay, tuple[int | None, date, str]]:
    """Return the days that are not what their weekday says, of the country and of agencies: whose, which, what kind."""
    rows = CalendarDay.objects.filter(Q(agency=None) | Q(agency_id__in=agency_ids)).order_by("day")
    return rows.values_list("agency_id", "day", "kind")


def calendars_of(
    agency_ids: Collection[int], days: Iterable[tuple[int | None, date, str]]
) -> dict[int, WorkingCalendar]:
    """Return the calendar of each agency from what :func:`days_of` gives."""
    national: list[tuple[date, bool]] = []
    own: dict[int, list[tuple[date, bool]]] = {}
    for owner, day, kind in days:
        laid = national if owner is None else own.setdefault(owner, [])
        laid.append((day, kind == CalendarDay.Kind.WORKING))
    shared = calendar_of(national)
    return {
        agency_id: calendar_of(national, own[agency_id]) if agency_id in own else shared
        for agency_id in agency_ids
    }


def dating_of(agency_id: int, period: Period) -> Dating:
    """Return the agency's calendar, reporting rhythm and the days of its reports within a period."""
    agency = Agency.objects.only("rhythm", "half_year_report_by", "year_report_by").get(pk=agency_id)
    return Dating(
        calendar=working_calendar(agency_id),
        rhythm=RHYTHMS[agency.rhythm],
        report_dates=_days_within(period, (agency.half_year_report_by, agency.year_report_by)),
    )


def report_dates(agency_id: int, period: Period) -> tuple[date, ...]:
    """Return the days by which the agency reports on its objectives within a period, in order."""
    agency = Agency.objects.only("half_year_report_by", "year_report_by").get(pk=agency_id)
    return _days_within(period, (agency.half_year_report_by, agency.year_report_by))


def year_of_days(actor: Actor, year: int) -> YearOfDays:
    """Return one year of the actor's agency's calendar, its own rows winning over the national ones."""
    require(actor, "task.view")
    mine = Q(agency=None) | Q(agency_id=actor.agency_id)
    rows = CalendarDay.objects.filter(mine, day__year=year).order_by("day", "agency_id")
    days: dict[date, SpecialDay] = {}
    for row in sorted(rows, key=lambda row: row.agency_id is not None):
        days[row.day] = SpecialDay(
            row.day, row.kind == CalendarDay.Kind.WORKING, row.name, row.source, row.agency_id is not None
        )
    heads = sorted(CalendarYear.objects.filter(mine, year=year), key=lambda head: head.agency_id is not None)
    head = heads[-1] if heads else None
    special = tuple(days[day] for day in sorted(days))
    return YearOfDays(
        year=year,
        is_known=head is not None,
        is_confirmed=head is not None and head.is_confirmed,
        source=head.source if head else "",
        is_own=head is not None and head.agency_id is not None,
        days=special,
        calendar=calendar_of((day.day, day.is_working) for day in special),
    )


def _days_within(period: Period, month_days: tuple[str, ...]) -> tuple[date, ...]:
    found: set[date] = set()
    for year in range(period.start.year, period.end.year + 1):
        for text in month_days:
            month, day = (int(part) for part in text.split("-"))
            found.add(_real_day(year, month, day))
    return tuple(sorted(day for day in found if period.start <= day <= period.end))


def _real_day(year: int, month: int, day: int) -> date:
    """Return the day, or the month's last one where the month is shorter (30/02)."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
