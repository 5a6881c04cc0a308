"""Feedback of citizens as a source: received, due, settled in time and late, passed on, open and overdue.

Feedback counts as due on its last day in time (that for passing on, where it was passed on), as settled on the day on
which it was answered, passed on or not taken up. What is reopened counts by its new last day and is not settled until it
is again; opening again what was late keeps it late. What is answered with another one is no case of its own: the one
that came first alone counts. Complaints and denunciations are no feedback: they have counts of their own, of being
routed within the days for passing on; how they are settled no record here tells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as CountRows
from django.db.models.functions import TruncDate

from camket.core import feedback as rules
from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.rollup import Number, Stand, Stock
from camket.core.tally import day_number
from camket.core.wording.text import search_key
from camket.dossiers.models import Field
from camket.dossiers.queries.sums import fields_named
from camket.indicators.sources.door import (
    Choice,
    Count,
    Dimension,
    Filters,
    Offered,
)
from camket.indicators.sources.memory import FewRows
from camket.journal.memory import Memory, Queries
from camket.org.models import Unit
from camket.org.queries import units_named
from camket.org.queries.together import Rows
from camket.voices.models import Feedback

_COUNTS = (
    Count("received", gettext_noop("feedback received")),
    Count("due", gettext_noop("feedback due")),
    Count("in_time", gettext_noop("feedback due that was settled in time")),
    Count("late", gettext_noop("feedback due that was settled late")),
    Count("not_done", gettext_noop("feedback due that is not settled")),
    Count("settled", gettext_noop("feedback settled in the period")),
    Count("answered", gettext_noop("feedback answered in the period")),
    Count("passed_on", gettext_noop("feedback passed on to the competent body")),
    Count("passed_on_in_time", gettext_noop("feedback passed on within the days for it")),
    Count("set_aside", gettext_noop("feedback not taken up")),
    Count("established", gettext_noop("feedback answered with what was found out")),
    Count("justified", gettext_noop("feedback found justified, wholly or in part")),
    Count("published", gettext_noop("answers to feedback made public")),
    Count("complaints", gettext_noop("complaints and denunciations received")),
    Count("complaints_due", gettext_noop("complaints and denunciations due to be routed")),
    Count("complaints_in_time", gettext_noop("complaints and denunciations routed in time")),
    Count("open", gettext_noop("feedback open at the end of the period"), Stand.END),
    Count("overdue", gettext_noop("feedback overdue at the end of the period"), Stand.END),
    Count("overdue_before", gettext_noop("feedback overdue already before the period"), Stand.START),
)

_STOCKS = {
    "open": Stock("received", "settled"),
    "overdue": Stock("fell_overdue", "cleared_overdue"),
    "overdue_before": Stock("fell_overdue", "cleared_overdue", Stand.START),
}

_DIMENSIONS = (
    Dimension("kind", gettext_noop("kind of feedback")),
    Dimension("field", gettext_noop("field")),
    Dimension("unit", gettext_noop("unit")),
    Dimension("way", gettext_noop("way in which it came")),
)


@dataclass(frozen=True, slots=True)
class FeedbackRows:
    """Feedback of one agency that agrees in all that its counts depend on."""

    agency_id: int
    kind: str
    field_id: int
    unit_id: int
    way: str
    state: str
    received_on: date
    pass_on_by: date
    due_on: date
    settled_on: date | None
    published_on: date | None
    outcome: str
    number: int

    def makes_up(self, count: str, period: Period) -> bool:
        """Return whether they are among what a count of a period is made of."""
        if count in _STOCKS:
            stock = _STOCKS[count]
            upto = day_number(period.end) + 1 if stock.stand is Stand.END else day_number(period.start)
            came = sum(number for day, key, number in self.events() if key == stock.came and day < upto)
            went = sum(number for day, key, number in self.events() if key == stock.went and day < upto)
            return came > went
        first, last = day_number(period.start), day_number(period.end)
        return any(key == count and first <= day <= last for day, key, _number in self.events())

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield to which day they add what."""
        received = day_number(self.received_on)
        last = day_number(rules.last_day(self.state, pass_on_by=self.pass_on_by, due_on=self.due_on))
        settled = None if self.settled_on is None else day_number(self.settled_on)
        if self.kind in rules.LEGAL_KINDS:
            last = day_number(self.pass_on_by)
            yield received, "complaints", self.number
            yield last, "complaints_due", self.number
            if settled is not None and settled <= last:
                yield last, "complaints_in_time", self.number
            return
        yield received, "received", self.number
        yield last, "due", self.number
        if settled is None:
            yield last, "not_done", self.number
        else:
            yield last, "in_time" if settled <= last else "late", self.number
            yield settled, "settled", self.number
            if self.state in ("answered", "passed_on", "set_aside"):
                yield settled, self.state, self.number
            if self.state == "answered" and self.outcome:
                yield settled, "established", self.number
                if self.outcome in rules.CONFIRMED:
                    yield settled, "justified", self.number
            if self.state == "passed_on" and settled <= last:
                yield settled, "passed_on_in_time", self.number
        if self.published_on is not None:
            yield day_number(self.published_on), "published", self.number
        if settled is None or settled > last:
            yield last + 1, "fell_overdue", self.number
            if settled is not None:
                yield settled, "cleared_overdue", self.number


class _Feedback(FewRows[FeedbackRows]):
    key = "feedback"
    title = gettext_noop("Feedback of citizens")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {each.key: each for each in _DIMENSIONS}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the agency's fields and units, one SQL statement each, the kinds and the ways."""
        units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")
        fields = Field.objects.filter(agency_id=agency_id).order_by("key")
        return Offered(
            kind=lambda: (_kind(each) for each in rules.KIND_NAMES),
            field=lambda: (Choice(key, name) for key, name in fields.values_list("key", "name")),
            unit=lambda: (Choice(search_key(name), name) for name in units.values_list("name", flat=True)),
            way=lambda: (_way(each) for each in rules.WAY_NAMES),
        )

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[FeedbackRows], bool]:
        """Keep the units, fields, kinds and ways of the filters; one SQL statement each for units and fields."""
        units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
        fields = frozenset(fields_named(agency_ids, filters["field"])) if "field" in filters else None
        kinds, ways = filters.get("kind"), filters.get("way")
        return lambda row: (
            (units is None or row.unit_id in units)
            and (fields is None or row.field_id in fields)
            and (kinds is None or row.kind in kinds)
            and (ways is None or row.way in ways)
        )

    def told_apart(
        self, agency_id: int, rows: Sequence[FeedbackRows], by: str
    ) -> Callable[[FeedbackRows], Choice]:
        """Tell them apart by kind and way, or by unit and field with one SQL statement."""
        if by not in self.dimensions:
            raise KeyError(by)
        if by == "kind":
            return lambda row: _kind(row.kind)
        if by == "way":
            return lambda row: _way(row.way)
        if by == "unit":
            found = Unit.objects.filter(agency_id=agency_id).values_list("pk", "name")
            units = {pk: Choice(search_key(name), name) for pk, name in found}
            return lambda row: units.get(row.unit_id, Choice("", ""))
        names = Field.objects.filter(agency_id=agency_id).values_list("pk", "key", "name")
        fields = {pk: Choice(key, name) for pk, key, name in names}
        return lambda row: fields.get(row.field_id, Choice("", ""))

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days from the first receipt on: from then on what comes in is written down here."""
        first: dict[int, date] = {}
        for rows in self.memory.rows(agency_ids, journal):
            if rows.received_on <= upto.end:
                first[rows.agency_id] = min(rows.received_on, first.get(rows.agency_id, rows.received_on))
        return {agency_id: Period(max(day, upto.start), upto.end) for agency_id, day in first.items()}


def _queries(agency_ids: Collection[int]) -> Queries:
    return [
        Feedback.objects.filter(agency_id__in=agency_ids)
        .exclude(state=Feedback.State.MERGED)
        .annotate(
            received_on=TruncDate("received_at"),
            settled_on=TruncDate("settled_at"),
            published_on=TruncDate("published_at"),
        )
        .values_list(
            "agency_id",
            "kind",
            "field_id",
            "unit_id",
            "way",
            "state",
            "received_on",
            "pass_on_by",
            "due_on",
            "settled_on",
            "published_on",
            "outcome",
        )
        .annotate(CountRows("pk"))
        .order_by()
    ]


def _made(rows: Rows) -> Iterator[FeedbackRows]:
    return (
        FeedbackRows(agency_id, kind, field_id or 0, unit_id or 0, *rest)
        for agency_id, kind, field_id, unit_id, *rest in rows
    )


def _kind(kind: str) -> Choice:
    return Choice(kind, rules.KIND_NAMES[kind], is_message=True)


def _way(way: str) -> Choice:
    return Choice(way, rules.WAY_NAMES[way], is_message=True)


MEMORY = Memory(_queries, _made)
FEEDBACK = _Feedback(MEMORY, _STOCKS)
