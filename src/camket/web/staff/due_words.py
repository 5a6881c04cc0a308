"""How what the management system calls for is shown wherever pages list work: sentence, last day, address."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from camket.notifications.due import Due
from camket.web.request import say
from camket.web.staff import days_left
from camket.web.staff.badge import Badge

SOON = timedelta(days=7)
_LATE = Badge(_("Overdue"), "red", "alert-circle")
_SOON = Badge(_("Due soon"), "blue", "clock")
_OPEN = Badge(_("To do"), "grey", "circle-dashed")
_EVENT = Badge(_("Meeting"), "blue", "users")


def due_shown(each: Due, today: date) -> dict[str, object]:
    """Return a thing that is due as lists and calendars show it."""
    is_late = each.is_late(today)
    if each.kind.is_event:
        badge, words = _EVENT, each.hours
    elif is_late:
        badge, words = _LATE, days_left.overdue((today - each.late_after).days)
    else:
        badge = _SOON if each.due_on <= today + SOON else _OPEN
        words = days_left.left((each.due_on - today).days, each.late_after)
    return {"due": each, "says": say(each.says), "badge": badge, "words": words, "is_late": is_late}
