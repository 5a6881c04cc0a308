"""What a person was told, how each wants to be told, and before whom the agency brings overdue work."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.reminders import TOPICS
from camket.notifications import operations, queries
from camket.web.request import StaffRequest, say, staff_page
from camket.web.staff.notifications.forms import ChoicesForm, LadderForm

_ICONS = {
    "assigned": "clipboard-list",
    "due_soon": "clock",
    "due_today": "calendar-due",
    "overdue": "alert-triangle",
    "submitted": "clipboard-check",
    "returned": "arrow-back-up",
    "accepted": "circle-check",
    "fired": "bolt",
    "changed": "calendar-event",
    "comment": "message",
    "extension": "hourglass",
    "escalated": "trending-up",
    "feedback": "quote",
    "reading": "chart-bar",
    "publication": "file-certificate",
    "improvement": "refresh",
    "document": "book-2",
}


@staff_page("org.view")
def notification_list(request: StaffRequest) -> HttpResponse:
    """List what the person was told, newest first."""
    only_unseen = request.GET.get("loc") == "chua-xem"
    page, rows = queries.page_of(request.actor, request.GET.get("page", "1"), only_unseen=only_unseen)
    context = {
        "page": page,
        "rows": [
            {
                "row": row,
                "text": say(row.message),
                "icon": _ICONS.get(row.topic, "bell"),
                "topic": _(TOPICS[row.topic].title) if row.topic in TOPICS else "",
            }
            for row in rows
        ],
        "only_unseen": only_unseen,
        "until": timezone.now().isoformat(),
    }
    return render(request, "staff/notifications/list.html", context)


@staff_page("org.view", methods=("POST",))
def see_all(request: StaffRequest) -> HttpResponse:
    """Note that all that the page showed was seen."""
    until = _until(request.POST.get("until", ""))
    count = operations.see_all(actor=request.actor, until=until, now=timezone.now())
    if count:
        messages.success(request, _("All are marked as seen."))
    return redirect("web:notifications:list")


@staff_page("org.view", methods=("POST",))
def open_one(request: StaffRequest, notification_id: int) -> HttpResponse:
    """Note that one thing was seen, and go where it leads."""
    row = operations.see(actor=request.actor, notification_id=notification_id, now=timezone.now())
    if row.link and url_has_allowed_host_and_scheme(row.link, allowed_hosts=None):
        return redirect(row.link)
    return redirect("web:notifications:list")


@staff_page("org.view", methods=("GET", "POST"))
def choices(request: StaffRequest) -> HttpResponse:
    """Let a person choose how to be told of each topic; nothing is told in an agency that is only looked at."""
    if request.capacity.is_read_only:
        return redirect("web:notifications:list")
    found = queries.choices(request.actor, request.today)
    form = ChoicesForm(request.POST or None, choices=found)
    if request.method == "POST" and form.is_valid():
        operations.choose(actor=request.actor, ways=form.cleaned_data)
        messages.success(request, _("Your choices are saved."))
        return redirect("web:notifications:choices")
    return render(request, "staff/notifications/choices.html", {"form": form, "choices": found})


@staff_page("org.view", methods=("GET", "POST"))
def ladder(request: StaffRequest) -> HttpResponse:
    """Show when people are reminded and before whom overdue work is brought, and let those who may change it."""
    found = queries.rules(request.actor, request.today)
    initial = {step.whom.value: step.working_days for step in found.rules.ladder}
    form = LadderForm(request.POST or None, initial={**initial, "before": found.before})
    if request.method == "POST" and form.is_valid():
        steps = dict(form.cleaned_data)
        before = steps.pop("before")
        try:
            operations.save_steps(actor=request.actor, steps=steps, before=before, today=request.today)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The rules are saved; they hold from today on."))
            return redirect("web:notifications:ladder")
    return render(
        request,
        "staff/notifications/ladder.html",
        {
            "form": form,
            "found": found,
            "shipped_before": found.shipped.before[0],
            "lines": [(form[step.whom.value].label, step.working_days) for step in found.rules.ladder],
        },
    )


def _until(text: str) -> datetime:
    """Return when the page was made; a moment that is none sees nothing."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        return datetime(1970, 1, 1, tzinfo=timezone.get_current_timezone())
    return found
