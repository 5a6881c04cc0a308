"""What an official types, and what is read from it: the silent faults of Django's Vietnamese, made loud."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from camket.core.wording.dates import official_date
from camket.web import vietnamese
from camket.web.forms.fields import (
    DateField,
    DayMonthField,
    DecimalField,
    IntegerField,
    LongTextField,
    NumberField,
    UnitChoiceField,
)


def refusal(field: Any, typed: str) -> str:
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("3/4/2026", date(2026, 4, 3)),
        ("25/12/2026", date(2026, 12, 25)),
        ("03-04-2026", date(2026, 4, 3)),
        ("3.4.2026", date(2026, 4, 3)),
        (" 3 / 4 / 2026 ", date(2026, 4, 3)),
        ("03042026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("ngày 03 tháng 4 năm 2026", date(2026, 4, 3)),
        ("29/02/2028", date(2028, 2, 29)),
        (date(2026, 4, 3), date(2026, 4, 3)),
        (datetime(2026, 4, 3, 8), date(2026, 4, 3)),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_days_are_read_day_first_in_every_language(typed: Any, read: date, language: str) -> None:
    with translation.override(language):
        assert DateField().clean(typed) == read


@pytest.mark.parametrize(
    "typed", ["3/4/26", "12/25/2026 x", "mai", "4/2026", "0/0/0000", "03/04/20266", "3/4/1026"]
)
def test_other_forms_of_days_are_refused_with_the_form_to_use(typed: str) -> None:
    assert "ngày/tháng/năm" in refusal(DateField(), typed)


@pytest.mark.parametrize("typed", ["31/02/2026", "12/25/2026", "29/2/2026", "2026-13-01", "31042026"])
def test_days_that_no_calendar_has_are_named(typed: str) -> None:
    assert typed in refusal(DateField(), typed)


def test_days_keep_within_limits() -> None:
    field = DateField(earliest=date(2026, 1, 1), latest=date(2026, 12, 31))
    assert field.clean("1/1/2026") == date(2026, 1, 1)
    assert field.clean("31/12/2026") == date(2026, 12, 31)
    assert "01/01/2026" in refusal(field, "31/12/2025")
    assert "31/12/2026" in refusal(field, "1/1/2027")


def test_an_empty_day_is_none_or_asked_for() -> None:
    assert DateField(required=False).clean("  ") is None
    with pytest.raises(ValidationError):
        DateField().clean("")


def test_days_are_shown_as_they_are_typed() -> None:
    assert 'value="03/04/2026"' in DateField().widget.render("x", date(2026, 4, 3))
    assert 'value="31/02/2026"' in DateField().widget.render("x", "31/02/2026")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("98,5", "98.5"),
        ("0,05", "0.05"),
        ("1.234.567", "1234567"),
        ("-3,5", "-3.5"),
        ("\N{MINUS SIGN}3,5", "-3.5"),
        ("1 234,5", "1234.5"),
        ("1\N{NO-BREAK SPACE}234", "1234"),
        ("007", "7"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_numbers_are_read_in_vietnamese_form(typed: str, read: str, language: str) -> None:
    with translation.override(language):
        assert DecimalField().clean(typed) == Decimal(read)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("98.5", "98,5"),
        ("0.05", "0,05"),
        ("1,234.5", "1.234,5"),
        ("1234.567", "1.234,567"),
        ("12.34", "12,34"),
    ],
)
def test_english_numbers_are_refused_with_the_form_meant(typed: str, hint: str) -> None:
    assert hint in refusal(DecimalField(), typed)


@pytest.mark.parametrize(
    "typed", ["abc", "1.23.456", "1,2,3", "12.3456,7", "1e5", "--3", "NaN", "Infinity", "½", ",5", "5,"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert "1.234,5" in refusal(DecimalField(), typed)


def test_a_unit_may_stand_behind_a_number() -> None:
    assert DecimalField(suffix="%").clean("98,5 %") == Decimal("98.5")
    assert DecimalField(suffix="%").clean("98,5") == Decimal("98.5")
    assert "1.234,5" in refusal(DecimalField(), "98,5 %")


def test_numbers_keep_within_limits() -> None:
    field = DecimalField(smallest=0, largest=100, decimal_places=2)
    assert field.clean("100") == 100
    assert "0" in refusal(field, "-1")
    assert "100" in refusal(field, "100,01")
    assert refusal(field, "1,234") == "Số có quá nhiều chữ số thập phân."
    assert refusal(DecimalField(max_digits=3, decimal_places=0), "1234") == "Số có quá nhiều chữ số."
    assert refusal(IntegerField(), "1,5") == "Hãy ghi số nguyên."


def test_whole_numbers_come_out_as_int() -> None:
    assert IntegerField().clean("1.234") == 1234
    assert isinstance(IntegerField().clean("1.234"), int)
    assert IntegerField(required=False).clean("") is None


def test_numbers_are_shown_as_they_are_typed() -> None:
    assert 'value="1.234,5"' in DecimalField().widget.render("x", Decimal("1234.500000"))
    assert 'value="98.5"' in DecimalField().widget.render("x", "98.5")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_number_shown_is_read_back_the_same(value: Decimal) -> None:
    assert vietnamese.parse_number(vietnamese.number(value)) == value


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_a_day_shown_or_written_is_read_back_the_same(day: date) -> None:
    assert vietnamese.parse_day(vietnamese.day(day)) == day
    assert vietnamese.parse_day(official_date(day)) == day


@pytest.mark.parametrize(
    ("typed", "read"), [("15/6", "06-15"), ("30-11", "11-30"), ("1.1", "01-01"), ("", "")]
)
def test_days_of_every_year(typed: str, read: str) -> None:
    assert DayMonthField(required=False).clean(typed) == read


def test_a_day_that_not_every_year_has_is_refused() -> None:
    assert "29/2" in refusal(DayMonthField(), "29/2")
    assert "ngày/tháng" in refusal(DayMonthField(), "15")
    assert 'value="15/6"' in DayMonthField().widget.render("x", "06-15")


def test_only_rows_given_can_be_chosen() -> None:
    field = UnitChoiceField(required=False)
    field.rows = [(7, "Phòng Kinh tế")]
    assert field.clean("7") == 7
    assert field.clean("") is None
    assert field.rows == ((7, "Phòng Kinh tế"),)
    with pytest.raises(ValidationError):
        field.clean("8")


def test_long_texts_keep_their_lines_and_fold_the_rest() -> None:
    assert LongTextField().clean("  a \t b\r\n\r\nc  ") == "a b\n\nc"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5/QĐ-UBND", "05/QĐ-UBND"),
        ("Số: 12 / BC - UBND", "12/BC-UBND"),
        ("7/2026/QĐ-UBND", "07/2026/QĐ-UBND"),
        ("  ", ""),
    ],
)
def test_a_number_is_written_as_documents_write_it(typed: str, read: str) -> None:
    assert NumberField(example="05/QĐ-UBND", required=False).clean(typed) == read


@pytest.mark.parametrize("typed", ["xyz", "12", "/QĐ-UBND", "00/QĐ-UBND", "12/QĐ-UBND và 13/QĐ-UBND"])
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    assert "05/QĐ-UBND" in refusal(NumberField(example="05/QĐ-UBND"), typed)
