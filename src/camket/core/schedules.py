"""From a plan's schedules to dated occurrences, event triggers and what still needs dates.

What each kind of schedule becomes, and which day is late, stands with worked tables in
docs/reference/algorithms/occurrences.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Literal

from dateutil.rrule import MONTHLY, WEEKLY, rrule

from camket.core import periods
from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message, gettext_noop
from camket.core.plan import Every, Period, Schedule, ScheduleKind, Within


class OccurrenceKind(StrEnum):
    """``dated`` work has a day of its own; a ``checkpoint`` looks at work that goes on or still lacks dates."""

    DATED = "dated"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated piece of an action.

    ``key`` is unique within an action and stays the same however often the schedule is dated.
    ``due_original`` is the day as the plan has it, ``due`` the last working day not after it, by which
    the work is to be ready, and ``late_after`` the last day on which it is still in time in law.
    """

    key: str
    label: Message
    starts: date | None
    due_original: date
    due: date
    late_after: date
    kind: OccurrenceKind


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """An event that calls for the action, with the limit that the plan sets, where it sets one."""

    event: str
    within: Within | None


def occurrences(
    entries: Iterable[Schedule],
    period: Period,
    calendar: WorkingCalendar,
    *,
    rhythm: Every = Every.QUARTER,
    report_dates: Iterable[date] = (),
    since: date | None = None,
) -> tuple[Occurrence, ...]:
    """Return the dated occurrences of an action's schedule within the plan's period, by due day.

    ``rhythm`` is how often the agency reports, used for what goes on or is periodic with no period
    named. ``report_dates`` are the days of its reports on objectives. Repeated work and check-points
    whose day lies before ``since`` (the day the decision takes effect) are left out; a day that the
    plan names itself is always kept. Events give no occurrence: see :func:`triggers`.

    >>> every_quarter = Schedule(ScheduleKind.EVERY, period=Every.QUARTER)
    >>> year = Period(date(2026, 1, 1), date(2026, 12, 31))
    >>> [str(o.due) for o in occurrences([every_quarter], year, WorkingCalendar())]
    ['2026-03-31', '2026-06-30', '2026-09-30', '2026-12-31']
    """
    scheduler = _Scheduler(period, rhythm, tuple(report_dates))
    found: dict[str, Occurrence] = {}
    for entry in entries:
        for key, starts, due, kind, repeated in scheduler.of(entry):
            if key in found or (repeated and since is not None and due < since):
                continue
            found[key] = Occurrence(
                key=key,
                label=label_of(key),
                starts=starts,
                due_original=due,
                due=ready_by(due, calendar, not_before=starts),
                late_after=calendar.limit_end(due),
                kind=kind,
            )
    return tuple(sorted(found.values(), key=lambda each: (each.due_original, each.key)))


def triggers(entries: Iterable[Schedule]) -> tuple[EventTrigger, ...]:
    """Return the events that call for the action, each once, in order."""
    found: dict[str, EventTrigger] = {}
    for entry in entries:
        if entry.kind is ScheduleKind.ON_EVENT and entry.event and entry.event not in found:
            found[entry.event] = EventTrigger(entry.event, entry.within)
    return tuple(found.values())


def needs_dates(entries: Iterable[Schedule]) -> tuple[str, ...]:
    """Return the plans that the schedule refers to for its dates, which a person has to give.

    >>> needs_dates([Schedule(ScheduleKind.AS_PLANNED, plan="hướng dẫn của Sở Nội vụ")])
    ('hướng dẫn của Sở Nội vụ',)
    """
    return tuple(entry.plan or "" for entry in entries if entry.kind is ScheduleKind.AS_PLANNED)


def ready_by(day: date, calendar: WorkingCalendar, *, not_before: date | None = None) -> date:
    """Return the last working day not after a day that a plan names; never before the work may start.

    A window without a working day of its own ends on the first working day after it.

    Source: the house's rule. The law (BLDS 2015, Điều 148 khoản 5) lets a limit that ends on a day off
    end on the next working day, and that stays the day after which work is late; but "trước ngày" a
    Sunday is kept for certain only by who is ready on the Friday.
    """
    ready = calendar.previous_working(day)
    if not_before is not None and ready < not_before:
        return calendar.limit_end(day)
    return ready


def due_after_event(happened_on: date, within: Within, calendar: WorkingCalendar) -> date:
    """Return the last day of the limit that an event sets off; the event's own day is not counted.

    Source: Bộ luật Dân sự 2015, Điều 147 khoản 2 and Điều 148 khoản 5.
    """
    if within.working:
        return calendar.add_working_days(happened_on, within.days)
    return calendar.add_days(happened_on, within.days)


def label_of(key: str) -> Message:
    """Return what an occurrence is called, from its key alone.

    Raises ValueError for a key that :func:`occurrences` does not make.

    >>> str(label_of("every:quarter:2026-01-01:2026-03-31"))
    'Quarter I/2026'
    >>> str(label_of("by:2026-01-05"))
    'By 05/01/2026'
    """
    kind, *parts = key.split(":")
    days = [date.fromisoformat(part) for part in parts if _is_day(part)]
    match kind, len(days):
        case "by", 1:
            return Message(gettext_noop("By %(date)s"), {"date": periods.vietnamese(days[0])})
        case "during" | "every" | "checkpoint", 2:
            return periods.name(Period(days[0], days[1]))
        case "before_report", 1:
            return Message(
                gettext_noop("%(days)s days before the report of %(date)s"),
                {"days": parts[0], "date": periods.vietnamese(days[0])},
            )
        case "as_planned", 1:
            return Message(
                gettext_noop("As planned separately, looked at on %(date)s"),
                {"date": periods.vietnamese(days[0])},
            )
    raise ValueError(f"{key!r} is no key of an occurrence")


def _is_day(part: str) -> bool:
    return len(part) == 10 and part[4] == "-"


_Dated = tuple[str, date | None, date, OccurrenceKind, bool]


class _Scheduler:
    """Dates schedule entries within one period: (key, starts, due, kind, whether it is one of a series)."""

    def __init__(self, period: Period, rhythm: Every, report_dates: tuple[date, ...]) -> None:
        self.period = period
        self.rhythm = rhythm
        self.report_dates = report_dates
        self.kinds: dict[ScheduleKind, Callable[[Schedule], Iterator[_Dated]]] = {
            ScheduleKind.BY: self.by,
            ScheduleKind.DURING: self.during,
            ScheduleKind.EVERY: self.every,
            ScheduleKind.YEARLY_BY: self.yearly_by,
            ScheduleKind.CONTINUOUS: self.continuous,
            ScheduleKind.PERIODIC: self.periodic,
            ScheduleKind.AS_PLANNED: self.as_planned,
            ScheduleKind.FROM: self.since,
            ScheduleKind.BEFORE_REPORT: self.before_report,
            ScheduleKind.ON_EVENT: self.on_event,
        }

    def of(self, entry: Schedule) -> Iterator[_Dated]:
        return self.kinds[entry.kind](entry)

    def by(self, entry: Schedule) -> Iterator[_Dated]:
        if entry.date is not None:
            yield f"by:{entry.date}", None, entry.date, OccurrenceKind.DATED, False

    def during(self, entry: Schedule) -> Iterator[_Dated]:
        if entry.start is not None and entry.end is not None:
            yield f"during:{entry.start}:{entry.end}", entry.start, entry.end, OccurrenceKind.DATED, False

    def every(self, entry: Schedule) -> Iterator[_Dated]:
        every = entry.period or self.rhythm
        if isinstance(entry.day, int):
            for day in self._days(every, entry.day):
                yield f"by:{day}", None, day, OccurrenceKind.DATED, True
        else:
            for each in periods.split(self.period, every):
                yield (
                    f"every:{every}:{each.start}:{each.end}",
                    each.start,
                    each.end,
                    OccurrenceKind.DATED,
                    True,
                )

    def yearly_by(self, entry: Schedule) -> Iterator[_Dated]:
        if entry.month is None or not isinstance(entry.day, int):
            return
        for day in self._days_of_months({entry.month}, entry.day):
            yield f"by:{day}", None, day, OccurrenceKind.DATED, False

    def continuous(self, entry: Schedule) -> Iterator[_Dated]:
        yield from self._checkpoints(self.period.start)

    def since(self, entry: Schedule) -> Iterator[_Dated]:
        yield from self._checkpoints(entry.date or self.period.start)

    def periodic(self, entry: Schedule) -> Iterator[_Dated]:
        yield from self.every(Schedule(ScheduleKind.EVERY, period=self.rhythm))

    def as_planned(self, entry: Schedule) -> Iterator[_Dated]:
        end = self.period.end
        yield f"as_planned:{end}", None, end, OccurrenceKind.CHECKPOINT, False

    def before_report(self, entry: Schedule) -> Iterator[_Dated]:
        for report in self.report_dates:
            due = report - timedelta(days=entry.days or 0)
            yield f"before_report:{entry.days or 0}:{report}", None, due, OccurrenceKind.DATED, True

    def on_event(self, entry: Schedule) -> Iterator[_Dated]:
        yield from ()

    def _checkpoints(self, first: date) -> Iterator[_Dated]:
        for each in periods.split(self.period, self.rhythm):
            if each.end >= first:
                starts = max(each.start, first)
                yield (
                    f"checkpoint:{self.rhythm}:{starts}:{each.end}",
                    starts,
                    each.end,
                    OccurrenceKind.CHECKPOINT,
                    True,
                )

    def _days(self, every: Every, day: int) -> Iterator[date]:
        """Yield a numbered day of each month, of the last month of longer periods, or of each week (1 is Monday)."""
        if every is Every.WEEK:
            yield from self._rule(WEEKLY, byweekday=min(day, 7) - 1)
        elif every is Every.MONTH:
            yield from self._days_of_months(set(range(1, 13)), day)
        else:
            yield from self._days_of_months(
                {each.end.month for each in periods.split(self.period, every)}, day
            )

    def _days_of_months(self, months: set[int], day: int) -> Iterator[date]:
        # The last of the days that a month has: the 31st of April is the 30th.
        days = list(range(min(day, 28), day + 1))
        yield from self._rule(MONTHLY, bymonth=sorted(months), bymonthday=days, bysetpos=-1)

    def _rule(self, frequency: Literal[1, 2], **parts: Any) -> Iterator[date]:
        # Starting with the month's first day keeps a rule's choice within a month whole.
        start = datetime.combine(self.period.start.replace(day=1), time())
        end = datetime.combine(self.period.end, time())
        for moment in rrule(frequency, dtstart=start, until=end, **parts):
            if moment.date() >= self.period.start:
                yield moment.date()
