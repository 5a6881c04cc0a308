"""The mark that every form carries: who opened it, in what capacity, and how far the journal went then.

``{% csrf_token %}`` writes it into each form of a person who is signed in (``camket.web.templatetags.camket``). It is
signed, so that a form that comes without a session can be told to be somebody's (``camket.web.held``), one that comes
twice is known again (``camket.web.once``), and a change is held against what its person saw (``camket.journal.meanwhile``).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from camket.journal import meanwhile

FIELD = "camket_form"
LONGEST_OPEN = timedelta(days=14)
"""How long a form may stay open and still be told to be somebody's."""

_SIGNER = signing.TimestampSigner(salt="camket.form")
_SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a form says of how it was opened; ``key`` is that page's own."""

    person_id: int
    capacity: str
    seen_until: int | None
    key: str

    def signed(self) -> str:
        """Return the mark as forms carry it."""
        seen = "" if self.seen_until is None else str(self.seen_until)
        return _SIGNER.sign(_SEPARATOR.join((str(self.person_id), self.capacity, seen, self.key)))

    @property
    def field(self) -> SafeString:
        """The hidden field of a form."""
        return format_html('<input type="hidden" name="{}" value="{}">', FIELD, self.signed())


def mark_of(request: HttpRequest) -> Mark | None:
    """Return the mark of the form that was sent; None where there is none of ours, or one too old."""
    try:
        text = _SIGNER.unsign(request.POST.get(FIELD, ""), max_age=LONGEST_OPEN)
        person_id, capacity, seen, key = text.split(_SEPARATOR)
        return Mark(int(person_id), capacity, int(seen) if seen else None, key)
    except (signing.BadSignature, ValueError):
        return None


def fresh_mark(request: HttpRequest) -> Mark | None:
    """Return the mark for the forms of the page that answers a request; None while nobody is signed in.

    A page that tells what happened meanwhile has shown it; one that answers a change shows what was written.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    known: Mark | None = getattr(request, "fresh_mark", None)
    if known is None:
        capacity = getattr(request, "capacity", None)
        known = Mark(
            user.pk, capacity.key if capacity else "", _seen_until(request), secrets.token_urlsafe(9)
        )
        request.fresh_mark = known  # type: ignore[attr-defined]
    return known


def _seen_until(request: Any) -> int | None:
    actor = getattr(request, "actor", None)
    if actor is None or actor.seen is None:
        return None
    if written := meanwhile.written(actor):
        return max(written)
    if actor.seen.meanwhile:
        return int(actor.seen.meanwhile[-1].sequence)
    return int(actor.seen.until) if actor.seen.until is not None else None
