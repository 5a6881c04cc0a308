"""Indicators and readings for the tests of this package."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from camket.core.plan import Period
from camket.indicators.models import Indicator, Reading
from camket.indicators.operations import NewReading, confirm_reading, create_indicator, enter_reading
from people import TODAY, People
from work import NOW

HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
SPRING = Period(date(2026, 1, 1), date(2026, 3, 31))
SUMMER = Period(date(2026, 4, 1), date(2026, 6, 30))


def make_indicator(people: People, measure: str = "ratio", unit: str = "%", **fields: Any) -> Indicator:
    return create_indicator(
        actor=people.an,
        name="Tỷ lệ hồ sơ đúng hạn",
        measure=measure,
        unit=unit,
        method="Theo phần mềm một cửa",
        today=TODAY,
        **fields,
    )


def on_time(part: int = 98, whole: int = 100, period: Period = HALF, **fields: Any) -> NewReading:
    return NewReading(period, "Phần mềm một cửa", Decimal(part), Decimal(whole), **fields)


def make_reading(
    people: People, indicator: Indicator, reading: NewReading | None = None, *, confirmed: bool
) -> Reading:
    """Bình enters; An confirms."""
    row = enter_reading(actor=people.binh, indicator_id=indicator.pk, reading=reading or on_time(), now=NOW)
    if confirmed:
        row = confirm_reading(actor=people.an, reading_id=row.pk, now=NOW)
    return row
