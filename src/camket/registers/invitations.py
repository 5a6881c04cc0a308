"""Invitations to meetings: who is to have one, what each was sent last, and what is sent when a meeting changes.

A meeting's page sends the first ones. From then on they follow the meeting by themselves, in the transaction that
changes it: what was agreed on a phone's calendar is never left wrong. The same is sent to nobody twice. Answers are not
read: programs are told so (RSVP=FALSE).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from camket.core.icalendar import Appointment, Method, Party, invitation
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.registers.meetings import hours, invited_in
from camket.core.wording.text import one_line
from camket.notifications import letters
from camket.notifications.operations import Told, tell_all
from camket.notifications.staff import Colleague, Staff, staff_of
from camket.org.models import Agency
from camket.org.policy import Actor
from camket.registers.models import Entry, Invitation

MEETINGS = "meetings"
FILE = "giay-moi.ics"
TOPIC = "meeting"
RINGS_BEFORE = timedelta(minutes=30)
_INVITED = gettext_noop("%(by)s invites you to a meeting: %(work)s. %(when)s, %(place)s.")
_CHANGED = gettext_noop("A meeting to which you are invited has changed: %(work)s. %(when)s, %(place)s.")
_OFF = gettext_noop(
    "A meeting to which you were invited does not take place: %(work)s. %(when)s: %(reason)s."
)
_NOT_YOU = gettext_noop("You are no longer invited to this meeting: %(work)s. %(when)s.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out: how many were invited anew, told of a change, told that it is off or that they are not needed."""

    invited: int = 0
    changed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        """How many were told anything."""
        return self.invited + self.changed + self.cancelled


def wanted_people(staff: Staff, entry: Entry) -> tuple[int, ...]:
    """Return who is to be invited: people named, the chair, all of the units named, and who stands in for any of them.

    ``staff`` are the agency's people on the day of the meeting.
    """
    said = invited_in(entry.values.get("invited"))
    named: list[int | None] = [entry.person_id, *sorted(said.people)]
    for unit_id in sorted(said.units):
        named += sorted(staff.people) if unit_id in staff.units_of_all else staff.members_of(unit_id)
    return staff.told(named)


def concerns(entry: Entry, actor: Actor, units_of_all: Collection[int]) -> bool:
    """Return whether the actor chairs a meeting or is invited, by name or with a unit; ``units_of_all`` are everybody's."""
    said = invited_in(entry.values.get("invited"))
    if actor.acts_as_id in said.people or entry.person_id == actor.acts_as_id:
        return True
    return not said.units.isdisjoint({*actor.unit_ids, *units_of_all})


def span_of(entry: Entry) -> tuple[datetime, datetime] | None:
    """Return when a meeting begins and ends; None where it says no hour."""
    return hours(entry.on, entry.values, timezone.get_current_timezone())


def is_over(entry: Entry, now: datetime) -> bool:
    """Return whether a meeting has ended."""
    span = span_of(entry)
    return span[1] <= now if span else entry.on < timezone.localdate(now)


def appointment(
    entry: Entry, *, agency_code: str, sequence: int, chair: str = "", is_cancelled: bool = False
) -> Appointment:
    """Return a meeting as calendars hold it, in the language that is active; the whole day where it says no hour."""
    span, here = span_of(entry), letters.origin()
    link = f"{here}{link_of(entry.pk)}" if here else ""
    lines = (
        gettext("Chaired by %(name)s") % {"name": chair} if chair else "",
        str(entry.values.get("agenda") or ""),
        link,
    )
    return Appointment(
        uid=f"meeting-{entry.pk}@{agency_code}.camket",
        summary=one_line(entry.title),
        starts=span[0] if span else entry.on,
        ends=span[1] if span else None,
        sequence=sequence,
        description="\n".join(line for line in lines if line),
        url=link,
        place=str(entry.values.get("place") or ""),
        is_cancelled=is_cancelled,
        takes_time=True,
        reminds=RINGS_BEFORE,
    )


def link_of(entry_id: int) -> str:
    """Return the path of a meeting's page."""
    return f"/so/lich-hop/{entry_id}/"


class SentBefore(Protocol):
    """What a person was sent last of a meeting: its version, what it said, and whether it took the invitation back."""

    sequence: int
    said: Any
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Who gets a first invitation, who a changed one, who is told to stay away; ``sequence`` is the version sent to all."""

    fresh: tuple[int, ...]
    stale: tuple[int, ...]
    gone: tuple[int, ...]
    sequence: int


def due_of(
    rows: Mapping[int, SentBefore], wanted: Collection[int], said: object, is_told_off: Callable[[int], bool]
) -> Due | None:
    """Return what is to be sent of a meeting that says ``said`` to the ``wanted``; None where everybody has it.

    ``rows`` are what people were sent before. ``is_told_off`` says of who is not wanted any more whether it is worth a word.
    A version is new where somebody is sent another one than before (RFC 5546, 2.1.4).
    """
    stale = tuple(
        pk for pk, row in rows.items() if pk in wanted and not row.is_cancelled and row.said != said
    )
    fresh = tuple(pk for pk in sorted(wanted) if pk not in rows or rows[pk].is_cancelled)
    gone = tuple(
        pk for pk, row in rows.items() if pk not in wanted and not row.is_cancelled and is_told_off(pk)
    )
    if not (stale or fresh or gone):
        return None
    is_another = bool(stale or gone) or any(pk in rows for pk in fresh)
    return Due(fresh, stale, gone, latest_sequence(rows.values()) + (1 if rows and is_another else 0))


def latest_sequence(sent: Iterable[SentBefore]) -> int:
    """Return the version of a meeting that was sent last; 0 where nothing was."""
    return max((each.sequence for each in sent), default=0)


def follow(*, actor: Actor, entry: Entry, now: datetime, reason: str = "", first: bool = False) -> Sent:
    """Send what a meeting has become to whom it concerns and who has not got it yet; for operations, in their transaction.

    Nothing is sent before somebody sends the ``first`` invitations, nor about a meeting that is over. Who came to a unit
    that is invited gets one with the next change, or when somebody sends them again.
    """
    if entry.register != MEETINGS:
        return Sent()
    rows = {each.person_id: each for each in entry.invitations.select_for_update(of=("self",)).order_by("pk")}
    if (not rows and not first) or is_over(entry, now):
        return Sent()
    today = timezone.localdate(now)
    staff = staff_of(entry.agency_id, today)
    then = staff if entry.on == today else staff_of(entry.agency_id, entry.on)
    is_off = entry.state == Entry.State.WITHDRAWN
    wanted = set() if is_off else {each for each in wanted_people(then, entry) if each in staff.people}
    said = _digest(entry)
    due = due_of(rows, wanted, said, lambda person_id: person_id in staff.people)
    if due is None:
        return Sent()
    fresh, stale, gone, sequence = due.fresh, due.stale, due.gone, due.sequence
    agency = Agency.objects.get(pk=entry.agency_id)
    chair = entry.person.full_name if entry.person else ""
    told: list[Told] = []
    for people, method, template in (
        (fresh, Method.REQUEST, _INVITED),
        (stale, Method.REQUEST, _CHANGED),
        (gone, Method.CANCEL, _OFF if is_off else _NOT_YOU),
    ):
        for person_id in people:
            told.append(
                Told(
                    person_id,
                    TOPIC,
                    f"meeting:{entry.pk}:{sequence}:{method.value.lower()}",
                    Message(template, _said(entry, actor, reason)),
                    link_of(entry.pk),
                    is_urgent=method is Method.CANCEL or template is _CHANGED,
                    attachments=attached(
                        partial(
                            appointment,
                            entry,
                            agency_code=agency.code,
                            sequence=sequence,
                            chair=chair,
                            is_cancelled=is_off,
                        ),
                        agency=agency,
                        person=staff.people[person_id],
                        method=method,
                        now=now,
                    ),
                )
            )
    _note(entry, rows, [*fresh, *stale], sequence, said, is_cancelled=False, now=now)
    _note(entry, rows, gone, sequence, said, is_cancelled=True, now=now)
    tell_all(staff=staff, told=told, now=now)
    return Sent(len(fresh), len(stale), len(gone))


def _digest(entry: Entry) -> str:
    """Return what tells one version of a meeting from another: what people keep in their calendars of it."""
    said = [entry.title, entry.on.isoformat(), entry.person_id]
    said += [str(entry.values.get(key) or "") for key in ("begins", "ends", "place", "agenda")]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _said(entry: Entry, actor: Actor, reason: str) -> dict[str, str]:
    return {
        "by": actor.name,
        "work": one_line(entry.title).rstrip("."),
        "when": when_words(entry.on, entry.values),
        "place": str(entry.values.get("place") or "—").rstrip("."),
        "reason": (reason or entry.withdrawal or "—").rstrip("."),
    }


def when_words(on: date, values: Mapping[str, object]) -> str:
    """Return when a meeting is held, as notices write it.

    >>> when_words(date(2026, 7, 2), {"begins": "08:00", "ends": "09:30"})
    '08:00–09:30, 02/07/2026'
    """
    hour = "–".join(str(values[key]) for key in ("begins", "ends") if values.get(key))
    return f"{hour}, {vietnamese(on)}" if hour else vietnamese(on)


def attached(
    event: Callable[[], Appointment], *, agency: Agency, person: Colleague, method: Method, now: datetime
) -> tuple[Mapping[str, str], ...]:
    """Return an invitation as a mail carries it; nothing for who gets no mail. Nobody's address stands in another's.

    ``event`` gives the meeting in the language that is active, which is the person's.
    """
    sender = organiser_of(agency.name)
    if not person.email or sender is None:
        return ()
    with translation.override(person.language):
        meeting = event()
    content = invitation(
        meeting, method, stamp=now, organiser=sender, invited=Party(person.name, person.email)
    ).decode()
    return ({"name": FILE, "type": f"text/calendar; method={method.value}", "content": content},)


def organiser_of(agency_name: str) -> Party | None:
    """Return in whose name invitations are sent: the agency's, by the installation's address; None where it sends no mail."""
    address = parseaddr(settings.MAIL_FROM)[1] if letters.is_set_up() else ""
    return Party(agency_name, address) if address else None


def _note(
    entry: Entry,
    rows: Mapping[int, Invitation],
    people: Iterable[int],
    sequence: int,
    said: str,
    *,
    is_cancelled: bool,
    now: datetime,
) -> None:
    made = []
    for person_id in people:
        row = rows.get(person_id) or Invitation(agency_id=entry.agency_id, entry=entry, person_id=person_id)
        row.sequence, row.said, row.is_cancelled, row.at = sequence, said, is_cancelled, now
        made.append(row)
    Invitation.objects.bulk_create([each for each in made if each.pk is None], batch_size=500)
    Invitation.objects.bulk_update(
        [each for each in made if each.pk is not None],
        ["sequence", "said", "is_cancelled", "at"],
        batch_size=500,
    )
