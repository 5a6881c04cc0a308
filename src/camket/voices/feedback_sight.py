"""Who sees what of feedback: its text, its sender, or that there is any.

Whom feedback is about never sees it, whatever the post; where it names several, each of them reads no word of it until
somebody else has said whom it is about. A denunciation is read by the leaders and by who received it;
feedback on conduct by who assigns it, who deals with it and who received it. Of all else, who may not see personal
data reads the text with those blacked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from django.db.models import Q

from camket.core import feedback as rules
from camket.core.blackout import Blackened, blackened
from camket.org.models import Role
from camket.org.policy import Actor, Scope, can, can_in_agency
from camket.voices.models import Feedback

_LEADERS = frozenset({Role.CHAIRMAN, Role.REPRESENTATIVE})


class Sight(IntEnum):
    """What an actor sees of feedback."""

    NOTHING = 0
    HEAD = 1  # that it is there, its kind, state and days; no word of it
    BLACKENED = 2  # its text without personal data
    FULL = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What of feedback decides who sees it, for who looks at thousands; named as in :class:`Feedback`."""

    kind: str
    is_classified: bool
    received_by_id: int | None
    settled_by_id: int | None
    is_settled: bool
    officer_id: int | None
    unit_id: int | None
    subject: str
    text: str
    concerned: frozenset[int]


def sight(actor: Actor, row: Feedback | Head) -> Sight:
    """Return what the actor sees of feedback of the own agency; no SQL statement where ``concerns`` was prefetched."""
    if any(actor.is_own(person_id) for person_id in row.concerned):
        return Sight.NOTHING
    if actor.scope is not Scope.AGENCY:
        return Sight.HEAD if row.kind in rules.GUARDED_KINDS else Sight.BLACKENED
    if _is_named(actor, row):
        return Sight.HEAD
    received = actor.is_own(row.received_by_id)
    assigns = can_in_agency(actor, "feedback.assign")
    if row.kind == rules.DENUNCIATION:
        dealt = received or actor.is_own(row.settled_by_id)
        takes = assigns and row.received_by_id is None and not row.is_settled
        return Sight.FULL if dealt or takes or actor.roles & _LEADERS else Sight.HEAD
    handles = does(actor, row)
    if row.kind == rules.CONDUCT:
        return Sight.FULL if received or assigns or handles else Sight.HEAD
    if received or can_in_agency(actor, "feedback.personal") or (handles and can(actor, "feedback.personal")):
        return Sight.FULL
    return Sight.BLACKENED


def reads_all_but_guarded(actor: Actor) -> bool:
    """Return whether the actor reads in full whatever is neither guarded nor about the actor (:func:`sight`)."""
    return actor.scope is Scope.AGENCY and can_in_agency(actor, "feedback.personal")


def _is_named(actor: Actor, row: Feedback | Head) -> bool:
    """Return whether guarded feedback names the actor, among others, and nobody has said yet whom it is about."""
    if row.kind not in rules.GUARDED_KINDS or row.is_classified or row.concerned:
        return False
    people = [(actor.person_id, actor.name), *((actor.stands_in_for,) if actor.stands_in_for else ())]
    return bool(rules.named_among(f"{row.subject}\n{row.text}", people))


def does(actor: Actor, row: Feedback | Head) -> bool:
    """Return whether feedback is the work of the actor or of the actor's unit."""
    return actor.is_own(row.officer_id) or (row.unit_id is not None and row.unit_id in actor.unit_ids)


def not_about(actor: Actor) -> Q:
    """Return what leaves out feedback about the actor, or about whom the actor stands in for."""
    return ~Q(concerns__in={actor.person_id, actor.acts_as_id})


def work_of(actor: Actor) -> Q:
    """Return what feedback is the work of the actor or of the actor's units."""
    return Q(officer__in={actor.person_id, actor.acts_as_id}) | Q(unit__in=actor.unit_ids)


def known_of(row: Feedback) -> tuple[str, ...]:
    """Return what is known of the sender, to be taken out of texts that others read."""
    return tuple(
        each for each in (row.sender_name, row.sender_address, row.sender_phone, row.sender_email) if each
    )


def proposed_publication(row: Feedback) -> tuple[Blackened, Blackened]:
    """Return what of feedback and its answer could be public: both texts without personal data, and what was found."""
    known = known_of(row)
    return blackened(f"{row.subject}\n\n{row.text}", known), blackened(row.answer, known)
