"""Where the headings stand, and which rows are no dossiers."""

from __future__ import annotations

import pytest

from camket.core.dossier_layout import Aside, Headings, aside_of, find_headings

CODE = "H26.12.3-260105-0001"
HEADERS = {
    0: ("STT",),
    1: ("Mã hồ sơ",),
    2: ("Thời gian", "Tiếp nhận"),
    3: ("Thời gian", "Hẹn trả"),
    4: ("Trạng thái",),
}


def test_headings_under_titles() -> None:
    rows = [
        (1, ["UBND XÃ MẪU", "", "", ""]),
        (2, ["DANH SÁCH HỒ SƠ TIẾP NHẬN", "", "", ""]),
        (3, ["Từ ngày 01/01/2026 đến ngày 30/06/2026", "", "", ""]),
        (5, ["STT", "Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả"]),
        (6, ["1", CODE, "05/01/2026", "08/01/2026"]),
    ]
    assert find_headings(rows) == Headings((5,), ("STT", "Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả"))


def test_headings_in_two_rows() -> None:
    rows = [
        (3, ["STT", "Mã hồ sơ", "Thời gian", "", "", "Trạng thái"]),
        (4, ["", "", "Tiếp nhận", "Hẹn trả", "Kết thúc", ""]),
        (5, ["1", CODE, "05/01/2026", "08/01/2026", "", "Đang xử lý"]),
    ]
    assert find_headings(rows) == Headings(
        (3, 4),
        (
            "STT",
            "Mã hồ sơ",
            "Thời gian / Tiếp nhận",
            "Thời gian / Hẹn trả",
            "Thời gian / Kết thúc",
            "Trạng thái",
        ),
    )


def test_headings_in_two_rows_whose_cells_are_merged_downwards_and_repeated() -> None:
    rows = [
        (1, ["Số hồ sơ", "Ngày nhận", "Kỳ"]),
        (2, ["Số hồ sơ", "Ngày nhận", "Trạng thái"]),
        (3, ["1", "2", "3"]),
    ]
    assert find_headings(rows) == Headings((1, 2), ("Số hồ sơ", "Ngày nhận", "Kỳ / Trạng thái"))


def test_headings_that_stand_twice_are_told_apart() -> None:
    rows = [(1, ["Mã hồ sơ", "Ngày trả", "Ngày trả"])]
    assert find_headings(rows) == Headings((1,), ("Mã hồ sơ", "Ngày trả", "Ngày trả (2)"))


def test_a_sheet_without_headings() -> None:
    assert find_headings([(1, ["Báo cáo", "năm 2026"]), (2, ["1", "2"])]) is None


@pytest.mark.parametrize(
    ("cells", "aside"),
    [
        (["", "", ""], Aside("blank")),
        (["301", "", ""], Aside("blank")),
        (["Tổng cộng", "", "", "300"], Aside("total")),
        (["", "Tổng số: 300 hồ sơ"], Aside("total")),
        (["Tổng cộng: 300 hồ sơ", "", "", "", ""], Aside("total")),
        (["STT", "Mã hồ sơ", "Tiếp nhận", "Hẹn trả", "Trạng thái"], Aside("heading")),
        (["", "", "Tiếp nhận", "Hẹn trả", ""], Aside("heading")),
        (["(1)", "(2)", "(3)", "(4)", "(5)"], Aside("numbers")),
        (["1", "2", "3", "4", "5"], Aside("numbers")),
        (["A", "B", "1", "2", "3=1+2"], Aside("numbers")),
        (["Lĩnh vực: Đất đai", "", ""], Aside("group", "field_name", "Đất đai")),
        (["I", "Lĩnh vực Đất đai (25 hồ sơ)", ""], Aside("group", "field_name", "Đất đai")),
        (["II. Hộ tịch", "", ""], Aside("group", "field_name", "Hộ tịch")),
        (["I. Lĩnh vực: Hộ tịch (45 hồ sơ)", "", ""], Aside("group", "field_name", "Hộ tịch")),
        (["Lĩnh vực Hộ tịch (04 thủ tục)", "", ""], Aside("group", "field_name", "Hộ tịch")),
        (["1) Thủ tục: Đăng ký khai sinh", "", ""], Aside("group", "procedure_name", "Đăng ký khai sinh")),
        (["", "Đơn vị xử lý: Phòng Kinh tế", ""], Aside("group", "unit_name", "Phòng Kinh tế")),
        (["", "Thủ tục: Đăng ký khai sinh", ""], Aside("group", "procedure_name", "Đăng ký khai sinh")),
        (["", "", "Mẫu, ngày 06 tháng 7 năm 2026"], Aside("footer")),
        (["Người lập biểu", "", "", "Chủ tịch"], Aside("footer")),
        (["", "Lê Thị An", ""], Aside("footer")),
    ],
)  # fmt: skip
def test_rows_that_are_no_dossiers(cells: list[str], aside: Aside) -> None:
    assert aside_of(cells, HEADERS, cells[1]) == aside


@pytest.mark.parametrize(
    "cells",
    [
        ["1", CODE, "05/01/2026", "08/01/2026", "Đang xử lý"],
        ["1", "h26.12.3 - 260105 - 0001", "05/01/2026", "", ""],
        ["1", "", "05/01/2026", "08/01/2026", "Đang xử lý"],
        ["7", "17", "05/01/2026", "08/01/2026", "Đang xử lý"],
        ["", "BN 15/2026", "05/01/2026", "08/01/2026", "Đang xử lý"],
    ],
)
def test_rows_that_are_dossiers(cells: list[str]) -> None:
    assert aside_of(cells, HEADERS, cells[1]) is None
