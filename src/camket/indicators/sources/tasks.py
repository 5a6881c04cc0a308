"""Dated tasks of any action as a source: of plans now, of audits and corrective actions by the same rows.

A task belongs to its last day in time (BLDS 2015, Điều 148 khoản 5), a fulfilment to the day of the submission that
was accepted. What waits for acceptance is neither done nor overdue; what was cancelled counts nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, When
from django.db.models import Count as CountRows
from django.db.models.functions import TruncDate

from camket.actions.models import Action, Task
from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.rollup import Number, Stand, Stock
from camket.core.tally import day_number
from camket.core.wording.text import search_key
from camket.indicators.sources.door import (
    Choice,
    Count,
    Dimension,
    Filters,
)
from camket.indicators.sources.memory import FewRows
from camket.journal.memory import Memory, Queries
from camket.org.models import Unit
from camket.org.queries import units_named
from camket.org.queries.together import Rows

_COUNTS = (
    Count("due", gettext_noop("tasks due")),
    Count("on_time", gettext_noop("tasks due that were done in time")),
    Count("late", gettext_noop("tasks due that were done late")),
    Count("submitted", gettext_noop("tasks due that wait for acceptance")),
    Count("not_done", gettext_noop("tasks due that are not done")),
    Count("done", gettext_noop("tasks done in the period")),
    Count("overdue", gettext_noop("tasks overdue at the end of the period"), Stand.END),
    Count("overdue_before", gettext_noop("tasks overdue already before the period"), Stand.START),
)

_STOCKS = {
    "overdue": Stock("fell_overdue", "cleared_overdue"),
    "overdue_before": Stock("fell_overdue", "cleared_overdue", Stand.START),
}

_DIMENSIONS = (Dimension("unit", gettext_noop("unit")), Dimension("kind", gettext_noop("kind of task")))

_KINDS = {
    Task.Kind.DATED.value: gettext_noop("With a date of its own"),
    Task.Kind.CHECKPOINT.value: gettext_noop("Check of continuous work"),
    Task.Kind.FIRED.value: gettext_noop("Set off by an event"),
}


@dataclass(frozen=True, slots=True)
class _Rows:
    """Tasks of one agency that agree in all that their counts depend on."""

    agency_id: int
    unit_id: int
    kind: str
    state: str
    last_day: date
    settled_on: date | None
    number: int

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield to which day they add what."""
        last = day_number(self.last_day)
        settled = None if self.settled_on is None else day_number(self.settled_on)
        yield last, "due", self.number
        if self.state == Task.State.ACCEPTED and settled is not None:
            yield last, "on_time" if settled <= last else "late", self.number
            yield settled, "done", self.number
        elif self.state == Task.State.SUBMITTED:
            yield last, "submitted", self.number
        else:
            yield last, "not_done", self.number
        if settled is None or settled > last:
            yield last + 1, "fell_overdue", self.number
            if settled is not None:
                yield settled, "cleared_overdue", self.number


class _Tasks(FewRows[_Rows]):
    key = "tasks"
    title = gettext_noop("Dated tasks")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {each.key: each for each in _DIMENSIONS}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the agency's units and the kinds of tasks; one SQL statement."""
        units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")
        return {
            "unit": tuple(Choice(search_key(name), name) for name in units.values_list("name", flat=True)),
            "kind": tuple(Choice(kind, name, is_message=True) for kind, name in _KINDS.items()),
        }

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[_Rows], bool]:
        """Keep the units and kinds of the filters; one SQL statement where units are."""
        units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
        kinds = filters.get("kind")
        return lambda row: (units is None or row.unit_id in units) and (kinds is None or row.kind in kinds)

    def told_apart(self, agency_id: int, rows: Sequence[_Rows], by: str) -> Callable[[_Rows], Choice]:
        """Tell them apart by kind, or by unit with one SQL statement."""
        if by == "kind":
            return lambda row: Choice(row.kind, _KINDS[row.kind], is_message=True)
        units = dict(Unit.objects.filter(agency_id=agency_id).values_list("pk", "name"))

        def unit(row: _Rows) -> Choice:
            name = units.get(row.unit_id, "")
            return Choice(search_key(name), name)

        return unit

    def reach(
        self,
        agency_ids: Collection[int],
        upto: Period,
        journal: str = "",
        *,
        today: date,
    ) -> Mapping[int, Period]:
        """Return the days from the first task's on: tasks are known as soon as they are dated."""
        first: dict[int, date] = {}
        for rows in self.memory.rows(agency_ids, journal):
            if rows.last_day <= upto.end:
                first[rows.agency_id] = min(rows.last_day, first.get(rows.agency_id, rows.last_day))
        return {agency_id: Period(max(day, upto.start), upto.end) for agency_id, day in first.items()}


def _queries(agency_ids: Collection[int]) -> Queries:
    settled = Case(
        When(state=Task.State.ACCEPTED, then=F("done_on")),
        When(state=Task.State.SUBMITTED, then=TruncDate("submitted_at")),
    )
    return [
        Task.objects.filter(agency_id__in=agency_ids)
        .exclude(state=Task.State.CANCELLED)
        .exclude(action__state=Action.State.DRAFT)
        .annotate(settled_on=settled)
        .values_list("agency_id", "unit_id", "kind", "state", "late_after", "settled_on")
        .annotate(CountRows("pk"))
        .order_by()
    ]


def _made(rows: Rows) -> Iterator[_Rows]:
    return (_Rows(agency_id, unit_id or 0, *rest) for agency_id, unit_id, *rest in rows)


MEMORY = Memory(_queries, _made)
TASKS = _Tasks(MEMORY, _STOCKS)
