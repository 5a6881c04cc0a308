"""Units and committees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from camket.core.wording.text import search_key
from camket.org.models import Unit
from camket.org.policy import Actor
from camket.org.queries.validity import held_on


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with the number of people who hold a post or sit in it today."""

    id: int
    name: str
    short_name: str
    kind: str
    kind_name: str
    order: int
    is_active: bool
    people: int = 0

    @property
    def is_committee(self) -> bool:
        """Whether people sit in it rather than hold posts."""
        return self.kind == Unit.Kind.COMMITTEE

    @property
    def can_be_merged(self) -> bool:
        """Whether it can become part of another unit."""
        return self.is_active and self.kind in (Unit.Kind.SECTION, Unit.Kind.LEADERSHIP)


_NAMES: ContextVar[dict[frozenset[int], list[tuple[int, str]]] | None] = ContextVar(
    "unit_names", default=None
)


@contextmanager
def names_of_units_read_once() -> Iterator[None]:
    """Let :func:`units_named` read the units of the same agencies once within: while a page is read, none changes."""
    known = _NAMES.get()
    token = _NAMES.set({} if known is None else known)
    try:
        yield
    finally:
        _NAMES.reset(token)


def units_named(agency_ids: Collection[int], words: Iterable[str]) -> list[int]:
    """Return the units of agencies whose name holds any of the words, marks and case aside; one SQL statement.

    It is how counts are narrowed to units by words that mean the same in every agency.
    """
    wanted = [search_key(word) for word in words]
    known, agencies = _NAMES.get(), frozenset(agency_ids)
    units = known.get(agencies) if known is not None else None
    if units is None:
        units = list(Unit.objects.filter(agency_id__in=agencies).values_list("pk", "name"))
        if known is not None:
            known[agencies] = units
    return [pk for pk, name in units if any(word in search_key(name) for word in wanted)]


def unit_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the agency's active units as (id, name), in their order; for choice fields."""
    return list(units_of(actor).filter(is_active=True).values_list("pk", "name"))


def section_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the agency's active units that people hold posts in, as (id, name); committees are not among them."""
    kinds = (Unit.Kind.SECTION, Unit.Kind.LEADERSHIP)
    return list(units_of(actor).filter(is_active=True, kind__in=kinds).values_list("pk", "name"))


def units(actor: Actor, on: date) -> list[UnitRow]:
    """Return the agency's units in their order, those out of use last, with how many people are in each today."""
    people = Count("memberships__person", filter=held_on(on, "memberships"), distinct=True)
    members = Count("seats__person", filter=held_on(on, "seats"), distinct=True)
    rows = units_of(actor).annotate(people=people, members=members).order_by("-is_active", "order", "pk")
    return [_unit_row(row, row.people + row.members) for row in rows]


def unit(actor: Actor, unit_id: int) -> UnitRow:
    """Return a unit of the agency; raises Unit.DoesNotExist for another's."""
    return _unit_row(Unit.objects.get(pk=unit_id, agency_id=actor.agency_id), 0)


def units_of(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(agency_id=actor.agency_id).order_by("order", "pk")


def _unit_row(row: Unit, people: int) -> UnitRow:
    return UnitRow(
        id=row.pk,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        kind_name=row.get_kind_display(),
        order=row.order,
        is_active=row.is_active,
        people=people,
    )
