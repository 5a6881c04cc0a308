"""The year on the wall: objectives by months with their verdicts, as a page, for A3 and as slides for a meeting."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from camket.core.plan import Period
from camket.core.wording.dates import format_date
from camket.core.wording.text import begun
from camket.objectives.wall import Wall, WallCell, WallTarget, wall
from camket.paper.writing.wall import WallRow, WallText, write_slides, write_wall
from camket.reporting.content import STATE_WORDS
from camket.web.handing_out import PDF, hand_out
from camket.web.request import StaffRequest, say, staff_page

FILES = {"wall": (write_wall, "muc-tieu-ca-nam"), "slides": (write_slides, "muc-tieu-trinh-chieu")}


@staff_page("plan.view")
def year(request: StaffRequest) -> HttpResponse:
    """Show how each target stood at the end of each month; a month leads to the rows that were counted up to then."""
    found = wall(request.actor, request.today)
    context: dict[str, Any] = {"plan": None}
    if found is not None:
        context = {
            "plan": found.plan,
            "months": [_month(each) for each in found.months],
            "objectives": [
                (
                    each.objective,
                    list(each.states),
                    [(target.row, [_cell(found, target, cell) for cell in target.cells]) for target in each.targets],
                    each.is_one,
                )
                for each in found.objectives
            ],
            "states": tuple(STATE_WORDS),
        }  # fmt: skip
    return render(request, "staff/objectives/wall.html", context)


@staff_page("plan.view")
def year_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the year as PDF: a chart for the wall, or slides."""
    found = wall(request.actor, request.today)
    if found is None or form not in FILES:
        raise Http404("no plan in force, or no such form")
    write, name = FILES[form]
    with translation.override("vi"):
        text = _text(request, found)
    return hand_out(write(text), f"{name}-{found.plan.year}.pdf", PDF)


def _cell(found: Wall, target: WallTarget, cell: WallCell) -> dict[str, Any]:
    link = ""
    if cell.state is not None:
        link = reverse("web:objectives:target", args=[target.row.target_id])
        if target.row.is_counted:
            days = {
                "tu": found.plan.period.start.isoformat(),
                "den": min(cell.month.end, found.plan.on).isoformat(),
            }
            link = f"{reverse('web:objectives:rows', args=[target.row.target_id])}?{urlencode(days)}"
    return {
        "month": _month(cell.month),
        "state": cell.state.value if cell.state else "",
        "shown": cell.shown,
        "link": link,
    }


def _month(month: Period) -> str:
    """Return what a month's column is called; "T6" is what Vietnamese charts call June."""
    return f"T{month.end.month}"


def _text(request: StaffRequest, found: Wall) -> WallText:
    plan, rows = found.plan, []
    for each in found.objectives:
        own, targets = each.objective, each.targets
        if not each.is_one:
            rows.append(
                WallRow(
                    number=own.number,
                    text=begun(own.text),
                    goal="",
                    result=f"{own.reached}/{len(targets)} chỉ tiêu" if targets else "",
                    state=own.state.value,
                    states=tuple(state.value if state else "" for state in each.states),
                    is_head=True,
                )
            )
        rows += [
            WallRow(
                number=own.number if each.is_one else f"{own.number}.{index}",
                text=begun(own.text if each.is_one else target.row.target.text),
                goal=target.row.verdict.goal,
                result=target.row.verdict.shown,
                state=target.row.state.value,
                states=tuple(cell.state.value if cell.state else "" for cell in target.cells),
                because=say(target.row.verdict.reason),
                unit=own.owner,
                is_alone=each.is_one,
            )
            for index, target in enumerate(targets, 1)
        ]
    return WallText(
        agency=request.agency.full_name,
        superior=request.agency.superior_name,
        title=f"Mục tiêu chất lượng năm {plan.year}",
        about=f"Số liệu đến ngày {format_date(plan.on)}; mỗi tháng tính lũy kế đến hết tháng.",
        months=tuple(_month(each) for each in found.months),
        rows=tuple(rows),
        words=tuple(STATE_WORDS.items()),
        on=plan.on,
    )
