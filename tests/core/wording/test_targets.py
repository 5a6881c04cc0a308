from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.plan import Grade, Plan, Target, TargetKind
from camket.core.wording.targets import parse_targets, write_target
from core.wording.notation import table_rows, target_notation

PAGE = "targets-wording.md"
GOLD = sorted((Path(__file__).resolve().parents[4] / "shared" / "gold").glob("*.json"))


@pytest.mark.parametrize(("wording", "notation"), table_rows(PAGE, "Wording"))
def test_the_page_tells_how_a_wording_is_read(wording: str, notation: str) -> None:
    read = "; ".join(target_notation(found.target) for found in parse_targets(wording, year=2025))
    assert (read or "none") == notation


@pytest.mark.parametrize(("wording", "notation"), table_rows(PAGE, "Measure"))
def test_the_page_tells_how_a_measure_is_read(wording: str, notation: str) -> None:
    read = "; ".join(
        target_notation(found.target) for found in parse_targets(wording, measure=True, year=2025)
    )
    assert read == notation


def test_the_page_has_its_tables() -> None:
    assert len(table_rows(PAGE, "Wording")) > 60
    assert len(table_rows(PAGE, "Measure")) > 10


@pytest.mark.parametrize(
    ("wording", "texts"),
    [
        (
            "Phấn đấu 12/12 chỉ tiêu đạt kế hoạch, cụ thể: - Thu ngân sách 8 tỷ đồng. - Thủy lợi: Nạo vét 3 km kênh.",
            [
                "Phấn đấu 12/12 chỉ tiêu đạt kế hoạch",
                "Thu ngân sách 8 tỷ đồng",
                "Thủy lợi: Nạo vét 3 km kênh",
            ],
        ),
        (
            "98% hồ sơ đúng hẹn, trong đó trước hẹn trên 60%; Hài lòng đạt 95%.",
            ["98% hồ sơ đúng hẹn", "trong đó trước hẹn trên 60%", "Hài lòng đạt 95%"],
        ),
        (
            "mẫu giáo trên 96% (trẻ 05 tuổi ra lớp đạt 100%)",
            ["mẫu giáo trên 96%", "trẻ 05 tuổi ra lớp đạt 100%"],
        ),
        (
            "100% hộ được cấp nước và 80% hộ phân loại rác",
            ["100% hộ được cấp nước", "80% hộ phân loại rác"],
        ),
        (
            "100% hồ sơ (trừ hồ sơ mật) được số hóa",
            ["100% hồ sơ (trừ hồ sơ mật) được số hóa"],
        ),
        (
            "Về thủ tục hành chính: a) 100% thủ tục công khai. b) Tỷ lệ đúng hẹn đạt 98%.",
            ["100% thủ tục công khai", "Tỷ lệ đúng hẹn đạt 98%"],
        ),
        (
            "quán triệt 100% công chức theo phương châm “Kỷ cương - Tận tâm; 3 không - Hiệu quả”.",
            ["quán triệt 100% công chức theo phương châm “Kỷ cương - Tận tâm; 3 không - Hiệu quả”"],
        ),
    ],
)
def test_a_target_carries_its_clause(wording: str, texts: list[str]) -> None:
    found = parse_targets(wording)
    assert [each.target.text for each in found] == texts
    assert [wording[each.start : each.end] for each in found] == texts


def test_offsets_are_of_the_text_given() -> None:
    wording = "  Tỷ\u00a0lệ  đúng\nhẹn   đạt 98%.  "
    (found,) = parse_targets(wording)
    assert found.target.text == "Tỷ lệ đúng hẹn đạt 98%"
    assert wording[found.start : found.end] == "Tỷ\u00a0lệ  đúng\nhẹn   đạt 98%"


def test_a_measure_is_the_whole_cell() -> None:
    (found,) = parse_targets("Đạt tối thiểu 45% tổng số hồ sơ.", measure=True, striving=True)
    assert found.target.text == "Đạt tối thiểu 45% tổng số hồ sơ"
    assert found.target.striving


@pytest.mark.parametrize("cell", ["", "-", "–", "Như trên", "   "])
def test_a_measure_that_says_nothing_is_no_target(cell: str) -> None:
    assert parse_targets(cell, measure=True) == ()


def test_last_years_results_are_no_targets() -> None:
    assert parse_targets("98%", measure=True, previous=True) == ()


def test_the_year_before_is_known_only_with_the_plans_year() -> None:
    wording = "tăng 2% so với năm trước"
    assert parse_targets(wording)[0].target.baseline_year is None
    assert parse_targets(wording, year=2025)[0].target.baseline_year == 2024


@pytest.mark.parametrize(
    ("wording", "template"),
    [
        ("đạt 99.5%", "decimal mark"),
        ("thu 9.875 tỷ đồng", "decimal comma"),
        ("đạt 95 - 90%", "larger to the smaller"),
    ],
)
def test_a_doubtful_value_carries_a_warning_and_less_confidence(wording: str, template: str) -> None:
    (found,) = parse_targets(wording)
    assert template in str(found.warnings[0])
    assert found.confidence < Decimal("0.95") or "larger" in template


UNITS = [
    "%",
    "km",
    "tấn/năm",
    "tỷ đồng",
    "triệu đồng/người/năm",
    "hồ sơ",
    "lần/năm",
    "hội nghị",
    "Nhà văn hóa thôn",
    "điểm",
    "ngày làm việc",
    "phút",
]
AMOUNTS = st.decimals(min_value="0.01", max_value="99999", places=2, allow_nan=False).map(
    lambda d: d.normalize()
)
WHOLE = st.integers(min_value=1, max_value=500).map(Decimal)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    kind = draw(st.sampled_from(TargetKind))
    striving = draw(st.booleans())
    unit: str | None = draw(st.sampled_from(UNITS))
    value: Decimal | Grade | None = draw(AMOUNTS)
    upper: Decimal | None = None
    baseline: int | None = None
    match kind:
        case TargetKind.ACHIEVED:
            value, unit = None, None
        case TargetKind.GRADE_AT_LEAST:
            value, unit = draw(st.sampled_from(Grade)), "grade"
        case TargetKind.RANK_WITHIN:
            value, unit = draw(WHOLE), "rank"
        case TargetKind.COUNT_OF:
            upper = draw(WHOLE)
            value = min(draw(WHOLE), upper)
            unit = draw(st.sampled_from(["chỉ tiêu", "tiêu chí", "hồ sơ", "thôn"]))
        case TargetKind.BETWEEN | TargetKind.INCREASE_BY | TargetKind.DECREASE_BY:
            if kind is TargetKind.BETWEEN or draw(st.booleans()):
                value, upper = sorted((draw(AMOUNTS), draw(AMOUNTS)))
            if kind is not TargetKind.BETWEEN:
                baseline = draw(st.none() | st.integers(min_value=2015, max_value=2040))
        case TargetKind.AT_MOST if draw(st.booleans()):
            value, unit = Decimal(0), draw(st.none() | st.just("hồ sơ"))
        case _:
            pass
    return Target("", kind, value, upper, unit, baseline, striving)


@given(targets())
def test_a_target_written_is_read_back(target: Target) -> None:
    wording = write_target(target)
    (found,) = parse_targets(wording, measure=True)
    read = found.target
    assert (read.kind, read.value, read.upper, read.unit, read.baseline_year, read.striving) == (
        target.kind,
        target.value,
        target.upper,
        target.unit,
        target.baseline_year,
        target.striving,
    )


@given(st.text(alphabet="0123456789%.,;:/-–()“” \nàáăđêtừtrênlênkhôngquánăm", max_size=120))
def test_any_text_is_read_without_fault(text: str) -> None:
    for measure in (False, True):
        for found in parse_targets(text, measure=measure):
            assert 0 <= found.start <= found.end <= len(text)


@pytest.mark.shared
@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_the_targets_of_a_real_decision_are_read(path: Path) -> None:
    plan = Plan.from_json(json.loads(path.read_text("utf-8")))
    for objective in plan.objectives:
        inside = [target for target in objective.targets if target.text in objective.text]
        if inside:
            assert [found.target for found in parse_targets(objective.text)] == inside
        for target in objective.targets:
            if target not in inside:
                (found,) = parse_targets(target.text, measure=True, striving=target.striving)
                assert found.target == target
