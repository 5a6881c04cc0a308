"""Links that let a person choose a password: invitations handed out by a colleague, and resets sent by mail."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import Invitation, Membership, Person
from camket.org.operations._change import own_person
from camket.org.operations._rules import check_not_self, check_not_shared
from camket.org.operations.factors import record_own
from camket.org.operations.sessions import end_own_sessions
from camket.org.policy import Actor, require
from camket.org.trail import record

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; ``key`` is the last part of its address and is kept nowhere."""

    person_id: int
    full_name: str
    login: str
    key: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link by which a person who forgot the password chooses a new one; for the checked mail address only."""

    person_id: int
    full_name: str
    login: str
    email: str
    key: str


class LinkDead(Refusal):
    """The link is unknown, used, withdrawn or too old."""


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def invite(*, actor: Actor, person_id: int, now: datetime, today: date) -> Invited:
    """Make a link by which a colleague chooses a first password within seven days; earlier links die.

    The present password stays until the link is used. Raises Person.DoesNotExist for one of another agency,
    NotAllowed, OwnAccount, SharedPerson.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.restore")
        check_not_self(actor, person)
        check_not_shared(actor, person, today)
        _open_invitations(person.pk).update(withdrawn_at=now)
        key = secrets.token_urlsafe(32)
        row = Invitation.objects.create(
            agency_id=actor.agency_id,
            person=person,
            key_hash=_hash(key),
            made_at=now,
            made_by_id=actor.person_id,
            expires_at=now + LIFE,
        )
        record(actor=actor, agency_id=actor.agency_id, verb="person.invited", subject=person, on=today)
    return Invited(
        person_id=person.pk,
        full_name=person.full_name,
        login=person.login,
        key=key,
        expires_at=row.expires_at,
    )


def _open_invitations(person_id: int):  # type: ignore[no-untyped-def]
    return Invitation.objects.filter(person_id=person_id, used_at__isnull=True, withdrawn_at__isnull=True)


def invited_person(*, key: str, now: datetime) -> Person:
    """Return whom a link invites; raises LinkDead, saying whether it was used, replaced, or is too old."""
    row = Invitation.objects.select_related("person").filter(key_hash=_hash(key)).first()
    _check_alive(row, now)
    assert row is not None  # noqa: S101
    return row.person


def _check_alive(row: Invitation | None, now: datetime) -> None:
    if row is None or not row.person.is_active:
        text = gettext_noop("This link leads nowhere. Check that it was copied whole, to its last sign.")
    elif row.used_at is not None:
        text = gettext_noop(
            "This link was used on %(day)s. If it was you, sign in with the password that you chose."
        )
    elif row.withdrawn_at is not None:
        text = gettext_noop(
            "A newer link has taken the place of this one. Use the latest one that you were given."
        )
    elif row.expires_at <= now:
        text = gettext_noop("This link was good until %(day)s and has run out.")
    elif _works_elsewhere(row, now):
        text = gettext_noop(
            "This link opens nothing any more: since it was made you also work for another agency. Sign in as before."
        )
    else:
        return
    day = row.used_at or row.expires_at if row is not None else now
    raise LinkDead(Message(text, {"day": f"{day:%d/%m/%Y}"}))


def _works_elsewhere(row: Invitation, now: datetime) -> bool:
    """Return whether another agency's work hangs on the account by now: then its colleagues do not open it alone."""
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate(now))
    posts = Membership.objects.filter(not_ended, person_id=row.person_id).exclude(agency_id=row.agency_id)
    return posts.exists()


def accept_invitation(*, key: str, password: str, now: datetime, today: date) -> Person:
    """Set the password that an invited person chose; the link is used up. Raises LinkDead."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update().filter(key_hash=_hash(key)).first()
        _check_alive(row, now)
        assert row is not None  # noqa: S101
        person = Person.objects.select_for_update().get(pk=row.person_id)
        row.used_at = now
        row.save(update_fields=["used_at"])
        _set_password(person, password)
        record_own(person=person, verb="person.invitation_accepted", today=today)
    return person


def begin_reset(*, email: str) -> ResetLink | None:
    """Return the link that goes to a checked mail address; None where no active person proved it to be theirs."""
    row = (
        EmailAddress.objects.filter(email=email.strip().lower(), verified=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    if row is None or row.user.email.lower() != row.email:  # a colleague entered another since
        return None
    person = row.user
    key = f"{int_to_base36(person.pk)}-{default_token_generator.make_token(person)}"
    return ResetLink(
        person_id=person.pk, full_name=person.full_name, login=person.login, email=row.email, key=key
    )


def person_of_reset(*, key: str) -> Person:
    """Return whose password a link from a mail may replace; raises LinkDead."""
    text, _sign, token = key.partition("-")
    try:
        person = Person.objects.filter(pk=base36_to_int(text), is_active=True).first()
    except (ValueError, OverflowError):
        person = None
    if person is None or not default_token_generator.check_token(person, token):
        raise LinkDead(
            Message(
                gettext_noop(
                    "This link has run out or was used already. Ask for a new one and use it within an hour."
                )
            )
        )
    return person


def finish_reset(*, key: str, password: str, today: date) -> Person:
    """Set the password that a person chose by the link from a mail; sessions end. Raises LinkDead."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_of_reset(key=key).pk)
        person_of_reset(key=key)  # again under the lock: a link opens once
        _set_password(person, password)
        record_own(person=person, verb="person.password_reset_by_mail", today=today)
    return person


def _set_password(person: Person, password: str) -> None:
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    end_own_sessions(person_id=person.pk)
