"""Whom work of the registers is told to when it is given, and when more time is asked for, given or refused."""

from __future__ import annotations

from datetime import datetime

from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.registers import REGISTERS
from camket.notifications.operations import tell, tell_doers, tell_roles
from camket.org.models import Role
from camket.org.policy import Actor
from camket.registers.due import REGISTERS as WITH_WORK
from camket.registers.models import Entry, Extension


def told_given(*, actor: Actor, entry: Entry, now: datetime) -> None:
    """Tell who does open work of a register that it is theirs now."""
    if entry.register not in WITH_WORK or entry.state != Entry.State.OPEN:
        return
    params = {"by": actor.name, "work": _called(entry)}
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
                "work": _called(entry),
            },
        ),
        now=now,
        link=_link(entry),
        by=actor,
    )


def told_decided(*, actor: Actor, entry: Entry, extension: Extension, now: datetime) -> None:
    """Tell who asked for more time, and whose work it is, what was decided."""
    params = {"by": actor.name, "work": _called(entry)}
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


def _called(entry: Entry) -> str:
    """Return what work is called: a document by number and issuer, as its abstract may be secret or name people."""
    if entry.register == "incoming":
        return " · ".join(part for part in (entry.number, entry.source) if part)
    return entry.title


def _link(entry: Entry) -> str:
    return f"/so/{REGISTERS[entry.register].slug}/{entry.pk}/"
