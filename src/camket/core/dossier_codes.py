"""Codes of dossiers, as the one-stop systems give them: three shapes, read and never made up.

Source: Thông tư 01/2018/TT-VPCP, Điều 19; Thông tư 03/2025/TT-VPCP, Điều 13; Thông tư 4/2025/TT-VPCP, Điều 23.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_CODE = re.compile(r"([0-9A-Z]{2,3}(?:\.[0-9A-Z]{1,3}){0,5})-(\d{6})-(\d{4,8})")
_PROVINCE = re.compile(r"[A-Z]\d{2}")
_SPACES = re.compile(r"\s+")
_CENTRAL_DIGITS = 6
_CENTRAL_SINCE = date(2026, 1, 25)
_DASHES = str.maketrans("‐‑‒–—−", "------")


class Shape(StrEnum):
    """Which rule a code follows."""

    OLD = "old"  # 000.00.01.H26-260930-0012: the agency's code in reversed order
    LOCAL = "local"  # H26.12.3-240101-0001
    CENTRAL = "central"  # H26.12.3-260201-010001: two digits of the owner of the system before the number


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A code's parts: the agency's code as written, the day of receipt, the running number of that day."""

    shape: Shape
    agency: str
    received_on: date
    number: str
    system: str = ""


def tidy(code: str) -> str:
    """Return a code as it is stored: without spaces, in capitals, with plain hyphens.

    >>> tidy(" h26.12.3 – 240101-0001 ")
    'H26.12.3-240101-0001'
    """
    return _SPACES.sub("", code).upper().translate(_DASHES)


def parse(code: str) -> DossierCode | None:
    """Return the parts of a code; None where it has none of the three shapes or its date does not exist.

    A dossier with another code is kept all the same: some systems number by themselves. A number of six digits or
    more, given from 25/01/2026 on, is read as that of a central system; both kinds have room for more numbers.

    >>> parse("H26.12.3-240101-0001").received_on
    datetime.date(2024, 1, 1)
    >>> parse("000.00.01.H26-260930-0012").shape.value
    'old'
    >>> parse("H26.12.3-260201-010001").system
    '01'
    >>> parse("H26-261301-0001") is None
    True
    """
    match = _CODE.fullmatch(tidy(code))
    if match is None:
        return None
    agency, day, number = match.groups()
    try:
        received_on = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    if agency[0].isdigit():
        return DossierCode(Shape.OLD, agency, received_on, number)
    if len(number) >= _CENTRAL_DIGITS and received_on >= _CENTRAL_SINCE:
        return DossierCode(Shape.CENTRAL, agency, received_on, number[2:], number[:2])
    return DossierCode(Shape.LOCAL, agency, received_on, number)


def may_stand_in_codes(code: str) -> bool:
    """Return whether an agency's code is one that codes of dossiers name: the letter and two digits of a province in it.

    >>> may_stand_in_codes("H26.12"), may_stand_in_codes("000.00.12.H26"), may_stand_in_codes("00004")
    (True, True, False)
    """
    return any(_PROVINCE.fullmatch(group) for group in code.strip().upper().split("."))


def is_of(code: str, own: Iterable[str]) -> bool:
    """Return whether the agency's part of a dossier's code is one of these codes, or of an office below one of them.

    Both ways of writing a code are held against each other: the old one goes from the office up to the province and
    fills with zeros.

    >>> is_of("H26.12.3", ["H26.12"]), is_of("000.00.01.H26", ["H26.1"]), is_of("H26.12", ["H26.1"])
    (True, True, False)

    Source: QCVN 102:2016/BTTTT; Quyết định 20/2020/QĐ-TTg, Điều 5.
    """
    parts = _parts(code)
    return any(mine and parts[: len(mine)] == mine for mine in map(_parts, own))


def _parts(code: str) -> tuple[str, ...]:
    """Return the groups of an agency's code from the province down, without the zeros that fill it."""
    groups = code.strip().upper().split(".")
    if code[:1].isdigit() and len(groups) > 1:
        groups.reverse()
    groups = [groups[0], *(group.lstrip("0") for group in groups[1:])]
    while groups and not groups[-1]:
        groups.pop()
    return tuple(groups)
