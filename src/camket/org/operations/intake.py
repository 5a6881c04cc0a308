"""Adding many people at once, from a list that a person has checked: all of them or nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import search_key
from camket.org.models import Agency, Membership, Person, Role, Unit
from camket.org.operations._change import folded
from camket.org.operations._rules import LoginMalformed, UnitMissing, check_post, well_formed_login
from camket.org.operations.accounts import OneTimePassword, one_time_password
from camket.org.policy import Actor, require
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
class NewPerson:
    """One person to add, with the first post."""

    full_name: str
    login: str
    role: str
    unit_id: int | None = None
    position: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class RowState:
    """What would become of a row: its person is there already, by which sign-in name, or what is to be mended."""

    known_id: int | None = None
    known_login: str = ""
    problems: tuple[tuple[str, Message], ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the row adds somebody."""
        return self.known_id is None and not self.problems


@dataclass(frozen=True, slots=True)
class Intake:
    """Who was added, with the one-time passwords that are nowhere kept, and how many were there before."""

    added: tuple[OneTimePassword, ...]
    known: int


def states_of(actor: Actor, people: Sequence[NewPerson], today: date) -> tuple[RowState, ...]:
    """Return for each row of a list whether it adds somebody, finds one who is there, or has to be mended.

    Who is there already is told by the sign-in name, else by the name in the same unit; each person counts for one
    row. Raises NotAllowed.
    """
    require(actor, "people.manage")
    units = set(Unit.objects.filter(agency_id=actor.agency_id).values_list("pk", flat=True))
    here = _people_here(actor, today)
    logins = [folded(person.login).casefold() for person in people]
    taken = set(Person.objects.filter(login__in=logins).values_list("login", flat=True))
    found: list[RowState] = []
    logins_here = {row[0]: row[1] for row in here}
    used: set[int] = set()
    seen: set[str] = set()
    for person, login in zip(people, logins, strict=True):
        known = _known(person, login, here, used)
        if known is not None:
            used.add(known)
            found.append(RowState(known_id=known, known_login=logins_here[known]))
            continue
        problems = tuple(_problems(person, login, units, taken, seen))
        seen.add(login)
        found.append(RowState(problems=problems))
    return tuple(found)


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
                position=folded(new.position),
            )
            added.append(OneTimePassword(person_id=person.pk, login=person.login, password=password))
            told.append(
                {
                    "person_id": person.pk,
                    "login": person.login,
                    "role": new.role,
                    "unit": names.get(new.unit_id, "") if new.unit_id is not None else "",
                    "position": folded(new.position),
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
                full_name=folded(new.full_name),
                email=new.email.strip(),
                must_change_password=True,
            )
    except IntegrityError:  # another agency added the name at the same moment
        raise PeopleNotPossible({0: (("login", _taken(new.login)),)}) from None


def _people_here(actor: Actor, today: date) -> list[tuple[int, str, str, set[int | None]]]:
    """Return (id, login, key of the name, units) of all who hold a post in the agency now or later."""
    rows: dict[int, tuple[int, str, str, set[int | None]]] = {}
    posts = (
        Membership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=today), agency_id=actor.agency_id
        )
        .select_related("person")
        .order_by("pk")
    )
    for post in posts:
        person = post.person
        row = rows.setdefault(
            person.pk, (person.pk, person.login, folded(person.full_name).casefold(), set())
        )
        row[3].add(post.unit_id)
    return list(rows.values())


def _known(
    person: NewPerson,
    login: str,
    here: Iterable[tuple[int, str, str, set[int | None]]],
    used: Collection[int],
) -> int | None:
    name = folded(person.full_name).casefold()
    free = [row for row in here if row[0] not in used and row[2] == name]
    by_login = [row[0] for row in free if row[1] == login]
    by_unit = [row[0] for row in free if person.unit_id in row[3]]
    without = [row[0] for row in free if person.unit_id is None or row[3] == {None}]
    return next(iter([*by_login, *by_unit, *without]), None)


def _problems(
    person: NewPerson, login: str, units: Collection[int], taken: Collection[str], seen: Collection[str]
) -> Iterable[tuple[str, Message]]:
    if not folded(person.full_name):
        yield "full_name", Message(gettext_noop("The name is missing."))
    elif len(search_key(person.full_name).split()) < 2:
        yield "full_name", Message(gettext_noop("Write family name and given name."))
    if person.role not in Role.values:
        yield "role", Message(gettext_noop("Choose a role."))
    elif person.unit_id is not None and person.unit_id not in units:
        yield "unit", Message(gettext_noop("Choose a unit of this agency."))
    else:
        try:
            check_post(person.role, Unit(pk=person.unit_id) if person.unit_id else None)
        except UnitMissing as refusal:
            yield "unit", refusal.message
    try:
        well_formed_login(login)
    except LoginMalformed as refusal:
        yield "login", refusal.message
    else:
        if login in taken:
            yield "login", _taken(login)
        elif login in seen:
            yield "login", Message(gettext_noop("Two rows of the list have this sign-in name."))
    if person.email.strip():
        try:
            validate_email(person.email.strip())
        except ValidationError:
            yield "email", Message(gettext_noop("This is not an email address."))


def _taken(login: str) -> Message:
    return Message(
        gettext_noop("Somebody already signs in as %(login)s. Choose another name."), {"login": login}
    )


def _agency_name(actor: Actor) -> str:
    return Agency.objects.values_list("name", flat=True).get(pk=actor.agency_id)
