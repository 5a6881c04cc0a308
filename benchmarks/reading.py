"""Measure how long a decision takes to read, and how that grows with its pages.

A page holds about fifteen rows. Aim: ten pages of DOCX in under 1 s and of PDF in under 3 s; time in proportion to rows.
"""

from __future__ import annotations

import io
import statistics
import time

import docx

from camket.paper.reading import read_document
from camket.paper.writing.decision import Layout, write_plan

ROWS = (20, 80, 320, 1280)
PDF_ROWS = 320
LONG_LINES = (150, 1_500)
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


def run() -> None:
    """Print one line a document: growing Word files, the same plan as PDF, and single lines of growing length."""
    print(f"{'document':<40}{'kB':>8}{'objectives':>12}{'seconds':>10}")
    for rows in ROWS:
        word = sample(rows)
        _line(f"{rows} rows (DOCX)", word, "mau.docx")
        if rows <= PDF_ROWS:
            plan = read_document(word, "mau.docx").plan
            _line(f"{rows} rows (PDF)", write_plan(plan, Layout.TARGETS, "pdf"), "mau.pdf")
    for words in LONG_LINES:
        _line(f"one line of {words:,} clauses (text)", "đạt 95% ".encode() * words, "mot-dong.txt")


def _line(title: str, data: bytes, name: str) -> None:
    taken, count = seconds(data, name)
    print(f"{title:<40}{len(data) / 1024:>8.0f}{count:>12}{taken:>10.3f}", flush=True)
