"""What officers do with the free words of surveys: read, tag, hide, black out, turn into work."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.actions.models import Task
from camket.actions.operations import NewTask, add_task
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.small_groups import SMALLEST
from camket.core.wording.text import one_line, search_key
from camket.journal.operations import record
from camket.org.policy import Actor, require
from camket.voices.models import Comment

MOST_TAGS = 6
LONGEST_TAG = 40
BLACK = "█"
"""What stands for each character that was blacked out."""


class TagsNotPossible(Refusal):
    """Too many tags, or one too long."""


class TagsChanged(Refusal):
    """Somebody changed the tags since the form was opened."""


class AlreadyWork(Refusal):
    """The comment was turned into work before."""


class Hidden(Refusal):
    """The comment is hidden: show it again before anything else is done with it."""


class NotInText(Refusal):
    """What is to be blacked out does not stand in the comment."""


def let_in(*, agency_id: int, today: date) -> int:
    """Let officers read the comments that wait, once they are five or their month is over; return how many those are.

    By night and in one lot, so that nobody learns from when a comment appears who wrote it. No entry in the journal, for
    nobody did it.
    """
    waiting = Comment.objects.filter(agency_id=agency_id, state=Comment.State.WAITING)
    if waiting.count() < SMALLEST:
        waiting = waiting.filter(month__lt=today.replace(day=1))
    return waiting.update(state=Comment.State.NEW)


def read_comments(*, actor: Actor, comment_ids: Sequence[uuid.UUID], now: datetime) -> int:
    """Mark new comments as read; return how many those were."""
    with transaction.atomic():
        rows = list(
            Comment.objects.select_for_update()
            .filter(pk__in=comment_ids, agency_id=actor.agency_id, state=Comment.State.NEW)
            .select_related("survey")
            .order_by("pk")
        )
        require(actor, "survey.comments")
        for row in rows:
            row.state, row.read_at, row.read_by_id = Comment.State.READ, now, actor.person_id
        Comment.objects.bulk_update(rows, ["state", "read_at", "read_by"])
        for row in rows:
            _record(actor, row, "survey.comment_read", timezone.localdate(now), after={"state": row.state})
    return len(rows)


def tag_comment(
    *, actor: Actor, comment_id: uuid.UUID, tags: Sequence[str], seen: Sequence[str], now: datetime
) -> None:
    """Say by a few words what a comment is about; ``seen`` are the tags that were there when the form was opened.

    Raises TagsNotPossible, TagsChanged, Hidden.
    """
    wanted = list(dict.fromkeys(tag for tag in (one_line(each).lower() for each in tags) if tag))
    if len(wanted) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in wanted):
        raise TagsNotPossible(
            Message(
                gettext_noop("At most %(count)s tags of %(length)s characters each."),
                {"count": str(MOST_TAGS), "length": str(LONGEST_TAG)},
            )
        )
    with transaction.atomic():
        row = _locked(actor, comment_id)
        if row.tags != list(seen) and row.tags != wanted:
            raise TagsChanged(
                Message(
                    gettext_noop("Somebody changed the tags meanwhile: %(tags)s. Look at them again."),
                    {"tags": ", ".join(row.tags) or "–"},
                )
            )
        row.tags = wanted
        _mark_read(row, actor, now)
        row.save(update_fields=["tags", "state", "read_at", "read_by"])
        _record(actor, row, "survey.comment_tagged", timezone.localdate(now), after={"tags": wanted})


def hide_comment(*, actor: Actor, comment_id: uuid.UUID, reason: str, today: date, now: datetime) -> None:
    """Hide a comment with abuse or personal data: only that it is there is shown, to nobody what it says.

    Raises ReasonMissing.
    """
    with transaction.atomic():
        row = _locked(actor, comment_id)
        row.state, row.read_at, row.read_by_id = Comment.State.HIDDEN, now, actor.person_id
        row.save(update_fields=["state", "read_at", "read_by"])
        _record(actor, row, "survey.comment_hidden", today, after={"state": row.state}, reason=reason)


def show_comment(*, actor: Actor, comment_id: uuid.UUID, today: date) -> None:
    """Show a comment again that was hidden; nothing happens to one that is not."""
    with transaction.atomic():
        row = _locked(actor, comment_id, is_hidden=True)
        row.state = Comment.State.ACTED if row.task_id is not None else Comment.State.READ
        row.save(update_fields=["state"])
        _record(actor, row, "survey.comment_shown", today, after={"state": row.state})


def black_out(
    *, actor: Actor, comment_id: uuid.UUID, words: Sequence[str], reason: str, now: datetime
) -> None:
    """Black out words of a comment for good: names, telephone numbers. What stood there is kept nowhere.

    Raises NotInText, ReasonMissing, Hidden.
    """
    with transaction.atomic():
        row = _locked(actor, comment_id)
        wanted = [word for word in (each.strip() for each in words) if word]
        missing = [word for word in wanted if word not in row.text]
        if missing or not wanted:
            raise NotInText(
                Message(
                    gettext_noop(
                        "“%(word)s” does not stand in the comment; write it just as it stands there."
                    ),
                    {"word": missing[0] if missing else ""},
                )
            )
        for word in sorted(wanted, key=len, reverse=True):
            row.text = row.text.replace(word, BLACK * len(word))
        row.search = search_key(row.text)
        _mark_read(row, actor, now)
        row.save(update_fields=["text", "search", "state", "read_at", "read_by"])
        _record(
            actor,
            row,
            "survey.comment_blacked_out",
            timezone.localdate(now),
            after={"places": len(wanted)},
            reason=reason,
        )


def make_work(*, actor: Actor, comment_id: uuid.UUID, task: NewTask, now: datetime) -> Task:
    """Turn a comment into a task of a unit or a person, with its day; it is seen from the comment how that stands.

    Raises AlreadyWork, Hidden, and what :func:`camket.actions.operations.add_task` raises.
    """
    with transaction.atomic():
        row = _locked(actor, comment_id)
        if row.task_id is not None:
            raise AlreadyWork(Message(gettext_noop("This comment was turned into work before.")))
        made = add_task(actor=actor, task=task, now=now, act="survey.comments")
        row.task, row.state = made, Comment.State.ACTED
        row.read_at, row.read_by_id = row.read_at or now, row.read_by_id or actor.person_id
        row.save(update_fields=["task", "state", "read_at", "read_by"])
        _record(
            actor,
            row,
            "survey.comment_acted",
            timezone.localdate(now),
            after={"state": row.state, "task": made.pk},
        )
    return made


def _locked(actor: Actor, comment_id: uuid.UUID, *, is_hidden: bool = False) -> Comment:
    row = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("survey")
        .exclude(state=Comment.State.WAITING)
        .get(pk=comment_id, agency_id=actor.agency_id)
    )
    require(actor, "survey.comments")
    if row.state == Comment.State.HIDDEN and not is_hidden:
        raise Hidden(Message(gettext_noop("The comment is hidden. Show it again first.")))
    return row


def _mark_read(row: Comment, actor: Actor, now: datetime) -> None:
    if row.state == Comment.State.NEW:
        row.state = Comment.State.READ
    if row.read_at is None:
        row.read_at, row.read_by_id = now, actor.person_id


def _record(
    actor: Actor, row: Comment, verb: str, on: date, *, after: Mapping[str, object], reason: str = ""
) -> None:
    """Enter what was done in the journal of the survey: by the comment's id alone.

    What a comment says never goes there, since nothing can be taken out of a journal again.
    """
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=row.survey,
        on=on,
        after={"comment": str(row.pk), **after},
        reason=reason,
    )
