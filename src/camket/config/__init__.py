"""Settings, addresses, the command line, and the demo."""

from datetime import date

SAMPLE_DAY = date(2026, 7, 6)
"""The day that the demo takes for today; see docs/decisions/0008-sample-day.md."""
