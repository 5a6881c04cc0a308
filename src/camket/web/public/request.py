"""Pages for everybody: nobody is known here, nothing is kept of who looks, nothing needs JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")

KEPT = "is_kept_for_all"
"""Attribute of a response that is the same for everybody, so that it may be kept for the next who asks."""


class PublicRequest(HttpRequest):
    """A request that ``public_page`` let through. For annotations only.

    ``language`` is that of ``?lang=`` where the page has languages, a code of at most 12 characters; "vi" otherwise.
    """

    today: date
    language: str


def public_page(
    methods: tuple[str, ...] = ("GET",), *, has_languages: bool = False, is_kept: bool = False
) -> Callable[
    [Callable[Concatenate[PublicRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Open a view to everybody.

    Whoever is signed in is a stranger here: the view sees nobody, so that its page is the same for all and no page of
    the staff can be read through it. No cookie is set or looked at, so a form that is sent needs no token against forged
    ones: it rides on no authority. What limits it is the view's own (rates, a check that a person writes).

    The page is in Vietnamese; with ``has_languages`` the address may ask for another (``?lang=en``): that of the content
    is ``request.language``, the frame follows where the product speaks it.

    ``is_kept`` says that the answer to a GET depends on its address alone: it is kept and handed to the next who asks
    (:mod:`camket.web.public.kept`). Everything else is never stored by browsers or proxies.

    A row that is not there, or is not public, is the 404 page for citizens, the same for whatever reason.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(
        view: Callable[Concatenate[PublicRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @login_not_required
        @csrf_exempt
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            _forget_who_asks(request)
            public = cast(PublicRequest, request)
            public.language = _language(request) if has_languages else "vi"
            spoken = public.language if public.language in dict(settings.LANGUAGES) else "vi"
            translation.activate(spoken)
            request.LANGUAGE_CODE = spoken
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            try:
                response = view(public, *args, **kwargs)
            except (Http404, ObjectDoesNotExist):
                response = not_found(request)
            _say_how_long(response, is_kept=is_kept and request.method in ("GET", "HEAD"))
            return response

        wrapper.is_public = True  # type: ignore[attr-defined]
        return wrapper

    return decorate


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer 404 to a citizen: no such page, or one that is not open."""
    return render(request, "public/not_found.html", status=404)


def _forget_who_asks(request: HttpRequest) -> None:
    request.user = AnonymousUser()
    for name in ("actor", "agency", "capacity", "standing"):
        setattr(request, name, None)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "") or request.POST.get("lang", "")
    return asked if asked.isascii() and asked.replace("-", "").isalnum() and len(asked) <= 12 else "vi"


def _say_how_long(response: HttpResponse, *, is_kept: bool) -> None:
    if is_kept and response.status_code in (200, 304):
        # Held by whoever likes, asked for anew each time: a correction is seen at once, an unchanged page costs nothing.
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        setattr(response, KEPT, True)
    elif not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
