"""Working hours of an agency through the years, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from camket.dossiers.hours import held_by, hours_of
from camket.dossiers.models import OfficeHours
from camket.org.models import Agency
from camket.org.policy import Actor, require


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Hours that hold from a day on: whose they are, and until when (None: for good)."""

    valid_from: date
    valid_until: date | None
    spans: tuple[tuple[time, time], ...]
    cut_off: time | None
    is_for_below: bool
    source: str
    is_own: bool
    agency: str
    entered_at: datetime
    entered_by: str


@dataclass(frozen=True, slots=True)
class HoursNow:
    """The hours of an agency, the newest first; ``has_below`` tells that there are agencies they may hold for too."""

    rows: tuple[HoursRow, ...]
    has_below: bool


def office_hours(actor: Actor) -> HoursNow:
    """Return the hours that an agency works by, its own and those of its superiors that hold for it."""
    require(actor, "task.view")
    held = [each.pk for each in held_by(actor.agency_id)]
    rows = OfficeHours.objects.filter(pk__in=held).select_related("agency", "entered_by")
    known = {each.pk: each for each in rows}
    found: list[HoursRow] = []
    until: date | None = None
    for pk in reversed(held):
        each = known[pk]
        found.append(
            HoursRow(
                valid_from=each.valid_from,
                valid_until=until,
                spans=hours_of(each.spans).spans,
                cut_off=each.cut_off,
                is_for_below=each.is_for_below,
                source=each.source,
                is_own=each.agency_id == actor.agency_id,
                agency=each.agency.name,
                entered_at=each.entered_at,
                entered_by=each.entered_by.full_name,
            )
        )
        until = each.valid_from
    return HoursNow(tuple(found), Agency.objects.filter(parent_id=actor.agency_id).exists())
