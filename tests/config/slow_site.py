"""The product with one page more that takes its time, for the tests that stop servers meanwhile."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from camket.config.urls import urlpatterns as product
from camket.org.models import Agency


@login_not_required
def slow(request: HttpRequest) -> HttpResponse:
    """Write, say that it is written, wait until ``place`` may go on, and only then commit."""
    place = request.GET["place"]
    with transaction.atomic():
        Agency.objects.filter(code="H00.1").update(place=place)
        (settings.DATA / f"{place}.begun").touch()
        until = time.monotonic() + 60
        while not (settings.DATA / f"{place}.go").exists() and time.monotonic() < until:
            time.sleep(0.02)
    return HttpResponse("done")


urlpatterns = [path("slow", slow), *product]
