"""Adding many people at once, from a list that a person has checked: all of them or nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import one_line
from camket.org.models import Agency, Membership, Person, Unit
from camket.org.operations._newcomers import NewPerson, RowState, states_of, taken_message
from camket.org.operations._rules import well_formed_login
from camket.org.operations.accounts import OneTimePassword, one_time_password
from camket.org.policy import Actor
from camket.org.trail import record

MOST_AT_ONCE = 100
"""People of one list; larger agencies bring them in by parts."""


class TooManyPeople(Refusal):
    """The list is longer than what is added at once."""


class PeopleNotPossible(Refusal):
    """Some rows cannot be added; ``problems`` says per row (its place in the list) which field is to be mended."""

    def __init__(self, problems: Mapping[int, tuple[tuple[str, Message], ...]]) -> None:
        super().__init__(
            Message(
                gettext_noop("Nobody has been added: %(rows)s rows have to be mended first."),
                {"rows": str(len(problems))},
            )
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Intake:
    """Who was added, with the one-time passwords that are nowhere kept, and how many were there before."""

    added: tuple[OneTimePassword, ...]
    known: int


def add_people(*, actor: Actor, people: Sequence[NewPerson], today: date) -> Intake:
    """Add all people of a list who are not there yet, each with a first post; the same list again adds nobody.

    Raises NotAllowed, TooManyPeople, PeopleNotPossible with all that is to be mended; nobody is added then.
    """
    if len(people) > MOST_AT_ONCE:
        raise TooManyPeople(
            Message(
                gettext_noop(
                    "The list names %(people)s people; at most %(most)s are added at once. Divide the file, for example by units."
                ),
                {"people": str(len(people)), "most": str(MOST_AT_ONCE)},
            )
        )
    # Hashing takes its time on purpose: before the transaction, so that nobody waits for it.
    passwords = [
        one_time_password() if state.is_new else "" for state in _possible(states_of(actor, people, today))
    ]
    hashes = [make_password(password) if password else "" for password in passwords]
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=actor.agency_id)
        states = _possible(states_of(actor, people, today))
        names = dict(Unit.objects.filter(agency_id=actor.agency_id).values_list("pk", "name"))
        added: list[OneTimePassword] = []
        told: list[dict[str, object]] = []
        for state, new, password, encoded in zip(states, people, passwords, hashes, strict=True):
            if not state.is_new:
                continue
            # Who was there a moment ago and is no more has no password yet.
            password = password or one_time_password()
            person = _created(new, encoded or make_password(password))
            Membership.objects.create(
                agency_id=actor.agency_id,
                person=person,
                unit_id=new.unit_id,
                role=new.role,
                position=one_line(new.position),
            )
            added.append(OneTimePassword(person_id=person.pk, login=person.login, password=password))
            told.append(
                {
                    "person_id": person.pk,
                    "login": person.login,
                    "role": new.role,
                    "unit": names.get(new.unit_id, "") if new.unit_id is not None else "",
                    "position": one_line(new.position),
                }
            )
        if added:
            record(
                actor=actor,
                agency_id=actor.agency_id,
                verb="person.many_added",
                subject=Agency(pk=actor.agency_id, name=_agency_name(actor)),
                on=today,
                after={"count": len(added), "people": told},
            )
    return Intake(tuple(added), known=len(people) - len(added))


def _possible(states: tuple[RowState, ...]) -> tuple[RowState, ...]:
    problems = {at: state.problems for at, state in enumerate(states) if state.problems}
    if problems:
        raise PeopleNotPossible(problems)
    return states


def _created(new: NewPerson, encoded: str) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create(
                login=well_formed_login(new.login),
                password=encoded,
                full_name=one_line(new.full_name),
                email=new.email.strip(),
                must_change_password=True,
            )
    except IntegrityError:  # another agency added the name at the same moment
        raise PeopleNotPossible({0: (("login", taken_message(new.login)),)}) from None


def _agency_name(actor: Actor) -> str:
    return Agency.objects.values_list("name", flat=True).get(pk=actor.agency_id)
