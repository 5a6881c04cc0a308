"""Figures that a person typed into a report's text by hand: nothing keeps them equal to what was measured, so they are shown.

Dates, years, periods, lengths of time, numbers of documents, articles and standards are no figures of results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from camket.core.narrative import COUNTS, RESULT
from camket.core.wording.text import fold

_NAMED = re.compile(r"\{[^{}]*\}")
_NO_RESULT = re.compile(
    r"""
      (?<![\d.,])\d{1,2}\s*([/.-])\s*\d{1,2}\s*\1\s*\d{2,4}(?!\d)       # a day
    | (?:ngày|tháng|năm|quý|kỳ|lần\ thứ|thứ|đợt|giai\ đoạn)\s+\d+(?:\s*[–/.-]\s*\d+)*(?![\d,.]*\s*%)
    | \d+\s*/\s*\d{4}\s*/\s*[A-ZĐa-zđ][\w-]*                              # 26/2014/TT-BKHCN
    | \d+\s*/\s*[A-ZĐ][\wĐđ-]*                                            # 05/QĐ-UBND
    | (?:điều|khoản|điểm|mục|phụ\ lục|biểu|mẫu|chương|phần|số|bước)\s+(?:số\s+)?[\dIVX]+(?:[./]\d+)*
    | (?:ISO|TCVN)(?:\s+ISO)?\s*\d+(?::\d{4})?
    | \d[\d.,]*\s*(?:ngày|tuần|tháng|quý|năm|giờ|phút)\b                  # a length of time
    | \b(?:19|20)\d{2}\b(?!\s*%)                                          # a year
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w/])\d[\d.,]*(?:\s*/\s*\d[\d.,]*)?(?:\s*%|\s*‰)?", re.IGNORECASE)
_NO_CLAIM = re.compile(
    r"(?:tăng|giảm|mức đề ra|chỉ tiêu|ít nhất|tối thiểu|từ|trên|dưới|không quá)\W*(?:\w+\W+)?$", re.IGNORECASE
)
_LIST_MARK = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]\s+)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure typed by hand; ``measured`` is what was measured of the same kind where that is another, else ""."""

    text: str
    measured: str = ""


def typed_figures(text: str, figures: Mapping[str, str], *, known: str = "") -> tuple[TypedFigure, ...]:
    """Return the figures that a text holds without a name, each once, in order.

    ``figures`` is what was measured, by name; ``known`` the words that are no claim, such as the target's own text.

    >>> typed_figures("Hồ sơ đúng hạn đạt 99,9 % (tăng so với năm 2025).", {"kết quả": "98,16 %"})
    (TypedFigure(text='99,9 %', measured='98,16 %'),)
    >>> typed_figures("Đạt {kết quả}, theo Quyết định 05/QĐ-UBND ngày 05/01/2026; máy chủ dừng 02 ngày.", {})
    ()
    """
    own = {_bare(each) for each, _lead in _found(known)}
    found: dict[str, TypedFigure] = {}
    for each, lead in _found(text):
        if _bare(each) not in own:
            is_claim = _NO_CLAIM.search(lead) is None
            found.setdefault(each, TypedFigure(each, _other(each, figures) if is_claim else ""))
    return tuple(found.values())


def _found(text: str) -> list[tuple[str, str]]:
    """Return each figure with the words that lead to it."""
    bare = _NO_RESULT.sub(" ", _NAMED.sub(" ", _LIST_MARK.sub(" ", text)))
    return [
        (fold(each[0]).strip().rstrip(".,").strip(), bare[max(0, each.start() - 24) : each.start()])
        for each in _FIGURE.finditer(bare)
    ]


def _other(figure: str, figures: Mapping[str, str]) -> str:
    """Return the measured figure of the same kind that differs from a typed one; "" where it agrees, or nothing is like it."""
    said = [each for text in figures.values() for each, _lead in _found(text)]
    if _bare(figure) in {_bare(each) for each in said}:
        return ""
    result, counts = figures.get(RESULT, ""), figures.get(COUNTS, "")
    if "/" in figure:
        return counts if "/" in counts else ""
    if "%" in figure or "‰" in figure:
        return result if result.endswith(figure[-1]) else ""
    return ""


def _bare(figure: str) -> str:
    """Return a figure so that the same amount is written the same: 98,40 % and 98,4%."""
    parts = []
    for part in re.split(r"\s*/\s*", figure):
        number = re.sub(r"[^\d,.]", "", part)
        plain = number.replace(".", "").replace(",", ".").strip(".")
        parts.append(str(Decimal(plain).normalize()) if plain and plain.count(".") <= 1 else number)
    sign = "%" if "%" in figure else "‰" if "‰" in figure else ""
    return "/".join(parts) + sign
