"""A dossier's course and a procedure's time limit, as their rows tell them to the clock."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from camket.core.dossier_clock import Course, Standstill
from camket.core.dossiers import LimitUnit, State, TimeLimit
from camket.dossiers.models import Dossier, ProcedureEdition


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
        due_again=_naive(dossier.due_promised),
        standstills=tuple(
            Standstill(State(pause.state), _local(pause.since), _naive(pause.until))
            for pause in dossier.pauses.all()
        ),
    )


def limit_of(edition: ProcedureEdition) -> TimeLimit:
    """Return an edition's time limit; one without an amount has none."""
    unit = LimitUnit(edition.limit_unit)
    if unit in (LimitUnit.NONE, LimitUnit.SAME_DAY):
        return TimeLimit(unit)
    if edition.limit_amount is None or edition.limit_amount <= 0:
        return TimeLimit(LimitUnit.NONE)
    return TimeLimit(unit, edition.limit_amount)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else _local(moment)
