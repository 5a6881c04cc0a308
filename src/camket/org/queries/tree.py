"""The tree of agencies and the line of their predecessors: each walk is one statement, whatever its length.

A recursive UNION leaves out rows that it has seen, so that a circle in the data ends the walk instead of the
database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from camket.core.wording.text import search_key, sort_key
from camket.org.models import Agency, FormerName, Succession

_EXISTS = "({0}.valid_from IS NULL OR {0}.valid_from <= %s) AND ({0}.valid_to IS NULL OR {0}.valid_to >= %s)"

_UP = """
WITH RECURSIVE line(id) AS (
    SELECT id FROM org_agency WHERE id = %s
    UNION
    SELECT child.parent_id FROM org_agency child JOIN line ON child.id = line.id WHERE child.parent_id IS NOT NULL
)
SELECT * FROM org_agency WHERE id IN (SELECT id FROM line)
"""

_BACK = """
WITH RECURSIVE line(id) AS (
    SELECT gone.id FROM org_succession s JOIN org_agency gone ON gone.id = s.predecessor_id
    WHERE s.successor_id IN ({places}) AND s."on" <= %s AND gone.valid_to < %s
    UNION
    SELECT gone.id FROM line JOIN org_succession s ON s.successor_id = line.id
    JOIN org_agency gone ON gone.id = s.predecessor_id WHERE gone.valid_to < %s
)
SELECT id FROM line
"""


@dataclass(frozen=True, slots=True)
class AgencyNode:
    """An agency as lists of the tree name it."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    parent_name: str | None
    former_names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What searching looks in: the names without marks, and the code."""
        return _key(self.name, self.code, *self.former_names)


@lru_cache(maxsize=8192)
def _key(name: str, code: str, *former_names: str) -> str:
    return " ".join([search_key(name), code.casefold(), *(search_key(each) for each in former_names)])


_ADMINISTERED = """
WITH RECURSIVE tree(id) AS (
    SELECT id FROM org_agency WHERE id = %s
    UNION
    SELECT child.id FROM org_agency child JOIN tree ON child.parent_id = tree.id
)
SELECT id FROM tree
"""


def whole_tree(agency_id: int) -> RawSQL:
    """Return, as a subquery, an agency and all that are or were under it, whether they exist or have ended."""
    return RawSQL(_ADMINISTERED, [agency_id])  # noqa: S611 - the value is a parameter


def is_there(agency: Agency, day: date) -> bool:
    """Return whether an agency exists on a day."""
    return (agency.valid_from is None or agency.valid_from <= day) and (
        agency.valid_to is None or agency.valid_to >= day
    )


def with_superiors(agency_id: int) -> dict[int, Agency]:
    """Return an agency and all above it by id; empty for an agency that is not there."""
    return {row.pk: row for row in Agency.objects.raw(_UP, [agency_id])}


def superior_among(line: Mapping[int, Agency], agency_id: int, tops: Collection[int], on: date) -> int | None:
    """Return which of ``tops`` stands above an agency, all in between existing on the day; None where none does.

    ``line`` is what :func:`with_superiors` gave. The nearest counts; an agency does not stand above itself.
    """
    seen = {agency_id}
    here = line.get(agency_id)
    while here is not None and is_there(here, on):
        above = here.parent_id
        if above is None or above in seen:
            return None
        if above in tops:
            return above if above in line and is_there(line[above], on) else None
        seen.add(above)
        here = line.get(above)
    return None


def below(agency_ids: Collection[int], on: date) -> QuerySet[Agency]:
    """Return the agencies under these in the tree, each of which exists on the day with all between."""
    tops = sorted(agency_ids)
    if not tops:
        return Agency.objects.none()
    places = ", ".join(["%s"] * len(tops))
    there = _EXISTS.format("child")
    walk = f"""
        WITH RECURSIVE tree(id) AS (
            SELECT child.id FROM org_agency child WHERE child.parent_id IN ({places}) AND {there}
            UNION
            SELECT child.id FROM org_agency child JOIN tree ON child.parent_id = tree.id WHERE {there}
        )
        SELECT id FROM tree
    """  # noqa: S608 - made of constants and placeholders
    day = on.isoformat()
    found = RawSQL(walk, [*tops, day, day, day, day])  # noqa: S611 - values are parameters
    return Agency.objects.filter(pk__in=found).exclude(pk__in=tops)


def agencies_under(agency_id: int, on: date) -> QuerySet[Agency]:
    """Return the agencies under one, each of which exists on the day with all between."""
    return below([agency_id], on)


def nodes_below(agency_ids: Collection[int], on: date) -> list[AgencyNode]:
    """Return the agencies under these in Vietnamese order; two statements."""
    found = below(agency_ids, on)
    former = former_names(found)
    rows = found.order_by("pk").values_list("pk", "code", "name", "level_id", "parent_id", "parent__name")
    nodes = [AgencyNode(*row, former_names=former.get(row[0], ())) for row in rows]
    return sorted(nodes, key=lambda node: (in_order(node.name), node.code))


def former_names(agencies: QuerySet[Agency]) -> dict[int, tuple[str, ...]]:
    """Return what agencies were called before, the latest first, by id; one statement."""
    found: dict[int, tuple[str, ...]] = {}
    rows = FormerName.objects.filter(agency__in=agencies).order_by("-valid_to", "-pk")
    for agency_id, name in rows.values_list("agency_id", "name"):
        found[agency_id] = (*found.get(agency_id, ()), name)
    return found


def narrowed(nodes: Iterable[AgencyNode], words: str) -> list[AgencyNode]:
    """Return those of the agencies whose name or code holds all the words; marks may be left out."""
    wanted = search_key(words).split()
    return [node for node in nodes if all(word in node.key for word in wanted)]


@lru_cache(maxsize=8192)
def in_order(name: str) -> str:
    """Return a key that sorts names as Vietnamese lists do."""
    return sort_key(name)


def predecessor_ids(agency_ids: Collection[int], on: date) -> RawSQL:
    """Return, as a subquery, the ended agencies that came into these by the day, step by step through the years.

    A predecessor that lives on, having handed over some tasks, keeps its records to itself and is not among them.
    """
    ids = sorted(agency_ids) or [0]
    day = on.isoformat()
    walk = _BACK.format(places=", ".join(["%s"] * len(ids)))
    return RawSQL(walk, [*ids, day, day, day])  # noqa: S611 - values are parameters


def successions_before(agency_ids: Collection[int], on: date) -> list[Succession]:
    """Return the successions by which ended agencies came into these, the latest first; one statement."""
    rows = (
        Succession.objects.filter(predecessor_id__in=predecessor_ids(agency_ids, on), on__lte=on)
        .select_related("predecessor", "successor")
        .order_by("-on", "predecessor__name", "pk")
    )
    return list(rows)
