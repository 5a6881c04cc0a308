"""People of an agency."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Membership, Person
from camket.org.operations._change import change, own_person, own_unit
from camket.org.operations._rules import check_not_shared, check_post, well_formed_login
from camket.org.operations.accounts import OneTimePassword, one_time_password
from camket.org.operations.units import require_in_use
from camket.org.policy import Actor, require
from camket.org.trail import record


class LoginTaken(Refusal):
    """Somebody already signs in by this name."""


def add_person(
    *,
    actor: Actor,
    full_name: str,
    login: str,
    role: str,
    today: date,
    unit_id: int | None = None,
    position: str = "",
    email: str = "",
) -> OneTimePassword:
    """Add a person with a first post; the one-time password is returned here and nowhere kept.

    Raises NotAllowed, LoginMalformed, LoginTaken, UnitMissing, Unit.DoesNotExist for a unit of another agency.
    """
    login = well_formed_login(login)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=actor.agency_id)
        require(actor, "people.manage")
        unit = own_unit(actor, unit_id) if unit_id is not None else None
        require_in_use(actor=actor, unit_ids=[unit_id])
        check_post(role, unit)
        taken = LoginTaken(
            Message(
                gettext_noop("Somebody already signs in as %(login)s. Choose another name."),
                {"login": login},
            )
        )
        if Person.objects.filter(login=login).exists():
            raise taken
        password = one_time_password()
        try:
            with transaction.atomic():
                person = Person.objects.create_user(
                    login,
                    password,
                    full_name=one_line(full_name),
                    email=email.strip(),
                    must_change_password=True,
                )
        except IntegrityError:  # another agency added the name at the same moment
            raise taken from None
        Membership.objects.create(
            agency_id=actor.agency_id, person=person, unit=unit, role=role, position=one_line(position)
        )
        record(
            actor=actor,
            agency_id=actor.agency_id,
            verb="person.added",
            subject=person,
            on=today,
            after={
                "login": login,
                "full_name": person.full_name,
                "role": role,
                "unit": unit.name if unit else "",
                "position": one_line(position),
            },
        )
    return OneTimePassword(person_id=person.pk, login=login, password=password)


def change_person(*, actor: Actor, person_id: int, full_name: str, email: str, today: date) -> Person:
    """Correct a person's name or email address.

    Raises Person.DoesNotExist for one who never held a post in the agency, NotAllowed, SharedPerson.
    """
    with transaction.atomic():
        person = own_person(actor, person_id)
        require(actor, "people.manage")
        check_not_shared(actor, person, today)
        new = {"full_name": one_line(full_name), "email": email.strip()}
        change(person, new, actor=actor, verb="person.changed", today=today)
    return person
