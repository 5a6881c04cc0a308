"""Counts of dossiers over any periods, from the buckets alone: whole months, and single days where a period cuts one.

One SQL statement for however many agencies and periods. For who may look at these agencies: callers ask first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from camket.core.dossiers import Channel, OnlineLevel
from camket.core.plan import Period
from camket.core.rollup import Cuts, Number, add_up, flows_needed, has_stock, roll_up
from camket.core.tally import COUNTS, Grain, Shape, day_of
from camket.core.wording.text import search_key
from camket.dossiers.models import Batch, Bucket, Field, Procedure, TallyRevision
from camket.org.models import Agency, Unit
from camket.org.queries import units_named

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
    cuts = Cuts.of(periods)
    stretches = _stretches(agency_ids, cuts, counts, filters or {}, None)
    found: dict[tuple[int, Period], dict[str, Number]] = {}
    for agency_id in agency_ids:
        here = roll_up(cuts, stretches.get((agency_id, 0), {}), periods, counts)
        found.update({(agency_id, period): each for period, each in here.items()})
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
    stretches = _stretches(agency_ids, cuts, counts, filters or {}, by)
    found: dict[tuple[int, Period, int], dict[str, Number]] = {}
    for (agency_id, key), each in stretches.items():
        for period, numbers in roll_up(cuts, each, periods, counts).items():
            if any(numbers.values()):
                found[agency_id, period, key] = numbers
    return found


def reach(agency_id: int) -> Period | None:
    """Return the days that an agency's dossiers tell of: from the first that counts to the day of the newest export.

    None before the first import. One SQL statement.
    """
    return reaches([agency_id]).get(agency_id)


def reaches(agency_ids: Collection[int]) -> dict[int, Period]:
    """Return for each agency the days that its dossiers tell of; those without any are left out. One SQL statement."""
    months = Bucket.objects.filter(agency_id=OuterRef("pk"), shape=Shape.ALL, grain=Grain.MONTH)
    settled = months.filter(Q(received__gt=0) | Q(finished__gt=0))
    exports = Batch.objects.filter(
        agency_id=OuterRef("pk"), state__in=(Batch.State.DONE, Batch.State.RUNNING), done_rows__gt=0
    )
    rows = (
        Agency.objects.filter(pk__in=agency_ids)
        .annotate(
            first=Subquery(months.order_by("start").values("start")[:1]),
            newest=Subquery(settled.order_by("-start").values("start")[:1]),
            shown=Subquery(exports.order_by("-as_of").values("as_of")[:1]),
        )
        .filter(newest__isnull=False)
        .values_list("pk", "first", "newest", "shown")
    )
    found = {}
    for agency_id, first, newest, shown in rows.order_by():
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


def fields_named(agency_ids: Collection[int], words: Iterable[str]) -> list[int]:
    """Return the fields of agencies whose key holds any of the words, marks and case aside; one SQL statement."""
    wanted = [search_key(word) for word in words]
    fields = Field.objects.filter(agency_id__in=agency_ids).values_list("pk", "key")
    return [pk for pk, key in fields if any(word in key for word in wanted)]


def words(agency_id: int, by: str, *, limit: int) -> list[tuple[str, str]]:
    """Return the words and names that may be chosen of field, procedure or unit, by name; one SQL statement."""
    if by == "field":
        return list(
            Field.objects.filter(agency_id=agency_id).order_by("name").values_list("key", "name")[:limit]
        )
    if by == "procedure":
        procedures = Procedure.objects.filter(agency_id=agency_id).order_by("key")
        return [(key, name or key) for key, name in procedures.values_list("key", "edition__name")[:limit]]
    units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")
    return [(search_key(name), name) for name in units.values_list("name", flat=True)[:limit]]


def _stretches(
    agency_ids: Collection[int], cuts: Cuts, counts: Collection[str], filters: Filters, by: str | None
) -> dict[tuple[int, int], dict[int, dict[str, Number]]]:
    """Return by agency and number of the dimension what arose in each stretch of time."""
    flows = flows_needed(counts)
    strange = [flow for flow in flows if flow not in _FLOWS]
    if strange:
        raise KeyError(strange[0])
    if not agency_ids or not cuts.days or not flows:
        return {}
    key = "0" if by is None else DIMENSIONS[by]
    shape = _shape({*filters, *({by} if by else ())})
    where, values = _where(agency_ids, shape, filters)
    since = None if has_stock(counts) else cuts.days[0]
    parts = [_months(cuts, since), _days(cuts, since)]
    label = _label(cuts)
    added = ", ".join(f"SUM({flow})" for flow in flows)
    table = connection.ops.quote_name(Bucket._meta.db_table)
    statements, arguments = [], []
    for part in parts:
        if part is not None:
            condition, days = part
            statements.append(
                f"SELECT agency_id, {key}, {label}, {added} FROM {table}"  # noqa: S608 - names are ours
                f" WHERE {where} AND {condition} GROUP BY 1, 2, 3"
            )
            arguments += [*values, *days]
    found: dict[tuple[int, int], dict[int, dict[str, Number]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), arguments)
        for agency_id, group, stretch, *numbers in cursor.fetchall():
            here: dict[str, Number] = dict(zip(flows, numbers, strict=True))
            stretches = found[agency_id, group]
            known = stretches.get(stretch)
            stretches[stretch] = here if known is None else add_up([known, here])
    return found


def _shape(dimensions: set[str]) -> Shape:
    if not dimensions:
        return Shape.ALL
    if dimensions == {"field"}:
        return Shape.FIELD
    return Shape.LEVEL if dimensions == {"level"} else Shape.CELL


def _where(agency_ids: Collection[int], shape: Shape, filters: Filters) -> tuple[str, list[Any]]:
    values: list[Any] = [int(shape)]
    if len(agency_ids) == 1:
        where = "shape = %s AND agency_id = %s"
        values += agency_ids
    else:
        where = f"shape = %s AND agency_id IN ({_numbers(agency_ids)})"
    # Said although it follows from the shape: so the index over all agencies fits.
    if shape is Shape.ALL:
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


def _months(cuts: Cuts, since: int | None) -> tuple[str, list[int]] | None:
    """Return what picks the months that lie whole in one stretch."""
    condition, values = "grain = %s AND start < %s", [int(Grain.MONTH), cuts.days[-1]]
    if since is not None:
        condition += " AND start >= %s"
        values.append(since)
    cut = [first for first, _ in cuts.months_cut()]
    if cut:
        condition += f" AND start NOT IN ({_numbers(cut)})"
    return condition, values


def _days(cuts: Cuts, since: int | None) -> tuple[str, list[int]] | None:
    """Return what picks the days of months that a period cuts; None where all are whole."""
    pieces, values = [], [int(Grain.DAY)]
    low = -(10**9) if since is None else since
    for first, after in cuts.months_cut():
        begin, end = max(first, low), min(after, cuts.days[-1])
        if begin < end:
            pieces.append("start >= %s AND start < %s")
            values += [begin, end]
    if not pieces:
        return None
    return f"grain = %s AND ({' OR '.join(f'({piece})' for piece in pieces)})", values
