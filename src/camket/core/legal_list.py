"""A list of legal texts as an office keeps it in a spreadsheet, understood: number, kind, title, issuer, days of force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.headings import fullest_row
from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.dates import parse_date
from camket.core.wording.text import fold

HEADS = (
    "Số, ký hiệu",
    "Loại văn bản",
    "Trích yếu",
    "Cơ quan ban hành",
    "Ngày ban hành",
    "Có hiệu lực từ",
    "Hết hiệu lực sau ngày",
    "Địa chỉ",
)
"""Headings of the list as it is handed out, in the order of the fields of :class:`ListedText` from ``number`` on."""

_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ends_on", re.compile(r"het hieu luc|ngay het|het han")),
    ("effective_on", re.compile(r"hieu luc")),
    ("issued_on", re.compile(r"ngay ban hanh|ngay ky|^ngay")),
    ("issuer", re.compile(r"co quan|noi ban hanh")),
    ("number", re.compile(r"so.{0,5}ky hieu|so hieu|ky hieu|^so van ban")),
    ("kind", re.compile(r"^loai|hinh thuc")),
    ("title", re.compile(r"trich yeu|ten van ban|^ten\b|noi dung")),
    ("address", re.compile(r"dia chi|duong dan|lien ket|website")),
)
_LONGEST = {"number": 100, "kind": 60, "title": 1000, "issuer": 255, "address": 1000}
_DAYS = ("issued_on", "effective_on", "ends_on")
_TITLES = dict(
    zip(
        ("number", "kind", "title", "issuer", "issued_on", "effective_on", "ends_on", "address"),
        HEADS,
        strict=True,
    )
)


class LegalListUnreadable(Refusal):
    """The sheet has no headings for number and title, or nothing below them."""


@dataclass(frozen=True, slots=True)
class ListedText:
    """A legal text as a row of the list states it; what the row leaves empty is empty."""

    row: int
    number: str
    kind: str = ""
    title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    ends_on: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, and why."""

    number: int
    message: Message


@dataclass(frozen=True, slots=True)
class LegalList:
    """A list read: texts to take in, rows that cannot be taken."""

    texts: tuple[ListedText, ...] = ()
    bad: tuple[BadRow, ...] = ()


def read_legal_list(rows: Iterable[tuple[int, Sequence[str]]]) -> LegalList:
    """Return the legal texts of a sheet given as (number, cells). Raises LegalListUnreadable.

    >>> sheet = [(1, ("Số, ký hiệu", "Trích yếu")), (2, ("118/2025/NĐ-CP", "Về thực hiện thủ tục hành chính"))]
    >>> read_legal_list(sheet).texts[0].kind
    'Nghị định'
    """
    listed = [(number, [fold(cell) for cell in cells]) for number, cells in rows]
    found = fullest_row(listed, _HEADINGS, lambda names: {"number", "title"} <= names, longest=40)
    if found is None:
        raise LegalListUnreadable(
            Message(
                gettext_noop(
                    "The sheet has no row of headings with “Số, ký hiệu” and “Trích yếu”. Take the list out of here, fill "
                    "it in and bring it in again."
                )
            )
        )
    at, columns = found
    texts: list[ListedText] = []
    bad: list[BadRow] = []
    seen: dict[str, int] = {}
    for number, cells in listed[at + 1 :]:
        said = {name: cells[column] for name, column in columns.items() if column < len(cells)}
        if not any(said.values()):
            continue
        text, message = _text(number, said)
        if text is None or message is not None:
            bad.append(BadRow(number, message or _NO_NUMBER))
            continue
        earlier = seen.setdefault(text.number.casefold(), number)
        if earlier != number:
            bad.append(
                BadRow(
                    number,
                    Message(gettext_noop("It stands in row %(row)s already."), {"row": str(earlier)}),
                )
            )
            continue
        texts.append(text)
    if not texts and not bad:
        raise LegalListUnreadable(
            Message(gettext_noop("There is no legal text below the headings of the list."))
        )
    return LegalList(tuple(texts), tuple(bad))


_NO_NUMBER = Message(gettext_noop("Its number and symbol are missing."))


def _text(row: int, said: dict[str, str]) -> tuple[ListedText | None, Message | None]:
    number = said.get("number", "")
    if not number:
        return None, _NO_NUMBER
    for name, most in _LONGEST.items():
        if len(said.get(name, "")) > most:
            values = {"column": _TITLES[name], "most": str(most)}
            return None, Message(gettext_noop("“%(column)s” is longer than %(most)s characters."), values)
    days: dict[str, date | None] = {}
    for name in _DAYS:
        written = said.get(name, "")
        day = _day(written)
        if written and day is None:
            return None, Message(
                gettext_noop("“%(column)s” holds “%(text)s”, which is no day. Write it as dd/mm/yyyy."),
                {"column": _TITLES[name], "text": written[:40]},
            )
        days[name] = day
    if problem := days_problem(days["issued_on"], days["effective_on"], days["ends_on"]):
        return None, problem
    address = said.get("address", "")
    if address and not is_address(address):
        return None, Message(gettext_noop("A link begins with https:// or http://."))
    title = said.get("title", "")
    text = ListedText(
        row=row,
        number=number,
        kind=said.get("kind", "") or kind_in(number, title),
        title=title,
        issuer=said.get("issuer", ""),
        address=address,
        **days,
    )
    return text, None


def days_problem(issued_on: date | None, effective_on: date | None, ends_on: date | None) -> Message | None:
    """Return what is wrong with the days of a legal text, if anything is."""
    if issued_on and effective_on and effective_on < issued_on:
        return Message(gettext_noop("A text does not take effect before the day on which it is issued."))
    since = effective_on or issued_on
    if since and ends_on and ends_on < since:
        return Message(gettext_noop("The last day in force comes before the first."))
    return None


def is_address(text: str) -> bool:
    """Return whether a text is a web address."""
    return re.fullmatch(r"https?://[^\s/:@]+(?::\d{1,5})?(?:[/?#]\S*)?", text, re.IGNORECASE) is not None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return parse_date(text)


def kind_in(number: str, title: str = "") -> str:
    """Return the kind of a legal text by its symbol or the first words of its title; "" where neither tells it.

    >>> kind_in("118/2025/NĐ-CP"), kind_in("26/2014/TT-BKHCN"), kind_in("91/2025/QH15")
    ('Nghị định', 'Thông tư', 'Luật')
    """
    upper = number.upper()
    by_symbol = next((kind for mark, kind in _KINDS if mark in upper), "")
    return by_symbol or next((kind for _, kind in _KINDS if title.casefold().startswith(kind.casefold())), "")


_KINDS = (
    ("/TTLT-", "Thông tư liên tịch"),
    ("/TT-", "Thông tư"),
    ("/NĐ-CP", "Nghị định"),
    ("/QH", "Luật"),
    ("/NQ-", "Nghị quyết"),
    ("/QĐ-", "Quyết định"),
    ("/CT-", "Chỉ thị"),
    ("/PL-", "Pháp lệnh"),
    ("TCVN", "Tiêu chuẩn quốc gia"),
)
KINDS = tuple(dict.fromkeys(kind for _, kind in _KINDS))
"""Kinds of legal texts proposed for a new one."""
