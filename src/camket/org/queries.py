"""Reads of agencies, units, people and posts; each for one agency, given by the actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from camket.core.wording.text import search_key, sort_key
from camket.org.models import Agency, BodyName, Membership, Person, Role, Unit
from camket.org.policy import Actor


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as pages and documents name it; report days are "MM-DD"."""

    id: int
    code: str
    name: str
    full_name: str
    place: str
    superior_name: str
    level: str
    rhythm: str
    half_year_report_by: str
    year_report_by: str
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A person's post in an agency, with the role that it gives."""

    id: int
    agency: AgencyRow
    role: str
    role_name: str
    unit_id: int | None
    unit_name: str
    position: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with the number of people who hold a post in it today."""

    id: int
    name: str
    short_name: str
    kind: str
    kind_name: str
    order: int
    is_active: bool
    people: int = 0


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the agency with the posts held on the day asked for."""

    id: int
    full_name: str
    login: str
    email: str
    is_active: bool
    posts: tuple[PostRow, ...]
    other_posts: tuple[PostRow, ...]
    has_signed_in: bool

    @property
    def has_post(self) -> bool:
        """Whether the person can act for the agency today."""
        return bool(self.posts)


@dataclass(frozen=True, slots=True)
class BodyNameRow:
    """How the agency's documents name a unit or person."""

    id: int
    text: str
    unit_id: int | None
    unit_name: str
    person_id: int | None
    person_name: str

    @property
    def is_mapped(self) -> bool:
        """Whether the name means somebody."""
        return bool(self.unit_id or self.person_id)


def agency_row(agency: Agency) -> AgencyRow:
    """Return the frozen value of an agency's row."""
    return AgencyRow(
        id=agency.pk,
        code=agency.code,
        name=agency.name,
        full_name=agency.full_name,
        place=agency.place,
        superior_name=agency.superior_name,
        level=agency.level,
        rhythm=agency.rhythm,
        half_year_report_by=agency.half_year_report_by,
        year_report_by=agency.year_report_by,
        parent_id=agency.parent_id,
    )


def agency_of(actor: Actor) -> AgencyRow:
    """Return the agency that the actor acts for."""
    return agency_row(Agency.objects.get(pk=actor.agency_id))


def held_on(day: date) -> Q:
    """Return the condition of a post held on a day; open ends hold for ever."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def posts_of(*, person_id: int, on: date) -> tuple[PostRow, ...]:
    """Return the posts that a person holds on a day, in agencies that exist that day, by agency's name."""
    rows = (
        Membership.objects.filter(held_on(on), person_id=person_id, person__is_active=True)
        .filter(Q(agency__valid_from__isnull=True) | Q(agency__valid_from__lte=on))
        .filter(Q(agency__valid_to__isnull=True) | Q(agency__valid_to__gte=on))
        .select_related("agency", "unit")
        .order_by("agency__name", "pk")
    )
    return tuple(_post(row) for row in rows)


def _post(row: Membership) -> PostRow:
    return PostRow(
        id=row.pk,
        agency=agency_row(row.agency),
        role=row.role,
        role_name=row.get_role_display(),
        unit_id=row.unit_id,
        unit_name=row.unit.name if row.unit else "",
        position=row.position,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def actor_from(*, person_id: int, name: str, agency_id: int, posts: Iterable[PostRow]) -> Actor:
    """Return the actor that a person is in one agency, from the posts held today."""
    own = [post for post in posts if post.agency.id == agency_id]
    return Actor(
        person_id=person_id,
        name=name,
        agency_id=agency_id,
        roles=frozenset(post.role for post in own),
        unit_ids=frozenset(post.unit_id for post in own if post.unit_id),
        headed_unit_ids=frozenset(post.unit_id for post in own if post.unit_id and post.role == Role.HEAD),
    )


def actor_of(*, person_id: int, agency_id: int, on: date) -> Actor:
    """Return the actor that a person is in an agency on a day; for commands and jobs.

    Raises Person.DoesNotExist when the person holds no post there that day.
    """
    posts = [post for post in posts_of(person_id=person_id, on=on) if post.agency.id == agency_id]
    if not posts:
        raise Person.DoesNotExist(f"no post in agency {agency_id}")
    name = Person.objects.values_list("full_name", flat=True).get(pk=person_id)
    return actor_from(person_id=person_id, name=name, agency_id=agency_id, posts=posts)


def unit_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the agency's active units as (id, name), in their order; for choice fields."""
    return list(_units(actor).filter(is_active=True).values_list("pk", "name"))


def person_choices(actor: Actor, on: date) -> list[tuple[int, str]]:
    """Return the people who hold a post in the agency on a day as (id, name), in Vietnamese order of names."""
    people = (
        Person.objects.filter(is_active=True, pk__in=_holders(actor, on))
        .values_list("pk", "full_name")
        .order_by("pk")
    )
    return sorted(people, key=lambda row: name_key(row[1]))


def names(actor: Actor) -> tuple[dict[int, str], dict[int, str]]:
    """Return what the agency's units, and all who ever held a post in it, are called, by id."""
    units = dict(_units(actor).values_list("pk", "name"))
    people = Membership.objects.filter(agency_id=actor.agency_id).order_by("pk")
    return units, dict(people.values_list("person_id", "person__full_name"))


def _holders(actor: Actor, on: date) -> QuerySet[Membership, int]:
    return Membership.objects.filter(held_on(on), agency_id=actor.agency_id).values_list(
        "person_id", flat=True
    )


def _units(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(agency_id=actor.agency_id).order_by("order", "pk")


def name_key(full_name: str) -> tuple[str, str]:
    """Return a key that sorts people as Vietnamese lists do: by given name, then family and middle names."""
    words = full_name.split() or [""]
    return sort_key(words[-1]), sort_key(" ".join(words[:-1]))


def all_agencies() -> list[AgencyRow]:
    """Return every agency of the installation by code; for commands, which act for no agency."""
    return [agency_row(agency) for agency in Agency.objects.order_by("code")]


def actor_named(*, agency_code: str, login: str, on: date) -> Actor | None:
    """Return the actor that a sign-in name is in an agency, or None without a post there that day."""
    person = Person.objects.filter(login=login.strip().casefold()).first()
    if person is None:
        return None
    posts = [post for post in posts_of(person_id=person.pk, on=on) if post.agency.code == agency_code]
    if not posts:
        return None
    return actor_from(person_id=person.pk, name=person.full_name, agency_id=posts[0].agency.id, posts=posts)


def units(actor: Actor, on: date) -> list[UnitRow]:
    """Return the agency's units in their order, those out of use last, with how many people hold posts there."""
    people = Count("memberships__person", filter=_held_in_membership(on), distinct=True)
    rows = _units(actor).annotate(people=people).order_by("-is_active", "order", "pk")
    return [_unit_row(row, row.people) for row in rows]


def unit(actor: Actor, unit_id: int) -> UnitRow:
    """Return a unit of the agency; raises Unit.DoesNotExist for another's."""
    return _unit_row(Unit.objects.get(pk=unit_id, agency_id=actor.agency_id), 0)


def _held_in_membership(on: date) -> Q:
    return (Q(memberships__valid_from__isnull=True) | Q(memberships__valid_from__lte=on)) & (
        Q(memberships__valid_to__isnull=True) | Q(memberships__valid_to__gte=on)
    )


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


def people(actor: Actor, on: date, words: str = "") -> list[PersonRow]:
    """Return all who hold or held a post in the agency, those without one today last, in Vietnamese order.

    ``words`` narrows to names and sign-in names that hold them, however the marks are typed.
    """
    rows = _people(Membership.objects.filter(agency_id=actor.agency_id), on)
    if wanted := search_key(words).split():
        rows = [
            row for row in rows if all(word in search_key(f"{row.full_name} {row.login}") for word in wanted)
        ]
    return sorted(rows, key=lambda row: (not (row.has_post and row.is_active), name_key(row.full_name)))


def person(actor: Actor, person_id: int, on: date) -> PersonRow:
    """Return one who holds or held a post in the agency; raises Person.DoesNotExist for others."""
    rows = _people(Membership.objects.filter(agency_id=actor.agency_id, person_id=person_id), on)
    if not rows:
        raise Person.DoesNotExist(f"no post in agency {actor.agency_id}")
    return rows[0]


def holder_of(actor: Actor, post_id: int) -> int:
    """Return whose post it is; raises Membership.DoesNotExist for a post of another agency."""
    return Membership.objects.values_list("person_id", flat=True).get(pk=post_id, agency_id=actor.agency_id)


def _people(memberships: QuerySet[Membership], on: date) -> list[PersonRow]:
    found: dict[int, tuple[Person, list[PostRow], list[PostRow]]] = {}
    for row in memberships.select_related("person", "unit", "agency").order_by("pk"):
        _person, held, ended = found.setdefault(row.person_id, (row.person, [], []))
        if (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or row.valid_to >= on):
            held.append(_post(row))
        else:
            ended.append(_post(row))
    return [
        PersonRow(
            id=person.pk,
            full_name=person.full_name,
            login=person.login,
            email=person.email,
            is_active=person.is_active,
            posts=tuple(held),
            other_posts=tuple(ended),
            has_signed_in=person.last_login is not None,
        )
        for person, held, ended in found.values()
    ]


def body_names(actor: Actor, words: str = "") -> list[BodyNameRow]:
    """Return how the agency's documents name units and people, in Vietnamese order; unmapped names first."""
    rows = BodyName.objects.filter(agency_id=actor.agency_id).select_related("unit", "person").order_by("pk")
    wanted = search_key(words).split()
    named = [_body_name(row) for row in rows if all(word in search_key(row.text) for word in wanted)]
    return sorted(named, key=lambda row: (row.is_mapped, sort_key(row.text)))


def body_name(actor: Actor, body_name_id: int) -> BodyNameRow:
    """Return one name of the agency's dictionary; raises BodyName.DoesNotExist for another agency's."""
    row = BodyName.objects.select_related("unit", "person").get(pk=body_name_id, agency_id=actor.agency_id)
    return _body_name(row)


def _body_name(row: BodyName) -> BodyNameRow:
    return BodyNameRow(
        id=row.pk,
        text=row.text,
        unit_id=row.unit_id,
        unit_name=row.unit.name if row.unit else "",
        person_id=row.person_id,
        person_name=row.person.full_name if row.person else "",
    )
