"""A self-assessment on paper: the marks of all indicators with their reasons, quadrant by quadrant.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.4 (báo cáo); ISO 18091, Annex A.
"""

from __future__ import annotations

from collections.abc import Iterator

from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.dates import official_date
from camket.improvement.queries.self_assessments import AssessmentPage
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
    bold,
    italic,
    plain,
    signing_lines,
)
from camket.paper.writing.sheet import attached_to

WORDS = {"red": "Đỏ", "yellow": "Vàng", "green": "Xanh", "": "Chưa đánh giá", "none": "Chưa đánh giá"}


def assessment_document(
    page: AssessmentPage, *, authority: str = "", capacity: str = "", signed_by: str = ""
) -> Document:
    """Return the report of a self-assessment; number and day are left blank until it is signed."""
    return Document(
        letterhead=Letterhead(
            issuer=page.issuer,
            superior=page.superior,
            symbol=symbol_of("BC", body_symbol(page.issuer)),
            place=page.place or None,
            year=page.row.on.year,
        ),
        kind="Báo cáo",
        abstract=f"Kết quả tự đánh giá theo {page.name}",
        body=tuple(_body(page)),
        signature=Signature(lines=signing_lines(authority, capacity), name=signed_by),
        **of_form("self_assessment"),
        annexes=(
            Annex(
                title="Kết quả từng chỉ số",
                body=(Paragraph(italic(f"Nguồn: {page.source}.")), *_tables(page)),
                note=attached_to(
                    "Báo cáo", symbol_of("BC", body_symbol(page.issuer)), page.issuer, page.row.on.year
                ),
            ),
        ),
        recorded_on=page.row.on,
    )


def _body(page: AssessmentPage) -> Iterator[Block]:
    total = page.row.total
    yield Paragraph(
        plain(
            f"Tính đến {official_date(page.row.on)}, {page.issuer} tự đánh giá {len(page.indicators)} chỉ số: xanh "
            f"{total['green']}, vàng {total['yellow']}, đỏ {total['red']}, chưa đánh giá {total['none']}."
        )
    )
    head = tuple(Cell((plain(text),)) for text in ("Nhóm", "Xanh", "Vàng", "Đỏ", "Chưa đánh giá"))
    rows = tuple(
        (
            Cell((plain(f"{each.key}. {each.name}"),)),
            *(
                Cell((plain(str(each.counts[colour])),), align=Align.CENTER)
                for colour in ("green", "yellow", "red", "none")
            ),
        )
        for each in page.quadrants
    )
    yield Table((48.0, 12.0, 12.0, 12.0, 16.0), (head,), rows)
    yield Paragraph(bold("Ý nghĩa của màu"), level=1)
    for colour in ("green", "yellow", "red"):
        yield Paragraph(plain(f"- {WORDS[colour]}: {page.colours[colour]}"))
    if page.conclusion:
        yield Paragraph(bold("Kết luận"), level=1)
        for line in page.conclusion.splitlines():
            yield Paragraph(plain(line))
    yield Paragraph(plain("Kết quả từng chỉ số tại Phụ lục kèm theo./."))


def _tables(page: AssessmentPage) -> Iterator[Block]:
    has_before = page.before_on is not None
    # “Chưa đánh giá” stands on one line: a row of most indicators is then one line, too.
    titles = {"Số": 8.0, "Chỉ số": 36.0, "Kết quả": 17.0, "Lần trước": 17.0, "Lý do, minh chứng": 22.0}
    if not has_before:
        del titles["Lần trước"]
        titles |= {"Chỉ số": 43.0, "Lý do, minh chứng": 32.0}
    head = tuple(Cell((plain(text),)) for text in titles)
    rows: list[tuple[Cell, ...]] = []
    for quadrant in page.quadrants:
        rows.append((Cell((bold(f"Nhóm {quadrant.key}. {quadrant.name}"),), columns=len(titles)),))
        rows += [
            (
                Cell((plain(each.number),), align=Align.CENTER),
                Cell((plain(each.name if each.is_certain else f"{each.name} (diễn đạt lại)"),)),
                Cell((plain(WORDS[each.colour]),), align=Align.CENTER),
                *((Cell((plain(WORDS[each.before]),), align=Align.CENTER),) if has_before else ()),
                Cell(tuple(plain(line) for line in each.reason.splitlines()) or (plain(""),)),
            )
            for each in quadrant.indicators
        ]
    yield Table(tuple(titles.values()), (head,), tuple(rows))
