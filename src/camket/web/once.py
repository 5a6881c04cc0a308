"""A form takes effect once: sent again from the same page with the same contents, it leads to the first result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from camket.intake import operations
from camket.journal import meanwhile
from camket.org.policy import Actor
from camket.web.marks import FIELD, Mark

TOKENS = frozenset({"csrfmiddlewaretoken", FIELD})
"""Fields that say nothing of what a person typed."""


def take(request: HttpRequest, actor: Actor, mark: Mark, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a form that was sent: by its act, or by the result of the same form that was sent before.

    Claim and act stand or fall together in one transaction. An equal form that comes meanwhile waits for it. A form
    that changed nothing may be sent again.
    """
    fingerprint = _fingerprint(request, mark)
    try:
        with transaction.atomic():
            operations.claim_form(person_id=actor.person_id, fingerprint=fingerprint, now=timezone.now())
            response = act()
            if meanwhile.written(actor) and not _is_file(response):
                operations.settle_form(fingerprint=fingerprint, result=_result(request, response))
            else:
                operations.release_form(fingerprint=fingerprint)
    except operations.AlreadySent as sent:
        return _first_result(request, sent.result)
    return response


def _fingerprint(request: HttpRequest, mark: Mark) -> str:
    """Return the SHA-256 of who sent what where, from which page."""
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in TOKENS)
    files = sorted(
        (name, file.name or "", _digest(file))
        for name in request.FILES
        for file in request.FILES.getlist(name)
    )
    said = [mark.person_id, mark.capacity, mark.key, request.get_full_path(), fields, files]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def _digest(file: UploadedFile[bytes]) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _is_file(response: HttpResponse) -> bool:
    """Whether an answer is a file, which may be asked for again from the same page."""
    return response.streaming or "attachment" in response.headers.get("Content-Disposition", "")


def _result(request: HttpRequest, response: HttpResponse) -> str:
    """Return the address that shows what a form did."""
    for header in ("Location", "HX-Redirect"):
        if place := response.headers.get(header):
            return place
    htmx = getattr(request, "htmx", None)
    page = urlsplit(htmx.current_url or "") if htmx else None
    return page.path if page and page.path else page_of(request)


def page_of(request: HttpRequest) -> str:
    """Return the page of ours that the form stood on, as the browser names it."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path


def _first_result(request: HttpRequest, result: str) -> HttpResponse:
    messages.info(
        request, gettext("This form had been sent already; here is its result. Nothing was done twice.")
    )
    place = result or reverse("web:home")
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": place})
    return HttpResponseRedirect(place)
