"""Killed (SIGKILL) at any moment of an act: nothing half-done is left, and the act is simply done again."""

from __future__ import annotations

import random

import pytest

from faults.conftest import Engine

SEED = 20260701
TRIALS = 5
ACTS = [
    "bringing in a decision",
    "promulgation",
    "issuing a report",
    "issuing a summary",
    "issuing a unit's report",
    "submitting evidence",
    "importing dossiers",
    "undoing an import",
    "bringing a spreadsheet into a register",
    "putting many tasks off",
    "issuing a controlled document",
    "withdrawing the report of an audit",
    "merging units",
    "putting a pack together",
    "backup",
]


def moments_of(act: str, count: int) -> list[int]:
    """The first moment, the last two (around the commit), and some between."""
    between = random.Random(f"{SEED} {act}").sample(range(2, count - 1), TRIALS - 3)
    return sorted({1, *between, count - 1, count})


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_was_killed_is_done_again_with_one_result(engine: Engine, act: str) -> None:
    whole = engine.whole(act)
    for moment in moments_of(act, whole["moments"]):
        place = engine.copy(engine.before(act))
        killed = engine.worker.order(do="act", act=act, moment=moment, **place.order)
        assert killed == {"status": -9}, (moment, killed)
        after = engine.worker.order(do="again", act=act, **place.order)
        assert after["status"] == 0, (moment, after)
        assert after["found"] == [], moment
        assert after["violations"] == [], moment
        assert after["figures"] == whole["figures"], moment
        engine.drop(place)
