"""The improvement cycle at a glance: what the system proposes, what is open, what waits and what is late."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Max, Q, QuerySet, Value
from django.utils import timezone

from camket.improvement.models import Audit, Nonconformity, Review, Risk, SelfAssessment
from camket.notifications.due import Due, due_between
from camket.org.policy import Actor, can, can_in_agency

AHEAD = timedelta(days=30)
"""What is due within so many days stands on the page."""
LONG_AGO = timedelta(days=1500)
MOST_PROPOSED = 40
_NONCONFORMITY, _RISK = "nonconformity", "risk"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the system proposes, to be taken up or left with a reason."""

    is_risk: bool
    id: int
    title: str
    on: date

    @property
    def link(self) -> str:
        """Its page."""
        return f"/rui-ro/{self.id}/" if self.is_risk else f"/khac-phuc/{self.id}/"


def proposals(actor: Actor) -> tuple[Proposal, ...]:
    """Return the proposals that are the actor's to take up or to leave, the oldest first; one SQL statement."""
    parts = []
    for kind, rows, act, units in (
        (_NONCONFORMITY, Nonconformity.objects.all(), "nonconformity.treat", actor.unit_ids),
        (_RISK, Risk.objects.all(), "risk.keep", actor.headed_unit_ids),
    ):
        if not can(actor, act):
            continue
        whose = Q() if can_in_agency(actor, act) else Q(unit_id__in=units)
        own = rows.filter(whose, agency_id=actor.agency_id, state="proposed").order_by()
        parts.append(own.values_list(Value(kind, CharField()), "pk", "title", "made_at"))
    if not parts:
        return ()
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    listed = sorted(found[:MOST_PROPOSED], key=lambda row: (row[3], row[1]))
    return tuple(Proposal(kind == _RISK, pk, title, timezone.localdate(at)) for kind, pk, title, at in listed)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the cycle: how much is under way, how much is done, the day of what was done last, how much is late."""

    key: str
    open: int
    done: int
    last_on: date | None
    late: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """The whole cycle of an agency on a day; ``late`` and ``soon`` are what it calls for, the longest due first."""

    parts: tuple[Part, ...]
    late: tuple[Due, ...]
    soon: tuple[Due, ...]
    proposals: tuple[Proposal, ...]


def cycle(actor: Actor, today: date) -> Cycle:
    """Return the cycle of the actor's agency, those parts that the actor may see; four SQL statements."""
    dues = due_between(actor, today - LONG_AGO, today + AHEAD, today)
    late = tuple(each for each in dues if each.is_late(today))
    over = Counter(_PART_OF.get(each.kind.key.partition(".")[0], "") for each in late)
    counted = {key: (under_way, done, last) for key, under_way, done, last in _counts(actor)}
    return Cycle(
        parts=tuple(
            Part(key, *counted.get(key, (0, 0, None)), over[key])
            for key, act in _PARTS.items()
            if can(actor, act)
        ),
        late=late,
        soon=tuple(
            each
            for each in dues
            if not each.is_late(today) and not (each.kind.is_event and each.due_on < today)
        ),
        proposals=proposals(actor),
    )


_PARTS = {
    "audit": "audit.view",
    "nonconformity": "nonconformity.view",
    "risk": "risk.view",
    "review": "review.view",
    "assessment": "assessment.view",
}
_PART_OF = {**{key: key for key in _PARTS}, "context": "risk"}


def _counts(actor: Actor) -> QuerySet[Any, Any]:
    """Return how much of each part is under way and done, and when the last was done; one SQL statement."""
    agency = {"agency_id": actor.agency_id}
    parts = [
        rows.order_by()
        .values("agency_id")
        .annotate(
            under_way=Count("pk", filter=Q(state__in=under_way)),
            done=Count("pk", filter=Q(state__in=done)),
            last_on=Max(day, filter=Q(state__in=done)),
        )
        .values_list(Value(key, CharField()), "under_way", "done", "last_on")
        for key, rows, under_way, done, day in (
            (
                "audit",
                Audit.objects.filter(**agency),
                ("planned", "announced", "open", "reporting"),
                ("reported", "closed"),
                "reported_on",
            ),
            (
                "nonconformity",
                Nonconformity.objects.filter(**agency),
                ("open", "planned", "acting", "judging"),
                ("closed",),
                "found_on",
            ),
            ("risk", Risk.objects.filter(**agency), ("open",), ("ended",), "rerate_by"),
            ("review", Review.objects.filter(**agency), ("prepared", "convened"), ("closed",), "held_on"),
            ("assessment", SelfAssessment.objects.filter(**agency), ("open",), ("closed",), "on"),
        )
    ]
    return parts[0].union(*parts[1:], all=True)
