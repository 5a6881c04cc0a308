"""Postings to come of a unit when another takes over from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from camket.org.models import Unit
from camket.org.policy import Actor
from camket.publishing.models import PlannedPosting


def move_units_postings(
    *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, now: datetime
) -> dict[str, int]:
    """Give what a unit is to make public from today on to another; return how many lines of plans.

    For an operation that has asked for authority, in its transaction. Lines name no person.
    """
    if people is not None:
        return {}
    today = timezone.localdate(now)
    to_come = Q(due_on__gte=today) | Q(due_on__isnull=True, year__gte=today.year)
    rows = PlannedPosting.objects.filter(to_come, agency_id=actor.agency_id, unit=unit, is_dropped=False)
    return {"postings": rows.update(unit=into)}
