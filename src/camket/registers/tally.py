"""Keeping the counts: whatever writes an entry takes away what it added before and adds what it adds now.

In the writer's transaction, which takes the register's turn first (:func:`take_turn`). What an entry adds on which day
its register's definition says (``events``), so that a sum of cells gives what a plain count over the entries gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from camket.core.registers import REGISTERS, Facts, Register
from camket.core.registers.reading import normal, values_from_json
from camket.registers.models import Entry, EntryCount, EntryRevision, ListItem

VERSION = 1
"""The way of counting: one more whenever the events of a definition change, so that what was counted is counted anew."""

Cell = tuple[int, str, int, str, str]
"""Day, count, unit, kind, mark."""

_KEYS = ("day", "count", "unit_key", "kind", "mark")
_ROWS = 1_000
"""Cells in one statement: SQLite takes 32,766 values."""


def take_turn(*, agency_id: int, register: str) -> None:
    """Note that a register's counts change, and be alone with it until the transaction ends.

    Whoever writes several registers takes their turns in the order of their keys.
    """
    table = connection.ops.quote_name(EntryRevision._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (agency_id, register, number, version) VALUES (%s, %s, 1, %s) "  # noqa: S608 - names are ours
            f"ON CONFLICT (agency_id, register) DO UPDATE SET number = {table}.number + 1",
            (agency_id, register, VERSION),
        )


def revision(*, agency_id: int, register: str) -> int:
    """Return how often a register's counts changed: what was reckoned from them holds as long as this number stands."""
    rows = EntryRevision.objects.filter(agency_id=agency_id, register=register)
    return rows.values_list("number", flat=True).first() or 0


def facts_of(entry: Entry, register: Register, items: Mapping[int, str]) -> Facts:
    """Return what of an entry its counts may depend on; ``items`` are the keys of the own list by number."""
    return Facts(
        on=entry.on,
        state=entry.state,
        year=entry.year,
        number=entry.number,
        title=entry.title,
        kind=entry.kind,
        item=items.get(entry.item_id or 0, ""),
        outcome=entry.outcome,
        unit_id=entry.unit_id or 0,
        person_id=entry.person_id or 0,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        due_on=entry.due_on,
        due_original=entry.due_original,
        late_after=entry.late_after,
        done_on=entry.done_on,
        amount=None if entry.amount is None else normal(entry.amount),
        planned=None if entry.planned is None else normal(entry.planned),
        values=values_from_json(register.fields, entry.values),
    )


def cells_of(entries: Iterable[Entry], register: Register, items: Mapping[int, str]) -> Counter[Cell]:
    """Return what entries add, as a plain count over them."""
    found: Counter[Cell] = Counter()
    for entry in entries:
        facts = facts_of(entry, register, items)
        mark = register.mark(facts)
        for day, count, number in register.events(facts):
            found[day, count, facts.unit_id, facts.kind, mark] += number
    return found


def items_of(agency_id: int, register: Register) -> dict[int, str]:
    """Return the keys of an agency's own list by number, where the register has one."""
    if not (register.item_fields or register.item_label):
        return {}
    rows = ListItem.objects.filter(agency_id=agency_id, register=register.key)
    return dict(rows.values_list("pk", "key"))


def move(*, agency_id: int, register: Register, before: Counter[Cell], after: Counter[Cell]) -> None:
    """Take away what entries added and add what they add now. Must run under :func:`take_turn`."""
    moved = Counter(after)
    moved.subtract(before)
    cells = sorted((cell, number) for cell, number in moved.items() if number)
    for first in range(0, len(cells), _ROWS):
        _add_up(agency_id, register.key, cells[first : first + _ROWS])


def recount(*, agency_id: int, register: str) -> None:
    """Count a register anew from its entries, by what its definition counts now."""
    definition = REGISTERS[register]
    with transaction.atomic():
        take_turn(agency_id=agency_id, register=register)
        EntryCount.objects.filter(agency_id=agency_id, register=register).delete()
        entries = Entry.objects.filter(agency_id=agency_id, register=register).order_by("pk")
        counted = cells_of(entries.iterator(chunk_size=2_000), definition, items_of(agency_id, definition))
        move(agency_id=agency_id, register=definition, before=Counter(), after=counted)
        EntryRevision.objects.filter(agency_id=agency_id, register=register).update(version=VERSION)


def recount_behind(*, at_most: int = 50) -> int:
    """Count anew the registers that were counted another way (:data:`VERSION`); return how many were."""
    behind = EntryRevision.objects.exclude(version=VERSION).filter(register__in=list(REGISTERS))
    found = list(behind.order_by("pk").values_list("agency_id", "register")[:at_most])
    for agency_id, register in found:
        recount(agency_id=agency_id, register=register)
    return len(found)


def _add_up(agency_id: int, register: str, cells: list[tuple[Cell, int]]) -> None:
    table = connection.ops.quote_name(EntryCount._meta.db_table)
    columns = ("agency_id", "register", *(connection.ops.quote_name(each) for each in _KEYS))
    row = f"({', '.join(['%s'] * (len(columns) + 1))})"
    names = ", ".join(columns)
    sql = (
        f"INSERT INTO {table} ({names}, number) VALUES {', '.join([row] * len(cells))} "  # noqa: S608 - names are ours
        f"ON CONFLICT ({names}) DO UPDATE SET number = {table}.number + excluded.number"
    )
    values = [value for cell, number in cells for value in (agency_id, register, *cell, number)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
