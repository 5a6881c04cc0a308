"""A unit of an agency is merged, split or renamed by a decision: its people and open work go to who takes over.

What is done keeps the name of the former unit, and so do the figures of past periods; the succession stays on record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from camket.actions.hand_over import move_units_work
from camket.core.messages import Message, gettext_noop
from camket.core.numbering import well_formed
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.documents.hand_over import move_units_documents
from camket.dossiers.succession import move_units_work as move_dossiers
from camket.indicators.models import Indicator
from camket.journal.operations import record
from camket.notifications.operations import tell
from camket.objectives.models import Objective, Plan
from camket.objectives.rows import Refused
from camket.objectives.taking_over import move_along
from camket.org.models import Agency, BodyName, Delegation, Membership, Role, Unit, UnitSuccession
from camket.org.operations import add_unit
from camket.org.policy import Actor, require
from camket.org.queries import held_on
from camket.registers.hand_over import move_units_work as move_register_work
from camket.voices.succession import move_units_work as move_voices

REASON_LONGEST = 500
LONGEST_AGO = timedelta(days=366)
"""How long ago a succession may have begun that is put on record today."""
_VERBS = {"merger": "unit.merged", "split": "unit.split", "renaming": "unit.renamed"}


class MergingNotPossible(Refused):
    """These units cannot take over from one another; the message says why."""


class MergingUnexplained(Refused):
    """A succession of units says why, and by which decision of which day."""


class DayOfSuccessionNotPossible(Refused):
    """A succession of units cannot begin on this day; the message says why."""


@dataclass(frozen=True, slots=True)
class UnitDecision:
    """The decision that a succession of units rests on, and why it was taken."""

    number: str
    signed_on: date
    reason: str


def merge_unit(
    *,
    actor: Actor,
    unit_id: int,
    into_id: int,
    decision: UnitDecision,
    now: datetime,
    on: date | None = None,
) -> Unit:
    """Merge a unit into another of the agency, from today or an earlier day ``on``; return the one that stays.

    Posts go on in the new unit with the same title; where it has a head already, the other unit's head becomes an
    officer there. Open tasks and work of registers, meetings to come, parts in actions that have not ended, documents in use,
    objectives and indicators of plans that are not over, open work of the improvement cycle, reports and parts of reports
    that are owed, postings to come, and names in documents go along. Closed work stays with the old unit,
    which is taken out of use.

    Raises Unit.DoesNotExist for units of another agency, NotAllowed, MergingNotPossible,
    DayOfSuccessionNotPossible, MergingUnexplained,
    NumberNotPossible for a decision whose number is not well formed.
    """
    with transaction.atomic():
        units = locked_units(actor=actor, unit_ids={unit_id, into_id})
        unit, into = units[unit_id], units[into_id]
        check_units(unit=unit, successors=(into,))
        decision, on = explained(decision=decision, now=now), _begun(unit, on, now)
        moved = _take_over(actor, unit, into, None, on, now)
        _settle(actor, unit, {into: moved}, UnitSuccession.Kind.MERGER, decision, on, now)
    return into


def rename_unit_by_decision(
    *,
    actor: Actor,
    unit_id: int,
    name: str,
    short_name: str,
    decision: UnitDecision,
    now: datetime,
    on: date | None = None,
) -> Unit:
    """Let a unit go on under another name from today or an earlier day on: a new unit takes over all that is open; return it.

    Raises as :func:`merge_unit`, and NameTaken. A mere slip in a name is mended by ``change_unit``.
    """
    with transaction.atomic():
        unit = locked_units(actor=actor, unit_ids={unit_id})[unit_id]
        check_units(unit=unit, successors=())
        decision, on = explained(decision=decision, now=now), _begun(unit, on, now)
        into = add_unit(
            actor=actor, name=name, short_name=short_name, kind=unit.kind, today=timezone.localdate(now)
        )
        into.order = unit.order
        into.save(update_fields=["order"])
        moved = _take_over(actor, unit, into, None, on, now)
        _settle(actor, unit, {into: moved}, UnitSuccession.Kind.RENAMING, decision, on, now)
    return into


def split_unit(
    *,
    actor: Actor,
    unit_id: int,
    people: Mapping[int, int],
    rest_id: int,
    decision: UnitDecision,
    now: datetime,
    on: date | None = None,
) -> tuple[Unit, ...]:
    """Split a unit among others from today or an earlier day on; return them, the one that takes the rest first.

    ``people`` says to which unit each person goes who holds a post there: post and open work in the person's own name go
    along. What is nobody's by name, and people who are not named, go to the unit ``rest_id``. Raises as :func:`merge_unit`;
    MergingNotPossible where fewer than two units take over.
    """
    with transaction.atomic():
        units = locked_units(actor=actor, unit_ids={unit_id, rest_id, *people.values()})
        unit, rest = units[unit_id], units[rest_id]
        others = [units[pk] for pk in sorted(set(people.values()) - {rest_id})]
        check_units(unit=unit, successors=(rest, *others))
        decision, on = explained(decision=decision, now=now), _begun(unit, on, now)
        if not others:
            raise MergingNotPossible(
                Message(
                    gettext_noop(
                        "A split has at least two units that take over: give people to another one too."
                    )
                )
            )
        moved = {
            into: _take_over(actor, unit, into, {pk for pk, to in people.items() if to == into.pk}, on, now)
            for into in others
        }
        moved[rest] = _take_over(actor, unit, rest, None, on, now)
        _settle(actor, unit, moved, UnitSuccession.Kind.SPLIT, decision, on, now)
    return (rest, *others)


def locked_units(*, actor: Actor, unit_ids: set[int]) -> dict[int, Unit]:
    """Lock the agency and the units, and ask for authority."""
    Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
    rows = Unit.objects.select_for_update(of=("self",)).filter(pk__in=unit_ids, agency_id=actor.agency_id)
    units = {unit.pk: unit for unit in rows.order_by("pk")}
    if unit_ids - set(units):
        raise Unit.DoesNotExist
    require(actor, "org.manage")
    require(actor, "people.manage")
    return units


def explained(*, decision: UnitDecision, now: datetime) -> UnitDecision:
    """Return a decision as it is kept; raises MergingUnexplained, NumberNotPossible."""
    reason = one_line(decision.reason)[:REASON_LONGEST]
    if not reason:
        raise MergingUnexplained(Message(gettext_noop("Say why the unit is merged, split or renamed.")))
    if decision.signed_on > timezone.localdate(now):
        raise MergingUnexplained(Message(gettext_noop("The day of the decision is not after today.")))
    return UnitDecision(well_formed(decision.number, example="12/QĐ-UBND"), decision.signed_on, reason)


def _begun(unit: Unit, on: date | None, now: datetime) -> date:
    """Return the first day of who takes over: today, or a day within the year before it and after any earlier succession."""
    today = timezone.localdate(now)
    on = on or today
    if not today - LONGEST_AGO <= on <= today:
        raise DayOfSuccessionNotPossible(
            Message(
                gettext_noop("The day lies between %(first)s and %(last)s."),
                {"first": format_date(today - LONGEST_AGO), "last": format_date(today)},
            )
        )
    earlier = UnitSuccession.objects.filter(Q(successor=unit) | Q(predecessor=unit), on__gte=on)
    for before in earlier.order_by("-on")[:1]:
        raise DayOfSuccessionNotPossible(
            Message(
                gettext_noop("%(unit)s took over on %(day)s itself; choose a later day."),
                {"unit": unit.name, "day": format_date(before.on)},
            )
        )
    return on


def check_units(*, unit: Unit, successors: Collection[Unit]) -> None:
    """Refuse units that cannot take over from one another; raises MergingNotPossible."""
    if unit.pk in {each.pk for each in successors}:
        raise MergingNotPossible(
            Message(gettext_noop("Choose another unit: a unit is not merged into itself."))
        )
    for each in (unit, *successors):
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


def _take_over(
    actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, on: date, now: datetime
) -> dict[str, int]:
    """Give posts and open work of a unit to another: those of some people, or all that is left; return how many of each."""
    today = timezone.localdate(now)
    posts = _move_posts(actor, unit, into, people, on)
    tasks, parts = move_units_work(actor=actor, unit=unit, into=into, people=people)
    entries = move_register_work(actor=actor, unit=unit, into=into, today=today, people=people)
    moved = {
        "posts": posts,
        "tasks": tasks,
        "parts": parts,
        "entries": entries,
        **move_voices(actor=actor, unit=unit, into=into, people=people, now=now),
        **move_along(actor=actor, unit=unit, into=into, people=people, now=now),
    }
    if people is not None:
        return moved
    over = (Plan.State.CLOSED, Plan.State.REPLACED, Plan.State.DISCARDED)
    objectives = Objective.objects.filter(plan__agency_id=actor.agency_id, owner=unit)
    return moved | {
        **move_dossiers(actor=actor, unit=unit, into=into, on=on, now=now),
        "documents": move_units_documents(actor=actor, unit=unit, into=into),
        "names": BodyName.objects.filter(agency_id=actor.agency_id, unit=unit).update(unit=into),
        "objectives": objectives.exclude(plan__state__in=over).update(owner=into),
        "indicators": Indicator.objects.filter(agency_id=actor.agency_id, owner=unit).update(owner=into),
    }


def _settle(
    actor: Actor,
    unit: Unit,
    moved: Mapping[Unit, Mapping[str, int]],
    kind: str,
    decision: UnitDecision,
    on: date,
    now: datetime,
) -> None:
    """Take the former unit out of use, keep the succession on record, and tell who is in the units that took over."""
    today = timezone.localdate(now)
    unit.is_active = False
    unit.save(update_fields=["is_active"])
    told = {"decision_number": decision.number, "decision_date": decision.signed_on, "first_day": on}
    total: dict[str, int] = {}
    for into, counts in moved.items():
        went = {name: count for name, count in counts.items() if count}
        for name, count in went.items():
            total[name] = total.get(name, 0) + count
        UnitSuccession.objects.create(
            agency_id=actor.agency_id,
            predecessor=unit,
            successor=into,
            kind=kind,
            on=on,
            decision_number=decision.number,
            decided_on=decision.signed_on,
            reason=decision.reason,
            moved=went,
            made_at=now,
            made_by_id=actor.person_id,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.took_over",
            subject=into,
            on=today,
            after={"from": unit.name, **told, **went},
            reason=decision.reason,
        )
        posts = Membership.objects.filter(held_on(today), unit=into)
        tell(
            agency_id=actor.agency_id,
            people=sorted(set(posts.values_list("person_id", flat=True))),
            topic="assigned",
            key=f"unit:{unit.pk}:{into.pk}:{now.isoformat()}",
            message=Message(
                gettext_noop(
                    "By decision %(number)s of %(day)s, %(into)s takes over from %(unit)s; its open work stands there now."
                ),
                {
                    "number": decision.number,
                    "day": format_date(decision.signed_on),
                    "into": into.name,
                    "unit": unit.name,
                },
            ),
            now=now,
            link="/co-quan/bo-phan/",
            by=actor,
        )
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=_VERBS[kind],
        subject=unit,
        on=today,
        before={"is_active": True},
        after={
            "is_active": False,
            "into": "; ".join(each.name for each in moved),
            **told,
            **total,
        },
        reason=decision.reason,
    )


def _move_posts(actor: Actor, unit: Unit, into: Unit, people: Collection[int] | None, on: date) -> int:
    """End posts of a unit the day before and give them anew in another from a day on; return how many."""
    the_day_before = on - timedelta(days=1)
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    has_head = Membership.objects.filter(not_ended, unit=into, role=Role.HEAD).exists()
    posts = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(not_ended, Q() if people is None else Q(person_id__in=people), unit=unit)
        .select_related("person")
        .order_by("pk")
    )
    moved = 0
    for post in posts:
        role = Role.OFFICER if post.role == Role.HEAD and has_head else post.role
        ends = post.valid_to
        before = post.role
        if post.valid_from is not None and post.valid_from > the_day_before:
            # It begins that day or later and was never held in the old unit.
            post.unit, post.role = into, role
            post.save(update_fields=["unit", "role"])
            moved += 1
            continue
        post.valid_to = the_day_before
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
            valid_from=on,
            valid_to=ends,
        )
        # Who stands in for the old post goes on in the new one.
        Delegation.objects.filter(post=post, valid_to__gte=on, withdrawn_on__isnull=True).update(post=new)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="post.moved",
            subject=post.person,
            on=on,
            before={"unit": unit.name, "role": before},
            after={"unit": into.name, "role": role, "valid_from": on},
        )
        moved += 1
    return moved
