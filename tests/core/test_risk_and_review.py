"""The scale of risks, and what lacks before a review is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.review import INPUTS, Considered, Days, days_counted, lacks_for_closing
from camket.core.risk import PROPOSED, Scale, ScaleNotPossible, checked, from_json, to_json

NAMES = ["a", "b", "c", "d", "e", "f", "g"]


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    rows, columns = draw(st.integers(3, 7)), draw(st.integers(3, 7))
    top = rows * columns
    starts = sorted(draw(st.sets(st.integers(2, top), min_size=1, max_size=3)))
    levels = [(start, f"mức {start}", draw(st.booleans())) for start in [1, *starts]]
    return checked(NAMES[:rows], NAMES[:columns], levels)


@given(scales())
def test_every_cell_has_a_level_that_never_falls_with_more_of_either(scale: Scale) -> None:
    assert from_json(**to_json(scale)) == scale
    keys = [each.key for each in scale.levels]
    assert len(set(keys)) == len(keys)
    for row in scale.cells():
        levels = [each[2].least for each in row]
        assert levels == sorted(levels)
    assert len(scale.cells()) == len(scale.likelihood)
    assert not scale.holds(0, 1)
    assert not scale.holds(1, len(scale.consequence) + 1)


@pytest.mark.parametrize(
    ("likelihood", "consequence", "levels"),
    [
        (NAMES[:2], NAMES[:5], [(1, "x", False), (5, "y", True)]),
        (NAMES[:3] * 2, NAMES[:5], [(1, "x", False), (5, "y", True)]),
        (["a", "b", " "], NAMES[:5], [(1, "x", False), (5, "y", True)]),
        (NAMES[:3], NAMES[:3], [(2, "x", False), (5, "y", True)]),
        (NAMES[:3], NAMES[:3], [(1, "x", False), (10, "y", True)]),
        (NAMES[:3], NAMES[:3], [(1, "x", False), (4, "y", True), (4, "z", True)]),
        (NAMES[:3], NAMES[:3], [(1, "x", False)]),
        (NAMES[:3], NAMES[:3], [(1, "x", False), (4, "", True)]),
    ],
)
def test_what_makes_no_scale_is_refused(
    likelihood: list[str], consequence: list[str], levels: list[tuple[int, str, bool]]
) -> None:
    with pytest.raises(ScaleNotPossible):
        checked(likelihood, consequence, levels)


def test_the_proposed_scale_asks_for_action_on_what_is_likely_and_grave() -> None:
    assert not PROPOSED.level(1, 5).needs_action
    assert PROPOSED.level(4, 4).needs_action
    assert [each[2].key for each in PROPOSED.cells()[0]] == ["medium", "high", "high", "extreme", "extreme"]


HALF = Days(date(2026, 1, 1), date(2026, 6, 30))
COUNTED: dict[str, Any] = {"counted": HALF, "wanted": HALF}


def test_minutes_hold_the_figures_of_the_period_and_none_after_the_meeting() -> None:
    assert days_counted(HALF, date(2026, 7, 15)) == HALF
    early = days_counted(HALF, date(2026, 6, 20))
    assert early == Days(HALF.start, date(2026, 6, 20))
    said = {each.key: Considered(comment="Đã xem") for each in INPUTS}
    for counted in (None, early):
        lacks = lacks_for_closing(said, attended=1, has_conclusion=True, counted=counted, wanted=HALF)
        assert [each.params for each in lacks] == [{"start": "01/01/2026", "end": "30/06/2026"}]


def test_a_review_lacks_each_input_without_a_word() -> None:
    said = {each.key: Considered(comment="Đã xem") for each in INPUTS}
    assert lacks_for_closing(said, attended=3, has_conclusion=True, **COUNTED) == ()
    said["c7"] = Considered(comment=" ", nothing="")
    del said["f"]
    lacks = lacks_for_closing(said, attended=0, has_conclusion=False, **COUNTED)
    assert [each.params.get("key") for each in lacks] == ["c7", "f", None, None]
    said |= {"c7": Considered(nothing="Không thuê ngoài"), "f": Considered(nothing="Không có")}
    assert lacks_for_closing(said, attended=1, has_conclusion=True, **COUNTED) == ()
