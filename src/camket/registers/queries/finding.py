"""Entries of the registers and evidence, found by words over all registers at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from camket.actions.models import Task
from camket.core.finding import Found, Hit, Sought
from camket.core.registers import Register
from camket.core.registers.standing import Standing
from camket.documents.models import Evidence
from camket.org.personal import shown_name
from camket.org.policy import Actor, require
from camket.org.queries import found_in
from camket.registers.filling import standing_of
from camket.registers.models import Entry
from camket.registers.sight import visible_registers


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """Entries that hold the words: the first of them, and how many in each register."""

    found: Found = Found()
    registers: Mapping[str, int] = field(default_factory=dict)
    standing: Mapping[int, Standing] = field(default_factory=dict)


def open_registers(actor: Actor) -> tuple[Register, ...]:
    """Return the registers that are searched together: those seen, but for what tells of single people.

    Who looked at grades and discipline is recorded, so they are shown on their own pages alone.
    """
    return tuple(each for each in visible_registers(actor) if not each.is_personal)


def find_entries(actor: Actor, sought: Sought, today: date, *, at_most: int) -> FoundEntries:
    """Return the entries of all registers that hold the words, newest first. Two SQL statements."""
    rows = Entry.objects.filter(
        agency_id=actor.agency_id, register__in=[each.key for each in open_registers(actor)]
    ).exclude(state=Entry.State.WITHDRAWN)
    for word in sought.words:
        rows = rows.filter(search__contains=word)
    counted = dict(
        rows.values("register")
        .annotate(count=Count("pk"))
        .order_by("register")
        .values_list("register", "count")
    )
    if not counted:
        return FoundEntries()
    nearest = Case(
        When(search__contains=sought.phrase, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    first = rows.annotate(found_near=nearest).order_by("found_near", "-on", "-pk")
    shown = list(first.select_related("unit", "person", "item").defer("search", "values")[:at_most])
    return FoundEntries(
        Found(sum(counted.values()), tuple(_hit(actor, each) for each in shown)),
        counted,
        {each.pk: standing_of(each, today) for each in shown},
    )


def find_evidence(actor: Actor, sought: Sought, *, at_most: int) -> Found:
    """Return evidence of tasks and of entries that holds the words, the newest first.

    Of a hit ``kind`` is "task" or the key of the register, ``part_of`` the task or entry that it was attached to.
    One SQL statement; raises NotAllowed.
    """
    require(actor, "task.view")
    registers = [each.key for each in open_registers(actor)]
    # By the rows that join them, which an index finds: asked for tasks in order, SQLite would go through them all.
    tasks = Task.evidence.through.objects.filter(
        evidence_id=OuterRef("pk"), task__agency_id=actor.agency_id
    ).order_by("evidence_id", "pk")
    entries = Entry.evidence.through.objects.filter(
        evidence_id=OuterRef("pk"), entry__agency_id=actor.agency_id, entry__register__in=registers
    ).order_by("evidence_id", "pk")
    rows = (
        Evidence.objects.filter(agency_id=actor.agency_id, is_withdrawn=False)
        .annotate(
            task_id=Subquery(tasks.values("task_id")[:1]),
            entry_id=Subquery(entries.values("entry_id")[:1]),
            entry_register=Subquery(entries.values("entry__register")[:1]),
        )
        .filter(Q(task_id__isnull=False) | Q(entry_id__isnull=False))
        .select_related("file")
    )
    total, found = found_in(
        rows, sought, ("title", "document_number", "file__name"), by=("-added_at", "-pk"), at_most=at_most
    )
    return Found(
        total,
        tuple(
            Hit(
                each.pk,
                each.title,
                kind="task" if each.task_id else each.entry_register,
                number=each.document_number,
                about=each.file.name if each.file else "",
                part_of=each.task_id or each.entry_id,
                on=each.document_date or timezone.localdate(each.added_at),
            )
            for each in found
        ),
    )


def _hit(actor: Actor, entry: Entry) -> Hit:
    person = shown_name(actor, entry.person.full_name) if entry.person else ""
    unit = entry.unit.name if entry.unit else ""
    item = entry.item.name if entry.item else ""
    return Hit(
        entry.pk,
        entry.title or person or item or unit or entry.number,
        kind=entry.register,
        number=entry.number,
        about=unit,
        state=entry.state,
        on=entry.due_on or entry.on,
    )
