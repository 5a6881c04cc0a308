"""Monday's letters, and those of each day for who wants them: one to a person, of what waits, or none where nothing does.

Leaders and the secretary get the page of the week with it (:mod:`camket.jobs.week` makes both): where the agency stands in
numbers, what is promised, what calls for attention and why, who is late, what waits for a decision. An agency is one
transaction, and a letter is known by its week or day, so that a run may be cut off anywhere and begun anew. Memory holds a
few agencies at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message, gettext_noop
from camket.core.periods import vietnamese
from camket.core.reminders import (
    TOPICS,
    Day,
    DueWork,
    Way,
    first_working_day_of_week,
    is_due_between,
    week_key,
)
from camket.core.targets import STATE_NAMES, VerdictState
from camket.core.wording.text import begun
from camket.jobs.reminding import CHUNK, chunks, figures_of, people_for
from camket.jobs.week import LateUnit, late_units, promised, targets_calling, weeks_of
from camket.notifications import letters
from camket.notifications.letters import Line, Section
from camket.notifications.models import Mail, Notification
from camket.notifications.operations import queue_letters
from camket.notifications.queries import way_of, ways_of
from camket.notifications.staff import Colleague, Staff, staff_of_many
from camket.objectives.models import Plan
from camket.objectives.verdicts import ObjectiveVerdict, PlanVerdicts, TargetVerdict, verdicts_of_plan
from camket.org.calendar import working_calendars
from camket.org.models import Agency, Role
from camket.org.policy import roles_with
from camket.publishing.queries import postings
from camket.registers.invitations import link_of, wanted_people
from camket.registers.queries.meetings import meeting_on

SHOWN = 15
"""Lines of a section; what is beyond is counted."""

LEADERS = (Role.CHAIRMAN, Role.REPRESENTATIVE, Role.SECRETARY)
"""Who gets the agency's page, and who stands in for them."""

WALL, LATE_WORK = "/muc-tieu/ca-nam/", "/so/don-doc/"
"""The objectives month by month, and all overdue work."""

WEEK = "/thu-hai/"
"""The page of the week, of which these letters are a part."""

_BACK = timedelta(days=8)
"""How far back things are told of that no letter has told yet."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many letters a run wrote, in how many agencies."""

    letters: int
    agencies: int


@dataclass(slots=True)
class _Week:
    """What an agency's letters are made of: the week, and of it what is whose."""

    readers: frozenset[int]
    late: tuple[LateUnit, ...] = ()
    done: int = 0
    mine: dict[int, list[DueWork]] = field(default_factory=lambda: defaultdict(list))
    to_accept: dict[int, list[DueWork]] = field(default_factory=lambda: defaultdict(list))
    plan: PlanVerdicts | None = None
    decisions: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    meetings: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))


def write_digests(*, now: datetime, today: date, served: date | None, chunk: int = CHUNK) -> Written:
    """Write the letters of a day into the outbox: the week's on its first working day, the day's on each.

    ``served`` is the latest day for which this was done: a Monday that was slept through is made up for.
    """
    number = agencies = 0
    if not letters.is_set_up():
        return Written(0, 0)
    for ids in chunks(today, chunk):
        calendars = working_calendars(ids)
        at_work = [agency_id for agency_id in ids if calendars[agency_id].is_working(today)]
        staffs = {
            agency_id: staff
            for agency_id, staff in staff_of_many(at_work, today).items()
            if any(each.email for each in staff.people.values())
        }
        if not staffs:
            continue
        weekly = {each for each in staffs if _is_weekly(calendars[each], today, served)}
        weeks = _weeks({each: staffs[each] for each in weekly}, today, now)
        fresh = _fresh(list(staffs), now)
        ways = {
            each: ways_of(each, list(staffs[each].people))
            for each in staffs
            if each in weekly or each in fresh
        }
        for agency_id in ways:
            made = _write(
                staffs[agency_id],
                weeks.get(agency_id),
                fresh.get(agency_id, {}),
                ways[agency_id],
                today,
                now,
            )
            number += made
            agencies += bool(made)
    return Written(number, agencies)


def _is_weekly(calendar: WorkingCalendar, today: date, served: date | None) -> bool:
    first = first_working_day_of_week(today, calendar)
    return first is not None and is_due_between(first, served, today)


def _fresh(agency_ids: Collection[int], now: datetime) -> dict[int, dict[int, list[Notification]]]:
    """Return what was told lately and neither seen nor told by letter, by agency and person; topics told by digest alone."""
    rows = Notification.objects.filter(
        agency_id__in=agency_ids, created_at__gte=now - _BACK, seen_at=None, digested_at=None
    ).order_by("created_at", "pk")
    found: dict[int, dict[int, list[Notification]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.agency_id][row.person_id].append(row)
    return dict(found)


def _weeks(staffs: Mapping[int, Staff], today: date, now: datetime) -> dict[int, _Week]:
    """Return what this week brings to agencies; a number of SQL statements for all, and a few for each."""
    if not staffs:
        return {}
    found = {}
    for agency_id, of_agency in weeks_of(list(staffs), today).items():
        staff = staffs[agency_id]
        figures = [each for each in figures_of(staff, today) if each.due_on <= of_agency.week.sunday]
        into = found[agency_id] = _Week(
            frozenset(staff.told(staff.with_role(*LEADERS))),
            late_units(of_agency.to_do, today),
            len(of_agency.done),
        )
        for work in (*of_agency.to_do, *figures):
            for person_id in people_for(staff, work, work.whom):
                into.mine[person_id].append(work)
        for each in of_agency.submitted:
            for person_id in each.reviewers(staff):
                into.to_accept[person_id].append(each.work)
        for decision in of_agency.decisions:
            line = Line(decision.message, decision.link)
            for person_id in staff.told(staff.with_role(*roles_with(decision.act))):
                if person_id != decision.by_id and person_id not in decision.not_to:
                    into.decisions[person_id].append(line)
        for meeting in of_agency.meetings:
            held = meeting_on(meeting, now)
            when = ", ".join(part for part in (vietnamese(held.on), held.hours) if part)
            line = Line(Message(_MEETING, {"when": when, "meeting": held.title}), link_of(held.id))
            for person_id in wanted_people(staff, meeting):
                into.meetings[person_id].append(line)
        _add_postings(into, staff, today)
    _judge(found, staffs, today)
    return found


def _add_postings(week: _Week, staff: Staff, today: date) -> None:
    """Add how many postings call for whoever keeps their register."""
    keepers = staff.with_role(*roles_with("posting.manage"))
    if not keepers:
        return
    waiting = postings.waiting_for(staff.people[keepers[0]].actor(staff.agency_id), today)
    if waiting is not None and waiting.count:
        line = Line(Message(_POSTINGS, {"count": str(waiting.count)}), "/niem-yet/")
        for person_id in staff.told(keepers):
            week.decisions[person_id].append(line)


def _judge(found: Mapping[int, _Week], staffs: Mapping[int, Staff], today: date) -> None:
    """Add the verdicts of plans, where somebody reads them."""
    read = [agency_id for agency_id, staff in staffs.items() if staff.with_role(*LEADERS)]
    plans: dict[int, Plan] = {}
    rows = Plan.objects.filter(
        agency_id__in=read,
        state__in=(Plan.State.PROMULGATED, Plan.State.CLOSED),
        period_start__lte=today,
        period_end__gte=today,
    ).only("agency")
    for row in rows.order_by("agency_id", "-period_start", "-version", "-pk"):
        plans.setdefault(row.agency_id, row)
    for agency_id, plan in plans.items():
        staff = staffs[agency_id]
        reader = staff.people[staff.with_role(*LEADERS)[0]].actor(agency_id)
        found[agency_id].plan = verdicts_of_plan(reader, plan.pk, today)


def _write(
    staff: Staff,
    week: _Week | None,
    fresh: Mapping[int, Sequence[Notification]],
    ways: Mapping[tuple[int, str], Way],
    today: date,
    now: datetime,
) -> int:
    of_week, of_day = f"digest:{week_key(today)}", f"daily:{today}"
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).only("name").get(pk=staff.agency_id)
        written = set(
            Mail.objects.filter(agency_id=staff.agency_id, key__in=(of_week, of_day)).values_list(
                "person_id", "key"
            )
        )
        wanted: list[letters.Wanted] = []
        told: list[int] = []
        for person in staff.people.values():
            if not person.email or (person.person_id, of_day) in written:
                continue
            gets_week = (
                week is not None
                and (person.person_id, of_week) not in written
                and way_of(ways, person.person_id, "digest") is Way.WEEKLY
            )
            kinds = {Way.DAILY, Way.WEEKLY} if gets_week else {Way.DAILY}
            rows = [
                row
                for row in fresh.get(person.person_id, ())
                if row.topic in TOPICS and way_of(ways, person.person_id, row.topic) in kinds
            ]
            if not rows and not gets_week:
                continue
            letter = _letter(person, agency.name, week if gets_week else None, rows, today)
            if letter is None:
                continue
            wanted.append(letters.Wanted(person, of_week if gets_week else of_day, letter))
            told += [row.pk for row in rows]
        if wanted:
            queue_letters(agency_id=staff.agency_id, wanted=wanted, now=now)
            Notification.objects.filter(pk__in=told).update(digested_at=now)
    return len(wanted)


def _letter(
    person: Colleague, agency: str, week: _Week | None, rows: Sequence[Notification], today: date
) -> letters.Letter | None:
    with translation.override(person.language):
        sections = [*_of_week(person, week, today), *_of_rows(rows, week)] if week else _of_rows(rows, None)
        if not sections:
            return None
        if week is None:
            subject = gettext("Told to you by %(day)s") % {"day": vietnamese(today)}
        else:
            monday = today - timedelta(days=today.weekday())
            subject = gettext(TOPICS["digest"].subject) % {"day": vietnamese(monday)}
        return letters.write(person, agency, subject=subject, sections=sections)


def _of_rows(rows: Sequence[Notification], week: _Week | None) -> list[Section]:
    """Return what was told lately by topic; in a week's letter without what stands there as work anyway."""
    left_out = {"due_soon", "due_today", "overdue", "submitted", "reading"} if week else set()
    found = []
    for topic in TOPICS.values():
        lines = [
            Line(Message(row.message["template"], row.message["params"]), row.link)
            for row in rows
            if row.topic == topic.key and row.topic not in left_out
        ]
        if lines:
            found.append(_section(gettext(topic.title), lines, letters.ALL))
    return found


def _of_week(person: Colleague, week: _Week, today: date) -> list[Section]:
    mine = sorted(week.mine.get(person.person_id, ()), key=lambda work: (work.due_on, str(work.id)))
    parts = [
        (gettext("Overdue"), [work for work in mine if work.late_after < today]),
        (gettext("Due this week"), [work for work in mine if work.late_after >= today]),
        (gettext("Waits for your acceptance"), week.to_accept.get(person.person_id, [])),
    ]
    found = [
        _section(
            title,
            [
                Line(Message(_ON[work.day], {"due": vietnamese(work.due_on), "work": work.title}), work.link)
                for work in works
            ],
            "/cong-viec/",
        )
        for title, works in parts
        if works
    ]
    if meetings := week.meetings.get(person.person_id):
        found.append(_section(gettext("Meetings this week"), meetings, "/lich/"))
    if decisions := week.decisions.get(person.person_id):
        found.append(_section(gettext("Waits for your decision"), decisions, ""))
    if person.person_id in week.readers:
        found += _of_agency(week)
    return found


def _of_agency(week: _Week) -> list[Section]:
    """Return the page of the week in words: in numbers, what is promised, what calls, who is late."""
    if week.plan is None and not week.late:
        return []
    found = []
    calling = targets_calling(week.plan) if week.plan is not None else ()
    stand = promised(week.plan)
    counted = {state: sum(row.state is state for _, row in calling) for state, _ in _CALLING}
    late = sum(len(unit.works) for unit in week.late)
    numbers = [
        Line(Message(_REACHED, {"reached": str(stand.reached), "count": str(stand.targets)}), WALL),
        *(Line(Message(said, {"count": str(counted[state])}), WEEK) for state, said in _CALLING),
    ]
    found.append(
        Section(
            gettext("Where we stand"),
            [
                *(numbers if stand.targets else ()),
                Line(Message(_LATE, {"count": str(late)}), LATE_WORK),
                Line(Message(_DONE_LAST, {"count": str(week.done)}), WEEK),
            ],
        )
    )
    for state, title in (
        (VerdictState.MISSED, gettext("Targets missed")),
        (VerdictState.AT_RISK, gettext("Targets at risk")),
    ):
        lines = [
            Line(_calling(objective, row), f"/muc-tieu/chi-tieu/{row.target_id}/")
            for objective, row in calling
            if row.state is state
        ]
        if lines:
            found.append(_section(title, lines, WEEK))
    if week.late:
        lines = [
            Line(
                Message(
                    _LATE_UNIT,
                    {
                        "unit": unit.name or gettext("Several units or none"),
                        "count": str(len(unit.works)),
                        "work": unit.works[0].title,
                    },
                )
            )
            for unit in week.late
        ]
        found.append(_section(gettext("Units with overdue work"), lines, WEEK))
    if stand.objectives:
        lines = [
            Line(
                Message(
                    _PROMISED,
                    {
                        "objective": _numbered(each.number, each.text),
                        "reached": str(each.reached),
                        "count": str(len(each.targets)),
                        "state": gettext(STATE_NAMES[each.state]),
                    },
                ),
                f"/muc-tieu/{each.objective_id}/",
            )
            for each in stand.objectives
        ]
        found.append(_section(gettext("What is promised, and where it stands"), lines, WALL))
    found.append(
        Section(
            gettext("The whole week on one page"),
            [Line(gettext("What is late, due and decided stands there whole."), WEEK)],
        )
    )
    return found


def _calling(objective: ObjectiveVerdict, row: TargetVerdict) -> str:
    """Return a target with what its figures say, as the page of the week has it."""
    return f"{_numbered(objective.number, row.target.text)}. {letters.said(row.verdict.reason)}"


def _numbered(number: str, text: str) -> str:
    words = begun(text).rstrip(" .;")
    return f"{number}. {words}" if number else words


def _section(title: str, lines: Sequence[Line], link: str) -> Section:
    hidden = len(lines) - SHOWN
    more = Message(_MORE, {"count": str(hidden)}) if hidden > 0 else None
    return Section(title, lines[:SHOWN], more, link if more else "")


_ON = {
    Day.LAST: gettext_noop("Due on %(due)s: %(work)s"),
    Day.FIRST: gettext_noop("Begins on %(due)s: %(work)s"),
    Day.EVENT: gettext_noop("On %(due)s: %(work)s"),
}
_MEETING = gettext_noop("%(when)s: %(meeting)s")
_MORE = gettext_noop("And more: %(count)s.")
_POSTINGS = gettext_noop("Postings that call for somebody: %(count)s")
_LATE_UNIT = gettext_noop("%(unit)s: overdue %(count)s, longest: %(work)s")
_DONE_LAST = gettext_noop("Work finished last week: %(count)s")
_REACHED = gettext_noop("Targets reached or on track: %(reached)s of %(count)s")
_LATE = gettext_noop("Overdue work: %(count)s")
_CALLING = (
    (VerdictState.MISSED, gettext_noop("Targets missed: %(count)s")),
    (VerdictState.AT_RISK, gettext_noop("Targets at risk: %(count)s")),
)
_PROMISED = gettext_noop("%(objective)s: %(state)s (targets: %(reached)s of %(count)s)")
