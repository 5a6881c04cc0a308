"""Promulgation gives each target the indicator that its own words ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from camket.core.plan import Plan as PlanFormat
from camket.indicators.models import Indicator
from camket.objectives import operations
from camket.objectives.models import Target
from people import TODAY, People
from work import PDF

SAMPLE = Path(__file__).parents[2] / "samples" / "ke-hoach-2026.json"


@pytest.fixture
def sample_in_force(people: People) -> int:
    written = PlanFormat.from_json(json.loads(SAMPLE.read_text("utf-8")))
    plan_id = operations.import_format(actor=people.an, plan=written, today=TODAY)
    operations.update_head(
        actor=people.an, plan_id=plan_id, today=TODAY, resources="Kinh phí", evaluation="Họp giao ban"
    )
    operations.record_signed_plan(
        actor=people.an,
        plan_id=plan_id,
        number="05/QĐ-UBND",
        decided_on=TODAY,
        signed_by="Lê Minh Châu",
        signed_file=operations.Upload(PDF, "quyet-dinh.pdf"),
        today=TODAY,
    )
    return plan_id


def indicator_of(plan_id: int, words: str) -> Indicator:
    target = Target.objects.select_related("indicator").get(objective__plan_id=plan_id, text__contains=words)
    assert target.indicator is not None
    return target.indicator


@pytest.mark.parametrize(
    ("words", "measure", "adds_up"),
    [
        ("thu ngân sách", "value", True),
        ("giảm tỷ lệ hộ nghèo", "value", False),
        ("97% hồ sơ", "ratio", True),
        ("hồ sơ trễ hạn", "ratio", True),
        ("hài lòng", "ratio", True),
        ("lĩnh vực đất đai", "ratio", True),
        ("100% cán bộ", "ratio", False),
        ("02 lớp tập huấn", "value", True),
        ("khiếu nại vượt cấp", "value", True),
        ("15/15 chỉ tiêu", "ratio", False),
    ],
)
def test_figures_add_up_by_the_targets_own_words(
    people: People, sample_in_force: int, words: str, measure: str, adds_up: bool
) -> None:
    indicator = indicator_of(sample_in_force, words)
    assert (indicator.measure, indicator.adds_up) == (measure, adds_up)


def test_an_indicator_is_named_by_the_clause_it_measures(people: People, sample_in_force: int) -> None:
    assert indicator_of(sample_in_force, "thu ngân sách").name == (
        "thu ngân sách trên địa bàn đạt 12,6 tỷ đồng"
    )
    land = indicator_of(sample_in_force, "lĩnh vực đất đai")
    assert land.name.startswith("Tỷ lệ người dân, tổ chức hài lòng")
    assert land.name.endswith("trong đó lĩnh vực đất đai tối thiểu 86%")
