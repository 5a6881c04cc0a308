"""Work of the registers as calendar feeds hold it. What tells of single people is in no feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from camket.actions.feeds import Reader, Reading
from camket.actions.queries import CANCELLED_SHOWN
from camket.core.icalendar import Appointment
from camket.core.registers import REGISTERS, Register
from camket.core.registers.meetings import invited_in
from camket.core.registers.standing import Standing
from camket.journal.queries import times_written
from camket.org.models import Unit
from camket.org.policy import Actor, can
from camket.registers.due import REGISTERS as WITH_WORK
from camket.registers.filling import standing_of
from camket.registers.invitations import MEETINGS, appointment, concerns, latest_sequence
from camket.registers.models import Entry, Extension
from camket.registers.queries.own import is_mine
from camket.registers.telling import name_outside

MOST = 1_000
"""So much work of one agency a feed holds at most, the latest last days first."""


@dataclass(frozen=True, slots=True)
class FeedWork:
    """A piece of work in a feed, as whom it is read, and how often it was changed.

    ``title`` is what may stand outside Cam Kết: a document goes by number and issuer, for its abstract may name people.
    ``asked_until`` is the later last day that waits for the reader's decision, None for the work itself.
    """

    id: int
    register: Register
    title: str
    on: date
    standing: Standing
    unit_name: str
    person_name: str
    reading: Reading
    sequence: int
    asked_until: date | None = None
    extension_id: int | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it was withdrawn."""
        return self.standing is Standing.WITHDRAWN


def feed_work(reader: Reader, today: date) -> tuple[FeedWork, ...]:
    """Return what a calendar feed holds of the registers: open work with a last day, and what was withdrawn lately.

    A person's feed also holds what waits for that person's decision on more time. Three SQL statements for each agency.
    """
    found: list[FeedWork] = []
    for reading in reader.readings:
        actor = reading.actor
        if not can(actor, "register.view"):
            continue
        whose = is_mine(actor) if reader.unit_id is None else Q(unit_id=reader.unit_id)
        gone = Q(state=Entry.State.WITHDRAWN, changed_at__date__gte=today - CANCELLED_SHOWN)
        rows = list(
            Entry.objects.filter(
                whose,
                Q(state=Entry.State.OPEN) | gone,
                agency_id=actor.agency_id,
                register__in=WITH_WORK,
                due_on__isnull=False,
            )
            .select_related("unit", "person")
            .defer("search", "values")
            .order_by("-due_on", "pk")[:MOST]
        )
        asked = list(_asked(reader, reading))
        ids = [each.pk for each in rows] + [each.entry_id for each in asked]
        changed = times_written(actor.agency_id, "registers.entry", ids, also="org.calendarday")
        found += [_work(each, reading, changed[each.pk], today) for each in reversed(rows)]
        found += [_work(each.entry, reading, changed[each.entry_id], today, extension=each) for each in asked]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FeedMeeting:
    """A meeting in a feed, as calendars hold it."""

    id: int
    appointment: Appointment


def feed_meetings(reader: Reader, today: date) -> tuple[FeedMeeting, ...]:
    """Return the meetings to which the reader, or the unit, is invited: those of the last month and all to come.

    Called as in the invitations, so that programs know the two for one. Four SQL statements for each agency. In the
    language that is active.
    """
    found: dict[int, FeedMeeting] = {}
    for reading in reader.readings:
        actor = reading.actor
        if not can(actor, "register.view"):
            continue
        entries = (
            Entry.objects.filter(
                agency_id=actor.agency_id, register=MEETINGS, on__gte=today - CANCELLED_SHOWN
            )
            .select_related("person")
            .prefetch_related("invitations")
            .order_by("on", "pk")
        )
        of_all = frozenset(
            Unit.objects.filter(agency_id=actor.agency_id, kind=Unit.Kind.ALL).values_list("pk", flat=True)
        )
        for each in entries[:MOST]:
            is_off = each.state == Entry.State.WITHDRAWN
            if is_off and timezone.localdate(each.changed_at) < today - CANCELLED_SHOWN:
                continue
            if each.pk not in found and _concerns(each, reader, actor, of_all):
                chair = each.person.full_name if each.person and can(actor, "people.view") else ""
                found[each.pk] = FeedMeeting(
                    each.pk,
                    appointment(
                        each,
                        agency_code=reading.agency_code,
                        sequence=latest_sequence(each.invitations.all()),
                        chair=chair,
                        is_cancelled=is_off,
                    ),
                )
    return tuple(found.values())


def _concerns(each: Entry, reader: Reader, actor: Actor, of_all: frozenset[int]) -> bool:
    if reader.unit_id is None:
        return concerns(each, actor, of_all)
    invited = invited_in(each.values.get("invited")).units
    return each.unit_id == reader.unit_id or not invited.isdisjoint({reader.unit_id, *of_all})


def _asked(reader: Reader, reading: Reading) -> list[Extension]:
    """Return what waits for the reader's decision; nobody decides what was asked for in the own name."""
    actor = reading.actor
    if reader.unit_id is not None or not can(actor, "register.extend"):
        return []
    asked = Extension.objects.filter(
        state=Extension.State.ASKED,
        entry__agency_id=actor.agency_id,
        entry__state=Entry.State.OPEN,
        entry__register__in=WITH_WORK,
    ).exclude(asked_by_id__in=(actor.person_id, actor.acts_as_id))
    return list(asked.select_related("entry__unit", "entry__person").order_by("pk"))


def _work(
    each: Entry, reading: Reading, sequence: int, today: date, *, extension: Extension | None = None
) -> FeedWork:
    names_people = can(reading.actor, "people.view")
    return FeedWork(
        id=each.pk,
        register=REGISTERS[each.register],
        title=name_outside(each.register, each.title, each.number, each.source),
        on=extension.due_before if extension else each.due_on or today,
        standing=standing_of(each, today),
        unit_name=each.unit.name if each.unit else "",
        person_name=each.person.full_name if each.person and names_people else "",
        reading=reading,
        sequence=sequence,
        asked_until=extension.due_after if extension else None,
        extension_id=extension.pk if extension else None,
    )
