"""The mark that every form carries: who opened it, in what capacity, and how far the journal went then.

``{% csrf_token %}`` writes it into each form of a person who is signed in (``camket.web.templatetags.camket``). It is
signed, so that a form that comes without a session can be told to be somebody's (``camket.web.held``), one that comes
twice is known again (``camket.web.once``), and a change is held against what its person saw (``camket.journal.meanwhile``).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from camket.journal import meanwhile
from camket.org.policy import Actor, Seen

FIELD = "camket_form"
LONGEST_OPEN = timedelta(days=14)
"""How long a form may stay open and still be told to be somebody's."""

_SIGNER = signing.TimestampSigner(salt="camket.form")
_SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a form says of how it was opened; ``key`` is that page's own, ``elsewhere`` as in ``Seen``."""

    person_id: int
    capacity: str
    seen_until: int | None
    key: str
    elsewhere: tuple[int, int] | None = None

    def signed(self) -> str:
        """Return the mark as forms carry it."""
        seen = "" if self.seen_until is None else str(self.seen_until)
        elsewhere = "" if self.elsewhere is None else "{}.{}".format(*self.elsewhere)
        return _SIGNER.sign(_SEPARATOR.join((str(self.person_id), self.capacity, seen, elsewhere, self.key)))

    @property
    def seen(self) -> Seen:
        """What the person had seen."""
        return Seen(until=self.seen_until, elsewhere=self.elsewhere)

    @property
    def field(self) -> SafeString:
        """The hidden field of a form."""
        return format_html('<input type="hidden" name="{}" value="{}">', FIELD, self.signed())


def mark_of(request: HttpRequest) -> Mark | None:
    """Return the mark of the form that was sent; None where there is none of ours, or one too old."""
    try:
        text = _SIGNER.unsign(request.POST.get(FIELD, ""), max_age=LONGEST_OPEN)
        person_id, capacity, seen, elsewhere, key = text.split(_SEPARATOR)
        agency, _point, until = elsewhere.partition(".")
        return Mark(
            int(person_id),
            capacity,
            int(seen) if seen else None,
            key,
            (int(agency), int(until)) if agency else None,
        )
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
        actor: Actor | None = getattr(request, "actor", None)
        known = Mark(
            user.pk,
            capacity.key if capacity else "",
            _shown_until(actor, actor.agency_id) if actor else None,
            secrets.token_urlsafe(9),
            _shown_elsewhere(actor) if actor else None,
        )
        request.fresh_mark = known  # type: ignore[attr-defined]
    return known


def _shown_until(actor: Actor, agency_id: int) -> int | None:
    """Return how far the page shows an agency's journal: what was written, what happened meanwhile, what was seen."""
    if actor.seen is None:
        return None
    written = [sequence for agency, sequence in meanwhile.written(actor) if agency == agency_id]
    if written:
        return max(written)
    told = [int(entry.sequence) for entry in actor.seen.meanwhile if entry.agency_id == agency_id]
    return max(told) if told else meanwhile.seen_until(actor, agency_id)


def _shown_elsewhere(actor: Actor) -> tuple[int, int] | None:
    if actor.seen is None or actor.seen.elsewhere is None:
        return None
    agency_id, until = actor.seen.elsewhere
    return agency_id, _shown_until(actor, agency_id) or until
