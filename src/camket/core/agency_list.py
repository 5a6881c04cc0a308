"""A list of agencies as a province keeps it in a spreadsheet, understood: code, name, level, the code above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from camket.core.headings import HEADINGS_WITHIN
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import fold, search_key


class AgencyListUnreadable(Refusal):
    """The sheet has no headings for code and name, or nothing below them."""


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """One agency as a row of the list says; ``level`` is empty where neither the row nor the name says it."""

    row: int
    code: str
    name: str
    level: str = ""
    parent_code: str = ""
    administrative_code: str = ""
    secretary: str = ""
    login: str = ""


_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("parent_code", re.compile(r"cap tren|chu quan|truc thuoc|^thuoc\b|parent|superior")),
    ("administrative_code", re.compile(r"hanh chinh|dvhc|administrative")),
    ("login", re.compile(r"dang nhap|^tai khoan|login|user")),
    ("secretary", re.compile(r"thu ky|secretary")),
    ("level", re.compile(r"^cap\b|^loai\b|^level$")),
    ("code", re.compile(r"^ma\b|dinh danh|^code$")),
    ("name", re.compile(r"^ten\b|co quan|don vi|^name$")),
)
"""What headings mean, by their words without marks; the first that fits a cell and is not taken yet."""


def read_agency_list(
    rows: Iterable[tuple[int, Sequence[str]]], levels: Mapping[str, str]
) -> tuple[ListedAgency, ...]:
    """Return the agencies of a sheet given as (number, cells); ``levels`` are the names of levels by code.

    A level is what its column says, by code or name, else what the agency's name begins with after "UBND".
    Raises AgencyListUnreadable.

    >>> sheet = [(1, ("Mã định danh", "Tên cơ quan")), (2, ("H26.1", "UBND phường Bến Đò"))]
    >>> read_agency_list(sheet, {"commune": "Xã", "ward": "Phường"})[0].level
    'ward'
    """
    listed = [(number, [fold(cell) for cell in cells]) for number, cells in rows]
    at, columns = _headings(listed)
    known = _level_words(levels)
    found = []
    for number, cells in listed[at + 1 :]:
        said = {name: cells[column] for name, column in columns.items() if column < len(cells)}
        if not said.get("code") and not said.get("name"):
            continue
        found.append(
            ListedAgency(
                row=number,
                code=said.get("code", ""),
                name=said.get("name", ""),
                level=_level(said.get("level", ""), said.get("name", ""), known),
                parent_code=said.get("parent_code", ""),
                administrative_code=said.get("administrative_code", ""),
                secretary=said.get("secretary", ""),
                login=said.get("login", ""),
            )
        )
    if not found:
        raise AgencyListUnreadable(
            Message(gettext_noop("There is no agency below the headings of the list."))
        )
    return tuple(found)


def _headings(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    """Return the place of the row of headings and the column of each."""
    for at, (_number, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            key = search_key(cell)
            name = next(
                (name for name, words in _HEADINGS if name not in columns and words.search(key)), None
            )
            if name is not None:
                columns[name] = column
        if "code" in columns and "name" in columns:
            return at, columns
    raise AgencyListUnreadable(
        Message(
            gettext_noop(
                "The list needs headings: one for the code (Mã định danh) and one for the name (Tên cơ quan)."
            )
        )
    )


def _level_words(levels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the words that mean a level, the longest first."""
    words = [
        (search_key(part), code)
        for code, name in levels.items()
        for part in (code, name, *re.split(r"[,(]", name))
        if part.strip()
    ]
    return sorted(words, key=lambda each: -len(each[0]))


def _level(text: str, name: str, known: Sequence[tuple[str, str]]) -> str:
    said = search_key(text)
    if said:
        return next((code for word, code in known if word == said), text)
    bare = re.sub(r"^(?:ubnd|uy ban nhan dan)\s+", "", search_key(name))
    return next((code for word, code in known if re.match(rf"{re.escape(word)}\b", bare)), "")
