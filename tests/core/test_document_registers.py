"""What the registers of official documents say of an entry: the symbol is that of the type."""

from __future__ import annotations

from datetime import date

import pytest

from camket.core.registers import REGISTERS
from camket.core.registers.reading import problems_in

DAY = date(2026, 7, 6)


def wrong(register: str, kind: str, number: str) -> list[str]:
    """Return which type the symbol of an entry is said to be of, where it is another."""
    values = {
        "on": DAY,
        "title": "Về việc giao nhiệm vụ",
        "source": "UBND tỉnh",
        "kind": kind,
        "number": number,
    }
    return [
        each.message.params["stated"]
        for each in problems_in(REGISTERS[register], values, DAY)
        if each.field == "kind"
    ]


@pytest.mark.parametrize("register", ["incoming", "outgoing"])
@pytest.mark.parametrize(
    ("kind", "number", "stated"),
    [
        ("QĐ", "12/QĐ-UBND", []),
        ("QĐ", "12/KH-UBND", ["Kế hoạch"]),
        ("SY", "03/SY-UBND", []),
        ("QĐ", "03/SY-UBND", ["Bản sao y"]),
        ("letter", "45/UBND-VX", []),
        ("KH", "45", []),
        ("QĐ", "12-QĐ/ĐU", []),
        ("other", "10/2022/QH15", []),
    ],
)
def test_the_symbol_is_that_of_the_type(register: str, kind: str, number: str, stated: list[str]) -> None:
    assert wrong(register, kind, number) == stated


def test_letters_of_others_may_begin_with_their_body() -> None:
    assert wrong("incoming", "letter", "123/CT-TTHT") == []
    assert wrong("outgoing", "letter", "123/CT-UBND") == ["Chỉ thị"]
    assert wrong("outgoing", "other", "12/QĐ-UBND") == ["Quyết định"]
