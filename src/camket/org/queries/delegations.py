"""Who stands in for whom, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from camket.org.models import Delegation, Membership
from camket.org.policy import Actor, NotAllowed, can


class DelegationState(StrEnum):
    """How a delegation stands on a day."""

    COMING = "coming"
    HOLDS = "holds"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A post that another person fills; ``last_day`` is the last day on which it holds or held."""

    id: int
    post_id: int
    post: str
    giver_id: int
    giver: str
    deputy_id: int
    deputy: str
    valid_from: date
    valid_to: date
    last_day: date
    reason: str
    document_number: str
    state: DelegationState

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it holds or will."""
        return self.state in (DelegationState.COMING, DelegationState.HOLDS)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was ended before its last day."""
        return self.state is DelegationState.WITHDRAWN

    @property
    def is_on(self) -> bool:
        """Whether it holds on the day asked for."""
        return self.state is DelegationState.HOLDS


def delegations_of(actor: Actor, person_id: int, on: date) -> tuple[DelegationRow, ...]:
    """Return the delegations that a person gives and takes in the agency, the newest first; ended ones too.

    Everybody sees the own ones; those of others who see people. Raises NotAllowed.
    """
    if person_id != actor.person_id and not can(actor, "people.view"):
        raise NotAllowed("people.view")
    parties = Q(post__person_id=person_id) | Q(deputy_id=person_id)
    return _rows(actor, parties, on)


def own_posts(actor: Actor, person_id: int, on: date) -> list[tuple[int, str]]:
    """Return the posts that a person holds in the agency on a day or later, as (id, words); for choice fields."""
    rows = (
        Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .filter(agency_id=actor.agency_id, person_id=person_id)
        .select_related("unit")
        .order_by("pk")
    )
    return [(row.pk, _words(row)) for row in rows]


def _rows(actor: Actor, wanted: Q, on: date) -> tuple[DelegationRow, ...]:
    rows = (
        Delegation.objects.filter(wanted, agency_id=actor.agency_id)
        .select_related("post__person", "post__unit", "deputy")
        .order_by("-valid_from", "-pk")
    )
    return tuple(_row(row, on) for row in rows)


def _row(row: Delegation, on: date) -> DelegationRow:
    last_day = row.valid_to
    if row.withdrawn_on is not None:
        last_day = min(last_day, row.withdrawn_on - timedelta(days=1))
    return DelegationRow(
        id=row.pk,
        post_id=row.post_id,
        post=_words(row.post),
        giver_id=row.post.person_id,
        giver=row.post.person.full_name,
        deputy_id=row.deputy_id,
        deputy=row.deputy.full_name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        last_day=last_day,
        reason=row.reason,
        document_number=row.document_number,
        state=_state(row, last_day, on),
    )


def _state(row: Delegation, last_day: date, on: date) -> DelegationState:
    if last_day < row.valid_from or (row.withdrawn_on is not None and row.withdrawn_on <= on):
        return DelegationState.WITHDRAWN
    if last_day < on:
        return DelegationState.OVER
    return DelegationState.COMING if row.valid_from > on else DelegationState.HOLDS


def _words(post: Membership) -> str:
    title = post.position or str(post.get_role_display())
    return f"{title}, {post.unit.name}" if post.unit else title
