"""Who writes a report: the secretary every one, the head of a unit that of the own unit."""

from __future__ import annotations

from camket.org.policy import Actor, NotAllowed, can, can_in_agency


def may_write(actor: Actor, unit_id: int | None) -> bool:
    """Return whether the actor writes the reports of a unit, of the whole agency where it is None."""
    if can_in_agency(actor, "report.write"):
        return True
    return unit_id is not None and can(actor, "report.unit") and unit_id in actor.headed_unit_ids


def require_writer(actor: Actor, unit_id: int | None) -> None:
    """Raise NotAllowed unless the actor writes the reports of a unit, of the whole agency where it is None."""
    if not may_write(actor, unit_id):
        raise NotAllowed("report.write" if unit_id is None else "report.unit")
