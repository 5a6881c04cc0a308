"""Biểu II.06a as paper and as a sheet; official, and so Vietnamese by nature."""

from __future__ import annotations

from decimal import Decimal

from camket.core.form_06a import Figures, Waiting
from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.numbers import format_number
from camket.dossiers.queries.form_06a import Form
from camket.paper.sheets import Value, write_sheet
from camket.paper.writing.forms import of_form
from camket.paper.writing.model import (
    Align,
    Cell,
    Document,
    Letterhead,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    bold,
    italic,
    plain,
)

_HEADS = (
    "Tổng số tiếp nhận",
    "Trực tuyến",
    "Trực tiếp, bưu chính công ích",
    "Từ kỳ trước chuyển qua",
    "Tổng số đã giải quyết",
    "Trước hạn",
    "Đúng hạn",
    "Quá hạn",
    "Tổng số đang giải quyết",
    "Trong hạn",
    "Quá hạn",
)
WAITING = {
    Waiting.SETTLED: "Hồ sơ chờ bổ sung được tính là đã giải quyết đúng hạn (cột 9) khi bắt đầu chờ, và tính là tiếp nhận "
    "lại trong kỳ khi người nộp bổ sung xong.",
    Waiting.OPEN: "Hồ sơ chờ bổ sung được tính là đang giải quyết trong hạn (cột 12) trong suốt thời gian chờ.",
}


def form_document(form: Form) -> Document:
    """Return the form as landscape paper."""
    ends = f"từ ngày {form.period.start:%d/%m/%Y} đến ngày {form.until:%d/%m/%Y}"
    return Document(
        letterhead=Letterhead(
            issuer=form.agency,
            superior=form.superior,
            symbol=symbol_of("BC", body_symbol(form.agency)),
            place=form.place or None,
            year=form.until.year,
        ),
        kind=f"Biểu số {form.edition.code}",
        abstract=f"{form.edition.title} (kỳ báo cáo: {ends})",
        body=(
            Paragraph(italic("Đơn vị tính: hồ sơ"), align=Align.CENTER, indent=False),
            form_table(form),
            *(Paragraph(line) for line in _remarks(form)),
        ),
        signature=Signature(lines=("Thủ trưởng cơ quan, đơn vị",)),
        **of_form("form_06a"),
        recorded_on=form.until,
        paper=Paper.A4_LANDSCAPE,
    )


def form_sheet(form: Form) -> bytes:
    """Return the form as XLSX: a line each, its numbers as numbers, the rates beside them."""
    head = ["TT", "Lĩnh vực" if not form.by_unit else "Đơn vị, lĩnh vực"]
    head += [f"({column}) {name}" for column, name in enumerate(_HEADS, 3)]
    head += ["Tỷ lệ đúng hạn (8+9)/7, %", "Tỷ lệ đúng hạn (8+9)/(7+13), %"]
    rows = [_row(line.number, line.name, line.figures) for line in form.lines]
    return write_sheet(
        f"Biểu {form.edition.code}",
        head,
        [*rows, _row("", "Tổng cộng", form.total)],
        formats={13: "0.0", 14: "0.0"},
    )


def _row(number: str, name: str, figures: Figures) -> list[Value]:
    return [number, name, *figures.columns, *figures.rounded_rates]


SHARES = (1.1, 5.2, *(1.65,) * 11)
"""Widths of the form's columns."""


def form_head(*, by_unit: bool = False) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of the form's head, as the form lays them out."""

    def head(text: str, columns: int = 1, rows: int = 1) -> Cell:
        return Cell((plain(text),), columns=columns, rows=rows, align=Align.CENTER)

    first = (
        head("TT", rows=3),
        head("Đơn vị, lĩnh vực" if by_unit else "Lĩnh vực, công việc giải quyết", rows=3),
        head("Số lượng hồ sơ tiếp nhận", columns=4),
        head("Số lượng hồ sơ đã giải quyết", columns=4),
        head("Số lượng hồ sơ đang giải quyết", columns=3),
    )
    second = (
        head("Tổng số", rows=2),
        head("Trong kỳ", columns=2),
        head("Từ kỳ trước", rows=2),
        head("Tổng số", rows=2),
        head("Trước hạn", rows=2),
        head("Đúng hạn", rows=2),
        head("Quá hạn", rows=2),
        head("Tổng số", rows=2),
        head("Trong hạn", rows=2),
        head("Quá hạn", rows=2),
    )
    third = (head("Trực tuyến"), head("Trực tiếp, bưu chính"))
    numbered = tuple(head(f"({column})") for column in range(1, 14))
    return (first, second, third, numbered)


def form_table(form: Form) -> Table:
    """Return the form's table alone."""
    rows = [_cells(line.number, line.name, line.figures, strong=line.is_total) for line in form.lines]
    rows.append(_cells("", "Tổng cộng", form.total, strong=True))
    return Table(SHARES, form_head(by_unit=form.by_unit), tuple(rows))


def _cells(number: str, name: str, figures: Figures, *, strong: bool) -> tuple[Cell, ...]:
    def write(text: str) -> tuple[Run, ...]:
        return bold(text) if strong else plain(text)

    return (
        Cell((write(number),), align=Align.CENTER),
        Cell((write(name),)),
        *(Cell((write(format_number(each)),), align=Align.CENTER) for each in figures.columns),
    )


def _remarks(form: Form) -> list[tuple[Run, ...]]:
    total = form.total
    rate, strict = total.rounded_rates
    rates = (
        f"Tỷ lệ giải quyết đúng hạn (8+9)/7: {_percent(rate)}; "
        f"tính cả hồ sơ quá hạn chưa giải quyết (8+9)/(7+13): {_percent(strict)}."
    )
    return [plain(rates), italic(f"Ghi chú: {WAITING[form.waiting]}")]


def _percent(value: Decimal | None) -> str:
    return "không phát sinh hồ sơ" if value is None else f"{format_number(value)}%"
