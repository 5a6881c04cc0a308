"""The catalogue of administrative procedures as a source: how many there are on a day, posted, offered online.

All of it is how things stand: what came into the catalogue up to a day less what left it. A procedure that dossiers
name and the catalogue does not have does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db.models import IntegerField, TextField, Value

from camket.core.dossiers import ADVANCED_LEVELS, LEVEL_NAMES, OnlineLevel
from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.rollup import Number, Stand, Stock
from camket.core.tally import day_number, day_of
from camket.core.wording.text import search_key
from camket.dossiers.models import Posting, ProcedureEdition
from camket.dossiers.queries import sums as buckets
from camket.indicators.sources.door import (
    Choice,
    Count,
    Dimension,
    Filters,
    Offered,
)
from camket.indicators.sources.memory import FewRows
from camket.journal.memory import Memory, Queries
from camket.org.queries import units_named
from camket.org.queries.together import Rows

_COUNTS = (
    Count("listed", gettext_noop("procedures in the catalogue at the end of the period"), Stand.END),
    Count("posted", gettext_noop("procedures posted at the end of the period"), Stand.END),
    Count(
        "posted_website",
        gettext_noop("procedures posted on the agency's website at the end of the period"),
        Stand.END,
    ),
    Count("online", gettext_noop("procedures offered online at the end of the period"), Stand.END),
    Count("partial", gettext_noop("procedures offered partly online at the end of the period"), Stand.END),
    Count("advanced", gettext_noop("procedures offered wholly online at the end of the period"), Stand.END),
    Count(
        "advanced_portal",
        gettext_noop(
            "procedures offered wholly online and posted on the National Public Service Portal at the end of the period"
        ),
        Stand.END,
    ),
)

_STOCKS = {each.key: Stock(f"{each.key}_came", f"{each.key}_went", each.stand) for each in _COUNTS}

_DIMENSIONS = (
    Dimension("field", gettext_noop("field")),
    Dimension("procedure", gettext_noop("procedure")),
    Dimension("unit", gettext_noop("unit")),
    Dimension("level", gettext_noop("online level")),
)

_PORTAL = ("cong dich vu cong", "cong dvc", "dichvucong")
_WEBSITE = ("cong thong tin", "trang thong tin", "website", "cong ttdt", "trang ttdt")

_FOREVER = 10**7


class _Span(NamedTuple):
    """Days as numbers, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Stay:
    """One edition of a procedure as long as it holds, with what of it is counted and on which days."""

    agency_id: int
    procedure: str
    field_id: int
    unit_id: int
    level: OnlineLevel
    counted: tuple[tuple[str, _Span], ...]

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield to which day it adds what."""
        for count, span in self.counted:
            yield span.first, f"{count}_came", 1
            if span.last < _FOREVER:
                yield span.last + 1, f"{count}_went", 1


def _words(agency_id: int, by: str) -> Iterator[Choice]:
    return (Choice(word, name) for word, name in buckets.words(agency_id, by, limit=500))


class _Procedures(FewRows[_Stay]):
    key = "procedures"
    title = gettext_noop("Catalogue of administrative procedures")
    counts: Mapping[str, Count] = {each.key: each for each in _COUNTS}
    dimensions: Mapping[str, Dimension] = {each.key: each for each in _DIMENSIONS}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return what may be chosen; one SQL statement for each of field, procedure and unit that is looked at."""
        return Offered(
            **{by: partial(_words, agency_id, by) for by in ("field", "procedure", "unit")},
            level=lambda: (
                Choice(each.name.lower(), LEVEL_NAMES[each], is_message=True) for each in OnlineLevel
            ),
        )

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[_Stay], bool]:
        """Keep the fields, units, levels and procedures of the filters; one SQL statement each for fields and units."""
        fields = frozenset(buckets.fields_named(agency_ids, filters["field"])) if "field" in filters else None
        units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
        levels = [OnlineLevel[word.upper()] for word in filters["level"]] if "level" in filters else None
        procedures = filters.get("procedure")
        return lambda stay: (
            (fields is None or stay.field_id in fields)
            and (units is None or stay.unit_id in units)
            and (levels is None or stay.level in levels)
            and (procedures is None or stay.procedure in procedures)
        )

    def told_apart(self, agency_id: int, rows: Sequence[_Stay], by: str) -> Callable[[_Stay], Choice]:
        """Tell them apart by level and procedure, or by field and unit with one SQL statement."""
        if by == "level":
            return lambda stay: Choice(stay.level.name.lower(), LEVEL_NAMES[stay.level], is_message=True)
        if by == "procedure":
            return lambda stay: Choice(stay.procedure, stay.procedure)

        def key(stay: _Stay) -> int:
            return stay.field_id if by == "field" else stay.unit_id

        known = buckets.names_of(agency_id, by, {key(stay) for stay in rows})
        return lambda stay: Choice(*known.get(key(stay), ("", "")))

    def reach(
        self,
        agency_ids: Collection[int],
        upto: Period,
        journal: str = "",
        *,
        today: date,
    ) -> Mapping[int, Period]:
        """Return the days from the first edition on; the catalogue holds until it is changed."""
        found: dict[int, Period] = {}
        for stay in self.memory.rows(agency_ids, journal):
            first = min(span.first for _, span in stay.counted)
            if first <= day_number(upto.end):
                begun = max(first, day_number(upto.start))
                known = found.get(stay.agency_id)
                if known is None or begun < day_number(known.start):
                    found[stay.agency_id] = Period(day_of(begun), upto.end)
        return found


def _made(rows: Rows) -> Iterator[_Stay]:
    everywhere: dict[int, list[_Span]] = defaultdict(list)
    portal: dict[int, list[_Span]] = defaultdict(list)
    website: dict[int, list[_Span]] = defaultdict(list)
    editions: dict[int, list[tuple[int, str, int, int | None, int, date, date | None]]] = defaultdict(list)
    for procedure_id, agency_id, word, address, field_id, unit_id, number, begun, ended in rows:
        if number != _POSTED:
            editions[procedure_id].append((agency_id, word, field_id, unit_id, number, begun, ended))
            continue
        last = _FOREVER if ended is None else day_number(ended) - 1
        span = _Span(day_number(begun), last)
        if span.last < span.first:
            continue
        everywhere[procedure_id].append(span)
        where = f"{search_key(word)} {address.lower()}"
        if any(word in where for word in _PORTAL):
            portal[procedure_id].append(span)
        elif any(word in where for word in _WEBSITE):
            website[procedure_id].append(span)
    for procedure_id, held in editions.items():
        for place_in, (agency_id, key, field_id, unit_id, number, begun, ended) in enumerate(held):
            last = _FOREVER if ended is None else day_number(ended)
            if place_in + 1 < len(held):
                last = min(last, day_number(held[place_in + 1][5]) - 1)
            whole = _Span(day_number(begun), last)
            if whole.last < whole.first:
                continue
            level = OnlineLevel(number)
            counted = [("listed", whole)]
            counted += [("posted", span) for span in _within(everywhere[procedure_id], whole)]
            counted += [("posted_website", span) for span in _within(website[procedure_id], whole)]
            if level != OnlineLevel.NONE:
                counted.append(("online", whole))
            if level == OnlineLevel.PARTIAL:
                counted.append(("partial", whole))
            if level in ADVANCED_LEVELS:
                counted.append(("advanced", whole))
                counted += [("advanced_portal", span) for span in _within(portal[procedure_id], whole)]
            yield _Stay(agency_id, key, field_id, unit_id or 0, level, tuple(counted))


_POSTED = -1
"""Instead of a level: the row is no edition but a posting."""


def _queries(agency_ids: Collection[int]) -> Queries:
    """Return editions and postings of procedures in one statement, each procedure's by the day from which they hold.

    An edition with its agency, key, field, unit, level, first and last day; a posting with place, address, the day it was
    posted and the first on which it is there no more.
    """
    editions = ProcedureEdition.objects.filter(
        procedure__agency_id__in=agency_ids, procedure__is_listed=True
    ).values_list(
        "procedure_id", "procedure__agency_id", "procedure__key", Value("", TextField()), "field_id", "unit_id",
        "level", "valid_from", "valid_to",
    )  # fmt: skip
    postings = Posting.objects.filter(procedure__agency_id__in=agency_ids).values_list(
        "procedure_id", "procedure__agency_id", "place", "address", Value(0, IntegerField()),
        Value(0, IntegerField()), Value(_POSTED, IntegerField()), "posted_on", "removed_on",
    )  # fmt: skip
    return [editions.order_by().union(postings.order_by(), all=True).order_by("procedure_id", "valid_from")]


def _within(spans: Iterable[_Span], whole: _Span) -> list[_Span]:
    """Return the days of a stretch that are in any of the spans, each once."""
    found: list[_Span] = []
    for span in sorted(spans):
        first, last = max(span.first, whole.first), min(span.last, whole.last)
        if last < first:
            continue
        if found and first <= found[-1].last + 1:
            found[-1] = _Span(found[-1].first, max(found[-1].last, last))
        else:
            found.append(_Span(first, last))
    return found


MEMORY = Memory(_queries, _made)
PROCEDURES = _Procedures(MEMORY, _STOCKS)
