"""The computer a request comes from: its address, who signed in on it before, and its browser in words."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

COMPUTER = "camket_computer"
"""Name of the cookie that tells a computer on which people signed in before from a stranger's."""
COMPUTER_AGE = 365 * 24 * 3600
NAMES_OF_A_COMPUTER = 12

_BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Zalo", "Zalo"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


_WITH_PORT = re.compile(r"(?:([\d.]+)|\[([0-9A-Fa-f:.]+)\]):\d{1,5}")


def address_of(request: HttpRequest) -> str:
    """Return where the request comes from; behind a proxy, what the proxy itself saw, which nobody can forge."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def ip_of(request: HttpRequest) -> str:
    """Return the address as an IP address; empty where the server knows none, as behind a Unix socket.

    A server that listens for both kinds tells IPv4 as IPv6 (``::ffff:192.0.2.1``), some proxies add the port: neither
    makes another address.
    """
    text = address_of(request)
    with_port = _WITH_PORT.fullmatch(text)
    try:
        found = ipaddress.ip_address(with_port[1] or with_port[2] if with_port else text)
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def device_in_words(agent: str) -> str:
    """Return what a browser's own description says in words, as "Chrome on Windows".

    >>> device_in_words("")
    ''
    """
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def device_of(request: HttpRequest) -> str:
    """Return the browser that a request comes from, in words."""
    return device_in_words(request.headers.get("User-Agent", ""))


def _marks(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    """Return the computer's own mark and the digests of the names that signed in on it, from its signed cookie."""
    text = request.get_signed_cookie(COMPUTER, default="", salt=COMPUTER, max_age=COMPUTER_AGE)
    computer, _, digests = (text or "").partition(":")
    return computer, tuple(digest for digest in digests.split(".") if digest)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def computer_of(request: HttpRequest, name: str) -> str:
    """Return the mark of the computer if this name signed in on it before, else an empty text."""
    computer, digests = _marks(request)
    return computer if _digest(name) in digests else ""


def remember_computer(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Note in a signed cookie that this name signed in on the computer; the latest names of a shared one are kept."""
    computer, digests = _marks(request)
    names = [_digest(name), *(digest for digest in digests if digest != _digest(name))][:NAMES_OF_A_COMPUTER]
    response.set_signed_cookie(
        COMPUTER,
        f"{computer or secrets.token_urlsafe(12)}:{'.'.join(names)}",
        salt=COMPUTER,
        max_age=COMPUTER_AGE,
        path=reverse("web:sign_in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
