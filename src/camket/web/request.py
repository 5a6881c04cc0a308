"""Who is asking, for which agency, and what day it is; computed once per request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from functools import cache, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Message, Refusal
from camket.documents.queries import FileDamaged
from camket.journal import meanwhile
from camket.journal.queries import newest_known
from camket.notifications import queries as notifications
from camket.org import clock, policy, queries
from camket.org.policy import Actor, NotAllowed
from camket.web import errors, held, marks, once

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from camket.org.models import Person

P = ParamSpec("P")

CAPACITY_KEY = "camket_capacity"
"""Session key of the capacity that a person has chosen to work in (``camket.org.queries.Capacity.key``)."""

BACK_KEY = "camket_back"
"""Session key of the page from which a person began to look at another agency, to go back to."""

CHOICE = "web:choose_agency"
"""Page on which a person chooses in what capacity to work."""

SETUP_PUT_OFF = "camket_setup_put_off"
"""Session key: whether the guided set-up of a new agency waits until the next sign-in."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

MOST_SHOWN = 99
"""How many things not seen yet are counted beside the bell."""

ALWAYS_OPEN = frozenset({"web:password", "web:sign_out", "web:language"})
"""Pages that stay open while a one-time password waits to be replaced."""

BY_PROVIDER = "camket_by_provider"
"""Session key: whether the person signed in by single sign-on, and so need not know any password of ours."""

FACTOR_NEEDED = "camket_factor_needed"
"""Session key: whether the person has to set up a second factor before anything else."""

FACTOR_PAGES = frozenset(
    {
        *ALWAYS_OPEN,
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
"""Pages that stay open while a second factor waits to be set up."""

AREAS = (
    ("web:home", "web:home", "home", _("Overview"), "plan.view"),
    ("web:below", "web:below", "sitemap", _("Lower level"), "below.view"),
    ("web:plans:", "web:plans:plan_list", "file-certificate", _("Plans"), "plan.view"),
    (("web:objectives:", "web:indicators:"), "web:objectives:list", "flag", _("Objectives"), "plan.view"),
    ("web:tasks:", "web:tasks:my_work", "list-check", _("Tasks"), "task.view"),
    (
        ("web:dossiers:", "web:imports:", "web:procedures:"),
        "web:dossiers:work_list",
        "clipboard-list",
        _("Dossiers"),
        "dossier.view",
    ),
    ("web:registers:", "web:registers:overview", "notes", _("Registers"), "register.view"),
    (("web:surveys:", "web:feedback:"), "web:surveys:list", "message", _("Citizens"), "survey.view"),
    (
        (
            "web:cycle:",
            "web:documents:",
            "web:legal:",
            "web:audits:",
            "web:nonconformities:",
            "web:risks:",
            "web:reviews:",
            "web:self_assessments:",
            "web:announcements:",
            "web:packs:",
        ),
        "web:documents:list",
        "refresh",
        _("Improvement"),
        "document.view",
    ),
    ("web:reports:", "web:reports:report_list", "report", _("Reports"), "plan.view"),
    (("web:publishing:", "web:postings:"), "web:publishing:overview", "eye", _("Public"), "publication.view"),
    ("web:organisation:", "web:organisation:agency", "building-community", _("Agency"), "org.view"),
    ("web:system:", "web:system:agencies", "settings", _("System"), "system.view"),
)
"""Main navigation: first letters of an area's view names, one or several, its first page, icon, label, the act that opens it."""


ON_A_PHONE = 6
"""So many areas stand in the bar of a phone; where there are more, the last place opens the others."""
FIRST_ON_A_PHONE = frozenset(
    {
        "web:home",
        "web:objectives:list",
        "web:tasks:my_work",
        "web:dossiers:work_list",
        "web:registers:overview",
    }
)
"""Areas of daily work, by their first page: on a phone they come before those that are looked at once a week."""


class StaffRequest(HttpRequest):
    """A request that ``staff_page`` let through: its actor, agency and day are known.

    For annotations only; requests are not made of this class.
    """

    user: Person
    actor: Actor
    agency: queries.AgencyRow
    capacity: queries.Capacity
    today: date
    htmx: HtmxDetails
    unseen: int


class ActorMiddleware:
    """Find who acts, for which agency, today; speak the person's language; turn refusals into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.today = clock.today()  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        request.agency = None  # type: ignore[attr-defined]
        request.capacity = None  # type: ignore[attr-defined]
        request.standing = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            self._find_actor(request)
        self._speak(request)
        if "\x00" in request.path_info:
            return errors.not_found(request)  # no database can be asked for it
        if "%00" in (query := request.META.get("QUERY_STRING", "")):
            request.GET = QueryDict(query.replace("%00", ""), encoding=request.encoding)
        length = _length_of(request)
        if length and length > (limit := _limit_of(request)):
            return errors.too_large(request, limit)
        if not _is_in_utf_8(request):
            return errors.bad_request(request)
        with queries.names_of_units_read_once() if request.method in SAFE else nullcontext():
            response = self._for_htmx(request, self.get_response(request))
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # Offices share computers: what a person saw is not there for the next one.
            response["Cache-Control"] = "private, no-store"
        return response

    def _for_htmx(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Send a whole page to sign in, where htmx would put the sign-in form into a part of the page."""
        if not request.htmx or "Location" not in response.headers:  # type: ignore[attr-defined]
            return response
        start = reverse(settings.LOGIN_URL)
        if not response.headers["Location"].startswith(start):
            return response
        here = urlsplit(request.htmx.current_url or "").path or "/"  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": f"{start}?{urlencode({'next': here})}"})

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Ask for a password of one's own before anything else; send an administrator to the agency's pages."""
        if not request.user.is_authenticated or request.resolver_match is None:
            return None
        name = request.resolver_match.view_name
        has_one_time_password = getattr(request.user, "must_change_password", False)
        if has_one_time_password and not request.session.get(BY_PROVIDER) and name not in ALWAYS_OPEN:
            return HttpResponseRedirect(reverse("web:password"))
        if request.session.get(FACTOR_NEEDED) and name not in FACTOR_PAGES:
            return HttpResponseRedirect(reverse("mfa_index"))
        if name not in (*ALWAYS_OPEN, CHOICE) and (lapsed := self._capacity_lapsed(request)) is not None:
            return lapsed
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if name == "web:home" and actor is not None and not policy.can(actor, "plan.view"):
            return HttpResponseRedirect(reverse("web:organisation:agency"))
        if name == "web:home" and actor is not None and self._is_to_set_up(request, actor):
            return HttpResponseRedirect(reverse("web:organisation:setup"))
        return None

    def _is_to_set_up(self, request: HttpRequest, actor: Actor) -> bool:
        """Return whether the person is led to set up a new agency: who manages it, until it is done or put off."""
        return (
            request.agency.set_up_on is None  # type: ignore[attr-defined]
            and policy.can_in_agency(actor, "org.manage")
            and policy.can_in_agency(actor, "people.manage")
            and not request.session.get(SETUP_PUT_OFF)
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 404 for a row of another agency and for a damaged file, 403 for an act that the roles do not give."""
        if isinstance(exception, ObjectDoesNotExist):
            return errors.not_found(request, exception)
        if isinstance(exception, NotAllowed):
            return errors.forbidden(request, exception)
        if isinstance(exception, FileDamaged):
            return errors.file_damaged(request, say(exception.message))
        return None

    def _find_actor(self, request: HttpRequest) -> None:
        person = cast("Person", request.user)
        standing = queries.standing(
            person_id=person.pk,
            key=str(request.session.get(CAPACITY_KEY, "")),
            on=request.today,  # type: ignore[attr-defined]
        )
        request.standing = standing  # type: ignore[attr-defined]
        capacity = standing.capacity
        if capacity is not None:
            request.capacity = capacity  # type: ignore[attr-defined]
            request.agency = capacity.agency  # type: ignore[attr-defined]
            request.actor = capacity.actor(person_id=person.pk, name=person.full_name)  # type: ignore[attr-defined]

    def _capacity_lapsed(self, request: HttpRequest) -> HttpResponse | None:
        """Say that the capacity chosen holds no more; what was sent in it is not done in another."""
        if request.standing is None or not request.standing.has_lapsed:  # type: ignore[attr-defined]
            return None
        request.session.pop(CAPACITY_KEY, None)
        messages.warning(
            request,
            gettext(
                "The capacity in which you worked holds no more today. Choose in what capacity you go on."
            ),
        )
        return None if request.method in SAFE else HttpResponseRedirect(reverse(CHOICE))

    def _speak(self, request: HttpRequest) -> None:
        known = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = getattr(request.user, "language", "") or cookie
        if language not in known:
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _length_of(request: HttpRequest) -> int:
    """Return how many bytes the request says it brings; servers hand on no more than that."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _is_in_utf_8(request: HttpRequest) -> bool:
    """Return whether a form with files is written in UTF-8, as browsers write it.

    Of other forms Django asks the same itself; here it would try any name of an encoding, some of which read no text.
    """
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    return request.content_type != "multipart/form-data" or charset.lower() in ("utf-8", "utf8")


def _limit_of(request: HttpRequest) -> int:
    if request.user.is_authenticated or held.is_known(request):
        return int(settings.MAX_REQUEST_BYTES)
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        view = None
    return int(getattr(view, "most_bytes", settings.MAX_REQUEST_BYTES_OF_STRANGERS))


def way_back(request: HttpRequest, default: str) -> HttpResponse:
    """Go to the page that the field or parameter ``next`` names, if it is ours, else to the view ``default``."""
    target = request.POST.get("next", "") or request.GET.get("next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return HttpResponseRedirect(target if is_ours else reverse(default))


def moment(request: HttpRequest) -> datetime:
    """Return now, on the day of the request: a demonstration may live on another day."""
    now, today = clock.now(), cast(StaffRequest, request).today
    return now if now.date() == today else datetime.combine(today, now.timetz())


def staff_page(
    act: str, methods: tuple[str, ...] = ("GET",), *, is_long: bool = False
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Open a view to those who may do ``act`` for the agency they act for.

    Strangers are sent to sign in, people with several posts choose one first, others get the 403 page, as does
    who sends anything to an agency that is only looked at. A method that is not in ``methods`` gets 405. The view
    receives a :class:`StaffRequest`.

    A form that was sent takes effect once (``camket.web.once``), in one transaction with its view; ``is_long`` is for
    a view that reads files for long and sees by itself that nothing is done twice.
    """
    if act not in policy.ACTS:
        raise KeyError(act)
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            staff = cast(StaffRequest, request)
            if not request.user.is_authenticated:
                if request.headers.get("Accept") == "application/json":
                    # A page that asks in the background says so itself; it could not show the page to sign in.
                    return JsonResponse({"signed_out": True}, status=HTTPStatus.UNAUTHORIZED)
                return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if staff.actor is None:
                return HttpResponseRedirect(reverse(CHOICE))
            policy.require(staff.actor, act)
            if request.method not in SAFE:
                policy.require_writing(staff.actor, act)
                return _sent(
                    staff,
                    lambda: view(staff, *args, **kwargs),
                    is_long=is_long,
                    has_page="GET" in methods,
                )
            if staff.capacity.is_read_only:  # who only looks sends no form that could overwrite anything
                return view(staff, *args, **kwargs)
            seen, newest = _seen_now(staff, kwargs.get("agency_id"))
            staff.actor = replace(staff.actor, seen=seen)
            with newest_known(staff.actor.agency_id, newest):
                return view(staff, *args, **kwargs)

        wrapper.act = act  # type: ignore[attr-defined]
        wrapper.methods = methods  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _seen_now(request: StaffRequest, agency_id: Any) -> tuple[policy.Seen, str]:
    """Return what a page is about to show: the journals of the agency acted for and of the one its address names.

    With the hash of the newest entry of the agency acted for. How many notifications wait is asked for in the same statement.
    """
    actor = request.actor
    until, newest, request.unseen = notifications.newest_and_unseen(actor)
    is_elsewhere = isinstance(agency_id, int) and agency_id != actor.agency_id
    elsewhere = (agency_id, meanwhile.newest(agency_id)) if is_elsewhere else None
    return policy.Seen(until=until, elsewhere=elsewhere), newest


def _sent(
    request: StaffRequest, act: Callable[[], HttpResponse], *, is_long: bool, has_page: bool
) -> HttpResponse:
    """Answer a form that was sent, held against what its person had seen when it was opened.

    ``has_page`` says that the form has a page of its own, so that it is more than a button.
    """
    mark = marks.mark_of(request)
    seen = mark.seen if mark else policy.Seen()
    request.actor = replace(request.actor, seen=seen)
    if mark is None:
        return act()
    if elsewhere := held.misplaced(request, mark, request.capacity.key):
        return elsewhere
    seen.meanwhile = held.since_opened(request.actor, request.path_info)
    try:
        response = act() if is_long else once.take(request, request.actor, mark, act)
    except meanwhile.ChangedMeanwhile as refusal:  # of a view that shows no refusal of this kind
        messages.warning(request, say(refusal.message))
        kept = held.keep(request) if has_page else None
        return kept or HttpResponseRedirect(once.page_of(request) or reverse("web:home"))
    if not seen.meanwhile or meanwhile.written(request.actor):
        return response
    if response.headers.get("Location"):
        messages.warning(request, _told(seen))
    elif response.status_code in (200, 422) and not getattr(request, "tells_refusal", False):
        # What happened meanwhile took the form from its page: what was typed is shown on the page of held forms.
        messages.warning(request, _told(seen))
        return held.keep(request) or response
    return response


def _told(seen: policy.Seen) -> str:
    """Return in a sentence who acted on a record after it was opened."""
    latest = seen.meanwhile[-1]
    return gettext("%(name)s acted on this at %(time)s, after you had opened it.") % {
        "name": meanwhile.author(latest),
        "time": f"{timezone.localtime(latest.at):%H:%M %d/%m/%Y}",
    }


def say(message: Message) -> str:
    """Return a sentence of the core in the language of the request."""
    template = gettext(message.template)
    return template % message.params if message.params else template


def refused_field(refusal: Refusal, field: str) -> str | None:
    """Return at which field of a form a refusal is said: at that which is at fault, at the whole form for a meeting of two."""
    return None if isinstance(refusal, meanwhile.ChangedMeanwhile) else field


class May:
    """What the actor may do, for templates: ``{% if may.plan_edit %}`` asks for the act "plan.edit"."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor = actor

    def __getitem__(self, name: str) -> bool:
        return self.actor is not None and policy.can(self.actor, name.replace("_", ".", 1))

    def __iter__(self) -> Iterator[str]:
        raise TypeError("May is asked act by act")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every page its actor, agency, day, navigation and ``may``."""
    actor: Actor | None = getattr(request, "actor", None)
    standing: queries.Standing | None = getattr(request, "standing", None)
    capacity: queries.Capacity | None = getattr(request, "capacity", None)
    navigation = SimpleLazyObject(lambda: _navigation(request, actor))
    unseen = SimpleLazyObject(lambda: _unseen(request, actor))
    return {
        "unseen": unseen,
        "unseen_shown": SimpleLazyObject(lambda: "99+" if unseen > MOST_SHOWN else str(unseen)),
        "actor": actor,
        "agency": getattr(request, "agency", None),
        "today": getattr(request, "today", None),
        "is_sample_day": getattr(settings, "TODAY", None) is not None,
        "may": May(actor),
        "navigation": navigation,
        "more_areas": SimpleLazyObject(lambda: [area for area in navigation if area["is_more"]]),
        "capacity": capacity,
        "has_held": held.COOKIE in request.COOKIES,
        "shows_held": False,
        "own_capacity": standing.own_for(capacity) if standing and capacity else None,
        "way_home": request.session.get(BACK_KEY, "") if capacity and capacity.is_read_only else "",
        "has_capacities": bool(standing and standing.has_choice),
        "predecessors": SimpleLazyObject(
            lambda: queries.predecessors(standing, request.today) if standing else ()  # type: ignore[attr-defined]
        ),
    }


def _unseen(request: HttpRequest, actor: Actor | None) -> int:
    """Return how many things the person was told and has not seen; nothing is told in an agency that is only looked at."""
    known: int | None = getattr(request, "unseen", None)
    if known is not None:
        return known
    if actor is None or actor.scope is not policy.Scope.AGENCY:
        return 0
    return notifications.unseen(actor)


@cache
def _address(name: str) -> str:
    """Return the address of an area's first page; every page has them all."""
    return reverse(name)


def _navigation(request: HttpRequest, actor: Actor | None) -> list[dict[str, object]]:
    if actor is None:
        return []
    here = request.resolver_match.view_name if request.resolver_match else ""
    looks = actor.scope is not policy.Scope.AGENCY  # no work of one's own lies in another agency
    areas: list[dict[str, object]] = [
        {
            "url": _address("web:tasks:task_list" if looks and area == "web:tasks:" else first),
            "icon": icon,
            "label": label,
            "is_current": here.startswith(area),
            "is_daily": first in FIRST_ON_A_PHONE,
            "is_more": False,
        }
        for area, first, icon, label, act in AREAS
        if policy.can(actor, act) and not (first == "web:home" and policy.only_looks_from_above(actor))
    ]
    if len(areas) > ON_A_PHONE:
        for each in sorted(areas, key=lambda area: not area["is_daily"])[ON_A_PHONE - 1 :]:
            each["is_more"] = True
    return areas
