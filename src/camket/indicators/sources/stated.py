"""What registers state and nobody counts: values of socio-economic figures, results of assessments and checks.

A figure or an assessment is one thing with entries of its own; what stands is its latest, of values of periods their
sum (:mod:`camket.core.registers.values`). Such a source gives figures itself, one for each day on which something was
entered, and says nothing before the first of the time that is looked at: what was not entered is not zero.

As every source it also adds up: a value is a stock that comes with its entry and goes with the next, or with the year.
Sums over several figures or agencies are sums of their values, whatever these are measured in.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from camket.core.formulas import Formula, figure
from camket.core.messages import gettext_noop
from camket.core.plan import Grade, Period
from camket.core.registers import register
from camket.core.registers.values import (
    Assessed,
    Entered,
    Item,
    assessed,
    assessment_figure,
    figure_of,
    item_of,
    standing,
    value_on,
    year_of,
)
from camket.core.rollup import Number, Stand, Stock
from camket.core.tally import day_number
from camket.core.targets import Figure
from camket.core.wording.text import fold, lower, search_key
from camket.indicators.sources.door import Choice, Count, Dimension, Filters, Offered, Wanted
from camket.indicators.sources.memory import CountedRow, FewRows
from camket.indicators.sources.registers import begun
from camket.journal.memory import Memory, Queries
from camket.org.models import Unit
from camket.org.queries import units_named
from camket.org.queries.together import Rows
from camket.registers.models import Entry, ListItem

_Event = tuple[int, str, Number]


def _stands(count: str, levels: Iterable[tuple[date, Number]]) -> Iterator[_Event]:
    """Yield a stock's comings and goings from what it stood at from which days on; each year begins at nothing.

    >>> list(_stands("value", [(date(2026, 3, 1), 5), (date(2026, 6, 1), 7)]))[1:3]
    [(20605, 'value_went', 5), (20605, 'value_came', 7)]
    """
    before: tuple[date, Number] | None = None
    for day, level in levels:
        if before is not None:
            gone = min(day, date(before[0].year + 1, 1, 1))
            yield day_number(gone), f"{count}_went", before[1]
        yield day_number(day), f"{count}_came", level
        before = day, level
    if before is not None:
        yield day_number(date(before[0].year + 1, 1, 1)), f"{count}_went", before[1]


def _stocks(counts: Iterable[Count]) -> dict[str, Stock]:
    return {
        each.key: Stock(f"{each.key}_came", f"{each.key}_went") for each in counts if each.stand is Stand.END
    }


class _Stated(FewRows[CountedRow]):
    """What both have in common: figures for the days on which something was entered."""

    key: str

    @abstractmethod
    def stated(self, rows: Sequence[CountedRow], formula: Formula, span: Period) -> tuple[Figure, ...] | None:
        """Return the figures of what stands of some rows; None where a formula counts and does not state."""

    @abstractmethod
    def days(self, row: CountedRow) -> Iterable[date]:
        """Return the days on which something of a row was entered."""

    def figures(
        self, wanted: Sequence[Wanted], journal: str = "", *, today: date
    ) -> list[tuple[Figure, ...]]:
        """Return the figures of each formula; the statements of reading the rows, and those of filters."""
        agency_ids = {each.agency_id for each in wanted}
        if not begun(agency_ids, self.key, journal):
            return [()] * len(wanted)
        rows: dict[int, list[CountedRow]] = defaultdict(list)
        for row in self.memory.rows(agency_ids, journal):
            rows[row.agency_id].append(row)
        found: list[tuple[Figure, ...]] = []
        for each in wanted:
            is_left = self.narrowed(agency_ids, each.formula.filters)
            left = [row for row in rows[each.agency_id] if is_left(row)]
            figures = self.stated(left, each.formula, each.span)
            found.append(self._added(left, each) if figures is None else figures)
        return found

    def _added(self, rows: Sequence[CountedRow], wanted: Wanted) -> tuple[Figure, ...]:
        """Return what a formula of several counts gives at the end of each day on which something was entered."""
        span, formula = wanted.span, wanted.formula
        days = sorted({day for row in rows for day in self.days(row) if span.start <= day <= span.end})
        found = []
        for day in days:
            sums: dict[str, Number] = defaultdict(int)
            last = day_number(day)
            for row in rows:
                for on, count, number in row.events():
                    stock = next(
                        (key for key, stock in self.stocks.items() if count in (stock.came, stock.went)), None
                    )
                    if stock is not None and on <= last:
                        sums[stock] += number if count == self.stocks[stock].came else -number
                    elif stock is None and day_number(span.start) <= on <= last:
                        sums[count] += number
            found.append(figure(formula, sums, Period(span.start, day)))
        return tuple(found)

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days from the first entry to the last."""
        found: dict[int, list[date]] = defaultdict(list)
        for row in self.memory.rows(agency_ids, journal):
            found[row.agency_id] += [day for day in self.days(row) if upto.start <= day <= upto.end]
        return {agency_id: Period(min(days), max(days)) for agency_id, days in found.items() if days}


def _is_one(formula: Formula, count: str) -> bool:
    """Return whether a formula is just one count."""
    terms = formula.numerator
    return formula.denominator is None and len(terms) == 1 and (terms[0].count, terms[0].times) == (count, 1)


def _is_share(formula: Formula, part: str, whole: str) -> bool:
    """Return whether a formula is one count over another."""
    terms = [*formula.numerator, *(formula.denominator or ())]
    return [(each.count, each.times) for each in terms] == [(part, 1), (whole, 1)]


_FIGURE_COUNTS = (
    Count("value", gettext_noop("value of the figure at the end of the period"), Stand.END),
    Count("met", gettext_noop("figures that keep the year's plan at the end of the period"), Stand.END),
    Count("planned", gettext_noop("figures with a plan of the year at the end of the period"), Stand.END),
    Count("noted", gettext_noop("values of figures entered")),
)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of an agency's own list with its values; ``is_judged``: it is among those of which so many are to be met."""

    agency_id: int
    unit_id: int
    order: int
    item: Item
    entries: tuple[Entered, ...]
    is_judged: bool

    def events(self) -> Iterator[_Event]:
        """Yield what its values add: value and plan as they stand, values entered."""
        for entered in self.entries:
            yield day_number(entered.on), "noted", 1
        values: list[tuple[date, Number]] = []
        met: list[tuple[date, Number]] = []
        for day in sorted({each.on for each in self.entries}):
            span = Period(date(day.year, 1, 1), day)
            found = standing(self.item, self.entries, span)
            if found is not None:
                values.append((day, _whole(found.value)))
                met.append((day, int(bool(found.is_met) and self.is_judged)))
        yield from _stands("value", values)
        yield from _stands("met", met)
        if self.is_judged:
            yield from _stands("planned", [(date(year, 1, 1), 1) for year in sorted(self.years())])

    def years(self) -> set[int]:
        """Return the years of which it is asked whether its plan is kept."""
        plans = set(self.item.plans or {})
        return plans | {each.on.year for each in self.entries if self.item.is_state or each.plan is not None}


class _Figures(_Stated[FigureRow]):
    key = "figures"
    title = gettext_noop("Socio-economic figures")
    counts: Mapping[str, Count] = {each.key: each for each in _FIGURE_COUNTS}
    dimensions: Mapping[str, Dimension] = {
        "item": Dimension("item", gettext_noop("figure")),
        "measure": Dimension("measure", gettext_noop("measured in")),
        "unit": Dimension("unit", gettext_noop("unit")),
    }

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the agency's figures, what they are measured in, and units; one SQL statement each."""
        items = ListItem.objects.filter(agency_id=agency_id, register=self.key).order_by("order", "pk")
        units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")

        def measures() -> Iterable[Choice]:
            words = [_measure(each or "") for each in items.values_list("values__measure", flat=True)]
            return {word: Choice(word, word) for word in words if word}.values()

        return Offered(
            item=lambda: (
                Choice(search_key(row.item.name), row.item.name) for row in self.memory.rows([agency_id])
            ),
            measure=measures,
            unit=lambda: (Choice(search_key(name), name) for name in units.values_list("name", flat=True)),
        )

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[FigureRow], bool]:
        """Keep the figures and units whose name holds a word of the filters; one SQL statement where units are."""
        units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
        wanted = [search_key(word) for word in filters["item"]] if "item" in filters else None
        measures = {_measure(word) for word in filters["measure"]} if "measure" in filters else None
        return lambda row: (
            (units is None or row.unit_id in units)
            and (wanted is None or any(word in search_key(row.item.name) for word in wanted))
            and (measures is None or _measure(row.item.measure) in measures)
        )

    def told_apart(self, agency_id: int, rows: Sequence[FigureRow], by: str) -> Callable[[FigureRow], Choice]:
        """Tell them apart by figure, or by unit with one SQL statement."""
        if by not in self.dimensions:
            raise KeyError(by)
        if by == "item":
            return lambda row: Choice(search_key(row.item.name), row.item.name)
        if by == "measure":
            return lambda row: Choice(_measure(row.item.measure), _measure(row.item.measure))
        return _units(agency_id)

    def days(self, row: FigureRow) -> Iterable[date]:
        """Return the days of its values."""
        return (each.on for each in row.entries)

    def stated(self, rows: Sequence[FigureRow], formula: Formula, span: Period) -> tuple[Figure, ...] | None:
        """Return a figure's values, or how many of the figures keep their plan; nothing where several are meant."""
        if _is_share(formula, "met", "planned"):
            return tuple(_met(rows, span))
        if not _is_one(formula, "value"):
            return None
        filled = [row for row in rows if any(span.start <= each.on <= span.end for each in row.entries)]
        named = {search_key(word) for word in formula.filters.get("item", ())}
        filled = [row for row in filled if search_key(row.item.name) in named] or filled
        if len(filled) != 1:
            return ()
        (row,) = filled
        days = sorted({each.on for each in row.entries if span.start <= each.on <= span.end})
        found = (value_on(row.item, row.entries, Period(span.start, day)) for day in days)
        return tuple(figure_of(row.item, each, span) for each in found if each is not None)


def _measure(text: str) -> str:
    """Return a unit of measure as it is compared: figures are not converted, so that “tỷ đồng” is not “triệu đồng”."""
    return " ".join(lower(fold(text)).replace("/", " / ").split()).replace(" / ", "/")


def _met(rows: Sequence[FigureRow], span: Period) -> Iterator[Figure]:
    """Yield how many figures kept their plan of those with one, for each day on which a value was entered."""
    year = year_of(span)
    judged = [row for row in rows if row.is_judged and year in row.years()]
    days = {each.on for row in judged for each in row.entries if span.start <= each.on <= span.end}
    for day in sorted(days):
        upto = Period(span.start, day)
        kept = [standing(row.item, row.entries, upto) for row in judged]
        met = sum(1 for each in kept if each is not None and each.is_met)
        yield Figure(upto, Decimal(met), Decimal(len(judged)))


def _of_figures(agency_ids: Collection[int]) -> Queries:
    """Return what figures are made of: their values, and their list."""
    return [
        Entry.objects.filter(
            agency_id__in=agency_ids, register="figures", item__isnull=False, amount__isnull=False
        )
        .exclude(state=Entry.State.WITHDRAWN)
        .order_by("on", "pk")
        .values_list("pk", "item_id", "on", "kind", "amount", "planned", "values"),
        ListItem.objects.filter(agency_id__in=agency_ids, register="figures")
        .order_by("agency_id", "order", "pk")
        .values_list("agency_id", "pk", "unit_id", "order", "key", "name", "values"),
    ]


def _figures(entered: Rows, items: Rows) -> Iterator[FigureRow]:
    """Yield the figures of agencies with their values."""
    entries: dict[int, list[Entered]] = defaultdict(list)
    before: dict[int, list[Entered]] = defaultdict(list)
    years: set[int] = set()
    for pk, item_id, on, kind, amount, plan, noted in entered:
        last_year = noted.get("last_year")
        entries[item_id].append(Entered(pk, on, kind, amount or Decimal(0), plan))
        years |= {on.year, on.year + 1}
        if last_year and kind == "year":
            then = Entered(pk, on - relativedelta(years=1), kind, Decimal(str(last_year)))
            before[item_id].append(then)
    for item_id, some in before.items():
        # What was noted beside a year's value stands for the year before where that year has none of its own.
        known = {each.on.year for each in entries[item_id]}
        entries[item_id] = sorted(
            [*entries[item_id], *(each for each in some if each.on.year not in known)],
            key=lambda each: each.on,
        )
    listed: dict[int, list[tuple[int, int, int, str, str, dict[str, object]]]] = defaultdict(list)
    for agency_id, pk, unit_id, order, key, name, values in items:
        listed[agency_id].append((pk, unit_id or 0, order, key, name, values))
    for agency_id, of_agency in listed.items():
        # An agency that marks none as chief targets is judged by all of them.
        has_main = any(values.get("is_main") for *_, values in of_agency)
        for pk, unit_id, order, key, name, values in of_agency:
            item = item_of(key, name, values, years)
            is_judged = item.is_main or not has_main
            yield FigureRow(agency_id, unit_id, order, item, tuple(entries.get(pk, ())), is_judged)


_ASSESSMENT_COUNTS = (
    Count("grade", gettext_noop("grade of the assessment (0 weak to 4 excellent)"), Stand.END),
    Count("rank", gettext_noop("rank in the assessment"), Stand.END),
    Count("points", gettext_noop("points of the assessment"), Stand.END),
    Count("out_of", gettext_noop("points that were to be had in the assessment"), Stand.END),
    Count("reached", gettext_noop("assessments whose requirements are met"), Stand.END),
    Count("right", gettext_noop("what checks found right")),
    Count("checked", gettext_noop("what was checked")),
    Count("noted", gettext_noop("assessments noted")),
)


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """All assessments of one kind of an agency that one unit follows."""

    agency_id: int
    unit_id: int
    kind: str
    entries: tuple[Assessed, ...]

    def events(self) -> Iterator[_Event]:
        """Yield what they add: the latest of each kind of result as it stands, checks as they were made."""
        for each in self.entries:
            yield day_number(each.on), "noted", 1
            if each.points is not None and each.out_of is not None:
                yield day_number(each.on), "right", _whole(each.points)
                yield day_number(each.on), "checked", _whole(each.out_of)
        grades = list(Grade)
        levels: dict[str, dict[date, Number]] = {key: {} for key in _LEVELS}
        for each in self.entries:
            if each.grade is not None:
                levels["grade"][each.on] = grades.index(each.grade)
            if each.rank is not None:
                levels["rank"][each.on] = each.rank
            if each.points is not None:
                levels["points"][each.on] = _whole(each.points)
            if each.out_of is not None:
                levels["out_of"][each.on] = _whole(each.out_of)
            if each.is_reached is not None:
                levels["reached"][each.on] = int(each.is_reached)
        for count, known in levels.items():
            yield from _stands(count, sorted(known.items()))


_LEVELS = ("grade", "rank", "points", "out_of", "reached")


class _Assessments(_Stated[AssessmentRow]):
    key = "assessments"
    title = gettext_noop("Outside assessments and checks")
    counts: Mapping[str, Count] = {each.key: each for each in _ASSESSMENT_COUNTS}
    dimensions: Mapping[str, Dimension] = {
        "kind": Dimension("kind", gettext_noop("assessment")),
        "unit": Dimension("unit", gettext_noop("unit")),
    }

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return the kinds of assessment and the agency's units; one SQL statement."""
        units = Unit.objects.filter(agency_id=agency_id).order_by("order", "pk")
        return {
            "kind": tuple(_KINDS.values()),
            "unit": tuple(Choice(search_key(name), name) for name in units.values_list("name", flat=True)),
        }

    def narrowed(self, agency_ids: Collection[int], filters: Filters) -> Callable[[AssessmentRow], bool]:
        """Keep the kinds and units of the filters; one SQL statement where units are."""
        units = frozenset(units_named(agency_ids, filters["unit"])) if "unit" in filters else None
        kinds = filters.get("kind")
        return lambda row: (units is None or row.unit_id in units) and (kinds is None or row.kind in kinds)

    def told_apart(
        self, agency_id: int, rows: Sequence[AssessmentRow], by: str
    ) -> Callable[[AssessmentRow], Choice]:
        """Tell them apart by kind, or by unit with one SQL statement."""
        if by not in self.dimensions:
            raise KeyError(by)
        if by == "kind":
            return lambda row: _KINDS.get(row.kind, Choice(row.kind, row.kind))
        return _units(agency_id)

    def days(self, row: AssessmentRow) -> Iterable[date]:
        """Return the days of its assessments."""
        return (each.on for each in row.entries)

    def stated(
        self, rows: Sequence[AssessmentRow], formula: Formula, span: Period
    ) -> tuple[Figure, ...] | None:
        """Return grades, ranks, points, states and shares as assessments gave them, of all kinds that are named."""
        what = _what(formula)
        if what is None:
            return None
        kinds = formula.filters.get("kind") or tuple({row.kind for row in rows})
        some = [each for row in rows for each in row.entries]
        days = sorted({each.on for each in some if span.start <= each.on <= span.end})
        found = (assessment_figure(what, kinds, some, Period(span.start, day)) for day in days)
        return tuple(each for each in found if each is not None)


def _what(formula: Formula) -> str | None:
    for what in ("grade", "rank", "points", "reached"):
        if _is_one(formula, what):
            return what
    if _is_share(formula, "points", "out_of"):
        return "share"
    return "found" if _is_share(formula, "right", "checked") else None


_KINDS = {
    each.word: Choice(each.word, each.name, is_message=True)
    for each in register("assessments").field("kind").choices
}


def _of_assessments(agency_ids: Collection[int]) -> Queries:
    return [
        Entry.objects.filter(agency_id__in=agency_ids, register="assessments")
        .exclude(state=Entry.State.WITHDRAWN)
        .order_by("on", "pk")
        .values_list(
            "pk", "agency_id", "unit_id", "kind", "on", "year", "outcome", "amount", "planned", "values"
        )
    ]


def _assessments(rows: Rows) -> Iterator[AssessmentRow]:
    """Yield the assessments of agencies by kind."""
    found: dict[tuple[int, int, str], list[Assessed]] = defaultdict(list)
    for pk, agency_id, unit_id, kind, on, year, outcome, amount, of, values in rows:
        found[agency_id, unit_id or 0, kind].append(assessed(pk, kind, on, year, outcome, amount, of, values))
    for (agency_id, unit_id, kind), some in found.items():
        yield AssessmentRow(agency_id, unit_id, kind, tuple(some))


def _units(agency_id: int) -> Callable[[FigureRow | AssessmentRow], Choice]:
    names = dict(Unit.objects.filter(agency_id=agency_id).values_list("pk", "name"))

    def unit(row: FigureRow | AssessmentRow) -> Choice:
        name = names.get(row.unit_id, "")
        return Choice(search_key(name), name)

    return unit


def _whole(number: Decimal) -> Number:
    """Return a number as a whole one where it is one, so that it is shown and added as such."""
    return int(number) if number == number.to_integral_value() else number


FIGURE_ROWS = Memory(_of_figures, _figures)
ASSESSMENT_ROWS = Memory(_of_assessments, _assessments)
FIGURES = _Figures(FIGURE_ROWS, _stocks(_FIGURE_COUNTS))
ASSESSMENTS = _Assessments(ASSESSMENT_ROWS, _stocks(_ASSESSMENT_COUNTS))
