"""Who of an agency is there on a day to be told: posts, heads, who stands in for whom, and confirmed addresses.

Read once for an agency, or for many at once; what is asked of it afterwards takes no statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import F, Q

from camket.core.reminders import Whom
from camket.org.models import Delegation, Membership, Role, Seat, Unit
from camket.org.policy import Actor
from camket.org.queries import held_on

_ROLES = {
    Whom.SECRETARY: Role.SECRETARY,
    Whom.REPRESENTATIVE: Role.REPRESENTATIVE,
    Whom.CHAIRMAN: Role.CHAIRMAN,
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """One who holds a post in the agency, can sign in, and so can be told; ``email`` is empty unless confirmed."""

    person_id: int
    name: str
    language: str
    email: str
    roles: frozenset[str]
    unit_ids: frozenset[int]
    headed_unit_ids: frozenset[int]

    def actor(self, agency_id: int) -> Actor:
        """Return the actor that the person is in the agency."""
        return Actor(
            person_id=self.person_id,
            name=self.name,
            agency_id=agency_id,
            roles=self.roles,
            unit_ids=self.unit_ids,
            headed_unit_ids=self.headed_unit_ids,
        )


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of one agency on a day, by id, and who stands in for them.

    ``units_of_all`` are units that stand for every section.
    """

    agency_id: int
    people: Mapping[int, Colleague] = field(default_factory=dict)
    deputies: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    units_of_all: frozenset[int] = frozenset()

    def told(self, person_ids: Iterable[int | None], *, but: Collection[int] = ()) -> tuple[int, ...]:
        """Return whom to tell for people: those who are there, and who stands in for them; each once, in order."""
        found: dict[int, None] = {}
        for person_id in person_ids:
            if person_id is None:
                continue
            if person_id in self.people:
                found.setdefault(person_id)
            for deputy in self.deputies.get(person_id, ()):
                found.setdefault(deputy)
        return tuple(each for each in found if each not in but)

    def doers(self, *, person_id: int | None, unit_id: int | None) -> tuple[int, ...]:
        """Return whose work it is: the person named, else the unit's heads, else its members, else the secretary.

        Who is named and has left is as nobody: the unit is told, so that no work is lost with a person.
        """
        if named := self.told([person_id]):
            return named
        if unit_id is not None and (of_unit := self.told(self.heads_of(unit_id) or self.members_of(unit_id))):
            return of_unit
        return self.told(self.with_role(Role.SECRETARY))

    def heads_of(self, unit_id: int) -> tuple[int, ...]:
        """Return the heads of a unit or committee; of all sections, every head."""
        everybody = unit_id in self.units_of_all
        return tuple(
            each.person_id
            for each in self.people.values()
            if unit_id in each.headed_unit_ids or (everybody and each.headed_unit_ids)
        )

    def members_of(self, unit_id: int) -> tuple[int, ...]:
        """Return who belongs to a unit or sits in a committee."""
        return tuple(each.person_id for each in self.people.values() if unit_id in each.unit_ids)

    def with_role(self, *roles: str) -> tuple[int, ...]:
        """Return who holds one of the roles in the agency."""
        return tuple(each.person_id for each in self.people.values() if not each.roles.isdisjoint(roles))

    def rung(self, whom: Whom, unit_id: int | None) -> tuple[int, ...]:
        """Return whom a rung of the ladder means for work of a unit; nobody where the rung is not filled."""
        if whom is Whom.HEAD:
            return self.told(self.heads_of(unit_id)) if unit_id is not None else ()
        return self.told(self.with_role(_ROLES[whom]))


def staff_of(agency_id: int, on: date, *, has_addresses: bool = True) -> Staff:
    """Return the people of an agency on a day; five SQL statements at most, one less where nobody is written to."""
    return staff_of_many([agency_id], on, has_addresses=has_addresses)[agency_id]


def staff_of_many(agency_ids: Collection[int], on: date, *, has_addresses: bool = True) -> dict[int, Staff]:
    """Return the people of agencies on a day; five SQL statements at most for all. Nobody in agencies that are not there.

    Without addresses every ``email`` is empty.
    """
    posts = (
        Membership.objects.filter(
            held_on(on),
            held_on(on, "agency"),
            agency_id__in=agency_ids,
            person__is_active=True,
        )
        .order_by("agency_id", "person__full_name", "person_id", "pk")
        .values_list("agency_id", "person_id", "person__full_name", "person__language", "role", "unit_id")
    )
    held: dict[tuple[int, int], list[tuple[str, int | None]]] = defaultdict(list)
    names: dict[int, tuple[str, str]] = {}
    for agency_id, person_id, name, language, role, unit_id in posts:
        held[agency_id, person_id].append((role, unit_id))
        names[person_id] = (name, language)
    seats: dict[tuple[int, int], dict[int, bool]] = defaultdict(dict)
    sat = Seat.objects.filter(held_on(on), unit__agency_id__in=agency_ids, unit__is_active=True)
    for agency_id, person_id, unit_id, duty in sat.order_by("pk").values_list(
        "unit__agency_id", "person_id", "unit_id", "duty"
    ):
        seats[agency_id, person_id][unit_id] = duty == Seat.Duty.HEAD
    deputies: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    strangers: dict[tuple[int, int], tuple[str, str]] = {}
    given = Delegation.objects.filter(
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on),
        held_on(on, "post"),
        held_on(on, "agency"),
        agency_id__in=agency_ids,
        valid_from__lte=on,
        valid_to__gte=on,
        deputy__is_active=True,
    )
    for agency_id, giver_id, deputy_id, name, language in given.order_by("pk").values_list(
        "agency_id", "post__person_id", "deputy_id", "deputy__full_name", "deputy__language"
    ):
        if deputy_id not in deputies[agency_id][giver_id]:
            deputies[agency_id][giver_id].append(deputy_id)
        if (agency_id, deputy_id) not in held:
            strangers[agency_id, deputy_id] = (name, language)
    everyone = set(names) | {person_id for _, person_id in strangers}
    written_to = EmailAddress.objects.filter(user_id__in=everyone, verified=True, email=F("user__email"))
    addresses = dict(written_to.order_by("pk").values_list("user_id", "email")) if has_addresses else {}
    of_all: dict[int, set[int]] = defaultdict(set)
    for agency_id, unit_id in Unit.objects.filter(
        agency_id__in=agency_ids, kind=Unit.Kind.ALL, is_active=True
    ).values_list("agency_id", "pk"):
        of_all[agency_id].add(unit_id)
    people: dict[int, dict[int, Colleague]] = {agency_id: {} for agency_id in agency_ids}
    for (agency_id, person_id), own in held.items():
        sits = seats.get((agency_id, person_id), {})
        people[agency_id][person_id] = Colleague(
            person_id=person_id,
            name=names[person_id][0],
            language=names[person_id][1],
            email=addresses.get(person_id, ""),
            roles=frozenset(role for role, _ in own),
            unit_ids=frozenset({unit_id for _, unit_id in own if unit_id is not None} | set(sits)),
            headed_unit_ids=frozenset(
                {unit_id for role, unit_id in own if role == Role.HEAD and unit_id is not None}
                | {unit_id for unit_id, is_head in sits.items() if is_head}
            ),
        )
    for (agency_id, person_id), (name, language) in strangers.items():
        people[agency_id][person_id] = Colleague(
            person_id, name, language, addresses.get(person_id, ""), frozenset(), frozenset(), frozenset()
        )
    return {
        agency_id: Staff(
            agency_id=agency_id,
            people=people[agency_id],
            deputies={giver_id: tuple(each) for giver_id, each in deputies.get(agency_id, {}).items()},
            units_of_all=frozenset(of_all.get(agency_id, ())),
        )
        for agency_id in agency_ids
    }
