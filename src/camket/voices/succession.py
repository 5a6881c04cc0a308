"""Feedback and places of surveys as they go over to the unit that takes over from another of the agency."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from camket.org.models import Unit
from camket.org.policy import Actor
from camket.voices.feedback_change import changed
from camket.voices.models import Feedback, Point, SlipBatch

_OPEN = (Feedback.State.NEW, Feedback.State.ASSIGNED, Feedback.State.DRAFTED)


def move_units_work(
    *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, now: datetime
) -> dict[str, int]:
    """Give a unit's feedback that is not settled to another, and the places of its surveys; return how many of each.

    With ``people``, feedback in their names alone. Each feedback keeps in its history that it was handed on. Answers that
    came, and feedback that is settled, stay with the old unit.
    """
    feedback = Feedback.objects.filter(agency_id=actor.agency_id, unit=unit).filter(state__in=_OPEN)
    if people is not None:
        feedback = feedback.filter(officer_id__in=people)
    rows = list(feedback.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        changed(
            row=row,
            actor=actor,
            verb="feedback.handed_on",
            now=now,
            values={"unit_id": into.pk},
            step="handed_on",
            text=f"{unit.name} → {into.name}",
        )
    if people is not None:
        return {"feedback": len(rows)}
    points = Point.objects.filter(survey__agency_id=actor.agency_id, unit=unit)
    slips = SlipBatch.objects.filter(survey__agency_id=actor.agency_id, unit=unit, state=SlipBatch.State.OPEN)
    slips.update(unit=into)
    return {"feedback": len(rows), "survey_points": points.update(unit=into)}
