"""Personal data: the register that the product proposes, and what packages above hold on a person.

Packages that hold something on people say so once, when the process starts (:func:`holds`): this package cannot
import them. What they give goes into the copy that a person may ask for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from camket.core.masking import short_name
from camket.core.messages import Message
from camket.org.policy import Actor, can

_FILE = Path(__file__).with_name("personal_data.json")


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the register; ``retention_months`` is None where the record is kept without limit."""

    code: str
    name: str
    whose: str
    held_in: tuple[str, ...]
    purpose: str
    legal_basis: str
    retention_months: int | None
    retention_after: str
    then: str
    is_masked: bool
    valid_from: date
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is held on a person, as a table."""

    code: str
    title: Message
    columns: tuple[Message, ...]
    rows: tuple[tuple[str, ...], ...]


Collector = Callable[[int, int], Iterable[Section]]
"""Takes the agency and the person, gives what a package holds there."""

_collectors: dict[str, Collector] = {}
_erasers: list[Callable[..., Mapping[int, list[str]]]] = []
_forgetters: dict[str, Callable[[int, str], None]] = {}


@cache
def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return found


def proposed() -> tuple[Kind, ...]:
    """Return the register that the product proposes, in its order."""
    return tuple(
        Kind(
            **{**each, "held_in": tuple(each["held_in"])},
            valid_from=date.fromisoformat(_file()["valid_from"]),
        )
        for each in _file()["kinds"]
    )


def answer_by(kind: str, received_on: date) -> date:
    """Return the day by which a request of a kind is to be answered, as proposed; KeyError for an unknown kind.

    Source: 72 hours in NĐ 13/2023/NĐ-CP; the decree to Luật 91/2025/QH15 was not at hand, so that whoever records a
    request may set another day.
    """
    return received_on + timedelta(days=int(_file()["answer_within_days"][kind]))


def holds(package: str, collector: Collector) -> None:
    """Take what gives a package's holdings on a person; a second call replaces the first."""
    _collectors[package] = collector


def held(agency_id: int, person_id: int) -> tuple[Section, ...]:
    """Return everything that the agency holds on a person, package by package; empty parts are left out."""
    return tuple(
        section
        for package in sorted(_collectors)
        for section in _collectors[package](agency_id, person_id)
        if section.rows
    )


def erase_from_journal_with(eraser: Callable[..., Mapping[int, list[str]]]) -> None:
    """Take what erases a person from the seals of the journal; a second call replaces the first."""
    _erasers[:] = [eraser]


def erased_from_journal(person_id: int) -> Mapping[int, list[str]]:
    """Erase a person from the seals of all journals and return the references by agency.

    Raises IndexError when no journal was given: half an erasure must not happen.
    """
    return _erasers[0](person_id=person_id)


def forgets(package: str, forgetter: Callable[[int, str], None]) -> None:
    """Take what removes a person, by id and full name, from what a package keeps that is no record; replaces the first."""
    _forgetters[package] = forgetter


def forget(person_id: int, full_name: str) -> None:
    """Remove a person from all that packages keep for convenience alone."""
    for package in sorted(_forgetters):
        _forgetters[package](person_id, full_name)


def said_day(day: date | None) -> str:
    """Return a day as copies of data write it, in ISO form; empty for none."""
    return day.isoformat() if day else ""


def said_moment(at: datetime | None) -> str:
    """Return a time as copies of data write it, in ISO form with its offset; empty for none."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def shown_name(actor: Actor, full_name: str) -> str:
    """Return a name as the actor may see it: masked for who has no need to know the agency's people."""
    return full_name if can(actor, "people.view") else short_name(full_name)
