"""An agency's own list for a register, and the spreadsheets brought into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from camket.core.cells import Problem, SheetUnreadable
from camket.core.messages import Message
from camket.core.registers import REGISTERS, Register
from camket.core.registers.reading import Names, Value, values_from_json
from camket.core.registers.sheet import read_sheet_rows
from camket.org.personal import shown_name
from camket.org.policy import Actor, NotAllowed, can_in_agency, require
from camket.registers.models import Batch, Entry, ListItem
from camket.registers.sight import keeps_all


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of the agency's own list, and how many entries are of it."""

    id: int
    key: str
    name: str
    order: int
    unit_id: int | None
    unit: str
    values: Mapping[str, Value]
    is_active: bool
    used: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its cells under the headings, and what is to be mended."""

    row: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A spreadsheet brought in."""

    id: int
    register: str
    name: str
    at: datetime
    by: str
    is_undone: bool
    added: int
    changed: int
    unchanged: int
    headings: tuple[str, ...]
    refused: tuple[RefusedRow, ...]
    may_take_back: bool


def items(actor: Actor, register: Register) -> tuple[ItemRow, ...]:
    """Return the agency's own list for a register, those in use first. One SQL statement."""
    require(actor, "register.view")
    rows = (
        ListItem.objects.filter(agency_id=actor.agency_id, register=register.key)
        .select_related("unit")
        .annotate(used=Count("entries", filter=~Q(entries__state=Entry.State.WITHDRAWN)))
        .order_by("-is_active", "order", "pk")
    )
    return tuple(_item(each, register) for each in rows)


def item(actor: Actor, register: Register, item_id: int) -> ItemRow:
    """Return a line of the list; ListItem.DoesNotExist for another agency's."""
    require(actor, "register.view")
    row = (
        ListItem.objects.select_related("unit")
        .annotate(used=Count("entries"))
        .get(pk=item_id, agency_id=actor.agency_id, register=register.key)
    )
    return _item(row, register)


def batches(actor: Actor, register: Register) -> tuple[BatchRow, ...]:
    """Return the spreadsheets brought into a register, newest first: one's own for who keeps one unit's entries."""
    require(actor, "register.bring_in")
    rows = Batch.objects.filter(agency_id=actor.agency_id, register=register.key).select_related("by")
    if not keeps_all(actor, register):
        rows = rows.filter(by_id=actor.person_id)
    return tuple(_batch(actor, each) for each in rows.defer("before").order_by("-at", "-pk")[:100])


def batch(actor: Actor, batch_id: int) -> BatchRow:
    """Return a spreadsheet that was brought in; Batch.DoesNotExist for another agency's, NotAllowed for a colleague's."""
    require(actor, "register.bring_in")
    row = Batch.objects.select_related("by").get(pk=batch_id, agency_id=actor.agency_id)
    register = REGISTERS.get(row.register)
    if register is None:
        raise Batch.DoesNotExist
    if not keeps_all(actor, register) and row.by_id != actor.person_id:
        raise NotAllowed("register.bring_in")
    return _batch(actor, row)


def understood(register: Register, batch: BatchRow, row: RefusedRow, names: Names) -> Mapping[str, Value]:
    """Return what is understood of a refused row, by field key: what a form to mend it begins with."""
    try:
        read = read_sheet_rows(register, [(1, batch.headings), (row.row, row.cells)], names)
    except SheetUnreadable:
        return {}
    return read.rows[0].values if read.rows else {}


def refused_rows(batch: Batch) -> tuple[tuple[str, ...], tuple[RefusedRow, ...]]:
    """Return the headings of a spreadsheet and its rows that were not taken, as the table keeps them."""
    headings: tuple[str, ...] = ()
    rows: list[RefusedRow] = []
    for each in batch.refused:
        cells = tuple(each["cells"])
        if each["row"] == 0:
            headings = cells
            continue
        problems = tuple(
            Problem(one["cell"], Message(one["template"], one["params"]), one.get("field", ""))
            for one in each["problems"]
        )
        rows.append(RefusedRow(each["row"], cells, problems))
    width = max((len(each.cells) for each in rows), default=0)
    return (*headings, *[""] * (width - len(headings))), tuple(rows)


def _batch(actor: Actor, row: Batch) -> BatchRow:
    headings, refused = refused_rows(row)
    is_undone = row.state == Batch.State.UNDONE
    return BatchRow(
        id=row.pk,
        register=row.register,
        name=row.name,
        at=timezone.localtime(row.at),
        by=shown_name(actor, row.by.full_name) if row.by else "",
        is_undone=is_undone,
        added=row.added,
        changed=row.changed,
        unchanged=row.unchanged,
        headings=headings,
        refused=refused,
        may_take_back=not is_undone
        and (row.by_id == actor.person_id or can_in_agency(actor, "register.bring_in")),
    )


def _item(row: Any, register: Register) -> ItemRow:
    return ItemRow(
        id=row.pk,
        key=row.key,
        name=row.name,
        order=row.order,
        unit_id=row.unit_id,
        unit=row.unit.name if row.unit else "",
        values=values_from_json(register.item_fields, row.values),
        is_active=row.is_active,
        used=row.used,
    )
