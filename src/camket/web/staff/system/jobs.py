"""The timetable of the installation, for whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.timetable import Daily, Rule
from camket.jobs import operations, queries
from camket.jobs.queries import JobRow, State
from camket.web.request import StaffRequest, say, staff_page

STATES = {
    State.OFF: (_("Switched off"), "grey"),
    State.NEVER: (_("Has not run yet"), "grey"),
    State.RUNNING: (_("Running"), "blue"),
    State.ASKED: (_("About to run"), "blue"),
    State.DONE: (_("Done"), "green"),
    State.ALARM: (_("Needs attention"), "red"),
    State.RETRYING: (_("Failed, tried again"), "amber"),
    State.FAILED: (_("Failed"), "red"),
}
"""What each state is called, and its colour."""


@dataclass(frozen=True, slots=True)
class Line:
    """One job as the page lists it."""

    name: str
    title: str
    about: str
    when: str
    state: str
    tone: str
    said: str
    ran_at: datetime | None
    succeeded_at: datetime | None
    next_at: datetime | None
    can_run: bool


@staff_page("system.view")
def jobs(request: StaffRequest) -> HttpResponse:
    timetable = queries.timetable(request.actor, timezone.now())
    lines = [_line(row) for row in timetable.jobs]
    return render(
        request,
        "staff/system/jobs.html",
        {
            "lines": lines,
            "seen_at": timetable.seen_at,
            "is_silent": timetable.is_silent,
            "troubled": sum(line.tone == "red" for line in lines),
        },
    )


@staff_page("system.manage", methods=("POST",))
def job_run(request: StaffRequest, job: str) -> HttpResponse:
    try:
        operations.ask_to_run(actor=request.actor, name=job, today=request.today, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request, gettext("The job runs within a few seconds. Reload the page to see how it ended.")
        )
    return redirect("web:system:jobs")


def _line(row: JobRow) -> Line:
    label, tone = STATES[row.state]
    message = row.why_off or row.error or row.result
    is_waiting = row.state in {State.RUNNING, State.ASKED}
    return Line(
        name=row.name,
        title=say(row.title),
        about=say(row.about),
        when=_when(row.rule),
        state=str(label),
        tone=tone,
        said="" if is_waiting or message is None else say(message),
        ran_at=row.started_at if is_waiting else row.ended_at,
        succeeded_at=row.succeeded_at if row.error else None,
        next_at=None if row.state is State.OFF else (row.retry_at or row.due_at),
        can_run=row.state not in {State.OFF, State.RUNNING, State.ASKED},
    )


def _when(rule: Rule) -> str:
    if isinstance(rule, Daily):
        return gettext("Every day at %(time)s") % {"time": f"{rule.at:%H:%M}"}
    return gettext("Every %(minutes)s minutes") % {"minutes": str(rule.minutes)}
