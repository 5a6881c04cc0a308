"""What changes to people and posts must not do."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Q

from camket.core.messages import Message, Refusal, gettext_noop
from camket.core.wording.text import login_key
from camket.org.models import Membership, Person, Role, Unit
from camket.org.policy import ACTS, Actor, Scope, can, roles_with
from camket.org.queries.validity import held_on

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,149}")


class LoginMalformed(Refusal):
    """A sign-in name has other signs than letters without marks, digits, dot, dash and underscore."""


class UnitMissing(Refusal):
    """The head of a unit needs the unit."""


class OwnAccount(Refusal):
    """This is done to others, not to oneself."""


class SharedPerson(Refusal):
    """The person also works for another agency, which has a say."""


class LastManager(Refusal):
    """Nobody would be left who can manage the agency."""


class NameTaken(Refusal):
    """Another unit of the agency has the name."""


def check_post(role: str, unit: Unit | None) -> None:
    """Refuse a head without a unit; raises ValueError for an unknown role."""
    if role not in Role.values:
        raise ValueError(role)
    if role == Role.HEAD and unit is None:
        raise UnitMissing(Message(gettext_noop("Choose the unit that this person heads.")))


def check_not_self(actor: Actor, person: Person) -> None:
    """Refuse what one may not do to the own account, nor to that of whom one stands in for."""
    if person.pk == actor.person_id:
        raise OwnAccount(
            Message(gettext_noop("This is your own account: change your password on the page My account."))
        )
    if actor.is_own(person.pk):
        raise OwnAccount(
            Message(
                gettext_noop(
                    "You stand in for %(person)s: the post is lent to you, not the account. "
                    "Another person who manages the agency can do this."
                ),
                {"person": person.full_name},
            )
        )


def check_not_wider(actor: Actor, person: Person, role: str) -> None:
    """Refuse a role for oneself that brings an act which none of one's present roles gives.

    A delegated post is lent: who stands in gives oneself nothing by it that would outlast the delegation, and the
    one who is away nothing that the lent post does not give.
    """
    if actor.stands_in_for is not None and person.pk == actor.person_id:
        raise OwnAccount(
            Message(
                gettext_noop(
                    "You stand in for %(giver)s and give yourself no post in that name. "
                    "Another person who manages the agency has to do it."
                ),
                {"giver": actor.stands_in_for[1]},
            )
        )
    if actor.is_own(person.pk) and any(
        not grants.get(role, frozenset()) <= _held(actor, act) for act, grants in ACTS.items()
    ):
        raise OwnAccount(
            Message(
                gettext_noop(
                    "Nobody gives wider rights to oneself: another person who manages the agency has to give you this role."
                )
            )
        )


def _held(actor: Actor, act: str) -> frozenset[Scope]:
    """Return the scopes in which the actor has an act; what holds in the whole agency holds for a unit's work too."""
    scopes = {scope for role in actor.roles for scope in ACTS[act].get(role, ())}
    return frozenset(scopes | ({Scope.UNIT} if Scope.AGENCY in scopes else set()))


def check_not_shared(actor: Actor, person: Person, today: date) -> None:
    """Refuse to change an account that another agency's work hangs on."""
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)  # a post that begins later counts too
    if Membership.objects.filter(not_ended, person=person).exclude(agency_id=actor.agency_id).exists():
        raise SharedPerson(
            Message(
                gettext_noop(
                    "%(person)s also works for another agency, so the account is not yours alone to change."
                ),
                {"person": person.full_name},
            )
            if can(actor, "people.view")
            else Message(
                gettext_noop(
                    "This account is also used in another agency: restore it by the command line."
                )  # who restores accounts without seeing the people is told no name
            )
        )


def check_manager_left(
    actor: Actor, on: date, *, besides_posts: list[int] | None = None, besides_person: int | None = None
) -> None:
    """Refuse what would leave nobody to manage the agency's people from a day on."""
    managers = Membership.objects.filter(
        held_on(on),
        agency_id=actor.agency_id,
        role__in=roles_with("people.manage"),
        person__is_active=True,
    ).filter(valid_to__isnull=True)
    managers = managers.exclude(pk__in=besides_posts or [])
    if besides_person is not None:
        managers = managers.exclude(person_id=besides_person)
    if not managers.exists():
        raise LastManager(
            Message(
                gettext_noop(
                    "This would leave nobody to manage the agency. Give another person the role of ISO secretary first."
                )
            )
        )


def well_formed_login(text: str) -> str:
    """Return a sign-in name in small letters; raises LoginMalformed."""
    login = login_key(text)
    if not _LOGIN.fullmatch(login):
        raise LoginMalformed(
            Message(
                gettext_noop(
                    "A sign-in name has at least 2 signs: letters without marks, digits, dots, dashes, underscores."
                )
            )
        )
    return login


def check_unit_name(actor: Actor, name: str, besides: int | None = None) -> None:
    """Refuse the name of another unit of the agency; raises NameTaken."""
    others = Unit.objects.filter(agency_id=actor.agency_id, name=name)
    if besides is not None:
        others = others.exclude(pk=besides)
    if others.exists():
        raise NameTaken(Message(gettext_noop("There already is a unit named %(name)s."), {"name": name}))
