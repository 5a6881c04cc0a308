"""Numbers and symbols of official documents.

Source: Nghị định 30/2020/NĐ-CP, Điều 15 (numbers run from 01 on 1 January to 31 December, given after
signature), Phụ lục I phần II.3 (form of the number), Phụ lục III (abbreviations of types).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from camket.core.messages import Message, Refusal, gettext_noop

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "NQ": "Nghị quyết",
        "QĐ": "Quyết định",
        "CT": "Chỉ thị",
        "QC": "Quy chế",
        "QyĐ": "Quy định",
        "TC": "Thông cáo",
        "TB": "Thông báo",
        "HD": "Hướng dẫn",
        "CTr": "Chương trình",
        "KH": "Kế hoạch",
        "PA": "Phương án",
        "ĐA": "Đề án",
        "DA": "Dự án",
        "BC": "Báo cáo",
        "BB": "Biên bản",
        "TTr": "Tờ trình",
        "HĐ": "Hợp đồng",
        "CĐ": "Công điện",
        "BGN": "Bản ghi nhớ",
        "BTT": "Bản thỏa thuận",
        "GUQ": "Giấy ủy quyền",
        "GM": "Giấy mời",
        "GGT": "Giấy giới thiệu",
        "GNP": "Giấy nghỉ phép",
        "PG": "Phiếu gửi",
        "PC": "Phiếu chuyển",
        "PB": "Phiếu báo",
    }
)

COPIES: Mapping[str, str] = MappingProxyType({"SY": "Bản sao y", "SL": "Bản sao lục", "TrS": "Bản trích sao"})
"""Copies by their symbols, with what each is called; all copies that a body makes are numbered in one series.

Source: Nghị định 30/2020/NĐ-CP, Điều 25; Phụ lục I, phần II (copies); Phụ lục III.
"""

COPY_TITLES: Mapping[str, str] = MappingProxyType({"SY": "SAO Y", "SL": "SAO LỤC", "TrS": "TRÍCH SAO"})
"""What stands on a copy as its form. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II (copies)."""

_NUMBER = re.compile(r"0*(?P<number>\d{1,5})(?:/(?P<year>\d{4}))?/(?P<symbol>\w[\w&]*(?:-\w[\w&]*)*)")


class NumberNotWellFormed(ValueError):
    """A text is no document number; ``text`` is what stood there."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not the number of an official document: {text!r}")
        self.text = text


class NumberNotPossible(Refusal):
    """A document cannot have the number that was typed: it is not well formed, or another one has it."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document's number: ordinal in its series, the year where it is normative, and the symbol.

    >>> str(DocumentNumber(5, "QĐ-UBND")), str(DocumentNumber(19, "QĐ-TTg", 2014))
    ('05/QĐ-UBND', '19/2014/QĐ-TTg')
    """

    ordinal: int
    symbol: str
    year: int | None = None

    def __str__(self) -> str:
        year = "" if self.year is None else f"/{self.year}"
        return f"{self.ordinal:02d}{year}/{self.symbol}"

    @property
    def kind(self) -> str | None:
        """The abbreviation of the type or copy; None for a công văn, whose symbol has none (``12/UBND-VX``)."""
        first = self.symbol.split("-", 1)[0]
        return first if first in KINDS or first in COPIES else None

    @property
    def body(self) -> str:
        """The abbreviation of the body whose document it is, as :func:`body_symbol` makes them ("" where it names none).

        >>> [parse_document_number(each).body for each in ("05/QĐ-UBND", "12/UBND-VX", "03/BC-ĐĐG")]
        ['UBND', 'UBND', 'ĐĐG']
        """
        parts = self.symbol.split("-")
        return "-".join(parts[1:2]) if self.kind else parts[0]


def parse_document_number(text: str) -> DocumentNumber:
    """Return the number that a text states, with or without "Số:" before it. Raises NumberNotWellFormed.

    >>> parse_document_number("Số: 5 / QĐ - UBND")
    DocumentNumber(ordinal=5, symbol='QĐ-UBND', year=None)
    >>> parse_document_number("12/UBND-VX").kind is None
    True
    """
    bare = re.sub(r"^\s*[Ss]ố\s*:?", "", text)
    match = _NUMBER.fullmatch(re.sub(r"\s+", "", bare).replace("–", "-"))
    if match is None or int(match["number"]) == 0:
        raise NumberNotWellFormed(text)
    return DocumentNumber(
        int(match["number"]), match["symbol"], int(match["year"]) if match["year"] else None
    )


def well_formed(text: str, *, example: str) -> str:
    """Return a number and symbol that somebody typed as official documents write them.

    Raises NumberNotPossible with ``example``, a number of the kind that is asked for.

    >>> well_formed("Số: 5/QĐ - UBND", example="12/QĐ-UBND")
    '05/QĐ-UBND'
    """
    try:
        return str(parse_document_number(text))
    except NumberNotWellFormed as error:
        raise NumberNotPossible(
            Message(
                gettext_noop("Write the number and symbol as on the paper, for example %(example)s."),
                {"example": example},
            )
        ) from error


LETTER = "CV"
"""What the series of official letters (công văn) is known by: their symbols name no type."""
COPY = "SAO"
"""What the series of copies is known by, whichever of :data:`COPIES` they are."""


def series_of(number: DocumentNumber) -> str:
    """Return the series in which a number was given: type and issuing body; normative documents have their own.

    >>> [series_of(parse_document_number(each)) for each in ("05/QĐ-UBND", "12/UBND-VX", "3/2026/QĐ-UBND", "2/TB-BCĐ")]
    ['QĐ-UBND', 'CV-UBND', 'QĐ-UBND/QPPL', 'TB-BCĐ']
    >>> {series_of(parse_document_number(each)) for each in ("01/SY-UBND", "02/TrS-UBND", "03/SL-UBND")}
    {'SAO-UBND'}

    Source: Nghị định 30/2020/NĐ-CP, Điều 15 khoản 3 (each type has its own series, committees theirs); Phụ lục I, phần II
    (one series for all copies).
    """
    parts = number.symbol.split("-")
    if number.kind in COPIES:
        return f"{COPY}-{'-'.join(parts[1:2])}"
    series = "-".join(parts[:2]) if number.kind else f"{LETTER}-{parts[0]}"
    return f"{series}/QPPL" if number.year is not None else series


def series_name(series: str) -> str:
    """Return what people call a series: its symbol, the type before the body where the symbol names no type.

    >>> [series_name(each) for each in ("QĐ-UBND", "CV-UBND", "SAO-UBND", "QĐ-UBND/QPPL")]
    ['QĐ-UBND', 'Công văn · UBND', 'Bản sao · UBND', 'QĐ-UBND · văn bản quy phạm pháp luật']
    """
    symbol, _slash, normative = series.partition("/")
    kind, _dash, body = symbol.partition("-")
    name = f"{_SERIES[kind]} · {body}" if kind in _SERIES and body else symbol
    return f"{name} · văn bản quy phạm pháp luật" if normative else name


_SERIES = {LETTER: "Công văn", COPY: "Bản sao"}


def gaps_in(given: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of numbers, from 1 to the largest given, that were not given: the first and last of each.

    >>> gaps_in({1, 4, 5, 7})
    ((2, 3), (6, 6))
    """
    found, expected = [], 1
    for each in sorted(given):
        if each > expected:
            found.append((expected, each - 1))
        expected = each + 1
    return tuple(found)


def symbol_of(kind: str | None, body: str, unit: str = "") -> str:
    """Return the symbol of a document: type and issuing body; a công văn has body and drafting unit instead.

    >>> symbol_of("BC", "UBND"), symbol_of(None, "UBND", "VX")
    ('BC-UBND', 'UBND-VX')
    """
    return "-".join(part for part in (kind or "", body, "" if kind else unit) if part)


def next_number(given: Iterable[tuple[date, str]], symbol: str, on: date) -> DocumentNumber:
    """Return the number that follows those given in the series of a symbol in the year of ``on``.

    ``given`` are issue dates with numbers as written; those of other years or series, and those that
    are not well formed, do not count. The first of a year is 01.

    >>> str(next_number([(date(2026, 3, 1), "09/BC-UBND"), (date(2025, 9, 1), "41/BC-UBND")], "BC-UBND", date(2026, 7, 1)))
    '10/BC-UBND'
    """
    latest = 0
    for day, text in given:
        try:
            number = parse_document_number(text)
        except NumberNotWellFormed:
            continue
        if day.year == on.year and number.symbol == symbol:
            latest = max(latest, number.ordinal)
    return DocumentNumber(latest + 1, symbol)


def body_symbol(name: str) -> str:
    """Return the abbreviation by which a body's documents are known, from its name.

    >>> body_symbol("Ủy ban nhân dân xã Bình Yên"), body_symbol("Ban Chỉ đạo ISO"), body_symbol("Sở Nội vụ")
    ('UBND', 'BCĐ', 'SNV')
    """
    folded = " ".join(name.split())
    for start, symbol in _BODIES:
        if folded.casefold().startswith(start):
            return symbol
    return "".join(
        word[0].upper() for word in re.findall(r"\w+", folded) if word.casefold() not in {"và", "của"}
    )


_BODIES = (
    ("ủy ban nhân dân", "UBND"),
    ("uỷ ban nhân dân", "UBND"),
    ("ubnd", "UBND"),
    ("hội đồng nhân dân", "HĐND"),
    ("hđnd", "HĐND"),
    ("ban chỉ đạo", "BCĐ"),
)
