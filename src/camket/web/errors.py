"""Pages for what went wrong: in words, with the next step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request cannot be read. The page needs nothing of it, for its very host may be forged."""
    return HttpResponse(loader.get_template("errors/400.html").render({}), status=400)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """Answer 413: the request brings more bytes than the limit; what it brings is not read."""
    context = {"limit": str(limit // 1024 // 1024)}
    return HttpResponse(loader.get_template("errors/413.html").render(context), status=413)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: no such page, or no such record in the actor's agency."""
    return render(request, "errors/404.html", status=404)


def file_damaged(request: HttpRequest, why: str) -> HttpResponse:
    """Answer 404 for a file whose bytes are gone or damaged; ``why`` says what to do."""
    return render(request, "errors/file_damaged.html", {"why": why}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the person's roles do not include the act."""
    return render(request, "errors/403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form whose CSRF token is missing or old."""
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a page that needs neither database nor request."""
    return HttpResponse(loader.get_template("errors/500.html").render({}), status=500)
