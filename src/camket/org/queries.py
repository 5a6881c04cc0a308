"""Reads of agencies, units, people and posts; each for one agency, given by the actor."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

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


def _holders(actor: Actor, on: date) -> QuerySet[Membership, int]:
    return Membership.objects.filter(held_on(on), agency_id=actor.agency_id).values_list(
        "person_id", flat=True
    )


def _units(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(agency_id=actor.agency_id).order_by("order", "pk")


_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return a key that sorts Vietnamese words as a dictionary does: letters first, then tones, then as written."""
    letters: list[int] = []
    tones: list[int] = []
    for char in text.casefold():
        base, tone = _without_tone(char)
        letters.append(_LETTERS.get(base, -1 if base == " " else 100 + ord(base[0])) + 1)
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _without_tone(char: str) -> tuple[str, int]:
    parts = unicodedata.normalize("NFD", char)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return base, tone


def name_key(full_name: str) -> tuple[object, ...]:
    """Return a key that sorts people as Vietnamese lists do: by given name, then family and middle names."""
    words = full_name.split() or [""]
    return (sort_key(words[-1]), sort_key(" ".join(words[:-1])))
