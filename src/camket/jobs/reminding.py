"""Each morning's walk: what is due soon, due today, overdue, told to whoever does it and to those above, agency by agency.

Each agency is one transaction and whatever was told before is told to nobody again, so that a walk may be cut off anywhere
and begun anew. Memory holds a few agencies at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext

from camket.actions import telling as tasks
from camket.core.calendar import WorkingCalendar, index_of
from camket.core.messages import gettext_noop
from camket.core.registers import REGISTERS
from camket.core.reminders import DueWork, Rules, Whom, horizon, reminders_on
from camket.notifications import due
from camket.notifications.operations import Told, tell_all
from camket.notifications.queries import rules_of
from camket.notifications.staff import Staff, staff_of_many
from camket.objectives import entering, verdicts
from camket.org.calendar import working_calendars
from camket.org.models import Agency, Role, Unit
from camket.org.queries import held_on
from camket.registers.queries import late_and_soon
from camket.registers.telling import name_outside
from camket.voices import feedback_telling as feedback

CHUNK = 50
"""Agencies read together."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many things were told, in how many agencies."""

    told: int
    agencies: int


def remind(*, now: datetime, today: date, chunk: int = CHUNK) -> Reminded:
    """Tell everybody what this morning brings; what was told before is told to nobody again."""
    told = agencies = 0
    for ids in chunks(today, chunk):
        calendars = working_calendars(ids)
        at_work = [agency_id for agency_id in ids if calendars[agency_id].is_working(today)]
        if not at_work:
            continue
        staffs, rules = staff_of_many(at_work, today), rules_of(at_work, today)
        works = work_of(at_work, today, staffs)
        for agency_id in at_work:
            found = told_in(
                staffs[agency_id], works.get(agency_id, ()), today, calendars[agency_id], rules[agency_id]
            )
            number = tell_all(staff=staffs[agency_id], told=found, now=now)
            told += number
            agencies += bool(number)
    return Reminded(told, agencies)


def chunks(today: date, size: int) -> Iterator[list[int]]:
    """Yield the agencies that exist on a day, some at a time."""
    rows = Agency.objects.filter(held_on(today)).order_by("pk").values_list("pk", flat=True)
    last = 0
    while ids := list(rows.filter(pk__gt=last)[:size]):
        yield ids
        last = ids[-1]


def work_of(
    agency_ids: Collection[int], today: date, staffs: Mapping[int, Staff]
) -> dict[int, list[DueWork]]:
    """Return all open work of agencies with a last day that is past or near.

    Tasks, registers, feedback, what the management system calls for, figures to enter.
    """
    found: dict[int, list[DueWork]] = defaultdict(list)
    for source in (
        tasks.due_work(agency_ids, horizon(today)),
        _of_registers(agency_ids, today),
        feedback.due_work(agency_ids, today),
        due.works(agency_ids, today, until=horizon(today)),
    ):
        for agency_id, works in source.items():
            found[agency_id] += works
    for agency_id in agency_ids:
        found[agency_id] += figures_of(staffs[agency_id], today)
    return dict(found)


def told_in(
    staff: Staff, works: Sequence[DueWork], today: date, calendar: WorkingCalendar, rules: Rules
) -> list[Told]:
    """Return what is to be told in one agency; of one work, each person is told the first thing that fits."""
    index = index_of(calendar)
    found: list[Told] = []
    for work in works:
        reached: set[int] = set()
        for reminder in reminders_on(work, today, index, rules):
            for person_id in people_for(staff, work, reminder.whom):
                if person_id in reached:
                    continue
                reached.add(person_id)
                found.append(
                    Told(
                        person_id,
                        reminder.topic,
                        reminder.key,
                        reminder.message,
                        work.link,
                        reminder.is_urgent,
                    )
                )
    return found


def people_for(staff: Staff, work: DueWork, whom: Whom) -> tuple[int, ...]:
    """Return whom a work is brought before; never whom it may not be told to, and a leader where that leaves nobody."""
    if whom is Whom.DOER:
        person_id = None if work.person_id in work.not_to else work.person_id
        people = staff.doers(person_id=person_id, unit_id=work.unit_id)
    else:
        people = staff.rung(whom, work.unit_id)
    if not work.not_to:
        return people
    kept = tuple(each for each in people if each not in work.not_to)
    if kept or whom not in (Whom.DOER, Whom.SECRETARY):
        return kept
    leaders = staff.with_role(Role.CHAIRMAN, Role.REPRESENTATIVE)
    return tuple(
        each
        for each in staff.told([one for one in leaders if one not in work.not_to])
        if each not in work.not_to
    )


def _of_registers(agency_ids: Collection[int], today: date) -> dict[int, list[DueWork]]:
    rows = late_and_soon(agency_ids, today, until=horizon(today))
    names = dict(
        Unit.objects.filter(pk__in={row.unit_id for row in rows if row.unit_id}).values_list("pk", "name")
    )
    found: dict[int, list[DueWork]] = defaultdict(list)
    for row in rows:
        register = REGISTERS.get(row.register)
        if register is None or register.is_personal:
            continue
        found[row.agency_id].append(
            DueWork(
                kind=f"entry:{row.register}",
                id=row.id,
                title=name_outside(row.register, row.title, row.number, row.source),
                link=f"/so/{register.slug}/{row.id}/",
                due_on=row.due_on,
                late_after=row.late_after,
                unit_id=row.unit_id,
                unit_name=names.get(row.unit_id or 0, ""),
                person_id=row.person_id,
            )
        )
    return dict(found)


def figures_of(staff: Staff, today: date) -> list[DueWork]:
    """Return the figures that an agency's units have to enter by hand, as its secretary sees them."""
    secretary = next((staff.people[each] for each in staff.with_role(Role.SECRETARY)), None)
    plan_id = verdicts.plan_judged(staff.agency_id, today) if secretary else None
    if secretary is None or plan_id is None:
        return []
    return [
        DueWork(
            kind="reading",
            id=f"{each.indicator_id}-{each.period.end}",
            title=_figure(each.name, each.period.start, each.period.end),
            link=f"/muc-tieu/chi-tieu/{each.target_id}/nhap-so-lieu/",
            due_on=each.due_on,
            late_after=each.due_on,
            unit_id=each.unit_id,
            unit_name=each.unit,
            topic="reading",
        )
        for each in entering.figures_to_enter(secretary.actor(staff.agency_id), plan_id, today)
    ]


def _figure(name: str, start: date, end: date) -> str:
    """Return what a figure to enter is called, in Vietnamese, the language of what is kept."""
    with translation.override("vi"):
        return gettext(_FIGURE) % {"name": name, "start": f"{start:%d/%m/%Y}", "end": f"{end:%d/%m/%Y}"}


_FIGURE = gettext_noop("Figure of “%(name)s”, %(start)s to %(end)s")
