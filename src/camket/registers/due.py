"""Work that is late or due soon, of the registers and of the quality plan alike, unit by unit: what is reminded of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from camket.actions.models import Action, Task
from camket.actions.operations import TO_DO_STATES
from camket.core.registers.standing import SOON, Standing, standing
from camket.core.wording.dates import format_date
from camket.org.models import Unit
from camket.registers.filling import standing_of
from camket.registers.letter_paper import Line
from camket.registers.models import Entry, Letter

ENTRY, TASK = "entry", "task"
REGISTERS = ("directives", "programme", "incoming")
"""The registers of which work is reminded of."""
MOST = 300
"""So much work is shown, and put into letters, at once: the longest late first."""


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work that is late or due soon. ``register`` is "task" of a task of the plan.

    ``reminded_on`` is the day of the last letter about it, or that which somebody noted; ``draft_id`` the draft in
    which it stands.
    """

    register: str
    id: int
    title: str
    given: str
    unit_id: int | None
    unit: str
    person: str
    due_on: date
    late_after: date
    standing: Standing
    reminded_on: date | None
    draft_id: int | None

    @property
    def key(self) -> str:
        """What forms know it by."""
        return self.line.key

    @property
    def is_late(self) -> bool:
        """Whether its last day in time has passed."""
        return self.standing is Standing.LATE

    def days_late(self, on: date) -> int:
        """Return how many days past its last day in time it is; 0 while it is in time."""
        return self.line.days_late(on)

    @property
    def line(self) -> Line:
        """The work as a letter names it."""
        return Line(self.register, self.id, self.unit, self.title, self.given, self.due_on, self.late_after)


def due_work(
    agency_id: int,
    on: date,
    *,
    entry_ids: Collection[int] | None = None,
    task_ids: Collection[int] | None = None,
) -> list[Work]:
    """Return an agency's open work that is late or due soon on a day, by unit and last day; at most :data:`MOST`.

    With ids only that work, whenever it is due. Whoever calls this has judged who may see it. At most five SQL
    statements.
    """
    entries = Entry.objects.filter(
        agency_id=agency_id, state=Entry.State.OPEN, register__in=REGISTERS, late_after__isnull=False
    )
    tasks = Task.objects.filter(
        agency_id=agency_id, state__in=TO_DO_STATES, action__state=Action.State.ACTIVE
    )
    if entry_ids is None and task_ids is None:
        entries, tasks = entries.filter(due_on__lte=on + SOON), tasks.filter(due_on__lte=on + SOON)
    else:
        entries, tasks = entries.filter(pk__in=entry_ids or ()), tasks.filter(pk__in=task_ids or ())
    found_entries = list(
        entries.select_related("person").defer("search", "key").order_by("due_on", "pk")[:MOST]
    )
    found_tasks = list(
        tasks.select_related("action", "assignee")
        .annotate(reminded_on=Max("letters__issued_on", filter=Q(letters__state=Letter.State.ISSUED)))
        .order_by("due_on", "pk")[:MOST]
    )
    if not found_entries and not found_tasks:
        return []
    units = list(Unit.objects.filter(agency_id=agency_id).order_by("order", "name").values_list("pk", "name"))
    drafts = _drafts(agency_id)
    names, place = dict(units), {pk: number for number, (pk, _name) in enumerate(units)}
    found = [
        *(_of_entry(each, names, drafts, on) for each in found_entries),
        *(_of_task(each, names, drafts, on) for each in found_tasks),
    ]
    found = sorted(found, key=lambda each: (each.due_on, each.key))[:MOST]
    return sorted(found, key=lambda each: place.get(each.unit_id or 0, len(place)))


def given_by(number: str, on: date, source: str) -> str:
    """Return the document by which work was given, as papers name it.

    >>> given_by("125/TB-UBND", date(2026, 6, 22), "UBND tỉnh")
    '125/TB-UBND ngày 22/06/2026 của UBND tỉnh'
    """
    if not number:
        return f"{source}, ngày {format_date(on)}" if source else ""
    return f"{number} ngày {format_date(on)}{f' của {source}' if source else ''}"


def day_in(entry: Entry, key: str) -> date | None:
    """Return the day that an entry has under a key of its register's own fields; None for what is no day."""
    try:
        return date.fromisoformat(str(entry.values.get(key, "")))
    except ValueError:
        return None


def _drafts(agency_id: int) -> dict[str, int]:
    """Return the drafts in which work stands, by its key."""
    drafts = Letter.objects.filter(agency_id=agency_id, state=Letter.State.DRAFT)
    found: dict[str, int] = {}
    rows: Iterable[tuple[int, int | None, int | None]] = [
        *(
            (pk, entry, None)
            for pk, entry in drafts.filter(entries__isnull=False).values_list("pk", "entries")
        ),
        *((pk, None, task) for pk, task in drafts.filter(tasks__isnull=False).values_list("pk", "tasks")),
    ]
    for pk, entry, task in rows:
        found.setdefault(f"{ENTRY}-{entry}" if entry else f"{TASK}-{task}", pk)
    return found


def _of_entry(each: Entry, names: dict[int, str], drafts: dict[str, int], on: date) -> Work:
    issued = day_in(each, "issued_on") if each.register == "incoming" else None
    is_programme = each.register == "programme"
    return Work(
        register=each.register,
        id=each.pk,
        title=each.title,
        given=each.source if is_programme else given_by(each.number, issued or each.on, each.source),
        unit_id=each.unit_id,
        unit=names.get(each.unit_id or 0, ""),
        person=each.person.full_name if each.person else "",
        due_on=each.due_on or on,
        late_after=each.late_after or on,
        standing=standing_of(each, on),
        reminded_on=day_in(each, "reminded_on"),
        draft_id=drafts.get(f"{ENTRY}-{each.pk}"),
    )


def _of_task(each: Task, names: dict[int, str], drafts: dict[str, int], on: date) -> Work:
    return Work(
        register=TASK,
        id=each.pk,
        title=str(each),
        given="",
        unit_id=each.unit_id,
        unit=names.get(each.unit_id or 0, ""),
        person=each.assignee.full_name if each.assignee else "",
        due_on=each.due_on,
        late_after=each.late_after,
        standing=standing("open", due_on=each.due_on, late_after=each.late_after, done_on=None, today=on),
        reminded_on=each.reminded_on,  # type: ignore[attr-defined]
        draft_id=drafts.get(f"{TASK}-{each.pk}"),
    )
