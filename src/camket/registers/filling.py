"""An entry's columns from its values and back: what is derived of them, and what it is known and found by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from camket.core.calendar import WorkingCalendar
from camket.core.numbering import NumberNotWellFormed, parse_document_number, series_of
from camket.core.registers import Field, Kind, Register
from camket.core.registers.reading import (
    Names,
    Value,
    from_json,
    key_of,
    normal,
    shown,
    to_json,
    words_of,
)
from camket.core.registers.standing import Standing, standing
from camket.registers.models import Entry

_BY_NUMBER = frozenset({Kind.UNIT, Kind.PERSON, Kind.ITEM})
_TEXTS = frozenset({"title", "number", "kind", "source", "outcome"})
_UNSEARCHED = frozenset({Kind.UNIT, Kind.PERSON, Kind.PARTIES})
"""Units and people are found by their names of today, not by words kept with the entry."""


def values_of(entry: Entry, register: Register) -> dict[str, Value]:
    """Return what an entry says, by field key; None where it says nothing."""
    return {each.key: value_of(entry, each) for each in register.fields}


def value_of(entry: Entry, each: Field) -> Value:
    """Return what an entry says in one field."""
    if not each.column:
        return from_json(each, entry.values.get(each.key))
    if each.kind in _BY_NUMBER:
        found: Value = getattr(entry, f"{each.column}_id")
        return found
    value = getattr(entry, each.column)
    if isinstance(value, Decimal):
        return normal(value)
    return None if value == "" else value


def fill(
    entry: Entry,
    register: Register,
    values: Mapping[str, Value],
    *,
    names: Names,
    calendar: WorkingCalendar,
    today: date,
) -> None:
    """Put values into an entry, all of them, and derive the rest: day, year, title, key, last day in time, state.

    An entry's day left empty is the last day of its year where it names one, else today. A state of withdrawn stays.
    The last day in time is the next working day where the last day is none: BLDS 2015, Điều 148 khoản 5.
    """
    kept: dict[str, Any] = {}
    named: dict[str, Value] = {}
    for each in register.fields:
        value = values.get(each.key)
        if not each.column:
            if value is not None:
                kept[each.key] = to_json(value)
            continue
        named[each.column] = value
        if each.kind in _BY_NUMBER:
            setattr(entry, f"{each.column}_id", value)
        elif each.column in _TEXTS:
            setattr(entry, each.column, "" if value is None else str(value))
        elif each.column not in ("on", "year"):
            setattr(entry, each.column, value)
    entry.values = kept
    _date(entry, named, today)
    if not has_title(register):
        entry.title = _title_of(entry, register, names)
    if entry.due_on != entry.due_original and (entry.due_original is None or entry.due_on is None):
        entry.due_original = entry.due_on
    entry.late_after = calendar.limit_end(entry.due_on) if entry.due_on else None
    entry.key = key_of(register, values)
    entry.search = words_of(values, (each for each in register.fields if each.kind not in _UNSEARCHED), names)
    if entry.state != Entry.State.WITHDRAWN:
        entry.state = state_of(entry, register)
    if register.has_series:
        entry.series, entry.serial = numbered(entry.number)


def state_of(entry: Entry, register: Register) -> str:
    """Return the state that an entry has by what it says; withdrawn is no such state."""
    if not register.has_due:
        return Entry.State.NOTED
    return Entry.State.DONE if entry.done_on else Entry.State.OPEN


def standing_of(entry: Entry, today: date) -> Standing:
    """Return how an entry stands today."""
    return standing(
        entry.state, due_on=entry.due_on, late_after=entry.late_after, done_on=entry.done_on, today=today
    )


def numbered(number: str) -> tuple[str, int | None]:
    """Return the series and the ordinal that a document's number is of; nothing where it is not well formed."""
    try:
        found = parse_document_number(number)
    except NumberNotWellFormed:
        return "", None
    return series_of(found), found.ordinal


def plain(entry: Entry, register: Register) -> dict[str, Any]:
    """Return what an entry says as the journal writes it: by field key, empty fields left out."""
    found = {key: to_json(value) for key, value in values_of(entry, register).items() if value is not None}
    return {**found, "state": entry.state}


def changes(
    register: Register, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the members of two plain states that differ; what is missing on one side is None there."""
    keys = [
        key
        for key in dict.fromkeys((*(each.key for each in register.fields), "state", *before, *after))
        if before.get(key) != after.get(key)
    ]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def title_of(entry: Entry, register: Register, names: Names) -> str:
    """Return what an entry is called: its title, else the name of its person, unit or line of the own list, else its kind."""
    if has_title(register) and entry.title:
        return entry.title
    return names.person(entry.person_id) or _title_of(entry, register, names)


def has_title(register: Register) -> bool:
    """Return whether entries of a register are given a title; what stands for one left empty is never kept as one."""
    return any(each.column == "title" for each in register.fields)


def _title_of(entry: Entry, register: Register, names: Names) -> str:
    """Return what stands for a title that nobody wrote, without the name of a person: that may be taken out one day."""
    kind = next((each for each in register.fields if each.column == "kind"), None)
    return (
        names.unit(entry.unit_id) * (not register.is_personal)
        or names.item(entry.item_id)
        or (shown(kind, entry.kind, names) if kind and entry.kind else "")
        or names.word(register.title)
    )


def _date(entry: Entry, named: Mapping[str, Value], today: date) -> None:
    on, year = named.get("on"), named.get("year")
    if isinstance(year, int) and not isinstance(on, date):
        on = date(year, 12, 31)
    if isinstance(on, date):
        entry.on = on
    elif entry.pk is None:
        entry.on = today
    entry.year = year if isinstance(year, int) else entry.on.year
