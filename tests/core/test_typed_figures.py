"""Figures that a person typed by hand are found; dates, documents and lengths of time are none."""

from __future__ import annotations

import pytest

from camket.core.typed_figures import typed_figures

MEASURED = {"kết quả": "98,16 %", "số lượng": "1.180/1.202"}


def found(text: str, known: str = "") -> list[tuple[str, str]]:
    return [(each.text, each.measured) for each in typed_figures(text, MEASURED, known=known)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hồ sơ đúng hạn đạt 99,9 %.", [("99,9 %", "98,16 %")]),
        ("Đạt 98,16% trong năm 2026", [("98,16%", "")]),
        ("Có 1.188/1.200 hồ sơ đúng hạn", [("1.188/1.200", "1.180/1.202")]),
        ("Có 1180/1202 hồ sơ đúng hạn", [("1180/1202", "")]),
        ("Quý II năm 2026 đạt 95%", [("95%", "98,16 %")]),
        ("Tăng 12% so với cùng kỳ năm 2025", [("12%", "")]),
        ("1. Giải quyết 125 hồ sơ; còn 3 hồ sơ", [("125", ""), ("3", "")]),
    ],
)
def test_figures_without_a_name_are_found_with_what_was_measured(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Đạt {kết quả} ({số lượng}).",
        "Từ ngày 01/01/2026 đến 30/6/2026, giai đoạn 2023 - 2026",
        "theo Quyết định 05/QĐ-UBND và Thông tư 26/2014/TT-BKHCN, Điều 36, khoản 9.1.2",
        "TCVN ISO 9001:2015, Biểu II.06a",
        "Máy chủ dừng 02 ngày, mỗi ngày 3 giờ, trong 6 tháng đầu năm",
    ],
)
def test_what_is_no_figure_of_a_result_is_left(text: str) -> None:
    assert found(text) == []


def test_the_targets_own_words_are_no_claim() -> None:
    assert found("Ít nhất 98% hồ sơ đúng hạn: {kết quả}", known="Ít nhất 98% hồ sơ đúng hạn") == []
