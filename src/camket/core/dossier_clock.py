"""The clock of a dossier: when it was due, first and now; whether it was early, on time or late; how an open one stands.

Moments are by the clock of the agency, without a zone; midnight stands for a day whose time nobody noted. Days are
whole numbers (:func:`camket.core.tally.day_number`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property

from camket.core.calendar import WorkingCalendar, WorkingIndex, index_of
from camket.core.dossiers import NOT_RECEIVED, PAUSED, Outcome, State, TimeLimit
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.tally import day_number
from camket.core.working_time import (
    OFFICE_HOURS,
    WorkingHours,
    due,
    has_time,
    is_by_minute,
    local_day,
    working_days_between,
)

FINISHED = frozenset({State.WITHDRAWN, State.STOPPED, State.DONE, State.RETURNED})
"""States in which a dossier with a day of its result is finished; a stop without one is a pause."""
WITHDRAWALS = frozenset({State.WITHDRAWN, State.STOPPED})

_FIRST_OF_ALL = day_number(date.min)

SOON_WITHIN = 2
"""Working days before the due date from which an open dossier is soon late."""


@dataclass(frozen=True, slots=True)
class Since:
    """Working hours and the hour of the last receipt that hold from a day on."""

    day: int
    hours: WorkingHours = OFFICE_HOURS
    cut_off: time | None = None


@dataclass(frozen=True)
class Rules:
    """By what an agency's dossiers are timed: its calendar, its working hours, the hand-over hour where it has one.

    ``since`` are hours that took the place of these, by their days in order. A limit is counted throughout by the
    hours of the day on which it begins.
    """

    calendar: WorkingCalendar
    hours: WorkingHours = OFFICE_HOURS
    cut_off: time | None = None
    since: tuple[Since, ...] = ()

    def on(self, day: int) -> Rules:
        """Return the rules of limits that begin on a day.

        >>> rules = Rules(WorkingCalendar(), since=(Since(100, cut_off=time(15)), Since(200)))
        >>> [rules.on(day).cut_off is not None for day in (99, 100, 199, 200)]
        [False, True, True, False]
        """
        held = [each for each in self.since if each.day <= day]
        if held:
            return Rules(self.calendar, held[-1].hours, held[-1].cut_off)
        return Rules(self.calendar, self.hours, self.cut_off) if self.since else self

    @cached_property
    def index(self) -> WorkingIndex:
        """Return the calendar laid out for arithmetic over many days."""
        return index_of(self.calendar)


@dataclass(frozen=True, slots=True)
class Standstill:
    """A stretch in which the clock stood still, with the state that stopped it; ``until`` None: it still does."""

    state: State
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a dossier's course: its state and moments, and its limit; ``due_again`` is the date given anew."""

    state: State
    received_at: datetime | None
    limit: TimeLimit
    due_given: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    supplement_asked_at: datetime | None = None
    supplement_back_at: datetime | None = None
    reappointed_at: datetime | None = None
    due_again: datetime | None = None
    standstills: tuple[Standstill, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the clock says of a course: the columns of a dossier."""

    received_day: int | None = None
    finished_at: datetime | None = None
    finished_day: int | None = None
    due_computed: datetime | None = None
    due_first: datetime | None = None
    due_now: datetime | None = None
    due_day: int | None = None
    is_due_different: bool = False
    outcome: Outcome = Outcome.OPEN
    outcome_first: Outcome = Outcome.OPEN
    overdue_day: int | None = None
    waiting_from_day: int | None = None
    waiting_until_day: int | None = None
    reappointed_day: int | None = None
    handling_days: int | None = None
    is_withdrawn: bool = False


class Standing(StrEnum):
    """How a dossier stands on a day."""

    NOT_RECEIVED = "not_received"
    FINISHED = "finished"
    PAUSED = "paused"
    NO_DUE_DATE = "no_due_date"
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"


STANDING_NAMES: dict[Standing, str] = {
    Standing.NOT_RECEIVED: gettext_noop("Not accepted"),
    Standing.FINISHED: gettext_noop("Processed"),
    Standing.PAUSED: gettext_noop("The time limit stands still"),
    Standing.NO_DUE_DATE: gettext_noop("Without a due date"),
    Standing.IN_TIME: gettext_noop("In time"),
    Standing.SOON: gettext_noop("Due soon"),
    Standing.OVERDUE: gettext_noop("Overdue"),
}


class ReappointedBefore(Refusal):
    """A new date was given already; a dossier is given one at most."""


class NewDateNotLater(Refusal):
    """The new date does not lie after the one that holds, or not after today."""


def reckon(course: Course, rules: Rules) -> Reckoning:
    """Return what the clock says of a dossier.

    The date first given is the export's, else the one computed. Where the supplement came back after the date given,
    that date is of the limit that the supplement ended, and the one computed holds: the limit starts again from zero.
    The date that holds now is that of the one re-appointment, where it is later. Outcomes are by the day; by the
    minute for limits that end at one, where the times are known. What is withdrawn or stopped is on time unless
    overdue, and so is what has no due date. A dossier falls overdue on the day after its due date unless it is
    finished or its clock stands still by then; one that is late by hours falls overdue on that day.

    Source: Nghị định 61/2018/NĐ-CP, Điều 17 and 19; Nghị định 118/2025/NĐ-CP.
    """
    if course.received_at is None or course.state in NOT_RECEIVED:
        return Reckoning(due_first=course.due_given, due_now=course.due_given, due_day=_day(course.due_given))
    stretches = _stretches(course)
    start = _started(course, course.received_at)
    rules = rules.on(local_day(start))
    later = [stretch for stretch in stretches if stretch[1] and stretch[1] > start]
    computed = due(start, course.limit, rules.calendar, rules.hours, rules.cut_off, later)
    first = course.due_given or computed
    is_restarted = start > course.received_at
    if is_restarted and course.due_given and computed and local_day(start) > local_day(course.due_given):
        first = computed
    now = course.due_again if first and _is_given_in_time(course, first) else first
    finished = (course.finished_at or course.returned_at) if course.state in FINISHED else None
    is_withdrawn = finished is not None and course.state in WITHDRAWALS
    outcome = _outcome(finished, now, course.limit, is_withdrawn=is_withdrawn)
    since, until = _waiting(course, finished)
    return Reckoning(
        received_day=local_day(course.received_at),
        finished_at=finished,
        finished_day=_day(finished),
        due_computed=computed,
        due_first=first,
        due_now=now,
        due_day=_day(now),
        is_due_different=bool(
            course.due_given and computed and local_day(course.due_given) != local_day(computed)
        ),
        outcome=outcome,
        outcome_first=_outcome(finished, first, course.limit, is_withdrawn=is_withdrawn),
        overdue_day=_overdue_day(finished, now, outcome, _still_since(course)),
        waiting_from_day=since,
        waiting_until_day=until,
        reappointed_day=_day(course.reappointed_at),
        handling_days=(
            None
            if finished is None
            else working_days_between(course.received_at, finished, rules.calendar, stretches)
        ),
        is_withdrawn=is_withdrawn,
    )


def standing(
    *,
    state: State,
    received_day: int | None,
    finished_day: int | None,
    due_day: int | None,
    overdue_day: int | None,
    on: date,
    index: WorkingIndex,
    soon_within: int = SOON_WITHIN,
) -> Standing:
    """Return how a dossier stands on a day; ``soon_within`` working days before its due date it is soon late.

    >>> index = index_of(WorkingCalendar())
    >>> friday, monday = day_number(date(2026, 7, 3)), day_number(date(2026, 7, 6))
    >>> standing(state=State.PROCESSING, received_day=friday, finished_day=None, due_day=monday, overdue_day=monday + 1,
    ...          on=date(2026, 7, 3), index=index).value
    'soon'
    """
    today = day_number(on)
    if received_day is None or state in NOT_RECEIVED or received_day > today:
        return Standing.NOT_RECEIVED
    if finished_day is not None and finished_day <= today:
        return Standing.FINISHED
    if overdue_day is not None and overdue_day <= today:
        return Standing.OVERDUE
    if finished_day is None and state in PAUSED:
        return Standing.PAUSED
    if finished_day is None and state in FINISHED:
        return Standing.FINISHED
    if due_day is None:
        return Standing.NO_DUE_DATE
    return Standing.SOON if due_day <= soon_until(on, index, soon_within) else Standing.IN_TIME


def soon_until(on: date, index: WorkingIndex, soon_within: int = SOON_WITHIN) -> int:
    """Return the last due day that is soon on a day: so many working days ahead."""
    return index.after(day_number(on), soon_within)


def _is_given_in_time(course: Course, first: datetime) -> bool:
    """Return whether the date given anew holds: later than the first, and given a day or more before it ran out.

    One that comes later is owed all the same, and the dossier stays overdue. Where nobody noted when it was given, it
    holds. Source: Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9; Nghị định 118/2025/NĐ-CP.
    """
    if course.due_again is None or course.due_again <= first:
        return False
    return course.reappointed_at is None or local_day(course.reappointed_at) < local_day(first)


def require_reappointment(*, is_reappointed: bool, due_now: date, due_new: date, on: date) -> bool:
    """Return whether a new date is given in time: a day or more before the date that holds.

    Raises ReappointedBefore, NewDateNotLater.

    Source: Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9; Nghị định 118/2025/NĐ-CP.
    """
    if is_reappointed:
        raise ReappointedBefore(
            Message(
                gettext_noop(
                    "This dossier was given a new date already (%(due)s). A dossier is given a new date once at most; "
                    "it stays overdue, and a second delay is explained in writing."
                ),
                {"due": f"{due_now:%d/%m/%Y}"},
            )
        )
    if due_new <= due_now or due_new <= on:
        raise NewDateNotLater(
            Message(
                gettext_noop("The new date has to lie after the date that holds (%(due)s) and after %(on)s."),
                {"due": f"{due_now:%d/%m/%Y}", "on": f"{on:%d/%m/%Y}"},
            )
        )
    return on < due_now


def _started(course: Course, received_at: datetime) -> datetime:
    """Return from when the limit runs: from receipt, or again from zero from the last supplement."""
    moments = [received_at]
    if course.supplement_back_at:
        moments.append(course.supplement_back_at)
    moments += [each.until for each in course.standstills if each.state == State.SUPPLEMENT and each.until]
    return max(moments)


def _stretches(course: Course) -> list[tuple[datetime, datetime | None]]:
    found: list[tuple[datetime, datetime | None]] = [
        (each.since, each.until) for each in course.standstills if each.until is not None
    ]
    if course.supplement_asked_at and course.supplement_back_at:
        found.append((course.supplement_asked_at, course.supplement_back_at))
    return found


def _still_since(course: Course) -> int | None:
    """Return since which day the clock of an open dossier has stood still; the first of all where nobody noted it.

    What is said to be finished and has no day of it stands still too: nobody knows that it is late.
    """
    if course.state not in PAUSED | FINISHED:
        return None
    known = [local_day(each.since) for each in course.standstills if each.until is None]
    if course.state == State.SUPPLEMENT and course.supplement_asked_at:
        known.append(local_day(course.supplement_asked_at))
    return min(known, default=_FIRST_OF_ALL)


def _waiting(course: Course, finished: datetime | None) -> tuple[int | None, int | None]:
    """Return the days on which the last wait for supplements began and ended."""
    waits = [(each.since, each.until) for each in course.standstills if each.state == State.SUPPLEMENT]
    if asked := course.supplement_asked_at:
        back = course.supplement_back_at
        waits.append((asked, back if back and back >= asked else None))
    if not waits:
        return None, None
    since, until = max(waits, key=lambda wait: wait[0])
    if until is None and finished is not None:
        until = max(finished, since)
    if until is None and course.state != State.SUPPLEMENT:
        until = since  # it goes on, and nobody noted since when: no day is counted as waiting
    return local_day(since), _day(until)


def _outcome(
    finished: datetime | None, due_at: datetime | None, limit: TimeLimit, *, is_withdrawn: bool
) -> Outcome:
    if finished is None:
        return Outcome.OPEN
    if due_at is None:
        return Outcome.ON_TIME
    done: date | datetime = finished.date()
    end: date | datetime = due_at.date()
    if is_by_minute(limit) and has_time(finished) and has_time(due_at):
        done, end = finished.replace(second=0, microsecond=0), due_at.replace(second=0, microsecond=0)
    if done > end:
        return Outcome.LATE
    return Outcome.EARLY if done < end and not is_withdrawn else Outcome.ON_TIME


def _overdue_day(
    finished: datetime | None, due_at: datetime | None, outcome: Outcome, still_since: int | None
) -> int | None:
    if due_at is None:
        return None
    day_after = local_day(due_at) + 1
    if finished is not None:
        return min(day_after, local_day(finished)) if outcome == Outcome.LATE else None
    if still_since is not None and still_since < day_after:
        return None
    return day_after


def _day(moment: datetime | None) -> int | None:
    return None if moment is None else local_day(moment)
