"""Nonconformities as official paper: the request for corrective action (phiếu yêu cầu) and the book of follow-up (sổ theo dõi).

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; what they say follows ISO 9001:2015, 10.2.1 and 10.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from camket.core.causes import Branch, lines
from camket.core.wording.dates import format_date
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Block,
    Cell,
    Document,
    Letterhead,
    Line,
    Paper,
    Paragraph,
    Signature,
    Table,
    bold,
    italic,
    plain,
)

if TYPE_CHECKING:
    from camket.improvement.queries.nonconformities import NonconformityRow

SOURCES = {
    "audit": "Đánh giá nội bộ",
    "target": "Mục tiêu không đạt",
    "dossiers": "Hồ sơ quá hạn",
    "feedback": "Phản ánh, kiến nghị",
    "inspection": "Kiểm tra, thanh tra của cấp trên",
    "review": "Xem xét của lãnh đạo",
    "other": "Phát hiện trong công việc",
}
STATES = {
    "proposed": "Đề xuất",
    "open": "Đang phân tích, lập kế hoạch",
    "planned": "Kế hoạch chờ duyệt",
    "acting": "Đang thực hiện",
    "judging": "Chờ đánh giá hiệu lực",
    "closed": "Đã đóng",
    "dismissed": "Không tiếp nhận",
    "cancelled": "Đã hủy",
}
HEADINGS = (
    "Số",
    "Ngày phát hiện",
    "Nội dung không phù hợp",
    "Nguồn phát hiện",
    "Điều khoản",
    "Mức độ",
    "Đơn vị",
    "Người chịu trách nhiệm",
    "Khắc phục tức thời",
    "Nguyên nhân gốc",
    "Hành động khắc phục",
    "Việc đã nghiệm thu",
    "Tổng số việc",
    "Thời hạn tiếp theo",
    "Tình trạng",
    "Hiệu lực",
    "Ngày đóng",
)
"""Headings of the book as a spreadsheet."""
_DOTS = "." * 110


@dataclass(frozen=True, slots=True)
class PaperStep:
    """A piece of the plan as the request says it; ``done_on`` once it was accepted."""

    text: str
    expected: str
    who: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class RequestText:
    """What a request for corrective action says; what is not known yet is left to be filled in by hand."""

    number: str
    title: str
    source: str
    unit: str
    owner: str
    found_on: date
    clause: str
    requirement: str
    is_major: bool
    text: str
    correction: str
    corrected_on: date | None
    consequences: str
    branches: tuple[Branch, ...]
    root_cause: str
    similar: str
    no_action: str
    steps: tuple[PaperStep, ...]
    plan_due_on: date | None
    judge_on: date | None
    raised_by: str
    planned_by: str
    approved_by: str
    approved_on: date | None
    is_effective: bool | None
    judgement: str
    despite: str
    judged_by: str
    judged_on: date | None


def request_document(*, issuer: str, superior: str, place: str, text: RequestText, on: date) -> Document:
    """Return the request for corrective action with its parts: what is wrong, correction, cause, plan, effect."""
    return Document(
        letterhead=Letterhead(
            issuer=issuer,
            superior=superior,
            symbol="PYC",
            number=text.number.removeprefix("KPH ") + "/PYC" if text.number else None,
            place=place or None,
            year=on.year,
        ),
        kind="Phiếu yêu cầu hành động khắc phục",
        abstract=text.title,
        body=tuple(_request_body(text)),
        signature=Signature(lines=("Lãnh đạo phê duyệt",), name=text.approved_by),
        **of_form("nonconformity", unit=text.unit, owner=text.owner),
        recorded_on=on,
    )


def book_document(
    *,
    issuer: str,
    superior: str,
    place: str,
    rows: Sequence[NonconformityRow],
    year: int | None,
    on: date,
) -> Document:
    """Return the book of follow-up as a table on landscape paper."""
    span = f"năm {year}" if year else f"(tính đến ngày {format_date(on)})"
    widths = (11.0, 24.0, 48.0, 28.0, 32.0, 39.0, 39.0, 25.0, 25.0)
    heads = (
        "TT",
        "Số, ngày phát hiện",
        "Nội dung không phù hợp, nguồn, điều khoản",
        "Đơn vị, người chịu trách nhiệm",
        "Khắc phục tức thời",
        "Nguyên nhân gốc",
        "Hành động khắc phục",
        "Thời hạn",
        "Tình trạng, hiệu lực",
    )
    body: tuple[Block, ...] = (
        Table(
            widths,
            (tuple(Cell((bold(each),), align=Align.CENTER) for each in heads),),
            tuple(_book_cells(number, each) for number, each in enumerate(rows, 1)),
        )
        if rows
        else Paragraph(plain("Không có sự không phù hợp nào được ghi nhận./.")),
    )
    return Document(
        letterhead=Letterhead(
            issuer=issuer, superior=superior, symbol="STD", place=place or None, year=on.year
        ),
        kind="Sổ theo dõi",
        abstract=f"Sự không phù hợp và hành động khắc phục {span}",
        body=body,
        signature=Signature(lines=("Thư ký Ban Chỉ đạo ISO",)),
        **of_form("nonconformity_book"),
        recorded_on=on,
        paper=Paper.A4_LANDSCAPE,
    )


def sheet_rows(rows: Sequence[NonconformityRow]) -> Iterator[tuple[str | int | date | None, ...]]:
    """Yield the book as rows of a spreadsheet under :data:`HEADINGS`."""
    for each in rows:
        yield (
            each.number,
            each.found_on,
            each.title,
            SOURCES[each.source],
            each.clause,
            "Nặng" if each.is_major else "Nhẹ",
            each.unit,
            each.owner,
            each.correction,
            each.root_cause,
            "\n".join(each.plan),
            each.accepted,
            each.steps,
            each.due_on,
            STATES[each.state],
            _EFFECTS.get(each.effect, ""),
            each.closed_on,
        )


_EFFECTS = {
    "effective": "Có hiệu lực",
    "ineffective": "Không hiệu lực",
    "despite": "Có hiệu lực theo kết luận của người đứng đầu, dù chỉ tiêu chưa đạt",
}


def _request_body(text: RequestText) -> Iterator[Block]:
    yield _heading("1. Sự không phù hợp")
    yield Table(
        (34.0, 50.0, 30.0, 50.0),
        (),
        (
            (
                _label("Nguồn phát hiện"),
                _text(SOURCES[text.source]),
                _label("Ngày phát hiện"),
                _text(format_date(text.found_on)),
            ),
            (_label("Đơn vị"), _text(text.unit), _label("Người chịu trách nhiệm"), _text(text.owner)),
            (
                _label("Điều khoản"),
                _text(text.clause),
                _label("Mức độ"),
                _text("Nặng" if text.is_major else "Nhẹ"),
            ),
        ),
    )
    yield from _said("Mô tả", text.text)
    yield from _said("Yêu cầu không được đáp ứng", text.requirement)
    if text.plan_due_on:
        yield Paragraph(plain(f"Đề nghị gửi kế hoạch khắc phục trước ngày {format_date(text.plan_due_on)}."))
    yield _heading("2. Khắc phục tức thời")
    day = f" (ngày {format_date(text.corrected_on)})" if text.corrected_on else ""
    yield from _said(f"Đã làm ngay{day}", text.correction)
    yield from _said("Hậu quả, người chịu thiệt và việc đã làm cho họ", text.consequences)
    yield _heading("3. Nguyên nhân")
    yield from _causes(text)
    yield from _said("Nguyên nhân gốc", text.root_cause)
    yield from _said("Trường hợp tương tự", text.similar)
    yield _heading("4. Hành động khắc phục")
    yield from _plan(text)
    yield _heading("5. Đánh giá hiệu lực")
    yield from _effect(text)
    yield _hands(text)


def _causes(text: RequestText) -> Iterator[Block]:
    for branch in text.branches:
        if branch.causes:
            yield Paragraph(bold(branch.name), indent=True)
            for each in lines(branch):
                why = "Vì sao? " if each.depth else ""
                yield Paragraph(plain(f"{each.number}. {why}{each.text}"))


def _plan(text: RequestText) -> Iterator[Block]:
    if text.no_action:
        yield from _said("Chỉ cần khắc phục tức thời, vì", text.no_action)
    if text.steps or not text.no_action:
        heads = ("TT", "Việc phải làm, kết quả cần có", "Đơn vị, người thực hiện", "Thời hạn", "Nghiệm thu")
        rows: list[tuple[Cell, ...]] = [
            (
                _middle(str(number)),
                Cell((plain(each.text), *((italic(each.expected),) if each.expected else ()))),
                _text(each.who),
                _middle(format_date(each.due_on)),
                _middle(format_date(each.done_on) if each.done_on else ""),
            )
            for number, each in enumerate(text.steps, 1)
        ]
        for number in range(1, 0 if rows else 4):  # room to write by hand
            rows.append((_middle(str(number)), *(Cell((plain(""),)) for _ in range(4))))
        yield Table(
            (11.0, 63.0, 40.0, 25.0, 25.0),
            (tuple(Cell((bold(each),), align=Align.CENTER) for each in heads),),
            tuple(rows),
        )
    if text.approved_by and text.approved_on:
        yield Paragraph(
            plain(f"Kế hoạch được {text.approved_by} duyệt ngày {format_date(text.approved_on)}.")
        )


def _effect(text: RequestText) -> Iterator[Block]:
    if text.is_effective is None:
        if text.judge_on:
            yield Paragraph(plain(f"Đánh giá hiệu lực từ ngày {format_date(text.judge_on)}."))
        yield from _said("Kết quả (có hiệu lực, không hiệu lực; căn cứ)", "")
        return
    verdict = "Có hiệu lực" if text.is_effective else "Không hiệu lực, phải lập kế hoạch khác"
    on = f" ngày {format_date(text.judged_on)}" if text.judged_on else ""
    yield Paragraph((*bold(f"{verdict}. "), *plain(f"Người đánh giá: {text.judged_by},{on}.")))
    yield from _said("Căn cứ", text.judgement)
    if text.despite:
        yield from _said(
            "Kết quả của chỉ tiêu không chứng tỏ có hiệu lực; lý do người đứng đầu vẫn kết luận có hiệu lực",
            text.despite,
        )


def _hands(text: RequestText) -> Table:
    """Return who wrote the request and who planned, side by side; the leader signs below."""
    heads = ("Người lập phiếu", "Người lập kế hoạch khắc phục")
    names = (text.raised_by, text.planned_by)
    return Table(
        (50.0, 50.0),
        (),
        (
            tuple(Cell((bold(each),), align=Align.CENTER) for each in heads),
            tuple(Cell((plain(""), plain(""), bold(each)), align=Align.CENTER) for each in names),
        ),
        is_ruled=False,
    )


def _book_cells(number: int, each: NonconformityRow) -> tuple[Cell, ...]:
    source = SOURCES[each.source] + (f", điều khoản {each.clause}" if each.clause else "")
    owner = tuple(plain(name) for name in (each.unit, each.owner) if name)
    state = [plain(STATES[each.state])]
    if each.steps:
        state.append(plain(f"Nghiệm thu {each.accepted}/{each.steps} việc"))
    if each.effect:
        state.append(plain(_EFFECTS[each.effect]))
    when = each.closed_on or each.due_on
    return (
        _middle(str(number)),
        Cell((plain(each.number or "–"), plain(format_date(each.found_on))), align=Align.CENTER),
        Cell((plain(each.title), italic(source))),
        Cell(owner),
        _text(each.correction),
        _text(each.root_cause),
        Cell(tuple(plain(f"- {step}") for step in each.plan)),
        _middle(format_date(when) if when else ""),
        Cell(tuple(state)),
    )


def _heading(text: str) -> Paragraph:
    return Paragraph(bold(text), align=Align.LEFT, indent=False, level=1)


def _said(label: str, text: str) -> Iterator[Block]:
    """Yield what was said under its label; where nothing was, dots to write on."""
    parts = text.splitlines() or [""]
    first: Line = (*bold(f"{label}: "), *plain(parts[0]))
    yield Paragraph(first)
    if not text:
        yield Paragraph(plain(_DOTS), align=Align.LEFT, indent=False)
    for each in parts[1:]:
        yield Paragraph(plain(each))


def _label(text: str) -> Cell:
    return Cell((bold(text),))


def _text(text: str) -> Cell:
    return Cell(tuple(plain(each) for each in text.splitlines()) or (plain(""),))


def _middle(text: str) -> Cell:
    return Cell((plain(text),), align=Align.CENTER)
