"""One unit of an agency becomes part of another: its people and open work move, its history keeps the old name."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from camket.actions.hand_over import move_units_work
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import fold
from camket.documents.hand_over import move_units_documents
from camket.indicators.models import Indicator
from camket.journal.operations import record
from camket.objectives.models import Objective, Plan
from camket.objectives.rows import Refused
from camket.objectives.taking_over import move_along
from camket.org.models import Agency, BodyName, Delegation, Membership, Role, Unit
from camket.org.policy import Actor, require
from camket.registers.hand_over import move_units_work as move_register_work


class MergingNotPossible(Refused):
    """These two units cannot be merged; the message says why."""


class MergingUnexplained(Refused):
    """A merging says on which decision it rests."""


def merge_unit(*, actor: Actor, unit_id: int, into_id: int, reason: str, today: date) -> Unit:
    """Merge a unit into another of the agency, from today on; return the one that stays.

    Posts go on in the new unit with the same title; where it has a head already, the other unit's head becomes an
    officer there. Open tasks and work of registers, meetings to come, parts in actions that have not ended, documents in use,
    objectives and indicators of plans that are not over, open work of the improvement cycle, and names in documents go
    along. Closed work stays with the old unit,
    which is taken out of use.

    Raises Unit.DoesNotExist for units of another agency, NotAllowed, MergingNotPossible, MergingUnexplained.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        units = {
            unit.pk: unit
            for unit in Unit.objects.select_for_update().filter(
                pk__in=(unit_id, into_id), agency_id=actor.agency_id
            )
        }
        if unit_id not in units or into_id not in units:
            raise Unit.DoesNotExist
        require(actor, "org.manage")
        require(actor, "people.manage")
        unit, into = units[unit_id], units[into_id]
        _check(unit, into)
        reason = fold(reason)
        if not reason:
            raise MergingUnexplained(
                Message(gettext_noop("Say on which decision the merging rests, for example 12/QĐ-UBND."))
            )
        posts = _move_posts(actor, unit, into, today)
        tasks, parts = move_units_work(actor=actor, unit=unit, into=into)
        entries = move_register_work(actor=actor, unit=unit, into=into, today=today)
        documents = move_units_documents(actor=actor, unit=unit, into=into)
        names = BodyName.objects.filter(agency_id=actor.agency_id, unit=unit).update(unit=into)
        over = (Plan.State.CLOSED, Plan.State.REPLACED, Plan.State.DISCARDED)
        objectives = (
            Objective.objects.filter(plan__agency_id=actor.agency_id, owner=unit)
            .exclude(plan__state__in=over)
            .update(owner=into)
        )
        indicators = Indicator.objects.filter(agency_id=actor.agency_id, owner=unit).update(owner=into)
        unit.is_active = False
        unit.save(update_fields=["is_active"])
        moved = {
            "posts": posts,
            "tasks": tasks,
            "parts": parts,
            "entries": entries,
            "documents": documents,
            "names": names,
            "objectives": objectives,
            "indicators": indicators,
            **move_along(actor=actor, unit=unit, into=into),
        }
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.merged",
            subject=unit,
            on=today,
            before={"is_active": True},
            after={
                "is_active": False,
                "into": into.name,
                **{name: count for name, count in moved.items() if count},
            },
            reason=reason,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.took_over",
            subject=into,
            on=today,
            after={"from": unit.name, **{name: count for name, count in moved.items() if count}},
            reason=reason,
        )
    return into


def _check(unit: Unit, into: Unit) -> None:
    if unit.pk == into.pk:
        raise MergingNotPossible(
            Message(gettext_noop("Choose another unit: a unit is not merged into itself."))
        )
    for each in (unit, into):
        if not each.is_active:
            raise MergingNotPossible(
                Message(gettext_noop("%(unit)s is no longer in use."), {"unit": each.name})
            )
        if each.kind not in (Unit.Kind.SECTION, Unit.Kind.LEADERSHIP):
            raise MergingNotPossible(
                Message(
                    gettext_noop(
                        "%(unit)s is not a section: committees are not merged, their members are changed by a new decision."
                    ),
                    {"unit": each.name},
                )
            )


def _move_posts(actor: Actor, unit: Unit, into: Unit, today: date) -> int:
    """End the posts of a unit yesterday and give them anew in another from today on; return how many."""
    yesterday = today - timedelta(days=1)
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    has_head = Membership.objects.filter(not_ended, unit=into, role=Role.HEAD).exists()
    posts = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(not_ended, unit=unit)
        .select_related("person")
        .order_by("pk")
    )
    moved = 0
    for post in posts:
        role = Role.OFFICER if post.role == Role.HEAD and has_head else post.role
        ends = post.valid_to
        before = post.role
        if post.valid_from is not None and post.valid_from > yesterday:
            # It begins today or later and was never held in the old unit.
            post.unit, post.role = into, role
            post.save(update_fields=["unit", "role"])
            moved += 1
            continue
        post.valid_to = yesterday
        post.save(update_fields=["valid_to"])
        held = Membership.objects.filter(
            not_ended, agency_id=actor.agency_id, person=post.person, role=role, unit=into
        )
        if held.exists():
            continue
        new = Membership.objects.create(
            agency_id=actor.agency_id,
            person=post.person,
            unit=into,
            role=role,
            position=post.position,
            valid_from=today,
            valid_to=ends,
        )
        # Who stands in for the old post goes on in the new one.
        Delegation.objects.filter(post=post, valid_to__gte=today, withdrawn_on__isnull=True).update(post=new)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="post.moved",
            subject=post.person,
            on=today,
            before={"unit": unit.name, "role": before},
            after={"unit": into.name, "role": role, "valid_from": today},
        )
        moved += 1
    return moved
