"""What people are told of, when, and before whom overdue work is brought.

Reminders are asked for by the state of the work on a day and told once for a last day, by their key. So a morning that
the sender slept through is made up for by the next one, and nobody is told the same twice. Nothing is told on a day off:
what fell due then is told on the next working day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum

from camket.core.calendar import WorkingCalendar, WorkingIndex, index_of
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.tally import day_number


class Way(StrEnum):
    """How a person is told of a topic; all of it stands in Cam Kết as well."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    INSIDE = "inside"


class Whom(StrEnum):
    """Before whom work is brought: who does it, or a rung of the ladder of escalation."""

    DOER = "doer"
    HEAD = "head"
    SECRETARY = "secretary"
    REPRESENTATIVE = "representative"
    CHAIRMAN = "chairman"


@dataclass(frozen=True, slots=True)
class Topic:
    """What people choose by: what it is called, the subject of a letter about it, and how it is told unless chosen.

    A subject names no work and no person: what stands in it is read on locked screens and kept by mail servers.
    """

    key: str
    title: str
    subject: str
    way: Way
    ways: tuple[Way, ...] = tuple(Way)


TOPICS: Mapping[str, Topic] = {
    topic.key: topic
    for topic in (
        Topic(
            "assigned",
            gettext_noop("Work is given to you or your unit"),
            gettext_noop("Work given to you"),
            Way.AT_ONCE,
        ),
        Topic(
            "due_soon",
            gettext_noop("Your work is due in a few working days"),
            gettext_noop("Work due soon"),
            Way.DAILY,
        ),
        Topic(
            "due_today",
            gettext_noop("It is the last day for your work"),
            gettext_noop("Last day today"),
            Way.AT_ONCE,
        ),
        Topic("overdue", gettext_noop("Your work is overdue"), gettext_noop("Overdue work"), Way.AT_ONCE),
        Topic(
            "submitted",
            gettext_noop("Work waits for your acceptance"),
            gettext_noop("Work waits for your acceptance"),
            Way.AT_ONCE,
        ),
        Topic(
            "returned",
            gettext_noop("Your work is returned to you"),
            gettext_noop("Work returned to you"),
            Way.AT_ONCE,
        ),
        Topic("accepted", gettext_noop("Your work is accepted"), gettext_noop("Work accepted"), Way.WEEKLY),
        Topic(
            "fired",
            gettext_noop("An event of the plan has happened and calls for your work"),
            gettext_noop("An event calls for your work"),
            Way.AT_ONCE,
        ),
        Topic(
            "changed",
            gettext_noop("Your work gets another last day, is cancelled or reopened"),
            gettext_noop("Work changed"),
            Way.DAILY,
        ),
        Topic(
            "comment",
            gettext_noop("Somebody writes a comment on your work"),
            gettext_noop("Comment on your work"),
            Way.DAILY,
        ),
        Topic(
            "extension",
            gettext_noop("More time is asked for, given or refused"),
            gettext_noop("More time for work"),
            Way.AT_ONCE,
        ),
        Topic(
            "escalated",
            gettext_noop("Overdue work of others is brought before you"),
            gettext_noop("Overdue work brought before you"),
            Way.DAILY,
        ),
        Topic(
            "reminded",
            gettext_noop("Somebody reminds you or your unit of work, by letter or here"),
            gettext_noop("Reminder of work"),
            Way.AT_ONCE,
        ),
        Topic(
            "meeting",
            gettext_noop("You are invited to a meeting, or it changes or is called off"),
            gettext_noop("Invitation to a meeting"),
            Way.AT_ONCE,
            (Way.AT_ONCE, Way.INSIDE),
        ),
        Topic(
            "feedback",
            gettext_noop("Feedback is given to you, waits for your approval, is due or overdue"),
            gettext_noop("Feedback calls for you"),
            Way.AT_ONCE,
        ),
        Topic(
            "reading",
            gettext_noop("Figures are to be entered by your unit"),
            gettext_noop("Figures to be entered"),
            Way.DAILY,
        ),
        Topic(
            "publication",
            gettext_noop("A publication waits for you, or is returned to you"),
            gettext_noop("A publication calls for you"),
            Way.DAILY,
        ),
        Topic(
            "improvement",
            gettext_noop("Audits, corrective action, risks, reviews or documents of the system call for you"),
            gettext_noop("The quality management system calls for you"),
            Way.AT_ONCE,
        ),
        Topic(
            "document",
            gettext_noop("A document of the system is to be read, reviewed, approved or looked at again"),
            gettext_noop("A document calls for you"),
            Way.DAILY,
        ),
        Topic(
            "digest",
            gettext_noop("What the week brings: Monday's digest"),
            gettext_noop("The week from %(day)s"),
            Way.WEEKLY,
            (Way.WEEKLY, Way.INSIDE),
        ),
    )
}
"""All topics, in the order of the page on which people choose."""


PRESSING = frozenset({"due_soon", "due_today", "overdue", "escalated"})
"""Topics that are over once the last day is another one, or the work done."""

CALLING = PRESSING | {"assigned", "returned", "fired", "changed"}
"""Topics that call for work, and are over once somebody has done it."""

FINISHED = CALLING | {"submitted", "extension"}
"""Topics that are over once the work is accepted, done with or not to be done."""

SETTLED: Mapping[str, frozenset[str]] = {
    "assign": PRESSING | {"assigned"},
    "postpone": PRESSING,
    "accept": FINISHED,
}
"""Topics that are over once an act of lists (:mod:`camket.core.many`) was done to a row."""


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder: whom overdue work is brought before, after how many working days."""

    whom: Whom
    working_days: int


@dataclass(frozen=True, slots=True)
class Rules:
    """When people are reminded: how many working days before the last one, and the ladder of what is overdue."""

    before: tuple[int, ...]
    ladder: tuple[Step, ...]


SHIPPED: tuple[tuple[date, Rules], ...] = (
    (date(2000, 1, 1), Rules((3,), (Step(Whom.HEAD, 1), Step(Whom.SECRETARY, 3), Step(Whom.CHAIRMAN, 5)))),
)
"""The rules that hold where an agency has none of its own, each from a day on, oldest first."""


def shipped_rules(on: date) -> Rules:
    """Return the shipped rules of a day.

    >>> [step.working_days for step in shipped_rules(date(2026, 7, 1)).ladder]
    [1, 3, 5]
    """
    return [rules for since, rules in SHIPPED if since <= on][-1]


LONGEST_BEFORE = 20
"""Working days before the last one at which a reminder may lie at most."""


def horizon(on: date) -> date:
    """Return the latest last day that any reminder of a day may be about, however many days off lie between."""
    return on + timedelta(days=LONGEST_BEFORE * 2 + 20)


class Day(Enum):
    """What the day of a work means: the last one, the one on which it begins, the one on which it takes place."""

    LAST = "last"
    FIRST = "first"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class DueWork:
    """Any work with a last day: a task of a plan, an entry of a register, feedback to be answered, a figure to enter.

    ``kind`` and ``id`` name it in keys. ``title`` is what people are shown and sent: empty for what may not be told
    outside its own page. ``person_id`` or else ``unit_id`` does it. ``topic`` is where all its reminders belong, empty for
    those by their occasion. ``whom`` is another than its doer where it waits for one, as an answer for approval.
    ``not_to`` are people who are never told of it, ``by_id`` is whose doing waits for another to decide on.
    ``day`` is what the day means.
    """

    kind: str
    id: int | str
    title: str
    link: str
    due_on: date
    late_after: date
    unit_id: int | None = None
    unit_name: str = ""
    person_id: int | None = None
    topic: str = ""
    whom: Whom = Whom.DOER
    not_to: frozenset[int] = frozenset()
    by_id: int | None = None
    day: Day = Day.LAST


@dataclass(frozen=True, slots=True)
class DoneWork:
    """Work that was done: what, of which unit, on which day, and whether that was after its last day in time."""

    title: str
    link: str
    done_on: date
    is_late: bool
    unit_id: int | None = None
    unit_name: str = ""
    not_to: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Week:
    """A day's week from Monday to Sunday, and the one before it.

    >>> week = Week(date(2026, 7, 15))
    >>> str(week.monday), str(week.sunday), str(week.before.monday)
    ('2026-07-13', '2026-07-19', '2026-07-06')
    """

    day: date

    @property
    def monday(self) -> date:
        """The first day."""
        return self.day - timedelta(days=self.day.weekday())

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> Week:
        """The week before it."""
        return Week(self.monday - timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be told of a work on a day: to whom, once by its key."""

    topic: str
    key: str
    whom: Whom
    message: Message
    work: DueWork
    is_urgent: bool = False


def reminders_on(
    work: DueWork, day: date, calendar: WorkingCalendar | WorkingIndex, rules: Rules
) -> list[Reminder]:
    """Return what is to be told of open work on a day, whether or not it was told before; nothing on a day off.

    >>> week = DueWork("task", 5, "Rà soát", "/", due_on=date(2026, 7, 11), late_after=date(2026, 7, 13))  # a Saturday
    >>> rules = shipped_rules(date(2026, 7, 1))
    >>> [each.key for each in reminders_on(week, date(2026, 7, 13), WorkingCalendar(), rules)]
    ['task:5:due:2026-07-11']
    >>> reminders_on(week, date(2026, 7, 12), WorkingCalendar(), rules)
    []

    Source of the last day in time: Bộ luật Dân sự 2015, Điều 148 khoản 5.
    """
    index = calendar if isinstance(calendar, WorkingIndex) else index_of(calendar)
    now, last = day_number(day), day_number(work.late_after)
    if not (index.holds(now) and index.holds(last)) or not index.is_working(now):
        return []
    if day > work.late_after:
        return _overdue(work, index.within(last, now), rules)
    if day >= work.due_on:
        said = vietnamese(work.late_after if work.day is Day.LAST else work.due_on)
        return [_of(work, "due_today", "due", _TODAY[work.day], {"due": said}, urgent=True)]
    left = index.within(now, last)
    before = min((days for days in rules.before if left <= days), default=None)
    if before is None:
        return []
    params = {"due": vietnamese(work.due_on), "days": str(left)}
    return [_of(work, "due_soon", f"soon-{before}", _SOON[work.day], params)]


def _overdue(work: DueWork, days: int, rules: Rules) -> list[Reminder]:
    params = {"due": vietnamese(work.late_after), "days": str(days)}
    template = _NOT_BEGUN if work.day is Day.FIRST else _OVERDUE
    found = [_of(work, "overdue", "overdue", template, params, urgent=True)]
    for step in rules.ladder:
        if step.working_days <= days:
            said = {**params, "unit": work.unit_name} if work.unit_name else params
            template = _ESCALATED_OF_UNIT if work.unit_name else _ESCALATED
            found.append(
                _of(work, "escalated", f"escalated-{step.whom}", template, said, urgent=True, whom=step.whom)
            )
    return found


def _of(
    work: DueWork,
    topic: str,
    what: str,
    template: str,
    params: Mapping[str, str],
    *,
    urgent: bool = False,
    whom: Whom | None = None,
) -> Reminder:
    return Reminder(
        topic=work.topic or topic if whom is None else topic,
        key=f"{work.kind}:{work.id}:{what}:{work.due_on}",
        whom=whom or work.whom,
        message=Message(template, {**params, "work": work.title}),
        work=work,
        is_urgent=urgent,
    )


_SOON = {
    Day.LAST: gettext_noop("Due on %(due)s, working days left: %(days)s. %(work)s"),
    Day.FIRST: gettext_noop("Begins on %(due)s, working days until then: %(days)s. %(work)s"),
    Day.EVENT: gettext_noop("On %(due)s, working days until then: %(days)s. %(work)s"),
}
_TODAY = {
    Day.LAST: gettext_noop("Today, %(due)s, is the last day. %(work)s"),
    Day.FIRST: gettext_noop("Today, %(due)s, is the day to begin. %(work)s"),
    Day.EVENT: gettext_noop("Today, %(due)s. %(work)s"),
}
_NOT_BEGUN = gettext_noop("To be begun on %(due)s, and not begun yet. %(work)s")
_OVERDUE = gettext_noop("Overdue since the end of %(due)s. %(work)s")
_ESCALATED = gettext_noop("Overdue since the end of %(due)s, working days: %(days)s. %(work)s")
_ESCALATED_OF_UNIT = gettext_noop(
    "%(unit)s: overdue since the end of %(due)s, working days: %(days)s. %(work)s"
)


def is_due_between(day: date, served: date | None, today: date) -> bool:
    """Return whether what belongs to a day is to be done today, given the latest day that was served.

    What belongs to today is; what belongs to a day before is where nobody was there to do it. A latest day that lies
    ahead comes from a clock that was wrong and is not believed. Without one nothing is made up for.

    >>> is_due_between(date(2026, 7, 6), date(2026, 7, 3), date(2026, 7, 7))
    True
    >>> is_due_between(date(2026, 7, 6), date(2026, 7, 6), date(2026, 7, 7))
    False
    """
    if day == today:
        return True
    return served is not None and served < day < today


def first_working_day_of_week(day: date, calendar: WorkingCalendar) -> date | None:
    """Return the first worked day of the week from Monday that a day lies in; None for a week off, as at Tết."""
    monday = day - timedelta(days=day.weekday())
    return next((each for each in _week(monday) if calendar.is_working(each)), None)


def _week(monday: date) -> Iterable[date]:
    return (monday + timedelta(days=offset) for offset in range(7))


def week_key(day: date) -> str:
    """Return the name of a day's week for keys.

    >>> week_key(date(2026, 7, 1))
    '2026-W27'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
