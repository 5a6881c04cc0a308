"""Who does what with a nonconformity or a risk: the table of authority, and whose it is."""

from __future__ import annotations

from camket.improvement.models import Nonconformity
from camket.org.policy import Actor, can, can_in_agency


def may_treat(actor: Actor, row: Nonconformity) -> bool:
    """Return whether the actor may correct, analyse and plan: the secretary, its owner, and members of its unit."""
    if not can(actor, "nonconformity.treat") and row.owner_id != actor.acts_as_id:
        return False
    return (
        can_in_agency(actor, "nonconformity.treat")
        or row.owner_id == actor.acts_as_id
        or (row.unit_id is not None and row.unit_id in actor.unit_ids)
    )


def may_keep_risk(actor: Actor, unit_id: int | None) -> bool:
    """Return whether the actor keeps risks of a unit: secretary and representative of all, a head of the own unit."""
    return can_in_agency(actor, "risk.keep") or (
        can(actor, "risk.keep") and unit_id is not None and unit_id in actor.headed_unit_ids
    )
