"""The dashboard: the year at a glance, fitted to who looks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from camket.actions import queries as work
from camket.core.messages import Message
from camket.core.registers.standing import Standing
from camket.core.targets import SEVERITY, VerdictState
from camket.documents.queries import controlled as documents
from camket.improvement.queries import origins
from camket.improvement.queries import overview as improvement
from camket.jobs.week import decisions_waiting
from camket.notifications.due import due_for
from camket.objectives import entering, verdicts
from camket.objectives import queries as plans
from camket.org import policy
from camket.org.calendar import working_calendar
from camket.paper.writing import charts
from camket.publishing.queries import postings
from camket.registers.queries.own import OwnWork, overdue_by_register, own_work
from camket.voices.queries import feedback
from camket.web.request import StaffRequest, staff_page
from camket.web.staff.due_words import due_shown
from camket.web.staff.objectives import periods
from camket.web.staff.tasks.display import origin_shown, shown

SOON_DAYS = 14
DUES_AHEAD = timedelta(days=30)
SHOWN = 6
DUES_SHOWN = 12
_BAR = (
    VerdictState.MET,
    VerdictState.ON_TRACK,
    VerdictState.NOTHING_AROSE,
    VerdictState.NO_DATA,
    VerdictState.AT_RISK,
    VerdictState.MISSED,
)


@staff_page("plan.view")
def home(request: StaffRequest) -> HttpResponse:
    """Show objectives by verdict, what calls for attention, overdue work by unit and what is due soon."""
    actor, today = request.actor, request.today
    if policy.only_looks_from_above(actor):
        return redirect("web:below")
    plan = verdicts.verdicts_judged(actor, today)
    is_secretary = policy.can(actor, "plan.edit")
    is_leader = policy.can(actor, "plan.approve") or (policy.can(actor, "report.issue") and not is_secretary)
    looks = actor.scope is not policy.Scope.AGENCY  # no work of one's own lies in another agency
    context: dict[str, Any] = {
        "plan": None,
        "is_secretary": is_secretary,
        "is_leader": is_leader,
        "is_own": not is_secretary and not is_leader and not looks,
        "looks": looks,
        "to_approve": plans.plans(actor, state="submitted") if policy.can(actor, "plan.approve") else (),
    }
    if plan is None:
        context["drafts"] = plans.plans(actor, year=today.year)
        return render(request, "staff/overview/home.html", context)
    overdue = work.overdue_by_unit(actor, today)
    attention = [
        (objective, row)
        for state in (VerdictState.MISSED, VerdictState.AT_RISK)
        for objective in plan.objectives
        for row in objective.targets
        if row.state is state
    ]
    counts = plan.by_state
    context.update(
        plan=plan,
        bar=charts.share_bar(
            [(state.value, counts.get(state, 0)) for state in _BAR],
            title=gettext("Objectives by verdict"),
            key="objectives",
        ),
        states=[(state.value, counts.get(state, 0)) for state in reversed(SEVERITY) if counts.get(state)],
        total=len(plan.objectives),
        well=sum(counts.get(state, 0) for state in (VerdictState.MET, VerdictState.ON_TRACK)),
        attention=attention[:SHOWN],
        attention_count=len(attention),
        overdue=overdue,
        overdue_count=sum(each.count for each in overdue),
        waiting_count=sum(row.waiting for row in plan.targets),
    )
    if is_secretary:
        lacking = entering.figures_to_enter(actor, plan.plan_id, today)
        context.update(
            to_enter=[(each, periods.named(each.period)) for each in lacking[:SHOWN]],
            to_enter_count=len(lacking),
            unwired=sum(not row.is_wired for row in plan.targets),
        )
    if context["is_own"]:
        filters = work.TaskFilter(state="todo", person_id=actor.acts_as_id)
        page, rows = work.task_list(actor, filters, today)
        context.update(mine=rows[:8], mine_count=page.paginator.count)
    else:
        context["soon"] = work.due_soon(actor, today, SOON_DAYS, 8)
    return render(request, "staff/overview/home.html", context)


@staff_page("plan.view")
def waiting(request: StaffRequest) -> HttpResponse:
    """Show what waits for whoever looks: decisions, results to accept, what is due, proposals, feedback and postings.

    As a part of the overview where a script asks for it, as a page of its own otherwise. Nothing waits in an agency that
    is only looked at.
    """
    actor, today = request.actor, request.today
    is_own_agency = actor.scope is policy.Scope.AGENCY
    decisions = decisions_waiting(actor) if is_own_agency else ()
    if request.htmx:  # the overview itself tells of a plan that waits
        decisions = tuple(each for each in decisions if each.act != "plan.approve")
    entries = own_work(actor, today, at_most=SHOWN) if is_own_agency else OwnWork()
    watches = policy.can_in_agency(actor, "register.keep")
    calendar = working_calendar(actor.agency_id) if is_own_agency else None
    dues = due_for(actor, today, until=today + DUES_AHEAD, calendar=calendar) if is_own_agency else ()
    to_accept = origins.to_accept(actor, today) if is_own_agency else []
    context = {
        "decisions": [(each, Message(each.button)) for each in decisions],
        "to_accept": [(shown(each), origin_shown(origin)) for each, origin in to_accept[:SHOWN]],
        "to_accept_count": len(to_accept),
        "entries": entries,
        "entry_rows": [(each, each.standing is Standing.LATE) for each in entries.rows],
        "late_entries": overdue_by_register(actor, today) if watches else (),
        "feedback": feedback.waiting_for(actor, today, calendar),
        "postings": postings.waiting_for(actor, today, calendar),
        "documents": documents.waiting_for(actor, today, has_days=False),
        "dues": [due_shown(each, today) for each in dues[:DUES_SHOWN]],
        "dues_count": len(dues),
        "dues_late": any(each.is_late(today) for each in dues),
        "proposals": improvement.proposals(actor) if is_own_agency else (),
    }
    template = "staff/overview/waiting.html#waiting" if request.htmx else "staff/overview/waiting.html"
    return render(request, template, context)
