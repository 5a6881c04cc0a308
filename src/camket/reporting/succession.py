"""Reports and parts of reports that a unit owes when another takes over from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef

from camket.org.models import Unit
from camket.org.policy import Actor
from camket.reporting.models import ReportLine, ReportOccurrence, UnitPart

OWED = (UnitPart.State.ASKED, UnitPart.State.RETURNED)


def move_units_reports(
    *, actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, now: datetime
) -> dict[str, int]:
    """Give the reports that a unit makes, and the parts that are asked of it, to another; return how many of each.

    For an operation that has asked for authority, in its transaction. With ``people``, parts in their names alone. A
    report that asks both units keeps both parts; what was sent or taken stays with the old unit.
    """
    both = UnitPart.objects.filter(report=OuterRef("report"), unit=into)
    parts = UnitPart.objects.filter(~Exists(both), agency_id=actor.agency_id, unit=unit, state__in=OWED)
    if people is not None:
        return {"report_parts": parts.filter(person__in=people).update(unit=into)}
    ReportLine.objects.filter(agency_id=actor.agency_id, unit=unit, is_ended=False).update(unit=into)
    owed = ReportOccurrence.objects.filter(
        agency_id=actor.agency_id, unit=unit, state=ReportOccurrence.State.OPEN
    )
    # What the unit would have told of itself, the other tells of itself: its own row is written by the calendar.
    owed.filter(is_of_unit=True, report=None).update(state=ReportOccurrence.State.DROPPED)
    owed = owed.filter(is_of_unit=False)
    return {"report_parts": parts.update(unit=into), "reports_owed": owed.update(unit=into)}
