"""Letters on late dossiers as official paper: the apology with a new date (Mẫu 04), and the explanation.

Source: Thông tư 01/2018/TT-VPCP, Mẫu số 04 (A5), kept by the procedures of Nghị định 118/2025/NĐ-CP; set as
Nghị định 30/2020/NĐ-CP asks. No text gives the explanation a paper of its own: it is set on A4 as every other document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from camket.core.numbering import DocumentNumber, body_symbol
from camket.core.wording.dates import official_date
from camket.core.wording.text import begun
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Block,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Run,
    bold,
    plain,
    signature,
)

APOLOGY = "apology"
EXPLANATION = "explanation"
_SYMBOLS = {APOLOGY: "PXL", EXPLANATION: "GTr"}


@dataclass(frozen=True, slots=True)
class LetterContent:
    """What a letter says. Moments are by the clock of the agency; midnight is a day whose time nobody noted.

    ``number`` and ``issued_on`` are not known of a draft. ``paper`` is what the letter is set on; letters that were
    issued before it was kept are on A5, both kinds.
    """

    kind: str
    issuer: str
    superior: str
    place: str
    applicant: str
    address: str
    code: str
    procedure: str
    received_at: datetime | None
    due_before: datetime | None
    due_new: date | None
    is_finished: bool
    reason: str
    number: str = ""
    issued_on: date | None = None
    authority: str = ""
    capacity: str = ""
    signed_by: str = ""
    paper: Paper = Paper.A5

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain values."""
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LetterContent:
        """Return the content that :meth:`to_json` wrote."""
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        for name, read in _READ.items():
            if known.get(name) is not None:
                known[name] = read(known[name])
        return cls(**known)


_READ: dict[str, Any] = {
    "received_at": datetime.fromisoformat,
    "due_before": datetime.fromisoformat,
    "due_new": date.fromisoformat,
    "issued_on": date.fromisoformat,
    "paper": Paper,
}


def symbol_of_letter(kind: str, issuer: str) -> str:
    """Return the symbol of a kind of letter of a body.

    >>> symbol_of_letter("apology", "Ủy ban nhân dân xã Bình Yên")
    'PXL-UBND'
    """
    return f"{_SYMBOLS[kind]}-{body_symbol(issuer)}"


def paper_of_letter(kind: str) -> Paper:
    """Return the paper on which letters of a kind are written now: Mẫu 04 is on A5, the explanation is no form of its own.

    Source: Thông tư 01/2018/TT-VPCP, Mẫu số 04; Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, mục 1.
    """
    return Paper.A5 if kind == APOLOGY else Paper.A4


def number_of_letter(kind: str, issuer: str, ordinal: int) -> str:
    """Return a number as it stands on the letter.

    >>> number_of_letter("apology", "Ủy ban nhân dân xã Bình Yên", 7)
    '07/PXL-UBND'
    """
    return str(DocumentNumber(ordinal, symbol_of_letter(kind, issuer)))


def letter_document(content: LetterContent) -> Document:
    """Return a letter as the paper it becomes, with blanks for number and day while it is a draft."""
    return Document(
        letterhead=Letterhead(
            issuer=content.issuer,
            superior=content.superior,
            symbol=symbol_of_letter(content.kind, content.issuer),
            number=content.number or None,
            place=content.place or None,
            dated=content.issued_on,
            year=content.issued_on.year if content.issued_on else None,
        ),
        kind=_title(content),
        abstract=""
        if content.kind == APOLOGY
        else "Về việc chậm trả kết quả giải quyết hồ sơ thủ tục hành chính",
        body=tuple(_body(content)),
        signature=signature(content.authority, content.capacity, content.signed_by),
        **of_form("dossier_letter"),
        recorded_on=content.issued_on or date(2000, 1, 1),
        paper=content.paper,
    )


def _title(content: LetterContent) -> str:
    if content.kind == EXPLANATION:
        return "Giải trình"
    return "Phiếu xin lỗi và hẹn lại ngày trả kết quả" if content.due_new else "Phiếu xin lỗi"


def _body(content: LetterContent) -> Iterator[Block]:
    body, whom = content.issuer, "Ông/Bà/Tổ chức"
    yield Paragraph(
        (Run("Kính gửi: "), Run(content.applicant or "…………………………", bold=True)),
        align=Align.CENTER,
        indent=False,
    )
    if content.address:
        yield Paragraph(plain(f"Địa chỉ: {content.address}"), align=Align.CENTER, indent=False)
    yield Paragraph(
        plain(
            f"{begun(_day(content.received_at))}{body} tiếp nhận hồ sơ đề nghị giải quyết thủ tục hành chính "
            f"“{content.procedure}” của {whom}; mã số hồ sơ: {content.code}."
        )
    )
    if content.due_before:
        yield Paragraph(plain(f"Thời gian hẹn trả kết quả giải quyết hồ sơ: {_moment(content.due_before)}."))
    if content.kind == EXPLANATION:
        yield from _explained(content, whom)
    else:
        yield from _apologised(content, whom)


def _apologised(content: LetterContent, whom: str) -> Iterator[Block]:
    body = content.issuer
    said = (
        f"{body} đã trả kết quả giải quyết hồ sơ chậm so với thời hạn"
        if content.is_finished
        else f"Tuy nhiên, {body} chưa thể trả kết quả giải quyết hồ sơ của {whom} đúng thời hạn"
    )
    yield Paragraph(
        plain(f"{said} ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả. Lý do: {_ended(content.reason)}")
    )
    promise = (
        (
            Run(" và sẽ trả kết quả giải quyết hồ sơ cho "),
            Run(whom),
            Run(" vào "),
            *bold(official_date(content.due_new)),
        )
        if content.due_new
        else ()
    )
    yield Paragraph(
        (
            Run(
                f"Sự chậm trễ này đã gây phiền hà, tốn kém thời gian, công sức của {whom}. {body} xin lỗi {whom}"
            ),
            *promise,
            Run("."),
        )
    )
    yield Paragraph(plain(f"Mong nhận được sự thông cảm của {whom}./."))


def _explained(content: LetterContent, whom: str) -> Iterator[Block]:
    body = content.issuer
    yield Paragraph(
        plain(
            f"Việc trả kết quả giải quyết hồ sơ chậm so với thời hạn nêu trên là do nguyên nhân khách quan: "
            f"{_ended(content.reason)}"
        )
    )
    if content.is_finished:
        yield Paragraph(plain(f"{body} đã trả kết quả giải quyết hồ sơ cho {whom}."))
    else:
        yield Paragraph(
            plain(
                f"{body} sẽ trả kết quả giải quyết hồ sơ cho {whom} ngay khi nguyên nhân nêu trên chấm dứt."
            )
        )
    yield Paragraph(plain(f"{body} thông tin để {whom} biết và mong nhận được sự chia sẻ./."))


def _moment(moment: datetime) -> str:
    day = official_date(moment.date())
    return f"{moment:%H} giờ {moment:%M} phút, {day}" if moment.hour or moment.minute else day


def _day(moment: datetime | None) -> str:
    return f"{official_date(moment.date())}, " if moment else ""


def _ended(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "…")) else f"{text}."
