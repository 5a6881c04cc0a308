"""Context, risks and opportunities: the map, the book, one risk, issues and parties, the scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from camket.core.messages import Refusal
from camket.improvement.operations import proposals
from camket.improvement.operations import risks as operations
from camket.improvement.queries import risks as queries
from camket.improvement.risk_paper import HEADINGS, sheet_rows
from camket.org.policy import can, can_in_agency
from camket.org.queries import person_choices, unit_choices, units_to_filter
from camket.web.acting import did
from camket.web.handing_out import WRITERS, paper_file, table_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.improvement.looking import say_found
from camket.web.staff.improvement.nonconformities.forms import ReasonForm
from camket.web.staff.improvement.risks import display
from camket.web.staff.improvement.risks.forms import (
    FilterForm,
    IssueForm,
    RatingForm,
    RiskForm,
    ScaleForm,
    TreatmentForm,
)


@staff_page("risk.view")
def risk_list(request: StaffRequest) -> HttpResponse:
    """Show the map of risks and the book, narrowed down."""
    form = FilterForm(request.GET or None, units=units_to_filter(request.actor))
    wanted = form.wanted()
    rows = queries.risks(request.actor, wanted, request.today)
    is_filtered = any(request.GET.values())
    found = queries.risk_map(request.actor, request.today)
    context = {
        "form": form,
        "rows": [display.shown(each) for each in rows],
        "is_filtered": is_filtered,
        "query": request.GET.urlencode(),
        "scale": found.scale,
        "lines": found.rows,
        "has_map": bool(found.rated),
        "older": found.older,
        "cell": wanted.cell,
        "due": found.due,
        "proposed": []
        if is_filtered
        else [
            (display.shown(each), decides) for each, decides in queries.proposed(request.actor, request.today)
        ],
        "may_propose": can(request.actor, "risk.propose") and not can_in_agency(request.actor, "risk.keep"),
    }
    return render(request, "staff/improvement/risks.html", context)


@staff_page("risk.view")
def book_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the book of risks and opportunities, narrowed down as the page was."""
    wanted = FilterForm(request.GET or None, units=units_to_filter(request.actor)).wanted()
    if ending in WRITERS:
        return paper_file(
            request, queries.book_paper(request.actor, wanted, request.today), "so-rui-ro-co-hoi", ending
        )
    rows = sheet_rows(queries.risks(request.actor, wanted, request.today))
    return table_file("so-rui-ro-co-hoi", ending, title="Rủi ro, cơ hội", header=HEADINGS, rows=rows)


@staff_page("risk.keep", methods=("POST",))
def look(request: StaffRequest) -> HttpResponse:
    """Look now for targets whose allowance burns too fast, and propose to watch them."""
    found = proposals.propose_risks(
        agency_id=request.actor.agency_id, today=request.today, now=moment(request)
    )
    say_found(request, len(found))
    return redirect("web:risks:list")


@staff_page("risk.keep", methods=("GET", "POST"))
def add(request: StaffRequest) -> HttpResponse:
    """Write a risk or an opportunity into the book."""
    form = _form(request, {})
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.enter(actor=request.actor, risk=form.risk(), now=moment(request))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, ""), say(refusal.message))
        else:
            messages.success(request, _("It is in the book; now rate it."))
            return redirect("web:risks:page", made.pk)
    return render(
        request,
        "staff/improvement/risk_edit.html",
        {"form": form, "processes": queries.processes(request.actor)},
    )


@staff_page("risk.propose", methods=("GET", "POST"))
def suggest(request: StaffRequest) -> HttpResponse:
    """Propose a risk or an opportunity to who keeps the book."""
    form = _form(request, {"unit_id": next(iter(sorted(request.actor.unit_ids)), None)}, is_own=False)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.suggest(actor=request.actor, risk=form.risk(), now=moment(request))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, ""), say(refusal.message))
        else:
            messages.success(
                request, _("It is proposed; you are told whether it is taken up, or why it is not.")
            )
            return redirect("web:risks:page", made.pk)
    context = {"form": form, "processes": queries.processes(request.actor), "is_proposal": True}
    return render(request, "staff/improvement/risk_edit.html", context)


@staff_page("risk.view")
def page(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Show a risk: what it says, its ratings before and after, what is done about it."""
    return _page(request, risk_id)


@staff_page("risk.keep", methods=("GET", "POST"))
def edit(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Change what a watched risk says."""
    found = queries.risk(request.actor, risk_id, request.today)
    names = ("kind", "process", "title", "cause", "effect", "controls")
    form = _form(
        request,
        {
            **{name: getattr(found.row, name) for name in names},
            "unit_id": found.unit_id,
            "owner_id": found.owner_id,
            "issue_id": found.issue_id,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.change(actor=request.actor, risk_id=risk_id, risk=form.risk(), now=moment(request))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, ""), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:risks:page", risk_id)
    context = {"form": form, "row": found.row, "processes": queries.processes(request.actor)}
    return render(request, "staff/improvement/risk_edit.html", context)


@staff_page("risk.keep", methods=("POST",))
def rate(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Rate a risk by the scale in force."""
    found = queries.risk(request.actor, risk_id, request.today)
    form = RatingForm(request.POST, scale=found.scale)
    if not form.is_valid():
        return _page(request, risk_id, rating=form)
    try:
        operations.rate(actor=request.actor, risk_id=risk_id, now=moment(request), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refused_field(refusal, "reason"), say(refusal.message))
        return _page(request, risk_id, rating=form)
    messages.success(request, _("Rated; the earlier ratings stay."))
    return redirect("web:risks:page", risk_id)


@staff_page("risk.keep", methods=("POST",))
def treat(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Give out a task about a risk."""
    queries.risk(request.actor, risk_id, request.today)
    form = _treatment(request, request.POST)
    if form.is_valid():
        try:
            operations.treat(actor=request.actor, risk_id=risk_id, task=form.task(), now=moment(request))
        except Refusal as refusal:
            form.add_error(refused_field(refusal, ""), say(refusal.message))
        else:
            messages.success(request, _("The task is given out."))
            return redirect("web:risks:page", risk_id)
    return _page(request, risk_id, treating=form)


@staff_page("risk.keep", methods=("POST",))
def take_up(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Take a proposal, or what was ended, up into the book."""
    queries.risk(request.actor, risk_id, request.today)
    return _pressed(
        request,
        risk_id,
        lambda: operations.take_up(actor=request.actor, risk_id=risk_id, now=moment(request)),
        _("It is in the book; now rate it."),
    )


@staff_page("risk.keep", methods=("POST",))
def dismiss(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Leave a proposal with a reason."""
    return _reasoned(request, risk_id, "bo-qua", operations.dismiss, _("Left; it is not proposed again."))


@staff_page("risk.keep", methods=("POST",))
def end(request: StaffRequest, risk_id: int) -> HttpResponse:
    """Watch a risk no more, with a reason."""
    return _reasoned(request, risk_id, "ket-thuc", operations.end, _("It is watched no more."))


@staff_page("risk.view")
def context_list(request: StaffRequest) -> HttpResponse:
    """Show the issues of the context and the interested parties."""
    rows = queries.issues(request.actor, request.today)
    context = {
        "groups": [
            (kind, label, [each for each in rows if each.kind == kind])
            for kind, label in display.ISSUE_GROUPS.items()
        ],
        "has_any": bool(rows),
    }
    return render(request, "staff/improvement/context.html", context)


@staff_page("risk.keep", methods=("GET", "POST"))
def issue_add(request: StaffRequest) -> HttpResponse:
    """Write an issue or an interested party."""
    kind = request.GET.get("loai", "")
    return _issue(request, None, {"kind": kind if kind in display.ISSUES else "external"})


@staff_page("risk.keep", methods=("GET", "POST"))
def issue_edit(request: StaffRequest, issue_id: int) -> HttpResponse:
    """Change an issue or a party; it counts as looked at today."""
    row = queries.issue(request.actor, issue_id, request.today)
    names = ("kind", "title", "text", "response", "unit_id", "review_by")
    return _issue(request, row, {name: getattr(row, name) for name in names})


@staff_page("risk.keep", methods=("POST",))
def issue_end(request: StaffRequest, issue_id: int) -> HttpResponse:
    """Leave an issue or a party behind, with a reason."""
    row = queries.issue(request.actor, issue_id, request.today)
    form = ReasonForm(request.POST, prefix="ket-thuc")
    if not form.is_valid():
        messages.error(request, _("Say why it counts no more."))
        return redirect("web:risks:issue_edit", issue_id)
    try:
        operations.end_issue(
            actor=request.actor, issue_id=row.id, reason=form.cleaned_data["reason"], now=moment(request)
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
        return redirect("web:risks:issue_edit", issue_id)
    messages.success(request, _("It counts no more; what was written stays on record."))
    return redirect("web:risks:context")


@staff_page("risk.scale", methods=("GET", "POST"))
def scale(request: StaffRequest) -> HttpResponse:
    """Show the scale in force, and set another one from a day on."""
    valid_from, known = queries.scale_in_force(request.actor, request.today)
    form = ScaleForm(
        request.POST if request.method == "POST" else None,
        scale=known,
        initial={"valid_from": request.today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_scale(
                actor=request.actor,
                scale=form.cleaned_data["scale"],
                valid_from=form.cleaned_data["valid_from"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "valid_from"), say(refusal.message))
        else:
            messages.success(request, _("The scale is set; ratings given before keep theirs."))
            return redirect("web:risks:list")
    return render(request, "staff/improvement/risk_scale.html", {"form": form, "valid_from": valid_from})


def _issue(request: StaffRequest, row: queries.IssueRow | None, initial: dict[str, Any]) -> HttpResponse:
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        units=_units(request),
        today=request.today,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_issue(
                actor=request.actor,
                issue=form.issue(),
                issue_id=row.id if row else None,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, ""), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:risks:context")
    context = {"form": form, "row": row, "ending": ReasonForm(prefix="ket-thuc")}
    return render(request, "staff/improvement/issue_edit.html", context)


def _page(request: StaffRequest, risk_id: int, **forms: Any) -> HttpResponse:
    found = queries.risk(request.actor, risk_id, request.today)
    last = found.row.last
    rated = {"likelihood": last.likelihood, "consequence": last.consequence} if last else {}
    context = {
        "found": found,
        "row": found.row,
        "shown": display.shown(found.row),
        "may_do": dict.fromkeys(found.acts, True),
        "rating": RatingForm(None, scale=found.scale, initial=rated),
        "dismissing": ReasonForm(prefix="bo-qua"),
        "ending": ReasonForm(prefix="ket-thuc"),
        **forms,
    }
    if "treat" in found.acts and "treating" not in context:
        context["treating"] = _treatment(
            request, None, {"unit_id": found.unit_id, "person_id": found.owner_id}
        )
    return render(request, "staff/improvement/risk.html", context)


def _treatment(request: StaffRequest, data: Any, initial: dict[str, Any] | None = None) -> TreatmentForm:
    return TreatmentForm(
        data,
        units=unit_choices(request.actor),
        people=person_choices(request.actor, request.today),
        today=request.today,
        initial=initial or {},
    )


def _form(request: StaffRequest, initial: dict[str, Any], *, is_own: bool = True) -> RiskForm:
    """Return the form; ``is_own`` offers the units alone whose risks the person keeps."""
    return RiskForm(
        request.POST if request.method == "POST" else None,
        units=_units(request) if is_own else unit_choices(request.actor),
        people=person_choices(request.actor, request.today),
        issues=queries.issue_choices(request.actor),
        initial=initial,
    )


def _units(request: StaffRequest) -> list[tuple[int, str]]:
    """Return the units whose risks the person keeps: a head those that the head leads."""
    units = unit_choices(request.actor)
    if can_in_agency(request.actor, "risk.keep") or not can(request.actor, "risk.keep"):
        return units
    return [each for each in units if each[0] in request.actor.headed_unit_ids]


def _pressed(
    request: StaffRequest, risk_id: int, act: Callable[[], object], said: str | Promise
) -> HttpResponse:
    did(request, act, said)
    return redirect("web:risks:page", risk_id)


def _reasoned(
    request: StaffRequest, risk_id: int, prefix: str, act: Callable[..., object], said: str | Promise
) -> HttpResponse:
    queries.risk(request.actor, risk_id, request.today)
    form = ReasonForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return _page(request, risk_id, **{"dismissing" if prefix == "bo-qua" else "ending": form})
    reason = form.cleaned_data["reason"]
    return _pressed(
        request,
        risk_id,
        lambda: act(actor=request.actor, risk_id=risk_id, reason=reason, now=moment(request)),
        said,
    )
