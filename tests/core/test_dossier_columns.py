"""Which column says what, and how sure that is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from camket.core.dossier_columns import FIELDS, heading_field, looks_like_heading, mapping_of, recognise

CODES = ["H26.12.3-260105-0001", "H26.12.3-260105-0002", "000.00.01.H26-260106-0001"]
DAYS = ["05/01/2026", "06/01/2026 14:30", "07/01/2026"]
STATES = ["Đang xử lý", "Đã trả kết quả", "Chờ bổ sung"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Số hồ sơ", "code"),
        ("Mã HS", "code"),
        ("Mã số hồ sơ", "code"),
        ("Số biên nhận", "code"),
        ("Mã hồ sơ TTHC", "code"),
        ("Mã TTHC", "procedure_code"),
        ("Mã thủ tục hành chính", "procedure_code"),
        ("Tên TTHC", "procedure_name"),
        ("Thủ tục", "procedure_name"),
        ("Tên thủ tục hành chính", "procedure_name"),
        ("Nội dung yêu cầu giải quyết", "procedure_name"),
        ("Lĩnh vực", "field_name"),
        ("Đơn vị xử lý", "unit_name"),
        ("Phòng ban xử lý", "unit_name"),
        ("Cơ quan chủ trì giải quyết", "unit_name"),
        ("Hình thức nộp", "channel"),
        ("Hình thức nhận hồ sơ", "channel"),
        ("Phương thức tiếp nhận", "channel"),
        ("Mức độ DVC", "level"),
        ("Mức độ dịch vụ công trực tuyến", "level"),
        ("Trạng thái", "state"),
        ("Tình trạng hồ sơ", "state"),
        ("Tên công dân", "applicant"),
        ("Người nộp", "applicant"),
        ("Họ và tên người nộp", "applicant"),
        ("Tổ chức, cá nhân", "applicant"),
        ("Địa chỉ", "address"),
        ("Số điện thoại", "phone"),
        ("SĐT", "phone"),
        ("Ngày nhận", "received_at"),
        ("Ngày tiếp nhận", "received_at"),
        ("Ngày giờ tiếp nhận hồ sơ", "received_at"),
        ("Thời gian / Tiếp nhận", "received_at"),
        ("Ngày hẹn trả", "due_given"),
        ("Ngày hẹn trả kết quả (dd/MM/yyyy)", "due_given"),
        ("Hạn xử lý", "due_given"),
        ("Ngày kết thúc xử lý", "finished_at"),
        ("Ngày có kết quả", "finished_at"),
        ("Ngày trả", "returned_at"),
        ("Ngày trả kết quả", "returned_at"),
        ("Ngày trả kết quả thực tế", "returned_at"),
        ("Ngày yêu cầu bổ sung", "supplement_asked_at"),
        ("Ngày bổ sung xong", "supplement_back_at"),
        ("Ngày xin lỗi", "reappointed_at"),
        ("Ngày hẹn lại", "due_again"),
        ("Kết quả xử lý", "result_given"),
        ("Đúng/trễ hạn", "result_given"),
        ("Hình thức thanh toán", "payment"),
        ("Số hóa", "is_digitised"),
        ("Số hóa thành phần hồ sơ", "is_digitised"),
        ("Số hóa kết quả", "is_result_digitised"),
    ],
)
def test_headings(header: str, field: str) -> None:
    said = heading_field(header)
    assert said is not None
    assert said[0] == field


@pytest.mark.parametrize(
    "header",
    [
        "",
        "STT",
        "Ghi chú",
        "Cán bộ xử lý",
        "Hình thức nhận kết quả",
        "Số lượng hồ sơ",
        "Số ngày trễ",
        "DANH SÁCH HỒ SƠ",
    ],
)
def test_headings_that_say_nothing_of_a_dossier(header: str) -> None:
    assert heading_field(header) is None


def test_a_heading_and_its_cells_are_sure() -> None:
    guesses = recognise(["Số hồ sơ", "Ngày nhận", "Trạng thái", "Ghi chú"], [CODES, DAYS, STATES, ["", "x"]])
    assert [guess.field for guess in guesses] == ["code", "received_at", "state", None]
    assert all(guess.confidence > Decimal("0.9") for guess in guesses[:3])
    assert str(guesses[0].reason) == "The heading says it and the cells bear it out."
    assert mapping_of(guesses) == {"code": "Số hồ sơ", "received_at": "Ngày nhận", "state": "Trạng thái"}


def test_cells_speak_where_the_heading_does_not() -> None:
    guesses = recognise(["A", "B", "C"], [CODES, STATES, ["Trực tiếp", "Trực tuyến"]])
    assert [guess.field for guess in guesses] == ["code", "state", "channel"]
    assert all(guess.confidence < Decimal("0.85") for guess in guesses)
    assert str(guesses[0].reason) == "The heading does not say it, the cells look like it."


def test_how_the_result_is_handed_over_is_not_how_the_dossier_came_in() -> None:
    heads = ["Mã hồ sơ", "Ngày nhận", "Phương thức nhận kết quả", "Hình thức"]
    ways = ["Trực tiếp", "Trực tuyến", "Bưu chính công ích"]
    cells = [["H26.12.3-260105-0001"] * 3, ["05/01/2026"] * 3, ways, ways]
    assert [each.field for each in recognise(heads[:3], cells[:3])][2] is None
    assert [each.field for each in recognise(heads, cells)][2:] == [None, "channel"]


def test_a_heading_that_its_cells_deny_is_doubted() -> None:
    [guess] = recognise(["Hạn xử lý"], [["3 ngày làm việc", "5 ngày làm việc"]])
    assert guess.field == "due_given"
    assert guess.confidence < Decimal("0.5")
    assert "3 ngày làm việc" in str(guess.reason)


def test_the_day_of_a_supplement_is_that_of_asking_or_beside_it_that_of_coming() -> None:
    assert [each.field for each in recognise(["Ngày bổ sung"], [DAYS])] == ["supplement_asked_at"]
    both = recognise(["Ngày yêu cầu bổ sung", "Ngày bổ sung"], [DAYS, DAYS])
    assert [each.field for each in both] == ["supplement_asked_at", "supplement_back_at"]


def test_a_running_number_is_no_code() -> None:
    guesses = recognise(["Mã", "Số hồ sơ"], [["1", "2", "3"], CODES])
    assert [guess.field for guess in guesses] == [None, "code"]
    assert guesses[0].rivals == ("Số hồ sơ",)


def test_two_columns_that_may_both_be_it_are_shown() -> None:
    guesses = recognise(["Ngày hẹn trả", "Hạn xử lý"], [DAYS, DAYS])
    assert (guesses[0].field, guesses[0].confidence) == ("due_given", Decimal("0.5"))
    assert guesses[0].rivals == ("Hạn xử lý",)
    assert guesses[1].field is None


def test_dates_without_a_telling_heading_are_left_to_a_person() -> None:
    [guess] = recognise(["Mốc 1"], [DAYS])
    assert guess.field is None
    assert "does not say which" in str(guess.reason)


@pytest.mark.parametrize(
    ("text", "is_heading"),
    [
        ("Ngày nhận", True),
        ("", False),
        ("05/01/2026", False),
        ("12", False),
        (CODES[0], False),
        ("0912345678", False),
    ],
)
def test_what_may_be_a_heading(text: str, is_heading: bool) -> None:
    assert looks_like_heading(text) is is_heading


def test_the_needed_fields() -> None:
    assert [name for name, target in FIELDS.items() if target.is_needed] == ["code", "received_at"]
