"""Rows handed over in bulk are those that the ORM reads, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import polars as pl
import pytest
from django.utils import timezone

from camket.core.tally import COUNTS
from camket.dossiers import bulk
from camket.dossiers.importing.ahead import Ahead
from camket.dossiers.importing.apply import COLUMNS, local
from camket.dossiers.models import Bucket, Dossier
from dossiers.importing.rows import applied, row
from people import make_agency

CELL = {
    "shape": 0, "grain": 1, "field_key": 3, "procedure_key": 0, "unit_key": 0, "channel": 0, "level": 0,
}  # fmt: skip


@pytest.mark.django_db
def test_rows_of_several_statements_are_all_added_and_added_up() -> None:
    agency = make_agency()
    days = list(range(20_000, 20_203))
    counts = [day % 7 for day in days]
    sums = {name: [0] * len(days) for name in COUNTS} | {"received": counts, "finished": counts}
    frame = pl.DataFrame({"start": days, **sums}).with_columns(
        pl.lit(agency.pk).alias("agency_id"), *(pl.lit(value).alias(name) for name, value in CELL.items())
    )
    key = ("agency_id", "start", *CELL)
    bulk.insert(Bucket, frame.head(150))
    bulk.add_up(Bucket, frame, key=key)
    kept = Bucket.objects.filter(agency=agency, field_key=3).order_by("start")
    assert list(kept.values_list("start", "received", "finished")) == [
        (day, count * twice, count * twice)
        for day, count, twice in zip(days, counts, [2] * 150 + [1] * 53, strict=True)
    ]


@pytest.mark.django_db
def test_dossiers_are_read_as_they_were_written() -> None:
    agency, other = make_agency(), make_agency("H26.13")
    rows = [
        row("H26.12-260601-0001", applicant='Bà "Hai", Ấp 2', received_at=datetime(2026, 6, 1, 8, 30, 5)),
        row("H26.12-260601-0002", is_digitised=True, returned_at=datetime(2026, 6, 3), state=10),
        row("H26.12-260601-0003", phone="\\.", unit_name="Phòng Kinh tế"),
        row("H26.12-260601-0004", applicant="\\N", address="Ấp 2\t\\t\r\nxã \\\\ Bình Yên\\", phone='"'),
    ]
    applied(agency, rows)
    applied(other, rows[:1])
    schema = {"id": pl.Int64(), **COLUMNS}
    asked = [each["code"] for each in rows[1:]] + ["không có"]
    found = bulk.held(Dossier, schema, by="code", values=asked, agency_id=agency.pk).sort("code")
    wanted = Dossier.objects.filter(agency=agency, code__in=asked).order_by("code").values(*schema)
    assert found.rows(named=True) == [{name: local(each[name]) for name in schema} for each in wanted]
    assert bulk.held(Dossier, schema, by="code", values=[], agency_id=agency.pk).is_empty()
    marks = bulk.whole_numbers(Dossier, "content_hash", agency_id=agency.pk)
    assert sorted(marks) == sorted(
        Dossier.objects.filter(agency=agency).values_list("content_hash", flat=True)
    )
    assert bulk.whole_numbers(Dossier, "content_hash", agency_id=other.pk + 1).is_empty()


@pytest.mark.only_on("sqlite")
class TestMomentsInWords:
    def test_each_is_told_in_utc_as_django_tells_it(self) -> None:
        told = [datetime(2026, 1, 1, 6, 59, 59), datetime(2026, 6, 1), None, datetime(2000, 2, 29, 23, 0, 1)]
        frame = bulk.storable(pl.DataFrame({"at": told}, schema={"at": pl.Datetime("us")}))
        assert frame["at"].to_list() == [
            "2025-12-31 23:59:59", "2026-05-31 17:00:00", None, "2000-02-29 16:00:01",
        ]  # fmt: skip

    def test_parts_of_a_second_and_days_before_1970_are_kept(self) -> None:
        frame = bulk.storable(
            pl.DataFrame({"at": [datetime(2026, 6, 1, 7, 0, 0, 250_000)], "old": [datetime(1969, 12, 31, 8)]})
        )
        assert frame.row(0) == ("2026-06-01 00:00:00.250", "1969-12-31 00:00:00")

    def test_a_zone_whose_clock_changes_is_followed(self, settings: object) -> None:
        settings.TIME_ZONE = "Europe/Paris"  # type: ignore[attr-defined]
        told = [datetime(2026, 1, 1, 12), datetime(2026, 7, 1, 12)]
        frame = bulk.storable(pl.DataFrame({"at": told}))
        assert frame["at"].to_list() == ["2026-01-01 11:00:00", "2026-07-01 10:00:00"]


class TestAhead:
    def test_items_come_in_their_order(self) -> None:
        with Ahead(iter(range(1, 20)), depth=3) as ahead:
            assert list(ahead) == list(range(1, 20))

    def test_what_making_one_raises_is_raised_to_who_asks(self) -> None:
        def items() -> Iterator[int]:
            yield 1
            raise ValueError("no second one")

        with Ahead(items(), depth=2) as ahead, pytest.raises(ValueError, match="no second one"):
            list(ahead)

    def test_who_leaves_early_is_not_kept_waiting_for_the_rest(self) -> None:
        made = []

        def items() -> Iterator[int]:
            for number in range(1, 1_000):
                made.append(number)
                yield number

        with Ahead(items(), depth=2) as ahead:
            assert next(iter(ahead)) == 1
        assert len(made) <= 4


def test_local_takes_the_zone_off() -> None:
    assert local(timezone.make_aware(datetime(2026, 6, 1, 8))) == datetime(2026, 6, 1, 8)
    assert local(date(2026, 6, 1)) == date(2026, 6, 1)
