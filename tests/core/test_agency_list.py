from __future__ import annotations

import pytest

from camket.core.agency_list import AgencyListUnreadable, ListedAgency, read_agency_list

LEVELS = {
    "province": "Tỉnh, thành phố",
    "district": "Huyện, quận, thị xã (đến 30/6/2025)",
    "commune": "Xã",
    "ward": "Phường",
    "special_zone": "Đặc khu",
    "department": "Sở, ban, ngành",
}


def test_headings_are_found_below_titles_in_any_order() -> None:
    sheet = [
        (1, ("DANH SÁCH CƠ QUAN CẤP XÃ",)),
        (2, ("(kèm theo Công văn số 12)",)),
        (4, ("TT", "Tên cơ quan, đơn vị", "Mã định danh điện tử", "Mã cấp trên", "Mã ĐVHC", "Thư ký ISO", "Tên đăng nhập")),
        (5, ("1", "UBND  xã Bình Yên", "H26.12", "H26", "00004", "Nguyễn Thị An", "an")),
        (6, ("", "", "", "", "", "", "")),
        (7, ("2", "UBND đặc khu Hòn Mây", "H26.13")),
    ]  # fmt: skip
    assert read_agency_list(sheet, LEVELS) == (
        ListedAgency(5, "H26.12", "UBND xã Bình Yên", "commune", "H26", "00004", "Nguyễn Thị An", "an"),
        ListedAgency(7, "H26.13", "UBND đặc khu Hòn Mây", "special_zone"),
    )


@pytest.mark.parametrize(
    ("said", "name", "level"),
    [
        ("Xã", "Bình Yên", "commune"),
        ("phuong", "Bình Yên", "ward"),
        ("ward", "Bình Yên", "ward"),
        ("Sở", "Khoa học và Công nghệ", "department"),
        ("Tỉnh", "Hồng Bàng", "province"),
        ("", "UBND phường Xã Đàn", "ward"),
        ("", "Ủy ban nhân dân thành phố Hải Phòng", "province"),
        ("", "Sở Nội vụ", "department"),
        ("", "Thị xã Sơn Tây", "district"),
        ("", "Trung tâm Phục vụ hành chính công", ""),
        ("Vương quốc", "Bình Yên", "Vương quốc"),
    ],
)
def test_a_level_is_what_the_row_says_else_what_the_name_begins_with(
    said: str, name: str, level: str
) -> None:
    sheet = [(1, ("Mã", "Tên", "Cấp")), (2, ("H26", name, said))]
    assert read_agency_list(sheet, LEVELS)[0].level == level


@pytest.mark.parametrize(
    "sheet", [[], [(1, ("Tên",)), (2, ("Xã A",))], [(1, ("Mã", "Tên"))], [(1, ("Mã", "Tên")), (2, ("", ""))]]
)
def test_a_sheet_without_agencies_is_refused(sheet: list[tuple[int, tuple[str, ...]]]) -> None:
    with pytest.raises(AgencyListUnreadable):
        read_agency_list(sheet, LEVELS)
