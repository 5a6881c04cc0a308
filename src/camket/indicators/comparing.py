"""An indicator against the same period of the year before, also where the agency was several agencies then.

What is counted from records is counted for then as for now; the rest goes by confirmed readings. Plans define their
indicators anew each year, and a merged agency has other indicators than those it came from: which of them mean the
same is proposed by wording, kind and unit, and a secretary can say otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from camket.core import formulas
from camket.core.comparison import Comparison, Kind, Part, compare, taken_together, wording_key
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.periods import same_last_year
from camket.core.plan import Period
from camket.core.targets import Figure, Measure
from camket.indicators.counting import counted_figures, covered
from camket.indicators.models import Continuation, Indicator, Reading
from camket.indicators.queries import figures_of
from camket.journal.operations import record
from camket.org.models import Agency
from camket.org.policy import Actor, require
from camket.org.queries import Ancestor, ancestors


class NotComparable(Refusal):
    """The other indicator is of another kind or unit, or of an agency that this one did not come from."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that may be what this one was called then; ``is_used`` says that its figures count."""

    indicator_id: int
    name: str
    agency_id: int
    agency: str
    is_used: bool
    is_alike: bool
    is_decided: bool


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """A comparison with which indicator stands for each agency of then, by the agency's id.

    ``candidates`` are all that measure in the same way: by agency, those used and alike first.
    """

    comparison: Comparison
    indicators: Mapping[int, int]
    candidates: tuple[Candidate, ...]


Spans = dict[int, tuple[str, Kind, Period]]
"""Agencies of then: name, how they belong to the one of now, the days on which each existed."""


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return wording_key(name)


def period_compared(actor: Actor, indicator_id: int, span: Period, upto: date) -> Period | None:
    """Return the days of this year to compare: from the beginning of the span where figures add up, else those of the
    newest figure; None while nothing is counted or confirmed.
    """
    require(actor, "plan.view")
    indicator = Indicator.objects.only("agency_id", "adds_up", "formula").get(
        pk=indicator_id, agency_id=actor.agency_id
    )
    if indicator.formula is not None and span.start <= upto:
        so_far = Period(span.start, min(upto, span.end))
        if indicator.adds_up:
            formula = formulas.from_json(indicator.formula)
            if known := covered([indicator.agency_id], formula, so_far, today=upto).get(indicator.agency_id):
                return Period(span.start, known.end)
        elif counted := _counted(indicator, indicator.agency_id, so_far, upto):
            return counted[-1].period
    newest = (
        Reading.objects.filter(
            indicator_id=indicator_id,
            agency_id=actor.agency_id,
            state=Reading.State.CONFIRMED,
            period_start__gte=span.start,
            period_end__lte=min(upto, span.end),
        )
        .order_by("-period_end", "period_start")
        .values_list("period_start", "period_end")
        .first()
    )
    if newest is None:
        return None
    start, end = newest
    return Period(span.start if indicator.adds_up else start, end)


def year_on_year(
    actor: Actor, indicator_id: int, period: Period, today: date, *, then: Period | None = None
) -> YearOnYear | None:
    """Return an indicator's result of a period against that of the year before, or of the days ``then``.

    None where this year has no counted or confirmed figure yet. Raises Indicator.DoesNotExist for another agency's.
    """
    require(actor, "plan.view")
    indicator = Indicator.objects.select_related("agency").get(pk=indicator_id, agency_id=actor.agency_id)
    then = then or same_last_year(period)
    spans = _spans(indicator.agency, then, period)
    rows = _kin(indicator, list(spans), then)
    chosen, ambiguous = _chosen(rows, indicator)
    figures = _figures([indicator.pk, *chosen.values()], since=then.start, until=period.end)
    measure = Measure(indicator.measure)
    now = taken_together(
        _counted(indicator, indicator.agency_id, period, today) or figures.get(indicator.pk, ()),
        period,
        measure=measure,
        unit=indicator.unit,
        adds_up=indicator.adds_up,
    )
    if now is None:
        return None
    own = _counted(indicator, indicator.agency_id, then, today)
    if own and own[0].period.start == then.start:
        # Its records reach back over the whole of then, those of its predecessors among them.
        spans = {indicator.agency_id: (indicator.agency.name, Kind.OWN, then)}
    counted = _counted_before(indicator, spans, today) | {indicator.agency_id: own}
    parts = [
        Part(
            key=agency_id,
            name=name,
            kind=kind,
            span=span,
            figures=counted.get(agency_id) or tuple(figures.get(chosen.get(agency_id, 0), ())),
            is_ambiguous=agency_id in ambiguous and not counted.get(agency_id),
        )
        for agency_id, (name, kind, span) in spans.items()
    ]
    rows = [row for row in rows if row.agency_id in spans and not counted.get(row.agency_id)]
    comparison = compare(
        now,
        parts,
        period=period,
        then_period=then,
        measure=measure,
        unit=indicator.unit,
        adds_up=indicator.adds_up,
    )
    return YearOnYear(comparison, chosen, _candidates(rows, indicator, spans, chosen))


def result_then(actor: Actor, indicator_id: int, period: Period) -> Figure | None:
    """Return what an indicator, or the one that it continues, came to in the same period of the year before.

    None where there is no confirmed figure, where several agencies of then have one, or where it is not clear which
    indicator is meant. Raises Indicator.DoesNotExist for another agency's.
    """
    require(actor, "plan.view")
    indicator = Indicator.objects.select_related("agency").get(pk=indicator_id, agency_id=actor.agency_id)
    then = same_last_year(period)
    chosen, ambiguous = _chosen(
        _kin(indicator, list(_spans(indicator.agency, then, period)), then), indicator
    )
    if ambiguous or len(chosen) != 1:
        return None
    (same,) = chosen.values()
    found = taken_together(
        _figures([same], since=then.start, until=then.end).get(same, ()),
        then,
        measure=Measure(indicator.measure),
        unit=indicator.unit,
        adds_up=indicator.adds_up,
    )
    return None if found is None else found.figure


def _counted(indicator: Indicator, agency_id: int, period: Period, today: date) -> tuple[Figure, ...]:
    """Return what an agency's records say of an indicator in a period; nothing for one that is entered by hand."""
    if indicator.formula is None:
        return ()
    formula = formulas.from_json(indicator.formula)
    found = counted_figures(
        agency_id, {0: formula}, since=period.start, upto=period.end, starts=period.start, today=today
    )
    return found.get(0, ())


def _counted_before(indicator: Indicator, spans: Spans, today: date) -> dict[int, tuple[Figure, ...]]:
    """Return what the records of the agencies that this one came from say of an indicator, each for its own days."""
    others = {
        agency_id: span
        for agency_id, (_name, _kind, span) in spans.items()
        if agency_id != indicator.agency_id
    }
    if indicator.formula is None or not others:
        return {}
    whole = Period(min(span.start for span in others.values()), max(span.end for span in others.values()))
    known = covered(list(others), formulas.from_json(indicator.formula), whole, today=today)
    return {agency_id: _counted(indicator, agency_id, others[agency_id], today) for agency_id in known}


def _candidates(
    rows: list[Indicator], indicator: Indicator, spans: Spans, chosen: Mapping[int, int]
) -> tuple[Candidate, ...]:
    found = [
        Candidate(
            indicator_id=row.pk,
            name=row.name,
            agency_id=row.agency_id,
            agency=spans[row.agency_id][0],
            is_used=chosen.get(row.agency_id) == row.pk,
            is_alike=_key(row.name) == _key(indicator.name),
            is_decided=row.is_same is not None,  # type: ignore[attr-defined]
        )
        for row in rows
        if row.pk != indicator.pk
    ]
    order = {agency_id: place for place, agency_id in enumerate(spans)}
    return tuple(
        sorted(
            found, key=lambda each: (order[each.agency_id], not each.is_used, not each.is_alike, each.name)
        )
    )


def continue_indicator(
    *,
    actor: Actor,
    indicator_id: int,
    agency_id: int,
    predecessor_indicator_id: int | None,
    period: Period,
    today: date,
) -> None:
    """Say which indicator of an agency of then measured the same; None says that none did.

    Raises Indicator.DoesNotExist for another agency's indicator, NotAllowed, NotComparable.
    """
    with transaction.atomic():
        indicator = (
            Indicator.objects.select_for_update(of=("self",))
            .select_related("agency")
            .get(pk=indicator_id, agency_id=actor.agency_id)
        )
        require(actor, "plan.edit")
        then = same_last_year(period)
        spans = _spans(indicator.agency, then, period)
        rows = {row.pk: row for row in _kin(indicator, list(spans), then) if row.agency_id == agency_id}
        if predecessor_indicator_id is not None and predecessor_indicator_id not in rows:
            raise NotComparable(
                Message(
                    gettext_noop(
                        "Choose an indicator of the same kind and unit, of an agency that this one came from."
                    )
                )
            )
        before = {pk: row.is_same for pk, row in rows.items()}  # type: ignore[attr-defined]
        after = {
            pk: pk == predecessor_indicator_id
            for pk, row in rows.items()
            if pk != indicator.pk
            and (
                pk == predecessor_indicator_id
                or before[pk] is not None
                or _key(row.name) == _key(indicator.name)
            )
        }
        changed = {pk: value for pk, value in after.items() if before[pk] != value}
        if not changed:
            return
        for pk, value in changed.items():
            Continuation.objects.update_or_create(
                indicator=indicator, predecessor_indicator_id=pk, defaults={"is_same": value}
            )
        same = rows.get(predecessor_indicator_id or 0)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="indicator.continued",
            subject=indicator,
            on=today,
            before={"same_as": ", ".join(rows[pk].name for pk, value in before.items() if value)},
            after={
                "predecessor": spans[agency_id][0] if agency_id in spans else "",
                "same_as": same.name if same else "",
            },
        )


def _spans(agency: Agency, then: Period, period: Period) -> Spans:
    """Return the agencies whose figures of then belong to this one: name, kind, and the days on which each existed."""
    found: Spans = {}
    own = _within(agency.valid_from, agency.valid_to, then)
    before: tuple[Ancestor, ...] = ancestors(agency.pk, since=then.start, until=period.end)
    if own is not None:
        found[agency.pk] = (agency.name, Kind.OWN, own)
    for each in before:
        span = _within(each.valid_from, each.valid_to, then)
        if span is not None:
            found[each.id] = (each.name, Kind.SPLIT if each.was_split else Kind.MERGED, span)
    return found


def _within(begun: date | None, ended: date | None, period: Period) -> Period | None:
    start = max(begun or period.start, period.start)
    end = min(ended or period.end, period.end)
    return Period(start, end) if start <= end else None


def _kin(indicator: Indicator, agency_ids: list[int], then: Period) -> list[Indicator]:
    """Return the indicators of these agencies that measure alike and have confirmed figures of then; one statement."""
    decided = Continuation.objects.filter(indicator=indicator, predecessor_indicator=OuterRef("pk"))
    fed = Reading.objects.filter(
        indicator=OuterRef("pk"),
        state=Reading.State.CONFIRMED,
        period_start__gte=then.start,
        period_end__lte=then.end,
    )
    rows = (
        Indicator.objects.filter(agency_id__in=agency_ids, measure=indicator.measure, unit=indicator.unit)
        .filter(Q(Exists(fed)))
        .annotate(is_same=Subquery(decided.values("is_same")[:1]))
        .only("pk", "name", "agency_id")
        .order_by("pk")
    )
    return list(rows)


def _chosen(rows: list[Indicator], indicator: Indicator) -> tuple[dict[int, int], frozenset[int]]:
    """Return by agency which indicator stands for this one, and the agencies where several might."""
    by_agency: dict[int, list[Indicator]] = defaultdict(list)
    for row in rows:
        by_agency[row.agency_id].append(row)
    chosen: dict[int, int] = {}
    ambiguous: set[int] = set()
    for agency_id, each in by_agency.items():
        said = [row.pk for row in each if row.is_same]  # type: ignore[attr-defined]
        alike = [
            row.pk
            for row in each
            if row.is_same is None and _key(row.name) == _key(indicator.name)  # type: ignore[attr-defined]
        ]
        if said:
            chosen[agency_id] = said[0]
        elif indicator.pk in alike:
            chosen[agency_id] = indicator.pk
        elif len(alike) == 1:
            chosen[agency_id] = alike[0]
        elif alike:
            ambiguous.add(agency_id)
    return chosen, frozenset(ambiguous)


def _figures(indicator_ids: list[int], *, since: date, until: date) -> dict[int, tuple[Figure, ...]]:
    rows = Reading.objects.filter(
        indicator_id__in=set(indicator_ids),
        state=Reading.State.CONFIRMED,
        period_start__gte=since,
        period_end__lte=until,
    )
    return figures_of(rows)
