"""Work and meetings as calendar programs read them (RFC 5545), and invitations as mail carries them (RFC 5546).

An event keeps its UID for ever; its SEQUENCE grows with every change, so that a program knows the newer of two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

PRODUCT = "-//Cam Ket//Cam Ket//VI"
_DAY = timedelta(days=1)


class Method(StrEnum):
    """What is done with an event: shown, invited to or changed, called off."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Appointment:
    """An event. ``starts`` as a date is the whole day; as a time with its zone it ends at ``ends``, an hour later without.

    ``is_cancelled`` is said of the event for everybody. ``takes_time``: whoever has it is busy then. ``reminds`` is how
    long before it programs ring.
    """

    uid: str
    summary: str
    starts: date | datetime
    ends: datetime | None = None
    sequence: int = 0
    description: str = ""
    url: str = ""
    place: str = ""
    is_cancelled: bool = False
    takes_time: bool = False
    reminds: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who invites or is invited, with a mail address."""

    name: str
    email: str


def feed(name: str, events: Iterable[Appointment], *, stamp: datetime, every: timedelta) -> bytes:
    """Return a calendar to subscribe to, read anew ``every`` so often; ``stamp`` is when it was made."""
    product = _calendar(Method.PUBLISH)
    product.add("x-wr-calname", vText(name))  # as text: commas and line ends escaped
    product.add("refresh-interval", every, parameters={"VALUE": "DURATION"})
    for each in events:
        product.add_component(_event(each, stamp))
    return bytes(product.to_ical())


def invitation(
    event: Appointment,
    method: Method,
    *,
    stamp: datetime,
    organiser: Party | None = None,
    invited: Party | None = None,
) -> bytes:
    """Return one event as a mail carries it or a person keeps it.

    Whoever is no longer invited gets a CANCEL for an event that is not cancelled: no STATUS then (RFC 5546, 3.2.5).
    Raises ValueError where what is to be answered or called off names nobody who invites and is invited (3.2.2).
    """
    if method is not Method.PUBLISH and (organiser is None or invited is None):
        raise ValueError("an invitation names who invites and who is invited")
    product = _calendar(method)
    made = _event(event, stamp)
    if organiser is not None and method is not Method.PUBLISH:
        made.add("organizer", _address(organiser))
    if invited is not None and method is not Method.PUBLISH:
        address = _address(invited)
        address.params["role"] = vText("REQ-PARTICIPANT")
        address.params["partstat"] = vText("NEEDS-ACTION")
        address.params["rsvp"] = vText("FALSE")  # answers are not read here
        made.add("attendee", address, encode=False)
    product.add_component(made)
    return bytes(product.to_ical())


def _calendar(method: Method) -> Calendar:
    product = Calendar()
    product.add("prodid", PRODUCT)
    product.add("version", "2.0")
    product.add("method", method.value)
    return product


def _event(each: Appointment, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("sequence", each.sequence)
    if isinstance(each.starts, datetime):
        event.add("dtstart", each.starts.astimezone(UTC))
        event.add("dtend", (each.ends or each.starts + timedelta(hours=1)).astimezone(UTC))
    else:
        event.add("dtstart", each.starts)
        event.add("dtend", each.starts + _DAY)
    event.add("summary", each.summary)
    for name, value in (("location", each.place), ("description", each.description), ("url", each.url)):
        if value:
            event.add(name, value)
    event.add("transp", "OPAQUE" if each.takes_time and not each.is_cancelled else "TRANSPARENT")
    if each.is_cancelled:
        event.add("status", "CANCELLED")
    elif each.reminds is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", each.summary)
        alarm.add("trigger", -each.reminds)
        event.add_component(alarm)
    return event


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["cn"] = vText(party.name)
    return address
