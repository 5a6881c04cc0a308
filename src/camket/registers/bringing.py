"""What the rows of a spreadsheet would do to a register: add, change, leave as it is, or be refused with the reason.

The preview shows it, the operation does it; both reckon it here, so that they never differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from camket.core.cells import Problem
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.registers import Register
from camket.core.registers.reading import Names, Value, key_of, problems_in, to_json
from camket.core.registers.sheet import SheetRow, SheetRows, read_sheet_rows
from camket.org.calendar import working_calendar
from camket.org.policy import Actor, NotAllowed
from camket.registers.filling import fill, plain, values_of
from camket.registers.models import Entry, Extension
from camket.registers.sight import keeps_all, may_keep
from camket.registers.tally import Cell, cells_of, items_of
from camket.registers.writing import number_problems, place

MOST_ROWS = 20_000
"""Rows of one spreadsheet."""
_KEYS_AT_ONCE = 500


class SheetUnusable(Refusal):
    """The spreadsheet has no row that is an entry, or too many."""


@dataclass(slots=True)
class PlannedRow:
    """What a row does: ``new``, ``changed``, ``same`` or ``refused``; ``entry`` as it will stand, not yet saved.

    ``before`` is what a known entry said, ``before_json`` the same as the batch keeps it to be taken back.
    """

    row: SheetRow
    status: str
    entry: Entry | None = None
    before: Mapping[str, Any] | None = None
    before_json: Mapping[str, Any] | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What a spreadsheet does to a register, and what the entries that it changes added to the counts before."""

    rows: tuple[PlannedRow, ...]
    sheet: SheetRows
    counted: Counter[Cell]

    def count(self, status: str) -> int:
        """Return how many rows do one thing."""
        return sum(each.status == status for each in self.rows)


def planned_rows(
    actor: Actor,
    register: Register,
    rows: Sequence[tuple[int, Sequence[str]]],
    names: Names,
    *,
    now: datetime,
    today: date,
) -> Planned:
    """Return what rows would do to a register, headings among them. Raises SheetUnreadable, SheetUnusable."""
    read = read_sheet_rows(register, rows, names, today)
    if not read.rows:
        raise SheetUnusable(Message(gettext_noop("There is no entry below the headings. Look at the file.")))
    if len(read.rows) > MOST_ROWS:
        raise SheetUnusable(
            Message(
                gettext_noop("The file has %(count)s rows; at most %(most)s are taken in at once. Split it."),
                {"count": str(len(read.rows)), "most": str(MOST_ROWS)},
            )
        )
    return _Planner(actor, register, names, now, today).plan(read)


class _Planner:
    """One spreadsheet while it is held against the register."""

    def __init__(self, actor: Actor, register: Register, names: Names, now: datetime, today: date) -> None:
        self.actor, self.register, self.names, self.now, self.today = actor, register, names, now, today
        self.calendar = working_calendar(actor.agency_id)
        self.keeps_all = keeps_all(actor, register)
        self.items = items_of(actor.agency_id, register)
        self.known: dict[str, Entry] = {}
        self.extended: frozenset[int] = frozenset()
        self.seen: dict[str, int] = {}
        self.serials: dict[tuple[str, int, int], tuple[str, str]] = {}
        self.to_change: list[Entry] = []

    def plan(self, sheet: SheetRows) -> Planned:
        placed = [self._placed(row) for row in sheet.rows]
        self._find([key for key, _values, _problems in placed if key])
        rows = tuple(
            self._row(row, key, values, problems)
            for row, (key, values, problems) in zip(sheet.rows, placed, strict=True)
        )
        return Planned(rows, sheet, cells_of(self.to_change, self.register, self.items))

    def _placed(self, row: SheetRow) -> tuple[str, dict[str, Value], tuple[Problem, ...]]:
        """Return the key of a row, its values with the unit that it must be of, and what is to be mended of it alone."""
        values: dict[str, Value] = {**{each.key: None for each in self.register.fields}, **row.values}
        if row.problems:
            return "", values, row.problems
        try:
            place(self.actor, self.register, values, self.names)
        except NotAllowed:
            return "", values, (self._wrong(row, "unit", gettext_noop("You enter for your own unit alone.")),)
        return key_of(self.register, values), values, ()

    def _find(self, keys: Sequence[str]) -> None:
        rows = Entry.objects.filter(agency_id=self.actor.agency_id, register=self.register.key)
        for first in range(0, len(keys), _KEYS_AT_ONCE):
            for entry in rows.filter(key__in=keys[first : first + _KEYS_AT_ONCE]):
                self.known[entry.key] = entry
        if self.register.has_series:
            taken = rows.filter(serial__isnull=False).values_list("series", "year", "serial", "key", "number")
            self.serials = {
                (series, year, serial): (key, number)
                for series, year, serial, key, number in taken.iterator(chunk_size=5_000)
                if serial is not None
            }
        approved = Extension.objects.filter(
            entry__agency_id=self.actor.agency_id,
            entry__register=self.register.key,
            state=Extension.State.APPROVED,
        )
        self.extended = frozenset(approved.values_list("entry_id", flat=True))

    def _row(
        self, row: SheetRow, key: str, values: dict[str, Value], problems: tuple[Problem, ...]
    ) -> PlannedRow:
        if problems:
            return PlannedRow(row, "refused", problems=problems)
        if key in self.seen:
            twice = Message(
                gettext_noop("Row %(row)s holds the same entry. Leave one of the two out."),
                {"row": str(self.seen[key])},
            )
            return PlannedRow(row, "refused", problems=(Problem("", twice),))
        self.seen[key] = row.number
        known = self.known.get(key)
        return self._new(row, values) if known is None else self._known(row, known)

    def _new(self, row: SheetRow, values: dict[str, Value]) -> PlannedRow:
        problems = (
            *problems_in(self.register, values, self.today, row.places),
            *number_problems(self.actor, self.register, values, {}, row.places),
        )
        if problems:
            return PlannedRow(row, "refused", problems=problems)
        entry = Entry(
            agency_id=self.actor.agency_id,
            register=self.register.key,
            created_at=self.now,
            created_by_id=self.actor.person_id,
            changed_at=self.now,
            changed_by_id=self.actor.person_id,
        )
        self._fill(entry, values)
        taken = self._taken(row, entry)
        return PlannedRow(row, "refused", problems=taken) if taken else PlannedRow(row, "new", entry)

    def _known(self, row: SheetRow, entry: Entry) -> PlannedRow:
        if entry.state == Entry.State.WITHDRAWN:
            gone = gettext_noop("This entry was withdrawn here; open it again first, or leave the row out.")
            return PlannedRow(row, "refused", problems=(self._wrong(row, "", gone),))
        said = values_of(entry, self.register)
        merged = {**said, **{key: row.values[key] for key in row.given}}
        is_same = all(merged[key] == said[key] for key in row.given)
        # That a row says the same as another unit's tells what that one says: of single people not even that is said.
        if (self.register.is_personal or not is_same) and not may_keep(self.actor, self.register, entry):
            other = gettext_noop("This entry is of another unit; you change your own unit's alone.")
            return PlannedRow(row, "refused", problems=(self._wrong(row, "", other),))
        if is_same:
            return PlannedRow(row, "same", entry)
        problems = (
            *problems_in(self.register, merged, self.today, row.places),
            *number_problems(self.actor, self.register, merged, said, row.places),
        )
        due_before = said.get("due_on")
        is_moved = isinstance(due_before, date) and merged.get("due_on") != due_before
        if is_moved and (not self.keeps_all or entry.pk in self.extended):
            fixed = gettext_noop(
                "The last day of an entry is moved by an extension alone; ask for one there."
            )
            problems = (*problems, self._wrong(row, "due_on", fixed))
        if problems:
            return PlannedRow(row, "refused", problems=problems)
        self.to_change.append(_copy(entry))
        before = plain(entry, self.register)
        kept = {key: to_json(value) for key, value in said.items()}
        self._fill(entry, merged)
        if is_moved:
            entry.due_original = entry.due_on
        taken = self._taken(row, entry)
        if taken:
            self.to_change.pop()
            return PlannedRow(row, "refused", problems=taken)
        entry.changed_at, entry.changed_by_id = self.now, self.actor.person_id
        return PlannedRow(row, "changed", entry, before, {"id": entry.pk, "values": kept})

    def _fill(self, entry: Entry, values: Mapping[str, Value]) -> None:
        fill(entry, self.register, values, names=self.names, calendar=self.calendar, today=self.today)

    def _taken(self, row: SheetRow, entry: Entry) -> tuple[Problem, ...]:
        """Return that another document has the number, where one does; else note that this one has it."""
        if entry.serial is None:
            return ()
        place_of_number = (entry.series, entry.year, entry.serial)
        key, number = self.serials.setdefault(place_of_number, (entry.key, entry.number))
        if key != entry.key:
            template = gettext_noop("Number %(number)s of %(year)s is taken by another document.")
            return (self._wrong(row, "number", template, number=number, year=str(entry.year)),)
        return ()

    def _wrong(self, row: SheetRow, key: str, template: str, **params: str) -> Problem:
        return Problem(row.places.get(key, ""), Message(template, params), key)


def kept_refusals(headings: Iterable[str], rows: Iterable[PlannedRow]) -> list[dict[str, Any]]:
    """Return refused rows as the batch keeps them, headings first; nothing where none was refused."""
    refused = [
        {
            "row": each.row.number,
            "cells": list(each.row.cells),
            "problems": [
                {
                    "cell": one.cell,
                    "field": one.field,
                    "template": one.message.template,
                    "params": dict(one.message.params),
                }
                for one in each.problems
            ],
        }
        for each in rows
        if each.status == "refused"
    ]
    return [{"row": 0, "cells": list(headings), "problems": []}, *refused] if refused else []


def _copy(entry: Entry) -> Entry:
    return Entry(**{field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields})
