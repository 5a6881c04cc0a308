"""Lists of controlled documents on paper: what is in use, who was given an edition and signs for it, who uses which form.

Forms: danh mục tài liệu kiểm soát; phiếu phân phối tài liệu; danh mục biểu mẫu. Source: ISO 9001:2015, 7.5.3.2 a.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import format_date, official_date
from camket.documents.controlled_paper import KIND_TITLES
from camket.paper.writing.model import (
    Align,
    Block,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    bold,
    fact,
    numbered_table,
    plain,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose list it is."""

    issuer: str
    superior: str
    place: str


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document of the list; ``kind`` is that of :data:`KIND_TITLES`."""

    kind: str
    code: str
    title: str
    unit: str
    edition: str
    effective_on: date | None
    decision: str


@dataclass(frozen=True, slots=True)
class Given:
    """A person who was given an edition; ``read_on`` is None until that one said to have understood it."""

    name: str
    unit: str
    given_on: date
    read_on: date | None


@dataclass(frozen=True, slots=True)
class FormUse:
    """A form in use: of which procedure, which edition is right, and which units work by it ("" for all)."""

    id: int
    code: str
    title: str
    parent_id: int | None
    parent: str
    edition: str
    effective_on: date | None
    units: tuple[str, ...]
    kept: str
    given: int
    read: int


def list_document(heading: Heading, rows: Sequence[ListedDocument], on: date) -> Document:
    """Return the list of controlled documents as it stands on a day."""
    body: list[Block] = [
        Paragraph(plain(f"(Tính đến {official_date(on)})"), align=Align.CENTER, indent=False)
    ]
    for kind, title in KIND_TITLES.items():
        of_kind = [each for each in rows if each.kind == kind]
        if not of_kind:
            continue
        body.append(Paragraph(bold(f"{title} ({len(of_kind):02d})"), level=2))
        body.append(
            numbered_table(
                (6, 15, 36, 17, 12, 14),
                ("TT", "Mã hiệu", "Tên tài liệu", "Bộ phận phụ trách", "Lần ban hành", "Ngày hiệu lực"),
                [
                    (
                        each.code,
                        each.title,
                        each.unit or "Toàn cơ quan",
                        each.edition,
                        format_date(each.effective_on) if each.effective_on else "",
                    )
                    for each in of_kind
                ],
                centered=(0, 4, 5),
            )
        )
    return _list(heading, "DM", "Danh mục", "Tài liệu kiểm soát của hệ thống quản lý chất lượng", body, on)


def distribution_document(
    heading: Heading, *, called: str, edition: str, decision: str, rows: Sequence[Given], on: date
) -> Document:
    """Return the sheet on which those who were given an edition sign for it, with what they confirmed here."""
    body: list[Block] = [
        fact("Tài liệu", f"{called}."),
        fact("Lần ban hành/sửa đổi", f"{edition}{f', theo Quyết định số {decision}' if decision else ''}."),
        numbered_table(
            (6, 26, 24, 14, 14, 16),
            ("TT", "Người nhận", "Bộ phận", "Ngày nhận", "Đã đọc và hiểu", "Ký nhận"),
            [
                (
                    each.name,
                    each.unit,
                    format_date(each.given_on),
                    format_date(each.read_on) if each.read_on else "",
                    "",
                )
                for each in rows
            ],
            centered=(0, 3, 4),
        ),
        Paragraph(
            plain(
                "Người nhận có trách nhiệm sử dụng đúng lần ban hành nêu trên và không sử dụng bản đã hết hiệu lực./."
            )
        ),
    ]
    return _list(heading, "PPP", "Phiếu", "Phân phối tài liệu của hệ thống quản lý chất lượng", body, on)


def forms_document(heading: Heading, rows: Sequence[FormUse], on: date) -> Document:
    """Return the list of forms with the procedure each belongs to and the units that use it."""
    body: list[Block] = [
        Paragraph(plain(f"(Tính đến {official_date(on)})"), align=Align.CENTER, indent=False),
        numbered_table(
            (6, 16, 30, 16, 12, 20),
            ("TT", "Mã hiệu", "Tên biểu mẫu", "Thuộc quy trình", "Lần ban hành", "Bộ phận sử dụng"),
            [
                (
                    each.code,
                    each.title,
                    each.parent or "–",
                    each.edition,
                    "\n".join(each.units) or "Các bộ phận",
                )
                for each in rows
            ],
            centered=(0, 4),
        ),
    ]
    return _list(heading, "DM", "Danh mục", "Biểu mẫu của hệ thống quản lý chất lượng", body, on)


def _list(
    heading: Heading, short: str, kind: str, abstract: str, body: Sequence[Block], on: date
) -> Document:
    return Document(
        letterhead=Letterhead(
            issuer=heading.issuer,
            superior=heading.superior,
            symbol=symbol_of(short, body_symbol(heading.issuer)),
            place=heading.place or None,
            dated=on,
            year=on.year,
        ),
        kind=kind,
        abstract=abstract,
        body=tuple(body),
        signature=Signature(lines=("Người lập",)),
        recipients=(),
        recorded_on=on,
    )
