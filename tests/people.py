"""The people of the tests: An owns, Bình works beside her, Châu leads, Chi is of another agency and always refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from camket.org.levels import load
from camket.org.models import Agency, Level, Membership, Person, Role, Unit
from camket.org.policy import Actor

TODAY = date(2026, 7, 1)
PASSWORD = "Cam-ket-2026-thu"
UNITS = (
    "Văn phòng HĐND và UBND",
    "Phòng Kinh tế",
    "Phòng Văn hóa - Xã hội",
    "Trung tâm Phục vụ hành chính công",
)


def make_agency(code: str = "H00.1", name: str = "UBND xã Bình Yên", **fields: object) -> Agency:
    """Create a commune with four sections."""
    if not Level.objects.filter(code="commune").exists():
        load(Level)  # a test in transactions of its own leaves tables empty
    place = name.split("xã ", 1)[-1].split("phường ", 1)[-1]
    values: dict[str, object] = {
        "full_name": name.replace("UBND", "Ủy ban nhân dân"),
        "place": place,
        "level_id": "commune",
        "set_up_on": date(2026, 1, 5),
    }
    agency = Agency.objects.create(code=code, name=name, **{**values, **fields})
    Unit.objects.bulk_create(Unit(agency=agency, name=unit, order=order) for order, unit in enumerate(UNITS))
    return agency


def make_person(agency: Agency, full_name: str, login: str, role: str, unit: Unit | None = None) -> Person:
    """Create a person with one post in the agency."""
    person = Person.objects.create_user(login, PASSWORD, full_name=full_name)
    Membership.objects.create(agency=agency, person=person, role=role, unit=unit)
    return person


def actor_of(person: Person, agency: Agency) -> Actor:
    """Return the actor that a person is in an agency."""
    posts = list(Membership.objects.filter(person=person, agency=agency))
    return Actor(
        person_id=person.pk,
        name=person.full_name,
        agency_id=agency.pk,
        roles=frozenset(post.role for post in posts),
        unit_ids=frozenset(post.unit_id for post in posts if post.unit_id),
        headed_unit_ids=frozenset(post.unit_id for post in posts if post.unit_id and post.role == Role.HEAD),
    )


@dataclass(frozen=True)
class People:
    """One agency's people and a stranger."""

    agency: Agency
    other_agency: Agency
    an: Actor
    binh: Actor
    chau: Actor
    dung: Actor
    chi: Actor


def make_people() -> People:
    """Create An (secretary), Bình (officer), Châu (chairman), Dũng (head of a unit) and Chi (secretary elsewhere)."""
    agency = make_agency()
    other = make_agency("H00.2", "UBND xã Suối Xa")
    office, economy = agency.units.order_by("order")[:2]
    posts = (
        Post(agency, "Nguyễn Thị An", "an", Role.SECRETARY, office),
        Post(agency, "Trần Văn Bình", "binh", Role.OFFICER, economy),
        Post(agency, "Lê Minh Châu", "chau", Role.CHAIRMAN),
        Post(agency, "Phạm Tiến Dũng", "dung", Role.HEAD, economy),
        Post(other, "Hoàng Thị Chi", "chi", Role.SECRETARY),
    )
    return People(agency, other, *_actors(posts))


@dataclass(frozen=True)
class Post:
    """One who is to have one post in an agency."""

    agency: Agency
    full_name: str
    login: str
    role: Role
    unit: Unit | None = None


def _actors(posts: Sequence[Post]) -> list[Actor]:
    """Create persons with their posts, as ``make_person`` and ``actor_of`` do, in few statements.

    Nearly every test begins with them.
    """
    persons = Person.objects.bulk_create(
        Person(login=post.login, full_name=post.full_name, password=make_password(PASSWORD)) for post in posts
    )
    Membership.objects.bulk_create(
        Membership(agency=post.agency, person=person, role=post.role, unit=post.unit)
        for person, post in zip(persons, posts, strict=True)
    )
    return [
        Actor(
            person_id=person.pk,
            name=person.full_name,
            agency_id=post.agency.pk,
            roles=frozenset({post.role.value}),
            unit_ids=frozenset({post.unit.pk} if post.unit else ()),
            headed_unit_ids=frozenset({post.unit.pk} if post.unit and post.role == Role.HEAD else ()),
        )
        for person, post in zip(persons, posts, strict=True)
    ]
