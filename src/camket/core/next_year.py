"""Moving a plan's wording to another year: what a secretary does by hand when last year's plan is copied."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from camket.core.plan import Action, Objective, Period, Plan, Policy, Schedule, Target

_PROTECTED = re.compile(
    r"""
      \d+\s*/(?:\d{4}/)?[A-ZĐ][\w&-]*        # a document's number: 30/2020/NĐ-CP, 101/QĐ-BKHCN
      (?:[^.;]{0,60}?\b(?:ngày\s+\d{1,2}(?:/\d{1,2}/|\s+tháng\s+\d{1,2}\s+năm\s+)\d{4}
        | năm\s+\d{4}))?                     # and the day or year it was issued
    | \b\w+(?:\s\d+)?:\d{4}                  # a standard and its edition: ISO 9001:2015
    | (?:giai\s+đoạn|nhiệm\s+kỳ)\s+\d{4}\s*[-–]\s*\d{4}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d,])(?<!\d\.)(20\d\d)(?![\d%]|[.,]\d|/[A-ZĐ])")

ReadSchedule = Callable[[str, int], Sequence[Schedule]]


def move_years_in_text(text: str, year: int, by: int) -> str:
    """Return a text with the plan's year and its neighbours moved on.

    Years of laws, standards and terms of several years stay.

    >>> move_years_in_text("Trước 05/01/2024, tăng 1% so với năm 2023", 2024, 1)
    'Trước 05/01/2025, tăng 1% so với năm 2024'
    >>> move_years_in_text("Theo Nghị định số 30/2024/NĐ-CP và ISO 9001:2015", 2024, 1)
    'Theo Nghị định số 30/2024/NĐ-CP và ISO 9001:2015'
    """
    kept = [match.span() for match in _PROTECTED.finditer(text)]

    def moved(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match[0]
        return str(_moved_year(int(match[1]), year, by))

    return _YEAR.sub(moved, text)


def move_date(day: date, year: int, by: int) -> date:
    """Return a day moved on where it lies in the plan's year or beside it; the end of February stays its end.

    >>> move_date(date(2024, 2, 29), 2024, 1)
    datetime.date(2025, 2, 28)
    """
    there = _moved_year(day.year, year, by)
    is_end_of_february = day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]
    return date(there, 2, calendar.monthrange(there, 2)[1]) if is_end_of_february else day.replace(year=there)


def move_plan(plan: Plan, to_year: int, read_schedule: ReadSchedule) -> Plan:
    """Return a plan moved to another year, with number, day and signature of its decision left blank.

    ``read_schedule(when, year)`` reads a cell of times; a schedule that its own wording gives is read
    anew from the moved wording, any other has its dates moved. Raises ValueError for a plan without a year.
    """
    if plan.year is None:
        raise ValueError("the plan has no year to move from")
    year, by = plan.year, to_year - plan.year

    def text(value: str) -> str:
        return move_years_in_text(value, year, by)

    def optional(value: str | None) -> str | None:
        return None if value is None else text(value)

    def schedule(entry: Schedule) -> Schedule:
        return replace(
            entry,
            date=entry.date and move_date(entry.date, year, by),
            start=entry.start and move_date(entry.start, year, by),
            end=entry.end and move_date(entry.end, year, by),
            event=optional(entry.event),
            plan=optional(entry.plan),
        )

    def target(value: Target) -> Target:
        return replace(
            value,
            text=text(value.text),
            baseline_year=value.baseline_year and value.baseline_year + by,
            period=value.period
            and Period(move_date(value.period.start, year, by), move_date(value.period.end, year, by)),
        )

    def action(value: Action) -> Action:
        when = optional(value.when)
        is_as_worded = value.when is not None and tuple(read_schedule(value.when, year)) == value.schedule
        return replace(
            value,
            text=text(value.text),
            when=when,
            schedule=tuple(read_schedule(when, to_year))
            if when is not None and is_as_worded
            else tuple(schedule(entry) for entry in value.schedule),
            evidence=tuple(text(each) for each in value.evidence),
        )

    def objective(value: Objective) -> Objective:
        return replace(
            value,
            text=text(value.text),
            method=optional(value.method),
            targets=tuple(target(each) for each in value.targets),
            actions=tuple(action(each) for each in value.actions),
        )

    policy = plan.policy and Policy(
        motto=optional(plan.policy.motto), commitments=tuple(text(each) for each in plan.policy.commitments)
    )
    return replace(
        plan,
        year=to_year,
        decision=plan.decision and replace(plan.decision, number=None, date=None),
        policy=policy,
        objectives=tuple(objective(each) for each in plan.objectives),
        reporting=tuple(schedule(entry) for entry in plan.reporting),
    )


def _moved_year(value: int, year: int, by: int) -> int:
    return value + by if abs(value - year) <= 1 else value
