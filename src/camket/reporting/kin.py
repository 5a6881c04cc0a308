"""What belongs to a line of the calendar of reports and to a report that is owed, so that their histories are whole."""

from __future__ import annotations

from camket.journal.kin import Parts
from camket.reporting.models import ReportLine, ReportOccurrence


def parts_of_line(agency_id: int, line_id: int) -> Parts:
    """Return the version of the calendar that the line came in with."""
    lines = ReportLine.objects.filter(agency_id=agency_id, pk=line_id)
    return (("reporting.reportcalendar", lines.values_list("calendar_id", flat=True)),)


def parts_of_owed(agency_id: int, occurrence_id: int) -> Parts:
    """Return the report that was written for it, and the line of the calendar that asks for it."""
    owed = ReportOccurrence.objects.filter(agency_id=agency_id, pk=occurrence_id)
    return (
        ("reporting.report", owed.filter(report__isnull=False).values_list("report_id", flat=True)),
        ("reporting.reportline", owed.values_list("line_id", flat=True)),
    )


def has_line(agency_id: int, line_id: int) -> bool:
    """Return whether the agency has the line."""
    return ReportLine.objects.filter(pk=line_id, agency_id=agency_id).exists()


def has_owed(agency_id: int, occurrence_id: int) -> bool:
    """Return whether the agency owes, or owed, the report."""
    return ReportOccurrence.objects.filter(pk=occurrence_id, agency_id=agency_id).exists()
