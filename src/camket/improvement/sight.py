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
