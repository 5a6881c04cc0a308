"""A meeting beside its entry: who has an invitation and how it went out, and the meeting as a calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils import timezone, translation

from camket.core.icalendar import Method, Party, invitation
from camket.notifications.queries import letters_written
from camket.notifications.staff import staff_of
from camket.org.models import Agency, Person
from camket.org.personal import shown_name
from camket.org.policy import Actor, can
from camket.registers.invitations import (
    MEETINGS,
    appointment,
    is_over,
    latest_sequence,
    organiser_of,
    wanted_people,
)
from camket.registers.models import Entry
from camket.registers.queries.entries import EntryDetail
from camket.registers.sight import entry_of, may_keep


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """One who was invited: since when, by mail too or in Cam Kết alone, and whether that was taken back."""

    name: str
    at: datetime
    is_mailed: bool
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class MeetingState:
    """How the invitations of a meeting stand; ``lacking`` are those who are to have one and have none."""

    rows: tuple[InvitedRow, ...]
    lacking: tuple[str, ...]
    is_over: bool
    can_send: bool


def meeting_state(actor: Actor, detail: EntryDetail, now: datetime) -> MeetingState | None:
    """Return how the invitations of a meeting stand; None for an entry of another register. Six SQL statements at most."""
    entry, register = detail.found, detail.register
    if register.key != MEETINGS:
        return None
    over = is_over(entry, now)
    sent = list(entry.invitations.select_related("person").order_by("person__full_name", "pk"))
    keys = {
        each.pk: f"meeting:{entry.pk}:{each.sequence}:{'cancel' if each.is_cancelled else 'request'}"
        for each in sent
    }
    mailed = letters_written(actor.agency_id, keys.values())
    lacking: list[str] = []
    if not over and entry.state != Entry.State.WITHDRAWN:
        staff = staff_of(actor.agency_id, max(entry.on, timezone.localdate(now)), has_addresses=False)
        has = {each.person_id for each in sent if not each.is_cancelled}
        lacking = [staff.people[pk].name for pk in wanted_people(staff, entry) if pk not in has]
    return MeetingState(
        rows=tuple(
            InvitedRow(
                shown_name(actor, each.person.full_name),
                each.at,
                (each.person_id, keys[each.pk]) in mailed,
                each.is_cancelled,
            )
            for each in sent
        ),
        lacking=tuple(shown_name(actor, name) for name in sorted(lacking)),
        is_over=over,
        can_send=bool(lacking) and may_keep(actor, register, entry),
    )


def meeting_file(actor: Actor, entry_id: int, now: datetime) -> bytes:
    """Return a meeting as a file for calendar programs: an invitation for who has a mail address, else the event alone.

    Of one that was withdrawn, what takes it out of calendars. Raises Entry.DoesNotExist for what is no meeting.
    """
    entry, register = entry_of(actor, entry_id)
    if register.key != MEETINGS:
        raise Entry.DoesNotExist
    agency = Agency.objects.get(pk=actor.agency_id)
    person = Person.objects.get(pk=actor.person_id)
    chair = entry.person if can(actor, "people.view") else None
    is_off = entry.state == Entry.State.WITHDRAWN
    sent = list(entry.invitations.all())
    with translation.override(person.language):
        event = appointment(
            entry,
            agency_code=agency.code,
            sequence=latest_sequence(sent),
            chair=chair.full_name if chair else "",
            is_cancelled=is_off,
        )
    organiser = organiser_of(agency.name)
    address = (
        EmailAddress.objects.filter(user_id=person.pk, verified=True, email=F("user__email"))
        .order_by("pk")
        .values_list("email", flat=True)
        .first()
    )
    if organiser is None or address is None or all(each.person_id != person.pk for each in sent):
        return invitation(event, Method.PUBLISH, stamp=now)
    return invitation(
        event,
        Method.CANCEL if is_off else Method.REQUEST,
        stamp=now,
        organiser=organiser,
        invited=Party(person.full_name, address),
    )
