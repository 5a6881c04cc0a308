"""The socio-economic figures of a year on one page, and what a period still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from camket.core.plan import Period
from camket.core.registers import REGISTERS
from camket.core.registers.outside import Planned
from camket.core.registers.reading import normal, values_from_json
from camket.core.registers.values import (
    REACHED,
    Entered,
    Item,
    item_of,
    noted_last_year,
    standing,
    value_last_year,
)
from camket.core.targets import PER_CENT
from camket.org.policy import Actor, require
from camket.registers import sight
from camket.registers.models import Entry, ListItem

FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a month: the newest entered of it, and where it stands."""

    entry_id: int
    amount: Decimal
    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure over a year: its months, what it came to, the plan, the same days of the year before.

    ``share`` is what it came to in per cent of the plan, ``change`` the difference to last year in per cent, of what is
    itself in per cent (``is_percent``) in percentage points; None where that says nothing. ``is_met`` is None without a plan.
    """

    item_id: int
    name: str
    measure: str
    rhythm: str
    direction: str
    unit_id: int | None
    is_main: bool
    plan: Planned | None
    months: tuple[Cell | None, ...]
    value: Decimal | None
    on: date | None
    entry_id: int | None
    share: Decimal | None
    last_year: Decimal | None
    change: Decimal | None
    is_met: bool | None

    @property
    def is_percent(self) -> bool:
        """Whether it is measured in per cent."""
        return self.measure in PER_CENT


@dataclass(frozen=True, slots=True)
class FigureYear:
    """The figures of a year; ``met`` of ``chief`` ones that are to reach something keep their plan.

    ``waiting`` of these have no value yet.
    """

    year: int
    lines: tuple[FigureLine, ...]
    met: int
    chief: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A figure in a period that is entered at once: what stands there already, and whether the actor may write it."""

    item_id: int
    name: str
    measure: str
    direction: str
    entry_id: int | None
    amount: Decimal | None
    source: str
    is_kept: bool


def figure_year(actor: Actor, year: int) -> FigureYear:
    """Return the figures in use over a calendar year. Two SQL statements."""
    require(actor, "register.view")
    entries = _entries(actor.agency_id, date(year - 1, 1, 1), date(year, 12, 31))
    lines = tuple(
        line
        for row in _items(actor.agency_id)
        if (line := _line(row, entries.get(row.pk, ()), year)) is not None
    )
    chief = [
        each
        for each in lines
        if each.is_main and (each.is_met is not None or each.plan is not None or each.direction == REACHED)
    ]
    waiting = sum(each.value is None for each in chief)
    return FigureYear(year, lines, sum(bool(each.is_met) for each in chief), len(chief), waiting)


def period_lines(actor: Actor, kind: str, on: date) -> tuple[PeriodLine, ...]:
    """Return the figures that are entered for a period of a kind ending on a day, with what stands there. Two SQL statements."""
    require(actor, "register.view")
    register = REGISTERS[FIGURES]
    rows = Entry.objects.filter(agency_id=actor.agency_id, register=FIGURES, kind=kind, on=on)
    there = {each.item_id: each for each in rows.exclude(state=Entry.State.WITHDRAWN).order_by("pk")}
    keeps_all, own = sight.keeps_all(actor, register), sight.own_units(actor, register)
    found = []
    for row in _items(actor.agency_id):
        values = values_from_json(register.item_fields, row.values)
        entry = there.get(row.pk)
        if values.get("rhythm") != kind and entry is None:
            continue
        unit_id = entry.unit_id if entry else row.unit_id
        found.append(
            PeriodLine(
                item_id=row.pk,
                name=row.name,
                measure=str(values.get("measure") or ""),
                direction=str(values.get("direction") or ""),
                entry_id=entry.pk if entry else None,
                amount=normal(entry.amount) if entry and entry.amount is not None else None,
                source=entry.source if entry else "",
                is_kept=keeps_all or unit_id in own or (unit_id is None and entry is None and bool(own)),
            )
        )
    return tuple(found)


def _items(agency_id: int) -> Sequence[ListItem]:
    return list(
        ListItem.objects.filter(agency_id=agency_id, register=FIGURES, is_active=True).order_by("order", "pk")
    )


def _entries(agency_id: int, first: date, last: date) -> Mapping[int, Sequence[Entry]]:
    rows = Entry.objects.filter(
        agency_id=agency_id,
        register=FIGURES,
        on__range=(first, last),
        amount__isnull=False,
        item__isnull=False,
    )
    found: dict[int, list[Entry]] = {}
    for each in rows.exclude(state=Entry.State.WITHDRAWN).defer("search").order_by("on", "pk"):
        if each.item_id is not None:
            found.setdefault(each.item_id, []).append(each)
    return found


def _line(row: ListItem, entries: Sequence[Entry], year: int) -> FigureLine | None:
    values = values_from_json(REGISTERS[FIGURES].item_fields, row.values)
    item = item_of(row.key, row.name, row.values, (year - 1, year))
    entered = [
        Entered(each.pk, each.on, each.kind, normal(each.amount or Decimal(0)), each.planned)
        for each in entries
    ]
    now = standing(item, entered, Period(date(year, 1, 1), date(year, 12, 31)))
    months: list[Cell | None] = [None] * 12
    for each in entered:
        if each.on.year == year:
            months[each.on.month - 1] = Cell(each.entry_id, each.amount, each.on, each.kind)
    before = _before(item, entered, entries, Period(date(year, 1, 1), now.on)) if now else None
    plan = now.plan if now else (item.plans or {}).get(year)
    return FigureLine(
        item_id=row.pk,
        name=row.name,
        measure=item.measure,
        rhythm=str(values.get("rhythm") or ""),
        direction=item.direction,
        unit_id=row.unit_id,
        is_main=item.is_main,
        plan=plan,
        months=tuple(months),
        value=now.value if now else None,
        on=now.on if now else None,
        entry_id=now.entry_id if now else None,
        share=_share(item, now.value, plan) if now else None,
        last_year=before,
        change=_change(item, now.value if now else None, before),
        is_met=now.is_met if now else None,
    )


def _before(item: Item, entered: Sequence[Entered], entries: Sequence[Entry], span: Period) -> Decimal | None:
    """Return what a figure came to in the same days of the year before: as entered, else as noted beside this year's."""
    then = value_last_year(item, entered, span)
    if then is not None:
        return then.amount
    noted = {
        each.pk: Decimal(str(said)) for each in entries if (said := each.values.get("last_year")) is not None
    }
    found = noted_last_year(item, entered, noted, span)
    return normal(found) if found is not None else None


def _share(item: Item, value: Decimal, plan: Planned | None) -> Decimal | None:
    """Return a value in per cent of its plan, where more is better and the plan is one figure."""
    if plan is None or plan.high is not None or item.direction != "higher" or plan.low <= 0:
        return None
    return value * 100 / plan.low


def _change(item: Item, value: Decimal | None, before: Decimal | None) -> Decimal | None:
    if value is None or before is None or item.is_state:
        return None
    if item.measure in PER_CENT:
        return value - before
    if before <= 0:
        return None
    return (value - before) * 100 / before
