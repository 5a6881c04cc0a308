"""Large exports: every format in columns of text, blocks that no record is cut by, and what is refused unopened."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from camket.paper import exports
from camket.paper.exports import MORE, ROW, ExportTable, tables
from camket.paper.measuring import Limits, OfficeMeter, QuickOfficeMeter, TooFar
from camket.paper.sheets import UnreadableSheet, write_sheet
from dossiers import exports_made
from paper.containers_made import archive, biff, changed, ole, word


def opened(folder: Path, data: bytes, name: str = "a.csv") -> ExportTable:
    path = folder / "export"
    path.write_bytes(data)
    return next(tables(path, name))


def rows_of(table: ExportTable, width: int, size: int = 50_000) -> list[tuple[int | str | None, ...]]:
    frames = list(table.frames(width, size))
    assert all(0 < frame.height <= size for frame in frames)
    return pl.concat(frames).rows()


def code(folder: Path, data: bytes, name: str = "a.csv") -> str:
    with pytest.raises(UnreadableSheet) as caught:
        list(opened(folder, data, name).frames(3, 100))
    return caught.value.code


def sheet_xml(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return changed(write_sheet("Bảng", ["a"], [["b"]]), {"xl/worksheets/sheet1.xml": text})


class TestText:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258", "tcvn3"])
    def test_whatever_separates_and_encodes_it(self, tmp_path: Path, separator: str, encoding: str) -> None:
        rows = [
            ["Số hồ sơ", "Người nộp"],
            ["1", "Nguyễn Thị Hồng"],
            ["2", f"một{separator} hai"],
            ["", ""],
            ["3", ""],
        ]
        table = opened(tmp_path, exports_made.text(rows, encoding, separator))
        assert table.separator == separator
        assert [each.cells for each in table.head][:2] == [
            ("Số hồ sơ", "Người nộp"),
            ("1", "Nguyễn Thị Hồng"),
        ]
        read = rows_of(table, 2)
        assert [row[0] for row in read] == [1, 2, 3, 4, 5]
        assert read[2][2] == f"một{separator} hai"
        assert read[3][1] in (None, "")

    def test_rows_as_people_count_them_when_cells_hold_line_ends(self, tmp_path: Path) -> None:
        table = opened(tmp_path, 'a;b\r\n"một\r\nhai";x\r\n\r\n"""3""";y'.encode())
        assert rows_of(table, 2) == [
            (1, "a", "b", None), (2, "một\r\nhai", "x", None), (3, None, None, None), (4, '"3"', "y", None),
        ]  # fmt: skip

    def test_what_stands_right_of_the_columns(self, tmp_path: Path) -> None:
        table = opened(tmp_path, b"a;b\n1;2;\n1;2;3;4\n1\n")
        assert [row[-1] for row in rows_of(table, 2)] == [None, None, "3", None]

    def test_a_quotation_mark_within_a_cell_is_taken_as_excel_does(self, tmp_path: Path) -> None:
        text = 'a;b\n1;nhà 5" x\n2;"Lê" An\n3;"một;hai"\n'
        table = opened(tmp_path, text.encode())
        assert [row[2] for row in rows_of(table, 2)] == ["b", 'nhà 5" x', "Lê An", "một;hai"]

    def test_a_quotation_mark_that_nothing_closes_does_not_swallow_the_file(self, tmp_path: Path) -> None:
        text = "a;b\n" + '1;nhà 5" x\n' + "".join(f"{number};x\n" for number in range(2, 5000))
        assert len(rows_of(opened(tmp_path, text.encode()), 2)) == 5000

    def test_letters_that_are_no_utf8_are_marked(self, tmp_path: Path) -> None:
        text = "mã;tên\n1;Nguyễn\n".encode() * 100_000 + b"2;\xe1\xbb\n"
        table = opened(tmp_path, text)
        assert rows_of(table, 2)[-1] == (200_001, "2", "\ufffd", None)

    def test_old_line_ends(self, tmp_path: Path) -> None:
        assert [row[1:3] for row in rows_of(opened(tmp_path, b"a;b\r1;2\r3;4"), 2)] == [
            ("a", "b"), ("1", "2"), ("3", "4"),
        ]  # fmt: skip

    def test_a_line_that_names_what_separates(self, tmp_path: Path) -> None:
        assert rows_of(opened(tmp_path, b"sep=;\nmot,hai;ba\n"), 2) == [(2, "mot,hai", "ba", None)]

    def test_a_last_line_without_an_end_is_counted(self, tmp_path: Path) -> None:
        assert [opened(tmp_path, data).row_count for data in (b"a;b\n1;2\n", b"a;b\n1;2")] == [2, 2]

    @settings(deadline=None, max_examples=60)
    @given(
        st.lists(
            st.lists(st.text(st.sampled_from('ab ;"\n\rạ\'='), max_size=6), min_size=3, max_size=3),
            min_size=1, max_size=30,
        ),
        st.integers(1, 7),
        st.integers(16, 200),
    )  # fmt: skip
    def test_any_table_is_read_as_the_plain_reader_does(
        self, tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], size: int, block: int
    ) -> None:
        folder = tmp_path_factory.mktemp("bảng")
        text = exports_made.csv_text([["cột 1", "cột 2", "cột 3"], *rows])
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(exports, "SMALLEST_BLOCK", block)
            table = opened(folder, text.encode())
            read = [[cell or "" for cell in row[1:4]] for row in rows_of(table, 3, size)]  # type: ignore[misc]
        plain = [(row + ["", "", ""])[:3] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")]
        assert read == plain


class TestWorkbooks:
    ROWS = (["", "Số hồ sơ", "Ghi chú"], [], ["", "H26-260105-0001", 5], ["", "x", 1.5])

    @pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
    def test_cells_keep_their_places(self, tmp_path: Path, kind: str) -> None:
        table = opened(tmp_path, getattr(exports_made, kind)(self.ROWS), f"a.{kind}")
        assert table.kind == kind
        assert rows_of(table, 3) == [
            (1, None, "Số hồ sơ", "Ghi chú", None), (2, None, None, None, None),
            (3, None, "H26-260105-0001", "5", None), (4, None, "x", "1.5", None),
        ]  # fmt: skip

    def test_hidden_and_empty_sheets_are_left_out(self, tmp_path: Path) -> None:
        assert (
            opened(tmp_path, exports_made.xlsx([["a", "b"]], hidden=[["x"]]), "a.xlsx").title == "Danh sách"
        )

    def test_a_remark_right_of_the_columns_is_left_out(self, tmp_path: Path) -> None:
        table = opened(tmp_path, exports_made.xlsx([["a", "b", "c", "d"], ["1"]]), "a.xlsx")
        assert rows_of(table, 2) == [(1, "a", "b", None), (2, "1", None, None)]

    def test_nothing_is_left_in_the_folder_of_temporary_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spare = tmp_path / "spare"
        spare.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(spare))
        found = tables(tmp_path / "export", "a.xlsx")
        (tmp_path / "export").write_bytes(exports_made.xlsx([["a", "b"]]))
        next(found)
        found.close()  # type: ignore[attr-defined]
        assert list(spare.iterdir()) == []


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "name", "why"),
        [
            (b"", "a.csv", "empty"),
            (b" \r\n", "a.csv", "empty"),
            (b";;\n;;\n", "a.csv", "empty"),
            (sheet_xml(""), "a.xlsx", "empty"),
            (b"khong phai Excel", "a.xlsx", "damaged"),
            (b"PK\x03\x04hong", "a.xlsx", "damaged"),
            (sheet_xml("<row"), "a.xlsx", "damaged"),
            (b"%PDF-1.4 ...", "a.csv", "unknown_format"),
            (b"<html><table>", "a.xls", "web_page"),
            ("Số;Ngày\r\n1;01/06/2026\r\n".encode("utf-16-le"), "a.csv", "unmarked"),
            ("Số;Ngày\r\n1;01/06/2026\r\n".encode("utf-16-be"), "a.csv", "unmarked"),
            (bytes(range(256)) * 20, "a.csv", "unknown_format"),
            (word(), "a.docx", "unknown_format"),
            (ole({"EncryptedPackage": b"x"}), "a.xlsx", "encrypted"),
            (ole({"Workbook": b"\x2f\x00\x02\x00\x00\x00"}), "a.xls", "encrypted"),
            (ole({"Workbook": biff({(0, 0): 1.0, (65535, 65000): 1.0})}), "a.xls", "too_long"),
            (changed(sheet_xml("<row/>"), {"xl/vbaProject.bin": b"x"}), "a.xlsm", "macros"),
            (ole({"Workbook": biff({})}, ["_VBA_PROJECT_CUR"]), "a.xls", "macros"),
            (b"GIF89a" + sheet_xml("<row/>"), "a.xlsx", "unknown_format"),
            (sheet_xml("<row/>") + b"more", "a.xlsx", "foreign"),
            (archive({"xl/workbook.xml": b"\0" * 11_000_000}), "a.xlsx", "bomb"),
            (b'a;b\n"' + b"x" * 200_000, "a.csv", "damaged"),
            (b"a;" * 300, "a.csv", "too_long"),
        ],
    )  # fmt: skip
    def test_says_why(self, tmp_path: Path, data: bytes, name: str, why: str) -> None:
        assert code(tmp_path, data, name) == why

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            '<row r="500001"><c r="A500001"><v>1</v></c></row>',
            '<row r="500001"><c><v>1</v></c></row>',
            "<row>" + "<c><v>1</v></c>" * 201 + "</row>",
            '<row r="1"><c r="A1&#48;0001" t="/>"><v>1</v></c></row><row r="500001"><c r="A&#53;00001"><v>1</v></c></row>',
            "<row r='1'><c r='A1'><v>1</v></c></row><row r='600000'><c r='A600000'><v>1</v></c></row>",
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c s="1" r="XFD900000"><v>1</v></c></row>',
        ],
    )
    def test_cells_that_reach_too_far_before_any_is_made(self, tmp_path: Path, rows: str) -> None:
        assert code(tmp_path, sheet_xml(rows), "a.xlsx") == "too_long"

    @pytest.mark.parametrize(
        "rows",
        [
            '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="x"/></table:table-row>',
            '<table:table-row><table:table-cell table:number-columns-repeated="9999" office:value-type="x"/></table:table-row>',
        ],
    )
    def test_repeated_cells_before_any_is_made(self, tmp_path: Path, rows: str) -> None:
        data = exports_made.ods([["a", "b"]])
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            content = file.read("content.xml").replace(
                b"<table:table-row>", rows.encode() + b"<table:table-row>", 1
            )
        assert code(tmp_path, changed(data, {"content.xml": content}), "a.ods") == "too_long"

    def test_entities_that_multiply(self, tmp_path: Path) -> None:
        data = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>')
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            part = file.read("xl/workbook.xml")
        bomb = part.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', 1)
        assert code(tmp_path, changed(data, {"xl/workbook.xml": bomb}), "a.xlsx") == "damaged"

    def test_a_workbook_beyond_the_limit_names_what_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exports, "LIMITS", Limits(rows=10, columns=5, cells=50))
        with pytest.raises(UnreadableSheet, match="more than 10 rows or 5 columns"):
            opened(tmp_path, exports_made.xlsx([["a"]] * 11), "a.xlsx")

    @settings(deadline=None)
    @given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.ods", "a"]))
    def test_any_bytes_are_judged(
        self, tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
    ) -> None:
        folder = tmp_path_factory.mktemp("bất kỳ")
        for each in (data, b"PK\x03\x04" + data):
            with contextlib.suppress(UnreadableSheet):
                table = opened(folder, each, name)
                assert table.head
                list(table.frames(2, 10))

    @settings(deadline=None)
    @given(st.data())
    def test_any_change_of_an_honest_workbook_is_judged(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        name = data.draw(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]))
        book = exports_made.xlsx([["a", "b"], [1, "c"]])
        with zipfile.ZipFile(io.BytesIO(book)) as file:
            part = bytearray(file.read(name))
        for _ in range(data.draw(st.integers(1, 5))):
            part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(UnreadableSheet):
            table = opened(tmp_path_factory.mktemp("đổi"), changed(book, {name: bytes(part)}), "a.xlsx")
            assert table.head


class TestQuickMeter:
    """The quick meter is sure only where the slow one lets the sheet through."""

    CELLS = st.sampled_from(
        ['<c r="A1"><v>1</v></c>', '<c r="Z299999" s="1"/>', '<c r="AA1"><v>1</v></c>', '<c r="A300000"><v>1</v></c>', "<c/>",
         '<c s="1" r="B2"><v>2</v></c>', "<c><v>1</v></c>", '<x:c r="C3"><v>1</v></x:c>', "<c\n r='D4'><v>1</v></c>",
         '<c r="XFD1048576"><v>1</v></c>', '<c r="&#65;500001"><v>1</v></c>', '<row r="7"/>', '<cols/>', '<c r="a1"><v>1</v></c>']
    )  # fmt: skip

    @given(st.lists(CELLS, max_size=8), st.sampled_from([1, 7, 40, 10_000]))
    def test_it_agrees_with_the_slow_one(self, cells: list[str], piece: int) -> None:
        part = f'<worksheet xmlns:x="x"><sheetData><row r="1">{"".join(cells)}</row></sheetData></worksheet>'.encode()
        limits = Limits(rows=500_000, columns=200, cells=8_000_000)
        quick, slow = QuickOfficeMeter(limits), OfficeMeter(limits)
        for at in range(0, len(part), piece):
            quick.feed(part[at : at + piece], is_last=False)
        quick.feed(b"", is_last=True)
        try:
            slow.feed(part, is_last=True)
        except TooFar:
            assert not quick.is_sure
        else:
            assert not quick.is_sure or quick.first_column == slow.first_column or piece < 200

    @given(st.from_regex(r'<c[ \nr]{0,2}r?=?"?[A-Za"]{0,2}[0-9]{0,7}["\n x&]?.{0,3}', fullmatch=True))
    @example('<c r="Z299999"')
    @example('<c r="A300000"')
    @example('<c r="A012345"')
    @example('<c r="A1')
    @example("<c")
    def test_a_cell_beyond_or_without_its_place_is_unusual(self, mark: str) -> None:
        quick = QuickOfficeMeter(Limits(rows=500_000, columns=200, cells=8_000_000))
        quick.feed(f"<row>{mark}".encode(), is_last=True)
        usual = re.search(r'<c(?! r="[A-Z][12]?[0-9]{1,5}"|[A-Za-z])', f"<row>{mark}\n") is None
        assert quick.is_sure == (usual and "&#" not in mark)

    def test_what_is_no_text_is_not_sure(self) -> None:
        quick = QuickOfficeMeter(Limits(rows=500_000, columns=200, cells=8_000_000))
        quick.feed(b'<row r="1"><c r="A1"><v>\xff</v></c></row>', is_last=True)
        assert not quick.is_sure

    def test_a_cell_that_says_only_its_place_is_seen(self) -> None:
        quick = QuickOfficeMeter(Limits(rows=500_000, columns=200, cells=8_000_000))
        quick.feed(b'<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>', is_last=True)
        assert (quick.is_sure, quick.first_column) == (True, 1)

    def test_a_usual_sheet_is_measured_quickly(self) -> None:
        with zipfile.ZipFile(io.BytesIO(exports_made.xlsx([["a", "b"], ["1", 2]]))) as file:
            part = file.read("xl/worksheets/sheet1.xml")
        meter = QuickOfficeMeter(Limits(rows=500_000, columns=200, cells=8_000_000))
        meter.feed(part, is_last=True)
        assert (meter.is_sure, meter.first_column) == (True, 1)


class TestHeld:
    """What is in memory as it is comes in as few pieces as are of use."""

    @pytest.mark.parametrize(
        ("rows", "pieces"), [(9, [9]), (11, [11]), (15, [8, 7]), (20, [10, 10]), (31, [11, 11, 9])]
    )
    def test_no_few_rows_are_left_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, pieces: list[int]
    ) -> None:
        monkeypatch.setattr(exports, "_HELD_ROWS", 10)
        table = opened(tmp_path, exports_made.xlsx([[str(at)] for at in range(1, rows + 1)]), "a.xlsx")
        frames = list(table.frames(1, 10))
        assert [frame.height for frame in frames] == pieces
        assert pl.concat(frames)["c0"].to_list() == [str(at) for at in range(1, rows + 1)]


class TestCopies:
    """A workbook is copied as it is measured: what a reader is given says what it said, and is no more than was measured."""

    @pytest.mark.parametrize(
        ("rows", "marks"),
        [
            ((' r="3"', ' r="1"', ' r="2"'), (3, 1, 2)),
            ((' r="1"', ' r="2"', ' r="3"'), (3, 2, 1)),
            ((' r="1"', ' r="2"', ' r="3"'), (1, 2, 3)),
            (("", "", ""), (1, 2, 3)),
        ],
    )
    def test_rows_out_of_order_and_beside_remarks_stand_in_their_places(
        self, tmp_path: Path, rows: Sequence[str], marks: Sequence[int]
    ) -> None:
        written = [
            f'<row{row}><c r="A{at}"><v>{at}</v></c></row><!-- <row r="9"> -->'
            for row, at in zip(rows, marks, strict=True)
        ]
        assert rows_of(opened(tmp_path, sheet_xml("".join(written)), "a.xlsx"), 1) == [
            (number, str(number), None) for number in (1, 2, 3)
        ]

    @pytest.mark.parametrize("at", [1, 39])
    def test_a_cell_that_reaches_too_far_wherever_it_stands(self, tmp_path: Path, at: int) -> None:
        rows = [f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(1, 41)]
        rows[at] = '<row r="900000"><c r="XFD900000"><v>1</v></c></row>'
        assert code(tmp_path, sheet_xml("".join(rows)), "a.xlsx") == "too_long"

    @pytest.mark.parametrize("told", [0, 100, 700])
    def test_a_sheet_that_is_longer_than_it_says_is_not_unpacked(self, tmp_path: Path, told: int) -> None:
        data = bytearray(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' * 2_000))
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            size = file.getinfo("xl/worksheets/sheet1.xml").file_size
        for place in [at for at in range(len(data) - 4) if data[at : at + 4] == struct.pack("<I", size)]:
            data[place : place + 4] = struct.pack("<I", told)
        assert code(tmp_path, bytes(data), "a.xlsx") in {"bomb", "damaged"}


def test_frames_have_the_asked_columns(tmp_path: Path) -> None:
    frame = next(opened(tmp_path, b"a;b\n1;2\n").frames(4, 10))
    assert frame.columns == [ROW, "c0", "c1", "c2", "c3", MORE]
