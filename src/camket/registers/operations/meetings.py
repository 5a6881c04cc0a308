"""Sending the invitations of a meeting; afterwards they follow the meeting by themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.policy import Actor
from camket.registers.invitations import MEETINGS, Sent, follow, is_over
from camket.registers.models import Entry
from camket.registers.sight import kept_by
from camket.registers.writing import record_change


class InvitationNotPossible(Refusal):
    """The meeting is over or withdrawn, or everybody who is invited has the invitation already."""


def send_invitations(*, actor: Actor, entry_id: int, now: datetime) -> Sent:
    """Invite to a meeting whoever is to be invited and has no invitation of it as it stands.

    Raises Entry.DoesNotExist for what is no meeting, NotAllowed, InvitationNotPossible.
    """
    with transaction.atomic():
        entry, register = kept_by(actor, entry_id)
        if register.key != MEETINGS:
            raise Entry.DoesNotExist
        if entry.state == Entry.State.WITHDRAWN:
            raise _no(gettext_noop("This meeting was withdrawn: nobody is invited to it."))
        if is_over(entry, now):
            raise _no(gettext_noop("This meeting is over: nobody is invited to it any more."))
        sent = follow(actor=actor, entry=entry, now=now, first=True)
        if not sent.total:
            raise _no(
                gettext_noop("Nobody lacks the invitation. Say who is invited, or change the meeting first.")
            )
        record_change(
            actor, entry, register, "entry.invited", timezone.localdate(now),
            before={}, after={"invited_people": sent.invited + sent.changed},
        )  # fmt: skip
    return sent


def _no(template: str) -> InvitationNotPossible:
    return InvitationNotPossible(Message(template))
