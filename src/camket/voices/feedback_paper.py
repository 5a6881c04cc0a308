"""The answer to feedback as official paper, and the register of feedback as paper and sheet; Vietnamese by nature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, ClassVar

from camket.core.numbering import body_symbol, symbol_of
from camket.core.plan import Period
from camket.core.wording.dates import official_date
from camket.paper.sheets import Value, write_sheet
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Block,
    Cell,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    plain,
    signature,
)


@dataclass(frozen=True, slots=True)
class AnswerLetter:
    """What the answer to feedback says on paper; ``number`` is empty where it went out without one."""

    IS: ClassVar[str] = "answer"

    issuer: str
    superior: str
    place: str
    recipient: str
    address: str
    code: str
    received_on: date
    subject: str
    answer: str
    number: str
    dated: date
    authority: str
    capacity: str
    signed_by: str

    def to_json(self) -> dict[str, Any]:
        """Return the letter as plain values."""
        return _to_json(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> AnswerLetter:
        """Return the letter that :meth:`to_json` wrote."""
        return cls(**_from_json(values, cls))


@dataclass(frozen=True, slots=True)
class TransferSlip:
    """What goes to the body that feedback is passed on to: the words, and whom it is to answer."""

    IS: ClassVar[str] = "transfer"

    issuer: str
    superior: str
    place: str
    recipient: str
    code: str
    received_on: date
    subject: str
    text: str
    where: str
    sender_name: str
    sender_address: str
    sender_phone: str
    files: int
    number: str
    dated: date
    authority: str
    capacity: str
    signed_by: str

    def to_json(self) -> dict[str, Any]:
        """Return the slip as plain values."""
        return _to_json(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> TransferSlip:
        """Return the slip that :meth:`to_json` wrote."""
        return cls(**_from_json(values, cls))


def _to_json(letter: AnswerLetter | TransferSlip) -> dict[str, Any]:
    plain_values = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(letter).items()
    }
    return {"is": letter.IS, **plain_values}


def _from_json(values: Mapping[str, Any], cls: type[AnswerLetter | TransferSlip]) -> dict[str, Any]:
    known = {field.name: values[field.name] for field in fields(cls)}
    for name in ("received_on", "dated"):
        known[name] = date.fromisoformat(known[name])
    return known


def letter_document(values: Mapping[str, Any]) -> Document:
    """Return the paper that was kept as plain values: an answer, or what passed feedback on."""
    if values.get("is") == TransferSlip.IS:
        return transfer_document(TransferSlip.from_json(values))
    return answer_document(AnswerLetter.from_json(values))


def answer_document(letter: AnswerLetter, *, is_draft: bool = False) -> Document:
    """Return the answer as a notice (thông báo) in the form of official paper; a draft has blanks for number and day.

    Source: Nghị định 30/2020/NĐ-CP, Điều 7 (notices) and Phụ lục I.
    """
    symbol = symbol_of("TB", body_symbol(letter.issuer))
    return Document(
        letterhead=Letterhead(
            issuer=letter.issuer,
            superior=letter.superior,
            symbol=symbol,
            number=letter.number or None,
            place=letter.place or None,
            dated=None if is_draft else letter.dated,
            year=letter.dated.year,
        ),
        kind="Thông báo",
        abstract="Về việc trả lời phản ánh, kiến nghị",
        body=tuple(_body(letter)),
        signature=signature(letter.authority, letter.capacity, letter.signed_by),
        **of_form("feedback_answer"),
        recorded_on=letter.dated,
    )


def _body(letter: AnswerLetter) -> Iterator[Block]:
    yield Paragraph(
        (Run("Kính gửi: "), Run(letter.recipient or "Người gửi phản ánh, kiến nghị", bold=True)),
        align=Align.CENTER,
        indent=False,
    )
    if letter.address:
        yield Paragraph(plain(f"Địa chỉ: {letter.address}"), align=Align.CENTER, indent=False)
    day = official_date(letter.received_on)
    yield Paragraph(
        plain(
            f"{day[:1].upper()}{day[1:]}, {letter.issuer} nhận được phản ánh, kiến nghị mã {letter.code} "
            f"về việc “{letter.subject.rstrip('.')}”. Sau khi xem xét, {letter.issuer} trả lời như sau:"
        )
    )
    for part in letter.answer.split("\n"):
        if part.strip():
            yield Paragraph(plain(part.strip()))
    yield Paragraph(plain(f"{letter.issuer} thông báo để ông/bà được biết./."))


def transfer_document(slip: TransferSlip) -> Document:
    """Return what passes feedback on (phiếu chuyển) in the form of official paper.

    Source: Nghị định 20/2008/NĐ-CP as amended (passed on to the competent body within 05 working days); Nghị định
    30/2020/NĐ-CP, Điều 7 (phiếu chuyển) and Phụ lục I.
    """
    return Document(
        letterhead=Letterhead(
            issuer=slip.issuer,
            superior=slip.superior,
            symbol=symbol_of("PC", body_symbol(slip.issuer)),
            number=slip.number or None,
            place=slip.place or None,
            dated=slip.dated,
            year=slip.dated.year,
        ),
        kind="Phiếu chuyển",
        abstract="Phản ánh, kiến nghị của cá nhân, tổ chức",
        body=tuple(_transfer(slip)),
        signature=signature(slip.authority, slip.capacity, slip.signed_by),
        **of_form("feedback_transfer"),
        recorded_on=slip.dated,
    )


def _transfer(slip: TransferSlip) -> Iterator[Block]:
    yield Paragraph((Run("Kính gửi: "), Run(slip.recipient, bold=True)), align=Align.CENTER, indent=False)
    day = official_date(slip.received_on)
    yield Paragraph(
        plain(
            f"{day[:1].upper()}{day[1:]}, {slip.issuer} nhận được phản ánh, kiến nghị mã {slip.code} về việc "
            f"“{slip.subject.rstrip('.')}”, nội dung như sau:"
        )
    )
    for part in slip.text.split("\n"):
        if part.strip():
            yield Paragraph(plain(part.strip()))
    told = (
        ("Nơi xảy ra", slip.where),
        ("Người gửi", slip.sender_name),
        ("Địa chỉ", slip.sender_address),
        ("Điện thoại", slip.sender_phone),
        ("Tài liệu kèm theo", f"{slip.files} tệp" if slip.files else ""),
    )
    for name, value in told:
        if value:
            yield Paragraph(plain(f"{name}: {value}."))
    yield Paragraph(
        plain(
            f"Nội dung nêu trên thuộc thẩm quyền của {slip.recipient}. Căn cứ Nghị định số 20/2008/NĐ-CP của Chính phủ về "
            "tiếp nhận, xử lý phản ánh, kiến nghị của cá nhân, tổ chức về quy định hành chính (được sửa đổi, bổ sung), "
            f"{slip.issuer} chuyển {slip.recipient} xem xét, xử lý và trả lời người gửi theo quy định./."
        )
    )


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of the register of feedback; names are masked for who may not see them."""

    code: str
    received_on: date
    way: str
    sender: str
    subject: str
    kind: str
    field: str
    unit: str
    due_on: date
    settled_on: date | None
    result: str
    outcome: str
    in_time: str


_HEADS = (
    "TT", "Mã", "Ngày nhận", "Hình thức", "Người gửi", "Nội dung", "Loại", "Lĩnh vực", "Bộ phận xử lý", "Hạn", "Ngày xong",
    "Kết quả", "Kết luận", "Đúng hạn",
)  # fmt: skip


def register_sheet(lines: Sequence[RegisterLine]) -> bytes:
    """Return the register as XLSX."""
    rows: list[list[Value]] = [[number, *_cells(line)] for number, line in enumerate(lines, 1)]
    return write_sheet("Sổ phản ánh, kiến nghị", list(_HEADS), rows)


def register_document(
    lines: Sequence[RegisterLine], *, issuer: str, superior: str, place: str, period: Period
) -> Document:
    """Return the register of a quarter or a year as landscape paper."""

    def cell(text: str, align: Align = Align.LEFT) -> Cell:
        return Cell((plain(text),), align=align)

    ends = f"từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"
    in_time = sum(line.in_time == "Đúng hạn" for line in lines)
    late = sum(line.in_time == "Quá hạn" for line in lines)
    return Document(
        letterhead=Letterhead(
            issuer=issuer,
            superior=superior,
            symbol=symbol_of("BC", body_symbol(issuer)),
            place=place or None,
            year=period.end.year,
        ),
        kind="Sổ theo dõi",
        abstract=f"Phản ánh, kiến nghị của cá nhân, tổ chức ({ends})",
        body=(
            Table(
                (1.0, 2.1, 2.2, 1.4, 1.8, 3.0, 1.8, 1.6, 1.9, 2.2, 2.2, 1.8, 1.5, 1.3),
                (tuple(cell(head, Align.CENTER) for head in _HEADS),),
                tuple(
                    (cell(str(number), Align.CENTER), *(cell(_text(each)) for each in _cells(line)))
                    for number, line in enumerate(lines, 1)
                ),
            ),
            Paragraph(
                plain(
                    f"Tổng số: {len(lines)}; xử lý đúng hạn: {in_time}; xử lý quá hạn hoặc đã quá hạn: {late}."
                )
            ),
        ),
        signature=Signature(lines=("Thủ trưởng cơ quan, đơn vị",)),
        **of_form("feedback_register"),
        recorded_on=period.end,
        paper=Paper.A4_LANDSCAPE,
    )


def _cells(line: RegisterLine) -> list[Value]:
    return [
        line.code,
        line.received_on,
        line.way,
        line.sender,
        line.subject,
        line.kind,
        line.field,
        line.unit,
        line.due_on,
        line.settled_on,
        line.result,
        line.outcome,
        line.in_time,
    ]


def _text(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
