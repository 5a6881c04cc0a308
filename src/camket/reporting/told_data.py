"""A report on another subject than the objectives as files that are reckoned with: a workbook whose formulas live, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from camket.core.exact import rounded
from camket.core.measured import Measure
from camket.paper.sheets import Cell, Quotient, SheetTable, Sum, write_book
from camket.reporting.data import Edition, as_json, issue_data, schema_in
from camket.reporting.document import Formalities
from camket.reporting.told import DataTable, MeasureLine, ToldContent

DATA_FORMAT = "camket-subject-report-data/1"
_SHEET = 31
"""So many letters a sheet's name may have."""


def told_workbook(content: ToldContent, formalities: Formalities, edition: Edition) -> bytes:
    """Return a report as XLSX: of whom it is, its measures with quotients, its sentences, its tables with sums."""
    tables = [_facts(content, formalities, edition), _measures(content), _sentences(content)]
    names = {"Thông tin", "Số liệu", "Lời văn"}
    for number, table in enumerate(content.tables, 1):
        name = f"Phụ lục {number + 1}"
        names.add(name)
        tables.append(_table(name[:_SHEET], table))
    return write_book(f"Báo cáo {content.head.title} {content.head.period_name}", tables)


def _facts(content: ToldContent, formalities: Formalities, edition: Edition) -> SheetTable:
    head = content.head
    rows: list[tuple[Cell, ...]] = [
        ("Cơ quan", head.agency_full_name),
        ("Báo cáo", f"{head.title} {head.period_name}"),
        ("Số, ký hiệu", formalities.number or "(dự thảo)"),
        ("Ngày ban hành", formalities.issued_on or "(dự thảo)"),
        ("Người ký", formalities.signed_by),
        ("Kỳ báo cáo, từ ngày", head.period_start),
        ("Kỳ báo cáo, đến ngày", head.period_end),
        ("Số liệu tính đến hết ngày", head.as_of),
        ("So với kỳ trước", head.before_name or "–"),
        ("So với cùng kỳ", head.year_name or "–"),
        ("Phiên bản", edition.version),
    ]
    if edition.corrects or edition.correction:
        rows += [("Thay thế báo cáo số", edition.corrects), ("Nội dung đính chính", edition.correction)]
    rows += [(f"Phụ lục {number}", table.title) for number, table in enumerate(content.tables, 2)]
    return SheetTable("Thông tin", ("Nội dung", "Giá trị"), rows, widths={0: 28, 1: 70})


def _measures(content: ToldContent) -> SheetTable:
    """The measures with parts, whole and value of each period; shares are quotients of the cells beside them."""
    rows: list[tuple[Cell, ...]] = []
    shares: dict[tuple[int, int], str] = {}
    for line in content.measures:
        cells: list[Cell] = [line.now.name, line.now.unit]
        for each in (line.now, line.before, line.year_before):
            place = len(cells)
            cells += _three(each, place)
            if each is not None and each.is_share and each.denominator:
                shares[len(rows), place + 2] = "0.00%"
        rows.append(tuple(cells))
    of = ("Kỳ này", content.head.before_name or "Kỳ trước", content.head.year_name or "Cùng kỳ năm trước")
    heads = [f"{name}: {what}" for name in of for what in ("tử số", "mẫu số", "giá trị")]
    return SheetTable(
        "Số liệu",
        ("Nội dung", "Đơn vị tính", *heads),
        rows,
        formats=dict.fromkeys(range(2, 11), "#,##0.######"),
        widths={0: 44, 1: 12},
        shares=shares,
    )


def _three(measure: Measure | None, place: int) -> list[Cell]:
    if measure is None:
        return [None, None, None]
    if measure.numerator is None or not measure.denominator:
        return [measure.numerator, measure.denominator, measure.value if not measure.is_share else None]
    exact = rounded(Fraction(measure.numerator, measure.denominator), 8)
    return [measure.numerator, measure.denominator, Quotient(place, place + 1, exact, 1)]


def _sentences(content: ToldContent) -> SheetTable:
    return SheetTable(
        "Lời văn",
        ("Phần", "Nội dung"),
        [
            *((section.title, each.said) for section in content.sections for each in section.statements),
            ("NHẬN XÉT, ĐÁNH GIÁ", content.assessment),
            ("TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", content.difficulties),
            ("NHIỆM VỤ, GIẢI PHÁP VÀ ĐỀ XUẤT, KIẾN NGHỊ", content.proposals),
        ],
        widths={0: 34, 1: 110},
    )


def _table(name: str, table: DataTable) -> SheetTable:
    rows: list[tuple[Cell, ...]] = []
    shares: dict[tuple[int, int], str] = {}
    for row in table.rows:
        cells: list[Cell] = list(row)
        _quotients(table, row, cells, shares, len(rows))
        rows.append(tuple(cells))
    if table.is_summed and rows:
        sums = table.sums
        last: list[Cell] = [None if total is None else Sum(total) for total in sums]
        _quotients(table, sums, last, shares, len(rows))
        text = next((place for place, each in enumerate(table.columns) if each.kind == "text"), 0)
        last[text] = "Tổng cộng"
        rows.append(tuple(last))
    return SheetTable(
        name,
        tuple(each.title for each in table.columns),
        rows,
        widths={place: max(8, int(each.width * 7)) for place, each in enumerate(table.columns)},
        shares=shares,
    )


def _quotients(
    table: DataTable,
    row: tuple[str | int | None, ...],
    cells: list[Cell],
    shares: dict[tuple[int, int], str],
    number: int,
) -> None:
    """Put the quotients of a row into its cells of shares."""
    for place, column in enumerate(table.columns):
        if column.kind != "share" or column.of is None:
            continue
        parts, whole = (row[each] for each in column.of)
        cells[place] = None
        if isinstance(parts, int) and isinstance(whole, int) and whole:
            cells[place] = Quotient(*column.of, rounded(Fraction(parts, whole), 8), 1)
            shares[number, place] = "0.00%"


def told_data(content: ToldContent, formalities: Formalities, edition: Edition) -> bytes:
    """Return a report as JSON in UTF-8 by :func:`told_schema`; the same report gives the same bytes.

    Numbers are decimals written as strings, dates ISO 8601, what is not known null.
    """
    head = content.head
    data = {
        "format": DATA_FORMAT,
        "agency": {"name": head.agency_name, "full_name": head.agency_full_name},
        "report": {
            "subject": head.subject,
            "title": head.title,
            **issue_data(head, head.as_of, formalities, edition),
            "compared_with": {"before": head.before_name or None, "year_before": head.year_name or None},
        },
        "measures": [_measure_line(each) for each in content.measures],
        "sections": [
            {"title": each.title, "sentences": [one.said for one in each.statements if one.said]}
            for each in content.sections
        ],
        "tables": [
            {
                "title": table.title,
                "columns": [each.title for each in table.columns if each.kind != "share"],
                "rows": [
                    [cell for cell, column in zip(row, table.columns, strict=True) if column.kind != "share"]
                    for row in table.rows
                ],
            }
            for table in content.tables
        ],
    }
    return as_json(data, content)


def told_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (2020-12) of what :func:`told_data` writes."""
    return schema_in("subject-report-data.schema.json")


def _measure_line(line: MeasureLine) -> dict[str, Any]:
    return {
        "name": line.now.name,
        "unit": line.now.unit or None,
        "now": _measure(line.now),
        "before": _measure(line.before),
        "year_before": _measure(line.year_before),
    }


def _measure(measure: Measure | None) -> dict[str, Any] | None:
    if measure is None:
        return None
    return {
        "value": _number(measure.value),
        "numerator": _number(measure.numerator),
        "denominator": _number(measure.denominator),
    }


def _number(value: Decimal | int | None) -> str | None:
    return None if value is None else str(value)
