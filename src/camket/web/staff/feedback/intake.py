"""Feedback that comes in otherwise than by the public page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from camket.core.messages import Refusal
from camket.core.portal_rows import ColumnsMissing
from camket.documents.operations import FileRefused
from camket.paper.sheets import UnreadableSheet
from camket.voices.feedback_change import TextMissing
from camket.voices.operations import feedback_intake as operations
from camket.voices.queries import feedback as queries
from camket.web import vietnamese
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.feedback.forms import ImportForm, ReceiveForm


@staff_page("feedback.receive", methods=("GET", "POST"))
def receive(request: StaffRequest) -> HttpResponse:
    """Write down feedback that came by telephone, on paper or in person."""
    data = request.POST if request.method == "POST" else None
    form = ReceiveForm(
        data,
        request.FILES if data is not None else None,
        fields=queries.field_choices(request.actor),
        today=request.today,
    )
    if data is not None and form.is_valid():
        told = dict(form.cleaned_data)
        way, received_on = told.pop("way"), told.pop("received_on")
        sent = told.pop("attachments")[: operations.MOST_FILES + 1]
        try:
            row = operations.receive(
                actor=request.actor,
                new=operations.NewFeedback(**told),
                way=way,
                received_on=received_on,
                files=[
                    operations.NewFile(each.name or "", each.content_type or "", each.read()) for each in sent
                ],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, _field(refusal)), say(refusal.message))
        else:
            messages.success(
                request,
                gettext("Received under the code %(code)s. Tell the sender the code, or print the slip.")
                % {"code": row.code},
            )
            return redirect("web:feedback:detail", row.pk)
    return render(request, "staff/feedback/receive.html", {"form": form})


@staff_page("feedback.receive", methods=("GET", "POST"), is_long=True)
def import_portal(request: StaffRequest) -> HttpResponse:
    """Take feedback from an export of the portal."""
    data = request.POST if request.method == "POST" else None
    form = ImportForm(data, request.FILES if data is not None else None)
    context: dict[str, Any] = {"form": form}
    if data is not None and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            done = operations.import_portal(
                actor=request.actor, data=sent.read(), name=sent.name or "", now=moment(request)
            )
        except (UnreadableSheet, ColumnsMissing) as refusal:
            form.add_error("file", say(refusal.message))
        else:
            messages.success(
                request,
                ngettext(
                    "%(new)s piece of feedback came in; %(known)s were there already.",
                    "%(new)s pieces of feedback came in; %(known)s were there already.",
                    done.new,
                )
                % {"new": vietnamese.number(done.new), "known": vietnamese.number(done.known)},
            )
            if not done.refused:
                return redirect("web:feedback:work_list")
            context["refused"] = [(each.row, say(each.why)) for each in done.refused[:200]]
            context["refused_count"] = len(done.refused)
    return render(request, "staff/feedback/import.html", context)


def _field(refusal: Refusal) -> str:
    if isinstance(refusal, TextMissing):
        return refusal.field
    if isinstance(refusal, (FileRefused, operations.TooManyFiles)):
        return "attachments"
    return "received_on"
