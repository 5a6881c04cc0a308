"""How tasks are put into words and colours, for every page that shows some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.actions.queries import Standing, TaskRow
from camket.improvement.queries.origins import Origin
from camket.web import vietnamese
from camket.web.request import say
from camket.web.staff import days_left
from camket.web.staff.badge import Badge

BADGES: dict[Standing, Badge] = {
    Standing.OVERDUE: Badge(_("Overdue"), "red", "alert-circle"),
    Standing.DUE: Badge(_("Due now"), "amber", "bell"),
    Standing.SOON: Badge(_("Due soon"), "blue", "clock"),
    Standing.OPEN: Badge(_("To do"), "grey", "circle-dashed"),
    Standing.RETURNED: Badge(_("Returned"), "amber", "arrow-back-up"),
    Standing.SUBMITTED: Badge(_("Waiting for acceptance"), "blue", "hourglass"),
    Standing.DONE: Badge(_("Done"), "green", "circle-check"),
    Standing.DONE_LATE: Badge(_("Done late"), "amber", "circle-check"),
    Standing.CANCELLED: Badge(_("Cancelled"), "grey", "ban"),
}

BY_DAY = "By %(date)s"
_CLOSED = {Standing.DONE, Standing.DONE_LATE, Standing.CANCELLED}


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task as a page shows it: its row, badge, what its occurrence is called and how its due day reads.

    ``period`` is the label where it says more than the due day, else empty.
    """

    row: TaskRow
    badge: Badge
    label: str
    period: str
    due_words: str
    due_note: str

    @property
    def owner(self) -> str:
        """Who does it: the person named, else the unit."""
        return self.row.assignee_name or self.row.unit_name

    @property
    def is_returned(self) -> bool:
        """Whether it was returned, which an overdue task's badge does not say."""
        return self.row.state == "returned" and self.row.standing is not Standing.RETURNED

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done or looked at."""
        return self.row.standing not in _CLOSED


def shown(row: TaskRow) -> ShownTask:
    """Return a task's row in the words of the page's language."""
    label = say(row.label) if row.label is not None else row.label_text
    # "By 10/07/2026" says no more than the due day beside it.
    is_day = row.label is not None and row.label.template == BY_DAY and row.due_on == row.due_original
    return ShownTask(row, BADGES[row.standing], label, "" if is_day else label, due_words(row), due_note(row))


def shown_all(rows: Iterable[TaskRow]) -> tuple[ShownTask, ...]:
    """Return rows as :func:`shown` does."""
    return tuple(shown(row) for row in rows)


def due_words(row: TaskRow) -> str:
    """Return how far away the due day is, or when the task was done."""
    match row.standing:
        case Standing.DONE | Standing.DONE_LATE:
            return gettext("Done on %(date)s") % {"date": vietnamese.day(row.done_on)}
        case Standing.CANCELLED:
            return ""
        case Standing.SUBMITTED:
            return gettext("Submitted on %(date)s") % {"date": vietnamese.day(row.submitted_on)}
    if row.is_overdue:
        return days_left.overdue(row.days_late)
    return days_left.left(row.days_left, row.late_after)


def due_note(row: TaskRow) -> str:
    """Return why the due day is not the one that the plan has; empty where it is."""
    if row.due_on == row.due_original:
        return ""
    original = {"date": vietnamese.day(row.due_original)}
    if row.is_moved:
        return gettext("moved from %(date)s") % original
    return gettext("the plan says %(date)s, a day off") % original


@dataclass(frozen=True, slots=True)
class ShownOrigin:
    """What a task was given out by, in words, and where that is."""

    called: str
    name: str
    link: str


_ORIGINS = {
    "nonconformity": "web:nonconformities:page",
    "review": "web:reviews:review",
    "risk": "web:risks:page",
    "announcement": "web:announcements:announcement",
}


def origin_shown(origin: Origin | None) -> ShownOrigin | None:
    """Return what of the improvement cycle a task was given out by, as pages show it."""
    if origin is None:
        return None
    name = f"{origin.number}: {origin.title}" if origin.number else origin.title
    return ShownOrigin(say(origin.called), name, reverse(_ORIGINS[origin.kind], args=[origin.id]))
