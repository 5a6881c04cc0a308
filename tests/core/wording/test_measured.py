from __future__ import annotations

import pytest

from camket.core.wording.measured import measured_words

SHARE = "Tỷ lệ hài lòng đạt trên 92%"


@pytest.mark.parametrize(
    ("objective", "targets", "expected"),
    [
        # One target with a wording of its own.
        ("Trong năm, 95% cán bộ được tập huấn.", ["95% cán bộ được tập huấn"], ["95% cán bộ được tập huấn"]),
        # Neighbours are kept apart.
        (
            "Phấn đấu 15/15 chỉ tiêu; thu ngân sách 12,6 tỷ đồng; giảm tỷ lệ hộ nghèo 0,3%.",
            ["thu ngân sách 12,6 tỷ đồng", "giảm tỷ lệ hộ nghèo 0,3%"],
            ["thu ngân sách 12,6 tỷ đồng", "giảm tỷ lệ hộ nghèo 0,3%"],
        ),
        # A clause that goes on has the one before it, over several.
        (
            f"{SHARE}, trong đó đất đai 86%, riêng cư trú 95%.",
            [SHARE, "trong đó đất đai 86%", "riêng cư trú 95%"],
            [SHARE, f"{SHARE}, trong đó đất đai 86%", f"{SHARE}, trong đó đất đai 86%, riêng cư trú 95%"],
        ),
        (
            "Chỉ số cải cách hành chính xếp loại tốt và nằm trong top 5 của tỉnh.",
            ["Chỉ số cải cách hành chính xếp loại tốt", "nằm trong top 5 của tỉnh"],
            [
                "Chỉ số cải cách hành chính xếp loại tốt",
                "Chỉ số cải cách hành chính xếp loại tốt và nằm trong top 5 của tỉnh",
            ],
        ),
        # Bare measures, in a column of their own or within the wording, measure what the objective is of.
        ("Hồ sơ trễ hạn", ["Dưới 0,5%"], ["Hồ sơ trễ hạn"]),
        ("Hồ sơ nộp trực tuyến", ["Ít nhất 01 hồ sơ"], ["Hồ sơ nộp trực tuyến"]),
        ("Trả kết quả trước hẹn", ["Tăng 1% so với năm 2023"], ["Trả kết quả trước hẹn"]),
        ("Chỉ số được xếp loại tốt trở lên", ["xếp loại tốt trở lên"], ["Chỉ số được xếp loại tốt trở lên"]),
        ("Thu ngân sách", ["≥ 12,6 tỷ đồng", "Tăng 5%"], ["Thu ngân sách: ≥ 12,6 tỷ đồng", "Thu ngân sách: Tăng 5%"]),
        # A cell that says itself what is measured.
        (
            "Duy trì hệ thống quản lý chất lượng",
            ["Không để xảy ra khiếu nại vượt cấp"],
            ["Không để xảy ra khiếu nại vượt cấp"],
        ),
        # Line breaks and blanks of the source do not matter.
        ("Thôn A: 90%  hộ có nước\nsạch.", ["90% hộ có nước sạch"], ["90% hộ có nước sạch"]),
    ],
)  # fmt: skip
def test_words_say_what_a_target_measures(objective: str, targets: list[str], expected: list[str]) -> None:
    assert list(measured_words(objective, targets)) == expected


def test_an_objective_without_targets_has_no_words() -> None:
    assert measured_words("Duy trì hệ thống", []) == ()
