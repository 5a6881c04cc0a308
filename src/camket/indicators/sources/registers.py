"""The office's registers as sources, one for each: sums of what its entries add, what counts once, people in post.

Everything is made from the register's definition and :data:`camket.core.registers.events.COUNTING`. Sums come from the
counts that every write keeps, never from entries; people who count once a year and people in post are few and read as
they are. A register tells of the days from its first entry on: from then on what there is is written down in it.

What is decided once a year (titles, grades, attendance, discipline) tells nothing of a year before its first entry of
it: that no title was conferred in March does not mean that none will be. Such a register gives its figures itself
(:class:`~camket.indicators.sources.door.GivesFigures`): from the beginning to each month's end, once there is something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Lock
from typing import NamedTuple

from django.db.models import Case, IntegerField, Min, Sum, Value, When

from camket.core.formulas import Formula, figure
from camket.core.messages import gettext_noop
from camket.core.plan import Period
from camket.core.registers import REGISTERS, Facts, Register
from camket.core.registers.definition import Choice as Word
from camket.core.registers.events import COUNTING, firsts
from camket.core.rollup import Cuts, Number, Stand, Stock, flows_needed, months_of, roll_up
from camket.core.tally import day_number, day_of
from camket.core.targets import Figure
from camket.core.wording.text import search_key
from camket.indicators.sources.door import (
    Choice,
    Count,
    Dimension,
    Filters,
    Found,
    Groups,
    Offered,
    Wanted,
    named,
)
from camket.journal.memory import Memory, Queries
from camket.journal.queries import newest_hash
from camket.org.models import Membership, Role, Unit
from camket.org.queries import units_named
from camket.org.queries.together import Rows
from camket.registers.models import Entry, EntryCount, ListItem

STAFF = "staff"
_STAFF_COUNT = Count(
    STAFF, gettext_noop("people in post at the end of the period"), Stand.END, has_rows=False
)
_STAFF_STOCK = Stock("staff_came", "staff_went")

_OUTSIDERS = (Role.VIEWER, Role.INSPECTOR, Role.ADMINISTRATOR)
"""Roles that alone make nobody one of an agency's people: who looks on from above, and who keeps the software."""

LISTED = frozenset(
    {
        "received", "due", "in_time", "early", "late", "not_done", "done", "open", "overdue", "overdue_before",
        "main_due", "main_in_time", "main_late", "issued", "secret", "electronic", "noted",
    }
)  # fmt: skip
"""Counts whose entries can be listed."""

_KEPT = 32


class Cell(NamedTuple):
    """What arose in one stretch of time, of one unit, kind and mark."""

    agency_id: int
    unit: int
    kind: str
    mark: str
    stretch: int
    what: str
    number: Number


_Key = tuple[int, int, str, str]
"""Agency, unit, kind and mark."""


class _Remembered:
    """The cells of all registers of the agencies last asked for, each while its journal stands.

    A plan asks many registers for the same periods: they are read together.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._cells: dict[tuple[int, str, tuple[int, ...]], dict[str, list[Cell]]] = {}

    def cells(self, agency_ids: Collection[int], register: str, cuts: Cuts, journal: str) -> list[Cell]:
        """Return a register's cells; of a single agency all registers' are read at once and remembered."""
        if len(agency_ids) != 1:
            return _read_cells(agency_ids, cuts, register).get(register, [])
        (agency_id,) = agency_ids
        key = agency_id, journal or newest_hash(agency_id), cuts.days
        known = self._cells.get(key)
        if known is None:
            known = _read_cells(agency_ids, cuts)
            with self._lock:
                while len(self._cells) >= _KEPT:
                    del self._cells[next(iter(self._cells))]
                self._cells[key] = known
        return known.get(register, [])

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._cells.clear()


def _read_cells(agency_ids: Collection[int], cuts: Cuts, register: str = "") -> dict[str, list[Cell]]:
    """Return the cells of all registers, or of one, by register; one SQL statement."""
    rows = EntryCount.objects.filter(agency_id__in=agency_ids, day__lt=cuts.days[-1])
    if register:
        rows = rows.filter(register=register)
    found: dict[str, list[Cell]] = defaultdict(list)
    for key, *cell in (
        rows.annotate(stretch=_stretch(cuts.days, 0, len(cuts.days)))
        .values_list("register", "agency_id", "unit_key", "kind", "mark", "stretch", "count")
        .annotate(Sum("number"))
        .order_by()
    ):
        found[key].append(Cell(*cell))
    return found


def _stretch(days: Sequence[int], low: int, high: int) -> Case | Value:
    """Return the expression of the stretch a day lies in: halved again and again, so that few comparisons tell it."""
    if low == high:
        return Value(low, output_field=IntegerField())
    middle = (low + high) // 2
    return Case(
        When(day__lt=days[middle], then=_stretch(days, low, middle)),
        default=_stretch(days, middle + 1, high),
        output_field=IntegerField(),
    )


class _First(NamedTuple):
    """The first day on which anything counts in a register of an agency."""

    agency_id: int
    register: str
    day: int


def _of_firsts(agency_ids: Collection[int]) -> Queries:
    counts = EntryCount.objects.filter(agency_id__in=agency_ids, number__gt=0)
    return [counts.values_list("agency_id", "register").annotate(Min("day")).order_by()]


def _firsts(rows: Rows) -> Iterator[_First]:
    return (_First(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class _Post:
    """Somebody's time among an agency's people, of one unit."""

    agency_id: int
    unit: int
    first: int
    last: int | None

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield that somebody came, and went on the day after the last."""
        yield self.first, _STAFF_STOCK.came, 1
        if self.last is not None:
            yield self.last + 1, _STAFF_STOCK.went, 1


def _of_posts(agency_ids: Collection[int]) -> Queries:
    return [
        Membership.objects.filter(agency_id__in=agency_ids)
        .exclude(role__in=_OUTSIDERS)
        .order_by("pk")
        .values_list("agency_id", "person_id", "unit_id", "valid_from", "valid_to")
    ]


def _posts(rows: Rows) -> Iterator[_Post]:
    """Yield each person's time in post, posts that follow or overlap taken together.

    Of the unit of the post entered first; a post without a first day was always held.
    """
    held: dict[tuple[int, int], list[tuple[int, int, int | None]]] = defaultdict(list)
    for agency_id, person_id, unit_id, start, end in rows:
        first, last = day_number(start or date(1970, 1, 1)), None if end is None else day_number(end)
        if last is None or last >= first:
            held[agency_id, person_id].append((unit_id or 0, first, last))
    for (agency_id, _person_id), spans in held.items():
        unit = next((unit for unit, _, _ in spans if unit), 0)
        whole: list[tuple[int, int | None]] = []
        for _, first, last in sorted(spans, key=lambda each: each[1]):
            if whole and (whole[-1][1] is None or first <= whole[-1][1] + 1):
                before = whole[-1][1]
                whole[-1] = whole[-1][0], None if before is None or last is None else max(before, last)
            else:
                whole.append((first, last))
        for first, last in whole:
            yield _Post(agency_id, unit, first, last)


@dataclass(frozen=True, slots=True)
class _Person:
    """That somebody, or a course, counts in a year: on the first day of it of which an entry says so."""

    agency_id: int
    register: str
    count: str
    day: int
    unit: int
    kind: str
    mark: str

    def events(self) -> Iterator[tuple[int, str, Number]]:
        """Yield the one thing it adds."""
        yield self.day, self.count, 1


def _of_people(agency_ids: Collection[int]) -> Queries:
    registers = [key for key, counting in COUNTING.items() if counting.once]
    return [
        Entry.objects.filter(agency_id__in=agency_ids, register__in=registers)
        .exclude(state=Entry.State.WITHDRAWN)
        .order_by("on", "pk")
        .values_list(
            "agency_id", "register", "on", "state", "year", "title", "kind", "outcome", "unit_id", "person_id", "ends_on",
            "done_on", "values",
        )
    ]  # fmt: skip


def _people(rows: Rows) -> Iterator[_Person]:
    """Yield who or what counts once a year in which register, of all registers that count so."""
    entries: dict[tuple[int, str], list[Facts]] = defaultdict(list)
    for (
        agency_id,
        register,
        on,
        state,
        year,
        title,
        kind,
        outcome,
        unit_id,
        person_id,
        ends_on,
        done_on,
        values,
    ) in rows:
        entries[agency_id, register].append(
            Facts(
                on=on,
                state=state,
                year=year,
                title=title,
                kind=kind,
                outcome=outcome,
                unit_id=unit_id or 0,
                person_id=person_id or 0,
                ends_on=ends_on,
                done_on=done_on,
                values=values,
            )
        )
    for (agency_id, register), some in entries.items():
        counting = COUNTING[register]
        for once in counting.once:
            for facts, day in firsts(some, once):
                yield _Person(
                    agency_id,
                    register,
                    once.key,
                    day_number(day),
                    facts.unit_id,
                    facts.kind,
                    counting.mark_of(facts),
                )


CELLS = _Remembered()
FIRSTS = Memory(_of_firsts, _firsts)
POSTS = Memory(_of_posts, _posts)
PEOPLE = Memory(_of_people, _people)


def begun(agency_ids: Collection[int], register: str, journal: str) -> Mapping[int, int]:
    """Return the first day on which anything counts in a register, by agency; those without any are left out."""
    rows = FIRSTS.rows(agency_ids, journal)
    return {each.agency_id: each.day for each in rows if each.register == register}


class RegisterSource:
    """What one register counts."""

    def __init__(self, definition: Register) -> None:
        self.definition = definition
        self.counting = COUNTING[definition.key]
        self.key = definition.key
        self.title = definition.title
        counts = [
            Count(
                each.key,
                each.label,
                (Stand.START if each.at_start else Stand.END) if each.came else Stand.FLOW,
                has_rows=each.key in LISTED and not definition.is_personal,
            )
            for each in definition.counts
        ]
        self.stocks: dict[str, Stock] = {
            each.key: Stock(each.came, each.went, Stand.START if each.at_start else Stand.END)
            for each in definition.counts
            if each.came
        }
        if self.counting.once:
            counts += [Count(each.key, each.label, has_rows=False) for each in self.counting.once]
            counts.append(_STAFF_COUNT)
            self.stocks[STAFF] = _STAFF_STOCK
        self.counts: Mapping[str, Count] = {each.key: each for each in counts}
        kinds = next((each for each in definition.fields if each.column == "kind"), None)
        self._words: dict[str, tuple[Word, ...]] = {"kind": () if kinds is None else kinds.choices}
        dimensions = [Dimension("unit", gettext_noop("unit"))]
        if kinds is not None:
            dimensions.append(Dimension("kind", kinds.label))
        if self.counting.mark:
            self._words["mark"] = next(
                (each.choices for each in definition.fields if each.key == self.counting.mark), ()
            )
            dimensions.append(Dimension("mark", definition.mark_label))
        self.dimensions: Mapping[str, Dimension] = {each.key: each for each in dimensions}

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the agency's units, and the words of the register; one SQL statement for units, one for an own list."""
        units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")

        def words(by: str) -> Iterable[Choice]:
            return self._named(agency_id, by).values()

        return Offered(
            unit=lambda: (Choice(search_key(name), name) for name in units.values_list("name", flat=True)),
            **{by: partial(words, by) for by in ("kind", "mark") if by in self.dimensions},
        )

    def word(self, dimension: str, word: str) -> str:
        """Return what a word of kind or mark is called (a message id); "" for none."""
        return next((each.name for each in self._words.get(dimension, ()) if each.word == word), "")

    def sums(
        self,
        agency_ids: Collection[int],
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        journal: str = "",
        *,
        today: date,
    ) -> Found:
        """Return the counts of each agency in each period; one SQL statement, three where people are counted."""
        return self.sums_together(agency_ids, periods, counts, [filters], journal, today=today)[0]

    def sums_together(
        self,
        agency_ids: Collection[int],
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Sequence[Filters],
        journal: str = "",
        *,
        today: date,
    ) -> list[Found]:
        """Return the counts under each of the filters; the statements of one, and one where units are filtered."""
        cuts = Cuts.of(periods)
        some = self._added(agency_ids, cuts, counts, journal)
        found: list[Found] = []
        for each in filters:
            is_left = self._narrowed(agency_ids, each)
            stretches: dict[int, dict[int, dict[str, Number]]] = defaultdict(
                lambda: defaultdict(lambda: defaultdict(int))
            )
            for cell in some:
                if is_left(cell):
                    stretches[cell.agency_id][cell.stretch][cell.what] += cell.number
            sums: Found = {}
            for agency_id in agency_ids:
                rolled = roll_up(cuts, stretches.get(agency_id, {}), periods, counts, self.stocks)
                sums.update({(agency_id, period): numbers for period, numbers in rolled.items()})
            found.append(sums)
        return found

    def groups(
        self,
        agency_id: int,
        periods: Sequence[Period],
        counts: Collection[str],
        filters: Filters,
        by: str,
        *,
        today: date,
    ) -> Groups:
        """Return the counts split by a dimension; the statements of the sums and one of the names."""
        if by not in self.dimensions:
            raise KeyError(by)
        cuts = Cuts.of(periods)
        is_left = self._narrowed([agency_id], filters)
        names = self._named(agency_id, by)
        stretches: dict[Choice, dict[int, dict[str, Number]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(int))
        )
        for cell in self._added([agency_id], cuts, counts, ""):
            if is_left(cell):
                key: int | str = cell.unit if by == "unit" else cell.kind if by == "kind" else cell.mark
                choice = names.get(key) or Choice(
                    str(key) if by != "unit" else "", str(key) if by != "unit" else ""
                )
                stretches[choice][cell.stretch][cell.what] += cell.number
        return named(
            (period, choice, numbers)
            for choice, each in stretches.items()
            for period, numbers in roll_up(cuts, each, periods, counts, self.stocks).items()
        )

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days from the first on which something counts; one SQL statement for all registers."""
        last = day_number(upto.end)
        return {
            agency_id: Period(max(day_of(first), upto.start), upto.end)
            for agency_id, first in begun(agency_ids, self.key, journal).items()
            if first <= last
        }

    def revision(self, agency_id: int) -> str:
        """Return the newest entry of the journal: no entry of a register changes without one."""
        return newest_hash(agency_id)

    def _named(self, agency_id: int, by: str) -> dict[int | str, Choice]:
        if by == "unit":
            units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk").values_list("pk", "name")
            return {pk: Choice(search_key(name), name) for pk, name in units}
        if by == "mark" and self.counting.mark == "item":
            items = ListItem.objects.filter(agency_id=agency_id, register=self.key).order_by("order", "pk")
            return {key: Choice(key, name) for key, name in items.values_list("key", "name")}
        return {each.word: Choice(each.word, each.name, is_message=True) for each in self._words[by]}

    def _narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[Cell], bool]:
        """Return what tells whether a cell is left by the filters; one SQL statement where units are."""
        unknown = set(filters) - set(self.dimensions)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
        kinds, marks = filters.get("kind"), filters.get("mark")
        return lambda cell: (
            (units is None or cell.unit in units)
            and (kinds is None or cell.kind in kinds)
            and (marks is None or cell.mark in marks)
        )

    def _added(
        self, agency_ids: Collection[int], cuts: Cuts, counts: Collection[str], journal: str
    ) -> list[Cell]:
        """Return all that adds to some counts: the cells that are kept, people counted once a year, people in post.

        Nothing where an agency has no entry of the register: then nothing more is read.
        """
        if not begun(agency_ids, self.key, journal):
            return []
        flows = frozenset(flows_needed(counts, self.stocks))
        cells = CELLS.cells(agency_ids, self.key, cuts, journal)
        found = [cell for cell in cells if cell.what in flows]
        if any(each.key in flows for each in self.counting.once):
            rows = (each for each in PEOPLE.rows(agency_ids, journal) if each.register == self.key)
            found += _cut(
                (((each.agency_id, each.unit, each.kind, each.mark), each.events()) for each in rows),
                cuts,
                flows,
            )
        if _STAFF_STOCK.came in flows:
            posts = POSTS.rows(agency_ids, journal)
            found += _cut(
                (((each.agency_id, each.unit, "", ""), each.events()) for each in posts), cuts, flows
            )
        return found


def _cut(
    rows: Iterable[tuple[_Key, Iterable[tuple[int, str, Number]]]], cuts: Cuts, flows: frozenset[str]
) -> Iterator[Cell]:
    """Yield events on days as cells of the stretches in which they lie."""
    for key, events in rows:
        for day, count, number in events:
            stretch = cuts.stretch(day) if count in flows else None
            if stretch is not None:
                yield Cell(*key, stretch, count, number)


class YearlySource(RegisterSource):
    """A register of what is decided or done once a year: it tells of a year from its first entry of it on."""

    def figures(
        self, wanted: Sequence[Wanted], journal: str = "", *, today: date
    ) -> list[tuple[Figure, ...]]:
        """Return of each formula what it was at each month's end since there is something; as :meth:`sums` reads it."""
        if not begun({each.agency_id for each in wanted}, self.key, journal):
            return [()] * len(wanted)
        together: dict[tuple[tuple[str, tuple[str, ...]], ...], list[int]] = defaultdict(list)
        for place, each in enumerate(wanted):
            filters = tuple(sorted((key, tuple(words)) for key, words in each.formula.filters.items()))
            together[filters].append(place)
        wholes = {
            span: [Period(span.start, month.end) for month in months_of(span.start, span.end, span.start)]
            for span in {each.span for each in wanted}
        }
        counts = {self.counting.tells, *self.counting.states.values()}
        counts |= {count for each in wanted for count in each.formula.counts}
        every = self.sums_together(
            {each.agency_id for each in wanted},
            list(dict.fromkeys(whole for some in wholes.values() for whole in some)),
            counts,
            [dict(filters) for filters in together],
            journal,
            today=today,
        )
        found: list[tuple[Figure, ...]] = [()] * len(wanted)
        for places, sums in zip(together.values(), every, strict=True):
            for place in places:
                each = wanted[place]
                found[place] = tuple(self._figures(each.agency_id, each.formula, wholes[each.span], sums))
        return found

    def _figures(
        self, agency_id: int, formula: Formula, wholes: Sequence[Period], sums: Found
    ) -> Iterator[Figure]:
        is_one = formula.denominator is None and len(formula.numerator) == 1
        state = self.counting.states.get(formula.numerator[0].count, "") if is_one else ""
        for whole in wholes:
            numbers = sums[agency_id, whole]
            if state and numbers[state]:
                yield Figure(whole, is_reached=bool(numbers[formula.numerator[0].count]))
            elif not state and numbers[self.counting.tells]:
                yield figure(formula, numbers, whole)


REGISTER_SOURCES: tuple[RegisterSource, ...] = tuple(
    (YearlySource if COUNTING[each.key].tells else RegisterSource)(each)
    for each in REGISTERS.values()
    if each.key not in ("figures", "assessments")
)
"""A source for each register whose entries are counted; figures and assessments are stated (:mod:`.stated`)."""
