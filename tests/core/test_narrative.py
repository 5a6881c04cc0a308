"""Sentences of a report: proposed by rules, rewritten by people, figures filled in by name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core import narrative
from camket.core.narrative import Earlier, FigureChange, Said, SentenceNotWellFormed
from camket.core.targets import VerdictState

ON_TIME = Said(
    text="tỷ lệ hồ sơ thủ tục hành chính giải quyết trước và đúng hạn;",
    state=VerdictState.MET,
    shown="98,4 %",
    goal="≥ 95 %",
    value=Decimal("98.4"),
    unit="%",
    numerator="1.181",
    denominator="1.200",
    before=Earlier("quý I năm 2026", "97,2 %", Decimal("97.2"), "486/500"),
    year_before=Earlier("cùng kỳ năm 2025", "98,7 %", Decimal("98.7"), "987/1.000"),
)


def said(sentence: Said) -> str:
    """The sentence proposed, with its figures."""
    return narrative.filled(narrative.proposed(sentence), narrative.figures_of(sentence))


def test_a_share_is_told_with_both_counts_goal_verdict_and_both_comparisons() -> None:
    assert said(ON_TIME) == (
        "Tỷ lệ hồ sơ thủ tục hành chính giải quyết trước và đúng hạn: 98,4 % (1.181/1.200), mức đề ra từ 95 % trở lên; "
        "đạt mức đề ra; tăng 1,2 điểm phần trăm so với quý I năm 2026 (97,2 %; 486/500); "
        "giảm 0,3 điểm phần trăm so với cùng kỳ năm 2025 (98,7 %; 987/1.000)."
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (Said("Số cuộc họp", VerdictState.NO_DATA), "Số cuộc họp: chưa có số liệu."),
        (Said("Hồ sơ trễ hạn", VerdictState.NOTHING_AROSE, goal="≤ 2 %"), "Hồ sơ trễ hạn: trong kỳ không phát sinh."),
        (
            Said("Chỉ số CCHC", VerdictState.MISSED, "khá", "tốt trở lên", year_before=Earlier("năm 2025", "tốt")),
            "Chỉ số CCHC: khá, mức đề ra tốt trở lên; không đạt mức đề ra; năm 2025: tốt.",
        ),
        (
            Said("Xếp loại", VerdictState.MET, "tốt", "tốt trở lên", year_before=Earlier("năm 2025", "tốt")),
            "Xếp loại: tốt, mức đề ra tốt trở lên; đạt mức đề ra; bằng năm 2025.",
        ),
        (Said("Ban hành quy chế", VerdictState.ON_TRACK, goal="✓"), "Ban hành quy chế: đúng tiến độ."),
        (
            Said("Thu ngân sách", VerdictState.AT_RISK, "12 tỷ đồng", "≥ 30 tỷ đồng", Decimal(12), "tỷ đồng",
                 before=Earlier("quý I năm 2026", "5,5 tỷ đồng", Decimal("5.5"))),
            "Thu ngân sách: 12 tỷ đồng, mức đề ra từ 30 tỷ đồng trở lên; có nguy cơ không đạt mức đề ra; "
            "tăng 6,5 tỷ đồng so với quý I năm 2026 (5,5 tỷ đồng).",
        ),
        (
            Said("Hộ nghèo", VerdictState.MET, "2,1 %", "≤ 3 %", Decimal("2.1"), "%",
                 year_before=Earlier("cùng kỳ năm 2025", "2,1 %", Decimal("2.10"))),
            "Hộ nghèo: 2,1 %, mức đề ra không quá 3 %; đạt mức đề ra; bằng cùng kỳ năm 2025 (2,1 %).",
        ),
        (
            Said("Hoàn thành 15/15 chỉ tiêu được giao", VerdictState.AT_RISK, "3/15 chỉ tiêu", "15/15 chỉ tiêu", Decimal(3),
                 "chỉ tiêu", "3", "15", before=Earlier("quý I", "2/15 chỉ tiêu", Decimal(2), "2/15")),
            "Hoàn thành 15/15 chỉ tiêu được giao: 3/15 chỉ tiêu, mức đề ra 15/15 chỉ tiêu; có nguy cơ không đạt mức đề ra; "
            "tăng 1 chỉ tiêu so với quý I (2/15 chỉ tiêu).",
        ),
        (
            Said("Không để xảy ra khiếu nại vượt cấp", VerdictState.ON_TRACK, "0", "0", Decimal(0)),
            "Không để xảy ra khiếu nại vượt cấp: 0 trường hợp; đúng tiến độ.",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_target_has_its_sentence(sentence: Said, expected: str) -> None:
    assert said(sentence) == expected


def test_counts_that_the_result_shows_already_are_not_said_twice() -> None:
    assert said(
        Said("Hồ sơ", VerdictState.MET, "98,4 % (123/125)", "≥ 95 %", numerator="123", denominator="125")
    ) == ("Hồ sơ: 98,4 % (123/125), mức đề ra từ 95 % trở lên; đạt mức đề ra.")


def test_a_small_difference_is_not_rounded_away() -> None:
    near = Said(
        "A",
        VerdictState.MET,
        "98 %",
        "",
        Decimal("98.001"),
        "%",
        before=Earlier("quý I", "98 %", Decimal(98)),
    )
    assert narrative.figures_of(near)[narrative.BEFORE] == "tăng 0,001 điểm phần trăm so với quý I (98 %)"


def test_a_person_moves_the_names_and_the_figures_follow() -> None:
    own = narrative.checked("Năm nay có { Số   lượng } hồ sơ đúng hạn, tức {KẾT QUẢ};  {so với cùng kỳ}.")
    assert own == "Năm nay có {số lượng} hồ sơ đúng hạn, tức {kết quả}; {so với cùng kỳ}."
    assert narrative.filled(own, narrative.figures_of(ON_TIME)) == (
        "Năm nay có 1.181/1.200 hồ sơ đúng hạn, tức 98,4 %; giảm 0,3 điểm phần trăm so với cùng kỳ năm 2025 (98,7 %; 987/1.000)."
    )


def test_a_figure_that_is_gone_takes_along_what_led_to_it() -> None:
    sentence = narrative.proposed(ON_TIME)
    assert narrative.filled(sentence, {"kết quả": "98,4 %", "đánh giá": "đạt mức đề ra"}) == (
        "Tỷ lệ hồ sơ thủ tục hành chính giải quyết trước và đúng hạn: 98,4 %; đạt mức đề ra."
    )


def test_what_changed_since_is_named_with_both_figures() -> None:
    then = narrative.figures_of(ON_TIME)
    now = {**then, "kết quả": "97,9 %", "mức đề ra": "≥ 96 %"}
    assert narrative.changes("Đạt {kết quả}.", then, now) == (FigureChange("kết quả", "98,4 %", "97,9 %"),)
    assert narrative.changes("Đạt {kết quả}.", then, then) == ()


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("  ", "Write the sentence"),
        ("a" * 1501, "1.500"),
        ("Đạt {ket qua}.", "{ket qua}"),
        ("Đạt {}.", "{}"),
        ("Đạt {kết quả.", "brace"),
        ("Đạt kết quả}.", "brace"),
        ("{{kết quả}}", "brace"),
    ],
)
def test_a_sentence_that_says_nothing_is_refused_with_what_to_mend(sentence: str, part: str) -> None:
    with pytest.raises(SentenceNotWellFormed) as refused:
        narrative.checked(sentence)
    assert part in str(refused.value.message)


@given(st.text(alphabet=st.characters(exclude_characters="{}\0"), min_size=1, max_size=200))
def test_words_without_names_stay_as_they_are(text: str) -> None:
    try:
        own = narrative.checked(text)
    except SentenceNotWellFormed:
        return
    assert narrative.filled(own, {"kết quả": "1"}) == own
