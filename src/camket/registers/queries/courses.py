"""The courses of a year: those of the plan, and those that entries of the register of training name.

A course has no row of its own: two entries that name it alike (marks and spaces aside) are of one course, and a line of
the agency's own list is the course of the plan that has this name (:func:`camket.core.registers.events.course_of`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Sum
from django.db.models.functions import Coalesce

from camket.core.registers import REGISTERS
from camket.core.registers.reading import normal, values_from_json
from camket.core.registers.staff import TRAINED
from camket.core.wording.text import search_key
from camket.org.policy import Actor, require
from camket.registers.models import Entry, ListItem
from camket.registers.sight import seen_by

TRAINING = "training"


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of a year.

    ``item_id`` is its line in the plan, None for one that the plan does not have; ``planned_on``, ``hours`` and
    ``places`` are as planned. ``first`` to ``last`` are the days on which it is attended or to be attended.
    ``attended_hours`` are those of all who took part.
    """

    name: str
    item_id: int | None
    planned_on: date | None
    hours: Decimal | None
    places: int | None
    held_by: str
    first: date | None
    last: date | None
    registered: int
    attended: int
    absent: int
    attended_hours: Decimal

    @property
    def is_held(self) -> bool:
        """Whether somebody took part."""
        return self.attended > 0

    def is_late(self, today: date) -> bool:
        """Return whether its planned day is over and nobody took part."""
        return not self.is_held and self.planned_on is not None and self.planned_on < today


@dataclass(frozen=True, slots=True)
class Courses:
    """The courses of a year, those of the plan first; ``people`` are who took part in any, each once."""

    year: int
    rows: tuple[CourseRow, ...]
    people: int

    @property
    def held(self) -> int:
        """How many courses were held."""
        return sum(each.is_held for each in self.rows)

    @property
    def planned(self) -> int:
        """How many courses the plan has."""
        return sum(each.item_id is not None for each in self.rows)


@dataclass(slots=True)
class _Said:
    """What entries say of a course."""

    name: str = ""
    source: str = ""
    days: list[date] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    hours: Decimal = Decimal(0)


def courses_of_year(actor: Actor, year: int) -> Courses:
    """Return the courses of a year. Three SQL statements."""
    require(actor, "register.view")
    register = REGISTERS[TRAINING]
    entries = Entry.objects.filter(
        seen_by(actor, register), agency_id=actor.agency_id, register=TRAINING, year=year
    ).exclude(state=Entry.State.WITHDRAWN)
    lines = ListItem.objects.filter(agency_id=actor.agency_id, register=TRAINING, is_active=True)
    said = _said_of(
        entries.values("title", "outcome")
        .annotate(
            number=Count("pk"),
            hours=Sum("amount"),
            first=Min("on"),
            last=Max(Coalesce(F("ends_on"), F("on"))),
            by=Max("source"),
        )
        .order_by("first", "title", "outcome")
    )
    rows: list[CourseRow] = []
    for line in lines.order_by("order", "pk"):
        values = values_from_json(register.item_fields, line.values)
        if values.get("year") == year:
            rows.append(_row(line.name, said.pop(search_key(line.name), _Said()), line.pk, values))
    rows += [_row(each.name, each, None, {}) for each in said.values()]
    people = entries.filter(outcome__in=TRAINED).aggregate(number=Count("person_id", distinct=True))
    return Courses(year, tuple(rows), people["number"])


def _said_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, _Said]:
    found: dict[str, _Said] = defaultdict(_Said)
    for row in rows:
        course = found[search_key(row["title"])]
        course.name = course.name or row["title"]
        course.source = course.source or row["by"]
        course.days += [row["first"], row["last"]]
        course.people[row["outcome"]] += row["number"]
        if row["outcome"] in TRAINED:
            course.hours += row["hours"] or 0
    return dict(found)


def _row(name: str, said: _Said, item_id: int | None, values: Mapping[str, object]) -> CourseRow:
    planned_on, hours, places = values.get("planned_on"), values.get("hours"), values.get("places")
    return CourseRow(
        name=name,
        item_id=item_id,
        planned_on=planned_on if isinstance(planned_on, date) else None,
        hours=hours if isinstance(hours, Decimal) else None,
        places=places if isinstance(places, int) else None,
        held_by=str(values.get("held_by") or said.source),
        first=min(said.days, default=None),
        last=max(said.days, default=None),
        registered=sum(said.people.values()),
        attended=sum(said.people[each] for each in TRAINED if each in said.people),
        absent=said.people.get("absent", 0),
        attended_hours=normal(said.hours),
    )
