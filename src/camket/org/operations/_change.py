"""Holding a row of the agency for a change: the lock, the write and its journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from camket.org.models import Agency, Membership, Person, Unit
from camket.org.policy import Actor
from camket.org.trail import record


def own_unit(actor: Actor, unit_id: int) -> Unit:
    """Return a unit of the actor's agency, locked; raises Unit.DoesNotExist for another's."""
    return Unit.objects.select_for_update().get(pk=unit_id, agency_id=actor.agency_id)


def own_person(actor: Actor, person_id: int) -> Person:
    """Return one who holds or held a post in the actor's agency, locked; raises Person.DoesNotExist for others."""
    known = Membership.objects.filter(agency_id=actor.agency_id, person_id=person_id)
    if not known.exists():
        raise Person.DoesNotExist(f"no post in agency {actor.agency_id}")
    return Person.objects.select_for_update().get(pk=person_id)


def change(
    row: Agency | Unit | Person,
    new: Mapping[str, object],
    *,
    actor: Actor,
    verb: str,
    today: date,
    reason: str = "",
) -> None:
    """Write what differs and record it; nothing where nothing differs."""
    changed = {name: value for name, value in new.items() if getattr(row, name) != value}
    if not changed:
        return
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=row,
        on=today,
        before=before,
        after=changed,
        reason=reason,
    )
