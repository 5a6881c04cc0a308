"""How an entry stands on a day: to be done, due soon, late, done in time or late."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=3)
"""So many days before its last day work is due soon."""


class Standing(StrEnum):
    """How an entry stands; only what has a last day is ever soon or late."""

    OPEN = "open"
    SOON = "soon"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"


def standing(
    state: str, *, due_on: date | None, late_after: date | None, done_on: date | None, today: date
) -> Standing:
    """Return how an entry stands today.

    >>> friday = date(2026, 7, 3)
    >>> [standing("open", due_on=friday, late_after=friday, done_on=None, today=date(2026, 7, day)).value for day in (1, 3, 4)]
    ['soon', 'soon', 'late']
    """
    if state == "done":
        is_late = late_after is not None and done_on is not None and done_on > late_after
        return Standing.DONE_LATE if is_late else Standing.DONE
    if state != "open":
        return Standing(state)
    if late_after is None or due_on is None:
        return Standing.OPEN
    if today > late_after:
        return Standing.LATE
    return Standing.SOON if due_on - today <= SOON else Standing.OPEN
