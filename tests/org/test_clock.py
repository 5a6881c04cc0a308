"""The day that an installation lives on: the real one, or the one that ``CAMKET_TODAY`` fixes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from camket.org import clock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_without_a_fixed_day_it_is_now_in_vietnam(settings: Any) -> None:
    settings.TODAY = None
    before = timezone.localtime()
    assert before <= clock.now() <= timezone.localtime()
    assert before.date() <= clock.today() <= timezone.localdate()


def test_a_fixed_day_keeps_the_time_and_the_zone(settings: Any) -> None:
    settings.TODAY = date(2026, 7, 6)
    moment = datetime(2026, 11, 24, 14, 31, 5, tzinfo=ZONE)
    assert clock.on_our_day(moment) == datetime(2026, 7, 6, 14, 31, 5, tzinfo=ZONE)
    assert clock.today() == date(2026, 7, 6)
    assert clock.now().utcoffset() == moment.utcoffset()
