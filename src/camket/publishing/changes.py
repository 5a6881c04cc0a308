"""That something public changed: what a process keeps of public pages is good as long as this number stands.

The number is of one process; others find a change out by asking the database again, seconds later.
"""

from __future__ import annotations

from itertools import count

from django.db import transaction

_numbers = count(1)
_state = {"number": 0}


def number() -> int:
    """Return a number that rises with each change of what is public that this process made."""
    return _state["number"]


def noted() -> None:
    """Say that the transaction under way changes what is public; it counts once it is committed."""
    transaction.on_commit(_rise)


def _rise() -> None:
    _state["number"] = next(_numbers)
