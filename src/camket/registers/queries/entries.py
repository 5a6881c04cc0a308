"""A register as its pages show it: a page of the list, one entry with its history, what is late or soon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, DecimalField, F, Func, IntegerField, Q, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from camket.core.registers import REGISTERS, Field, Kind, Register
from camket.core.registers.reading import Names, Value
from camket.core.registers.standing import SOON, Standing
from camket.core.wording.text import search_key, sort_key
from camket.documents.queries import EvidenceRow, evidence_rows
from camket.journal.models import Entry as JournalEntry
from camket.journal.queries import EntryRow, rows_of_record
from camket.org.personal import shown_name
from camket.org.policy import Actor, can
from camket.registers.filling import standing_of, title_of, values_of
from camket.registers.models import Batch, Entry, Extension
from camket.registers.names import names_shown
from camket.registers.sight import (
    entry_of,
    may_enter,
    may_keep,
    may_withdraw,
    paper_states,
    seen_by,
    visible_registers,
)

PAGE = 50
HISTORY = 200
EMPTY = "-"
"""Given as the value of a filter: those in which the field is empty."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to and how it is sorted.

    ``words`` are all looked for, without accents. ``filters`` are by field key: a choice's word, the number of a unit, a
    person or a line of the own list, or :data:`EMPTY`. ``standing`` is a :class:`Standing`, "" for all but withdrawn.
    ``first`` and ``last`` bound the entry's day. ``sort`` is a field's key, with ``-`` before it downwards.
    """

    words: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    standing: str = ""
    year: int | None = None
    first: date | None = None
    last: date | None = None
    sort: str = ""
    page: int = 1
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as a list shows it: ``values`` by field key, units, people and lines of the list by their numbers."""

    id: int
    register: str
    title: str
    values: Mapping[str, Value]
    state: str
    standing: Standing
    on: date
    year: int
    due_on: date | None
    due_original: date | None
    late_after: date | None
    done_on: date | None
    unit_id: int | None
    person_id: int | None
    is_kept: bool
    """Whether the actor may write it."""
    waits: bool = False
    """Whether a later last day was asked for and waits."""

    @property
    def is_extended(self) -> bool:
        """Whether its last day was put off."""
        return self.due_original is not None and self.due_on != self.due_original


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a register; ``names`` says what the numbers of units, people and lines of the list are called."""

    register: Register
    rows: tuple[Row, ...]
    names: Names
    number: int
    pages: int
    total: int
    may_enter: bool


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A later last day, asked for, approved or refused."""

    id: int
    due_before: date
    due_after: date
    reason: str
    state: str
    state_name: str
    asked_at: datetime
    asked_by: str
    decided_at: datetime | None
    decided_by: str
    document: str
    answer: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """Another entry that this one came of, or that came of it."""

    id: int
    register: str
    title: str
    standing: Standing
    due_on: date | None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry with all that belongs to it; ``acts`` are those that the actor may do now.

    They are ``change``, ``finish``, ``reopen``, ``withdraw``, ``ask``, ``decide``, ``attach``, ``number``. ``found`` is
    what other queries go on from, without reading it once more.
    """

    found: Entry
    row: Row
    register: Register
    names: Names
    series: str
    serial: int | None
    withdrawal: str
    parent: Linked | None
    parts: tuple[Linked, ...]
    extensions: tuple[ExtensionRow, ...]
    evidence: tuple[EvidenceRow, ...]
    batch_id: int | None
    batch_name: str
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Late:
    """How a register stands: what is open, late, and due soon; ``noted`` how many entries it has this year."""

    register: Register
    open: int = 0
    late: int = 0
    soon: int = 0
    this_year: int = 0


@dataclass(frozen=True, slots=True)
class DueWork:
    """Open work with a last day, for reminders and letters."""

    id: int
    agency_id: int
    register: str
    title: str
    number: str
    source: str
    on: date
    unit_id: int | None
    person_id: int | None
    due_on: date
    late_after: date
    standing: Standing


def page_of(
    actor: Actor, register: Register, wanted: Wanted, today: date, *, names: Names | None = None
) -> Page:
    """Return a page of a register as the actor may see it, newest first unless sorted. At most eight SQL statements.

    ``names`` are those of :func:`shown_names`, where somebody has them. Raises NotAllowed.
    """
    names = names or shown_names(actor, register)
    found = _matching(actor, register, wanted, names, today)
    total = found.count()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, wanted.page), pages)
    first = (number - 1) * PAGE
    ordered = found.order_by(*_order(register, wanted.sort, names))
    # The numbers of far pages are found in an index alone where the order has one; whole rows are read of one page.
    ids = list(ordered.values_list("pk", flat=True)[first : first + PAGE]) if total else []
    rows = rows_of(actor, register, ids, names, today) if ids else ()
    return Page(
        register=register,
        rows=rows,
        names=names,
        number=number,
        pages=pages,
        total=total,
        may_enter=may_enter(actor, register),
    )


@dataclass(frozen=True, slots=True)
class StandingCounts:
    """How many entries of work are open, late, and due soon."""

    open: int
    late: int
    soon: int


def standing_counts(
    actor: Actor, register: Register, wanted: Wanted, names: Names, today: date
) -> StandingCounts:
    """Return how the open work stands that a list is narrowed to, however it is to stand; as far as the actor sees it.

    One SQL statement.
    """
    found = _matching(actor, register, replace(wanted, standing=Standing.OPEN), names, today)
    sums = found.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=_stands(Standing.LATE, today)),
        soon=Count("pk", filter=_stands(Standing.SOON, today)),
    )
    return StandingCounts(**sums)


def ids_of(
    actor: Actor, register: Register, wanted: Wanted, names: Names, today: date, *, at_most: int
) -> tuple[int, tuple[int, ...]]:
    """Return how many entries a list is narrowed to, and the first of them in its order. At most two SQL statements."""
    found = _matching(actor, register, wanted, names, today)
    ordered = found.order_by(*_order(register, wanted.sort, names))
    ids = tuple(ordered.values_list("pk", flat=True)[: at_most + 1])
    return len(ids) if len(ids) <= at_most else found.count(), ids[:at_most]


def rows_of(
    actor: Actor, register: Register, ids: Sequence[int], names: Names, today: date, *, has_waits: bool = True
) -> tuple[Row, ...]:
    """Return entries by number, in the order given. Two SQL statements, one where nobody asks which of them wait, or none can."""
    entries = Entry.objects.filter(agency_id=actor.agency_id).defer("search", "key").in_bulk(ids)
    asked = Extension.objects.filter(entry__in=ids, state=Extension.State.ASKED)
    may_wait = has_waits and register.has_due
    waiting = frozenset(asked.values_list("entry_id", flat=True)) if may_wait else frozenset()
    return tuple(
        _row(actor, entries[pk], register, names, today, waits=pk in waiting) for pk in ids if pk in entries
    )


def whole(actor: Actor, register: Register, wanted: Wanted, today: date) -> tuple[Names, Iterable[Entry]]:
    """Return all entries that a list is narrowed to, in its order, to be taken out."""
    names = shown_names(actor, register)
    found = _matching(actor, register, wanted, names, today)
    return names, found.order_by(*_order(register, wanted.sort or "on", names)).iterator(chunk_size=2_000)


def entry(actor: Actor, entry_id: int, today: date) -> EntryDetail:
    """Return an entry whole; Entry.DoesNotExist for another agency's, and for one that the actor may not see."""
    found, register = entry_of(actor, entry_id)
    names = shown_names(actor, register)
    wishes = found.extensions.select_related("asked_by", "decided_by").order_by("-pk")
    asked = list(wishes) if register.has_due else []
    row = _row(
        actor, found, register, names, today,
        waits=any(each.state == Extension.State.ASKED for each in asked),
    )  # fmt: skip
    links = Entry.objects.filter(agency_id=actor.agency_id)
    parent = _seen_parent(actor, found)
    people = {each.id: each.name for each in names.people}
    return EntryDetail(
        found=found,
        row=row,
        register=register,
        names=names,
        series=found.series,
        serial=found.serial,
        withdrawal=found.withdrawal,
        parent=_linked(parent, today) if parent else None,
        parts=tuple(
            _linked(each, today) for each in links.filter(parent=found).order_by("due_on", "pk")[:200]
        ),
        extensions=tuple(_extension(actor, each, row) for each in asked),
        evidence=evidence_rows(actor, found.evidence.select_related("file", "added_by")),
        batch_id=found.batch_id,
        batch_name=Batch.objects.get(pk=found.batch_id).name if found.batch_id else "",
        created_at=found.created_at,
        created_by=people.get(found.created_by_id or 0, ""),
        changed_at=found.changed_at,
        changed_by=people.get(found.changed_by_id or 0, ""),
        acts=_acts(actor, found, register, row),
    )


def _seen_parent(actor: Actor, found: Entry) -> Entry | None:
    """Return the entry that one came of, if the actor may see it: work may come of what tells of a single person."""
    if found.parent_id is None:
        return None
    try:
        return entry_of(actor, found.parent_id)[0]
    except Entry.DoesNotExist:
        return None


def history(actor: Actor, entry_id: int) -> tuple[EntryRow, ...]:
    """Return what the journal says of an entry that the actor may see, newest first. Raises Entry.DoesNotExist."""
    found, _register = entry_of(actor, entry_id)
    said = JournalEntry.objects.filter(
        agency_id=actor.agency_id, subject_type="registers.entry", subject_id=found.pk
    )
    return rows_of_record(said.order_by("-sequence")[:HISTORY])


def overview(actor: Actor, today: date) -> tuple[Late, ...]:
    """Return every register that the actor may see, with what is open, late and due soon. Two SQL statements."""
    registers = visible_registers(actor)
    seen = Q(pk__in=())
    for each in registers:
        seen |= Q(register=each.key) & seen_by(actor, each)
    rows = Entry.objects.filter(seen, agency_id=actor.agency_id)
    due = (
        rows.filter(state=Entry.State.OPEN)
        .values("register")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=_stands(Standing.LATE.value, today)),
            soon=Count("pk", filter=_stands(Standing.SOON.value, today)),
        )
    )
    counted = {
        each["register"]: (each["open"], each["late"], each["soon"]) for each in due.order_by("register")
    }
    of_year = rows.filter(year=today.year).exclude(state=Entry.State.WITHDRAWN)
    this_year = dict(
        of_year.values("register")
        .annotate(count=Count("pk"))
        .order_by("register")
        .values_list("register", "count")
    )
    return tuple(
        Late(each, *counted.get(each.key, (0, 0, 0)), this_year=this_year.get(each.key, 0))
        for each in registers
    )


def late_and_soon(
    agency_ids: Collection[int], on: date, registers: Collection[str] = (), until: date | None = None
) -> tuple[DueWork, ...]:
    """Return open work of agencies that is late or due soon on a day, by last day; for reminders and letters.

    ``until`` is the latest last day that is asked for, where it is another than that of what is due soon. Whoever calls
    this has judged who may see it. One SQL statement.
    """
    rows = Entry.objects.filter(
        agency_id__in=agency_ids,
        state=Entry.State.OPEN,
        due_on__lte=until or on + SOON,
        late_after__isnull=False,
    )
    if registers:
        rows = rows.filter(register__in=registers)
    return tuple(_due(each, on) for each in rows.defer("search", "values").order_by("due_on", "pk"))


def shown_names(actor: Actor, register: Register, on: date | None = None) -> Names:
    """Return what the numbers in a register are called, as the actor may see names. Three SQL statements.

    With ``on`` also who has a post on that day, for forms that offer them.
    """
    names = names_shown(actor.agency_id, register, on=on)
    if can(actor, "people.view"):
        return names
    return replace(
        names, people=tuple(replace(each, name=shown_name(actor, each.name)) for each in names.people)
    )


def _matching(actor: Actor, register: Register, wanted: Wanted, names: Names, today: date) -> QuerySet[Entry]:
    found = Entry.objects.filter(seen_by(actor, register), agency_id=actor.agency_id, register=register.key)
    found = found.filter(_stands(wanted.standing, today))
    if wanted.year is not None:
        found = found.filter(year=wanted.year)
    if wanted.first is not None:
        found = found.filter(on__gte=wanted.first)
    if wanted.last is not None:
        found = found.filter(on__lte=wanted.last)
    if wanted.batch_id is not None:
        found = found.filter(batch_id=wanted.batch_id)
    by_key = {each.key: each for each in register.fields}
    for key, value in wanted.filters.items():
        if key in by_key and value:
            found = found.filter(_narrowed(by_key[key], value))
    for word in search_key(wanted.words).split():
        found = found.filter(_holds(word, names))
    return found


def _holds(word: str, names: Names) -> Q:
    """Return which entries hold a word: in what they say, or in the names of their unit and person."""
    units = [pk for pk, called in names.units if any(word in search_key(name) for name in called)]
    people = [each.id for each in names.people if word in search_key(each.name)]
    found = Q(search__contains=word)
    if units:
        found |= Q(unit_id__in=units)
    if people:
        found |= Q(person_id__in=people)
    return found


def _stands(wanted: str, today: date) -> Q:
    is_open, is_done = Q(state=Entry.State.OPEN), Q(state=Entry.State.DONE)
    late = Q(late_after__lt=today)
    on_time = Q(late_after__isnull=True) | Q(done_on__lte=F("late_after"))
    conditions = {
        Standing.OPEN.value: is_open,
        Standing.LATE.value: is_open & late,
        Standing.SOON.value: is_open & Q(late_after__gte=today, due_on__lte=today + SOON),
        Standing.DONE.value: is_done & on_time,
        Standing.DONE_LATE.value: is_done & ~on_time,
        Standing.NOTED.value: Q(state=Entry.State.NOTED),
        Standing.WITHDRAWN.value: Q(state=Entry.State.WITHDRAWN),
    }
    return conditions.get(wanted, ~Q(state=Entry.State.WITHDRAWN))


def _narrowed(each: Field, value: str) -> Q:
    column = each.column or f"values__{each.key}"
    if each.column and each.kind in (Kind.UNIT, Kind.PERSON, Kind.ITEM):
        column = f"{each.column}_id"
    if value == EMPTY:
        is_text = bool(each.column) and each.kind in (Kind.CHOICE, Kind.LINE, Kind.TEXT)
        return Q(**{column: ""}) if is_text else Q(**{f"{column}__isnull": True})
    if each.kind in (Kind.UNIT, Kind.PERSON, Kind.ITEM, Kind.WHOLE):
        return Q(**{column: int(value)}) if value.isdigit() else Q(pk__in=())
    if each.kind is Kind.TRUTH:
        return Q(**{column: value == "true"})
    return Q(**{column: value})


def _order(register: Register, sort: str, names: Names) -> list[Any]:
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    each = next((one for one in register.fields if one.key == key), None)
    if each is None:
        return ["-on", "-pk"]
    by: Any = F(each.column) if each.column else _Told(each)
    if each.kind is Kind.CHOICE and any(choice.rank is not None for choice in each.choices):
        by = _Ranked(by, [one.word for one in sorted(each.choices, key=lambda one: one.rank or 0)])
    elif each.kind is Kind.UNIT and each.column:
        by = _Ranked(F("unit_id"), [pk for pk, _called in names.units])
    elif each.kind is Kind.PERSON and each.column:
        people = sorted(names.people, key=lambda one: sort_key(" ".join(reversed(one.name.split()))))
        by = _Ranked(F("person_id"), [one.id for one in people])
    elif each.kind is Kind.ITEM and each.column:
        by = _Ranked(F("item_id"), [one.id for one in names.items])
    elif each.kind is Kind.NUMBER and not each.column:
        by = Cast(KeyTextTransform(each.key, "values"), DecimalField(max_digits=24, decimal_places=6))
    if key == "on":  # the way of the index
        return ["-on", "-pk"] if is_down else ["on", "pk"]
    if is_down:
        return [by.desc(nulls_last=True), "-pk"]
    return [by.asc(nulls_last=True), "pk"]


class _Told(Func):
    """What a field without a column holds, to be sorted by: on SQLite taken out of the entry once, not three times.

    In the order that a look-up of the same key gives. Words are compared as text on PostgreSQL too, numbers as such.
    """

    output_field = TextField()

    def __init__(self, each: Field) -> None:
        super().__init__(F("values"))
        self._key, self._of = each.key, "->>" if each.kind in _WORDS else "->"

    def as_sqlite(self, compiler: Any, connection: Any, **_how: Any) -> tuple[str, tuple[str | int, ...]]:
        inner, params = compiler.compile(self.source_expressions[0])
        return f"json_extract({inner}, %s)", (*params, f'$."{self._key}"')

    def as_postgresql(self, compiler: Any, connection: Any, **_how: Any) -> tuple[str, tuple[str | int, ...]]:
        inner, params = compiler.compile(self.source_expressions[0])
        return f"({inner} {self._of} %s)", (*params, self._key)


_WORDS = frozenset({Kind.LINE, Kind.TEXT, Kind.DAY, Kind.TIME, Kind.CHOICE})


class _Ranked(Func):
    """The place of what a column holds among some values, none for others; what is looked at is read once of each row."""

    output_field = IntegerField()

    def __init__(self, column: Combinable, values: Sequence[str | int]) -> None:
        super().__init__(column)
        self._values = tuple(values)

    def as_sql(
        self, compiler: Any, connection: Any, *_as: Any, **_how: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        inner, params = compiler.compile(self.source_expressions[0])
        places = " ".join("WHEN %s THEN %s" for _ in self._values)
        ranks = tuple(each for at, value in enumerate(self._values) for each in (value, at))
        return f"(CASE {inner} {places} END)" if ranks else "NULL", (*params, *ranks) if ranks else ()


def _row(actor: Actor, found: Entry, register: Register, names: Names, today: date, *, waits: bool) -> Row:
    return Row(
        id=found.pk,
        register=found.register,
        title=title_of(found, register, names),
        values=values_of(found, register),
        state=found.state,
        standing=standing_of(found, today),
        on=found.on,
        year=found.year,
        due_on=found.due_on,
        due_original=found.due_original,
        late_after=found.late_after,
        done_on=found.done_on,
        unit_id=found.unit_id,
        person_id=found.person_id,
        is_kept=may_keep(actor, register, found),
        waits=waits,
    )


def _acts(actor: Actor, found: Entry, register: Register, row: Row) -> frozenset[str]:
    acts: set[str] = set()
    if row.is_kept:
        is_gone = found.state == Entry.State.WITHDRAWN
        papers = paper_states(found)
        if is_gone:
            acts = set() if papers else {"reopen"}
        else:
            acts = {"change", "attach"}
            if may_withdraw(actor, register, found) and "issued" not in papers:
                acts.add("withdraw")
        if found.state == Entry.State.OPEN:
            acts |= {"finish"} | ({"ask"} if found.due_on and not row.waits else set())
        if found.state == Entry.State.DONE:
            acts.add("reopen")
    if row.waits and can(actor, "register.extend"):
        acts.add("decide")
    is_unnumbered = register.has_series and found.serial is None and found.state != Entry.State.WITHDRAWN
    if is_unnumbered and can(actor, "register.number"):
        acts.add("number")
    return frozenset(acts)


def _extension(actor: Actor, each: Extension, row: Row) -> ExtensionRow:
    may_decide = (
        each.state == Extension.State.ASKED
        and row.state == Entry.State.OPEN
        and can(actor, "register.extend")
        and not actor.is_own(each.asked_by_id)
    )
    return ExtensionRow(
        id=each.pk,
        due_before=each.due_before,
        due_after=each.due_after,
        reason=each.reason,
        state=each.state,
        state_name=str(each.get_state_display()),
        asked_at=timezone.localtime(each.asked_at),
        asked_by=shown_name(actor, each.asked_by.full_name),
        decided_at=timezone.localtime(each.decided_at) if each.decided_at else None,
        decided_by=shown_name(actor, each.decided_by.full_name) if each.decided_by else "",
        document=each.document,
        answer=each.answer,
        may_decide=may_decide,
    )


def _linked(each: Entry, today: date) -> Linked:
    return Linked(each.pk, each.register, each.title, standing_of(each, today), each.due_on)


def _due(each: Entry, on: date) -> DueWork:
    return DueWork(
        id=each.pk,
        agency_id=each.agency_id,
        register=each.register,
        title=each.title,
        number=each.number,
        source=each.source,
        on=each.on,
        unit_id=each.unit_id,
        person_id=each.person_id,
        due_on=each.due_on or on,
        late_after=each.late_after or on,
        standing=standing_of(each, on),
    )


def extensions_waiting(actor: Actor, today: date) -> tuple[tuple[ExtensionRow, Row], ...]:
    """Return the later last days that wait for the actor's decision, oldest first, with their entries."""
    if not can(actor, "register.extend"):
        return ()
    asked = Extension.objects.filter(
        entry__agency_id=actor.agency_id, entry__state=Entry.State.OPEN, state=Extension.State.ASKED
    )
    found = []
    for each in asked.select_related("entry", "asked_by", "decided_by").order_by("asked_at"):
        register = REGISTERS[each.entry.register]
        row = _row(actor, each.entry, register, Names(), today, waits=True)
        found.append((_extension(actor, each, row), row))
    return tuple(found)
