from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.numbering import (
    KINDS,
    DocumentNumber,
    NumberNotWellFormed,
    body_symbol,
    next_number,
    parse_document_number,
    symbol_of,
)


@pytest.mark.parametrize(
    ("_case", "text", "expected"),
    [
        ("plain", "05/QĐ-UBND", DocumentNumber(5, "QĐ-UBND")),
        ("with the word before it", "Số: 59/QĐ-UBND", DocumentNumber(59, "QĐ-UBND")),
        ("unpadded, spaced", "5 / QĐ - UBND", DocumentNumber(5, "QĐ-UBND")),
        ("en dash", "8/KH–BCĐ", DocumentNumber(8, "KH-BCĐ")),
        ("normative with year", "19/2014/QĐ-TTg", DocumentNumber(19, "QĐ-TTg", 2014)),
        ("công văn", "12/UBND-VX", DocumentNumber(12, "UBND-VX")),
        ("joined bodies", "3/TB-HĐND&UBND", DocumentNumber(3, "TB-HĐND&UBND")),
    ],
)
def test_number_is_read(_case: str, text: str, expected: DocumentNumber) -> None:
    assert parse_document_number(text) == expected


@pytest.mark.parametrize(
    "text", ["", "QĐ-UBND", "00/QĐ-UBND", "Số:   /QĐ-UBND", "5", "5/", "5/QĐ-", "năm/QĐ-UBND"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberNotWellFormed) as refusal:
        parse_document_number(text)
    assert refusal.value.text == text


@given(st.integers(1, 99_999), st.sampled_from(sorted(KINDS)), st.none() | st.integers(1945, 2099))
def test_number_written_is_read_back(ordinal: int, kind: str, year: int | None) -> None:
    number = DocumentNumber(ordinal, f"{kind}-UBND", year)
    assert parse_document_number(str(number)) == number
    assert number.kind == kind


def test_small_numbers_are_padded_to_two_figures() -> None:
    assert [str(DocumentNumber(n, "BC-UBND")) for n in (1, 9, 10, 100)] == [
        "01/BC-UBND",
        "09/BC-UBND",
        "10/BC-UBND",
        "100/BC-UBND",
    ]


def test_series_is_of_one_symbol_and_one_year() -> None:
    given_numbers = [
        (date(2026, 3, 1), "09/BC-UBND"),
        (date(2026, 3, 2), "50/KH-UBND"),
        (date(2026, 3, 3), "70/BC-BCĐ"),
        (date(2025, 12, 31), "88/BC-UBND"),
        (date(2026, 4, 1), "không số"),
    ]
    assert str(next_number(given_numbers, "BC-UBND", date(2026, 7, 1))) == "10/BC-UBND"
    assert str(next_number(given_numbers, "BC-UBND", date(2027, 1, 1))) == "01/BC-UBND"
    assert str(next_number([], "KH-BCĐ", date(2026, 1, 1))) == "01/KH-BCĐ"


def test_symbol_of_a_cong_van_has_no_type() -> None:
    assert symbol_of(None, "UBND", "VHXH") == "UBND-VHXH"
    assert symbol_of("QĐ", "UBND", "VHXH") == "QĐ-UBND"
    assert DocumentNumber(1, "UBND-VHXH").kind is None


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("UBND phường An Lễ", "UBND"),
        ("Uỷ ban nhân dân tỉnh Đông Hà", "UBND"),
        ("Hội đồng nhân dân xã Suối Xa", "HĐND"),
        ("Ban Chỉ đạo ISO xã", "BCĐ"),
        ("Sở Khoa học và Công nghệ", "SKHCN"),
    ],
)
def test_body_is_abbreviated(name: str, symbol: str) -> None:
    assert body_symbol(name) == symbol
