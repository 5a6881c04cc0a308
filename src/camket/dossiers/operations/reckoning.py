"""Reckoning the clocks of open dossiers anew, where what they are timed by has changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from camket.core.dossier_clock import Rules, reckon
from camket.core.dossiers import LimitUnit, Outcome, TimeLimit
from camket.core.tally import day_number, day_of
from camket.dossiers import tally
from camket.dossiers.clock import columns_of
from camket.dossiers.courses import course_of, limit_of
from camket.dossiers.hours import rules_of
from camket.dossiers.models import Dossier, DossierChange, Pause, ProcedureEdition

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
        moved = _moved(agency_id, procedure_ids, since, rules_of(agency_id))
        changes: list[DossierChange] = []
        before, after = [], []
        for each in moved:
            before.append(tally.facts_of(each.dossier))
            for name in each.differing:
                setattr(each.dossier, name, each.new[name])
            after.append(tally.facts_of(each.dossier))
            changes.append(
                DossierChange(
                    dossier=each.dossier,
                    by_id=by_id,
                    at=now,
                    before={name: _plain(each.old[name]) for name in each.differing},
                    after={name: _plain(each.new[name]) for name in each.differing},
                )
            )
        if moved:
            Dossier.objects.bulk_update([each.dossier for each in moved], _OF_LIMITS, batch_size=200)
            DossierChange.objects.bulk_create(changes, batch_size=500)
            tally.recount(agency_id=agency_id, before=before, after=after)
    return len(moved)


def would_move(*, agency_id: int, rules: Rules) -> tuple[int, int]:
    """Return how many open dossiers other rules would give another computed date, and how many another due day."""
    moved = _moved(agency_id, None, -(2**31), rules)
    return len(moved), sum("due_day" in each.differing for each in moved)


@dataclass(frozen=True, slots=True)
class _Moved:
    """An open dossier whose dates are others when reckoned anew."""

    dossier: Dossier
    old: dict[str, object]
    new: dict[str, object]
    differing: list[str]


def _moved(agency_id: int, procedure_ids: Collection[int] | None, since: int, rules: Rules) -> list[_Moved]:
    wanted = Dossier.objects.filter(
        agency_id=agency_id, finished_day=None, received_day__gte=since
    ).prefetch_related(Prefetch("pauses", Pause.objects.order_by("since")))
    if procedure_ids is not None:
        wanted = wanted.filter(procedure_id__in=procedure_ids)
    dossiers = list(wanted.order_by("pk"))
    editions = _editions({dossier.procedure_id for dossier in dossiers})
    found = []
    for dossier in dossiers:
        limit = _limit(editions.get(dossier.procedure_id, ()), dossier)
        reckoned = columns_of(reckon(course_of(dossier, limit), rules))
        new = {name: _aware(reckoned[name]) for name in _OF_LIMITS}
        old = {name: getattr(dossier, name) for name in _OF_LIMITS}
        if differing := [name for name in _OF_LIMITS if new[name] != old[name]]:
            found.append(_Moved(dossier, old, new, differing))
    return found


def reckoned_without_promise(*, dossier: Dossier) -> dict[str, Any]:
    """Return the columns of a dossier as they are without its re-appointment, by the limit of its day of receipt.

    One that is finished keeps the date first given and is judged by it.
    """
    wanted: dict[str, Any] = {"reappointed_at": None, "reappointed_day": None, "due_promised": None}
    if dossier.finished_day is None:
        editions = _editions([dossier.procedure_id]).get(dossier.procedure_id, ())
        course = replace(course_of(dossier, _limit(editions, dossier)), reappointed_at=None, due_again=None)
        found = columns_of(reckon(course, rules_of(dossier.agency_id)))
        return wanted | {name: _aware(found[name]) for name in _OF_LIMITS}
    due = None if dossier.due_first is None else day_number(timezone.localdate(dossier.due_first))
    is_late = due is not None and dossier.outcome_first == Outcome.LATE
    return wanted | {
        "due_now": dossier.due_first,
        "due_day": due,
        "outcome": dossier.outcome_first,
        "overdue_day": min(due + 1, dossier.finished_day) if due is not None and is_late else None,
    }


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


def _aware(value: object) -> object:
    return timezone.make_aware(value) if isinstance(value, datetime) else value


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
