"""The outermost layer of every request: its number, its log line, its figures, and the pages for machines."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import resolve

from camket.config import metrics
from camket.config.logs import TRAIL, Trail, masked_path, trail
from camket.journal.context import of_request

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")
FOR_MACHINES = ("/healthz", "/healthz/ready", "/metrics")
"""Addresses answered before sessions, host names and HTTPS are looked at."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
LONGEST_STATEMENT = 2_000

answered = logging.getLogger("camket.request")
slow = logging.getLogger("camket.sql")

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class Watch:
    """Give a request its number and note what became of it.

    The number comes from the proxy (``X-Request-ID``) where it is well-formed, else it is made; it goes back in the
    answer, stands on error pages and in every line of the log that the request brings about.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        number = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        request.request_id = number  # type: ignore[attr-defined]
        begun = time.perf_counter()
        with ExitStack() as stack:
            here = stack.enter_context(trail(Trail(number, request=request)))
            stack.enter_context(of_request(number))
            stack.enter_context(metrics.in_flight.track_inprogress())
            stack.enter_context(connection.execute_wrapper(count_statement))
            response = self._answer(request)
            self._note(request, response, here, time.perf_counter() - begun)
        response[HEADER] = number
        response._has_been_logged = True  # type: ignore[attr-defined] # Django would say it again, without the number
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in FOR_MACHINES:
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)
        try:
            return request.resolver_match.func(request)  # type: ignore[no-any-return]
        except Http404:
            return HttpResponseNotFound()

    def _note(self, request: HttpRequest, response: HttpResponse, here: Trail, seconds: float) -> None:
        route = _route(request)
        method = request.method if request.method in METHODS else "OTHER"
        metrics.requests.labels(route, method, str(response.status_code)).inc()
        metrics.latency.labels(route).observe(seconds)
        if here.statements:
            metrics.statements.labels(route).inc(here.statements)
            metrics.statement_seconds.labels(route).inc(here.seconds)
        is_routine = route in {"static", "healthz", "ready", "metrics"} and response.status_code < 400
        answered.log(
            logging.DEBUG if is_routine else logging.INFO,
            "Request answered",
            extra={
                "method": method,
                "path": _path(request),
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "sql": here.statements,
                "sql_ms": round(here.seconds * 1000, 1),
                **_who(request),
            },
        )


def count_statement(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
    """Run a statement and count it; a slow one is logged, with its text and without its parameters."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.perf_counter() - begun
        here = TRAIL.get()
        if here is not None:
            here.statements += 1
            here.seconds += seconds
        if seconds * 1000 >= settings.SLOW_QUERY_MS:
            metrics.slow_statements.inc()
            slow.warning(
                "Slow statement",
                extra={
                    "statement": " ".join(str(sql).split())[:LONGEST_STATEMENT],
                    "ms": round(seconds * 1000, 1),
                    "route": _route(here.request) if here and here.request else None,
                },
            )


def _route(request: HttpRequest) -> str:
    """Return the name of the view: there are as many as views, however many addresses there are."""
    match = request.resolver_match
    if match is not None:
        return match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _path(request: HttpRequest) -> str:
    path = request.path_info
    if path.startswith(settings.STATIC_URL):
        return path[:300]
    match = request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if isinstance(value, str) and re.search("key|token|code|secret", name):
            path = path.replace(value, "***")
    return masked_path(path)[:300]


def _who(request: HttpRequest) -> dict[str, int]:
    """Return the numbers of person and agency, as far as the request itself asked for them."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        return {"agency": actor.agency_id, "person": actor.person_id}
    person = getattr(getattr(request, "_cached_user", None), "pk", None)
    return {"person": person} if isinstance(person, int) else {}
