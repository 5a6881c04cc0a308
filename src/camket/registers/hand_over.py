"""Open work of the registers as it goes to others: when somebody leaves, when units are merged, when days off change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from camket.actions.telling import told_handed_on
from camket.core.registers import REGISTERS
from camket.core.registers.meetings import invited_in, written
from camket.journal.operations import record
from camket.org.calendar import working_calendar
from camket.org.models import Unit
from camket.org.policy import Actor
from camket.registers import tally, telling
from camket.registers.filling import plain
from camket.registers.invitations import MEETINGS
from camket.registers.models import Entry, ListItem
from camket.registers.writing import counts_of, move, record_change


@dataclass(frozen=True, slots=True)
class WorkHeld:
    """Open work of a register that is given to a person by name; without a unit it cannot go back to one."""

    id: int
    register: str
    title: str
    number: str
    due_on: date | None
    unit_id: int | None


def open_work(agency_id: int) -> QuerySet[Entry]:
    """Return the open work of an agency's registers."""
    return Entry.objects.filter(agency_id=agency_id, state=Entry.State.OPEN, register__in=list(REGISTERS))


def work_held(agency_id: int, person_id: int) -> tuple[WorkHeld, ...]:
    """Return a person's open work of the registers in an agency, by last day; work without one comes last."""
    rows = open_work(agency_id).filter(person_id=person_id).order_by(F("due_on").asc(nulls_last=True), "pk")
    return tuple(
        WorkHeld(each.pk, each.register, each.title, each.number, each.due_on, each.unit_id) for each in rows
    )


def hand_on_work(*, actor: Actor, successors: Mapping[int, int | None], reason: str, now: datetime) -> int:
    """Give open work to others, or back to its unit with None; for operations that have asked for authority.

    Who takes work over is told once, how much it is. Return how many moved.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        entries = _taken(actor.agency_id, successors)
        for entry in entries:
            register = REGISTERS[entry.register]
            before, counted = plain(entry, register), counts_of(entry, register)
            entry.person_id = successors[entry.pk]
            entry.changed_at, entry.changed_by_id = now, actor.person_id
            entry.save(update_fields=["person", "changed_at", "changed_by"])
            move(register, entry, counted)
            record_change(
                actor, entry, register, "entry.handed_on", today,
                before=before, after=plain(entry, register), reason=reason,
            )  # fmt: skip
        taken = Counter(each.person_id for each in entries if each.person_id is not None)
        told_handed_on(
            actor=actor, counts=taken, now=now, message=telling.HANDED_ON, what="entries-handed-on"
        )
    return len(entries)


def move_units_work(
    *, actor: Actor, unit: Unit, into: Unit, today: date, people: Collection[int] | None = None
) -> int:
    """Give a unit's open work of the registers, and its part in meetings to come, to another; return how many moved.

    With ``people``, work in their names alone. Lists of the registers that name the unit name the other one too.
    What is closed, and meetings that were held, stay with the old one.
    """
    with transaction.atomic():
        ids = Entry.objects.filter(agency_id=actor.agency_id, unit=unit, state=Entry.State.OPEN)
        if people is not None:
            ids = ids.filter(person_id__in=people)
        entries = _taken(actor.agency_id, ids.values_list("pk", flat=True))
        for entry in entries:
            register = REGISTERS[entry.register]
            counted = counts_of(entry, register)
            entry.unit = into
            entry.save(update_fields=["unit"])
            move(register, entry, counted)
        if people is not None:
            return len(entries)
        meetings = _move_meetings(actor.agency_id, unit, into, today)
        ListItem.objects.filter(agency_id=actor.agency_id, unit=unit, is_active=True).update(unit=into)
    return len(entries) + meetings


def _move_meetings(agency_id: int, unit: Unit, into: Unit, today: date) -> int:
    """Let another unit prepare and be invited to the meetings to come of one; return how many.

    One that was withdrawn too: it may be called again. Nobody is told: who has an invitation keeps it, and the
    meeting's page names who lacks one.
    """
    register = REGISTERS[MEETINGS]
    tally.take_turn(agency_id=agency_id, register=MEETINGS)
    rows = Entry.objects.filter(agency_id=agency_id, register=MEETINGS, on__gte=today)
    moved = 0
    for entry in rows.select_for_update(of=("self",)).order_by("pk"):
        invited = invited_in(entry.values.get("invited"))
        if entry.unit_id != unit.pk and unit.pk not in invited.units:
            continue
        counted = counts_of(entry, register)
        if entry.unit_id == unit.pk:
            entry.unit = into
        if unit.pk in invited.units:
            units = (invited.units - {unit.pk}) | {into.pk}
            entry.values = {**entry.values, "invited": written(units, invited.people)}
        entry.save(update_fields=["unit", "values"])
        move(register, entry, counted)
        moved += 1
    return moved


def redate_open_work(*, agency_id: int, today: date) -> int:
    """Give open work its last day in time by the calendar of now; return how much got another one."""
    calendar = working_calendar(agency_id)
    rows = Entry.objects.filter(agency_id=agency_id, state=Entry.State.OPEN, due_on__isnull=False)
    moved = [
        pk
        for pk, due_on, late_after in rows.values_list("pk", "due_on", "late_after")
        if due_on is not None and calendar.limit_end(due_on) != late_after
    ]
    if not moved:
        return 0
    with transaction.atomic():
        entries = _taken(agency_id, moved)
        for entry in entries:
            if entry.due_on is None:
                continue
            register = REGISTERS[entry.register]
            before, counted = entry.late_after, counts_of(entry, register)
            entry.late_after = calendar.limit_end(entry.due_on)
            entry.save(update_fields=["late_after"])
            move(register, entry, counted)
            record(
                actor=None,
                agency_id=agency_id,
                verb="entry.redated",
                subject=entry,
                on=today,
                before={"late_after": before},
                after={"register": register.key, "late_after": entry.late_after},
            )
    return len(entries)


def _taken(agency_id: int, ids: Iterable[int]) -> list[Entry]:
    """Return open entries by number, locked, with the turns of their registers taken in the order of their keys."""
    rows = Entry.objects.filter(agency_id=agency_id, pk__in=list(ids), state=Entry.State.OPEN)
    registers = sorted(set(rows.values_list("register", flat=True)) & REGISTERS.keys())
    for register in registers:
        tally.take_turn(agency_id=agency_id, register=register)
    return list(rows.filter(register__in=registers).select_for_update(of=("self",)).order_by("pk"))
