"""Public pages kept in the memory of the process: the same answer for everybody is made once and handed to the next.

Outside the session, the sign-in and the database: a page that is kept costs no statement. An answer is kept where its
view says that it depends on its address alone (``public_page(is_kept=True)``), and only a 200 that sets no cookie.

How long: at most :data:`SECONDS`, and no longer than until this process itself changes what is public
(:mod:`camket.publishing.changes`). So what is published is there at once where it was published, and within seconds in
other processes. Browsers and proxies ask each time (``max-age=0``) and are told 304 where nothing changed.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from camket.publishing import changes
from camket.web.public.request import KEPT

SECONDS = 3.0
"""How long an answer is handed out without being made anew."""
WHILE_MADE_ANEW = 10.0
"""How much longer others get it while one makes it anew."""
MOST_BYTES = 32 * 1024 * 1024
MOST_SEARCHES = 256
"""How many answers to questions (addresses with a query) are kept: of those there is no end."""
LONGEST_QUERY = 300
SMALLEST_ZIPPED = 400
PLACES = ("/cong-khai/", "/nhung/", "/robots.txt", "/ks/")
"""How the addresses of citizens' pages begin."""

Key = tuple[str, str, str, str]


@dataclass(slots=True)
class Kept:
    """An answer as it is kept: plain and zipped, with when it was made and what was public then."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    zipped: bytes | None
    etag: str
    last_modified: int | None
    match: ResolverMatch | None
    made_at: float
    change: int
    is_made_anew: bool = False

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self.body) + len(self.zipped or b"") + 1_000


class Store:
    """Answers by address, the longest unused thrown away first; safe for many threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0
        self._searches = 0

    def find(self, key: Key, now: float) -> Kept | None:
        """Return a kept answer that is still good; None where the caller is to make it (anew)."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.change != changes.number():
                return None
            age = now - kept.made_at
            if age > SECONDS and (not kept.is_made_anew or age > SECONDS + WHILE_MADE_ANEW):
                kept.is_made_anew = True  # by this caller; others take what is there meanwhile
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, in place of what was kept at its address."""
        with self._lock:
            self._drop(key)
            self._pages[key] = kept
            self._bytes += kept.size
            self._searches += bool(key[3])
            while self._bytes > MOST_BYTES:
                self._drop(next(iter(self._pages)))
            if self._searches > MOST_SEARCHES:
                self._drop(next(each for each in self._pages if each[3]))

    def drop(self, key: Key) -> None:
        """Forget what is kept at an address."""
        with self._lock:
            self._drop(key)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()
            self._bytes = self._searches = 0

    def _drop(self, key: Key) -> None:
        old = self._pages.pop(key, None)
        if old is not None:
            self._bytes -= old.size
            self._searches -= bool(key[3])


STORE = Store()


class KeptPages:
    """Answer for public pages from memory; stands right behind the outermost layer, before sessions.

    At the addresses of citizens' pages cookies are not looked at: whoever is signed in comes as a stranger, is not
    known to any layer within, and stands in no line of the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PLACES):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        key = _key(request)
        if key is None:
            return self.get_response(request)
        kept = STORE.find(key, time.monotonic())
        if kept is None:
            change, begun = changes.number(), time.monotonic()
            response = self.get_response(request)
            if not _may_be_kept(response):
                STORE.drop(key)
                return response
            kept = _kept(request, response, change, begun)
            STORE.put(key, kept)
        request.resolver_match = kept.match
        return _answer(request, kept)


def _key(request: HttpRequest) -> Key | None:
    if request.method not in ("GET", "HEAD"):
        return None
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        return None
    try:
        return (request.scheme or "", request.get_host(), request.path_info, query)
    except DisallowedHost:
        return None


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        getattr(response, KEPT, False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
    )


def _kept(request: HttpRequest, response: HttpResponse, change: int, begun: float) -> Kept:
    body = response.content
    zipped = gzip.compress(body, 6, mtime=0) if len(body) >= SMALLEST_ZIPPED else None
    response["Vary"] = "Accept-Encoding"
    response["ETag"] = etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    modified = response.headers.get("Last-Modified", "")
    return Kept(
        headers=tuple(response.items()),
        body=body,
        zipped=zipped,
        etag=etag,
        last_modified=parse_http_date_safe(modified) if modified else None,
        match=request.resolver_match,
        made_at=begun,
        change=change,
    )


def _answer(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    takes_zipped = kept.zipped is not None and "gzip" in request.headers.get("Accept-Encoding", "").lower()
    body = kept.zipped if takes_zipped and kept.zipped is not None else kept.body
    response = HttpResponse(body, headers=dict(kept.headers))
    if takes_zipped:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(body))
    conditional: Any = get_conditional_response(
        request, etag=kept.etag, last_modified=kept.last_modified, response=response
    )
    if conditional is not None and conditional.status_code == 304:
        for name in ("Cache-Control", "Vary"):
            conditional[name] = response[name]
    elif request.method == "HEAD":
        response.content = b""  # its length stays told
    return conditional if conditional is not None else response
