"""A small export of one-stop software: one row that is finished, one that is open, one that is refused."""

from __future__ import annotations

from collections.abc import Sequence

HEADER = (
    "Số hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Người nộp",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Trạng thái",
)  # fmt: skip
BIRTH = ("1.001193", "Đăng ký khai sinh", "Hộ tịch")
RIGHT = (
    "H26.1-260601-0001", *BIRTH, "Trần Thị Mận", "01/06/2026 08:30", "04/06/2026", "03/06/2026", "Đã xử lý xong",
)  # fmt: skip
OPEN = ("H26.1-260602-0002", *BIRTH, "Lê Văn Đào", "02/06/2026 09:00", "05/06/2026", "", "Đang xử lý")
WRONG = ("H26.1-260603-0003", *BIRTH, "Vũ Thị Hồng", "31/02/2026", "05/06/2026", "", "Đang xử lý")


def csv(*rows: Sequence[str]) -> bytes:
    return "\r\n".join(";".join(row) for row in (HEADER, *rows)).encode("utf-8-sig")
