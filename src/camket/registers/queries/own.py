"""Open work of the registers as people's work and calendars show it, beside the tasks of the quality plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window

from camket.core.registers import REGISTERS, Register
from camket.core.registers.standing import Standing
from camket.org.policy import Actor, can
from camket.registers.due import REGISTERS as WITH_WORK
from camket.registers.filling import standing_of
from camket.registers.models import Entry

MOST_OF_MONTH = 500
"""So much work of a month is shown in a calendar."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A piece of open work. ``due_on`` and ``late_after`` are None where no last day was set."""

    id: int
    register: Register
    title: str
    source: str
    standing: Standing
    due_on: date | None
    late_after: date | None
    done_on: date | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What waits for one person: the first of it by last day, how much there is, how much of that is late."""

    rows: tuple[OpenWork, ...] = ()
    total: int = 0
    late: int = 0


def own_work(actor: Actor, today: date, *, at_most: int) -> OwnWork:
    """Return the open work that is named for the actor, or is of its units while nobody is named.

    Who may not see the registers has none. One SQL statement.
    """
    if not can(actor, "register.view"):
        return OwnWork()
    rows = _open(actor).filter(is_mine(actor))
    counted = rows.annotate(
        total=Window(Count("pk")), late=Window(Count("pk", filter=Q(late_after__lt=today)))
    )
    first = list(counted.order_by(F("due_on").asc(nulls_last=True), "pk")[:at_most])
    if not first:
        return OwnWork()
    return OwnWork(tuple(_shown(each, today) for each in first), first[0].total, first[0].late)


def work_due_between(
    actor: Actor, first: date, last: date, today: date, *, only_mine: bool = False
) -> tuple[OpenWork, ...]:
    """Return the open work whose last day lies in a stretch, by day; at most :data:`MOST_OF_MONTH`.

    Who may not see the registers has none. One SQL statement.
    """
    if not can(actor, "register.view"):
        return ()
    rows = _open(actor).filter(due_on__range=(first, last))
    if only_mine:
        rows = rows.filter(is_mine(actor))
    return tuple(_shown(each, today) for each in rows.order_by("due_on", "pk")[:MOST_OF_MONTH])


def late_longest(actor: Actor, today: date, *, at_most: int) -> tuple[OpenWork, ...]:
    """Return the agency's open work that is late, the longest late first, with its unit.

    Who may not see the registers has none. One SQL statement.
    """
    if not can(actor, "register.view"):
        return ()
    rows = _open(actor).filter(late_after__lt=today).select_related("unit").order_by("due_on", "pk")
    return tuple(
        replace(_shown(each, today), unit=each.unit.name if each.unit else "") for each in rows[:at_most]
    )


def overdue_by_register(actor: Actor, today: date) -> tuple[tuple[Register, int], ...]:
    """Return how much work of the agency is overdue in each register that has any. One SQL statement.

    Who may not see the registers is told of none.
    """
    if not can(actor, "register.view"):
        return ()
    late = Entry.objects.filter(
        agency_id=actor.agency_id, state=Entry.State.OPEN, register__in=WITH_WORK, late_after__lt=today
    )
    counts = dict(late.order_by().values_list("register").annotate(Count("pk")))
    return tuple((REGISTERS[key], counts[key]) for key in WITH_WORK if key in counts)


def _open(actor: Actor) -> QuerySet[Entry]:
    rows = Entry.objects.filter(agency_id=actor.agency_id, state=Entry.State.OPEN, register__in=WITH_WORK)
    return rows.defer("search", "values")


def is_mine(actor: Actor) -> Q:
    """Return the condition of the actor's own work: named for the actor, or of the actor's units while nobody is named."""
    return Q(person_id=actor.acts_as_id) | Q(person__isnull=True, unit_id__in=actor.unit_ids)


def _shown(each: Entry, today: date) -> OpenWork:
    register, stands = REGISTERS[each.register], standing_of(each, today)
    return OpenWork(each.pk, register, each.title, each.source, stands, each.due_on, each.late_after)
