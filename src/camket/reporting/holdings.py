"""What this package holds on a person: reports begun, and units' parts written."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.org.personal import Section, said_day, said_moment
from camket.reporting.models import Report, ReportCalendar, ReportOccurrence, UnitPart


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the reports of the agency that the person began, and the units' parts that the person wrote."""
    reports = Report.objects.filter(agency_id=agency_id, created_by_id=person_id)
    yield Section(
        "reports",
        Message(gettext_noop("Reports the person began")),
        (
            Message(gettext_noop("Begun on")),
            Message(gettext_noop("Kind")),
            Message(gettext_noop("Period to")),
            Message(gettext_noop("Number or sign")),
        ),
        tuple(
            (
                said_moment(report.created_at),
                str(report.get_kind_display()),
                said_day(report.period_end),
                report.number,
            )
            for report in reports.order_by("created_at", "pk")
        ),
    )
    parts = UnitPart.objects.filter(
        Q(person_id=person_id) | Q(sent_by_id=person_id), agency_id=agency_id
    ).select_related("unit")
    yield Section(
        "report_parts",
        Message(gettext_noop("Units' parts of reports that the person wrote")),
        (
            Message(gettext_noop("Unit")),
            Message(gettext_noop("Period")),
            Message(gettext_noop("Due on")),
            Message(gettext_noop("State")),
        ),
        tuple(
            (part.unit.name, part.title, said_day(part.due_on), str(part.get_state_display()))
            for part in parts.order_by("due_on", "pk")
        ),
    )
    calendars = ReportCalendar.objects.filter(agency_id=agency_id, created_by_id=person_id)
    yield Section(
        "report_calendars",
        Message(gettext_noop("Versions of the calendar of reports that the person began")),
        (Message(gettext_noop("Holds for reports due from")), Message(gettext_noop("Begun on"))),
        tuple(
            (said_day(each.valid_from), said_moment(each.created_at))
            for each in calendars.order_by("valid_from")
        ),
    )
    sent = ReportOccurrence.objects.filter(agency_id=agency_id, done_by_id=person_id)
    yield Section(
        "reports_sent",
        Message(gettext_noop("Reports of the calendar that the person noted or issued")),
        (
            Message(gettext_noop("Report")),
            Message(gettext_noop("Due on")),
            Message(gettext_noop("Sent on")),
            Message(gettext_noop("Number or sign")),
        ),
        tuple(
            (each.title, said_day(each.due_on), said_day(each.sent_on), each.sent_number)
            for each in sent.order_by("due_on", "pk")
        ),
    )
