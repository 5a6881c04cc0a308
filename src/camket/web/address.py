"""Under what address the installation is reached from outside: what is printed on posters and slips begins with it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """The beginning of addresses, ``https://iso.example.gov.vn`` without a slash behind.

    ``is_reachable`` is False where nobody outside this office could open it: this machine's own name, a private number.
    """

    origin: str
    is_reachable: bool

    def of(self, path: str) -> str:
        """Return the full address of a path of ours."""
        return f"{self.origin}{path}"


def public_address(request: HttpRequest) -> PublicAddress:
    """Return the first address of ``CAMKET_ORIGINS`` that names one host, else that of the request."""
    here = request.build_absolute_uri("/").rstrip("/")
    named = [origin.rstrip("/") for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin]
    origin = here if here in named or not named else named[0]
    return PublicAddress(origin, _is_reachable(urlsplit(origin).hostname or ""))


def _is_reachable(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".test"))
