"""A plan's submission: what it counts is what the plan holds, whatever plan; its file keeps to the decree."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document as read_docx

from camket.core.plan import Plan
from camket.paper.conformity import check_document
from camket.paper.writing.docx import write_docx
from camket.paper.writing.pdf import write_pdf
from camket.paper.writing.submission import plan_submission

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "ke-hoach-2026.json"
ON = date(2026, 1, 5)


def sample() -> Plan:
    return Plan.from_json(json.loads(SAMPLE.read_text("utf-8")))


def words(plan: Plan) -> str:
    """Return the words of a plan's submission, as they stand in its Word file."""
    document = plan_submission(plan, agency="Ủy ban nhân dân xã Bình Yên", place="Bình Yên", on=ON)
    file = read_docx(io.BytesIO(write_docx(document)))
    return " ".join("".join(part.itertext()) for part in file.element.body)


def test_it_says_who_asks_whom_for_what_and_what_the_draft_holds() -> None:
    plan = sample()
    said = words(plan)
    targets = sum(len(each.targets) for each in plan.objectives)
    actions = sum(len(each.actions) for each in plan.objectives)
    for part in (
        "BAN CHỈ ĐẠO ISO",
        "/TTr-BCĐ",
        "Kính gửi: Chủ tịch Ủy ban nhân dân xã Bình Yên",
        f"{len(plan.objectives):02d} mục tiêu chất lượng với {targets:02d} chỉ tiêu và {actions:02d} biện pháp",
        "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
        "ký ban hành Quyết định theo dự thảo gửi kèm./.",
        *(each.text for each in plan.objectives),
    ):
        assert part in said, part


def test_a_plan_without_policy_objectives_or_year_is_submitted_too() -> None:
    bare = replace(sample(), policy=None, objectives=(), reporting=(), year=None, decision=None)
    said = words(bare)
    assert "Chính sách chất lượng" not in said
    assert "Dự thảo chưa có mục tiêu chất lượng." in said
    assert "năm 2026" in said


def test_its_file_keeps_to_the_decree_and_is_the_same_each_time() -> None:
    document = plan_submission(sample(), agency="Ủy ban nhân dân xã Bình Yên", place="Bình Yên", on=ON)
    assert check_document(write_docx(document)).deviations == ()
    assert write_docx(document) == write_docx(document)
    assert write_pdf(document).startswith(b"%PDF")


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["kim-thanh-2026", "phong-binh-2023", "thuong-loc-2024", "tuy-phuoc-2024", "phu-thu-2022"]
)
def test_every_real_plan_can_be_submitted(shared: Path, name: str) -> None:
    plan = Plan.from_json(json.loads((shared / "gold" / f"{name}.json").read_text("utf-8")))
    document = plan_submission(plan, agency="Ủy ban nhân dân xã Bình Yên", place="Bình Yên", on=ON)
    assert check_document(write_docx(document)).deviations == ()
    said = words(plan)
    assert all(" ".join(each.text.split()) in " ".join(said.split()) for each in plan.objectives)
