"""What day and time it is: Vietnam's, on the day that ``CAMKET_TODAY`` fixes where it does.

A demonstration lives on one day, and all that it does is dated by it: pages, commands, and work by the clock. When such
work is due, and how long somebody has been silent, is measured by the machine's own clock.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Return the day."""
    return now().date()


def now() -> datetime:
    """Return the moment, with Vietnam's time zone."""
    return on_our_day(timezone.localtime())


def on_our_day(moment: datetime) -> datetime:
    """Return the same time on the day that is fixed; the moment itself where none is."""
    return datetime.combine(settings.TODAY, moment.timetz()) if settings.TODAY else moment
