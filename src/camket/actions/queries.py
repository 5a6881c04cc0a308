"""What is to be done, by whom and when: every read on actions, triggers and tasks, for one agency."""

from __future__ import annotations

import calendar as months_of_year
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils import timezone

from camket.actions.feeds import Reader, Reading
from camket.actions.models import Action, ActionBody, Task, TaskNote, Trigger
from camket.actions.operations import OPEN_STATES, TO_DO_STATES
from camket.actions.policy import is_reviewed_by, may_fire, may_report, may_review
from camket.core.finding import Sought, sought
from camket.core.masking import short_name
from camket.core.messages import Message
from camket.core.schedules import label_of
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.journal.queries import times_written
from camket.org.calendar import year_of_days
from camket.org.models import Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.org.queries import found_in, holding, person_choices, unit_choices

PAGE_SIZE = 100
URGENT_ROWS = 100
DAY_ROWS = 6
_SAID = ("action__text", "label")
"""What a task is found by."""
SOON_DAYS = 14
CANCELLED_SHOWN = timedelta(days=30)
"""So long calendar feeds still hold what was cancelled, as cancelled: programs then take it away."""

# What was left undone when its plan closed presses nobody any more; pages of the plan and reports still show it.
_TO_DO = Q(state__in=TO_DO_STATES, action__state=Action.State.ACTIVE)


class Standing(StrEnum):
    """How a task stands today, for badges: one word each."""

    OVERDUE = "overdue"
    DUE = "due"
    SOON = "soon"
    OPEN = "open"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    DONE = "done"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as lists show it.

    ``days_left`` counts calendar days to the due day, negative once it has passed. ``label`` is what
    the occurrence is called, None for a task set off by an event, whose words stand in ``label_text``.
    """

    id: int
    action_id: int
    action_number: str
    action_text: str
    objective_id: int | None
    objective_number: str
    label: Message | None
    label_text: str
    kind: str
    state: str
    starts_on: date | None
    due_on: date
    due_original: date
    late_after: date
    is_moved: bool
    progress: int
    unit_id: int | None
    unit_name: str
    assignee_id: int | None
    assignee_name: str
    submitted_on: date | None
    done_on: date | None
    result: str
    standing: Standing
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """Whether the last day in time has passed and the task is still to do."""
        return self.standing is Standing.OVERDUE

    @property
    def is_late(self) -> bool:
        """Whether it was done after the last day in time."""
        return self.standing is Standing.DONE_LATE

    @property
    def days_late(self) -> int:
        """Days past the due day; 0 while there are days left."""
        return max(-self.days_left, 0)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A unit or person that the plan names for an action."""

    part: str
    text: str
    unit_name: str
    person_name: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One entry of what was said and done about a task."""

    kind: str
    kind_name: str
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """An event that calls for an action, and when it last happened."""

    id: int
    event: str
    action_id: int
    action_number: str
    action_text: str
    within_days: int | None
    within_working: bool
    times: int
    latest_on: date | None
    can_fire: bool


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task with all that its page shows, and what the actor may do."""

    row: TaskRow
    when: str
    expected_evidence: tuple[str, ...]
    resources: str
    evaluation: str
    objective_text: str
    event: str
    bodies: tuple[BodyRow, ...]
    evidence: tuple[EvidenceRow, ...]
    notes: tuple[NoteRow, ...]
    siblings: tuple[TaskRow, ...]
    submitted_by_id: int | None
    submitted_by: str
    submitted_at: datetime | None
    reviewed_by: str
    reviewed_at: datetime | None
    return_reason: str
    can_report: bool
    can_review: bool
    is_own_submission: bool
    can_manage: bool
    can_assign: bool
    people: tuple[tuple[int, str], ...]

    def bodies_of(self, part: str) -> tuple[BodyRow, ...]:
        """Return the bodies named for one part: lead, support or monitor."""
        return tuple(body for body in self.bodies if body.part == part)


@dataclass(frozen=True, slots=True)
class MyWork:
    """What waits for one person: what to do by urgency, what to accept, what to look out for."""

    overdue: tuple[TaskRow, ...]
    returned: tuple[TaskRow, ...]
    soon: tuple[TaskRow, ...]
    later: tuple[TaskRow, ...]
    later_count: int
    urgent_hidden: int
    submitted: tuple[TaskRow, ...]
    to_review: tuple[TaskRow, ...]
    triggers: tuple[TriggerRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all waits."""
        return not (self.overdue or self.returned or self.soon or self.later_count or self.to_review)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a list of tasks is narrowed to; ``state`` is a Standing, ``todo`` (whatever is to do) or empty.

    Only the empty one also shows what a closed plan left undone.
    """

    state: str = ""
    unit_id: int | None = None
    person_id: int | None = None
    objective_id: int | None = None
    action_id: int | None = None
    start: date | None = None
    end: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks stand how."""

    open: int = 0
    overdue: int = 0
    soon: int = 0
    submitted: int = 0
    done: int = 0
    done_late: int = 0
    cancelled: int = 0

    @property
    def all(self) -> int:
        """All tasks that are to be done or were: without the cancelled and what a closed plan left undone."""
        return self.open + self.submitted + self.done


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one unit or person."""

    name: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class UnitOverdue:
    """How many tasks of a unit are overdue, and since when the oldest; unit None has no owner."""

    unit_id: int | None
    unit_name: str
    count: int
    oldest_due_on: date


@dataclass(frozen=True, slots=True)
class CalendarCell:
    """A day of the month view with its first tasks; ``count`` is of all."""

    day: date
    is_in_month: bool
    is_today: bool
    is_working: bool
    day_name: str
    count: int
    tasks: tuple[TaskRow, ...]

    @property
    def hidden(self) -> int:
        """How many tasks the day has beyond those given."""
        return self.count - len(self.tasks)


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of tasks by due day, in weeks from Monday."""

    year: int
    month: int
    weeks: tuple[tuple[CalendarCell, ...], ...]
    previous: tuple[int, int]
    next: tuple[int, int]
    is_confirmed: bool
    count: int


@dataclass(frozen=True, slots=True)
class FeedTask:
    """A task in a feed, as whom it is read, and how often it was changed."""

    row: TaskRow
    reading: Reading
    sequence: int


def my_work(actor: Actor, today: date, *, limit: int = 30) -> MyWork:
    """Return what waits for the actor: own and unit's tasks by urgency, submissions to accept, events to look out for.

    ``limit`` bounds what is due later. What is overdue, returned or due soon is shown whole as far as one
    person could ever work it down; ``urgent_hidden`` counts the rest.
    """
    require(actor, "task.view")
    mine = _tasks(actor).filter(_is_mine(actor))
    to_do = mine.filter(_TO_DO)
    soon_until = today + timedelta(days=SOON_DAYS)
    pressing = to_do.filter(Q(due_on__lte=soon_until) | Q(state=Task.State.RETURNED))
    urgent = _rows(pressing, today, limit=URGENT_ROWS)
    later = list(
        to_do.filter(state=Task.State.OPEN, due_on__gt=soon_until)
        .annotate(of_all=Window(Count("pk")))
        .order_by("due_on", "pk")[:limit]
    )
    submitted = list(_tasks(actor).filter(state=Task.State.SUBMITTED).order_by("due_on", "pk"))
    own = [task for task in submitted if task.submitted_by_id == actor.acts_as_id]
    selves = {actor.person_id, actor.acts_as_id}
    waiting = [task for task in submitted if task.submitted_by_id not in selves]
    events = _triggers(actor)
    bodies = _bodies_by_action(each.action_id for each in (*waiting, *events))
    return MyWork(
        overdue=tuple(row for row in urgent if row.is_overdue),
        returned=tuple(row for row in urgent if row.standing is Standing.RETURNED),
        soon=tuple(row for row in urgent if row.standing in {Standing.DUE, Standing.SOON}),
        later=tuple(row_of(task, today) for task in later),
        later_count=later[0].of_all if later else 0,
        urgent_hidden=pressing.count() - len(urgent) if len(urgent) == URGENT_ROWS else 0,
        submitted=tuple(row_of(task, today) for task in own[:URGENT_ROWS]),
        to_review=_reviewed_by(actor, waiting, bodies, today),
        triggers=tuple(row for row in _trigger_rows(actor, events, bodies) if row.can_fire),
    )


def to_review(actor: Actor) -> QuerySet[Task]:
    """Return the submitted tasks that the actor may accept or return, those due first before others; no own submission."""
    require(actor, "task.view")
    submitted = _tasks(actor).filter(state=Task.State.SUBMITTED).order_by("due_on", "pk")
    others = submitted.exclude(submitted_by_id__in={actor.person_id, actor.acts_as_id})
    return others.filter(is_reviewed_by(actor))


def _reviewed_by(
    actor: Actor, waiting: Iterable[Task], bodies: Mapping[int, Sequence[ActionBody]], today: date
) -> tuple[TaskRow, ...]:
    """Return the submitted tasks that the actor may accept or return."""
    return tuple(row_of(task, today) for task in waiting if may_review(actor, task, bodies[task.action_id]))


def task_list(
    actor: Actor, filters: TaskFilter, today: date, page: int | str = 1, *, by: str = ""
) -> tuple[Page[Task], tuple[TaskRow, ...]]:
    """Return one page of the agency's tasks and its rows, in two statements however many tasks there are.

    Ordered by due day; within units with ``by="unit"``, within people with ``by="person"``.
    """
    require(actor, "task.view")
    first = {"unit": ("unit__order", "unit__name"), "person": ("assignee__full_name",)}.get(by, ())
    tasks = _filtered(_tasks(actor), filters, today).order_by(*first, "due_on", "pk")
    shown = Paginator(tasks, PAGE_SIZE).get_page(page)
    return shown, tuple(row_of(task, today) for task in shown.object_list)


def task_ids(actor: Actor, filters: TaskFilter, today: date, *, at_most: int) -> tuple[int, tuple[int, ...]]:
    """Return how many tasks a filter finds, and the first of them by due day; at most two SQL statements."""
    require(actor, "task.view")
    found = _filtered(Task.objects.filter(agency_id=actor.agency_id), filters, today).order_by("due_on", "pk")
    ids = tuple(found.values_list("pk", flat=True)[: at_most + 1])
    return len(ids) if len(ids) <= at_most else found.count(), ids[:at_most]


def grouped(rows: Iterable[TaskRow], by: str) -> tuple[TaskGroup, ...]:
    """Return the rows of one page grouped by ``unit`` or ``person``, each group in the order of the rows."""
    groups: dict[str, list[TaskRow]] = {}
    for row in rows:
        groups.setdefault(row.unit_name if by == "unit" else row.assignee_name, []).append(row)
    return tuple(TaskGroup(name, tuple(found)) for name, found in groups.items())


def task_detail(actor: Actor, task_id: int, today: date) -> TaskDetail:
    """Return a task with its page's contents; raises Task.DoesNotExist for another agency's."""
    require(actor, "task.view")
    task = (
        _tasks(actor)
        .select_related("submitted_by", "reviewed_by", "trigger")
        .annotate(objective_text=F("action__placement__objective__text"))
        .get(pk=task_id)
    )
    bodies = list(
        ActionBody.objects.filter(action_id=task.action_id)
        .select_related("unit", "person")
        .order_by("order", "pk")
    )
    notes = list(task.notes.select_related("by").order_by("at", "pk"))
    siblings = _tasks(actor).filter(action_id=task.action_id).exclude(pk=task.pk).order_by("due_on", "pk")
    can_assign = can(actor, "task.manage") or task.unit_id in actor.headed_unit_ids
    returned = [note.text for note in notes if note.kind == TaskNote.Kind.RETURNED]
    return TaskDetail(
        row=row_of(task, today),
        when=task.action.when,
        expected_evidence=tuple(task.action.expected_evidence),
        resources=task.action.resources,
        evaluation=task.action.evaluation,
        objective_text=task.objective_text or "",
        event=task.trigger.event if task.trigger else "",
        bodies=tuple(
            BodyRow(
                body.part,
                body.text,
                body.unit.name if body.unit else "",
                shown_name(actor, body.person.full_name) if body.person else "",
            )
            for body in bodies
        ),
        evidence=evidence_rows(actor, task.evidence.select_related("file", "added_by")),
        notes=tuple(
            NoteRow(
                note.kind, note.get_kind_display(), note.text, note.at, shown_name(actor, note.by.full_name)
            )
            for note in notes
        ),
        siblings=tuple(row_of(each, today) for each in siblings),
        submitted_by_id=task.submitted_by_id,
        submitted_by=shown_name(actor, task.submitted_by.full_name) if task.submitted_by else "",
        submitted_at=task.submitted_at,
        reviewed_by=shown_name(actor, task.reviewed_by.full_name) if task.reviewed_by else "",
        reviewed_at=task.reviewed_at,
        return_reason=returned[-1] if returned and task.state == Task.State.RETURNED else "",
        can_report=may_report(actor, task, bodies) and task.state in OPEN_STATES,
        can_review=may_review(actor, task, bodies) and task.state == Task.State.SUBMITTED,
        is_own_submission=actor.is_own(task.submitted_by_id),
        can_manage=can(actor, "task.manage"),
        can_assign=can_assign and task.state in OPEN_STATES,
        people=tuple(person_choices(actor, today)) if can_assign else (),
    )


def find_tasks(actor: Actor, wanted: Sought, today: date, *, at_most: int) -> tuple[int, tuple[TaskRow, ...]]:
    """Return how many tasks hold the words, and the first of them: what is to do before what is done. One SQL statement."""
    require(actor, "task.view")
    tasks = _tasks(actor).exclude(state=Task.State.CANCELLED)
    to_do = Case(When(_TO_DO, then=Value(0)), default=Value(1), output_field=IntegerField())
    total, found = found_in(
        tasks.annotate(rank=to_do), wanted, _SAID, by=("rank", "due_on", "pk"), at_most=at_most
    )
    return total, tuple(row_of(task, today) for task in found)


def tasks_due(
    actor: Actor, action_ids: Iterable[int] | QuerySet[Any], start: date, end: date, today: date
) -> tuple[TaskRow, ...]:
    """Return the tasks of actions due from a day to a day, by due day, but for cancelled ones; one statement.

    ``action_ids`` may be a query for them, so that thousands need not go to the database and back.
    """
    require(actor, "task.view")
    tasks = _tasks(actor).filter(action_id__in=action_ids, due_on__range=(start, end))
    return _rows(tasks.exclude(state=Task.State.CANCELLED), today)


def tasks_of(actor: Actor, task_ids: Collection[int], today: date) -> dict[int, TaskRow]:
    """Return those of the tasks that are the agency's, by id; one statement."""
    require(actor, "task.view")
    return {row.id: row for row in _rows(_tasks(actor).filter(pk__in=task_ids), today)}


def counts(actor: Actor, today: date, filters: TaskFilter | None = None) -> TaskCounts:
    """Return how many of the agency's tasks stand how, in one statement."""
    require(actor, "task.view")
    tasks = Task.objects.filter(agency_id=actor.agency_id)
    if filters is not None:
        tasks = _filtered(tasks, filters, today)
    return TaskCounts(
        **tasks.aggregate(
            open=Count("pk", filter=_TO_DO),
            overdue=Count("pk", filter=_TO_DO & Q(late_after__lt=today)),
            soon=Count(
                "pk", filter=_TO_DO & Q(late_after__gte=today, due_on__lte=today + timedelta(days=SOON_DAYS))
            ),
            submitted=Count("pk", filter=Q(state=Task.State.SUBMITTED)),
            done=Count("pk", filter=Q(state=Task.State.ACCEPTED)),
            done_late=Count("pk", filter=Q(state=Task.State.ACCEPTED, done_on__gt=F("late_after"))),
            cancelled=Count("pk", filter=Q(state=Task.State.CANCELLED)),
        )
    )


@dataclass(frozen=True, slots=True)
class UnitTasks:
    """How the tasks of a unit that are due in a period stand; cancelled ones are not among ``total``."""

    total: int = 0
    done: int = 0
    done_late: int = 0
    overdue: int = 0

    @property
    def in_time(self) -> int:
        """How many were done by their last day."""
        return self.done - self.done_late

    @property
    def judged(self) -> int:
        """Those of which one can say whether they were in time: done, or overdue."""
        return self.done + self.overdue


def tasks_by_unit(actor: Actor, start: date, end: date, today: date) -> dict[int | None, UnitTasks]:
    """Return how the tasks due from a day to a day stand, by unit (None: of no unit), as the list of tasks counts them.

    One SQL statement.
    """
    require(actor, "task.view")
    rows = (
        Task.objects.filter(_stands("", today), agency_id=actor.agency_id, due_on__range=(start, end))
        .order_by()
        .values("unit_id")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=_stands(Standing.DONE, today)),
            done_late=Count("pk", filter=_stands(Standing.DONE_LATE, today)),
            overdue=Count("pk", filter=_stands(Standing.OVERDUE, today)),
        )
    )
    return {
        row["unit_id"]: UnitTasks(row["total"], row["done"], row["done_late"], row["overdue"]) for row in rows
    }


def overdue_by_unit(actor: Actor, today: date) -> list[UnitOverdue]:
    """Return the units that have overdue tasks, most first."""
    require(actor, "task.view")
    rows = (
        Task.objects.filter(_TO_DO, agency_id=actor.agency_id, late_after__lt=today)
        .values("unit_id", "unit__name")
        .annotate(count=Count("pk"), oldest=Min("due_on"))
        .order_by("-count", "unit__name")
    )
    return [UnitOverdue(row["unit_id"], row["unit__name"] or "", row["count"], row["oldest"]) for row in rows]


def overdue_counts(agency_ids: Collection[int], today: date) -> dict[int, int]:
    """Return how many tasks of each agency are overdue; one SQL statement. For who may look at these agencies."""
    rows = (
        Task.objects.filter(_TO_DO, agency_id__in=agency_ids, late_after__lt=today)
        .order_by()
        .values_list("agency_id")
        .annotate(Count("pk"))
    )
    return dict(rows)


def due_soon(actor: Actor, today: date, days: int = SOON_DAYS, limit: int = 20) -> list[TaskRow]:
    """Return the agency's tasks still in time that are due within some days, earliest first."""
    require(actor, "task.view")
    tasks = _tasks(actor).filter(_TO_DO, late_after__gte=today, due_on__lte=today + timedelta(days=days))
    return list(_rows(tasks, today, limit=limit))


def calendar_month(
    actor: Actor, year: int, month: int, today: date, *, only_mine: bool = False
) -> CalendarMonth:
    """Return a month of tasks by due day with the days off; raises Task.DoesNotExist for a month outside 2000 to 2100."""
    require(actor, "task.view")
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        raise Task.DoesNotExist
    weeks = months_of_year.Calendar(firstweekday=0).monthdatescalendar(year, month)
    due = Task.objects.filter(agency_id=actor.agency_id, due_on__range=(weeks[0][0], weeks[-1][-1]))
    due = due.exclude(state=Task.State.CANCELLED)
    if only_mine:
        due = due.filter(_is_mine(actor))
    counts = dict(due.order_by().values_list("due_on").annotate(count=Count("pk")))
    place = Window(RowNumber(), partition_by="due_on", order_by="pk")
    first = due.annotate(place=place).filter(place__lte=DAY_ROWS).values("pk")
    by_day: dict[date, list[TaskRow]] = defaultdict(list)
    for row in _rows(_tasks(actor).filter(pk__in=first), today):
        by_day[row.due_on].append(row)
    years = {year: year_of_days(actor, year) for year in {weeks[0][0].year, year, weeks[-1][-1].year}}
    names = {special.day: special.name for each in years.values() for special in each.days}
    return CalendarMonth(
        year=year,
        month=month,
        weeks=tuple(
            tuple(
                CalendarCell(
                    day=day,
                    is_in_month=day.month == month,
                    is_today=day == today,
                    is_working=years[day.year].calendar.is_working(day),
                    day_name=names.get(day, ""),
                    count=counts.get(day, 0),
                    tasks=tuple(by_day[day]),
                )
                for day in week
            )
            for week in weeks
        ),
        previous=(year - 1, 12) if month == 1 else (year, month - 1),
        next=(year + 1, 1) if month == 12 else (year, month + 1),
        is_confirmed=years[year].is_confirmed,
        count=sum(count for day, count in counts.items() if (day.year, day.month) == (year, month)),
    )


def trigger_list(actor: Actor) -> tuple[TriggerRow, ...]:
    """Return the events that call for actions in force, in the order of the plan, with how often each happened."""
    require(actor, "task.view")
    found = _triggers(actor)
    return _trigger_rows(actor, found, _bodies_by_action(trigger.action_id for trigger in found))


def _triggers(actor: Actor) -> list[Any]:
    return list(
        Trigger.objects.filter(action__agency_id=actor.agency_id, action__state=Action.State.ACTIVE)
        .select_related("action")
        .annotate(times=Count("tasks"), latest_on=Max("tasks__starts_on"))
        .order_by("action__year", "action_id", "pk")
    )


def _trigger_rows(
    actor: Actor, found: Iterable[Any], bodies: Mapping[int, Sequence[ActionBody]]
) -> tuple[TriggerRow, ...]:
    return tuple(
        TriggerRow(
            id=trigger.pk,
            event=trigger.event,
            action_id=trigger.action_id,
            action_number=trigger.action.number,
            action_text=trigger.action.text,
            within_days=trigger.within_days,
            within_working=trigger.within_working,
            times=trigger.times,
            latest_on=trigger.latest_on,
            can_fire=may_fire(actor, bodies[trigger.action_id]),
        )
        for trigger in found
    )


def trigger_row(actor: Actor, trigger_id: int) -> TriggerRow:
    """Return one event of an action in force; raises Trigger.DoesNotExist."""
    for row in trigger_list(actor):
        if row.id == trigger_id:
            return row
    raise Trigger.DoesNotExist


def feed_tasks(reader: Reader, today: date) -> tuple[FeedTask, ...]:
    """Return what a calendar feed holds of planned work: what is open, and for a while what was cancelled.

    Of a person the work that is the person's or, while nobody is named, the units'; of a unit all that it has or leads.
    Four SQL statements for each agency.
    """
    found: list[FeedTask] = []
    gone = Task.objects.filter(
        state=Task.State.CANCELLED,
        notes__kind=TaskNote.Kind.CANCELLED,
        notes__at__date__gte=today - CANCELLED_SHOWN,
    )
    for reading in reader.readings:
        actor = reading.actor
        whose = _is_mine(actor) if reader.unit_id is None else _is_of_unit(reader.unit_id)
        tasks = _tasks(actor).filter(whose, action__state=Action.State.ACTIVE)
        rows = _rows(tasks.filter(Q(state__in=OPEN_STATES) | Q(pk__in=gone.values("pk"))), today)
        changed = times_written(
            actor.agency_id, "actions.task", [row.id for row in rows], also="org.calendarday"
        )
        found += [FeedTask(row, reading, changed[row.id]) for row in rows]
    return tuple(found)


def _is_of_unit(unit_id: int) -> Q:
    leads = ActionBody.objects.filter(
        action_id=OuterRef("action_id"), part=ActionBody.Part.LEAD, unit_id=unit_id
    )
    return Q(unit_id=unit_id) | Q(Exists(leads))


def filter_choices(actor: Actor, today: date) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the agency's units and people as choices for a list's filters."""
    return unit_choices(actor), person_choices(actor, today)


def row_of(task: Task, today: date) -> TaskRow:
    """Return a loaded task's row; ``task`` comes from :func:`task_list`'s kind of queryset."""
    try:
        label = label_of(task.occurrence)
    except ValueError:
        label = None
    return TaskRow(
        id=task.pk,
        action_id=task.action_id,
        action_number=task.action.number,
        action_text=task.action.text,
        objective_id=task.objective_id,  # type: ignore[attr-defined]
        objective_number=task.objective_number or "",  # type: ignore[attr-defined]
        label=label,
        label_text=task.label,
        kind=task.kind,
        state=task.state,
        starts_on=task.starts_on,
        due_on=task.due_on,
        due_original=task.due_original,
        late_after=task.late_after,
        is_moved=task.is_moved,
        progress=task.progress,
        unit_id=task.unit_id,
        unit_name=task.unit.name if task.unit else "",
        assignee_id=task.assignee_id,
        assignee_name=_assignee_name(task),
        submitted_on=timezone.localdate(task.submitted_at) if task.submitted_at else None,
        done_on=task.done_on,
        result=task.result,
        standing=standing_of(task, today),
        days_left=(task.due_on - today).days,
    )


def _assignee_name(task: Task) -> str:
    if task.assignee is None:
        return ""
    is_masked = getattr(task, "is_masked", False)  # by the queryset, which knows who asks
    return short_name(task.assignee.full_name) if is_masked else task.assignee.full_name


def standing_of(task: Task, today: date) -> Standing:
    """Return how a loaded task stands on a day."""
    match task.state:
        case Task.State.ACCEPTED:
            return Standing.DONE_LATE if task.done_on and task.done_on > task.late_after else Standing.DONE
        case Task.State.CANCELLED:
            return Standing.CANCELLED
        case Task.State.SUBMITTED:
            return Standing.SUBMITTED
    if today > task.late_after:
        return Standing.OVERDUE
    if task.state == Task.State.RETURNED:
        return Standing.RETURNED
    if today >= task.due_on:
        return Standing.DUE
    return Standing.SOON if task.due_on <= today + timedelta(days=SOON_DAYS) else Standing.OPEN


def _tasks(actor: Actor) -> QuerySet[Task]:
    return (
        Task.objects.filter(agency_id=actor.agency_id)
        .select_related("action", "unit", "assignee")
        .annotate(
            objective_id=F("action__placement__objective_id"),
            objective_number=F("action__placement__objective__number"),
            is_masked=Value(not can(actor, "people.view"), BooleanField()),
        )
    )


def _rows(tasks: QuerySet[Task], today: date, *, limit: int | None = None) -> tuple[TaskRow, ...]:
    return tuple(row_of(task, today) for task in tasks.order_by("due_on", "pk")[:limit])


def _is_mine(actor: Actor) -> Q:
    """Return the condition of the actor's own work: named for it, or of a unit that leads it while nobody is named."""
    units = Unit.objects.filter(agency_id=actor.agency_id).filter(
        Q(pk__in=actor.unit_ids) | Q(kind=Unit.Kind.ALL)
    )
    leads = ActionBody.objects.filter(action_id=OuterRef("action_id"), part=ActionBody.Part.LEAD).filter(
        Q(unit__in=units) | Q(person_id=actor.acts_as_id)
    )
    of_my_unit = Q(unit__in=units) | Q(Exists(leads))
    return Q(assignee_id=actor.acts_as_id) | (Q(assignee__isnull=True) & of_my_unit)


def _filtered(tasks: QuerySet[Task], filters: TaskFilter, today: date) -> QuerySet[Task]:
    if filters.unit_id is not None:
        tasks = tasks.filter(unit_id=filters.unit_id)
    if filters.person_id is not None:
        tasks = tasks.filter(assignee_id=filters.person_id)
    if filters.objective_id is not None:
        tasks = tasks.filter(action__placement__objective_id=filters.objective_id)
    if filters.action_id is not None:
        tasks = tasks.filter(action_id=filters.action_id)
    if filters.start is not None:
        tasks = tasks.filter(due_on__gte=filters.start)
    if filters.end is not None:
        tasks = tasks.filter(due_on__lte=filters.end)
    if wanted := sought(filters.words):
        tasks = tasks.filter(holding(wanted, *_SAID))
    return tasks.filter(_stands(filters.state, today))


def _stands(state: str, today: date) -> Q:
    soon_until = today + timedelta(days=SOON_DAYS)
    conditions: dict[str, Q] = {
        "": ~Q(state=Task.State.CANCELLED),
        "todo": _TO_DO,
        Standing.OVERDUE: _TO_DO & Q(late_after__lt=today),
        Standing.DUE: _TO_DO & Q(due_on__lte=today, late_after__gte=today),
        Standing.SOON: _TO_DO & Q(late_after__gte=today, due_on__lte=soon_until),
        Standing.OPEN: Q(state=Task.State.OPEN, action__state=Action.State.ACTIVE),
        Standing.RETURNED: Q(state=Task.State.RETURNED, action__state=Action.State.ACTIVE),
        Standing.SUBMITTED: Q(state=Task.State.SUBMITTED),
        Standing.DONE: Q(state=Task.State.ACCEPTED),
        Standing.DONE_LATE: Q(state=Task.State.ACCEPTED, done_on__gt=F("late_after")),
        Standing.CANCELLED: Q(state=Task.State.CANCELLED),
    }
    return conditions.get(state, Q())


def _bodies_by_action(action_ids: Iterable[int]) -> dict[int, list[ActionBody]]:
    found: dict[int, list[ActionBody]] = defaultdict(list)
    bodies = (
        ActionBody.objects.filter(action_id__in=set(action_ids))
        .select_related("unit")
        .order_by("order", "pk")
    )
    for body in bodies:
        found[body.action_id].append(body)
    return found
