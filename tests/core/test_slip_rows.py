"""A spreadsheet with one row a slip, as our form and exports of web forms have it."""

from __future__ import annotations

from datetime import date

import pytest

from camket.core.cells import SheetUnreadable
from camket.core.questionnaire import parse
from camket.core.slip_rows import SlipRows, read_slips

CONTENT = parse(
    {
        "languages": ["vi", "en"],
        "title": {"vi": "Khảo sát", "en": "Survey"},
        "questions": [
            {
                "key": "waiting",
                "kind": "scale",
                "counts": True,
                "text": {"vi": "Chỗ ngồi chờ", "en": "Seats"},
            },
            {
                "key": "overall",
                "kind": "scale",
                "text": {"vi": "Nhìn chung, bạn có hài lòng không?", "en": "Overall"},
            },
            {
                "key": "visits",
                "kind": "choice",
                "text": {"vi": "Số lần đi lại", "en": "Visits"},
                "options": [
                    {"key": "once", "label": {"vi": "Một lần", "en": "Once"}},
                    {"key": "more", "label": {"vi": "Nhiều lần", "en": "More"}},
                ],
            },
            {"key": "wish", "kind": "text", "text": {"vi": "Góp ý", "en": "Wishes"}},
        ],
    }
)


def read(*rows: tuple[str, ...]) -> SlipRows:
    return read_slips(
        CONTENT,
        list(enumerate(rows, 1)),
        fields={"Đất đai": 7},
        first=date(2026, 1, 1),
        last=date(2026, 6, 30),
    )


OURS = (
    "Ngày trả lời",
    "Lĩnh vực",
    "Chỗ ngồi chờ",
    "Nhìn chung, bạn có hài lòng không?",
    "Số lần đi lại",
    "Góp ý",
)


def test_our_form_is_read_with_titles_above_it() -> None:
    found = read(("UBND xã",), OURS, ("2026-03-02", "đất ĐAI", "4", "Rất hài lòng", "một lần", " Tốt "))
    (row,) = found.rows
    assert (row.number, row.on, row.field_id, row.problems) == (3, date(2026, 3, 2), 7, ())
    assert (row.ratings, row.choices, row.comments) == (
        {"waiting": 4, "overall": 5},
        {"visits": "once"},
        {"wish": "Tốt"},
    )
    assert (found.missing, found.ignored, found.has_day, found.has_field) == ((), (), True, True)


def test_a_web_forms_export_is_read_its_names_and_addresses_are_not() -> None:
    found = read(
        ("Dấu thời gian", "Địa chỉ email", "Mức độ hài lòng [1. Chỗ ngồi chờ]", "Mức độ hài lòng [Overall]"),
        ("2026-03-02 10:15:30", "binh@example.org", "5 - Rất hài lòng", "Hài lòng"),
        ("2026-03-02 10:15:31", "binh@example.org", "", "2. Không hài lòng"),
    )
    assert [row.ratings for row in found.rows] == [{"waiting": 5, "overall": 4}, {"overall": 2}]
    assert found.ignored == ("Địa chỉ email",)
    assert found.missing == ("Số lần đi lại", "Góp ý")
    assert found.rows[0].identity
    assert found.rows[0].identity != found.rows[1].identity
    assert "example.org" not in found.rows[0].identity


def test_a_row_without_a_time_of_day_is_the_same_answer_in_no_other_file() -> None:
    (row,) = read(OURS, ("02/03/2026", "", "4", "4", "", "")).rows
    assert row.identity == ""


def test_days_with_the_month_first_are_told_by_all_days() -> None:
    found = read(("Timestamp", "Seats"), ("3/4/2026 08:00:00", "4"), ("3/25/2026 09:00:00", "4"))
    assert [row.on for row in found.rows] == [date(2026, 3, 4), date(2026, 3, 25)]


@pytest.mark.parametrize("blank", ["", "0", "-", "Không trả lời"])
def test_what_is_left_blank_is_in_no_denominator(blank: str) -> None:
    (row,) = read(OURS, ("", "", blank, "5", "", "")).rows
    assert row.ratings == {"overall": 5}


@pytest.mark.parametrize(
    ("cells", "place", "said"),
    [
        (("", "", "6", "5", "", ""), "C2", "“6” is no step"),
        (("", "", "5 - Hài lòng", "5", "", ""), "C2", "is no step"),
        (("", "", "=1+1", "5", "", ""), "C2", "is no step"),
        (("", "Thuế", "4", "5", "", ""), "B2", "is no field"),
        (("31/12/2025", "", "4", "5", "", ""), "A2", "lies outside"),
        (("hôm qua", "", "4", "5", "", ""), "A2", "is no date"),
        (("", "", "4", "5", "ba lần", ""), "E2", "not among the answers"),
        (("", "", "4", "5", "", "x" * 2001), "F2", "more than 2000"),
        (("", "", "0", "0", "", ""), "", "no answer"),
    ],
)
def test_a_cell_that_cannot_be_taken_says_where_and_why(
    cells: tuple[str, ...], place: str, said: str
) -> None:
    (row,) = read(OURS, cells).rows
    assert [problem.cell for problem in row.problems] == [place]
    assert said in str(row.problems[0].message)


def test_a_sheet_without_a_question_is_refused_and_rows_without_answers_are_counted() -> None:
    with pytest.raises(SheetUnreadable):
        read(("Họ tên", "Địa chỉ"), ("An", "Thôn Đông"))
    found = read(OURS, ("02/03/2026", "", "", "", "", ""), ("", "", "", "3", "", ""))
    assert (len(found.rows), found.blank) == (1, 1)
