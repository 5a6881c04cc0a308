"""Which counts make up a stretch of days: whole months, and the days at its edges."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from camket.core.tally import Grain, day_number

_DAY = timedelta(days=1)


def stretch(start: date | None, end: date) -> Q:
    """Return which rows make up the days from one to another, both included; from the beginning without a start."""
    after = end + _DAY
    last = after.replace(day=1)  # months before this one are whole
    if start is None:
        return _rows(Grain.MONTH, None, last) | _rows(Grain.DAY, last, after)
    first = start if start.day == 1 else (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    if first >= last:
        return _rows(Grain.DAY, start, after)
    return _rows(Grain.DAY, start, first) | _rows(Grain.MONTH, first, last) | _rows(Grain.DAY, last, after)


def _rows(grain: Grain, start: date | None, before: date) -> Q:
    own = Q(grain=grain, start__lt=day_number(before))
    return own if start is None else own & Q(start__gte=day_number(start))
