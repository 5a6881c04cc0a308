"""Units and committees of an agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Membership, Seat, Unit, UnitSuccession
from camket.org.operations._change import change, own_unit
from camket.org.operations._rules import check_unit_name
from camket.org.policy import Actor, require
from camket.org.trail import record


class UnitInUse(Refusal):
    """People still hold posts in the unit."""


class UnitFormer(Refusal):
    """Another unit took over from this one: it gets no new work, and is not brought back."""


def add_unit(*, actor: Actor, name: str, short_name: str = "", kind: str = "section", today: date) -> Unit:
    """Add a unit or committee behind the others.

    Raises NotAllowed, NameTaken; ValueError for an unknown kind.
    """
    if kind not in Unit.Kind.values:
        raise ValueError(kind)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "org.manage")
        name = one_line(name)
        check_unit_name(actor, name)
        last = Unit.objects.filter(agency_id=actor.agency_id).aggregate(last=Max("order"))["last"]
        unit = Unit.objects.create(
            agency_id=actor.agency_id,
            name=name,
            short_name=one_line(short_name),
            kind=kind,
            order=0 if last is None else last + 1,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.added",
            subject=unit,
            on=today,
            after={"name": unit.name, "short_name": unit.short_name, "kind": kind},
        )
    return unit


def change_unit(*, actor: Actor, unit_id: int, name: str, short_name: str, kind: str, today: date) -> Unit:
    """Rename a unit or change its kind; documents issued before keep the name they were issued with.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed, NameTaken.
    """
    if kind not in Unit.Kind.values:
        raise ValueError(kind)
    with transaction.atomic():
        unit = own_unit(actor, unit_id)
        require(actor, "org.manage")
        name = one_line(name)
        check_unit_name(actor, name, besides=unit_id)
        new = {"name": name, "short_name": one_line(short_name), "kind": kind}
        change(unit, new, actor=actor, verb="unit.changed", today=today)
    return unit


def move_unit(*, actor: Actor, unit_id: int, places: int, today: date) -> None:
    """Move a unit up (negative) or down in the agency's order.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed.
    """
    with transaction.atomic():
        unit = own_unit(actor, unit_id)
        require(actor, "org.manage")
        ordered = list(
            Unit.objects.select_for_update().filter(agency_id=actor.agency_id).order_by("order", "pk")
        )
        here = next(place for place, each in enumerate(ordered) if each.pk == unit_id)
        there = max(0, min(len(ordered) - 1, here + places))
        if here == there:
            return
        ordered.insert(there, ordered.pop(here))
        for order, each in enumerate(ordered):
            each.order = order
        Unit.objects.bulk_update(ordered, ["order"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="unit.moved",
            subject=unit,
            on=today,
            before={"place": here + 1},
            after={"place": there + 1},
        )


def require_in_use(
    *, actor: Actor, unit_ids: Iterable[int | None], besides: Collection[int | None] = ()
) -> None:
    """Refuse units that get no new work; None stands for none, ``besides`` are units that the work has already.

    For operations, in their transaction.

    Raises Unit.DoesNotExist for a unit of another agency, UnitFormer for one that is no longer in use.
    """
    wanted = {each for each in unit_ids if each is not None}
    if not wanted:
        return
    # Whoever lets one unit take over from another holds the agency: what is given out waits, and finds it done.
    Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
    found = {unit.pk: unit for unit in Unit.objects.filter(pk__in=wanted, agency_id=actor.agency_id)}
    if wanted - set(found):
        raise Unit.DoesNotExist
    for pk in sorted(wanted - set(besides)):
        if not found[pk].is_active:
            raise UnitFormer(
                Message(
                    gettext_noop("%(unit)s is no longer in use; choose the unit that has its work now."),
                    {"unit": found[pk].name},
                )
            )


def deactivate_unit(*, actor: Actor, unit_id: int, today: date) -> Unit:
    """Take a unit out of use: it is offered no more, what it owns stays.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed, UnitInUse.
    """
    with transaction.atomic():
        unit = own_unit(actor, unit_id)
        require(actor, "org.manage")
        people = (
            Membership.objects.filter(unit=unit)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
            .count()
        )
        if people:
            raise UnitInUse(
                Message(
                    gettext_noop(
                        "%(people)s posts are still held in %(unit)s. End them or move them to another unit first."
                    ),
                    {"people": str(people), "unit": unit.name},
                )
            )
        seats = (
            Seat.objects.filter(unit=unit).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).count()
        )
        if seats:
            raise UnitInUse(
                Message(
                    gettext_noop("%(people)s people still sit in %(unit)s. End their seats first."),
                    {"people": str(seats), "unit": unit.name},
                )
            )
        change(unit, {"is_active": False}, actor=actor, verb="unit.deactivated", today=today)
    return unit


def reactivate_unit(*, actor: Actor, unit_id: int, today: date) -> Unit:
    """Bring a unit back into use; one that another took over from stays what it was, in records alone.

    Raises Unit.DoesNotExist for a unit of another agency, NotAllowed, UnitFormer.
    """
    with transaction.atomic():
        unit = own_unit(actor, unit_id)
        require(actor, "org.manage")
        after = (
            UnitSuccession.objects.filter(predecessor=unit).select_related("successor").order_by("-on", "-pk")
        )
        if succession := after.first():
            raise UnitFormer(
                Message(
                    gettext_noop(
                        "%(successor)s took over from %(unit)s by decision %(number)s: it is not brought back. Add a unit of"
                        " another name if one is set up again."
                    ),
                    {
                        "successor": succession.successor.name,
                        "unit": unit.name,
                        "number": succession.decision_number,
                    },
                )
            )
        change(unit, {"is_active": True}, actor=actor, verb="unit.reactivated", today=today)
    return unit
