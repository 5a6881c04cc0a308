"""Causes as people write them, as they are kept and drawn."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.causes import (
    LONGEST,
    MOST_CAUSES,
    Branch,
    Cause,
    CausesNotUnderstood,
    fishbone,
    from_json,
    lines,
    read_branch,
    to_json,
    written,
)

WHYS = """Hồ sơ chuyển muộn
> Không có người thay

>> Phân công không nêu người thay
> Sổ giao nhận ghi sau
Chưa được tập huấn"""

words = st.text(st.characters(categories=("Ll", "Nd")), min_size=1, max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)  # as every text is kept
)
causes = st.recursive(
    st.builds(Cause, words),
    lambda inner: st.builds(Cause, words, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=12,
)


def depth(cause: Cause) -> int:
    return 1 + max((depth(each) for each in cause.whys), default=0)


def test_whys_stand_below_their_cause() -> None:
    branch = read_branch("Con người", WHYS)
    assert [(each.number, each.depth, each.text) for each in lines(branch)] == [
        ("1", 0, "Hồ sơ chuyển muộn"),
        ("1.1", 1, "Không có người thay"),
        ("1.1.1", 2, "Phân công không nêu người thay"),
        ("1.2", 1, "Sổ giao nhận ghi sau"),
        ("2", 0, "Chưa được tập huấn"),
    ]
    assert branch.causes[0].ends == ("Phân công không nêu người thay", "Sổ giao nhận ghi sau")


@pytest.mark.parametrize("text", ["> không có nguyên nhân ở trên", "Một\n>> bỏ một bậc", "\n".join("x" * 61)])
def test_lines_that_make_no_tree_are_refused(text: str) -> None:
    with pytest.raises(CausesNotUnderstood):
        read_branch("Quy trình", text)


def test_blank_lines_and_signs_alone_say_nothing_and_long_ones_are_cut() -> None:
    assert read_branch("Quy trình", " \n>\n> > \n") == Branch("Quy trình")
    (cause,) = read_branch("Quy trình", "a" * (LONGEST + 9)).causes
    assert len(cause.text) == LONGEST
    assert len(read_branch("Quy trình", "\n".join("x" * MOST_CAUSES)).causes) == MOST_CAUSES


@given(st.lists(causes.filter(lambda cause: depth(cause) <= 7), max_size=4))
def test_what_is_written_is_read_back_and_kept(some: list[Cause]) -> None:
    branch = Branch("Thông tin", tuple(some))
    assert read_branch(branch.name, written(branch)) == branch
    assert from_json(to_json([branch])) == ((branch,) if some else ())


def test_bones_stand_above_and_below_the_spine_within_the_drawing() -> None:
    branches = [read_branch(name, WHYS) for name in ("Con người", "Quy trình", "Phương tiện")]
    drawing = fishbone([*branches, Branch("Pháp luật")])
    assert len(drawing.bones) == 3
    above, below, _ = drawing.bones
    assert above.y1 < drawing.spine_y < below.y1
    for bone in drawing.bones:
        assert 0 < bone.x1 < bone.x2 < drawing.spine_end
        for label in (bone.name, *bone.causes):
            assert 0 < label.y < drawing.height
    assert fishbone([]).bones == ()
