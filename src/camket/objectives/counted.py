"""Figures that targets are judged by where an indicator is counted from records: this period's, its pace, last year's.

One way for one plan and for the plans of many agencies, so that a province counts what each commune's own page says:
plans of one period whose records end on one day are counted together, a few SQL statements for however many. For who
may see these agencies: callers ask first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from camket.core.allowance import FAST_BURN, Pace, Step
from camket.core.calendar import WorkingCalendar
from camket.core.formulas import Formula, Result, evaluate, figure, result_of
from camket.core.periods import same_last_year
from camket.core.plan import Period
from camket.core.rollup import Number, Stand, has_stock, months_of
from camket.core.targets import Figure
from camket.indicators.sources import source
from camket.indicators.sources.door import Found, GivesFigures, Source, Wanted, checked, sums_together

Key = TypeVar("Key", bound=Hashable)
_DAY = timedelta(days=1)
_WATCHED_DAYS = max(window.days for window in FAST_BURN)
_LATE_BEGINNING = timedelta(days=31)
"""Days by which last year's records may begin late and still tell of the year: holidays, a quiet January."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[Key]):
    """A formula to count for an agency's plan, whose period is ``span``, up to a day that is not after today."""

    key: Key
    agency_id: int
    formula: Formula
    span: Period
    upto: date


@dataclass(frozen=True, slots=True)
class Counted:
    """What records say: a figure a month of the plan's own period, how cases came in, and the year before as a whole.

    ``told`` are the days of the period that the records tell of. ``last_year`` is None where the records do not reach
    back over it.
    """

    figures: tuple[Figure, ...]
    told: Period | None
    pace: Pace | None = None
    last_year: Result | None = None


NOTHING = Counted((), None)


def counted(
    asked: Sequence[Asked[Key]],
    *,
    journal: str = "",
    calendar: WorkingCalendar | None = None,
    with_pace: bool = True,
    today: date,
) -> dict[Key, Counted]:
    """Return what records say of each formula; NOTHING where they tell nothing of the period.

    ``journal`` is the hash of the agency's newest entry where the caller knows it, and asks for one agency.
    ``calendar`` says on which days cases are finished, ``today`` is the day on which it is looked. Raises UnknownCount,
    and KeyError for a source that is none.
    """
    found: dict[Key, Counted] = {each.key: NOTHING for each in asked}
    found.update(_given(asked, journal, today))
    shares: list[_Share[Key]] = []
    reached: dict[tuple[Source, frozenset[int], Period], Mapping[int, Period]] = {}
    for (origin, filters, span, upto), group in _grouped(asked).items():
        # Filters do not change how far records reach: asked once for all that share the rest.
        agencies = frozenset(each.agency_id for each in group)
        within = Period(same_last_year(span).start, min(upto, span.end))
        reaches = reached.get((origin, agencies, within))
        if reaches is None:
            reaches = reached[origin, agencies, within] = origin.reach(agencies, within, journal, today=today)
        ends: dict[date, list[Asked[Key]]] = defaultdict(list)
        for each in group:
            days = reaches.get(each.agency_id)
            if days is not None and days.end >= span.start:
                ends[days.end].append(each)
        for end, together in ends.items():
            shares.append(_share(origin, dict(filters), span, end, together, reaches, with_pace=with_pace))
    # What differs by its filters alone is asked for in one statement.
    alike: dict[tuple[Source, frozenset[int], tuple[Period, ...], bool], list[_Share[Key]]] = defaultdict(
        list
    )
    for share in shares:
        agencies = frozenset(each.agency_id for each in share.together)
        alike[share.origin, agencies, share.periods, has_stock(share.counts)].append(share)
    for (origin, agencies, periods, _), some in alike.items():
        counts = {count for share in some for count in share.counts}
        every = sums_together(
            origin, agencies, periods, counts, [share.filters for share in some], journal, today=today
        )
        for share, sums in zip(some, every, strict=True):
            _count(found, share, sums, calendar, with_pace=with_pace)
    return found


def _given(asked: Sequence[Asked[Key]], journal: str, today: date) -> dict[Key, Counted]:
    """Return what those sources say that give their figures themselves: this period's, and the year before as a whole."""
    by_source: dict[GivesFigures, list[Asked[Key]]] = defaultdict(list)
    for each in asked:
        origin = source(each.formula.source)
        if isinstance(origin, GivesFigures) and each.upto >= each.span.start:
            checked(origin, each.formula)
            by_source[origin].append(each)
    found: dict[Key, Counted] = {}
    for giving, some in by_source.items():
        wanted = [
            Wanted(each.agency_id, each.formula, Period(each.span.start, min(each.upto, each.span.end)))
            for each in some
        ]
        before = [Wanted(each.agency_id, each.formula, same_last_year(each.span)) for each in some]
        figures = giving.figures([*wanted, *before], journal, today=today)
        for each, now, then in zip(some, figures, figures[len(some) :], strict=False):
            told = Period(each.span.start, now[-1].period.end) if now else None
            last_year = result_of(each.formula, then[-1]) if then else None
            found[each.key] = Counted(now, told, None, last_year)
    return found


@dataclass(frozen=True, slots=True)
class _Share(Generic[Key]):
    """What is counted under one set of filters, for plans of one period whose records end on one day."""

    origin: Source
    filters: Mapping[str, tuple[str, ...]]
    span: Period
    end: date
    together: Sequence[Asked[Key]]
    reaches: Mapping[int, Period]
    counts: frozenset[str]
    steps: tuple[Period, ...]
    periods: tuple[Period, ...]


def _share(
    origin: Source,
    filters: Mapping[str, tuple[str, ...]],
    span: Period,
    end: date,
    together: Sequence[Asked[Key]],
    reaches: Mapping[int, Period],
    *,
    with_pace: bool,
) -> _Share[Key]:
    months = months_of(span.start, end, span.start)
    wholes = tuple(Period(span.start, month.end) for month in months)
    by_month = any(origin.counts[count].by_month for each in together for count in each.formula.counts)
    steps = () if not with_pace else tuple(months) if by_month else _steps(months, span, end)
    before = same_last_year(span)
    months_before = months_of(before.start, before.end, before.start)
    return _Share(
        origin=origin,
        filters=filters,
        span=span,
        end=end,
        together=together,
        reaches=reaches,
        counts=frozenset(count for each in together for count in each.formula.counts),
        steps=steps,
        periods=tuple(dict.fromkeys([*months, *wholes, *steps, *months_before, before])),
    )


def _count(
    found: dict[Key, Counted],
    share: _Share[Key],
    sums: Found,
    calendar: WorkingCalendar | None,
    *,
    with_pace: bool,
) -> None:
    origin, span, end = share.origin, share.span, share.end
    months = months_of(span.start, end, span.start)
    wholes = tuple(Period(span.start, month.end) for month in months)
    before = same_last_year(span)
    months_before = months_of(before.start, before.end, before.start)
    for each in share.together:
        days = share.reaches[each.agency_id]
        told = Period(max(days.start, span.start), end)
        own = {period: sums[each.agency_id, period] for period in share.periods}
        is_mixed = _is_mixed(origin, each.formula)
        figures = tuple(
            figure(each.formula, own[period], period)
            for month, period in zip(months, wholes if is_mixed else months, strict=True)
            if month.end >= told.start
        )
        reaches_back = days.start <= before.start + _LATE_BEGINNING
        pace = None
        if with_pace and _is_flow(origin, each.formula):
            pace = Pace(
                steps=tuple(
                    _step(each.formula, own[period], period)
                    for period in share.steps
                    if period.end >= told.start
                ),
                last_year=tuple(_step(each.formula, own[month], month) for month in months_before)
                if reaches_back
                else (),
                calendar=calendar,
            )
        found[each.key] = Counted(
            figures, told, pace, evaluate(each.formula, own[before]) if reaches_back else None
        )


def _steps(months: Sequence[Period], span: Period, end: date) -> tuple[Period, ...]:
    """Return the time so far in months, its last days one by one, so that windows can be told."""
    first = max(span.start, end - timedelta(days=_WATCHED_DAYS - 1))
    whole = [Period(month.start, min(month.end, first - _DAY)) for month in months if month.start < first]
    days = [Period(day, day) for day in (first + timedelta(days=n) for n in range((end - first).days + 1))]
    return (*whole, *days)


def _step(formula: Formula, sums: Mapping[str, Number], period: Period) -> Step:
    result = evaluate(formula, sums)
    if result.denominator is None:
        return Step(period, result.value if result.value is not None else Decimal(0))
    return Step(period, result.numerator, result.denominator)


def _stands(origin: Source, formula: Formula) -> set[Stand]:
    return {origin.counts[count].stand for count in formula.counts}


def _is_flow(origin: Source, formula: Formula) -> bool:
    """Return whether all that a formula counts arises on days, so that its periods add up."""
    return _stands(origin, formula) == {Stand.FLOW}


def _is_mixed(origin: Source, formula: Formula) -> bool:
    """Return whether a formula takes flows and stocks together: then only from the period's beginning it adds up."""
    stands = _stands(origin, formula)
    return len(stands) > 1 or stands == {Stand.START}


_Group = tuple[Source, tuple[tuple[str, tuple[str, ...]], ...], Period, date]


def _grouped(asked: Sequence[Asked[Key]]) -> dict[_Group, list[Asked[Key]]]:
    """Return what is asked by source, filters and time: what shares these is counted in one go."""
    groups: dict[_Group, list[Asked[Key]]] = defaultdict(list)
    for each in asked:
        origin = source(each.formula.source)
        if each.upto < each.span.start or isinstance(origin, GivesFigures):
            continue
        checked(origin, each.formula)
        filters = tuple(sorted((name, tuple(words)) for name, words in each.formula.filters.items()))
        groups[origin, filters, each.span, each.upto].append(each)
    return groups
