"""Reminder letters (công văn đôn đốc) as official paper: what they say, and what is proposed to say.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I and mẫu 1.5 (công văn).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from camket.core.wording.dates import format_date, official_date
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Annex,
    Block,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Table,
    addressed,
    bold,
    centered,
    plain,
    row_of,
    signature,
)
from camket.paper.writing.sheet import attached_to

SUBJECT = "đôn đốc thực hiện nhiệm vụ được giao"
INLINE = 6
"""So many pieces of one unit's work stand in the letter itself; more, or those of several units, in an annex."""
SOURCES = {
    "directives": "Ý kiến chỉ đạo, giao việc",
    "programme": "Chương trình công tác",
    "incoming": "Văn bản đến",
    "task": "Kế hoạch thực hiện mục tiêu chất lượng",
}
"""What work is of, by register; ``task`` is a task of the quality plan."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of work that a letter reminds of: an entry of a register, or a task of the plan (``register`` "task")."""

    register: str
    id: int
    unit: str
    title: str
    given: str
    due_on: date
    late_after: date

    @property
    def key(self) -> str:
        """What forms know it by."""
        return f"{'task' if self.register == 'task' else 'entry'}-{self.id}"

    def days_late(self, on: date) -> int:
        """Return how many days past its last day in time the work is; 0 while it is in time."""
        return max((on - self.late_after).days, 0)


@dataclass(frozen=True, slots=True)
class LetterContent:
    """What a reminder letter says; ``number`` and ``issued_on`` are not known of a draft.

    ``as_of`` is the day on which its work was looked up. The paragraphs of ``opening`` and ``requests`` are lines.
    """

    issuer: str
    superior: str
    place: str
    symbol: str
    subject: str
    addressees: tuple[str, ...]
    opening: str
    requests: str
    lines: tuple[Line, ...]
    as_of: date
    number: str = ""
    issued_on: date | None = None
    authority: str = ""
    capacity: str = ""
    signed_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain values."""
        plain_values: dict[str, Any] = json.loads(json.dumps(asdict(self), default=date.isoformat))
        return plain_values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LetterContent:
        """Return the content that :meth:`to_json` wrote; what else stands beside it is left aside."""
        known = {each.name: values[each.name] for each in fields(cls) if each.name in values}
        known["lines"] = tuple(
            Line(
                **{
                    **each,
                    "due_on": date.fromisoformat(each["due_on"]),
                    "late_after": date.fromisoformat(each["late_after"]),
                }
            )
            for each in known["lines"]
        )
        known["addressees"] = tuple(known["addressees"])
        known["as_of"] = date.fromisoformat(known["as_of"])
        if known.get("issued_on"):
            known["issued_on"] = date.fromisoformat(known["issued_on"])
        return cls(**known)

    @property
    def digest(self) -> str:
        """The SHA-256 of what the letter says, as hexadecimal digits: an issued letter keeps it."""
        said = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()


def proposed_opening(addressees: Sequence[str], lines: Sequence[Line], as_of: date) -> str:
    """Return how a letter begins unless it is edited: whose work is late, and how much of it."""
    late = sum(1 for each in lines if each.days_late(as_of))
    soon = len(lines) - late
    counts = [
        text
        for number, text in (
            (late, f"{late:02d} nhiệm vụ đã quá thời hạn hoàn thành"),
            (soon, f"{soon:02d} nhiệm vụ sắp đến hạn hoàn thành"),
        )
        if number
    ]
    whose = addressees[0] if len(addressees) == 1 else "các đơn vị"
    return (
        f"Qua theo dõi việc thực hiện các nhiệm vụ được giao, tính đến {official_date(as_of)}, {whose} còn "
        f"{' và '.join(counts)}."
    )


def proposed_requests(
    issuer: str, addressees: Sequence[str], lines: Sequence[Line], as_of: date, reply_by: date
) -> str:
    """Return what a letter asks for unless it is edited: of work that is late, of work that is due soon, or of both."""
    whom = addressees[0] if len(addressees) == 1 else "thủ trưởng các đơn vị nêu trên"
    is_late = any(each.days_late(as_of) for each in lines)
    is_soon = any(not each.days_late(as_of) for each in lines)
    do = [
        *(("hoàn thành dứt điểm các nhiệm vụ đã quá hạn",) if is_late else ()),
        *(("thực hiện đúng thời hạn các nhiệm vụ sắp đến hạn",) if is_soon else ()),
    ]
    tell = (
        ", trong đó làm rõ nguyên nhân, trách nhiệm đối với từng nhiệm vụ chậm và cam kết thời hạn hoàn thành,"
        if is_late
        else ""
    )
    ask = (
        "không thể hoàn thành đúng hạn, chủ động đề nghị gia hạn, nêu rõ lý do trước khi hết thời hạn"
        if is_soon
        else "chưa thể hoàn thành, nêu rõ lý do và đề nghị thời hạn mới"
    )
    return "\n".join(
        (
            f"Để bảo đảm tiến độ, {issuer} đề nghị {whom}:",
            f"1. Tập trung chỉ đạo, {'; '.join(do)}.",
            f"2. Báo cáo bằng văn bản kết quả thực hiện{tell} trước {official_date(reply_by)}.",
            f"3. Trường hợp có khó khăn, vướng mắc {ask}.",
        )
    )


def letter_document(content: LetterContent) -> Document:
    """Return a letter as the paper it becomes, with blanks for number and day while it is a draft."""
    is_inline = _is_inline(content)
    return Document(
        letterhead=Letterhead(
            issuer=content.issuer,
            superior=content.superior,
            symbol=content.symbol,
            number=content.number or None,
            place=content.place or None,
            dated=content.issued_on,
            year=(content.issued_on or content.as_of).year,
        ),
        kind="",
        abstract=content.subject,
        body=tuple(_body(content, is_inline=is_inline)),
        signature=signature(content.authority, content.capacity, content.signed_by),
        **of_form("reminder"),
        annexes=()
        if is_inline
        else (
            Annex(
                title="Danh mục nhiệm vụ quá hạn, sắp đến hạn",
                body=(work_table(content.lines, content.as_of),),
                note=_note(content),
            ),
        ),
        recorded_on=content.issued_on or content.as_of,
    )


def work_table(lines: Sequence[Line], as_of: date) -> Table:
    """Return work as a table, by unit where it is of several; each with its last day and the days it is late."""
    units = list(dict.fromkeys(each.unit for each in lines))
    head = row_of("TT", "Nội dung nhiệm vụ", "Văn bản, chương trình giao", "Thời hạn", "Số ngày quá hạn")
    rows: list[tuple[Cell, ...]] = []
    for unit in units:
        if len(units) > 1:
            rows.append((Cell((bold(unit),), columns=5),))
        for number, each in enumerate((one for one in lines if one.unit == unit), 1):
            late = each.days_late(as_of)
            rows.append(
                (
                    centered(str(number)),
                    Cell((plain(each.title),)),
                    Cell((plain(each.given or SOURCES.get(each.register, "")),)),
                    centered(format_date(each.due_on)),
                    centered(str(late) if late else "Sắp đến hạn"),
                )
            )
    return Table((7.0, 47.0, 24.0, 16.0, 14.0), (head,), tuple(rows))


def _is_inline(content: LetterContent) -> bool:
    return len(content.lines) <= INLINE and len({each.unit for each in content.lines}) == 1


def _body(content: LetterContent, *, is_inline: bool) -> Iterator[Block]:
    yield addressed(content.addressees)
    opening = _paragraphs(content.opening)
    for number, text in enumerate(opening, 1):
        is_last = number == len(opening)
        pointed = (" Cụ thể như sau:" if is_inline else " Chi tiết tại Phụ lục kèm theo.") if is_last else ""
        yield Paragraph(plain(f"{text}{pointed}"))
    if is_inline:
        yield work_table(content.lines, content.as_of)
    for text in _paragraphs(content.requests):
        yield Paragraph(plain(text))
    yield Paragraph(plain(f"{content.issuer} đề nghị các đơn vị nghiêm túc thực hiện./." if len(content.addressees) > 1
                          else f"{content.issuer} đề nghị đơn vị nghiêm túc thực hiện./."))  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _note(content: LetterContent) -> str:
    return attached_to(
        "Công văn",
        content.symbol,
        content.issuer,
        content.as_of.year,
        number=content.number,
        dated=content.issued_on,
    )
