"""How open work and entries of the registers are called wherever pages show some: standing, last day, address."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from camket.core.registers import REGISTERS, Register
from camket.core.registers.standing import Standing
from camket.registers.invitations import MEETINGS
from camket.registers.queries import Row
from camket.registers.queries.meetings import MeetingOn
from camket.registers.queries.own import OpenWork
from camket.web import vietnamese
from camket.web.staff import days_left
from camket.web.staff.badge import Badge

BADGES: dict[Standing, Badge] = {
    Standing.OPEN: Badge(_("Being carried out"), "grey", "circle-dashed"),
    Standing.SOON: Badge(_("Due soon"), "blue", "clock"),
    Standing.LATE: Badge(_("Overdue"), "red", "alert-circle"),
    Standing.DONE: Badge(_("Done in time"), "green", "circle-check"),
    Standing.DONE_LATE: Badge(_("Done late"), "amber", "circle-check"),
    Standing.NOTED: Badge(_("Noted"), "grey", "notes"),
    Standing.WITHDRAWN: Badge(_("Withdrawn"), "grey", "ban"),
}
_CLOSED = frozenset({Standing.DONE, Standing.DONE_LATE, Standing.NOTED, Standing.WITHDRAWN})


def due_words(row: Row | OpenWork, today: date) -> str:
    """Return how far away the last day of open work is, or that it was done late; empty where it has none."""
    if row.standing is Standing.DONE_LATE and row.done_on and row.late_after:
        days = (row.done_on - row.late_after).days
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": vietnamese.number(days)}
    if row.standing in _CLOSED or row.due_on is None or row.late_after is None:
        return ""
    if row.standing is Standing.LATE:
        return days_left.overdue((today - row.late_after).days)
    return days_left.left((row.due_on - today).days, row.late_after)


def entry_url(register: Register, entry_id: int) -> str:
    """Return the address of an entry's page."""
    return reverse("web:registers:entry", args=[register.slug, entry_id])


def work_shown(work: OpenWork, today: date) -> dict[str, object]:
    """Return open work as pages of people's own work and calendars show it."""
    return {
        "work": work,
        "url": entry_url(work.register, work.id),
        "badge": BADGES[work.standing],
        "due": due_words(work, today),
    }


def meeting_shown(meeting: MeetingOn) -> dict[str, object]:
    """Return a meeting with its address and the hour at which it begins."""
    return {
        "meeting": meeting,
        "url": entry_url(REGISTERS[MEETINGS], meeting.id),
        "begins": f"{meeting.begins:%H:%M}" if meeting.begins else "",
        "hours": meeting.hours,
    }
