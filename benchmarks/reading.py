"""Measure how long a decision takes to read, and how that grows with its pages.

Run: python benchmarks/reading.py [FILE ...]. Without files a decision of growing length is made as Word file and text.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from pathlib import Path

import docx

from camket.paper.reading import read_document

ROWS = (20, 80, 320, 1280)
RUNS = 3


def sample(rows: int) -> bytes:
    """Return a Word file with a plan of so many rows; about fifteen rows fill a page."""
    document = docx.Document()
    for line in ("ỦY BAN NHÂN DÂN XÃ MẪU", "Số: 01/QĐ-UBND", "Mẫu, ngày 02 tháng 01 năm 2026", "QUYẾT ĐỊNH"):
        document.add_paragraph(line)
    document.add_paragraph("Điều 1. Ban hành kèm theo Mục tiêu chất lượng năm 2026.")
    document.add_paragraph("KẾ HOẠCH THỰC HIỆN MỤC TIÊU CHẤT LƯỢNG NĂM 2026").runs[0].bold = True
    header = (
        "STT",
        "Mục tiêu",
        "Chỉ tiêu",
        "Biện pháp",
        "Chủ trì",
        "Phối hợp",
        "Thời gian",
        "Kết quả dự kiến",
    )
    table = document.add_table(rows=rows + 1, cols=len(header))
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        cell.text = text
    for i, row in enumerate(table.rows):
        if i:
            texts = (
                str(i),
                f"Tỷ lệ hồ sơ lĩnh vực {i} giải quyết đúng hạn",
                "≥ 98%",
                "Rà soát, công khai quy trình giải quyết",
                "Công chức chuyên môn",
                "Bộ phận một cửa",
                "Hằng quý",
                "Báo cáo kết quả",
            )
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def seconds(data: bytes, name: str) -> tuple[float, int]:
    """Return the median time of a few readings, and how many objectives were read."""
    taken = []
    count = 0
    for _ in range(RUNS):
        began = time.perf_counter()
        count = len(read_document(data, name).plan.objectives)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken), count


def main(names: list[str]) -> None:
    """Print one line a document."""
    print(f"{'document':<40} {'kB':>8} {'objectives':>10} {'seconds':>8}")
    if names:
        for name in names:
            data = Path(name).read_bytes()
            taken, count = seconds(data, name)
            print(f"{Path(name).name:<40} {len(data) / 1024:>8.0f} {count:>10} {taken:>8.3f}")
        return
    for rows in ROWS:
        data = sample(rows)
        taken, count = seconds(data, "mau.docx")
        print(f"{f'{rows} rows (DOCX)':<40} {len(data) / 1024:>8.0f} {count:>10} {taken:>8.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
