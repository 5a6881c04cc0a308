"""The yearly plan of what is made public as official paper (kế hoạch); Vietnamese, as it is an official text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.numbering import body_symbol, symbol_of
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
from camket.publishing.posting_list import RECIPIENTS, signing

_HEADS = (
    "TT",
    "Nội dung công khai",
    "Hình thức, địa điểm",
    "Thời điểm",
    "Thời gian công khai",
    "Đơn vị chịu trách nhiệm",
)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as the paper says it; ``days`` None: permanently, ``spoken_days`` on the loudspeaker where that counts."""

    subject: str
    places: tuple[str, ...]
    when: str
    days: int | None
    spoken_days: int | None
    unit: str


def plan_document(
    *, year: int, issuer: str, superior: str, place: str, lines: Sequence[PaperLine], recorded_on: date
) -> Document:
    """Return the plan of a year with blanks for number and day, which it gets once it is signed.

    Source: Luật 10/2022/QH15, Điều 14 (what a plan says, to whom it is reported); Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    return Document(
        letterhead=Letterhead(
            issuer=issuer,
            superior=superior,
            symbol=symbol_of("KH", body_symbol(issuer)),
            place=place or None,
            year=year if recorded_on.year > year else recorded_on.year,
        ),
        kind="Kế hoạch",
        abstract=f"Công khai thông tin để Nhân dân biết năm {year}",
        body=(
            Paragraph(
                plain(
                    f"Thực hiện Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15, {issuer} ban hành Kế hoạch công khai"
                    f" thông tin để Nhân dân biết năm {year} như sau:"
                )
            ),
            Paragraph(bold("1. Nội dung công khai"), level=1),
            Table(
                (0.9, 4.6, 3.5, 2.9, 2.1, 2.8),
                (tuple(_cell(head, Align.CENTER) for head in _HEADS),),
                tuple(_rows(lines)),
            ),
            Paragraph(bold("2. Tổ chức thực hiện"), level=1),
            *(Paragraph(plain(text)) for text in _DUTIES),
        ),
        signature=Signature(lines=signing(issuer)),
        recipients=(*RECIPIENTS[:-1], "Các đơn vị có tên tại mục 1", RECIPIENTS[-1]),
        recorded_on=recorded_on,
    )


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


def _rows(lines: Sequence[PaperLine]) -> Iterator[tuple[Cell, ...]]:
    for number, line in enumerate(lines, 1):
        yield (
            _cell(str(number), Align.CENTER),
            _cell(line.subject),
            Cell(tuple(plain(f"- {each}") for each in line.places) or (plain("–"),)),
            _cell(line.when),
            _cell(days_said(line.days, line.spoken_days)),
            _cell(line.unit or "–"),
        )


def _cell(text: str, align: Align = Align.LEFT) -> Cell:
    return Cell((plain(text),), align=align)
