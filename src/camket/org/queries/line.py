"""The line of agencies that one came from, as figures of the past need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from camket.org.models import Agency, Succession
from camket.org.queries.tree import successions_before


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An agency that came into another: when it existed, and whether it was split on the way."""

    id: int
    name: str
    valid_from: date | None
    valid_to: date | None
    was_split: bool


def ancestors(agency_id: int, *, since: date, until: date) -> tuple[Ancestor, ...]:
    """Return the ended agencies that came into one by ``until`` and still existed on ``since``; one SQL statement.

    The nearest first. An agency that handed over tasks and was ended later is none: what it reached stays its own.
    """
    rows = [
        row
        for row in successions_before([agency_id], until)
        if row.kind != Succession.Kind.TRANSFER and row.on > since
    ]
    found: dict[int, Ancestor] = {}
    line: dict[int, bool] = {agency_id: False}
    while line:
        line = _step(rows, line, found)
    return tuple(each for each in found.values() if each.valid_to is None or each.valid_to >= since)


def _step(rows: Sequence[Succession], line: dict[int, bool], found: dict[int, Ancestor]) -> dict[int, bool]:
    after: dict[int, bool] = {}
    for row in rows:
        agency: Agency = row.predecessor
        if row.successor_id not in line or agency.pk in found:
            continue
        was_split = line[row.successor_id] or row.kind == Succession.Kind.SPLIT
        found[agency.pk] = Ancestor(agency.pk, agency.name, agency.valid_from, agency.valid_to, was_split)
        after[agency.pk] = was_split
    return after
