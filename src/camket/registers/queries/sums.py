"""The counts by day: sums for indicators and pages; entries are never scanned for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from camket.core.plan import Period
from camket.core.registers import Register
from camket.core.tally import day_number
from camket.org.policy import Actor, require
from camket.registers.models import EntryCount

DIMENSIONS = ("agency_id", "register", "day", "count", "unit_key", "kind", "mark")


@dataclass(frozen=True, slots=True)
class CountSum:
    """A sum of counts; dimensions that it was not split by have no value."""

    number: int
    agency_id: int = 0
    register: str = ""
    day: int = 0
    count: str = ""
    unit_key: int = 0
    kind: str = ""
    mark: str = ""


def count_sums(
    agency_ids: Collection[int],
    registers: Collection[str],
    *,
    first: int | None = None,
    last: int | None = None,
    counts: Collection[str] = (),
    units: Collection[int] = (),
    by: Sequence[str] = ("register", "count"),
) -> tuple[CountSum, ...]:
    """Return sums of counts of agencies over days (whole numbers, both with them), split by some dimensions.

    ``by`` are of :data:`DIMENSIONS`. For figures; whoever calls this has judged who may see them. One SQL statement.
    """
    rows = EntryCount.objects.filter(agency_id__in=agency_ids, register__in=registers)
    if first is not None:
        rows = rows.filter(day__gte=first)
    if last is not None:
        rows = rows.filter(day__lte=last)
    if counts:
        rows = rows.filter(count__in=counts)
    if units:
        rows = rows.filter(unit_key__in=units)
    summed = rows.values(*by).annotate(sum=Sum("number")).filter(sum__gt=0).order_by(*by)
    return tuple(_sum(each) for each in summed)


def totals(
    actor: Actor, register: Register, period: Period, *, units: Collection[int] = ()
) -> Mapping[str, int]:
    """Return what a register counts over a period, by count; stocks as they stand at its end. Two SQL statements.

    Counts tell of no single person, so that who sees the registers sees those of people too.
    """
    require(actor, "register.view")
    first, last = day_number(period.start), day_number(period.end)
    flows = {
        each.count: each.number
        for each in count_sums([actor.agency_id], [register.key], first=first, last=last, units=units)
    }
    stocks = [each for each in register.counts if each.came]
    if not stocks:
        return flows
    wanted = {name for each in stocks for name in (each.came, each.went) if name}
    so_far = {
        each.count: each.number
        for each in count_sums([actor.agency_id], [register.key], last=last, counts=wanted, units=units)
    }
    before = {
        each.count: each.number
        for each in count_sums([actor.agency_id], [register.key], last=first - 1, counts=wanted, units=units)
    }
    for each in stocks:
        sums = before if each.at_start else so_far
        flows[each.key] = sums.get(each.came, 0) - sums.get(each.went, 0)
    return flows


def _sum(row: dict[str, Any]) -> CountSum:
    return CountSum(number=row.pop("sum"), **row)
