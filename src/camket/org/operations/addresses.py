"""Mail addresses of people: one each, checked by a link before a forgotten password may be sent there."""

from __future__ import annotations

from datetime import date

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.org.models import Person
from camket.org.operations.factors import record_own
from camket.org.operations.invitations import LinkDead

_SALT = "camket.org.address"
LIFE = 3 * 24 * 3600
"""Seconds within which an address is checked."""


class AddressTaken(Refusal):
    """Another person has proved this address to be theirs."""


def _check_free(person_id: int, email: str) -> None:
    if EmailAddress.objects.filter(email=email, verified=True).exclude(user_id=person_id).exists():
        raise AddressTaken(
            Message(
                gettext_noop(
                    "Somebody else has shown this address to be theirs. Enter one that only you read."
                )
            )
        )


def set_unchecked_address(*, person_id: int, email: str, today: date) -> None:
    """Keep a mail address that cannot be checked, where the installation sends no mail; empty takes it out."""
    email = email.strip().lower()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        if person.email == email:
            return
        EmailAddress.objects.filter(user=person).delete()
        person.email = email
        person.save(update_fields=["email"])
        record_own(person=person, verb="person.email_changed", today=today)


def propose_address(*, person_id: int, email: str) -> str:
    """Keep an address to be checked; return the key of the link that goes there. The old address counts till then.

    Raises AddressTaken.
    """
    email = email.strip().lower()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        _check_free(person.pk, email)
        EmailAddress.objects.filter(user=person, verified=False).exclude(email=email).delete()
        row, _is_new = EmailAddress.objects.get_or_create(user=person, email=email)
    return signing.dumps([row.pk, email], salt=_SALT)


def confirm_address(*, key: str, today: date) -> tuple[Person, str]:
    """Take an address whose link was opened; return the person and the address that counted before.

    Raises LinkDead, AddressTaken.
    """
    dead = LinkDead(
        Message(
            gettext_noop(
                "This link has run out, or another address was entered since. Ask for a new one on the page My account."
            )
        )
    )
    try:
        pk, email = signing.loads(key, salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        raise dead from None
    with transaction.atomic():
        row = EmailAddress.objects.select_for_update().filter(pk=pk, email=email).first()
        if row is None:
            raise dead
        person = Person.objects.select_for_update().get(pk=row.user_id)
        before = person.email
        if not row.verified:
            _check_free(person.pk, email)
            EmailAddress.objects.filter(user=person).exclude(pk=row.pk).delete()
            row.verified = row.primary = True
            row.save(update_fields=["verified", "primary"])
            person.email = email
            person.save(update_fields=["email"])
            record_own(person=person, verb="person.email_checked", today=today)
    return person, before


def withdraw_address(*, person_id: int, today: date) -> None:
    """Take out a person's mail address, checked or not."""
    set_unchecked_address(person_id=person_id, email="", today=today)
    EmailAddress.objects.filter(user_id=person_id).delete()
