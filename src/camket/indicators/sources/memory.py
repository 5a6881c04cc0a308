"""What a process remembers of one agency's records: for sources whose rows are few and read often."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from camket.journal.queries import newest_hash

Row = TypeVar("Row")

_AGENCIES = 64


class Memory(Generic[Row]):
    """The rows of the agencies last asked for, each as long as its journal has no new entry.

    It holds for records that never change without an entry.
    """

    def __init__(self, read: Callable[[Collection[int]], Iterable[Row]]) -> None:
        self._read = read
        self._lock = Lock()
        self._known: dict[tuple[int, str], tuple[Row, ...]] = {}

    def rows(self, agency_ids: Collection[int], journal: str = "") -> Sequence[Row]:
        """Return the rows of agencies; those of a single one are remembered. ``journal`` is its newest entry's hash."""
        if len(agency_ids) != 1:
            return tuple(self._read(agency_ids))
        (agency_id,) = agency_ids
        key = agency_id, journal or newest_hash(agency_id)
        known = self._known.get(key)
        if known is None:
            known = tuple(self._read(agency_ids))
            with self._lock:
                while len(self._known) >= _AGENCIES:
                    del self._known[next(iter(self._known))]
                self._known[key] = known
        return known

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()
