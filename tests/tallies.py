"""Counts of dossiers as tests hold them against each other: counted one by one, and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from camket.core.tally import COUNTS, Facts, Grain, Shape, contributions, day_number, day_of
from camket.dossiers.models import Bucket
from camket.dossiers.queries.sums import DIMENSIONS, between

Cells = dict[tuple[int, ...], dict[str, int]]


def _cells(dossiers: Iterable[Facts]) -> Cells:
    """What the dossiers add up to by every shape and grain, also by days and every dimension, which no bucket keeps."""
    found: dict[tuple[int, ...], Counter[str]] = {}
    for facts in dossiers:
        for day, counts in contributions(facts):
            month = day_number(day_of(day).replace(day=1))
            for grain, start in ((Grain.DAY, day), (Grain.MONTH, month)):
                for shape, keys in (
                    (Shape.ALL, (0, 0, 0, 0, 0)),
                    (Shape.FIELD, (facts.field, 0, 0, 0, 0)),
                    (Shape.LEVEL, (0, 0, 0, 0, int(facts.level))),
                    (
                        Shape.CELL,
                        (facts.field, facts.procedure, facts.unit, int(facts.channel), int(facts.level)),
                    ),
                ):
                    found.setdefault((grain, shape, start, *keys), Counter()).update(counts)
    return {
        cell: {name: count for name, count in counts.items() if count}
        for cell, counts in found.items()
        if any(counts.values())
    }


def counted_plainly(dossiers: Iterable[Facts]) -> Cells:
    """Every bucket that the dossiers add up to, counted one by one."""
    return {cell: counts for cell, counts in _cells(dossiers).items() if cell[:2] != (Grain.DAY, Shape.CELL)}


def of_days(dossiers: Iterable[Facts], first: date, last: date) -> dict[tuple[int, ...], dict[str, int]]:
    """The counts from one day to another by every dimension, counted one by one."""
    found: dict[tuple[int, ...], Counter[str]] = {}
    for (grain, shape, start, *keys), counts in _cells(dossiers).items():
        if (grain, shape) == (Grain.DAY, Shape.CELL) and day_number(first) <= start <= day_number(last):
            found.setdefault(tuple(keys), Counter()).update(counts)
    return {cell: dict(counts) for cell, counts in found.items()}


def answered(agency_id: int, first: date, last: date) -> dict[tuple[int, ...], dict[str, int]]:
    """What the queries say of the same: whole months from buckets, days at the edges from rows."""
    cells = between(agency_id, COUNTS, first, last, by=tuple(DIMENSIONS))
    plain = {cell: {name: count for name, count in counts.items() if count} for cell, counts in cells.items()}
    return {cell: counts for cell, counts in plain.items() if counts}


def kept(agency_id: int) -> Cells:
    """Every bucket that is kept and not empty."""
    found: Cells = {}
    for row in Bucket.objects.filter(agency_id=agency_id).values():
        counts = {name: row[name] for name in COUNTS if row[name]}
        if counts:
            found[
                row["grain"], row["shape"], row["start"], row["field_key"], row["procedure_key"],
                row["unit_key"], row["channel"], row["level"],
            ] = counts  # fmt: skip
    return found
