"""Documents with sample words, to try a template with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from camket.core.numbering import KINDS, symbol_of
from camket.paper.writing.forms import FORMS, WORDS, Form, named
from camket.paper.writing.model import (
    Annex,
    Block,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Signature,
    addressed,
    bold,
    numbered_table,
    plain,
)

_WORDS = {
    "agency": "UBND xã Bình Yên",
    "unit": "Bộ phận Một cửa",
    "owner": "Trần Văn Bình",
    "addressee": "Sở Khoa học và Công nghệ",
    "article": "3",
}
_TURNED = frozenset(
    {
        "form_06a",
        "feedback_register",
        "risk_book",
        "nonconformity_book",
        "audit_checklist",
        "audit_follow_up",
    }  # fmt: skip
)
"""Forms whose papers lie on their long side, for the width of their tables."""
_DAY = date(2026, 1, 5)
_ABSTRACT = {
    "": "thực hiện mục tiêu chất lượng năm 2026",
    "QĐ": "Về việc ban hành mục tiêu chất lượng năm 2026",
}


def sample_document(form: str, letterhead: Letterhead | None = None) -> Document:
    """Return a document of a form whose every part says something, with & < > among its words; KeyError for another form.

    ``letterhead`` takes the place of the sample's own issuer, superior body and place name.
    """
    wanted = FORMS[form]
    is_decision = wanted.kind == "QĐ"
    symbol = symbol_of(wanted.kind or None, "UBND")
    head = letterhead or Letterhead(
        issuer="Ủy ban nhân dân xã Bình Yên", superior="Ủy ban nhân dân tỉnh Sông Hồng", place="Bình Yên",
        symbol=symbol, year=_DAY.year,
    )  # fmt: skip
    return Document(
        letterhead=replace(head, symbol=symbol, year=_DAY.year, number=f"05/{symbol}", dated=_DAY),
        kind=KINDS.get(wanted.kind, ""),
        abstract=_ABSTRACT.get(wanted.kind, "Kết quả thực hiện mục tiêu chất lượng năm 2026"),
        authority="Chủ tịch Ủy ban nhân dân xã Bình Yên" if is_decision else "",
        bases=_BASES if wanted.kind in {"QĐ", "KH", "TTr"} else (),
        enactment="Quyết định:" if is_decision else "",
        body=_body(wanted),
        signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Nguyễn Thị Lan"),
        recipients=named((*wanted.recipients, wanted.archive), tuple(_WORDS.items())) or ("Lưu: VT",),
        annexes=_ANNEXES,
        recorded_on=_DAY,
        paper=Paper.A4_LANDSCAPE if form in _TURNED else Paper.A4,
        form=wanted.key,
        names=tuple((word, _WORDS[word]) for word in WORDS),
    )


def bare_document(form: str) -> Document:
    """Return a document of a form that has hardly any part: no number, no day, nobody to get it; KeyError for another form."""
    full = sample_document(form)
    return replace(
        full,
        letterhead=Letterhead(issuer="UBND", symbol=full.letterhead.symbol, year=None),
        abstract="", authority="", bases=(), enactment="", recipients=(), annexes=(), names=(),
        body=(Paragraph(plain("./.")),),
        signature=Signature(()),
    )  # fmt: skip


_BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương",
    "Căn cứ Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính phủ",
)
_TABLE = numbered_table(
    (8, 52, 20, 20),
    ("TT", "Mục tiêu", "Chỉ tiêu", "Kết quả"),
    (
        ("Hồ sơ giải quyết đúng hạn", "≥ 98 %", "98,4 %"),
        ("Người dân, tổ chức hài lòng", "≥ 95 %", "96,1 %"),
    ),
    centered=(0, 2, 3),
)
_ANNEXES = (Annex("Số liệu chi tiết", (_TABLE,), note="(Kèm theo văn bản số 05 ngày 05 tháng 01 năm 2026)"),)


def _body(form: Form) -> tuple[Block, ...]:
    opening: tuple[Block, ...] = (addressed(("Các bộ phận chuyên môn",)),) if not form.kind else ()
    if form.kind == "QĐ":
        return (
            Paragraph((*bold("Điều 1. "), *plain("Ban hành kèm theo Quyết định này mục tiêu chất lượng năm 2026."))),
            Paragraph((*bold("Điều 2. "), *plain("Các bộ phận thực hiện, báo cáo & đánh giá trước ngày 15/6."))),
            Paragraph((*bold("Điều 3. "), *plain("Quyết định này có hiệu lực kể từ ngày ký./."))),
        )  # fmt: skip
    return (
        *opening,
        Paragraph(plain("Thực hiện kế hoạch đã ban hành, cơ quan tổng hợp kết quả như sau:")),
        Paragraph(bold("I. Kết quả thực hiện"), level=1),
        Paragraph(plain("Tỷ lệ hồ sơ trễ hạn < 2 %, tỷ lệ hài lòng > 95 %; phối hợp A & B đúng quy chế.")),
        _TABLE,
        Paragraph(bold("II. Kiến nghị"), level=1),
        Paragraph(plain("Đề nghị các bộ phận tiếp tục thực hiện./.")),
    )
