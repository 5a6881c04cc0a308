"""Importing dossiers: the whole import against the floor, at 100,000 and 1,000,000 rows, on the database that is set.

The floor is what the engine alone takes: polars reads the same file, all its columns, makes moments of those of dates, and
the rows go by COPY or ``executemany`` into a bare table in one transaction: no key, no index, no check. The import writes
twice as many columns, a key, a unique code and further indexes, and is held against that all the same. Aims: the whole
import at most 3 times the floor; the same file again with 1 % changed at most half of the first import; 200 rows added to
a million in the time that they take among ten thousand; memory under 1 GB. Each figure is of one run; memory is measured
in a process of its own by the command. Seconds of the processor are those of this process and, on Linux, of the server's
process that works for it: they tell something on a machine that others use too.

``python -m benchmarks importing`` runs on SQLite; ``DATABASE_URL`` names a PostgreSQL database that may be filled.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

SIZES = tuple(int(size) for size in os.environ.get("CAMKET_BENCH_ROWS", "100000,1000000").split(","))
HEADER = (
    "Số hồ sơ", "Mã TTHC", "Tên thủ tục hành chính", "Lĩnh vực", "Đơn vị xử lý", "Hình thức nộp", "Người nộp",
    "Địa chỉ", "Điện thoại", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Trạng thái", "Số hóa hồ sơ",
)  # fmt: skip
FIRST = date(2024, 1, 1)
DAYS = 900
AS_OF = date(2026, 7, 1)
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
NAMES = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Minh", "Ngọc", "Phúc", "Quân", "Thảo")


def rows(count: int, *, first: int = 0, changed: bool = False) -> Iterator[Sequence[str]]:
    """Yield dossiers in the order of their receipt, as one-stop software lists them; ``changed`` ones are finished."""
    chance = random.Random(f"{count} {first}")
    procedures = [
        (
            f"1.{number:06d}",
            f"Thủ tục hành chính số {number}",
            f"Lĩnh vực {number % 18}",
            f"Phòng {number % 6}",
        )
        for number in range(180)
    ]
    weights = [1 / (number + 3) for number in range(180)]
    for number, (code, name, field, unit) in enumerate(chance.choices(procedures, weights, k=count)):
        day = FIRST + timedelta(days=number * DAYS // count)
        received = datetime.combine(day, clock(chance.choice((7, 8, 9, 10, 14, 15)), chance.randrange(60)))
        due = received.date() + timedelta(days=chance.choice((1, 3, 5, 7, 15)))
        done = received + timedelta(days=chance.choice((0, 1, 2, 3, 5, 8)), minutes=chance.randrange(300))
        is_open = chance.random() < 0.03 and not changed
        yield (
            f"H26.12.3-{received:%y%m%d}-{first + number:07d}", code, name, field, unit,
            chance.choice(("Trực tiếp", "Trực tuyến", "Trực tuyến", "Bưu chính công ích")),
            f"{chance.choice(SURNAMES)} Văn {chance.choice(NAMES)}", f"Thôn {chance.randrange(1, 20)}, xã Bình Yên",
            f"09{chance.randrange(10**8):08d}", f"{received:%d/%m/%Y %H:%M}", f"{due:%d/%m/%Y}",
            "" if is_open else f"{done:%d/%m/%Y %H:%M}", "Đang xử lý" if is_open else "Đã trả kết quả",
            chance.choice(("Có", "Không")),
        )  # fmt: skip


def write(path: Path, lines: Iterator[Sequence[str]]) -> Path:
    """Write an export."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(lines)
    return path


def processor() -> float:
    """Return the seconds of the processor that this process has taken, and the server's process that works for it."""
    from django.db import connection

    own = resource.getrusage(resource.RUSAGE_SELF)
    taken = own.ru_utime + own.ru_stime
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        about = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
        if about.exists():
            ticks = about.read_text().rpartition(")")[2].split()[11:13]
            taken += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return taken


def floor(path: Path) -> tuple[float, float]:
    """Return the seconds that polars takes to read a file with its dates, and the engine to load it into a bare table."""
    import polars as pl
    from django.db import connection, transaction

    began = time.perf_counter()
    frame = pl.read_csv(path, infer_schema=False)
    frame = frame.with_columns(
        pl.col("Ngày tiếp nhận", "Ngày có kết quả").str.to_datetime("%d/%m/%Y %H:%M", strict=False),
        pl.col("Ngày hẹn trả").str.to_date("%d/%m/%Y", strict=False),
    )
    read = time.perf_counter() - began
    names = [f"c{place}" for place in range(frame.width)]
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = {pl.Datetime("us"): "timestamp", pl.Date(): "date"}
            columns = ", ".join(
                f"{name} {kinds.get(kind, 'text')}" for name, kind in zip(names, frame.dtypes, strict=True)
            )
            cursor.execute(f"CREATE TABLE bare ({columns})")
            with cursor.copy("COPY bare FROM STDIN (FORMAT csv)") as copy:
                for start in range(0, frame.height, 100_000):
                    copy.write(frame.slice(start, 100_000).write_csv(include_header=False))
        else:
            cursor.execute(f"CREATE TABLE bare ({', '.join(names)})")
            moments = [name for name, kind in frame.schema.items() if kind.is_temporal()]
            frame = frame.with_columns(pl.col(moments).cast(pl.String))
            marks = ", ".join(["%s"] * frame.width)
            for start in range(0, frame.height, 100_000):
                cursor.executemany(f"INSERT INTO bare VALUES ({marks})", frame.slice(start, 100_000).rows())
    loaded = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare")
    return read, loaded


def agency(code: str) -> int:
    """Make an agency and return its id."""
    from camket.org.models import Agency

    return Agency.objects.create(
        code=code, name=f"UBND xã {code}", full_name=f"Ủy ban nhân dân xã {code}", level_id="commune"
    ).pk


def bring_in(agency_id: int, path: Path, as_of: date) -> tuple[float, Any]:
    """Import a file as the command does; return the seconds and the batch."""
    from django.utils import timezone

    from camket.dossiers.importing import operations
    from camket.dossiers.importing.operations import Installation

    who, now = Installation(agency_id), timezone.localtime()
    began = time.perf_counter()
    batch = operations.receive_file(actor=who, name=path.name, path=path, as_of=as_of, now=now)
    operations.set_mapping(
        actor=who, batch_id=batch.pk, mapping=batch.reading["mapping"], words={}, is_checked=False, now=now
    )
    batch = operations.start_import(actor=who, batch_id=batch.pk, now=now)
    batch = operations.carry_on(batch=batch, clock=timezone.localtime)
    return time.perf_counter() - began, batch


def run() -> None:
    """Print the figures of each size."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from camket.dossiers.importing import operations  # noqa: F401 - what a running server has loaded long ago

    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}; memory is the most of this process so far")
    print(f"{'':<38}{'rows':>10}{'seconds':>9}{'x floor':>9}{'cpu s':>9}{'x floor':>9}{'MB':>7}")
    with tempfile.TemporaryDirectory(prefix="camket-bench-") as folder:
        for size in SIZES:
            _measure(Path(folder), size)


def _measure(folder: Path, size: int) -> None:
    path = write(folder / f"{size}.csv", rows(size))
    begun = processor()
    read, loaded = floor(path)
    bare = _Taken(read + loaded, processor() - begun)
    _line("floor: polars reads, engine loads", size, bare, bare)
    print(f"{'  of which polars reads':<48}{read:>9.2f}", flush=True)
    owner = agency(f"H26.{size}")
    first, batch = _taken(owner, path, AS_OF - timedelta(days=2))
    assert (batch.state, batch.added) == ("done", size), (batch.state, batch.added, batch.error)
    _line("whole import", size, first, bare)
    lines = list(rows(size))
    chance = random.Random(size)
    for at in chance.sample(range(size), size // 100):
        lines[at] = (*lines[at][:8], "0900000000", *lines[at][9:])
    again = write(folder / f"{size}-again.csv", iter(lines))
    del lines
    second, batch = _taken(owner, again, AS_OF - timedelta(days=1))
    assert batch.changed == size // 100, (batch.changed, batch.same)
    share = f"{second.seconds / first.seconds:.2f}, cpu {second.processor / first.processor:.2f}"
    _line(f"again, 1 % changed: {share}", size, second, bare)
    one_day = write(folder / f"{size}-day.csv", rows(200, first=5_000_000))
    day, _ = _taken(owner, one_day, AS_OF)
    _line("200 rows more", 200, day, bare)
    few = agency(f"H26.{size}.1")
    bring_in(few, write(folder / f"{size}-few.csv", rows(10_000)), AS_OF - timedelta(days=1))
    small, _ = _taken(few, one_day, AS_OF)
    _line("200 rows more, among 10,000", 200, small, bare)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Seconds by the clock, and of the processor."""

    seconds: float
    processor: float


def _taken(owner: int, path: Path, as_of: date) -> tuple[_Taken, Any]:
    begun = processor()
    seconds, batch = bring_in(owner, path, as_of)
    return _Taken(seconds, processor() - begun), batch


def _line(title: str, count: int, taken: _Taken, bare: _Taken) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 * (1024 if sys.platform == "darwin" else 1)
    )
    print(
        f"{title:<38}{count:>10,}{taken.seconds:>9.2f}{taken.seconds / bare.seconds:>9.2f}"
        f"{taken.processor:>9.2f}{taken.processor / bare.processor:>9.2f}{most:>7.0f}",
        flush=True,
    )
