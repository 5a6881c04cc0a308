"""What this package holds on a person: reports begun, and hand-overs on leaving."""

from __future__ import annotations

from collections.abc import Iterable

from camket.core.messages import Message, gettext_noop
from camket.org.personal import Section, said_day, said_moment
from camket.reporting.models import Report


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the reports of the agency that the person began."""
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
