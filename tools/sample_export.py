"""Write samples/ho-so-mot-cua.xlsx: a month of an invented commune's dossiers, with the dirt that real exports have.

python tools/sample_export.py [FILE]

The same file on every machine. The people are invented; no telephone number begins as theirs do.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from camket.config.demo_dossiers import PROCEDURES, SampleProcedure

FILE = Path(__file__).resolve().parent.parent / "samples" / "ho-so-mot-cua.xlsx"
ROWS = 300
SHOWN = datetime(2026, 7, 6, 17)  # noqa: DTZ001 - by the clock of Vietnam
"""The moment that the export shows, also the sample's day."""
TITLES = (
    "UBND XÃ THANH LÂM",
    "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ GIẢI QUYẾT",
    "Từ ngày 01/06/2026 đến ngày 06/07/2026",
)
UPPER = ("STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Đơn vị xử lý", "Tổ chức, cá nhân nộp hồ sơ", "", "",
         "Hình thức nộp", "Thời gian", "", "", "", "Trạng thái", "Số hóa hồ sơ")  # fmt: skip
LOWER = ("", "", "", "", "", "Họ và tên", "Địa chỉ", "Số điện thoại", "",
         "Tiếp nhận", "Hẹn trả", "Có kết quả", "Trả kết quả", "", "")  # fmt: skip
FIELDS = ("Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Bảo trợ xã hội")
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Lý",
    "Đinh",
)
GIVEN = ("Văn An", "Thị Bình", "Minh Châu", "Quang Dũng", "Thị Hạnh", "Đức Long", "Thu Hà", "Hữu Phước", "Ngọc Yến",
         "Xuân Thắng", "Bích Ngọc", "Đình Khôi")  # fmt: skip
VILLAGES = ("Thôn Đông", "Thôn Đoài", "Thôn Thượng", "Thôn Hạ", "Thôn Bến", "Thôn Trại Mới")


@dataclass
class Row:
    """A dossier as the software would show it."""

    code: str
    procedure: SampleProcedure
    applicant: str
    address: str
    phone: str
    channel: str
    received: datetime
    due: datetime
    done: datetime | None
    returned: datetime | None
    state: str
    is_digitised: bool


def rows(chance: Random) -> list[Row]:
    """Return honest rows in the order of fields and receipt."""
    known = [each for each in PROCEDURES if each.field in FIELDS]
    made: list[Row] = []
    working = [date(2026, 6, 1) + timedelta(days=each) for each in range(36)]
    working = [day for day in working if day.weekday() < 5]
    for number in range(ROWS):
        procedure = chance.choices(known, [each.weight for each in known])[0]
        day = working[number * len(working) // ROWS]
        received = datetime.combine(day, time(7, 30)) + timedelta(minutes=chance.randrange(220))
        due = received
        for _ in range(procedure.limit):
            due += timedelta(days=3 if due.weekday() == 4 else 1)
        due = due.replace(hour=17, minute=0)
        taken = timedelta(
            minutes=chance.randrange(30, 200) + 1440 * round(procedure.limit * chance.random() * 1.05)
        )
        done: datetime | None = received + taken
        if done and done.weekday() > 4:
            done += timedelta(days=2)
        state = "Đã trả kết quả"
        returned = done + timedelta(minutes=chance.randrange(10, 200)) if done else None
        if done is None or done > SHOWN:
            done, returned, state = None, None, chance.choice(["Đang xử lý", "Đang xử lý", "Chờ bổ sung"])
        elif returned and (returned > SHOWN or chance.random() < 0.05):
            returned, state = None, "Chờ trả kết quả"
        elif chance.random() < 0.01:
            returned, state = None, "Công dân rút hồ sơ"
        made.append(
            Row(
                f"H99.99.01-{received:%y%m%d}-{501 + number:04d}",
                procedure,
                f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}",
                f"{chance.choice(VILLAGES)}, xã Thanh Lâm",
                f"0000{chance.randrange(10**6):06d}",
                "Trực tuyến"
                if chance.random() < procedure.online
                else chance.choice(["Trực tiếp"] * 12 + ["Bưu chính công ích"]),
                received,
                due,
                done,
                returned,
                state,
                chance.random() < 0.8,
            )  # fmt: skip
        )
    return sorted(made, key=lambda each: (FIELDS.index(each.procedure.field), each.received))


def spoiled(cells: list[Any], at: int, earlier: list[Any]) -> None:
    """Spoil the cells of the row of this place, if it is one of those that are wrong."""
    if at == 23:
        cells[1] = None
    elif at == 61:
        cells[9] = "31/06/2026 08:15"
    elif at == 97:
        cells[11], cells[12], cells[13] = "04/05/2026 09:30", "04/05/2026 10:00", "Đã trả kết quả"
    elif at in {120, 187, 241}:
        cells[13] = "Đã lưu kho"
    elif at == 150:
        cells[1], cells[9:14] = earlier[1], earlier[9:14]
    elif at == 205:
        cells[9] = None
    elif at == 222:
        cells[10] = "03/07/2206"


def write(file: Path) -> None:
    """Write the workbook."""
    chance = Random(766)
    book = xlsxwriter.Workbook(file)
    book.set_properties({"title": TITLES[2], "created": SHOWN})
    sheet = book.add_worksheet("DanhSach")
    bold = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
    )
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for at, title in enumerate(TITLES):
        sheet.merge_range(at, 0, at, len(UPPER) - 1, title, bold)
    top = len(TITLES) + 1
    headings(sheet, bold, top)
    for column in range(len(UPPER)):
        sheet.write_string(top + 2, column, f"({column + 1})", bold)
    at = top + 3
    field = ""
    earlier: list[Any] = []
    for number, row in enumerate(rows(chance)):
        if row.procedure.field != field:
            field = row.procedure.field
            sheet.write_string(at, 0, "ABCDE"[FIELDS.index(field)], bold)
            sheet.write_string(at, 1, f"Lĩnh vực: {field}", bold)
            at += 1
        if number == 150:
            headings(sheet, bold, at)
            at += 2
        # Rows typed by hand and rows of an older version of the software have dates as text.
        in_text = chance.random() < 0.2
        cells: list[Any] = [
            number + 1, row.code, row.procedure.code or None, row.procedure.name, row.procedure.unit, row.applicant,
            row.address, row.phone, row.channel, dated(row.received, in_text=in_text), dated(row.due, in_text=in_text),
            dated(row.done, in_text=in_text), dated(row.returned, in_text=in_text), row.state, "x" if row.is_digitised else None,
        ]  # fmt: skip
        if number % 37 == 0:
            cells[1] = f" {row.code.lower()} "
        if number % 41 == 0:
            cells[5] = f"{row.applicant}\u00a0 "
        spoiled(cells, number, earlier)
        earlier = cells
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write_datetime(at, column, cell, day if cell.time() == time() else moment)
            elif isinstance(cell, int):
                sheet.write_number(at, column, cell)
            elif cell is not None:
                sheet.write_string(at, column, cell)
        at += 1
    sheet.write_string(at, 0, "Tổng cộng", bold)
    sheet.write_string(at, 3, f"{ROWS} hồ sơ", bold)
    sheet.write_string(at + 2, 10, "Thanh Lâm, ngày 06 tháng 7 năm 2026")
    sheet.write_string(at + 3, 1, "NGƯỜI LẬP BIỂU", bold)
    sheet.write_string(at + 3, 10, "GIÁM ĐỐC", bold)
    for column, width in enumerate((6, 26, 12, 50, 24, 24, 26, 14, 16, 18, 18, 18, 18, 18, 10)):
        sheet.set_column(column, column, width)
    hidden = book.add_worksheet("DanhMuc")
    hidden.write_string(0, 0, "Mã hồ sơ")
    hidden.hide()
    book.close()


def headings(sheet: Any, bold: Any, at: int) -> None:
    """Write the two rows of headings, merged as the software merges them."""
    for column, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True)):
        if upper and not lower:
            sheet.merge_range(at, column, at + 1, column, upper, bold)
        elif lower:
            sheet.write_string(at + 1, column, lower, bold)
    sheet.merge_range(at, 5, at, 7, UPPER[5], bold)
    sheet.merge_range(at, 9, at, 12, UPPER[9], bold)


def dated(moment: datetime | None, *, in_text: bool) -> datetime | str | None:
    """Return a moment as a date of the spreadsheet, or as one of the forms of text."""
    if moment is None or not in_text:
        return moment
    return f"{moment:%d/%m/%Y %H:%M}" if moment.day % 2 else f"{moment:%H:%M %d/%m/%Y}"


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
