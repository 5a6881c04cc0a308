"""What of the improvement cycle gave a task out: a nonconformity's plan, a review's decision, a risk, an announcement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from camket.actions.models import Task
from camket.actions.queries import TaskRow, row_of, to_review
from camket.core.messages import Message, gettext_noop
from camket.improvement.telling import number_of
from camket.org.policy import Actor, can

_ACTS = {
    "nonconformity": "nonconformity.view",
    "review": "review.view",
    "risk": "risk.view",
    "announcement": "announcement.view",
}
_CALLED = {
    "nonconformity": gettext_noop("Nonconformity"),
    "review": gettext_noop("Decision of a management review"),
    "risk": gettext_noop("Risk or opportunity"),
    "announcement": gettext_noop("Announcement of conformity"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a task comes from: the kind, its number in the book ("" without), what it is called, its id."""

    kind: str
    id: int
    number: str
    title: str

    @property
    def called(self) -> Message:
        """What it is, for people."""
        return Message(_CALLED[self.kind])


_COLUMNS = (
    "corrective_step__nonconformity_id",
    "corrective_step__nonconformity__serial",
    "corrective_step__nonconformity__year",
    "corrective_step__nonconformity__title",
    "review_decision__review_id",
    "review_decision__review__title",
    "risk_treatment__risk_id",
    "risk_treatment__risk__serial",
    "risk_treatment__risk__title",
    "posts_announcement__pk",
    "posts_announcement__number",
    "tells_announcement__pk",
    "tells_announcement__number",
)


def origin_of(actor: Actor, task_id: int) -> Origin | None:
    """Return what of the cycle gave a task out, where the actor may see it; one SQL statement."""
    row = Task.objects.filter(agency_id=actor.agency_id, pk=task_id).values_list(*_COLUMNS).first()
    return None if row is None else _origin(actor, row)


def to_accept(actor: Actor, today: date) -> list[tuple[TaskRow, Origin | None]]:
    """Return the tasks whose result waits for the actor's acceptance, what the cycle gave out first; one SQL statement."""
    found = to_review(actor).annotate(**{f"origin_{place}": F(name) for place, name in enumerate(_COLUMNS)})
    rows = [
        (
            row_of(each, today),
            _origin(actor, [getattr(each, f"origin_{place}") for place in range(len(_COLUMNS))]),
        )
        for each in found
    ]
    return sorted(rows, key=lambda row: (row[1] is None, row[0].due_on, row[0].id))


def _origin(actor: Actor, row: Sequence[Any]) -> Origin | None:
    case, serial, year, title, review, meeting, risk, place, risk_title, *announced = row
    posts, posted, tells, told = announced
    if case is not None:
        origin = Origin("nonconformity", case, number_of(serial, year), title)
    elif review is not None:
        origin = Origin("review", review, "", meeting)
    elif risk is not None:
        origin = Origin("risk", risk, f"{place:02}" if place else "", risk_title)
    elif posts is not None or tells is not None:
        origin = Origin("announcement", posts or tells, "", posted or told)
    else:
        return None
    return origin if can(actor, _ACTS[origin.kind]) else None
