from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from camket.core.formulas import Formula, Result, Term
from camket.core.targets import Measure
from camket.core.wiring import codes
from camket.indicators import catalogue
from camket.indicators.figures import shown
from camket.indicators.sources import source
from camket.indicators.sources.door import GivesFigures, checked
from people import People

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/indicators.md"
SHIPPED = catalogue.shipped().values()


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda each: each.code)
def test_an_indicator_that_is_shipped_is_whole(entry: catalogue.Entry) -> None:
    assert entry.name
    assert entry.english
    assert entry.clause
    assert entry.group in {group.key for group in catalogue.groups()}
    assert entry.direction in {"higher", "lower", "neither"}
    if entry.formula is not None:
        checked(source(entry.formula.source), entry.formula)
        assert (entry.measure is Measure.RATIO) == (entry.formula.denominator is not None), entry.measure
        assert entry.formula.scale == (100 if entry.unit == "%" and entry.formula.denominator else 1)
        if not isinstance(source(entry.formula.source), GivesFigures):
            assert entry.adds_up != catalogue.is_standing(entry.formula)
        assert not entry.entered_every
        return
    assert entry.entered_every in {"month", "quarter", "half_year", "year"}
    assert (entry.measure is Measure.RATIO) == bool(entry.numerator_label and entry.denominator_label)


def test_what_is_replaced_names_what_takes_its_place() -> None:
    for entry in SHIPPED:
        if entry.replaced_by:
            assert entry.valid_to is not None
            assert catalogue.shipped()[entry.replaced_by].holds_on(date(2026, 1, 1))


def test_all_that_the_wording_of_targets_points_to_is_there() -> None:
    assert codes() <= set(catalogue.shipped())


def test_the_documented_tables_are_those_that_are_shipped() -> None:
    with translation.override("vi"):
        assert (
            PAGE.read_text("utf-8").split("<!-- camket indicators -->\n")[1].strip()
            == catalogue.as_markdown()
        )


def test_names_are_in_the_readers_language() -> None:
    entry = catalogue.shipped()["dossiers.late"]
    with translation.override("vi"):
        assert entry.shown_name == "Tỷ lệ hồ sơ giải quyết quá hạn"
    with translation.override("en"):
        assert entry.shown_name == "Share of dossiers settled after the due date"


def test_a_formula_is_said_with_the_names_of_the_agency(people: People) -> None:
    people.agency.procedure_fields.create(key="dat dai", name="Đất đai")
    formula = Formula(
        "dossiers",
        (Term("late"),),
        (Term("finished"),),
        {"field": ("dat dai",), "channel": ("online",)},
        100,
    )
    with translation.override("vi"):
        assert catalogue.formula_words(formula, people.agency.pk) == (
            "Hồ sơ giải quyết quá hạn ÷ hồ sơ đã giải quyết × 100; "
            "chỉ tính hình thức nộp: Trực tuyến; lĩnh vực: Đất đai"
        )
        assert catalogue.formula_words(formula).endswith("lĩnh vực: dat dai")
        assert catalogue.labels(formula) == ("Hồ sơ giải quyết quá hạn", "Hồ sơ đã giải quyết")


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 3, "33,33\N{NO-BREAK SPACE}%"),
        (1, 2, "50\N{NO-BREAK SPACE}%"),
        (99_999, 100_000, "99,999\N{NO-BREAK SPACE}%"),
        (1, 100_000, "0,001\N{NO-BREAK SPACE}%"),
        (0, 7, "0\N{NO-BREAK SPACE}%"),
        (7, 7, "100\N{NO-BREAK SPACE}%"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, text: str) -> None:
    value = (Decimal(part) * 100 / whole).quantize(Decimal("0.000001"))
    result = Result(Decimal(part), Decimal(whole), value, nothing_arose=False)
    assert shown(catalogue.shipped()["dossiers.late"], result) == text


def test_a_figure_of_which_nothing_arose_says_so() -> None:
    entry = catalogue.shipped()["dossiers.late"]
    with translation.override("vi"):
        nothing = Result(Decimal(0), Decimal(0), None, nothing_arose=True)
        assert shown(entry, nothing) == "không phát sinh"
        assert shown(entry, None) == ""
