"""Codes, days, and how two editions differ; steps against the limit; a list of legal texts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from camket.core.controlled import (
    Amendment,
    Mark,
    PatternRefused,
    ProcedureContent,
    Step,
    check_pattern,
    differences,
    months_after,
    next_code,
    proposed_procedure,
    review_due,
)
from camket.core.legal_list import LegalListUnreadable, read_legal_list
from camket.core.steps import Sum, against, days_in


@pytest.mark.parametrize(
    ("_case", "pattern", "used", "parent", "code"),
    [
        ("the first", "QT.{serial:02}", [], "", "QT.01"),
        ("gaps stay gaps", "QT.{serial:02}", ["QT.01", "QT.05"], "", "QT.06"),
        ("however its letters are written", "QT.{serial:02}", ["qt.07"], "", "QT.08"),
        ("past two digits", "QT.{serial:02}", ["QT.99"], "", "QT.100"),
        ("of a procedure", "BM.{parent}.{serial:02}", ["BM.02.01", "BM.01.09"], "QT.02", "BM.02.02"),
        ("of none", "BM.{parent}.{serial:02}", [], "", "BM.01"),
        ("with its year", "QT-{year}-{serial}", ["QT-2026-3", "QT-2025-8"], "", "QT-2026-4"),
        ("without a serial", "STCL", ["STCL"], "", "STCL-2"),
        ("signs of expressions are letters here", "QT.({serial})", ["QTx(4)"], "", "QT.(1)"),
    ],
)
def test_the_next_code(_case: str, pattern: str, used: list[str], parent: str, code: str) -> None:
    assert next_code(pattern, used, parent=parent, year=2026) == code


@pytest.mark.parametrize(
    "pattern",
    ["", "QT.{serie}", "{serial}{serial:02}", "QT.{", "QT.}", "{0.__class__}", "{serial:99}", "x" * 61],
)
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        check_pattern(pattern)


@pytest.mark.parametrize(
    ("_case", "text", "days"),
    [
        ("a part of a day", "0,5 ngày", Fraction(1, 2)),
        ("a fraction", "1/2 ngày làm việc", Fraction(1, 2)),
        ("half a day", "01 buổi", Fraction(1, 2)),
        ("hours", "04 giờ làm việc", Fraction(1, 2)),
        ("minutes", "30 phút", Fraction(1, 16)),
        ("days and hours", "01 ngày 04 giờ", Fraction(3, 2)),
        ("office hours", "Giờ hành chính", Fraction(0)),
        ("nothing", "", Fraction(0)),
        ("the same day", "Trong ngày", Fraction(1)),
        ("no time", "sớm nhất có thể", None),
        ("a division by nothing", "1/0 ngày", None),
    ],
)
def test_the_time_of_a_step(_case: str, text: str, days: Fraction | None) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("_case", "times", "limit", "found"),
    [
        ("equal", ["Giờ hành chính", "0,5 ngày", "1,5 ngày"], "02 ngày làm việc", Sum.EQUAL),
        ("less", ["0,5 ngày"], "02 ngày làm việc", Sum.LESS),
        ("more", ["3 ngày"], "02 ngày làm việc kể từ ngày nhận đủ hồ sơ", Sum.MORE),
        ("hours make days", ["04 giờ", "04 giờ"], "01 ngày làm việc", Sum.EQUAL),
        ("unclear", ["0,5 ngày", "nhanh"], "02 ngày", Sum.UNCLEAR),
        ("no limit", ["0,5 ngày"], "", Sum.NO_LIMIT),
        ("no steps", [], "02 ngày", Sum.NO_STEPS),
    ],
)
def test_steps_against_the_limit(_case: str, times: list[str], limit: str, found: Sum) -> None:
    assert against(times, limit).sum is found


def test_steps_that_are_not_understood_are_named() -> None:
    found = against(["nhanh", "1 ngày", "sớm"], "02 ngày")
    assert (found.unread, found.message.params["steps"]) == ((1, 3), "B1, B3")


def test_a_procedure_comes_back_as_it_was_written() -> None:
    content = proposed_procedure(
        agency="UBND xã", unit="Phòng Kinh tế", limit="05 ngày làm việc", name="Cấp phép"
    )
    assert ProcedureContent.from_json(content.to_json()) == content
    assert content.missing() == ("who", "result", "components")


@pytest.mark.parametrize(
    ("months", "effective", "reviewed", "due"),
    [
        (None, date(2026, 1, 1), None, None),
        (12, None, None, None),
        (6, date(2026, 8, 31), None, date(2027, 2, 28)),
        (12, date(2026, 1, 1), date(2026, 6, 1), date(2027, 6, 1)),
        (12, date(2026, 7, 1), date(2026, 6, 1), date(2027, 7, 1)),
    ],
)
def test_when_a_document_is_looked_at_again(
    months: int | None, effective: date | None, reviewed: date | None, due: date | None
) -> None:
    assert review_due(months, effective, reviewed) == due


def test_three_months_after_the_end_of_a_year() -> None:
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_editions_differ_word_by_word_and_what_is_far_from_any_change_is_left_out() -> None:
    before = [f"Dòng {number} giữ nguyên như trước" for number in range(30)]
    after = [*before]
    after[15] = "Dòng 15 sửa khác như trước"
    after.append("Dòng thêm vào cuối")
    found = differences(before, after)
    assert (found.changed, found.added, found.removed) == (1, 1, 0)
    changed = next(each for each in found.lines if each.mark is Mark.CHANGED)
    assert [(each.mark.value, each.text) for each in changed.words] == [
        ("same", "Dòng 15"),
        ("removed", "giữ nguyên"),
        ("added", "sửa khác"),
        ("same", "như trước"),
    ]
    assert [each.count for each in found.lines if each.mark is Mark.LEFT_OUT] == [13, 10]


def test_the_same_words_in_other_spaces_are_the_same() -> None:
    assert differences(["Điều  1.", ""], ["Điều 1."]).is_same


def test_an_amendment_is_read_as_a_sentence() -> None:
    assert (
        Amendment("Mục 5", "Giảm thời hạn", "Một cửa").sentence == "Mục 5: Giảm thời hạn (đề nghị: Một cửa)"
    )


HEAD = ("STT", "Số, ký hiệu", "Trích yếu", "Ngày ban hành", "Có hiệu lực từ", "Hết hiệu lực")


def test_a_list_of_legal_texts_is_read_with_titles_above_it() -> None:
    found = read_legal_list(
        [
            (1, ("DANH MỤC VĂN BẢN",)),
            (3, HEAD),
            (4, ("1", "118/2025/NĐ-CP", "Về cơ chế một cửa", "2025-06-09", "01/07/2025", "")),
        ]
    )
    assert found.bad == ()
    (text,) = found.texts
    assert (text.kind, text.issued_on, text.effective_on, text.ends_on) == (
        "Nghị định",
        date(2025, 6, 9),
        date(2025, 7, 1),
        None,
    )


@pytest.mark.parametrize(
    ("_case", "row"),
    [
        ("no number", ("1", "", "Về cơ chế", "", "", "")),
        ("no day", ("1", "1/NĐ-CP", "Về cơ chế", "hôm qua", "", "")),
        ("in effect before its issue", ("1", "1/NĐ-CP", "Về", "02/07/2025", "01/07/2025", "")),
        ("ended before it began", ("1", "1/NĐ-CP", "Về", "", "01/07/2025", "30/06/2025")),
        ("too long", ("1", "1" * 101, "Về", "", "", "")),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(_case: str, row: tuple[str, ...]) -> None:
    found = read_legal_list([(1, HEAD), (2, row)])
    assert (found.texts, [each.number for each in found.bad]) == ((), [2])


def test_a_number_that_stands_twice_is_told() -> None:
    row = ("1", "1/NĐ-CP", "Về", "", "", "")
    found = read_legal_list([(1, HEAD), (2, row), (5, row)])
    assert [(each.number, each.message.params) for each in found.bad] == [(5, {"row": "2"})]


def test_a_sheet_without_headings_is_refused() -> None:
    with pytest.raises(LegalListUnreadable):
        read_legal_list([(1, ("a", "b"))])


def test_a_step_has_its_time_beside_what_is_done() -> None:
    lines = ProcedureContent(steps=(Step("Thẩm định", "Phòng Kinh tế", "2 ngày", "Tờ trình"),)).lines()
    assert lines == ["Trình tự thực hiện", "B1 | Thẩm định | Phòng Kinh tế | 2 ngày | Tờ trình"]
