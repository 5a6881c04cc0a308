"""What citizens read of feedback: how theirs stands, under its code, and the answers made public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from camket.core import feedback as rules
from camket.core.blackout import blackened
from camket.core.wording.text import search_key
from camket.dossiers.models import Field
from camket.voices.feedback_sight import known_of
from camket.voices.models import Feedback, FeedbackStep

PAGE = 30
_SEARCHED = 5_000
"""Newest answers that words are looked for in."""


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A line of the history that the sender sees."""

    kind: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """How feedback stands, for who has its code: no word of the sender and nothing that tells who it is."""

    code: str
    state: str
    kind: str
    received_on: date
    due_on: date | None
    steps: tuple[PublicStep, ...]
    answer: str
    document_number: str
    is_merged: bool
    takes_more: bool


@dataclass(frozen=True, slots=True)
class PublishedAnswer:
    """A question and its answer as everybody reads them."""

    id: int
    text: str
    answer: str
    field: str
    on: date


def status_of(agency_id: int, code: str) -> PublicStatus:
    """Return how feedback stands, for who has its code; where it is answered with another one, how that one stands.

    Two SQL statements; Feedback.DoesNotExist for no such code.
    """
    own = Feedback.objects.select_related("merged_into").get(agency_id=agency_id, code=code)
    row = own.merged_into or own
    known = (*known_of(own), *known_of(row))
    is_legal = row.kind in rules.LEGAL_KINDS
    is_answered = row.state == Feedback.State.ANSWERED
    is_open = row.state in rules.OPEN_STATES
    steps = FeedbackStep.objects.filter(is_public=True).order_by("at", "pk")
    # Its own receipt and what was sent to its own sender, and what has been done about the one with which it is answered.
    steps = (
        steps.filter(
            Q(feedback=own) & (Q(kind="received") | Q(kind__startswith=rules.SENT))
            | Q(feedback=row) & ~Q(kind="received") & ~Q(kind__startswith=rules.SENT)
        )
        if row is not own
        else steps.filter(feedback=own)
    )
    return PublicStatus(
        code=own.code,
        state=row.state,
        kind=row.kind,
        received_on=timezone.localdate(own.received_at),
        due_on=row.due_on if is_open and not is_legal else None,
        steps=tuple(_public(step, known) for step in steps),
        answer=blackened(row.answer, known).text if is_answered else "",
        document_number=row.document_number if is_answered else "",
        is_merged=row is not own,
        takes_more=row.state != Feedback.State.ROUTED,
    )


def _public(step: FeedbackStep, known: tuple[str, ...]) -> PublicStep:
    """Return a line as whoever has the code reads it; what was noted on a sending is for the staff."""
    if step.kind.startswith(rules.SENT):
        return PublicStep(step.kind, rules.sent_words(step.text)[0], "")
    text = step.text if step.kind == "passed_on" else blackened(step.text, known).text
    return PublicStep(step.kind, timezone.localdate(step.at), text)


def published(agency_id: int, number: str | int = 1, words: str = "") -> Page[PublishedAnswer]:
    """Return a page of published answers, the newest first; ``words`` are looked for, marks aside.

    Two SQL statements; with words three, and one more where answers are looked through for the first time.
    """
    query = Feedback.objects.filter(
        agency_id=agency_id,
        published_at__isnull=False,
        withdrawn_at__isnull=True,
        state=Feedback.State.ANSWERED,
    ).order_by("-published_at", "-pk")
    found: Any = query.select_related("field")
    pages: Paginator[Any] = Paginator(_holding(query, words) if words.strip() else found, PAGE)
    page: Page[Any] = pages.get_page(number)
    rows = found.filter(pk__in=page.object_list) if words.strip() else page.object_list
    page.object_list = tuple(
        PublishedAnswer(
            row.pk,
            row.public_text,
            row.public_answer,
            row.field.name if row.field else "",
            timezone.localdate(row.published_at),
        )
        for row in rows
    )
    return page


_Said = tuple[str, datetime | None]
"""A published answer by its code, and when its words were made public: they change with a new publication alone."""

_MOST_FOLDED = 20_000
_FOLDED: dict[_Said, str] = {}
"""Words of published answers ready to be looked through: anybody may ask, and making them ready is what takes time."""


def _holding(query: QuerySet[Feedback], words: str) -> list[int]:
    keys = search_key(words).split()
    rows = list(query.values_list("pk", "code", "published_at")[:_SEARCHED])
    new: dict[_Said, str] = {}
    missing = [pk for pk, code, at in rows if (code, at) not in _FOLDED]
    if missing:
        told = query.filter(pk__in=missing).values_list(
            "code", "published_at", "public_text", "public_answer"
        )
        new = {(code, at): search_key(f"{text} {answer}") for code, at, text, answer in told}
    folded = [_FOLDED.get((code, at)) or new.get((code, at), "") for _, code, at in rows]
    if len(_FOLDED) + len(new) > _MOST_FOLDED:
        _FOLDED.clear()
    _FOLDED.update(new)
    return [row[0] for row, said in zip(rows, folded, strict=True) if all(key in said for key in keys)]


def agency_fields(agency_id: int) -> list[tuple[int, str]]:
    """Return an agency's fields as (id, name), for the public form."""
    return list(Field.objects.filter(agency_id=agency_id).order_by("key").values_list("pk", "name"))
