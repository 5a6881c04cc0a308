"""An issued report of a unit as its part of the agency's report on the same period: nobody types the same twice."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from camket.core.messages import Message, gettext_noop
from camket.core.wording.dates import format_date
from camket.journal.operations import record
from camket.notifications.operations import settle, tell_roles
from camket.org.models import Role
from camket.org.policy import Actor
from camket.reporting.content import ReportContent
from camket.reporting.models import Report, Subject, UnitPart

OPEN = (UnitPart.State.ASKED, UnitPart.State.RETURNED)
"""States in which the unit has still to send."""


def give_to_agency(*, actor: Actor, report: Report, now: datetime) -> UnitPart | None:
    """Send an issued unit's report as the part that the agency's draft waits for; None where none does."""
    if report.unit_id is None or report.plan_id is None:
        return None
    rows = UnitPart.objects.select_for_update(of=("self",)).select_related("unit", "report")
    row = rows.filter(
        agency_id=report.agency_id,
        unit_id=report.unit_id,
        state__in=OPEN,
        report__subject=Subject.OBJECTIVES,
        report__plan_id=report.plan_id,
        report__unit=None,
        report__kind=report.kind,
        report__period_end=report.period_end,
        report__state=Report.State.DRAFT,
    ).first()
    return None if row is None else _give(actor, row, report, now)


def give_issued(*, actor: Actor, row: UnitPart, now: datetime) -> UnitPart | None:
    """Send the report that a unit has issued on the period as the part just asked for; None where there is none."""
    whole = row.report
    report = (
        Report.objects.filter(
            agency_id=row.agency_id,
            unit_id=row.unit_id,
            subject=Subject.OBJECTIVES,
            plan_id=whole.plan_id,
            kind=whole.kind,
            period_end=whole.period_end,
            state=Report.State.ISSUED,
        )
        .order_by("-version")
        .first()
        if whole.plan_id is not None
        else None
    )
    return None if report is None else _give(actor, row, report, now)


def _give(actor: Actor, row: UnitPart, report: Report, now: datetime) -> UnitPart:
    said = ReportContent.from_json(report.snapshot or {})
    day = f" ngày {format_date(report.issued_on)}" if report.issued_on else ""
    before = {"state": row.state}
    row.assessment = "\n".join(
        each
        for each in (said.assessment, f"Theo Báo cáo số {report.number}{day} của {row.unit.name}.")
        if each
    )
    row.difficulties, row.proposals = said.difficulties, said.proposals
    row.remarks = {
        str(each.target_id): [each.reason, each.remedy] for each in said.targets if each.reason or each.remedy
    }
    row.state, row.returned = UnitPart.State.SENT, ""
    row.sent_at, row.sent_by_id = now, report.submitted_by_id or report.created_by_id
    row.save()
    record(
        actor=actor,
        agency_id=row.agency_id,
        verb="report.part_sent",
        subject=row,
        on=timezone.localdate(now),
        before=before,
        after={
            "state": row.state,
            "number": report.number,
            "assessment": row.assessment,
            "difficulties": row.difficulties,
            "proposals": row.proposals,
            "remarks": dict(row.remarks),
        },
    )
    tell_sent(actor=actor, row=row, now=now)
    return row


def tell_sent(*, actor: Actor, row: UnitPart, now: datetime) -> None:
    """Tell the secretary that a unit has sent its part; for operations, in their transaction."""
    settle(agency_id=row.agency_id, now=now, keys=f"report.part:{row.pk}:")
    tell_roles(
        agency_id=row.agency_id,
        roles={Role.SECRETARY},
        topic="submitted",
        key=f"report.part:{row.pk}:sent:{now.isoformat()}",
        message=Message(
            gettext_noop("%(unit)s has sent its part of the report on %(title)s"),
            {"unit": row.unit.name, "title": row.title},
        ),
        link=f"/bao-cao/phan/{row.pk}/",
        now=now,
        by=actor,
    )
