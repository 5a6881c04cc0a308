"""How far away a last day is, in words: the same for tasks of the plan and work of the registers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, ngettext

from camket.web import vietnamese


def overdue(days: int) -> str:
    """Return by how many days work is overdue."""
    return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": vietnamese.number(days)}


def left(days: int, late_after: date) -> str:
    """Return how many days are left to the last day; one that has passed is in time up to the end of ``late_after``."""
    if days == 0:
        return gettext("Due today")
    if days < 0:
        return gettext("In time until the end of %(date)s") % {"date": vietnamese.day(late_after)}
    if days == 1:
        return gettext("Due tomorrow")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": vietnamese.number(days)}
