"""Rows found by words, in columns that keep their texts as written; and units and people found so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When, Window

from camket.core.finding import Found, Hit, Sought
from camket.org.models import Membership, Person, Unit
from camket.org.policy import Actor, require


def holding(sought: Sought, *columns: str) -> Q:
    """Return the condition that each word stands in one of the columns, however its marks are typed."""
    wanted = Q()
    for pattern in sought.patterns:
        wanted &= _in_one(columns, pattern)
    return wanted


def found_in(
    rows: QuerySet[Any], sought: Sought, columns: Sequence[str], *, by: Sequence[str], at_most: int
) -> tuple[int, list[Any]]:
    """Return how many rows hold all words in their columns, and the first of them; one SQL statement.

    Those that hold the words side by side come first, then as ``by`` says.
    """
    return first_of(
        rows.filter(holding(sought, *columns)), _in_one(columns, sought.phrase_pattern), by, at_most
    )


def first_of(rows: QuerySet[Any], nearest: Q, by: Sequence[str], at_most: int) -> tuple[int, list[Any]]:
    """Return how many rows there are, and the first of them, the nearest before others; one SQL statement."""
    ordered = rows.annotate(
        found_in_all=Window(Count("pk")),
        found_near=Case(When(nearest, then=Value(0)), default=Value(1), output_field=IntegerField()),
    ).order_by("found_near", *by)
    found = list(ordered[:at_most])
    return (found[0].found_in_all if found else 0), found


def find_units(actor: Actor, sought: Sought, *, at_most: int) -> Found:
    """Return the agency's units and committees whose name holds the words. One SQL statement; raises NotAllowed."""
    require(actor, "org.view")
    units = Unit.objects.filter(agency_id=actor.agency_id, is_active=True)
    total, rows = found_in(units, sought, ("name", "short_name"), by=("order", "pk"), at_most=at_most)
    return Found(total, tuple(Hit(each.pk, each.name, kind=each.kind) for each in rows))


def find_people(actor: Actor, sought: Sought, *, at_most: int) -> Found:
    """Return those with a post in the agency whose name holds the words. One SQL statement; raises NotAllowed."""
    require(actor, "people.view")
    posts = Membership.objects.filter(agency_id=actor.agency_id)
    position = posts.filter(person_id=OuterRef("pk")).exclude(position="").order_by("-pk").values("position")
    people = Person.objects.filter(pk__in=posts.values("person_id")).annotate(position=Subquery(position[:1]))
    total, rows = found_in(people, sought, ("full_name",), by=("full_name", "pk"), at_most=at_most)
    return Found(total, tuple(Hit(each.pk, each.full_name, about=each.position or "") for each in rows))


def _in_one(columns: Sequence[str], pattern: str) -> Q:
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__regex": pattern})
    return found
