"""The record of a hand-over of work (biên bản bàn giao công việc) as an official document.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.9 (biên bản).
"""

from __future__ import annotations

import re
from datetime import date

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import official_date
from camket.core.wording.text import search_key
from camket.documents.queries.signing import SignerChoice
from camket.org.queries import AgencyRow
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Block,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    bold,
    italic,
    plain,
    signing_lines,
)
from camket.reporting.hand_over import UNIT, HandOverRow, Kind, Line

_HEADS = (
    (Kind.POST, "1. Vị trí công tác", "Vị trí", "Vai trò trong hệ thống"),
    (Kind.TASK, "2. Công việc chưa hoàn thành", "Công việc", "Thời hạn"),
    (Kind.ENTRY, "3. Việc trong các sổ theo dõi chưa hoàn thành", "Công việc", "Thời hạn"),
    (Kind.PART, "4. Phần việc được giao đích danh trong kế hoạch", "Biện pháp, công việc", "Nhiệm vụ"),
    (Kind.SEAT, "5. Thành viên ban chỉ đạo, tổ, đoàn", "Ban, tổ, đoàn", "Chức danh"),
    (Kind.NAME, "6. Tên gọi trong văn bản của cơ quan", "Tên gọi", ""),
    (Kind.NONCONFORMITY, "7. Sự không phù hợp đang xử lý", "Sự không phù hợp", "Thời hạn"),
    (Kind.STEP, "8. Việc trong kế hoạch khắc phục chưa phê duyệt", "Công việc", "Thời hạn"),
    (Kind.RISK, "9. Rủi ro, cơ hội đang theo dõi", "Rủi ro, cơ hội", "Đánh giá lại trước ngày"),
    (Kind.DECISION, "10. Kết luận của cuộc xem xét chưa ban hành", "Kết luận", "Thời hạn"),
    (Kind.AUDITOR, "11. Thành viên đoàn đánh giá nội bộ", "Cuộc đánh giá", "Ngày bắt đầu"),
)
_ROLES = {
    "secretary": "Thư ký ISO",
    "chairman": "Chủ tịch",
    "representative": "Đại diện lãnh đạo",
    "head": "Trưởng bộ phận",
    "officer": "Công chức",
    "one_stop": "Công chức một cửa",
    "auditor": "Đánh giá viên nội bộ",
    "privacy": "Phụ trách dữ liệu cá nhân",
    "viewer": "Người xem cấp dưới",
    "inspector": "Người kiểm tra cấp dưới",
    "administrator": "Quản trị hệ thống",
}
_DUTIES = {"head": "Trưởng ban", "deputy": "Phó trưởng ban", "secretary": "Thư ký", "member": "Thành viên"}
_PARTS = {"lead": "Chủ trì", "support": "Phối hợp", "monitor": "Theo dõi"}
_ENDED = "Kết thúc, không có người tiếp nhận"


def minutes(row: HandOverRow, agency: AgencyRow, signer: SignerChoice) -> Document:
    """Return the record of a hand-over: who handed over, what, and to whom, with a place to sign for each.

    ``signer`` confirms it for the agency, in the words of the own post or of whom the signer stands in for; without
    a name where nobody holds the post.
    """
    takers = sorted({line.to for line in row.lines if line.to and line.to != UNIT})
    return Document(
        letterhead=Letterhead(
            issuer=agency.full_name,
            superior=agency.superior_name,
            symbol=symbol_of("BB", body_symbol(agency.full_name)),
            place=agency.place or None,
            dated=row.recorded_on,
            year=row.recorded_on.year,
        ),
        kind="Biên bản",
        abstract="Bàn giao công việc",
        body=tuple(_body(row, agency, takers)),
        signature=Signature(
            lines=("Xác nhận của cơ quan", *signing_lines(signer.authority, signer.capacity)),
            name=signer.name,
        ),
        **of_form("hand_over", agency=agency.name),
        recorded_on=row.recorded_on,
    )


def file_name(row: HandOverRow) -> str:
    """Return a name for the file, without the person's: ``bien-ban-ban-giao-cong-viec-12-2026-07-31``."""
    words = f"bien ban ban giao cong viec {row.id} {row.last_day.isoformat()}"
    return re.sub(r"[^a-z0-9]+", "-", search_key(words)).strip("-")


def _body(row: HandOverRow, agency: AgencyRow, takers: list[str]) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(
            plain(f"Hôm nay, {_day(row.recorded_on)}, tại trụ sở {agency.full_name}, chúng tôi gồm có:")
        ),
        Paragraph(plain(f"Bên giao: {row.full_name}.")),
        Paragraph(plain(f"Bên nhận: {', '.join(takers) if takers else 'không có'}.")),
        Paragraph(
            plain(
                f"Cùng lập biên bản bàn giao công việc. Lý do: {row.reason.rstrip('.')}. "
                f"Ngày làm việc cuối cùng của bên giao: {row.last_day:%d/%m/%Y}."
            )
        ),
    ]
    number = 0
    for kind, title, first, second in _HEADS:
        lines = [line for line in row.lines if line.kind == kind.value]
        if lines:
            number += 1
            blocks.append(Paragraph(bold(re.sub(r"^\d+", str(number), title)), level=1))
            blocks.append(_table(kind, lines, first, second))
    if not number:
        blocks.append(Paragraph(plain("Bên giao không còn công việc nào chưa hoàn thành.")))
    taken_over = "Kể từ ngày ký biên bản, bên nhận chịu trách nhiệm thực hiện các công việc nêu trên. "
    kept = "Công việc đã hoàn thành được lưu theo tên người thực hiện trước đây."
    blocks.append(Paragraph(plain(f"{taken_over if takers else ''}{kept}")))
    blocks.append(
        Paragraph(
            plain("Biên bản được lập thành các bản có giá trị như nhau, mỗi bên giữ 01 bản, lưu 01 bản.")
        )
    )
    blocks.append(_signatures(row.full_name, takers))
    return blocks


def _table(kind: Kind, lines: list[Line], first: str, second: str) -> Table:
    heads = ["TT", first, *([second] if second else []), "Người tiếp nhận"]
    shares = (1.0, 8.0, 3.2, 4.3) if second else (1.0, 9.0, 6.5)
    rows = tuple(
        (
            Cell((plain(str(index)),), align=Align.CENTER),
            Cell((plain(line.text),)),
            *([Cell((plain(_detail(kind, line.detail)),))] if second else []),
            Cell((plain(_taker(kind, line)),)),
        )
        for index, line in enumerate(lines, 1)
    )
    return Table(shares, (tuple(Cell((plain(text),)) for text in heads),), rows)


def _detail(kind: Kind, detail: str) -> str:
    words = {Kind.POST: _ROLES, Kind.SEAT: _DUTIES, Kind.PART: _PARTS}
    return words[kind].get(detail, detail) if kind in words else detail


def _taker(kind: Kind, line: Line) -> str:
    if line.to == UNIT:
        return "Bộ phận chủ trì"
    if line.to:
        return line.to
    return "Chưa xác định lại" if kind is Kind.NAME else _ENDED


def _signatures(giver: str, takers: list[str]) -> Table:
    space = plain("")

    def side(title: str, names: list[str]) -> Cell:
        signed = [line for name in names for line in (space, space, space, bold(name))]
        return Cell((bold(title), italic("(Ký, ghi rõ họ và tên)"), *signed), align=Align.CENTER)

    taking = side("BÊN NHẬN", takers) if takers else Cell((space,))  # nobody took over, nobody signs
    return Table((1.0, 1.0), (), ((side("BÊN GIAO", [giver]), taking),), is_ruled=False)


def _day(day: date) -> str:
    return official_date(day)
