"""Reading exports: opening, recognising, checking every row, against the fastest reader alone, as rows grow tenfold.

Aims: a million rows of CSV near the time in which polars alone reads them and makes dates of their dates, in memory that does
not grow with the file; 100,000 rows of XLSX at most 1.5 times fastexcel alone. Each figure is of one run in a process of its own.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TEXT_ROWS = (100_000, 1_000_000)
SHEET_ROWS = (10_000, 100_000)
DATES = ("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả")


def write_text(file: Path, count: int) -> None:
    """Write an export as CSV."""
    from benchmarks.importing import HEADER, rows

    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(rows(count))


def write_sheet(file: Path, count: int) -> None:
    """Write an export as XLSX, its dates as dates."""
    from datetime import datetime

    import xlsxwriter

    from benchmarks.importing import HEADER, rows

    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("HoSo")
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.write_row(0, 0, HEADER)
    dates = [HEADER.index(each) for each in DATES]
    for at, row in enumerate(rows(count), 1):
        for column, cell in enumerate(row):
            if column in dates and cell:
                form = "%d/%m/%Y %H:%M" if ":" in cell else "%d/%m/%Y"
                sheet.write_datetime(at, column, datetime.strptime(cell, form), moment)  # noqa: DTZ007 - no zone
            elif cell:
                sheet.write_string(at, column, cell)
    book.close()


def alone(file: Path) -> int:
    """Read a file as the fastest reader does; return its rows."""
    import fastexcel
    import polars as pl

    if file.suffix == ".xlsx":
        return fastexcel.read_excel(file).load_sheet(0).to_polars().height
    frame = pl.read_csv(file, separator=";", infer_schema=False)
    return frame.with_columns(
        pl.coalesce(
            pl.col(each).str.to_datetime("%d/%m/%Y %H:%M", strict=False),
            pl.col(each).str.to_datetime("%d/%m/%Y", strict=False),
        )
        for each in DATES
    ).height


def ours(file: Path) -> int:
    """Read and check a file; return its rows."""
    from camket.dossiers.importing.reading import open_export

    export = open_export(file, file.name)
    count = 0
    for part in export.parts(export.mapping, {}):
        count += part.rows.height + len(part.refused)
    return count


def measured(what: str, file: Path) -> tuple[float, int, int]:
    """Return seconds, rows and the most megabytes that a process of its own takes; imports are not counted."""
    program = (
        "import sys, time, resource, polars, fastexcel; from pathlib import Path; from benchmarks import exports\n"
        "import camket.dossiers.importing.reading\n"
        "began = time.perf_counter(); count = getattr(exports, sys.argv[1])(Path(sys.argv[2]))\n"
        "print(time.perf_counter() - began, count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    best: tuple[float, int, int] | None = None
    for _ in range(int(os.environ.get("CAMKET_BENCH_RUNS", "3"))):
        done = subprocess.run(
            [sys.executable, "-c", program, what, file], check=True, capture_output=True, text=True
        )
        seconds, count, megabytes = done.stdout.split()
        run = float(seconds), int(count), int(megabytes)
        best = run if best is None or run < best else best
    if best is None:
        raise ValueError("no runs")
    return best


def run() -> None:
    """Print one line a file: rows, the reader alone, ours, the ratio, rows a second, the most memory."""
    print(
        f"{'file':<24}{'alone s':>10}{'ours s':>10}{'ratio':>8}{'rows/s':>12}{'alone MB':>10}{'ours MB':>10}"
    )
    with tempfile.TemporaryDirectory(prefix="camket-bench-") as folder:
        for kind, sizes in (("csv", TEXT_ROWS), ("xlsx", SHEET_ROWS)):
            for size in sizes:
                file = Path(folder) / f"{size}.{kind}"
                (write_text if kind == "csv" else write_sheet)(file, size)
                floor, _, floor_memory = measured("alone", file)
                taken, count, memory = measured("ours", file)
                print(
                    f"{f'{size:,} rows of {kind.upper()}':<24}{floor:>10.2f}{taken:>10.2f}{taken / floor:>8.2f}"
                    f"{count / taken:>12,.0f}{floor_memory:>10}{memory:>10}",
                    flush=True,
                )
                file.unlink()
