"""What tells who somebody is goes out of a text; what tells what happened stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.blackout import BLACK, What, blackened, without_known

KNOWN = ("Lò Thị Sương", "Thôn Đông, xã Bình Yên", "0912 345 678", "suong@vidu.vn")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Gọi 0912.345.678 giúp tôi", What.PHONE),
        ("Gọi +84 912 345 678 giúp tôi", What.PHONE),
        ("Thư gửi an.nguyen@vidu.vn nhé", What.EMAIL),
        ("Căn cước 001090012345 của tôi", What.IDENTITY),
        ("Hồ sơ H99.11.03-260601-0001 chậm", What.DOSSIER),
        ("Hồ sơ 000.03.11.H99-250601-0001 chậm", What.DOSSIER),
        ("Gặp ông Trần Bé hôm qua", What.NAME),
        ("Hàng xóm là Nguyễn Văn Tèo gây ồn", What.NAME),
        ("Tại số nhà 12 ngõ 3", What.HOUSE),
        ("Thửa đất số 12, tờ bản đồ số 3 bị lấn", What.LAND),
        ("Xe 23C-123.45 chạy ẩu", What.PLATE),
    ],
)
def test_what_looks_like_personal_data_is_found_and_named(text: str, what: What) -> None:
    found = blackened(text)
    assert what in {each.what for each in found.found}
    assert BLACK in found.text
    for each in found.found:
        assert each.text not in found.text


@pytest.mark.parametrize(
    "text",
    [
        "Đèn đường ở thôn Đông hỏng từ ngày 05/01/2026, đã báo 3 lần.",
        "Theo Nghị định 20/2008/NĐ-CP, trong 05 ngày làm việc phải chuyển.",
        "Ủy ban nhân dân xã Bình Yên đã chi 120.000.000 đồng sửa 2,5 km đường.",
        "Thông báo 45/TB-UBND ngày 12 tháng 5 năm 2026",
    ],
)
def test_what_tells_of_nobody_stays(text: str) -> None:
    assert blackened(text).text == text


@pytest.mark.parametrize(
    "text",
    ["tôi tên LÒ THỊ SƯƠNG", "lo thi suong đây", "số 0912345678", "thôn Đông xã Bình Yên", "SUONG@vidu.vn"],
)
def test_what_is_known_of_the_sender_goes_however_it_is_written(text: str) -> None:
    assert BLACK in without_known(text, KNOWN)
    assert BLACK in blackened(text, KNOWN).text


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=4))
def test_any_text_is_borne_and_nothing_else_is_changed(text: str, known: list[str]) -> None:
    import unicodedata

    found = blackened(text, known)
    pieces = iter(found.found)
    rebuilt = found.text
    if BLACK not in unicodedata.normalize("NFC", text):
        for piece in pieces:
            rebuilt = rebuilt.replace(BLACK, piece.text, 1)
        assert rebuilt == unicodedata.normalize("NFC", text)
