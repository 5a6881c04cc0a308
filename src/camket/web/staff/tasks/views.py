"""Reading tasks: my work, the agency's list, one task, its files, the events to look out for."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from camket.actions import queries
from camket.documents.queries import open_file
from camket.documents.queries.controlled import waiting_for
from camket.notifications.due import due_for
from camket.objectives import entering, verdicts
from camket.org.policy import can
from camket.registers.queries.own import own_work
from camket.web.handing_out import hand_out
from camket.web.request import StaffRequest, staff_page
from camket.web.staff import many
from camket.web.staff.documents.display import shown_edition
from camket.web.staff.due_words import due_shown
from camket.web.staff.entry_words import work_shown
from camket.web.staff.objectives import periods
from camket.web.staff.tasks import display
from camket.web.staff.tasks.forms import FilterForm
from camket.web.staff.tasks.many import TickedTasks
from camket.web.staff.tasks.page import task_page

FIGURES_SHOWN = 6
ENTRIES_SHOWN = 20
DUES_SHOWN = 20
DUES_AHEAD = timedelta(days=30)


@staff_page("task.view")
def my_work(request: StaffRequest) -> HttpResponse:
    """Show what waits for the person, most urgent first."""
    work = queries.my_work(request.actor, request.today)
    own = own_work(request.actor, request.today, at_most=ENTRIES_SHOWN)
    dues = due_for(request.actor, request.today, until=request.today + DUES_AHEAD)
    documents = waiting_for(request.actor, request.today, has_days=False)
    context = {
        "work": work,
        "overdue": display.shown_all(work.overdue),
        "returned": display.shown_all(work.returned),
        "soon": display.shown_all(work.soon),
        "later": display.shown_all(work.later),
        "submitted": display.shown_all(work.submitted),
        "to_review": display.shown_all(work.to_review),
        "later_hidden": work.later_count - len(work.later),
        **_figures_to_enter(request),
        "own": own,
        "entries": [work_shown(each, request.today) for each in own.rows],
        "entries_hidden": own.total - len(own.rows),
        "dues": [due_shown(each, request.today) for each in dues[:DUES_SHOWN]],
        "dues_count": len(dues),
        "waiting": documents,
        "to_judge": [shown_edition(each) for each in documents.to_judge],
        "overdue_count": len(work.overdue) + own.late + sum(each.is_late(request.today) for each in dues),
    }
    return render(request, "staff/tasks/my_work.html", context)


def _figures_to_enter(request: StaffRequest) -> dict[str, object]:
    """Return the figures that the person's units have to enter by hand, the first of them to show."""
    actor = request.actor
    plan_id = verdicts.plan_judged(request.agency.id, request.today)
    if plan_id is None or not actor.unit_ids or not can(actor, "reading.enter"):
        return {"to_enter": [], "to_enter_count": 0}
    found = entering.figures_to_enter(actor, plan_id, request.today, unit_ids=actor.unit_ids)
    return {
        "to_enter": [(each, periods.named(each.period)) for each in found[:FIGURES_SHOWN]],
        "to_enter_count": len(found),
    }


@staff_page("task.view")
def task_list(request: StaffRequest) -> HttpResponse:
    """List the agency's tasks, narrowed and grouped as asked."""
    units, people = queries.filter_choices(request.actor, request.today)
    form = FilterForm(request.GET, units=units, people=people)
    filters = form.filters()
    page, rows = queries.task_list(
        request.actor, filters, request.today, request.GET.get("page", 1), by=form.group()
    )
    groups = queries.grouped(rows, form.group()) if form.group() else (queries.TaskGroup("", rows),)
    context = {
        "form": form,
        "page": page,
        "groups": [(group.name, display.shown_all(group.rows)) for group in groups],
        "is_grouped": bool(form.group()),
        "is_filtered": filters != queries.TaskFilter(state="todo"),
        "counts": queries.counts(request.actor, request.today),
        "many": many.bar(TickedTasks(request), page.paginator.count, len(rows)),
    }
    return render(request, "staff/tasks/task_list.html", context)


@staff_page("task.view")
def task_detail(request: StaffRequest, task_id: int) -> HttpResponse:
    """Show one task."""
    return task_page(request, task_id)


@staff_page("task.view")
def triggers(request: StaffRequest) -> HttpResponse:
    """List the events that call for actions in force."""
    return render(request, "staff/tasks/triggers.html", {"triggers": queries.trigger_list(request.actor)})


@staff_page("task.view")
def file(request: StaffRequest, file_id: int) -> HttpResponse:
    """Hand out a file of the agency to be saved, never to be opened by the browser as a page.

    A photo comes without place, time and device; ``goc`` in the address asks for the original.
    """
    found = open_file(request.actor, file_id, is_original="goc" in request.GET)
    return hand_out(found.data, found.name, found.content_type)
