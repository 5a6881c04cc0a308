"""A meeting: its invitations, sent from its page, and the meeting as a file for calendar programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from camket.core.messages import Refusal
from camket.registers import operations
from camket.registers.invitations import FILE
from camket.registers.queries.meetings import meeting_file
from camket.web import vietnamese
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.registers.views import found_entry, register_of


@staff_page("register.keep", methods=("POST",))
def invite(request: StaffRequest, meeting_id: int) -> HttpResponse:
    """Send the invitations of a meeting to whoever lacks one."""
    register = register_of("lich-hop")
    found_entry(request, register, meeting_id)
    try:
        sent = operations.send_invitations(actor=request.actor, entry_id=meeting_id, now=moment(request))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        text = ngettext("%(count)s person is invited.", "%(count)s people are invited.", sent.invited)
        messages.success(request, text % {"count": vietnamese.number(sent.invited)})
    return redirect("web:registers:entry", register.slug, meeting_id)


@staff_page("register.view")
def invitation(request: StaffRequest, meeting_id: int) -> HttpResponse:
    """Give a meeting as iCalendar: into a calendar by one touch."""
    found_entry(request, register_of("lich-hop"), meeting_id)
    response = HttpResponse(
        meeting_file(request.actor, meeting_id, moment(request)), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    response["Cache-Control"] = "private, no-store"
    return response
