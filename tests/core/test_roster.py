"""Lists of staff as offices keep them."""

from __future__ import annotations

import pytest

from camket.core.roster import RosterUnreadable, login_of, matching_unit, proposed_role, read_roster

UNITS = [
    (1, ("Lãnh đạo UBND", "Lãnh đạo")),
    (2, ("Văn phòng HĐND và UBND", "Văn phòng")),
    (3, ("Phòng Kinh tế", "Kinh tế")),
    (4, ("Phòng Văn hóa - Xã hội", "VH-XH")),
    (5, ("Trung tâm Phục vụ hành chính công", "TTPVHCC")),
]
LIST = [
    (1, ("ỦY BAN NHÂN DÂN", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
    (2, ("XÃ BÌNH YÊN", "", "Độc lập - Tự do - Hạnh phúc")),
    (4, ("DANH SÁCH CÁN BỘ, CÔNG CHỨC", "", "")),
    (6, ("STT", "Họ và tên", "Chức vụ, chức danh", "Phòng, ban", "Thư điện tử")),
    (7, ("1", "LÊ MINH CHÂU", "Chủ tịch UBND xã", "Lãnh đạo", "chau@binhyen.example")),
    (8, ("2", "Ông Phạm Tiến Dũng", "Trưởng phòng", "P. Kinh tế", "")),
    (9, ("3", "Bà Trần Thị Hoa", "Chuyên viên Bộ phận một cửa", "TT PVHCC", "")),
    (10, ("4", "H'Hen Niê", "Văn thư", "Phòng Tư pháp", "")),
    (12, ("", "Tổng cộng: 4 người", "", "", "")),
    (14, ("", "NGƯỜI LẬP BIỂU", "", "", "")),
]


def test_a_list_is_read_below_its_titles_and_above_its_foot() -> None:
    roster = read_roster(LIST, UNITS)
    assert roster.headings == {
        "name": "Họ và tên",
        "position": "Chức vụ, chức danh",
        "unit": "Phòng, ban",
        "email": "Thư điện tử",
    }
    assert [(row.row, row.full_name, row.unit_id, row.role) for row in roster.entries] == [
        (7, "Lê Minh Châu", 1, "chairman"),
        (8, "Phạm Tiến Dũng", 3, "head"),
        (9, "Trần Thị Hoa", 5, "one_stop"),
        (10, "H'Hen Niê", None, "officer"),
    ]
    assert roster.entries[0].email == "chau@binhyen.example"
    assert roster.entries[3].unit_text == "Phòng Tư pháp"
    assert [number for number, _ in roster.left_out] == [12, 14]


def test_units_as_headings_between_people_hold_until_the_next() -> None:
    rows = [
        (1, ("TT", "Họ và tên", "Chức danh")),
        (2, ("I", "VĂN PHÒNG HĐND VÀ UBND", "")),
        (3, ("1", "Vũ Thị Lan", "Chánh Văn phòng")),
        (4, ("", "II. Phòng Kinh tế", "")),
        (5, ("2", "Ngô Văn Nam", "Phó Trưởng phòng")),
    ]
    found = [(row.full_name, row.unit_id, row.role) for row in read_roster(rows, UNITS).entries]
    assert found == [("Vũ Thị Lan", 2, "head"), ("Ngô Văn Nam", 3, "officer")]


def test_family_and_given_names_in_two_columns() -> None:
    rows = [
        (1, ("Họ và tên đệm", "Tên", "Vai trò", "Tên đăng nhập")),
        (2, ("Nguyễn Thị", "An", "Thư ký ISO", "An.Nguyen")),
    ]
    (entry,) = read_roster(rows, UNITS).entries
    assert (entry.full_name, entry.role, entry.login) == ("Nguyễn Thị An", "secretary", "an.nguyen")


@pytest.mark.parametrize("rows", [[], [(1, ("Tên sản phẩm", "Giá"))], [(1, ("Họ và tên", "Chức vụ"))]])
def test_a_sheet_without_people_is_refused(rows: list[tuple[int, tuple[str, ...]]]) -> None:
    with pytest.raises(RosterUnreadable):
        read_roster(rows, UNITS)


_ROLES = [
    ("Chủ tịch UBND xã", "chairman"),
    ("Bí thư Đảng ủy, Chủ tịch HĐND", "officer"),
    ("Chủ tịch UBMTTQ", "officer"),
    ("Chủ tịch Hội Cựu chiến binh", "officer"),
    ("Phó Chủ tịch UBND", "representative"),
    ("Phó Chủ tịch HĐND", "officer"),
    ("Quyền Chủ tịch UBND", "chairman"),
    ("Chánh Văn phòng", "head"),
    ("Phó Chánh Văn phòng", "officer"),
    ("Giám đốc Trung tâm", "head"),
    ("Chỉ huy trưởng Ban CHQS", "head"),
    ("Trưởng Công an xã", "head"),
    ("Văn phòng - Thống kê, thư ký ISO", "secretary"),
    ("Công chức tiếp nhận và trả kết quả", "one_stop"),
    ("Chuyên viên", "officer"),
    ("", "officer"),
]


@pytest.mark.parametrize(("position", "role"), _ROLES)
def test_roles_are_proposed_from_titles(position: str, role: str) -> None:
    assert proposed_role(position, has_unit=True) == role


def test_nobody_heads_without_a_unit() -> None:
    assert proposed_role("Trưởng phòng", has_unit=False) == "officer"


_UNITS = [
    ("phong kinh te", 3),
    ("P. KT", None),
    ("Phòng VH-XH", 4),
    ("Phòng Văn hoá và Xã hội", 4),
    ("VP HĐND&UBND", 2),
    ("TTPVHCC", 5),
    ("Công an xã", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "unit"), _UNITS)
def test_units_are_matched_or_left_to_a_person(text: str, unit: int | None) -> None:
    assert matching_unit(text, UNITS) == unit


def test_sign_in_names_have_plain_letters_only() -> None:
    names = ["Đỗ Thị Ngọc Lan", "Y Điêng B'Krông", "ÂU DƯƠNG PHƯỢNG", "???"]
    assert [login_of(name) for name in names] == [
        "do.thi.ngoc.lan",
        "y.dieng.bkrong",
        "au.duong.phuong",
        "nguoi.dung",
    ]
