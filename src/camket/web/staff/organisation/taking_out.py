"""An agency takes all of its data out."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from camket.keeping import operations
from camket.web.request import StaffRequest, staff_page


@staff_page("agency.export", methods=("GET", "POST"), is_long=True)
def export(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "staff/organisation/export.html")
    now = timezone.localtime()
    parts = operations.take_out(actor=request.actor, today=request.today, now=now)
    code = "".join(sign if sign.isalnum() else "-" for sign in request.agency.code)
    # Sent as it is made: nothing of it is held in memory or left on the disk.
    answer = StreamingHttpResponse(parts, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="du-lieu-{code}-{now:%Y%m%d-%H%M}.zip"'
    answer["X-Accel-Buffering"] = "no"
    return cast(HttpResponse, answer)
