"""Sources whose rows are few and read often: a process remembers one agency's, and adds them up itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Generic, Protocol, TypeVar

from camket.core.plan import Period
from camket.core.rollup import Number, Stock
from camket.indicators.sources.door import (
    Choice,
    Filters,
    Found,
    Groups,
    added_by_agency,
    added_by_day,
    named,
)
from camket.journal.memory import Memory
from camket.journal.queries import newest_hash


class Counted(Protocol):
    """A row, or rows that agree in all that their counts depend on."""

    @property
    def agency_id(self) -> int:
        """Whose it is."""

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield to which day it adds what: the day's number, the count, how many."""


CountedRow = TypeVar("CountedRow", bound=Counted)


class FewRows(ABC, Generic[CountedRow]):
    """What such sources have in common: sums and groups of the rows' events.

    ``stocks`` are its counts of how things stand. A source says which rows filters leave and by what rows are told apart.
    """

    def __init__(self, memory: Memory[CountedRow], stocks: Mapping[str, Stock]) -> None:
        self.memory = memory
        self.stocks = stocks

    @abstractmethod
    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[CountedRow], bool]:
        """Return what tells whether a row is left by the filters."""

    @abstractmethod
    def told_apart(
        self, agency_id: int, rows: Sequence[CountedRow], by: str
    ) -> Callable[[CountedRow], Choice]:
        """Return what gives a row's choice of a dimension; KeyError for a dimension that there is not."""

    def sums(
        self,
        agency_ids: Collection[int],
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        journal: str = "",
        *,
        today: date,
    ) -> Found:
        """Return the counts of each agency in each period: the statements of reading the rows and of the filters."""
        is_left = self.narrowed(agency_ids, filters)
        events = (
            (row.agency_id, day, count, number)
            for row in self.memory.rows(agency_ids, journal)
            if is_left(row)
            for day, count, number in row.events()
        )
        return added_by_agency(events, agency_ids, periods, counts, self.stocks)

    def groups(
        self,
        agency_id: int,
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        by: str,
        *,
        today: date,
    ) -> Groups:
        """Return the counts split by a dimension: the same statements, and that of the names."""
        is_left = self.narrowed([agency_id], filters)
        rows = [row for row in self.memory.rows([agency_id]) if is_left(row)]
        choice = self.told_apart(agency_id, rows, by)
        events = ((choice(row), day, count, number) for row in rows for day, count, number in row.events())
        found = added_by_day(events, periods, counts, self.stocks)
        return named((period, key, numbers) for (key, period), numbers in found.items())

    def revision(self, agency_id: int) -> str:
        """Return the newest entry of the journal: such rows never change without one."""
        return newest_hash(agency_id)
