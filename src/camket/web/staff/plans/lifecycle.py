"""A plan's page and its life: accepted, submitted, approved, promulgated, amended, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from camket.core.messages import Refusal
from camket.journal.queries import returned
from camket.objectives import operations, queries
from camket.objectives.completeness import Completeness, completeness_of
from camket.objectives.details import PlanDetail, PlanRow
from camket.objectives.verdicts import verdicts_of_plan
from camket.web.acting import did
from camket.web.request import StaffRequest, refused_field, say, staff_page
from camket.web.staff.plans import page as pages
from camket.web.staff.plans.forms import (
    OptionalReasonForm,
    ReasonForm,
    SignatureForm,
    StatementForm,
    read_upload,
)


@staff_page("plan.view")
def plan_detail(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Show a plan: where it stands, what to do next, policy, objectives, what is missing."""
    return _detail(request, plan_id)


@staff_page("plan.edit", methods=("POST",))
def plan_accept(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Accept the reading: the plan becomes a draft."""
    return _act(
        request,
        plan_id,
        lambda: operations.accept_reading(actor=request.actor, plan_id=plan_id, today=request.today),
        gettext("The reading is accepted; the plan is a draft now."),
    )


@staff_page("plan.edit", methods=("POST",))
def plan_statement(request: StaffRequest, plan_id: int, element: str) -> HttpResponse:
    """Take the resources or the evaluation for the whole plan, where the plan's page says that they are missing."""
    form = StatementForm(request.POST, prefix=element)
    if form.is_valid():
        try:
            operations.update_head(
                actor=request.actor,
                plan_id=plan_id,
                today=request.today,
                **{element: form.cleaned_data["text"]},
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "text"), say(refusal.message))
        else:
            messages.success(request, gettext("It is written for the whole plan."))
            return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan_id]))
    return _detail(request, plan_id, **{f"{element}_form": form})


@staff_page("plan.submit", methods=("POST",))
def plan_submit(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Submit the plan for approval."""
    return _act(
        request,
        plan_id,
        lambda: operations.submit_plan(actor=request.actor, plan_id=plan_id, today=request.today),
        gettext("The plan is submitted to the chairman for approval."),
    )


@staff_page("plan.view", methods=("POST",))
def plan_return(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Return the plan to its draft, with a reason; the operation says who may."""
    return _reasoned(
        request,
        plan_id,
        "return_form",
        ReasonForm(request.POST, prefix="return"),
        operations.return_plan,
        gettext("The plan is returned to its draft."),
    )


@staff_page("plan.approve", methods=("POST",))
def plan_approve(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Approve the plan."""
    return _act(
        request,
        plan_id,
        lambda: operations.approve_plan(actor=request.actor, plan_id=plan_id, today=request.today),
        gettext("The plan is approved. It is in force once it is signed and has its number and date."),
    )


@staff_page("plan.promulgate", methods=("GET", "POST"))
def plan_promulgate(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Take number, date and signed copy of an approved plan, which puts it in force."""
    return _sign(request, plan_id, "promulgate", operations.promulgate_plan)


@staff_page("plan.promulgate", methods=("GET", "POST"))
def plan_record_signed(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Put a decision in force that was signed on paper before it was brought in."""
    return _sign(request, plan_id, "record_signed", operations.record_signed_plan)


@staff_page("plan.edit", methods=("POST",))
def plan_amend(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Begin an amending version of a plan in force."""
    form = OptionalReasonForm(request.POST, prefix="amend")
    if form.is_valid():
        try:
            amended = operations.amend_plan(
                actor=request.actor, plan_id=plan_id, today=request.today, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request,
                gettext(
                    "A new version is begun; the plan in force stays until the amending decision is promulgated."
                ),
            )
            return HttpResponseRedirect(reverse("web:plans:plan_edit", args=[amended]))
    return _detail(request, plan_id, amend_form=form)


@staff_page("plan.close", methods=("POST",))
def plan_close(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Close a plan whose period is over."""
    return _act(
        request,
        plan_id,
        lambda: operations.close_plan(actor=request.actor, plan_id=plan_id, today=request.today),
        gettext("The plan is closed."),
    )


@staff_page("plan.edit", methods=("POST",))
def plan_discard(request: StaffRequest, plan_id: int) -> HttpResponse:
    """Give a draft up; it stays in the journal."""
    form = OptionalReasonForm(request.POST, prefix="discard")
    if form.is_valid():
        try:
            operations.discard_plan(
                actor=request.actor, plan_id=plan_id, today=request.today, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, gettext("The draft is discarded; the journal keeps it."))
            return HttpResponseRedirect(reverse("web:plans:plan_list"))
    return _detail(request, plan_id, discard_form=form)


def _detail(request: StaffRequest, plan_id: int, **opened: forms.Form) -> HttpResponse:
    plan, page = queries.plan_page(request.actor, plan_id, request.GET.get("page"))
    verdicts = verdicts_of_plan(request.actor, plan.id, request.today) if pages.is_measured(plan) else None
    return render(
        request,
        "staff/plans/plan_detail.html",
        {
            "plan": plan,
            "plan_name": pages.plan_name(plan),
            "document_name": pages.document_name(plan),
            "state": pages.STATES[plan.state],
            "steps": pages.life(plan),
            "offers": pages.offers(plan, request.today),
            "next_step": pages.next_step(plan),
            "elements": pages.elements(_completeness(request, plan, page)) if pages.is_open(plan) else [],
            "lines": pages.objective_lines(plan, verdicts),
            "page": page,
            "versions": [pages.plan_line(row, plan.id) for row in _versions(request, plan)],
            "has_acts": pages.has_acts(plan),
            "is_measured": pages.is_measured(plan),
            "returned": returned(request.actor, subject_type="objectives.plan", subject_id=plan.id)
            if plan.state == "draft"
            else None,
            "return_form": opened.get("return_form") or ReasonForm(prefix="return"),
            "amend_form": opened.get("amend_form") or OptionalReasonForm(prefix="amend"),
            "resources_form": opened.get("resources_form") or StatementForm(prefix="resources"),
            "evaluation_form": opened.get("evaluation_form") or StatementForm(prefix="evaluation"),
            "discard_form": opened.get("discard_form") or OptionalReasonForm(prefix="discard"),
            "tab": "plan",
        },
    )


def _completeness(request: StaffRequest, plan: PlanDetail, page: Page[int]) -> Completeness:
    """Return what the whole plan lacks, not only this page of it."""
    return completeness_of(queries.plan_detail(request.actor, plan.id) if page.has_other_pages() else plan)


def _versions(request: StaffRequest, plan: PlanDetail) -> tuple[PlanRow, ...]:
    """Return the versions of a plan that has others."""
    has_others = plan.supersedes_id is not None or plan.replaced_by_id is not None
    return queries.versions(request.actor, plan.id) if has_others else ()


def _act(request: StaffRequest, plan_id: int, perform: Callable[[], Any], done: str) -> HttpResponse:
    """Do one act of the plan's life and show the plan; a refusal is said on its page."""
    did(request, perform, done)
    return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan_id]))


def _reasoned(
    request: StaffRequest,
    plan_id: int,
    name: str,
    form: forms.Form,
    perform: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Do an act that needs a reason; a refusal leaves the reason in its form."""
    if form.is_valid():
        try:
            perform(
                actor=request.actor, plan_id=plan_id, today=request.today, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan_id]))
    return _detail(request, plan_id, **{name: form})


def _sign(request: StaffRequest, plan_id: int, act: str, perform: Callable[..., int]) -> HttpResponse:
    plan = queries.plan_detail(request.actor, plan_id)
    if act not in plan.acts:
        messages.info(request, gettext("This is not possible in the plan's present state."))
        return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan_id]))
    is_sent = request.method == "POST"
    form = SignatureForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, initial=SignatureForm.of(plan)
    )
    missing = pages.gap_lines(completeness_of(plan).blocking)
    if form.is_valid():
        values = dict(form.cleaned_data)
        upload = values.pop("signed_file")
        try:
            made = perform(
                actor=request.actor,
                plan_id=plan_id,
                today=request.today,
                signed_file=operations.Upload(*read_upload(upload)) if upload else None,
                **values,
            )
        except operations.PlanIncomplete as refusal:
            form.add_error(None, say(refusal.message))
            missing = pages.gap_lines(refusal.gaps)
        except operations.SignedFileMissing as refusal:
            form.add_error("signed_file", say(refusal.message))
        except operations.DateInFuture as refusal:
            form.add_error("decided_on", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(
                request,
                gettext("The plan is in force; %(count)s dated tasks are made from it.")
                % {"count": str(made)},
            )
            return HttpResponseRedirect(reverse("web:plans:plan_detail", args=[plan_id]))
    return render(
        request,
        "staff/plans/plan_sign.html",
        {
            "plan": plan,
            "plan_name": pages.plan_name(plan),
            "form": form,
            "missing": missing,
            "is_recorded": act == "record_signed",
        },
    )
