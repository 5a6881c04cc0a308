"""Pages for what went wrong: what happened, what to do now, whom to ask, and the number to tell the administrator.

Those of 400, 413, 429, 500 and 503 need no database, no session, no static files and nothing of the request but its
number: they are shown when any of these may be what went wrong.
"""

from __future__ import annotations

import sys
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone

RETRY_SECONDS = 30
"""When a browser or a proxy may ask again while the database is away."""
PATIENCE_SECONDS = 300
"""How long to wait after too many attempts, where nobody says how long."""
STYLES = ("vendor/tabler/tabler.min.css", "css/camket.css")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request cannot be read. The page needs nothing of it, for its very host may be forged."""
    return _plain(request, 400, "errors/400.html")


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """Answer 413: the request brings more bytes than the limit; what it brings is not read."""
    return _plain(request, 413, "errors/413.html", limit=str(limit // 1024 // 1024))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 429: too many attempts in a short time."""
    response = _plain(request, 429, "errors/429.html")
    response["Retry-After"] = str(PATIENCE_SECONDS)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: no such page, or no such record in the actor's agency."""
    return _styled(request, "errors/404.html", 404)


def file_damaged(request: HttpRequest, why: str) -> HttpResponse:
    """Answer 404 for a file whose bytes are gone or damaged; ``why`` says what to do."""
    return _styled(request, "errors/file_damaged.html", 404, why=why)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the person's roles do not include the act."""
    return _styled(request, "errors/403.html", 403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form whose CSRF token is missing or old."""
    return _styled(request, "errors/csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 where it is the database that does not answer."""
    error = sys.exc_info()[1]
    if error is not None and is_away(error):
        return unavailable(request)
    try:
        return _plain(request, 500, "errors/server_error.html")
    except Exception:  # noqa: BLE001 - whatever it is, the last page needs nothing of it
        return HttpResponse(loader.get_template("errors/500.html").render({}), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503: the database cannot be reached, is locked for too long, or its disk is full."""
    response = _plain(request, 503, "errors/503.html")
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def is_away(error: BaseException) -> bool:
    """Tell whether an error says that the database does not serve at present, rather than that a statement is wrong."""
    return isinstance(error, (OperationalError, InterfaceError)) and "no such" not in str(error)


def _styled(request: HttpRequest, name: str, status: int, **more: Any) -> HttpResponse:
    return render(request, name, {"number": _number(request), **more}, status=status)


def _plain(request: HttpRequest, status: int, name: str, **more: Any) -> HttpResponse:
    context = {
        "code": str(status),
        "number": _number(request),
        "at": timezone.localtime(),
        "styles": _styles(),
        **more,
    }
    return HttpResponse(loader.get_template(name).render(context), status=status)


def _number(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


def _styles() -> list[str]:
    """Return the addresses of the style sheets; none where the static files are not collected."""
    try:
        return [staticfiles_storage.url(name) for name in STYLES]
    except (ValueError, OSError):
        return []
