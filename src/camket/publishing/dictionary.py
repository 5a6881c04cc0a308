"""The open data: each table of a publication with its columns, as CSV and JSON, and what every column means.

The dictionary is a Data Package (frictionlessdata.io, specification 1.0): ``datapackage.json`` names the files, and for
each table its columns with type and meaning. Values come from frozen contents only (:mod:`camket.publishing.content`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from camket.paper.sheets import write_csv
from camket.publishing.content import OBJECTIVES, PROCEDURES, RESULTS, SATISFACTION, Content

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
    """A table made of publications of one kind; ``name`` is that of its files."""

    name: str
    kind: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Content], Iterator[tuple[Any, ...]]]


def _of_objectives(content: Content) -> Iterator[tuple[Any, ...]]:
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
            each["level_name"],
            each["partial_reason"],
            each["decision"],
            each["valid_from"],
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
                "Nhóm theo: overall chung, question câu hỏi, field lĩnh vực, unit đơn vị, channel cách trả lời",
            ),
            Column("name", "string", "Tên nhóm"),
            Column("satisfied", "integer", "Số lượt hài lòng hoặc rất hài lòng"),
            Column("rated", "integer", "Số lượt có trả lời; nhóm dưới 5 lượt không có trong bảng"),
            Column("rate", "string", "Tỷ lệ hài lòng"),
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
            Column("limit", "string", "Thời hạn giải quyết"),
            Column("level_name", "string", "Mức độ dịch vụ công trực tuyến"),
            Column("partial_reason", "string", "Vì sao chưa trực tuyến toàn trình"),
            Column("decision", "string", "Quyết định công bố"),
            Column("valid_from", "date", "Áp dụng từ ngày"),
        ),
        _of_procedures,
    ),
)


def table(name: str) -> Table:
    """Return a table by the name of its files; KeyError for none."""
    for each in TABLES:
        if each.name == name:
            return each
    raise KeyError(name)


def as_csv(of: Table, content: Content) -> bytes:
    """Return a table as CSV: UTF-8 with a byte order mark, commas, so that spreadsheets show its marks right.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    return write_csv(
        [column.name for column in of.columns],
        ([_cell(value) for value in row] for row in of.rows(content)),
    )


def as_json(of: Table, content: Content) -> bytes:
    """Return a table as JSON: of whom and which day it is, and its rows as objects."""
    names = [column.name for column in of.columns]
    return dumped(
        {
            "agency": content["agency"],
            "as_of": content["as_of"],
            "licence": LICENCE["name"],
            "rows": [dict(zip(names, row, strict=True)) for row in of.rows(content)],
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


def _cell(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return ""
        case _:
            return str(value)
