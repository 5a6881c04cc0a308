"""What the law asks of a posting (niêm yết), and what in a register of postings calls for somebody.

Days are counted so that nobody takes a paper down too early: a paper posted on the 1st for 30 days hangs through the
30th and may be taken down on the 31st.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from camket.core.calendar import WorkingCalendar

SOON = 3
"""How many days before its last planned day a posting is to be taken down or renewed."""


class Concern(StrEnum):
    """What calls for somebody, most urgent first."""

    ENDED = "ended"
    """The last planned day is over, and nobody noted that it was taken down."""
    CHECK = "check"
    """What it shows has changed since it was posted."""
    SHORT = "short"
    """It hangs, and its last planned day comes before it has hung for the days that are required."""
    CUT = "cut"
    """It was taken down too early, and was not posted there again."""
    PLACE = "place"
    """It hangs nowhere of a kind that is required."""
    PROOF = "proof"
    """Nothing proves it: no photo, no address, no document."""
    ENDING = "ending"
    """Its last planned day is near."""
    BRIEF = "brief"
    """It hung for fewer days than are required, and why it stays so is noted."""
    LATE = "late"
    """It was posted too many working days after the decision."""


TO_DO = frozenset(Concern) - {Concern.BRIEF, Concern.LATE}
"""What somebody can still mend; the others are told and stay as they are."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is made public and how long, where, how soon. ``days`` None: permanently.

    ``places`` are kinds of places, each required; ``spoken_days`` for how many days the loudspeaker says it too.
    ``is_certain`` is False where the text leaves something open that the product proposes. ``is_planned`` says that it
    belongs into the yearly plan; ``recurs`` ("quarter") that it does so more than once, each time to be posted within
    ``due_days`` of the end of the part of the year that it is of.
    """

    code: str
    name: str
    days: int | None
    places: tuple[str, ...]
    within: int | None
    source: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
    when: str = ""
    spoken_days: int | None = None
    is_certain: bool = True
    is_planned: bool = True
    recurs: str = ""
    due_days: int | None = None

    def holds(self, on: date) -> bool:
        """Return whether the rule holds on a day."""
        return self.valid_from <= on <= (self.valid_to or date.max)


RuleOf = Callable[[str, date], Rule | None]
"""The rule of a code that holds on a day; None for a content of one's own."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting as far as rules look at it. ``outdated_on`` is the day since which what it shows has changed.

    ``is_settled`` says that why it hung for too few days is noted; ``place`` is the place's number.
    """

    id: int
    kind: str
    rule: str
    matter: tuple[object, ...]
    posted_on: date
    until: date | None
    removed_on: date | None
    decided_on: date | None
    has_proof: bool
    renews: int | None = None
    outdated_on: date | None = None
    document: tuple[object, ...] = field(default=())
    place: int = 0
    is_settled: bool = False

    def is_up(self, on: date) -> bool:
        """Return whether it is posted on a day."""
        return self.posted_on <= on and (self.removed_on is None or self.removed_on > on)


def least_until(rule: Rule | None, kind: str, posted_on: date) -> date | None:
    """Return the first day on which a posting may be taken down; None where nothing says so, or it is permanent."""
    days = days_for(rule, kind)
    return posted_on + timedelta(days=days) if days else None


def is_too_short(each: Posted, days: int | None, by_id: Mapping[int, Posted], on: date) -> bool:
    """Return whether a posting hung, or as planned will hang, for fewer days without a break than ``days``.

    The last planned day counts, the day of taking down does not. What hangs on though its last planned day is over
    counts up to ``on``. Without days (permanently) no end is too early: what changes is replaced.
    """
    if days is None:
        return False
    least = began_on(each, by_id) + timedelta(days=days)
    if each.removed_on is not None:
        return each.removed_on < least
    return each.until is not None and each.until + timedelta(days=1) < least and on < least


def days_for(rule: Rule | None, kind: str) -> int | None:
    """Return for how many days a posting at a place of a kind is required; None permanently, or where nothing says so."""
    if rule is None:
        return None
    return rule.spoken_days if kind == "loudspeaker" else rule.days


def last_day_in_time(rule: Rule | None, decided_on: date | None, calendar: WorkingCalendar) -> date | None:
    """Return until which day something decided on a day is posted in time; None where no limit holds."""
    if rule is None or rule.within is None or decided_on is None:
        return None
    return calendar.add_working_days(decided_on, rule.within)


def began_on(posted: Posted, by_id: Mapping[int, Posted]) -> date:
    """Return since when the same document hangs without a break: renewals of it count as one."""
    start, older = posted, by_id.get(posted.renews or 0)
    while (
        older is not None
        and older.document == posted.document
        and older.removed_on is not None
        and older.removed_on + timedelta(days=1) >= start.posted_on
    ):
        start, older = older, by_id.get(older.renews or 0)
    return start.posted_on


def concerns(
    register: Sequence[Posted], rule_of: RuleOf, calendar: WorkingCalendar, on: date
) -> dict[int, tuple[Concern, ...]]:
    """Return what calls for somebody in each posting of a register on a day, most urgent first.

    ``register`` holds what hangs and what hung before it; postings of one matter are looked at together for their places.
    """
    by_id = {each.id: each for each in register}
    made_up = renewed_or_posted_again(register)
    found: dict[int, tuple[Concern, ...]] = {}
    for each in register:
        rule = rule_of(each.rule, each.posted_on)
        said = set(_of_one(each, rule, by_id, calendar, on, is_made_up=each.id in made_up))
        found[each.id] = tuple(concern for concern in Concern if concern in said)
    for first, _ in missing_places(register, rule_of, on):
        found[first.id] = tuple(
            concern for concern in Concern if concern in {*found[first.id], Concern.PLACE}
        )
    return found


def renewed_or_posted_again(register: Iterable[Posted]) -> set[int]:
    """Return the postings after which the same was posted at the same place once more."""
    found: set[int] = set()
    ended: dict[tuple[object, ...], list[Posted]] = {}
    for each in sorted(register, key=lambda one: (one.posted_on, one.id)):
        if each.renews is not None:
            found.add(each.renews)
        before = ended.setdefault((each.place, *each.document), [])
        found.update(
            older.id
            for older in before
            if older.removed_on is not None and older.removed_on <= each.posted_on
        )
        before.append(each)
    return found


def missing_places(
    register: Iterable[Posted], rule_of: RuleOf, on: date
) -> tuple[tuple[Posted, tuple[str, ...]], ...]:
    """Return, for each matter that hangs on a day, its first posting and the required kinds of places it never had."""
    matters: dict[tuple[object, ...], list[Posted]] = {}
    for each in register:
        matters.setdefault(each.matter, []).append(each)
    rows = []
    for postings in matters.values():
        up = [each for each in postings if each.is_up(on)]
        rule = rule_of(postings[0].rule, postings[0].posted_on)
        if not up or rule is None:
            continue
        wanted = (*rule.places, *(("loudspeaker",) if rule.spoken_days else ()))
        had = {each.kind for each in postings}
        if lacking := tuple(kind for kind in wanted if kind not in had):
            rows.append((min(up, key=lambda each: (each.posted_on, each.id)), lacking))
    return tuple(rows)


def _of_one(
    each: Posted,
    rule: Rule | None,
    by_id: Mapping[int, Posted],
    calendar: WorkingCalendar,
    on: date,
    *,
    is_made_up: bool,
) -> Iterable[Concern]:
    is_short = not is_made_up and is_too_short(each, days_for(rule, each.kind), by_id, on)
    if each.is_up(on):
        if is_short:
            yield Concern.SHORT  # it may not be taken down yet: that its planned end is near calls for nobody else
        elif each.until is not None and each.until < on:
            yield Concern.ENDED
        elif each.until is not None and (each.until - on).days <= SOON:
            yield Concern.ENDING
        if each.outdated_on is not None and each.outdated_on <= on:
            yield Concern.CHECK
    elif is_short:
        yield Concern.BRIEF if each.is_settled else Concern.CUT
    if not each.has_proof:
        yield Concern.PROOF
    in_time = last_day_in_time(rule, each.decided_on, calendar)
    if in_time is not None and each.renews is None and each.posted_on > in_time:
        yield Concern.LATE
