"""What was typed into a form is not lost with the session: held for an hour, shown after signing in, sent by one press.

A form that comes without a session, or with a token from before signing in again, is held for the person whom its
mark names (``camket.web.marks``) and for the browser it came from. Nothing is sent without that person pressing the
button on the page that shows what was typed and where it goes. Files and passwords are not held.
"""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from camket.intake import operations, queries
from camket.intake.queries import HeldRow
from camket.journal import meanwhile
from camket.org import policy
from camket.org import queries as org
from camket.org.policy import Actor
from camket.web import errors
from camket.web.forms.fields import PersonChoiceField, UnitChoiceField
from camket.web.marks import LONGEST_OPEN, Mark, mark_of
from camket.web.once import TOKENS, page_of

COOKIE = "camket_held"
"""Name of the cookie by which a browser gets back what it sent; its value is a secret, the row keeps a digest."""
KNOWN = "camket_known"
"""Name of the signed cookie of a browser at which somebody signed in: without a session it may still send files."""
SENT = "camket_sent"
"""Name of the cookie that tells the page's script which form the server took, by the key of its mark."""
SECRET = re.compile(r"pass|secret|token|otp|code", re.IGNORECASE)
"""Fields that are never held, whatever form they are in."""


SUBJECTS = {
    "plan_id": "objectives.plan",
    "objective_id": "objectives.objective",
    "target_id": "objectives.target",
    "action_id": "actions.action",
    "task_id": "actions.task",
    "reading_id": "indicators.reading",
    "report_id": "reporting.report",
    "unit_id": "org.unit",
    "committee_id": "org.unit",
    "person_id": "org.person",
    "body_name_id": "org.bodyname",
    "agency_id": "org.agency",
    "feedback_id": "voices.feedback",
}
"""Words of addresses that name a record, and what the journal calls such a record."""


class HeldMiddleware:
    """Hold a form whose answer is to sign in or to choose a capacity; forget it when somebody else signs in there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.user.pk
        response = self.get_response(request)
        browser = request.COOKIES.get(COOKIE, "")
        if request.method == "POST" and COOKIE not in response.cookies and _leads_away(response):
            return keep(request) or response
        if browser and request.user.pk not in (None, before):
            operations.drop_held_of_others(person_id=request.user.pk, browser=browser)
        if before is not None and KNOWN not in request.COOKIES:
            self._know(response)
        if request.method == "POST" and before is not None and COOKIE not in response.cookies:
            mark = mark_of(request)
            is_seen = response.status_code < 400 or response.status_code == 422
            if mark is not None and mark.person_id == before and is_seen:
                self._taken(request, response, mark, browser)
        return response

    def _know(self, response: HttpResponse) -> None:
        response.set_signed_cookie(
            KNOWN,
            "1",
            salt=KNOWN,
            max_age=int(LONGEST_OPEN.total_seconds()),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def _taken(self, request: HttpRequest, response: HttpResponse, mark: Mark, browser: str) -> None:
        """Drop what was held once it is sent again, for its page shows it from now on; tell the script of what was done."""
        actor = getattr(request, "actor", None)
        is_done = actor is not None and actor.seen is not None and bool(actor.seen.written)
        if is_done or "Location" in response.headers or "HX-Redirect" in response.headers:
            response.set_cookie(
                SENT, mark.key, max_age=600, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
            )
        if not browser:
            return
        operations.drop_held(person_id=mark.person_id, browser=browser, key=mark.key)
        if not queries.held_forms(mark.person_id, browser, timezone.now()):
            response.delete_cookie(COOKIE, samesite="Lax")


def is_known(request: HttpRequest) -> bool:
    """Whether somebody signed in at this browser lately, so that a form with files may come after the session ended."""
    given = request.get_signed_cookie(
        KNOWN, default=None, salt=KNOWN, max_age=int(LONGEST_OPEN.total_seconds())
    )
    return given is not None


def keep(request: HttpRequest) -> HttpResponse | None:
    """Hold the form that was sent and lead to it, over signing in where need be; None for one that is nobody's here.

    Of a person who is signed in, only the own form is held.
    """
    mark = mark_of(request)
    if mark is None or not _is_staff_form(request.path_info):
        return None
    if request.user.is_authenticated and request.user.pk != mark.person_id:
        return None
    browser = request.COOKIES.get(COOKIE, "") or secrets.token_urlsafe(32)
    is_held = operations.hold_form(
        person_id=mark.person_id, browser=browser, typed=_typed(request, mark), now=timezone.now()
    )
    if not is_held:
        messages.warning(
            request,
            gettext(
                "What you had typed is too long to be kept; go back in the browser to copy it before you go on."
            ),
        )
        return None
    place = reverse("web:held")
    if not request.user.is_authenticated:
        messages.info(
            request, gettext("You were signed out. What you typed is kept for one hour: sign in to send it.")
        )
        place = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': place}, safe='/')}"
    is_htmx = bool(getattr(request, "htmx", False))
    response = HttpResponse(headers={"HX-Redirect": place}) if is_htmx else HttpResponseRedirect(place)
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(operations.HELD.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def since_opened(actor: Actor, path: str) -> tuple[Any, ...]:
    """Return what the journal says of the record that an address names since the actor saw it.

    It is the innermost record of several; none for who may not do there what the address is for.
    """
    try:
        found = resolve(path)
    except Resolver404:
        return ()
    act = getattr(found.func, "act", None)
    words = [word for word in found.kwargs if word in SUBJECTS]
    if not words or act is None or not policy.can(actor, act):
        return ()
    pk = found.kwargs[words[-1]]
    return meanwhile.since_seen(actor, SUBJECTS[words[-1]], pk, pk if words[-1] == "agency_id" else None)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token is missing or old: with what its own person typed, else with the 403 page."""
    return keep(request) or errors.form_expired(request, reason)


def misplaced(request: HttpRequest, mark: Mark, capacity: str) -> HttpResponse | None:
    """Answer a form that somebody else opened, or that was opened in another capacity; None for one in its place."""
    if mark.person_id != request.user.pk:
        return errors.form_expired(request)
    return keep(request) if mark.capacity != capacity else None


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a held form: what it is called, what was typed."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A held form as the page shows it; ``fields`` send it again, under the mark that it had."""

    key: str
    path: str
    page: str
    lines: tuple[Line, ...]
    files: tuple[Line, ...]
    fields: tuple[tuple[str, str], ...]
    mark: SafeString
    at: datetime
    until: datetime
    other_capacity: str
    other_agency: str
    seen: policy.Seen


@never_cache
@require_http_methods(["GET", "HEAD"])
def held(request: HttpRequest) -> HttpResponse:
    """Show what is held for the person who is signed in."""
    browser = request.COOKIES.get(COOKIE, "")
    person_id = int(request.user.pk or 0)
    rows = queries.held_forms(person_id, browser, timezone.now()) if browser else ()
    context = {"rows": [_shown(request, row) for row in rows], "shows_held": True}
    response = render(request, "account/held.html", context)
    if browser and not rows:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """Drop a held form."""
    browser = request.COOKIES.get(COOKIE, "")
    operations.drop_held(
        person_id=int(request.user.pk or 0), browser=browser, key=request.POST.get("key", "")
    )
    messages.success(request, gettext("It is thrown away."))
    left = queries.held_forms(int(request.user.pk or 0), browser, timezone.now())
    response = redirect("web:held" if left else "web:home")
    if not left:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _leads_away(response: HttpResponse) -> bool:
    """Whether an answer leads to sign in, or to choose in what capacity to work, instead of doing what was asked."""
    place = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    return urlsplit(place).path in (reverse(settings.LOGIN_URL), reverse("web:choose_agency"))


def _view_of(path: str) -> Any:
    try:
        return resolve(path).func
    except Resolver404:
        return None


def _is_staff_form(path: str) -> bool:
    """Whether a page of the staff takes forms at the address; those of the account hold passwords."""
    return "POST" in getattr(_view_of(path), "methods", ())


def _typed(request: HttpRequest, mark: Mark) -> operations.Typed:
    content = [
        (name, text)
        for name in request.POST
        if name not in TOKENS and not SECRET.search(name)
        for text in request.POST.getlist(name)
    ]
    files = [(name, file.name or "") for name in request.FILES for file in request.FILES.getlist(name)]
    return operations.Typed(
        path=request.get_full_path(),
        page=page_of(request),
        content=content,
        files=files,
        key=mark.key,
        capacity=mark.capacity,
        seen_until=_told_until(request) or mark.seen_until,
    )


def _told_until(request: HttpRequest) -> int | None:
    """Return up to which entry a person was told of, where the page of held forms cannot tell it again."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.seen is None or not actor.seen.is_refused:
        return None
    if since_opened(actor, request.path_info):
        return None
    told = [entry.sequence for entry in actor.seen.meanwhile if entry.agency_id == actor.agency_id]
    return max(told, default=None)


def _shown(request: HttpRequest, row: HeldRow) -> Shown:
    labels = _Labels(request, row)
    capacity = getattr(request, "capacity", None)
    other = row.capacity if capacity is None or capacity.key != row.capacity else ""
    wanted = (
        org.capacity(person_id=int(request.user.pk or 0), key=other, on=request.today)  # type: ignore[attr-defined]
        if other
        else None
    )
    lines = [
        Line(labels.label(name), text)
        for name, typed in row.content
        if (text := labels.text(name, typed)) and not labels.is_hidden(name)
    ]
    seen = policy.Seen(until=row.seen_until)
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and not other:
        seen.meanwhile = since_opened(replace(actor, seen=seen), urlsplit(row.path).path)
    # The page shows what happened since: sent from here, the form is sent knowing it.
    until = seen.meanwhile[-1].sequence if seen.meanwhile else row.seen_until
    mark = Mark(int(request.user.pk or 0), row.capacity, until, row.key)
    return Shown(
        key=row.key,
        path=row.path,
        page=row.page,
        lines=tuple(lines),
        files=tuple(Line(labels.label(name), file) for name, file in row.files),
        fields=row.content,
        mark=mark.field,
        at=row.at,
        until=row.until,
        other_capacity=other,
        other_agency=wanted.agency.name if wanted else "",
        seen=seen,
    )


class _Labels:
    """What the fields of a held form are called, from the form classes that its view works with."""

    def __init__(self, request: HttpRequest, row: HeldRow) -> None:
        names = {self._bare(name) for name, _text in (*row.content, *row.files)}
        view = _view_of(urlsplit(row.path).path)
        module = vars(sys.modules[view.__module__]) if view is not None else {}
        found = [
            each for each in module.values() if isinstance(each, type) and issubclass(each, forms.BaseForm)
        ]
        found.sort(key=lambda each: len(names & self._fields(each).keys()), reverse=True)
        self.forms = found
        self.request = request

    @staticmethod
    def _fields(form: type) -> Mapping[str, forms.Field]:
        return getattr(form, "base_fields", {})

    @staticmethod
    def _bare(name: str) -> str:
        """Return a field's name without the prefix of its form and the number of its row."""
        return re.sub(r"_\d+$", "", name.rpartition("-")[2])

    def field(self, name: str) -> forms.Field | None:
        """Return the field of that name, of the form that knows most of what was sent."""
        bare = self._bare(name)
        return next((self._fields(form)[bare] for form in self.forms if bare in self._fields(form)), None)

    def is_hidden(self, name: str) -> bool:
        field = self.field(name)
        return name == "next" or (field is not None and field.widget.is_hidden)

    def label(self, name: str) -> str:
        field = self.field(name)
        bare = self._bare(name)
        return str(field.label or "") or bare if field is not None else bare.replace("_", " ").capitalize()

    def text(self, name: str, typed: str) -> str:
        field = self.field(name)
        if isinstance(field, (UnitChoiceField, PersonChoiceField)):
            return self._name(field, typed)
        if isinstance(field, forms.BooleanField):
            return gettext("Yes") if typed else ""
        choices = getattr(field, "choices", ())
        return next((str(label) for value, label in _flat(choices) if str(value) == typed), typed)

    def _name(self, field: forms.Field, typed: str) -> str:
        actor = getattr(self.request, "actor", None)
        if actor is None or not typed.isdecimal() or len(typed) >= 19:
            return typed
        units, people = org.names(actor)
        return (units if isinstance(field, UnitChoiceField) else people).get(int(typed), typed)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label
