from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.sampling import interval


@pytest.mark.parametrize(
    ("part", "whole", "population", "low", "high", "is_wilson"),
    [
        (80, 100, None, "0.7216", "0.8784", False),
        (80, 100, 200, "0.7444", "0.8556", False),  # half of all asked: narrower
        (80, 100, 50, "0.7216", "0.8784", False),  # fewer than answered: not known
        (100, 100, None, "0.9630", "1.0000", True),
        (0, 10, None, "0.0000", "0.2775", True),
        (9, 10, None, "0.5958", "0.9821", True),
    ],
)
def test_the_interval_is_that_of_the_books(
    part: int, whole: int, population: int | None, low: str, high: str, is_wilson: bool
) -> None:
    found = interval(part, whole, population)
    assert found is not None
    assert (f"{found.low:.4f}", f"{found.high:.4f}", found.is_wilson) == (low, high, is_wilson)


def test_who_asked_all_knows() -> None:
    found = interval(45, 50, 50)
    assert found is not None
    assert (found.low, found.high, found.is_all, found.margin) == (Decimal("0.9"), Decimal("0.9"), True, 0)


def test_of_nobody_nothing_is_known() -> None:
    assert interval(0, 0) is None


@given(st.integers(1, 3000), st.data())
@settings(max_examples=100, deadline=None)
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(
    whole: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, whole))
    population = data.draw(st.none() | st.integers(0, 10_000))
    found = interval(part, whole, population)
    assert found is not None
    tiny = Decimal("1e-20")
    assert -tiny <= found.low <= Decimal(part) / whole + tiny
    assert Decimal(part) / whole - tiny <= found.high <= 1 + tiny
