"""Acts on tasks: each takes one form, makes one call, and answers with the task or with the form's errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from camket.actions import operations, queries
from camket.core.messages import Refusal
from camket.registers import operations as registers
from camket.web.request import StaffRequest, moment, say, staff_page, way_back
from camket.web.staff.tasks.forms import (
    AssignForm,
    CommentForm,
    EvidenceForm,
    FireForm,
    MoveForm,
    ProgressForm,
    ReasonForm,
    ReturnForm,
    ReviewForm,
    SubmitForm,
)
from camket.web.staff.tasks.page import task_page


def _act(
    request: StaffRequest,
    task_id: int,
    name: str,
    form: forms.Form,
    call: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Make one call with a form's values and go back to the task; else show it with what is wrong."""
    if form.is_valid():
        try:
            call(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, done)
            return redirect("web:tasks:task_detail", task_id)
    return task_page(request, task_id, name, form)


@staff_page("task.report", methods=("POST",))
def record_progress(request: StaffRequest, task_id: int) -> HttpResponse:
    """Report progress."""

    def call(data: dict[str, Any]) -> object:
        return operations.record_progress(
            actor=request.actor,
            task_id=task_id,
            progress=data["progress"],
            note=data["note"],
            now=moment(request),
        )

    return _act(
        request, task_id, "progress", ProgressForm(request.POST), call, _("The progress is recorded.")
    )


@staff_page("task.report", methods=("POST",))
def attach_evidence(request: StaffRequest, task_id: int) -> HttpResponse:
    """Attach evidence, one or several at once."""
    form = EvidenceForm(request.POST, request.FILES, prefix="them")

    def call(data: dict[str, Any]) -> object:
        return operations.attach_evidence(
            actor=request.actor, task_id=task_id, evidence=form.evidence(), now=moment(request)
        )

    return _act(request, task_id, "evidence", form, call, _("The evidence is attached."))


@staff_page("task.report", methods=("POST",))
def submit_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Submit the result with its evidence."""
    form = SubmitForm(request.POST, request.FILES)

    def call(data: dict[str, Any]) -> object:
        return operations.submit_task(
            actor=request.actor,
            task_id=task_id,
            result=data["result"],
            evidence=form.evidence(),
            now=moment(request),
        )

    return _act(
        request,
        task_id,
        "submit",
        form,
        call,
        _("Submitted. You will see here when it is accepted or returned."),
    )


@staff_page("task.view", methods=("POST",))
def accept_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Accept a submission."""

    def call(data: dict[str, Any]) -> object:
        return operations.accept_task(
            actor=request.actor, task_id=task_id, note=data["note"], now=moment(request)
        )

    return _act(
        request,
        task_id,
        "accept",
        ReviewForm(request.POST, prefix="dat"),
        call,
        _("The task is accepted as done."),
    )


@staff_page("task.view", methods=("POST",))
def return_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Return a submission with the reason."""

    def call(data: dict[str, Any]) -> object:
        return operations.return_task(
            actor=request.actor, task_id=task_id, reason=data["reason"], now=moment(request)
        )

    return _act(
        request, task_id, "return", ReturnForm(request.POST, prefix="tra"), call, _("The task is returned.")
    )


@staff_page("task.manage", methods=("POST",))
def move_due(request: StaffRequest, task_id: int) -> HttpResponse:
    """Give another due day."""

    def call(data: dict[str, Any]) -> object:
        return operations.move_due(
            actor=request.actor,
            task_id=task_id,
            due_on=data["due_on"],
            reason=data["reason"],
            now=moment(request),
        )

    form = MoveForm(request.POST, prefix="han", today=request.today)
    return _act(request, task_id, "move", form, call, _("The due day is changed."))


@staff_page("task.view", methods=("POST",))
def assign_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Give the task to a person, or back to its unit."""
    people = queries.task_detail(request.actor, task_id, request.today).people
    form = AssignForm(request.POST, people=people)

    def call(data: dict[str, Any]) -> object:
        return operations.assign_task(
            actor=request.actor, task_id=task_id, person_id=data["person"], now=moment(request)
        )

    return _act(request, task_id, "assign", form, call, _("The task is assigned."))


@staff_page("task.manage", methods=("POST",))
def cancel_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Cancel the task with the reason."""

    def call(data: dict[str, Any]) -> object:
        return operations.cancel_task(
            actor=request.actor, task_id=task_id, reason=data["reason"], now=moment(request)
        )

    return _act(
        request, task_id, "cancel", ReasonForm(request.POST, prefix="huy"), call, _("The task is cancelled.")
    )


@staff_page("task.manage", methods=("POST",))
def reopen_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Reopen the task with the reason."""

    def call(data: dict[str, Any]) -> object:
        return operations.reopen_task(
            actor=request.actor, task_id=task_id, reason=data["reason"], now=moment(request)
        )

    return _act(
        request, task_id, "reopen", ReasonForm(request.POST, prefix="mo"), call, _("The task is open again.")
    )


@staff_page("task.comment", methods=("POST",))
def comment_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Write a comment."""

    def call(data: dict[str, Any]) -> object:
        return operations.comment_task(
            actor=request.actor, task_id=task_id, text=data["text"], now=moment(request)
        )

    return _act(request, task_id, "comment", CommentForm(request.POST), call, _("The comment is kept."))


@staff_page("task.report", methods=("POST",))
def withdraw_evidence(request: StaffRequest, evidence_id: int) -> HttpResponse:
    """Withdraw evidence with the reason and go back to the page it was asked from."""
    form = ReasonForm(request.POST)
    try:
        registers.withdraw_evidence(
            actor=request.actor,
            evidence_id=evidence_id,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            now=moment(request),
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, _("The evidence is withdrawn."))
    return way_back(request, "web:tasks:my_work")


@staff_page("task.report", methods=("GET", "POST"))
def fire_trigger(request: StaffRequest, trigger_id: int) -> HttpResponse:
    """Say that an event has happened, so that its work comes due."""
    trigger = queries.trigger_row(request.actor, trigger_id)
    has_limit = trigger.within_days is not None
    form = FireForm(request.POST or None, has_limit=has_limit, initial={"happened_on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            task = operations.fire_trigger(
                actor=request.actor,
                trigger_id=trigger_id,
                happened_on=form.cleaned_data["happened_on"],
                note=form.cleaned_data["note"],
                due_on=form.cleaned_data.get("due_on"),
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The task is dated."))
            return redirect("web:tasks:task_detail", task.pk)
    context = {"trigger": trigger, "form": form}
    return render(request, "staff/tasks/fire_trigger.html", context, status=422 if form.errors else 200)
