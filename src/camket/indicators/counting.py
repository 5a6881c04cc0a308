"""Figures counted from records: formulas over sources, for one agency's plan or for many agencies at once.

A counted figure is never entered, confirmed or kept: it is what the records say when it is asked for. For who may see
these agencies: callers ask first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from camket.core.formulas import Formula, Result, evaluate, figure, result_of
from camket.core.plan import Period
from camket.core.rollup import months_of
from camket.core.targets import Figure
from camket.indicators.sources import source
from camket.indicators.sources.door import GivesFigures, Source, Wanted, checked

Key = TypeVar("Key", bound=Hashable)


def counted_figures(
    agency_id: int,
    formulas: Mapping[Key, Formula],
    *,
    since: date,
    upto: date,
    starts: date | None = None,
    journal: str = "",
    today: date,
) -> dict[Key, tuple[Figure, ...]]:
    """Return for each formula a figure a month from ``since`` to ``upto``, the months counted from ``starts``.

    The last month is cut at ``upto`` and where the records end (the day of the newest export); months before the first
    record have no figure, for that nothing is known is not that nothing arose. What says how things stand (procedures
    posted) is given as at each month's end; what mixes both (finished, and overdue at the end) from ``since`` to each
    month's end, since only so it may be taken together. ``upto`` must not lie after ``today``, the day on which it is
    looked; ``journal`` is the newest entry's hash where the caller knows it. Raises UnknownCount, and KeyError for a
    source that is none.
    """
    whole = Period(since, upto)
    found: dict[Key, tuple[Figure, ...]] = {}
    if upto < since:
        return dict.fromkeys(formulas, ())
    for origin, groups in _grouped(formulas).items():
        if isinstance(origin, GivesFigures):
            keys = [key for each in groups.values() for key in each]
            wanted_of = [Wanted(agency_id, formulas[key], whole) for key in keys]
            found.update(zip(keys, origin.figures(wanted_of, journal, today=today), strict=True))
            continue
        days = origin.reach([agency_id], whole, journal, today=today).get(agency_id)
        months = () if days is None else months_of(since, days.end, starts)
        months = tuple(month for month in months if days is not None and month.end >= days.start)
        for filters, keys in groups.items():
            periods = {
                key: [Period(since, month.end) for month in months]
                if _is_mixed(origin, formulas[key])
                else list(months)
                for key in keys
            }
            wanted = list(dict.fromkeys(period for each in periods.values() for period in each))
            if not wanted:
                found.update(dict.fromkeys(keys, ()))
                continue
            counts = {count for key in keys for count in formulas[key].counts}
            sums = origin.sums([agency_id], wanted, counts, dict(filters), journal, today=today)
            for key in keys:
                found[key] = tuple(
                    figure(formulas[key], sums[agency_id, period], period) for period in periods[key]
                )
    return found


def counted(
    agency_id: int, formula: Formula, period: Period, *, journal: str = "", today: date
) -> Result | None:
    """Return what a formula gives for one period; None where the source's records tell nothing of it.

    The period is cut where the records end; it must not reach beyond today.
    """
    return counted_of([agency_id], {0: formula}, period, journal=journal, today=today).get((agency_id, 0))


def counted_of(
    agency_ids: Collection[int],
    formulas: Mapping[Key, Formula],
    period: Period,
    *,
    journal: str = "",
    today: date,
) -> dict[tuple[int, Key], Result]:
    """Return what formulas give for a period in each of many agencies; a few SQL statements for however many.

    Agencies of whose records a source tells nothing in the period are left out for its formulas.
    """
    found: dict[tuple[int, Key], Result] = {}
    for origin, groups in _grouped(formulas).items():
        if isinstance(origin, GivesFigures):
            asked = [(agency_id, key) for each in groups.values() for key in each for agency_id in agency_ids]
            wanted = [Wanted(agency_id, formulas[key], period) for agency_id, key in asked]
            for (agency_id, key), figures in zip(
                asked, origin.figures(wanted, journal, today=today), strict=True
            ):
                if figures:
                    found[agency_id, key] = result_of(formulas[key], figures[-1])
            continue
        reaches = origin.reach(agency_ids, period, journal, today=today)
        # Records of agencies end on a few different days: those that end together are asked for together.
        ends: dict[date, list[int]] = defaultdict(list)
        for agency_id, days in reaches.items():
            ends[days.end].append(agency_id)
        for filters, keys in groups.items():
            counts = {count for key in keys for count in formulas[key].counts}
            for end, together in ends.items():
                cut = Period(period.start, end)
                sums = origin.sums(together, [cut], counts, dict(filters), journal, today=today)
                for agency_id in together:
                    here = sums[agency_id, cut]
                    for key in keys:
                        found[agency_id, key] = evaluate(formulas[key], here)
    return found


def by_period(
    agency_id: int, formula: Formula, periods: Sequence[Period], *, upto: date
) -> dict[Period, Result | None]:
    """Return what a formula gives for each of several periods; None for those of which records tell nothing.

    Each period is cut at ``upto``, the day on which it is looked, and where the records end.
    """
    origin = source(formula.source)
    checked(origin, formula)
    found: dict[Period, Result | None] = dict.fromkeys(periods)
    begun = [period for period in periods if period.start <= upto]
    if not begun:
        return found
    if isinstance(origin, GivesFigures):
        spans = [Wanted(agency_id, formula, Period(each.start, min(each.end, upto))) for each in begun]
        for period, figures in zip(begun, origin.figures(spans, today=upto), strict=True):
            found[period] = result_of(formula, figures[-1]) if figures else None
        return found
    whole = Period(min(period.start for period in begun), upto)
    days = origin.reach([agency_id], whole, today=upto).get(agency_id)
    cut = {
        period: Period(period.start, min(period.end, days.end))
        for period in begun
        if days is not None and period.start <= days.end and period.end >= days.start
    }
    if cut:
        sums = origin.sums(
            [agency_id], list(dict.fromkeys(cut.values())), formula.counts, formula.filters, today=upto
        )
        found.update({period: evaluate(formula, sums[agency_id, each]) for period, each in cut.items()})
    return found


def covered(
    agency_ids: Collection[int], formula: Formula, period: Period, *, today: date
) -> Mapping[int, Period]:
    """Return the days of a period of which each agency's records tell; one SQL statement, agencies of none left out."""
    origin = source(formula.source)
    if not isinstance(origin, GivesFigures):
        return origin.reach(agency_ids, period, today=today)
    wanted = [Wanted(agency_id, formula, period) for agency_id in agency_ids]
    return {
        each.agency_id: Period(period.start, figures[-1].period.end)
        for each, figures in zip(wanted, origin.figures(wanted, today=today), strict=True)
        if figures
    }


def is_standing(formula: Formula) -> bool:
    """Return whether a formula says how things stand, so that the newest figure stands for all; KeyError for no source."""
    origin = source(formula.source)
    return isinstance(origin, GivesFigures) or all(origin.counts[each].is_stock for each in formula.counts)


_Filters = tuple[tuple[str, tuple[str, ...]], ...]


def _grouped(formulas: Mapping[Key, Formula]) -> dict[Source, dict[_Filters, list[Key]]]:
    """Return the formulas' keys by source and filters: what shares both is counted in one go."""
    groups: dict[Source, dict[_Filters, list[Key]]] = {}
    for key, formula in formulas.items():
        origin = source(formula.source)
        filters = tuple(sorted((name, tuple(words)) for name, words in formula.filters.items()))
        checked(origin, formula)
        groups.setdefault(origin, {}).setdefault(filters, []).append(key)
    return groups


def _is_mixed(origin: Source, formula: Formula) -> bool:
    return len({origin.counts[count].stand for count in formula.counts}) > 1
