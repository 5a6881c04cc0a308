"""Posts, and who acts for which agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from camket.core.wording.text import login_key
from camket.org.models import Membership, Person, Role, Seat
from camket.org.policy import Actor
from camket.org.queries.agencies import AgencyRow, agency_row
from camket.org.queries.validity import held_on


@dataclass(frozen=True, slots=True)
class PostRow:
    """A person's post in an agency, with the role that it gives.

    ``committees`` are those of the agency in which the person sits that day, ``headed_committees`` those headed.
    """

    id: int
    agency: AgencyRow
    role: str
    role_name: str
    unit_id: int | None
    unit_name: str
    position: str
    valid_from: date | None
    valid_to: date | None
    committees: frozenset[int] = frozenset()
    headed_committees: frozenset[int] = frozenset()

    @property
    def words(self) -> str:
        """The title of office with the unit; the role where no title is given."""
        title = self.position or self.role_name
        return f"{title}, {self.unit_name}" if self.unit_name else title


def posts_held(person_id: int, on: date) -> QuerySet[Membership]:
    """Return the posts that an active person holds on a day, in agencies that exist that day, by agency's name."""
    return (
        Membership.objects.filter(held_on(on), person_id=person_id, person__is_active=True)
        .filter(held_on(on, "agency"))
        .select_related("agency", "unit")
        .annotate(sits=Exists(Seat.objects.filter(held_on(on), person_id=OuterRef("person_id"))))
        .order_by("agency__name", "pk")
    )


def posts_of(*, person_id: int, on: date) -> tuple[PostRow, ...]:
    """Return the posts that a person holds on a day, in agencies that exist that day, by agency's name."""
    return post_rows(posts_held(person_id, on), on)


def post_rows(rows: Iterable[Membership], on: date) -> tuple[PostRow, ...]:
    """Return the frozen values of posts that one person holds, with the committees that go with them that day.

    One statement more than the posts took, and that only for people who sit in a committee. Rows come from
    ``posts_held``.
    """
    rows = tuple(rows)
    sits = any(getattr(row, "sits", False) for row in rows)
    seats = seats_held(rows[0].person_id, on) if sits else {}
    return tuple(post_row(row, seats.get(row.agency_id, {})) for row in rows)


def seats_held(person_id: int, on: date) -> dict[int, dict[int, bool]]:
    """Return the committees that a person sits in on a day, each with whether it is headed, by agency."""
    seats: dict[int, dict[int, bool]] = {}
    held = Seat.objects.filter(held_on(on), person_id=person_id, unit__is_active=True).order_by("pk")
    for unit_id, agency_id, duty in held.values_list("unit_id", "unit__agency_id", "duty"):
        seats.setdefault(agency_id, {})[unit_id] = duty == Seat.Duty.HEAD
    return seats


def post_row(row: Membership, seats: Mapping[int, bool] | None = None) -> PostRow:
    """Return the frozen value of a post; its agency and unit are read with it.

    ``seats`` are the committees that its holder sits in, each with whether it is headed.
    """
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
        committees=frozenset(seats or ()),
        headed_committees=frozenset(unit_id for unit_id, is_head in (seats or {}).items() if is_head),
    )


def units_by(posts: Collection[PostRow]) -> frozenset[int]:
    """Return the units that posts make a person one of: those of the posts and the committees that go with them."""
    return frozenset().union(
        *({post.unit_id} if post.unit_id else () for post in posts), *(post.committees for post in posts)
    )


def headed_by(posts: Collection[PostRow]) -> frozenset[int]:
    """Return the units and committees that posts make a person the head of."""
    heads = {post.unit_id for post in posts if post.unit_id and post.role == Role.HEAD}
    return frozenset(heads).union(*(post.headed_committees for post in posts))


def has_stayed(person_id: int, unit_id: int, since: date, until: date) -> bool:
    """Return whether a person was of a unit, by a post or a seat, on every day from one to another. Two SQL statements."""
    posts = Membership.objects.filter(person_id=person_id, unit_id=unit_id)
    seats = Seat.objects.filter(person_id=person_id, unit_id=unit_id)
    stays = [
        (first or date.min, last or date.max)
        for rows in (posts, seats)
        for first, last in rows.order_by("pk").values_list("valid_from", "valid_to")
    ]
    reached = since
    for first, last in sorted(stays):
        if first <= reached <= last:
            if last >= until:
                return True
            reached = last + timedelta(days=1)
    return False


def actor_from(*, person_id: int, name: str, agency_id: int, posts: Iterable[PostRow]) -> Actor:
    """Return the actor that a person is in one agency, from the posts held today."""
    own = [post for post in posts if post.agency.id == agency_id]
    return Actor(
        person_id=person_id,
        name=name,
        agency_id=agency_id,
        roles=frozenset(post.role for post in own),
        unit_ids=units_by(own),
        headed_unit_ids=headed_by(own),
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


def actor_named(*, agency_code: str, login: str, on: date) -> Actor | None:
    """Return the actor that a sign-in name is in an agency, or None without a post there that day."""
    person = Person.objects.filter(login=login_key(login)).first()
    if person is None:
        return None
    posts = [post for post in posts_of(person_id=person.pk, on=on) if post.agency.code == agency_code]
    if not posts:
        return None
    return actor_from(person_id=person.pk, name=person.full_name, agency_id=posts[0].agency.id, posts=posts)


def holder_of(actor: Actor, post_id: int) -> int:
    """Return whose post it is; raises Membership.DoesNotExist for a post of another agency."""
    return Membership.objects.values_list("person_id", flat=True).get(pk=post_id, agency_id=actor.agency_id)
