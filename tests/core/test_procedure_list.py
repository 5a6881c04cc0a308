"""Catalogues of procedures as offices print them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.dossiers import LimitUnit, OnlineLevel, TimeLimit
from camket.core.procedure_list import (
    LONGEST_KEY,
    ListedProcedure,
    PartialReasonMissing,
    ProcedureListUnreadable,
    level_in,
    levels_on,
    limit_in,
    read_procedures,
    require_level,
    text_key,
    understand,
)

TODAY = date(2026, 7, 1)


def limit(amount: str, unit: LimitUnit) -> TimeLimit:
    return TimeLimit(unit, Decimal(amount))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5 ngày làm việc", limit("5", LimitUnit.WORKING_DAYS)),
        ("05 (năm) ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ", limit("5", LimitUnit.WORKING_DAYS)),
        ("Không quá 15 ngày", limit("15", LimitUnit.DAYS)),
        ("15 ngày, trong đó UBND cấp xã 05 ngày làm việc", limit("15", LimitUnit.DAYS)),
        ("0,5 ngày làm việc", limit("0.5", LimitUnit.WORKING_DAYS)),
        ("1/2 ngày làm việc", limit("0.5", LimitUnit.WORKING_DAYS)),
        ("01 buổi", limit("0.5", LimitUnit.WORKING_DAYS)),
        ("04 giờ làm việc", limit("4", LimitUnit.HOURS)),
        ("30 phút", limit("0.5", LimitUnit.HOURS)),
        ("02 tuần", limit("14", LimitUnit.DAYS)),
        ("Trong ngày", TimeLimit(LimitUnit.SAME_DAY)),
        ("Ngay trong ngày làm việc", TimeLimit(LimitUnit.SAME_DAY)),
        ("Giải quyết trong ngày; phải xác minh thì 03 ngày làm việc", TimeLimit(LimitUnit.SAME_DAY)),
        ("Trong 03 ngày làm việc", limit("3", LimitUnit.WORKING_DAYS)),
        ("Ngay khi tiếp nhận", TimeLimit(LimitUnit.NONE)),
        ("Không quy định", TimeLimit(LimitUnit.NONE)),
        ("", TimeLimit(LimitUnit.NONE)),
        ("02 tháng", None),
        ("theo thông báo", None),
        ("5", None),
        ("1/0 ngày", None),
    ],
)
def test_limits_in_words(text: str, meant: TimeLimit | None) -> None:
    assert limit_in(text) == meant


def test_a_bare_number_is_read_with_the_column_of_units() -> None:
    assert limit_in("5", "Ngày làm việc") == limit("5", LimitUnit.WORKING_DAYS)
    assert limit_in("8", "giờ") == limit("8", LimitUnit.HOURS)


@pytest.mark.parametrize(
    ("text", "on", "level"),
    [
        ("Toàn trình", TODAY, OnlineLevel.WHOLE),
        ("DVC trực tuyến một phần", TODAY, OnlineLevel.PARTIAL),
        ("", TODAY, OnlineLevel.NONE),
        ("Không", TODAY, OnlineLevel.NONE),
        ("Mức độ 4", date(2022, 8, 14), OnlineLevel.OLD_4),
        ("Mức độ 4", date(2022, 8, 15), None),
        ("Mức độ 4", date(2026, 6, 30), None),
        ("Mức độ 4", date(2026, 7, 1), OnlineLevel.PROACTIVE_4),
        ("cao", TODAY, None),
    ],
)
def test_the_same_words_mean_another_level_on_another_day(
    text: str, on: date, level: OnlineLevel | None
) -> None:
    assert level_in(text, on) == level


def test_levels_offered_are_those_of_the_scales_of_the_day() -> None:
    assert levels_on(date(2020, 1, 1)) == (
        OnlineLevel.NONE, OnlineLevel.OLD_1, OnlineLevel.OLD_2, OnlineLevel.OLD_3, OnlineLevel.OLD_4,
    )  # fmt: skip
    assert levels_on(date(2024, 1, 1)) == (OnlineLevel.NONE, OnlineLevel.PARTIAL, OnlineLevel.WHOLE)
    assert levels_on(TODAY)[-1] is OnlineLevel.PROACTIVE_4


def test_partly_online_needs_its_reason_only_since_the_decree_asks_for_it() -> None:
    require_level(OnlineLevel.PARTIAL, on=date(2026, 6, 30), partial_reason="")
    require_level(OnlineLevel.PARTIAL, on=TODAY, partial_reason="Phải nộp bản chính")
    with pytest.raises(PartialReasonMissing, match="Điều 14"):
        require_level(OnlineLevel.PARTIAL, on=TODAY, partial_reason=" ")


SHEET = [
    (1, ("DANH MỤC THỦ TỤC HÀNH CHÍNH", "", "", "", "")),
    (2, ("(Kèm theo Quyết định số 12/QĐ-UBND)", "", "", "", "")),
    (4, ("STT", "Mã TTHC", "Tên thủ tục hành chính", "Thời hạn giải quyết", "Mức độ DVC")),
    (5, ("(1)", "(2)", "(3)", "(4)", "(5)")),
    (6, ("I", "LĨNH VỰC HỘ TỊCH", "", "", "")),
    (7, ("1", "1.001193.000.00.00.H26", "Đăng ký khai sinh", "Trong ngày", "Toàn trình")),
    (8, ("2", "", "1.004873 - Cấp Giấy xác nhận tình trạng hôn nhân", "03 ngày làm việc", "")),
    (9, ("II. Lĩnh vực Chứng thực", "", "", "", "")),
    (10, ("3", "2.000815", "Chứng thực bản sao", "trong ngày", "không")),
    (11, ("4", "", "Tiếp công dân", "", "")),
    (12, ("Tổng cộng: 03 thủ tục", "", "", "", "")),
]


def test_a_list_is_read_with_its_fields_and_cells() -> None:
    found = read_procedures(SHEET)
    assert [(each.row, each.code, each.name, each.field) for each in found.entries] == [
        (7, "1.001193.000.00.00.H26", "Đăng ký khai sinh", "Hộ tịch"),
        (8, "1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch"),
        (10, "2.000815", "Chứng thực bản sao", "Chứng thực"),
        (11, "", "Tiếp công dân", "Chứng thực"),
    ]
    assert found.entries[0].cells["limit"] == "D7"
    assert found.headings["limit"] == "Thời hạn giải quyết"


TWO_ROWS = [
    (1, ("DANH MỤC THỦ TỤC HÀNH CHÍNH", "", "", "", "", "", "")),
    (3, ("STT", "Thủ tục hành chính", "", "Thời hạn giải quyết", "", "Dịch vụ công trực tuyến", "")),
    (4, ("", "Mã", "Tên", "Theo quy định", "Sau cắt giảm", "Toàn trình", "Một phần")),
    (5, ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)")),
    (6, ("I", "LĨNH VỰC ĐẤT ĐAI (03 thủ tục)", "", "", "", "", "")),
    (7, ("1", "1.012753", "Đăng ký đất đai lần đầu", "20 ngày làm việc", "17 ngày làm việc", "", "x")),
    (8, ("2", "1.012756", "Xác định lại diện tích đất ở", "15 ngày", "", "X", "")),
    (9, ("3", "1.010945", "Cung cấp dữ liệu đất đai", "trong ngày", "trong ngày", "", "-")),
]


def test_headings_in_two_rows_tell_the_limit_after_cuts_and_ticked_levels() -> None:
    found = read_procedures(TWO_ROWS)
    assert [
        (each.code, each.field, each.limit, each.cells["limit"], each.level) for each in found.entries
    ] == [
        ("1.012753", "Đất đai", "17 ngày làm việc", "E7", "Một phần"),
        ("1.012756", "Đất đai", "15 ngày", "D8", "Toàn trình"),
        ("1.010945", "Đất đai", "trong ngày", "E9", ""),
    ]
    assert [
        problem.cell for problem in understand(found.entries[0], valid_from=date(2026, 7, 1)).problems
    ] == ["G7"]
    limits, levels = map(str, found.notes)
    assert ("column E “Thời hạn giải quyết / Sau cắt giảm”" in limits, "from column D" in limits) == (
        True,
        True,
    )
    assert "F “Dịch vụ công trực tuyến / Toàn trình”, G" in levels


def test_a_field_merged_down_and_a_unit_in_the_heading_hold_for_the_rows_below() -> None:
    sheet = [
        (3, ("TT", "Lĩnh vực", "Tên thủ tục", "Thời hạn giải quyết (ngày làm việc)")),
        (4, ("1", "Hộ tịch", "Đăng ký khai sinh", "1")),
        (5, ("2", "", "Đăng ký khai tử", "0.5")),
        (6, ("3", "Đất đai", "Đăng ký đất đai", "24 giờ")),
        (7, ("II. Lĩnh vực Chứng thực", "", "", "")),
        (8, ("4", "", "Chứng thực bản sao", "trong ngày")),
    ]
    found = read_procedures(sheet)
    limits = [understand(each, valid_from=TODAY).limit for each in found.entries]
    assert [
        (each.field, limit and (limit.unit.value, limit.amount))
        for each, limit in zip(found.entries, limits, strict=True)
    ] == [
        ("Hộ tịch", ("working_days", Decimal(1))),
        ("Hộ tịch", ("working_days", Decimal("0.5"))),
        ("Đất đai", ("hours", Decimal(24))),
        ("Chứng thực", ("same_day", None)),
    ]
    assert ["1 rows" in str(note) for note in found.notes] == [True]


def test_how_much_was_cut_is_no_limit_and_two_ticks_are_none() -> None:
    head = (
        "TT",
        "Tên thủ tục",
        "Thời gian giải quyết được cắt giảm",
        "Thời gian giải quyết sau khi cắt giảm",
    )
    sheet = [
        (1, (*head, "Thời gian giải quyết theo luật", "DVC toàn trình", "DVC một phần")),
        (2, ("1", "Đăng ký kết hôn", "02 ngày", "03 ngày", "05 ngày", "x", "x")),
    ]
    (entry,) = read_procedures(sheet).entries
    assert (entry.limit, entry.cells["limit"]) == ("03 ngày", "D2")
    assert [problem.cell for problem in understand(entry, valid_from=TODAY).problems] == ["F2"]


def test_a_sheet_without_headings_or_without_procedures_is_refused() -> None:
    with pytest.raises(ProcedureListUnreadable, match="Tên thủ tục"):
        read_procedures([(1, ("Họ và tên", "Chức vụ"))])
    with pytest.raises(ProcedureListUnreadable, match="row 4"):
        read_procedures(SHEET[:4])


def test_every_fault_of_a_row_is_told_with_its_cell() -> None:
    entry = ListedProcedure(
        row=7,
        code="1.001193",
        limit="02 tháng",
        level="cao",
        valid_from="31/02/2026",
        cells={"code": "B7", "name": "C7", "limit": "D7", "level": "E7", "valid_from": "F7"},
    )
    found = understand(entry, valid_from=TODAY)
    assert [(problem.field, problem.cell) for problem in found.problems] == [
        ("valid_from", "F7"),
        ("name", "C7"),
        ("limit", "D7"),
        ("level", "E7"),
    ]


def test_a_day_of_its_own_goes_before_that_of_the_list() -> None:
    entry = ListedProcedure(row=7, name="Đăng ký khai sinh", valid_from="2026-03-01")
    assert understand(entry, valid_from=TODAY).valid_from == date(2026, 3, 1)
    assert understand(
        ListedProcedure(row=7, name="x", valid_from="01/3/2026"), valid_from=TODAY
    ).valid_from == (date(2026, 3, 1))


def test_keys_of_long_names_are_short_and_tell_them_apart() -> None:
    head = "Thủ tục cấp giấy chứng nhận quyền sử dụng đất " * 8
    one, other = text_key(f"{head} lần đầu"), text_key(f"{head} lần hai")
    assert len(one) == len(other) == LONGEST_KEY
    assert one != other
    assert one == text_key(f"  {head.upper()} LẦN ĐẦU ")


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_is_a_limit_or_not(text: str, unit: str) -> None:
    found = limit_in(text, unit)
    assert found is None or found.amount is None or found.amount > 0
