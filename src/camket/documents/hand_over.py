"""Documents of a unit when it becomes part of another: they are kept, and worked by, where its people went."""

from __future__ import annotations

from camket.documents.models import ControlledDocument
from camket.org.models import Unit
from camket.org.policy import Actor


def move_units_documents(*, actor: Actor, unit: Unit, into: Unit) -> int:
    """Give the documents in use of a unit to another, as keeper and as one that works by them; return how many.

    For an operation that has asked for authority, in its transaction; editions that were issued keep the name of the unit.
    """
    rows = ControlledDocument.objects.filter(agency_id=actor.agency_id, withdrawn_on=None)
    moved = set(rows.filter(unit=unit).values_list("pk", flat=True))
    rows.filter(pk__in=moved).update(unit=into)
    for each in rows.filter(users=unit):
        each.users.remove(unit)
        each.users.add(into)
        moved.add(each.pk)
    return len(moved)
