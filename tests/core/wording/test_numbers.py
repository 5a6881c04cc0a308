from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.wording.dates import format_date, official_date, parse_date
from camket.core.wording.numbers import (
    NumberNotUnderstood,
    fold_number,
    format_number,
    format_percent,
    int_to_roman,
    parse_number,
    read_number,
    roman_to_int,
)


@pytest.mark.parametrize(
    ("written", "value", "doubtful"),
    [
        ("8.768", "8768", False),
        ("18,02", "18.02", False),
        ("02", "2", False),
        ("1.234.567,8", "1234567.8", False),
        ("12 500", "12500", False),
        ("-0,5", "-0.5", False),
        ("−3", "-3", False),
        ("99.5", "99.5", True),
        ("0.25", "0.25", True),
        ("1234.567", "1234.567", True),
    ],
)
def test_numbers_are_read_in_vietnamese_form(written: str, value: str, *, doubtful: bool) -> None:
    read = read_number(written)
    assert (read.value, read.doubtful) == (Decimal(value), doubtful)


@pytest.mark.parametrize("written", ["", "abc", "1,2,3", "1.2.3", "5%", "12 34", "-"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(NumberNotUnderstood):
        parse_number(written)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False))
def test_a_number_written_is_read_back(value: Decimal) -> None:
    assert parse_number(format_number(value)) == value


def test_numbers_are_written_with_the_places_asked() -> None:
    assert format_number(Decimal("98.456"), 1) == "98,5"
    assert format_number(1000000) == "1.000.000"
    assert format_percent(98, 1) == "98,0\u00a0%"


@given(st.integers(min_value=1, max_value=3999))
def test_roman_numerals_round_trip(value: int) -> None:
    assert roman_to_int(int_to_roman(value)) == value
    assert roman_to_int(int_to_roman(value).lower()) == value


@pytest.mark.parametrize("written", ["", "IIII", "VX", "ABC"])
def test_what_is_no_roman_numeral_is_refused(written: str) -> None:
    with pytest.raises(NumberNotUnderstood):
        roman_to_int(written)


@pytest.mark.parametrize("value", [0, -1, 4000])
def test_there_is_no_roman_numeral_beyond_its_range(value: int) -> None:
    with pytest.raises(ValueError, match="no roman numeral"):
        int_to_roman(value)


@pytest.mark.parametrize(
    ("label", "folded"),
    [
        ("IV.", "4"),
        ("01", "1"),
        ("4.1.", "4.1"),
        ("a)", "a"),
        ("đ)", "đ"),
        ("VI I", "7"),
        ("XI", "11"),
        ("ii)", "2"),
        ("i)", "i"),
        ("A", "A"),
        ("-", ""),
        ("", ""),
        ("(3)", "3"),
        ("II.3", "2.3"),
        ("Mục tiêu chất lượng số 02", "2"),
        ("Mục tiêu 3:", "3"),
        ("1.1.1", "1.1.1"),
    ],
)
def test_labels_are_cited_as_readers_cite_them(label: str, folded: str) -> None:
    assert fold_number(label) == folded


@pytest.mark.parametrize(
    ("written", "year", "value"),
    [
        ("05/01/2024", None, date(2024, 1, 5)),
        ("5-1-2024", None, date(2024, 1, 5)),
        ("05.01.2024", None, date(2024, 1, 5)),
        ("30/6/24", None, date(2024, 6, 30)),
        ("ngày 05 tháng 3 năm 2024", None, date(2024, 3, 5)),
        ("Ngày 5 tháng 3", 2024, date(2024, 3, 5)),
        ("30/8", 2024, date(2024, 8, 30)),
        ("30/8", None, None),
        ("31/6/2024", None, None),
        ("29/02/2023", None, None),
        ("ngày tháng năm 2024", None, None),
        ("05/01-2024", None, None),
        ("trước 05/01/2024", None, None),
    ],
)
def test_dates_are_read_strictly(written: str, year: int | None, value: date | None) -> None:
    assert parse_date(written, year) == value


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2089, 12, 31)))
def test_dates_written_are_read_back(value: date) -> None:
    assert parse_date(format_date(value)) == value
    assert parse_date(official_date(value)) == value


def test_only_small_days_and_the_first_two_months_take_a_zero() -> None:
    assert official_date(date(2026, 2, 9)) == "ngày 09 tháng 02 năm 2026"
    assert official_date(date(2026, 9, 10)) == "ngày 10 tháng 9 năm 2026"
