"""What every change of feedback does: lock, authority, the move, its step, its entry in the journal.

The journal keeps what happened, never a word of the text and nothing of the sender: its entries are kept for ever.
Words stand in the steps, which can be taken out.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from camket.core import feedback as rules
from camket.core.messages import Message, Refusal, gettext_noop
from camket.journal.operations import record
from camket.org.calendar import working_calendar
from camket.org.policy import Actor, NotAllowed, can_in_agency, require
from camket.org.queries import unit_today
from camket.voices import feedback_dating
from camket.voices.feedback_sight import Sight, does, sight
from camket.voices.feedback_telling import settled
from camket.voices.models import Feedback, FeedbackStep

MOST_WORDS = 20_000
"""Characters of a text or an answer."""


class TextMissing(Refusal):
    """Something was not written that the act needs; ``field`` names it."""

    def __init__(self, message: Message, field: str) -> None:
        super().__init__(message)
        self.field = field


class TextTooLong(TextMissing):
    """A text is longer than what is kept."""


def locked(actor: Actor, feedback_id: int, act: str) -> Feedback:
    """Return feedback for a change by the actor, its row locked.

    Raises NotAllowed where the act is not the actor's, or the feedback is not one that the actor reads in full;
    Feedback.DoesNotExist for another agency's and for one about the actor.
    """
    require(actor, act)
    row = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback_id, agency_id=actor.agency_id)
    seen = sight(actor, row)
    if seen is Sight.NOTHING:
        raise Feedback.DoesNotExist(feedback_id)
    if seen is not Sight.FULL or not (can_in_agency(actor, act) or does(actor, row)):
        raise NotAllowed(act)
    return row


def changed(
    *,
    row: Feedback,
    actor: Actor | None,
    verb: str,
    now: datetime,
    values: dict[str, Any],
    step: str,
    text: str = "",
    is_public: bool = False,
    settles: bool = False,
    **also: Any,
) -> Feedback:
    """Write columns of feedback with the step and the entry that tell of it.

    ``also`` goes into the entry as well. Columns that hold words are told by their print alone.
    """
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    if not {"state", "officer_id", "unit_id"}.isdisjoint(values):
        settled(row=row, now=now)
    note_step(row=row, actor=actor, kind=step, now=now, text=text, is_public=is_public)
    record(
        actor=actor,
        agency_id=row.agency_id,
        verb=verb,
        subject=row,
        on=timezone.localdate(now),
        before=_told(before) or None,
        after={**_told(values), **also} or None,
        settles=settles,
    )
    return row


def note_step(
    *, row: Feedback, actor: Actor | None, kind: str, now: datetime, text: str = "", is_public: bool = False
) -> FeedbackStep:
    """Write one line of the history of feedback."""
    return FeedbackStep.objects.create(
        feedback=row,
        kind=kind,
        at=now,
        by_id=actor.person_id if actor else None,
        text=text,
        is_public=is_public,
    )


def written(text: str, field: str, missing: Message, most: int = MOST_WORDS) -> str:
    """Return a text as it is kept; raises TextMissing for none and TextTooLong for more than ``most`` characters."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise TextMissing(missing, field)
    if len(text) > most:
        raise TextTooLong(
            Message(
                gettext_noop("The text has %(length)s characters; at most %(most)s are kept. Shorten it."),
                {"length": str(len(text)), "most": str(most)},
            ),
            field,
        )
    return text


def dues_by_limits(*, agency_id: int, kind: str, field_id: int | None, received_on: date) -> rules.Dues:
    """Return the last days in time of feedback, by the agency's calendar and limits. Two SQL statements."""
    return feedback_dating.dues_of(
        feedback_dating.limits_of(agency_id),
        working_calendar(agency_id),
        kind=kind,
        field_id=field_id,
        received_on=received_on,
    )


def received_on(row: Feedback) -> date:
    """Return the day on which feedback was received."""
    return timezone.localdate(row.received_at)


_WORDS = {
    "answer": "answer_print",
    "outcome_reason": "outcome_print",
    "public_text": "public_print",
    "public_answer": "public_print",
}
_NAMES = {
    "kind": "feedback_kind",
    "unit_id": "unit",
    "officer_id": "officer",
    "state": "state",
    "due_on": "due_on",
    "pass_on_by": "pass_on_by",
    "limit_days": "working_days",
    "document_number": "document_number",
    "way": "way",
    "outcome": "feedback_outcome",
    "outcome_on": "feedback_outcome_on",
}


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the journal says of columns: codes, days and ids as they stand, words by their print."""
    told: dict[str, Any] = {}
    for name, value in values.items():
        if name in _NAMES:
            told[_NAMES[name]] = value
        elif name in _WORDS and value:
            told[_WORDS[name]] = hashlib.sha256(str(value).encode()).hexdigest()[:16]
    return told


def reopen_row(row: Feedback, actor: Actor | None, now: datetime, *, step: str, text: str, verb: str) -> None:
    """Write down why feedback is gone on with; what was settled is opened again, with its days."""
    today = timezone.localdate(now)
    before: dict[str, Any] = {"state": row.state, "due_on": row.due_on}
    if row.outcome_on is not None:
        before |= {"feedback_outcome": row.outcome, "feedback_outcome_on": row.outcome_on}
    if row.settled_at is not None:
        was_in_time = timezone.localdate(row.settled_at) <= rules.last_day(
            row.state, pass_on_by=row.pass_on_by, due_on=row.due_on
        )
        new = dues_by_limits(agency_id=row.agency_id, kind=row.kind, field_id=row.field_id, received_on=today)
        row.state = rules.FEEDBACK.after(row.state, "reopen")
        row.due_on = rules.due_again(due_on=row.due_on, was_in_time=was_in_time, new_due=new.due_on)
        if was_in_time:
            row.pass_on_by = new.pass_on_by
        row.settled_at, row.settled_by_id, row.settled_note, row.document_number = None, None, "", ""
        row.drafted_at, row.drafted_by_id, row.outcome_on = None, None, None
        row.merged_into_id = None
        row.unit = row.unit and unit_today(row.unit)
        row.save(
            update_fields=[
                "state",
                "due_on",
                "pass_on_by",
                "settled_at",
                "settled_by",
                "settled_note",
                "document_number",
                "drafted_at",
                "drafted_by",
                "outcome_on",
                "merged_into",
                "unit",
            ]
        )
        note_step(row=row, actor=actor, kind=step, now=now, text=text)
        note_step(row=row, actor=None, kind="reopened", now=now, is_public=True)
    else:
        note_step(row=row, actor=actor, kind=step, now=now, text=text)
    record(
        actor=actor,
        agency_id=row.agency_id,
        verb=verb,
        subject=row,
        on=today,
        before=before,
        after={"state": row.state, "due_on": row.due_on},
    )
