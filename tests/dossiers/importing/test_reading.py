"""Exports opened and checked: what dirt is coped with, what is refused and how it is said, what is the same again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core import dossier_codes
from camket.core.dossiers import Channel, Outcome, State
from camket.core.wording.moments import parse_moment
from camket.dossiers.importing.checking import MappingUnfit
from camket.dossiers.importing.columns import content_hash, moments, tidied
from camket.dossiers.importing.part import SCHEMA, Part
from camket.dossiers.importing.reading import Export, open_export, read_rows
from camket.paper.sheets import UnreadableSheet
from dossiers import exports_made
from dossiers.exports_made import Cell, Rows

HEADER = [
    "STT",
    "Mã hồ sơ",
    "Tên thủ tục",
    "Lĩnh vực",
    "Người nộp",
    "Ngày nhận",
    "Ngày hẹn trả",
    "Ngày trả",
    "Trạng thái",
]
RECEIVED = datetime(2026, 1, 5, 8, 30)


def code(number: int) -> str:
    return f"H26.12.3-260105-{number:04d}"


def line(number: int, **cells: Cell) -> list[Cell]:
    """One honest row under :data:`HEADER`; ``cells`` by the first letters of a heading's words (``NN``: Ngày nhận)."""
    honest: dict[str, Cell] = {
        "STT": number, "MHS": code(number), "TTT": "Đăng ký khai sinh", "LV": "Hộ tịch", "NN1": "Lê Thị An",
        "NN": RECEIVED, "NHT": datetime(2026, 1, 8), "NT": None, "TT": "Đang xử lý",
    }  # fmt: skip
    return list({**honest, **cells}.values())


def opened(folder: Path, data: bytes, name: str = "xuat.csv") -> Export:
    path = folder / "xuat"
    path.write_bytes(data)
    return open_export(path, name)


def whole(export: Export, words: Mapping[str, Mapping[str, str]] | None = None, **how: Any) -> Part:
    """Return all rows of an export as one part."""
    parts = list(export.parts(how.pop("mapping", export.mapping), words or {}, **how))
    rows = pl.concat([part.rows for part in parts]) if parts else pl.DataFrame(schema=SCHEMA)
    notes = tuple(note for part in parts for note in part.notes)
    return Part(
        rows, tuple(each for part in parts for each in part.refused), parts[-1].until if parts else 0, notes
    )


def read(folder: Path, rows: Rows, **how: Any) -> Part:
    return whole(opened(folder, exports_made.text(rows)), **how)


def sentences(part: Part) -> list[tuple[str, str, str]]:
    return [(each.field, each.cell, str(each.message)) for row in part.refused for each in row.reasons]


class TestDirt:
    def test_a_clean_export(self, tmp_path: Path) -> None:
        part = read(tmp_path, [HEADER, line(1), line(2, NT=datetime(2026, 1, 7, 9), TT="Đã trả kết quả")])
        assert part.refused == ()
        assert part.until == 3
        first, second = part.rows.to_dicts()
        assert part.rows.schema == pl.Schema(SCHEMA)
        assert {name: first[name] for name in ("row", "code", "state", "received_at", "due_given", "channel", "phone")} == {
            "row": 2, "code": code(1), "state": State.PROCESSING, "received_at": RECEIVED, "due_given": datetime(2026, 1, 8),
            "channel": None, "phone": "",
        }  # fmt: skip
        assert second["state"] == State.RETURNED
        assert second["finished_at"] == second["returned_at"] == datetime(2026, 1, 7, 9)

    def test_everything_around_the_rows(self, tmp_path: Path) -> None:
        rows: list[list[Cell]] = [
            ["UBND XÃ MẪU"],
            ["DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ GIẢI QUYẾT"],
            [],
            HEADER,
            [f"({number})" for number in range(1, 10)],
            ["I", "Lĩnh vực: Đất đai (2 hồ sơ)"],
            line(1, LV=""),
            line(2, LV="Môi trường"),
            ["II", "Hộ tịch"],
            line(3, LV=""),
            HEADER,
            line(4, LV=""),
            [],
            ["Tổng cộng", None, None, None, None, None, None, None, "4"],
            [None, None, None, None, None, None, None, "Mẫu, ngày 06 tháng 7 năm 2026"],
            ["NGƯỜI LẬP BIỂU", None, None, None, None, None, None, "CHỦ TỊCH"],
            [None, None, None, None, None, None, None, "Trần Văn Bình"],
        ]
        for made, name in ((exports_made.text(rows), "a.csv"), (exports_made.xlsx(rows), "a.xlsx")):
            part = whole(opened(tmp_path, made, name))
            assert part.refused == ()
            assert part.rows.select("row", "field_name").rows() == [
                (7, "Đất đai"), (8, "Môi trường"), (10, "Hộ tịch"), (12, "Hộ tịch"),
            ]  # fmt: skip

    def test_a_group_goes_on_in_the_next_part(self, tmp_path: Path) -> None:
        rows = [HEADER, ["Lĩnh vực: Đất đai"], *(line(number, LV="") for number in range(1, 8))]
        part = read(tmp_path, rows, size=2)
        assert part.rows["field_name"].to_list() == ["Đất đai"] * 7

    def test_headings_in_two_rows_with_merged_cells(self, tmp_path: Path) -> None:
        rows: list[list[Cell]] = [
            ["DANH SÁCH HỒ SƠ"],
            ["STT", "Mã hồ sơ", "Thời gian", None, None, "Trạng thái"],
            [None, None, "Tiếp nhận", "Hẹn trả", "Kết thúc", None],
            [1, code(1), RECEIVED, datetime(2026, 1, 8), None, "Đang xử lý"],
        ]
        merged = [
            (0, 0, 0, 5, "DANH SÁCH HỒ SƠ"),
            (1, 0, 2, 0, "STT"),
            (1, 1, 2, 1, "Mã hồ sơ"),
            (1, 2, 1, 4, "Thời gian"),
        ]
        export = opened(tmp_path, exports_made.xlsx(rows, merged=merged), "a.xlsx")
        assert export.header_rows == (2, 3)
        assert export.mapping == {
            "code": "Mã hồ sơ", "received_at": "Thời gian / Tiếp nhận", "due_given": "Thời gian / Hẹn trả",
            "finished_at": "Thời gian / Kết thúc", "state": "Trạng thái",
        }  # fmt: skip
        assert whole(export).rows["due_given"].to_list() == [datetime(2026, 1, 8)]

    def test_the_sheet_with_dossiers_among_others(self, tmp_path: Path) -> None:
        export = opened(tmp_path, exports_made.xlsx([HEADER, line(1)], hidden=[HEADER, line(9)]), "a.xlsx")
        assert (export.sheet, whole(export).rows["code"].to_list()) == ("Danh sách", [code(1)])
        assert open_export(tmp_path / "xuat", "a.xlsx", sheet="Không có").sheet == "Danh sách"

    def test_a_sheet_whose_headings_say_nothing(self, tmp_path: Path) -> None:
        export = opened(
            tmp_path, exports_made.text([["x", "y"], [code(1), "05/01/2026"], [code(2), "06/01/2026"]])
        )
        assert export.mapping == {"code": "x"}
        part = whole(export, mapping={"code": "x", "received_at": "y"})
        assert part.rows["received_at"].to_list() == [datetime(2026, 1, 5), datetime(2026, 1, 6)]

    def test_a_sheet_without_headings(self, tmp_path: Path) -> None:
        export = opened(tmp_path, exports_made.text([[code(1), "05/01/2026"], [code(2), "06/01/2026"]]))
        assert (export.header_rows, export.headers) == ((), ("(A)", "(B)"))
        assert whole(export, mapping={"code": "(A)", "received_at": "(B)"}).rows.height == 2

    @pytest.mark.parametrize(
        "written",
        ["05/01/2026 08:30", "05/01/2026 08:30:00", "5/1/2026 8:30", "08:30 05/01/2026", "2026-01-05T08:30:00",
         "2026-01-05 08:30:00.000", "05/01/26 8h30", "46027.354166667", " 05/01/2026  08:30 ", "05/01/2026\u00a008:30"],
    )  # fmt: skip
    def test_dates_in_any_form_beside_each_other(self, tmp_path: Path, written: str) -> None:
        part = read(tmp_path, [HEADER, line(1), line(2, NN=written), line(3, NN="05/01/2026")])
        assert part.refused == ()
        assert part.rows["received_at"].to_list() == [RECEIVED, RECEIVED, datetime(2026, 1, 5)]

    def test_the_month_first_where_only_that_fits(self, tmp_path: Path) -> None:
        rows = [
            HEADER,
            line(1, NN="1/5/2026 8:30", NHT="1/20/2026"),
            line(2, NN="1/13/2026 8:30", NHT="1/21/2026"),
        ]
        assert read(tmp_path, rows).rows["received_at"].to_list() == [RECEIVED, datetime(2026, 1, 13, 8, 30)]

    def test_texts_are_made_plain(self, tmp_path: Path) -> None:
        part = read(
            tmp_path,
            [
                HEADER,
                line(1, MHS=f" {code(1).lower()} ", TTT="Đăng  ký\nkhai\u00a0sinh", NN1='="An"'),
                line(2, NN1="'-An"),
            ],
        )
        assert part.rows.select("code", "procedure_name", "applicant").rows() == [
            (code(1), "Đăng ký khai sinh", "An"), (code(2), "Đăng ký khai sinh", "-An"),
        ]  # fmt: skip

    def test_a_formula_is_text(self, tmp_path: Path) -> None:
        part = read(tmp_path, [HEADER, line(1, TTT="=1+1", NN1='=HYPERLINK("http://x")')])
        assert part.rows.select("procedure_name", "applicant").rows() == [("=1+1", '=HYPERLINK("http://x")')]

    def test_codes_are_tidied_as_the_core_does(self, tmp_path: Path) -> None:
        spelled = ["h26.12.3 – 260105 - 0001", "BN 15/2026", "000.00.01.H26-260930-0012", "h26—1"]
        part = read(tmp_path, [HEADER, *(line(number, MHS=each) for number, each in enumerate(spelled))])
        assert part.rows["code"].to_list() == [dossier_codes.tidy(each) for each in spelled]
        assert [(note.kind, note.count, note.cell) for note in part.notes] == [("unusual_code", 2, "B3")]

    def test_personal_text_beyond_what_is_kept_is_cut(self, tmp_path: Path) -> None:
        part = read(tmp_path, [HEADER, line(1, NN1="Lê Thị An, " * 40)])
        assert part.rows["applicant"].str.len_chars().to_list() == [255]
        assert part.rows["applicant"][0].endswith("…")
        assert [(note.kind, note.count, note.cell) for note in part.notes] == [("shortened", 1, "E2")]


class TestStates:
    def test_a_state_that_is_not_given_follows_from_the_dates(self, tmp_path: Path) -> None:
        header: list[Cell] = [
            "Mã hồ sơ",
            "Ngày nhận",
            "Ngày yêu cầu bổ sung",
            "Ngày bổ sung xong",
            "Ngày có kết quả",
            "Ngày trả",
        ]
        day = "06/01/2026"
        rows = [
            [code(1), day, "", "", "", ""], [code(2), day, day, "", "", ""], [code(3), day, day, day, "", ""],
            [code(4), day, "", "", day, ""], [code(5), day, "", "", day, day],
        ]  # fmt: skip
        assert read(tmp_path, [header, *rows]).rows["state"].to_list() == [
            State.PROCESSING, State.SUPPLEMENT, State.PROCESSING, State.DONE, State.RETURNED,
        ]  # fmt: skip

    def test_what_is_not_received_needs_no_date(self, tmp_path: Path) -> None:
        part = read(
            tmp_path, [HEADER, line(1, NN="", TT="Mới đăng ký"), line(2, NN="", TT="Không được tiếp nhận")]
        )
        assert part.rows["state"].to_list() == [State.REGISTERED, State.REFUSED]

    def test_words_of_every_kind(self, tmp_path: Path) -> None:
        header: list[Cell] = [
            "Mã hồ sơ",
            "Ngày nhận",
            "Hình thức nộp",
            "Kết quả xử lý",
            "Số hóa",
            "Mức độ DVC",
        ]
        part = read(tmp_path, [header, [code(1), "05/01/2026", "Qua mạng", "Trước hạn", "x", "Toàn trình"],
                               [code(2), "05/01/2026", "", "", "", ""]])  # fmt: skip
        assert part.rows.select("channel", "result_given", "is_digitised", "level").rows() == [
            (Channel.ONLINE, Outcome.EARLY, True, 12), (None, None, None, None),
        ]  # fmt: skip

    def test_unknown_words_are_told_with_those_that_are_known(self, tmp_path: Path) -> None:
        export = opened(
            tmp_path, exports_made.text([HEADER, line(1, TT="Đã lưu kho"), line(2), line(3, TT="Đã lưu kho")])
        )
        assert export.unknown_words(export.mapping, {}) == {"state": {"Đã lưu kho": 2}}
        part = whole(export)
        assert part.rows["row"].to_list() == [3]
        [field, cell, sentence] = sentences(part)[0]
        assert (field, cell) == ("state", "I2")
        assert "“Đã lưu kho”" in sentence
        assert "đang xử lý; yêu cầu bổ sung giấy tờ" in sentence

    def test_an_explained_word_is_known(self, tmp_path: Path) -> None:
        words = {"state": {"Đã lưu kho": "withdrawn"}}
        export = opened(tmp_path, exports_made.text([HEADER, line(1, TT="ĐÃ LƯU KHO")]))
        assert export.unknown_words(export.mapping, words) == {}
        assert whole(export, words).rows["state"].to_list() == [State.WITHDRAWN]


BEFORE = datetime(2026, 1, 4, 8)


class TestRefused:
    @pytest.mark.parametrize(
        ("cells", "field", "cell", "says"),
        [
            ({"MHS": ""}, "code", "B2", "The dossier code is missing."),
            ({"MHS": "H" * 61}, "code", "B2", "more than 60 characters"),
            ({"MHS": "H26\x07-1"}, "code", "B2", "cannot be read"),
            ({"NN": ""}, "received_at", "F2", "The date of receipt is missing."),
            ({"NN": "hôm qua"}, "received_at", "F2", "“hôm qua” is no date."),
            ({"NN": "30/02/2026"}, "received_at", "F2", "The date “30/02/2026” does not exist."),
            ({"NN": "05/13/2026"}, "received_at", "F2", "does not exist"),
            ({"NN": "05/01/1926"}, "received_at", "F2", "“05/01/1926” is not between 2000 and 2100"),
            ({"NHT": BEFORE}, "due_given", "G2", "The due date 04/01/2026 08:00 is before the date of receipt 05/01/2026 08:30."),
            ({"NT": BEFORE}, "returned_at", "H2", "handed over on 04/01/2026 08:00, before it was received on 05/01/2026 08:30"),
            ({"TT": "Đã trả kết quả"}, "finished_at", "", "no date says when"),
            ({"LV": "x" * 256}, "field_name", "D2", "more than 255 characters"),
        ],
    )  # fmt: skip
    def test_says_what_where_and_how_to_mend_it(
        self, tmp_path: Path, cells: dict[str, Cell], field: str, cell: str, says: str
    ) -> None:
        part = read(tmp_path, [HEADER, line(1, **cells), line(2)])
        assert part.rows["code"].to_list() == [code(2)]
        [(its_field, its_cell, sentence)] = sentences(part)
        assert (its_field, its_cell) == (field, cell)
        assert says in sentence
        assert "Please" in sentence
        assert part.refused[0].number == 2
        assert part.refused[0].cells["Tên thủ tục"] == "Đăng ký khai sinh"

    def test_every_fault_of_a_row_is_told(self, tmp_path: Path) -> None:
        part = read(tmp_path, [HEADER, line(1, MHS="", NN="?", TT="Lạ")])
        assert [(field, cell) for field, cell, _ in sentences(part)] == [
            ("code", "B2"),
            ("state", "I2"),
            ("received_at", "F2"),
        ]

    def test_the_same_minute_and_a_day_without_a_time_are_no_fault(self, tmp_path: Path) -> None:
        rows = [
            HEADER,
            line(1, NN="05/01/2026 08:30:45", NT="05/01/2026 08:30", TT="Đã trả"),
            line(2, NHT="05/01/2026", NT="05/01/2026", TT="Đã trả"),
        ]
        assert read(tmp_path, rows).refused == ()

    def test_a_row_with_a_cell_too_many(self, tmp_path: Path) -> None:
        text = exports_made.csv_text([HEADER, line(1), line(2)]).replace("Lê Thị An", "Lê; An", 1)
        part = whole(opened(tmp_path, text.encode()))
        assert part.rows["row"].to_list() == [3]
        assert any("more cells than there are headings" in sentence for _, _, sentence in sentences(part))

    def test_letters_that_are_no_utf8(self, tmp_path: Path) -> None:
        data = exports_made.text([HEADER, *(line(number) for number in range(1, 9000))], "utf-8")
        data += exports_made.text([line(9999, NN1="§")], "utf-8").replace("§".encode(), b"\xc2")
        part = whole(opened(tmp_path, data))
        assert part.rows.height == 8999
        assert [(field, cell) for field, cell, _ in sentences(part)] == [("applicant", "E9001")]

    @pytest.mark.parametrize(
        ("mapping", "says"),
        [
            ({"code": "Mã hồ sơ"}, "date of receipt"),
            ({"received_at": "Ngày nhận"}, "codes of dossiers"),
            ({"code": "Mã hồ sơ", "received_at": "Ngày vào sổ"}, "no columns headed “Ngày vào sổ”"),
            ({"code": "Mã hồ sơ", "received_at": "Mã hồ sơ"}, "chosen twice"),
        ],
    )
    def test_a_mapping_that_does_not_fit(self, tmp_path: Path, mapping: dict[str, str], says: str) -> None:
        with pytest.raises(MappingUnfit, match=says):
            read(tmp_path, [HEADER, line(1)], mapping=mapping)

    def test_a_damaged_workbook(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableSheet):
            opened(tmp_path, b"PK\x03\x04", "a.xlsx")

    def test_personal_data_at_fault_are_not_repeated(self, tmp_path: Path) -> None:
        part = read(tmp_path, [HEADER, line(1, NN1="Lê Thị \x01 An")])
        assert [(field, "Lê Thị" in said) for field, _, said in sentences(part)] == [("applicant", False)]

    def test_what_is_kept_can_be_kept(self, tmp_path: Path) -> None:
        rows = [
            *([*line(number)] for number in range(1, 9_000)),
            line(9_000, TTT="\x00" * 9_000, NN="\x00/13/2026"),
        ]
        (refused,) = read(tmp_path, [HEADER, *rows]).refused
        assert "\x00" not in repr(refused).replace("\\x00", "\x00")
        assert len(refused.cells["Tên thủ tục"]) == 5_000


class TestTwice:
    DONE = {"NT": datetime(2026, 1, 7, 9), "TT": "Đã trả kết quả"}

    @pytest.mark.parametrize("size", [1, 2, 50])
    def test_the_same_row_again_is_left_out(self, tmp_path: Path, size: int) -> None:
        part = read(tmp_path, [HEADER, line(1), line(2), line(1), line(1)], size=size)
        assert part.rows["row"].to_list() == [2, 3]
        assert part.refused == ()
        assert {note.kind for note in part.notes} == {"repeated"}
        assert sum(note.count for note in part.notes) == 2

    @pytest.mark.parametrize("size", [1, 2, 50])
    def test_of_two_moments_the_later_holds(self, tmp_path: Path, size: int) -> None:
        rows = [HEADER, line(1), line(2, **self.DONE), line(1, **self.DONE), line(2)]
        part = read(tmp_path, rows, size=size)
        last = {row["code"]: row["state"] for row in part.rows.to_dicts()}
        assert last == {code(1): State.RETURNED, code(2): State.RETURNED}
        assert part.refused == ()

    @pytest.mark.parametrize("size", [1, 2, 50])
    def test_of_one_moment_the_second_is_refused(self, tmp_path: Path, size: int) -> None:
        part = read(tmp_path, [HEADER, line(1), line(2), line(1, TTT="Đăng ký khai tử")], size=size)
        assert part.rows["row"].to_list() == [2, 3]
        [(field, cell, sentence)] = sentences(part)
        assert (field, cell) == ("code", "B4")
        assert "stands in row 2 as well" in sentence

    def test_a_refused_row_does_not_stand_in_the_way(self, tmp_path: Path) -> None:
        part = read(tmp_path, [HEADER, line(1, NN="?"), line(1)])
        assert part.rows["row"].to_list() == [3]
        assert [row.number for row in part.refused] == [2]


class TestAgain:
    def test_what_lies_behind_is_skipped_and_nothing_else(self, tmp_path: Path) -> None:
        rows = [
            HEADER,
            ["Lĩnh vực: Đất đai"],
            *(line(number, LV="") for number in range(1, 30)),
            line(3, LV=""),
        ]
        export = opened(tmp_path, exports_made.text(rows))
        once = whole(export, size=7)
        for skip in (0, 1, 5, 12, 31, 32):
            rest = whole(export, size=7, skip=skip)
            assert rest.rows.rows() == once.rows.filter(once.rows["row"] > skip).rows()

    def test_a_mended_row_is_checked_as_the_file_was(self, tmp_path: Path) -> None:
        export = opened(tmp_path, exports_made.text([HEADER, line(1, NN="?"), line(2)]))
        refused = whole(export).refused[0]
        reasons = [{"field": reason.field, "cell": reason.cell} for reason in refused.reasons]
        again = read_rows([(2, refused.cells)], export.mapping, {}, reasons)
        assert again.refused == (replace(refused, cells=again.refused[0].cells),)
        assert dict(again.refused[0].cells) == dict(refused.cells)
        mended = read_rows(
            [(2, {**refused.cells, "Ngày nhận": "05/01/2026 08:30"})], export.mapping, {}, reasons
        )
        honest = read(tmp_path, [HEADER, line(1)])
        assert mended.rows.rows() == honest.rows.rows()

    def test_how_it_was_read_is_kept_as_plain_values(self, tmp_path: Path) -> None:
        described = opened(tmp_path, exports_made.text([["BÁO CÁO"], HEADER, line(1)], "tcvn3")).described()
        assert {name: described[name] for name in ("kind", "encoding", "separator", "header_rows")} == {
            "kind": "text", "encoding": "tcvn3", "separator": ";", "header_rows": [2],
        }  # fmt: skip
        assert described["headers"]["B"] == "Mã hồ sơ"


class TestContentHash:
    def test_it_stays_what_it_was(self) -> None:
        """A figure that is stored: should it change, every dossier of every agency would be imported anew."""
        row: dict[str, Any] = {name: "" if kind == pl.String() else None for name, kind in SCHEMA.items()}
        row |= {"code": code(1), "procedure_name": "Đăng ký khai sinh", "state": 4, "received_at": RECEIVED}
        frame = pl.DataFrame([row], schema=SCHEMA).drop("row", "content_hash")
        assert content_hash(frame).to_list() == [2885301337653932381]

    def test_changes_in_two_places_do_not_cancel_out(self) -> None:
        kinds = [chr(number) for number in range(0x21, 0x7F)]
        rows = [{"code": f"1234567{one}", "unit_name": f"abcdefg{other}", "field_name": f"ABCDEFG{another}"}
                for one in kinds for other in kinds for another in "abcdefgh"]  # fmt: skip
        assert content_hash(pl.DataFrame(rows)).n_unique() == len(rows)

    def test_a_row_has_the_same_whatever_stands_beside_it(self) -> None:
        rows = pl.DataFrame({"code": ["a", "b" * 99, ""], "unit_name": ["x", "", "y" * 50], "state": [1, None, 3]},
                            schema={"code": pl.String, "unit_name": pl.String, "state": pl.UInt8})  # fmt: skip
        together = content_hash(rows).to_list()
        assert together == [content_hash(rows[at : at + 1])[0] for at in range(3)]

    @given(
        st.lists(
            st.tuples(
                st.text(max_size=30), st.text(max_size=30), st.text(max_size=20), st.none() | st.integers(0, 200),
                st.none() | st.booleans(), st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
            ),
            min_size=2, max_size=20, unique=True,
        )
    )  # fmt: skip
    def test_rows_that_differ_differ(self, rows: list[tuple[Any, ...]]) -> None:
        schema = {"code": pl.String, "applicant": pl.String, "unit_name": pl.String, "state": pl.UInt8,
                  "is_digitised": pl.Boolean, "received_at": pl.Datetime("us")}  # fmt: skip
        rows = [row for row in rows if not any("\0" in cell or "\x1f" in cell for cell in row[:3])]
        marks = content_hash(pl.DataFrame(rows, schema=schema, orient="row"))
        assert marks.n_unique() == len(rows)


class TestColumns:
    FORMS = ("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%H:%M %d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y", "%d/%m/%y",
             "%Hh%M ngày %d/%m/%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S.6")  # fmt: skip

    @given(
        st.lists(
            st.one_of(
                st.tuples(st.datetimes(datetime(1990, 1, 1), datetime(2110, 1, 1)), st.sampled_from(FORMS)).map(
                    lambda pair: pair[0].strftime(pair[1])
                ),
                st.from_regex(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,5}( [0-9]{1,2}:[0-9]{1,2})?", fullmatch=True),
                st.text(st.sampled_from("0123456789/:- ThNgày."), max_size=16).map(str.strip),
            ),
            max_size=60,
        ),
        st.booleans(),
    )  # fmt: skip
    @settings(deadline=None)
    def test_a_column_of_dates_is_read_as_each_of_them(self, texts: list[str], month_first: bool) -> None:
        column, _ = tidied(pl.Series("x", texts, dtype=pl.String))
        expected = [parse_moment(text, is_month_first=month_first) if text else None for text in column]
        assert moments(column, is_month_first=month_first).to_list() == expected


NAMES = st.sampled_from(
    ["Nguyễn Văn Đức", "Lê Thị Ánh", "Trần Quốc Bảo", "Hồ Thị Mỹ Lệ", "Phùng Thị Hường", "Vũ Ngọc Ẩn"]
)
MADE = st.lists(
    st.tuples(
        NAMES,
        st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda each: each.replace(second=0, microsecond=0)),
        st.integers(0, 20),
        st.sampled_from(["Đang xử lý", "Đã trả kết quả", "Chờ bổ sung", "Rút hồ sơ"]),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@given(MADE, st.integers(0, 3))
@settings(deadline=None, max_examples=12)
def test_an_export_is_the_same_in_every_format_and_encoding(
    tmp_path_factory: pytest.TempPathFactory, made: Sequence[tuple[str, datetime, int, str]], titles: int
) -> None:
    folder = tmp_path_factory.mktemp("xuất")
    rows: list[list[Cell]] = [["Danh sách hồ sơ"]] * titles + [list[Cell](HEADER)]
    for number, (name, received, days, state) in enumerate(made, 1):
        done = received + timedelta(days=days) if state == "Đã trả kết quả" else None
        rows.append(line(number, NN1=name, NN=received, NHT=received + timedelta(days=5), NT=done, TT=state))
    written = {
        "a.xlsx": exports_made.xlsx(rows), "a.xls": exports_made.xls(rows), "a.ods": exports_made.ods(rows),
        "utf8.csv": exports_made.text(rows, "utf-8", ","), "bom.csv": exports_made.text(rows),
        "wide.tsv": exports_made.text(rows, "utf-16", "\t"), "1258.csv": exports_made.text(rows, "cp1258", "|"),
        "abc.csv": exports_made.text(rows, "tcvn3"),
    }  # fmt: skip
    read_again = {name: whole(opened(folder, data, name)) for name, data in written.items()}
    first = read_again["bom.csv"]
    assert first.refused == ()
    assert first.rows["applicant"].to_list() == [name for name, *_ in made]
    assert first.rows["received_at"].to_list() == [received for _, received, *_ in made]
    for name, part in read_again.items():
        if name == "abc.csv":
            # The encoding has no capitals with marks.
            assert part.rows["applicant"].str.to_lowercase().to_list() == [each.lower() for each, *_ in made]
            assert (
                part.rows.drop("applicant", "content_hash").rows()
                == first.rows.drop("applicant", "content_hash").rows()
            )
        else:
            assert part.rows.rows() == first.rows.rows(), name


class TestDatesOfWorkbooks:
    """A date in a workbook has no wording: it is shown, and given back to be mended, as people here write it."""

    ROWS = (
        HEADER,
        line(1, NN=datetime(2026, 1, 5, 8, 30, 15), NHT=datetime(2026, 1, 2)),
        line(2, NN=datetime(2130, 1, 5, 8, 30), NHT=datetime(2130, 1, 8)),
    )

    @pytest.mark.parametrize(("write", "name"), [(exports_made.xlsx, "a.xlsx"), (exports_made.ods, "a.ods")])
    def test_they_are_told_as_people_write_them(self, tmp_path: Path, write: Any, name: str) -> None:
        export = opened(tmp_path, write(self.ROWS), name)
        samples = {column.header: column.samples for column in export.columns}
        assert samples["Ngày hẹn trả"] == ("02/01/2026", "08/01/2130")
        due, year = whole(export).refused
        assert (due.cells["Ngày nhận"], due.cells["Ngày hẹn trả"]) == ("05/01/2026 08:30:15", "02/01/2026")
        assert str(year.reasons[0].message.params["value"]) == "05/01/2130 08:30"

    def test_what_is_given_back_is_read_as_the_same_moment(self, tmp_path: Path) -> None:
        export = opened(tmp_path, exports_made.xlsx(self.ROWS), "a.xlsx")
        refused = whole(export).refused[0]
        mended = {**refused.cells, "Ngày hẹn trả": "08/01/2026"}
        part = read_rows([(refused.number, mended)], export.mapping, {})
        assert part.rows["received_at"].to_list() == [datetime(2026, 1, 5, 8, 30, 15)]

    def test_text_stands_as_it_stood(self, tmp_path: Path) -> None:
        rows = (
            "Mã hồ sơ;Ngày nhận;Ngày hẹn trả\nH26.12.3-260105-0001;2026-01-05 08:30:00;2026-01-02 00:00:00\n"
        )
        assert whole(opened(tmp_path, rows.encode())).refused[0].cells["Ngày nhận"] == "2026-01-05 08:30:00"
