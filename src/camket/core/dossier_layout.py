"""How the sheet of an export is laid out: where its headings stand, and which rows below are no dossiers.

Above the headings stand titles; headings may be in two rows, the upper spanning columns; below them a row of column
numbers, rows that name the field of those that follow, headings again on each printed page, totals and signatures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from camket.core import dossier_codes
from camket.core.dossier_columns import PART_OF, heading_field, looks_like_heading
from camket.core.dossier_words import word_key
from camket.core.wording.moments import parse_moment
from camket.core.wording.text import fold

__all__ = ["Aside", "Headings", "aside_of", "find_headings"]

WITHIN = 60
"""Rows from the top among which the headings are looked for."""

Rows = Sequence[tuple[int, Sequence[str]]]
"""Rows as people count them, with their cells."""


@dataclass(frozen=True, slots=True)
class Headings:
    """The rows that the headings stand in, and the heading of each column, none twice; blank columns have ""."""

    rows: tuple[int, ...]
    headers: tuple[str, ...]


def find_headings(rows: Rows) -> Headings | None:
    """Return the headings of a sheet given from its top, or None where no row names two fields of a dossier.

    >>> find_headings([(1, ["DANH SÁCH HỒ SƠ"]), (3, ["TT", "Số hồ sơ", "Ngày nhận"]), (4, ["1", "12", "05/01/2026"])])
    Headings(rows=(3,), headers=('TT', 'Số hồ sơ', 'Ngày nhận'))
    """
    listed = [(number, [fold(cell) for cell in cells]) for number, cells in rows[:WITHIN]]
    best: tuple[int, Headings] | None = None
    for at, (number, cells) in enumerate(listed):
        if sum(map(bool, cells)) < 2:
            continue
        single = _named(cells)
        score = _score(single)
        if score >= 2 and (best is None or score > best[0]):
            best = score, Headings((number,), tuple(single))
        if at + 1 == len(listed) or listed[at + 1][0] != number + 1:
            continue
        below = listed[at + 1][1]
        if not all(looks_like_heading(cell) for cell in below if cell):
            continue
        double = _named(_joined(cells, below))
        score = _score(double)
        if score >= 2 and (best is None or score > best[0]):
            best = score, Headings((number, number + 1), tuple(double))
    return best[1] if best else None


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the headings of two rows as one; an upper heading spans the blank cells right of it that have one below."""
    width = max(len(upper), len(lower))
    joined: list[str] = []
    spanning = ""
    for at in range(width):
        above = upper[at] if at < len(upper) else ""
        below = lower[at] if at < len(lower) else ""
        if above:
            spanning = above
        elif not below:
            spanning = ""
        if not below or word_key(below) == word_key(above):
            joined.append(above)
        else:
            joined.append(f"{spanning}{PART_OF}{below}" if spanning else below)
    return joined


def _named(headers: Sequence[str]) -> list[str]:
    """Return the headings with a count behind those that stood before."""
    times: dict[str, int] = {}
    named: list[str] = []
    for header in headers:
        times[header] = times.get(header, 0) + 1
        named.append(f"{header} ({times[header]})" if header and times[header] > 1 else header)
    return named


def _score(headers: Sequence[str]) -> int:
    return len({said[0] for header in headers if header and (said := heading_field(header))})


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is no dossier: ``kind`` is ``blank``, ``total``, ``heading``, ``numbers``, ``group`` or ``footer``.

    A group names what holds of the rows below it: ``field`` is ``field_name``, ``unit_name`` or ``procedure_name``.
    """

    kind: str
    field: str = ""
    value: str = ""


_TOTAL = re.compile(
    r"^(?:tong(?: (?:cong|so|cong so|hop)|$)|cong$|cong (?:chung|linh vuc|nhom|trang|so)|tong \d|tong ho so)"
)
_FOOTER = re.compile(
    r"^(?:nguoi (?:lap|tong hop|ky|bao cao)|lap (?:bieu|bang)|thu truong|thu ky|can bo (?:lap|tiep nhan)|ghi chu|noi nhan|"
    r"xac nhan|chu tich|kt chu tich|tm |truong (?:phong|ban|bo phan)|giam doc|ky ten|ky ghi ro|.* ngay \d+ thang \d+ nam \d+|"
    r"trang \d|danh sach (?:nay|gom|co)|ngay in|thoi gian (?:in|xuat)|nguon|in luc|pho chu tich|pho giam doc)"
)
_GROUP = re.compile(
    r"^\W*(lĩnh vực|nhóm thủ tục|đơn vị(?: xử lý)?|phòng|cơ quan|thủ tục(?: hành chính)?|tthc)\s*[:\-–]\s*(.+)$",
    re.I,
)
_FIELD_GROUP = re.compile(r"^\W*(lĩnh vực)\s+(\S.*)$", re.I)
_GROUP_FIELDS = {
    "l": "field_name",
    "n": "field_name",
    "đ": "unit_name",
    "p": "unit_name",
    "c": "unit_name",
    "t": "procedure_name",
}
_NUMBERED = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|\d{1,2})\s*[.)/\-–:]\s*(.+)$")
_ROMAN = re.compile(r"^(?:[IVXLC]+|[A-ZĐ])[.)]?$")
_COUNT = re.compile(r"\s*[(:\-–]\s*(?:tổng(?: số)?\s*:?\s*)?\d+\s*(?:hồ sơ|hs|thủ tục|tthc)?\s*\)?\s*$", re.I)
_COLUMN_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?$")


def aside_of(cells: Sequence[str], headers: Mapping[int, Sequence[str]], code: str) -> Aside | None:
    """Return what a row is where it is no dossier, else None.

    ``headers`` are the headings that each column had, by its index; ``code`` is the cell in the column of codes.

    >>> aside_of(["", "Lĩnh vực: Đất đai (12 hồ sơ)"], {}, "Lĩnh vực: Đất đai (12 hồ sơ)")
    Aside(kind='group', field='field_name', value='Đất đai')
    >>> aside_of(["1", "H26.12.3-260105-0001", "05/01/2026"], {}, "H26.12.3-260105-0001") is None
    True
    """
    held = [fold(cell) for cell in cells]
    filled = [cell for cell in held if cell]
    if not filled or (len(filled) == 1 and not code and filled[0].isdecimal()):
        return Aside("blank")
    if dossier_codes.parse(dossier_codes.tidy(code)) is not None:
        return None
    if _is_heading_again(held, headers):
        return Aside("heading")
    if len(filled) >= 3 and all(_COLUMN_NUMBER.match(cell) for cell in filled):
        return Aside("numbers")
    if not code or code in filled[:2]:
        keys = (
            [word_key(cell) for cell in filled]
            if len(filled) <= 3
            else [word_key(cell) for cell in filled[:2]]
        )
        if any(_TOTAL.match(key) for key in keys[:2]):
            return Aside("total")
        if len(filled) <= 3:
            group = _group(filled)
            if group is not None:
                return group
            if any(_FOOTER.match(key) for key in keys) and not any(parse_moment(cell) for cell in filled):
                return Aside("footer")
            is_name = not code or not any(map(str.isdecimal, code))
            if (
                len(filled) == 1
                and is_name
                and re.search("[a-z]{2}", keys[0])
                and parse_moment(filled[0]) is None
            ):
                return Aside("footer")
    return None


def _is_heading_again(cells: Sequence[str], headers: Mapping[int, Sequence[str]]) -> bool:
    filled = [(at, word_key(cell)) for at, cell in enumerate(cells) if cell]
    same = sum(key in {word_key(each) for each in headers.get(at, ())} for at, key in filled if key)
    return same >= 2 and same * 10 >= len(filled) * 6


def _group(filled: Sequence[str]) -> Aside | None:
    texts = [cell for cell in filled if not cell.isdecimal() and not _ROMAN.match(cell)]
    if len(texts) != 1:
        return None
    text = texts[0]
    numbered = _NUMBERED.match(text)
    if match := _GROUP.match(numbered[1] if numbered else text) or _FIELD_GROUP.match(text):
        return Aside("group", _GROUP_FIELDS[match[1][0].lower()], _COUNT.sub("", match[2]).strip())
    is_marked = numbered is not None or any(_ROMAN.match(cell) for cell in filled if cell != text)
    if is_marked and not re.search(r"\d{4}", text) and re.search("[a-z]{3}", word_key(text)):
        value = _COUNT.sub("", numbered[1] if numbered else text).strip()
        value = re.sub(r"^lĩnh vực\s+", "", value, flags=re.I)
        return Aside("group", "field_name", value)
    return None
