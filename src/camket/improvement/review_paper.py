"""Papers of a management review: invitation (giấy mời), minutes (biên bản), notice of its conclusions (thông báo).

Source: Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.6 (giấy mời), 1.9 (biên bản), 1.4 (thông báo); ISO 9001:2015, 9.3.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import format_date, official_date
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Block,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Run,
    Signature,
    Table,
    bold,
    fact,
    italic,
    plain,
    signing_lines,
)

TITLES = {
    "a": "Tình trạng thực hiện các quyết định của cuộc xem xét trước",
    "b": "Thay đổi của các vấn đề bên ngoài và nội bộ liên quan đến hệ thống quản lý chất lượng",
    "c1": "Sự hài lòng của tổ chức, công dân và phản hồi từ các bên quan tâm",
    "c2": "Mức độ thực hiện mục tiêu chất lượng",
    "c3": "Kết quả thực hiện các quá trình và sự phù hợp của dịch vụ hành chính công",
    "c4": "Sự không phù hợp và hành động khắc phục",
    "c5": "Kết quả theo dõi và đo lường",
    "c6": "Kết quả đánh giá",
    "c7": "Kết quả của các bên cung cấp bên ngoài",
    "d": "Sự đầy đủ của nguồn lực",
    "e": "Hiệu lực của hành động giải quyết rủi ro và cơ hội",
    "f": "Cơ hội cải tiến",
}
KINDS = {
    "improvement": "Cải tiến",
    "change": "Thay đổi hệ thống",
    "resources": "Nguồn lực",
    "objective": "Mục tiêu năm sau",
}
PAPERS = {
    "ke-hoach": "Kế hoạch",
    "giay-moi": "Giấy mời",
    "bien-ban": "Biên bản",
    "thong-bao": "Thông báo kết luận",
}


@dataclass(frozen=True, slots=True)
class Present:
    """Who was asked; ``attended`` is None until it was noted."""

    name: str
    position: str
    attended: bool | None
    absence: str = ""

    @property
    def words(self) -> str:
        """The name with the position."""
        return ", ".join(filter(None, (self.name, self.position)))


@dataclass(frozen=True, slots=True)
class Treated:
    """An input: what was gathered, what was said to it, or why nothing arose."""

    key: str
    lines: tuple[str, ...]
    comment: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: its kind, who does it, by when."""

    kind: str
    text: str
    who: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """What a review's papers say; frozen with the review when it is closed."""

    issuer: str
    superior: str
    place_name: str
    title: str
    period_start: date
    period_end: date
    held_on: date
    starts: str
    place: str
    chair: str
    chair_position: str
    clerk: str
    members: tuple[Present, ...]
    inputs: tuple[Treated, ...]
    decisions: tuple[Decided, ...]
    conclusion: str
    number: str = ""
    counted_to: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self), default=date.isoformat))
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ReviewContent:
        """Return the content that :meth:`to_json` wrote; what else stands beside it is left aside."""
        known = {each.name: values[each.name] for each in fields(cls) if each.name in values}
        for name in ("period_start", "period_end", "held_on"):
            known[name] = date.fromisoformat(known[name])
        if known.get("counted_to"):
            known["counted_to"] = date.fromisoformat(known["counted_to"])
        known["members"] = tuple(Present(**each) for each in known["members"])
        known["inputs"] = tuple(
            Treated(**{**each, "lines": tuple(each["lines"])}) for each in known["inputs"]
        )
        known["decisions"] = tuple(
            Decided(**{**each, "due_on": date.fromisoformat(each["due_on"])}) for each in known["decisions"]
        )
        return cls(**known)

    @property
    def period(self) -> str:
        """The days that are reviewed."""
        return f"từ ngày {format_date(self.period_start)} đến ngày {format_date(self.period_end)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs the invitation and the notice for the agency."""

    authority: str = ""
    capacity: str = ""
    name: str = ""


def minutes_document(content: ReviewContent) -> Document:
    """Return the minutes: who came, what stood to each input and was said, what was decided."""
    return Document(
        letterhead=_letterhead(content, "BB", content.number, content.held_on),
        kind="Biên bản",
        abstract="Họp xem xét của lãnh đạo đối với hệ thống quản lý chất lượng",
        body=tuple(_minutes(content)),
        signature=Signature(lines=()),
        **of_form("review_minutes"),
        recorded_on=content.held_on,
    )


def invitation_document(content: ReviewContent, signer: Signer) -> Document:
    """Return the invitation, its number and day left blank: they are given when it is signed."""
    when = (
        f"{_clock(content.starts)}, {official_date(content.held_on)}"
        if content.starts
        else official_date(content.held_on)
    )
    body = [
        Paragraph(
            plain(
                f"{content.issuer} trân trọng kính mời các ông (bà) có tên dưới đây dự họp xem xét của lãnh đạo đối với hệ "
                f"thống quản lý chất lượng, kỳ {content.period}:"
            )
        ),
        *(Paragraph(plain(f"{number}. {each.words}.")) for number, each in enumerate(content.members, 1)),
        fact("Nội dung", f"xem xét các đầu vào theo mục 9.3.2 của TCVN ISO 9001:2015. {content.title}."),
        fact("Chủ trì", f"{', '.join(filter(None, (content.chair, content.chair_position)))}."),
        fact("Thời gian", f"{when}."),
        fact("Địa điểm", f"{content.place or 'trụ sở cơ quan'}."),
        Paragraph(
            plain(
                "Đề nghị các bộ phận chuẩn bị ý kiến đối với số liệu đã được tập hợp trên hệ thống thuộc lĩnh vực của mình. "
                "Rất mong các ông (bà) có mặt đúng thời gian và địa điểm nêu trên./."
            )
        ),
    ]
    return Document(
        letterhead=_letterhead(content, "GM", "", None),
        kind="Giấy mời",
        abstract="Họp xem xét của lãnh đạo",
        body=tuple(body),
        signature=Signature(lines=signing_lines(signer.authority, signer.capacity), name=signer.name),
        **of_form("review_invitation"),
        recorded_on=content.held_on,
    )


def notice_document(content: ReviewContent, signer: Signer) -> Document:
    """Return the notice of the review's conclusions, its number and day left blank until it is signed."""
    chair = ", ".join(filter(None, (content.chair, content.chair_position)))
    body: list[Block] = [
        Paragraph(
            plain(
                f"{_capital(official_date(content.held_on))}, {content.issuer} họp xem xét của lãnh đạo đối với hệ thống quản lý "
                f"chất lượng, kỳ {content.period}, do ông (bà) {chair} chủ trì. Sau khi nghe báo cáo và ý kiến của các thành "
                "viên dự họp, người chủ trì kết luận như sau:"
            )
        ),
        Paragraph(bold("1. Đánh giá chung"), level=1),
        *_paragraphs(content.conclusion),
        Paragraph(bold("2. Nhiệm vụ"), level=1),
        *_decisions(content),
        Paragraph(
            plain(
                f"{content.issuer} thông báo để các bộ phận, cá nhân biết, thực hiện và cập nhật kết quả trên hệ thống./."
            )
        ),
    ]
    return Document(
        letterhead=_letterhead(content, "TB", "", None),
        kind="Thông báo",
        abstract="Kết luận cuộc họp xem xét của lãnh đạo đối với hệ thống quản lý chất lượng",
        body=tuple(body),
        signature=Signature(lines=signing_lines(signer.authority, signer.capacity), name=signer.name),
        **of_form("review_notice"),
        recorded_on=content.held_on,
    )


def _letterhead(content: ReviewContent, kind: str, number: str, dated: date | None) -> Letterhead:
    return Letterhead(
        issuer=content.issuer,
        superior=content.superior,
        symbol=symbol_of(kind, body_symbol(content.issuer)),
        number=number or None,
        place=content.place_name or None,
        dated=dated,
        year=content.held_on.year,
    )


def _minutes(content: ReviewContent) -> Iterator[Block]:
    starts = f"{_clock(content.starts)}, " if content.starts else ""
    yield fact("Thời gian", f"{starts}{official_date(content.held_on)}.")
    yield fact("Địa điểm", f"{content.place or 'trụ sở cơ quan'}.")
    yield fact("Kỳ xem xét", f"{content.period}.")
    yield fact("Chủ tọa", f"{', '.join(filter(None, (content.chair, content.chair_position)))}.")
    if content.clerk:
        yield fact("Thư ký", f"{content.clerk}.")
    yield Paragraph(bold("I. Thành phần"), level=1)
    present = [each.words for each in content.members if each.attended]
    absent = [each for each in content.members if each.attended is False]
    unknown = [each.words for each in content.members if each.attended is None]
    if present:
        yield Paragraph(plain(f"Có mặt ({len(present)}): {'; '.join(present)}."))
    if absent:
        words = "; ".join(
            f"{each.words}{f' (lý do: {each.absence})' if each.absence else ''}" for each in absent
        )
        yield Paragraph(plain(f"Vắng mặt ({len(absent)}): {words}."))
    if unknown:
        yield Paragraph(plain(f"Được mời ({len(unknown)}): {'; '.join(unknown)}."))
    yield Paragraph(bold("II. Nội dung xem xét (mục 9.3.2 TCVN ISO 9001:2015)"), level=1)
    if content.counted_to is not None:
        days = f"từ ngày {format_date(content.period_start)} đến hết ngày {format_date(content.counted_to)}"
        yield Paragraph(
            italic(f"Số liệu dưới đây tính {days}; việc phát sinh sau ngày đó thuộc kỳ xem xét sau.")
        )
    for number, each in enumerate(content.inputs, 1):
        yield Paragraph(bold(f"{number}. {TITLES[each.key]}"), level=2)
        for line in each.lines:
            yield Paragraph(plain(f"- {line}"))
        if not each.lines:
            yield Paragraph(italic("Hệ thống không có số liệu trong kỳ."))
        yield from _labelled("Nhận xét: ", each.comment)
        yield from _labelled("Không phát sinh: ", each.nothing)
    yield Paragraph(bold("III. Kết luận"), level=1)
    yield from _paragraphs(content.conclusion)
    yield Paragraph(bold("IV. Quyết định (mục 9.3.3 TCVN ISO 9001:2015)"), level=1)
    yield from _decisions(content)
    yield Paragraph(
        plain("Biên bản được lập, đọc lại cho các thành viên dự họp cùng nghe, thống nhất và ký tên./.")
    )
    yield Table(
        (1.0, 1.0),
        (),
        ((_signed("Thư ký", content.clerk), _signed("Chủ tọa", content.chair)),),
        is_ruled=False,
    )


def _signed(post: str, name: str) -> Cell:
    space = plain("")
    return Cell((bold(post.upper()), space, space, space, bold(name)), align=Align.CENTER)


def _decisions(content: ReviewContent) -> Iterator[Block]:
    if not content.decisions:
        yield Paragraph(plain("Không có quyết định phải theo dõi riêng."))
        return
    head = tuple(
        Cell((plain(text),)) for text in ("TT", "Nội dung", "Loại", "Người, bộ phận thực hiện", "Thời hạn")
    )
    rows = tuple(
        (
            Cell((plain(str(number)),), align=Align.CENTER),
            Cell((plain(each.text),)),
            Cell((plain(KINDS.get(each.kind, each.kind)),)),
            Cell((plain(each.who),)),
            Cell((plain(format_date(each.due_on)),), align=Align.CENTER),
        )
        for number, each in enumerate(content.decisions, 1)
    )
    yield Table((6.0, 40.0, 15.0, 24.0, 15.0), (head,), rows)


def _labelled(label: str, text: str) -> Iterator[Paragraph]:
    for place, line in enumerate(line.strip() for line in text.splitlines() if line.strip()):
        yield Paragraph((Run(label, bold=True), Run(line)) if place == 0 else plain(line))


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(plain(line.strip()))


def _clock(starts: str) -> str:
    hour, minute = starts.split(":")
    return f"{int(hour):02d} giờ {minute}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
