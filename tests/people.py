"""The people of the tests: An owns, Bình works beside her, Châu leads, Chi is of another agency and always refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camket.org.levels import load
from camket.org.models import Agency, Level, Membership, Person, Role, Unit
from camket.org.policy import Actor

TODAY = date(2026, 7, 1)
PASSWORD = "Cam-ket-2026-thu"


def make_agency(code: str = "H00.1", name: str = "UBND xã Bình Yên", **fields: object) -> Agency:
    """Create a commune with four sections."""
    load(Level)  # a test in transactions of its own leaves tables empty
    place = name.split("xã ", 1)[-1].split("phường ", 1)[-1]
    values: dict[str, object] = {
        "full_name": name.replace("UBND", "Ủy ban nhân dân"),
        "place": place,
        "level_id": "commune",
        "set_up_on": date(2026, 1, 5),
    }
    agency = Agency.objects.create(code=code, name=name, **{**values, **fields})
    for order, unit in enumerate(
        [
            "Văn phòng HĐND và UBND",
            "Phòng Kinh tế",
            "Phòng Văn hóa - Xã hội",
            "Trung tâm Phục vụ hành chính công",
        ]
    ):
        Unit.objects.create(agency=agency, name=unit, order=order)
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
    return People(
        agency=agency,
        other_agency=other,
        an=actor_of(make_person(agency, "Nguyễn Thị An", "an", Role.SECRETARY, office), agency),
        binh=actor_of(make_person(agency, "Trần Văn Bình", "binh", Role.OFFICER, economy), agency),
        chau=actor_of(make_person(agency, "Lê Minh Châu", "chau", Role.CHAIRMAN), agency),
        dung=actor_of(make_person(agency, "Phạm Tiến Dũng", "dung", Role.HEAD, economy), agency),
        chi=actor_of(make_person(other, "Hoàng Thị Chi", "chi", Role.SECRETARY), other),
    )
