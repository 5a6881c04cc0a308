"""The units beside each other, for those who lead: objectives, dated work and dossiers, each number leading to its rows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from camket.core.exact import rounded, with_unit
from camket.core.periods import split
from camket.core.plan import Every
from camket.org.policy import can
from camket.paper.writing import charts
from camket.reporting.units import Comparison, UnitLine, plan_period, unit_comparison
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.objectives import periods
from camket.web.staff.tasks.forms import ALL

_OFFERED = (Every.YEAR, Every.HALF_YEAR, Every.QUARTER, Every.MONTH)


@staff_page("week.view")
def units(request: StaffRequest) -> HttpResponse:
    """Show the units over a chosen period; a head finds the own beside the average."""
    whole = plan_period(request.actor, request.today)
    choices = [each for every in _OFFERED for each in split(whole, every) if each.start <= request.today]
    asked = periods.from_code(request.GET.get("ky", ""))
    period = asked if asked in choices else whole
    found = unit_comparison(request.actor, period, request.today)
    scale = (Decimal(0), Decimal(100))
    mean = _rate(found.every.tasks.in_time, found.every.tasks.judged)
    return render(
        request,
        "staff/overview/units.html",
        {
            "found": found,
            "period": period,
            "period_name": periods.named(period),
            "choices": [(periods.code(each), periods.named(each), each == period) for each in choices],
            "lines": [_line(request, found, each, scale, mean) for each in found.lines],
            "mean": _mean(found),
        },
    )


def _line(
    request: StaffRequest,
    found: Comparison,
    line: UnitLine,
    scale: tuple[Decimal, Decimal],
    mean: Decimal | None,
) -> dict[str, Any]:
    rate = _rate(line.tasks.in_time, line.tasks.judged)
    name = line.name or gettext("Several units or none")
    return {
        "line": line,
        "name": name,
        "rate": _shown(rate),
        "bar": None
        if rate is None
        else charts.strip(
            rate,
            scale,
            goal=mean,
            state="plain" if mean is None or rate >= mean else "missed",
            title=f"{name}: {_shown(rate)}",
            key=f"unit-{line.unit_id}",
        ),
        "late_rate": _shown(_rate(line.dossiers.late, line.dossiers.finished)),
        "tasks": _task_links(found, line)
        if line.unit_id is not None and can(request.actor, "task.view")
        else {},
        "dossiers": _dossier_links(found, line)
        if line.unit_id is not None and can(request.actor, "dossier.view")
        else {},
    }


def _task_links(found: Comparison, line: UnitLine) -> dict[str, str]:
    address = reverse("web:tasks:task_list")
    days = {"tu": f"{found.period.start:%d/%m/%Y}", "den": f"{found.period.end:%d/%m/%Y}"}
    return {
        name: f"{address}?{urlencode({'trang_thai': state, 'don_vi': str(line.unit_id), **days})}"
        for name, state in (
            ("total", ALL),
            ("done_late", "done_late"),
            ("overdue", "overdue"),
            ("done", "done"),
        )
    }


def _dossier_links(found: Comparison, line: UnitLine) -> dict[str, str]:
    address = reverse("web:dossiers:dossier_list")
    days = {"tu": f"{found.period.start:%d/%m/%Y}", "den": f"{found.on:%d/%m/%Y}"}
    return {
        count: f"{address}?{urlencode({'dem': count, 'don_vi': str(line.unit_id), **days})}"
        for count in ("finished", "late", "overdue")
    }


def _mean(found: Comparison) -> dict[str, str]:
    """Return what units have on average: rates of all together, counts by unit."""
    every, count = found.every, found.count

    def each(number: int) -> str:
        return with_unit(rounded(Fraction(number, count), 1), "") if count else "–"

    return {
        "targets": f"{each(every.reached)}/{each(every.targets)}" if every.targets else "–",
        "total": each(every.tasks.total),
        "in_time": each(every.tasks.in_time),
        "rate": _shown(_rate(every.tasks.in_time, every.tasks.judged)),
        "done_late": each(every.tasks.done_late),
        "overdue": each(every.tasks.overdue),
        "finished": each(every.dossiers.finished),
        "late": each(every.dossiers.late),
        "late_rate": _shown(_rate(every.dossiers.late, every.dossiers.finished)),
        "dossiers_overdue": each(every.dossiers.overdue),
    }


def _rate(part: int, whole: int) -> Decimal | None:
    return rounded(Fraction(100 * part, whole), 1) if whole else None


def _shown(rate: Decimal | None) -> str:
    return "" if rate is None else with_unit(rate, "%")
