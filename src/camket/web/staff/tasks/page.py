"""What the task pages share: a task's page with its forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from camket.actions import queries
from camket.improvement.queries.origins import origin_of
from camket.web.request import StaffRequest
from camket.web.staff.tasks.display import origin_shown, shown, shown_all
from camket.web.staff.tasks.forms import (
    AssignForm,
    CommentForm,
    EvidenceForm,
    MoveForm,
    ProgressForm,
    ReasonForm,
    ReturnForm,
    ReviewForm,
    SubmitForm,
)


def task_page(
    request: StaffRequest, task_id: int, refused: str = "", form: forms.Form | None = None
) -> HttpResponse:
    """Show a task; ``refused`` names the act whose ``form`` comes back with its errors and typed text."""
    detail = queries.task_detail(request.actor, task_id, request.today)
    page_forms: dict[str, forms.Form] = {
        "submit": SubmitForm(initial={"result": detail.row.result}),
        "progress": ProgressForm(initial={"progress": detail.row.progress}),
        "evidence": EvidenceForm(prefix="them"),
        "accept": ReviewForm(prefix="dat"),
        "return": ReturnForm(prefix="tra"),
        "move": MoveForm(prefix="han", today=request.today),
        "assign": AssignForm(people=detail.people, initial={"person": detail.row.assignee_id}),
        "cancel": ReasonForm(prefix="huy"),
        "reopen": ReasonForm(prefix="mo"),
        "comment": CommentForm(),
    }
    if form is not None:
        page_forms[refused] = form
    can_submit = detail.can_report and detail.row.state in {"open", "returned"}
    context: dict[str, Any] = {
        "detail": detail,
        "task": shown(detail.row),
        "origin": origin_shown(origin_of(request.actor, task_id)),
        "siblings": shown_all(detail.siblings),
        "leads": detail.bodies_of("lead"),
        "supports": detail.bodies_of("support"),
        "monitors": detail.bodies_of("monitor"),
        "forms": page_forms,
        "refused": {refused: True},
        "can_submit": can_submit,
        "show_result": bool(detail.row.result) and not detail.can_review and not can_submit,
        "show_evidence": (bool(detail.evidence) or detail.can_report) and not detail.can_review,
        "can_reopen": detail.can_manage and detail.row.state in {"accepted", "cancelled"},
        "can_change": detail.can_manage and detail.row.state not in {"accepted", "cancelled"},
    }
    return render(request, "staff/tasks/task_detail.html", context, status=422 if refused else 200)
