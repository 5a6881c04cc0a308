"""What would become of each row of a list of people: somebody new, somebody who is there, or something to be mended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q

from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import one_line, search_key
from camket.org.models import Membership, Person, Role, Unit
from camket.org.operations._rules import LoginMalformed, UnitMissing, check_post, well_formed_login
from camket.org.policy import Actor, require


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


def states_of(actor: Actor, people: Sequence[NewPerson], today: date) -> tuple[RowState, ...]:
    """Return for each row of a list whether it adds somebody, finds one who is there, or has to be mended.

    Who is there already is told by the sign-in name, else by the name in the same unit; each person counts for one
    row. Raises NotAllowed.
    """
    require(actor, "people.manage")
    units = set(Unit.objects.filter(agency_id=actor.agency_id).values_list("pk", flat=True))
    here = _people_here(actor, today)
    logins = [one_line(person.login).casefold() for person in people]
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
            person.pk, (person.pk, person.login, one_line(person.full_name).casefold(), set())
        )
        row[3].add(post.unit_id)
    return list(rows.values())


def _known(
    person: NewPerson,
    login: str,
    here: Iterable[tuple[int, str, str, set[int | None]]],
    used: Collection[int],
) -> int | None:
    name = one_line(person.full_name).casefold()
    free = [row for row in here if row[0] not in used and row[2] == name]
    by_login = [row[0] for row in free if row[1] == login]
    by_unit = [row[0] for row in free if person.unit_id in row[3]]
    without = [row[0] for row in free if person.unit_id is None or row[3] == {None}]
    return next(iter([*by_login, *by_unit, *without]), None)


def _problems(
    person: NewPerson, login: str, units: Collection[int], taken: Collection[str], seen: Collection[str]
) -> Iterable[tuple[str, Message]]:
    if not one_line(person.full_name):
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
            yield "login", taken_message(login)
        elif login in seen:
            yield "login", Message(gettext_noop("Two rows of the list have this sign-in name."))
    if person.email.strip():
        try:
            validate_email(person.email.strip())
        except ValidationError:
            yield "email", Message(gettext_noop("This is not an email address."))


def taken_message(login: str) -> Message:
    return Message(
        gettext_noop("Somebody already signs in as %(login)s. Choose another name."), {"login": login}
    )
