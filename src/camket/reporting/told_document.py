"""A report on another subject than the objectives as an official document: its sections told, measures and tables annexed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from camket.core import measured
from camket.core.measured import Measure
from camket.core.numbering import body_symbol, symbol_of
from camket.core.wording.numbers import format_number, int_to_roman
from camket.dossiers.form_06a_paper import form_head
from camket.paper.writing import sheet
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
    annex_label,
    bold,
    italic,
    plain,
    signing_lines,
)
from camket.reporting.document import Formalities, middle, part_title, replacing, typed_lines
from camket.reporting.told import Column, DataTable, MeasureLine, ToldContent, ToldHead


def told_document(content: ToldContent, formalities: Formalities) -> Document:
    """Return the report as a document; the first annex holds its measures beside those of earlier periods."""
    head, given = content.head, formalities
    symbol = symbol_of("BC", body_symbol(head.agency_full_name))
    year = (given.issued_on or head.as_of).year
    note = sheet.attached_to(
        "Báo cáo", symbol, head.agency_name, year, number=given.number, dated=given.issued_on
    )
    annexes = tuple(_annexes(content, note))
    return Document(
        letterhead=Letterhead(
            issuer=head.agency_full_name,
            superior=head.superior_name,
            symbol=symbol,
            number=given.number or None,
            place=head.place or None,
            dated=given.issued_on,
            year=year,
        ),
        kind="Báo cáo",
        abstract=f"{head.title} {head.period_name}",
        body=tuple(_body(content, given, len(annexes))),
        signature=Signature(lines=signing_lines(given.authority, given.capacity), name=given.signed_by),
        **of_form(head.form, addressee=head.superior_name or "Cơ quan nhận báo cáo", agency=head.agency_name),
        annexes=annexes,
        recorded_on=given.issued_on or head.as_of,
    )


def _body(content: ToldContent, given: Formalities, annexes: int) -> Iterator[Block]:
    head = content.head
    yield Paragraph(plain(head.opening))
    if given.replaces:
        yield Paragraph(plain(replacing(given, head.agency_name)))
    assessed, difficult, proposed = content.typed_parts
    for number, section in enumerate(content.sections, 1):
        yield part_title(f"{int_to_roman(number)}. {section.title}")
        for each in section.statements:
            if each.said:
                yield Paragraph(plain(each.said))
        if number == assessed:
            yield from typed_lines(content.assessment)
            yield Paragraph(
                plain(f"Số liệu{_beside(head, ' so sánh')} tại {annex_label(0, annexes)} kèm theo.")
            )
    yield part_title(f"{int_to_roman(difficult)}. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN")
    yield from typed_lines(content.difficulties, otherwise=content.shortfall or "Không có.")
    yield part_title(f"{int_to_roman(proposed)}. NHIỆM VỤ, GIẢI PHÁP VÀ ĐỀ XUẤT, KIẾN NGHỊ")
    yield from typed_lines(content.proposals, otherwise="Không có.")
    about = f"{head.title[:1].lower()}{head.title[1:]}"
    yield Paragraph(plain(f"Trên đây là báo cáo {about} {head.period_name} của {head.agency_name}./."))


def _annexes(content: ToldContent, note: str) -> Iterator[Annex]:
    yield Annex(
        f"Số liệu {content.head.period_name}{_beside(content.head, ' so')}",
        (_measures(content),),
        note,
        landscape=True,
    )
    for table in content.tables:
        blocks: tuple[Block, ...] = (_table(table),)
        if table.note:
            blocks += (Paragraph(italic(f"Ghi chú: {table.note}")),)
        yield Annex(table.title, blocks, note, landscape=table.landscape)


def _beside(head: ToldHead, how: str) -> str:
    """Return that figures stand beside those of earlier periods; "" where nothing is known of any."""
    return f"{how} với các kỳ trước" if head.before_name or head.year_name else ""


def _measures(content: ToldContent) -> Table:
    """Return the measures beside those of the periods that they are compared with; a period not known has no columns."""
    head = content.head
    periods = [("Kỳ này", 3.0)]
    if head.before_name:
        periods += [(_begun(head.before_name), 3.0), ("Tăng, giảm so với kỳ trước", 2.6)]
    if head.year_name:
        periods += [(_begun(head.year_name), 3.0), ("Tăng, giảm so với cùng kỳ", 2.6)]
    titles = [("STT", 1.2), ("Nội dung", 6.4), ("Đơn vị tính", 2.0), *periods]
    rows = []
    for number, line in enumerate(content.measures, 1):
        cells = [middle(str(number)), Cell((plain(_begun(line.now.name)),)), middle(line.now.unit)]
        cells.append(middle(_shown(line.now)))
        if head.before_name:
            cells += _earlier(line, line.before)
        if head.year_name:
            cells += _earlier(line, line.year_before)
        rows.append(tuple(cells))
    return Table(
        shares=tuple(width for _, width in titles),
        head=(tuple(Cell((plain(title),)) for title, _ in titles),),
        rows=tuple(rows),
    )


def _earlier(line: MeasureLine, then: Measure | None) -> list[Cell]:
    return [
        middle(_shown(then) if then else "–"),
        middle(measured.difference(line.now, then) or "–"),
    ]


def _shown(measure: Measure) -> str:
    return measure.shown or "không phát sinh"


def _table(table: DataTable) -> Table:
    rows = [
        tuple(_cell(table, column, place, row) for place, column in enumerate(table.columns))
        for row in table.rows
    ]
    if table.is_summed and rows:
        rows.append(_sums(table))
    head = (
        form_head()
        if table.form == "II.06a"
        else (tuple(Cell((plain(each.title),)) for each in table.columns),)
    )
    return Table(shares=tuple(each.width for each in table.columns), head=head, rows=tuple(rows))


def _sums(table: DataTable) -> tuple[Cell, ...]:
    """Return the last row: its first cell reaches to the first column that is summed."""
    sums = table.sums
    first = next(
        (place for place, each in enumerate(table.columns) if each.kind in ("count", "share")), len(sums)
    )
    return (
        Cell((bold("Tổng cộng"),), columns=first, align=Align.CENTER),
        *(
            middle(
                share_of(table, column, sums)
                if column.kind == "share"
                else format_number(total)
                if (total := sums[place]) is not None
                else "",
                strong=True,
            )
            for place, column in list(enumerate(table.columns))[first:]
        ),
    )


def _cell(table: DataTable, column: Column, place: int, row: tuple[str | int | None, ...]) -> Cell:
    text = _text(table, column, place, row)
    return middle(text) if column.kind != "text" else Cell((plain(text),) if text else ())


def share_of(table: DataTable, column: Column, row: tuple[str | int | None, ...]) -> str:
    """Return the share of two columns of a row as it is shown; "" where the whole is nought or not shown."""
    parts, whole = (row[place] for place in column.of or (0, 0))
    if not isinstance(parts, int) or not isinstance(whole, int):
        return ""
    return measured.share(column.title, parts, whole).bare


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as text: heads, rows and sums, each cell with whether it is a figure."""

    title: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]
    sums: tuple[tuple[str, bool], ...] = ()


def shown_table(table: DataTable) -> ShownTable:
    """Return a table as the text of its cells."""

    def line(row: tuple[str | int | None, ...]) -> tuple[tuple[str, bool], ...]:
        return tuple(
            (_text(table, column, place, row), column.kind in ("count", "share"))
            for place, column in enumerate(table.columns)
        )

    return ShownTable(
        table.title,
        tuple((each.title, each.kind in ("count", "share")) for each in table.columns),
        tuple(line(row) for row in table.rows),
        line(table.sums) if table.is_summed and table.rows else (),
    )


def _text(table: DataTable, column: Column, place: int, row: tuple[str | int | None, ...]) -> str:
    if column.kind == "share":
        return share_of(table, column, row)
    value = row[place]
    return format_number(value) if isinstance(value, int) else value or ""


def _begun(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
