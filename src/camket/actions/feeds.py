"""Secret addresses of calendar feeds: given, renewed, revoked; and who reads what by one.

A person has one address for the own work, and one for each unit that the person is of. That of a unit holds as long as
the person has been of the unit without a break since it was made: who leaves and comes back makes a new one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.actions.models import UnitFeed
from camket.core.messages import Message, Refusal, gettext_noop
from camket.journal.operations import record
from camket.org.models import Person, Unit
from camket.org.policy import Actor, NotAllowed, can, require
from camket.org.queries import capacities, has_stayed

_BYTES = 32
_SHORTEST = 20


class NoAddress(Refusal):
    """There is no address to be revoked."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the actor's: of the own work, or of a unit's; ``key`` is empty where none was made."""

    key: str
    unit_id: int | None = None
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One agency whose work a feed holds, and as whom it is read; ``giver`` is whom the reader stands in for."""

    actor: Actor
    agency_code: str
    agency_name: str
    giver: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose feed an address is; of a unit's work where ``unit_id`` names one."""

    person_id: int
    person_name: str
    language: str
    readings: tuple[Reading, ...]
    unit_id: int | None = None
    unit_name: str = ""


def renew_feed_key(*, actor: Actor, now: datetime) -> str:
    """Give the actor a new secret address of the calendar feed; the old one stops working at once."""
    require(actor, "task.view")
    return _set_key(actor, secrets.token_urlsafe(_BYTES), "person.feed_renewed", now)


def revoke_feed_key(*, actor: Actor, now: datetime) -> None:
    """Take the actor's secret address back, without a new one. Raises NoAddress."""
    _set_key(actor, "", "person.feed_revoked", now)


def renew_unit_feed(*, actor: Actor, unit_id: int, now: datetime) -> str:
    """Give the actor a new secret address of the work of one of the own units; the old one stops working at once.

    Raises NotAllowed for who is not of the unit, or stands in for somebody who is: the address is a person's own.
    """
    with transaction.atomic():
        unit = _own_unit(actor, unit_id)
        key = secrets.token_urlsafe(_BYTES)
        UnitFeed.objects.update_or_create(
            unit=unit,
            person_id=actor.person_id,
            defaults={"agency_id": actor.agency_id, "key": key, "made_at": now},
        )
        _record(actor, unit, "unit.feed_renewed", now)
    return key


def revoke_unit_feed(*, actor: Actor, unit_id: int, now: datetime) -> None:
    """Take the actor's secret address of a unit's work back. Raises NoAddress, Unit.DoesNotExist."""
    with transaction.atomic():
        unit = Unit.objects.get(pk=unit_id, agency_id=actor.agency_id)
        gone, _rows = UnitFeed.objects.filter(unit=unit, person_id=actor.person_id).delete()
        if not gone:
            raise _no_address()
        _record(actor, unit, "unit.feed_revoked", now)


def addresses(actor: Actor, on: date) -> tuple[Address, ...]:
    """Return the actor's addresses: the own work's, then those of the units that the actor is of. Five SQL statements."""
    own = Address(str(Person.objects.values_list("feed_key", flat=True).get(pk=actor.person_id)))
    if actor.stands_in_for is not None:
        return (own,)
    units = Unit.objects.filter(pk__in=actor.unit_ids, agency_id=actor.agency_id, is_active=True)
    made = {each.unit_id: each for each in UnitFeed.objects.filter(unit__in=units, person_id=actor.person_id)}
    stayed = {pk for pk, each in made.items() if _holds(each, on)}
    return (
        own,
        *(
            Address(made[pk].key if pk in stayed else "", pk, name)
            for pk, name in units.order_by("order", "name").values_list("pk", "name")
        ),
    )


def reader_of(key: str, today: date) -> Reader:
    """Return whose feed an address is; raises Person.DoesNotExist for one that is nobody's, or void.

    A person's own feed holds the work of whom the person stands in for that day as well.
    """
    if len(key) < _SHORTEST:
        raise Person.DoesNotExist
    person = Person.objects.filter(feed_key=key, is_active=True).first()
    if person is not None:
        readings = tuple(each for each, _units in _readings(person, today) if can(each.actor, "task.view"))
        return Reader(person.pk, person.full_name, person.language, readings)
    made = (
        UnitFeed.objects.select_related("person", "unit")
        .filter(key=key, person__is_active=True, unit__is_active=True)
        .first()
    )
    if made is None or not _holds(made, today):
        raise Person.DoesNotExist
    own = [
        each
        for each, units in _readings(made.person, today)
        if not each.giver and made.unit_id in units and can(each.actor, "task.view")
    ]
    if not own:
        raise Person.DoesNotExist
    return Reader(
        made.person_id,
        made.person.full_name,
        made.person.language,
        tuple(own[:1]),
        made.unit_id,
        made.unit.name,
    )


def forget(person_id: int, _full_name: str) -> None:
    """Remove the addresses of one whose personal data are taken out."""
    UnitFeed.objects.filter(person_id=person_id).delete()


def _readings(person: Person, today: date) -> list[tuple[Reading, frozenset[int]]]:
    found = []
    for each in capacities(person_id=person.pk, on=today):
        if not each.is_read_only:
            actor = each.actor(person_id=person.pk, name=person.full_name)
            found.append((Reading(actor, each.agency.code, each.agency.name, each.giver), actor.unit_ids))
    return sorted(found, key=lambda pair: (bool(pair[0].giver), pair[0].actor.agency_id))


def _holds(made: UnitFeed, on: date) -> bool:
    return has_stayed(made.person_id, made.unit_id, timezone.localdate(made.made_at), on)


def _own_unit(actor: Actor, unit_id: int) -> Unit:
    unit = Unit.objects.get(pk=unit_id, agency_id=actor.agency_id)
    require(actor, "task.view")
    if unit.pk not in actor.unit_ids or actor.stands_in_for is not None or not unit.is_active:
        raise NotAllowed("task.view")
    return unit


def _set_key(actor: Actor, key: str, verb: str, now: datetime) -> str:
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=actor.person_id)
        if not key and not person.feed_key:
            raise _no_address()
        person.feed_key = key
        person.save(update_fields=["feed_key"])
        _record(actor, person, verb, now)
    return key


def _record(actor: Actor, subject: Person | Unit, verb: str, now: datetime) -> None:
    record(actor=actor, agency_id=actor.agency_id, verb=verb, subject=subject, on=timezone.localdate(now))


def _no_address() -> NoAddress:
    return NoAddress(Message(gettext_noop("There is no such address to be revoked.")))
