"""No group of fewer than five answers can be told apart, nor reckoned from what is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.small_groups import (
    SMALLEST,
    Block,
    Cell,
    TakenBack,
    blocks,
    counted_on,
    first_open,
    month_end,
    shown_from,
    taken_back,
)

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))

months = st.integers(0, 17).map(lambda number: date(2025 + number // 12, number % 12 + 1, 1))
cells = st.tuples(st.integers(1, 2), st.integers(0, 3), st.integers(0, 2), st.integers(1, 3))
histories = st.dictionaries(months, st.dictionaries(cells, st.integers(0, 9), max_size=8), max_size=10)


def sizes(found: tuple[Block, ...]) -> list[int]:
    return [each.responses for each in found]


def test_a_field_with_five_is_told_apart_and_one_with_fewer_waits_for_the_next_month() -> None:
    found = blocks({JAN: {(1, 1, 1, 1): 5, (1, 2, 1, 1): 3}, FEB: {(1, 2, 1, 1): 2}})
    assert [(each.month, each.told, each.responses) for each in found] == [
        (JAN, (1, 1, 1, 1), 5),
        (FEB, (1, 2, 1, 1), 5),
    ]
    assert found[1].parts == ((JAN, (1, 2, 1, 1)), (FEB, (1, 2, 1, 1)))


def test_channels_too_small_go_together_or_with_the_next_smallest() -> None:
    (three,) = blocks({JAN: {(1, 1, 1, 1): 2, (1, 1, 1, 2): 2, (1, 1, 1, 3): 2}})
    assert (three.told, three.responses) == ((1, 1, 1, None), 6)
    found = blocks({JAN: {(1, 1, 1, 1): 20, (1, 1, 1, 2): 6, (1, 1, 1, 3): 1}})
    assert {(each.told, each.responses) for each in found} == {((1, 1, 1, 1), 20), ((1, 1, 1, None), 7)}


def test_what_waits_at_the_end_of_a_quarter_goes_together_without_its_field() -> None:
    small = {(1, 1, 1, 1): 1, (1, 2, 1, 1): 2, (1, 3, 1, 1): 2}
    assert blocks({JAN: small}) == ()
    (found,) = blocks({JAN: small, MAR: {}})
    assert (found.month, found.told, found.responses) == (MAR, (1, None, 1, 1), 5)


def test_a_quarter_ends_also_where_nobody_answered_in_its_last_months() -> None:
    small = {JAN: {(1, 1, 1, 1): 2, (1, 2, 1, 1): 3}}
    assert blocks(small, until=MAR) == ()
    (found,) = blocks(small, until=APR)
    assert (found.month, found.told, found.responses) == (MAR, (1, None, 1, 1), 5)


def test_fewer_than_five_in_a_quarter_wait_on() -> None:
    assert blocks({MAR: {(1, 1, 1, 1): 4}}) == ()
    (found,) = blocks({MAR: {(1, 1, 1, 1): 4}, APR: {(1, 1, 1, 1): 1}})
    assert (found.month, found.responses) == (APR, 5)


def test_surveys_go_together_only_where_neither_has_enough() -> None:
    (found,) = blocks({MAR: {(1, 1, 1, 1): 3, (2, 1, 1, 1): 2}})
    assert found.told == (None, 1, 1, 1)


@given(histories)
@settings(max_examples=60, deadline=None)
def test_every_answer_is_in_one_block_at_most_and_every_block_has_five(
    counts: dict[date, dict[Cell, int]],
) -> None:
    found = blocks(counts)
    seen = [part for each in found for part in each.parts]
    assert len(seen) == len(set(seen))
    for each in found:
        assert each.responses == sum(counts[month][cell] for month, cell in each.parts) >= SMALLEST
        assert all(month <= each.month for month, _ in each.parts)
    whole = sum(number for each in counts.values() for number in each.values())
    assert whole - sum(sizes(found)) >= 0


@given(histories)
@settings(max_examples=60, deadline=None)
def test_a_block_is_of_a_field_only_if_all_its_answers_are(counts: dict[date, dict[Cell, int]]) -> None:
    for each in blocks(counts):
        for _, cell in each.parts:
            assert all(told is None or told == value for told, value in zip(each.told, cell, strict=True))


@given(histories, st.integers(0, 17))
@settings(max_examples=60, deadline=None)
def test_later_months_never_change_what_was_shown_before(
    counts: dict[date, dict[Cell, int]], number: int
) -> None:
    until = date(2025 + number // 12, number % 12 + 1, 1)
    earlier = {month: each for month, each in counts.items() if month <= until}
    shown = tuple(each for each in blocks(counts) if each.month <= until)
    assert shown[: len(blocks(earlier))] == blocks(earlier)
    # What is there only when later months are known came in the months between: a quarter's end without answers.
    assert all(not earlier or each.month > max(earlier) for each in shown[len(blocks(earlier)) :])


@given(histories)
@settings(max_examples=60, deadline=None)
def test_no_figure_less_another_leaves_fewer_than_five(counts: dict[date, dict[Cell, int]]) -> None:
    """Figures of any stretch of months, any filter, are sums of whole blocks: so are their differences, of any two.

    Told by marking each answer with its block: every figure marks all of a block or none of it.
    """
    found = blocks(counts)
    figures: list[frozenset[int]] = []
    stretches = sorted({each.month for each in found})
    for first in stretches:
        for last in (each for each in stretches if each >= first):
            inside = [(at, each) for at, each in enumerate(found) if first <= each.month <= last]
            figures.append(frozenset(at for at, _ in inside))
            by: dict[tuple[int, int | None], set[int]] = defaultdict(set)
            for at, each in inside:
                for dimension, value in enumerate(each.told):
                    by[dimension, value].add(at)
            figures += [frozenset(each) for each in by.values()]
    for one in figures[:40]:
        for other in figures[:40]:
            left = sum(found[at].responses for at in one - other)
            assert left == 0 or left >= SMALLEST


@given(histories)
@settings(max_examples=60, deadline=None)
def test_in_no_field_that_had_five_in_a_month_anything_is_hidden(
    counts: dict[date, dict[Cell, int]],
) -> None:
    found = blocks(counts)
    for month, here in counts.items():
        of_fields: dict[tuple[int, int], int] = defaultdict(int)
        for (survey, field, _, _), number in here.items():
            of_fields[survey, field] += number
        for (survey, field), number in of_fields.items():
            if number >= SMALLEST:
                shown = sum(
                    counts[since][cell]
                    for each in found
                    if each.told[:2] == (survey, field) and each.month == month
                    for since, cell in each.parts
                    if since == month
                )
                assert shown == number


def test_a_month_takes_answers_of_its_days_five_days_longer() -> None:
    assert counted_on(date(2026, 1, 31), date(2026, 2, 5), JAN) == date(2026, 1, 31)
    assert counted_on(date(2026, 1, 31), date(2026, 2, 6), JAN) == date(2026, 2, 6)
    assert counted_on(date(2026, 2, 1), date(2026, 2, 6), JAN) == date(2026, 2, 1)
    assert (first_open(date(2026, 2, 5)), first_open(date(2026, 2, 6))) == (JAN, FEB)
    assert shown_from(date(2026, 1, 1)) == date(2026, 2, 6)


def test_months_that_were_shown_empty_take_what_belongs_to_them() -> None:
    assert counted_on(date(2025, 3, 4), date(2026, 2, 6), None) == date(2025, 3, 4)
    assert counted_on(date(2025, 3, 4), date(2026, 2, 6), date(2025, 2, 1)) == date(2025, 3, 4)
    assert counted_on(date(2025, 3, 4), date(2026, 2, 6), date(2025, 4, 1)) == date(2026, 2, 6)


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 400))
def test_an_answer_never_counts_in_a_month_that_is_shown(day: date, later: int) -> None:
    entered = day + timedelta(days=later)
    counts = counted_on(day, entered, date(2028, 1, 1))
    assert counts.replace(day=1) >= first_open(entered)
    assert counts in (day, entered)
    assert shown_from(counts) > entered
    assert shown_from(counts) == date.fromordinal(month_end(counts).toordinal() + 6)


class Desk:
    """An office that keys answers in, takes some back and looks, by the rules of the core alone; answers are numbers."""

    def __init__(self) -> None:
        self.lie: dict[int, tuple[date, Cell]] = {}
        self.laid: dict[date, dict[Cell, int]] = {}
        self.gone: set[int] = set()
        self.in_blocks: dict[tuple[date, Cell], list[int]] = defaultdict(list)
        self.looks: list[tuple[frozenset[int], ...]] = []

    def enter(self, day: date, today: date, cell: Cell, number: int) -> None:
        newest = max((each for each in self.laid if each < first_open(today)), default=None)
        month = counted_on(day, today, newest).replace(day=1)
        for _ in range(number):
            self._lay(len(self.lie), month, cell)

    def _lay(self, answer: int, month: date, cell: Cell) -> None:
        self.lie[answer] = month, cell
        self.in_blocks[month, cell].append(answer)
        cells = self.laid.setdefault(month, {})
        cells[cell] = cells.get(cell, 0) + 1

    def shown(self, today: date) -> list[set[int]]:
        """The answers of each block that is shown, without those taken back or counted elsewhere since."""
        return [
            {
                each
                for part in block.parts
                for each in self.in_blocks[part]
                if each not in self.gone and self.lie[each] == part
            }
            for block in blocks(self.laid)
            if block.month < first_open(today)
        ]

    def take_back(self, some: set[int], today: date) -> None:
        some = some - self.gone
        for block in self.shown(today):
            here = block & some
            outcome = taken_back(len(block), len(here))
            if outcome is not TakenBack.NOTHING:
                self.gone |= here
            if outcome is TakenBack.ALL:
                for each in block - here:
                    _month, cell = self.lie[each]
                    self._lay(each, today.replace(day=1), cell)
            some -= block
        for each in some:  # in no figure yet: as if they had never come
            month, cell = self.lie[each]
            self.laid[month][cell] -= 1
        self.gone |= some

    def look(self, today: date) -> None:
        self.looks.append(tuple(frozenset(each) for each in self.shown(today) if each))


entries = st.tuples(st.just("enter"), st.integers(0, 70), cells, st.integers(1, 9))
takings = st.tuples(st.just("take"), st.integers(0, 200), st.integers(1, 14), st.just(0))
days_gone = st.tuples(st.just("wait"), st.integers(1, 25), st.just(0), st.just(0))


@given(st.lists(st.one_of(entries, takings, days_gone), min_size=4, max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_two_looks_differ_by_fewer_than_five_answers(acts: list[tuple[Any, ...]]) -> None:
    """Whatever is keyed in, keyed in late or taken back between them."""
    desk, today = Desk(), date(2026, 1, 10)
    for act, first, second, third in acts:
        if act == "enter":
            desk.enter(today - timedelta(days=first), today, second, third)
        elif act == "take":
            desk.take_back(set(range(first, first + second)) & set(desk.lie), today)
        else:
            today += timedelta(days=first)
        desk.look(today)
    figures = {frozenset(), *(block for look in desk.looks for block in look)}
    figures |= {frozenset().union(*look) for look in desk.looks}
    for one in figures:
        for other in figures:
            assert len(one ^ other) == 0 or len(one ^ other) >= SMALLEST
