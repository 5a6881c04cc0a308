"""The series of outgoing documents' numbers in a year: the latest, the next, and numbers that nothing stands under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camket.core.registers import REGISTERS
from camket.org.policy import Actor, require
from camket.registers.models import Entry

OUTGOING = REGISTERS["outgoing"].key
MOST_MISSING = 30


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series in a year. ``missing`` are numbers below the latest that no document has, those first; ``gaps`` how many.

    Withdrawn documents keep their numbers (Nghị định 30/2020/NĐ-CP, Điều 15), and so leave no gap.
    """

    symbol: str
    latest: int
    latest_on: date
    documents: int
    missing: tuple[int, ...]
    gaps: int

    @property
    def next(self) -> int:
        """The number that is given next."""
        return self.latest + 1


def series_of_year(actor: Actor, year: int) -> tuple[SeriesRow, ...]:
    """Return the series of a year by symbol, with numbers that were skipped. One SQL statement."""
    require(actor, "register.view")
    rows = Entry.objects.filter(agency_id=actor.agency_id, register=OUTGOING, year=year, serial__isnull=False)
    found: dict[str, dict[int, date]] = {}
    for series, serial, on in rows.values_list("series", "serial", "on"):
        found.setdefault(series, {})[serial or 0] = on
    made = []
    for symbol, numbers in sorted(found.items()):
        latest = max(numbers)
        missing = [each for each in range(1, latest) if each not in numbers]
        made.append(
            SeriesRow(
                symbol=symbol,
                latest=latest,
                latest_on=numbers[latest],
                documents=len(numbers),
                missing=tuple(missing[:MOST_MISSING]),
                gaps=len(missing),
            )
        )
    return tuple(made)
