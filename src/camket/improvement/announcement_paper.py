"""Papers of an announcement: the decision, the letter to the leading body, the record that effectiveness is confirmed.

Source: Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 2 điểm d, khoản 3 and Phụ lục I; Nghị định 30/2020/NĐ-CP, Phụ lục III,
mẫu 1.2 (quyết định), 1.5 (công văn), 1.9.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from itertools import groupby
from typing import Any

from camket.core.announcement import Listed
from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import official_date
from camket.paper.writing import sheet
from camket.paper.writing.bases import bases_on
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Annex,
    Block,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    addressed,
    bold,
    plain,
    signing_lines,
)

PAPERS = {
    "quyet-dinh": "Quyết định công bố",
    "thong-bao": "Văn bản thông báo",
    "xac-nhan": "Bản xác nhận hiệu lực",
}
WORDS = ("abstract", "first", "second", "third", "leading", "letter", "recipients")
"""The words that an agency may change, by key."""
BLANK = "....."


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A precondition as it stood: its title, whether it is met, what proves it."""

    title: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnouncementContent:
    """What an announcement's papers say; frozen when it is issued."""

    issuer: str
    superior: str
    place: str
    edition_name: str
    scope: str
    reason: str
    procedures: tuple[Listed, ...]
    words: Mapping[str, str]
    replaced: str
    authority: str
    capacity: str
    signer: str
    year: int
    confirmed: tuple[Confirmed, ...] = ()
    confirmed_on: date | None = None
    number: str = ""
    signed_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain values, with the words filled in."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self), default=date.isoformat))
        return {**values, "abstract": self.said("abstract")}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> AnnouncementContent:
        """Return the content that :meth:`to_json` wrote; what else stands beside it is left aside."""
        known = {each.name: values[each.name] for each in fields(cls) if each.name in values}
        known["procedures"] = tuple(Listed(**each) for each in known["procedures"])
        known["confirmed"] = tuple(
            Confirmed(each["title"], tuple(each["proofs"])) for each in known.get("confirmed", ())
        )
        for name in ("confirmed_on", "signed_on"):
            known[name] = date.fromisoformat(known[name]) if known.get(name) else None
        return cls(**known)

    def said(self, key: str) -> str:
        """Return words with the agency, the edition and the number of procedures in their places."""
        text = self.words.get(key, "")
        for name, value in (
            ("issuer", self.issuer),
            ("edition", self.edition_name),
            ("count", f"{len(self.procedures):02d}"),
            ("replaced", self.replaced),
        ):
            text = text.replace(f"{{{name}}}", value)
        return text


def issued_as(content: AnnouncementContent, number: str, signed_on: date) -> AnnouncementContent:
    """Return the content with its number and day."""
    return replace(content, number=number, signed_on=signed_on)


def decision_document(content: AnnouncementContent) -> Document:
    """Return the decision by which the system is announced, its procedures in the annex."""
    symbol = symbol_of("QĐ", body_symbol(content.issuer))
    on = content.signed_on or date(content.year, 12, 31)
    return Document(
        letterhead=_letterhead(content, "QĐ"),
        kind="Quyết định",
        abstract=content.said("abstract"),
        authority=content.issuer,
        bases=(*bases_on(on), "Theo đề nghị của Ban Chỉ đạo ISO"),
        enactment="Quyết định:",
        body=tuple(
            Paragraph((*bold(f"Điều {place}. "), *plain(content.said(key))))
            for place, key in enumerate(("first", "second", "third"), 1)
        ),
        signature=_signature(content),
        recipients=tuple(_lines(content.said("recipients"))),
        annexes=(
            Annex(
                title="Danh mục thủ tục hành chính thuộc phạm vi áp dụng Hệ thống quản lý chất lượng",
                body=tuple(_annex(content)),
                note=sheet.attached_to(
                    "Quyết định",
                    symbol,
                    content.issuer,
                    content.year,
                    number=content.number,
                    dated=content.signed_on,
                ),
            ),
        ),
        recorded_on=on,
    )


def letter_document(content: AnnouncementContent) -> Document:
    """Return the letter that tells the leading body of the announcement; its own number follows its signature."""
    symbol = symbol_of("QĐ", body_symbol(content.issuer))
    decision = f"Quyết định số {content.number or f'{BLANK}/{symbol}'}"
    if content.signed_on:
        decision += f" {official_date(content.signed_on)}"
    return Document(
        letterhead=Letterhead(
            issuer=content.issuer,
            superior=content.superior,
            symbol=symbol_of(None, body_symbol(content.issuer)),
            place=content.place or None,
            year=(content.signed_on or date(content.year, 1, 1)).year,
        ),
        kind="",
        abstract=f"thông báo công bố Hệ thống quản lý chất lượng phù hợp {content.edition_name}",
        body=(
            addressed(tuple(_lines(content.said("leading")))),
            *(Paragraph(plain(line)) for line in _lines(content.said("letter"))),
            Paragraph(plain(f"Gửi kèm: {decision}.")),
            Paragraph(plain(f"{content.issuer} trân trọng thông báo./.")),
        ),
        signature=_signature(content),
        **of_form("announcement_letter"),
        recorded_on=content.signed_on or date(content.year, 12, 31),
    )


def confirmation_document(content: AnnouncementContent) -> Document:
    """Return the record by which the head confirms that the system is effective, with what it rests on."""
    return Document(
        letterhead=replace(
            _letterhead(content, ""),
            number=None,
            symbol=symbol_of("XN", body_symbol(content.issuer)),
            dated=content.confirmed_on,
        ),
        kind="Xác nhận",
        abstract=f"Hiệu lực của Hệ thống quản lý chất lượng theo {content.edition_name}",
        body=tuple(_confirmation(content)),
        signature=_signature(content),
        **of_form("announcement_record"),
        recorded_on=content.confirmed_on or date(content.year, 12, 31),
    )


def _confirmation(content: AnnouncementContent) -> Iterator[Block]:
    yield Paragraph(
        plain(
            "Căn cứ khoản 2 Điều 4 Quyết định số 19/2014/QĐ-TTg ngày 05 tháng 3 năm 2014 của Thủ tướng Chính phủ, trên cơ sở "
            "các bằng chứng sau đây:"
        )
    )
    yield Table(
        (7.0, 38.0, 55.0),
        (_head("TT", "Điều kiện", "Bằng chứng"),),
        tuple(
            (
                Cell((plain(str(number)),), align=Align.CENTER),
                Cell((plain(each.title),)),
                Cell(tuple(plain(proof) for proof in each.proofs) or (plain("–"),)),
            )
            for number, each in enumerate(content.confirmed, 1)
        ),
    )
    yield Paragraph(
        plain(
            f"Xác nhận Hệ thống quản lý chất lượng theo Tiêu chuẩn quốc gia {content.edition_name} tại {content.issuer} có hiệu "
            f"lực đối với phạm vi gồm {len(content.procedures):02d} thủ tục hành chính"
            + (f" kể từ {official_date(content.confirmed_on)}" if content.confirmed_on else "")
            + "./."
        )
    )


def _annex(content: AnnouncementContent) -> Iterator[Block]:
    for line in _lines(content.scope):
        yield Paragraph(plain(line))
    rows: list[tuple[Cell, ...]] = []
    number = 0
    for field, found in groupby(content.procedures, key=lambda each: each.field):
        rows.append((Cell((bold(f"Lĩnh vực {field}"),), columns=4),))
        for each in found:
            number += 1
            rows.append(
                (
                    Cell((plain(str(number)),), align=Align.CENTER),
                    Cell((plain(each.code or "–"),), align=Align.CENTER),
                    Cell((plain(each.name),)),
                    Cell((plain(each.document or "–"),), align=Align.CENTER),
                )
            )
    yield Table(
        (7.0, 18.0, 55.0, 20.0), (_head("TT", "Mã thủ tục", "Tên thủ tục", "Quy trình"),), tuple(rows)
    )


def _letterhead(content: AnnouncementContent, kind: str) -> Letterhead:
    return Letterhead(
        issuer=content.issuer,
        superior=content.superior,
        symbol=symbol_of(kind, body_symbol(content.issuer)),
        number=content.number or None,
        place=content.place or None,
        dated=content.signed_on,
        year=content.signed_on.year if content.signed_on else content.year,
    )


def _signature(content: AnnouncementContent) -> Signature:
    return Signature(lines=signing_lines(content.authority, content.capacity), name=content.signer)


def _head(*words: str) -> tuple[Cell, ...]:
    return tuple(Cell((plain(text),)) for text in words)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
