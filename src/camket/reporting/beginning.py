"""Beginning a report that the calendar owes: its draft with everything filled, and its units asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.org.policy import Actor
from camket.reporting import calendar, operations, parts
from camket.reporting.models import Report, Subject
from camket.reporting.writers import require_writer


def begin_owed(*, actor: Actor, occurrence_id: int, now: datetime) -> Report:
    """Begin the report that the calendar owes, and ask its units where the calendar says so; one begun already is returned.

    Raises NotAllowed, OccurrenceDone, PeriodNotPossible where no plan in force has the period or it has not begun.
    """
    with transaction.atomic():
        row = calendar.owed(actor, occurrence_id)
        require_writer(actor, row.reporter_id)
        if row.report_id is not None:
            return Report.objects.get(pk=row.report_id, agency_id=actor.agency_id)
        if not row.can_begin:
            raise calendar.OccurrenceDone(
                Message(gettext_noop("This report is done already, or is made outside Cam Kết."))
            )
        report = _drafted(actor, row, now)
        _ask_units(actor, report, row, now)
    return report


def _drafted(actor: Actor, row: calendar.Owed, now: datetime) -> Report:
    if row.subject != Subject.OBJECTIVES:
        return operations.draft_on(
            actor=actor, subject=row.subject, kind=row.pace, period=row.period, now=now
        )
    choice = calendar.plan_choice(actor, row, timezone.localdate(now))
    if choice is None:
        raise operations.PeriodNotPossible(
            Message(
                gettext_noop(
                    "No plan in force has this period yet. Promulgate the plan, or wait until it begins."
                )
            )
        )
    return operations.draft_report(
        actor=actor,
        plan_id=choice.plan_id,
        kind=choice.kind,
        period=choice.period,
        unit_id=row.reporter_id,
        now=now,
    )


def _ask_units(actor: Actor, report: Report, row: calendar.Owed, now: datetime) -> None:
    if row.units_by is None or row.units_by < timezone.localdate(now):
        return
    units = [each.id for each in parts.unit_choices(actor, report.pk) if each.is_proposed]
    if units:
        parts.ask_units(
            actor=actor, report_id=report.pk, unit_ids=units, due_on=row.units_by, wish="", now=now
        )
