"""Accounts: a person's own data and password, the ways back in, and being kept out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from camket.core.wording.text import login_key
from camket.org.models import Membership, Person
from camket.org.operations._change import change, own_person
from camket.org.operations._rules import check_manager_left, check_not_self, check_not_shared
from camket.org.operations.sessions import end_own_sessions
from camket.org.policy import Actor, require
from camket.org.trail import record

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which are misread on paper


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A person's sign-in name with the password to use once; empty where a password was there before."""

    person_id: int
    login: str
    password: str


def one_time_password() -> str:
    """Return a new password that can be read out and typed: three groups of four signs, 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def choose_language(*, person_id: int, language: str) -> None:
    """Remember the language a person reads the screen in."""
    Person.objects.filter(pk=person_id).update(language=language)


def change_password(*, person_id: int, password: str, actor: Actor | None, today: date) -> Person:
    """Set a person's own new password; a one-time password ends with it.

    ``actor`` is None while the person acts for no agency; the journal of the agency acted for records it.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        person.set_password(password)
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
        if actor is not None:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="person.password_changed",
                subject=person,
                on=today,
            )
    return person


def reset_password(*, actor: Actor, person_id: int, today: date) -> OneTimePassword:
    """Give a person a new one-time password; the old one stops working at once.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.restore")
        check_not_self(actor, person)
        check_not_shared(actor, person, today)
        password = one_time_password()
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        end_own_sessions(person_id=person.pk)
        record(actor=actor, agency_id=actor.agency_id, verb="person.password_reset", subject=person, on=today)
    return OneTimePassword(person_id=person.pk, login=person.login, password=password)


def recover_password(*, login: str, today: date) -> OneTimePassword:
    """Give a person a new one-time password from the installation's command line, where no colleague can.

    For the only secretary of an agency, or one who works for several. Recorded in the journal of every agency
    where the person holds a post. Raises Person.DoesNotExist.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(login=login_key(login))
        password = one_time_password()
        person.set_password(password)
        person.must_change_password = True
        person.save(update_fields=["password", "must_change_password"])
        end_own_sessions(person_id=person.pk)
        agencies = (
            Membership.objects.filter(person=person).order_by("agency_id").values_list("agency_id", flat=True)
        )
        for agency_id in agencies.distinct():
            record(actor=None, agency_id=agency_id, verb="person.password_reset", subject=person, on=today)
    return OneTimePassword(person_id=person.pk, login=person.login, password=password)


def block_person(*, actor: Actor, person_id: int, reason: str, today: date) -> Person:
    """Keep a person from signing in, at once; posts and work stay.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, OwnAccount, SharedPerson, LastManager.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.manage")
        check_not_self(actor, person)
        check_not_shared(actor, person, today)
        check_manager_left(actor, today, besides_person=person.pk)
        change(
            person,
            {"is_active": False},
            actor=actor,
            verb="person.blocked",
            today=today,
            reason=reason.strip(),
        )
        end_own_sessions(person_id=person.pk)
    return person


def unblock_person(*, actor: Actor, person_id: int, today: date) -> Person:
    """Let a person sign in again.

    Raises Person.DoesNotExist for one of another agency, NotAllowed, SharedPerson.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.restore")
        check_not_shared(actor, person, today)
        change(person, {"is_active": True}, actor=actor, verb="person.unblocked", today=today)
    return person
