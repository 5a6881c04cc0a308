"""A report as files that are reckoned with: a workbook whose formulas live, and open data with its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Protocol

from camket.core.exact import rounded
from camket.core.targets import PER_CENT, SHARES
from camket.paper.sheets import Cell, CountOf, Quotient, SheetTable, Sum, write_book
from camket.reporting.content import STATE_WORDS, ReportContent, TargetLine
from camket.reporting.document import Formalities

DATA_FORMAT = "camket-report-data/1"
_TARGETS = "Chỉ tiêu"
_VERDICT = 9
"""The column of the verdict in the sheet of targets, the first being 0."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which version of a report it is, and what it corrects: the number and why; both "" of a first version."""

    version: int = 1
    corrects: str = ""
    correction: str = ""


def report_workbook(content: ReportContent, formalities: Formalities, edition: Edition) -> bytes:
    """Return a report as XLSX: verdicts counted, targets with their parts and quotients, work with sums, late work, evidence.

    The same report gives the same bytes.
    """
    tables = [
        _summary(content, formalities, edition),
        _targets(content),
        _work(content),
    ]
    if content.open_tasks:
        tables.append(
            SheetTable(
                "Việc chậm, quá hạn",
                (
                    "STT",
                    "Mục tiêu số",
                    "Biện pháp, công việc",
                    "Kỳ thực hiện",
                    "Bộ phận",
                    "Thời hạn",
                    "Hoàn thành",
                ),
                [
                    (
                        index,
                        task.objective,
                        task.action,
                        task.label,
                        task.unit,
                        task.due_on,
                        task.done_on or "Chưa",
                    )
                    for index, task in enumerate(content.open_tasks, 1)
                ],
                widths={0: 6, 2: 60, 3: 24, 4: 32},
            )  # fmt: skip
        )
    if content.evidence:
        tables.append(
            SheetTable(
                "Minh chứng",
                ("STT", "Minh chứng", "Số, ký hiệu", "Ngày", "Mục tiêu số"),
                [
                    (index, line.title, line.document_number, line.document_date, line.objective)
                    for index, line in enumerate(content.evidence, 1)
                ],
                widths={0: 6, 1: 60, 2: 24},
            )
        )
    return write_book(f"Báo cáo kết quả thực hiện Mục tiêu chất lượng {content.head.period_name}", tables)


def _summary(content: ReportContent, formalities: Formalities, edition: Edition) -> SheetTable:
    """The first sheet: of whom and when it is, and how many targets have each verdict, counted from the sheet of targets."""
    head = content.head
    facts: list[tuple[Cell, ...]] = [
        ("Cơ quan", head.agency_full_name),
        *([("Bộ phận", head.unit_name)] if head.unit_name else []),
        ("Báo cáo", f"Kết quả thực hiện Mục tiêu chất lượng {head.period_name}"),
        ("Số, ký hiệu", formalities.number or "(dự thảo)"),
        ("Ngày ban hành", formalities.issued_on or "(dự thảo)"),
        ("Người ký", formalities.signed_by),
        ("Kỳ báo cáo, từ ngày", head.period_start),
        ("Kỳ báo cáo, đến ngày", head.period_end),
        ("Số liệu tính đến ngày", head.last_day),
        ("Phiên bản", edition.version),
    ]
    if edition.corrects or edition.correction:
        facts += [("Thay thế báo cáo số", edition.corrects), ("Nội dung đính chính", edition.correction)]
    facts += [("", None), ("Đánh giá", "Số chỉ tiêu")]
    counts = dict(content.counts)
    facts += [
        (word, CountOf(_TARGETS, _VERDICT, counts.get(state, 0))) for state, word in STATE_WORDS.items()
    ]
    return SheetTable("Tổng hợp", ("Nội dung", "Giá trị"), facts, widths={0: 28, 1: 70})


def _targets(content: ReportContent) -> SheetTable:
    rows: list[tuple[Cell, ...]] = []
    shares: dict[tuple[int, int], str] = {}
    for objective in content.objectives:
        for index, target in enumerate(objective.targets, 1):
            numerator, denominator = _exact(target.numerator), _exact(target.denominator)
            result: Cell = Decimal(target.value) if target.value and not target.denominator else None
            if numerator is not None and denominator and target.unit in SHARES:
                whole = 1 if target.unit in PER_CENT else SHARES[target.unit]
                exact = rounded(Fraction(numerator) * whole / Fraction(denominator), 8)
                result = Quotient(5, 6, exact, whole)
                shares[len(rows), 7] = "0.00%" if whole == 1 else '0.00" ‰"'
            rows.append(
                (
                    objective.number,
                    objective.text,
                    f"{objective.number}.{index}",
                    target.text,
                    target.goal,
                    numerator,
                    denominator,
                    result,
                    target.shown,
                    target.state_word,
                    target.reason or target.because,
                    target.remedy,
                    target.source,
                    target.formula,
                )
            )
    return SheetTable(
        _TARGETS,
        (
            "Mục tiêu số",
            "Mục tiêu",
            "TT",
            "Chỉ tiêu",
            "Mức đề ra",
            "Tử số",
            "Mẫu số",
            "Kết quả tính",
            "Kết quả báo cáo",
            "Đánh giá",
            "Căn cứ đánh giá, nguyên nhân",
            "Biện pháp khắc phục",
            "Nguồn số liệu",
            "Cách tính",
        ),
        rows,
        formats={5: "#,##0.######", 6: "#,##0.######", 7: "#,##0.######"},
        widths={0: 9, 1: 40, 2: 7, 3: 46, 4: 18, 8: 22, 9: 18, 10: 40, 11: 34, 12: 30, 13: 40},
        shares=shares,
    )


def _work(content: ReportContent) -> SheetTable:
    rows: list[tuple[Cell, ...]] = [
        (
            index,
            work.unit,
            Sum(work.total, 3, 7),
            work.on_time,
            work.late,
            work.waiting,
            work.overdue,
            work.not_yet_due,
        )
        for index, work in enumerate(content.work, 1)
    ]
    if rows:
        whole = content.all_work
        counts = (whole.total, whole.on_time, whole.late, whole.waiting, whole.overdue, whole.not_yet_due)
        rows.append((None, "Tổng cộng", *(Sum(count) for count in counts)))
    return SheetTable(
        "Đầu việc theo bộ phận",
        ("STT", "Bộ phận", "Tổng số", "Đúng hạn", "Chậm", "Chờ xác nhận", "Quá hạn", "Chưa đến hạn"),
        rows,
        widths={0: 6, 1: 40},
    )


def report_data(content: ReportContent, formalities: Formalities, edition: Edition) -> bytes:
    """Return a report as JSON in UTF-8 by :func:`data_schema`; the same report gives the same bytes.

    Numbers are decimals written as strings, dates ISO 8601, what is not known null.
    """
    head = content.head
    data = {
        "format": DATA_FORMAT,
        "agency": {"name": head.agency_name, "full_name": head.agency_full_name},
        "report": {
            "unit": head.unit_name or None,
            **issue_data(head, head.last_day, formalities, edition),
        },
        "plan": {
            "year": head.plan_year,
            "decision": head.decision_number or None,
            "decided_on": iso(head.decided_on),
        },
        "counts": {state: sum(each.state == state for each in content.targets) for state in STATE_WORDS},
        "objectives": [
            {
                "number": objective.number,
                "text": objective.text,
                "verdict": objective.state,
                "targets": [_target(target) for target in objective.targets],
            }
            for objective in content.objectives
        ],
        "work": [
            {
                "unit": work.unit,
                "total": work.total,
                "on_time": work.on_time,
                "late": work.late,
                "waiting": work.waiting,
                "overdue": work.overdue,
                "not_yet_due": work.not_yet_due,
            }
            for work in content.work
        ],
        "late": [
            {
                "objective": task.objective,
                "action": task.action,
                "occurrence": task.label,
                "unit": task.unit,
                "due_on": iso(task.due_on),
                "done_on": iso(task.done_on),
            }
            for task in content.open_tasks
        ],
        "evidence": [
            {
                "title": line.title,
                "number": line.document_number or None,
                "date": iso(line.document_date),
                "objective": line.objective or None,
            }
            for line in content.evidence
        ],
    }
    return as_json(data, content)


def data_schema() -> Mapping[str, Any]:
    """Return the JSON Schema (2020-12) of what :func:`report_data` writes."""
    return schema_in("report-data.schema.json")


class Head(Protocol):
    """What the heads of all reports say alike."""

    @property
    def kind(self) -> str: ...
    @property
    def period_name(self) -> str: ...
    @property
    def period_start(self) -> date: ...
    @property
    def period_end(self) -> date: ...


class Typed(Protocol):
    """What people write into all reports."""

    @property
    def assessment(self) -> str: ...
    @property
    def difficulties(self) -> str: ...
    @property
    def proposals(self) -> str: ...


def issue_data(head: Head, as_of: date, formalities: Formalities, edition: Edition) -> dict[str, Any]:
    """Return what the JSON of every report says of its issue, its period and the day of its figures."""
    return {
        "kind": head.kind,
        "number": formalities.number or None,
        "issued_on": iso(formalities.issued_on),
        "signed_by": formalities.signed_by or None,
        "version": edition.version,
        "corrects": edition.corrects or None,
        "correction": edition.correction or None,
        "period": {"name": head.period_name, "start": iso(head.period_start), "end": iso(head.period_end)},
        "as_of": iso(as_of),
    }


def as_json(data: Mapping[str, Any], typed: Typed) -> bytes:
    """Return what a report says, and what people wrote into it, as JSON in UTF-8."""
    whole = {
        **data,
        "assessment": typed.assessment,
        "difficulties": typed.difficulties,
        "proposals": typed.proposals,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


@cache
def schema_in(name: str) -> Mapping[str, Any]:
    """Return a JSON Schema of this package."""
    schema: dict[str, Any] = json.loads(resources.files("camket.reporting").joinpath(name).read_text("utf-8"))
    return schema


def iso(day: date | None) -> str | None:
    """Return a day as ISO 8601."""
    return day.isoformat() if day else None


def _target(target: TargetLine) -> dict[str, Any]:
    return {
        "text": target.text,
        "goal": target.goal or None,
        "result": target.shown or None,
        "value": target.value or None,
        "unit": target.unit or None,
        "numerator": _written(target.numerator),
        "denominator": _written(target.denominator),
        "period": {"start": target.first_day, "end": target.last_day} if target.first_day else None,
        "verdict": target.state,
        "verdict_word": target.state_word,
        "is_final": target.is_final,
        "is_striving": target.is_striving,
        "because": target.because,
        "sentence": target.said or None,
        "reason": target.reason or None,
        "remedy": target.remedy or None,
        "source": target.source or None,
        "formula": target.formula or None,
    }


def _exact(text: str) -> Decimal | None:
    return Decimal(plain) if (plain := _written(text)) else None


def _written(number: str) -> str | None:
    """Return a number of a report (1.234,5) as machines write it (1234.5)."""
    return number.replace(".", "").replace(",", ".") or None
