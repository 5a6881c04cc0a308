"""What a list of people to add is held against: units as they are called, sign-in names that are taken."""

from __future__ import annotations

from collections.abc import Iterable

from camket.core.roster import RosterEntry, UnitNames, login_of, with_logins
from camket.org.models import Person, Unit
from camket.org.policy import Actor, require


def unit_names(actor: Actor) -> UnitNames:
    """Return the units in use of the agency that people hold posts in, by id, each with its names."""
    rows = Unit.objects.filter(agency_id=actor.agency_id, is_active=True).exclude(kind=Unit.Kind.ALL)
    return [
        (pk, (name, short_name))
        for pk, name, short_name in rows.order_by("order", "pk").values_list("pk", "name", "short_name")
    ]


def with_free_logins(actor: Actor, entries: Iterable[RosterEntry]) -> tuple[RosterEntry, ...]:
    """Return the entries of a list with a sign-in name each that nobody of the installation has.

    One who is in the agency already by the same name keeps the own sign-in name. Raises NotAllowed.
    """
    require(actor, "people.manage")
    rows = list(entries)
    stems = {login_of(row.full_name) for row in rows if not row.login}
    taken: set[str] = set()
    for stem in stems:
        taken.update(Person.objects.filter(login__startswith=stem).values_list("login", flat=True))
    return with_logins(rows, taken)
