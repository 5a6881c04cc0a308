"""Two plans of the improvement cycle as official paper: of one management review, and of the system's year.

Forms: kế hoạch xem xét của lãnh đạo; kế hoạch ISO hằng năm (duy trì, cải tiến hệ thống quản lý chất lượng).
Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; ISO 9001:2015, 9.2, 9.3 and 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import format_date, official_date
from camket.improvement.review_paper import TITLES, ReviewContent, Signer
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Block,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    bold,
    fact,
    numbered_table,
    plain,
    signing_lines,
)

STANDARD = "hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2015"
_SECRETARY, _ALL = "Thư ký ISO", "Các bộ phận"
PREPARED_BY = {
    "a": _SECRETARY,
    "b": _SECRETARY,
    "c1": "Bộ phận tiếp nhận và trả kết quả",
    "c2": _ALL,
    "c3": _ALL,
    "c4": _SECRETARY,
    "c5": _ALL,
    "c6": "Trưởng đoàn đánh giá nội bộ",
    "c7": "Văn phòng",
    "d": "Văn phòng",
    "e": _ALL,
    "f": _ALL,
}
"""Who usually prepares what on an input; the paper is a draft that is changed before it is signed."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """A piece of the system's year: what, who leads and supports, when, and what is kept of it."""

    what: str
    lead: str
    support: str
    when: str
    result: str


@dataclass(frozen=True, slots=True)
class YearPart:
    """A part of the system's year with its lines."""

    title: str
    lines: tuple[YearLine, ...]


@dataclass(frozen=True, slots=True)
class YearContent:
    """What the plan of the system's year says."""

    issuer: str
    superior: str
    place: str
    year: int
    parts: tuple[YearPart, ...]


def review_plan_document(content: ReviewContent, signer: Signer) -> Document:
    """Return the plan of a management review: what for, when, who attends, who prepares which input by when."""
    hours = f"{content.starts[:5].replace(':', ' giờ ')}, " if content.starts else ""
    present = "; ".join(each.words for each in content.members)
    body: list[Block] = [
        Paragraph(bold("I. Mục đích, yêu cầu"), level=1),
        Paragraph(
            plain(
                f"Xem xét {STANDARD} của {content.issuer} trong kỳ {content.period} để bảo đảm hệ thống luôn thích hợp, đầy "
                "đủ, có hiệu lực và nhất quán với định hướng của cơ quan; quyết định cơ hội cải tiến, thay đổi cần thiết và "
                "nguồn lực."
            )
        ),
        Paragraph(
            plain(
                "Báo cáo đầu vào phải dựa trên số liệu; nội dung không phát sinh trong kỳ phải nêu rõ lý do."
            )
        ),
        Paragraph(bold("II. Thời gian, địa điểm, thành phần"), level=1),
        fact("Thời gian", f"{hours}{official_date(content.held_on)}."),
        fact("Địa điểm", f"{content.place or 'trụ sở cơ quan'}."),
        fact("Chủ trì", f"{', '.join(filter(None, (content.chair, content.chair_position))) or '…'}."),
        fact("Thành phần", f"{present or '…'}."),
        Paragraph(bold("III. Nội dung xem xét và phân công chuẩn bị (mục 9.3.2)"), level=1),
        numbered_table(
            (8, 52, 40),
            ("TT", "Nội dung đầu vào", "Người, bộ phận chuẩn bị"),
            [(TITLES[each.key], PREPARED_BY.get(each.key, _SECRETARY)) for each in content.inputs],
            centered=(0,),
            empty="–",
        ),
        Paragraph(bold("IV. Tổ chức thực hiện"), level=1),
        Paragraph(
            plain(
                "1. Các bộ phận ghi ý kiến đối với số liệu thuộc lĩnh vực của mình trước ngày họp; Thư ký ISO tập hợp, báo "
                "cáo người chủ trì."
            )
        ),
        Paragraph(
            plain(
                "2. Kết quả xem xét được lập biên bản; các quyết định được giao người thực hiện, thời hạn và theo dõi đến lần "
                "xem xét sau./."
            )
        ),
    ]
    return Document(
        letterhead=Letterhead(
            issuer=content.issuer,
            superior=content.superior,
            symbol=symbol_of("KH", body_symbol(content.issuer)),
            place=content.place_name or None,
            year=content.held_on.year,
        ),
        kind="Kế hoạch",
        abstract=f"Xem xét của lãnh đạo đối với {STANDARD}",
        body=tuple(body),
        signature=Signature(lines=signing_lines(signer.authority, signer.capacity), name=signer.name),
        **of_form("review_plan"),
        recorded_on=content.held_on,
    )


def year_plan_document(content: YearContent, signer: Signer) -> Document:
    """Return the plan of the system's year, its number and day left blank until it is signed."""
    body: list[Block] = [
        Paragraph(bold("I. Mục đích, yêu cầu"), level=1),
        Paragraph(
            plain(
                f"Duy trì và cải tiến {STANDARD} tại {content.issuer}; thực hiện đúng thời hạn đánh giá nội bộ, xem xét của "
                "lãnh đạo, cập nhật văn bản pháp luật, rà soát tài liệu và báo cáo trong năm; mỗi việc có người chủ trì, thời "
                "hạn và hồ sơ kèm theo."
            )
        ),
        Paragraph(bold("II. Nội dung, phân công và thời gian thực hiện"), level=1),
    ]
    for number, part in enumerate(content.parts, 1):
        body.append(Paragraph(bold(f"{number}. {part.title}"), level=2))
        body.append(
            numbered_table(
                (6, 28, 15, 18, 15, 18),
                ("TT", "Nội dung", "Chủ trì", "Phối hợp", "Thời gian", "Kết quả, hồ sơ"),
                [(each.what, each.lead, each.support, each.when, each.result) for each in part.lines],
                centered=(0, 4),
                empty="–",
            )
        )
    body += [
        Paragraph(bold("III. Tổ chức thực hiện"), level=1),
        Paragraph(
            plain(
                "Các bộ phận tổ chức thực hiện, cập nhật kết quả và minh chứng trên hệ thống; Thư ký ISO theo dõi, đôn đốc, "
                "tổng hợp báo cáo lãnh đạo. Nội dung phát sinh trong năm được bổ sung theo ý kiến của lãnh đạo./."
            )
        ),
    ]
    return Document(
        letterhead=Letterhead(
            issuer=content.issuer,
            superior=content.superior,
            symbol=symbol_of("KH", body_symbol(content.issuer)),
            place=content.place or None,
            year=content.year,
        ),
        kind="Kế hoạch",
        abstract=f"Duy trì và cải tiến {STANDARD} năm {content.year}",
        body=tuple(body),
        signature=Signature(lines=signing_lines(signer.authority, signer.capacity), name=signer.name),
        **of_form("year_plan"),
        recorded_on=date(content.year, 1, 1),
    )


def days(first: date, last: date) -> str:
    """Return a stretch of days as a table tells it.

    >>> days(date(2026, 8, 3), date(2026, 8, 5)), days(date(2026, 8, 3), date(2026, 8, 3))
    ('03/08/2026 – 05/08/2026', '03/08/2026')
    """
    return format_date(first) if first == last else f"{format_date(first)} – {format_date(last)}"
