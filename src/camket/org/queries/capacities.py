"""In what capacity a person works: for the own agency, for somebody who is away, above an agency, after one.

A session keeps only the key of a capacity; what it gives is asked anew for every request, so that the end of a
post, a delegation or an agency counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from camket.org.models import Agency, Delegation, Membership, Person, Role, Seat, Succession
from camket.org.policy import Actor, Scope, roles_reaching
from camket.org.queries.agencies import AgencyRow, agency_row
from camket.org.queries.posts import (
    PostRow,
    headed_by,
    post_row,
    post_rows,
    posts_held,
    units_by,
)
from camket.org.queries.prepared import Prepared
from camket.org.queries.tree import (
    AgencyNode,
    nodes_below,
    successions_before,
    superior_among,
    with_superiors,
)
from camket.org.queries.validity import held_on


class CapacityKind(StrEnum):
    """The four ways of working on an agency's records."""

    OWN = "own"
    STANDING_IN = "for"
    BELOW = "below"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Capacity:
    """One capacity in which a person may work on a day.

    ``id`` is the agency's, or the delegation's for one who stands in. ``home`` is the agency of the post by which
    an agency below or before is reached. ``posts`` are those that count: a delegated one alone for one who stands
    in.
    """

    kind: CapacityKind
    id: int
    agency: AgencyRow
    posts: tuple[PostRow, ...]
    home: AgencyRow | None = None
    giver_id: int | None = None
    giver: str = ""
    until: date | None = None
    succession: str = ""
    succeeded_on: date | None = None

    @property
    def key(self) -> str:
        """What a session keeps."""
        return f"{self.kind.value}:{self.id}"

    @property
    def is_own(self) -> bool:
        return self.kind is CapacityKind.OWN

    @property
    def is_read_only(self) -> bool:
        """Whether the agency is only looked at: one below, or a predecessor."""
        return self.kind in (CapacityKind.BELOW, CapacityKind.BEFORE)

    def actor(self, *, person_id: int, name: str) -> Actor:
        """Return the actor that the person is in this capacity."""
        roles = frozenset(post.role for post in self.posts)
        if self.is_read_only:
            return Actor(
                person_id=person_id,
                name=name,
                agency_id=self.agency.id,
                roles=roles,
                scope=Scope(self.kind.value),
                home_agency_id=self.home.id if self.home else None,
            )
        return Actor(
            person_id=person_id,
            name=name,
            agency_id=self.agency.id,
            roles=roles,
            unit_ids=units_by(self.posts),
            headed_unit_ids=headed_by(self.posts),
            stands_in_for=(self.giver_id, self.giver) if self.giver_id is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a request needs to know: the posts of the day, the capacity taken, and whether there is another.

    ``has_lapsed`` says that the capacity asked for no longer holds, ``has_predecessors`` that an own agency came
    after another.
    """

    posts: tuple[PostRow, ...]
    capacity: Capacity | None
    has_choice: bool
    has_lapsed: bool
    has_predecessors: bool = False

    def own_for(self, capacity: Capacity) -> Capacity | None:
        """Return the own capacity to go back to from another one; None where there is none, or a choice of several."""
        own = _own(self.posts)
        if capacity.home is not None:
            return own.get(f"{CapacityKind.OWN.value}:{capacity.home.id}")
        return next(iter(own.values())) if len(own) == 1 else None


_OF_POST = ("pk", "role", "unit_id", "unit__name", "position", "valid_from", "valid_to")
_OF_AGENCY = tuple(field.name for field in fields(AgencyRow))
_OF_SEAT = ("seat__unit_id", "seat__unit__agency_id", "seat__unit__is_active", "seat__duty")


def _ask(person_id: int, on: date) -> QuerySet[Membership, tuple[Any, ...]]:
    """Return the question of every request: posts with their agencies, and whether there is another capacity.

    A post stands once for each seat that its holder has in a committee that day, of whatever agency, and once without.
    """
    deputyships = Delegation.objects.filter(_given(on), deputy_id=OuterRef("person_id"))
    inheritances = Succession.objects.filter(successor_id=OuterRef("agency_id"), on__lte=on)
    asked = posts_held(person_id, on).annotate(
        stands_in=Exists(deputyships),
        comes_after=Exists(inheritances),
        seat=FilteredRelation("person__seats", condition=held_on(on, "person__seats")),
    )
    agency = (f"agency__{name}" for name in _OF_AGENCY)
    columns = (*_OF_POST, *agency, "stands_in", "comes_after", *_OF_SEAT)
    return asked.order_by("agency__name", "pk", "seat__pk").values_list(*columns)


_ASKED = Prepared(_ask, int, date)
_STANDS_IN = len(_OF_POST) + len(_OF_AGENCY)
_COMES_AFTER = _STANDS_IN + 1


def _seats(rows: Iterable[tuple[Any, ...]]) -> dict[int, dict[int, bool]]:
    """Return the committees sat in by agency, each with whether it is headed; those no longer active are left out."""
    seats: dict[int, dict[int, bool]] = {}
    for unit_id, agency_id, is_active, duty in (row[-len(_OF_SEAT) :] for row in rows):
        if is_active:
            seats.setdefault(agency_id, {})[unit_id] = duty == Seat.Duty.HEAD
    return seats


def _post_asked(row: tuple[Any, ...], seats: Mapping[int, Mapping[int, bool]]) -> PostRow:
    pk, role, unit_id, unit_name, position, valid_from, valid_to = row[: len(_OF_POST)]
    agency = AgencyRow(*row[len(_OF_POST) : len(_OF_POST) + len(_OF_AGENCY)])
    committees = seats.get(agency.id, {})
    return PostRow(
        id=pk,
        agency=agency,
        role=role,
        role_name=str(Role(role).label),
        unit_id=unit_id,
        unit_name=unit_name or "",
        position=position,
        valid_from=valid_from,
        valid_to=valid_to,
        committees=frozenset(committees),
        headed_committees=frozenset(unit for unit, is_head in committees.items() if is_head),
    )


def standing(*, person_id: int, key: str, on: date) -> Standing:
    """Return in what capacity a person works on a day who asked for ``key``; two SQL statements at most.

    Without a key it is the own agency, if there is one alone.
    """
    rows = _ASKED.rows(person_id, on)
    seats = _seats(rows)
    posts = tuple(_post_asked(row, seats) for row in {row[0]: row for row in rows}.values())
    stands_in = any(row[_STANDS_IN] for row in rows)
    has_predecessors = any(row[_COMES_AFTER] for row in rows)
    own = _own(posts)
    found = own.get(key) or _other(person_id, posts, key, on)
    has_choice = (
        len(own) > 1
        or stands_in
        or has_predecessors
        or any(post.role in roles_reaching(Scope.BELOW) for post in posts)
        or not rows
    )
    taken = found
    if taken is None and len(own) == 1:
        taken = next(iter(own.values()))
    return Standing(
        posts,
        taken,
        has_choice,
        has_lapsed=bool(key) and found is None,
        has_predecessors=has_predecessors,
    )


def predecessors(standing: Standing, on: date) -> tuple[Capacity, ...]:
    """Return the predecessors of the own agency worked for, to be looked at; one SQL statement where there are any."""
    taken = standing.capacity
    if taken is None or not taken.is_own or not standing.has_predecessors:
        return ()
    return tuple(each for each in _before(standing.posts, on) if each.home == taken.agency)


def capacities(*, person_id: int, on: date) -> tuple[Capacity, ...]:
    """Return the capacities that a person may choose from, but for agencies below: own, standing in, before."""
    posts = post_rows(posts_held(person_id, on), on)
    own = _own(posts)
    deputy = tuple(_standing_in(row) for row in _delegations(person_id, on))
    return (*own.values(), *deputy, *_before(posts, on))


def capacity(*, person_id: int, key: str, on: date) -> Capacity | None:
    """Return a person's capacity of this key on a day; None where it does not hold that day."""
    posts = post_rows(posts_held(person_id, on), on)
    return _own(posts).get(key) or _other(person_id, posts, key, on)


def actor_as(*, person_id: int, key: str, on: date) -> Actor | None:
    """Return the actor that a person is in a capacity on a day; None where it does not hold that day."""
    found = capacity(person_id=person_id, key=key, on=on)
    if found is None:
        return None
    name = Person.objects.values_list("full_name", flat=True).get(pk=person_id)
    return found.actor(person_id=person_id, name=name)


def agencies_below(*, person_id: int, on: date) -> list[AgencyNode]:
    """Return the agencies below those in which the person holds a post that reaches there, by name."""
    posts = [post_row(row) for row in posts_held(person_id, on)]
    return nodes_below(_tops(posts), on)


def _tops(posts: Iterable[PostRow]) -> set[int]:
    return {post.agency.id for post in posts if post.role in roles_reaching(Scope.BELOW)}


def _own(posts: Iterable[PostRow]) -> dict[str, Capacity]:
    by_agency: dict[int, list[PostRow]] = {}
    for post in posts:
        by_agency.setdefault(post.agency.id, []).append(post)
    found = [
        Capacity(CapacityKind.OWN, agency_id, each[0].agency, tuple(each))
        for agency_id, each in by_agency.items()
    ]
    return {each.key: each for each in found}


def _other(person_id: int, posts: tuple[PostRow, ...], key: str, on: date) -> Capacity | None:
    """Return a capacity that is not of an own agency, in one statement."""
    kind, _, text = key.partition(":")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    wanted = int(text)
    if kind == CapacityKind.STANDING_IN:
        rows = _delegations(person_id, on, pk=wanted)
        return _standing_in(rows[0]) if rows else None
    if kind == CapacityKind.BELOW:
        return _below(posts, wanted, on)
    if kind == CapacityKind.BEFORE:
        return next((each for each in _before(posts, on) if each.id == wanted), None)
    return None


def _given(on: date) -> Q:
    return Q(valid_from__lte=on, valid_to__gte=on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))


def _delegations(person_id: int, on: date, **wanted: int) -> list[Delegation]:
    """Return the delegations to an active person that hold on the day, of posts still held in agencies that exist."""
    rows = (
        Delegation.objects.filter(
            _given(on),
            held_on(on, "post"),
            held_on(on, "agency"),
            deputy_id=person_id,
            deputy__is_active=True,
            **wanted,
        )
        .select_related("agency", "post__person", "post__unit", "post__agency")
        .order_by("agency__name", "valid_to", "pk")
    )
    return list(rows)


def _standing_in(row: Delegation) -> Capacity:
    return Capacity(
        CapacityKind.STANDING_IN,
        row.pk,
        agency_row(row.agency),
        (post_row(row.post),),
        giver_id=row.post.person_id,
        giver=row.post.person.full_name,
        until=row.valid_to,
    )


def _below(posts: tuple[PostRow, ...], agency_id: int, on: date) -> Capacity | None:
    tops = _tops(posts)
    if not tops or agency_id in tops:
        return None
    line = with_superiors(agency_id)
    top = superior_among(line, agency_id, tops, on)
    if top is None:
        return None
    counting = tuple(
        post for post in posts if post.agency.id == top and post.role in roles_reaching(Scope.BELOW)
    )
    return Capacity(
        CapacityKind.BELOW, agency_id, agency_row(line[agency_id]), counting, home=counting[0].agency
    )


def _before(posts: tuple[PostRow, ...], on: date) -> list[Capacity]:
    homes = {post.agency.id: post.agency for post in posts}
    if not homes:
        return []
    rows = successions_before(homes, on)
    found: dict[int, Capacity] = {}
    for home in homes.values():
        counting = tuple(post for post in posts if post.agency.id == home.id)
        for row in _reached(rows, home.id):
            agency: Agency = row.predecessor
            if agency.pk in homes or agency.pk in found:
                continue
            found[agency.pk] = Capacity(
                CapacityKind.BEFORE,
                agency.pk,
                agency_row(agency),
                counting,
                home=home,
                succession=row.get_kind_display(),
                succeeded_on=row.on,
            )
    return list(found.values())


def _reached(rows: Sequence[Succession], successor_id: int) -> list[Succession]:
    """Return those of the successions that lead into one agency, step by step."""
    line, found = {successor_id}, []
    while step := [row for row in rows if row.successor_id in line and row not in found]:
        found += step
        line |= {row.predecessor_id for row in step}
    return found
