"""The open data: each table of a publication with its columns, as CSV and JSON, and what every column means.

The dictionary is a Data Package (frictionlessdata.io, specification 1.0): ``datapackage.json`` names the files, and for
each table its columns with type and meaning. Values come from frozen contents only (:mod:`camket.publishing.content`).

What was published keeps its bytes: a content of the first format is laid out as it was then (:data:`_FIRST`), its numbers
in JSON as texts; from the second format on each figure is a number with its unit beside the text that people read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from camket.paper.sheets import write_csv
from camket.publishing.content import (
    CHANGES,
    FIRST_FORMAT,
    OBJECTIVES,
    POSTINGS,
    PROCEDURES,
    RESULTS,
    SATISFACTION,
    Content,
)

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Ghi công 4.0 Quốc tế",
}
"""Under which the open data may be used: by whoever likes, with the agency named."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in the Data Package's words, and what it means, in Vietnamese."""

    name: str
    type: str
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table made of publications of one kind; ``name`` is that of its files.

    ``is_typed`` says that JSON gives values in the types of their columns, and null where there is none.
    """

    name: str
    kind: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Content], Iterator[tuple[Any, ...]]]
    is_typed: bool = True


def _of_objectives(content: Content) -> Iterator[tuple[Any, ...]]:
    for objective in content["objectives"]:
        for target in objective["targets"]:
            yield (
                objective["number"],
                objective["text"],
                target["number"],
                target["text"],
                target["meaning"],
                target["kind"],
                target["value"],
                target["upper"],
                target["unit"],
                target["is_striving"],
                objective["unit"],
            )


def _of_first_objectives(content: Content) -> Iterator[tuple[Any, ...]]:
    for objective in content["objectives"]:
        for target in objective["targets"]:
            yield (
                objective["number"],
                objective["text"],
                target["number"],
                target["text"],
                target["meaning"],
                target["is_striving"],
                objective["unit"],
            )


def _of_results(content: Content) -> Iterator[tuple[Any, ...]]:
    for objective in content["objectives"]:
        for target in objective["targets"]:
            yield (
                objective["number"],
                objective["text"],
                target["number"],
                target["text"],
                target["goal"],
                target["result"],
                target["value"],
                target["unit"],
                target["numerator"],
                target["denominator"],
                target["formula"],
                target["source"],
                target["state"],
                target["state_word"],
                target["is_final"],
                content["as_of"],
            )


def _of_first_results(content: Content) -> Iterator[tuple[Any, ...]]:
    for objective in content["objectives"]:
        for target in objective["targets"]:
            yield (
                objective["number"],
                objective["text"],
                target["number"],
                target["text"],
                target["goal"],
                target["result"],
                target["numerator"],
                target["denominator"],
                target["formula"],
                target["source"],
                target["state"],
                target["state_word"],
                target["is_final"],
                content["as_of"],
            )


def _of_satisfaction(content: Content) -> Iterator[tuple[Any, ...]]:
    for each in content["rates"]:
        period = each.get("period", content["period"])
        yield (
            each["by"],
            each["name"],
            each["satisfied"],
            each["rated"],
            each["rate"],
            each["value"],
            each["unit"],
            period["start"],
            period["end"],
        )


def _of_first_satisfaction(content: Content) -> Iterator[tuple[Any, ...]]:
    for each in content["rates"]:
        period = content["period"]
        yield (
            each["by"],
            each["name"],
            each["satisfied"],
            each["rated"],
            each["rate"],
            period["start"],
            period["end"],
        )


def _of_procedures(content: Content) -> Iterator[tuple[Any, ...]]:
    for each in content["procedures"]:
        yield (
            each["code"],
            each["name"],
            each["field"],
            each["unit"],
            each["limit"],
            each["limit_amount"],
            each["limit_unit"],
            each["level"],
            each["level_name"],
            each["partial_reason"],
            each["decision"],
            each["valid_from"],
        )


def _of_first_procedures(content: Content) -> Iterator[tuple[Any, ...]]:
    for each in content["procedures"]:
        yield (
            each["code"],
            each["name"],
            each["field"],
            each["unit"],
            each["limit"],
            each["level_name"],
            each["partial_reason"],
            each["decision"],
            each["valid_from"],
        )


def _of_postings(content: Content) -> Iterator[tuple[Any, ...]]:
    for entry in content["entries"]:
        for place in entry["places"]:
            yield (
                content["year"],
                content["quarter"],
                entry["subject"],
                entry["content"],
                entry["document_number"],
                entry["decided_on"],
                place["place"],
                place["kind"],
                place["address"],
                place["posted_on"],
                place["until"],
                place["removed_on"],
                place["count"],
                entry["is_new"],
            )


def _of_changes(content: Content) -> Iterator[tuple[Any, ...]]:
    for part in ("documents", "law"):
        for each in content[part]:
            yield (
                part,
                each["on"],
                each["what"],
                each["what_word"],
                each["code"],
                each["title"],
                each["edition"],
                each["decision_number"],
                each["decision_on"],
                each["change"],
            )


_OBJECTIVE = (
    Column("objective", "string", "Số thứ tự mục tiêu trong quyết định"),
    Column("objective_text", "string", "Lời văn của mục tiêu"),
    Column("target", "string", "Số của chỉ tiêu: số mục tiêu, dấu chấm, thứ tự trong mục tiêu"),
    Column("target_text", "string", "Lời văn của chỉ tiêu"),
)

TABLES: tuple[Table, ...] = (
    Table(
        "muc-tieu",
        OBJECTIVES,
        "Mục tiêu và chỉ tiêu chất lượng",
        (
            *_OBJECTIVE,
            Column("meaning", "string", "Chỉ tiêu viết theo một cách thống nhất"),
            Column(
                "kind",
                "string",
                "Loại chỉ tiêu theo định dạng kế hoạch 1 (ke-hoach.schema.json): at_least ít nhất, at_most nhiều nhất…",
            ),
            Column("value", "number", "Mức phải đạt; trống nếu không phải một con số"),
            Column("upper", "number", "Mức trên, nếu chỉ tiêu là một khoảng"),
            Column("value_unit", "string", "Đơn vị tính của mức phải đạt"),
            Column("is_striving", "boolean", "Chỉ tiêu phấn đấu: không bắt buộc đạt"),
            Column("unit", "string", "Đơn vị chịu trách nhiệm"),
        ),
        _of_objectives,
    ),
    Table(
        "ket-qua",
        RESULTS,
        "Kết quả thực hiện các chỉ tiêu",
        (
            *_OBJECTIVE,
            Column("goal", "string", "Mức phải đạt"),
            Column("result", "string", "Kết quả, như người đọc thấy; trống nếu chưa có số liệu"),
            Column(
                "value",
                "number",
                "Kết quả là một con số; trống nếu chưa có số liệu hoặc không phải một con số",
            ),
            Column("value_unit", "string", "Đơn vị tính của con số, ví dụ %"),
            Column("numerator", "number", "Tử số; trống nếu kết quả không phải tỷ lệ"),
            Column("denominator", "number", "Mẫu số; trống nếu kết quả không phải tỷ lệ"),
            Column("formula", "string", "Cách tính bằng lời; trống nếu số liệu do người nhập"),
            Column("source", "string", "Nguồn số liệu"),
            Column(
                "state",
                "string",
                "Đánh giá: met đạt, on_track đúng tiến độ, at_risk có nguy cơ, missed không đạt, no_data chưa có số liệu,"
                " nothing_arose không phát sinh",
            ),
            Column("state_word", "string", "Đánh giá bằng lời"),
            Column("is_final", "boolean", "Đã là đánh giá cuối kỳ"),
            Column("as_of", "date", "Ngày của số liệu"),
        ),
        _of_results,
    ),
    Table(
        "hai-long",
        SATISFACTION,
        "Mức độ hài lòng",
        (
            Column(
                "by",
                "string",
                "Nhóm theo: overall chung, question câu hỏi, field lĩnh vực, unit đơn vị, channel cách trả lời, month tháng",
            ),
            Column("name", "string", "Tên nhóm"),
            Column("satisfied", "integer", "Số lượt hài lòng hoặc rất hài lòng"),
            Column("rated", "integer", "Số lượt có trả lời; nhóm dưới 5 lượt không có trong bảng"),
            Column("rate", "string", "Tỷ lệ hài lòng, như người đọc thấy"),
            Column("value", "number", "Tỷ lệ hài lòng là một con số"),
            Column("value_unit", "string", "Đơn vị tính của con số: %"),
            Column("period_start", "date", "Từ ngày"),
            Column("period_end", "date", "Đến ngày"),
        ),
        _of_satisfaction,
    ),
    Table(
        "thu-tuc",
        PROCEDURES,
        "Danh mục thủ tục hành chính",
        (
            Column("code", "string", "Mã thủ tục trên cơ sở dữ liệu quốc gia"),
            Column("name", "string", "Tên thủ tục"),
            Column("field", "string", "Lĩnh vực"),
            Column("unit", "string", "Đơn vị giải quyết"),
            Column("limit", "string", "Thời hạn giải quyết, như người đọc thấy"),
            Column(
                "limit_amount", "number", "Thời hạn là một con số; trống nếu trong ngày hoặc không quy định"
            ),
            Column(
                "limit_unit",
                "string",
                "Thời hạn tính theo: hours giờ làm việc, working_days ngày làm việc, days ngày, same_day trong ngày,"
                " none không quy định",
            ),
            Column("level", "integer", "Mức độ dịch vụ công trực tuyến là một mã số"),
            Column("level_name", "string", "Mức độ dịch vụ công trực tuyến"),
            Column("partial_reason", "string", "Vì sao chưa trực tuyến toàn trình"),
            Column("decision", "string", "Quyết định công bố"),
            Column("valid_from", "date", "Áp dụng từ ngày"),
        ),
        _of_procedures,
    ),
    Table(
        "niem-yet",
        POSTINGS,
        "Nội dung niêm yết trong quý",
        (
            Column("year", "integer", "Năm"),
            Column("quarter", "integer", "Quý"),
            Column("subject", "string", "Nội dung công khai"),
            Column("content", "string", "Loại nội dung theo quy định; trống nếu là nội dung khác"),
            Column("document_number", "string", "Số, ký hiệu văn bản"),
            Column("decided_on", "date", "Ngày văn bản"),
            Column("place", "string", "Nơi niêm yết, đăng tải"),
            Column(
                "place_kind",
                "string",
                "Loại nơi: office trụ sở, culture_house nhà văn hóa, website trang thông tin, loudspeaker loa truyền thanh,"
                " other khác; trống nếu không ghi",
            ),
            Column("address", "string", "Địa chỉ trên mạng"),
            Column("posted_on", "date", "Niêm yết từ ngày"),
            Column("until", "date", "Dự kiến đến hết ngày; trống nếu thường xuyên"),
            Column("removed_on", "date", "Đã gỡ ngày, nếu gỡ trong quý"),
            Column("procedures", "integer", "Số thủ tục hành chính, nếu nội dung là thủ tục"),
            Column("is_new", "boolean", "Niêm yết mới trong quý; false: từ trước còn niêm yết"),
        ),
        _of_postings,
    ),
    Table(
        "thay-doi",
        CHANGES,
        "Thay đổi của tài liệu, quy trình và văn bản pháp luật",
        (
            Column("part", "string", "documents tài liệu của hệ thống, law văn bản pháp luật làm căn cứ"),
            Column("on", "date", "Ngày có hiệu lực của thay đổi"),
            Column(
                "what",
                "string",
                "Loại thay đổi là một mã: effective ban hành, replaced thay thế, withdrawn thu hồi, amends sửa đổi,"
                " replaces thay thế, ends hết hiệu lực",
            ),
            Column("what_word", "string", "Loại thay đổi"),
            Column("code", "string", "Mã hiệu tài liệu; số, ký hiệu văn bản"),
            Column("title", "string", "Tên tài liệu, trích yếu văn bản"),
            Column("edition", "string", "Lần ban hành, sửa đổi của tài liệu"),
            Column("decision_number", "string", "Quyết định ban hành; văn bản làm thay đổi"),
            Column("decision_on", "date", "Ngày quyết định ban hành"),
            Column("change", "string", "Nội dung thay đổi"),
        ),
        _of_changes,
    ),
)


def table(name: str) -> Table:
    """Return a table by the name of its files; KeyError for none."""
    for each in TABLES:
        if each.name == name:
            return each
    raise KeyError(name)


def _first(name: str, rows: Callable[[Content], Iterator[tuple[Any, ...]]], *columns: Column | str) -> Table:
    """Return a table as its contents of the first format are laid out: columns by name are as they are now."""
    now = table(name)
    known = {column.name: column for column in now.columns}
    kept = tuple(known[each] if isinstance(each, str) else each for each in columns)
    return Table(now.name, now.kind, now.title, kept, rows, is_typed=False)


_FIRST: Mapping[str, Table] = {
    each.name: each
    for each in (
        _first(
            "muc-tieu",
            _of_first_objectives,
            *_OBJECTIVE,
            "meaning",
            "is_striving",
            "unit",
        ),
        _first(
            "ket-qua",
            _of_first_results,
            *_OBJECTIVE,
            "goal",
            "result",
            "numerator",
            "denominator",
            "formula",
            "source",
            "state",
            "state_word",
            "is_final",
            "as_of",
        ),
        _first(
            "hai-long",
            _of_first_satisfaction,
            "by",
            "name",
            "satisfied",
            "rated",
            Column("rate", "string", "Tỷ lệ hài lòng"),
            "period_start",
            "period_end",
        ),
        _first(
            "thu-tuc",
            _of_first_procedures,
            "code",
            "name",
            "field",
            "unit",
            Column("limit", "string", "Thời hạn giải quyết"),
            "level_name",
            "partial_reason",
            "decision",
            "valid_from",
        ),
    )
}


def laid_out(of: Table, content_format: str) -> Table:
    """Return a table with the columns that contents of a format have."""
    return _FIRST.get(of.name, of) if content_format == FIRST_FORMAT else of


def as_csv(of: Table, content: Content) -> bytes:
    """Return a table as CSV: UTF-8 with a byte order mark, commas, so that spreadsheets show its marks right.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    of = laid_out(of, content["format"])
    return write_csv(
        [column.name for column in of.columns],
        ([_cell(value) for value in row] for row in of.rows(content)),
    )


def as_json(of: Table, content: Content) -> bytes:
    """Return a table as JSON: of whom and which day it is, and its rows as objects."""
    of = laid_out(of, content["format"])
    return dumped(
        {
            "agency": content["agency"],
            "as_of": content["as_of"],
            "licence": LICENCE["name"],
            "rows": [
                {
                    column.name: _typed(column, value) if of.is_typed else value
                    for column, value in zip(of.columns, row, strict=True)
                }
                for row in of.rows(content)
            ],
        }
    )


def dumped(value: object) -> bytes:
    """Return a value as readable JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def data_package(
    *, name: str, title: str, homepage: str, resources: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the dictionary of a set of files: a Data Package descriptor."""
    return {
        "profile": "data-package",
        "name": name,
        "title": title,
        "homepage": homepage,
        "licenses": [LICENCE],
        "resources": list(resources),
    }


def resource(of: Table, *, path: str, file_format: str) -> dict[str, Any]:
    """Return what a dictionary says of one file of a table."""
    described: dict[str, Any] = {
        "name": f"{of.name}-{file_format}",
        "title": of.title,
        "path": path,
        "format": file_format,
        "encoding": "utf-8",
    }
    if file_format == "csv":
        described["profile"] = "tabular-data-resource"
        described["mediatype"] = "text/csv"
        described["schema"] = {
            "fields": [
                {"name": column.name, "type": column.type, "description": column.about}
                for column in of.columns
            ],
            "missingValues": [""],
        }
    else:
        described["mediatype"] = "application/json"
    return described


def _typed(column: Column, value: Any) -> Any:
    """Return a value in the type of its column; None for a blank of any type but text."""
    if column.type == "string":
        return "" if value is None else value
    if value is None or value == "":
        return None
    if column.type in ("number", "integer") and isinstance(value, str):
        return float(value) if "." in value else int(value)
    return value


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return ""
        case _:
            return str(value)
