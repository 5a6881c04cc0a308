"""A unit that is merged, split or renamed: at once, or on a day to come, when the clock carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Required, TypedDict, Unpack

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.notifications.operations import tell_roles
from camket.objectives.operations.merging import (
    LONGEST_AGO,
    DayOfSuccessionNotPossible,
    MergingNotPossible,
    UnitDecision,
    check_units,
    explained,
    locked_units,
    merge_unit,
    rename_unit_by_decision,
    split_unit,
)
from camket.org.models import Agency, Person, PlannedSuccession, Unit, UnitSuccession
from camket.org.operations import NameTaken
from camket.org.policy import Actor, NotAllowed, require, roles_with
from camket.org.queries import actor_of

LONGEST_AHEAD = LONGEST_AGO


class Succession(TypedDict, total=False):
    """What becomes of a unit: merged (``into_id``), split (``into_id`` takes the rest, ``people``) or renamed (``name``)."""

    kind: Required[str]
    into_id: int
    people: Mapping[int, int]
    name: str
    short_name: str


def succeed_unit(
    *,
    actor: Actor,
    unit_id: int,
    on: date,
    decision: UnitDecision,
    now: datetime,
    **wanted: Unpack[Succession],
) -> tuple[Unit, ...]:
    """Let other units take over from a unit on a day, and return them; none yet where the day is to come: it is kept.

    Raises as the acts themselves, and as :func:`plan_succession`.
    """
    if on > timezone.localdate(now):
        plan_succession(actor=actor, unit_id=unit_id, on=on, decision=decision, now=now, **wanted)
        return ()
    return _take_over(actor=actor, unit_id=unit_id, on=on, decision=decision, now=now, **wanted)


def plan_succession(
    *,
    actor: Actor,
    unit_id: int,
    kind: str,
    on: date,
    decision: UnitDecision,
    now: datetime,
    into_id: int | None = None,
    people: Mapping[int, int] | None = None,
    name: str = "",
    short_name: str = "",
) -> PlannedSuccession:
    """Keep that a unit is to be merged (``into_id``), split (``into_id`` takes the rest, ``people``) or renamed (``name``).

    Until that day nothing changes. Raises DayOfSuccessionNotPossible for a day that has come or lies more than a year
    ahead, MergingNotPossible where the unit has one to come, and as the acts themselves.
    """
    kind, shares = UnitSuccession.Kind(kind), dict(people or {})
    with transaction.atomic():
        ids = {unit_id, *shares.values()} | ({into_id} if into_id is not None else set())
        units = locked_units(actor=actor, unit_ids=ids)
        unit = units[unit_id]
        check_units(unit=unit, successors=[each for pk, each in units.items() if pk != unit_id])
        if into_id == unit_id or unit_id in shares.values():
            check_units(unit=unit, successors=[unit])
        decision, today = explained(decision=decision, now=now), timezone.localdate(now)
        if not today < on <= today + LONGEST_AHEAD:
            raise DayOfSuccessionNotPossible(
                Message(
                    gettext_noop("The day lies between %(first)s and %(last)s."),
                    {"first": format_date(today - LONGEST_AGO), "last": format_date(today + LONGEST_AHEAD)},
                )
            )
        if kind == UnitSuccession.Kind.SPLIT and not set(shares.values()) - {into_id}:
            raise MergingNotPossible(
                Message(
                    gettext_noop(
                        "A split has at least two units that take over: give people to another one too."
                    )
                )
            )
        name = one_line(name)
        if name and Unit.objects.filter(agency_id=actor.agency_id, name=name).exists():
            raise NameTaken(Message(gettext_noop("There already is a unit named %(name)s."), {"name": name}))
        waiting = _waiting().filter(unit=unit).first()
        if waiting is not None:
            raise MergingNotPossible(
                Message(
                    gettext_noop(
                        "What becomes of %(unit)s on %(day)s is settled already; withdraw that first."
                    ),
                    {"unit": unit.name, "day": format_date(waiting.on)},
                )
            )
        row = PlannedSuccession.objects.create(
            agency_id=actor.agency_id,
            unit=unit,
            kind=kind,
            on=on,
            into_id=into_id,
            people={str(person): to for person, to in shares.items()},
            name=name,
            short_name=one_line(short_name),
            decision_number=decision.number,
            decided_on=decision.signed_on,
            reason=decision.reason,
            made_at=now,
            made_by_id=actor.person_id,
        )
        after = {
            "first_day": on,
            "into": name or "; ".join(each.name for pk, each in units.items() if pk != unit_id),
            "decision_number": decision.number,
            "decision_date": decision.signed_on,
        }
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.succession_planned",
            subject=unit,
            on=today,
            after=after,
            reason=decision.reason,
        )
    return row


def _take_over(
    *,
    actor: Actor,
    unit_id: int,
    kind: str,
    on: date,
    decision: UnitDecision,
    now: datetime,
    into_id: int | None = None,
    people: Mapping[int, int] | None = None,
    name: str = "",
    short_name: str = "",
) -> tuple[Unit, ...]:
    """Merge, split or rename a unit, and return who took over."""
    match UnitSuccession.Kind(kind):
        case UnitSuccession.Kind.MERGER:
            merged = merge_unit(
                actor=actor, unit_id=unit_id, into_id=into_id or 0, decision=decision, on=on, now=now
            )
            return (merged,)
        case UnitSuccession.Kind.RENAMING:
            renamed = rename_unit_by_decision(
                actor=actor,
                unit_id=unit_id,
                name=name,
                short_name=short_name,
                decision=decision,
                on=on,
                now=now,
            )
            return (renamed,)
        case UnitSuccession.Kind.SPLIT:
            return tuple(
                split_unit(
                    actor=actor,
                    unit_id=unit_id,
                    people=people or {},
                    rest_id=into_id or 0,
                    decision=decision,
                    on=on,
                    now=now,
                )
            )


def withdraw_planned_succession(*, actor: Actor, planned_id: int, reason: str, now: datetime) -> Unit:
    """Take back what was to become of a unit, with the reason; return the unit, which stays as it is.

    Raises PlannedSuccession.DoesNotExist for another agency's and for one that is no longer to come, ReasonMissing.
    """
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        require(actor, "org.manage")
        require(actor, "people.manage")
        row = _waiting().select_related("unit").get(pk=planned_id, agency_id=actor.agency_id)
        reason = needed_reason(one_line(reason))
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.succession_withdrawn",
            subject=row.unit,
            on=timezone.localdate(now),
            before={"first_day": row.on, "decision_number": row.decision_number},
            reason=reason,
        )
    return row.unit


def carry_out_planned(*, now: datetime) -> tuple[int, int]:
    """Carry out what has come due, each by itself; return how many, and how many could not be.

    It is done in the name and by the authority of who decided it. What is refused stays, with why, is tried again the
    next time, and those who manage the agency are told once. Cut off anywhere it goes on where it left off.
    """
    done = refused = 0
    due = _waiting().filter(on__lte=timezone.localdate(now)).order_by("on", "pk")
    for planned_id in list(due.values_list("pk", flat=True)):
        try:
            done += _carry_out(planned_id, now)
        except (Refusal, NotAllowed, Unit.DoesNotExist, Person.DoesNotExist) as why:
            refused += 1
            _note_trouble(planned_id, why, now)
    return done, refused


def _carry_out(planned_id: int, now: datetime) -> int:
    with transaction.atomic():
        row = _waiting().select_for_update(of=("self",)).filter(pk=planned_id).first()
        if row is None:
            return 0
        actor = actor_of(
            person_id=row.made_by_id, agency_id=row.agency_id, on=timezone.localdate(row.made_at)
        )
        _take_over(
            actor=actor,
            unit_id=row.unit_id,
            kind=row.kind,
            on=row.on,
            decision=UnitDecision(row.decision_number, row.decided_on, row.reason),
            now=now,
            into_id=row.into_id,
            people={int(person): to for person, to in row.people.items()},
            name=row.name,
            short_name=row.short_name,
        )
        row.carried_out_at, row.trouble = now, {}
        row.save(update_fields=["carried_out_at", "trouble"])
    return 1


def _note_trouble(planned_id: int, why: Exception, now: datetime) -> None:
    gone = Message(gettext_noop("Who decided it can no longer act for the agency."))
    said = why.message if isinstance(why, Refusal) else gone
    trouble = {"template": said.template, "params": dict(said.params)}
    with transaction.atomic():
        row = _waiting().select_for_update(of=("self",)).select_related("unit").filter(pk=planned_id).first()
        if row is None or row.trouble == trouble:
            return
        row.trouble = trouble
        row.save(update_fields=["trouble"])
        tell_roles(
            agency_id=row.agency_id,
            roles=roles_with("org.manage"),
            topic="assigned",
            key=f"unit-planned:{row.pk}",
            message=Message(
                gettext_noop(
                    "What was decided for %(unit)s from %(day)s on could not be carried out; its page says why."
                ),
                {"unit": row.unit.name, "day": format_date(row.on)},
            ),
            now=now,
            link=f"/co-quan/bo-phan/{row.unit_id}/",
        )


def _waiting() -> QuerySet[PlannedSuccession]:
    return PlannedSuccession.objects.filter(carried_out_at=None, withdrawn_at=None)
