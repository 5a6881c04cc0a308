"""The submission (tờ trình) by which an agency registers, or proposes, emulation titles and awards, with the list.

Source: Luật Thi đua, khen thưởng số 06/2022/QH15; Nghị định 30/2020/NĐ-CP, Phụ lục III, model 1.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.numbers import format_number
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
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
    numbered_table,
    plain,
    row_of,
    signature,
)
from camket.paper.writing.sheet import attached_to

REGISTERED, PROPOSED = "registered", "proposed"
_ASKS = {
    REGISTERED: ("đăng ký", "Danh sách cá nhân, tập thể đăng ký danh hiệu thi đua, hình thức khen thưởng"),
    PROPOSED: (
        "đề nghị tặng",
        "Danh sách cá nhân, tập thể đề nghị tặng danh hiệu thi đua, hình thức khen thưởng",
    ),
}
_COUNCIL = "Hội đồng Thi đua - Khen thưởng"
_LAW = (date(2024, 1, 1), "Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022")


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to have which title: a person, or a collective; ``title`` as the law calls it, in the order of the law."""

    name: str
    unit: str
    title: str
    rank: int
    is_collective: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A title of which so many may be given: ``most``, ``share`` per cent of those with the title ``of``; ``asked`` are."""

    title: str
    of: str
    share: Decimal
    asked: int
    most: int


def titles_document(
    *,
    stage: str,
    year: int,
    wishes: Sequence[Wish],
    shares: Sequence[Share],
    issuer: str,
    superior: str,
    place: str,
    on: date,
    authority: str,
    capacity: str,
    signed_by: str,
) -> Document:
    """Return the submission of those who are registered or proposed; number and day are left blank."""
    asks, listed = _ASKS[stage]
    symbol = symbol_of("TTr", body_symbol(issuer))
    ordered = sorted(
        wishes, key=lambda each: (each.is_collective, -each.rank, each.title, each.unit, each.name)
    )
    return Document(
        letterhead=Letterhead(
            issuer=issuer, superior=superior, symbol=symbol, place=place or None, year=on.year
        ),
        kind="Tờ trình",
        abstract=f"Về việc {asks} danh hiệu thi đua, hình thức khen thưởng năm {year}",
        body=(
            addressed((superior or _COUNCIL,)),
            *_body(asks, year, ordered, shares, issuer, superior or _COUNCIL, on),
        ),
        signature=signature(authority, capacity, signed_by),
        **of_form("titles_submission"),
        annexes=(
            Annex(
                title=f"{listed} năm {year}",
                body=(
                    numbered_table(
                        (8, 37, 30, 25),
                        ("TT", "Cá nhân, tập thể", "Bộ phận", "Danh hiệu, hình thức"),
                        [(each.name, each.unit or "–", each.title) for each in ordered],
                        centered=(0,),
                    ),
                ),
                note=attached_to("Tờ trình", symbol, issuer, on.year),
            ),
        ),
        recorded_on=on,
    )


def _body(
    asks: str,
    year: int,
    wishes: Sequence[Wish],
    shares: Sequence[Share],
    issuer: str,
    addressee: str,
    on: date,
) -> Iterator[Block]:
    since, law = _LAW
    by_law = f"Căn cứ {law}; trên" if on >= since else "Trên"
    people = sum(not each.is_collective for each in wishes)
    yield Paragraph(
        plain(
            f"{by_law} cơ sở kết quả đăng ký, bình xét tại các bộ phận, {issuer} kính trình {addressee} xem xét việc {asks} "
            f"danh hiệu thi đua, hình thức khen thưởng năm {year} của {people:02d} lượt cá nhân và {len(wishes) - people:02d} "
            "lượt tập thể, cụ thể như sau:"
        )
    )
    yield Table(
        (8.0, 50.0, 14.0, 14.0, 14.0),
        (row_of("TT", "Danh hiệu, hình thức", "Cá nhân", "Tập thể", "Cộng"),),
        tuple(_counts(wishes)),
    )
    for each in shares:
        over = "vượt" if each.asked > each.most else "không vượt"
        yield Paragraph(
            plain(
                f"Danh hiệu {each.title}: {each.asked:02d}, {over} tỷ lệ {format_number(each.share)}% số {each.of} "
                f"(tối đa {each.most:02d})."
            )
        )
    yield Paragraph(plain(f"(Danh sách tại Phụ lục kèm theo). Kính trình {addressee} xem xét, quyết định./."))


def _counts(wishes: Sequence[Wish]) -> Iterator[tuple[Cell, ...]]:
    ranks = {each.title: (each.is_collective, -each.rank) for each in wishes}
    found = Counter((each.title, each.is_collective) for each in wishes)
    for number, title in enumerate(sorted(ranks, key=lambda name: (ranks[name], name)), 1):
        one, many = found[title, False], found[title, True]
        yield (
            centered(str(number)),
            Cell((plain(title),)),
            centered(str(one or "–")),
            centered(str(many or "–")),
            centered(str(one + many)),
        )
    people = sum(not each.is_collective for each in wishes)
    yield (
        Cell((bold("Cộng"),), columns=2, align=Align.CENTER),
        *(
            Cell((bold(str(count)),), align=Align.CENTER)
            for count in (people, len(wishes) - people, len(wishes))
        ),
    )
