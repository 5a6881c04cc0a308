"""What guards signing in: wrong entries counted by name, address, computer and person, and the owner told of them."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import AccountEvent, FailedSignIns, Membership, Person
from camket.org.queries.validity import held_on
from camket.org.trail import record

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
"""Failures older than this are forgotten; a refusal lasts as long after the latest failure."""

DAY = timedelta(days=1)

ALLOWED_FAILURES = {
    "both": 5,
    "login": 20,
    "address": 60,
    "computer": 10,
    "factor": 5,
    "factor_day": 20,
    "link": 20,
    "mail": 3,
    "mail_address": 20,
}
"""Failures within the window before signing in is refused: for a name from one address, for a name from
anywhere, and for an address (a whole office may share one). For a name on a computer where its owner signed in
before, only the failures on that computer count, so that strangers' guesses lock nobody out of the own office.

``factor`` and ``factor_day`` are a person's wrong codes of the second step, wherever typed: six digits bear few
guesses, and who guesses there knows the password already. ``link`` are links that open nothing, by address;
``mail`` and ``mail_address`` are links asked for by mail, by mail address and by address."""

WINDOWS = {"factor_day": DAY, "mail": timedelta(hours=1)}
"""Windows that are not ``WINDOW``."""

CODE_LIFE = timedelta(minutes=3)
"""A code of the authenticator app is dead after this at the latest; until then it opens once."""


class TooManyFailures(Refusal):
    """Signing in failed too often lately; only waiting helps."""


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode()).hexdigest()


def _counters(login: str, address: str, computer: str) -> dict[str, str]:
    texts = {"both": f"{login}|{address}", "login": login, "address": address}
    if computer:
        texts = {"computer": f"{login}|{computer}"}
    return {_key(kind, text): kind for kind, text in texts.items() if text}


def _window(kind: str) -> timedelta:
    return WINDOWS.get(kind, WINDOW)


def _check(counters: dict[str, str], now: datetime) -> None:
    # Where the clock was set back meanwhile, nobody waits longer than the window.
    FailedSignIns.objects.filter(key__in=counters, latest_at__gt=now).update(latest_at=now)
    for row in FailedSignIns.objects.filter(key__in=counters).order_by("pk"):
        kind = counters[row.key]
        ends = row.latest_at + _window(kind)
        if ends > now and row.count >= ALLOWED_FAILURES[kind]:
            minutes = max(1, -(-int((ends - now).total_seconds()) // 60))
            raise TooManyFailures(
                Message(
                    gettext_noop(
                        "Signing in failed too often. Please wait %(minutes)s minutes and try again."
                    ),
                    {"minutes": str(minutes)},
                )
            )


def _count(counters: dict[str, str], now: datetime) -> bool:
    """Count one failure; return whether a limit has just been reached. Rows that no window needs are cleared."""
    FailedSignIns.objects.filter(latest_at__lte=now - DAY).delete()
    is_reached = False
    for key, kind in counters.items():
        row, is_new = FailedSignIns.objects.get_or_create(key=key, defaults={"count": 1, "latest_at": now})
        if is_new:
            continue
        row = FailedSignIns.objects.select_for_update().get(pk=row.pk)
        is_stale = row.latest_at + _window(kind) <= now
        FailedSignIns.objects.filter(pk=row.pk).update(count=1 if is_stale else F("count") + 1, latest_at=now)
        is_reached |= not is_stale and row.count + 1 == ALLOWED_FAILURES[kind]
    return is_reached


def check_sign_in_allowed(*, login: str, address: str, now: datetime, computer: str = "") -> None:
    """Refuse a sign-in that failed too often in the last minutes.

    ``computer`` names one on which this person signed in before; empty for any other.
    Raises TooManyFailures with the minutes to wait.
    """
    _check(_counters(login, address, computer), now)


def count_failed_sign_in(*, login: str, address: str, now: datetime, computer: str = "") -> None:
    """Count a failure for the name, the address and both, or for the known computer.

    When a limit is reached, the account's owner is told at the next sign-in and the agencies' journals say so.
    """
    with transaction.atomic():
        if _count(_counters(login, address, computer), now):
            _tell_of_guesses(Person.objects.filter(login=login).first(), address, now)
    log.warning("A sign-in failed", extra={"event": "sign_in.failed"})


def forget_failed_sign_ins(*, login: str, address: str, computer: str = "") -> None:
    """Forget the failures of a name that has now signed in; those of the address stay."""
    keys = [key for key, kind in _counters(login, address, computer).items() if kind != "address"]
    FailedSignIns.objects.filter(key__in=keys).delete()


def take_factor_attempt(*, person_id: int, address: str, now: datetime) -> None:
    """Count an attempt at the second step before it is looked at, so that many at once are no more than many.

    Raises TooManyFailures. A right code is followed by :func:`forget_factor_attempts`.
    """
    counters = {_key(kind, str(person_id)): kind for kind in ("factor", "factor_day")}
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        _check(counters, now)
        if _count(counters, now):
            _tell_of_guesses(person, address, now)


def forget_factor_attempts(*, person_id: int) -> None:
    """Forget a person's attempts at the second step after a right one."""
    FailedSignIns.objects.filter(
        key__in=[_key(kind, str(person_id)) for kind in ("factor", "factor_day")]
    ).delete()


def use_code_once(*, person_id: int, code: str, now: datetime) -> bool:
    """Return whether a right code of the authenticator app was not used before in any process; it is then used."""
    row, is_new = FailedSignIns.objects.get_or_create(
        key=_key("code", f"{person_id}|{code}"), defaults={"count": 1, "latest_at": now}
    )
    if is_new:
        return True
    again = FailedSignIns.objects.filter(pk=row.pk, latest_at__lte=now - CODE_LIFE).update(latest_at=now)
    return again == 1


def check_link_allowed(*, address: str, now: datetime) -> None:
    """Refuse to look at links from an address that tried many that open nothing; raises TooManyFailures."""
    _check({_key("link", address): "link"}, now)


def count_bad_link(*, address: str, now: datetime) -> None:
    """Count a link of an invitation or a reset that opened nothing."""
    with transaction.atomic():
        _count({_key("link", address): "link"}, now)


def take_mail_attempt(*, email: str, address: str, now: datetime) -> None:
    """Count that a link was asked for by mail; raises TooManyFailures where it was asked for too often."""
    counters = {_key("mail", email.casefold()): "mail", _key("mail_address", address): "mail_address"}
    with transaction.atomic():
        _check(counters, now)
        _count(counters, now)


def _tell_of_guesses(person: Person | None, address: str, now: datetime) -> None:
    """Note for the owner and in the journals that somebody guesses; once a day, however long it goes on."""
    if person is None:
        return
    known = AccountEvent.objects.filter(person=person, kind=AccountEvent.Kind.GUESSED, at__gt=now - DAY)
    if known.exists():
        return
    AccountEvent.objects.create(
        person=person, kind=AccountEvent.Kind.GUESSED, at=now, address=address or None
    )
    day = timezone.localdate(now)
    agencies = Membership.objects.filter(held_on(day), person=person).order_by("agency_id")
    for agency_id in agencies.values_list("agency_id", flat=True).distinct():
        record(actor=None, agency_id=agency_id, verb="person.guessed", subject=person, on=day)
