"""What guards signing in: failures counted by name, address and computer."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import FailedSignIns

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
"""Failures older than this are forgotten; a refusal lasts as long after the latest failure."""


ALLOWED_FAILURES = {"both": 5, "login": 20, "address": 60, "computer": 10}
"""Failures within the window before signing in is refused: for a name from one address, for a name from
anywhere, and for an address (a whole office may share one). For a name on a computer where its owner signed in
before, only the failures on that computer count, so that strangers' guesses lock nobody out of the own office."""


class TooManyFailures(Refusal):
    """Signing in failed too often lately; only waiting helps."""


def _counters(login: str, address: str, computer: str) -> dict[str, str]:
    texts = {"both": f"{login}|{address}", "login": login, "address": address}
    if computer:
        texts = {"computer": f"{login}|{computer}"}
    return {
        hashlib.sha256(f"{kind}:{text}".encode()).hexdigest(): kind for kind, text in texts.items() if text
    }


def check_sign_in_allowed(*, login: str, address: str, now: datetime, computer: str = "") -> None:
    """Refuse a sign-in that failed too often in the last minutes.

    ``computer`` names one on which this person signed in before; empty for any other.
    Raises TooManyFailures with the minutes to wait.
    """
    counters = _counters(login, address, computer)
    for row in FailedSignIns.objects.filter(key__in=counters, latest_at__gt=now - WINDOW).order_by("pk"):
        if row.count >= ALLOWED_FAILURES[counters[row.key]]:
            wait = row.latest_at + WINDOW - now
            minutes = max(1, -(-int(wait.total_seconds()) // 60))
            raise TooManyFailures(
                Message(
                    gettext_noop(
                        "Signing in failed too often. Please wait %(minutes)s minutes and try again."
                    ),
                    {"minutes": str(minutes)},
                )
            )


def count_failed_sign_in(*, login: str, address: str, now: datetime, computer: str = "") -> None:
    """Count a failure for the name, the address and both, or for the known computer; old rows are cleared on the way."""
    with transaction.atomic():
        FailedSignIns.objects.filter(latest_at__lte=now - WINDOW).delete()
        for key in _counters(login, address, computer):
            row, is_new = FailedSignIns.objects.get_or_create(
                key=key, defaults={"count": 1, "latest_at": now}
            )
            if not is_new:
                FailedSignIns.objects.filter(pk=row.pk).update(count=F("count") + 1, latest_at=now)
    log.warning("A sign-in failed", extra={"event": "sign_in.failed"})


def forget_failed_sign_ins(*, login: str, address: str, computer: str = "") -> None:
    """Forget the failures of a name that has now signed in; those of the address stay."""
    keys = [key for key, kind in _counters(login, address, computer).items() if kind != "address"]
    FailedSignIns.objects.filter(key__in=keys).delete()
