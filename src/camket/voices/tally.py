"""Keeping the counts of answers: whatever writes one takes away what it added before and adds what it adds now.

In the writer's transaction. A response adds to the cell of the day on which it counts and to that of its month: for each
question that it answered and that is counted, one to the step chosen; for the whole (question "") one to ``responses``,
or to ``set_aside`` where it does not count. So a rate over any days, fields, units and ways is a sum of cells, and a
plain count over the responses gives the same (:func:`contributions`).

Of a month that was shown the cells stay as they were: what is taken back of it later is counted below nought in cells of
their own (:data:`TAKEN_BACK`), so that its blocks stay the same (:mod:`camket.core.small_groups`).
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from camket.core.questionnaire import STEPS, Content
from camket.core.tally import Grain, day_number
from camket.voices.models import AnswerRevision, CountedMonth, RatingBucket, Response

COUNTS = ("responses", *(f"step_{step}" for step in STEPS), "set_aside")
"""The counts of a cell, in the order of the columns."""

WHOLE = ""
"""The question of a cell that counts responses as a whole."""

TAKEN_BACK = 3
"""The grain of cells that hold what was taken back of a month after it was shown: below nought, by month."""

NET = (Grain.MONTH.value, TAKEN_BACK)
"""The grains that together say how many answers of a month count."""

_KEYS = ("grain", "start", "survey_key", "question", "field_key", "unit_key", "channel")
_ROWS = 1_000
"""Cells in one statement: SQLite takes 32,766 values."""

Cell = tuple[int, int, int, str, int, int, int]
"""Grain, first day, survey, question, field, unit, channel."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a response its counts depend on; 0 stands for a field or unit that is not known.

    ``ratings`` holds the steps of the questions that are counted, and no others.
    """

    survey: int
    on: date
    """The day on which it counts."""
    channel: int
    field: int = 0
    unit: int = 0
    ratings: Mapping[str, int] = dataclasses.field(default_factory=dict)
    is_set_aside: bool = False


def counted_of(response: Response, content: Content) -> Counted:
    """Return what a response adds, by the edition that it answers."""
    questions = {question.key for question in content.counted}
    return Counted(
        survey=response.survey_id,
        on=response.counted_on or response.on,
        channel=response.channel,
        field=response.field_id or 0,
        unit=response.unit_id or 0,
        ratings={key: step for key, step in response.ratings.items() if key in questions},
        is_set_aside=response.state == Response.State.SET_ASIDE,
    )


def contributions(one: Counted) -> Iterator[tuple[Cell, str]]:
    """Yield each cell that a response adds one to, with the count."""
    for grain in (Grain.DAY, Grain.MONTH):
        yield from _of_grain(one, grain)


def _of_grain(one: Counted, grain: int) -> Iterator[tuple[Cell, str]]:
    start = day_number(one.on if grain == Grain.DAY else one.on.replace(day=1))

    def cell(question: str) -> Cell:
        return (int(grain), start, one.survey, question, one.field, one.unit, one.channel)

    if one.is_set_aside:
        yield cell(WHOLE), "set_aside"
        return
    yield cell(WHOLE), "responses"
    for question, step in one.ratings.items():
        yield cell(question), f"step_{step}"


def change(*, agency_id: int, before: Iterable[Counted], after: Iterable[Counted]) -> None:
    """Move an agency's counts from what some responses added to what they add now; one that is new has none before.

    In the transaction that writes the responses. Takes the agency's turn first: writers of one agency follow each other.
    """
    take_turn(agency_id=agency_id)
    recount(agency_id=agency_id, before=before, after=after)


def recount(*, agency_id: int, before: Iterable[Counted], after: Iterable[Counted]) -> None:
    """Do what :func:`change` does for who has taken the turn already."""
    _move(
        agency_id,
        (
            (sign, each)
            for sign, group in ((-1, before), (1, after))
            for one in group
            for each in contributions(one)
        ),
    )


def take_back(
    *, agency_id: int, taken: Iterable[Counted], moved: Iterable[tuple[Counted, Counted]] = ()
) -> None:
    """Take answers out of months that were shown, under the agency's turn: those set aside, and those that count elsewhere.

    ``moved`` has each as it counted before and as it counts now.
    """
    changes: list[tuple[int, tuple[Cell, str]]] = []
    for one in taken:
        aside = dataclasses.replace(one, is_set_aside=True)
        changes += [(-1, each) for each in _of_grain(one, Grain.DAY)]
        changes += [(1, each) for each in _of_grain(aside, Grain.DAY)]
        changes += [(-1, each) for each in _of_grain(one, TAKEN_BACK)]
    for before, after in moved:
        changes += [(-1, each) for each in _of_grain(before, Grain.DAY)]
        changes += [(-1, each) for each in _of_grain(before, TAKEN_BACK)]
        changes += [(1, each) for each in contributions(after)]
    _move(agency_id, changes)


def _move(agency_id: int, changes: Iterable[tuple[int, tuple[Cell, str]]]) -> None:
    sums: dict[Cell, Counter[str]] = {}
    for sign, (cell, count) in changes:
        sums.setdefault(cell, Counter())[count] += sign
    moved = sorted((cell, counts) for cell, counts in sums.items() if any(counts.values()))
    for first in range(0, len(moved), _ROWS):
        _add_up(agency_id, moved[first : first + _ROWS])
    _note_months(agency_id, {cell[1] for cell, _ in moved if cell[0] in NET})


def take_turn(*, agency_id: int) -> None:
    """Note that an agency's counts change, and be alone with them until the transaction ends.

    Whoever writes for several agencies takes their turns in the order of their ids.
    """
    table = _quoted(AnswerRevision._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (agency_id, number) VALUES (%s, 1) "  # noqa: S608 - names are ours
            f"ON CONFLICT (agency_id) DO UPDATE SET number = {table}.number + 1",
            (agency_id,),
        )


def revision(*, agency_id: int) -> int:
    """Return how often an agency's counts changed: what was reckoned from them holds as long as this number stands."""
    return AnswerRevision.objects.filter(agency_id=agency_id).values_list("number", flat=True).first() or 0


def _add_up(agency_id: int, cells: list[tuple[Cell, Counter[str]]]) -> None:
    table = _quoted(RatingBucket._meta.db_table)
    columns = ("agency_id", *_KEYS, *COUNTS)
    row = f"({', '.join(['%s'] * len(columns))})"
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTS)
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(cells))} "  # noqa: S608 - names are ours
        f"ON CONFLICT ({', '.join(('agency_id', *_KEYS))}) DO UPDATE SET {sums}"
    )
    values: list[Any] = [
        value for cell, counts in cells for value in (agency_id, *cell, *(counts[name] for name in COUNTS))
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _note_months(agency_id: int, starts: Collection[int]) -> None:
    if not starts:
        return
    table = _quoted(CountedMonth._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (agency_id, start, number) "  # noqa: S608 - names are ours
            f"VALUES {', '.join(['(%s, %s, 1)'] * len(starts))} "
            f"ON CONFLICT (agency_id, start) DO UPDATE SET number = {table}.number + 1",
            [value for start in sorted(starts) for value in (agency_id, start)],
        )


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
