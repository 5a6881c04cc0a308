"""The tables of the reference pages, which are the tests' data, and the official calendar shipped with the product."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from camket.core.calendar import WorkingCalendar, calendar_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/reference/algorithms"
CALENDAR_FILE = ROOT / "src/camket/org/calendar_2020_2027.json"


def table(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the first table under a heading of a page, without its head."""
    text = (PAGES / page).read_text("utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def official_years() -> list[dict[str, object]]:
    return json.loads(CALENDAR_FILE.read_text("utf-8"))


def official_calendar() -> WorkingCalendar:
    days = [day for year in official_years() for day in year["days"]]  # type: ignore[attr-defined]
    return calendar_of((date.fromisoformat(day["day"]), day["kind"] == "working") for day in days)
