"""The service worker: the script by which pages open while the network is away."""

from __future__ import annotations

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpResponse

WORKER = "js/page-worker.js"


def page_worker() -> HttpResponse:
    """Return the script; the folder of the address that gives it is its reach (Service Workers, part 5.1)."""
    path = finders.find(WORKER) or staticfiles_storage.path(WORKER)
    try:
        with open(str(path), encoding="utf-8") as file:
            return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    except OSError:
        raise Http404 from None
