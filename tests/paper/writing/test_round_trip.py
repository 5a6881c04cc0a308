"""What is written is read back the same: the five real decisions, and plans made by chance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camket.core.plan import Plan
from camket.paper.reading import read_document
from camket.paper.writing.decision import Layout, losses, write_plan
from paper.writing.plans import plans_for

CASES = [
    ("kim-thanh-2026", Layout.SECTIONS),
    ("phong-binh-2023", Layout.RESPONSIBILITIES),
    ("thuong-loc-2024", Layout.RESPONSIBILITIES),
    ("tuy-phuoc-2024", Layout.TARGETS),
    ("phu-thu-2022", Layout.MEASURES),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "layout"), CASES)
def test_real_plan_is_read_back_from_its_own_layout(shared: Path, name: str, layout: Layout) -> None:
    plan = Plan.from_json(json.loads((shared / "gold" / f"{name}.json").read_text("utf-8")))
    assert losses(plan, layout) == ()
    assert read_document(write_plan(plan, layout, "docx"), "decision.docx").plan == plan


@pytest.mark.parametrize("layout", Layout)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(data=st.data())
def test_plan_is_read_back_from_the_document_written(layout: Layout, data: st.DataObject) -> None:
    plan = data.draw(plans_for(layout))
    assert losses(plan, layout) == ()
    assert read_document(write_plan(plan, layout, "docx"), "decision.docx").plan == plan
