"""The page of the week, for those who lead: what Monday's letter tells, whole, on one sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from camket.core.messages import Message
from camket.core.reminders import DueWork
from camket.jobs.week import LateUnit, WeekPage, week_page
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.days_left import left
from camket.web.staff.entry_words import meeting_shown

OBJECTIVES = 12
TARGETS, UNITS, OF_A_UNIT, DECISIONS, DUE, DONE, MEETINGS = 6, 6, 2, 8, 7, 5, 6
"""So much of each part stands on the page, so that it is one sheet of paper; what is beyond is counted, with the way to it."""


SHEET, LETTERS = 140, 38
"""So many lines of so many letters are sure to find room on the sheet; where there is more, words are cut on paper."""


@staff_page("week.view")
def week(request: StaffRequest) -> HttpResponse:
    """Show targets that call, late units, decisions that wait, what is due this week and what was done in the last."""
    page = week_page(request.actor, request.today, moment(request))
    decisions: list[dict[str, Any]] = [
        {"message": each.message, "link": each.link, "button": Message(each.button)}
        for each in page.decisions
    ]
    promised = page.promised.objectives
    context = {
        "page": page,
        "promised": promised[:OBJECTIVES],
        "promised_more": max(len(promised) - OBJECTIVES, 0),
        "reached": page.promised.reached,
        "targets": page.promised.targets,
        "calling": page.calling[:TARGETS],
        "calling_more": max(len(page.calling) - TARGETS, 0),
        "late": [_unit(request, each) for each in page.late[:UNITS]],
        "late_more": sum(len(each.works) for each in page.late[UNITS:]),
        "decisions": decisions[:DECISIONS],
        "to_accept": page.to_accept[: max(DECISIONS - len(decisions), 0)],
        "waiting_more": max(page.waiting - DECISIONS, 0),
        "due": [(each, _still(request, each)) for each in page.due[:DUE]],
        "due_more": max(len(page.due) - DUE, 0),
        "meetings": [meeting_shown(each) for each in page.meetings[:MEETINGS]],
        "meetings_more": max(len(page.meetings) - MEETINGS, 0),
        "done": page.done[:DONE],
        "done_more": max(len(page.done) - DONE, 0),
    }
    context["is_full"] = _lines(page) > SHEET
    return render(request, "staff/overview/week.html", context)


def _lines(page: WeekPage) -> int:
    """Return how many lines the sheet takes, reckoned high: of each matter as many as its words, of each part its head."""
    decisions = [say(each.message) for each in page.decisions] + [each.title for each in page.to_accept]
    told = [
        *decisions[:DECISIONS],
        *(each.title for each in page.due[:DUE]),
        *(each.title for each in page.done[:DONE]),
        *(each.title for each in page.meetings[:MEETINGS]),
    ]
    lines = sum(len(each) // LETTERS + 2 for each in told)
    # The words of a target stand beside its verdict, those of an objective and of late work beside theirs.
    lines += sum(len(row.target.text) // 30 + 5 for _, row in page.calling[:TARGETS])
    lines += sum(len(each.text) // 26 + 1 for each in page.promised.objectives[:OBJECTIVES])
    for unit in page.late[:UNITS]:
        lines += 2 + sum(len(each.title) // 24 + 1 for each in unit.works[:OF_A_UNIT])
    return lines + 7 * 2


def _unit(request: StaffRequest, unit: LateUnit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "count": len(unit.works),
        "works": [(each, _days_late(request, each)) for each in unit.works[:OF_A_UNIT]],
        "more": max(len(unit.works) - OF_A_UNIT, 0),
    }


def _still(request: StaffRequest, work: DueWork) -> str:
    """Return until when work whose day is past is in time; "" of work whose day is to come."""
    days = (work.due_on - request.today).days
    return left(days, work.late_after) if days < 0 else ""


def _days_late(request: StaffRequest, work: DueWork) -> int:
    return (request.today - work.late_after).days
