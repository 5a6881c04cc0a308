"""Nonconformities: the book of follow-up, one with all that is done about it, its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.core.nonconformity import NotComplete
from camket.improvement.nonconformity_paper import HEADINGS, sheet_rows
from camket.improvement.operations import nonconformities as operations
from camket.improvement.operations import proposals
from camket.improvement.queries import nonconformities as queries
from camket.journal.queries import last_told, returned
from camket.org.policy import NotAllowed
from camket.org.queries import person_choices, unit_choices, units_to_filter
from camket.web import vietnamese
from camket.web.acting import did
from camket.web.handing_out import WRITERS, paper_file, table_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.improvement.looking import say_found
from camket.web.staff.improvement.nonconformities import display
from camket.web.staff.improvement.nonconformities.forms import (
    CausesForm,
    CorrectionForm,
    FilterForm,
    JudgeForm,
    NonconformityForm,
    ReasonForm,
    ReportForm,
    StepForm,
    SubmitForm,
    TakeUpForm,
)
from camket.web.staff.objectives import periods


@staff_page("nonconformity.view")
def nonconformity_list(request: StaffRequest) -> HttpResponse:
    """Show what waits for the person, then the book, narrowed down."""
    form = _filter(request)
    wanted = form.wanted()
    page = queries.nonconformities(request.actor, wanted, request.today, request.GET.get("page", "1"))
    is_filtered = any(value for key, value in request.GET.items() if key != "page")
    waiting = (
        queries.Waiting()
        if is_filtered or page.number > 1
        else queries.waiting_for(request.actor, request.today)
    )
    counts = queries.counts(request.actor)
    context = {
        "form": form,
        "page": page,
        "rows": display.shown_all(page.object_list),
        "is_filtered": is_filtered,
        "query": request.GET.urlencode(),
        "waiting": waiting,
        "to_do": [
            (title, act, display.shown_all(rows))
            for title, act, rows in (
                (_("Proposed from figures: take up or leave"), _("Decide"), waiting.proposed),
                (_("Correction, cause and plan to be written"), _("Go on"), waiting.to_plan),
                (_("Plans to be approved"), _("Look at it"), waiting.to_approve),
                (_("Effect to be judged"), _("Judge"), waiting.to_judge),
            )
            if rows
        ],
        "states": [
            (state, label, counts[state], state == wanted.state)
            for state, (label, _tone) in display.STATES.items()
            if counts.get(state)
        ],
        "total": sum(counts.get(state, 0) for state in queries.IN_BOOK),
        "has_any": bool(counts),
    }
    return render(request, "staff/improvement/nonconformities.html", context)


@staff_page("nonconformity.view")
def book_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the book of follow-up, narrowed down as the page was."""
    wanted = _filter(request).wanted()
    if ending in WRITERS:
        return paper_file(
            request, queries.book_paper(request.actor, wanted, request.today), "so-theo-doi-khac-phuc", ending
        )
    rows = sheet_rows(queries.book(request.actor, wanted, request.today))
    return table_file("so-theo-doi-khac-phuc", ending, title="Sổ theo dõi", header=HEADINGS, rows=rows)


@staff_page("nonconformity.treat", methods=("POST",))
def look(request: StaffRequest) -> HttpResponse:
    """Look now for missed targets and for patterns of late dossiers, and propose what is found."""
    found = proposals.propose_nonconformities(
        agency_id=request.actor.agency_id, today=request.today, now=moment(request)
    )
    say_found(request, len(found))
    return redirect("web:nonconformities:list")


@staff_page("nonconformity.raise", methods=("GET", "POST"))
def add(request: StaffRequest) -> HttpResponse:
    """Raise a nonconformity; ``muc-tieu`` names the target that it comes from."""
    target = request.GET.get("muc-tieu", "")
    target_id = int(target) if target.isascii() and target.isdigit() and len(target) < 10 else None
    initial: dict[str, Any] = {
        "found_on": request.today,
        "source": "target" if target_id else "other",
        "target_id": target_id,
    }
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.raise_nonconformity(
                actor=request.actor, what=form.nonconformity(), now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, _place(refusal)), say(refusal.message))
        else:
            messages.success(request, _("The nonconformity is in the book; who sees to it is told."))
            return redirect("web:nonconformities:page", made.pk)
    return render(request, "staff/improvement/nonconformity_edit.html", {"form": form})


@staff_page("nonconformity.view")
def page(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Show a nonconformity: what is wrong, correction, cause, plan, effect, and what can be done now."""
    return _page(request, nonconformity_id)


@staff_page("nonconformity.view")
def request_file(request: StaffRequest, nonconformity_id: int, file_format: str) -> HttpResponse:
    """Hand out the request for corrective action, filled in as far as it is."""
    paper = queries.request_paper(request.actor, nonconformity_id, request.today)
    return paper_file(request, paper, f"phieu-yeu-cau-khac-phuc-{nonconformity_id}", file_format)


@staff_page("nonconformity.treat", methods=("GET", "POST"))
def edit(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Change what a nonconformity says, and who sees to it."""
    found = queries.nonconformity(request.actor, nonconformity_id, request.today)
    row = found.row
    form = _form(
        request,
        {
            "source": row.source,
            "title": row.title,
            "text": found.text,
            "requirement": found.requirement,
            "clause": row.clause,
            "found_on": row.found_on,
            "is_major": row.is_major,
            "unit_id": found.unit_id,
            "owner_id": found.owner_id,
            "target_id": found.target_id,
        },
    )
    return _edited(
        request,
        found,
        form,
        "staff/improvement/nonconformity_edit.html",
        lambda: operations.describe(
            actor=request.actor,
            nonconformity_id=nonconformity_id,
            what=form.nonconformity(),
            now=moment(request),
        ),
    )


@staff_page("nonconformity.treat", methods=("GET", "POST"))
def correct(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Say what was put right at once, who was harmed and what was done for them."""
    found = queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        today=request.today,
        initial={
            "correction": found.row.correction,
            "corrected_on": found.corrected_on,
            "consequences": found.consequences,
        },
    )
    return _edited(
        request,
        found,
        form,
        "staff/improvement/nonconformity_correct.html",
        lambda: operations.correct(
            actor=request.actor,
            nonconformity_id=nonconformity_id,
            now=moment(request),
            **form.cleaned_data,
        ),
    )


@staff_page("nonconformity.treat", methods=("GET", "POST"))
def analyse(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Say what caused it, and whether the like exists elsewhere."""
    found = queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = CausesForm(
        request.POST if request.method == "POST" else None,
        branches=found.branches,
        initial={
            "root_cause": found.row.root_cause,
            "similar": found.similar,
            "no_action": found.no_action,
        },
    )
    return _edited(
        request,
        found,
        form,
        "staff/improvement/nonconformity_causes.html",
        lambda: operations.analyse(
            actor=request.actor,
            nonconformity_id=nonconformity_id,
            branches=form.cleaned_data["branches"],
            root_cause=form.cleaned_data["root_cause"],
            similar=form.cleaned_data["similar"],
            no_action=form.cleaned_data["no_action"],
            now=moment(request),
        ),
        alike=display.shown_all(found.alike),
    )


@staff_page("nonconformity.treat", methods=("GET", "POST"))
def step_add(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Add a step to the plan."""
    found = queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = _step_form(request, {"unit_id": found.unit_id, "person_id": found.owner_id})
    return _edited(
        request,
        found,
        form,
        "staff/improvement/nonconformity_step.html",
        lambda: operations.add_step(
            actor=request.actor,
            nonconformity_id=nonconformity_id,
            step=form.step(),
            now=moment(request),
        ),
    )


@staff_page("nonconformity.treat", methods=("GET", "POST"))
def step_edit(request: StaffRequest, nonconformity_id: int, step_id: int) -> HttpResponse:
    """Change a step of a plan that is not approved yet."""
    found = queries.nonconformity(request.actor, nonconformity_id, request.today)
    step = next((each for each in found.steps if each.id == step_id and each.task is None), None)
    if step is None:
        raise Http404(f"no step {step_id} to change")
    form = _step_form(
        request,
        {
            "kind": step.kind,
            "text": step.text,
            "expected": step.expected,
            "unit_id": step.unit_id,
            "person_id": step.person_id,
            "due_on": step.due_on,
        },
    )
    return _edited(
        request,
        found,
        form,
        "staff/improvement/nonconformity_step.html",
        lambda: operations.change_step(
            actor=request.actor,
            nonconformity_id=nonconformity_id,
            step_id=step_id,
            step=form.step(),
            now=moment(request),
        ),
        step=step,
    )


@staff_page("nonconformity.treat", methods=("POST",))
def step_drop(request: StaffRequest, nonconformity_id: int, step_id: int) -> HttpResponse:
    """Take a step out of a plan that is not approved yet."""
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    return _pressed(
        request,
        nonconformity_id,
        lambda: operations.drop_step(
            actor=request.actor, nonconformity_id=nonconformity_id, step_id=step_id, now=moment(request)
        ),
        _("The step is taken out of the plan."),
    )


@staff_page("nonconformity.treat", methods=("POST",))
def take_up(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Take a proposal up into the book."""
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = _take_up_form(request, request.POST)
    if not form.is_valid():
        return _page(request, nonconformity_id, taking_up=form)
    return _pressed(
        request,
        nonconformity_id,
        lambda: operations.take_up(
            actor=request.actor,
            nonconformity_id=nonconformity_id,
            now=moment(request),
            **form.cleaned_data,
        ),
        _("Taken up: it has its number in the book, and who sees to it is told."),
    )


@staff_page("nonconformity.treat", methods=("POST",))
def dismiss(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Leave a proposal with a reason."""
    return _reasoned(
        request, nonconformity_id, "bo-qua", operations.dismiss, _("Left; it is not proposed again.")
    )


@staff_page("nonconformity.treat", methods=("POST",))
def cancel(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Cancel what turned out to be no nonconformity."""
    return _reasoned(
        request, nonconformity_id, "huy", operations.cancel, _("The nonconformity is cancelled.")
    )


@staff_page("nonconformity.treat", methods=("POST",))
def submit(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Submit correction, cause and plan for approval."""
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = SubmitForm(request.POST, today=request.today)
    if form.is_valid():
        try:
            operations.submit_plan(
                actor=request.actor,
                nonconformity_id=nonconformity_id,
                judge_on=form.cleaned_data["judge_on"],
                now=moment(request),
            )
        except NotComplete as refusal:
            for lack in refusal.lacks:
                form.add_error(None, say(lack))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, _place(refusal, "judge_on")), say(refusal.message))
        else:
            messages.success(request, _("The plan is submitted; the leaders are told."))
            return redirect("web:nonconformities:page", nonconformity_id)
    return _page(request, nonconformity_id, submitting=form)


@staff_page("nonconformity.approve", methods=("POST",))
def send_back(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Return a submitted plan with a reason."""
    return _reasoned(
        request,
        nonconformity_id,
        "tra-lai",
        operations.return_plan,
        _("The plan is returned; who wrote it is told."),
    )


@staff_page("nonconformity.approve", methods=("POST",))
def approve(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Approve a submitted plan, so that its steps become tasks."""
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    return _pressed(
        request,
        nonconformity_id,
        lambda: operations.approve_plan(
            actor=request.actor, nonconformity_id=nonconformity_id, now=moment(request)
        ),
        _("The plan is approved; its steps are tasks now."),
    )


@staff_page("nonconformity.judge", methods=("POST",))
def judge(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Judge whether what was done has its effect."""
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = JudgeForm(request.POST, request.FILES)
    if form.is_valid():
        is_effective = form.cleaned_data["verdict"] == "yes"
        try:
            operations.judge(
                actor=request.actor,
                nonconformity_id=nonconformity_id,
                is_effective=is_effective,
                text=form.cleaned_data["text"],
                despite=form.cleaned_data["despite"],
                evidence=form.evidence(),
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, _place(refusal)), say(refusal.message))
        else:
            said = (
                _("Judged effective: it is closed.")
                if is_effective
                else _("It is open again for another plan.")
            )
            messages.success(request, said)
            return redirect("web:nonconformities:page", nonconformity_id)
    return _page(request, nonconformity_id, judging=form)


@staff_page("nonconformity.judge", methods=("POST",))
def reopen(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Open a closed nonconformity again."""
    return _reasoned(request, nonconformity_id, "mo-lai", operations.reopen, _("It is open again."))


@staff_page("nonconformity.treat", methods=("POST",))
def note_report(request: StaffRequest, nonconformity_id: int) -> HttpResponse:
    """Note on which day what an inspection found was reported as corrected."""
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = ReportForm(request.POST, today=request.today)
    if form.is_valid():
        try:
            operations.note_report(
                actor=request.actor,
                nonconformity_id=nonconformity_id,
                reported_on=form.cleaned_data["reported_on"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "reported_on"), say(refusal.message))
        else:
            messages.success(request, _("The report's day is noted."))
            return redirect("web:nonconformities:page", nonconformity_id)
    return _page(request, nonconformity_id, reporting=form)


def _awaits(reading: queries.Reading) -> str:
    """Return which figure decides where that of the target is not newer than the last step; "" where it is."""
    if reading.is_newer or reading.acted_on is None:
        return ""
    done = vietnamese.day(reading.acted_on)
    if reading.next_period is not None and reading.next_due is not None:
        return _(
            "The last step was done on %(done)s. The figure of %(period)s decides; it is to be entered by %(due)s."
        ) % {
            "done": done,
            "period": periods.named(reading.next_period),
            "due": vietnamese.day(reading.next_due),
        }
    if reading.is_counted:
        return (
            _("The last step was done on %(done)s. What is counted from the records of later days decides.")
            % {"done": done}
        )  # fmt: skip
    return (
        _("The last step was done on %(done)s, and no figure of later days is asked for any more in this plan.")
        % {"done": done}
    )  # fmt: skip


def _page(request: StaffRequest, nonconformity_id: int, **forms: Any) -> HttpResponse:
    found = queries.nonconformity(request.actor, nonconformity_id, request.today)
    may_do = dict.fromkeys(found.acts, True)
    context = {
        "found": found,
        "row": found.row,
        "shown": display.shown(found.row),
        "may_do": may_do,
        "branches": display.shown_branches(found.branches),
        "bones": display.drawing(found.drawn, found.row.title) if found.drawn else "",
        "steps": [(each, display.STEP_KINDS[each.kind]) for each in found.steps],
        "alike": display.shown_all(found.alike),
        "lacks": [say(each) for each in found.lacks],
        "found_sentence": say(found.found) if found.found else "",
        "reading": (found.reading, say(found.reading.sentence)) if found.reading else None,
        "awaits": _awaits(found.reading) if found.reading else "",
        "checks": [(each, say(each.sentence) if each.sentence else "") for each in found.checks],
        "submitting": SubmitForm(None, today=request.today),
        "judging": JudgeForm(),
        "reporting": ReportForm(None, today=request.today),
        "returning": ReasonForm(prefix="tra-lai"),
        "returned": returned(
            request.actor, subject_type="improvement.nonconformity", subject_id=nonconformity_id
        )
        if found.row.state == "open"
        else None,
        "reopened": last_told(
            request.actor,
            subject_type="improvement.nonconformity",
            subject_id=nonconformity_id,
            verb="nonconformity.reopened",
        )
        if found.row.state != "closed" and found.checks and found.checks[0].is_effective
        else None,
        "dismissing": ReasonForm(prefix="bo-qua"),
        "cancelling": ReasonForm(prefix="huy"),
        "reopening": ReasonForm(prefix="mo-lai"),
        "asks_despite": "overrule" in may_do,
        "is_early": found.judge_on is not None and found.judge_on > request.today,
        **forms,
    }
    if "take_up" in may_do and "taking_up" not in context:
        context["taking_up"] = _take_up_form(
            request, None, {"unit_id": found.unit_id, "owner_id": found.owner_id}
        )
    return render(request, "staff/improvement/nonconformity.html", context)


def _edited(
    request: StaffRequest,
    found: queries.NonconformityPage,
    form: Any,
    template: str,
    act: Callable[[], object],
    **more: Any,
) -> HttpResponse:
    """Show a form of a nonconformity, or take it and go back to the page; nobody fills in what others may save alone."""
    if not found.may_treat:
        raise NotAllowed("nonconformity.treat")
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refusal as refusal:
            place = _place(refusal)
            form.add_error(
                refused_field(refusal, place if place in form.fields else ""), say(refusal.message)
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("web:nonconformities:page", found.row.id)
    context = {"form": form, "found": found, "row": found.row, **more}
    return render(request, template, context)


def _pressed(
    request: StaffRequest, nonconformity_id: int, act: Callable[[], object], said: str | Promise
) -> HttpResponse:
    did(request, act, said)
    return redirect("web:nonconformities:page", nonconformity_id)


_REASONED = {"bo-qua": "dismissing", "huy": "cancelling", "tra-lai": "returning", "mo-lai": "reopening"}


def _reasoned(
    request: StaffRequest, nonconformity_id: int, prefix: str, act: Callable[..., object], said: str | Promise
) -> HttpResponse:
    queries.nonconformity(request.actor, nonconformity_id, request.today)
    form = ReasonForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return _page(request, nonconformity_id, **{_REASONED[prefix]: form})
    reason = form.cleaned_data["reason"]
    return _pressed(
        request,
        nonconformity_id,
        lambda: act(
            actor=request.actor, nonconformity_id=nonconformity_id, reason=reason, now=moment(request)
        ),
        said,
    )


def _filter(request: StaffRequest) -> FilterForm:
    return FilterForm(
        request.GET or None, units=units_to_filter(request.actor), years=queries.years(request.actor)
    )


def _form(request: StaffRequest, initial: dict[str, Any]) -> NonconformityForm:
    return NonconformityForm(
        request.POST if request.method == "POST" else None,
        units=unit_choices(request.actor),
        people=person_choices(request.actor, request.today),
        targets=queries.target_choices(request.actor, request.today.year),
        today=request.today,
        initial=initial,
    )


def _step_form(request: StaffRequest, initial: dict[str, Any]) -> StepForm:
    return StepForm(
        request.POST if request.method == "POST" else None,
        units=unit_choices(request.actor),
        people=person_choices(request.actor, request.today),
        today=request.today,
        initial=initial,
    )


def _take_up_form(request: StaffRequest, data: Any, initial: dict[str, Any] | None = None) -> TakeUpForm:
    return TakeUpForm(
        data,
        units=unit_choices(request.actor),
        people=person_choices(request.actor, request.today),
        initial=initial or {},
    )


def _place(refusal: Refusal, default: str = "") -> str:
    return str(getattr(refusal, "field", "") or default)
