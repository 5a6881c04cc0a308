"""Which unit has taken over what a former unit had not finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from camket.org.models import Unit, UnitSuccession


@dataclass(frozen=True, slots=True)
class Heir:
    """Who has what a former unit had not finished before the day ``on``.

    ``rest_id`` has it where nothing else tells whose it is; ``successor_ids`` are all that took over in a split.
    """

    former_id: int
    on: date
    rest_id: int
    successor_ids: frozenset[int]


def heirs(agency_id: int) -> tuple[Heir, ...]:
    """Return who took over from the former units of an agency, the earliest succession first; one SQL statement."""
    rows = UnitSuccession.objects.filter(agency_id=agency_id).order_by("on", "predecessor_id", "pk")
    found = []
    for (on, former_id), group in groupby(rows, key=lambda each: (each.on, each.predecessor_id)):
        # Who takes the rest of a split is put on record last.
        ids = [each.successor_id for each in group]
        found.append(Heir(former_id, on, ids[-1], frozenset(ids)))
    return tuple(found)


def unit_today(unit: Unit) -> Unit:
    """Return the unit that has taken over from a former one, else itself: who does what is opened again."""
    if unit.is_active:
        return unit
    for each in heirs(unit.agency_id):
        if each.former_id == unit.pk:
            unit = Unit.objects.get(pk=each.rest_id)
    return unit
