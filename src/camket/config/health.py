"""Whether the product lives and is ready for work: for load balancers, supervisors and monitors.

The two pages need no sign-in, are kept nowhere, and say in single words what is wrong, nothing of the installation.
They are answered before host names and HTTPS are looked at: probes ask by the machine's own address.
"""

from __future__ import annotations

import hmac
import ipaddress
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from camket.config import metrics

View = Callable[[HttpRequest], HttpResponse]
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_VIA")


def _for_machines(view: View) -> View:
    """Answer GET and HEAD only, without sign-in, and let nobody keep the answer."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = view(request)
        response["Cache-Control"] = "no-store"
        return response

    return login_not_required(answer)


@_for_machines
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200: this process answers. Database and disk are not asked, for starting anew would not mend them."""
    return JsonResponse({"status": "ok"})


@_for_machines
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 where a person could work now, else 503, with the state of each part."""
    checks = {
        "database": _database(),
        "migrations": "unknown",
        "data_folder": _data_folder(),
        "disk": _disk(),
    }
    if checks["database"] == "ok":
        checks["migrations"] = _migrations()
    is_ready = all(state == "ok" for state in checks.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": checks}, status=200 if is_ready else 503
    )


@_for_machines
def figures(request: HttpRequest) -> HttpResponse:
    """Give the metrics to who holds ``CAMKET_METRICS_TOKEN``; without a token set, to this machine itself.

    Everybody else gets 404. A request that a proxy passed on comes from this machine too, but says so.
    """
    if not _may_read_figures(request):
        raise Http404
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_figures(request: HttpRequest) -> bool:
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and not any(name in request.META for name in FORWARDED)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return "unreachable"
    return "ok"


@cache
def _migrations_of_this_version() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def _migrations() -> str:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "unreachable"
    return "ok" if applied >= _migrations_of_this_version() else "pending"


def _data_folder() -> str:
    """Write to the data folder, not only ask whether one might: a full or failed disk shows only so."""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA) as file:
            file.write(b"camket")
    except OSError:
        return "not_writable"
    return "ok"


def _disk() -> str:
    try:
        free = shutil.disk_usage(settings.DATA).free
    except OSError:
        return "unknown"
    return "ok" if free >= settings.MIN_FREE_DISK_BYTES else "nearly_full"
