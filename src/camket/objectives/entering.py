"""Figures that somebody has to enter by hand: which indicators of a plan ask for them, by when, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from camket.core.entering import Entry, entries, missing
from camket.core.plan import Every, Period
from camket.core.wording.text import search_key
from camket.indicators.many import Asked
from camket.indicators.models import Reading
from camket.journal.calendars import remembered_calendar
from camket.objectives.models import Target
from camket.objectives.wiring import NOT_MEASURED
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A figure that somebody has to enter by hand: for which period, by when, and who."""

    target_id: int
    indicator_id: int
    name: str
    target: str
    unit_id: int | None
    unit: str
    period: Period
    due_on: date
    is_late: bool


def figures_to_enter(
    actor: Actor, plan_id: int, on: date, *, unit_ids: frozenset[int] | None = None
) -> tuple[ToEnter, ...]:
    """Return the figures of a plan that somebody has to enter by hand and that are missing, those due first first.

    Only periods that are over are asked for. ``unit_ids`` narrows to indicators of these units. Three SQL statements;
    another agency's plan has none.
    """
    found = [
        ToEnter(
            target_id=each.target_id,
            indicator_id=each.indicator_id,
            name=each.name,
            target=each.target,
            unit_id=each.unit_id,
            unit=each.unit,
            period=entry.period,
            due_on=entry.due_on,
            is_late=entry.is_late(on),
        )
        for each in _by_hand(actor, plan_id, on, unit_ids)
        if unit_ids is None or each.unit_id in unit_ids
        for entry in each.missing(on)
    ]
    return tuple(sorted(found, key=lambda each: (each.due_on, search_key(each.unit), each.indicator_id)))


def next_to_enter(actor: Actor, plan_id: int, indicator_id: int, after: date, on: date) -> Entry | None:
    """Return the first figure of an indicator entered by hand whose period ends after a day.

    None where no such figure is asked for any more in the plan. Two SQL statements.
    """
    for each in _by_hand(actor, plan_id, on, indicator_id=indicator_id):
        return next((entry for entry in each.entries if entry.period.end > after), None)
    return None


def asked_by_hand(actor: Actor, plan_id: int, on: date) -> tuple[Asked, ...]:
    """Return every figure of a plan that is entered by hand, of periods that are over: for a sheet to fill in.

    Three SQL statements; another agency's plan has none.
    """
    return tuple(
        Asked(each.indicator_id, each.name, each.measured_in, entry)
        for each in _by_hand(actor, plan_id, on)
        for entry in each.entries
        if entry.period.end < on
    )


@dataclass(frozen=True, slots=True)
class _ByHand:
    """An indicator of a plan that is entered by hand: what is asked for, and what is given."""

    target_id: int
    target: str
    indicator_id: int
    name: str
    measured_in: str
    unit_id: int | None
    unit: str
    adds_up: bool
    entries: tuple[Entry, ...]
    given: tuple[Period, ...]

    def missing(self, on: date) -> tuple[Entry, ...]:
        """Return what is missing: of figures that do not add up the newest alone, for it stands for all."""
        found = missing(self.entries, self.given, on)
        over = [entry for entry in self.entries if entry.period.end < on]
        return found if self.adds_up else tuple(entry for entry in found[-1:] if entry == over[-1])


def _by_hand(
    actor: Actor,
    plan_id: int,
    on: date,
    unit_ids: frozenset[int] | None = None,
    *,
    indicator_id: int | None = None,
) -> list[_ByHand]:
    """Return a plan's indicators that are entered by hand; of a single one what is asked for alone, not what is given."""
    require(actor, "plan.view")
    theirs = Q() if unit_ids is None else Q(indicator__owner__in=unit_ids)
    if unit_ids is not None:
        theirs |= Q(indicator__owner=None, objective__owner__in=unit_ids)
    if indicator_id is not None:
        theirs &= Q(indicator_id=indicator_id)
    rows = list(
        Target.objects.filter(
            theirs,
            objective__plan_id=plan_id,
            objective__plan__agency_id=actor.agency_id,
            indicator__isnull=False,
            indicator__formula__isnull=True,
        )
        .exclude(indicator__definition_code=NOT_MEASURED)
        .order_by("objective__order", "order", "pk")
        .values_list(
            "pk", "text", "period_start", "period_end", "indicator_id", "indicator__name", "indicator__unit",
            "indicator__adds_up", "indicator__owner_id", "indicator__owner__name", "objective__owner_id",
            "objective__owner__name", "indicator__entered_every", "indicator__entered_within", "objective__plan__period_start",
            "objective__plan__period_end", "objective__plan__agency__rhythm",
        )
    )  # fmt: skip
    if not rows:
        return []
    span = Period(*rows[0][-3:-1])
    calendar = remembered_calendar(actor.agency_id)
    given: dict[int, list[Period]] = defaultdict(list)
    readings = (
        Reading.objects.filter(
            agency_id=actor.agency_id,
            indicator_id__in={row[4] for row in rows},
            period_end__gte=span.start,
            period_end__lte=on,
        )
        .exclude(state=Reading.State.WITHDRAWN)
        .values_list("indicator_id", "period_start", "period_end")
    )
    for measured, start, end in readings if indicator_id is None else ():
        given[measured].append(Period(start, end))
    asked: dict[tuple[str, int, Period], tuple[Entry, ...]] = {}
    found: dict[int, _ByHand] = {}
    for row in rows:
        (
            pk, text, begins, ends, indicator_id, name, measured_in, is_added, owner_id, owner, above_id, above, every,
            within, _start, _end, rhythm,
        ) = row  # fmt: skip
        if indicator_id in found:
            continue
        own = Period(begins, ends) if begins and ends else span
        key = (every or rhythm, within, own)
        if key not in asked:
            asked[key] = entries(own, Every(key[0]), within, calendar)
        unit_id, unit = (owner_id, owner) if owner_id is not None else (above_id, above)
        found[indicator_id] = _ByHand(
            pk,
            text,
            indicator_id,
            name,
            measured_in,
            unit_id,
            unit or "",
            is_added,
            asked[key],
            tuple(given[indicator_id]),
        )
    return list(found.values())
