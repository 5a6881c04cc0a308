"""Whom work of the registers is told to, when it is given, and when more time is asked for; and what of it a week brings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.registers import REGISTERS
from camket.core.reminders import FINISHED, PRESSING, DoneWork, DueWork, Week
from camket.notifications.operations import settle, tell, tell_doers, tell_roles
from camket.org.models import Role
from camket.org.policy import Actor
from camket.registers.due import REGISTERS as WITH_WORK
from camket.registers.invitations import MEETINGS
from camket.registers.models import Entry, Extension


def told_given(*, actor: Actor, entry: Entry, now: datetime) -> None:
    """Tell who does open work of a register that it is theirs now."""
    if entry.register not in WITH_WORK or entry.state != Entry.State.OPEN:
        return
    params = {"by": actor.name, "work": called(entry)}
    if entry.due_on is None:
        message = Message(gettext_noop("%(by)s gives you work without a last day. %(work)s"), params)
    else:
        message = Message(
            gettext_noop("%(by)s gives you work due on %(due)s. %(work)s"),
            {**params, "due": vietnamese(entry.due_on)},
        )
    tell_doers(
        agency_id=entry.agency_id,
        person_id=entry.person_id,
        unit_id=entry.unit_id,
        topic="assigned",
        key=f"entry:{entry.pk}:assigned:{now.isoformat()}",
        message=message,
        now=now,
        link=_link(entry),
        by=actor,
    )


HANDED_ON = gettext_noop("%(by)s has handed on to you work of the registers of a colleague: %(count)s.")


def settled(*, entry: Entry, now: datetime) -> None:
    """Note as seen what people were told of work that is done with or withdrawn now."""
    settle(agency_id=entry.agency_id, links=[_link(entry)], topics=FINISHED, now=now)


def told_asked(*, actor: Actor, entry: Entry, extension: Extension, now: datetime) -> None:
    """Tell the leaders, who decide, that more time is asked for."""
    tell_roles(
        agency_id=entry.agency_id,
        roles=(Role.CHAIRMAN, Role.REPRESENTATIVE),
        topic="extension",
        key=f"extension:{extension.pk}:asked",
        message=Message(
            gettext_noop("%(by)s asks for time until %(due)s instead of %(before)s: %(reason)s. %(work)s"),
            {
                "by": actor.name,
                "due": vietnamese(extension.due_after),
                "before": vietnamese(extension.due_before),
                "reason": extension.reason.rstrip("."),
                "work": called(entry),
            },
        ),
        now=now,
        link=_link(entry),
        by=actor,
    )


def told_decided(*, actor: Actor, entry: Entry, extension: Extension, now: datetime) -> None:
    """Tell who asked for more time, and whose work it is, what was decided."""
    settle(agency_id=entry.agency_id, keys=f"extension:{extension.pk}:asked", now=now)
    if extension.state == Extension.State.APPROVED:
        settle(agency_id=entry.agency_id, links=[_link(entry)], topics=PRESSING, now=now)
    params = {"by": actor.name, "work": called(entry)}
    if extension.state == Extension.State.APPROVED:
        message = Message(
            gettext_noop("%(by)s gives more time, until %(due)s. %(work)s"),
            {**params, "due": vietnamese(extension.due_after)},
        )
    else:
        message = Message(
            gettext_noop("%(by)s gives no more time: %(reason)s. %(work)s"),
            {**params, "reason": extension.answer.rstrip(".")},
        )
    tell(
        agency_id=entry.agency_id,
        people=(extension.asked_by_id, entry.person_id),
        topic="extension",
        key=f"extension:{extension.pk}:decided",
        message=message,
        now=now,
        link=_link(entry),
        by=actor,
    )


# What a week brings


@dataclass(frozen=True, slots=True)
class WeekOfRegisters:
    """An agency's work of the registers that is overdue or due this week, and what was done in the week before."""

    to_do: list[DueWork] = field(default_factory=list)
    done: list[DoneWork] = field(default_factory=list)
    meetings: list[Entry] = field(default_factory=list)


def week_of_registers(agency_ids: Collection[int], week: Week) -> dict[int, WeekOfRegisters]:
    """Return what a week brings agencies of their registers: work, and the meetings from its day on; one SQL statement.

    Work that is due earliest comes first, meetings by their day.
    """
    work = Q(register__in=WITH_WORK) & (
        Q(state=Entry.State.OPEN, due_on__lte=week.sunday, late_after__isnull=False)
        | Q(state=Entry.State.DONE, done_on__range=(week.before.monday, week.before.sunday))
    )
    meetings = Q(register=MEETINGS, on__range=(week.day, week.sunday)) & ~Q(state=Entry.State.WITHDRAWN)
    rows = (
        Entry.objects.filter(work | meetings, agency_id__in=agency_ids)
        .select_related("unit")
        .defer("search")
        .order_by("due_on", "on", "pk")
    )
    found: dict[int, WeekOfRegisters] = defaultdict(WeekOfRegisters)
    for entry in rows:
        into, unit = found[entry.agency_id], entry.unit.name if entry.unit else ""
        if entry.register == MEETINGS:
            into.meetings.append(entry)
            continue
        title = name_outside(entry.register, entry.title, entry.number, entry.source)
        if entry.state == Entry.State.DONE:
            into.done.append(
                DoneWork(
                    title=title,
                    link=_link(entry),
                    done_on=entry.done_on or entry.on,
                    is_late=bool(entry.late_after and entry.done_on and entry.done_on > entry.late_after),
                    unit_id=entry.unit_id,
                    unit_name=unit,
                )
            )
        elif entry.due_on is not None and entry.late_after is not None:
            into.to_do.append(
                DueWork(
                    kind=f"entry:{entry.register}",
                    id=entry.pk,
                    title=title,
                    link=_link(entry),
                    due_on=entry.due_on,
                    late_after=entry.late_after,
                    unit_id=entry.unit_id,
                    unit_name=unit,
                    person_id=entry.person_id,
                )
            )
    return dict(found)


def name_outside(register: str, title: str, number: str, source: str) -> str:
    """Return what an entry is called outside its own page, in Vietnamese, the language of what is kept.

    A document is called by its number and issuer: its abstract may be secret or name people.
    """
    if register not in _NUMBERED:
        return title
    with translation.override("vi"):
        said = gettext(REGISTERS[register].title)
    return " · ".join(part for part in (said, number, source) if part)


_NUMBERED = frozenset({"incoming", "outgoing"})


def called(entry: Entry) -> str:
    """Return what work is called: a document by number and issuer, as its abstract may be secret or name people."""
    if entry.register == "incoming":
        return " · ".join(part for part in (entry.number, entry.source) if part)
    return entry.title


def entry_link(register: str, entry_id: int) -> str:
    """Return the path of an entry's page."""
    return f"/so/{REGISTERS[register].slug}/{entry_id}/"


def _link(entry: Entry) -> str:
    return entry_link(entry.register, entry.pk)
