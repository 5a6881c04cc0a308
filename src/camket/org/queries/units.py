"""Units and committees."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from camket.core.messages import Message
from camket.core.wording.text import search_key
from camket.org.models import Membership, PlannedSuccession, Unit, UnitSuccession
from camket.org.personal import shown_name
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


@dataclass(frozen=True, slots=True)
class UnitSuccessionRow:
    """That one unit took over from another: by which decision, why, and how many open rows of each kind went along."""

    former_id: int
    former: str
    successor_id: int
    successor: str
    kind: str
    on: date
    decision_number: str
    decided_on: date
    reason: str
    moved: Mapping[str, int]


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


def units_to_filter(actor: Actor) -> list[tuple[int, str]]:
    """Return all units of the agency as (id, name), those out of use last and said to be so: old records are theirs."""
    rows = units_of(actor).order_by("-is_active", "order", "pk").values_list("pk", "name", "is_active")
    former = gettext("%(unit)s (no longer in use)")
    return [(pk, name if is_used else former % {"unit": name}) for pk, name, is_used in rows]


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


def successions_of_units(actor: Actor, unit_id: int | None = None) -> list[UnitSuccessionRow]:
    """Return who took over from which unit of the agency, or of one unit before and after, the latest first."""
    rows = UnitSuccession.objects.filter(agency_id=actor.agency_id)
    if unit_id is not None:
        rows = rows.filter(Q(predecessor_id=unit_id) | Q(successor_id=unit_id))
    return [
        UnitSuccessionRow(
            former_id=each.predecessor_id,
            former=each.predecessor.name,
            successor_id=each.successor_id,
            successor=each.successor.name,
            kind=each.kind,
            on=each.on,
            decision_number=each.decision_number,
            decided_on=each.decided_on,
            reason=each.reason,
            moved=each.moved,
        )
        for each in rows.select_related("predecessor", "successor").order_by("-on", "-pk")
    ]


@dataclass(frozen=True, slots=True)
class PlannedSuccessionRow:
    """What is to become of a unit on a day to come; ``trouble`` says why it could not be done on that day, if so."""

    id: int
    unit_id: int
    unit: str
    kind: str
    on: date
    into: tuple[str, ...]
    decision_number: str
    decided_on: date
    reason: str
    trouble: Message | None


def planned_successions(actor: Actor, unit_id: int | None = None) -> list[PlannedSuccessionRow]:
    """Return what is to become of the agency's units, or of one unit, the next first; at most two SQL statements."""
    rows = PlannedSuccession.objects.filter(
        agency_id=actor.agency_id, carried_out_at=None, withdrawn_at=None
    ).select_related("unit", "into")
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    found = list(rows.order_by("on", "pk"))
    shares = {to for each in found for to in each.people.values()}
    names = dict(units_of(actor).filter(pk__in=shares).values_list("pk", "name")) if shares else {}
    return [
        PlannedSuccessionRow(
            id=each.pk,
            unit_id=each.unit_id,
            unit=each.unit.name,
            kind=each.kind,
            on=each.on,
            into=tuple(
                dict.fromkeys(
                    name
                    for name in (
                        each.into.name if each.into else each.name,
                        *(names.get(to, "") for to in each.people.values()),
                    )
                    if name
                )
            ),
            decision_number=each.decision_number,
            decided_on=each.decided_on,
            reason=each.reason,
            trouble=Message(each.trouble["template"], each.trouble["params"]) if each.trouble else None,
        )
        for each in found
    ]


def posts_of_unit(actor: Actor, unit_id: int, on: date) -> list[tuple[int, str, str]]:
    """Return who holds a post in a unit on a day or later, with the post in words: person, name, position or role.

    Names are as the actor may see them.
    """
    rows = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), agency_id=actor.agency_id, unit_id=unit_id
    )
    found: dict[int, tuple[int, str, str]] = {}
    for each in rows.select_related("person").order_by("pk"):
        found.setdefault(
            each.person_id,
            (
                each.person_id,
                shown_name(actor, each.person.full_name),
                each.position or str(each.get_role_display()),
            ),
        )
    return list(found.values())


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
