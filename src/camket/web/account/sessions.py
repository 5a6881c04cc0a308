"""Where a person is signed in: limits of a session, and the page that lists and ends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from camket.org import operations, queries
from camket.web.account.computers import device_in_words, ip_of

BEGAN = "camket_began"
"""Session key of the moment of signing in, in seconds since 1970."""
SEEN = "camket_seen"
"""Session key of the moment when the session was last noted to be in use."""
SEEN_EVERY = 300
"""Seconds between such notes: a page a minute does not write to the database each time."""


def begin(request: HttpRequest, person_id: int, now: datetime) -> None:
    """Note that a session begins with this sign-in."""
    request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())
    if not request.session.session_key:
        request.session.save()
    _touch(request, person_id, now)


def _touch(request: HttpRequest, person_id: int, now: datetime) -> None:
    operations.touch_session(
        key=request.session.session_key or "",
        person_id=person_id,
        address=ip_of(request),
        agent=request.headers.get("User-Agent", ""),
        now=now,
    )


class SessionLimits:
    """End a session that is too old; note now and then that one is in use, which also lets it live on.

    A session without use ends by itself (``SESSION_COOKIE_AGE``). One that did not begin by signing in carries no
    mark and is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if SESSION_KEY in session and BEGAN in session:
            now = timezone.now()
            if now.timestamp() - session[BEGAN] > settings.SESSION_DAYS * 86_400:
                logout(request)
                messages.info(
                    request,
                    gettext("For safety everyone signs in anew after %(days)s days.")
                    % {"days": settings.SESSION_DAYS},
                )
            elif now.timestamp() - session.get(SEEN, 0) >= SEEN_EVERY and request.user.is_authenticated:
                session[SEEN] = int(now.timestamp())
                _touch(request, int(request.user.pk or 0), now)
        return self.get_response(request)


@never_cache
@require_http_methods(["GET", "HEAD"])
def sessions(request: HttpRequest) -> HttpResponse:
    person_id = int(request.user.pk or 0)
    rows = queries.sessions(person_id, request.session.session_key or "", timezone.now())
    context = {
        "rows": [{"session": row, "device": device_in_words(row.agent)} for row in rows],
        "has_others": any(not row.is_this for row in rows),
        "events": queries.account_events(person_id),
        "hours": str(settings.SESSION_COOKIE_AGE // 3600),
        "days": str(settings.SESSION_DAYS),
    }
    return render(request, "account/sessions.html", context)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session of one's own, or all but this one."""
    person_id, chosen = int(request.user.pk or 0), request.POST.get("session", "")
    if chosen == "others":
        operations.end_own_sessions(person_id=person_id, besides=request.session.session_key or "")
        messages.success(request, gettext("You are signed out everywhere but here."))
    elif (
        chosen.isdecimal()
        and len(chosen) < 19
        and operations.end_own_session(person_id=person_id, session_id=int(chosen))
    ):
        messages.success(request, gettext("The session has been ended."))
    else:
        messages.info(request, gettext("That session had ended already."))
    return redirect("web:sessions")
