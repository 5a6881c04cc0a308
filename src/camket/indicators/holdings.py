"""What this package holds on a person: figures entered, confirmed and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.indicators.models import Reading
from camket.org.personal import Section, said_day, said_moment


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the figures of the agency that the person had a part in."""
    readings = Reading.objects.filter(
        Q(entered_by_id=person_id) | Q(confirmed_by_id=person_id) | Q(withdrawn_by_id=person_id),
        agency_id=agency_id,
    ).select_related("indicator")
    yield Section(
        "readings",
        Message(gettext_noop("Figures the person entered, confirmed or withdrew")),
        (
            Message(gettext_noop("Entered on")),
            Message(gettext_noop("Indicator")),
            Message(gettext_noop("Period from")),
            Message(gettext_noop("Period to")),
            Message(gettext_noop("Note")),
        ),
        tuple(
            (
                said_moment(each.entered_at),
                each.indicator.name,
                said_day(each.period_start),
                said_day(each.period_end),
                each.note,
            )
            for each in readings.order_by("entered_at", "pk")
        ),
    )
