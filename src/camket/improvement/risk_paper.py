"""The book of risks and opportunities (sổ rủi ro và cơ hội) as official paper and as rows of a spreadsheet.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; what it says follows ISO 9001:2015, 6.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from camket.core.risk import Scale
from camket.core.wording.dates import format_date
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Block,
    Cell,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Signature,
    Table,
    bold,
    italic,
    plain,
)

if TYPE_CHECKING:
    from camket.improvement.queries.risks import RatingRow, RiskRow

KINDS = {"risk": "Rủi ro", "opportunity": "Cơ hội"}
STATES = {
    "proposed": "Đề xuất",
    "open": "Đang theo dõi",
    "ended": "Đã kết thúc",
    "dismissed": "Không theo dõi",
}
HEADINGS = (
    "Số",
    "Loại",
    "Quá trình",
    "Nội dung",
    "Nguyên nhân",
    "Ảnh hưởng",
    "Biện pháp đang có",
    "Đơn vị",
    "Người theo dõi",
    "Khả năng lúc đầu",
    "Hậu quả lúc đầu",
    "Mức lúc đầu",
    "Biện pháp xử lý",
    "Khả năng hiện nay",
    "Hậu quả hiện nay",
    "Mức hiện nay",
    "Đánh giá lại trước ngày",
    "Tình trạng",
)
"""Headings of the book as a spreadsheet."""


def book_document(
    *,
    issuer: str,
    superior: str,
    place: str,
    rows: Sequence[RiskRow],
    scale: Scale,
    scale_id: int | None,
    on: date,
) -> Document:
    """Return the book as a table on landscape paper, under the scale that is rated by; ratings by an earlier one say so."""
    return Document(
        letterhead=Letterhead(
            issuer=issuer, superior=superior, symbol="STD", place=place or None, year=on.year
        ),
        kind="Sổ theo dõi",
        abstract=f"Rủi ro và cơ hội (tính đến ngày {format_date(on)})",
        body=tuple(_body(rows, scale, scale_id)),
        signature=Signature(lines=("Thư ký Ban Chỉ đạo ISO",)),
        **of_form("risk_book"),
        recorded_on=on,
        paper=Paper.A4_LANDSCAPE,
    )


def sheet_rows(rows: Sequence[RiskRow]) -> Iterator[tuple[str | int | date | None, ...]]:
    """Yield the book as rows of a spreadsheet under :data:`HEADINGS`."""
    for each in rows:
        yield (
            each.number,
            KINDS[each.kind],
            each.process,
            each.title,
            each.cause,
            each.effect,
            each.controls,
            each.unit,
            each.owner,
            *_three(each.first),
            "\n".join(each.treatments),
            *_three(each.last),
            each.rerate_by,
            STATES[each.state],
        )


def _three(rating: RatingRow | None) -> tuple[int | None, int | None, str]:
    if rating is None:
        return (None, None, "")
    return (rating.likelihood, rating.consequence, rating.level.name)


def _body(rows: Sequence[RiskRow], scale: Scale, scale_id: int | None) -> Iterator[Block]:
    heads = (
        "TT",
        "Quá trình, nội dung",
        "Nguyên nhân, ảnh hưởng",
        "Biện pháp đang có",
        "Đơn vị, người theo dõi",
        "Đánh giá lúc đầu",
        "Biện pháp xử lý",
        "Đánh giá hiện nay",
        "Đánh giá lại",
    )
    likelihood = "; ".join(f"{each.value} – {each.name}" for each in scale.likelihood)
    consequence = "; ".join(f"{each.value} – {each.name}" for each in scale.consequence)
    levels = "; ".join(f"từ {each.least} – {each.name}" for each in scale.levels)
    yield Paragraph(
        plain(f"Khả năng: {likelihood}. Hậu quả: {consequence}. Mức (khả năng × hậu quả): {levels}.")
    )
    if rows:
        yield Table(
            (11.0, 50.0, 46.0, 34.0, 32.0, 23.0, 38.0, 23.0, 25.0),
            (tuple(Cell((bold(each),), align=Align.CENTER) for each in heads),),
            tuple(_cells(each, scale_id) for each in rows),
        )
    else:
        yield Paragraph(plain("Chưa ghi nhận rủi ro, cơ hội nào."))


def _cells(each: RiskRow, scale_id: int | None) -> tuple[Cell, ...]:
    return (
        _middle(each.number or "–"),
        Cell((bold(f"{each.process} ({KINDS[each.kind].lower()})"), plain(each.title))),
        Cell(tuple(plain(text) for text in (each.cause, each.effect) if text) or (plain(""),)),
        Cell((plain(each.controls),)),
        Cell(tuple(plain(text) for text in (each.unit, each.owner) if text) or (plain(""),)),
        _rated(each.first, scale_id),
        Cell(tuple(plain(f"- {text}") for text in each.treatments) or (plain(""),)),
        _rated(each.last, scale_id),
        _middle(format_date(each.rerate_by) if each.rerate_by else ""),
    )


def _rated(rating: RatingRow | None, scale_id: int | None) -> Cell:
    if rating is None:
        return _middle("Chưa đánh giá")
    said = f"{rating.likelihood} × {rating.consequence} = {rating.product}"
    earlier = () if rating.scale_id == scale_id else (italic("(thang điểm trước)"),)
    return Cell((plain(said), plain(rating.level.name), *earlier), align=Align.CENTER)


def _middle(text: str) -> Cell:
    return Cell((plain(text),), align=Align.CENTER)
