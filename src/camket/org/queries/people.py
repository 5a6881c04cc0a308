"""People, and what they and units are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from camket.core.wording.text import search_key, sort_key
from camket.org.models import Membership, Person, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor
from camket.org.queries.posts import PostRow, post_row
from camket.org.queries.units import units_of
from camket.org.queries.validity import held_on


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


def person_choices(actor: Actor, on: date) -> list[tuple[int, str]]:
    """Return the people who hold a post in the agency on a day as (id, name), in Vietnamese order of names."""
    people = (
        Person.objects.filter(is_active=True, pk__in=_holders(actor, on))
        .values_list("pk", "full_name")
        .order_by("pk")
    )
    ordered = sorted(people, key=lambda row: name_key(row[1]))
    return [(person_id, shown_name(actor, name)) for person_id, name in ordered]


def names(actor: Actor) -> tuple[dict[int, str], dict[int, str]]:
    """Return what the agency's units, and all who ever held a post in it, are called, by id."""
    units = dict(units_of(actor).values_list("pk", "name"))
    people = Membership.objects.filter(agency_id=actor.agency_id).order_by("pk")
    found = people.values_list("person_id", "person__full_name")
    return units, {person_id: shown_name(actor, name) for person_id, name in found}


def names_in(agency_id: int) -> tuple[dict[int, str], dict[int, str]]:
    """Return what an agency's units and people are called, by id; for commands, which act for no agency."""
    units = dict(Unit.objects.filter(agency_id=agency_id).values_list("pk", "name"))
    people = Membership.objects.filter(agency_id=agency_id).order_by("pk")
    return units, dict(people.values_list("person_id", "person__full_name"))


def _holders(actor: Actor, on: date) -> QuerySet[Membership, int]:
    return Membership.objects.filter(held_on(on), agency_id=actor.agency_id).values_list(
        "person_id", flat=True
    )


def name_key(full_name: str) -> tuple[str, str]:
    """Return a key that sorts people as Vietnamese lists do: by given name, then family and middle names."""
    words = full_name.split() or [""]
    return sort_key(words[-1]), sort_key(" ".join(words[:-1]))


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


def _people(memberships: QuerySet[Membership], on: date) -> list[PersonRow]:
    found: dict[int, tuple[Person, list[PostRow], list[PostRow]]] = {}
    for row in memberships.select_related("person", "unit", "agency").order_by("pk"):
        _person, held, ended = found.setdefault(row.person_id, (row.person, [], []))
        if (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or row.valid_to >= on):
            held.append(post_row(row))
        else:
            ended.append(post_row(row))
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
