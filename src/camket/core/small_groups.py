"""Groups of answers small enough to tell who gave them are never told apart: the one rule that all figures go through.

Answers come as counts by month and cell (survey, field, unit, channel). :func:`blocks` lays each answer into exactly
one block of at least five. Whatever is shown anywhere is a sum of whole blocks: a figure of a month, a field, a year,
the difference of two dates or of two pages. So nothing smaller than a block can be reckoned from what is shown,
whichever figures are subtracted from which.

A block is of one month, the month in which it came to five, and of all that its answers have in common; where answers
of several channels or units had to be laid together it is of none of them (``None``). The totals hold every block, so
that what is not told apart is missing in no total.

- A field with at least five answers is told apart in every month. Within it, what is too small by unit or channel goes
  together, if need be with the next smallest.
- A field with fewer waits for the months that follow. At the end of a quarter those that still wait go together, of no
  field, where they are five; else they wait on.
- A block that was made stays as it is: months that come later only add blocks.

A month is shown once it is over and :data:`GRACE` has passed, in which the slips of its last days are keyed in. What
comes later, whatever day it is of, counts in the month in which it comes (:func:`counted_on`), so that nothing is ever
added to what was shown, nor before it. What is taken back of a block that was shown leaves it only as five or more that
leave five or more, or none (:func:`taken_back`). So of any two looks, too, the difference is nothing or five answers at
least.

Source of the rule that raters stay unknown: Nghị định 61/2018/NĐ-CP, Điều 27–32; Nghị định 224/2026/NĐ-CP, Điều 10
khoản 3. The number five is this product's own, and said wherever figures are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

SMALLEST = 5
"""How many answers a group has at least that is shown apart."""

QUARTER = 3

GRACE = timedelta(days=5)
"""How long after its end a month still takes answers of its days: until then none of its figures is shown."""

Cell = tuple[int, int, int, int]
"""Survey, field, unit, channel; 0 is what is not known."""
Told = tuple[int | None, int | None, int | None, int | None]
"""A cell of which some dimensions are not told apart (None)."""
Part = tuple[date, Cell]
"""The answers of a cell in the month that begins on a day."""

_SURVEY, _FIELD, _UNIT, _ALL = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Block:
    """Answers that are only ever shown together: ``month`` in which they count, what they are told apart by, of whom they are."""

    month: date
    told: Told
    parts: tuple[Part, ...]
    responses: int


def blocks(
    counts: Mapping[date, Mapping[Cell, int]], *, until: date | None = None, smallest: int = SMALLEST
) -> tuple[Block, ...]:
    """Lay the answers of an agency's months into blocks; ``counts`` has the number of answers by month and cell.

    Months are given by their first day, in any order. ``until`` is the first day of the first month that is left out:
    the quarters that end before it are over, also where nobody answered since; None: the months that have answers.
    What has not come to ``smallest`` yet is in no block.
    """
    waiting: dict[Cell, dict[date, int]] = defaultdict(dict)
    found: list[Block] = []
    for month in _calendar(counts, until):
        for cell, number in counts.get(month, {}).items():
            if number > 0:
                waiting[cell][month] = number
        found += _ripe(waiting, month, smallest)
    return tuple(found)


class TakenBack(Enum):
    """What becomes of a block of which some answers are taken back."""

    NOTHING = "nothing"
    """They are too few: they go on being counted, for the difference would tell what they said."""
    THEM = "them"
    """They leave it, and it is shown without them."""
    ALL = "all"
    """They leave it, and so does the rest, too few to be shown alone: it counts anew, as answers that come late do."""


def taken_back(responses: int, number: int, *, smallest: int = SMALLEST) -> TakenBack:
    """Return what becomes of a block that was shown with ``responses`` answers when ``number`` of them are taken back.

    >>> taken_back(12, 4).name, taken_back(12, 7).name, taken_back(7, 7).name, taken_back(12, 8).name
    ('NOTHING', 'THEM', 'THEM', 'ALL')
    """
    if number < smallest:
        return TakenBack.NOTHING
    rest = responses - number
    return TakenBack.ALL if 0 < rest < smallest else TakenBack.THEM


def first_open(today: date) -> date:
    """Return the first day of the oldest month that still takes answers; those before it are shown, itself is not.

    >>> first_open(date(2027, 1, 5)), first_open(date(2027, 1, 6))
    (datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
    """
    return (today - GRACE).replace(day=1)


def shown_from(day: date) -> date:
    """Return the first day on which the figures of a day's month are shown.

    >>> shown_from(date(2026, 12, 31))
    datetime.date(2027, 1, 6)
    """
    return month_after(day) + GRACE


def counted_on(day: date, entered: date, newest: date | None) -> date:
    """Return the day on which an answer of a day counts that is entered on another: its own while its month takes answers.

    ``newest`` is the newest of the months shown already that has any answer or any block, None where none has. Months
    after it were shown empty, and take what belongs to them at once: the answers of a year brought in when the product
    is new.

    >>> [counted_on(date(2026, 12, 31), entered, date(2026, 12, 1)) for entered in (date(2027, 1, 5), date(2027, 1, 6))]
    [datetime.date(2026, 12, 31), datetime.date(2027, 1, 6)]
    >>> counted_on(date(2026, 12, 31), date(2027, 3, 1), date(2026, 11, 1))
    datetime.date(2026, 12, 31)
    """
    is_open = day >= first_open(entered) or newest is None or day >= month_after(newest)
    return day if is_open else entered


def month_after(day: date) -> date:
    """Return the first day of the month that follows a day's.

    >>> month_after(date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_end(day: date) -> date:
    """Return the last day of a day's month.

    >>> month_end(date(2028, 2, 1))
    datetime.date(2028, 2, 29)
    """
    return date.fromordinal(month_after(day).toordinal() - 1)


def quarter_end(day: date) -> date:
    """Return the first day of the last month of a day's quarter.

    >>> quarter_end(date(2026, 4, 30)), quarter_end(date(2026, 12, 1))
    (datetime.date(2026, 6, 1), datetime.date(2026, 12, 1))
    """
    return date(day.year, -(-day.month // QUARTER) * QUARTER, 1)


def _calendar(counts: Mapping[date, Mapping[Cell, int]], until: date | None) -> Iterator[date]:
    """Yield every month from the first to the last, those without answers too: a quarter ends in them as well."""
    if not counts:
        return
    month, end = min(counts), until or month_after(max(counts))
    while month < end:
        yield month
        month = month_after(month)


_Waiting = dict[Cell, dict[date, int]]


def _ripe(waiting: _Waiting, month: date, smallest: int) -> Iterator[Block]:
    """Take out of what waits all that can be told apart in a month, and yield it in blocks."""
    for field, cells in _grouped(waiting, _FIELD).items():
        if _number(waiting, cells) >= smallest:
            for together in _split(waiting, cells, len(field), smallest):
                yield _block(waiting, month, together)
    if month.month % QUARTER == 0:
        for depth in (_SURVEY, 0):
            for cells in _grouped(waiting, depth).values():
                if _number(waiting, cells) >= smallest:
                    yield _block(waiting, month, cells)


def _split(waiting: _Waiting, cells: Sequence[Cell], depth: int, smallest: int) -> list[list[Cell]]:
    """Return cells that together are large enough, split as far as each part is."""
    if depth == _ALL:
        return [list(cells)]
    found: list[list[Cell]] = []
    small: list[Cell] = []
    for of in _grouped(cells, depth + 1).values():
        if _number(waiting, of) >= smallest:
            found += _split(waiting, of, depth + 1, smallest)
        else:
            small += of
    if not small:
        return found
    if _number(waiting, small) < smallest:
        # The next smallest goes with them: alone they are too few.
        next_smallest = min(found, key=lambda each: (_number(waiting, each), each))
        found.remove(next_smallest)
        small += next_smallest
    return [*found, small]


def _grouped(cells: Iterable[Cell], depth: int) -> dict[tuple[int, ...], list[Cell]]:
    groups: dict[tuple[int, ...], list[Cell]] = defaultdict(list)
    for cell in sorted(cells):
        groups[cell[:depth]].append(cell)
    return groups


def _number(waiting: _Waiting, cells: Iterable[Cell]) -> int:
    return sum(sum(waiting[cell].values()) for cell in cells)


def _block(waiting: _Waiting, month: date, cells: Sequence[Cell]) -> Block:
    parts = tuple((since, cell) for cell in sorted(cells) for since in sorted(waiting[cell]))
    number = _number(waiting, cells)
    for cell in cells:
        del waiting[cell]
    survey, field, unit, channel = (
        values[0] if len(set(values)) == 1 else None for values in zip(*cells, strict=True)
    )
    return Block(month, (survey, field, unit, channel), parts, number)
