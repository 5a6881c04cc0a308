"""Figures entered by hand or from a spreadsheet as a source: parts, wholes and amounts of confirmed readings.

A reading belongs to the last day of its period. Where readings overlap (a quarter's beside those of its months), those
count that together cover the time once (:func:`camket.core.targets.cover`). Only indicators whose figures add up count:
the parts and wholes of a standing number say nothing when added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Max, Min, QuerySet

from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.rollup import Number
from camket.core.tally import day_number
from camket.core.targets import cover
from camket.core.wording.text import search_key
from camket.indicators.models import Indicator, Reading
from camket.indicators.queries import figures_of
from camket.indicators.sources.door import (
    Choice,
    Count,
    Dimension,
    Filters,
    Found,
    Groups,
    added_by_agency,
    added_by_day,
    named,
)
from camket.journal.queries import newest_hash

_COUNTS = (
    Count("numerator", gettext_noop("parts entered")),
    Count("denominator", gettext_noop("wholes entered")),
    Count("value", gettext_noop("amounts entered")),
    Count("readings", gettext_noop("figures confirmed")),
)


class _Readings:
    key = "readings"
    title = gettext_noop("Figures entered by hand")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {"indicator": Dimension("indicator", gettext_noop("indicator"))}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the indicators whose figures are entered by hand and add up; one SQL statement."""
        rows = Indicator.objects.filter(agency_id=agency_id, formula__isnull=True, adds_up=True).order_by(
            "-pk"
        )
        found: dict[str, Choice] = {}
        for code, name in rows.values_list("definition_code", "name"):
            word = _word(code, name)
            found.setdefault(word, Choice(word, name))
        return {"indicator": tuple(sorted(found.values(), key=lambda each: search_key(each.name)))}

    def sums(
        self,
        agency_ids: Collection[int],
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        journal: str = "",
        *,
        today: date,
    ) -> Found:
        """Return the counts; two SQL statements."""
        events = (
            (agency_id, day, count, number)
            for agency_id, _, day, count, number in _events(agency_ids, filters)
        )
        return added_by_agency(events, agency_ids, periods, counts, {})

    def groups(
        self,
        agency_id: int,
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        by: str,
        *,
        today: date,
    ) -> Groups:
        """Return the counts by indicator; two SQL statements."""
        if by not in self.dimensions:
            raise KeyError(by)
        events = (
            (choice, day, count, number) for _, choice, day, count, number in _events([agency_id], filters)
        )
        found = added_by_day(events, periods, counts, {})
        return named((period, key, numbers) for (key, period), numbers in found.items())

    def reach(
        self,
        agency_ids: Collection[int],
        upto: Period,
        journal: str = "",
        *,
        today: date,
    ) -> Mapping[int, Period]:
        """Return the days from the first reading's period to the last one's; one SQL statement."""
        ends = (
            _confirmed(agency_ids)
            .filter(period_end__lte=upto.end, period_end__gte=upto.start)
            .values_list("agency_id")
            .annotate(Min("period_start"), Max("period_end"))
            .order_by()
        )
        return {agency_id: Period(max(first, upto.start), last) for agency_id, first, last in ends}

    def revision(self, agency_id: int) -> str:
        """Return the newest entry of the journal: no reading is entered, confirmed or withdrawn without one."""
        return newest_hash(agency_id)


def _confirmed(agency_ids: Collection[int]) -> QuerySet[Reading]:
    return Reading.objects.filter(
        agency_id__in=agency_ids,
        state=Reading.State.CONFIRMED,
        indicator__formula__isnull=True,
        indicator__adds_up=True,
    )


def _events(agency_ids: Collection[int], filters: Filters) -> Iterator[tuple[int, Choice, int, str, Number]]:
    wanted = frozenset(filters["indicator"]) if "indicator" in filters else None
    rows = Indicator.objects.filter(agency_id__in=agency_ids, formula__isnull=True, adds_up=True)
    known = {
        pk: (agency_id, Choice(_word(code, name), name))
        for pk, agency_id, code, name in rows.values_list("pk", "agency_id", "definition_code", "name")
    }
    for indicator_id, figures in figures_of(_confirmed(agency_ids)).items():
        agency_id, choice = known[indicator_id]
        if wanted is not None and choice.word not in wanted:
            continue
        for figure in cover(figures):
            day = day_number(figure.period.end)
            yield agency_id, choice, day, "readings", 1
            for count in ("numerator", "denominator", "value"):
                amount: Decimal | None = getattr(figure, count)
                if amount is not None:
                    yield agency_id, choice, day, count, amount


def _word(code: str, name: str) -> str:
    return code or search_key(name)


READINGS = _Readings()
