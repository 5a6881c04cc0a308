"""Writes to agencies, units, people and posts, and to what guards signing in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from camket.core.messages import Message, gettext_noop
from camket.org.models import FailedSignIns, Person

WINDOW = timedelta(minutes=15)
"""Failures older than this are forgotten; a refusal lasts as long after the latest failure."""

ALLOWED_FAILURES = {"both": 5, "login": 20, "address": 60}
"""Failures within the window before signing in is refused: for a name from one address, for a name from
anywhere, and for an address (a whole office may share one)."""


class OrgRefusal(Exception):
    """A rule of this package that was not met; ``message`` says which, to a person."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class TooManyFailures(OrgRefusal):
    """Signing in failed too often lately; only waiting helps."""


def _counters(login: str, address: str) -> dict[str, str]:
    texts = {"both": f"{login}|{address}", "login": login, "address": address}
    return {
        hashlib.sha256(f"{kind}:{text}".encode()).hexdigest(): kind for kind, text in texts.items() if text
    }


def check_sign_in_allowed(*, login: str, address: str, now: datetime) -> None:
    """Refuse a sign-in that failed too often in the last minutes.

    Raises TooManyFailures with the minutes to wait.
    """
    counters = _counters(login, address)
    for row in FailedSignIns.objects.filter(key__in=counters, latest_at__gt=now - WINDOW):
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


def count_failed_sign_in(*, login: str, address: str, now: datetime) -> None:
    """Count a failure for the name, the address and both; old rows are cleared on the way."""
    with transaction.atomic():
        FailedSignIns.objects.filter(latest_at__lte=now - WINDOW).delete()
        for key in _counters(login, address):
            row, is_new = FailedSignIns.objects.get_or_create(
                key=key, defaults={"count": 1, "latest_at": now}
            )
            if not is_new:
                FailedSignIns.objects.filter(pk=row.pk).update(count=F("count") + 1, latest_at=now)


def forget_failed_sign_ins(*, login: str, address: str) -> None:
    """Forget the failures of a name that has now signed in; those of the address stay."""
    keys = [key for key, kind in _counters(login, address).items() if kind != "address"]
    FailedSignIns.objects.filter(key__in=keys).delete()


def change_profile(*, person_id: int, email: str, language: str) -> None:
    """Change a person's own email address and screen language."""
    Person.objects.filter(pk=person_id).update(email=email, language=language)


def choose_language(*, person_id: int, language: str) -> None:
    """Remember the language a person reads the screen in."""
    Person.objects.filter(pk=person_id).update(language=language)


def change_password(*, person_id: int, password: str) -> Person:
    """Set a person's own new password; a one-time password ends with it."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        person.set_password(password)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
    return person
