"""This year against the same period of the last, by hand-made figures of one and of several agencies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from camket.core.comparison import (
    Comparison,
    Kind,
    Part,
    adds_across,
    compare,
    taken_together,
    wording_key,
)
from camket.core.plan import Grade, Period
from camket.core.targets import Figure, Measure

HALF_2026 = Period(date(2026, 1, 1), date(2026, 6, 30))
HALF_2025 = Period(date(2025, 1, 1), date(2025, 6, 30))
YEAR_2025 = Period(date(2025, 1, 1), date(2025, 12, 31))


def share(numerator: int, denominator: int, span: Period = HALF_2025) -> Figure:
    return Figure(span, numerator=Decimal(numerator), denominator=Decimal(denominator))


def number(value: str, span: Period = HALF_2025) -> Figure:
    return Figure(span, value=Decimal(value))


def part(
    name: str, *figures: Figure, kind: Kind = Kind.MERGED, span: Period = HALF_2025, **more: Any
) -> Part:
    return Part(len(name), name, kind, span, figures, **more)


def compared(
    now: Figure,
    *parts: Part,
    measure: Measure = Measure.RATIO,
    unit: str = "%",
    adds_up: bool = True,
) -> Comparison:
    result = taken_together([now], HALF_2026, measure=measure, unit=unit, adds_up=adds_up)
    assert result is not None
    return compare(
        result, parts, period=HALF_2026, then_period=HALF_2025, measure=measure, unit=unit, adds_up=adds_up
    )


def said(comparison: Comparison) -> list[str]:
    return [str(each) for each in comparison.notes]


def test_shares_of_merged_communes_are_sums_of_cases_not_means_of_shares() -> None:
    found = compared(
        share(291, 300, HALF_2026), part("Bình Yên", share(90, 100)), part("Suối Xa", share(199, 200))
    )
    assert found.then is not None
    assert found.then.shown == "96,33\N{NO-BREAK SPACE}% (289/300)"
    assert str(found.difference) == "0,67 percentage points up"
    assert said(found) == []
    assert found.is_of_several


def test_counts_of_merged_communes_are_added() -> None:
    found = compared(
        number("36", HALF_2026), part("Bình Yên", number("25")), part("Suối Xa", number("15")),
        measure=Measure.VALUE, unit="vụ",
    )  # fmt: skip
    assert found.then is not None
    assert found.then.figure.value == 40
    assert str(found.difference) == "4 down (10 %)"


def test_quarters_of_each_commune_are_added_first() -> None:
    quarters = [Period(date(2025, 1, 1), date(2025, 3, 31)), Period(date(2025, 4, 1), date(2025, 6, 30))]
    found = compared(
        share(10, 10, HALF_2026),
        part("Bình Yên", *(share(4, 5, each) for each in quarters)),
        part("Suối Xa", share(9, 10)),
    )
    assert found.then is not None
    assert found.then.figure.numerator == 17
    assert found.then.figure.denominator == 20
    assert len(found.then.used) == 3


@pytest.mark.parametrize(
    ("measure", "unit", "adds_up", "figures"),
    [
        (Measure.VALUE, "%", True, (number("95"), number("97"))),
        (Measure.VALUE, "điểm", False, (number("85"), number("90"))),
        (Measure.RANK, "", False, (Figure(HALF_2025, rank=3, rank_of=11), Figure(HALF_2025, rank=5, rank_of=11))),
        (Measure.GRADE, "", False, (Figure(HALF_2025, grade=Grade.GOOD), Figure(HALF_2025, grade=Grade.FAIR))),
        (Measure.STATE, "", False, (Figure(HALF_2025, is_reached=True), Figure(HALF_2025, is_reached=False))),
    ],
)  # fmt: skip
def test_what_does_not_add_up_stands_side_by_side(
    measure: Measure, unit: str, adds_up: bool, figures: tuple[Figure, Figure]
) -> None:
    found = compared(
        Figure(
            HALF_2026, value=figures[0].value, rank=figures[0].rank, rank_of=figures[0].rank_of,
            grade=figures[0].grade, is_reached=figures[0].is_reached,
        ),
        part("Bình Yên", figures[0]),
        part("Suối Xa", figures[1]),
        measure=measure,
        unit=unit,
        adds_up=adds_up,
    )  # fmt: skip
    assert (found.then, found.difference) == (None, None)
    assert [each.result is not None for each in found.parts] == [True, True]
    assert said(found) == ["Figures of this kind do not add up over agencies; they stand side by side."]


def test_a_missing_commune_is_said_and_nothing_is_summed_without_it() -> None:
    found = compared(
        share(99, 100, HALF_2026),
        part("Bình Yên", share(9, 10)),
        part("Suối Xa", share(9, 10)),
        part("Đồi Sim"),
    )
    assert (found.then, found.difference) == (None, None)
    assert said(found) == ["Đồi Sim has no figure of that period; nothing is added for it."]


def test_a_commune_with_half_of_the_period_is_said_and_not_summed() -> None:
    quarter = Period(date(2025, 1, 1), date(2025, 3, 31))
    found = compared(
        share(99, 100, HALF_2026), part("Bình Yên", share(9, 10)), part("Suối Xa", share(9, 10, quarter))
    )
    assert (found.then, found.difference) == (None, None)
    assert said(found) == ["The figure of Suối Xa leaves out 91 days of that period."]


def test_indicators_that_cannot_be_told_apart_are_not_counted() -> None:
    found = compared(
        share(99, 100, HALF_2026),
        part("Bình Yên", share(9, 10)),
        part("Suối Xa", share(9, 10), is_ambiguous=True),
    )
    assert found.then is None
    assert said(found) == ["Several indicators of Suối Xa may be the same; none is chosen yet."]


def test_a_merger_in_the_middle_of_the_period_adds_each_for_its_own_days() -> None:
    """The year 2025: two communes until 30 June, the merged one from 1 July on."""
    before, after = HALF_2025, Period(date(2025, 7, 1), date(2025, 12, 31))
    year_2026 = Period(date(2026, 1, 1), date(2026, 12, 31))
    now = taken_together(
        [share(95, 100, year_2026)], year_2026, measure=Measure.RATIO, unit="%", adds_up=True
    )
    assert now is not None
    found = compare(
        now,
        [
            part("Bình Suối", share(40, 50, after), kind=Kind.OWN, span=after),
            part("Bình Yên", share(20, 25), span=before),
            part("Suối Xa", share(25, 25), span=before),
        ],
        period=year_2026,
        then_period=YEAR_2025,
        measure=Measure.RATIO,
        unit="%",
        adds_up=True,
    )
    assert found.then is not None
    assert found.then.figure.numerator == 85
    assert found.then.figure.period == YEAR_2025
    assert str(found.difference) == "10 percentage points up"


def test_the_predecessor_of_a_split_is_shown_whole_and_counts_are_not_compared() -> None:
    found = compared(
        number("30", HALF_2026), part("Bình Yên", number("70"), kind=Kind.SPLIT),
        measure=Measure.VALUE, unit="vụ",
    )  # fmt: skip
    assert found.then is not None
    assert (found.then.shown, found.difference) == ("70\N{NO-BREAK SPACE}vụ", None)
    assert said(found) == [
        "Bình Yên was split: its figure is shown whole, not the part that fell to this agency."
    ]
    of_shares = compared(share(9, 10, HALF_2026), part("Bình Yên", share(80, 100), kind=Kind.SPLIT))
    assert str(of_shares.difference) == "10 percentage points up"


def test_nothing_arose_adds_nothing() -> None:
    found = compared(
        share(99, 100, HALF_2026),
        part("Bình Yên", share(9, 10)),
        part("Suối Xa", Figure(HALF_2025, nothing_arose=True)),
    )
    assert found.then is not None
    assert found.then.figure.denominator == 10
    nothing = compared(share(99, 100, HALF_2026), part("A", Figure(HALF_2025, nothing_arose=True)))
    assert nothing.then is not None
    assert (nothing.then.figure.nothing_arose, nothing.difference) == (True, None)


@pytest.mark.parametrize(
    ("now", "then", "measure", "unit", "words"),
    [
        (number("5", HALF_2026), number("5"), Measure.VALUE, "vụ", "unchanged"),
        (number("5", HALF_2026), number("0"), Measure.VALUE, "vụ", "5 up"),
        (number("5", HALF_2026), number("4"), Measure.VALUE, "vụ", "1 up (25 %)"),
        (number("2000", HALF_2026), number("1000.5"), Measure.VALUE, "triệu đồng", "999,5 up (99,9 %)"),
        (number("96.5", HALF_2026), number("97"), Measure.VALUE, "%", "0,5 percentage points down"),
        (Figure(HALF_2026, rank=2), Figure(HALF_2025, rank=5), Measure.RANK, "", "3 places up"),
        (Figure(HALF_2026, rank=5), Figure(HALF_2025, rank=2), Measure.RANK, "", "3 places down"),
        (Figure(HALF_2026, grade=Grade.GOOD), Figure(HALF_2025, grade=Grade.FAIR), Measure.GRADE, "", None),
    ],
)
def test_a_difference_is_said_in_the_unit(
    now: Figure, then: Figure, measure: Measure, unit: str, words: str | None
) -> None:
    adds_up = measure is Measure.VALUE
    found = compared(now, part("A", then, kind=Kind.OWN), measure=measure, unit=unit, adds_up=adds_up)
    assert (str(found.difference) if found.difference else None) == words
    assert not found.is_of_several


def test_a_year_that_is_not_over_is_not_compared() -> None:
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    found = compared(share(9, 10, quarter), part("A", share(8, 10), kind=Kind.OWN))
    assert found.difference is None
    assert said(found) == ["This year's figure leaves out 91 days of the period."]


def test_figures_outside_the_days_of_an_agency_do_not_count() -> None:
    whole_year = share(90, 100, YEAR_2025)
    assert taken_together([whole_year], HALF_2025, measure=Measure.RATIO, unit="%", adds_up=True) is None


def test_the_newest_stands_where_figures_do_not_add_up() -> None:
    quarters = [Period(date(2025, 1, 1), date(2025, 3, 31)), Period(date(2025, 4, 1), date(2025, 6, 30))]
    found = taken_together(
        [number("80", quarters[0]), number("85", quarters[1])],
        HALF_2025,
        measure=Measure.VALUE,
        unit="điểm",
        adds_up=False,
    )
    assert found is not None
    assert (found.figure.value, found.missing_days) == (85, 0)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("98% hồ sơ giải quyết đúng hạn", "Từ 99 % trở lên hồ sơ giải quyết đúng hạn", True),
        ("Hồ sơ đúng hạn năm 2025 đạt ≥ 95%", "hồ sơ đúng hạn năm 2026 đạt tối thiểu 97,5%", True),
        ("Không quá 02 đơn khiếu nại", "Không quá 3 đơn khiếu nại", True),
        ("98% hồ sơ đất đai đúng hạn", "98% hồ sơ hộ tịch đúng hạn", False),
    ],
)
def test_wordings_are_the_same_whatever_the_year_and_the_height(one: str, other: str, is_same: bool) -> None:
    assert (wording_key(one) == wording_key(other)) is is_same


def test_what_adds_across_agencies() -> None:
    assert adds_across(Measure.RATIO, "%", adds_up=False, has_parts=True)
    assert not adds_across(Measure.RATIO, "%", adds_up=True, has_parts=False)
    assert adds_across(Measure.VALUE, "vụ", adds_up=True, has_parts=False)
    assert not adds_across(Measure.VALUE, "hộ", adds_up=False, has_parts=False)
    assert not adds_across(Measure.GRADE, "", adds_up=True, has_parts=False)
