"""The working calendar of an agency as its journal stands: for pages, which ask for it in several places."""

from __future__ import annotations

from camket.core.calendar import WorkingCalendar
from camket.journal.memory import Memory
from camket.org.calendar import calendars_of, days_of

_DAYS = Memory(lambda agency_ids: [days_of(agency_ids)], lambda days: days)


def remembered_calendar(agency_id: int, journal: str = "") -> WorkingCalendar:
    """Return what :func:`camket.org.calendar.working_calendar` does; ``journal`` is the newest entry's hash, where known.

    The agency's own days never change without an entry, those of the country not while the software runs.
    """
    return calendars_of([agency_id], _DAYS.rows([agency_id], journal))[agency_id]
