"""No group of fewer than five answers can be told apart, nor reckoned from what is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.small_groups import SMALLEST, Block, Cell, blocks

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
    assert (found.month, found.told, found.responses) == (MAR, (1, None, None, None), 5)


def test_fewer_than_five_in_a_quarter_wait_on() -> None:
    assert blocks({MAR: {(1, 1, 1, 1): 4}}) == ()
    (found,) = blocks({MAR: {(1, 1, 1, 1): 4}, APR: {(1, 1, 1, 1): 1}})
    assert (found.month, found.responses) == (APR, 5)


def test_surveys_go_together_only_where_neither_has_enough() -> None:
    (found,) = blocks({MAR: {(1, 1, 1, 1): 3, (2, 1, 1, 1): 2}})
    assert found.told == (None, None, None, None)


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
