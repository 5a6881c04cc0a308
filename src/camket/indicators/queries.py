"""Reading indicators and their figures; another agency's are never found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from camket.core.plan import Grade, Period
from camket.core.targets import Figure, Measure, shown_figure
from camket.documents.models import Evidence
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.indicators.models import Indicator, Reading
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What is measured, and how."""

    id: int
    name: str
    measure: Measure
    unit: str
    method: str
    adds_up: bool
    numerator_label: str
    denominator_label: str
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a figure comes from: the reading's id, its source, who entered and who confirmed it, and when."""

    reading_id: int
    source: str
    entered_by: str
    entered_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading as pages list it; ``may_confirm`` and ``may_withdraw`` are for the actor asking."""

    id: int
    indicator_id: int
    period: Period
    figure: Figure
    shown: str
    source: str
    note: str
    state: str
    entered_at: datetime
    entered_by: str
    confirmed_at: datetime | None
    confirmed_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawal: str
    evidence: tuple[EvidenceRow, ...]
    may_confirm: bool
    may_withdraw: bool

    @property
    def is_waiting(self) -> bool:
        return self.state == Reading.State.ENTERED

    @property
    def is_confirmed(self) -> bool:
        return self.state == Reading.State.CONFIRMED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == Reading.State.WITHDRAWN

    @property
    def provenance(self) -> Provenance:
        return Provenance(
            self.id, self.source, self.entered_by, self.entered_at, self.confirmed_by, self.confirmed_at
        )


@dataclass(frozen=True, slots=True)
class WaitingReading:
    """A reading that waits for confirmation, with the name of its indicator."""

    reading: ReadingRow
    indicator: str


def indicator(actor: Actor, indicator_id: int) -> IndicatorRow:
    """Return an indicator of the actor's agency; raises Indicator.DoesNotExist for any other."""
    require(actor, "plan.view")
    return _indicator_row(Indicator.objects.get(pk=indicator_id, agency_id=actor.agency_id))


def indicators(actor: Actor, indicator_ids: Collection[int]) -> dict[int, IndicatorRow]:
    """Return those of the indicators that are the agency's, by id; one SQL statement."""
    require(actor, "plan.view")
    rows = Indicator.objects.filter(agency_id=actor.agency_id, pk__in=indicator_ids)
    return {row.pk: _indicator_row(row) for row in rows}


def confirmed_figures(
    agency_id: int, indicator_ids: Collection[int], *, upto: date, since: date | None = None
) -> dict[int, tuple[Figure, ...]]:
    """Return each indicator's confirmed figures of periods that end from ``since`` up to ``upto``; one SQL statement.

    ``key`` of a figure is its reading's id.
    """
    readings = Reading.objects.filter(
        agency_id=agency_id,
        indicator_id__in=indicator_ids,
        state=Reading.State.CONFIRMED,
        period_end__lte=upto,
    )
    if since is not None:
        readings = readings.filter(period_end__gte=since)
    return figures_of(readings)


@dataclass(frozen=True, slots=True)
class Entered:
    """What people entered: by indicator its figures and how many wait for confirmation, by reading where it comes from."""

    figures: Mapping[int, tuple[Figure, ...]]
    waiting: Mapping[int, int]
    origins: Mapping[int, Provenance]


def figures_and_waiting(
    agency_id: int, indicator_ids: Collection[int], *, since: date, upto: date
) -> tuple[Mapping[int, tuple[Figure, ...]], Mapping[int, int]]:
    """Return what :func:`confirmed_figures` and :func:`waiting_counts` do; one SQL statement for both."""
    found = _entered(agency_id, indicator_ids, since, upto, ())
    return found.figures, found.waiting


def entered(agency_id: int, indicator_ids: Collection[int], *, since: date, upto: date) -> Entered:
    """Return what :func:`figures_and_waiting` and, of its figures, :func:`provenance` do; one SQL statement for all."""
    return _entered(agency_id, indicator_ids, since, upto, _PROVENANCE_COLUMNS)


def _entered(
    agency_id: int, indicator_ids: Collection[int], since: date, upto: date, of_origins: Sequence[str]
) -> Entered:
    return _told(_readings(agency_id, indicator_ids, since, upto, of_origins), of_origins)


def entered_query(
    agency_id: int, indicator_ids: Collection[int] | QuerySet[Any, Any], *, since: date, upto: date
) -> QuerySet[Reading, tuple[Any, ...]]:
    """Return the query that :func:`entered` asks; :func:`entered_of` reads its rows."""
    return _readings(agency_id, indicator_ids, since, upto, _PROVENANCE_COLUMNS)


def entered_of(rows: Iterable[tuple[Any, ...]]) -> Entered:
    """Return what the rows of :func:`entered_query` tell."""
    return _told(rows, _PROVENANCE_COLUMNS)


def _readings(
    agency_id: int,
    indicator_ids: Collection[int] | QuerySet[Any, Any],
    since: date,
    upto: date,
    of_origins: Sequence[str],
) -> QuerySet[Reading, tuple[Any, ...]]:
    confirmed = Q(state=Reading.State.CONFIRMED, period_end__gte=since, period_end__lte=upto)
    readings = Reading.objects.filter(agency_id=agency_id, indicator_id__in=indicator_ids)
    return (
        readings.filter(confirmed | Q(state=Reading.State.ENTERED))
        .order_by("indicator_id", "period_end", "-period_start")
        .values_list("indicator_id", "state", *_FIGURE_COLUMNS, *of_origins)
    )


def _told(rows: Iterable[tuple[Any, ...]], of_origins: Sequence[str]) -> Entered:
    found: dict[int, list[Figure]] = defaultdict(list)
    waiting: dict[int, int] = defaultdict(int)
    origins: dict[int, Provenance] = {}
    width = len(_FIGURE_COLUMNS)
    for key, state, *columns in rows:
        if state == Reading.State.ENTERED:
            waiting[key] += 1
            continue
        found[key].append(_figure(*columns[:width]))
        if of_origins:
            origins[columns[0]] = _provenance(columns[0], *columns[width:])
    return Entered({key: tuple(figures) for key, figures in found.items()}, dict(waiting), origins)


_PROVENANCE_COLUMNS = (
    "source", "entered_by__full_name", "entered_at", "confirmed_by__full_name", "confirmed_at",
)  # fmt: skip


def _provenance(
    reading_id: int,
    source: str,
    entered_by: str,
    entered_at: datetime,
    confirmed_by: str | None,
    confirmed_at: datetime | None,
) -> Provenance:
    return Provenance(reading_id, source, entered_by, entered_at, confirmed_by or "", confirmed_at)


_FIGURE_COLUMNS = (
    "pk", "period_start", "period_end", "numerator", "denominator", "value", "grade", "rank", "rank_of",
    "is_reached", "nothing_arose",
)  # fmt: skip


def figures_within(
    indicator_ids: Collection[int], *, since: date, upto: date
) -> dict[int, tuple[Figure, ...]]:
    """Return confirmed figures of indicators of any agencies by indicator; one SQL statement.

    For who may look at these agencies.
    """
    return figures_of(
        Reading.objects.filter(
            indicator_id__in=indicator_ids,
            state=Reading.State.CONFIRMED,
            period_end__gte=since,
            period_end__lte=upto,
        )
    )


def figures_of(readings: QuerySet[Reading]) -> dict[int, tuple[Figure, ...]]:
    """Return readings as figures by indicator, those that end first first; one SQL statement."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for row in readings.order_by("indicator_id", "period_end", "-period_start").values_list(
        "indicator_id", "pk", "period_start", "period_end", "numerator", "denominator", "value", "grade",
        "rank", "rank_of", "is_reached", "nothing_arose",
    ):  # fmt: skip
        found[row[0]].append(_figure(*row[1:]))
    return {key: tuple(figures) for key, figures in found.items()}


def provenance(agency_id: int, reading_ids: Collection[int]) -> dict[int, Provenance]:
    """Return where the figures of these readings come from, by reading id; one SQL statement."""
    rows = Reading.objects.filter(agency_id=agency_id, pk__in=reading_ids).values_list(
        "pk", *_PROVENANCE_COLUMNS
    )
    return {row[0]: _provenance(*row) for row in rows}


def waiting_counts(agency_id: int, indicator_ids: Collection[int]) -> dict[int, int]:
    """Return how many readings of each indicator wait for confirmation; one SQL statement."""
    counts: dict[int, int] = defaultdict(int)
    for key in Reading.objects.filter(
        agency_id=agency_id, indicator_id__in=indicator_ids, state=Reading.State.ENTERED
    ).values_list("indicator_id", flat=True):
        counts[key] += 1
    return dict(counts)


def readings_of(actor: Actor, indicator_id: int, *, unit: str | None = None) -> tuple[ReadingRow, ...]:
    """Return an indicator's readings, newest period first, the withdrawn ones too; two SQL statements.

    One more where the caller does not know the indicator's unit: raises Indicator.DoesNotExist for another agency's.
    """
    require(actor, "plan.view")
    if unit is None:
        unit = Indicator.objects.only("unit").get(pk=indicator_id, agency_id=actor.agency_id).unit
    rows = _with_people(Reading.objects.filter(agency_id=actor.agency_id, indicator_id=indicator_id))
    return tuple(
        _reading_row(actor, row, unit)
        for row in rows.order_by("-period_end", "period_start", "-entered_at", "-pk")
    )


def reading(actor: Actor, reading_id: int) -> ReadingRow:
    """Return one reading; raises Reading.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    row = (
        _with_people(Reading.objects.filter(agency_id=actor.agency_id))
        .select_related("indicator")
        .get(pk=reading_id)
    )
    return _reading_row(actor, row, row.indicator.unit)


def waiting_confirmation(actor: Actor) -> tuple[WaitingReading, ...]:
    """Return the readings that wait for confirmation, the longest waiting first.

    For one who confirms: all, with ``may_confirm`` False on those that the actor entered. For others: their own.
    """
    require(actor, "plan.view")
    rows = Reading.objects.filter(agency_id=actor.agency_id, state=Reading.State.ENTERED)
    if not can(actor, "reading.confirm"):
        rows = rows.filter(entered_by_id=actor.person_id)
    return tuple(
        WaitingReading(_reading_row(actor, row, row.indicator.unit), row.indicator.name)
        for row in _with_people(rows).select_related("indicator").order_by("entered_at", "pk")
    )


def _with_people(rows: Any) -> Any:
    evidence = Prefetch("evidence", Evidence.objects.select_related("file", "added_by"))
    return rows.select_related("entered_by", "confirmed_by", "withdrawn_by").prefetch_related(evidence)


def _indicator_row(row: Indicator) -> IndicatorRow:
    return IndicatorRow(
        id=row.pk,
        name=row.name,
        measure=Measure(row.measure),
        unit=row.unit,
        method=row.method,
        adds_up=row.adds_up,
        numerator_label=row.numerator_label,
        denominator_label=row.denominator_label,
        owner_id=row.owner_id,
    )


def _figure(
    key: int,
    start: date,
    end: date,
    numerator: Decimal | None,
    denominator: Decimal | None,
    value: Decimal | None,
    grade: str,
    rank: int | None,
    rank_of: int | None,
    is_reached: bool | None,  # noqa: FBT001 - a column, not a switch
    nothing_arose: bool,  # noqa: FBT001 - a column, not a switch
) -> Figure:
    return Figure(
        Period(start, end),
        numerator,
        denominator,
        value,
        Grade(grade) if grade else None,
        rank,
        rank_of,
        is_reached,
        nothing_arose,
        key,
    )


def _reading_row(actor: Actor, row: Reading, unit: str) -> ReadingRow:
    figure = _figure(
        row.pk, row.period_start, row.period_end, row.numerator, row.denominator, row.value, row.grade,
        row.rank, row.rank_of, row.is_reached, row.nothing_arose,
    )  # fmt: skip
    confirms = can(actor, "reading.confirm")
    is_own = row.entered_by_id == actor.person_id
    waits = row.state == Reading.State.ENTERED
    return ReadingRow(
        id=row.pk,
        indicator_id=row.indicator_id,
        period=figure.period,
        figure=figure,
        shown=shown_figure(figure, unit),
        source=row.source,
        note=row.note,
        state=row.state,
        entered_at=row.entered_at,
        entered_by=shown_name(actor, row.entered_by.full_name),
        confirmed_at=row.confirmed_at,
        confirmed_by=shown_name(actor, row.confirmed_by.full_name) if row.confirmed_by else "",
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=shown_name(actor, row.withdrawn_by.full_name) if row.withdrawn_by else "",
        withdrawal=row.withdrawal,
        evidence=evidence_rows(actor, row.evidence.all()),
        may_confirm=waits and confirms and not actor.is_own(row.entered_by_id),
        may_withdraw=row.state != Reading.State.WITHDRAWN and (confirms or (is_own and waits)),
    )
