"""Committees: the decision each rests on, and who sits and sat in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from camket.org.models import Membership, Seat, Unit
from camket.org.policy import Actor, require
from camket.org.queries.validity import held_on

DUTIES = tuple(Seat.Duty.values)
"""Duties in the order in which lists of members name them."""


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat in a committee with the posts that its holder has on the day asked for."""

    id: int
    unit_id: int
    unit_name: str
    person_id: int
    full_name: str
    post: str
    duty: str
    duty_name: str
    valid_from: date | None
    valid_to: date | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class CommitteeRow:
    """A committee with its members on a day, those to come and those of before."""

    id: int
    name: str
    short_name: str
    is_active: bool
    decision_number: str
    decision_date: date | None
    series: str
    members: tuple[SeatRow, ...]
    coming: tuple[SeatRow, ...]
    past: tuple[SeatRow, ...]


def committee(actor: Actor, unit_id: int, on: date) -> CommitteeRow:
    """Return a committee of the agency; raises Unit.DoesNotExist for another's, or a unit of another kind."""
    require(actor, "people.view")
    unit = Unit.objects.get(pk=unit_id, agency_id=actor.agency_id, kind=Unit.Kind.COMMITTEE)
    seats = _rows(Seat.objects.filter(unit=unit).select_related("person", "unit"), actor.agency_id, on)
    members = [row for row in seats if row.is_held]
    coming = [row for row in seats if row.valid_from is not None and row.valid_from > on and _is_real(row)]
    past = [row for row in seats if row.valid_to is not None and row.valid_to < on and _is_real(row)]
    return CommitteeRow(
        id=unit.pk,
        name=unit.name,
        short_name=unit.short_name,
        is_active=unit.is_active,
        decision_number=unit.decision_number,
        decision_date=unit.decision_date,
        series=unit.series,
        members=tuple(members),
        coming=tuple(coming),
        past=tuple(sorted(past, key=lambda row: row.valid_to or on, reverse=True)),
    )


def committee_of_seat(actor: Actor, seat_id: int) -> int:
    """Return in which committee of the agency a seat is; raises Seat.DoesNotExist for another agency's."""
    return Seat.objects.values_list("unit_id", flat=True).get(pk=seat_id, unit__agency_id=actor.agency_id)


def seats_of(actor: Actor, person_id: int, on: date) -> tuple[SeatRow, ...]:
    """Return the seats that a person has or had in the agency's committees, those held on the day first."""
    require(actor, "people.view")
    seats = Seat.objects.filter(person_id=person_id, unit__agency_id=actor.agency_id).select_related(
        "person", "unit"
    )
    return tuple(sorted(_rows(seats, actor.agency_id, on), key=lambda row: not row.is_held))


def _rows(seats: Iterable[Seat], agency_id: int, on: date) -> list[SeatRow]:
    rows = list(seats)
    posts: dict[int, str] = {}
    held = (
        Membership.objects.filter(
            held_on(on), agency_id=agency_id, person_id__in={row.person_id for row in rows}
        )
        .select_related("unit")
        .order_by("pk")
    )
    for post in held:
        posts.setdefault(post.person_id, _post_in_words(post))
    ranked = sorted(rows, key=lambda row: (DUTIES.index(row.duty), row.order, row.pk))
    return [
        SeatRow(
            id=row.pk,
            unit_id=row.unit_id,
            unit_name=row.unit.name,
            person_id=row.person_id,
            full_name=row.person.full_name,
            post=posts.get(row.person_id, ""),
            duty=row.duty,
            duty_name=row.get_duty_display(),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            is_held=_holds(row, on),
        )
        for row in ranked
    ]


def _post_in_words(post: Membership) -> str:
    title = post.position or post.get_role_display()
    return f"{title}, {post.unit.name}" if post.unit else str(title)


def _holds(row: Seat, on: date) -> bool:
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or row.valid_to >= on)


def _is_real(row: SeatRow) -> bool:
    """Return whether the seat is held on some day at all: one that was ended before it began is not."""
    return row.valid_from is None or row.valid_to is None or row.valid_from <= row.valid_to
