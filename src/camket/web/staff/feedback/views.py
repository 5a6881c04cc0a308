"""Feedback to look at: work that waits, the list, one piece, its files and papers, the register, the limits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from camket.core import feedback as rules
from camket.core.messages import Refusal
from camket.org.policy import can, can_in_agency
from camket.org.queries import units_to_filter
from camket.publishing.queries import publications
from camket.voices.feedback_dating import pass_on_rule
from camket.voices.feedback_paper import register_sheet
from camket.voices.feedback_sight import Sight
from camket.voices.operations import feedback as operations
from camket.voices.queries import feedback as queries
from camket.web.address import public_address
from camket.web.handing_out import XLSX, hand_out, paper_file, paper_on_screen
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.feedback import display
from camket.web.staff.feedback.forms import FilterForm, LimitForm, NoteForm, PeriodForm
from camket.web.staff.organisation.seen import saw


@staff_page("feedback.view")
def work_list(request: StaffRequest) -> HttpResponse:
    """Show open feedback by what it waits for."""
    groups = queries.work_list(request.actor, request.today)
    context: dict[str, Any] = {
        "groups": [
            (group, *display.GROUPS[group.key], [display.shown(row) for row in group.rows])
            for group in groups
        ],
        "total": sum(group.total for group in groups if group.key != "to_send"),
        "to_send": sum(group.total for group in groups if group.key == "to_send"),
        "overdue": sum(group.total for group in groups if group.key == "overdue"),
        "to_take_up": sum(group.total for group in groups if group.key == "to_take_up"),
        "is_own": not (
            can_in_agency(request.actor, "feedback.assign") or can(request.actor, "feedback.approve")
        ),
        "has_feedback": bool(groups) or queries.has_feedback(request.actor),
    }
    return render(request, "staff/feedback/work_list.html", context)


@staff_page("feedback.view")
def feedback_list(request: StaffRequest) -> HttpResponse:
    """List feedback, narrowed down."""
    fields = queries.field_choices(request.actor)
    form = FilterForm(request.GET or None, units=units_to_filter(request.actor), fields=fields)
    wanted = queries.FeedbackFilter()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        wanted = queries.FeedbackFilter(
            words=data["tu"],
            standing=data["muc"],
            kind=data["loai"],
            way=data["kenh"],
            unit_id=data["don_vi"],
            field_id=data["linh_vuc"],
        )
    page = queries.feedback_page(request.actor, wanted, request.today, request.GET.get("page", "1"))
    context = {
        "form": form,
        "period_form": PeriodForm(
            None, initial={"tu": request.today.replace(month=1, day=1), "den": request.today}
        ),
        "page": page,
        "rows": [display.shown(row) for row in page.object_list],
        "is_filtered": any(value for key, value in request.GET.items() if key != "page"),
    }
    return render(request, "staff/feedback/list.html", context)


@staff_page("feedback.view")
def detail(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Show one piece of feedback with its history and what can be done."""
    found = queries.detail(
        request.actor, feedback_id, request.today, wants_clear=request.GET.get("ro") == "1"
    )
    if found.is_clear:
        saw(request, "senders")
    kind_hint = found.proposed_kind if not found.row.is_classified else ""
    context = {
        "detail": found,
        "shown": display.shown(found.row),
        "steps": [display.step(each) for each in found.steps],
        "may_act": {act.replace("return", "send_back"): True for act in found.acts},
        "hint": gettext(rules.KIND_NAMES[kind_hint]) if kind_hint not in ("", found.row.kind) else "",
        "outcome": gettext(rules.OUTCOME_NAMES[found.outcome]) if found.outcome else "",
        "concerned": ", ".join(name for _person_id, name in found.concerns),
        "is_guarded": found.row.kind in rules.GUARDED_KINDS,
        "is_legal": found.row.kind in rules.LEGAL_KINDS,
        "is_passed_on": found.row.state == "passed_on",
        "is_routed": found.row.state == "routed",
        "may_read_text": found.sight != Sight.HEAD,
        "is_blackened": found.sight == Sight.BLACKENED,
        "note_form": NoteForm(),
    }
    return render(request, "staff/feedback/detail.html", context)


@staff_page("feedback.view")
def receipt(request: StaffRequest, feedback_id: int) -> HttpResponse:
    """Show the slip that a sender takes along: the code, the day, where to look."""
    found = queries.detail(request.actor, feedback_id, request.today)
    page = publications.page(request.actor)
    follow = (
        reverse("web:public_feedback:follow", args=[page.slug])
        if page.is_open and page.takes_feedback
        else ""
    )
    return render(
        request,
        "staff/feedback/receipt.html",
        {
            "detail": found,
            "shown": display.shown(found.row),
            "public_url": public_address(request).of(follow) if follow else "",
        },
    )


@staff_page("feedback.view")
def file(request: StaffRequest, feedback_id: int, file_id: int) -> HttpResponse:
    """Hand out a file that was sent with feedback, to be saved: a photo without place and time, ``?goc`` as it came."""
    found = queries.file_of(request.actor, feedback_id, file_id, is_original="goc" in request.GET)
    return hand_out(found.data, found.name, found.content_type)


@staff_page("feedback.view")
def letter(request: StaffRequest, feedback_id: int, file_format: str) -> HttpResponse:
    """Hand out the answer as it was sent, or what passed feedback on, as DOCX or PDF; ``xem`` shows it."""
    document = queries.letter_of(request.actor, feedback_id)
    is_transfer = document.kind == "Phiếu chuyển"
    saw(request, "senders")
    if file_format == "xem":
        paper = paper_on_screen(request, document)
        return render(
            request,
            "staff/feedback/letter.html",
            {"paper": paper, "feedback_id": feedback_id, "is_transfer": is_transfer},
        )
    name = "phieu-chuyen-phan-anh" if is_transfer else "tra-loi-phan-anh"
    return paper_file(request, document, f"{name}-{feedback_id}", file_format)


@staff_page("feedback.view")
def register(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out the register of a period, senders masked."""
    period = PeriodForm(request.GET).period(request.today)
    lines = queries.register_lines(request.actor, period, request.today, display.register_words())
    name = f"so-phan-anh-kien-nghi-{period.start:%Y%m%d}-{period.end:%Y%m%d}"
    if file_format == "xlsx":
        return hand_out(register_sheet(lines), f"{name}.xlsx", XLSX)
    return paper_file(request, queries.register_paper(request.actor, lines, period), name, file_format)


@staff_page("feedback.view", methods=("GET", "POST"))
def limits(request: StaffRequest) -> HttpResponse:
    """Show within how many working days feedback is answered; set another limit."""
    fields = queries.field_choices(request.actor)
    data = request.POST if request.method == "POST" else None
    form = LimitForm(data, fields=fields, today=request.today)
    if data is not None and form.is_valid():
        try:
            operations.set_limit(actor=request.actor, now=moment(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refused_field(refusal, _limit_field(refusal)), say(refusal.message))
        else:
            messages.success(request, gettext("The limit is set; open feedback is dated by it."))
            return redirect("web:feedback:limits")
    days, source = pass_on_rule(request.today)
    rows = [
        (row, gettext(rules.KIND_NAMES[row.kind]) if row.kind else gettext("Every kind"))
        for row in queries.limits(request.actor, request.today)
    ]
    context = {"form": form, "limits": rows, "pass_on_days": days, "pass_on_source": source}
    return render(request, "staff/feedback/limits.html", context)


def _limit_field(refusal: Refusal) -> str:
    return "working_days" if "90" in str(refusal) else "valid_from"
