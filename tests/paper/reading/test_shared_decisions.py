"""Real decisions of five agencies, read from every format and scored against careful readings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from camket.core.plan import Plan
from camket.paper.reading import Reading, read_document
from camket.paper.writing.decision import write_plan

SHARED = Path(__file__).parents[4] / "shared"
GOLD, SEEDS, SCORER = SHARED / "gold", SHARED / "seeds", SHARED / "tools" / "score_plan.py"
NAMES = sorted(path.stem for path in GOLD.glob("*.json"))

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SCORER.exists(), reason="the shared decisions are not here"),
]


def score(folder: Path, names: list[str], ending: str, least: str) -> str:
    gold = folder / "gold"
    gold.mkdir()
    read = folder / "read"
    read.mkdir()
    for name in names:
        (gold / f"{name}.json").write_bytes((GOLD / f"{name}.json").read_bytes())
        source = SEEDS / f"{name}.{ending}"
        plan = read_document(source.read_bytes(), source.name).plan
        (read / f"{name}.json").write_text(json.dumps(plan.to_json()), "utf-8")
    done = subprocess.run(
        [sys.executable, str(SCORER), "--dir", str(gold), str(read), "--at-least", least],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_word_files_are_read_as_a_careful_person_reads_them(tmp_path: Path) -> None:
    assert score(tmp_path, NAMES, "docx", "0.98").count("mean") == 5


def test_pdf_files_are_read_as_a_careful_person_reads_them(tmp_path: Path) -> None:
    assert score(tmp_path, NAMES, "pdf", "0.96").count("mean") == 5


def test_texts_that_keep_their_tabs_are_read_as_well(tmp_path: Path) -> None:
    assert (
        score(tmp_path, [name for name in NAMES if not name.startswith("phu-thu")], "txt", "0.93").count(
            "mean"
        )
        == 4
    )


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("phong-binh-2023", "targets"),
        ("thuong-loc-2024", "measures"),
        ("kim-thanh-2026", "responsibilities"),
        ("tuy-phuoc-2024", "sections"),
    ],
)
def test_a_pdf_gives_the_plan_of_the_word_file_it_was_printed_from(name: str, layout: str) -> None:
    plan = Plan.from_json(json.loads((GOLD / f"{name}.json").read_text("utf-8")))
    word = read_document(write_plan(plan, layout, "docx"), "quyet-dinh.docx").plan
    assert read_document(write_plan(plan, layout, "pdf"), "quyet-dinh.pdf").plan == word


def test_broken_text_gives_its_head_and_warnings() -> None:
    source = SEEDS / "phu-thu-2022.txt"
    reading = read_document(source.read_bytes(), source.name)
    assert reading.plan.decision is not None
    assert (reading.plan.decision.kind, reading.plan.year) == ("KH", 2022)
    assert any("lost its columns" in str(warning.message) for warning in reading.warnings)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_place_that_holds_it(name: str) -> None:
    source = SEEDS / f"{name}.docx"
    reading = read_document(source.read_bytes(), source.name)
    blocks = {block.id: block for block in reading.blocks}

    def words(path: str) -> str:
        span = reading.spans[path]
        block = blocks[span.block]
        text = block.text if span.row is None else block.rows[span.row][span.column or 0].text
        return " ".join(text[span.start : span.end].split())

    for i, objective in enumerate(reading.plan.objectives):
        assert words(f"objectives[{i}].text") in objective.text
        for k, target in enumerate(objective.targets):
            assert target.text[:40] in words(f"objectives[{i}].targets[{k}]")
        for k, action in enumerate(objective.actions):
            assert words(f"objectives[{i}].actions[{k}].text") in action.text
            for n, body in enumerate(action.lead):
                assert words(f"objectives[{i}].actions[{k}].lead[{n}]") == body
    assert set(reading.confidence) >= {f"objectives[{i}].text" for i in range(len(reading.plan.objectives))}
    assert all(0 < value <= 1 for value in reading.confidence.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_reading_survives_json(name: str) -> None:
    source = SEEDS / f"{name}.pdf"
    reading = read_document(source.read_bytes(), source.name)
    again = Reading.from_json(json.loads(json.dumps(reading.to_json())))
    assert again.plan == reading.plan
    assert again.blocks == reading.blocks
    assert again.warnings == reading.warnings
    assert again.unread == reading.unread
    assert again.to_json() == reading.to_json()
    assert Plan.from_json(reading.plan.to_json()) == reading.plan


def test_doubtful_values_are_pointed_out() -> None:
    source = SEEDS / "phong-binh-2023.docx"
    paths = {
        warning.path: str(warning.message)
        for warning in read_document(source.read_bytes(), source.name).warnings
    }
    assert any("9.398" in message for message in paths.values())


def test_a_deadline_before_the_decision_is_pointed_out() -> None:
    source = SEEDS / "thuong-loc-2024.docx"
    messages = [str(warning.message) for warning in read_document(source.read_bytes(), source.name).warnings]
    assert any("05/01/2024" in message and "22/03/2024" in message for message in messages)
    assert any("stands twice" in message for message in messages)
