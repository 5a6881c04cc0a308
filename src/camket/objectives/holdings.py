"""What this package holds on a person: plans begun, submitted and approved."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.objectives.models import Plan
from camket.org.personal import Section, said_moment


def collect(agency_id: int, person_id: int) -> Iterable[Section]:
    """Give the plans of the agency that the person had a part in."""
    plans = Plan.objects.filter(
        Q(created_by_id=person_id) | Q(submitted_by_id=person_id) | Q(approved_by_id=person_id),
        agency_id=agency_id,
    )
    yield Section(
        "plans",
        Message(gettext_noop("Plans the person began, submitted or approved")),
        (
            Message(gettext_noop("Begun on")),
            Message(gettext_noop("Year")),
            Message(gettext_noop("Title")),
            Message(gettext_noop("Number or sign")),
        ),
        tuple(
            (said_moment(plan.created_at), str(plan.year), plan.title, plan.number)
            for plan in plans.order_by("created_at", "pk")
        ),
    )
