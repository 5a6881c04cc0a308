"""One act on many rows of a list: what it would change of each row, what it leaves and why, and what undoing it would change.

Pure: whoever calls this has read the rows, and has said of each whether the rules of its kind are against the act. The same
plan is shown before the act and carried out by it, so that a page never promises what the act does not do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from camket.core.messages import Message, gettext_noop

MOST = 200
"""So many rows are acted on at once: what a filter finds beyond them waits for the next time."""
UNDO_FOR = timedelta(days=1)
"""So long an act on many rows can be undone."""

Values = Mapping[str, Any]
"""Columns of a row with plain values: numbers, words, days as ISO 8601."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every row; which members count depends on the act."""

    person_id: int | None = None
    unit_id: int | None = None
    on: date | None = None
    words: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the members that say something."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in (
                ("person_id", self.person_id),
                ("unit_id", self.unit_id),
                ("on", self.on),
                ("words", self.words),
            )
            if value not in (None, "")
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Wanted:
        """Return what :meth:`to_json` gave."""
        on = data.get("on")
        return cls(
            data.get("person_id"),
            data.get("unit_id"),
            date.fromisoformat(on) if on else None,
            data.get("words", ""),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands: what it holds, and what is ``against`` the act; None where nothing is."""

    id: int
    holds: Values = field(default_factory=dict)
    against: Message | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one row; both sides have the same columns, none where the act changes no column.

    ``told`` are the people who were told of it.
    """

    id: int
    before: Values
    after: Values
    told: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the change as it is kept."""
        return {
            "id": self.id,
            "before": dict(self.before),
            "after": dict(self.after),
            "told": list(self.told),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Change:
        """Return what :meth:`to_json` gave."""
        return cls(data["id"], data["before"], data["after"], tuple(data["told"]))


@dataclass(frozen=True, slots=True)
class Left:
    """A row that the act leaves as it is, and why."""

    id: int
    why: Message

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"id": self.id, "template": self.why.template, "params": dict(self.why.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Left:
        """Return what :meth:`to_json` gave."""
        return cls(data["id"], Message(data["template"], data["params"]))


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act does: the rows that it changes and those that it leaves, each once, in the order of the rows."""

    changes: tuple[Change, ...]
    left: tuple[Left, ...]

    def change(self, row_id: int) -> Change | None:
        """Return what becomes of a row; None where it is left."""
        return next((each for each in self.changes if each.id == row_id), None)


def plan(rows: Iterable[Row], becomes: Callable[[Row], Values]) -> Plan:
    """Return what an act does to rows. ``becomes`` gives the columns of a row that the act sets; none for an act that sets none.

    A row that has all of them so already is left: the same act twice does nothing the second time.

    >>> made = plan([Row(1, {"unit": 7}), Row(2, {"unit": 8})], lambda row: {"unit": 8})
    >>> [(each.id, each.before, each.after) for each in made.changes], [each.id for each in made.left]
    ([(1, {'unit': 7}, {'unit': 8})], [2])
    """
    changes: list[Change] = []
    left: list[Left] = []
    for row in rows:
        if row.against is not None:
            left.append(Left(row.id, row.against))
            continue
        after = dict(becomes(row))
        before = {name: row.holds.get(name) for name in after}
        if after and before == after:
            left.append(Left(row.id, Message(gettext_noop("It stands so already."))))
        else:
            changes.append(Change(row.id, before, after))
    return Plan(tuple(changes), tuple(left))


def undone(changes: Iterable[Change], rows: Mapping[int, Row], touched: Mapping[int, Message]) -> Plan:
    """Return what undoing an act does: a row that somebody touched since, or that says something else now, stays.

    ``rows`` are those that are still there, ``touched`` says of a row who touched it.

    >>> made = undone([Change(1, {"unit": 7}, {"unit": 8}), Change(2, {"unit": 7}, {"unit": 8})],
    ...               {1: Row(1, {"unit": 8}), 2: Row(2, {"unit": 9})}, {})
    >>> [(each.id, each.after) for each in made.changes], [each.id for each in made.left]
    ([(1, {'unit': 7})], [2])
    """
    back: list[Change] = []
    left: list[Left] = []
    for each in changes:
        row = rows.get(each.id)
        if each.id in touched:
            left.append(Left(each.id, touched[each.id]))
        elif row is None or any(row.holds.get(name) != value for name, value in each.after.items()):
            left.append(Left(each.id, Message(gettext_noop("It was changed since."))))
        elif row.against is not None:
            left.append(Left(each.id, row.against))
        else:
            back.append(Change(each.id, each.after, each.before, each.told))
    return Plan(tuple(back), tuple(left))


def may_be_undone(act: str, *, at: datetime, now: datetime, harmless: Iterable[str]) -> bool:
    """Return whether an act is one that can be undone, and it is not too late."""
    return act in harmless and at <= now <= at + UNDO_FOR
