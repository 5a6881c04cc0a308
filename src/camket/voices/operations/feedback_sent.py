"""How the outcome of feedback reached its sender: noted by who posted it, handed it over, called."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.core import feedback as rules
from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.policy import Actor
from camket.voices.feedback_change import changed, locked
from camket.voices.models import Feedback

_MOST_NOTE = 500


class SendingNotPossible(Refusal):
    """An outcome is sent once there is one, and no later than the day on which that is noted; ``field`` names what is wrong."""

    def __init__(self, message: Message, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def note_sent(
    *, actor: Actor, feedback_id: int, how: str, sent_on: date, note: str, now: datetime
) -> Feedback:
    """Note how and when the sender of feedback was told its outcome; the sender reads it under the code.

    ``how`` is one of :data:`camket.core.feedback.SENDINGS`. Of feedback that is answered with another one it is the
    outcome of that one. What is noted again stands beside what was noted before. Raises NotAllowed, NotPossible,
    SendingNotPossible; ValueError for another way.
    """
    if how not in rules.SENDINGS:
        raise ValueError(how)
    note = note.replace("\x00", "").strip()
    if len(note) > _MOST_NOTE:
        raise SendingNotPossible(
            Message(
                gettext_noop("The note has %(length)s characters; at most %(most)s are kept. Shorten it."),
                {"length": str(len(note)), "most": str(_MOST_NOTE)},
            ),
            "note",
        )
    with transaction.atomic():
        row = locked(actor, feedback_id, "feedback.receive")
        rules.FEEDBACK.after(row.state, "note_sent")
        outcome_at = (row.merged_into or row).settled_at
        if outcome_at is None:
            raise SendingNotPossible(
                Message(
                    gettext_noop(
                        "The feedback with which this one is answered has no outcome yet to be sent."
                    )
                )
            )
        first, last = timezone.localdate(outcome_at), timezone.localdate(now)
        if not first <= sent_on <= last:
            raise SendingNotPossible(
                Message(
                    gettext_noop(
                        "The outcome of %(first)s was sent from that day to %(last)s: choose a day between."
                    ),
                    {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"},
                ),
                "sent_on",
            )
        return changed(
            row=row,
            actor=actor,
            verb="feedback.sent",
            now=now,
            values={},
            step=f"{rules.SENT}{how}",
            text=f"{sent_on.isoformat()}\n{note}",
            is_public=True,
            told_by=how,
            told_on=sent_on,
        )
