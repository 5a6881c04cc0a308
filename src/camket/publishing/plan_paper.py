"""The yearly plan of what is made public as official paper (kế hoạch); Vietnamese, as it is an official text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import format_date
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    bold,
    plain,
)
from camket.publishing.posting_list import signing

_HEADS = (
    "TT",
    "Nội dung công khai",
    "Hình thức, địa điểm",
    "Thời điểm",
    "Thời gian công khai",
    "Đơn vị chịu trách nhiệm",
)


FORMAT = "camket-posting-plan/1"


def plan_document(content: Mapping[str, Any]) -> Document:
    """Return the plan of a year as paper; a draft has blanks for number and day, an adjusted one names the one before.

    Source: Luật 10/2022/QH15, Điều 14 (what a plan says, to whom it is reported); Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    agency, year, older = content["agency"], content["year"], content.get("replaces")
    issuer = agency["full_name"]
    dated = date.fromisoformat(content["dated"]) if content.get("dated") else None
    recorded_on = dated or date.fromisoformat(content["recorded_on"])
    title = f"ông khai thông tin để Nhân dân biết năm {year}"
    intro = f"Thực hiện Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15, {issuer} ban hành Kế hoạch c{title}"
    if older:
        intro += (
            f" (điều chỉnh), thay thế {_named(older, year)}. Nội dung điều chỉnh: {content['adjustment']}"
        )
    return Document(
        letterhead=Letterhead(
            issuer=issuer,
            superior=agency["superior"],
            symbol=symbol_of("KH", body_symbol(issuer)),
            number=content.get("number") or None,
            place=agency["place"] or None,
            dated=dated,
            year=year if recorded_on.year > year else recorded_on.year,
        ),
        kind="Kế hoạch",
        abstract=f"Điều chỉnh Kế hoạch c{title}" if older else f"C{title}",
        body=(
            Paragraph(plain(f"{intro.rstrip('.')}. Kế hoạch như sau:" if older else f"{intro} như sau:")),
            Paragraph(bold("1. Nội dung công khai"), level=1),
            Table(
                (0.9, 4.6, 3.5, 2.9, 2.1, 2.8),
                (tuple(_cell(head, Align.CENTER) for head in _HEADS),),
                tuple(_rows(content["lines"])),
            ),
            Paragraph(bold("2. Tổ chức thực hiện"), level=1),
            *(Paragraph(plain(text)) for text in _DUTIES),
        ),
        signature=Signature(lines=signing(issuer)),
        **of_form("posting_plan"),
        recorded_on=recorded_on,
    )


def _named(older: Mapping[str, str], year: int) -> str:
    """Return how an adjusted plan names the one that it takes the place of."""
    number = f" số {older['number']}" if older["number"] else f" công khai thông tin năm {year}"
    return f"Kế hoạch{number} ngày {format_date(date.fromisoformat(older['dated']))}"


_DUTIES = (
    "a) Đơn vị chịu trách nhiệm công khai đúng nội dung, hình thức, địa điểm, thời điểm và đủ thời gian nêu tại mục 1;"
    " ghi sổ theo dõi niêm yết kèm minh chứng.",
    "b) Nội dung thay đổi thì thay bản công khai mới; nội dung phát sinh ngoài kế hoạch mà pháp luật yêu cầu công khai"
    " thì thực hiện theo quy định.",
    "c) Hết mỗi quý, lập danh mục nội dung, hình thức, thời gian đã công khai để lưu, niêm yết, báo cáo Hội đồng nhân"
    " dân và gửi Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam cùng cấp./.",
)


def days_said(days: int | None, spoken_days: int | None = None) -> str:
    """Return for how long something is made public, in words of the paper.

    >>> days_said(30, 3)
    '30 ngày liên tục; loa truyền thanh 3 ngày'
    """
    said = "Thường xuyên" if days is None else f"{days} ngày liên tục"
    return f"{said}; loa truyền thanh {spoken_days} ngày" if spoken_days else said


def _rows(lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    for number, line in enumerate(lines, 1):
        yield (
            _cell(str(number), Align.CENTER),
            _cell(line["subject"]),
            Cell(tuple(plain(f"- {each}") for each in line["places"]) or (plain("–"),)),
            _cell(line["when"]),
            _cell(days_said(line["days"], line["spoken_days"])),
            _cell(line["unit"] or "–"),
        )


def _cell(text: str, align: Align = Align.LEFT) -> Cell:
    return Cell((plain(text),), align=align)
