from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from camket.core import workflow
from camket.core.messages import Message
from camket.core.workflow import PLAN, NotPossible, Workflow

ROOT = Path(__file__).resolve().parents[2]
TABLES = {name: each for name, each in vars(workflow).items() if isinstance(each, Workflow)}


@pytest.mark.parametrize(
    ("_case", "state", "act", "after"),
    [
        ("a reading is accepted", "reading", "accept", "draft"),
        ("a reading is corrected", "reading", "edit", "reading"),
        ("a draft is changed", "draft", "edit", "draft"),
        ("a draft is submitted", "draft", "submit", "submitted"),
        ("a decision signed on paper", "draft", "record_signed", "promulgated"),
        ("the secretary or chairman gives it back", "submitted", "return", "draft"),
        ("the chairman approves", "submitted", "approve", "approved"),
        ("an approved plan is given back", "approved", "return", "draft"),
        ("number and date come after signature", "approved", "promulgate", "promulgated"),
        ("names are mapped in a plan in force", "promulgated", "map", "promulgated"),
        ("an amendment is begun", "promulgated", "amend", "promulgated"),
        ("an amendment takes its place", "promulgated", "replace", "replaced"),
        ("the year is over", "promulgated", "close", "closed"),
        ("a draft is set aside", "draft", "discard", "discarded"),
    ],
)
def test_act_leads_to_state(_case: str, state: str, act: str, after: str) -> None:
    assert PLAN.after(state, act) == after
    assert act in PLAN.acts(state)


@pytest.mark.parametrize("name", TABLES)
def test_every_forbidden_act_is_refused_with_a_sentence(name: str) -> None:
    table = TABLES[name]
    assert set(table.explanations) == set(table.states)
    acts = {act for state in table.states for act in table.acts(state)}
    for state in table.states:
        for act in acts - table.acts(state):
            with pytest.raises(NotPossible) as refused:
                table.after(state, act)
            assert refused.value.message == table.explanations[state]
            assert (refused.value.state, refused.value.act) == (state, act)


def test_final_states_have_no_act() -> None:
    assert [state for state in PLAN.states if not PLAN.acts(state)] == ["closed", "replaced", "discarded"]


def test_act_that_leads_nowhere_is_a_fault_of_the_table() -> None:
    with pytest.raises(ValueError, match="no state"):
        Workflow({"open": {"shut": "closed"}})


def test_state_without_explanation_is_refused_in_general_words() -> None:
    with pytest.raises(NotPossible) as refused:
        Workflow({"open": {}}).after("open", "shut")
    assert refused.value.message == Message("This is not possible in the present state.")


def test_the_reference_draws_every_table() -> None:
    spec = importlib.util.spec_from_file_location("workflows_tool", ROOT / "tools/workflows.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = tool.PAGE.read_text("utf-8")
    assert text.partition(tool.BEGIN)[2].partition(tool.END)[0].strip() == tool.printed(), (
        "run: .venv/bin/python tools/workflows.py"
    )
    drawn = [table for _, _, table in tool.TABLES]
    assert all(table in drawn for table in TABLES.values())
