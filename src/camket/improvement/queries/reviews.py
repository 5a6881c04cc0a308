"""Management reviews as pages and papers show them; when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q

from camket.core.messages import Message
from camket.core.review import INPUTS, Considered, Days, days_counted, lacks_for_closing
from camket.core.workflow import REVIEW
from camket.improvement.models import CycleRules, Review, ReviewDecision, ReviewInput
from camket.improvement.readiness import days_gathered
from camket.improvement.review_paper import Decided, Present, ReviewContent, Treated
from camket.objectives.models import Plan
from camket.org.models import Agency, Membership
from camket.org.personal import shown_name
from camket.org.policy import Actor, can, require
from camket.org.queries import held_on

MONTHS = 12
"""Months between two reviews where the agency has said nothing else."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as lists show it; ``treated`` of its inputs have a word."""

    id: int
    title: str
    year: int
    period_start: date
    period_end: date
    held_on: date
    starts: time | None
    place: str
    state: str
    number: str
    treated: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the next review is due: so many months after the last, or after the plan in force began; else never yet."""

    months: int
    last_on: date | None
    due_on: date | None
    period_start: date
    period_end: date

    def is_due(self, today: date, within: int = 30) -> bool:
        """Return whether it is due within some days; always where nothing says when."""
        return self.due_on is None or (self.due_on - today).days <= within


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Who is asked; ``attended`` is None until it was noted."""

    id: int
    person_id: int | None
    name: str
    position: str
    attended: bool | None
    absence: str


@dataclass(frozen=True, slots=True)
class InputRow:
    """An input with what was gathered and what was said to it."""

    key: str
    title: str
    lines: tuple[tuple[str, str], ...]
    comment: str
    nothing: str
    treated_by: str
    treated_at: datetime | None

    @property
    def is_treated(self) -> bool:
        """Whether somebody said a word to it."""
        return Considered(self.comment, self.nothing).is_treated


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision with its task once there is one; ``task_state`` of ``actions.Task.State``, "" before."""

    id: int
    kind: str
    kind_label: Any
    input_key: str
    text: str
    unit_id: int | None
    unit: str
    person_id: int | None
    person: str
    due_on: date
    task_id: int | None
    task_state: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A review with everything that belongs to it; ``acts`` is what the actor may do now, by name."""

    row: ReviewRow
    chair_id: int | None
    chair: str
    clerk_id: int | None
    clerk: str
    conclusion: str
    cancellation: str
    gathered_at: datetime | None
    counted_to: date | None
    closed_at: datetime | None
    follows_id: int | None
    follows: str
    members: tuple[MemberRow, ...]
    inputs: tuple[InputRow, ...]
    decisions: tuple[DecisionRow, ...]
    lacks: tuple[Message, ...]
    acts: frozenset[str]

    def input(self, key: str) -> InputRow:
        """Return an input by its key. Raises ReviewInput.DoesNotExist."""
        for each in self.inputs:
            if each.key == key:
                return each
        raise ReviewInput.DoesNotExist(key)

    def next_open(self, key: str) -> str:
        """Return the next input after one that has no word yet, from the beginning if need be; "" for none."""
        keys = [each.key for each in self.inputs]
        turned = self.inputs[keys.index(key) + 1 :] + self.inputs[: keys.index(key)]
        return next((each.key for each in turned if not each.is_treated), "")

    def decision(self, decision_id: int) -> DecisionRow:
        """Return a decision. Raises ReviewDecision.DoesNotExist."""
        for each in self.decisions:
            if each.id == decision_id:
                return each
        raise ReviewDecision.DoesNotExist(decision_id)


def reviews(actor: Actor) -> tuple[ReviewRow, ...]:
    """Return the agency's reviews, the newest first; one SQL statement."""
    require(actor, "review.view")
    return tuple(_row(each) for each in _counted(actor).order_by("-held_on", "-pk")[:200])


def rhythm(actor: Actor, today: date) -> Rhythm:
    """Return when the next review is due and of which period it would be; three SQL statements at most.

    The first is due so many months after the plan in force began.
    """
    require(actor, "review.view")
    months = (
        CycleRules.objects.filter(agency_id=actor.agency_id).values_list("review_months", flat=True).first()
    ) or MONTHS
    last = (
        Review.objects.filter(agency_id=actor.agency_id, state="closed")
        .order_by("-held_on", "-pk")
        .values_list("held_on", "period_end")
        .first()
    )
    if last is None:
        began = (
            Plan.objects.filter(agency_id=actor.agency_id, state=Plan.State.PROMULGATED)
            .order_by("period_start", "pk")
            .values_list("period_start", flat=True)
            .first()
        )
        due_on = None if began is None else began + relativedelta(months=months)
        start = min(began or date(today.year, 1, 1), today)
        return Rhythm(months, None, due_on, start, today)
    start = last[1] + relativedelta(days=1)
    end = max(start, start + relativedelta(months=months, days=-1))
    return Rhythm(months, last[0], last[0] + relativedelta(months=months), start, end)


def review(actor: Actor, review_id: int, today: date) -> ReviewPage:
    """Return a review. Raises NotAllowed, Review.DoesNotExist. Five SQL statements."""
    require(actor, "review.view")
    found = _counted(actor).select_related("chair", "clerk", "follows").get(pk=review_id)
    positions = _positions(actor, found)
    kept = {each.key: each for each in found.inputs.select_related("treated_by")}
    counted = days_gathered(kept.values())
    inputs = tuple(_input(actor, each.key, each.title, kept.get(each.key)) for each in INPUTS)
    members = tuple(
        MemberRow(
            each.pk,
            each.person_id,
            shown_name(actor, each.person.full_name) if each.person is not None else each.name,
            positions.get(each.person_id or 0, ""),
            each.attended,
            each.absence,
        )
        for each in found.members.select_related("person").order_by("order", "pk")
    )
    decisions = tuple(
        _decision(actor, each, today)
        for each in found.decisions.select_related("unit", "person", "task").order_by("order", "pk")
    )
    lacks = lacks_for_closing(
        {each.key: Considered(each.comment, each.nothing) for each in inputs},
        attended=sum(each.attended is True for each in members),
        has_conclusion=bool(found.conclusion.strip()),
        counted=counted,
        wanted=days_counted(Days(found.period_start, found.period_end), found.held_on),
    )
    possible = REVIEW.acts(found.state)
    may = {act for act in possible if can(actor, "review.close" if act == "close" else "review.prepare")}
    return ReviewPage(
        row=_row(found),
        chair_id=found.chair_id,
        chair=shown_name(actor, found.chair.full_name) if found.chair else "",
        clerk_id=found.clerk_id,
        clerk=shown_name(actor, found.clerk.full_name) if found.clerk else "",
        conclusion=found.conclusion,
        cancellation=found.cancellation,
        gathered_at=found.gathered_at,
        counted_to=counted.end if counted else None,
        closed_at=found.closed_at,
        follows_id=found.follows_id,
        follows=found.follows.title if found.follows else "",
        members=members,
        inputs=inputs,
        decisions=decisions,
        lacks=lacks,
        acts=frozenset(may),
    )


def paper_of(actor: Actor, review_id: int, today: date) -> ReviewContent:
    """Return what a review's papers say: as frozen once it is closed, as it stands before."""
    page = review(actor, review_id, today)
    frozen = Review.objects.values_list("minutes", flat=True).get(pk=review_id, agency_id=actor.agency_id)
    if frozen:
        return ReviewContent.from_json(frozen)
    return content_of(actor, page, number="")


def content_of(actor: Actor, page: ReviewPage, *, number: str) -> ReviewContent:
    """Return what a review's papers say as it stands now."""
    agency = Agency.objects.get(pk=actor.agency_id)
    row = page.row
    positions = {each.person_id: each.position for each in page.members if each.person_id is not None}
    return ReviewContent(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place_name=agency.place,
        title=row.title,
        period_start=row.period_start,
        period_end=row.period_end,
        held_on=row.held_on,
        starts=f"{row.starts:%H:%M}" if row.starts else "",
        place=row.place,
        chair=page.chair,
        chair_position=positions.get(page.chair_id, "") if page.chair_id else "",
        clerk=page.clerk,
        members=tuple(
            Present(each.name, each.position, each.attended, each.absence) for each in page.members
        ),
        inputs=tuple(
            Treated(each.key, tuple(text for text, _link in each.lines), each.comment, each.nothing)
            for each in page.inputs
        ),
        decisions=tuple(
            Decided(each.kind, each.text, "; ".join(filter(None, (each.person, each.unit))), each.due_on)
            for each in page.decisions
        ),
        conclusion=page.conclusion,
        number=number or row.number,
        counted_to=page.counted_to,
    )


def _counted(actor: Actor) -> Any:
    said = ~Q(inputs__comment="") | ~Q(inputs__nothing="")
    return Review.objects.filter(agency_id=actor.agency_id).annotate(
        treated=Count("inputs", filter=said, distinct=True), decided=Count("decisions", distinct=True)
    )


def _row(each: Any) -> ReviewRow:
    return ReviewRow(
        each.pk, each.title, each.year, each.period_start, each.period_end, each.held_on, each.starts,
        each.place, each.state, each.number, each.treated, each.decided,
    )  # fmt: skip


def _positions(actor: Actor, found: Review) -> dict[int, str]:
    people = found.members.filter(person__isnull=False).values("person_id")
    posts = (
        Membership.objects.filter(held_on(found.held_on), agency_id=actor.agency_id)
        .filter(Q(person_id__in=people) | Q(person_id__in=[found.chair_id, found.clerk_id]))
        .order_by("-pk")
    )
    return {each.person_id: each.position for each in posts if each.position}


def _input(actor: Actor, key: str, title: str, row: ReviewInput | None) -> InputRow:
    if row is None:
        return InputRow(key, title, (), "", "", "", None)
    lines = tuple((each["text"], each.get("link", "")) for each in row.figures.get("lines", ()))
    by = shown_name(actor, row.treated_by.full_name) if row.treated_by else ""
    return InputRow(key, title, lines, row.comment, row.nothing, by, row.treated_at)


def _decision(actor: Actor, each: ReviewDecision, today: date) -> DecisionRow:
    task = each.task
    return DecisionRow(
        each.pk,
        each.kind,
        ReviewDecision.Kind(each.kind).label,
        each.input_key,
        each.text,
        each.unit_id,
        each.unit.name if each.unit else "",
        each.person_id,
        shown_name(actor, each.person.full_name) if each.person else "",
        each.due_on,
        each.task_id,
        task.state if task else "",
        bool(task and task.state not in ("accepted", "cancelled") and task.late_after < today),
    )


def kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds of decisions that a review takes, for choice fields."""
    return list(ReviewDecision.Kind.choices)
