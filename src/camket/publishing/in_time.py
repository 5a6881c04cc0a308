"""Postings as a source of figures: what had to be made public by a day, and whether it was in time.

Two things have a day: a posting of what was decided, where the law gives it so many working days (Luật 10/2022/QH15,
Điều 11–14), and a line of the yearly plan that names one. What such a line planned counts as that line alone; a renewal,
a posting entered by mistake and a line that was dropped count nowhere. The catalogue of procedures has a source of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Min, Q, Value

from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.postings import last_day_in_time
from camket.core.rollup import Number
from camket.core.tally import day_number
from camket.indicators.sources.door import Choice, Count, Dimension, Filters
from camket.indicators.sources.memory import FewRows
from camket.journal.memory import Memory, Queries
from camket.org.calendar import calendars_of, days_of
from camket.org.queries.together import Rows
from camket.publishing.models import Notice, PlannedPosting
from camket.publishing.posting_rules import CATALOGUE, rule_name, rule_of, shipped

_COUNTS = (
    Count("due", gettext_noop("contents to be made public by a day"), has_rows=False),
    Count("on_time", gettext_noop("contents made public by their day"), has_rows=False),
    Count("late", gettext_noop("contents made public after their day"), has_rows=False),
    Count("not_posted", gettext_noop("contents not made public though planned by a day"), has_rows=False),
)

_OWN = Choice("own", gettext_noop("Content of one's own"), is_message=True)


@dataclass(frozen=True, slots=True)
class _Content:
    """What had to be made public by a day; ``posted_on`` None where it was not."""

    agency_id: int
    rule: str
    last_day: date
    posted_on: date | None

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield to which day it adds what."""
        day = day_number(self.last_day)
        yield day, "due", 1
        if self.posted_on is None:
            yield day, "not_posted", 1
        else:
            yield day, "on_time" if self.posted_on <= self.last_day else "late", 1


class _Postings(FewRows[_Content]):
    key = "postings"
    title = gettext_noop("Postings")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {"content": Dimension("content", gettext_noop("content"))}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the contents that the law names, and those of one's own; no SQL statement."""
        codes = dict.fromkeys(rule.code for rule in shipped() if rule.code != CATALOGUE)
        return {"content": (*(_choice(code) for code in codes), _OWN)}

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[_Content], bool]:
        """Keep the contents of the filter."""
        wanted = filters.get("content")
        return lambda row: wanted is None or _choice(row.rule).word in wanted

    def told_apart(self, agency_id: int, rows: Sequence[_Content], by: str) -> Callable[[_Content], Choice]:
        """Tell them apart by content."""
        if by != "content":
            raise KeyError(by)
        return lambda row: _choice(row.rule)

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days from the first that something had to be made public by."""
        first: dict[int, date] = {}
        for row in self.memory.rows(agency_ids, journal):
            if row.last_day <= upto.end:
                first[row.agency_id] = min(row.last_day, first.get(row.agency_id, row.last_day))
        return {agency_id: Period(max(day, upto.start), upto.end) for agency_id, day in first.items()}


def _choice(code: str) -> Choice:
    return Choice(code, rule_name(code)) if code else _OWN


def _queries(agency_ids: Collection[int]) -> Queries:
    """Return what is planned and what was decided, in one, and the days that are not what their weekday says."""
    lines = (
        PlannedPosting.objects.filter(agency_id__in=agency_ids, is_dropped=False, due_on__isnull=False)
        .exclude(rule=CATALOGUE)
        .annotate(
            first=Min("notices__posted_on", filter=Q(notices__is_cancelled=False)),
            is_line=Value(value=True, output_field=BooleanField()),
        )
    )
    notices = (
        Notice.objects.filter(
            agency_id__in=agency_ids, is_cancelled=False, renews=None, decided_on__isnull=False
        )
        .exclude(rule__in=("", CATALOGUE))
        .annotate(is_line=Value(value=False, output_field=BooleanField()))
    )
    return [
        lines.values_list("is_line", "pk", "agency_id", "rule", "due_on", "first").union(
            notices.values_list("is_line", "planned_id", "agency_id", "rule", "decided_on", "posted_on"),
            all=True,
        ),
        days_of(agency_ids),
    ]


def _made(rows: Rows, days: Rows) -> Iterator[_Content]:
    """Yield what had to be made public."""
    dated = {planned_id for is_line, planned_id, *_ in rows if is_line}
    calendars = calendars_of({agency_id for _, _, agency_id, *_ in rows}, days)
    for is_line, planned_id, agency_id, code, day, posted_on in rows:
        if day is None:
            continue
        if is_line:
            yield _Content(agency_id, code, day, posted_on)
        elif planned_id not in dated:
            last = last_day_in_time(rule_of(code, posted_on), day, calendars[agency_id])
            if last is not None:
                yield _Content(agency_id, code, last, posted_on)


MEMORY = Memory(_queries, _made)
POSTINGS = _Postings(MEMORY, {})
