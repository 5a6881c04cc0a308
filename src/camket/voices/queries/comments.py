"""The free words of surveys as officers read them: by month, and by field and unit where those who answered are five or more.

A field or unit is named beside a comment only where at least five people answered about it in that month and it can be
told apart (:mod:`camket.core.small_groups`), so that nobody is known by the counter at which they stood. Those
of this month are read without field and unit until the month is over. Those that came by an address appear by night,
five or more together, else with the month's end: whoever watched the page would else see who had just written.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from camket.actions.queries import TaskRow, tasks_of
from camket.core.finding import MOST_WORDS
from camket.core.wording.text import search_key
from camket.org.policy import Actor, require
from camket.voices.models import Comment
from camket.voices.queries import blocks, results

PAGE = 30


@dataclass(frozen=True, slots=True)
class CommentFilter:
    """Which comments: of a month, a field, a state, with a tag, holding words."""

    month: date | None = None
    field_id: int | None = None
    state: str = ""
    tag: str = ""
    words: str = ""
    survey_id: int | None = None


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment as it may be shown; ``text`` is empty where it is hidden."""

    id: uuid.UUID
    survey: str
    month: date
    question: str
    field: str
    unit: str
    text: str
    language: str
    tags: tuple[str, ...]
    state: str
    state_name: str
    task: TaskRow | None

    @property
    def is_hidden(self) -> bool:
        """Whether its words are not shown."""
        return self.state == Comment.State.HIDDEN

    @property
    def is_new(self) -> bool:
        """Whether nobody has read it."""
        return self.state == Comment.State.NEW


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A page of comments; ``following`` is the number of the next page, 0 where there is none."""

    rows: tuple[CommentRow, ...]
    total: int
    new: int
    page: int
    following: int
    months: tuple[date, ...]
    fields: tuple[tuple[int, str], ...]
    tags: tuple[str, ...]


def comment_page(actor: Actor, wanted: CommentFilter, *, today: date, page: int = 1) -> CommentPage:
    """Return a page of the agency's comments, the newest months first; ten SQL statements at most."""
    require(actor, "survey.comments")
    apart = _told_apart(actor.agency_id, today)
    rows = Comment.objects.filter(agency_id=actor.agency_id).exclude(state=Comment.State.WAITING)
    months = tuple(rows.order_by("-month").values_list("month", flat=True).distinct())
    states = dict(rows.values_list("state").annotate(Count("pk")).order_by())
    known = {tag for tags in rows.exclude(tags=[]).values_list("tags", flat=True) for tag in tags}
    if wanted.month is not None:
        rows = rows.filter(month=wanted.month)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.survey_id is not None:
        rows = rows.filter(survey_id=wanted.survey_id)
    if wanted.field_id is not None:
        told = [month for month, place, key in apart if place == 1 and key == wanted.field_id]
        rows = rows.filter(field_id=wanted.field_id, month__in=told)
    # By month and by an id drawn at random: neither tells in what order they came.
    rows = rows.order_by("-month", "pk")
    start = (page - 1) * PAGE
    if words := search_key(wanted.words).split():
        rows = rows.exclude(state=Comment.State.HIDDEN)  # found by no word that is not shown
        for word in words[:MOST_WORDS]:
            rows = rows.filter(search__contains=word)
    if wanted.tag:
        tagged = rows.exclude(tags=[]).values_list("pk", "tags")
        ids = [pk for pk, tags in tagged if wanted.tag in tags]
        total, keys = len(ids), ids[start : start + PAGE]
    else:
        total, keys = rows.count(), list(rows.values_list("pk", flat=True)[start : start + PAGE])
    by_id = {each.pk: each for each in rows.filter(pk__in=keys).select_related("survey")}
    part = [by_id[key] for key in keys]
    fields, units = results.names_of(actor.agency_id, "field"), results.names_of(actor.agency_id, "unit")
    tasks = tasks_of(actor, [each.task_id for each in part if each.task_id], today)
    questions = results.texts_of(actor.agency_id)
    return CommentPage(
        rows=tuple(
            CommentRow(
                id=each.pk,
                survey=each.survey.title,
                month=each.month,
                question=questions.get(each.question, each.question),
                field=_name(apart, each.month, 1, each.field_id, fields),
                unit=_name(apart, each.month, 2, each.unit_id, units),
                text="" if each.state == Comment.State.HIDDEN else each.text,
                language=each.language,
                tags=tuple(each.tags),
                state=each.state,
                state_name=each.get_state_display(),
                task=tasks.get(each.task_id) if each.task_id else None,
            )
            for each in part
        ),
        total=total,
        new=states.get(Comment.State.NEW, 0),
        page=page,
        following=page + 1 if start + PAGE < total else 0,
        months=months,
        fields=tuple(sorted(((pk, name) for pk, (_, name) in fields.items()), key=lambda each: each[1])),
        tags=tuple(sorted(known)),
    )


def comment(actor: Actor, comment_id: uuid.UUID, *, today: date) -> CommentRow:
    """Return one comment; raises Comment.DoesNotExist for another agency's, and for one that waits for others."""
    require(actor, "survey.comments")
    seen = Comment.objects.select_related("survey").exclude(state=Comment.State.WAITING)
    each = seen.get(pk=comment_id, agency_id=actor.agency_id)
    apart = _told_apart(actor.agency_id, today)
    tasks = tasks_of(actor, [each.task_id], today) if each.task_id else {}
    return CommentRow(
        id=each.pk,
        survey=each.survey.title,
        month=each.month,
        question=results.texts_of(actor.agency_id).get(each.question, each.question),
        field=_name(apart, each.month, 1, each.field_id, results.names_of(actor.agency_id, "field")),
        unit=_name(apart, each.month, 2, each.unit_id, results.names_of(actor.agency_id, "unit")),
        text="" if each.state == Comment.State.HIDDEN else each.text,
        language=each.language,
        tags=tuple(each.tags),
        state=each.state,
        state_name=each.get_state_display(),
        task=tasks.get(each.task_id) if each.task_id else None,
    )


def waiting(actor: Actor) -> int:
    """Return how many comments nobody has read; one SQL statement."""
    require(actor, "survey.comments")
    return Comment.objects.filter(agency_id=actor.agency_id, state=Comment.State.NEW).count()


def _told_apart(agency_id: int, today: date) -> frozenset[tuple[date, int, int]]:
    """Return month, dimension (1: field, 2: unit) and key of all groups of five that are told apart in a month that is shown."""
    of_agency = blocks.shown([agency_id], today=today, overall_only=True).get(agency_id, ())
    return frozenset(
        (block.month, place, key) for block in of_agency for place in (1, 2) if (key := block.told[place])
    )


def _name(
    apart: Iterable[tuple[date, int, int]],
    month: date,
    place: int,
    key: int | None,
    names: dict[int, tuple[str, str]],
) -> str:
    return names[key][1] if key is not None and key in names and (month, place, key) in apart else ""
