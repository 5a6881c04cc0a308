"""The agency's calendar of reports: its versions and lines, what is owed by them, and how that is done.

A version of the calendar holds for what is due from its first day on. What is owed is written as rows when a line is saved
and every night, so that pages, reminders and feeds read rows; a row that was done is never dated anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import NumberNotPossible, well_formed
from camket.core.periods import name, year_starts
from camket.core.plan import Period
from camket.core.report_calendar import (
    DueBy,
    LineNotPossible,
    Occurrence,
    OnDayOff,
    Pace,
    Rules,
    Subject,
    checked,
    occurrences,
)
from camket.journal.operations import record
from camket.objectives.models import Plan
from camket.org.calendar import working_calendars
from camket.org.models import Agency, Unit
from camket.org.policy import Actor, require
from camket.registers.models import ProgrammePaper
from camket.reporting import queries
from camket.reporting.kinds import KINDS
from camket.reporting.models import Report, ReportCalendar, ReportLine, ReportOccurrence
from camket.reporting.models import Subject as ReportSubject
from camket.reporting.periods import period_name
from camket.reporting.unit_targets import units_that_report

AHEAD = timedelta(days=400)
"""So far ahead reports are written into the calendar."""
FIRST_YEAR = date(2000, 1, 1)


class CalendarExists(Refusal):
    """A version of the calendar holds from this day on already, or a later one does."""


class OccurrenceDone(Refusal):
    """The report is done already, no longer owed, or written in Cam Kết."""


class NotSent(Refusal):
    """What is noted as sent has no possible number or day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a calendar as it is typed and proposed; ``is_certain`` is false where its day is not set by a law.

    With ``is_of_units`` each unit that has targets owes a report of its own on them.
    """

    title: str
    subject: str
    rules: Rules
    addressee: str = ""
    source: str = ""
    sender: str = ""
    unit_id: int | None = None
    key: str = ""
    is_certain: bool = True
    is_of_units: bool = False


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line that is kept."""

    id: int
    calendar_id: int
    line: Line
    subject_name: str
    pace_name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the calendar: from when it holds, on whose word, until when (None: until another comes)."""

    id: int
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One report of the calendar as lists show it."""

    id: int
    line_id: int
    title: str
    subject: str
    subject_name: str
    pace: str
    period: Period
    period_name: Message
    cut_off: date
    units_by: date | None
    due_on: date
    state: str
    unit: str
    unit_id: int | None
    is_of_unit: bool
    """Whether it is the unit's own report on its own targets, not one of the agency that the unit makes."""
    sender: str
    addressee: str
    source: str
    report_id: int | None
    report_state: str
    report_number: str
    done_at: datetime | None
    done_by: str
    sent_on: date | None
    sent_number: str
    sent_note: str
    used_since: date

    @property
    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.state == ReportOccurrence.State.OPEN

    @property
    def is_done(self) -> bool:
        """Whether it is issued or noted as sent."""
        return self.state == ReportOccurrence.State.DONE

    @property
    def reporter_id(self) -> int | None:
        """The unit whose own report it is; None: the whole agency's."""
        return self.unit_id if self.is_of_unit else None

    @property
    def can_begin(self) -> bool:
        """Whether Cam Kết writes this kind of report."""
        return (
            self.is_open
            and self.report_id is None
            and self.subject in WRITTEN_HERE
            and self.pace != Pace.ONCE
        )

    @property
    def is_before_use(self) -> bool:
        """Whether it was due before the agency kept its calendar, or the line, here: nobody says that it was not sent."""
        return self.is_open and self.report_id is None and self.due_on < self.used_since

    def is_late(self, today: date) -> bool:
        """Return whether it is owed and its day has passed."""
        return self.is_open and self.due_on < today and not self.is_before_use

    @property
    def was_late(self) -> bool:
        """Whether it was sent after its day."""
        return self.is_done and self.sent_on is not None and self.sent_on > self.due_on


SUBJECTS = ReportSubject.choices
PACES = ReportLine.Pace.choices
DUE_BY = ReportLine.DueBy.choices
ON_DAY_OFF = ReportLine.OnDayOff.choices
"""What a line may say, each with its words."""
WRITTEN_HERE = frozenset({Subject.OBJECTIVES.value, *KINDS})
"""Subjects whose reports are begun from the calendar."""


@cache
def _catalogue() -> tuple[dict[str, Any], ...]:
    data = json.loads((Path(__file__).parent / "report_calendar.json").read_text(encoding="utf-8"))
    return tuple(data["lines"])


def catalogue() -> tuple[Line, ...]:
    """Return the lines that are shipped, in order, with where each comes from."""
    return tuple(_shipped(each) for each in _catalogue())


def _shipped(each: dict[str, Any]) -> Line:
    return Line(
        title=each["title"],
        subject=each["subject"],
        rules=Rules(
            pace=Pace(each["pace"]),
            year_starts=each.get("year_starts", "01-01"),
            which=tuple(each.get("which", ())),
            due_by=DueBy(each["due_by"]),
            due_days=each.get("due_days", 0),
            due_day=each.get("due_day", ""),
            on_day_off=OnDayOff(each["on_day_off"]),
            cut_off_days=each.get("cut_off_days"),
            units_days=each.get("units_days"),
        ),
        source=each["source"],
        key=each["key"],
        is_certain=each["is_certain"],
        is_of_units=each.get("is_of_units", False),
    )


def proposals(actor: Actor, today: date) -> tuple[tuple[Line, bool], ...]:
    """Return the shipped lines with the agency's own days and the decision of the plan in force; each whether it is proposed.

    The reports on objectives are due on the agency's days and run over the plan's own year.
    """
    require(actor, "report.write")
    agency = Agency.objects.get(pk=actor.agency_id)
    plan = (
        Plan.objects.filter(agency_id=actor.agency_id, state=Plan.State.PROMULGATED, period_start__lte=today)
        .only("number", "decided_on", "period_start", "period_end")
        .order_by("-period_start", "-version")
        .first()
    )
    found = []
    for each, line in zip(_catalogue(), catalogue(), strict=True):
        rules, source = line.rules, line.source
        if own := each.get("from_plan"):
            rules = replace(rules, due_day=getattr(agency, own))
        if line.subject == Subject.OBJECTIVES and plan is not None:
            rules = replace(
                rules, year_starts=f"{year_starts(Period(plan.period_start, plan.period_end))[-1]:%m-%d}"
            )
            if plan.number and plan.decided_on:
                source = f"Quyết định số {plan.number} ngày {plan.decided_on:%d/%m/%Y}"
        found.append(
            (
                replace(line, rules=rules, source=source, addressee=agency.superior_name),
                agency.rhythm in each["rhythms"],
            )
        )
    return tuple(found)


def versions(actor: Actor) -> tuple[Version, ...]:
    """Return the versions of the calendar, the newest first."""
    require(actor, "plan.view")
    rows = list(ReportCalendar.objects.filter(agency_id=actor.agency_id).order_by("valid_from"))
    ends = [*(each.valid_from - timedelta(days=1) for each in rows[1:]), None]
    found = [
        Version(each.pk, each.valid_from, end, each.source) for each, end in zip(rows, ends, strict=False)
    ]
    return tuple(reversed(found))


def lines(actor: Actor, calendar_id: int) -> tuple[LineRow, ...]:
    """Return the lines of a version in their order; none for another agency's."""
    require(actor, "plan.view")
    rows = ReportLine.objects.filter(agency_id=actor.agency_id, calendar_id=calendar_id, is_ended=False)
    return tuple(_line_row(each) for each in rows.select_related("unit").order_by("order", "pk"))


def line(actor: Actor, line_id: int) -> LineRow:
    """Return one line; raises ReportLine.DoesNotExist for another agency's and for one that ended."""
    require(actor, "plan.view")
    rows = ReportLine.objects.select_related("unit")
    return _line_row(rows.get(pk=line_id, agency_id=actor.agency_id, is_ended=False))


def has_version(actor: Actor, calendar_id: int) -> bool:
    """Return whether the agency's calendar has this version."""
    require(actor, "plan.view")
    return ReportCalendar.objects.filter(pk=calendar_id, agency_id=actor.agency_id).exists()


def owed_in(actor: Actor, year: int) -> tuple[Owed, ...]:
    """Return the reports that are due in a year, and those still owed from before it, by day. One SQL statement."""
    require(actor, "plan.view")
    rows = _rows(actor).filter(due_on__year=year)
    return tuple(_owed(each) for each in rows.order_by("due_on", "pk"))


def years(actor: Actor) -> tuple[int, ...]:
    """Return the years in which a report of the calendar is due."""
    require(actor, "plan.view")
    found = ReportOccurrence.objects.filter(agency_id=actor.agency_id).dates("due_on", "year")
    return tuple(each.year for each in found)


def owed(actor: Actor, occurrence_id: int) -> Owed:
    """Return one report of the calendar; raises ReportOccurrence.DoesNotExist for another agency's."""
    require(actor, "plan.view")
    return _owed(_rows(actor).get(pk=occurrence_id))


def begin_calendar(
    *, actor: Actor, valid_from: date, source: str, chosen: Iterable[Line], now: datetime
) -> ReportCalendar:
    """Begin a version of the calendar with lines; what is due from its first day on is owed by it.

    Raises CalendarExists where a version begins on the day or later, LineNotPossible.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        require(actor, "report.write")
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        if ReportCalendar.objects.filter(agency_id=actor.agency_id, valid_from__gte=valid_from).exists():
            raise CalendarExists(
                Message(gettext_noop("A version of the calendar begins on this day or later already."))
            )
        calendar = ReportCalendar.objects.create(
            agency_id=actor.agency_id,
            valid_from=valid_from,
            source=_words(source, 300),
            created_at=now,
            created_by_id=actor.person_id,
        )
        rows = [_kept(ReportLine(), actor, calendar, each, order) for order, each in enumerate(chosen, 1)]
        ReportLine.objects.bulk_create(rows)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.calendar_begun",
            subject=calendar,
            on=today,
            after={"valid_from": valid_from, "source": calendar.source, "owed_lines": len(rows)},
        )
        write_owed(agency_ids=[actor.agency_id], today=today)
    return calendar


def renew_calendar(*, actor: Actor, valid_from: date, source: str, now: datetime) -> ReportCalendar:
    """Begin a new version with the lines of the one before; each is then changed. Raises CalendarExists."""
    latest = ReportCalendar.objects.filter(agency_id=actor.agency_id).order_by("valid_from").last()
    kept = lines(actor, latest.pk) if latest is not None else ()
    return begin_calendar(
        actor=actor, valid_from=valid_from, source=source, chosen=[each.line for each in kept], now=now
    )


def save_line(
    *, actor: Actor, calendar_id: int, line_id: int | None, wanted: Line, today: date
) -> ReportLine:
    """Add a line to a version, or change one; what is owed by it and not done is dated anew.

    Raises LineNotPossible, ReportCalendar.DoesNotExist, ReportLine.DoesNotExist, Unit.DoesNotExist.
    """
    with transaction.atomic():
        require(actor, "report.write")
        calendar = ReportCalendar.objects.select_for_update().get(pk=calendar_id, agency_id=actor.agency_id)
        before: dict[str, object] = {}
        if line_id is None:
            row = ReportLine(added_on=today)
            order = calendar.lines.count() + 1
        else:
            row = ReportLine.objects.get(pk=line_id, calendar=calendar, is_ended=False)
            before, order = _said(row), row.order
        row = _kept(row, actor, calendar, wanted, order)
        after = _said(row)
        if after == before:
            return row
        row.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.line_changed" if before else "report.line_added",
            subject=row,
            on=today,
            before=before,
            after=after,
        )
        write_owed(agency_ids=[actor.agency_id], today=today)
    return row


def end_line(*, actor: Actor, line_id: int, today: date) -> ReportLine:
    """Take a line out of its version; what it still owes is owed no longer. Raises ReportLine.DoesNotExist."""
    with transaction.atomic():
        require(actor, "report.write")
        row = ReportLine.objects.select_for_update().get(
            pk=line_id, agency_id=actor.agency_id, is_ended=False
        )
        row.is_ended = True
        row.save(update_fields=["is_ended"])
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.line_ended",
            subject=row,
            on=today,
            before={"is_ended": False},
            after={"is_ended": True},
        )
        write_owed(agency_ids=[actor.agency_id], today=today)
    return row


def plan_choice(actor: Actor, row: Owed, today: date) -> queries.ReportChoice | None:
    """Return the period of a plan that the report is written on, None where no plan in force has it."""
    found = [
        each
        for each in queries.report_choices(actor, today, row.reporter_id)
        if each.kind == row.pace and each.period.end == row.period.end
    ]
    return found[0] if found else None


def note_sent(
    *, actor: Actor, occurrence_id: int, sent_on: date, number: str, note: str, now: datetime
) -> ReportOccurrence:
    """Note that a report was made outside and sent. Raises OccurrenceDone, NotSent."""
    today = timezone.localdate(now)
    with transaction.atomic():
        row = _open(actor, occurrence_id)
        if row.report is not None and row.report.state in _LIVE:
            raise OccurrenceDone(
                Message(
                    gettext_noop(
                        "This report is being written in Cam Kết. Issue it, or discard its draft first."
                    )
                )
            )
        if sent_on > today or sent_on < row.period_start - timedelta(days=366):
            raise NotSent(
                Message(gettext_noop("The day on which it was sent lies ahead, or long before its period."))
            )
        try:
            written = well_formed(number, example="05/BC-UBND") if number.strip() else ""
        except NumberNotPossible as refusal:
            raise NotSent(refusal.message) from refusal
        row.sent_on, row.sent_number, row.sent_note = sent_on, written, _words(note, 300)
        _done(row, actor, now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.owed_sent",
            subject=row,
            on=today,
            before={"state": ReportOccurrence.State.OPEN},
            after={"state": row.state, "sent_on": sent_on, "number": written, "note": row.sent_note},
        )
    return row


def reopen(*, actor: Actor, occurrence_id: int, reason: str, today: date) -> ReportOccurrence:
    """Owe a report again that was noted as sent by mistake. Raises OccurrenceDone for one that was issued here."""
    with transaction.atomic():
        require(actor, "report.write")
        row = ReportOccurrence.objects.select_for_update(of=("self",)).get(
            pk=occurrence_id, agency_id=actor.agency_id
        )
        if row.state != ReportOccurrence.State.DONE or row.report_id is not None:
            raise OccurrenceDone(Message(gettext_noop("Only what was noted as sent by hand is owed again.")))
        before = {"state": row.state, "sent_on": row.sent_on, "number": row.sent_number}
        row.state, row.sent_on, row.sent_number, row.sent_note = ReportOccurrence.State.OPEN, None, "", ""
        row.done_at = row.done_by = None
        row.save()
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="report.owed_reopened",
            subject=row,
            on=today,
            before=before,
            after={"state": row.state},
            reason=reason,
        )
    return row


def drafted(report: Report) -> None:
    """Tie a report's draft to what the calendar owes for its period; the report takes the calendar's cut-off."""
    row = _matching(report).filter(report=None).order_by("due_on").first()
    if row is None:
        return
    row.report = report
    row.save(update_fields=["report"])
    if report.cut_off is None and row.cut_off < row.period_end:
        report.cut_off = row.cut_off
        report.save(update_fields=["cut_off"])


def discarded(report: Report) -> None:
    """Owe again what a discarded draft was to do."""
    ReportOccurrence.objects.filter(report=report, state=ReportOccurrence.State.OPEN).update(report=None)


def issued(report: Report, actor: Actor, now: datetime) -> None:
    """Mark what the calendar owes for an issued report's period as done."""
    tied = ReportOccurrence.objects.filter(
        agency_id=report.agency_id, report_id__in=[each for each in (report.pk, report.supersedes_id) if each]
    )
    loose = _matching(report).filter(report=None)
    for row in (*tied, *loose):
        row.report = report
        if row.state == ReportOccurrence.State.OPEN:
            row.sent_on, row.sent_number = report.issued_on, report.number
            _done(row, actor, now)
            record(
                actor=actor,
                agency_id=row.agency_id,
                verb="report.owed_done",
                subject=row,
                on=timezone.localdate(now),
                before={"state": ReportOccurrence.State.OPEN},
                after={"state": row.state, "number": report.number, "sent_on": report.issued_on},
            )
        else:
            row.save(update_fields=["report"])


def write_owed(*, agency_ids: Collection[int], today: date) -> int:
    """Write what agencies owe by their calendars up to :data:`AHEAD`; return how many rows were written or dated anew.

    What is done stays as it is. What a line no longer calls for is no longer owed, unless a report of it is being written.
    """
    changed = 0
    with transaction.atomic():
        calendars = working_calendars(agency_ids)
        versions_by: dict[int, list[ReportCalendar]] = {}
        for row in ReportCalendar.objects.filter(agency_id__in=agency_ids).order_by("valid_from"):
            versions_by.setdefault(row.agency_id, []).append(row)
        for agency_id, rows in versions_by.items():
            changed += _write(agency_id, rows, calendars[agency_id], today)
    return changed


def write_all(*, today: date, chunk: int = 50) -> int:
    """Write what all agencies with a calendar owe, a few agencies at a time; return how many rows changed."""
    ids = sorted(set(ReportCalendar.objects.values_list("agency_id", flat=True)))
    return sum(
        write_owed(agency_ids=ids[start : start + chunk], today=today)
        + _programmes(ids[start : start + chunk])
        for start in range(0, len(ids), chunk)
    )


def _write(agency_id: int, rows: Sequence[ReportCalendar], calendar: WorkingCalendar, today: date) -> int:
    known = {
        (each.line_id, each.period_start, each.period_end, _reporter(each)): each
        for each in ReportOccurrence.objects.select_for_update(of=("self",)).filter(agency_id=agency_id)
    }
    found: dict[tuple[int, date, date, int | None], tuple[ReportLine, Occurrence, str]] = {}
    units: dict[Period, dict[int, str]] = {}
    by_calendar: dict[int, list[ReportLine]] = {}
    for line_row in ReportLine.objects.filter(agency_id=agency_id, is_ended=False):
        by_calendar.setdefault(line_row.calendar_id, []).append(line_row)
    for index, version in enumerate(rows):
        last = today + AHEAD
        if index + 1 < len(rows):
            last = min(last, rows[index + 1].valid_from - timedelta(days=1))
        for line_row in by_calendar.get(version.pk, ()):
            for each in occurrences(_rules(line_row), version.valid_from, last, calendar):
                makers: dict[int | None, str] = {None: ""}
                if line_row.is_of_units:
                    if each.period not in units:
                        units[each.period] = _units_in_use(agency_id, each.period)
                    makers = {pk: name for pk, name in units[each.period].items()}  # noqa: C416 - a unit, or none
                for unit_id, unit in makers.items():
                    found[line_row.pk, each.period.start, each.period.end, unit_id] = (line_row, each, unit)
    new, changed = [], []
    for key, (line_row, each, unit) in found.items():
        row = known.get(key)
        if row is None:
            row = ReportOccurrence(
                agency_id=agency_id, line=line_row, unit_id=key[3], is_of_unit=key[3] is not None
            )
            new.append(_dated(row, line_row, each, unit))
        elif row.state != ReportOccurrence.State.DONE:
            before = _facts(row)
            row.state = ReportOccurrence.State.OPEN
            if _facts(_dated(row, line_row, each, unit)) != before:
                changed.append(row)
    for key, row in known.items():
        if key not in found and row.state == ReportOccurrence.State.OPEN and row.report_id is None:
            row.state = ReportOccurrence.State.DROPPED
            changed.append(row)
    _tie(agency_id, [row for row in (*new, *changed) if row.state == ReportOccurrence.State.OPEN])
    ReportOccurrence.objects.bulk_create(new)
    ReportOccurrence.objects.bulk_update(changed, [*_FACTS, *_DONE_BY], batch_size=200)
    return len(new) + len(changed)


def _tie(agency_id: int, rows: Sequence[ReportOccurrence]) -> None:
    """Tie what is newly owed to reports that are written or issued already."""
    if not rows:
        return
    live = {
        (each.subject, each.kind, each.period_end, each.unit_id): each
        for each in Report.objects.filter(
            agency_id=agency_id,
            state__in=(*_LIVE, Report.State.ISSUED),
            period_end__in={row.period_end for row in rows},
        )
        .only(
            "subject", "kind", "period_end", "unit", "state", "number", "issued_on", "issued_at", "created_by"
        )
        .order_by("version")
    }
    for row in rows:
        report = live.get((row.subject, row.pace, row.period_end, _reporter(row)))
        if report is None or row.report_id is not None:
            continue
        row.report = report
        if report.state == Report.State.ISSUED:
            row.state = ReportOccurrence.State.DONE
            row.sent_on, row.sent_number = report.issued_on, report.number
            row.done_at, row.done_by_id = report.issued_at, report.created_by_id


def _programmes(agency_ids: Collection[int]) -> int:
    """Mark the months' programmes as done whose paper is issued."""
    rows = ReportOccurrence.objects.filter(
        agency_id__in=agency_ids,
        subject=Subject.PROGRAMME,
        pace=Pace.MONTH,
        state=ReportOccurrence.State.OPEN,
    )
    done = 0
    for row in rows:
        paper = ProgrammePaper.objects.filter(
            agency_id=row.agency_id,
            kind=ProgrammePaper.Kind.PROGRAMME,
            is_year=False,
            first=row.period_start,
            state=ProgrammePaper.State.ISSUED,
        ).first()
        if paper is not None:
            row.state = ReportOccurrence.State.DONE
            row.sent_on, row.sent_number = paper.issued_on, paper.number[:60]
            row.done_at, row.done_by_id = paper.issued_at, paper.issued_by_id
            row.save()
            done += 1
    return done


_LONGEST_TITLE = 200
_PLANNED_PACES = frozenset(queries.KIND_PERIODS)
_FACTS = ("title", "subject", "pace", "unit_id", "cut_off", "units_by", "due_on", "state")
_DONE_BY = ("report", "sent_on", "sent_number", "done_at", "done_by")
_LIVE: frozenset[str] = frozenset({Report.State.DRAFT, Report.State.SUBMITTED, Report.State.APPROVED})


def _facts(row: ReportOccurrence) -> tuple[object, ...]:
    return tuple(getattr(row, each) for each in _FACTS)


def _reporter(row: ReportOccurrence) -> int | None:
    return row.unit_id if row.is_of_unit else None


def _units_in_use(agency_id: int, period: Period) -> dict[int, str]:
    """Return the units that make a report of their own on a period: those in use with targets."""
    in_use = set(Unit.objects.filter(agency_id=agency_id, is_active=True).values_list("pk", flat=True))
    return {pk: name for pk, name in units_that_report(agency_id, period).items() if pk in in_use}


def _dated(row: ReportOccurrence, line_row: ReportLine, each: Occurrence, unit: str) -> ReportOccurrence:
    of_unit = f" của {unit}" if unit else ""
    row.title = f"{line_row.title} {period_name(line_row.pace, each.period)}{of_unit}"[:_LONGEST_TITLE]
    row.subject, row.pace = line_row.subject, line_row.pace
    if not row.is_of_unit:
        row.unit_id = line_row.unit_id
    row.period_start, row.period_end = each.period.start, each.period.end
    row.cut_off, row.units_by, row.due_on = each.cut_off, each.units_by, each.due_on
    return row


def _matching(report: Report) -> QuerySet[ReportOccurrence]:
    """Return what the calendar owes for a report's period: of the agency, or of the unit whose own report it is."""
    rows = ReportOccurrence.objects.filter(is_of_unit=report.unit_id is not None)
    if report.unit_id is not None:
        rows = rows.filter(unit_id=report.unit_id)
    return rows.filter(
        agency_id=report.agency_id,
        subject=report.subject,
        pace=report.kind,
        period_end=report.period_end,
        state=ReportOccurrence.State.OPEN,
    )


def _done(row: ReportOccurrence, actor: Actor, now: datetime) -> None:
    row.state = ReportOccurrence.State.DONE
    row.done_at, row.done_by_id = now, actor.person_id
    row.save()


def _open(actor: Actor, occurrence_id: int) -> ReportOccurrence:
    require(actor, "report.write")
    row = (
        ReportOccurrence.objects.select_for_update(of=("self",))
        .select_related("report")
        .get(pk=occurrence_id, agency_id=actor.agency_id)
    )
    if row.state != ReportOccurrence.State.OPEN:
        raise OccurrenceDone(Message(gettext_noop("This report is done already, or no longer owed.")))
    return row


def _kept(row: ReportLine, actor: Actor, calendar: ReportCalendar, wanted: Line, order: int) -> ReportLine:
    rules = checked(wanted.rules)
    if not wanted.title.strip():
        raise LineNotPossible(Message(gettext_noop("Write what the report is called.")), "title")
    if wanted.unit_id is not None:
        Unit.objects.only("pk").get(pk=wanted.unit_id, agency_id=actor.agency_id)
    if wanted.is_of_units:
        if wanted.subject != Subject.OBJECTIVES or rules.pace not in _PLANNED_PACES or wanted.unit_id:
            raise LineNotPossible(
                Message(
                    gettext_noop(
                        "Each unit makes a report of its own only on the quality objectives, for a part of the year, "
                        "and then no unit is named that makes it."
                    )
                ),
                "is_of_units",
            )
        rules = replace(rules, units_days=None)
    row.is_of_units = wanted.is_of_units
    row.agency_id, row.calendar, row.order = actor.agency_id, calendar, order
    row.title, row.subject, row.pace = _words(wanted.title, 200), Subject(wanted.subject), rules.pace
    row.year_starts, row.which = rules.year_starts, list(rules.which)
    row.due_by, row.due_days, row.due_day = rules.due_by, rules.due_days, rules.due_day
    row.on_day_off, row.cut_off_days, row.units_days = rules.on_day_off, rules.cut_off_days, rules.units_days
    row.once_start, row.once_end = (rules.once.start, rules.once.end) if rules.once else (None, None)
    row.once_due, row.unit_id = rules.once_due, wanted.unit_id
    row.sender, row.addressee = _words(wanted.sender, 200), _words(wanted.addressee, 300)
    row.source = _words(wanted.source, 300)
    return row


def _rules(row: ReportLine) -> Rules:
    return Rules(
        pace=Pace(row.pace),
        year_starts=row.year_starts,
        which=tuple(row.which),
        due_by=DueBy(row.due_by),
        due_days=row.due_days,
        due_day=row.due_day,
        on_day_off=OnDayOff(row.on_day_off),
        cut_off_days=row.cut_off_days,
        units_days=row.units_days,
        once=Period(row.once_start, row.once_end) if row.once_start and row.once_end else None,
        once_due=row.once_due,
    )


def _line_row(row: ReportLine) -> LineRow:
    return LineRow(
        row.pk,
        row.calendar_id,
        Line(
            row.title,
            row.subject,
            _rules(row),
            row.addressee,
            row.source,
            row.sender,
            row.unit_id,
            is_of_units=row.is_of_units,
        ),
        row.get_subject_display(),
        row.get_pace_display(),
        row.unit.name if row.unit else "",
    )


def _said(row: ReportLine) -> dict[str, object]:
    """Return a line as the journal keeps it."""
    rules = _rules(row)
    return {
        "title": row.title,
        "subject": row.subject,
        "addressee": row.addressee,
        "source": row.source,
        "sender": row.sender,
        "unit_id": row.unit_id,
        **({"is_of_units": True} if row.is_of_units else {}),
        "rules": {
            each.name: value.isoformat() if isinstance(value, date) else str(value)
            for each in fields(rules)
            if (value := getattr(rules, each.name)) not in (None, "", ())
        },
    }


def used_since() -> Greatest:
    """Return, for a statement on reports owed, the day on which the agency began to keep its calendar, or the line, here."""
    first = ReportCalendar.objects.filter(agency_id=OuterRef("agency_id")).order_by("created_at")
    return Greatest(
        TruncDate(Subquery(first.values("created_at")[:1])),
        Coalesce(F("line__added_on"), Value(FIRST_YEAR, output_field=DateField())),
        output_field=DateField(),
    )


def _rows(actor: Actor) -> QuerySet[ReportOccurrence]:
    return (
        ReportOccurrence.objects.filter(agency_id=actor.agency_id)
        .annotate(used_since=used_since())
        .exclude(state=ReportOccurrence.State.DROPPED)
        .select_related("unit", "line", "report", "done_by")
        .defer("report__snapshot", "report__narrative", "report__gathered")
    )


def _owed(row: Any) -> Owed:
    period = Period(row.period_start, row.period_end)
    return Owed(
        id=row.pk,
        line_id=row.line_id,
        title=row.title,
        subject=row.subject,
        subject_name=row.get_subject_display(),
        pace=row.pace,
        period=period,
        period_name=name(period),
        cut_off=row.cut_off,
        units_by=row.units_by,
        due_on=row.due_on,
        state=row.state,
        unit=row.unit.name if row.unit else "",
        unit_id=row.unit_id,
        is_of_unit=row.is_of_unit,
        sender=row.line.sender,
        addressee=row.line.addressee,
        source=row.line.source,
        report_id=row.report_id,
        report_state=row.report.get_state_display() if row.report else "",
        report_number=row.report.number if row.report else "",
        done_at=row.done_at,
        done_by=row.done_by.full_name if row.done_by else "",
        sent_on=row.sent_on,
        sent_number=row.sent_number,
        sent_note=row.sent_note,
        used_since=row.used_since,
    )


def _words(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
