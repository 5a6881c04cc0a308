"""A year of work on one page: months by units or by objectives, printed on one sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.registers import REGISTERS
from camket.core.year_plan import A4, MONTHS, SHEETS, fit
from camket.registers.queries.year_plan import By, State, YearCell, YearItem, YearPlan, YearRow, year_plan
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.badge import Badge
from camket.web.staff.entry_words import entry_url

EARLIEST, LATEST = 2000, 2100
BADGES: dict[State, Badge] = {
    State.TO_DO: Badge(gettext_lazy("To do"), "grey", "circle-dashed"),
    State.LATE: Badge(gettext_lazy("Overdue"), "red", "alert-circle"),
    State.WAITING: Badge(gettext_lazy("Waiting for acceptance"), "blue", "hourglass"),
    State.DONE: Badge(gettext_lazy("Done"), "green", "circle-check"),
    State.DONE_LATE: Badge(gettext_lazy("Done late"), "amber", "circle-check"),
    State.MEETING: Badge(gettext_lazy("Meeting"), "blue", "users"),
}
_BY = {"muc-tieu": By.OBJECTIVE, "bo-phan": By.UNIT}
LONGEST = 120
"""So many letters of a name the table shows."""
_TICK = 2
_INCOMING = 20
"""Letters of the line that counts documents."""


@staff_page("task.view")
def this_plan_year(request: StaffRequest) -> HttpResponse:
    """Go to the year of today."""
    return redirect("web:tasks:plan_year", request.today.year)


@staff_page("task.view")
def plan_year(request: StaffRequest, year: int) -> HttpResponse:
    """Show a year of work by unit or by objective: a table that prints on one sheet, on a phone a list by month."""
    by = _BY.get(request.GET.get("theo", ""), By.UNIT)
    sheet = SHEETS.get(request.GET.get("kho", ""), A4)
    found = year_plan(request.actor, year, request.today, by=by)
    set_as = fit(
        [(len(_name(row, by)), [_lengths(cell) for cell in row.months]) for row in found.rows], sheet
    )
    this_month = request.today.month if year == request.today.year else 0
    context = {
        "plan": found,
        "year_text": str(year),
        "is_by_unit": by is By.UNIT,
        "sheet": sheet.name,
        "setting": f"yp-size-{set_as.size} yp-lines-{set_as.lines}",
        "months": [
            {
                "name": _("Month %(month)s") % {"month": str(at + 1)},
                "is_now": at + 1 == this_month,
                "sums": found.sums[at],
            }
            for at in range(MONTHS)
        ],
        "rows": [
            {
                "row": row,
                "name": _name(row, by),
                "cells": [
                    _shown(cell, set_as.most, is_now=at + 1 == this_month)
                    for at, cell in enumerate(row.months)
                ],
            }
            for row in found.rows
        ],
        "agenda": _agenda(found, by, this_month),
        "links": _links(year, by, sheet.name),
    }
    return render(request, "staff/tasks/plan_year.html", context)


def _name(row: YearRow, by: By) -> str:
    if row.id is None:
        return _("Work without a unit") if by is By.UNIT else _("Registers, and work without an objective")
    return f"{row.number}. {row.name}" if row.number else row.name


def _lengths(cell: YearCell) -> list[int]:
    """Return how long the lines of a cell are, with the words that stand before them."""
    counted = [_INCOMING] if cell.incoming else []
    return counted + [min(len(each.name), LONGEST) + _before(each.state) for each in cell.items]


def _before(state: State) -> int:
    """Return how many letters stand before a name that say how the work stands."""
    if state is State.TO_DO:
        return 0
    return _TICK if state is State.DONE else len(str(BADGES[state].label)) + _TICK


def _shown(cell: YearCell, most: int, *, is_now: bool) -> dict[str, Any]:
    most -= bool(cell.incoming)
    return {
        "cell": cell,
        "is_now": is_now,
        "items": [{**_item(each), "is_over": at >= most} for at, each in enumerate(cell.items)],
        "more": max(len(cell.items) - most, 0),
    }


def _item(each: YearItem) -> dict[str, Any]:
    url = each.link or (
        entry_url(REGISTERS[each.register], each.id)
        if each.register
        else reverse("web:tasks:task_detail", args=[each.id])
    )
    return {
        "item": each,
        "url": url,
        "badge": BADGES[each.state],
        "says": each.state is not State.TO_DO,
        "is_done": each.state is State.DONE,
    }


def _agenda(found: YearPlan, by: By, this_month: int) -> list[dict[str, Any]]:
    """Return the year month by month, for narrow screens: what is due, with its unit or objective.

    What is late, and this month and the next, stand open.
    """
    months = []
    for at in range(MONTHS):
        parts = [
            {
                "name": _name(row, by),
                "cell": row.months[at],
                "items": [_item(each) for each in row.months[at].items],
            }
            for row in found.rows
            if not row.months[at].is_empty
        ]
        count, late = found.sums[at]
        if parts:
            months.append(
                {
                    "name": _("Month %(month)s") % {"month": str(at + 1)},
                    "parts": parts,
                    "count": count,
                    "late": late,
                    "is_open": bool(late) or at + 1 in (this_month, this_month + 1),
                }
            )
    return months


def _links(year: int, by: By, sheet: str) -> dict[str, str]:
    """Return the addresses of the other views of the year."""

    def link(to: int, as_by: By, as_sheet: str) -> str:
        said = {
            "theo": "muc-tieu" if as_by is By.OBJECTIVE else "",
            "kho": "" if as_sheet == A4.name else as_sheet,
        }
        query = urlencode({key: value for key, value in said.items() if value})
        return reverse("web:tasks:plan_year", args=[to]) + (f"?{query}" if query else "")

    return {
        "before": link(year - 1, by, sheet) if year > EARLIEST else "",
        "after": link(year + 1, by, sheet) if year < LATEST else "",
        "by_unit": link(year, By.UNIT, sheet),
        "by_objective": link(year, By.OBJECTIVE, sheet),
        "a4": link(year, by, "a4"),
        "a3": link(year, by, "a3"),
    }
