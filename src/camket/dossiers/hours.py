"""By which rules an agency's dossiers are timed: its calendar, and its working hours through the years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time

from camket.core.dossier_clock import Rules, Since
from camket.core.tally import day_number
from camket.core.working_time import WorkingHours
from camket.dossiers.models import OfficeHours
from camket.org.calendar import working_calendar
from camket.org.queries.tree import with_superiors

Spans = Sequence[Sequence[str]]


def rules_of(agency_id: int) -> Rules:
    """Return the rules that an agency's dossiers are timed by. Three SQL statements."""
    return rules_with(agency_id, held_by(agency_id))


def rules_with(agency_id: int, held: Iterable[OfficeHours]) -> Rules:
    """Return the rules as they are with these hours held, which need not be stored."""
    since = tuple(Since(day_number(each.valid_from), hours_of(each.spans), each.cut_off) for each in held)
    return Rules(working_calendar(agency_id), since=since)


def held_by(agency_id: int) -> list[OfficeHours]:
    """Return the hours that an agency works by, by the day from which they hold: its own before its superiors'.

    Hours of a superior hold until the agency has some of its own; of several the nearest superior's.
    """
    known = with_superiors(agency_id)
    rows = list(OfficeHours.objects.filter(agency_id__in=list(known)))
    line: list[int] = []
    above = known[agency_id].parent_id if agency_id in known else None
    while above in known and above not in line:
        line.append(above)
        above = known[above].parent_id
    return held_among(agency_id, rows, line)


def held_among(agency_id: int, rows: Iterable[OfficeHours], line: Sequence[int]) -> list[OfficeHours]:
    """Return those of hours that hold for an agency; ``line`` are its superiors' ids, the nearest first."""
    rows = sorted(rows, key=lambda each: each.valid_from)
    own_from = min((each.valid_from for each in rows if each.agency_id == agency_id), default=date.max)
    found: list[OfficeHours] = []
    for day in sorted({each.valid_from for each in rows}):
        nearest = [agency_id] if day >= own_from else line
        for owner in nearest:
            own = [each for each in rows if each.agency_id == owner and each.valid_from <= day]
            held = [each for each in own if owner == agency_id or each.is_for_below]
            if held:
                if not found or found[-1] is not held[-1]:
                    found.append(held[-1])
                break
    return found


def hours_of(spans: Spans) -> WorkingHours:
    """Return working hours as stored; raises ValueError where spans do not follow each other."""
    return WorkingHours(tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans))
