from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from decimal import Decimal

import jsonschema
import pytest

from camket.paper.sheets import CountOf, Quotient, SheetTable, Sum, read_sheet, write_book
from camket.paper.writing.html import write_html
from camket.reporting import operations, queries
from camket.reporting.content import ReportContent
from camket.reporting.data import Edition, data_schema, report_data, report_workbook
from camket.reporting.models import Report
from people import People
from reporting.year import HALF, NOW, TODAY, approve, correct_reading, issue_half_year, make_year


def formulas(book: bytes, sheet: int) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        text = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    return dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]*)</f>', text))


class TestBook:
    def test_formulas_are_made_from_places_and_typed_text_stays_text(self) -> None:
        table = SheetTable(
            "Số 'liệu'", ("a", "b", "c"), [(1, 4, Quotient(0, 1, Decimal("0.25"))), ("=1+1", "", "-x")]
        )
        counts = SheetTable("Đếm", ("x", "y"), [("=1+1", CountOf("Số 'liệu'", 0, 1)), (None, Sum(1))])
        data = write_book("Thử", [table, counts])
        assert formulas(data, 1) == {"C2": 'IF(N(B2)=0,"",A2/B2)'}
        assert formulas(data, 2) == {
            "B2": "COUNTIF('Số ''liệu'!$A$2:$A$3,A2)",
            "B3": "SUM(B2:B2)",
        }
        assert read_sheet(data, "thu.xlsx").rows[2].cells[0] == "=1+1"
        assert write_book("Thử", [table, counts]) == data


class TestIssued:
    def test_files_are_kept_byte_by_byte_when_figures_change(self, people: People) -> None:
        year = make_year(people)
        draft = operations.draft_report(
            actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
        )
        approve(people, draft)
        report = operations.issue_report(
            actor=people.an,
            report_id=draft.pk,
            number="12/BC-UBND",
            issued_on=TODAY,
            signed_by="Lê Minh Châu",
            capacity="CHỦ TỊCH",
            authority="TM. ỦY BAN NHÂN DÂN",
            now=NOW,
        )
        before = {each: queries.data_file(people.an, report.pk, each, TODAY) for each in ("xlsx", "json")}
        correct_reading(people, year, 1100)
        assert before == {each: queries.data_file(people.an, report.pk, each, TODAY) for each in before}
        assert report.data is not None
        assert report.data.sha256 == hashlib.sha256(before["json"]).hexdigest()
        # What is written from the snapshot is what was kept.
        Report.objects.filter(pk=report.pk).update(workbook=None, data=None)
        assert before == {each: queries.data_file(people.an, report.pk, each, TODAY) for each in before}

    def test_data_hold_each_figure_with_its_parts_and_keep_the_schema(self, people: People) -> None:
        report = issue_half_year(people)
        data = json.loads(queries.data_file(people.an, report.pk, "json", TODAY))
        jsonschema.Draft202012Validator(
            data_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        ).validate(data)
        first = data["objectives"][0]["targets"][0]
        assert (first["numerator"], first["denominator"], first["value"], first["unit"]) == (
            "1188",
            "1200",
            "99",
            "%",
        )
        assert first["period"] == {"start": "2026-01-01", "end": "2026-06-30"}
        assert (first["verdict"], first["source"]) == ("on_track", "Phần mềm một cửa điện tử")
        assert data["counts"] == {
            "met": 0, "on_track": 1, "at_risk": 0, "missed": 1, "no_data": 1, "nothing_arose": 0,
        }  # fmt: skip
        assert data["report"]["number"] == "12/BC-UBND"

    def test_schema_refuses_what_is_no_report(self, people: People) -> None:
        report = issue_half_year(people)
        data = json.loads(queries.data_file(people.an, report.pk, "json", TODAY))
        data["objectives"][0]["targets"][0]["numerator"] = "1.188,0"
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(data, data_schema())

    def test_workbook_divides_sums_and_counts(self, people: People) -> None:
        report = issue_half_year(people)
        book = queries.data_file(people.an, report.pk, "xlsx", TODAY)
        assert formulas(book, 2) == {"H2": 'IF(N(G2)=0,"",F2/G2)'}
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            cells = dict(
                re.findall(
                    r'<c r="([A-Z]+2)"[^>]*>(?:<f>[^<]*</f>)?<v>([^<]*)</v>',
                    archive.read("xl/worksheets/sheet2.xml").decode(),
                )
            )
        assert (cells["F2"], cells["G2"], cells["H2"]) == ("1188", "1200", "0.99")
        work = formulas(book, 3)
        assert (work["C2"], work["C4"], work["H4"]) == ("SUM(D2:H2)", "SUM(C2:C3)", "SUM(H2:H3)")
        assert [text for text in formulas(book, 1).values() if "$J$2:$J$4" in text]

    def test_a_correction_names_what_it_replaces(self, people: People) -> None:
        report = issue_half_year(people)
        new = operations.correct_report(actor=people.an, report_id=report.pk, reason="Đếm lại hồ sơ", now=NOW)
        data = json.loads(queries.data_file(people.an, new.pk, "json", TODAY))
        assert (data["report"]["version"], data["report"]["corrects"], data["report"]["correction"]) == (
            2,
            "12/BC-UBND",
            "Đếm lại hồ sơ",
        )
        assert data["report"]["number"] is None
        said = write_html(queries.document_of(people.an, new.pk, TODAY))
        assert (
            "Báo cáo này thay thế Báo cáo số 12/BC-UBND ngày 01 tháng 7 năm 2026 của UBND xã Bình Yên."
            in said
        )
        assert "Nội dung đính chính: Đếm lại hồ sơ." in said


def test_an_older_snapshot_is_written_too(people: People) -> None:
    """A report issued before values were frozen has its parts alone."""
    report = issue_half_year(people)
    assert report.snapshot is not None
    for objective in report.snapshot["objectives"]:
        for target in objective["targets"]:
            for name in ("value", "unit", "first_day", "last_day"):
                del target[name]
    content = ReportContent.from_json(report.snapshot)
    data = json.loads(report_data(content, queries.formalities_of(report), Edition()))
    jsonschema.validate(data, data_schema())
    assert data["objectives"][0]["targets"][0]["denominator"] == "1200"
    assert report_workbook(content, queries.formalities_of(report), Edition())[:2] == b"PK"
