"""The inspector's pack: asked for, how far it is, taken."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from camket.core.messages import Refusal
from camket.packing import operations, queries
from camket.web.handing_out import apart_from_pages
from camket.web.request import StaffRequest, moment, say, staff_page
from camket.web.staff.badge import Badge

STATES = {
    "asked": (gettext_lazy("Waiting to be put together"), "grey"),
    "building": (gettext_lazy("Being put together"), "blue"),
    "ready": (gettext_lazy("Ready"), "green"),
    "failed": (gettext_lazy("Not put together"), "red"),
    "removed": (gettext_lazy("Removed after its days"), "grey"),
}
FILES = ("book", "folder")


@staff_page("pack.take")
def pack_list(request: StaffRequest) -> HttpResponse:
    """List the packs with how far each is; while one is at work the page comes again by itself."""
    rows = queries.packs(request.actor)
    context = {
        "rows": [(each, Badge(*STATES[each.state]), say(each.error) if each.error else "") for each in rows],
        "years": queries.years(request.today),
        "is_at_work": any(each.is_at_work for each in rows),
        "kept_days": operations.KEPT_DAYS,
    }
    response = render(request, "staff/improvement/packs/list.html", context)
    if context["is_at_work"]:
        response["Refresh"] = "5"
    return response


@staff_page("pack.take", methods=("POST",))
def ask(request: StaffRequest) -> HttpResponse:
    """Have a year's pack put together."""
    year = request.POST.get("year", "")
    try:
        if not (year.isascii() and year.isdecimal() and len(year) == 4):
            messages.error(request, _("Choose the year of the pack."))
        else:
            operations.ask(actor=request.actor, year=int(year), now=moment(request))
            messages.success(request, _("The pack is being put together; this page says when it is ready."))
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    return redirect("web:packs:list")


@staff_page("pack.take", methods=("POST",))
def take(request: StaffRequest, pack_id: int, pack_file: str) -> HttpResponse:
    """Hand out the book or the folder in pieces; that it was taken is recorded."""
    if pack_file not in FILES:
        raise Http404(f"no file {pack_file!r}")
    file = operations.note_taken(actor=request.actor, pack_id=pack_id, what=pack_file, now=moment(request))
    place = operations.path_of_file(file=file)
    if not place.exists():
        messages.error(request, _("The file is lost on the server; have the pack put together anew."))
        return redirect("web:packs:list")
    response = FileResponse(
        place.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )
    return cast(HttpResponse, apart_from_pages(response))
