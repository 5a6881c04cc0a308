"""What reports call for by a day: what the calendar of reports owes, and the units' parts while a report is written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet

from camket.core.messages import gettext_noop
from camket.notifications.due import Kind, lines
from camket.reporting.calendar import used_since
from camket.reporting.models import Report, ReportOccurrence, UnitPart


def _parts(agency_ids: Collection[int]) -> QuerySet[Any, Any]:
    rows = UnitPart.objects.filter(
        agency_id__in=agency_ids,
        state__in=(UnitPart.State.ASKED, UnitPart.State.RETURNED),
        report__state=Report.State.DRAFT,
    )
    return lines("report.part", rows, unit="unit_id", person="person_id")


def _owed(agency_ids: Collection[int]) -> QuerySet[Any, Any]:
    rows = (
        ReportOccurrence.objects.filter(
            agency_id__in=agency_ids, state=ReportOccurrence.State.OPEN, due_on__isnull=False
        )
        .alias(used_since=used_since())
        .exclude(due_on__lt=F("used_since"), report__isnull=True)
    )
    return lines("report.owed", rows, unit="unit_id")


KINDS: tuple[Kind, ...] = (
    Kind(
        "report.owed",
        gettext_noop("Make and send: %(title)s"),
        "plan.view",
        "/bao-cao/lich/%s/",
        _owed,
        record="reporting.reportoccurrence",
    ),
    Kind(
        "report.part",
        gettext_noop("Write and send your unit's part of a report: %(title)s"),
        "plan.view",
        "/bao-cao/phan/%s/",
        _parts,
        record="reporting.unitpart",
    ),
)
