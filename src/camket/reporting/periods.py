"""The periods of reports: what they are called, which are possible, and which come before them."""

from __future__ import annotations

from datetime import date, timedelta

from camket.core.periods import ROMAN, previous, same_last_year, split, whole_months
from camket.core.plan import Period
from camket.core.report_calendar import EVERY, Pace, Rules, year_of
from camket.reporting.kinds import KINDS
from camket.reporting.models import Report

_DAY = timedelta(days=1)


def period_name(kind: str, period: Period) -> str:
    """Return what a report calls its period, in Vietnamese.

    A period that begins in the middle of a month is named after the months in which it ends.
    """
    year, month = period.end.year, period.end.month
    if kind == Report.Kind.YEAR:
        return f"năm {year}"
    if kind == Report.Kind.HALF_YEAR:
        return f"6 tháng {'đầu' if month <= 6 else 'cuối'} năm {year}"
    months = whole_months(period)
    if kind == Report.Kind.NINE_MONTHS:
        return f"9 tháng đầu năm {year}"
    if kind == Report.Kind.MONTH:
        return f"tháng {month} năm {year}"
    if months == 3 and month % 3 == 0:
        return f"quý {ROMAN[month // 3 - 1]} năm {year}"
    return f"từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"


def report_name(subject: str, kind: str, period: Period) -> str:
    """Return what a report is called behind the word "Báo cáo": those on the objectives by their period alone.

    >>> report_name("objectives", "quarter", Period(date(2026, 1, 1), date(2026, 3, 31)))
    'quý I năm 2026'
    """
    about = KINDS.get(subject)
    when = period_name(kind, period)
    return f"{about.title[:1].lower()}{about.title[1:]} {when}" if about else when


def name_of(report: Report) -> str:
    """Return what a report is called, as :func:`report_name`; of a single unit with its name."""
    name = report_name(report.subject, report.kind, Period(report.period_start, report.period_end))
    return name if report.unit is None else f"{name} – {report.unit.name}"


def as_of(period: Period, today: date) -> date:
    """Return the day of a report's figures: today while the period runs, else the day after its end.

    On the day after a year's end its verdicts are final.
    """
    return min(today, period.end + _DAY)


def day_of(row: Report, today: date) -> date:
    """Return the day of a report's figures, as :func:`as_of`; its calendar may cut them off before the period's end."""
    day = as_of(Period(row.period_start, row.period_end), today)
    return min(day, row.cut_off + _DAY) if row.cut_off else day


def last_day_of(row: Report, today: date) -> date:
    """Return the last day whose figures count in a report of another subject than the objectives."""
    return min(day for day in (row.period_end, today, row.cut_off) if day is not None)


def subject_periods(pace: str, year_starts: str, today: date) -> tuple[Period, ...]:
    """Return the periods of this reporting year and of the last that have begun, the latest first.

    >>> [str(each.end) for each in subject_periods("half_year", "12-15", date(2026, 7, 1))]
    ['2026-12-14', '2026-06-14', '2025-12-14', '2025-06-14']
    """
    rules = Rules(Pace(pace), year_starts)
    found = [
        each
        for year in range(today.year - 1, today.year + 2)
        for each in split(year_of(rules, year), EVERY[rules.pace])
    ]
    return tuple(
        sorted((each for each in found if each.start <= today), key=lambda each: each.end, reverse=True)
    )


def compared_with(
    kind: str, period: Period, until: date
) -> tuple[tuple[str, Period] | None, tuple[str, Period]]:
    """Return the period before and the same days a year before, each with its name; a year has no other one before.

    Of a period that is counted up to a day before its end, as many days of the one before are taken; such days of a
    year before are not the whole year, and are not called so.
    """
    counted = Period(period.start, until)
    year = period.end.year - 1
    is_year = kind == Report.Kind.YEAR and until >= period.end
    year_name = f"năm {year}" if is_year else f"cùng kỳ năm {year}"
    year_before = (year_name, same_last_year(counted))
    if kind in (Report.Kind.YEAR, Report.Kind.NINE_MONTHS):
        return None, year_before
    whole = previous(period)
    name = period_name(kind, whole)
    if until == period.end:
        return (name, whole), year_before
    end = min(whole.end, whole.start + (until - period.start))
    return (f"{name} tính đến {end:%d/%m/%Y}", Period(whole.start, end)), year_before
