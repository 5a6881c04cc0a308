"""What is done with one piece of feedback: a page for each act, with the words of the feedback beside the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core import feedback as rules
from camket.core.messages import Refusal
from camket.documents.queries.signing import signer_choice
from camket.org.queries import unit_choices
from camket.voices.feedback_change import TextMissing
from camket.voices.operations import feedback as operations
from camket.voices.operations import feedback_sent
from camket.voices.operations.feedback_sent import SendingNotPossible
from camket.voices.queries import feedback as queries
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.feedback import display
from camket.web.staff.feedback.forms import (
    AnswerForm,
    ApproveForm,
    AssignForm,
    ClassifyForm,
    MergeForm,
    NoteForm,
    PassOnForm,
    PublishForm,
    ReasonForm,
    RouteForm,
    SentForm,
)


def _act(
    request: StaffRequest,
    found: queries.Detail,
    form: forms.Form,
    *,
    act: str,
    do: Callable[[dict[str, Any]], Any],
    done: str,
    page: dict[str, Any],
    template: str = "staff/feedback/act.html",
    then: str = "web:feedback:detail",
) -> HttpResponse:
    """Show the form of an act, or do it and say so. An act that is not possible leads back to the feedback."""
    if request.method == "GET" and act not in found.acts:
        return redirect("web:feedback:detail", found.row.id)
    if form.is_bound and form.is_valid():
        try:
            do(form.cleaned_data)
        except Refusal as refusal:
            field = refusal.field if isinstance(refusal, TextMissing | SendingNotPossible) else None
            form.add_error(refused_field(refusal, field) if field else None, say(refusal.message))
        else:
            messages.success(request, done)
            return redirect(then, found.row.id)
    context = {"detail": found, "shown": display.shown(found.row), "form": form, **page}
    return render(request, template, context)


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


@staff_page("feedback.assign", methods=("GET", "POST"))
def classify(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Say of what kind feedback is."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = ClassifyForm(
        _sent(request),
        fields=queries.field_choices(request.actor),
        people=queries.colleague_choices(request.actor, request.today),
        initial={
            "kind": found.row.kind if found.row.is_classified else found.proposed_kind or found.row.kind,
            "field_id": found.field_id,
            "concerns": [person_id for person_id, _name in found.concerns],
        },
    )

    def do(data: dict[str, Any]) -> None:
        operations.classify(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    chosen = form.data.get("kind", "") if form.is_bound else ""
    return _act(
        request,
        found,
        form,
        act="classify",
        do=do,
        done=gettext("The kind is noted; the last day in time follows from it."),
        page={"title": _("Say of what kind it is"), "button": _("Save")},
        then="web:feedback:route"
        if chosen in rules.LEGAL_KINDS
        else "web:feedback:assign"
        if found.row.state == "new"
        else "web:feedback:detail",
    )


@staff_page("feedback.assign", methods=("GET", "POST"))
def assign(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Say which unit and which officer answer."""
    found = queries.detail(request.actor, feedback_id, request.today)
    barred = {person_id for person_id, _name in found.concerns}
    people = [
        each for each in queries.colleague_choices(request.actor, request.today) if each[0] not in barred
    ]
    form = AssignForm(
        _sent(request),
        units=unit_choices(request.actor),
        people=people,
        initial={"unit_id": found.unit_id, "officer_id": found.officer_id},
    )

    def do(data: dict[str, Any]) -> None:
        operations.assign(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="assign",
        do=do,
        done=gettext("It is assigned; the sender reads that it is being handled."),
        page={"title": _("Say who answers"), "button": _("Assign")},
    )


@staff_page("feedback.assign", methods=("GET", "POST"))
def merge(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Have feedback answered with one on the same matter that was received before."""
    found = queries.detail(request.actor, feedback_id, request.today)
    offered = queries.merge_choices(request.actor, feedback_id)
    form = MergeForm(_sent(request), offered=offered)

    def do(data: dict[str, Any]) -> None:
        operations.merge(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    warning = gettext(
        "The sender keeps the code and follows by it how the other one stands. From now on only the other one counts; "
        "taking this one up again undoes it."
    )
    if not offered:
        warning = gettext("No feedback of the same kind was received in the half-year before.")
    return _act(
        request,
        found,
        form,
        act="merge",
        do=do,
        done=gettext("It is merged; its sender follows the other one by the own code."),
        page={"title": _("Merge into one received before"), "button": _("Merge"), "warning": warning},
    )


@staff_page("feedback.assign", methods=("GET", "POST"))
def pass_on(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Pass feedback on to the competent body."""
    found = queries.detail(request.actor, feedback_id, request.today)
    signer = signer_choice(request.actor, request.today, "PC")
    form = PassOnForm(
        _sent(request),
        initial={"authority": signer.authority, "capacity": signer.capacity, "signed_by": signer.name},
    )

    def do(data: dict[str, Any]) -> None:
        operations.pass_on(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="pass_on",
        do=do,
        done=gettext("It is passed on; the sender reads to whom. The transfer slip is ready to be printed."),
        page={"title": _("Pass on to the competent body"), "button": _("Pass on")},
    )


@staff_page("feedback.assign", methods=("GET", "POST"))
def route(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Route a complaint or a denunciation to its legal track."""
    found = queries.detail(request.actor, feedback_id, request.today)
    kind = found.row.kind if found.row.kind in rules.LEGAL_KINDS else None
    form = RouteForm(_sent(request), initial={"kind": kind})

    def do(data: dict[str, Any]) -> None:
        operations.route(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="route",
        do=do,
        done=gettext("It is routed to its legal track; it is not settled here."),
        page={
            "title": _("Route as a complaint or denunciation"),
            "button": _("Route"),
            "warning": _(
                "It leaves the way of feedback: it is received and settled by the law on complaints or on denunciations, in "
                "the book of the reception of citizens. Here stays only that and to whom it went."
            ),
        },
    )


@staff_page("feedback.assign", methods=("GET", "POST"))
def set_aside(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Not take feedback up."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = ReasonForm(
        _sent(request),
        label=_("Why it is not taken up"),
        help_text=_(
            "The sender reads it: for example that it says nothing that can be looked into, or was answered."
        ),
    )

    def do(data: dict[str, Any]) -> None:
        operations.set_aside(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="set_aside",
        do=do,
        done=gettext("It is not taken up; the sender reads why."),
        page={"title": _("Not take it up"), "button": _("Not take up")},
    )


@staff_page("feedback.answer", methods=("GET", "POST"))
def answer(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Draft the answer; put it before who approves it."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = AnswerForm(
        _sent(request),
        kind=found.row.kind,
        initial={
            "answer": found.answer,
            "outcome": found.outcome,
            "outcome_reason": found.outcome_reason,
        },
    )
    submits = request.POST.get("submit") == "1"

    def do(data: dict[str, Any]) -> None:
        operations.save_answer(
            actor=request.actor,
            feedback_id=feedback_id,
            answer=data["answer"],
            found=form.found,
            submits=submits,
            now=moment(request),
        )

    return _act(
        request,
        found,
        form,
        act="save_answer",
        do=do,
        done=gettext("The answer waits for approval.") if submits else gettext("The draft is saved."),
        page={"title": _("Draft the answer")},
        template="staff/feedback/answer.html",
    )


@staff_page("feedback.approve", methods=("GET", "POST"))
def approve(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Read the answer, approve and send it."""
    found = queries.detail(request.actor, feedback_id, request.today)
    signer = signer_choice(request.actor, request.today, "TB")
    form = ApproveForm(
        _sent(request),
        initial={"authority": signer.authority, "capacity": signer.capacity, "signed_by": signer.name},
    )

    def do(data: dict[str, Any]) -> None:
        operations.approve_answer(
            actor=request.actor,
            feedback_id=feedback_id,
            signing=operations.Signing(**data),
            now=moment(request),
        )

    return _act(
        request,
        found,
        form,
        act="approve",
        do=do,
        done=gettext(
            "The answer is sent: the sender reads it under the code. The letter is ready to be printed."
        ),
        page={
            "title": _("Approve and send the answer"),
            "return_form": ReasonForm(),
            "outcome": gettext(rules.OUTCOME_NAMES[found.outcome]) if found.outcome else "",
        },
        template="staff/feedback/approve.html",
    )


@staff_page("feedback.approve", methods=("GET", "POST"))
def return_answer(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Return the answer to who drafted it."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = ReasonForm(_sent(request), label=_("What is to be mended"))

    def do(data: dict[str, Any]) -> None:
        operations.return_answer(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="return",
        do=do,
        done=gettext("The answer is returned."),
        page={"title": _("Return the answer"), "button": _("Return"), "shows_answer": True},
    )


@staff_page("feedback.assign", methods=("GET", "POST"))
def reopen(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Take settled feedback up again."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = ReasonForm(_sent(request), label=_("Why it is taken up again"))

    def do(data: dict[str, Any]) -> None:
        operations.reopen(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="reopen",
        do=do,
        done=gettext("It is taken up again."),
        page={
            "title": _("Take up again"),
            "button": _("Take up again"),
            "warning": _(
                "A new last day in time runs from today, unless it had been settled late: that stays late."
            ),
        },
    )


@staff_page("feedback.receive", methods=("GET", "POST"))
def sent(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Note how the sender was told the outcome."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = SentForm(_sent(request), way=found.row.way, settled_on=found.row.settled_on, today=request.today)

    def do(data: dict[str, Any]) -> None:
        feedback_sent.note_sent(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="note_sent",
        do=do,
        done=gettext("It is noted that the sender was told."),
        page={"title": _("Note that the sender was told"), "button": _("Note it")},
    )


@staff_page("feedback.view", methods=("POST",))
def note(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Add an internal note."""
    form = NoteForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    try:
        operations.add_note(actor=request.actor, feedback_id=feedback_id, text=text, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(request, gettext("The note is added."))
    return redirect("web:feedback:detail", feedback_id)


@staff_page("feedback.publish", methods=("GET", "POST"))
def publish(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Make the answer public without personal data, read twice."""
    found = queries.detail(request.actor, feedback_id, request.today)
    proposed = queries.publication_of(request.actor, feedback_id)
    form = PublishForm(_sent(request), initial={"text": proposed.text, "answer": proposed.answer})

    def do(data: dict[str, Any]) -> None:
        operations.publish(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="publish",
        do=do,
        done=gettext("Question and answer are public."),
        page={
            "title": _("Make the answer public"),
            "found": display.found_words(proposed.found),
            "asks_found": form.is_bound,
        },
        template="staff/feedback/publish.html",
    )


@staff_page("feedback.publish", methods=("GET", "POST"))
def unpublish(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Take a published answer back."""
    found = queries.detail(request.actor, feedback_id, request.today)
    form = ReasonForm(_sent(request), label=_("Why it is taken back"))

    def do(data: dict[str, Any]) -> None:
        operations.unpublish(actor=request.actor, feedback_id=feedback_id, now=moment(request), **data)

    return _act(
        request,
        found,
        form,
        act="publish" if found.is_public else "",
        do=do,
        done=gettext("The answer is no longer public."),
        page={"title": _("Take back from the public page"), "button": _("Take back from the public page")},
    )
