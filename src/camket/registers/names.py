"""What an agency's units, people and lists are called: how forms and rows name them, and how pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from camket.core.registers import Register
from camket.core.registers.reading import Item, Names, PersonName
from camket.org.models import Membership, Unit
from camket.org.queries import held_on
from camket.registers.models import ListItem


def names_of(agency_id: int, register: Register, *, on: date, known: Names | None = None) -> Names:
    """Return how rows name units, people and lines of the list: those in use, people with a post on the day.

    Three SQL statements; one where ``known`` are the names that pages show.
    """
    found = known or _names(agency_id, register)
    return replace(
        found,
        people=tuple(
            _people(Membership.objects.filter(held_on(on), agency_id=agency_id, person__is_active=True))
        ),
        words=words_of(register),
    )


def names_shown(agency_id: int, register: Register) -> Names:
    """Return what all units, people and lines that entries may have are called, those of former days too."""
    return replace(
        _names(agency_id, register),
        people=tuple(_people(Membership.objects.filter(agency_id=agency_id))),
        words=words_of(register),
    )


def for_forms(names: Names) -> Names:
    """Return names by which forms are read: their choices are numbers, what is typed in quick entry is names."""
    return replace(names, takes_numbers=True)


def words_of(register: Register) -> dict[str, str]:
    """Return a register's labels and choices in Vietnamese: spreadsheets of offices are, whoever reads them."""
    said: set[str] = {register.title, register.item_label}
    for each in (*register.fields, *register.item_fields):
        said |= {each.label, *(choice.name for choice in each.choices)}
    with translation.override("vi"):
        return {message: gettext(message) for message in said if message}


def _names(agency_id: int, register: Register) -> Names:
    units = Unit.objects.filter(agency_id=agency_id).order_by("-is_active", "order", "pk")
    items: list[ListItem] = (
        list(ListItem.objects.filter(agency_id=agency_id, register=register.key).order_by("order", "pk"))
        if register.item_fields or register.item_label
        else []
    )
    called = list(units.values_list("pk", "name", "short_name", "is_active"))
    return Names(
        units=tuple((pk, tuple(name for name in (full, short) if name)) for pk, full, short, _used in called),
        closed=frozenset(pk for pk, _full, _short, is_used in called if not is_used),
        items=tuple(Item(each.pk, each.key, each.name) for each in items),
        closed_items=frozenset(each.pk for each in items if not each.is_active),
    )


def _people(posts: QuerySet[Membership]) -> Iterable[PersonName]:
    found: dict[int, tuple[str, dict[int, str]]] = {}
    rows = posts.order_by("person_id", "pk").values_list(
        "person_id", "person__full_name", "unit_id", "unit__name"
    )
    for person_id, name, unit_id, unit in rows:
        units = found.setdefault(person_id, (name, {}))[1]
        if unit_id:
            units.setdefault(unit_id, unit)
    for person_id, (name, units) in found.items():
        yield PersonName(person_id, name, tuple(units.values()), next(iter(units), None), frozenset(units))
