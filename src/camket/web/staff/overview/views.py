from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from camket.web.request import StaffRequest, staff_page


@staff_page("plan.view")
def home(request: StaffRequest) -> HttpResponse:
    return render(request, "staff/overview/home.html")
