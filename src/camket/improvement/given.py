"""What people give to the improvement cycle – words, days, names – and why it is refused; alike in all its operations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import Membership
from camket.org.operations import require_in_use
from camket.org.policy import Actor
from camket.org.queries import held_on


class TextMissing(Refusal):
    """Something is given without the words, or without whoever is to do it, that say what it is."""


class StrangerNamed(Refusal):
    """Only somebody with a post in the agency can be named."""


class DayNotPossible(Refusal):
    """A day lies where it cannot: ahead of today or behind it, or out of order with another."""


def require_in_post(actor: Actor, people: Iterable[int | None], today: date) -> None:
    """Refuse people without a post in the actor's agency on a day; None stands for nobody. Raises StrangerNamed."""
    wanted = {each for each in people if each is not None}
    if not wanted:
        return
    posts = Membership.objects.filter(held_on(today), agency_id=actor.agency_id, person_id__in=wanted)
    if wanted - set(posts.values_list("person_id", flat=True)):
        raise StrangerNamed(Message(gettext_noop("Only somebody with a post in the agency can be named.")))


def unit_id_of(actor: Actor, unit_id: int | None) -> int | None:
    """Return the id of a unit of the actor's agency, None for none.

    Raises Unit.DoesNotExist for another agency's, UnitFormer for one that is no longer in use.
    """
    require_in_use(actor=actor, unit_ids=[unit_id])
    return unit_id


class AuditIncomplete(Refusal):
    """An audit lacks what its next step needs; ``lacks`` says each."""

    def __init__(self, lacks: Iterable[Message]) -> None:
        self.lacks = tuple(lacks)
        super().__init__(self.lacks[0])
