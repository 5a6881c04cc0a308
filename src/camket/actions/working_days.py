"""Changing an agency's working calendar, and with it the due days of what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from camket.actions.models import Task
from camket.actions.operations import OPEN_STATES, ReasonMissing, Refused
from camket.core.messages import Message, gettext_noop
from camket.core.plan import Within
from camket.core.schedules import due_after_event, ready_by
from camket.core.wording.text import one_line
from camket.journal.operations import record
from camket.org.calendar import working_calendar
from camket.org.models import Agency, CalendarDay, CalendarYear
from camket.org.policy import Actor, require


class DayNameMissing(Refused):
    """A day of the calendar needs a name that says why it is off or worked."""


class YearNotPossible(Refused):
    """The calendar goes from 2000 to 2100."""


def set_calendar_day(
    *, actor: Actor, day: date, is_working: bool, name: str, source: str, now: datetime
) -> int:
    """Make a day off or worked for the actor's agency, over what the official calendar says; return how many open tasks moved.

    Raises DayNameMissing, YearNotPossible.
    """
    name, source = one_line(name), one_line(source)
    with transaction.atomic():
        _locked_agency(actor)
        _checked_year(day.year)
        if not name:
            raise DayNameMissing(
                Message(gettext_noop("Say what day it is: a holiday, a swap, a compensatory day."))
            )
        kind = CalendarDay.Kind.WORKING if is_working else CalendarDay.Kind.OFF
        row = CalendarDay.objects.filter(agency_id=actor.agency_id, day=day).first()
        before = {"kind": row.kind, "name": row.name, "source": row.source} if row else None
        row, _ = CalendarDay.objects.update_or_create(
            agency_id=actor.agency_id,
            day=day,
            defaults={"kind": kind, "name": name[:150], "source": source[:255]},
        )
        moved = recompute_due_days(agency_id=actor.agency_id)
        _record(
            actor,
            row,
            "calendar.day_set",
            now,
            before,
            {"day": day, "kind": kind, "name": name, "source": source, "tasks": moved},
        )
    return len(moved)


def reset_calendar_day(*, actor: Actor, day: date, now: datetime) -> int:
    """Drop the agency's own entry for a day, so that the official calendar holds again; return how many open tasks moved.

    Raises CalendarDay.DoesNotExist where the agency has no entry of its own.
    """
    with transaction.atomic():
        _locked_agency(actor)
        row = CalendarDay.objects.get(agency_id=actor.agency_id, day=day)
        before = {"day": day, "kind": row.kind, "name": row.name, "source": row.source}
        row_id = row.pk
        row.delete()
        row.pk = row_id  # the journal names what is gone
        moved = recompute_due_days(agency_id=actor.agency_id)
        _record(actor, row, "calendar.day_reset", now, before, {"tasks": moved})
    return len(moved)


def confirm_calendar_year(*, actor: Actor, year: int, source: str, now: datetime) -> CalendarYear:
    """Record the decision on which a year's days off rest, for the actor's agency.

    Raises ReasonMissing without the decision's number, YearNotPossible.
    """
    source = one_line(source)
    with transaction.atomic():
        _locked_agency(actor)
        _checked_year(year)
        if not source:
            raise ReasonMissing(Message(gettext_noop("Enter the number of the decision or notice.")))
        known = CalendarYear.objects.filter(agency_id=actor.agency_id, year=year).first()
        row, _ = CalendarYear.objects.update_or_create(
            agency_id=actor.agency_id, year=year, defaults={"is_confirmed": True, "source": source[:255]}
        )
        _record(
            actor,
            row,
            "calendar.year_confirmed",
            now,
            {"source": known.source} if known else None,
            {"year": year, "source": source},
        )
    return row


def recompute_due_days(*, agency_id: int) -> list[list[object]]:
    """Date an agency's open tasks anew by its calendar of now; return [task, day before, day after] of those that changed.

    Closed tasks stay as they are, and so does the due day that a person chose.
    """
    calendar = working_calendar(agency_id)
    changed: list[Task] = []
    moved: list[list[object]] = []
    with transaction.atomic():
        tasks = Task.objects.select_for_update(of=("self",)).filter(
            agency_id=agency_id, state__in=OPEN_STATES
        )
        for task in tasks.select_related("trigger").order_by("pk"):
            due = task.due_on
            late = calendar.limit_end(due if task.is_moved else task.due_original)
            if not task.is_moved:
                limit = task.trigger
                if limit is not None and limit.within_days is not None and task.starts_on is not None:
                    within = Within(limit.within_days, limit.within_working)
                    due = late = due_after_event(task.starts_on, within, calendar)
                else:
                    due = ready_by(task.due_original, calendar, not_before=task.starts_on)
            if (due, late) != (task.due_on, task.late_after):
                moved.append([task.pk, task.due_on.isoformat(), due.isoformat()])
                task.due_on, task.late_after = due, late
                changed.append(task)
        Task.objects.bulk_update(changed, ["due_on", "late_after"], batch_size=500)
    return moved


def _record(
    actor: Actor,
    row: CalendarDay | CalendarYear,
    verb: str,
    now: datetime,
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
) -> None:
    record(
        actor=actor,
        agency_id=actor.agency_id,
        verb=verb,
        subject=row,
        on=timezone.localdate(now),
        before=before,
        after=after,
    )


def _locked_agency(actor: Actor) -> Agency:
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
    require(actor, "task.manage")
    return agency


def _checked_year(year: int) -> None:
    if not 2000 <= year <= 2100:
        raise YearNotPossible(Message(gettext_noop("The calendar goes from 2000 to 2100.")))
