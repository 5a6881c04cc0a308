"""Keeping an agency's own list for a register, and entries made of others: conclusions into directives, work carried on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from camket.core.cells import Problem
from camket.core.messages import Message, gettext_noop
from camket.core.registers import REGISTERS
from camket.core.registers.reading import Value, beyond, missing_in, read_values, to_json, values_from_json
from camket.core.wording.text import bare_words, one_line, search_key
from camket.journal.operations import record
from camket.org.models import Unit
from camket.org.policy import Actor, require
from camket.registers import tally
from camket.registers.filling import values_of
from camket.registers.models import Entry, ListItem
from camket.registers.names import for_forms, names_of
from camket.registers.operations.entries import StateNotFitting, enter
from camket.registers.sight import entry_of
from camket.registers.writing import ValuesRefused

_LONGEST_KEY = 60


def save_item(
    *,
    actor: Actor,
    register: str,
    name: str,
    now: datetime,
    item_id: int | None = None,
    values: Mapping[str, object] | None = None,
    unit_id: int | None = None,
    order: int | None = None,
    is_active: bool = True,
) -> ListItem:
    """Add a line to the agency's own list for a register, or change one; ``values`` are its own fields.

    A line that entries are of is not taken out: it is set inactive. What it is known by stays when it is renamed.
    Raises NotAllowed, ListItem.DoesNotExist, Unit.DoesNotExist, ValuesRefused, StateNotFitting where the register has no
    list.
    """
    definition = REGISTERS[register]
    today = timezone.localdate(now)
    with transaction.atomic():
        require(actor, "register.list")
        if not (definition.item_fields or definition.item_label):
            raise StateNotFitting(Message(gettext_noop("This register has no list of its own.")))
        tally.take_turn(agency_id=actor.agency_id, register=register)
        own = ListItem.objects.filter(agency_id=actor.agency_id, register=register)
        item = own.select_for_update(of=("self",)).get(pk=item_id) if item_id is not None else None
        name = one_line(name)[:500]
        names = for_forms(names_of(actor.agency_id, definition, on=today))
        read = read_values(definition.item_fields, values or {}, names)
        known = values_from_json(definition.item_fields, item.values) if item else {}
        merged: dict[str, Value] = {**known, **read.values}
        problems = [*read.problems]
        unread = {each.field for each in problems}
        filled = {key for key, value in merged.items() if value is not None} | unread
        needed = Message(gettext_noop("This is needed; fill it in."))
        problems += [Problem("", needed, each.key) for each in missing_in(definition.item_fields, filled)]
        problems += [
            Problem("", message, each.key)
            for each in definition.item_fields
            if (message := beyond(each, merged.get(each.key))) is not None
        ]
        problems += [Problem("", message, key) for key, message in definition.item_check(merged)]
        if not name:
            problems.append(Problem("", needed, "name"))
        twin = any(
            search_key(each.name) == search_key(name)
            and all(each.values.get(key) == to_json(merged.get(key)) for key in definition.item_known_by)
            for each in (own.exclude(pk=item.pk) if item else own)
        )
        if name and twin:
            problems.append(Problem("", Message(gettext_noop("The list has this line already.")), "name"))
        if problems:
            raise ValuesRefused(problems)
        if unit_id is not None:
            Unit.objects.only("pk").get(pk=unit_id, agency_id=actor.agency_id)
        before = _said(item) if item else None
        if item is None:
            item = ListItem(
                agency_id=actor.agency_id,
                register=register,
                key=_key(name, own.values_list("key", flat=True)),
            )
            item.order = own.count() if order is None else order
        elif order is not None:
            item.order = order
        item.name, item.unit_id, item.is_active = name, unit_id, is_active
        item.values = {key: to_json(value) for key, value in merged.items() if value is not None}
        item.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="entry.list_changed" if before else "entry.list_added",
            subject=item,
            on=today,
            before=before,
            after=_said(item),
        )
    return item


def derive(
    *, actor: Actor, parent_id: int, register: str, rows: Sequence[Mapping[str, object]], now: datetime
) -> tuple[Entry, ...]:
    """Make entries of another one: the work that a meeting's conclusions give, the tasks of a programme.

    All of them or none. Raises what :func:`enter` raises; the fields of a ValuesRefused are ``<row>-<key>``.
    """
    made: list[Entry] = []
    with transaction.atomic():
        parent, _register = entry_of(actor, parent_id)
        for number, values in enumerate(rows):
            try:
                made.append(
                    enter(actor=actor, register=register, values=values, now=now, parent_id=parent.pk)
                )
            except ValuesRefused as refusal:
                raise ValuesRefused(
                    Problem(each.cell, each.message, f"{number}-{each.field}") for each in refusal.problems
                ) from None
    return tuple(made)


def carry_on(
    *, actor: Actor, entry_ids: Sequence[int], values: Mapping[str, object], now: datetime
) -> tuple[Entry, ...]:
    """Carry unfinished work on: for each entry a new one that says the same but for ``values``, and names it as its parent.

    For next month's programme; the old ones stay as they are. All of them or none. Raises what :func:`enter` raises.
    """
    made: list[Entry] = []
    with transaction.atomic():
        for pk in entry_ids:
            found, register = entry_of(actor, pk)
            if found.state != Entry.State.OPEN:
                raise StateNotFitting(
                    Message(gettext_noop("“%(title)s” is not open."), {"title": found.title[:150]})
                )
            said: dict[str, object] = {**values_of(found, register), **values}
            made.append(enter(actor=actor, register=register.key, values=said, now=now, parent_id=pk))
    return tuple(made)


def _key(name: str, taken: Iterable[str]) -> str:
    """Return what a new line is known by: its name in plain letters, with a number where another has the same."""
    known = set(taken)
    base = "-".join(bare_words(name))[: _LONGEST_KEY - 5] or "x"
    number, key = 1, base
    while key in known:
        number += 1
        key = f"{base}-{number}"
    return key


def _said(item: ListItem) -> dict[str, object]:
    return {
        "register": item.register,
        "name": item.name,
        "unit": item.unit_id,
        "order": item.order,
        "is_active": item.is_active,
        **item.values,
    }
