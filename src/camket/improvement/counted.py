"""Internal audits as a source of figures: audited units, which of them conform, nonconforming findings and what became of them.

Only issued reports count, on the day of the report. A unit conforms where no finding that stands is a nonconformity; a
nonconforming finding is settled when its nonconformity is closed. Whether a unit applies the system at all is answered
by the checks of the register of assessments as well (``qms.applied``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Counting
from django.db.models import Q

from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.rollup import Number
from camket.core.tally import day_number
from camket.improvement.models import AuditedUnit, Finding
from camket.indicators.sources.door import Choice, Count, Dimension, Filters
from camket.indicators.sources.memory import FewRows
from camket.journal.memory import Memory, Queries
from camket.org.queries.together import Rows

_COUNTS = (
    Count("units", gettext_noop("units within the scope of audits"), has_rows=False),
    Count("conforming", gettext_noop("audited units without a nonconformity"), has_rows=False),
    Count("without_major", gettext_noop("audited units without a major nonconformity"), has_rows=False),
    Count("nonconforming", gettext_noop("nonconforming findings"), has_rows=False),
    Count("settled", gettext_noop("nonconforming findings that are settled"), has_rows=False),
)
_STANDS = Q(findings__is_withdrawn=False)
_MAJOR = _STANDS & Q(findings__grade=Finding.Grade.MAJOR)
_EITHER = _STANDS & Q(findings__grade__in=(Finding.Grade.MAJOR, Finding.Grade.MINOR))


@dataclass(frozen=True, slots=True)
class _Audited:
    """A unit in an issued report, with its nonconforming findings."""

    agency_id: int
    reported_on: date
    major: int
    nonconforming: int
    settled: int

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield to which day it adds what."""
        day = day_number(self.reported_on)
        yield day, "units", 1
        yield day, "conforming", int(not self.nonconforming)
        yield day, "without_major", int(not self.major)
        yield day, "nonconforming", self.nonconforming
        yield day, "settled", self.settled


class _Audits(FewRows[_Audited]):
    key = "audits"
    title = gettext_noop("Internal audits")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return nothing: units mean something in their own agency alone."""
        return {}

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[_Audited], bool]:
        """Keep all."""
        return lambda row: True

    def told_apart(self, agency_id: int, rows: Sequence[_Audited], by: str) -> Callable[[_Audited], Choice]:
        """Raise KeyError: there is nothing to tell them apart by."""
        raise KeyError(by)

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days from the first issued report."""
        first: dict[int, date] = {}
        for row in self.memory.rows(agency_ids, journal):
            if row.reported_on <= upto.end:
                first[row.agency_id] = min(row.reported_on, first.get(row.agency_id, row.reported_on))
        return {agency_id: Period(max(day, upto.start), upto.end) for agency_id, day in first.items()}


def _queries(agency_ids: Collection[int]) -> Queries:
    """Return the units of issued reports."""
    rows = AuditedUnit.objects.filter(
        audit__agency_id__in=agency_ids,
        audit__state__in=("reported", "closed"),
        audit__reported_on__isnull=False,
    ).annotate(
        major=Counting("findings", filter=_MAJOR, distinct=True),
        nonconforming=Counting("findings", filter=_EITHER, distinct=True),
        settled=Counting(
            "findings", filter=_EITHER & Q(findings__nonconformity__state="closed"), distinct=True
        ),
    )
    names = ("audit__agency_id", "audit__reported_on", "major", "nonconforming", "settled")
    return [rows.order_by("pk").values_list(*names)]


def _made(rows: Rows) -> Iterator[_Audited]:
    return (_Audited(*row) for row in rows)


MEMORY = Memory(_queries, _made)
AUDITS = _Audits(MEMORY, {})
