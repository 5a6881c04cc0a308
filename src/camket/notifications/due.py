"""What records call for by a day that is no task: a plan to be written, an effect to be judged, a review to be held.

Packages above say once, when the process starts, which kinds there are and how their rows are found (:func:`calls_for`);
whoever shows or tells work asks here. All kinds together are one SQL statement.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, IntegerField, QuerySet, TimeField, Value
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext

from camket.core.calendar import WorkingCalendar
from camket.core.controlled import months_after
from camket.core.messages import Message
from camket.core.reminders import Day, DueWork, Whom
from camket.journal.calendars import remembered_calendar
from camket.journal.memory import Memory
from camket.journal.models import Entry
from camket.org.calendar import working_calendars
from camket.org.models import Role, Unit
from camket.org.policy import Actor, can

Rows = Callable[[Collection[int]], "QuerySet[Any, Any]"]
"""Takes agencies, gives what :func:`lines` made of their open rows."""

MOST = 500
"""So much is shown at once: the longest due first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is due.

    ``says`` is the sentence with the name ``%(title)s``, for people and letters; ``view`` the act that lets one see it;
    ``path`` its page, with ``%s`` for a number. It is for the person or else the unit of the row, the secretary where
    neither is named; where ``act`` is named, for all who may do that, but for those whose own doing it is. ``whom`` is who
    of them is reminded. An event takes place on its day and is over afterwards, never late; where ``is_start`` holds, the
    day is the one to begin on. What is personal is shown to its person alone. ``record`` is the kind of record that the
    page is of, as the journal calls it.
    """

    key: str
    says: str
    view: str
    path: str
    rows: Rows
    act: str = ""
    whom: Whom = Whom.DOER
    topic: str = "improvement"
    is_event: bool = False
    is_start: bool = False
    is_personal: bool = False
    record: str = ""

    @property
    def day(self) -> Day:
        """What the day of such a thing means."""
        if self.is_event:
            return Day.EVENT
        return Day.FIRST if self.is_start else Day.LAST


@dataclass(frozen=True, slots=True)
class Due:
    """A thing that is due. ``not_by`` are people whose own doing it is: others see to it.

    ``starts`` and ``ends`` are the hours of an event that has some.
    """

    kind: Kind
    agency_id: int
    id: int
    page_id: int
    title: str
    due_on: date
    late_after: date
    unit_id: int | None
    person_id: int | None
    not_by: frozenset[int]
    starts: time | None = None
    ends: time | None = None

    @property
    def hours(self) -> str:
        """From when to when it takes place, as people read it; empty for the whole day."""
        return "–".join(f"{each:%H:%M}" for each in (self.starts, self.ends) if each is not None)

    @property
    def says(self) -> Message:
        """What is to be done, as people read it."""
        return Message(self.kind.says, {"title": self.title})

    @property
    def link(self) -> str:
        """Where it is done."""
        return self.kind.path.replace("%s", str(self.page_id))

    def is_late(self, today: date) -> bool:
        """Return whether its last day in time has passed."""
        return self.late_after < today and not self.kind.is_event

    def is_for(self, actor: Actor) -> bool:
        """Return whether it is the actor's to do."""
        if self.kind.act:
            return can(actor, self.kind.act) and not any(actor.is_own(each) for each in self.not_by)
        if self.person_id is not None:
            return self.person_id == actor.acts_as_id
        if self.unit_id is not None:
            return self.unit_id in actor.unit_ids
        return Role.SECRETARY in actor.roles


_kinds: dict[str, Kind] = {}


def calls_for(*kinds: Kind) -> None:
    """Take kinds of things that are due; a second call with the same key replaces the first."""
    for kind in kinds:
        _kinds[kind.key] = kind


def keys() -> frozenset[str]:
    """Return the keys of all kinds that packages named."""
    return frozenset(_kinds)


def lines(
    key: str,
    rows: QuerySet[Any, Any],
    *,
    agency: str = "agency_id",
    page: str = "pk",
    title: Any = "title",
    due: str = "due_on",
    unit: str = "",
    person: str = "",
    by: str = "",
    nor: str = "",
    months: Any = None,
    days: Any = None,
    starts: str = "",
    ends: str = "",
) -> QuerySet[Any, Any]:
    """Return rows in the shape that all kinds share; names are those of fields, as ``filter`` takes them.

    ``title`` may be an expression. ``page`` is the number in the address, ``by`` and ``nor`` whose own doing it is.
    ``months`` is an expression of how many months after ``due`` it is due, ``days`` of how many days after that it is
    still in time; ``starts`` and ``ends`` name its hours. What several units have is a row for each, with one number.
    """
    made: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            due_kind=Value(key, CharField()),
            due_agency=F(agency),
            due_page=F(page),
            due_title=Cast(title, CharField()),
            due_day=F(due),
            due_unit=_number(unit),
            due_person=_number(person),
            due_by=_number(by),
            due_nor=_number(nor),
            due_months=Cast(Value(None) if months is None else months, IntegerField()),
            due_days=Cast(Value(None) if days is None else days, IntegerField()),
            due_starts=F(starts) if starts else Cast(Value(None), TimeField()),
            due_ends=F(ends) if ends else Cast(Value(None), TimeField()),
        )
        .filter(due_day__isnull=False)
    )
    return made


def due_for(
    actor: Actor, today: date, *, until: date, calendar: WorkingCalendar | None = None
) -> tuple[Due, ...]:
    """Return what is the actor's to do by a day, the longest due first; one SQL statement, two where something is near.

    One in any case with the agency's calendar, where the caller has it.
    """
    mine = (each for each in _seen(actor, today, None, until, calendar) if each.is_for(actor))
    found = {(each.kind.key, each.id): each for each in mine}
    return tuple(each for each in found.values() if not (each.kind.is_event and each.due_on < today))


def due_between(
    actor: Actor, first: date, last: date, today: date, *, only_mine: bool = False
) -> tuple[Due, ...]:
    """Return what the actor may see of what is due in a stretch, by day, what several units have once; as :func:`due_for`."""
    found = _seen(actor, today, first, last)
    if only_mine:
        found = tuple(each for each in found if each.is_for(actor))
    return tuple({(each.kind.key, each.id): each for each in reversed(found)}.values())[::-1]


def due_of_unit(actor: Actor, unit_id: int, today: date, *, until: date) -> tuple[Due, ...]:
    """Return what a unit has to do by a day, whoever of it does it; as :func:`due_for`."""
    return tuple(each for each in _seen(actor, today, None, until) if each.unit_id == unit_id)


def times_changed(agency_id: int, dues: Collection[Due]) -> Counter[tuple[str, int]]:
    """Return how often the journal tells of the records of things that are due, by kind and number; one SQL statement.

    A number that only grows: calendar programs know the newer of two by it.
    """
    told = Entry.objects.filter(
        agency_id=agency_id,
        subject_type__in={each.kind.record for each in dues},
        subject_id__in={each.page_id for each in dues},
    )
    rows = told.order_by().values_list("subject_type", "subject_id").annotate(number=Count("pk"))
    return Counter({(kind, pk): number for kind, pk, number in rows})


_UNITS = Memory(
    lambda agency_ids: [Unit.objects.filter(agency_id__in=agency_ids).values_list("pk", "name")],
    lambda names: names,
)


def works(
    agency_ids: Collection[int], today: date, *, until: date, is_personal: bool = True
) -> dict[int, list[DueWork]]:
    """Return what is due in agencies by a day, as reminders and the week tell it; three SQL statements at most.

    Events that are over are left out, and what is personal where that is asked. Whoever calls this has judged who may see it.
    """
    rows = works_query(agency_ids, until=until, is_personal=is_personal)
    return works_of(rows, agency_ids, today, until=until)


def works_query(
    agency_ids: Collection[int], *, until: date, is_personal: bool = True
) -> QuerySet[Any, tuple[Any, ...]]:
    """Return the query that :func:`works` begins with; :func:`works_of` reads its rows."""
    kinds = [kind for kind in _kinds.values() if is_personal or not kind.is_personal]
    rows = _query(kinds, agency_ids, None, until)
    return Unit.objects.none().values_list() if rows is None else rows


def works_of(
    rows: Iterable[tuple[Any, ...]], agency_ids: Collection[int], today: date, *, until: date
) -> dict[int, list[DueWork]]:
    """Return what :func:`works` does of the rows of :func:`works_query`."""
    found = [
        each for each in _in_order(rows, None, until) if not (each.kind.is_event and each.due_on < today)
    ]
    if not found:
        return {}
    calendars, units = _calendars_and_units(agency_ids, found)
    made: dict[int, list[DueWork]] = defaultdict(list)
    with translation.override("vi"):  # the language of what is kept
        for each in found:
            made[each.agency_id].append(
                DueWork(
                    kind=each.kind.key,
                    id=each.id,
                    title=", ".join(
                        filter(None, (gettext(each.kind.says) % {"title": each.title}, each.hours))
                    ),
                    link=each.link,
                    due_on=each.due_on,
                    late_after=calendars[each.agency_id].next_working(each.late_after),
                    unit_id=each.unit_id,
                    unit_name=units.get(each.unit_id or 0, ""),
                    person_id=each.person_id,
                    topic=each.kind.topic,
                    whom=each.kind.whom,
                    not_to=each.not_by,
                    day=each.kind.day,
                )
            )
    return dict(made)


def _calendars_and_units(
    agency_ids: Collection[int], found: Iterable[Due]
) -> tuple[Mapping[int, WorkingCalendar], Mapping[int, str]]:
    """Return the calendars of agencies and the names of units, of a single one as they are remembered."""
    if len(agency_ids) == 1:
        (agency_id,) = agency_ids
        return {agency_id: remembered_calendar(agency_id)}, dict(_UNITS.rows(agency_ids))
    named = Unit.objects.filter(pk__in={each.unit_id for each in found if each.unit_id})
    return working_calendars(agency_ids), dict(named.values_list("pk", "name"))


def _seen(
    actor: Actor, today: date, first: date | None, last: date, calendar: WorkingCalendar | None = None
) -> tuple[Due, ...]:
    kinds = [kind for kind in _kinds.values() if can(actor, kind.view)]
    found = _read(kinds, [actor.agency_id], first, last, most=MOST, person_id=actor.acts_as_id)
    near = today - timedelta(days=14)
    if not any(near <= each.late_after < today for each in found):
        return tuple(found)
    known = calendar or working_calendars([actor.agency_id])[actor.agency_id]
    return tuple(_in_time(each, near, today, known) for each in found)


def _in_time(each: Due, near: date, today: date, calendar: WorkingCalendar) -> Due:
    """Return the thing with its last day in time; only a day of the last two weeks can turn on days off."""
    if not near <= each.late_after < today:
        return each
    return replace(each, late_after=calendar.next_working(each.late_after))


def _read(
    kinds: Iterable[Kind],
    agency_ids: Collection[int],
    first: date | None,
    last: date,
    *,
    most: int,
    person_id: int | None = None,
) -> list[Due]:
    rows = _query(kinds, agency_ids, first, last, person_id)
    return [] if rows is None else _in_order(rows, first, last)[:most]


def _query(
    kinds: Iterable[Kind],
    agency_ids: Collection[int],
    first: date | None,
    last: date,
    person_id: int | None = None,
) -> QuerySet[Any, tuple[Any, ...]] | None:
    """Return the query of what may be due in a stretch; None without kinds."""
    parts = []
    for kind in kinds:
        rows = kind.rows(agency_ids).filter(due_day__lte=last)
        if kind.is_personal and person_id is not None:
            rows = rows.filter(due_person=person_id)
        if first is not None:
            # What is due months after a day is asked for by that day: it is sorted out below.
            rows = rows.filter(due_day__gte=first - _LONGEST)
        parts.append(rows.values_list(*_COLUMNS))
    return parts[0].union(*parts[1:], all=True) if parts else None


def _in_order(rows: Iterable[tuple[Any, ...]], first: date | None, last: date) -> list[Due]:
    """Return what is due in a stretch, by day."""
    found = []
    for key, agency_id, pk, page, title, day, unit_id, person_id, by, nor, months, days, starts, ends in rows:
        due_on = months_after(day, months) if months else day
        if due_on > last or (first is not None and due_on < first):
            continue
        found.append(
            Due(
                _kinds[key],
                agency_id,
                pk,
                page,
                title,
                due_on,
                due_on + timedelta(days=days or 0),
                unit_id,
                person_id,
                frozenset(each for each in (by, nor) if each is not None),
                starts,
                ends,
            )
        )
    found.sort(key=lambda each: (each.due_on, each.starts or time.min, each.kind.key, each.id))
    return found


def _number(name: str) -> Any:
    return F(name) if name else Cast(Value(None), BigIntegerField())


_COLUMNS = (
    "due_kind", "due_agency", "pk", "due_page", "due_title", "due_day", "due_unit", "due_person", "due_by", "due_nor",
    "due_months", "due_days", "due_starts", "due_ends",
)  # fmt: skip
_LONGEST = timedelta(days=5 * 366)
"""Longer than any number of months that a thing is due after a day."""
