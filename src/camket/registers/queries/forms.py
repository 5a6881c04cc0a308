"""What forms of the registers offer: names as the actor may give them, and the units that an entry may be of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from camket.core.registers import Kind, Register
from camket.core.registers.meetings import written
from camket.core.registers.reading import Names, PersonName
from camket.org.policy import Actor
from camket.registers import sight
from camket.registers.names import for_forms, names_of
from camket.registers.queries.entries import EntryDetail


def form_names(
    actor: Actor,
    register: Register,
    today: date,
    also: EntryDetail | None = None,
    *,
    known: Names | None = None,
) -> Names:
    """Return what forms offer and read: units in use that the actor may name, people with a post, lines in use.

    ``known`` are the names that the page shows, where it has them. ``also`` is an entry whose unit, person and line
    stay to be chosen though they would not be offered anew. Three SQL statements at most.
    """
    found = names_of(actor.agency_id, register, on=today, known=known)
    own = None if sight.keeps_all(actor, register) else sight.own_units(actor, register)
    units = {pk for pk, _called in found.units if pk not in found.closed}
    used = {pk for pk in units if own is None or pk in own}
    stays = also.row.values.get("item") if also else None
    items = tuple(each for each in found.items if each.id not in found.closed_items or each.id == stays)
    people = found.people
    if also is not None:
        if also.row.unit_id is not None:
            used.add(also.row.unit_id)
        offered = {each.id for each in people}
        if also.row.person_id is not None and also.row.person_id not in offered:
            people = (*people, PersonName(also.row.person_id, also.names.person(also.row.person_id)))
    parties = (
        *((written([pk], []), called[0]) for pk, called in found.units if pk in units),
        *((written([], [each.id]), found.person(each.id)) for each in found.people),
    )
    return for_forms(
        replace(
            found,
            units=tuple(each for each in found.units if each[0] in used),
            people=people,
            items=items,
            parties=parties if any(each.kind is Kind.PARTIES for each in register.fields) else (),
        )
    )


def with_own_people(actor: Actor, register: Register, names: Names) -> Names:
    """Return names with the people of the actor's own units alone, where the actor keeps no others' entries."""
    if sight.keeps_all(actor, register):
        return names
    own = sight.own_units(actor, register)
    return replace(names, people=tuple(each for each in names.people if each.unit_ids & own))


def require_enter(actor: Actor, register: Register) -> None:
    """Raise NotAllowed unless the actor may write new entries of a register."""
    sight.require_enter(actor, register)


def may_enter(actor: Actor, register: Register) -> bool:
    """Return whether the actor may write new entries of a register, be it for the own unit alone."""
    return sight.may_enter(actor, register)
