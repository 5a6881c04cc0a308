"""Figures from buckets: all indicators of one agency for a year, and of 3,300 agencies over ten million dossiers.

Aim: at most 100 ms and 1 s, and the first unchanged with ten times as many agencies beside. Buckets are seeded directly, as
imports of so many dossiers would leave them (months of 2025 and 2026; days of December, which a year from 15/12 cuts).
"x raw": how many times longer than the bare engine's own sum over the same rows of the table.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

RUNS = 15
FIELDS, LEVELS = 10, (0, 4, 12)
ALL_AGENCIES, DOSSIERS = 3_300, 10_000_000
CALENDAR = (date(2026, 1, 1), date(2026, 12, 31))
STATISTICAL = (date(2025, 12, 15), date(2026, 12, 14))


def run() -> None:
    """Print a table for a tenth of the agencies and for all of them."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}")
    print(f"{'what':<58}{'agencies':>9}{'buckets':>11}{'SQL':>5}{'p50 ms':>9}{'p95 ms':>9}{'x raw':>7}")
    known: list[int] = []
    for agencies in (ALL_AGENCIES // 10, ALL_AGENCIES):
        known += _seed(agencies - len(known), len(known))
        _measure(known)


def _measure(agency_ids: list[int]) -> None:
    from camket.core.plan import Period
    from camket.core.rollup import months_of
    from camket.dossiers.models import Bucket
    from camket.indicators.catalogue import counted_formulas, shipped
    from camket.indicators.counting import by_period, counted_of

    buckets = Bucket.objects.count()
    offered = {code: each for code, each in shipped().items() if each.holds_on(CALENDAR[1])}
    formulas = {
        code: formula for code, formula in counted_formulas(offered).items() if formula.source == "dossiers"
    }
    land = {
        code: each.filtered({"field": ("linh vuc 7",)}) for code, each in formulas.items() if not each.filters
    }
    one, year, other_year = [agency_ids[len(agency_ids) // 2]], Period(*CALENDAR), Period(*STATISTICAL)
    on_time = formulas["dossiers.on_time_with_open"]
    cases: Sequence[tuple[str, Callable[[], Any], int, Period]] = (
        (
            f"{len(formulas)} indicators, one agency, 2026",
            lambda: counted_of(one, formulas, year, today=CALENDAR[1]),
            1,
            year,
        ),
        (
            f"{len(formulas)} indicators, one agency, 15/12/2025-14/12/2026",
            lambda: counted_of(one, formulas, other_year, today=CALENDAR[1]),
            1,
            other_year,
        ),
        (
            "one indicator, one agency, month by month",
            lambda: by_period(one[0], on_time, months_of(*CALENDAR), upto=CALENDAR[1]),
            1,
            year,
        ),
        (
            f"{len(land)} indicators of one field, one agency, 2026",
            lambda: counted_of(one, land, year, today=CALENDAR[1]),
            1,
            year,
        ),
        (
            f"{len(formulas)} indicators, every agency, 2026",
            lambda: counted_of(agency_ids, formulas, year, today=CALENDAR[1]),
            len(agency_ids),
            year,
        ),
        (
            f"{len(formulas)} indicators, every agency, 15/12/2025-14/12/2026",
            lambda: counted_of(agency_ids, formulas, other_year, today=CALENDAR[1]),
            len(agency_ids),
            other_year,
        ),
        (
            "one indicator of one field, every agency, 2026",
            lambda: counted_of(agency_ids, {"x": land["dossiers.on_time"]}, year, today=CALENDAR[1]),
            len(agency_ids),
            year,
        ),
    )
    for title, call, agencies, _period in cases:
        statements, times = _timed(call)
        raw = _raw(agency_ids if agencies > 1 else one)
        p50, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        print(
            f"{title:<58}{agencies:>9,}{buckets:>11,}{statements:>5}{p50 * 1000:>9.1f}{p95 * 1000:>9.1f}{p50 / raw:>7.1f}",
            flush=True,
        )


def _timed(call: Callable[[], Any]) -> tuple[int, list[float]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return len(captured), times


def _raw(agency_ids: list[int]) -> float:
    """Return how long the engine takes to sum every count of the months of these agencies, nothing around it."""
    from django.db import connection

    from camket.core.tally import COUNTS

    sums = ", ".join(f"SUM({count})" for count in COUNTS)
    where = f"agency_id IN ({', '.join(map(str, agency_ids))})"
    times = []
    with connection.cursor() as cursor:
        for _ in range(5):
            begun = time.perf_counter()
            cursor.execute(
                f"SELECT agency_id, {sums} FROM dossiers_bucket WHERE shape = 0 AND grain = 2 AND {where} GROUP BY 1"
            )
            cursor.fetchall()
            times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _seed(number: int, begun: int) -> list[int]:
    """Add agencies with the buckets of two years of dossiers each; return their ids."""
    from django.db import connection

    from camket.core.tally import COUNTS, Grain, Shape
    from camket.dossiers.models import Bucket, Field
    from camket.org.models import Agency

    agencies = Agency.objects.bulk_create(
        Agency(code=f"B{begun + n:05}", name=f"UBND xã {begun + n}", full_name="x", level_id="commune")
        for n in range(number)
    )
    fields = Field.objects.bulk_create(
        Field(agency=agency, name=f"Lĩnh vực {n}", key=f"linh vuc {n}.")
        for agency in agencies
        for n in range(FIELDS)
    )
    chance = random.Random(begun)
    a_month = DOSSIERS // ALL_AGENCIES // 24
    starts = [(Grain.MONTH, start) for start in _months()] + [(Grain.DAY, start) for start in _days()]

    def counts(size: int) -> dict[str, int]:
        found = dict.fromkeys(COUNTS, 0)
        received = max(0, round(chance.gauss(size, size**0.5))) if size else 0
        found |= {
            "received": received,
            "received_online": received // 2,
            "received_advanced": received // 2,
            "received_advanced_online": received // 3,
            "finished": received,
            "early": received // 2,
            "on_time": received - received // 2 - received // 50,
            "late": received // 50,
            "handling_days": received * 5,
            "fell_overdue": received // 50,
            "cleared_overdue": received // 50,
        }
        return found

    first, own = agencies[0], fields[:FIELDS]

    def rows() -> Iterator[Bucket]:
        for grain, start in starts:
            size = a_month if grain == Grain.MONTH else a_month // 22
            base = {"agency": first, "grain": grain, "start": start}
            yield Bucket(**base, shape=Shape.ALL, **counts(size))
            for field in own:
                yield Bucket(**base, shape=Shape.FIELD, field_key=field.pk, **counts(size // FIELDS))
            for level in LEVELS:
                yield Bucket(**base, shape=Shape.LEVEL, level=level, **counts(size // len(LEVELS)))

    Bucket.objects.bulk_create(rows(), batch_size=500)
    # The others are copies of the first: ids of agencies and of their fields follow each other.
    columns = ", ".join(["grain", "shape", "start", "procedure_key", "unit_key", "channel", "level", *COUNTS])
    taken = ", ".join(f"b.{column}" for column in columns.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO dossiers_bucket (agency_id, field_key, {columns})"
            f" SELECT a.id, CASE WHEN field_key = 0 THEN 0 ELSE field_key + (a.id - {first.pk}) * {FIELDS} END, {taken}"
            f" FROM dossiers_bucket b JOIN org_agency a ON a.id > {first.pk} AND a.id <= {agencies[-1].pk}"
            f" WHERE b.agency_id = {first.pk}"
        )
        cursor.execute("ANALYZE")
    return [agency.pk for agency in agencies]


def _months() -> list[int]:
    from camket.core.tally import day_number

    return [day_number(date(year, month, 1)) for year in (2025, 2026) for month in range(1, 13)]


def _days() -> list[int]:
    from camket.core.tally import day_number

    return [day_number(date(year, 12, day)) for year in (2025, 2026) for day in range(1, 32)]
