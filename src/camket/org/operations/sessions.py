"""Sessions: where people are signed in, ended one by one or all, and cleared when they have run out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from camket.org.models import AccountEvent, FailedSignIns, Person
from camket.org.operations._change import own_person
from camket.org.operations._rules import check_not_self, check_not_shared
from camket.org.policy import Actor, require
from camket.org.trail import record

EVENTS_KEPT = timedelta(days=180)
"""How long sign-ins stay for their owner to look at."""


def touch_session(*, key: str, person_id: int, address: str, agent: str, now: datetime) -> None:
    """Note that a session is in use, from where and with which browser."""
    seen = {"ip": address or "0.0.0.0", "user_agent": agent[:200], "last_seen_at": now}  # noqa: S104 for none
    if not UserSession.objects.filter(session_key=key).update(user_id=person_id, **seen):
        UserSession.objects.get_or_create(
            session_key=key, defaults={"user_id": person_id, "created_at": now, **seen}
        )


def rename_session(*, old: str, new: str) -> None:
    """Follow a session that was given another key, as it is when its person's password changes."""
    UserSession.objects.filter(session_key=old).update(session_key=new)


def end_own_session(*, person_id: int, session_id: int) -> bool:
    """End one of a person's own sessions; return whether it was there."""
    keys = list(
        UserSession.objects.filter(pk=session_id, user_id=person_id).values_list("session_key", flat=True)
    )
    end_keys(keys=keys)
    return bool(keys)


def end_own_sessions(*, person_id: int, besides: str = "") -> int:
    """End a person's sessions but the one with the key ``besides``; return how many were ended."""
    rows = UserSession.objects.filter(user_id=person_id).exclude(session_key=besides)
    keys = list(rows.values_list("session_key", flat=True))
    end_keys(keys=keys)
    return len(keys)


def end_keys(*, keys: Iterable[str]) -> None:
    """End sessions by their keys."""
    keys = list(keys)
    with transaction.atomic():
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()


def end_sessions(*, actor: Actor, person_id: int, reason: str, today: date, now: datetime) -> int:
    """Sign a colleague out everywhere; the person is told at the next sign-in. Return how many sessions were ended.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.manage")
        check_not_self(actor, person)
        check_not_shared(actor, person, today)
        ended = end_own_sessions(person_id=person.pk)
        tell_owner(person=person, kind=AccountEvent.Kind.SESSIONS_ENDED, by_id=actor.person_id, now=now)
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="person.sessions_ended",
            subject=person,
            on=today,
            after={"sessions": ended},
            reason=reason.strip(),
        )
    return ended


def tell_owner(*, person: Person, kind: AccountEvent.Kind, by_id: int | None, now: datetime) -> None:
    """Keep for a person's next sign-in what a colleague did to the account."""
    AccountEvent.objects.create(person=person, kind=kind, by_id=by_id, at=now)


def note_sign_in(*, person_id: int, how: str, address: str, device: str, now: datetime) -> None:
    """Keep that a person signed in, how, and from where."""
    AccountEvent.objects.create(
        person_id=person_id,
        kind=AccountEvent.Kind.SIGNED_IN,
        how=AccountEvent.How(how),
        at=now,
        address=address or None,
        device=device[:100],
    )


def mark_events_seen(*, person_id: int, now: datetime) -> None:
    """Note that a person was told what happened to the account."""
    AccountEvent.objects.filter(person_id=person_id, seen_at__isnull=True).update(seen_at=now)


def clear_expired_sessions(*, now: datetime) -> int:
    """Delete what time has made useless: sessions run out, sign-ins long past, counted failures.

    Return how many sessions there were. For a job; may run at any time and again.
    """
    with transaction.atomic():
        ended, _rows = Session.objects.filter(expire_date__lte=now).delete()
        live = Session.objects.values("session_key")
        UserSession.objects.exclude(session_key__in=live).delete()
        AccountEvent.objects.filter(at__lte=now - EVENTS_KEPT).delete()
        FailedSignIns.objects.filter(latest_at__lte=now - timedelta(days=1)).delete()
    return ended
