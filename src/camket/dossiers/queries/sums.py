"""Counts of dossiers over any periods, from the buckets: whole months, and single days where a period cuts one.

Of single days the buckets know fields or levels. What is split or filtered by more is counted for these days, a month
at each end of a period at most, from the rows that an index gives for them. One SQL statement for however many
agencies and periods. For who may look at these agencies: callers ask first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from camket.core.dossiers import Channel, OnlineLevel
from camket.core.plan import Period
from camket.core.rollup import Cuts, Number, add_up, flows_needed, has_stock, roll_up
from camket.core.tally import COUNTS, Grain, Shape, day_number, day_of
from camket.core.wording.text import search_key
from camket.dossiers.models import Batch, Bucket, Dossier, Field, Procedure, TallyRevision
from camket.dossiers.tally import KEYS, ROWS
from camket.journal.memory import Memory, Queries
from camket.org.models import Agency, Unit
from camket.org.queries import names_of_units_read_once, units_named
from camket.org.queries.together import Rows

DIMENSIONS: Mapping[str, str] = {
    "field": "field_key",
    "procedure": "procedure_key",
    "unit": "unit_key",
    "channel": "channel",
    "level": "level",
}
"""Dimensions of a bucket, each with its column."""

Filters = Mapping[str, Sequence[str]]

_MANY = 1000
_TOGETHER = 100
"""Filters that are asked for in one statement."""

_DAY = timedelta(days=1)
_FLOWS = frozenset(COUNTS)


def sums(
    agency_ids: Collection[int],
    periods: Sequence[Period],
    counts: Collection[str],
    *,
    filters: Filters | None = None,
) -> dict[tuple[int, Period], dict[str, Number]]:
    """Return the counts of each agency in each period; one SQL statement, and one more where units are filtered.

    ``counts`` are of :data:`camket.core.tally.COUNTS` and :data:`camket.core.rollup.STOCKS`; KeyError for others, and
    for filters of an unknown dimension. An agency or a period without dossiers has zeros.
    """
    return sums_together(agency_ids, periods, counts, [filters or {}])[0]


def sums_together(
    agency_ids: Collection[int],
    periods: Sequence[Period],
    counts: Collection[str],
    filters: Sequence[Filters],
) -> list[dict[tuple[int, Period], dict[str, Number]]]:
    """Return what :func:`sums` gives for each of several filters, in their order, by the same statements together."""
    cuts = Cuts.of(periods)
    found: list[dict[tuple[int, Period], dict[str, Number]]] = []
    for start in range(0, len(filters), _TOGETHER):
        some = filters[start : start + _TOGETHER]
        for stretches in _stretches(agency_ids, cuts, counts, some, None):
            sums: dict[tuple[int, Period], dict[str, Number]] = {}
            for agency_id in agency_ids:
                here = roll_up(cuts, stretches.get((agency_id, 0), {}), periods, counts)
                sums.update({(agency_id, period): each for period, each in here.items()})
            found.append(sums)
    return found


def sums_by(
    agency_ids: Collection[int],
    periods: Sequence[Period],
    counts: Collection[str],
    *,
    by: str,
    filters: Filters | None = None,
) -> dict[tuple[int, Period, int], dict[str, Number]]:
    """Return the counts split by a dimension: by agency, period and the number that stands for it in the buckets.

    Field, procedure and unit are ids, channel and level their enum's numbers; 0 stands for what is not known.
    """
    cuts = Cuts.of(periods)
    [stretches] = _stretches(agency_ids, cuts, counts, [filters or {}], by)
    found: dict[tuple[int, Period, int], dict[str, Number]] = {}
    for (agency_id, key), each in stretches.items():
        for period, numbers in roll_up(cuts, each, periods, counts).items():
            if any(numbers.values()):
                found[agency_id, period, key] = numbers
    return found


def between(
    agency_id: int,
    counts: Collection[str],
    start: date | None,
    end: date,
    *,
    by: Sequence[str] = (),
    picked: Mapping[str, Collection[int]] | None = None,
) -> dict[tuple[int, ...], dict[str, int]]:
    """Return the sums of counts that arise on days, from one day to another, from the beginning without a start.

    By the numbers of the dimensions ``by``, in their order; of what is ``picked`` of dimensions, by their numbers. One SQL
    statement, or none where the days are none.
    """
    if start is not None and end < start:
        return {}
    names, picked = tuple(counts), picked or {}
    shape = _shape({*by, *picked})
    keys = [DIMENSIONS[each] for each in by]
    first, after = None if start is None else day_number(start), day_number(end + _DAY)
    last_month = day_number((end + _DAY).replace(day=1))
    first_month = None if start is None else day_number(_month_from(start))
    ranges = [(last_month, after)]
    months = "grain = %s AND start < %s"
    values: list[Any] = [int(Grain.MONTH), last_month]
    if first is not None and first_month is not None:
        if first_month >= last_month:
            ranges = [(first, after)]
        else:
            ranges.append((first, first_month))
        months += " AND start >= %s"
        values.append(first_month)
    own, within = f"agency_id = {int(agency_id)}", _picked(picked)
    selected = ", ".join([*keys, *(f"SUM({name})" for name in names)])
    groups = f" GROUP BY {', '.join(keys)}" if keys else ""
    statements = [f"SELECT {selected} FROM {_buckets(own, shape)} WHERE {within} AND {months}{groups}"]  # noqa: S608
    table, days, of_days = _days_of(own, shape, names, [each for each in ranges if each[0] < each[1]])
    if days:
        statements.append(f"SELECT {selected} FROM {table} WHERE {within} AND {days}{groups}")  # noqa: S608
    found: dict[tuple[int, ...], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), [*values, *of_days])
        for row in cursor.fetchall():
            into = found.setdefault(tuple(row[: len(keys)]), dict.fromkeys(names, 0))
            for name, number in zip(names, row[len(keys) :], strict=True):
                into[name] += number or 0
    return found


def newest_days(
    agency_id: int,
    plus: Sequence[str],
    minus: Sequence[str],
    since: int,
    until: int,
    *,
    picked: Mapping[str, Collection[int]],
) -> Iterator[tuple[int, int]]:
    """Yield the days of a range, both ends included, on which any dossier counts by these less those, the newest first.

    With how many they are. ``picked`` is as in :func:`between`. One SQL statement.
    """
    shape = _shape(set(picked))
    number = " - ".join([" + ".join(plus), *minus])
    own = f"agency_id = {int(agency_id)}"
    table, days, values = _days_of(own, shape, (*plus, *minus), [(since, until + 1)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT start, SUM({number}) FROM {table}"  # noqa: S608 - names are ours
            f" WHERE {_picked(picked)} AND {days} AND {number} > 0 GROUP BY start ORDER BY start DESC",
            values,
        )
        while rows := cursor.fetchmany(100):
            yield from rows


def reach(agency_id: int) -> Period | None:
    """Return the days that an agency's dossiers tell of: from the first that counts to the day of the newest export.

    None before the first import. One SQL statement.
    """
    return reaches([agency_id]).get(agency_id)


def reaches(agency_ids: Collection[int]) -> dict[int, Period]:
    """Return for each agency the days that its dossiers tell of; those without any are left out.

    One SQL statement, none where it is known (:func:`reach_known`).
    """
    known = _REACH.get()
    if known is not None and list(agency_ids) == [known[0]]:
        return {known[0]: known[1]} if known[1] is not None else {}
    return reaches_of(reaches_query(agency_ids))


_REACH: ContextVar[tuple[int, Period | None] | None] = ContextVar("reach", default=None)


@contextmanager
def reach_known(agency_id: int, days: Period | None) -> Iterator[None]:
    """Take what was read of an agency as its days meanwhile, and do not ask for them again. For who writes nothing."""
    token = _REACH.set((agency_id, days))
    try:
        yield
    finally:
        _REACH.reset(token)


def reaches_query(agency_ids: Collection[int]) -> QuerySet[Agency, tuple[Any, ...]]:
    """Return the query that :func:`reaches` asks; :func:`reaches_of` reads its rows."""
    months = Bucket.objects.filter(agency_id=OuterRef("pk"), shape=Shape.ALL, grain=Grain.MONTH)
    settled = months.filter(Q(received__gt=0) | Q(finished__gt=0))
    exports = Batch.objects.filter(
        agency_id=OuterRef("pk"), state__in=(Batch.State.DONE, Batch.State.RUNNING), done_rows__gt=0
    )
    return (
        Agency.objects.filter(pk__in=agency_ids)
        .annotate(
            first=Subquery(months.order_by("start").values("start")[:1]),
            newest=Subquery(settled.order_by("-start").values("start")[:1]),
            shown=Subquery(exports.order_by("-as_of").values("as_of")[:1]),
        )
        .filter(newest__isnull=False)
        .values_list("pk", "first", "newest", "shown")
        .order_by()
    )


def reaches_of(rows: Iterable[tuple[Any, ...]]) -> dict[int, Period]:
    """Return what the rows of :func:`reaches_query` tell."""
    found = {}
    for agency_id, first, newest, shown in rows:
        month = day_of(newest)
        end = shown or month + relativedelta(months=1, days=-1)
        found[agency_id] = Period(day_of(first), max(end, month))
    return found


def revision(agency_id: int) -> int:
    """Return how often the agency's counts changed; one SQL statement."""
    number = TallyRevision.objects.filter(agency_id=agency_id).values_list("number", flat=True).first()
    return number or 0


def names_of(agency_id: int, by: str, keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return for the numbers of a dimension the word that filters by it and its name; one SQL statement.

    Not for channel and level, whose words are those of their enums.
    """
    if by == "field":
        fields = Field.objects.filter(agency_id=agency_id, pk__in=keys).values_list("pk", "key", "name")
        return {pk: (key, name) for pk, key, name in fields}
    if by == "procedure":
        procedures = Procedure.objects.filter(agency_id=agency_id, pk__in=keys)
        return {
            pk: (key, name or key) for pk, key, name in procedures.values_list("pk", "key", "edition__name")
        }
    units = Unit.objects.filter(agency_id=agency_id, pk__in=keys).values_list("pk", "name")
    return {pk: (search_key(name), name) for pk, name in units}


def fields_named(agency_ids: Collection[int], words: Iterable[str], journal: str = "") -> list[int]:
    """Return the fields of agencies whose key holds any of the words, marks and case aside.

    One SQL statement; none where ``journal``, the hash of the newest entry of a single agency, is known and so are its
    fields.
    """
    wanted = [search_key(word) for word in words]
    if journal:
        fields = [(pk, key) for pk, key, _name in FIELDS.rows(agency_ids, journal)]
    else:
        fields = list(Field.objects.filter(agency_id__in=agency_ids).values_list("pk", "key"))
    return [pk for pk, key in fields if any(word in key for word in wanted)]


def _of_fields(agency_ids: Collection[int]) -> Queries:
    return [Field.objects.filter(agency_id__in=agency_ids).values_list("pk", "key", "name")]


def _fields(rows: Rows) -> Iterator[tuple[int, str, str]]:
    return ((pk, key, name) for pk, key, name in rows)


FIELDS = Memory(_of_fields, _fields)


def words(agency_id: int, by: str, *, limit: int) -> list[tuple[str, str]]:
    """Return the words and names that may be chosen of field, procedure or unit, by name; one SQL statement."""
    if by == "field":
        fields = sorted(FIELDS.rows([agency_id]), key=lambda field: field[1])  # its words without marks
        return [(key, name) for _pk, key, name in fields[:limit]]
    if by == "procedure":
        procedures = Procedure.objects.filter(agency_id=agency_id).order_by("key")
        return [(key, name or key) for key, name in procedures.values_list("key", "edition__name")[:limit]]
    units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")
    return [(search_key(name), name) for name in units.values_list("name", flat=True)[:limit]]


def _stretches(
    agency_ids: Collection[int],
    cuts: Cuts,
    counts: Collection[str],
    filters: Sequence[Filters],
    by: str | None,
) -> list[dict[tuple[int, int], dict[int, dict[str, Number]]]]:
    """Return for each filter, by agency and number of the dimension, what arose in each stretch of time."""
    flows = flows_needed(counts)
    strange = [flow for flow in flows if flow not in _FLOWS]
    if strange:
        raise KeyError(strange[0])
    if not agency_ids or not cuts.days or not flows:
        return [{} for _ in filters]
    key = "0" if by is None else DIMENSIONS[by]
    agencies = _agencies(agency_ids)
    since = None if has_stock(counts) else cuts.days[0]
    label = _label(cuts)
    added = ", ".join(f"SUM({flow})" for flow in flows)
    statements, arguments = [], []
    shapes = [_shape({*each, *({by} if by else ())}) for each in filters]
    with names_of_units_read_once():
        narrowed = [_filtered(agency_ids, shape, each) for shape, each in zip(shapes, filters, strict=True)]
    for place, (shape, (where, values)) in enumerate(zip(shapes, narrowed, strict=True)):
        for table, condition, days in (
            (_buckets(agencies, shape), *_months(cuts, since)),
            _days_of(agencies, shape, flows, _ranges(cuts, since)),
        ):
            if condition:
                statements.append(
                    f"SELECT {place}, agency_id, {key}, {label}, {added} FROM {table}"  # noqa: S608 - names are ours
                    f" WHERE {where} AND {condition} GROUP BY 1, 2, 3, 4"
                )
                arguments += [*values, *days]
    found: list[dict[tuple[int, int], dict[int, dict[str, Number]]]] = [defaultdict(dict) for _ in filters]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), arguments)
        for place, agency_id, group, stretch, *numbers in cursor.fetchall():
            here: dict[str, Number] = dict(zip(flows, numbers, strict=True))
            stretches = found[place][agency_id, group]
            known = stretches.get(stretch)
            stretches[stretch] = here if known is None else add_up([known, here])
    return found


def _shape(dimensions: set[str]) -> Shape:
    if not dimensions:
        return Shape.ALL
    if dimensions == {"field"}:
        return Shape.FIELD
    return Shape.LEVEL if dimensions == {"level"} else Shape.CELL


def _agencies(agency_ids: Collection[int]) -> str:
    if len(agency_ids) == 1:
        return f"agency_id = {_numbers(agency_ids)}"
    return f"agency_id IN ({_numbers(agency_ids)})"


def _filtered(agency_ids: Collection[int], shape: Shape, filters: Filters) -> tuple[str, list[Any]]:
    where = "1 = 1"
    values: list[Any] = []
    # Said although it follows from the shape: so the index over all agencies fits. SQLite would take that index for one
    # agency too and go through the rows of all; for all of them it is quicker by the index that begins with the agency.
    if shape is Shape.ALL and len(agency_ids) >= _MANY and connection.vendor == "postgresql":
        where += " AND field_key = 0 AND level = 0"
    for dimension in sorted(filters):
        column, words = DIMENSIONS[dimension], filters[dimension]
        if dimension == "channel":
            where += f" AND {column} IN ({_numbers(Channel[word.upper()] for word in words)})"
        elif dimension == "level":
            where += f" AND {column} IN ({_numbers(OnlineLevel[word.upper()] for word in words)})"
        elif dimension == "unit":
            where += f" AND {column} IN ({_numbers(units_named(agency_ids, words)) or 'NULL'})"
        elif dimension == "procedure":
            table = connection.ops.quote_name(Procedure._meta.db_table)
            marks = ", ".join(["%s"] * len(words))
            within = f"SELECT id FROM {table} WHERE {_of(agency_ids)} AND key IN ({marks})"  # noqa: S608
            where += f" AND {column} IN ({within})"
            values += words
        else:
            table = connection.ops.quote_name(Field._meta.db_table)
            either = " OR ".join(["key LIKE %s ESCAPE '!'"] * len(words))
            within = f"SELECT id FROM {table} WHERE {_of(agency_ids)} AND ({either})"  # noqa: S608
            where += f" AND {column} IN ({within})"
            values += [f"%{_escaped(search_key(word))}%" for word in words]
    return where, values


def _picked(picked: Mapping[str, Collection[int]]) -> str:
    terms = [f"{DIMENSIONS[each]} IN ({_numbers(numbers) or 'NULL'})" for each, numbers in picked.items()]
    return " AND ".join(terms) or "1 = 1"


def _of(agency_ids: Collection[int]) -> str:
    # The outer statement keeps to the agencies; naming thousands of them twice only costs time.
    return f"agency_id IN ({_numbers(agency_ids)})" if len(agency_ids) < _MANY else "1 = 1"


def _numbers(numbers: Any) -> str:
    return ", ".join(str(int(number)) for number in numbers)


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _label(cuts: Cuts) -> str:
    """Return the SQL that gives the stretch of a row by its first day."""
    steps = " ".join(f"WHEN start < {day} THEN {stretch}" for stretch, day in enumerate(cuts.days))
    return f"CASE {steps} END"


def _months(cuts: Cuts, since: int | None) -> tuple[str, list[int]]:
    """Return what picks the months that lie whole in one stretch."""
    condition, values = "grain = %s AND start < %s", [int(Grain.MONTH), cuts.days[-1]]
    if since is not None:
        condition += " AND start >= %s"
        values.append(since)
    cut = [first for first, _ in cuts.months_cut()]
    if cut:
        condition += f" AND start NOT IN ({_numbers(cut)})"
    return condition, values


def _ranges(cuts: Cuts, since: int | None) -> list[tuple[int, int]]:
    """Return the days of months that a period cuts, as the first and the one after the last of each month."""
    low = -(10**9) if since is None else since
    pieces = [(max(first, low), min(after, cuts.days[-1])) for first, after in cuts.months_cut()]
    return [(begin, end) for begin, end in pieces if begin < end]


def _buckets(agencies: str, shape: Shape) -> str:
    """Return the buckets of a shape as a table; the engines take in what is asked of it from outside."""
    table = connection.ops.quote_name(Bucket._meta.db_table)
    return f"(SELECT * FROM {table} WHERE shape = {int(shape)} AND {agencies}) AS sums"  # noqa: S608 - names are ours


def _days_of(
    agencies: str, shape: Shape, flows: Sequence[str], ranges: Sequence[tuple[int, int]]
) -> tuple[str, str, list[int]]:
    """Return a table with the counts of single days, what picks the days from it ("" for none), and its values.

    Each range is a day and the one after the last. The finest shape is that of the rows themselves.
    """
    if not ranges:
        return "", "", []
    if shape is not Shape.CELL:
        pieces = " OR ".join(["(start >= %s AND start < %s)"] * len(ranges))
        values = [day for each in ranges for day in each]
        return _buckets(agencies, shape), f"grain = %s AND ({pieces})", [int(Grain.DAY), *values]
    table = connection.ops.quote_name(Dossier._meta.db_table)
    keys = ", ".join(
        f"COALESCE({key.removesuffix('_key')}_id, 0) AS {key}" if key.endswith("_key") else key
        for key in KEYS
    )
    selects = []
    for day, counts in ROWS.items():
        if not counts.keys() & set(flows):
            continue
        added = ", ".join(f"{_added(counts, flow)} AS {flow}" for flow in dict.fromkeys(flows))
        counted = f"{agencies} AND received_day IS NOT NULL"
        if day == "waiting_until_day":
            counted += " AND waiting_from_day IS NOT NULL"
        selects += [
            f"SELECT agency_id, {day} AS start, {keys}, {added} FROM {table}"  # noqa: S608 - names are ours
            f" WHERE {counted} AND {day} >= {int(begin)} AND {day} < {int(end)}"
            for begin, end in ranges
        ]
    return f"({' UNION ALL '.join(selects)}) AS sums", "1 = 1", []


def _added(counts: Mapping[str, str], flow: str) -> str:
    """Return the SQL of what one row adds to a count on a day."""
    if flow not in counts:
        return "0"
    if flow == "handling_days":
        return "COALESCE(handling_days, 0)"
    return f"CASE WHEN {counts[flow]} THEN 1 ELSE 0 END" if counts[flow] else "1"


def _month_from(day: date) -> date:
    """Return the first day of the first month that begins on a day or after it."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)
