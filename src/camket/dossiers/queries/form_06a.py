"""Biểu II.06a of one agency for any period, summed from the counts of days and months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext

from camket.core.dossiers import Channel
from camket.core.form_06a import (
    COUNTS,
    CUT_OFFS,
    STOCKS,
    Check,
    Edition,
    Figures,
    Line,
    Waiting,
    checks,
    edition_on,
    figures_of,
    total_of,
)
from camket.core.messages import Message
from camket.core.periods import split
from camket.core.plan import Every, Period
from camket.core.tally import day_number
from camket.core.wording.numbers import int_to_roman
from camket.core.wording.text import search_key
from camket.dossiers.models import Dossier, Field
from camket.dossiers.queries.sums import between
from camket.org.models import Agency, Unit
from camket.org.policy import Actor, require

_DAY = timedelta(days=1)
Key = tuple[int, int]
"""Unit and field of a line, 0 where it is not known or not asked for."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a period. ``until`` is the last day counted: a period that goes on is counted up to today.

    ``before`` is the period of the same length that ends on the day before, whose column 11 is held against column 6.
    """

    period: Period
    until: date
    agency: str
    superior: str
    place: str
    edition: Edition
    waiting: Waiting
    by_unit: bool
    lines: tuple[Line, ...]
    total: Figures
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every invariant holds."""
        return all(check.holds for check in self.checks)


def form_06a(
    actor: Actor,
    period: Period,
    today: date,
    *,
    waiting: Waiting = Waiting.SETTLED,
    by_unit: bool = False,
) -> Form:
    """Return the form of a period, a line for each field in which anything stood or happened.

    ``by_unit`` groups the fields by the unit in charge, with the sum of each unit. Raises NotAllowed.
    """
    require(actor, "dossier.view")
    until = min(period.end, today)
    before = _sums(actor.agency_id, STOCKS, None, period.start - _DAY, by_unit=by_unit)
    during = _sums(actor.agency_id, COUNTS, period.start, until, by_unit=by_unit)
    ending = _added(before, _sums(actor.agency_id, STOCKS, period.start, until, by_unit=by_unit))
    if waiting is Waiting.SETTLED:
        came_back = _sums(
            actor.agency_id, ("waiting_ended",), period.start, until, by_unit=by_unit, only=Channel.ONLINE
        )
        for key, counts in came_back.items():
            into = during.setdefault(key, {})
            into["waiting_ended_online"] = into.get("waiting_ended_online", 0) + counts["waiting_ended"]
        for key, number in _overdue_and_waiting(
            actor.agency_id, until, is_today=until == today, by_unit=by_unit
        ).items():
            ending.setdefault(key, {})["overdue_waiting"] = number
    found = {
        key: figures_of(before.get(key, {}), during.get(key, {}), ending.get(key, {}), waiting)
        for key in {*before, *during, *ending}
    }
    found = {key: figures for key, figures in found.items() if any(figures.columns)}
    names = dict(Field.objects.filter(agency_id=actor.agency_id).values_list("pk", "name"))
    lines = tuple(_grouped(found, names, actor.agency_id) if by_unit else _plain(found, names))
    left_open = _left_open(actor.agency_id, period, waiting, by_unit=by_unit)
    carried = {key: figures.carried for key, figures in found.items()}
    differ = {key for key in {*left_open, *carried} if left_open.get(key, 0) != carried.get(key, 0)}
    agency = Agency.objects.only("full_name", "superior_name", "place").get(pk=actor.agency_id)
    return Form(
        period=period,
        until=until,
        agency=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        edition=edition_on(until),
        waiting=waiting,
        by_unit=by_unit,
        lines=lines,
        total=total_of(lines),
        checks=checks(lines, sum(left_open.values()), tuple(sorted(_name(names, key[1]) for key in differ))),
    )


def periods(today: date) -> tuple[tuple[Message, tuple[Period, ...]], ...]:
    """Return the periods that a form is usually wanted for, by how reporting years are cut, those that have begun."""
    found = []
    for cut_off in CUT_OFFS:
        year = cut_off.year_of(today)
        before = cut_off.year_of(year.start - _DAY)
        quarters = [
            each
            for each in (*split(before, Every.QUARTER), *split(year, Every.QUARTER))
            if each.start <= today
        ]
        found.append((cut_off.name, (*quarters[-3:], year, before)))
    return tuple(found)


def _overdue_and_waiting(agency_id: int, on: date, *, is_today: bool, by_unit: bool) -> dict[Key, int]:
    """Return how many were overdue on a day and waited for supplements then: they are few, and no count tells them."""
    day = day_number(on)
    query = Dossier.objects.filter(
        Q(waiting_until_day=None) | Q(waiting_until_day__gt=day),
        agency_id=agency_id,
        received_day__isnull=False,
        waiting_from_day__lte=day,
    )
    if is_today:  # of what is open, not of all that ever fell overdue
        query = query.annotate(over=F("overdue_day") + 0).filter(over__lte=day, finished_day=None)
    else:
        query = query.filter(Q(finished_day=None) | Q(finished_day__gt=day), overdue_day__lte=day)
    rows = query.order_by().values_list("unit_id", "field_id").annotate(Count("pk"))
    found: dict[Key, int] = {}
    for unit, field, number in rows:
        key = (unit or 0 if by_unit else 0, field)
        found[key] = found.get(key, 0) + number
    return found


def _left_open(agency_id: int, period: Period, waiting: Waiting, *, by_unit: bool) -> dict[Key, int]:
    """Return column 11 of the period before, made as that period's own form makes it: what it began with and its days."""
    start = period.start - (period.end - period.start) - _DAY
    stock = _sums(agency_id, STOCKS, None, start - _DAY, by_unit=by_unit)
    ending = _added(stock, _sums(agency_id, STOCKS, start, period.start - _DAY, by_unit=by_unit))
    return {key: figures_of({}, {}, counts, waiting).still_open for key, counts in ending.items()}


def _grouped(found: Mapping[Key, Figures], names: Mapping[int, str], agency_id: int) -> Iterator[Line]:
    """Yield each unit's sum and its fields."""
    units = dict(Unit.objects.filter(agency_id=agency_id).order_by("order", "pk").values_list("pk", "name"))
    order = {unit: place for place, unit in enumerate(units)}
    held = sorted({unit for unit, _field in found}, key=lambda unit: order.get(unit, len(order)))
    for place, unit in enumerate(held, 1):
        own = {key: figures for key, figures in found.items() if key[0] == unit}
        name = units.get(unit, "") or gettext("No unit in charge stated")
        yield Line(int_to_roman(place), name, sum(own.values(), Figures()), is_total=True)
        yield from _plain(own, names)


def _plain(found: Mapping[Key, Figures], names: Mapping[int, str]) -> Iterator[Line]:
    """Yield a line for each field, in the order of their names."""
    for place, key in enumerate(sorted(found, key=lambda key: search_key(_name(names, key[1]))), 1):
        yield Line(str(place), _name(names, key[1]), found[key])


def _name(names: Mapping[int, str], field: int) -> str:
    return names.get(field, "") or gettext("No field stated")


def _added(
    one: Mapping[Key, Mapping[str, int]], other: Mapping[Key, Mapping[str, int]]
) -> dict[Key, dict[str, int]]:
    return {
        key: {
            count: one.get(key, {}).get(count, 0) + other.get(key, {}).get(count, 0)
            for count in {*one.get(key, {}), *other.get(key, {})}
        }
        for key in {*one, *other}
    }


def _sums(
    agency_id: int,
    counts: Iterable[str],
    start: date | None,
    end: date,
    *,
    by_unit: bool,
    only: Channel | None = None,
) -> dict[Key, dict[str, int]]:
    """Return sums of counts by unit and field from one day to another, from the beginning without a start."""
    picked = {"channel": (only.value,)} if only is not None else {}
    by = ("unit", "field") if by_unit else ("field",)
    found = between(agency_id, tuple(counts), start, end, by=by, picked=picked)
    return {(0, *key) if len(key) == 1 else (key[0], key[1]): sums for key, sums in found.items()}
