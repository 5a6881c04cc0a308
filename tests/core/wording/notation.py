"""The short notation in which the documentation's tables write targets and schedules."""

from __future__ import annotations

import re
from pathlib import Path

from camket.core.plan import Schedule, ScheduleKind, Target

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference" / "algorithms"


def target_notation(target: Target) -> str:
    """``between 43..45 triệu đồng/người/năm``, ``increase_by 1 % since 2023, striving``."""
    words = [target.kind.value]
    if target.value is not None:
        words.append(f"{target.value}" if target.upper is None else f"{target.value}..{target.upper}")
    if target.unit is not None and target.unit not in ("grade", "rank"):
        words.append(target.unit)
    if target.baseline_year is not None:
        words.append(f"since {target.baseline_year}")
    return " ".join(words) + (", striving" if target.striving else "")


def schedule_notation(entry: Schedule) -> str:
    """``during 2025-02-01..2025-03-31``, ``every month day last``, ``on_event within 5 working days``."""
    match entry.kind:
        case ScheduleKind.BY | ScheduleKind.FROM:
            return f"{entry.kind.value} {entry.date}"
        case ScheduleKind.DURING:
            return f"during {entry.start}..{entry.end}"
        case ScheduleKind.EVERY:
            assert entry.period is not None
            return f"every {entry.period.value}" + (f" day {entry.day}" if entry.day is not None else "")
        case ScheduleKind.YEARLY_BY:
            return f"yearly_by {entry.month:02d}-{entry.day:02d}"
        case ScheduleKind.BEFORE_REPORT:
            return f"before_report {entry.days}"
        case ScheduleKind.ON_EVENT if entry.within:
            return f"on_event within {entry.within.days} {'working ' if entry.within.working else ''}days"
        case _:
            return entry.kind.value


def table_rows(page: str, heading: str) -> list[tuple[str, str]]:
    """Return the two-column rows of the tables under the headings of a page that begin with ``heading``."""
    rows: list[tuple[str, str]] = []
    inside = False
    for line in (DOCS / page).read_text("utf-8").splitlines():
        if line.startswith("## "):
            inside = line[3:].startswith(heading)
        elif inside and line.startswith("| ") and not line.startswith(("| wording", "| ---")):
            cells = [cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            rows.append((cells[0].replace("<br>", "\n"), cells[1]))
    return rows
