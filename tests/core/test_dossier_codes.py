"""Codes of dossiers in their three shapes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.dossier_codes import Shape, is_of, parse, tidy


@pytest.mark.parametrize(
    ("code", "shape", "agency", "received_on", "number", "system"),
    [
        ("000.00.01.H26-260930-0012", Shape.OLD, "000.00.01.H26", date(2026, 9, 30), "0012", ""),
        ("H26.12.3-240101-0001", Shape.LOCAL, "H26.12.3", date(2024, 1, 1), "0001", ""),
        ("H26.12.3-260124-010001", Shape.LOCAL, "H26.12.3", date(2026, 1, 24), "010001", ""),
        ("H26.12.3-260125-010001", Shape.CENTRAL, "H26.12.3", date(2026, 1, 25), "0001", "01"),
        ("H26-260701-12345", Shape.LOCAL, "H26", date(2026, 7, 1), "12345", ""),
        (" h26.12.3 – 240229 – 0001 ", Shape.LOCAL, "H26.12.3", date(2024, 2, 29), "0001", ""),
    ],
)
def test_codes_are_read(
    code: str, shape: Shape, agency: str, received_on: date, number: str, system: str
) -> None:
    found = parse(code)
    assert found is not None
    assert (found.shape, found.agency, found.received_on, found.number, found.system) == (
        shape, agency, received_on, number, system,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["", "HS-0001", "H26-260230-0001", "H26-260101-001", "H26.1234-260101-0001"])
def test_other_codes_are_none_of_ours(code: str) -> None:
    assert parse(code) is None


@pytest.mark.parametrize(
    ("code", "own", "expected"),
    [
        ("H26.12.3", ["H26.12.3"], True),
        ("H26.12.3", ["H26.12"], True),  # an office of it
        ("H26.12.3", ["H26.9", "H26.12.3"], True),
        ("H26.12", ["H26.12.3"], False),
        ("H26.123", ["H26.12"], False),
        ("000.03.12.H26", ["H26.12.3"], True),
        ("000.00.12.H26", ["H26.12"], True),
        ("H26.12", ["000.00.12.H26"], True),
        ("000.03.12.H27", ["H26.12.3"], False),
        ("h26.12.3", ["H26.12.3 "], True),
        ("H26.12.3", [], False),
        ("H26.12.3", [""], False),
    ],
)
def test_a_code_is_of_an_agency_or_of_an_office_below_it(code: str, own: list[str], expected: bool) -> None:
    assert is_of(code, own) is expected


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_not_and_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert parse(text) == parse(tidy(text))
