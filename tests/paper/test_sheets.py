"""Spreadsheets in and out: what is read, what is refused and why, and that nothing written is a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from camket.paper import sheets
from camket.paper.sheets import Sheet, SheetRow, UnreadableSheet, read_sheet, write_csv, write_sheet
from paper.containers_made import archive, biff, changed, ole, word

HEADER = ("Họ và tên", "Ngày sinh", "Số điện thoại")


def texts(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def workbook(rows: str) -> bytes:
    """Return a workbook whose only sheet has these rows, as XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return changed(write_sheet("Bảng", ["a"], [["b"]]), {"xl/worksheets/sheet1.xml": sheet})


def open_document(rows: str, kind: str = "spreadsheet") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    body = f'<table:table table:name="Bảng 1">{rows}</table:table>'
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest:manifest {spaces}/>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


CELL = '<table:table-cell office:value-type="string"><text:p>một</text:p></table:table-cell>'


def code(data: bytes, name: str = "danh-sach.xlsx") -> str:
    with pytest.raises(UnreadableSheet) as caught:
        read_sheet(data, name)
    assert name in str(caught.value.message)
    return caught.value.code


class TestRead:
    def test_a_workbook(self) -> None:
        rows = [["Lê An", date(1990, 1, 5), 912345678], [], ["", None, Decimal("0.5")]]
        sheet = read_sheet(write_sheet("Danh sách: cán bộ", HEADER, rows), "a.xlsx")
        assert sheet.title == "Danh sách cán bộ"
        assert sheet.rows == (
            SheetRow(1, HEADER),
            SheetRow(2, ("Lê An", "1990-01-05", "912345678")),
            SheetRow(4, ("", "", "0.5")),
        )

    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            ("<c><v>1</v></c>", "1"),
            ("<c><v>1.0</v></c>", "1"),
            ("<c><v>0.30000000000000004</v></c>", "0.3"),
            ("<c><v>1234567890123</v></c>", "1234567890123"),
            ('<c t="b"><v>1</v></c>', "TRUE"),
            ('<c t="inlineStr"><is><t> Ủy  ban </t></is></c>', "Ủy  ban"),
            ("<c><f>1+1</f><v>2</v></c>", "2"),
            ('<c t="e"><v>#N/A</v></c><c><v>1</v></c>', ""),
        ],
    )
    def test_cells_are_text(self, cell: str, text: str) -> None:
        last = '<c t="inlineStr"><is><t>x</t></is></c>'
        assert read_sheet(workbook(f"<row>{cell}{last}</row>"), "a.xlsx").rows[0].cells[0] == text

    def test_times_are_iso(self) -> None:
        rows = [[datetime(2026, 7, 1, 9, 30), "x"]]
        assert texts(read_sheet(write_sheet("a", ["Lúc"], rows), "a.xlsx"))[1][0] == "2026-07-01T09:30:00"

    def test_rows_and_columns_keep_their_places(self) -> None:
        rows = '<row r="3"><c r="C3"><v>7</v></c></row>'
        assert read_sheet(workbook(rows), "a.xlsx").rows == (SheetRow(3, ("", "", "7")),)

    def test_far_cells_that_are_only_coloured_do_not_count(self) -> None:
        rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>'
        assert texts(read_sheet(workbook(rows), "a.xlsx")) == [("1",)]

    def test_the_first_sheet_that_holds_anything(self) -> None:
        import xlsxwriter

        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            book.add_worksheet("Trống")
            hidden = book.add_worksheet("Ẩn")
            hidden.write(0, 0, "x")
            hidden.hide()
            book.add_worksheet("Người").write(0, 0, "y")
        assert read_sheet(out.getvalue(), "a.xlsx") == Sheet("Người", (SheetRow(1, ("y",)),), ("Trống",))

    def test_an_open_document(self) -> None:
        filler = '<table:table-cell table:number-columns-repeated="16380"/>'
        blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
        rows = f"<table:table-row>{CELL}{CELL}{filler}</table:table-row>{blank}"
        sheet = read_sheet(open_document(rows), "a.ods")
        assert (sheet.title, texts(sheet)) == ("Bảng 1", [("một", "một")])

    def test_an_old_workbook(self) -> None:
        sheet = read_sheet(ole({"Workbook": biff({(0, 0): 1.0, (2, 1): 2.5})}), "a.xls")
        assert sheet.rows == (SheetRow(1, ("1", "")), SheetRow(3, ("", "2.5")))

    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
    def test_text_whatever_separates_its_cells(self, sign: str, encoding: str) -> None:
        text = f'Ho và tên{sign}Ghi chú\r\n"Lê, A;n"{sign}x\r\n\r\nDũng{sign}\r\n'
        decomposed = text.replace("ũ", "u\u0303") if encoding == "cp1258" else text
        sheet = read_sheet(decomposed.encode(encoding), "Danh sách.csv")
        assert sheet.title == "Danh sách"
        assert sheet.rows == (
            SheetRow(1, ("Ho và tên", "Ghi chú")),
            SheetRow(2, ("Lê, A;n", "x")),
            SheetRow(4, ("Dũng", "")),
        )

    def test_text_in_an_old_font(self) -> None:
        data = "Hä vµ tªn;§¬n vÞ\nNguyÔn V¨n An;Uû ban nh©n d©n x·\n".encode("latin-1")
        assert texts(read_sheet(data, "a.csv"))[1] == ("Nguyễn Văn An", "Uỷ ban nhân dân xã")

    def test_a_line_that_names_what_separates(self) -> None:
        sheet = read_sheet(b"sep=;\nmot,hai;ba\n", "a.csv")
        assert sheet.rows == (SheetRow(2, ("mot,hai", "ba")),)

    def test_a_decimal_comma_does_not_separate(self) -> None:
        assert texts(read_sheet(b"a;b\n1,5;2,5\n", "a.csv"))[1] == ("1,5", "2,5")


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "name", "why"),
        [
            (b"", "a.csv", "empty"),
            (b" \r\n", "a.csv", "empty"),
            (b";;\n;;\n", "a.csv", "empty"),
            (workbook(""), "a.xlsx", "empty"),
            (b"x" * (sheets.MAX_BYTES + 1), "a.csv", "too_large"),
            (b"khong phai Excel", "a.xlsx", "damaged"),
            (b"PK\x03\x04hong", "a.xlsx", "damaged"),
            (workbook("<row"), "a.xlsx", "damaged"),
            (workbook('<row><c t="s"><v>99999999999</v></c></row>'), "a.xlsx", "damaged"),
            (ole({"Workbook": b"\x09\x08\x10\x00" + b"\xff" * 30}), "a.xls", "damaged"),
            (b"%PDF-1.4 ...", "a.csv", "unknown_format"),
            (b"<html><table>", "a.csv", "web_page"),
            (b"<html><table>", "a.xls", "web_page"),
            ("Số;Ngày\r\n1;01/06/2026\r\n".encode("utf-16-le"), "a.csv", "unmarked"),
            ("Số;Ngày\r\n1;01/06/2026\r\n".encode("utf-16-be"), "a.csv", "unmarked"),
            (bytes(range(256)) * 20, "a.csv", "unknown_format"),
            (b"a;b", "a.docx", "unknown_format"),
            (word(), "a.docx", "unknown_format"),
            (open_document("", "text"), "a.odt", "unknown_format"),
            (ole({"WordDocument": b"x"}), "a.doc", "unknown_format"),
            (ole({"EncryptedPackage": b"x"}), "a.xlsx", "encrypted"),
            (ole({"Workbook": b"\x2f\x00\x02\x00\x00\x00"}), "a.xls", "encrypted"),
            (changed(workbook("<row/>"), {"xl/vbaProject.bin": b"x"}), "a.xlsm", "macros"),
            (ole({"Workbook": biff({})}, ["_VBA_PROJECT_CUR"]), "a.xls", "macros"),
            (ole({"Workbook": biff({}, sheet_kind=1)}), "a.xls", "macros"),
            (b"GIF89a" + workbook("<row/>"), "a.xlsx", "unknown_format"),
            (workbook("<row/>") + b"more", "a.xlsx", "foreign"),
            (archive({"xl/workbook.xml": b"\0" * 11_000_000}), "a.xlsx", "bomb"),
        ],
    )  # fmt: skip
    def test_says_why(self, data: bytes, name: str, why: str) -> None:
        assert code(data, name) == why

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            '<row r="200001"><c><v>1</v></c></row>',
            "<row>" + "<c><v>1</v></c>" * 201 + "</row>",
            '<row r="1"><c r="A1&#48;0001" t="/>"><v>1</v></c></row><row r="200001"><c r="A&#50;00001"><v>1</v></c></row>',
        ],
    )
    def test_cells_that_reach_too_far_before_any_is_made(self, rows: str) -> None:
        assert code(workbook(rows)) == "too_long"

    @pytest.mark.parametrize(
        "rows",
        [
            f'<table:table-row table:number-rows-repeated="1000000">{CELL}</table:table-row>',
            f'<table:table-row><table:table-cell table:number-columns-repeated="1000000000"/>{CELL}</table:table-row>',
            f'<table:table-row table:number-rows-repeated="99999999999999999999">{CELL}</table:table-row>',
            f'<table:table-row table:number-rows-repeated="250000"/><table:table-row>{CELL}</table:table-row>',
        ],
    )
    def test_repeated_cells_before_any_is_made(self, rows: str) -> None:
        assert code(open_document(rows), "a.ods") == "too_long"

    def test_old_cells_that_reach_too_far(self) -> None:
        assert code(ole({"Workbook": biff({(0, 0): 1.0, (65535, 65000): 1.0})}), "a.xls") == "too_long"

    def test_a_formula_that_nobody_reckoned(self) -> None:
        reckoned = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>'
        assert texts(read_sheet(workbook(reckoned), "bang.xlsx")) == [("2", "")]
        last = '<row r="2"><c r="A2"><v>1</v></c><c r="C2"><f>SUM(A1:A2)</f></c></row>'
        with pytest.raises(UnreadableSheet) as refused:
            read_sheet(workbook(reckoned + last), "bang.xlsx")
        assert (refused.value.code, refused.value.message.params["cell"]) == ("unreckoned", "C2")
        of_open = '<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>'
        with pytest.raises(UnreadableSheet) as refused:
            read_sheet(open_document(f"<table:table-row>{CELL}</table:table-row>{of_open}"), "bang.ods")
        assert (refused.value.code, refused.value.message.params["cell"]) == ("unreckoned", "A2")

    def test_entities_that_multiply(self) -> None:
        data = workbook("<row/>")
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            part = opened.read("xl/workbook.xml")
        bomb = part.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', 1)
        assert code(changed(data, {"xl/workbook.xml": bomb})) == "damaged"

    def test_a_cell_that_never_ends(self) -> None:
        assert code(b'a;b\n"' + b"x" * 200_000, "a.csv") == "damaged"

    def test_rows_of_text_beyond_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sheets, "MAX_ROWS", 3)
        assert len(read_sheet(b"a\nb\nc\n", "a.csv").rows) == 3
        assert code(b"a\nb\nc\nd\n", "a.csv") == "too_long"

    @settings(deadline=None)
    @given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.ods", "a"]))
    def test_any_bytes_are_judged(self, data: bytes, name: str) -> None:
        self.judge(data, name)
        self.judge(b"PK\x03\x04" + data, name)

    @settings(deadline=None)
    @given(st.data())
    def test_any_change_of_an_honest_file_is_judged(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]))
        book = write_sheet("a", HEADER, [["b", date(2026, 1, 1), 1]])
        with zipfile.ZipFile(io.BytesIO(book)) as opened:
            part = bytearray(opened.read(name))
        for _ in range(data.draw(st.integers(1, 5))):
            part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
        self.judge(changed(book, {name: bytes(part)}), "a.xlsx")

    @settings(deadline=None)
    @given(st.data())
    def test_any_change_of_an_old_file_is_judged(self, data: st.DataObject) -> None:
        book = bytearray(biff({(0, 0): 1.0, (1, 2): 2.0}))
        for _ in range(data.draw(st.integers(1, 5))):
            book[data.draw(st.integers(0, len(book) - 1))] = data.draw(st.integers(0, 255))
        self.judge(ole({"Workbook": bytes(book)}), "a.xls")

    def judge(self, data: bytes, name: str) -> None:
        try:
            rows = read_sheet(data, name).rows
        except UnreadableSheet as refusal:
            rows = ()
            code = refusal.code
        else:
            code = ""
        assert rows or code


HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "=HYPERLINK(x)",
    "-2+3|cmd",
]


class TestWrite:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_cell_of_csv_begins_a_formula(self, text: str) -> None:
        data = write_csv([text], [[text]])
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            assert row == [f"'{text}"]

    @pytest.mark.parametrize("text", ["-5", "+84", "-1.234,5", "-98,4%", "1.5", "an@xa.gov.vn", "a=b", ""])
    def test_numbers_and_honest_text_stay_as_they_are(self, text: str) -> None:
        assert write_csv([text], []).decode("utf-8-sig").strip('\r\n"') == text

    @settings(deadline=None)
    @given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
    def test_what_is_written_is_never_live(self, cells: list[str]) -> None:
        for written in next(csv.reader(io.StringIO(write_csv(cells, []).decode("utf-8-sig"), newline=""))):
            assert written[:1] not in {"=", "@", "\t", "\r", "\n"}
            assert written[:1] not in {"+", "-"} or not set(written) & set("=(|!abc")

    def test_csv_is_what_excel_expects(self) -> None:
        data = write_csv(HEADER, [["Lê An", date(1990, 1, 5), None], ["x, y", Decimal("1.50"), True]])
        assert data == (
            '\ufeffHọ và tên,Ngày sinh,Số điện thoại\r\nLê An,1990-01-05,\r\n"x, y",1.50,TRUE\r\n'.encode()
        )

    def test_what_was_written_is_read_again(self) -> None:
        rows = [(text.strip(), "x", "") for text in HOSTILE]
        assert texts(read_sheet(write_csv(HEADER, rows), "a.csv")) == [HEADER, *rows]

    @pytest.mark.parametrize("text", [*HOSTILE, "http://example.com", "{=1}", "123"])
    def test_no_cell_of_a_workbook_is_a_formula_or_a_link(self, text: str) -> None:
        data = write_sheet("a", [text], [[text]])
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            sheet = opened.read("xl/worksheets/sheet1.xml")
            assert not [name for name in opened.namelist() if "rels" in name and "worksheets" in name]
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
        assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1] == [text]

    def test_the_same_values_give_the_same_bytes(self) -> None:
        rows = [["Lê An", date(1990, 1, 5), Decimal("98.4")]]
        first, again = (write_sheet("Bảng", HEADER, rows, formats={2: "0.0%"}) for _ in range(2))
        assert first == again

    @pytest.mark.parametrize("title", ["", "[a]:*?/\\", "'x'", "Danh sách rất dài " * 5])
    def test_any_title_is_a_sheet_name(self, title: str) -> None:
        assert 0 < len(read_sheet(write_sheet(title, ["a"], []), "a.xlsx").title) <= 31

    def test_a_cell_beyond_the_limit_is_not_cut_in_silence(self) -> None:
        with pytest.raises(ValueError, match="row 1, column 0"):
            write_sheet("a", ["a"], [["x" * 40_000]])
