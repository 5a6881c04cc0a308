"""The product with one page more that takes its time, for the tests that stop servers meanwhile."""

from __future__ import annotations

import time

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from camket.config.urls import urlpatterns as product
from camket.org.models import Agency


@login_not_required
def slow(request: HttpRequest) -> HttpResponse:
    """Write, wait for ``seconds``, and only then commit."""
    with transaction.atomic():
        Agency.objects.filter(code="H00.1").update(place=request.GET["place"])
        time.sleep(float(request.GET["seconds"]))
    return HttpResponse("done")


urlpatterns = [path("slow", slow), *product]
