"""What belongs to an indicator, for its history."""

from __future__ import annotations

from camket.indicators.models import Reading
from camket.journal.kin import Parts


def parts_of_indicator(agency_id: int, indicator_id: int) -> Parts:
    """Return the indicator's readings."""
    readings = Reading.objects.filter(agency_id=agency_id, indicator_id=indicator_id)
    return (("indicators.reading", readings.values_list("pk", flat=True)),)
