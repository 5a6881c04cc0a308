"""How far a new agency is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camket.org.models import Agency, Membership, Unit
from camket.org.policy import Actor, require
from camket.org.queries.validity import held_on


@dataclass(frozen=True, slots=True)
class SetUpState:
    """What a new agency has: units in use, people with a post, whether somebody leads it, and whether all is done."""

    units: int
    people: int
    has_chairman: bool
    is_finished: bool


def set_up_state(actor: Actor, on: date) -> SetUpState:
    """Return how far the actor's agency is set up. Raises NotAllowed."""
    require(actor, "org.manage")
    posts = Membership.objects.filter(held_on(on), agency_id=actor.agency_id, person__is_active=True)
    held = list(posts.values_list("person_id", "role"))
    return SetUpState(
        units=Unit.objects.filter(agency_id=actor.agency_id, is_active=True).count(),
        people=len({person for person, _role in held}),
        has_chairman=any(role == "chairman" for _person, role in held),
        is_finished=Agency.objects.filter(pk=actor.agency_id, set_up_on__isnull=False).exists(),
    )
