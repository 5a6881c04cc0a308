"""Who else is to know, in the same transaction, that tasks were accepted, cancelled or opened again.

A task may be a step of something above this package (a nonconformity's plan, a review's decision), which goes on once its
tasks are settled; it says so here and is called, so that this package need not know it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from camket.org.policy import Actor


class Listener(Protocol):
    """What is called: with who acts, the tasks' ids and the moment, by keyword."""

    def __call__(self, *, actor: Actor, task_ids: Collection[int], now: datetime) -> None: ...


_LISTENERS: list[Listener] = []


def when_settled(listener: Listener) -> None:
    """Have ``listener`` called with the actor, the tasks' ids and the moment; once, from ``AppConfig.ready``."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def settled(actor: Actor, task_ids: Collection[int], now: datetime) -> None:
    """Tell the listeners that tasks were accepted, cancelled or opened again; they read them as they stand now."""
    for each in _LISTENERS:
        each(actor=actor, task_ids=task_ids, now=now)
