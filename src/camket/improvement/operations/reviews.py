"""Management reviews: prepared, convened, every input considered, closed with minutes. Source: ISO 9001:2015, 9.3.

Every function locks, asks authority and state, writes and records in one transaction; another agency's raises
Review.DoesNotExist. What the inputs say is gathered above (see ``improvement.gathering``) and handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from camket.actions.operations import NewTask, add_task
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.review import BY_KEY, INPUTS, Considered, Days, days_counted, lacks_for_closing
from camket.core.wording.text import one_line, paragraphs
from camket.core.workflow import REVIEW
from camket.improvement import telling
from camket.improvement.given import DayNotPossible, TextMissing, require_in_post, unit_id_of
from camket.improvement.models import Nonconformity, Review, ReviewDecision, ReviewInput, ReviewMember
from camket.improvement.operations._recording import write_down
from camket.improvement.readiness import days_gathered
from camket.journal.reasons import needed_reason
from camket.objectives.models import Plan
from camket.org.policy import Actor, require

TITLE_LONGEST = 500
TEXT_LONGEST = 8000
MOST_DECISIONS = 60


class ReviewIncomplete(Refusal):
    """A review lacks what its next step needs; ``lacks`` says each."""

    def __init__(self, lacks: Iterable[Message]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(self.lacks[0])


@dataclass(frozen=True, slots=True)
class NewReview:
    """A review as it is prepared."""

    title: str
    period_start: date
    period_end: date
    held_on: date
    starts: time | None = None
    place: str = ""
    chair_id: int | None = None
    clerk_id: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Who is asked: a person of the agency, or a guest by name."""

    person_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether a member came; why not."""

    member_id: int
    attended: bool
    absence: str = ""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What a review decides: with who and by when."""

    kind: str
    text: str
    due_on: date
    unit_id: int | None = None
    person_id: int | None = None
    input_key: str = ""
    nonconformity_id: int | None = None


def prepare(*, actor: Actor, review: NewReview, members: Sequence[Member], now: datetime) -> Review:
    """Begin a review; it follows the agency's last closed one.

    Raises NotAllowed, TextMissing, DayNotPossible, StrangerNamed.
    """
    with transaction.atomic():
        require(actor, "review.prepare")
        values = _values(actor, review, timezone.localdate(now))
        last = (
            Review.objects.filter(agency_id=actor.agency_id, state="closed")
            .order_by("-held_on", "-pk")
            .first()
        )
        row = Review.objects.create(
            agency_id=actor.agency_id, follows=last, made_at=now, made_by_id=actor.person_id, **values
        )
        ReviewInput.objects.bulk_create([ReviewInput(review=row, key=each.key) for each in INPUTS])
        _lay_members(actor, row, members, timezone.localdate(now))
        write_down(actor, row, "review.prepared", now, None, values)
        if last is not None:
            telling.over(row.agency_id, last.pk, "review.next", now=now)
        else:
            for plan_id in Plan.objects.filter(agency_id=row.agency_id).values_list("pk", flat=True):
                telling.over(row.agency_id, plan_id, "review.first", now=now)
    return row


def change(
    *, actor: Actor, review_id: int, review: NewReview, members: Sequence[Member], now: datetime
) -> Review:
    """Change a review before it is closed; members who stay keep whether they came. Raises as :func:`prepare`, NotPossible.

    Who was asked is told of another day, hour or place.
    """
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "prepare")
        values = _values(actor, review, timezone.localdate(now))
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        _lay_members(actor, row, members, timezone.localdate(now))
        write_down(actor, row, "review.changed", now, before, values)
        moved = any(before[name] != values[name] for name in ("held_on", "starts", "place"))
        if row.state == "convened" and moved:
            telling.told_review(actor=actor, row=row, what="changed", now=now)
    return row


def keep_figures(
    *, actor: Actor, review_id: int, figures: Mapping[str, Mapping[str, Any]], now: datetime
) -> tuple[str, ...]:
    """Keep what was gathered on the inputs; return the keys of those that say something else than before.

    Raises NotAllowed, NotPossible, KeyError for what is no input.
    """
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "prepare")
        changed = []
        rows = {each.key: each for each in row.inputs.select_for_update()}
        for key, said in figures.items():
            each = rows[BY_KEY[key].key]
            if each.figures != said:
                each.figures = dict(said)
                each.save(update_fields=["figures"])
                changed.append(key)
        row.gathered_at = now
        row.save(update_fields=["gathered_at"])
        write_down(actor, row, "review.gathered", now, None, {"changed": changed})
    return tuple(changed)


def consider(
    *, actor: Actor, review_id: int, key: str, comment: str, nothing: str, now: datetime
) -> ReviewInput:
    """Say something to an input, or why nothing arose (không phát sinh). Raises NotAllowed, NotPossible, DoesNotExist."""
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "treat")
        each = row.inputs.select_for_update().get(key=key)
        before = {"comment": each.comment, "nothing": each.nothing}
        each.comment = paragraphs(comment)[:TEXT_LONGEST]
        each.nothing = paragraphs(nothing)[:TEXT_LONGEST]
        after = {"comment": each.comment, "nothing": each.nothing}
        if before != after:
            each.treated_at, each.treated_by_id = now, actor.person_id
            each.save()
            write_down(actor, row, "review.considered", now, {"input": key, **before}, after)
    return each


def convene(*, actor: Actor, review_id: int, now: datetime) -> Review:
    """Ask the members to the review. Raises NotAllowed, NotPossible, ReviewIncomplete without chair or members."""
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        before, row.state = row.state, REVIEW.after(row.state, "convene")
        lacks = []
        if row.chair_id is None:
            lacks.append(Message(gettext_noop("Say who chairs the review.")))
        if not row.members.exists():
            lacks.append(Message(gettext_noop("Nobody is asked to the review yet.")))
        if lacks:
            raise ReviewIncomplete(lacks)
        row.save(update_fields=["state"])
        write_down(actor, row, "review.convened", now, {"state": before}, {"state": row.state})
        telling.over(row.agency_id, row.pk, "review.convene", now=now)
        telling.told_review(actor=actor, row=row, what="convened", now=now)
    return row


def cancel(*, actor: Actor, review_id: int, reason: str, now: datetime) -> Review:
    """Cancel a review before it is closed, with the reason. Raises NotAllowed, NotPossible, ReasonMissing."""
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        before, row.state = row.state, REVIEW.after(row.state, "cancel")
        row.cancellation = needed_reason(one_line(reason))
        row.save(update_fields=["state", "cancellation"])
        write_down(
            actor, row, "review.cancelled", now, {"state": before}, {"state": row.state}, row.cancellation,
            settles=True,
        )  # fmt: skip
        telling.over(row.agency_id, row.pk, "review.convene", "review.inputs", now=now)
        if before == "convened":
            telling.told_review(actor=actor, row=row, what="cancelled", now=now)
    return row


def note_attendance(
    *, actor: Actor, review_id: int, attendance: Sequence[Attendance], now: datetime
) -> tuple[ReviewMember, ...]:
    """Note who came. Raises NotAllowed, NotPossible before it is convened, ReviewMember.DoesNotExist."""
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "decide")
        noted: list[ReviewMember] = []
        before: dict[str, Any] = {}
        for each in attendance:
            member = row.members.select_for_update().get(pk=each.member_id)
            if member.attended is not None:
                before[f"member_{member.pk}"] = [member.attended, member.absence]
            member.attended, member.absence = each.attended, one_line(each.absence)[:255]
            member.save(update_fields=["attended", "absence"])
            noted.append(member)
        after = {f"member_{each.pk}": [each.attended, each.absence] for each in noted}
        if before != after:
            write_down(
                actor,
                row,
                "review.attended",
                now,
                {"members": before} if before else None,
                {"members": after},
            )
    return tuple(noted)


def decide(
    *, actor: Actor, review_id: int, decision: NewDecision, now: datetime, decision_id: int | None = None
) -> ReviewDecision:
    """Write down a decision, or change one; it becomes a task when the review is closed.

    Raises NotAllowed, NotPossible, TextMissing, DayNotPossible, StrangerNamed, DoesNotExist, ReviewIncomplete for too
    many.
    """
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "decide")
        values = _decision_values(actor, row, decision, timezone.localdate(now))
        if decision_id is None:
            if row.decisions.count() >= MOST_DECISIONS:
                raise ReviewIncomplete(
                    [
                        Message(
                            gettext_noop("A review takes at most %(most)s decisions."),
                            {"most": str(MOST_DECISIONS)},
                        )
                    ]
                )
            order = (row.decisions.aggregate(last=Max("order"))["last"] or 0) + 1
            made = ReviewDecision.objects.create(review=row, order=order, **values)
            before = None
        else:
            made = row.decisions.select_for_update().get(pk=decision_id)
            before = {name: getattr(made, name) for name in values}
            for name, value in values.items():
                setattr(made, name, value)
            made.save()
        if before != values:
            write_down(actor, row, "review.decided", now, before, values)
    return made


def drop_decision(*, actor: Actor, review_id: int, decision_id: int, now: datetime) -> None:
    """Take a decision out before the review is closed. Raises NotAllowed, NotPossible, ReviewDecision.DoesNotExist."""
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "decide")
        made = row.decisions.get(pk=decision_id)
        write_down(actor, row, "review.decision_dropped", now, {"text": made.text}, None)
        made.delete()


def conclude(*, actor: Actor, review_id: int, conclusion: str, now: datetime) -> Review:
    """Write the conclusion. Raises NotAllowed, NotPossible."""
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.prepare")
        REVIEW.after(row.state, "decide")
        before, row.conclusion = row.conclusion, paragraphs(conclusion)[:TEXT_LONGEST]
        row.save(update_fields=["conclusion"])
        if before != row.conclusion:
            write_down(
                actor, row, "review.concluded", now, {"conclusion": before}, {"conclusion": row.conclusion}
            )
    return row


def close(
    *,
    actor: Actor,
    review_id: int,
    number: str,
    minutes: Callable[[Review], Mapping[str, Any]],
    now: datetime,
) -> Review:
    """Close a review with its minutes: decisions become tasks, ``minutes`` says what is frozen of it.

    Raises NotAllowed, NotPossible, ReviewIncomplete with every input that lacks a word, DayNotPossible before the day
    on which it is held or where a decision fell due meanwhile.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _locked(actor, review_id)
        require(actor, "review.close")
        before, row.state = row.state, REVIEW.after(row.state, "close")
        inputs = list(row.inputs.all())
        lacks = lacks_for_closing(
            {each.key: Considered(each.comment, each.nothing) for each in inputs},
            attended=row.members.filter(attended=True).count(),
            has_conclusion=bool(row.conclusion.strip()),
            counted=days_gathered(inputs),
            wanted=days_counted(Days(row.period_start, row.period_end), row.held_on),
        )
        if lacks:
            raise ReviewIncomplete(lacks)
        if today < row.held_on:
            raise DayNotPossible(
                Message(
                    gettext_noop("The review is held on %(day)s; it is closed that day at the earliest."),
                    {"day": f"{row.held_on:%d/%m/%Y}"},
                )
            )
        for each in row.decisions.filter(task__isnull=True):
            if each.due_on < today:
                raise DayNotPossible(
                    Message(
                        gettext_noop("“%(decision)s” was due on %(day)s; give it another day."),
                        {"decision": each.text[:150], "day": f"{each.due_on:%d/%m/%Y}"},
                    )
                )
            task = NewTask(each.text, each.due_on, each.unit_id, each.person_id, origin=row.title)
            each.task = add_task(actor=actor, task=task, now=now, act="review.close")
            each.save(update_fields=["task"])
        row.number, row.closed_at, row.closed_by_id = one_line(number)[:100], now, actor.person_id
        row.minutes = dict(minutes(row))
        row.save()
        write_down(
            actor,
            row,
            "review.closed",
            now,
            {"state": before},
            {"state": row.state, "number": row.number},
            settles=True,
        )
        telling.over(row.agency_id, row.pk, "review.convene", "review.inputs", now=now)
        telling.told_review(actor=actor, row=row, what="closed", now=now)
    return row


def _locked(actor: Actor, review_id: int) -> Review:
    return Review.objects.select_for_update(of=("self",)).get(pk=review_id, agency_id=actor.agency_id)


def _values(actor: Actor, review: NewReview, today: date) -> dict[str, Any]:
    title = one_line(review.title)[:TITLE_LONGEST]
    if not title:
        raise TextMissing(Message(gettext_noop("Give the review a title.")))
    if review.period_end < review.period_start:
        raise DayNotPossible(
            Message(gettext_noop("The period that is reviewed cannot end before it begins."))
        )
    require_in_post(actor, (review.chair_id, review.clerk_id), today)
    return {
        "year": review.held_on.year,
        "title": title,
        "period_start": review.period_start,
        "period_end": review.period_end,
        "held_on": review.held_on,
        "starts": review.starts,
        "place": one_line(review.place)[:255],
        "chair_id": review.chair_id,
        "clerk_id": review.clerk_id,
    }


def _lay_members(actor: Actor, row: Review, members: Sequence[Member], today: date) -> None:
    wanted = {(each.person_id, "" if each.person_id else one_line(each.name)[:255]) for each in members}
    wanted.discard((None, ""))
    require_in_post(actor, [person for person, _ in wanted], today)
    known = {(each.person_id, each.name): each for each in row.members.all()}
    for key in known.keys() - wanted:
        known[key].delete()
    order = {
        (each.person_id, "" if each.person_id else one_line(each.name)[:255]): place
        for place, each in enumerate(members)
    }
    for key in wanted:
        member = known.get(key) or ReviewMember(review=row, person_id=key[0], name=key[1])
        member.order = order[key]
        member.save()


def _decision_values(actor: Actor, row: Review, decision: NewDecision, today: date) -> dict[str, Any]:
    text = one_line(decision.text)[:TEXT_LONGEST]
    if not text:
        raise TextMissing(Message(gettext_noop("Say what is decided.")))
    if decision.unit_id is None and decision.person_id is None:
        raise TextMissing(Message(gettext_noop("Choose a unit or a person to do it.")))
    if decision.due_on < max(row.held_on, today):
        raise DayNotPossible(Message(gettext_noop("A decision is due on a day after the review.")))
    require_in_post(actor, (decision.person_id,), today)
    if decision.nonconformity_id is not None:
        Nonconformity.objects.get(pk=decision.nonconformity_id, agency_id=actor.agency_id)
    return {
        "kind": ReviewDecision.Kind(decision.kind),
        "input_key": BY_KEY[decision.input_key].key if decision.input_key else "",
        "text": text,
        "unit_id": unit_id_of(actor, decision.unit_id),
        "person_id": decision.person_id,
        "due_on": decision.due_on,
        "nonconformity_id": decision.nonconformity_id,
    }
