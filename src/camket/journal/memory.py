"""Rows of an agency that are few and read often: a process remembers them as long as its journal has no new entry.

What is not remembered of an agency is read for all such memories together, in one SQL statement: whoever shows figures
asks many of them, and every new entry in the journal makes all of them be read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from camket.journal.queries import newest_hash
from camket.org.queries.together import Rows, read_together

Row = TypeVar("Row")
Queries = list[QuerySet[Any, tuple[Any, ...]]]

_AGENCIES = 64
_ALL: list[Memory[Any]] = []


class Memory(Generic[Row]):
    """The rows of the agencies last asked for, each as long as its journal has no new entry.

    It holds for records that never change without an entry.
    """

    def __init__(
        self,
        queries: Callable[[Collection[int]], Queries],
        made: Callable[..., Iterable[Row]],
    ) -> None:
        """``queries`` of agencies are of ``values_list``; ``made`` makes the rows of what each of them gave, in their order."""
        self._queries = queries
        self._made = made
        self._lock = Lock()
        _ALL.append(self)
        self._known: dict[tuple[int, str], tuple[Row, ...]] = {}

    def rows(self, agency_ids: Collection[int], journal: str = "") -> Sequence[Row]:
        """Return the rows of agencies; those of a single one are remembered. ``journal`` is its newest entry's hash."""
        if len(agency_ids) != 1:
            return tuple(self._made(*(list(query) for query in self._queries(agency_ids))))
        (agency_id,) = agency_ids
        key = agency_id, journal or newest_hash(agency_id)
        known = self._known.get(key)
        while known is None:  # of so many agencies at once that it was forgotten meanwhile
            read_along(*key, [])
            known = self._known.get(key)
        return known

    def _keep(self, key: tuple[int, str], rows: tuple[Row, ...]) -> None:
        with self._lock:
            while len(self._known) >= _AGENCIES:
                del self._known[next(iter(self._known))]
            self._known[key] = rows

    def forget_agency(self, agency_id: int) -> None:
        """Forget the rows of an agency."""
        with self._lock:
            for key in [each for each in self._known if each[0] == agency_id]:
                del self._known[key]

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


def read_along(agency_id: int, journal: str, queries: Queries) -> list[Rows]:
    """Return the rows of queries, and read in the same statement what no memory has of an agency as its journal stands."""
    key = agency_id, journal
    lacking = [each for each in _ALL if key not in each._known]
    asked = [each._queries([agency_id]) for each in lacking]
    answers = iter(read_together([*queries, *(query for some in asked for query in some)]))
    found = list(islice(answers, len(queries)))
    for each, some in zip(lacking, asked, strict=True):
        each._keep(key, tuple(each._made(*islice(answers, len(some)))))
    return found


def forget_agency(agency_id: int) -> None:
    """Forget what is remembered of an agency: what was read amid a change, after its entry and before its last row."""
    for each in _ALL:
        each.forget_agency(agency_id)


def forget_all() -> None:
    """Forget everything that any memory holds, as tests do."""
    for each in _ALL:
        each.forget()
