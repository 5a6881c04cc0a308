"""Spreadsheets of the registers: understood as offices write them, taken in row by row, taken out, taken back."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from camket.core.cells import SheetUnreadable
from camket.core.registers import REGISTERS
from camket.core.registers.reading import to_json
from camket.journal.models import Entry as JournalEntry
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.paper.sheets import read_sheet, write_csv, write_sheet
from camket.registers import queries
from camket.registers.filling import values_of
from camket.registers.models import Batch, Entry
from camket.registers.operations import (
    SheetUnusable,
    ValuesRefused,
    bring_in,
    change,
    enter,
    mend_refused,
    preview,
    reopen,
    retry_refused,
    save_item,
    set_aside_refused,
    take_back,
    withdraw,
)
from camket.registers.sheets import refused_sheet, taken_out, template
from people import People
from registers.test_entries import counted, recounted, unit_of

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
LATER = NOW + timedelta(hours=1)

OFFICE = [
    ["ỦY BAN NHÂN DÂN XÃ BÌNH YÊN"],
    ["SỔ THEO DÕI Ý KIẾN CHỈ ĐẠO NĂM 2026"],
    [
        "TT",
        "Số ký hiệu",
        "Ngày ban hành",
        "Cơ quan giao",
        "Nội dung chỉ đạo",
        "Đơn vị chủ trì",
        "Hạn xử lý",
        "Màu",
    ],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    [
        "1",
        "125/TB-UBND",
        "22/06/2026",
        "UBND tỉnh",
        "Rà soát hồ sơ quá hạn",
        "P. Kinh tế",
        "03/07/2026",
        "đỏ",
    ],
    ["2", "88/UBND-KT", "23/06/2026", "UBND tỉnh", "Báo cáo thu ngân sách", "Phòng Kinh tế", "", ""],
    ["3", "90/UBND-KT", "31/06/2026", "UBND tỉnh", "Kiểm tra chợ", "Phòng Vũ trụ", "", ""],
    ["Tổng cộng: 3 văn bản"],
    ["", "Cộng: 3"],
    ["", "", "", "", "", "Bình Yên, ngày 06 tháng 7 năm 2026"],
    ["", "", "", "", "", "NGƯỜI LẬP BIỂU"],
    ["", "", "", "", "", "Nguyễn Thị An"],
]


def sheet(rows: list[list[str]]) -> bytes:
    """Return rows as a CSV file."""
    return write_csv(rows[0], rows[1:])


def brought(
    people: People, rows: list[list[str]], *, register: str = "directives", now: datetime = NOW
) -> Batch:
    """Bring rows in as An."""
    return bring_in(actor=people.an, register=register, data=sheet(rows), name="so.csv", now=now)


class TestComingIn:
    def test_an_offices_own_sheet_is_understood_whatever_stands_around_it(self, people: People) -> None:
        planned = preview(actor=people.an, register="directives", data=sheet(OFFICE), name="so.csv", now=NOW)
        assert [each.status for each in planned.rows] == ["new", "new", "refused"]
        assert planned.sheet.ignored == ("Màu",)
        assert [(one.cell, one.field) for one in planned.rows[2].problems] == [("C7", "on"), ("F7", "unit")]
        assert not Entry.objects.exists()

    def test_headings_that_software_shortens_or_brackets_are_understood(self, people: People) -> None:
        rows = [
            ["SỔ VĂN BẢN ĐẾN"],
            [
                "STT",
                "Số VB đến",
                "Thời gian (ngày đến)",
                "CQ ban hành",
                "Số/Ký hiệu",
                "Trích yếu",
                "ĐV xử lý chính",
            ],
            [
                "1",
                "800",
                "01/07/2026 08:30",
                "Sở Tài chính",
                "3/STC-NS",
                "V/v rà soát tài sản",
                "Phòng Kinh tế",
            ],
        ]
        planned = preview(actor=people.an, register="incoming", data=sheet(rows), name="den.csv", now=NOW)
        assert planned.sheet.ignored == ()
        (row,) = planned.rows
        assert row.status == "new", row.problems
        assert row.entry is not None
        assert (row.entry.unit_id, row.entry.on) == (unit_of(people), date(2026, 7, 1))
        assert row.entry.values["arrival"] == 800

    def test_a_second_column_of_the_same_is_told_and_not_read(self, people: People) -> None:
        rows = [
            [
                "Số, ký hiệu",
                "Ngày ban hành",
                "Cơ quan giao",
                "Nội dung chỉ đạo",
                "Thời hạn",
                "Hạn xử lý",
                "Màu",
            ],
            ["1/TB", "22/06/2026", "UBND tỉnh", "Rà soát", "", "03/07/2026", "đỏ"],
        ]
        planned = preview(actor=people.an, register="directives", data=sheet(rows), name="so.csv", now=NOW)
        assert (planned.sheet.doubled, planned.sheet.ignored) == (("Hạn xử lý",), ("Màu",))
        assert planned.rows[0].row.values.get("due_on") is None

    def test_what_a_missing_column_lacks_is_said_by_the_columns_name(self, people: People) -> None:
        rows = [["Họ và tên", "Tên lớp", "Kết quả"], ["Trần Văn Bình", "Kỹ năng số", "Hoàn thành"]]
        planned = preview(actor=people.an, register="training", data=sheet(rows), name="lop.csv", now=NOW)
        assert [(one.cell, one.field) for one in planned.rows[0].problems] == [("Từ ngày", "on")]

    def test_good_rows_come_in_and_refused_ones_are_kept_with_cell_and_reason(self, people: People) -> None:
        batch = brought(people, OFFICE)
        assert (batch.added, batch.changed, batch.unchanged) == (2, 0, 0)
        first = Entry.objects.get(number="125/TB-UBND")
        assert (first.unit_id, first.due_on, first.batch_id) == (unit_of(people), date(2026, 7, 3), batch.pk)
        row = queries.batch(people.an, batch.pk).refused[0]
        assert (row.row, [one.cell for one in row.problems]) == (7, ["C7", "F7"])
        assert counted(people) == recounted(people)
        assert JournalEntry.objects.filter(verb="entry.brought_in").count() == 1

    def test_the_same_file_again_changes_nothing(self, people: People) -> None:
        brought(people, OFFICE)
        before = counted(people)
        again = brought(people, OFFICE, now=LATER)
        assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
        assert (Entry.objects.count(), counted(people)) == (2, before)

    def test_a_known_entry_is_changed_where_a_cell_says_otherwise_and_blank_cells_leave_it(
        self, people: People
    ) -> None:
        brought(people, OFFICE)
        changed = [
            OFFICE[2],
            ["1", "125/TB-UBND", "22/06/2026", "", "Rà soát hồ sơ quá hạn", "", "06/07/2026"],
        ]
        batch = brought(people, changed, now=LATER)
        entry = Entry.objects.get(number="125/TB-UBND")
        assert (batch.changed, entry.source, entry.due_on) == (1, "UBND tỉnh", date(2026, 7, 6))
        said = JournalEntry.objects.get(verb="entry.changed")
        assert (said.before, said.after["due_on"]) == ({"due_on": "2026-07-03"}, "2026-07-06")
        assert counted(people) == recounted(people)

    def test_a_dash_empties_a_cell(self, people: People) -> None:
        brought(people, OFFICE)
        brought(
            people,
            [OFFICE[2], ["", "88/UBND-KT", "23/06/2026", "", "Báo cáo thu ngân sách", "-", ""]],
            now=LATER,
        )
        assert Entry.objects.get(number="88/UBND-KT").unit_id is None

    def test_refused_rows_are_handed_back_mended_and_taken(self, people: People) -> None:
        batch = brought(people, OFFICE)
        handed = read_sheet(refused_sheet(queries.batch(people.an, batch.pk)), "so.xlsx")
        rows = [list(each.cells) for each in handed.rows]
        assert rows[0][-1] == "Lý do chưa nhận"
        assert "C7" in rows[1][-1]
        rows[1][2], rows[1][5] = "30/06/2026", "Phòng Kinh tế"
        again = brought(people, rows, now=LATER)
        assert (again.added, again.refused) == (1, [])

    def test_refused_rows_are_tried_again_once_the_list_has_their_line(self, people: People) -> None:
        rows = [
            ["Chỉ tiêu", "Kỳ", "Ngày cuối kỳ", "Thực hiện", "Nguồn số liệu"],
            ["Thu ngân sách", "Tháng", "30/06/2026", "12,5", "Báo cáo thuế"],
        ]
        batch = brought(people, rows, register="figures")
        assert batch.added == 0
        save_item(
            actor=people.an,
            register="figures",
            name="Thu ngân sách",
            values={"measure": "tỷ đồng", "rhythm": "month", "counting": "cumulative", "direction": "higher"},
            now=NOW,
        )
        again = retry_refused(actor=people.an, batch_id=batch.pk, now=LATER)
        batch.refresh_from_db()
        assert (again.added, batch.refused) == (1, [])
        assert Entry.objects.get(register="figures").amount == Decimal("12.5")

    def test_one_refused_row_is_mended_by_hand_and_another_set_aside(self, people: People) -> None:
        bad = ["4", "91/UBND-KT", "", "UBND tỉnh", "Kiểm tra bến đò", "Phòng Biển", "", ""]
        batch = brought(people, [*OFFICE[:7], bad])
        assert [each["row"] for each in batch.refused] == [0, 7, 8]
        page = queries.batch(people.an, batch.pk)
        names = queries.form_names(people.an, REGISTERS["directives"], TODAY)
        begun = queries.understood(REGISTERS["directives"], page, page.refused[0], names)
        assert (begun["number"], begun["title"], begun.get("unit")) == ("90/UBND-KT", "Kiểm tra chợ", None)
        values = {"number": "90/UBND-KT", "on": "30/06/2026", "source": "UBND tỉnh", "title": "Kiểm tra chợ"}
        with pytest.raises(ValuesRefused):
            mend_refused(
                actor=people.an, batch_id=batch.pk, row=7, values={**values, "on": "31/06/2026"}, now=LATER
            )
        entry = mend_refused(actor=people.an, batch_id=batch.pk, row=7, values=values, now=LATER)
        assert (entry.title, entry.on) == ("Kiểm tra chợ", date(2026, 6, 30))
        with pytest.raises(SheetUnusable):
            mend_refused(actor=people.an, batch_id=batch.pk, row=7, values=values, now=LATER)
        with pytest.raises(Batch.DoesNotExist):
            set_aside_refused(actor=people.chi, batch_id=batch.pk, row=8, now=LATER)
        assert set_aside_refused(actor=people.an, batch_id=batch.pk, row=8, now=LATER).refused == []
        assert Entry.objects.filter(register="directives").count() == 3
        assert counted(people, "directives") == recounted(people, "directives")
        assert JournalEntry.objects.get(verb="entry.row_set_aside").after["row"] == 8

    def test_refused_rows_under_headings_in_two_rows_are_tried_again(self, people: People) -> None:
        rows = [
            ["Số ký hiệu", "Nội dung chỉ đạo", "Ngày", "", "Đơn vị chủ trì", "Cơ quan giao"],
            ["", "", "ban hành", "hạn xử lý", "", ""],
            ["125/TB-UBND", "Rà soát hồ sơ", "22/06/2026", "03/07/2026", "Phòng Vũ trụ", "UBND tỉnh"],
        ]
        batch = brought(people, rows)
        assert len(batch.refused) == 2
        Unit.objects.create(agency=people.agency, name="Phòng Vũ trụ", order=9)
        again = retry_refused(actor=people.an, batch_id=batch.pk, now=LATER)
        assert again.refused == []
        entry = Entry.objects.get(register="directives")
        assert (entry.on, entry.due_on) == (date(2026, 6, 22), date(2026, 7, 3))

    @pytest.mark.parametrize("counts_from_1904", [False, True])
    def test_days_of_a_workbook_that_counts_them_from_1904_are_the_same_days(
        self, people: People, *, counts_from_1904: bool
    ) -> None:
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file, {"date_1904": counts_from_1904})
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet()
        page.write_row(0, 0, ["Số ký hiệu", "Ngày ban hành", "Cơ quan giao", "Nội dung chỉ đạo", "Hạn xử lý"])
        page.write_row(1, 0, ["125/TB-UBND", "", "UBND tỉnh", "Rà soát hồ sơ", ""])
        page.write_datetime(1, 1, datetime(2026, 6, 22), days)
        page.write_datetime(1, 4, datetime(2026, 7, 3), days)
        book.close()
        batch = bring_in(
            actor=people.an, register="directives", data=file.getvalue(), name="chi-dao.xlsx", now=NOW
        )
        entry = Entry.objects.get(register="directives")
        assert (batch.refused, entry.on, entry.due_on) == ([], date(2026, 6, 22), date(2026, 7, 3))

    def test_a_sheet_without_headings_of_the_register_is_refused_whole(self, people: People) -> None:
        with pytest.raises(SheetUnreadable, match="Number and symbol|Số"):
            brought(people, [["Tên", "Tuổi"], ["An", "30"]])
        assert not Batch.objects.exists()

    def test_the_same_entry_twice_in_a_sheet_is_taken_once(self, people: People) -> None:
        batch = brought(people, [OFFICE[2], OFFICE[4], OFFICE[4]])
        assert batch.added == 1
        assert batch.refused[1]["problems"][0]["params"] == {"row": "2"}

    def test_two_documents_of_one_number_are_one_however_often_the_file_comes(self, people: People) -> None:
        rows = [
            ["Số, ký hiệu", "Ngày văn bản", "Loại văn bản", "Trích yếu"],
            ["801/BC-UBND", "03/06/2026", "Báo cáo", "Báo cáo tháng 5"],
            ["801/BC-UBND", "04/06/2026", "Báo cáo", "Báo cáo khác"],
        ]
        for added, unchanged in ((1, 0), (0, 1)):
            batch = brought(people, rows, register="outgoing")
            assert (batch.added, batch.changed, batch.unchanged) == (added, 0, unchanged)
            (problem,) = batch.refused[1]["problems"]
            assert (problem["cell"], problem["params"]) == ("A3", {"number": "801/BC-UBND", "year": "2026"})
        # The one that came later stands first: still it is the other's number.
        batch = brought(people, [rows[0], rows[2], rows[1]], register="outgoing")
        assert (batch.added, batch.unchanged, batch.refused[1]["row"]) == (0, 1, 2)

    def test_what_was_withdrawn_does_not_come_back_by_itself(self, people: People) -> None:
        brought(people, OFFICE)
        entry = Entry.objects.get(number="88/UBND-KT")
        withdraw(actor=people.an, entry_id=entry.pk, reason="Gửi nhầm", now=NOW)
        again = brought(people, OFFICE, now=LATER)
        assert (again.added, len(again.refused)) == (0, 3)

    def test_a_head_brings_in_the_own_units_alone(self, people: People) -> None:
        rows = [
            OFFICE[2],
            OFFICE[4],
            ["", "1/UBND", "22/06/2026", "UBND tỉnh", "Việc khác", "Phòng Văn hóa - Xã hội"],
        ]
        batch = bring_in(actor=people.dung, register="directives", data=sheet(rows), name="so.csv", now=NOW)
        assert (batch.added, batch.refused[1]["problems"][0]["cell"]) == (1, "F3")
        with pytest.raises(NotAllowed):
            bring_in(actor=people.binh, register="directives", data=sheet(rows), name="so.csv", now=NOW)

    def test_headings_in_two_rows_are_read_together(self, people: People) -> None:
        rows = [
            ["STT", "Nội dung chỉ đạo", "Văn bản", "", "Cơ quan giao"],
            ["", "", "Số ký hiệu", "Ngày ban hành", ""],
            ["1", "Rà soát hồ sơ", "7/UBND", "22/06/2026", "UBND tỉnh"],
        ]
        assert brought(people, rows).added == 1
        assert Entry.objects.get().number == "7/UBND"


class TestGoingOut:
    def test_what_goes_out_reads_back_equal(self, people: People) -> None:
        register = REGISTERS["directives"]
        enter(
            actor=people.an,
            register="directives",
            values={
                "number": "=1+1",
                "on": "22/06/2026",
                "source": "UBND tỉnh",
                "kind": "superior",
                "form": "document",
                "title": "Dòng một\nDòng hai",
                "unit": str(unit_of(people)),
                "person": "Trần Văn Bình",
                "due_on": "03/07/2026",
                "reported_on": "24/06/2026",
                "note": "+84 912",
            },
            now=NOW,
        )
        before = [(each.pk, each.key, values_of(each, register)) for each in Entry.objects.order_by("pk")]
        for ending in ("xlsx", "csv"):
            out = taken_out(people.an, register, queries.Wanted(), TODAY, ending=ending)
            planned = preview(actor=people.an, register="directives", data=out, name=f"so.{ending}", now=NOW)
            assert [each.status for each in planned.rows] == ["same"]
            assert planned.sheet.ignored == ()
            batch = bring_in(actor=people.an, register="directives", data=out, name=f"so.{ending}", now=LATER)
            assert (batch.unchanged, batch.refused) == (1, [])
        after = [(each.pk, each.key, values_of(each, register)) for each in Entry.objects.order_by("pk")]
        assert after == before

    @pytest.mark.parametrize("amount", ["1234", "0,125", "-3,5", "1234567,891"])
    def test_a_number_reads_back_equal_whatever_its_decimals(self, people: People, amount: str) -> None:
        register = REGISTERS["figures"]
        save_item(
            actor=people.an,
            register="figures",
            name="Tốc độ tăng thu ngân sách",
            values={"measure": "%", "rhythm": "year", "counting": "as_of", "direction": "higher"},
            now=NOW,
        )
        enter(
            actor=people.an,
            register="figures",
            values={
                "item": "Tốc độ tăng thu ngân sách", "kind": "year", "on": "31/12/2025", "source": "Báo cáo",
                "amount": amount,
            },
            now=NOW,
        )  # fmt: skip
        out = taken_out(people.an, register, queries.Wanted(), TODAY, ending="xlsx")
        planned = preview(actor=people.an, register="figures", data=out, name="so.xlsx", now=NOW)
        assert [each.status for each in planned.rows] == ["same"]

    @pytest.mark.parametrize("key", sorted(REGISTERS))
    @pytest.mark.only_on("sqlite")
    def test_each_registers_template_is_recognised_by_its_own_headings(
        self, people: People, key: str
    ) -> None:
        register = REGISTERS[key]
        read = read_sheet(template(people.an, register, TODAY), "mau.xlsx")
        assert len(read.rows[0].cells) == len(register.fields)
        assert read.others == ("Danh mục",)
        filled = write_sheet("x", read.rows[0].cells, [["?"] * len(register.fields)])
        planned = preview(actor=people.an, register=key, data=filled, name="mau.xlsx", now=NOW)
        assert [each.key for each in planned.sheet.found] == [each.key for each in register.fields]
        assert planned.sheet.ignored == ()


class TestTakenBack:
    def test_what_it_added_goes_and_what_it_changed_says_again_what_it_said(self, people: People) -> None:
        brought(people, OFFICE)
        kept = {each.number: values_of(each, REGISTERS["directives"]) for each in Entry.objects.all()}
        counts = counted(people)
        rows = [
            OFFICE[2],
            [
                "",
                "125/TB-UBND",
                "22/06/2026",
                "Văn phòng UBND tỉnh",
                "Rà soát hồ sơ quá hạn",
                "",
                "07/07/2026",
            ],
            ["", "5/TB-UBND", "24/06/2026", "UBND tỉnh", "Việc mới", "Phòng Kinh tế", "08/07/2026"],
        ]
        batch = brought(people, rows, now=LATER)
        assert (batch.added, batch.changed) == (1, 1)
        done = take_back(
            actor=people.an, batch_id=batch.pk, reason="Nhầm file", now=LATER + timedelta(hours=1)
        )
        assert (done.withdrawn, done.restored, done.staying) == (1, 1, ())
        live = Entry.objects.exclude(state="withdrawn").order_by("pk")
        assert {each.number: values_of(each, REGISTERS["directives"]) for each in live} == kept
        assert counted(people) == counts == recounted(people)
        again = brought(people, rows, now=LATER + timedelta(hours=2))
        assert (again.added, again.changed) == (1, 1)

    def test_what_somebody_changed_since_stays_and_is_named(self, people: People) -> None:
        batch = brought(people, OFFICE)
        entry = Entry.objects.get(number="125/TB-UBND")
        change(actor=people.binh, entry_id=entry.pk, values={"result": "Đang làm"}, now=LATER)
        done = take_back(actor=people.an, batch_id=batch.pk, reason="Nhầm file", now=LATER)
        assert (done.withdrawn, done.staying) == (1, ("Rà soát hồ sơ quá hạn",))
        entry.refresh_from_db()
        assert entry.state == "open"
        assert counted(people) == recounted(people)

    def test_one_that_was_taken_back_is_opened_again_with_its_key(self, people: People) -> None:
        batch = brought(people, OFFICE)
        entry = Entry.objects.get(number="125/TB-UBND")
        take_back(actor=people.an, batch_id=batch.pk, reason="Nhầm file", now=LATER)
        assert reopen(actor=people.an, entry_id=entry.pk, reason="Đúng ra giữ", now=LATER).key == entry.key
        assert counted(people) == recounted(people)

    def test_another_agencys_is_not_there(self, people: People) -> None:
        batch = brought(people, OFFICE)
        for act in (
            lambda: take_back(actor=people.chi, batch_id=batch.pk, reason="x", now=LATER),
            lambda: retry_refused(actor=people.chi, batch_id=batch.pk, now=LATER),
            lambda: queries.batch(people.chi, batch.pk),
        ):
            with pytest.raises(Batch.DoesNotExist):
                act()
        assert Entry.objects.exclude(state="withdrawn").count() == 2


def test_a_value_is_kept_as_json_says_it() -> None:
    assert [to_json(each) for each in (Decimal("1.50"), date(2026, 1, 5), True, None)] == [
        "1.50",
        "2026-01-05",
        True,
        None,
    ]


@pytest.mark.django_db
def test_work_that_offices_call_without_a_last_day_has_none(people: People) -> None:
    sheet = (
        "Số, ký hiệu;Ngày ban hành;Cơ quan, người giao;Nội dung chỉ đạo;Thời hạn\n"
        "1/UBND;01/07/2026;UBND tỉnh;Trực phòng chống thiên tai;Không thời hạn\n"
        "2/UBND;01/07/2026;UBND tỉnh;Tuyên truyền;Thường xuyên\n"
    )
    batch = bring_in(actor=people.an, register="directives", data=sheet.encode(), name="so.csv", now=NOW)
    assert (batch.added, batch.refused) == (2, [])
    assert set(Entry.objects.values_list("due_on", flat=True)) == {None}
