"""Meetings: those of some days, and one beside its entry: who has an invitation and how it went out, its calendar file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from allauth.account.models import EmailAddress
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from camket.core.icalendar import Method, Party, invitation
from camket.notifications.queries import letters_written
from camket.notifications.staff import staff_of
from camket.org.models import Agency, Person, Unit
from camket.org.personal import shown_name
from camket.org.policy import Actor, can
from camket.registers.invitations import (
    MEETINGS,
    appointment,
    concerns,
    is_over,
    latest_sequence,
    organiser_of,
    span_of,
    wanted_people,
)
from camket.registers.models import Entry
from camket.registers.queries.entries import EntryDetail
from camket.registers.sight import entry_of, may_keep

MOST_OF_MONTH = 500
"""So many meetings of a month are shown in a calendar."""


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


@dataclass(frozen=True, slots=True)
class MeetingOn:
    """A meeting as a calendar shows it. ``begins`` and ``ends`` are None where it says no hour, or no end."""

    id: int
    title: str
    on: date
    begins: time | None
    ends: time | None
    place: str
    is_over: bool

    @property
    def hours(self) -> str:
        """The hours as one reads them; empty where it says none."""
        return "–".join(f"{each:%H:%M}" for each in (self.begins, self.ends) if each is not None)


def meetings_between(
    actor: Actor, first: date, last: date, now: datetime, *, only_mine: bool = False
) -> tuple[MeetingOn, ...]:
    """Return the meetings of some days by hour, or those alone that the actor chairs or is invited to; withdrawn ones not.

    At most :data:`MOST_OF_MONTH`; who may not see the registers has none. Two SQL statements at most.
    """
    found = meetings_held([actor.agency_id], first, last)[:MOST_OF_MONTH]
    return meetings_shown(actor, found, now, only_mine=only_mine)


def meetings_held(agency_ids: Collection[int], first: date, last: date) -> QuerySet[Entry]:
    """Return the meetings of agencies on some days, withdrawn ones not. Whoever calls this has judged who may see them."""
    rows = Entry.objects.filter(agency_id__in=agency_ids, register=MEETINGS, on__range=(first, last))
    return rows.exclude(state=Entry.State.WITHDRAWN).defer("search").order_by("on", "pk")


def meetings_shown(
    actor: Actor, entries: Iterable[Entry], now: datetime, *, only_mine: bool = False
) -> tuple[MeetingOn, ...]:
    """Return meetings of the actor's agency as :func:`meetings_between` does; one SQL statement at most."""
    if not can(actor, "register.view"):
        return ()
    found = list(entries)
    if only_mine and found:
        all_units = Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.ALL)
        of_all = frozenset(all_units.values_list("pk", flat=True))
        found = [each for each in found if concerns(each, actor, of_all)]
    return tuple(
        sorted((meeting_on(each, now) for each in found), key=lambda one: (one.on, one.begins or time()))
    )


def meeting_on(each: Entry, now: datetime) -> MeetingOn:
    """Return a meeting as calendars and the week show it."""
    span = span_of(each)
    begins = timezone.localtime(span[0]).time() if span else None
    ends = timezone.localtime(span[1]).time() if span and each.values.get("ends") else None
    place = str(each.values.get("place") or "")
    return MeetingOn(each.pk, each.title, each.on, begins, ends, place, is_over(each, now))


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
