"""What entries add to the counts of their register: pure, one function of an entry's facts for each register.

Work with a last day counts as due on that day (the last day in time), as done on the day it was done; what is open and
overdue is a stock of two flows. What is judged once a year (titles, grading) belongs to the day of the decision, and
to the last day of its year where the decision came later. What was withdrawn counts nowhere.

What :class:`Once` names (people, courses) counts once a year however many entries tell of it, and is no sum of entries.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from camket.core.messages import gettext_noop
from camket.core.registers.definition import Count, Event, Facts
from camket.core.registers.documents import ELECTRONIC, OPEN_SECRECY
from camket.core.registers.staff import (
    ADVANCED_WORKER,
    COLLECTIVE_TITLES,
    EMULATION_FIGHTER,
    GRADED_COMPLETED,
    GRADED_WELL,
    NO_CASE,
    POPULATION,
    TRAINED,
)
from camket.core.registers.work import MAIN_TASK
from camket.core.tally import day_number
from camket.core.wording.text import search_key

WITHDRAWN = "withdrawn"
DONE = "done"

_OVERDUE = ("fell_overdue", "cleared_overdue")


def work(facts: Facts) -> Iterator[Event]:
    """Yield what work adds: received, due, in time, early, late, not done, done, and what stocks are made of.

    What has no day to be done by is received and done, and never due. Early is done on a day before the due day, as
    with dossiers; the last day in time may lie after a due day that is no working day (BLDS 2015, Điều 148 khoản 5).
    """
    if facts.state == WITHDRAWN:
        return
    yield day_number(facts.on), "received", 1
    done = facts.done_on if facts.state == DONE else None
    if done is not None:
        yield day_number(done), "done", 1
    if facts.late_after is None:
        return
    last = day_number(facts.late_after)
    yield last, "due", 1
    if done is None:
        yield last, "not_done", 1
    elif day_number(done) <= last:
        yield last, "in_time", 1
        if facts.due_on is not None and done < facts.due_on:
            yield last, "early", 1
    else:
        yield last, "late", 1
    if done is None or day_number(done) > last:
        yield last + 1, "fell_overdue", 1
        if done is not None:
            yield day_number(done), "cleared_overdue", 1


def followed_work(facts: Facts) -> Iterator[Event]:
    """Yield what work adds whose being followed up is counted too (theo dõi, đôn đốc).

    Whether it was followed is asked when its last day comes, of work without one on the day it came: it was if a unit
    is in charge of it, and of work with a last day also if it is done, was reported on, was put off, or was reminded
    of. What nobody was charged with was not followed.
    """
    yield from work(facts)
    if facts.state == WITHDRAWN:
        return
    asked = day_number(facts.late_after or facts.on)
    yield asked, "to_follow", 1
    if facts.unit_id and (facts.late_after is None or facts.state == DONE or _was_chased(facts)):
        yield asked, "followed", 1


def _was_chased(facts: Facts) -> bool:
    """Return whether somebody reported on open work or was reminded of it, or its day was put off."""
    values = facts.values or {}
    is_told = any(values.get(key) for key in ("report", "reported_on", "result", "reminded_on"))
    return is_told or (facts.due_original is not None and facts.due_original != facts.due_on)


def programme(facts: Facts) -> Iterator[Event]:
    """Yield what an item of the work programme adds; main tasks (nhiệm vụ trọng tâm) once more by themselves."""
    for day, count, number in followed_work(facts):
        yield day, count, number
        if facts.kind == MAIN_TASK and count in ("due", "in_time", "late"):
            yield day, f"main_{count}", number


def outgoing(facts: Facts) -> Iterator[Event]:
    """Yield what a document adds once it has its number; secret ones never count as to be sent electronically.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15, 18; Luật Bảo vệ bí mật nhà nước 2018.
    """
    if facts.state == WITHDRAWN or not facts.number:
        return
    day, values = day_number(facts.on), facts.values or {}
    yield day, "issued", 1
    if values.get("secrecy") not in (None, "", OPEN_SECRECY):
        yield day, "secret", 1
    elif values.get("sent") in ELECTRONIC:
        yield day, "electronic", 1


def training(facts: Facts) -> Iterator[Event]:
    """Yield what a place in a course adds: planned on its first day, attended on its last, with its hours."""
    if facts.state == WITHDRAWN:
        return
    yield day_number(facts.on), "planned", 1
    day = attended_on(facts)
    if day is None:
        return
    yield day_number(day), "attended", 1
    if facts.amount is not None:
        # Counts are whole numbers: hours are counted in minutes, and formulas take them so.
        yield day_number(day), "minutes", round(facts.amount * 60)


def attended_on(facts: Facts) -> date | None:
    """Return the day on which a person had attended a course; None for one that is planned or was missed."""
    if facts.state == WITHDRAWN or facts.outcome not in TRAINED:
        return None
    return facts.ends_on or facts.on


def trained_on(facts: Facts) -> date | None:
    """Return the day on which a course trained a person; sessions that only made something known train nobody."""
    return None if facts.kind == INFORMED else attended_on(facts)


def course_of(facts: Facts) -> str:
    """Return what a course is known by: two entries that name it alike, marks and spaces aside, are of one course."""
    return search_key(facts.title)


def informed_on(facts: Facts) -> date | None:
    """Return the day on which a person was told of policy, laws and rules (tuyên truyền, quán triệt)."""
    return attended_on(facts) if facts.kind == INFORMED else None


INFORMED = "informed"


def qualifications(facts: Facts) -> Iterator[Event]:
    """Yield what a required qualification adds from its day on, and up to the day to which it is valid."""
    if facts.state == WITHDRAWN:
        return
    yield day_number(facts.on), "required_came", 1
    if facts.outcome == "met":
        yield day_number(facts.on), "met_came", 1
        if facts.ends_on is not None:
            yield day_number(facts.ends_on) + 1, "met_went", 1


def grading(facts: Facts) -> Iterator[Event]:
    """Yield what a grading adds on the last day of what it is of: graded, and each level that the grade reaches.

    Who was not graded counts nowhere. Source: Nghị định 90/2020/NĐ-CP, Điều 4-11.
    """
    if facts.state == WITHDRAWN or facts.outcome in ("", "not_graded"):
        return
    day = day_number(facts.on)
    yield day, "graded", 1
    if facts.outcome == "excellent":
        yield day, "excellent", 1
    if facts.outcome in GRADED_WELL:
        yield day, "good", 1
    if facts.outcome in GRADED_COMPLETED:
        yield day, "completed", 1
    else:
        yield day, "failed", 1


def titles(facts: Facts) -> Iterator[Event]:
    """Yield what the registration for a title and the decision on it add; of collectives the agency as a whole apart."""
    if facts.state == WITHDRAWN:
        return
    yield day_number(within_year(facts.on, facts.year)), "registered", 1
    day = decided_on(facts)
    if day is None:
        return
    yield day_number(day), "decided", 1
    if facts.outcome == "awarded":
        yield day_number(day), "awarded", 1
    if facts.kind in COLLECTIVE_TITLES and not facts.unit_id:
        yield day_number(day), "collective_decided", 1
        if facts.outcome == "awarded":
            yield day_number(day), "collective_awarded", 1


def decided_on(facts: Facts) -> date | None:
    """Return the day to which the decision on a title belongs: its own within the emulation year, else the year's last."""
    if facts.state == WITHDRAWN or facts.outcome not in ("awarded", "refused"):
        return None
    return within_year(facts.done_on or date(facts.year or facts.on.year, 12, 31), facts.year)


def advanced_on(facts: Facts) -> date | None:
    """Return the day on which somebody became an advanced worker: emulation fighters are chosen from these.

    Source: Luật Thi đua, khen thưởng 06/2022/QH15, Điều 21-24.
    """
    is_advanced = facts.kind == ADVANCED_WORKER or facts.kind in FIGHTERS
    return decided_on(facts) if facts.outcome == "awarded" and is_advanced else None


def fighter_on(facts: Facts) -> date | None:
    """Return the day on which somebody became an emulation fighter of the base level or above."""
    return decided_on(facts) if facts.outcome == "awarded" and facts.kind in FIGHTERS else None


FIGHTERS = frozenset({EMULATION_FIGHTER, "fighter_province", "fighter_national"})


def discipline(facts: Facts) -> Iterator[Event]:
    """Yield what a breach adds; that there was none in a period is noted too, and adds no breach."""
    if facts.state == WITHDRAWN:
        return
    yield day_number(facts.on), "noted", 1
    if breached_on(facts) is not None:
        yield day_number(facts.on), "breaches", 1


def breached_on(facts: Facts) -> date | None:
    """Return the day of a breach of discipline, rules or regulations."""
    return None if facts.state == WITHDRAWN or facts.kind in (NO_CASE, POPULATION) else facts.on


def third_child_on(facts: Facts) -> date | None:
    """Return the day of which a third child is noted: asked for by objectives of earlier years."""
    return facts.on if facts.state != WITHDRAWN and facts.kind == POPULATION else None


def positions(facts: Facts) -> Iterator[Event]:
    """Yield that a description of a post holds from a day to a day."""
    if facts.state == WITHDRAWN:
        return
    yield day_number(facts.on), "in_force_came", 1
    if facts.ends_on is not None:
        yield day_number(facts.ends_on) + 1, "in_force_went", 1


def noted(facts: Facts) -> Iterator[Event]:
    """Yield that something was noted, on its day within the year that it tells of."""
    if facts.state != WITHDRAWN:
        yield day_number(within_year(facts.on, facts.year)), "noted", 1


def within_year(day: date, year: int) -> date:
    """Return a day, moved to the nearest of its year where it lies outside: what is made known later belongs to it.

    >>> within_year(date(2027, 1, 20), 2026), within_year(date(2026, 3, 1), 2026)
    (datetime.date(2026, 12, 31), datetime.date(2026, 3, 1))
    """
    return min(max(day, date(year, 1, 1)), date(year, 12, 31)) if year else day


@dataclass(frozen=True, slots=True)
class Once:
    """What counts once a calendar year: on the first day of it on which an entry makes it count.

    ``day`` gives that day for an entry, None where it does not count; ``what`` tells whom or what the entry is of, a
    person unless it says otherwise, nothing where nobody knows; ``label`` is a message id.
    """

    key: str
    label: str
    day: Callable[[Facts], date | None]
    what: Callable[[Facts], Hashable] = attrgetter("person_id")


def firsts(some: Iterable[Facts], once: Once) -> Iterator[tuple[Facts, date]]:
    """Yield of each person (or course) and year the entry that counts it, with its day: the first, of one day the first given.

    >>> from dataclasses import replace
    >>> one = Facts(on=date(2026, 3, 2), state="noted", outcome="attended", person_id=7)
    >>> who = Once("trained", "people trained", trained_on)
    >>> [day for _, day in firsts([replace(one, on=date(2026, 5, 4)), one], who)]
    [datetime.date(2026, 3, 2)]
    """
    found: dict[tuple[Hashable, int], tuple[Facts, date]] = {}
    for facts in some:
        day, what = once.day(facts), once.what(facts)
        if day is None:
            continue
        if not what:
            # Nobody knows whether it is somebody counted already.
            yield facts, day
            continue
        key = what, day.year
        if key not in found or day < found[key][1]:
            found[key] = facts, day
    yield from found.values()


def work_counts(
    received: str, due: str, in_time: str, early: str, late: str, not_done: str, done: str, still: str, overdue: str,
    before: str,
) -> tuple[Count, ...]:  # fmt: skip
    """Return the counts of a register of work, each with its words (message ids)."""
    return (
        Count("received", received),
        Count("due", due),
        Count("in_time", in_time),
        Count("early", early),
        Count("late", late),
        Count("not_done", not_done),
        Count("done", done),
        Count("open", still, "received", "done"),
        Count("overdue", overdue, *_OVERDUE),
        Count("overdue_before", before, *_OVERDUE, at_start=True),
    )


DIRECTIVES = (
    *work_counts(
        gettext_noop("directives received"),
        gettext_noop("directives due"),
        gettext_noop("directives due that were carried out in time"),
        gettext_noop("directives due that were carried out before the due date"),
        gettext_noop("directives due that were carried out late"),
        gettext_noop("directives due that are not carried out"),
        gettext_noop("directives carried out in the period"),
        gettext_noop("directives open at the end of the period"),
        gettext_noop("directives overdue at the end of the period"),
        gettext_noop("directives overdue already before the period"),
    ),
    Count("to_follow", gettext_noop("directives to follow up: due, or received without a deadline")),
    Count("followed", gettext_noop("directives followed up")),
)

INCOMING = work_counts(
    gettext_noop("incoming documents received"),
    gettext_noop("incoming documents due to be handled"),
    gettext_noop("incoming documents due that were handled in time"),
    gettext_noop("incoming documents due that were handled before the due date"),
    gettext_noop("incoming documents due that were handled late"),
    gettext_noop("incoming documents due that are not handled"),
    gettext_noop("incoming documents handled in the period"),
    gettext_noop("incoming documents not handled at the end of the period"),
    gettext_noop("incoming documents overdue at the end of the period"),
    gettext_noop("incoming documents overdue already before the period"),
)

OUTGOING = (
    Count("issued", gettext_noop("documents issued")),
    Count("secret", gettext_noop("secret documents issued")),
    Count("electronic", gettext_noop("documents issued electronically, without secret ones")),
)

PROGRAMME = (
    *work_counts(
        gettext_noop("items entered into the work programme"),
        gettext_noop("items of the work programme due"),
        gettext_noop("items of the work programme due that were completed in time"),
        gettext_noop("items of the work programme due that were completed before the due date"),
        gettext_noop("items of the work programme due that were completed late"),
        gettext_noop("items of the work programme due that are not completed"),
        gettext_noop("items of the work programme completed in the period"),
        gettext_noop("items of the work programme open at the end of the period"),
        gettext_noop("items of the work programme overdue at the end of the period"),
        gettext_noop("items of the work programme overdue already before the period"),
    ),
    Count("to_follow", gettext_noop("items of the work programme to follow up")),
    Count("followed", gettext_noop("items of the work programme followed up")),
    Count("main_due", gettext_noop("main tasks of the work programme due")),
    Count("main_in_time", gettext_noop("main tasks of the work programme due that were completed in time")),
    Count("main_late", gettext_noop("main tasks of the work programme due that were completed late")),
)

TRAINING = (
    Count("planned", gettext_noop("places in courses")),
    Count("attended", gettext_noop("courses attended, counted by person")),
    Count("minutes", gettext_noop("minutes of training attended")),
)

QUALIFICATIONS = (
    Count("required", gettext_noop("qualifications required of people"), "required_came", "required_went"),
    Count("met", gettext_noop("qualifications required that are held"), "met_came", "met_went"),
)

GRADING = (
    Count("graded", gettext_noop("people graded")),
    Count("excellent", gettext_noop("people graded “tasks completed excellently”")),
    Count("good", gettext_noop("people graded “tasks completed well” or better")),
    Count("completed", gettext_noop("people graded “tasks completed” or better")),
    Count("failed", gettext_noop("people graded “tasks not completed”")),
)

TITLES = (
    Count("registered", gettext_noop("registrations for titles")),
    Count("decided", gettext_noop("titles decided on")),
    Count("awarded", gettext_noop("titles conferred")),
    Count("collective_decided", gettext_noop("titles decided on for the agency as a whole")),
    Count("collective_awarded", gettext_noop("titles conferred on the agency as a whole")),
)

DISCIPLINE = (
    Count("noted", gettext_noop("cases, and periods without a case, noted")),
    Count("breaches", gettext_noop("breaches of discipline noted")),
)

POSITIONS = (Count("in_force", gettext_noop("job descriptions in force"), "in_force_came", "in_force_went"),)

FIGURES = (Count("noted", gettext_noop("values of figures entered")),)
MEETINGS = (Count("noted", gettext_noop("meetings called")),)
ASSESSMENTS = (Count("noted", gettext_noop("assessments noted")),)


@dataclass(frozen=True, slots=True)
class Counting:
    """What a register counts: sums of its entries' events, and what counts once a year.

    ``mark`` is the field whose word is the second one, beside the kind, by which counts are told apart. ``tells`` is the
    count that has to arise before the register says anything of a year: before the first title is decided on, that none
    was conferred means nothing. ``states`` are counts that say whether something is reached, each with the one that
    tells of it.
    """

    counts: tuple[Count, ...]
    events: Callable[[Facts], Iterator[Event]]
    mark: str = ""
    once: tuple[Once, ...] = ()
    tells: str = ""
    states: Mapping[str, str] = field(default_factory=dict)

    def mark_of(self, facts: Facts) -> str:
        """Return the second word of an entry."""
        if self.mark == "item":
            return facts.item
        if self.mark == "outcome":
            return facts.outcome
        return str((facts.values or {}).get(self.mark) or "") if self.mark else ""


COUNTING: Mapping[str, Counting] = {
    "directives": Counting(DIRECTIVES, followed_work, "form"),
    "programme": Counting(PROGRAMME, programme, "scope"),
    "incoming": Counting(INCOMING, work, "urgency"),
    "outgoing": Counting(OUTGOING, outgoing, "sent"),
    "training": Counting(
        TRAINING,
        training,
        "form",
        (
            Once("trained", gettext_noop("people who attended training in the year"), trained_on),
            Once("informed", gettext_noop("people informed of policy and rules in the year"), informed_on),
            Once("courses", gettext_noop("courses held in the year"), trained_on, course_of),
        ),
        "attended",
    ),
    "qualifications": Counting(QUALIFICATIONS, qualifications, "outcome"),
    "grading": Counting(GRADING, grading, "outcome", tells="graded"),
    "titles": Counting(
        TITLES,
        titles,
        "outcome",
        (
            Once(
                "advanced",
                gettext_noop("people with the title of advanced worker or above in the year"),
                advanced_on,
            ),
            Once(
                "fighters",
                gettext_noop("people with the title of emulation fighter in the year"),
                fighter_on,
            ),
        ),
        "decided",
        {"collective_awarded": "collective_decided"},
    ),
    "discipline": Counting(
        DISCIPLINE,
        discipline,
        "outcome",
        (
            Once("breached", gettext_noop("people with a breach of discipline in the year"), breached_on),
            Once("third_child", gettext_noop("people with a third child in the year"), third_child_on),
        ),
        "noted",
    ),
    "positions": Counting(POSITIONS, positions),
    "meetings": Counting(MEETINGS, noted),
    "figures": Counting(FIGURES, noted, "item"),
    "assessments": Counting(ASSESSMENTS, noted, "outcome"),
}
"""What each register counts, by its key."""
