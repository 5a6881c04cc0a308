"""Whose rows else go along, in the same transaction, when one unit of an agency becomes part of another.

Packages above this one say so here, so that merging need not know them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from camket.org.models import Unit
from camket.org.policy import Actor


class Mover(Protocol):
    """What is called: with who acts and both units, by keyword; returns how many rows of each kind went along.

    With ``people``, what is open in their names; with None, all that is open of the unit.
    """

    def __call__(
        self, *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, now: datetime
    ) -> dict[str, int]: ...


_MOVERS: list[Mover] = []


def goes_along(mover: Mover) -> None:
    """Have ``mover`` called when units are merged; once, from ``AppConfig.ready``."""
    if mover not in _MOVERS:
        _MOVERS.append(mover)


def move_along(
    *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, now: datetime
) -> dict[str, int]:
    """Have everything that was registered go from a unit to another; return how many rows of each kind."""
    return {
        kind: count
        for each in _MOVERS
        for kind, count in each(actor=actor, unit=unit, into=into, people=people, now=now).items()
    }
