"""Dates with or without a time, as exports have them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.wording.moments import parse_moment

NOON = datetime(2026, 1, 5, 14, 30)
DAY = datetime(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05/01/2026", DAY),
        ("5/1/2026", DAY),
        ("5/1/26", DAY),
        ("05-01-2026", DAY),
        ("05.01.2026", DAY),
        ("ngày 05 tháng 01 năm 2026", DAY),
        ("05/01/2026 14:30", NOON),
        ("05/01/2026 14:30:00", NOON),
        ("05/01/2026 14h30", NOON),
        ("05/01/2026 14 giờ 30 phút", NOON),
        ("05/01/2026 2:30 CH", NOON),
        ("05/01/2026 02:30 PM", NOON),
        ("05/01/2026, 14:30", NOON),
        ("05/01/2026 - 14:30", NOON),
        ("05/01/2026 lúc 14:30", NOON),
        ("14:30 05/01/2026", NOON),
        ("14:30:00 05/01/2026", NOON),
        ("14h30 ngày 05/01/2026", NOON),
        ("14 giờ 30 ngày 05 tháng 01 năm 2026", NOON),
        ("2026-01-05", DAY),
        ("2026/01/05", DAY),
        ("2026-01-05 14:30", NOON),
        ("2026-01-05T14:30:00", NOON),
        ("2026-01-05T14:30:00.000", NOON),
        ("2026-01-05T14:30:00+07:00", NOON),
        ("2026-01-05T14:29:59.600", NOON),
        ("20260105", DAY),
        ("20260105143000", NOON),
        ("46027", DAY),
        ("46027.604166667", NOON),
        ("46027,604166667", NOON),
        ("05/01/2026 12:05 AM", datetime(2026, 1, 5, 0, 5)),
    ],
)
def test_the_usual_forms(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "30/02/2026", "31/06/2026", "05/13/2026", "01/2026", "14:30", "hôm qua", "0912345678", "25", "12345", "99999",
     "05/01/2026 25:00", "H26.12.3-260105-0001", "1.004873", "05/01/2026 và 06/01/2026"],
)  # fmt: skip
def test_what_is_no_moment(text: str) -> None:
    assert parse_moment(text) is None


def test_the_month_first_where_it_is_known_to_be() -> None:
    assert parse_moment("1/5/2026 2:30 PM", is_month_first=True) == NOON
    assert parse_moment("01/13/2026", is_month_first=True) == datetime(2026, 1, 13)
    assert parse_moment("13/01/2026", is_month_first=True) is None
    assert parse_moment("2026-01-05", is_month_first=True) == DAY


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(lambda each: each.replace(microsecond=0)),
    st.sampled_from(
        ["%d/%m/%Y %H:%M:%S", "%H:%M:%S %d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y %Hh%M:%S", "%Y%m%d%H%M%S"]
    ),
)
def test_any_moment_written_is_read_again(moment: datetime, form: str) -> None:
    assert parse_moment(moment.strftime(form)) == moment


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)).map(lambda each: each.replace(microsecond=0))
)
def test_a_day_as_excel_counts_them_is_read_to_the_second(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
    assert parse_moment(f"{serial:.9f}") == moment


@given(st.text(max_size=30))
def test_any_text_is_judged(text: str) -> None:
    assert parse_moment(text) is None or any(character.isdigit() for character in text)
