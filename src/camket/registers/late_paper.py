"""The list of units that are late (danh sách đơn vị chậm) as official paper and as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import format_date, official_date
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
    bold,
    centered,
    plain,
    row_of,
    signature,
)
from camket.paper.writing.sheet import attached_to
from camket.registers.due import Work
from camket.registers.letter_paper import SOURCES

NO_UNIT = "Chưa phân công đơn vị"
HEADINGS = (
    "Đơn vị",
    "Nội dung nhiệm vụ",
    "Nguồn giao",
    "Văn bản, chương trình giao",
    "Người thực hiện",
    "Thời hạn",
    "Tình trạng",
    "Số ngày quá hạn",
    "Đã đôn đốc ngày",
)
"""Headings of the list as a spreadsheet."""


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with its work that is late or due soon; ``unit_id`` None is work that no unit has."""

    name: str
    unit_id: int | None
    works: tuple[Work, ...]

    @property
    def late(self) -> tuple[Work, ...]:
        """The work whose last day has passed."""
        return tuple(each for each in self.works if each.is_late)

    @property
    def soon(self) -> int:
        """How much is due soon."""
        return len(self.works) - len(self.late)

    def longest(self, on: date) -> int:
        """Return the days that the longest late work is late."""
        return max((each.days_late(on) for each in self.works), default=0)


def sheet_rows(units: Sequence[LateUnit], on: date) -> Iterator[tuple[str | int | date | None, ...]]:
    """Yield the list as rows of a spreadsheet under :data:`HEADINGS`."""
    for unit in units:
        for each in unit.works:
            yield (
                unit.name or NO_UNIT,
                each.title,
                SOURCES[each.register],
                each.given,
                each.person,
                each.due_on,
                "Quá hạn" if each.is_late else "Sắp đến hạn",
                each.days_late(on) or None,
                each.reminded_on,
            )


def late_document(
    *,
    issuer: str,
    superior: str,
    place: str,
    units: Sequence[LateUnit],
    on: date,
    authority: str,
    capacity: str,
    signed_by: str,
) -> Document:
    """Return the list of late units as a notice (thông báo) with the work of each in its annex.

    Number and day are left blank: they are given after signature. Source: Nghị định 30/2020/NĐ-CP, Điều 15.
    """
    late = [each for each in units if each.late]
    symbol = symbol_of("TB", body_symbol(issuer))
    return Document(
        letterhead=Letterhead(
            issuer=issuer, superior=superior, symbol=symbol, place=place or None, year=on.year
        ),
        kind="Thông báo",
        abstract=f"Danh sách đơn vị chậm thực hiện nhiệm vụ được giao (tính đến {official_date(on)})",
        body=tuple(_body(late, units, on, issuer)),
        signature=signature(authority, capacity, signed_by),
        **of_form("late_list"),
        annexes=(
            Annex(
                title="Chi tiết nhiệm vụ quá hạn theo đơn vị",
                body=(_works_table(late, on),),
                note=attached_to("Thông báo", symbol, issuer, on.year),
                landscape=True,
            ),
        )
        if late
        else (),
        recorded_on=on,
    )


def _body(late: Sequence[LateUnit], units: Sequence[LateUnit], on: date, issuer: str) -> Iterator[Block]:
    count = sum(len(each.late) for each in late)
    named = [each for each in late if each.unit_id is not None]
    unassigned = count - sum(len(each.late) for each in named)
    parts = [f"{count - unassigned:02d} nhiệm vụ quá hạn của {len(named):02d} đơn vị"] if named else []
    if unassigned:
        parts.append(f"{unassigned:02d} nhiệm vụ quá hạn chưa phân công đơn vị")
    if not count:
        yield Paragraph(
            plain(
                f"Qua theo dõi, tính đến {official_date(on)} không có đơn vị nào chậm thực hiện nhiệm vụ được giao./."
            )
        )
        return
    yield Paragraph(
        plain(
            f"Qua theo dõi việc thực hiện các nhiệm vụ được giao, tính đến {official_date(on)}, {issuer} có "
            f"{' và '.join(parts)}, cụ thể như sau:"
        )
    )
    yield Table(
        (8.0, 48.0, 16.0, 18.0, 16.0),
        (
            row_of(
                "TT",
                "Đơn vị",
                "Số nhiệm vụ quá hạn",
                "Số ngày quá hạn dài nhất",
                "Số nhiệm vụ sắp đến hạn",
            ),
        ),
        (
            *(
                (
                    centered(str(number)),
                    Cell((plain(each.name or NO_UNIT),)),
                    centered(str(len(each.late))),
                    centered(str(each.longest(on))),
                    centered(str(each.soon or "")),
                )
                for number, each in enumerate(late, 1)
            ),
            (
                Cell((bold("Cộng"),), columns=2, align=Align.CENTER),
                Cell((bold(str(count)),), align=Align.CENTER),
                Cell(()),
                Cell((bold(str(sum(each.soon for each in late) or "")),), align=Align.CENTER),
            ),
        ),
    )
    yield Paragraph(
        plain(
            f"(Chi tiết tại Phụ lục kèm theo). {issuer} yêu cầu thủ trưởng các đơn vị có tên trong danh sách khẩn trương "
            "chỉ đạo hoàn thành, báo cáo rõ nguyên nhân, trách nhiệm và thời hạn hoàn thành từng nhiệm vụ./."
        )
    )


def _works_table(late: Sequence[LateUnit], on: date) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for unit in late:
        rows.append((Cell((bold(unit.name or NO_UNIT),), columns=7),))
        rows.extend(
            (
                centered(str(number)),
                Cell((plain(each.title),)),
                Cell((plain(each.given or SOURCES[each.register]),)),
                Cell((plain(each.person),)),
                centered(format_date(each.due_on)),
                centered(str(each.days_late(on))),
                centered(format_date(each.reminded_on) if each.reminded_on else ""),
            )
            for number, each in enumerate(unit.late, 1)
        )
    head = row_of(
        "TT",
        "Nội dung nhiệm vụ",
        "Văn bản, chương trình giao",
        "Người thực hiện",
        "Thời hạn",
        "Số ngày quá hạn",
        "Đã đôn đốc ngày",
    )
    return Table((8.0, 59.0, 37.0, 28.0, 17.0, 14.0, 17.0), (head,), tuple(rows))
