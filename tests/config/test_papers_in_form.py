"""All papers that the sample's pages offer have the form of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from camket.paper.writing.forms import FORMS
from paper.told import told
from processes import lived_in

GOLDEN = Path(__file__).parents[1] / "golden" / "papers"
CODES = re.compile(r"[A-Z0-9•]{5}-[A-Z0-9]{5}")
"""Codes by which citizens follow their feedback: each sample has its own."""
KEPT_AS_ISSUED = ("audit_programme", "audit_team", "audit_report")
"""Forms of which the sample has a paper that was issued: it is handed out as it was kept."""
READ_ELSEWHERE = {
    "announcement_record": "improvement/test_announcements.py",
    "document_decision": "web/staff/documents/test_document_journey.py",
    "edition": "web/staff/documents/test_document_journey.py",
    "feedback_transfer": "voices/test_feedback.py",
    "hand_over": "reporting/test_hand_over.py",
    "plan_paper": "paper/writing/test_decision.py",
}
"""Forms that the sample has no case for, with the test that reads their words."""
LEAST = 50
WRITTEN_ANEW = 42
"""Of them, those that are written when they are asked for; what was issued is handed out as it was kept."""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the Word documents that the sample's pages offer deviate in, and differ in from what went in, by address."""
    folder = tmp_path_factory.mktemp("papers")
    lived_in(folder / "data")
    environment = {
        **os.environ,
        "CAMKET_DATA": str(folder / "data"),
        "CAMKET_LOG_LEVEL": "ERROR",
        "CAMKET_DEBUG": "1",
        "CAMKET_TODAY": "2026-07-06",
    }
    environment.pop("DATABASE_URL", None)
    program = Path(__file__).with_name("papers_in_form.py")
    run = subprocess.run(
        [sys.executable, program, "lan", "cam-ket-2026"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_every_paper_of_the_sample_is_in_form(papers: dict[str, Any]) -> None:
    found = {address: each["deviations"] for address, each in papers.items()}
    assert len(found) >= LEAST
    assert any(address.startswith("/ho-so/thu/") for address in found), "the slip on half a sheet"
    assert {address: each for address, each in found.items() if each} == {}


def test_every_paper_is_read_back_to_the_values_that_went_in(papers: dict[str, Any]) -> None:
    assert {address: each["differs"] for address, each in papers.items() if each["differs"]} == {}
    assert all(each["documents"] for each in papers.values())
    assert sum(not each["is_kept"] for each in papers.values()) >= WRITTEN_ANEW


def test_every_paper_says_what_it_said(papers: dict[str, Any]) -> None:
    """Compared with what stands in tests/golden: a change shows what it does to every form (docs/development/tests.md)."""
    said = {golden_name(address): CODES.sub("…", told(each["values"])) for address, each in papers.items()}
    assert len(said) == len(papers)
    if os.environ.get("CAMKET_RENEW_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        GOLDEN.mkdir(parents=True)
        for name, text in said.items():
            (GOLDEN / name).write_text(text, "utf-8")
    kept = {each.name: each.read_text("utf-8") for each in GOLDEN.glob("*.txt")}
    assert sorted(kept) == sorted(said)
    for name, text in said.items():
        assert text.splitlines() == kept[name].splitlines(), name


def test_every_form_has_its_paper(papers: dict[str, Any]) -> None:
    """A form that is added wants one in the sample, or a test that reads its words and is named here."""
    shown = {form for each in papers.values() for form in each["forms"]} | set(KEPT_AS_ISSUED)
    assert set(FORMS) - shown == set(READ_ELSEWHERE)
    assert all((Path(__file__).parents[1] / each).is_file() for each in READ_ELSEWHERE.values())


def golden_name(address: str) -> str:
    """Return the file of a paper: its address without signs that a file cannot have."""
    return re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-") + ".txt"
