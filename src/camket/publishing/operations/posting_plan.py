"""The yearly plan of what is made public: made from rules or last year's, lines edited, dropped, tied to postings; approved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.numbering import well_formed
from camket.core.posting_plan import PlanLine, lines_of, moved
from camket.core.wording.dates import format_date
from camket.core.wording.text import one_line
from camket.journal.operations import record
from camket.journal.reasons import needed_reason
from camket.org.models import Agency, Unit
from camket.org.policy import Actor, require
from camket.publishing.content import checksum
from camket.publishing.models import ApprovedPostingPlan, Notice, Place, PlannedPosting
from camket.publishing.operations.postings import (
    DayNotPossible,
    PlaceMissing,
    SubjectMissing,
    UnknownChoice,
    record_posting,
)
from camket.publishing.operations.publications import LONGEST_TEXT
from camket.publishing.planned import in_force, planned, stamp
from camket.publishing.posting_rules import rules_on

FIRST_YEAR = 2000
MOST_LINES = 300
MOST_DAYS = 3_650
"""The longest time that is a number of days: ten years. What hangs longer hangs permanently."""


class YearNotPossible(Refusal):
    """A plan is of a year up to the next one."""


class NothingToAdd(Refusal):
    """The rules, or last year's plan, hold no line that the plan lacks."""


class TimeMissing(Refusal):
    """A line does not say when its content is made public."""


class DaysNotPossible(Refusal):
    """A line's days are none, or more than ten years."""


class LineExists(Refusal):
    """The plan has a line of these words already."""


class TooManyLines(Refusal):
    """The plan would hold more lines than anybody reads."""


class AlreadySo(Refusal):
    """The line is out of the plan already, or in it."""


class NothingChosen(Refusal):
    """No posting was chosen."""


class NothingToApprove(Refusal):
    """The plan has no line, or says what the approved one says."""


class PlanChanged(Refusal):
    """The lines changed since they were read."""


@dataclass(frozen=True, slots=True)
class LineData:
    """A line as it is typed; ``days`` None: permanently."""

    subject: str
    rule: str = ""
    when: str = ""
    due_on: date | None = None
    days: int | None = None
    unit_id: int | None = None
    place_ids: tuple[int, ...] = ()


def make_from_rules(*, actor: Actor, year: int, today: date) -> int:
    """Put into the plan of a year what the law has made public, as far as the plan lacks it; return how many lines.

    The places are those of the agency that are of the kinds a rule names. Raises YearNotPossible, NothingToAdd.
    """
    with transaction.atomic():
        _lock(actor, year, today)
        places = list(Place.objects.filter(agency_id=actor.agency_id, is_active=True).order_by("pk"))
        lines = [
            (line, [each for each in places if each.kind in line.kinds], None)
            for rule in _rules_of(year)
            for line in lines_of(rule, year)
        ]
        return _add(actor, year, lines, today)


def copy_last_year(*, actor: Actor, year: int, today: date) -> int:
    """Put the lines of the plan before into the plan of a year, their years and days moved; return how many lines.

    Dropped lines stay behind, and so do places and units out of use. Raises YearNotPossible, NothingToAdd.
    """
    with transaction.atomic():
        _lock(actor, year, today)
        older = (
            PlannedPosting.objects.filter(agency_id=actor.agency_id, year=year - 1, is_dropped=False)
            .select_related("unit")
            .prefetch_related("places")
            .order_by("pk")
        )
        known = {rule.code for rule in _rules_of(year)}
        lines = []
        for each in older:
            line = PlanLine(
                each.rule if each.rule in known else "", each.subject, each.when, each.due_on, each.days
            )
            places = [place for place in each.places.all() if place.is_active]
            unit = each.unit if each.unit is not None and each.unit.is_active else None
            lines.append((moved(line, year - 1, year), places, unit))
        return _add(actor, year, lines, today)


def save_line(
    *, actor: Actor, year: int, data: LineData, planned_id: int | None = None, today: date
) -> PlannedPosting:
    """Add a line to the plan of a year, or change one of it.

    Raises YearNotPossible, SubjectMissing, TimeMissing, DaysNotPossible, DayNotPossible, PlaceMissing, UnknownChoice,
    LineExists, TooManyLines; PlannedPosting.DoesNotExist for a line of another year or agency.
    """
    with transaction.atomic():
        _lock(actor, year, today)
        lines = PlannedPosting.objects.filter(agency_id=actor.agency_id, year=year)
        line = PlannedPosting(agency_id=actor.agency_id, year=year)
        held: set[int] = set()
        if planned_id is not None:
            line = lines.select_related("unit").get(pk=planned_id)
            held = set(line.places.values_list("pk", flat=True))
        values, places = _checked(actor, line, data, held)
        if lines.filter(subject=values["subject"], is_dropped=False).exclude(pk=line.pk).exists():
            raise LineExists(
                Message(
                    gettext_noop("The plan has a line “%(subject)s” already."), {"subject": values["subject"]}
                )
            )
        if planned_id is None:
            _require_room(lines.count() + 1)
            _store(actor, line, values, places, today)
            return line
        before = _told(line, sorted(line.places.all(), key=lambda each: each.pk))
        for name, value in values.items():
            setattr(line, name, value)
        after = _told(line, places)
        if before != after:
            line.save()
            line.places.set(places)
            keys = [key for key in after if before[key] != after[key]]
            record_posting(
                actor=actor,
                row=line,
                verb="planned_posting.changed",
                today=today,
                before={key: before[key] for key in keys},
                after={key: after[key] for key in keys},
            )
    return line


def drop_line(*, actor: Actor, planned_id: int, reason: str, today: date) -> PlannedPosting:
    """Take a line out of the plan; it stays listed with what was posted of it. Raises AlreadySo, ReasonMissing."""
    why = one_line(reason)[:LONGEST_TEXT]
    with transaction.atomic():
        line = _locked(actor, planned_id)
        if line.is_dropped:
            raise AlreadySo(Message(gettext_noop("This line is out of the plan already.")))
        _turn(actor, line, "planned_posting.dropped", today, is_dropped=True, reason=needed_reason(why))
    return line


def restore_line(*, actor: Actor, planned_id: int, today: date) -> PlannedPosting:
    """Put a line that was dropped into the plan again. Raises AlreadySo, LineExists."""
    with transaction.atomic():
        line = _locked(actor, planned_id)
        if not line.is_dropped:
            raise AlreadySo(Message(gettext_noop("This line is in the plan.")))
        same = PlannedPosting.objects.filter(
            agency_id=actor.agency_id, year=line.year, subject=line.subject, is_dropped=False
        )
        if same.exists():
            raise LineExists(
                Message(gettext_noop("The plan has a line “%(subject)s” already."), {"subject": line.subject})
            )
        _turn(actor, line, "planned_posting.restored", today, is_dropped=False)
    return line


def tie_postings(*, actor: Actor, planned_id: int, notice_ids: Iterable[int], today: date) -> int:
    """Say that postings of the register are what a line planned; return how many were not tied to it before.

    Raises NothingChosen, AlreadySo for a dropped line; Notice.DoesNotExist for another agency's posting, or one cancelled.
    """
    wanted = sorted(set(notice_ids))
    with transaction.atomic():
        line = _locked(actor, planned_id)
        if line.is_dropped:
            raise AlreadySo(Message(gettext_noop("This line is out of the plan already.")))
        if not wanted:
            raise NothingChosen(Message(gettext_noop("Choose at least one posting.")))
        notices = list(
            Notice.objects.select_for_update(of=("self",))
            .filter(agency_id=actor.agency_id, is_cancelled=False, pk__in=wanted)
            .order_by("pk")
        )
        if len(notices) != len(wanted):
            raise Notice.DoesNotExist(wanted)
        tied = [each for each in notices if each.planned_id != line.pk]
        for each in tied:
            before, each.planned_id = each.planned_id, line.pk
            each.save(update_fields=["planned"])
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="notice.corrected",
                subject=each,
                on=today,
                before={"planned_posting": before},
                after={"planned_posting": line.pk},
            )
    return len(tied)


def approve_plan(
    *,
    actor: Actor,
    year: int,
    seen: str,
    number: str = "",
    dated: date | None = None,
    adjustment: str = "",
    now: datetime,
) -> ApprovedPostingPlan:
    """Freeze the plan of a year as a leader approves it; a later one of the year adjusts it and names it.

    ``seen`` is the stamp of the lines that were read (:func:`camket.publishing.planned.stamp`), ``number`` that of the
    signed document. Raises YearNotPossible, NothingToApprove, PlanChanged, NumberNotPossible, DayNotPossible, and
    ReasonMissing for an adjustment without one.
    """
    today = timezone.localdate(now)
    number = well_formed(number, example="12/KH-UBND") if number.strip() else ""
    if dated is not None and not date(year - 1, 7, 1) <= dated <= today:
        raise DayNotPossible(
            Message(
                gettext_noop("The day of the plan lies between %(first)s and today."),
                {"first": format_date(date(year - 1, 7, 1))},
            ),
            "dated",
        )
    with transaction.atomic():
        _lock(actor, year, today, act="posting.approve")
        older = in_force(actor.agency_id, year)
        content = planned(actor.agency_id, year, today)
        if not content["lines"]:
            raise NothingToApprove(Message(gettext_noop("The plan has no line yet.")))
        if stamp(content) != seen:
            raise PlanChanged(
                Message(
                    gettext_noop(
                        "Lines of the plan changed while you read it. Read them again, then approve."
                    )
                )
            )
        if older is not None and older.content["lines"] == content["lines"]:
            raise NothingToApprove(Message(gettext_noop("The approved plan says what the lines say today.")))
        why = needed_reason(one_line(adjustment)[:LONGEST_TEXT]) if older is not None else ""
        content |= {"number": number, "dated": (dated or today).isoformat(), "adjustment": why}
        if older is not None:
            content["replaces"] = {"number": older.content["number"], "dated": older.content["dated"]}
        made = ApprovedPostingPlan.objects.create(
            agency_id=actor.agency_id,
            year=year,
            content=content,
            sha256=checksum(content),
            approved_at=now,
            approved_by_id=actor.person_id,
            replaces=older,
            adjustment=why,
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="posting_plan.approved",
            subject=made,
            on=today,
            after={"year": year, "number": number, "count": len(content["lines"]), "sha256": made.sha256},
            reason=why,
        )
    return made


def _lock(actor: Actor, year: int, today: date, act: str = "posting.manage") -> None:
    """Lock the agency, so that two do not make or approve one plan twice."""
    Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
    require(actor, act)
    if not FIRST_YEAR <= year <= today.year + 1:
        raise YearNotPossible(
            Message(gettext_noop("A plan is made for a year up to %(year)s."), {"year": str(today.year + 1)})
        )


def _locked(actor: Actor, planned_id: int) -> PlannedPosting:
    Agency.objects.select_for_update(of=("self",)).only("pk").get(pk=actor.agency_id)
    line = PlannedPosting.objects.select_for_update(of=("self",)).get(
        pk=planned_id, agency_id=actor.agency_id
    )
    require(actor, "posting.manage")
    return line


def _rules_of(year: int) -> Sequence[Any]:
    """Return the rules that hold in a year: on its last day, else on its first."""
    found = {rule.code: rule for day in (date(year, 1, 1), date(year, 12, 31)) for rule in rules_on(day)}
    return tuple(found.values())


def _add(
    actor: Actor, year: int, lines: Iterable[tuple[PlanLine, list[Place], Unit | None]], today: date
) -> int:
    there = PlannedPosting.objects.filter(agency_id=actor.agency_id, year=year)
    known = set(there.values_list("subject", flat=True))
    wanted = [each for each in lines if each[0].subject not in known]
    if not wanted:
        raise NothingToAdd(Message(gettext_noop("There is no line that this plan does not have already.")))
    _require_room(len(known) + len(wanted))
    for line, places, unit in wanted:
        values = {
            "rule": line.rule,
            "subject": line.subject[:500],
            "when": line.when[:255],
            "due_on": line.due_on,
            "days": line.days,
            "unit": unit,
        }
        _store(actor, PlannedPosting(agency_id=actor.agency_id, year=year), values, places, today)
    return len(wanted)


def _require_room(count: int) -> None:
    if count > MOST_LINES:
        raise TooManyLines(
            Message(gettext_noop("A plan holds at most %(most)s lines."), {"most": str(MOST_LINES)})
        )


def _checked(
    actor: Actor, line: PlannedPosting, data: LineData, held: set[int]
) -> tuple[dict[str, Any], list[Place]]:
    """Return the columns and places of a line's data; raises what stands against them."""
    rules = {rule.code: rule for rule in _rules_of(line.year)}
    if data.rule and data.rule not in rules and data.rule != line.rule:
        raise UnknownChoice(
            Message(gettext_noop("This kind of content is not in the list of the law in that year."))
        )
    subject = one_line(data.subject) or (rules[data.rule].name if data.rule in rules else "")
    if not subject:
        raise SubjectMissing(Message(gettext_noop("Say what is made public.")))
    first, last = date(line.year, 1, 1), date(line.year + 1, 3, 31)
    if data.due_on is not None and not first <= data.due_on <= last:
        raise DayNotPossible(
            Message(
                gettext_noop("The day lies between %(first)s and %(last)s."),
                {"first": format_date(first), "last": format_date(last)},
            ),
            "due_on",
        )
    when = one_line(data.when) or (f"Ngày {format_date(data.due_on)}" if data.due_on else "")
    if not when:
        raise TimeMissing(Message(gettext_noop("Say when it is made public, in words or by a day.")))
    if data.days is not None and not 1 <= data.days <= MOST_DAYS:
        raise DaysNotPossible(
            Message(gettext_noop("Give 1 to %(most)s days, or permanently."), {"most": str(MOST_DAYS)})
        )
    unit = None
    if data.unit_id is not None:
        unit = Unit.objects.filter(pk=data.unit_id, agency_id=actor.agency_id).first()
        if unit is None or (not unit.is_active and unit.pk != line.unit_id):
            raise UnknownChoice(Message(gettext_noop("Choose a unit of the agency.")))
    wanted = set(data.place_ids)
    places = [
        place
        for place in Place.objects.filter(agency_id=actor.agency_id, pk__in=wanted).order_by("pk")
        if place.is_active or place.pk in held
    ]
    if len(places) != len(wanted):
        raise PlaceMissing(Message(gettext_noop("One of the places is not there any more, or out of use.")))
    values = {
        "rule": data.rule,
        "subject": subject[:500],
        "when": when[:255],
        "due_on": data.due_on,
        "days": data.days,
        "unit": unit,
    }
    return values, places


def _store(
    actor: Actor, line: PlannedPosting, values: dict[str, Any], places: list[Place], today: date
) -> None:
    for name, value in values.items():
        setattr(line, name, value)
    line.save()
    line.places.set(places)
    after = {"year": line.year, **_told(line, places)}
    record_posting(actor=actor, row=line, verb="planned_posting.added", today=today, after=after)


def _turn(
    actor: Actor, line: PlannedPosting, verb: str, today: date, *, is_dropped: bool, reason: str = ""
) -> None:
    line.is_dropped = is_dropped
    line.save(update_fields=["is_dropped"])
    record_posting(
        actor=actor,
        row=line,
        verb=verb,
        today=today,
        before={"is_dropped": not is_dropped},
        after={"is_dropped": is_dropped},
        reason=reason,
    )


def _told(line: PlannedPosting, places: Iterable[Place]) -> dict[str, object]:
    return {
        "rule": line.rule,
        "subject": line.subject,
        "posting_places": [each.name for each in places],
        "when": line.when,
        "due_on": line.due_on,
        "days_posted": line.days,
        "unit": line.unit_id,
    }
