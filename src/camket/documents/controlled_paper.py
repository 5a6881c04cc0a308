"""Controlled documents as official paper: an internal procedure as it is issued, and the decision that issues documents.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; layout of quy trình nội bộ giải quyết thủ tục hành chính.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.controlled import SECTIONS, Amendment, ProcedureContent, edition_name
from camket.core.wording.dates import format_date
from camket.paper.writing.bases import bases_on
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Annex,
    Block,
    Cell,
    Document,
    Letterhead,
    Line,
    Paragraph,
    Signature,
    Table,
    bold,
    italic,
    numbered_table,
    plain,
)
from camket.paper.writing.sheet import BLANK, attached_to, day_in_words

KIND_TITLES = {
    "manual": "Sổ tay chất lượng",
    "policy": "Chính sách chất lượng",
    "system": "Quy trình",
    "internal": "Quy trình nội bộ",
    "guide": "Hướng dẫn",
    "form": "Biểu mẫu",
    "external": "Tài liệu bên ngoài",
}
"""What paper calls a kind of document."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who wrote, reviewed or approved an edition, and when; empty where nobody did yet."""

    name: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class EditionText:
    """What the paper of an edition says; number and days are None of one that is not issued."""

    issuer: str
    superior: str
    place: str
    kind: str
    code: str
    title: str
    unit: str
    issue: int
    revision: int
    content: ProcedureContent
    year: int
    symbol: str = "QĐ-UBND"
    decision_number: str = ""
    decision_on: date | None = None
    effective_on: date | None = None
    wrote: Hand = Hand()
    reviewed: Hand = Hand()
    approved: Hand = Hand()
    log: tuple[tuple[str, date | None, tuple[Amendment, ...]], ...] = ()
    kept: str = ""


def edition_document(text: EditionText) -> Document:
    """Return an internal procedure as the paper it becomes, with blanks for what is not known before it is issued."""
    number = text.decision_number or f"{BLANK}/{text.symbol}"
    day = day_in_words(text.decision_on, text.year)
    issued = f"(Ban hành kèm theo Quyết định số {number} {day} của {text.issuer})"
    return Document(
        letterhead=Letterhead(
            issuer=text.issuer,
            superior=text.superior,
            symbol="",
            number=text.code,
            place=text.place or None,
            dated=text.decision_on,
            year=text.year,
        ),
        kind=KIND_TITLES[text.kind],
        abstract=text.title,
        body=(Paragraph(italic(issued), align=Align.CENTER, indent=False), *_body(text)),
        signature=Signature(lines=("Thủ trưởng cơ quan, đơn vị",), name=text.approved.name),
        **of_form("edition", unit=text.unit or "Các bộ phận"),
        recorded_on=text.decision_on or date(text.year, 1, 1),
    )


def _body(text: EditionText) -> Iterator[Block]:
    yield _control(text)
    content = text.content
    number = 0
    for name, title in SECTIONS:
        value = getattr(content, name)
        if not value and name in ("purpose", "scope", "conditions", "forms", "records", "sets"):
            continue
        number += 1
        yield Paragraph(bold(f"{number}. {title}"), level=1)
        if isinstance(value, str):
            for line in value.splitlines() or ["Không quy định"]:
                if line.strip():
                    yield Paragraph(plain(line.strip()))
        elif name == "components":
            yield numbered_table(
                (7, 63, 15, 15),
                ("TT", "Thành phần", "Bản chính", "Bản sao"),
                [(each.name, each.originals or "–", each.copies or "–") for each in content.components],
                centered=(0, 2, 3),
            )
        elif name == "steps":
            yield numbered_table(
                (7, 43, 19, 13, 18),
                ("TT", "Trình tự", "Trách nhiệm", "Thời gian", "Biểu mẫu, kết quả"),
                [(each.what, each.who, each.time, each.result) for each in content.steps],
                label="B{}",
                centered=(0, 3),
            )
        elif name == "forms":
            yield numbered_table(
                (7, 28, 65),
                ("TT", "Mã hiệu", "Tên biểu mẫu"),
                [(each.code or "–", each.name) for each in content.forms],
                centered=(0,),
            )
        else:
            yield numbered_table(
                (7, 48, 25, 20),
                ("TT", "Hồ sơ lưu", "Nơi lưu", "Thời gian lưu"),
                [(each.name, each.where, each.years) for each in content.records],
                centered=(0, 3),
            )
    if text.kept and not content.records:
        number += 1
        yield Paragraph(bold(f"{number}. Lưu hồ sơ"), level=1)
        yield Paragraph(plain(text.kept))
    if rows := list(_log(text)):
        yield Paragraph(bold(f"{number + 1}. Theo dõi sửa đổi"), level=1)
        yield numbered_table(
            (7, 15, 16, 18, 26, 18),
            ("TT", "Lần ban hành", "Ngày hiệu lực", "Trang, phần", "Nội dung sửa đổi", "Người đề nghị"),
            rows,
            centered=(0, 1, 2),
        )


def _log(text: EditionText) -> Iterator[tuple[str, ...]]:
    for name, day, amendments in text.log:
        shown = format_date(day) if day else ""
        for each in amendments:
            yield (name, shown, each.part or "Toàn bộ", each.what, each.asked_by)


def _control(text: EditionText) -> Table:
    """Return the table that tells what this paper is and who stands for it."""
    facts: list[tuple[Line, Line]] = [
        (bold("Mã hiệu"), plain(text.code)),
        (bold("Lần ban hành/sửa đổi"), plain(edition_name(text.issue, text.revision))),
        (bold("Ngày hiệu lực"), plain(format_date(text.effective_on) if text.effective_on else "…")),
        (bold("Bộ phận phụ trách"), plain(text.unit or "Toàn cơ quan")),
        (bold("Người soạn thảo"), plain(_hand(text.wrote))),
        (bold("Người xem xét"), plain(_hand(text.reviewed))),
        (bold("Người phê duyệt"), plain(_hand(text.approved))),
    ]
    return Table((34.0, 66.0), (), tuple((Cell((left,)), Cell((right,))) for left, right in facts))


def _hand(hand: Hand) -> str:
    if not hand.name:
        return "…"
    return f"{hand.name}, ngày {format_date(hand.on)}" if hand.on else hand.name


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """A document in the annex of the decision that issues it; ``replaces`` names the edition before."""

    code: str
    title: str
    edition: str
    replaces: str = ""


def decision_document(
    *, issuer: str, superior: str, place: str, symbol: str, on: date, listed: Sequence[ListedEdition]
) -> Document:
    """Return the draft of the decision that issues documents, which stand in its annex; number and date follow signature."""
    return Document(
        letterhead=Letterhead(
            issuer=issuer, superior=superior, symbol=symbol, place=place or None, year=on.year
        ),
        kind="Quyết định",
        abstract="Ban hành tài liệu Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia TCVN ISO 9001:2015",
        authority=issuer,
        bases=(*bases_on(on), "Theo đề nghị của Ban Chỉ đạo ISO"),
        enactment="Quyết định:",
        body=(
            _article(
                1,
                f"Ban hành kèm theo Quyết định này {len(listed):02d} tài liệu của Hệ thống quản lý chất lượng theo Tiêu "
                "chuẩn quốc gia TCVN ISO 9001:2015 (danh mục tại Phụ lục).",
            ),
            _article(
                2,
                "Quyết định này có hiệu lực kể từ ngày ký. Các lần ban hành trước của tài liệu nêu tại Phụ lục hết hiệu lực "
                "kể từ ngày Quyết định này có hiệu lực.",
            ),
            _article(
                3,
                "Các bộ phận chuyên môn, cán bộ, công chức, viên chức và cá nhân có liên quan chịu trách nhiệm thi hành "
                "Quyết định này./.",
            ),
        ),
        signature=Signature(lines=(f"TM. {issuer}", "Chủ tịch")),
        **of_form("document_decision"),
        annexes=(
            Annex(
                title="Danh mục tài liệu Hệ thống quản lý chất lượng",
                body=(
                    numbered_table(
                        (7, 20, 43, 15, 15),
                        ("TT", "Mã hiệu", "Tên tài liệu", "Lần ban hành", "Thay thế"),
                        [(each.code, each.title, each.edition, each.replaces or "–") for each in listed],
                        centered=(0, 3, 4),
                    ),
                ),
                note=attached_to("Quyết định", symbol, issuer, on.year),
            ),
        ),
        recorded_on=on,
    )


def _article(number: int, text: str) -> Paragraph:
    return Paragraph((*bold(f"Điều {number}. "), *plain(text)))


def decision_symbol(agency_name: str) -> str:
    """Return the symbol of an agency's decisions: its abbreviation, else the first letters of its name.

    >>> decision_symbol("UBND xã Bình Yên"), decision_symbol("Sở Khoa học và Công nghệ")
    ('QĐ-UBND', 'QĐ-SKHVCN')
    """
    first = agency_name.split()[0] if agency_name.split() else "UBND"
    short = first if first.isupper() and len(first) > 1 else "".join(word[0] for word in agency_name.split())
    return f"QĐ-{short.upper()}"
