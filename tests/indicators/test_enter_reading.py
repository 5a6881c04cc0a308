from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from camket.core.plan import Grade, Period
from camket.documents.operations import EvidenceRefused, NewEvidence
from camket.indicators import operations
from camket.indicators.models import Indicator, Reading
from camket.indicators.operations import NewReading, enter_reading
from camket.journal.models import Entry
from indicators.measured import HALF, SPRING, make_indicator, make_reading, on_time
from people import TODAY, People
from work import NOW


def enter(people: People, indicator: Indicator, reading: NewReading) -> Reading:
    return enter_reading(actor=people.binh, indicator_id=indicator.pk, reading=reading, now=NOW)


def figure(**fields: Any) -> NewReading:
    return NewReading(HALF, "Sổ theo dõi", **fields)


def test_share_waits_for_confirmation_and_is_journaled(people: People) -> None:
    reading = enter(people, make_indicator(people), on_time(98, 100))
    reading.refresh_from_db()
    assert (reading.numerator, reading.denominator, reading.state) == (Decimal(98), Decimal(100), "entered")
    assert (reading.entered_by_id, reading.nothing_arose) == (people.binh.person_id, False)
    assert reading.entered_at == NOW
    entry = Entry.objects.get(verb="reading.entered")
    assert (entry.by_id, entry.on, entry.after["source"]) == (
        people.binh.person_id,
        TODAY,
        "Phần mềm một cửa",
    )


@pytest.mark.parametrize(
    ("measure", "unit", "fields", "stored"),
    [
        ("value", "km", {"value": Decimal("1.25")}, {"value": Decimal("1.25")}),
        ("grade", "", {"grade": Grade.GOOD}, {"grade": "good"}),
        ("rank", "", {"rank": 3, "rank_of": 11}, {"rank": 3, "rank_of": 11}),
        ("rank", "", {"rank": 3}, {"rank": 3, "rank_of": None}),
        ("state", "", {"is_reached": False}, {"is_reached": False}),
        (
            "ratio",
            "triệu đồng/người",
            {"numerator": Decimal(90), "denominator": Decimal(2)},
            {"numerator": Decimal(90)},
        ),
    ],
)
def test_each_kind_of_figure(
    people: People, measure: str, unit: str, fields: dict[str, Any], stored: dict[str, Any]
) -> None:
    reading = enter(people, make_indicator(people, measure, unit), figure(**fields))
    reading.refresh_from_db()
    assert {name: getattr(reading, name) for name in stored} == stored


def test_whole_of_zero_means_that_nothing_arose(people: People) -> None:
    assert enter(people, make_indicator(people), on_time(0, 0)).nothing_arose is True


def test_nothing_arose_needs_a_word_why(people: People) -> None:
    indicator = make_indicator(people)
    with pytest.raises(operations.ReasonMissing):
        enter(people, indicator, figure(nothing_arose=True))
    reading = enter(
        people, indicator, figure(nothing_arose=True, note="Không có hồ sơ", numerator=Decimal(5))
    )
    assert (reading.nothing_arose, reading.numerator, reading.note) == (True, None, "Không có hồ sơ")


def test_evidence_is_kept_with_the_figure(people: People) -> None:
    proof = NewEvidence("document", document_number="15/BC-UBND", document_date=date(2026, 6, 30))
    reading = enter(people, make_indicator(people), on_time(evidence=[proof]))
    assert reading.evidence.get().document_number == "15/BC-UBND"


def test_refused_evidence_leaves_no_reading(people: People) -> None:
    with pytest.raises(EvidenceRefused):
        enter(people, make_indicator(people), on_time(evidence=[NewEvidence("link", url="javascript:1")]))
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("measure", "unit", "fields", "refusal"),
    [
        ("ratio", "%", {"numerator": Decimal(5)}, operations.FigureMissing),
        (
            "ratio",
            "%",
            {"numerator": Decimal(101), "denominator": Decimal(100)},
            operations.FigureNotPossible,
        ),
        (
            "ratio",
            "chỉ tiêu",
            {"numerator": Decimal(14), "denominator": Decimal(13)},
            operations.FigureNotPossible,
        ),
        ("ratio", "%", {"numerator": Decimal(1), "denominator": Decimal(0)}, operations.FigureNotPossible),
        (
            "ratio",
            "tấn/ha",
            {"numerator": Decimal(1), "denominator": Decimal(0)},
            operations.FigureNotPossible,
        ),
        ("ratio", "%", {"numerator": Decimal(-1), "denominator": Decimal(5)}, operations.FigureNotPossible),
        (
            "ratio",
            "%",
            {"numerator": Decimal("0.00001"), "denominator": Decimal(5)},
            operations.FigureNotPossible,
        ),
        ("value", "km", {}, operations.FigureMissing),
        ("value", "km", {"value": Decimal(-1)}, operations.FigureNotPossible),
        ("value", "km", {"value": Decimal(10) ** 15}, operations.FigureNotPossible),
        ("value", "km", {"value": Decimal("NaN")}, operations.FigureNotPossible),
        ("value", "km", {"value": Decimal("0.0000001")}, operations.FigureNotPossible),
        ("grade", "", {}, operations.FigureMissing),
        ("rank", "", {}, operations.FigureMissing),
        ("rank", "", {"rank": 0}, operations.FigureNotPossible),
        ("rank", "", {"rank": 4, "rank_of": 3}, operations.FigureNotPossible),
        ("rank", "", {"rank": 1_000_000}, operations.FigureNotPossible),
        ("state", "", {}, operations.FigureMissing),
    ],
)
def test_figure_that_cannot_be_is_refused(
    people: People, measure: str, unit: str, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    indicator = make_indicator(people, measure, unit)
    with pytest.raises(refusal):
        enter(people, indicator, figure(**fields))
    assert not Reading.objects.exists()
    assert not Entry.objects.filter(verb="reading.entered").exists()


def test_level_may_be_negative(people: People) -> None:
    indicator = make_indicator(people, "value", "%", adds_up=False)
    assert enter(people, indicator, figure(value=Decimal("-1.5"))).value == Decimal("-1.5")


@pytest.mark.parametrize(
    "period",
    [Period(date(2026, 6, 30), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 7, 2))],
    ids=["backwards", "to come"],
)
def test_period_must_be_over(people: People, period: Period) -> None:
    indicator = make_indicator(people)
    with pytest.raises(operations.PeriodNotPossible):
        enter(people, indicator, on_time(period=period))
    assert not Reading.objects.exists()


def test_period_may_end_today(people: People) -> None:
    enter(people, make_indicator(people), on_time(period=Period(date(2026, 1, 1), TODAY)))
    assert Reading.objects.count() == 1


def test_source_must_be_named(people: People) -> None:
    indicator = make_indicator(people)
    with pytest.raises(operations.SourceMissing):
        enter(people, indicator, replace(on_time(), source="  "))
    assert not Reading.objects.exists()


def test_second_figure_of_a_period_is_refused_until_the_first_is_withdrawn(people: People) -> None:
    indicator = make_indicator(people)
    first = make_reading(people, indicator, confirmed=True)
    with pytest.raises(operations.ReadingExists):
        enter(people, indicator, on_time(97))
    enter(people, indicator, on_time(97, period=SPRING))
    operations.withdraw_reading(actor=people.an, reading_id=first.pk, reason="Nhập nhầm", now=NOW)
    assert enter(people, indicator, on_time(97)).numerator == Decimal(97)


def test_stranger_finds_no_indicator(people: People) -> None:
    indicator = make_indicator(people)
    with pytest.raises(Indicator.DoesNotExist):
        enter_reading(actor=people.chi, indicator_id=indicator.pk, reading=on_time(), now=NOW)
    assert not Reading.objects.exists()
