"""Answers as they may be shown: whole blocks of five or more, never what lies within one (:mod:`camket.core.small_groups`).

Every figure of satisfaction is a sum of these, on whatever page, by whatever source, of however many agencies. They
are made from the counts by month, of the months that are shown alone; a process remembers those of an agency until the
next month is shown, or a count of those that are changes: answers of this month leave them as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from camket.core.questionnaire import OVERALL, STEPS, is_satisfied
from camket.core.small_groups import (
    QUARTER,
    Cell,
    Part,
    Told,
    blocks,
    first_open,
    month_end,
    quarter_end,
)
from camket.core.tally import Grain, day_number, day_of
from camket.voices.models import AnswerRevision, CountedMonth, Handout, RatingBucket
from camket.voices.tally import NET, TAKEN_BACK, WHOLE

Steps = tuple[int, int, int, int, int]
"""How many chose each of the five steps."""

NONE: Steps = (0, 0, 0, 0, 0)
DISSATISFIED = (1, 2)
"""Steps of the scale that say that somebody is not satisfied."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One block: the month in which it counts, what it is told apart by, its answers by question, where they lie."""

    month: date
    told: Told
    responses: int
    steps: Mapping[str, Steps]
    parts: tuple[Part, ...] = ()

    @property
    def last_day(self) -> date:
        """The day on which it counts: the last of its month."""
        return month_end(self.month)


def satisfied(steps: Steps, on: date) -> int:
    """Return how many of the answers count as satisfied, by the rule of a day."""
    return sum(steps[step - 1] for step in _satisfied_steps(on))


@lru_cache(maxsize=600)
def _satisfied_steps(on: date) -> tuple[int, ...]:
    return tuple(step for step in STEPS if is_satisfied(step, on))


def dissatisfied(steps: Steps) -> int:
    """Return how many of the answers chose one of the two lower steps."""
    return sum(steps[step - 1] for step in DISSATISFIED)


def added(steps: Iterable[Steps]) -> Steps:
    """Return the answers of several taken together."""
    one, two, three, four, five = (sum(column) for column in zip(NONE, *steps, strict=True))
    return one, two, three, four, five


@dataclass(frozen=True, slots=True)
class Asked:
    """How many people were asked on a day: of a field, a unit (0: not said), by a way."""

    agency_id: int
    on: date
    field: int
    unit: int
    channel: int
    number: int


def asked(agency_ids: Collection[int]) -> list[Asked]:
    """Return how many people were asked; one SQL statement."""
    rows = Handout.objects.filter(survey__agency_id__in=agency_ids).values_list(
        "survey__agency_id", "on", "field_id", "unit_id", "channel", "number"
    )
    return [
        Asked(agency_id, on, field or 0, unit or 0, channel, number)
        for agency_id, on, field, unit, channel, number in rows
    ]


def shown(
    agency_ids: Collection[int], *, today: date, overall_only: bool = False
) -> Mapping[int, tuple[Shown, ...]]:
    """Return the blocks of agencies that may be shown on a day, the oldest first; those without answers are left out.

    Two SQL statements, one where all are remembered. ``overall_only`` leaves out all questions but that on the whole:
    what a province asks of a thousand agencies. Not for who changes counts in the same transaction (:func:`laid`).
    """
    until, memory = first_open(today), _OVERALL if overall_only else _ALL
    return _kept(
        memory,
        _revisions(agency_ids, until),
        until,
        lambda missing: _read(missing, until, overall_only=overall_only),
    )


def by_month(agency_ids: Collection[int], *, today: date) -> Mapping[int, tuple[Shown, ...]]:
    """Return what was said on the whole in the blocks of agencies that may be shown on a day, added up by month.

    For who asks nothing but how many: a dozen sums of an agency where there are hundreds of blocks. Two SQL statements, one
    where all are remembered.
    """
    until = first_open(today)
    numbers = _revisions(agency_ids, until)

    def read(missing: Collection[int]) -> Mapping[int, tuple[Shown, ...]]:
        wanted = {agency_id: numbers[agency_id] for agency_id in missing}
        apart = _kept(_OVERALL, wanted, until, lambda some: _read(some, until, overall_only=True))
        return {agency_id: _months(of_agency) for agency_id, of_agency in apart.items()}

    return _kept(_MONTHS, numbers, until, read)


def _kept(
    memory: _Memory[_Kept],
    numbers: Mapping[int, int],
    until: date,
    read: Callable[[Collection[int]], Mapping[int, _Kept]],
) -> dict[int, _Kept]:
    """Return what is remembered of agencies, by how often their counts changed; what is not is read and remembered."""
    found: dict[int, _Kept] = {}
    missing: list[int] = []
    for agency_id, number in numbers.items():
        known = memory.get(agency_id, (until, number))
        if known is None:
            missing.append(agency_id)
        else:
            found[agency_id] = known
    if missing:
        for agency_id, of_agency in read(missing).items():
            found[agency_id] = of_agency
            memory.keep(agency_id, (until, numbers[agency_id]), of_agency)
    return found


def _months(some: Iterable[Shown]) -> tuple[Shown, ...]:
    months: dict[date, list[Shown]] = defaultdict(list)
    for each in some:
        months[each.month].append(each)
    return tuple(
        Shown(
            month,
            (None, None, None, None),
            sum(each.responses for each in group),
            {OVERALL: added(each.steps.get(OVERALL, NONE) for each in group)},
        )
        for month, group in months.items()
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """The blocks of an agency added up by month and survey: with every question, and what was said on the whole by group.

    ``by`` has them split by field, unit and channel, the question on the whole alone. Each is told apart by no more.
    """

    whole: tuple[Shown, ...]
    by: tuple[tuple[Shown, ...], tuple[Shown, ...], tuple[Shown, ...]]


def sums(agency_id: int, today: date) -> Sums:
    """Return what of an agency may be shown on a day, added up; three SQL statements, one where it is remembered.

    Hundreds of sums where there are thousands of blocks: what a page of results is made of.
    """
    until = first_open(today)
    number = _revisions([agency_id], until).get(agency_id)
    if number is None:
        return Sums((), ((), (), ()))
    known = _SUMS.get(agency_id, (until, number))
    if known is None:
        known = _read_sums(agency_id, until)
        _SUMS.keep(agency_id, (until, number), known)
    return known


def laid(agency_id: int, today: date) -> tuple[Shown, ...]:
    """Return the blocks of an agency that are shown on a day, read anew: for who changes its counts; one SQL statement.

    What is read within a change is not remembered: its number would stand for what comes of it.
    """
    return _read([agency_id], first_open(today), overall_only=True)[agency_id]


def newest_shown(agency_id: int, today: date) -> date | None:
    """Return the newest month that takes answers no more on a day and has had any, or has a block; None for none.

    For who changes the counts, under the agency's turn. One SQL statement; two where a quarter ended after the last
    answers: what waited of them is shown in its last month, which takes no more then.
    """
    until = first_open(today)
    rows = RatingBucket.objects.filter(
        agency_id=agency_id, grain=Grain.MONTH, question=WHOLE, start__lt=day_number(until)
    )
    start = rows.aggregate(newest=Max("start"))["newest"]
    if start is None:
        return None
    newest = day_of(start)
    if newest.month % QUARTER and quarter_end(newest) < until:
        newest = max([newest, *(block.month for block in laid(agency_id, today))])
    return newest


_KNOWN: ContextVar[tuple[int, date, int] | None] = ContextVar("known", default=None)


@contextmanager
def known_changes(agency_id: int, today: date, number: int) -> Iterator[None]:
    """Take what :func:`changes` gave of an agency as true meanwhile, and do not ask for it again. For who writes nothing."""
    token = _KNOWN.set((agency_id, first_open(today), number))
    try:
        yield
    finally:
        _KNOWN.reset(token)


def _revisions(agency_ids: Collection[int], until: date) -> dict[int, int]:
    """Return how often the counts before a month changed, agencies without answers left out; one SQL statement."""
    known = _KNOWN.get()
    if known is not None and list(agency_ids) == [known[0]] and known[1] == until:
        return {known[0]: known[2]} if known[2] else {}
    before = Q(agency__counted_months__start__lt=day_number(until))
    changes = Coalesce(Sum("agency__counted_months__number", filter=before), 0)
    rows = AnswerRevision.objects.filter(agency_id__in=agency_ids)
    return dict(rows.values_list("agency_id").annotate(changes=changes).order_by())


def changes(agency_id: OuterRef, today: date) -> Coalesce:
    """Return how often an agency's counts changed that are shown on a day, as a column of a query that names the agency.

    An answer of a month that still takes some leaves it as it is: what was reckoned from what is shown still holds.
    """
    months = CountedMonth.objects.filter(agency_id=agency_id, start__lt=day_number(first_open(today)))
    sums = months.values("agency_id").annotate(changes=Sum("number")).order_by().values("changes")
    return Coalesce(Subquery(sums), Value(0))


def forget() -> None:
    """Forget what is remembered, as tests do."""
    for memory in (_ALL, _OVERALL, _MONTHS, _SUMS):
        memory.forget()


@dataclass(slots=True)
class _Counts:
    """What was counted of an agency: answers by month and cell, those taken back since, and what was chosen by question."""

    numbers: dict[date, dict[Cell, int]] = field(default_factory=dict)
    taken: dict[Part, int] = field(default_factory=dict)
    chosen: dict[Part, list[tuple[str, Steps]]] = field(default_factory=lambda: defaultdict(list))

    def shown(self, until: date) -> tuple[Shown, ...]:
        """Return the blocks; those of which all answers were taken back are left out.

        They are laid by what had been counted when their month was first shown, whatever was taken back since.
        """
        found = (
            Shown(
                block.month,
                block.told,
                block.responses + sum(self.taken.get(part, 0) for part in block.parts),
                _by_question(self.chosen.get(part, ()) for part in block.parts),
                block.parts,
            )
            for block in blocks(self.numbers, until=until)
        )
        return tuple(each for each in found if each.responses)


def _cells(agency_ids: Collection[int], until: date) -> QuerySet[RatingBucket]:
    return RatingBucket.objects.filter(agency_id__in=agency_ids, grain__in=NET, start__lt=day_number(until))


def _counts(agency_ids: Collection[int], until: date, *, overall_only: bool) -> dict[int, _Counts]:
    rows = _cells(agency_ids, until)
    if overall_only:
        rows = rows.filter(question__in=(WHOLE, OVERALL))
    found = {agency_id: _Counts() for agency_id in agency_ids}
    for agency_id, grain, start, survey, of_field, unit, channel, question, responses, *chosen in rows.values_list(
        "agency_id", "grain", "start", "survey_key", "field_key", "unit_key", "channel", "question", "responses", *_STEPS
    ):  # fmt: skip
        counts, month, cell = found[agency_id], day_of(start), (survey, of_field, unit, channel)
        if question != WHOLE:
            one, two, three, four, five = chosen
            counts.chosen[month, cell].append((question, (one, two, three, four, five)))
        elif grain == TAKEN_BACK:
            counts.taken[month, cell] = responses
        else:
            counts.numbers.setdefault(month, {})[cell] = responses
    return found


_STEPS = tuple(f"step_{step}" for step in STEPS)


def _read(agency_ids: Collection[int], until: date, *, overall_only: bool) -> dict[int, tuple[Shown, ...]]:
    found = _counts(agency_ids, until, overall_only=overall_only)
    return {agency_id: counts.shown(until) for agency_id, counts in found.items()}


def _by_question(parts: Iterable[Iterable[tuple[str, Steps]]]) -> dict[str, Steps]:
    found: dict[str, list[Steps]] = defaultdict(list)
    for part in parts:
        for question, steps in part:
            found[question].append(steps)
    return {question: added(each) for question, each in found.items()}


_EVERY = -1
"""Instead of a field, unit and way: all of them added up."""

_Group = tuple[date, int | None]
"""A month and a survey, None for several of which answers are laid together."""


def _read_sums(agency_id: int, until: date) -> Sums:
    counts = _counts([agency_id], until, overall_only=True)[agency_id]
    apart = counts.shown(until)
    numbers: dict[_Group, int] = defaultdict(int)
    for block in apart:
        numbers[block.month, block.told[0]] += block.responses
    places: dict[Part, _Group] = {
        part: (block.month, block.told[0]) for block in apart for part in block.parts
    }
    elsewhere = {
        (month, cell): places.get((month, cell))
        for month, cells in counts.numbers.items()
        for cell in cells
        if places.get((month, cell)) != (month, cell[0])
    }
    steps = _steps_by_group(agency_id, until, elsewhere)
    whole = tuple(
        Shown(month, (survey, None, None, None), number, steps.get((month, survey), {}))
        for (month, survey), number in numbers.items()
    )
    return Sums(whole, (_together(apart, 1), _together(apart, 2), _together(apart, 3)))


_CELL = ("start", "survey_key", "question", "field_key", "unit_key", "channel")


def _steps_by_group(
    agency_id: int, until: date, elsewhere: Mapping[Part, _Group | None]
) -> dict[_Group, dict[str, Steps]]:
    """Return what was chosen by question in each month and survey, summed by the database: of most answers both are their own.

    ``elsewhere`` are the parts of blocks of another month or of several surveys, and those that still wait (None):
    these alone are read one by one, in the same SQL statement.
    """
    found: dict[_Group, dict[str, list[Steps]]] = defaultdict(lambda: defaultdict(list))
    rows = _cells([agency_id], until).exclude(question=WHOLE).order_by()
    every = {name: Value(_EVERY) for name in ("field", "unit", "way")}
    sums = {f"sum_{step}": Sum(step) for step in _STEPS}
    read: QuerySet[RatingBucket, Any] = (
        rows.values("start", "survey_key", "question")
        .annotate(**every, **sums)
        .values_list("start", "survey_key", "question", *every, *sums)
    )
    if elsewhere:
        months = {day_number(month) for month, _ in elsewhere}
        surveys, fields = ({cell[place] for _, cell in elsewhere} for place in (0, 1))
        near = rows.filter(start__in=months, survey_key__in=surveys, field_key__in=fields)
        read = read.union(near.values_list(*_CELL, *_STEPS), all=True)
    for start, survey, question, of_field, unit, channel, one, two, three, four, five in read:
        month = day_of(start)
        if of_field == _EVERY:
            found[month, survey][question].append((one, two, three, four, five))
            continue
        part = month, (survey, of_field, unit, channel)
        if part in elsewhere:
            found[month, survey][question].append((-one, -two, -three, -four, -five))
            if (group := elsewhere[part]) is not None:
                found[group][question].append((one, two, three, four, five))
    return {
        group: {question: steps for question, many in by_question.items() if any(steps := added(many))}
        for group, by_question in found.items()
    }


def _together(some: Iterable[Shown], place: int) -> tuple[Shown, ...]:
    """Add up blocks of a month and survey that have what is told at a place in common."""
    groups: dict[tuple[date, int | None, int | None], list[Shown]] = defaultdict(list)
    for each in some:
        groups[each.month, each.told[0], each.told[place]].append(each)
    found: list[Shown] = []
    for (month, survey, key), group in groups.items():
        apart = {0: survey, place: key}
        told = (apart.get(0), apart.get(1), apart.get(2), apart.get(3))
        steps = {OVERALL: added(each.steps.get(OVERALL, NONE) for each in group)}
        found.append(Shown(month, told, sum(each.responses for each in group), steps))
    return tuple(found)


_AGENCIES = 256
_UNDER_A_PROVINCE = 1_024
"""Agencies of which what was said on the whole is remembered: all that a province looks at again and again."""
_Stand = tuple[date, int]
"""The first month that is not shown yet, and how often the counts before it changed."""


_Kept = TypeVar("_Kept")


class _Memory(Generic[_Kept]):
    """What was made of the counts of the agencies last asked for."""

    def __init__(self, most: int = _AGENCIES) -> None:
        self._most = most
        self._lock = Lock()
        self._known: dict[int, tuple[_Stand, _Kept]] = {}

    def get(self, agency_id: int, stand: _Stand) -> _Kept | None:
        known = self._known.get(agency_id)
        return known[1] if known is not None and known[0] == stand else None

    def keep(self, agency_id: int, stand: _Stand, kept: _Kept) -> None:
        with self._lock:
            while len(self._known) >= self._most:
                del self._known[next(iter(self._known))]
            self._known[agency_id] = stand, kept

    def forget(self) -> None:
        with self._lock:
            self._known.clear()


_ALL: _Memory[tuple[Shown, ...]] = _Memory()
_OVERALL: _Memory[tuple[Shown, ...]] = _Memory(_UNDER_A_PROVINCE)
_MONTHS: _Memory[tuple[Shown, ...]] = _Memory(_UNDER_A_PROVINCE)
_SUMS: _Memory[Sums] = _Memory()
