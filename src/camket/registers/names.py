"""What an agency's units, people and lists are called: how forms and rows name them, and how pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils import translation
from django.utils.translation import gettext

from camket.core.registers import Register
from camket.core.registers.reading import Item, Names, PersonName
from camket.org.models import Membership, Unit
from camket.org.queries import held_on
from camket.registers.models import ListItem


def names_of(agency_id: int, register: Register, *, on: date, known: Names | None = None) -> Names:
    """Return how rows name units, people and lines of the list: those in use, people with a post on the day.

    Three SQL statements; none where ``known`` are the names that pages show, with who has a post on the day.
    """
    found = known or _names(agency_id, register)
    people = found.held
    if people is None:
        posts = Membership.objects.filter(held_on(on), agency_id=agency_id, person__is_active=True)
        people = tuple(_people(_posts(posts)))
    return replace(found, people=people, words=words_of(register))


def names_shown(agency_id: int, register: Register, *, on: date | None = None) -> Names:
    """Return what all units, people and lines that entries may have are called, those of former days too.

    With ``on`` also who has a post on that day.
    """
    posts = Membership.objects.filter(agency_id=agency_id)
    held: tuple[PersonName, ...] | None = None
    if on is None:
        people = tuple(_people(_posts(posts)))
    else:
        is_held = Case(When(held_on(on), person__is_active=True, then=Value(True)), default=Value(False))  # noqa: FBT003
        rows = [*_posts(posts.annotate(is_held=is_held), "is_held")]
        people, held = tuple(_people(rows)), tuple(_people(row for row in rows if row[-1]))
    return replace(_names(agency_id, register), people=people, held=held, words=words_of(register))


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


def _posts(posts: QuerySet[Membership], *more: str) -> QuerySet[Membership, tuple[Any, ...]]:
    names = ("person_id", "person__full_name", "unit_id", "unit__name", *more)
    return posts.order_by("person_id", "pk").values_list(*names)


def _people(rows: Iterable[tuple[Any, ...]]) -> Iterable[PersonName]:
    found: dict[int, tuple[str, dict[int, str]]] = {}
    for person_id, name, unit_id, unit, *_more in rows:
        units = found.setdefault(person_id, (name, {}))[1]
        if unit_id:
            units.setdefault(unit_id, unit)
    for person_id, (name, units) in found.items():
        yield PersonName(person_id, name, tuple(units.values()), next(iter(units), None), frozenset(units))
