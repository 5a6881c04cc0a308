"""On site, most often on a phone: a unit's checklist, one question a page with photos, findings, the unit's word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.improvement.operations import audits as operations
from camket.improvement.queries import audits as queries
from camket.web.request import StaffRequest, moment, staff_page
from camket.web.staff.improvement.audits import display
from camket.web.staff.improvement.audits.forms import (
    AnswerForm,
    FindingForm,
    PhotosForm,
    QuestionForm,
    ReasonForm,
    RemarkForm,
)
from camket.web.staff.improvement.audits.views import refused


@staff_page("audit.view")
def checklist(request: StaffRequest, audit_id: int, unit_id: int) -> HttpResponse:
    """Show a unit's checklist with its answers and findings."""
    return _checklist_page(request, audit_id, unit_id)


def _checklist_page(request: StaffRequest, audit_id: int, unit_id: int, **forms: Any) -> HttpResponse:
    found = queries.checklist(request.actor, audit_id, unit_id)
    context = {
        "found": found.page,
        "row": found.page.row,
        "unit": found.unit,
        "may_do": dict.fromkeys(found.page.acts, True),
        "questions": [(each, display.ANSWERS[each.answer]) for each in found.questions],
        "findings": [display.shown_finding(each) for each in found.findings if not each.is_withdrawn],
        "next": next((each.id for each in found.questions if not each.answer), None),
        "remarking": RemarkForm(prefix="y-kien", initial={"remark": found.unit.remark}),
        **forms,
    }
    return render(request, "staff/improvement/audits/checklist.html", context)


@staff_page("audit.conduct", methods=("GET", "POST"))
def answer(request: StaffRequest, asked_id: int) -> HttpResponse:
    """Answer a question with photos; a bad answer becomes a finding in the same step."""
    audit_id, unit_id = queries.question(request.actor, asked_id)
    found = queries.checklist(request.actor, audit_id, unit_id)
    places = [each.id for each in found.questions]
    place = places.index(asked_id)
    asked = found.questions[place]
    is_sent = request.method == "POST"
    given = request.POST if is_sent else None
    form = AnswerForm(given, initial={"answer": asked.answer, "note": asked.note, "version": asked.version})
    finding = FindingForm(given, prefix="phat-hien", initial={"clause": asked.clause})
    photos = PhotosForm(given, request.FILES if is_sent else None, prefix="anh")
    needs_finding = (
        is_sent
        and request.POST.get("answer") == "finding"
        and (not asked.findings or bool(request.POST.get("phat-hien-text", "").strip()))
    )
    # Each form is asked, so that the page says all that is to be mended at once.
    checked = [form.is_valid(), photos.is_valid(), not needs_finding or finding.is_valid()] if is_sent else []
    if is_sent and all(checked):
        data = form.cleaned_data
        try:
            operations.answer(
                actor=request.actor,
                question_id=asked_id,
                answer=data["answer"],
                note=data["note"],
                version=data["version"],
                now=moment(request),
                evidence=photos.given(),
                finding=finding.finding(key=f"q{asked_id}.{data['version']}") if needs_finding else None,
            )
        except operations.AnsweredMeanwhile as refusal:
            form.data = {**request.POST.dict(), "version": str(refusal.question.version)}
            asked = next(
                each
                for each in queries.checklist(request.actor, audit_id, unit_id).questions
                if each.id == asked_id
            )
            refused(form, refusal)
        except Refusal as refusal:
            refused(form, refusal)
        else:
            after = places[place + 1 :] + places[:place]
            still = {each.id for each in found.questions if not each.answer}
            coming = next((each for each in after if each in still), None)
            messages.success(request, _("The answer is kept."))
            if coming is not None and "list" not in request.POST:
                return redirect("web:audits:answer", coming)
            return redirect("web:audits:checklist", audit_id, unit_id)
    context = {
        "found": found.page,
        "row": found.page.row,
        "unit": found.unit,
        "asked": asked,
        "badge": display.ANSWERS[asked.answer],
        "findings": [display.shown_finding(each) for each in asked.findings],
        "form": form,
        "finding": finding,
        "needs_finding": needs_finding,
        "photos": photos,
        "number": place + 1,
        "count": len(places),
        "before": places[place - 1] if place else None,
        "after": places[place + 1] if place + 1 < len(places) else None,
        "may_do": dict.fromkeys(found.page.acts, True),
    }
    return render(request, "staff/improvement/audits/answer.html", context)


@staff_page("audit.conduct", methods=("GET", "POST"))
def question_add(request: StaffRequest, audit_id: int, unit_id: int) -> HttpResponse:
    """Add a question to a unit's checklist."""
    found = queries.checklist(request.actor, audit_id, unit_id)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_question(
                actor=request.actor,
                audit_id=audit_id,
                unit_id=unit_id,
                now=moment(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            refused(form, refusal, "text")
        else:
            messages.success(request, _("The question is added."))
            return redirect("web:audits:checklist", audit_id, unit_id)
    return _form_page(request, found, form, _("Add a question"))


@staff_page("audit.conduct", methods=("GET", "POST"))
def question_edit(request: StaffRequest, asked_id: int) -> HttpResponse:
    """Change a question of a unit's checklist, or take it out."""
    audit_id, unit_id = queries.question(request.actor, asked_id)
    found = queries.checklist(request.actor, audit_id, unit_id)
    asked = next(each for each in found.questions if each.id == asked_id)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        may_drop=not asked.answer and not asked.findings,
        initial={"text": asked.text, "clause": asked.clause, "look_at": asked.look_at},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_question(
                actor=request.actor, question_id=asked_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            refused(form, refusal, "text")
        else:
            messages.success(request, _("Saved."))
            return redirect("web:audits:checklist", audit_id, unit_id)
    return _form_page(request, found, form, _("Change the question"))


@staff_page("audit.conduct", methods=("GET", "POST"))
def finding_add(request: StaffRequest, audit_id: int, unit_id: int) -> HttpResponse:
    """Write a finding that comes from no question."""
    found = queries.checklist(request.actor, audit_id, unit_id)
    is_sent = request.method == "POST"
    form = FindingForm(request.POST if is_sent else None)
    photos = PhotosForm(request.POST if is_sent else None, request.FILES if is_sent else None, prefix="anh")
    if is_sent and all([form.is_valid(), photos.is_valid()]):
        try:
            operations.find(
                actor=request.actor,
                audit_id=audit_id,
                unit_id=unit_id,
                finding=form.finding(),
                now=moment(request),
                evidence=photos.given(),
            )
        except Refusal as refusal:
            refused(form, refusal, "text")
        else:
            messages.success(request, _("The finding is kept."))
            return redirect("web:audits:checklist", audit_id, unit_id)
    return _form_page(request, found, form, _("Write a finding"), photos)


@staff_page("audit.conduct", methods=("POST",))
def receive(request: StaffRequest, audit_id: int, unit_id: int) -> HttpResponse:
    """Confirm a unit's findings, by its head."""
    queries.checklist(request.actor, audit_id, unit_id)
    form = RemarkForm(request.POST, prefix="y-kien")
    if form.is_valid():
        try:
            operations.receive(
                actor=request.actor,
                audit_id=audit_id,
                unit_id=unit_id,
                remark=form.cleaned_data["remark"],
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The findings of the unit are confirmed."))
            return redirect("web:audits:checklist", audit_id, unit_id)
    return _checklist_page(request, audit_id, unit_id, remarking=form)


@staff_page("audit.view")
def finding(request: StaffRequest, finding_id: int) -> HttpResponse:
    """Show a finding with its evidence and what became of it."""
    return _finding_page(request, finding_id)


def _finding_page(request: StaffRequest, finding_id: int, **forms: Any) -> HttpResponse:
    each = queries.finding(request.actor, finding_id)
    found = queries.page(request.actor, each.audit_id, is_whole=False)
    context = {
        "each": display.shown_finding(each),
        "finding": each,
        "row": found.row,
        "may_do": dict.fromkeys(found.acts, True),
        "withdrawing": ReasonForm(prefix="rut"),
        **forms,
    }
    return render(request, "staff/improvement/audits/finding.html", context)


@staff_page("audit.conduct", methods=("GET", "POST"))
def finding_edit(request: StaffRequest, finding_id: int) -> HttpResponse:
    """Change a finding before the report; its unit confirms it anew."""
    each = queries.finding(request.actor, finding_id)
    found = queries.checklist(request.actor, each.audit_id, each.unit_id)
    form = FindingForm(
        request.POST if request.method == "POST" else None,
        initial={"grade": each.grade, "clause": each.clause, "text": each.text, "proof": each.proof},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_finding(
                actor=request.actor, finding_id=finding_id, finding=form.finding(), now=moment(request)
            )
        except Refusal as refusal:
            refused(form, refusal, "text")
        else:
            messages.success(request, _("Saved."))
            return redirect("web:audits:finding", finding_id)
    return _form_page(request, found, form, _("Change the finding"))


@staff_page("audit.conduct", methods=("POST",))
def withdraw(request: StaffRequest, finding_id: int) -> HttpResponse:
    """Withdraw a finding before the report, with the reason."""
    queries.finding(request.actor, finding_id)
    form = ReasonForm(request.POST, prefix="rut")
    if form.is_valid():
        try:
            operations.withdraw_finding(
                actor=request.actor,
                finding_id=finding_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            refused(form, refusal, "reason")
        else:
            messages.success(request, _("The finding is withdrawn; it stays on record."))
            return redirect("web:audits:finding", finding_id)
    return _finding_page(request, finding_id, withdrawing=form)


def _form_page(
    request: StaffRequest,
    found: queries.Checklist,
    form: QuestionForm | FindingForm,
    title: str,
    photos: PhotosForm | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "photos": photos,
        "title": title,
        "found": found.page,
        "row": found.page.row,
        "unit": found.unit,
    }
    return render(request, "staff/improvement/audits/form.html", context)
