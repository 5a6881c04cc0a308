"""Reckoning the clocks of open dossiers anew, where what they are timed by has changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from camket.core.dossier_clock import Course, Rules, Standstill, reckon
from camket.core.dossiers import LimitUnit, State, TimeLimit
from camket.core.tally import day_of
from camket.dossiers import tally
from camket.dossiers.clock import columns_of
from camket.dossiers.models import Dossier, DossierChange, Pause, ProcedureEdition
from camket.org.calendar import working_calendar

_OF_LIMITS = ("due_computed", "due_first", "due_now", "due_day", "is_due_different", "overdue_day")
"""What of an open dossier hangs on its limit."""


def reckon_again(
    *, agency_id: int, procedure_ids: Collection[int] | None, since: int, by_id: int | None, now: datetime
) -> int:
    """Reckon anew the due dates of open dossiers received from a day on; return how many have changed.

    ``procedure_ids`` are those whose limits changed, None for all. What is finished keeps its dates: it was settled by
    the limit of its time. Each change is kept on the dossier, and the counts follow.
    """
    with transaction.atomic():
        tally.take_turn(agency_id=agency_id)
        wanted = Dossier.objects.filter(
            agency_id=agency_id, finished_day=None, received_day__gte=since
        ).prefetch_related(Prefetch("pauses", Pause.objects.order_by("since")))
        if procedure_ids is not None:
            wanted = wanted.filter(procedure_id__in=procedure_ids)
        dossiers = list(wanted.order_by("pk"))
        if not dossiers:
            return 0
        rules = Rules(working_calendar(agency_id))
        editions = _editions({dossier.procedure_id for dossier in dossiers})
        changed: list[Dossier] = []
        changes: list[DossierChange] = []
        before, after = [], []
        for dossier in dossiers:
            limit = _limit(editions.get(dossier.procedure_id, ()), dossier)
            found = columns_of(reckon(course_of(dossier, limit), rules))
            new = {name: _aware(found[name]) for name in _OF_LIMITS}
            old = {name: getattr(dossier, name) for name in _OF_LIMITS}
            differing = [name for name in _OF_LIMITS if new[name] != old[name]]
            if not differing:
                continue
            before.append(tally.facts_of(dossier))
            for name in differing:
                setattr(dossier, name, new[name])
            after.append(tally.facts_of(dossier))
            changed.append(dossier)
            changes.append(
                DossierChange(
                    dossier=dossier,
                    by_id=by_id,
                    at=now,
                    before={name: _plain(old[name]) for name in differing},
                    after={name: _plain(new[name]) for name in differing},
                )
            )
        if changed:
            Dossier.objects.bulk_update(changed, _OF_LIMITS, batch_size=200)
            DossierChange.objects.bulk_create(changes, batch_size=500)
            tally.recount(agency_id=agency_id, before=before, after=after)
    return len(changed)


def course_of(dossier: Dossier, limit: TimeLimit) -> Course:
    """Return the course of a dossier as its row and its pauses tell it."""
    return Course(
        state=State(dossier.state),
        limit=limit,
        received_at=_naive(dossier.received_at),
        due_given=_naive(dossier.due_given),
        finished_at=_naive(dossier.finished_at),
        returned_at=_naive(dossier.returned_at),
        supplement_asked_at=_naive(dossier.supplement_asked_at),
        supplement_back_at=_naive(dossier.supplement_back_at),
        reappointed_at=_naive(dossier.reappointed_at),
        due_again=_naive(dossier.due_now) if _is_given_again(dossier) else None,
        standstills=tuple(
            Standstill(State(pause.state), _local(pause.since), _naive(pause.until))
            for pause in dossier.pauses.all()
        ),
    )


def _is_given_again(dossier: Dossier) -> bool:
    """Return whether the date that holds is one given anew: no other lies behind the first."""
    return bool(dossier.due_first and dossier.due_now and dossier.due_now > dossier.due_first)


def limit_of(edition: ProcedureEdition) -> TimeLimit:
    """Return an edition's time limit; one without an amount has none."""
    unit = LimitUnit(edition.limit_unit)
    if unit in (LimitUnit.NONE, LimitUnit.SAME_DAY):
        return TimeLimit(unit)
    if edition.limit_amount is None or edition.limit_amount <= 0:
        return TimeLimit(LimitUnit.NONE)
    return TimeLimit(unit, edition.limit_amount)


def _editions(procedure_ids: Collection[int]) -> dict[int, list[ProcedureEdition]]:
    found: dict[int, list[ProcedureEdition]] = {}
    rows = ProcedureEdition.objects.filter(procedure_id__in=procedure_ids)
    for edition in rows.order_by("procedure_id", "valid_from"):
        found.setdefault(edition.procedure_id, []).append(edition)
    return found


def _limit(editions: Collection[ProcedureEdition], dossier: Dossier) -> TimeLimit:
    """Return the limit that held when a dossier was received."""
    if dossier.received_day is None:
        return TimeLimit(LimitUnit.NONE)
    day = day_of(dossier.received_day)
    held = [
        edition
        for edition in editions
        if edition.valid_from <= day and (edition.valid_to is None or edition.valid_to >= day)
    ]
    return limit_of(held[-1]) if held else TimeLimit(LimitUnit.NONE)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else _local(moment)


def _aware(value: object) -> object:
    return timezone.make_aware(value) if isinstance(value, datetime) else value


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
