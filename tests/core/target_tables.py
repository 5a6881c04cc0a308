"""Reads the tables of docs/reference/algorithms/{targets,allowance}.md as cases of judging."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from camket.core.allowance import Pace, Step
from camket.core.plan import Grade, Period, Target, TargetKind
from camket.core.targets import Figure

DOCS = Path(__file__).resolve().parents[2] / "docs/reference/algorithms"
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NAMED = {
    "Y": YEAR,
    "H1": Period(date(2026, 1, 1), date(2026, 6, 30)),
    "9M": Period(date(2026, 1, 1), date(2026, 9, 30)),
    "Q1": Period(date(2026, 1, 1), date(2026, 3, 31)),
    "Q2": Period(date(2026, 4, 1), date(2026, 6, 30)),
    "Q3": Period(date(2026, 7, 1), date(2026, 9, 30)),
    "D20": Period(date(2026, 1, 1), date(2026, 1, 20)),
    "M1": Period(date(2026, 1, 1), date(2026, 1, 31)),
    "M2": Period(date(2026, 2, 1), date(2026, 2, 28)),
    "M7": Period(date(2026, 7, 1), date(2026, 7, 31)),
    "M8": Period(date(2026, 8, 1), date(2026, 8, 31)),
}


@dataclass(frozen=True)
class Case:
    """One row: what is judged, with the arguments of judge(), and the cells expected."""

    target: Target
    figures: tuple[Figure, ...]
    on: date
    given: dict[str, Any]
    cells: dict[str, str]

    def __str__(self) -> str:
        return " · ".join(self.cells[key] for key in ("Target", "Given", "Figures", "Verdict"))


def rows(page: str, *headers: str) -> list[dict[str, str]]:
    """Return the rows of all tables of a page that have these columns."""
    found: list[dict[str, str]] = []
    names: list[str] | None = None
    for line in (DOCS / page).read_text("utf-8").splitlines():
        if not line.startswith("|"):
            names = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if names is None:
            names = cells
        elif not set("".join(cells)) <= set("- :") and set(headers) <= set(names):
            found.append(dict(zip(names, cells, strict=True)))
    return found


def cases(page: str, *headers: str) -> list[Case]:
    return [_case(row) for row in rows(page, "Target", "Given", "Figures", "On", *(headers or ("Verdict",)))]


def _case(row: dict[str, str]) -> Case:
    given = row["Given"]
    words = [word.strip() for word in given.split(",") if word.strip()]
    kwargs: dict[str, Any] = {}
    period = None
    text = "Chỉ tiêu"
    for word in words:
        name, _space, rest = word.partition(" ")
        match name:
            case "adds" | "newest":
                kwargs["adding"] = name == "adds"
            case "baseline":
                kwargs["baseline"] = Decimal(rest)
            case "expected":
                kwargs["expected_volume"] = Decimal(rest)
            case "relative":
                kwargs["change"] = "relative"
            case "of":
                period = NAMED[rest]
            case "kept":
                text = "Duy trì xã đạt chuẩn"
            case _:
                raise ValueError(word)
    target = _target(row["Target"], text, period, baseline_year=2025)
    figures = tuple(_figure(part) for part in row["Figures"].split(";") if part.strip())
    if row.get("Pace"):
        is_ceiling = target.kind in (TargetKind.AT_MOST, TargetKind.BELOW)
        kwargs["pace"] = _pace(row["Pace"], figures[-1].period.end, is_ceiling=is_ceiling)
    return Case(
        target=target,
        figures=figures,
        on=date.fromisoformat(row["On"]),
        given=kwargs,
        cells=row,
    )


def _target(cell: str, text: str, period: Period | None, baseline_year: int) -> Target:
    kind_name, _space, rest = cell.partition(" ")
    kind = TargetKind(kind_name)
    changes = kind in (TargetKind.INCREASE_BY, TargetKind.DECREASE_BY)
    baseline = baseline_year if changes else None
    if kind is TargetKind.GRADE_AT_LEAST:
        return Target(text, kind, Grade(rest), unit="grade", period=period)
    numbers = re.match(r"(?:[\d.]+(?:\s+|$))*", rest)
    assert numbers is not None
    values = [Decimal(number) for number in numbers[0].split()]
    unit = rest[numbers.end() :].strip() or None
    if kind is TargetKind.RANK_WITHIN:
        unit = "rank"
    return Target(
        text,
        kind,
        values[0] if values else None,
        values[1] if len(values) > 1 else None,
        unit,
        baseline_year=baseline,
        period=period,
    )


def _figure(part: str) -> Figure:
    name, _colon, shown = part.strip().partition(":")
    period, shown = NAMED[name], shown.strip()
    if shown == "nothing":
        return Figure(period, nothing_arose=True)
    if shown in ("reached", "not reached"):
        return Figure(period, is_reached=shown == "reached")
    if shown in {grade.value for grade in Grade}:
        return Figure(period, grade=Grade(shown))
    if shown.startswith("rank "):
        rank, _slash, rank_of = shown.removeprefix("rank ").partition("/")
        return Figure(period, rank=int(rank), rank_of=int(rank_of) if rank_of else None)
    if "/" in shown:
        part_of, _slash, whole = shown.partition("/")
        return Figure(period, Decimal(part_of), Decimal(whole))
    return Figure(period, value=Decimal(shown))


def _pace(cell: str, upto: date, *, is_ceiling: bool) -> Pace:
    """Read "year 400+800, 28d 8/92, 7d 3/23": last year's cases by half, failures of the last days."""
    last_year: list[Step] = []
    windows: dict[str, tuple[int, int]] = {}
    for word in (each.strip() for each in cell.split(",")):
        name, _space, rest = word.partition(" ")
        if name == "year":
            halves = [int(each) for each in rest.split("+")]
            for month in range(1, 13):
                cases = Decimal(halves[(month - 1) * len(halves) // 12] * len(halves)) / 12
                days = Period(date(2025, month, 1), date(2025, month, monthrange(2025, month)[1]))
                last_year.append(Step(days, Decimal(0), cases))
        else:
            failed, seen = (int(each) for each in rest.split("/"))
            windows[name] = (failed, seen)
    steps = []
    if windows:
        (failed, seen), (late, newest) = windows["28d"], windows["7d"]
        for first, last, bad, cases_ in ((27, 7, failed - late, seen - newest), (6, 0, late, newest)):
            days = Period(upto - timedelta(days=first), upto - timedelta(days=last))
            steps.append(Step(days, Decimal(bad if is_ceiling else cases_ - bad), Decimal(cases_)))
    return Pace(tuple(steps), tuple(last_year))
