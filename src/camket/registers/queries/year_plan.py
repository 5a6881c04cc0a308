"""A year of work, month by month, by unit or by objective: tasks, work of the registers, what the system calls for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext

from camket.actions.models import Action, Task
from camket.actions.queries import Standing as TaskStanding
from camket.actions.queries import standing_of as standing_of_task
from camket.core.registers.standing import Standing as EntryStanding
from camket.core.year_plan import MONTHS
from camket.notifications.due import due_between
from camket.org.models import Unit
from camket.org.policy import Actor, can, require
from camket.registers.filling import standing_of
from camket.registers.models import Entry
from camket.registers.queries.meetings import meetings_held

NAMED = ("directives", "programme")
"""Registers whose work stands in the plan by name; documents that come in are counted alone."""
INCOMING = "incoming"
MOST = 3_000
"""So much work of each of the two kinds is shown."""


class State(StrEnum):
    """How work stands, as the plan tells it: with a word each."""

    TO_DO = "to_do"
    LATE = "late"
    WAITING = "waiting"
    DONE = "done"
    DONE_LATE = "done_late"
    MEETING = "meeting"


class By(StrEnum):
    """What the rows are."""

    UNIT = "unit"
    OBJECTIVE = "objective"


_OF_TASK = {
    TaskStanding.OVERDUE: State.LATE,
    TaskStanding.SUBMITTED: State.WAITING,
    TaskStanding.DONE: State.DONE,
    TaskStanding.DONE_LATE: State.DONE_LATE,
}
_OF_ENTRY = {
    EntryStanding.LATE: State.LATE,
    EntryStanding.DONE: State.DONE,
    EntryStanding.DONE_LATE: State.DONE_LATE,
}
_WORST = (State.LATE, State.TO_DO, State.WAITING, State.DONE_LATE, State.DONE, State.MEETING)


@dataclass(frozen=True, slots=True)
class YearItem:
    """Work of one name that is due in a month, as often as ``times``; ``state`` is that of the worst.

    ``register`` is "" for a task of the plan; ``id`` is that of the worst, on ``due_on``. ``link`` is the address of what
    the management system calls for, "" for the rest.
    """

    register: str
    id: int
    name: str
    due_on: date
    state: State
    times: int = 1
    late: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True)
class YearCell:
    """A month of a row: what is due by name, and how much there is in all, documents that came in with it.

    Meetings stand among the names and are counted apart: they are no work that is due.
    """

    items: tuple[YearItem, ...] = ()
    incoming: int = 0
    incoming_late: int = 0

    @property
    def count(self) -> int:
        """How much is due."""
        return sum(each.times for each in self.items if each.state is not State.MEETING) + self.incoming

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here, not even a meeting."""
        return not self.items and not self.incoming

    @property
    def late(self) -> int:
        """How much of it is late."""
        return sum(each.late for each in self.items) + self.incoming_late


@dataclass(frozen=True, slots=True)
class YearRow:
    """A unit or an objective over the year. ``id`` is None for what has none, ``name`` then empty."""

    id: int | None
    number: str
    name: str
    months: tuple[YearCell, ...]

    @property
    def count(self) -> int:
        """How much is due in the year."""
        return sum(cell.count for cell in self.months)

    @property
    def late(self) -> int:
        """How much of it is late."""
        return sum(cell.late for cell in self.months)


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A year of work, row by row; ``sums`` are those of the months."""

    year: int
    by: By
    rows: tuple[YearRow, ...]
    sums: tuple[tuple[int, int], ...]
    is_cut: bool

    @property
    def count(self) -> int:
        """How much is due in the year."""
        return sum(count for count, _late in self.sums)

    @property
    def late(self) -> int:
        """How much of it is late."""
        return sum(late for _count, late in self.sums)

    @property
    def meetings(self) -> int:
        """How many meetings the year has."""
        items = (each for row in self.rows for cell in row.months for each in cell.items)
        return sum(each.times for each in items if each.state is State.MEETING)


@dataclass(slots=True)
class _Piece:
    row: int | None
    item: YearItem


def year_plan(actor: Actor, year: int, today: date, *, by: By = By.UNIT) -> YearPlan:
    """Return a year of work by the day by which it is to be done, and its meetings; seven SQL statements at most.

    What a closed plan left undone presses nobody and is left out, as is what was cancelled or withdrawn. By objective,
    work of the registers stands in a row of its own, with what the management system calls for. Raises NotAllowed,
    Task.DoesNotExist for a year outside 2000 to 2100.
    """
    require(actor, "task.view")
    if not 2000 <= year <= 2100:
        raise Task.DoesNotExist
    names: dict[int | None, tuple[str, str]] = {}
    pieces = list(_tasks(actor, year, today, by, names))
    is_cut = len(pieces) >= MOST
    incoming: dict[tuple[int | None, int], tuple[int, int]] = {}
    if can(actor, "register.view"):
        entries = list(_entries(actor, year, today, by))
        is_cut = is_cut or len(entries) >= MOST
        pieces += entries
        pieces += _meetings(actor, year, by)
        incoming = _incoming(actor, year, today, by)
    pieces += _dues(actor, year, today, by)
    if by is By.UNIT:
        units = Unit.objects.filter(agency_id=actor.agency_id).order_by("order", "name", "pk")
        names = {pk: ("", name) for pk, name in units.values_list("pk", "name")}
    return _laid_out(year, by, names, pieces, incoming, is_cut=is_cut)


def _laid_out(
    year: int,
    by: By,
    names: dict[int | None, tuple[str, str]],
    pieces: Iterable[_Piece],
    incoming: dict[tuple[int | None, int], tuple[int, int]],
    *,
    is_cut: bool,
) -> YearPlan:
    cells: dict[tuple[int | None, int], list[YearItem]] = defaultdict(list)
    for each in pieces:
        cells[each.row, each.item.due_on.month].append(each.item)
    used = {row for row, _month in (*cells, *incoming)}
    order = [key for key in names if key in used] + ([None] if None in used else [])
    rows = tuple(
        YearRow(
            key,
            *names.get(key, ("", "")),
            tuple(
                YearCell(_together(cells[key, month]), *incoming.get((key, month), (0, 0)))
                for month in range(1, MONTHS + 1)
            ),
        )
        for key in order
    )
    sums = tuple(
        (sum(row.months[at].count for row in rows), sum(row.months[at].late for row in rows))
        for at in range(MONTHS)
    )
    return YearPlan(year, by, rows, sums, is_cut)


def _together(items: list[YearItem]) -> tuple[YearItem, ...]:
    """Return the work of a month with what has one name together, late work first, then by day."""
    same: dict[tuple[str, str], list[YearItem]] = defaultdict(list)
    for each in items:
        same[each.register, each.name].append(each)
    found = []
    for (register, name), alike in same.items():
        worst = min(alike, key=lambda one: (_WORST.index(one.state), one.due_on))
        late = sum(one.state is State.LATE for one in alike)
        found.append(
            YearItem(register, worst.id, name, worst.due_on, worst.state, len(alike), late, worst.link)
        )
    return tuple(sorted(found, key=lambda one: (one.state is not State.LATE, one.due_on, one.name)))


def _tasks(
    actor: Actor, year: int, today: date, by: By, names: dict[int | None, tuple[str, str]]
) -> Iterable[_Piece]:
    """Yield the tasks of a year; ``names`` is filled with the objectives that they serve, in the order of the plan."""
    rows = (
        Task.objects.filter(agency_id=actor.agency_id, due_on__year=year)
        .exclude(state=Task.State.CANCELLED)
        .filter(
            Q(action__state=Action.State.ACTIVE) | Q(state__in=(Task.State.ACCEPTED, Task.State.SUBMITTED))
        )
        .select_related("action")
        .annotate(
            objective_id=F("action__placement__objective_id"),
            objective_number=F("action__placement__objective__number"),
            objective_text=F("action__placement__objective__text"),
            objective_order=F("action__placement__objective__order"),
        )
        .order_by("objective_order", "objective_id", "due_on", "pk")
    )
    for task in rows[:MOST]:
        objective_id: int | None = task.objective_id
        if by is By.OBJECTIVE and objective_id is not None:
            number, text = task.objective_number, task.objective_text
            names.setdefault(objective_id, (number or "", text or ""))
        state = _OF_TASK.get(standing_of_task(task, today), State.TO_DO)
        item = YearItem("", task.pk, task.action.text, task.due_on, state, late=int(state is State.LATE))
        yield _Piece(task.unit_id if by is By.UNIT else objective_id, item)


def _entries(actor: Actor, year: int, today: date, by: By) -> Iterable[_Piece]:
    rows = _due_in(actor, year, NAMED).defer("search", "values").order_by("due_on", "pk")
    for each in rows[:MOST]:
        state = _OF_ENTRY.get(standing_of(each, today), State.TO_DO)
        item = YearItem(
            each.register, each.pk, each.title, each.due_on or today, state, late=int(state is State.LATE)
        )
        yield _Piece(each.unit_id if by is By.UNIT else None, item)


def _meetings(actor: Actor, year: int, by: By) -> Iterable[_Piece]:
    for each in meetings_held([actor.agency_id], date(year, 1, 1), date(year, 12, 31))[:MOST]:
        item = YearItem(each.register, each.pk, each.title, each.on, State.MEETING)
        yield _Piece(each.unit_id if by is By.UNIT else None, item)


def _dues(actor: Actor, year: int, today: date, by: By) -> Iterable[_Piece]:
    for each in due_between(actor, date(year, 1, 1), date(year, 12, 31), today):
        is_late = each.is_late(today)
        item = YearItem(
            "",
            each.id,
            gettext(each.kind.says) % {"title": each.title},
            each.due_on,
            State.LATE if is_late else State.TO_DO,
            late=int(is_late),
            link=each.link,
        )
        yield _Piece(each.unit_id if by is By.UNIT else None, item)


def _incoming(actor: Actor, year: int, today: date, by: By) -> dict[tuple[int | None, int], tuple[int, int]]:
    """Return how many documents that came in are due, and how many of them are late, by row and month."""
    rows = (
        _due_in(actor, year, (INCOMING,))
        .annotate(month=ExtractMonth("due_on"))
        .order_by()
        .values_list("unit_id", "month")
        .annotate(Count("pk"), late=Count("pk", filter=Q(state=Entry.State.OPEN, late_after__lt=today)))
    )
    found: dict[tuple[int | None, int], tuple[int, int]] = {}
    for unit_id, month, count, late in rows:
        key = (unit_id if by is By.UNIT else None, month)
        before = found.get(key, (0, 0))
        found[key] = (before[0] + count, before[1] + late)
    return found


def _due_in(actor: Actor, year: int, registers: Collection[str]) -> QuerySet[Entry]:
    """Return what of the agency's registers is to be done in a year, or was."""
    return Entry.objects.filter(
        agency_id=actor.agency_id,
        register__in=registers,
        state__in=(Entry.State.OPEN, Entry.State.DONE),
        due_on__year=year,
    )
