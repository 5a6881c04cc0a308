"""Procedures and dossiers as they go over to the unit that takes over from another of the agency."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from camket.core.tally import day_number
from camket.dossiers import tally
from camket.dossiers.models import Dossier, DossierChange, ProcedureEdition
from camket.org.models import Unit
from camket.org.policy import Actor
from camket.org.queries import heirs

_AT_ONCE = 500
_DAY = timedelta(days=1)


def move_units_work(*, actor: Actor, unit: Unit, into: Unit, on: date, now: datetime) -> dict[str, int]:
    """Give a unit's procedures, and its dossiers not finished before a day, to another; return how many of each.

    A procedure gets an edition from that day on, and keeps the one before it. Each dossier keeps who settled it before,
    and its counts go along; what was finished before stays with the old unit.
    """
    with transaction.atomic():
        tally.take_turn(agency_id=actor.agency_id)
        procedures = _move_procedures(actor, unit, into, on, now)
        moved = _move_dossiers(actor.agency_id, unit.pk, into.pk, on, actor.person_id, now)
        return {"procedures": procedures, "dossiers": moved}


def follow_successions(*, agency_id: int, by_id: int | None, now: datetime) -> int:
    """Give dossiers that came back to a former unit to who took over, as where an import is undone; return how many.

    Must run under :func:`camket.dossiers.tally.take_turn`.
    """
    return sum(
        _move_dossiers(agency_id, each.former_id, each.rest_id, each.on, by_id, now)
        for each in heirs(agency_id)
    )


def _move_procedures(actor: Actor, unit: Unit, into: Unit, on: date, now: datetime) -> int:
    held = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    rows = (
        ProcedureEdition.objects.select_for_update(of=("self",))
        .filter(held, procedure__agency_id=actor.agency_id, unit=unit)
        .select_related("procedure")
        .order_by("pk")
    )
    moved: set[int] = set()
    for edition in rows:
        moved.add(edition.procedure_id)
        if edition.valid_from >= on:
            edition.unit = into
            edition.save(update_fields=["unit"])
            continue
        was, ends = edition.pk, edition.valid_to
        ProcedureEdition.objects.filter(pk=was).update(valid_to=on - _DAY)
        edition.pk, edition.unit, edition.valid_from, edition.valid_to = None, into, on, ends
        edition.entered_at, edition.entered_by_id = now, actor.person_id
        edition.save(force_insert=True)
        if edition.procedure.edition_id == was:
            edition.procedure.edition = edition
            edition.procedure.save(update_fields=["edition"])
    return len(moved)


def _move_dossiers(
    agency_id: int, unit_id: int, into_id: int, on: date, by_id: int | None, now: datetime
) -> int:
    wanted = Dossier.objects.filter(agency_id=agency_id, unit_id=unit_id).filter(
        Q(finished_day=None) | Q(finished_day__gte=day_number(on))
    )
    moved = 0
    while dossiers := list(wanted.order_by("pk")[:_AT_ONCE]):
        before = [tally.facts_of(each) for each in dossiers]
        for each in dossiers:
            each.unit_id = into_id
        Dossier.objects.filter(pk__in=[each.pk for each in dossiers]).update(unit_id=into_id)
        DossierChange.objects.bulk_create(
            DossierChange(
                dossier=each,
                by_id=by_id,
                at=now,
                before={"unit_id": unit_id},
                after={"unit_id": into_id},
            )
            for each in dossiers
        )
        after = [tally.facts_of(each) for each in dossiers]
        tally.recount(agency_id=agency_id, before=before, after=after)
        moved += len(dossiers)
    return moved
