"""The legal bases of a decision on quality objectives, as dated data: which were in force on a day.

Each entry: first day in force, last day (None while in force), wording. Sources: the texts themselves;
the dates of the laws on the organization of local government as in their final articles.
"""

from __future__ import annotations

from datetime import date

BASES: tuple[tuple[date, date | None, str], ...] = (
    (
        date(2016, 1, 1),
        date(2025, 2, 28),
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
    ),
    (
        date(2020, 7, 1),
        date(2025, 2, 28),
        "Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương "
        "ngày 22 tháng 11 năm 2019",
    ),
    (
        date(2025, 3, 1),
        date(2025, 6, 15),
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 02 năm 2025",
    ),
    (
        date(2025, 6, 16),
        None,
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    ),
    (
        date(2014, 5, 18),
        None,
        "Căn cứ Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính phủ về việc áp dụng Hệ thống "
        "quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2008 vào hoạt động của các cơ quan, tổ chức thuộc "
        "hệ thống hành chính nhà nước",
    ),
    # Sources differ on the day that the circular came into force: 25/11/2014 or 01/12/2014.
    (
        date(2014, 11, 25),
        None,
        "Căn cứ Thông tư số 26/2014/TT-BKHCN ngày 10 tháng 10 năm 2014 của Bộ trưởng Bộ Khoa học và Công nghệ quy định "
        "chi tiết thi hành Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính phủ",
    ),
    (
        date(2019, 1, 21),
        None,
        "Căn cứ Quyết định số 101/QĐ-BKHCN ngày 21 tháng 01 năm 2019 của Bộ trưởng Bộ Khoa học và Công nghệ về việc "
        "công bố Mô hình khung Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2015 cho các cơ quan, "
        "tổ chức thuộc hệ thống hành chính nhà nước tại địa phương",
    ),
)


def bases_on(day: date) -> tuple[str, ...]:
    """Return the legal bases in force on a day, in the order of rank."""
    return tuple(text for first, last, text in BASES if first <= day and (last is None or day <= last))
