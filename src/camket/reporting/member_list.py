"""The list of a committee's members as the annex of its decision (Nghị định 30/2020/NĐ-CP, Phụ lục I, phần III)."""

from __future__ import annotations

import re
from datetime import date

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.text import search_key
from camket.org.queries import AgencyRow, CommitteeRow
from camket.paper.writing.model import (
    Align,
    Cell,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
    italic,
    plain,
)

_DUTIES = {"head": "Trưởng ban", "deputy": "Phó Trưởng ban", "secretary": "Thư ký", "member": "Thành viên"}
_OF_TEAMS = {"head": "Tổ trưởng", "deputy": "Tổ phó"}
_OF_DELEGATIONS = {"head": "Trưởng đoàn", "deputy": "Phó Trưởng đoàn"}


def duty_words(committee: str, duty: str) -> str:
    """Return what a duty is called in a committee of this name: a team has a tổ trưởng, a delegation a trưởng đoàn."""
    key = search_key(committee)
    if key.startswith("to "):
        return {**_DUTIES, **_OF_TEAMS}[duty]
    if key.startswith("doan "):
        return {**_DUTIES, **_OF_DELEGATIONS}[duty]
    return _DUTIES[duty]


def member_list(row: CommitteeRow, agency: AgencyRow, today: date) -> Document:
    """Return the list of those who sit in a committee on the day it was asked for, as a document to print."""
    return Document(
        letterhead=Letterhead(
            issuer=agency.full_name,
            superior=agency.superior_name,
            symbol=symbol_of("QĐ", body_symbol(agency.full_name)),
            number=row.decision_number or None,
            place=agency.place or None,
            dated=row.decision_date,
            year=(row.decision_date or today).year,
        ),
        kind="Danh sách",
        abstract=f"Thành viên {row.name}",
        body=(_based_on(row, agency), _members(row)),
        signature=Signature(lines=()),
        recipients=(),
        recorded_on=today,
    )


def file_name(row: CommitteeRow) -> str:
    """Return a name for the list's file: ``danh-sach-thanh-vien-ban-chi-dao-iso``."""
    return re.sub(r"[^a-z0-9]+", "-", search_key(f"danh sach thanh vien {row.name}")).strip("-")


def _based_on(row: CommitteeRow, agency: AgencyRow) -> Paragraph:
    if row.decision_number and row.decision_date is not None:
        text = f"(Kèm theo Quyết định số {row.decision_number} ngày {row.decision_date:%d/%m/%Y} của {agency.full_name})"
    elif row.decision_number:
        text = f"(Kèm theo Quyết định số {row.decision_number} của {agency.full_name})"
    else:
        text = "(Kèm theo quyết định thành lập, kiện toàn)"
    return Paragraph(italic(text), align=Align.CENTER, indent=False)


def _members(row: CommitteeRow) -> Table:
    heads = ("TT", "Họ và tên", "Chức vụ, đơn vị công tác", "Nhiệm vụ được phân công")
    rows = tuple(
        (
            Cell((plain(str(index)),), align=Align.CENTER),
            Cell((plain(seat.full_name),)),
            Cell((plain(seat.post),)),
            Cell((plain(duty_words(row.name, seat.duty)),)),
        )
        for index, seat in enumerate(row.members, 1)
    )
    return Table((1.0, 4.5, 6.5, 4.0), (tuple(Cell((plain(text),)) for text in heads),), rows)
