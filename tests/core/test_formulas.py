from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.formulas import (
    Formula,
    FormulaError,
    Result,
    Term,
    evaluate,
    figure,
    from_json,
    in_words,
    to_json,
)
from camket.core.plan import Period

WITH_OPEN = Formula(
    "dossiers",
    (Term("early"), Term("on_time")),
    (Term("finished"), Term("overdue")),
    {"field": ("dat dai", "xay dung")},
    100,
)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
WORDS = st.text("abcdefghij_", min_size=1, max_size=8)
TERMS = st.dictionaries(WORDS, st.integers(-3, 3).filter(bool), min_size=1, max_size=4).map(
    lambda found: tuple(Term(count, times) for count, times in found.items())
)
FORMULAS = st.builds(
    Formula,
    WORDS,
    TERMS,
    st.none() | TERMS,
    st.dictionaries(WORDS, st.lists(WORDS, min_size=1, max_size=3).map(tuple), max_size=2),
    st.sampled_from([1, 100, 1000]),
)


@given(FORMULAS)
def test_a_formula_comes_back_from_what_is_kept(formula: Formula) -> None:
    assert from_json(to_json(formula)) == formula


def test_a_share_is_exact_and_rounded_once() -> None:
    sums = {"early": 1, "on_time": 1, "finished": 2, "overdue": 1}
    assert evaluate(WITH_OPEN, sums) == Result(
        Decimal(2), Decimal(3), Decimal("66.666667"), nothing_arose=False
    )


def test_a_denominator_of_zero_is_neither_nothing_nor_all() -> None:
    assert evaluate(WITH_OPEN, {}) == Result(Decimal(0), Decimal(0), None, nothing_arose=True)
    assert figure(WITH_OPEN, {}, YEAR).nothing_arose


def test_terms_are_taken_off_and_taken_several_times() -> None:
    formula = Formula("tasks", (Term("due", 2), Term("submitted", -1)))
    assert evaluate(formula, {"due": 10, "submitted": 3}).value == 17


def test_a_quantity_is_a_figure_without_parts() -> None:
    found = figure(Formula("dossiers", (Term("received"),)), {"received": 12}, YEAR)
    assert (found.value, found.numerator, found.denominator) == (12, None, None)


def test_a_narrower_formula_keeps_its_own_filters_and_takes_the_given_ones() -> None:
    narrower = WITH_OPEN.filtered({"field": ("ho tich",), "channel": ("online",)})
    assert narrower.filters == {"field": ("ho tich",), "channel": ("online",)}
    assert WITH_OPEN.filtered({"field": ()}).filters == {}


def test_a_formula_is_said_in_one_line() -> None:
    said = in_words(
        WITH_OPEN,
        count=lambda key: {"finished": "settled"}.get(key, key),
        dimension=str.upper,
        word=lambda _, word: word,
    )
    assert str(said) == "(early + on_time) ÷ (settled + overdue) × 100; only FIELD: dat dai, xay dung"
    minus = Formula("tasks", (Term("due", -2), Term("late")))
    assert str(in_words(minus, count=str, dimension=str, word=lambda _, w: w)) == "−2 × due + late"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([], "formula"),
        ({"source": "dossiers", "numerator": [["late", 1]], "sql": "x"}, "formula"),
        ({"numerator": [["late", 1]]}, "source"),
        ({"source": "dossiers"}, "numerator"),
        ({"source": "dossiers", "numerator": []}, "numerator"),
        ({"source": "dossiers", "numerator": [["late", 0]]}, "numerator"),
        ({"source": "dossiers", "numerator": [["late", True]]}, "numerator"),
        ({"source": "dossiers", "numerator": [["late", 1], ["late", 1]]}, "numerator"),
        ({"source": "dossiers", "numerator": [["late", 1]], "denominator": 3}, "denominator"),
        ({"source": "dossiers", "numerator": [["late", 1]], "scale": 7}, "scale"),
        ({"source": "dossiers", "numerator": [["late", 1]], "filters": []}, "filters"),
        ({"source": "dossiers", "numerator": [["late", 1]], "filters": {"field": []}}, "filters.field"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_place(value: object, path: str) -> None:
    with pytest.raises(FormulaError) as refused:
        from_json(value)
    assert refused.value.path == path
