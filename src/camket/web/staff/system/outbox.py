"""The letters of the installation: how many wait, which the server refused and why, and sending them again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from camket.notifications import operations, queries
from camket.web.request import StaffRequest, staff_page


@staff_page("system.view")
def outbox(request: StaffRequest) -> HttpResponse:
    """Show how letters stand; none is shown with its text, nor with its whole address."""
    found = queries.outbox_page(request.actor)
    return render(request, "staff/system/outbox.html", {"found": found, "hidden": found.hidden})


@staff_page("system.manage", methods=("POST",))
def send_again(request: StaffRequest) -> HttpResponse:
    """Put one letter that was not sent back into the outbox, or all of them."""
    asked = request.POST.get("thu", "")
    mail_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    if asked and mail_id is None:
        return redirect("web:system:outbox")
    count = operations.try_again(
        actor=request.actor, mail_id=mail_id, today=request.today, now=timezone.now()
    )
    if count:
        said = ngettext("%(count)s letter is sent again.", "%(count)s letters are sent again.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, gettext("Nothing was left to send again."))
    return redirect("web:system:outbox")
