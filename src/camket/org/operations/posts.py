"""Posts that people hold in an agency."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Membership
from camket.org.operations._change import own_person, own_unit
from camket.org.operations._rules import check_manager_left, check_not_wider, check_post
from camket.org.operations.committees import end_seats_of
from camket.org.operations.delegations import withdraw_all_of
from camket.org.operations.units import require_in_use
from camket.org.policy import Actor, require, roles_with
from camket.org.trail import record


class PostTaken(Refusal):
    """The person already holds this very post."""


class PostNotHeld(Refusal):
    """The post ended before, or would end before it began."""


def give_post(
    *,
    actor: Actor,
    person_id: int,
    role: str,
    unit_id: int | None,
    position: str,
    valid_from: date | None,
    today: date,
) -> Membership:
    """Give a person of the agency one more post, from a day on; to oneself none that widens what one may do.

    Raises Person.DoesNotExist, Unit.DoesNotExist for those of another agency, NotAllowed, UnitMissing, PostTaken, OwnAccount.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.manage")
        unit = own_unit(actor, unit_id) if unit_id is not None else None
        require_in_use(actor=actor, unit_ids=[unit_id])
        check_post(role, unit)
        check_not_wider(actor, person, role)
        if Membership.objects.filter(
            agency_id=actor.agency_id, person=person, unit=unit, role=role, valid_to__isnull=True
        ).exists():
            raise PostTaken(
                Message(gettext_noop("%(person)s already holds this post."), {"person": person.full_name})
            )
        post = Membership.objects.create(
            agency_id=actor.agency_id,
            person=person,
            unit=unit,
            role=role,
            position=one_line(position),
            valid_from=valid_from,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="post.given",
            subject=person,
            on=today,
            after={
                "role": role,
                "unit": unit.name if unit else "",
                "position": post.position,
                "valid_from": valid_from,
            },
        )
    return post


def end_post(*, actor: Actor, post_id: int, ended_on: date, today: date) -> Membership:
    """End a post; ``ended_on`` is the first day on which it is held no more.

    Delegations of the post end with it; with the last post of a person the seats in committees end and what the
    person fills for others too.

    Raises Membership.DoesNotExist for a post of another agency, NotAllowed, PostNotHeld, LastManager.
    """
    with transaction.atomic():
        post = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("person", "unit")
            .get(pk=post_id, agency_id=actor.agency_id)
        )
        require(actor, "people.manage")
        last_day = ended_on - timedelta(days=1)
        if post.valid_to is not None and post.valid_to <= last_day:
            raise PostNotHeld(Message(gettext_noop("This post has already ended.")))
        if post.valid_from is not None and last_day < post.valid_from:
            last_day = post.valid_from
        if post.role in roles_with("people.manage"):
            check_manager_left(actor, max(today, last_day + timedelta(days=1)), besides_posts=[post.pk])
        before = post.valid_to
        post.valid_to = last_day
        post.save(update_fields=["valid_to"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="post.ended",
            subject=post.person,
            on=today,
            before={"valid_to": before},
            after={
                "role": post.role,
                "unit": post.unit.name if post.unit else "",
                "position": post.position,
                "valid_to": last_day,
                **_ended_with(actor, post, last_day),
            },
        )
    return post


def _ended_with(actor: Actor, post: Membership, last_day: date) -> dict[str, list[Any]]:
    """End what rests on a post that ends; return the committees left and those who stood in, for the journal."""
    after = last_day + timedelta(days=1)
    goes_on = (
        Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last_day))
        .filter(agency_id=actor.agency_id, person_id=post.person_id)
        .exists()
    )
    if goes_on:
        deputies = withdraw_all_of(agency_id=actor.agency_id, on=after, post_id=post.pk)
        seats = []
    else:
        deputies = withdraw_all_of(agency_id=actor.agency_id, on=after, person_id=post.person_id)
        seats = end_seats_of(person_id=post.person_id, agency_id=actor.agency_id, last_day=last_day)
    told: dict[str, list[Any]] = {
        "committees": [seat.unit.name for seat in seats],
        "delegations": [{"giver": row.post.person_id, "deputy": row.deputy_id} for row in deputies],
    }
    return {name: each for name, each in told.items() if each}
