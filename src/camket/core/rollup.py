"""Adding counts up over time: any periods of any length from counts by day and by month.

Counts that arose on days (flows) add up: a year is the sum of its months, whatever day it begins on. How things
stand at the end of a day (a stock) is a sum too: what came up to then less what went. Periods cut the time into
stretches (:class:`Cuts`); what arose in each stretch is read once, and every period is a sum of stretches.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from camket.core.plan import Period
from camket.core.tally import day_number, day_of

Number = int | Decimal
Sums = Mapping[str, Number]


class Stand(StrEnum):
    """When a count is taken: as it arises over a period, or how it stands at the end or the beginning of it."""

    FLOW = "flow"
    END = "end"
    START = "start"


@dataclass(frozen=True, slots=True)
class Stock:
    """How many there are at a moment: what came up to then less what went, both counts that arise on days."""

    came: str
    went: str
    stand: Stand = Stand.END


STOCKS: Mapping[str, Stock] = {
    "open": Stock("received", "finished"),
    "overdue": Stock("fell_overdue", "cleared_overdue"),
    "waiting": Stock("waiting_began", "waiting_ended"),
    "open_before": Stock("received", "finished", Stand.START),
    "overdue_before": Stock("fell_overdue", "cleared_overdue", Stand.START),
    "waiting_before": Stock("waiting_began", "waiting_ended", Stand.START),
}
"""Stocks of dossiers over the counts of :mod:`camket.core.tally`: open, overdue and waiting for supplements, at the
end of a period's last day, and (``…_before``) at the end of the day before its first."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where periods begin and end, as day numbers in order; stretch 0 is all that lies before the first.

    A day on or after ``days[i]`` and before ``days[i + 1]`` lies in stretch ``i + 1``. Nothing after the last matters.
    """

    days: tuple[int, ...]

    @classmethod
    def of(cls, periods: Iterable[Period]) -> Cuts:
        """Return the cuts of periods, which may overlap."""
        days: set[int] = set()
        for period in periods:
            days.add(day_number(period.start))
            days.add(day_number(period.end) + 1)
        return cls(tuple(sorted(days)))

    def stretch(self, day: int) -> int | None:
        """Return the stretch that a day lies in, None after the last cut."""
        if not self.days or day >= self.days[-1]:
            return None
        return bisect_right(self.days, day)

    def months_cut(self) -> tuple[tuple[int, int], ...]:
        """Return the months that a cut goes through, as first day and first day of the next: only days tell these.

        >>> Cuts.of([Period(date(2026, 1, 1), date(2026, 3, 14))]).months_cut() == (
        ...     (day_number(date(2026, 3, 1)), day_number(date(2026, 4, 1))),)
        True
        """
        found: dict[int, int] = {}
        for cut in self.days:
            day = day_of(cut)
            if day.day > 1:
                first = day.replace(day=1)
                found[day_number(first)] = day_number(first + relativedelta(months=1))
        return tuple(sorted(found.items()))


def flows_needed(counts: Collection[str], stocks: Mapping[str, Stock] = STOCKS) -> tuple[str, ...]:
    """Return the counts by day from which these are made, each once, in a stable order.

    >>> flows_needed(["late", "overdue", "overdue_before"])
    ('cleared_overdue', 'fell_overdue', 'late')
    """
    needed: set[str] = set()
    for count in counts:
        stock = stocks.get(count)
        needed |= {count} if stock is None else {stock.came, stock.went}
    return tuple(sorted(needed))


def has_stock(counts: Collection[str], stocks: Mapping[str, Stock] = STOCKS) -> bool:
    """Return whether one of the counts says how things stand, so that it takes all that came before."""
    return any(count in stocks for count in counts)


def roll_up(
    cuts: Cuts,
    stretches: Mapping[int, Sums],
    periods: Sequence[Period],
    counts: Collection[str],
    stocks: Mapping[str, Stock] = STOCKS,
) -> dict[Period, dict[str, Number]]:
    """Return the counts of each period from what arose in each stretch.

    A stretch that is missing had nothing. For stocks, stretch 0 must hold all that lies before the first cut.
    """
    if not stretches:
        return {period: dict.fromkeys(counts, 0) for period in periods}
    if len(cuts.days) == 2:
        # One period, as a province asks for thousands of agencies: no sums to carry along.
        before, inside = stretches.get(0, _NOTHING), stretches.get(1, _NOTHING)
        return {
            period: {count: _one(count, before, inside, stocks) for count in counts} for period in periods
        }
    flows = flows_needed(counts, stocks)
    until: list[dict[str, Number]] = []
    total: dict[str, Number] = dict.fromkeys(flows, 0)
    for stretch in range(len(cuts.days)):
        here = stretches.get(stretch, {})
        total = {flow: total[flow] + here.get(flow, 0) for flow in flows}
        until.append(total)
    found: dict[Period, dict[str, Number]] = {}
    for period in periods:
        # What arose before a cut is what arose up to the end of the stretch before it.
        start = until[cuts.days.index(day_number(period.start))]
        end = until[cuts.days.index(day_number(period.end) + 1)]
        found[period] = {count: _count(count, start, end, stocks) for count in counts}
    return found


def _count(count: str, before: Sums, after: Sums, stocks: Mapping[str, Stock]) -> Number:
    stock = stocks.get(count)
    if stock is None:
        return after[count] - before[count]
    stand = before if stock.stand is Stand.START else after
    return stand[stock.came] - stand[stock.went]


_NOTHING: Sums = {}


def _one(count: str, before: Sums, inside: Sums, stocks: Mapping[str, Stock]) -> Number:
    stock = stocks.get(count)
    if stock is None:
        return inside.get(count, 0)
    number = before.get(stock.came, 0) - before.get(stock.went, 0)
    if stock.stand is Stand.END:
        number += inside.get(stock.came, 0) - inside.get(stock.went, 0)
    return number


def add_up(parts: Iterable[Sums]) -> dict[str, Number]:
    """Return the counts of several agencies, units or fields taken together; all of them add up at one moment.

    >>> add_up([{"late": 1, "finished": 40}, {"late": 0, "finished": 8}])
    {'late': 1, 'finished': 48}
    """
    total: dict[str, Number] = {}
    for part in parts:
        for count, number in part.items():
            total[count] = total.get(count, 0) + number
    return total


def months_of(since: date, upto: date, starts: date | None = None) -> tuple[Period, ...]:
    """Return the months from a day to a day, counted from ``starts`` (else ``since``); both ends are cut.

    >>> [str(each.end) for each in months_of(date(2025, 12, 15), date(2026, 2, 20))]
    ['2026-01-14', '2026-02-14', '2026-02-20']
    >>> [str(each.start) for each in months_of(date(2026, 1, 20), date(2026, 2, 20), date(2026, 1, 1))]
    ['2026-01-20', '2026-02-01']
    """
    first = starts or since
    months: list[Period] = []
    number = 0
    while (begin := first + relativedelta(months=number)) <= upto:
        number += 1
        end = day_of(day_number(first + relativedelta(months=number)) - 1)
        if end >= since:
            months.append(Period(max(begin, since), min(end, upto)))
    return tuple(months)
