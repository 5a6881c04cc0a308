"""Committees and the people who sit in them (Ban Chỉ đạo ISO, tổ thư ký, đoàn đánh giá nội bộ).

A committee is a unit of its own kind: work can name it as lead or monitor. Its members keep their posts; a seat
gives no role, only a share in the committee's work.

Source: Thông tư 26/2014/TT-BKHCN, Điều 7 (the head of the agency sets up the steering committee by a decision);
Nghị định 30/2020/NĐ-CP, Điều 15 (a committee that uses the agency's seal numbers its documents in its own series).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Q

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Membership, Person, Seat, Unit
from camket.org.operations._change import change, own_person, own_unit
from camket.org.operations._rules import check_unit_name
from camket.org.policy import Actor, require
from camket.org.queries.validity import held_on
from camket.org.trail import record


class NotACommittee(Refusal):
    """Seats are given in committees only."""


class NoMembers(Refusal):
    """A committee needs somebody in it."""


class SeatTaken(Refusal):
    """The person sits in the committee already."""


class HeadTaken(Refusal):
    """A committee has one head at a time."""


class NotOfTheAgency(Refusal):
    """The person holds no post in the agency on the day the seat begins."""


class SeatNotHeld(Refusal):
    """The seat has ended, or would end before it begins."""


class DecisionInFuture(Refusal):
    """A decision was not made after today."""


@dataclass(frozen=True, slots=True)
class NewSeat:
    """Who is to sit in a committee, with which duty."""

    person_id: int
    duty: str = "member"


@dataclass(frozen=True, slots=True)
class SettingUp:
    """The decision that a committee rests on: number as 45/QĐ-UBND, date, and the mark of its own documents."""

    number: str = ""
    decided_on: date | None = None
    series: str = ""


def set_up_committee(
    *,
    actor: Actor,
    name: str,
    short_name: str = "",
    decision: SettingUp,
    seats: Sequence[NewSeat],
    valid_from: date | None,
    today: date,
) -> Unit:
    """Set up a committee with its members, from a day on.

    Raises NotAllowed, NameTaken, NoMembers, SeatTaken for a person named twice, HeadTaken, NotOfTheAgency,
    DecisionInFuture; Person.DoesNotExist for one of another agency.
    """
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "people.manage")
        name = one_line(name)
        check_unit_name(actor, name)
        _check_decision(decision, today)
        people = _checked_seats(actor, seats, valid_from or today)
        last = Unit.objects.filter(agency_id=actor.agency_id).aggregate(last=Max("order"))["last"]
        unit = Unit.objects.create(
            agency_id=actor.agency_id,
            name=name,
            short_name=one_line(short_name),
            kind=Unit.Kind.COMMITTEE,
            order=0 if last is None else last + 1,
            **_decided(decision),
        )
        for order, seat in enumerate(seats):
            Seat.objects.create(
                unit=unit, person_id=seat.person_id, duty=seat.duty, order=order, valid_from=valid_from
            )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="committee.set_up",
            subject=unit,
            on=today,
            after={
                "name": unit.name,
                "short_name": unit.short_name,
                **_decided(decision),
                "valid_from": valid_from,
                "members": [_said(people[seat.person_id], seat.duty) for seat in seats],
            },
        )
    return unit


def change_committee(
    *, actor: Actor, unit_id: int, name: str, short_name: str, decision: SettingUp, today: date
) -> Unit:
    """Correct what a committee is called and the decision it rests on.

    Raises Unit.DoesNotExist for one of another agency, NotAllowed, NotACommittee, NameTaken, DecisionInFuture.
    """
    with transaction.atomic():
        unit = _committee(actor, unit_id)
        name = one_line(name)
        check_unit_name(actor, name, besides=unit_id)
        _check_decision(decision, today)
        new = {"name": name, "short_name": one_line(short_name), **_decided(decision)}
        change(unit, new, actor=actor, verb="committee.changed", today=today)
    return unit


def reappoint_committee(
    *,
    actor: Actor,
    unit_id: int,
    decision: SettingUp,
    seats: Sequence[NewSeat],
    valid_from: date,
    today: date,
) -> Unit:
    """Change the members of a committee by a new decision (kiện toàn): these sit in it from a day on.

    Seats that stay as they are go on; the others end on the day before, and their history stays.
    Raises what set_up_committee raises, and NotACommittee.
    """
    with transaction.atomic():
        unit = _committee(actor, unit_id)
        _check_decision(decision, today)
        people = _checked_seats(actor, seats, valid_from)
        before = dict(_decided_of(unit))
        last_day = valid_from - timedelta(days=1)
        present = list(
            Seat.objects.select_for_update(of=("self",))
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from), unit=unit)
            .select_related("person")
            .order_by("order", "pk")
        )
        told_before = [_said(seat.person, seat.duty) for seat in present]
        wanted = {(seat.person_id, seat.duty): order for order, seat in enumerate(seats)}
        kept: set[tuple[int, str]] = set()
        for seat in present:
            key = (seat.person_id, seat.duty)
            if key in wanted and seat.valid_to is None and (seat.valid_from or valid_from) <= valid_from:
                kept.add(key)
                seat.order = wanted[key]
                seat.save(update_fields=["order"])
                continue
            # One that was to begin that day or later is taken back: it was never held.
            is_unused = seat.valid_from is not None and seat.valid_from > last_day
            seat.valid_to = seat.valid_from - timedelta(days=1) if is_unused and seat.valid_from else last_day
            seat.save(update_fields=["valid_to"])
        for order, each in enumerate(seats):
            if (each.person_id, each.duty) not in kept:
                Seat.objects.create(
                    unit=unit, person_id=each.person_id, duty=each.duty, order=order, valid_from=valid_from
                )
        for name, value in _decided(decision).items():
            setattr(unit, name, value)
        unit.save(update_fields=list(_decided(decision)))
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="committee.reappointed",
            subject=unit,
            on=today,
            before={**before, "members": told_before},
            after={
                **_decided(decision),
                "valid_from": valid_from,
                "members": [_said(people[seat.person_id], seat.duty) for seat in seats],
            },
        )
    return unit


def give_seat(
    *, actor: Actor, unit_id: int, person_id: int, duty: str, valid_from: date | None, today: date
) -> Seat:
    """Give a person of the agency a seat in a committee, from a day on.

    Raises Unit.DoesNotExist, Person.DoesNotExist for those of another agency, NotAllowed, NotACommittee, SeatTaken,
    HeadTaken, NotOfTheAgency; ValueError for an unknown duty.
    """
    with transaction.atomic():
        unit = _committee(actor, unit_id)
        person = own_person(actor, person_id)
        begins = valid_from or today
        _check_in_office(actor, person, begins)
        _check_duty(duty)
        others = Seat.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=begins), unit=unit)
        if others.filter(person=person).exists():
            raise _taken(person)
        head = others.filter(duty=Seat.Duty.HEAD).select_related("person").first()
        if duty == Seat.Duty.HEAD and head is not None:
            raise HeadTaken(
                Message(
                    gettext_noop(
                        "%(person)s heads this committee. End that seat first, or change the members by a new decision."
                    ),
                    {"person": head.person.full_name},
                )
            )
        last = Seat.objects.filter(unit=unit).aggregate(last=Max("order"))["last"]
        seat = Seat.objects.create(
            unit=unit, person=person, duty=duty, order=0 if last is None else last + 1, valid_from=valid_from
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="committee.seat_given",
            subject=unit,
            on=today,
            after={"person": person.pk, "duty": duty, "valid_from": valid_from},
        )
    return seat


def end_seat(*, actor: Actor, seat_id: int, last_day: date, today: date) -> Seat:
    """End a seat; ``last_day`` is the last day on which it is held.

    Raises Seat.DoesNotExist for a seat of another agency, NotAllowed, SeatNotHeld.
    """
    with transaction.atomic():
        seat = (
            Seat.objects.select_for_update(of=("self",))
            .select_related("person", "unit")
            .get(pk=seat_id, unit__agency_id=actor.agency_id)
        )
        require(actor, "people.manage")
        if seat.valid_to is not None and seat.valid_to <= last_day:
            raise SeatNotHeld(Message(gettext_noop("This seat has already ended.")))
        if seat.valid_from is not None and last_day < seat.valid_from:
            raise SeatNotHeld(
                Message(
                    gettext_noop("The seat begins on %(day)s; it cannot end before that day."),
                    {"day": f"{seat.valid_from:%d/%m/%Y}"},
                )
            )
        before = seat.valid_to
        seat.valid_to = last_day
        seat.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="committee.seat_ended",
            subject=seat.unit,
            on=today,
            before={"valid_to": before},
            after={"person": seat.person_id, "duty": seat.duty, "valid_to": last_day},
        )
    return seat


def end_seats_of(*, person_id: int, agency_id: int, last_day: date) -> list[Seat]:
    """End all seats that a person has in an agency's committees and return them; for operations that end service.

    A seat that would begin later is left out of use: it ends on the day before it begins.
    """
    ended = []
    rows = (
        Seat.objects.select_for_update(of=("self",))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day))
        .filter(person_id=person_id, unit__agency_id=agency_id)
        .select_related("unit")
        .order_by("pk")
    )
    for seat in rows:
        begins = seat.valid_from
        seat.valid_to = last_day if begins is None or begins <= last_day else begins - timedelta(days=1)
        seat.save(update_fields=["valid_to"])
        ended.append(seat)
    return ended


def _committee(actor: Actor, unit_id: int) -> Unit:
    unit = own_unit(actor, unit_id)
    require(actor, "people.manage")
    if unit.kind != Unit.Kind.COMMITTEE:
        raise NotACommittee(
            Message(
                gettext_noop("%(unit)s is not a committee: its people are those who hold posts in it."),
                {"unit": unit.name},
            )
        )
    return unit


def _checked_seats(actor: Actor, seats: Sequence[NewSeat], begins: date) -> dict[int, Person]:
    """Return the people who are to sit, by id, after all that a list of members must keep."""
    if not seats:
        raise NoMembers(Message(gettext_noop("Name at least one member.")))
    people: dict[int, Person] = {}
    heads = 0
    for seat in seats:
        _check_duty(seat.duty)
        person = own_person(actor, seat.person_id)
        if person.pk in people:
            raise _taken(person)
        _check_in_office(actor, person, begins)
        people[person.pk] = person
        heads += seat.duty == Seat.Duty.HEAD
    if heads > 1:
        raise HeadTaken(
            Message(gettext_noop("A committee has one head. Choose another duty for the others."))
        )
    return people


def _check_duty(duty: str) -> None:
    if duty not in Seat.Duty.values:
        raise ValueError(duty)


def _check_in_office(actor: Actor, person: Person, on: date) -> None:
    if not Membership.objects.filter(held_on(on), agency_id=actor.agency_id, person=person).exists():
        raise NotOfTheAgency(
            Message(
                gettext_noop("%(person)s holds no post in the agency on %(day)s. Give a post first."),
                {"person": person.full_name, "day": f"{on:%d/%m/%Y}"},
            )
        )


def _check_decision(decision: SettingUp, today: date) -> None:
    if decision.decided_on is not None and decision.decided_on > today:
        raise DecisionInFuture(
            Message(
                gettext_noop("The decision is dated %(day)s, after today. Check the date."),
                {"day": f"{decision.decided_on:%d/%m/%Y}"},
            )
        )


def _taken(person: Person) -> SeatTaken:
    return SeatTaken(
        Message(
            gettext_noop("%(person)s is in this committee already: name each person once."),
            {"person": person.full_name},
        )
    )


def _decided(decision: SettingUp) -> dict[str, object]:
    return {
        "decision_number": one_line(decision.number),
        "decision_date": decision.decided_on,
        "series": one_line(decision.series),
    }


def _decided_of(unit: Unit) -> dict[str, object]:
    return {name: getattr(unit, name) for name in ("decision_number", "decision_date", "series")}


def _said(person: Person, duty: str) -> dict[str, object]:
    return {"person": person.pk, "duty": duty}
