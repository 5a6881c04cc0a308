"""Clauses of an edition of the standard, and questions asked about them: as data, by edition and library.

Numbers are the standard's; titles and what is looked for are our own words. An edition that takes its place is another
edition of the data, so that an audit keeps the one that it was made by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its number, a short title, and the records that an agency holds on it ("" for a chapter)."""

    code: str
    title: str
    holds: str = ""

    @property
    def is_chapter(self) -> bool:
        """Whether it is a chapter, which holds no record of its own."""
        return "." not in self.code


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the standard with the days on which it is audited by."""

    key: str
    name: str
    valid_from: date | None
    valid_to: date | None
    clauses: tuple[Clause, ...]

    def clause(self, code: str) -> Clause | None:
        """Return a clause by its number; a deeper one (“9.2.2”) is told by the one that holds it. None for none."""
        known = {each.code: each for each in self.clauses}
        while code and code not in known:
            code = code.rpartition(".")[0]
        return known.get(code)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a checklist; ``key`` names it for ever within all libraries."""

    key: str
    clause: str
    text: str
    look_at: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """Questions of one source; where ``is_certain`` is false the source is to be looked up before it is cited."""

    key: str
    name: str
    source: str
    is_certain: bool
    questions: tuple[Question, ...]


def read_editions(data: Mapping[str, Any]) -> tuple[Edition, ...]:
    """Return the editions of the data, as they stand there."""
    return tuple(
        Edition(
            key=each["key"],
            name=each["name"],
            valid_from=_day(each.get("valid_from")),
            valid_to=_day(each.get("valid_to")),
            clauses=tuple(Clause(one["code"], one["title"], one.get("holds", "")) for one in each["clauses"]),
        )
        for each in data["editions"]
    )


def read_libraries(data: Mapping[str, Any]) -> tuple[Library, ...]:
    """Return the libraries of questions of the data, as they stand there."""
    return tuple(
        Library(
            key=each["key"],
            name=each["name"],
            source=each["source"],
            is_certain=bool(each["is_certain"]),
            questions=tuple(
                Question(one["key"], one["clause"], one["text"], one.get("look_at", ""))
                for one in each["questions"]
            ),
        )
        for each in data["libraries"]
    )


def in_force(editions: Sequence[Edition], on: date) -> Edition:
    """Return the edition that is audited by on a day: the latest begun, the first where none has begun."""
    begun = [
        each
        for each in editions
        if (each.valid_from or date.min) <= on and (each.valid_to is None or on <= each.valid_to)
    ]
    return begun[-1] if begun else editions[0]


def sort_key(code: str) -> tuple[int, ...]:
    """Return what clauses are sorted by: “10.2” after “9.3”; no clause last.

    >>> sorted(["10.2", "9.3", "", "9.10", "9.2.1"], key=sort_key)
    ['9.2.1', '9.3', '9.10', '10.2', '']
    """
    parts = [int(each) for each in code.split(".") if each.isdecimal()]
    return tuple(parts) if parts else (1000,)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
