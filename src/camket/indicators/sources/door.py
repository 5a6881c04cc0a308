"""What a source of counts is: the one door through which figures, pages and formulas see records of any kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar, runtime_checkable

from camket.core.formulas import Formula
from camket.core.plan import Period
from camket.core.rollup import Cuts, Number, Stand, Stock, add_up, flows_needed, roll_up
from camket.core.targets import Figure


class UnknownCount(LookupError):
    """A formula names a count or a dimension that its source does not have."""


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that a source counts; ``label`` is a message id, complete enough to stand in a formula.

    ``stand`` says whether it arises over a period or is how things stand at the period's end or beginning.
    ``has_rows``: the rows that make it up can be listed. ``by_month``: what arises in a month counts on its last day, so
    that single days say nothing.
    """

    key: str
    label: str
    stand: Stand = Stand.FLOW
    has_rows: bool = True
    by_month: bool = False

    @property
    def is_stock(self) -> bool:
        """Whether counts of consecutive periods do not add up, because it is how things stand."""
        return self.stand is not Stand.FLOW


@dataclass(frozen=True, slots=True)
class Dimension:
    """What rows of a source are told apart by; ``label`` is a message id."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a dimension: the word by which formulas filter, and its name, a message id where ``is_message``.

    What is not known has no word.
    """

    word: str
    name: str
    is_message: bool = False


class Offered(Mapping[str, tuple[Choice, ...]]):
    """What may be chosen of each dimension, read when it is first looked at: a formula narrows by one or two of them."""

    def __init__(self, **readers: Callable[[], Iterable[Choice]]) -> None:
        self._readers = readers
        self._read: dict[str, tuple[Choice, ...]] = {}

    def __getitem__(self, dimension: str) -> tuple[Choice, ...]:
        if dimension not in self._read:
            self._read[dimension] = tuple(self._readers[dimension]())
        return self._read[dimension]

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)


Filters = Mapping[str, Sequence[str]]
Found = dict[tuple[int, Period], dict[str, Number]]
Groups = dict[tuple[Period, Choice], dict[str, Number]]


class Source(Protocol):
    """Additive counts of records of one kind.

    What every source promises, and a test holds all of them to: a flow of a period is the sum of its days, wherever
    the period begins; a stock at the end of a year is that at the end of its last month; groups of a dimension add up
    to the whole, agencies to the province.
    """

    @property
    def key(self) -> str:
        """How formulas name it."""

    @property
    def title(self) -> str:
        """A message id: what its rows are."""

    @property
    def counts(self) -> Mapping[str, Count]:
        """What it counts, in the order in which pages offer it."""

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        """What its rows are told apart by."""

    def choices(self, agency_id: int) -> Mapping[str, tuple[Choice, ...]]:
        """Return what may be chosen of each dimension in an agency: :class:`Offered`, whose keys cost no statement."""

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
        """Return the counts of each agency in each period; zeros where there are no rows.

        ``journal`` is the newest entry's hash of the one agency asked for, where the caller knows it: it saves a
        statement where rows are remembered. ``today`` is the day on which it is looked: a source may keep to itself what
        is not to be shown yet, and none looks at the clock. A period that reaches beyond today counts what falls due by
        then as well.
        """

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
        """Return an agency's counts split by a dimension; what is not known has the word ""."""

    def reach(
        self, agency_ids: Collection[int], upto: Period, journal: str = "", *, today: date
    ) -> Mapping[int, Period]:
        """Return the days within ``upto`` that each agency's records tell of; an agency without records is left out."""

    def revision(self, agency_id: int) -> str:
        """Return what changes whenever a count of the agency may have changed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What figures are wanted of: a formula in an agency, from a span's first day to its last, not after today."""

    agency_id: int
    formula: Formula
    span: Period


@runtime_checkable
class GivesFigures(Protocol):
    """A source that says itself what a formula comes to, where sums over days would say too much or too little.

    A grade is no sum; and of what is decided once a year nothing is known before it is. Sums of such a source add up as
    those of any other; figures, verdicts and pages go by what it gives.
    """

    def figures(
        self, wanted: Sequence[Wanted], journal: str = "", *, today: date
    ) -> list[tuple[Figure, ...]]:
        """Return the figures of each, oldest first, each from its span's first day on; none where nothing is known."""


def given(
    source: Source, agency_id: int, formula: Formula, span: Period, journal: str = "", *, today: date
) -> tuple[Figure, ...] | None:
    """Return the figures that a source gives itself; None where it counts."""
    if not isinstance(source, GivesFigures):
        return None
    return source.figures([Wanted(agency_id, formula, span)], journal, today=today)[0]


def sums_together(
    source: Source,
    agency_ids: Collection[int],
    periods: Sequence[Period],
    counts: Collection[str],
    filters: Sequence[Filters],
    journal: str = "",
    *,
    today: date,
) -> list[Found]:
    """Return the counts under each of several filters; a source that can asks for all of them in one statement."""
    if isinstance(source, Together):
        return source.sums_together(agency_ids, periods, counts, filters, journal, today=today)
    return [source.sums(agency_ids, periods, counts, each, journal, today=today) for each in filters]


def checked(source: Source, formula: Formula) -> Formula:
    """Return the formula if the source has all that it names; raises UnknownCount."""
    strange = [count for count in formula.counts if count not in source.counts]
    strange += [key for key in formula.filters if key not in source.dimensions]
    if formula.source != source.key or strange:
        raise UnknownCount(", ".join(strange) or formula.source)
    return formula


Key = TypeVar("Key", bound=Hashable)


@runtime_checkable
class Together(Protocol):
    """A source that counts under several filters at once."""

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
        """Return the counts under each of the filters, in their order."""


def added_by_day(
    events: Iterable[tuple[Key, int, str, Number]],
    periods: Sequence[Period],
    counts: Collection[str],
    stocks: Mapping[str, Stock],
) -> dict[tuple[Key, Period], dict[str, Number]]:
    """Add events up for sources that have few rows: (key, day number, count, how many), in any order.

    What no event is of is left out of the result.
    """
    cuts = Cuts.of(periods)
    flows = frozenset(flows_needed(counts, stocks))
    stretches: dict[Key, dict[int, dict[str, Number]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for key, day, count, number in events:
        stretch = cuts.stretch(day) if count in flows else None
        if stretch is not None:
            stretches[key][stretch][count] += number
    return {
        (key, period): numbers
        for key, each in stretches.items()
        for period, numbers in roll_up(cuts, each, periods, counts, stocks).items()
    }


def added_by_agency(
    events: Iterable[tuple[int, int, str, Number]],
    agency_ids: Collection[int],
    periods: Sequence[Period],
    counts: Collection[str],
    stocks: Mapping[str, Stock],
) -> Found:
    """Add events up whose key is the agency; agencies and periods of which none is have zeros."""
    found = added_by_day(events, periods, counts, stocks)
    return {
        (agency_id, period): found.get((agency_id, period)) or dict.fromkeys(counts, 0)
        for agency_id in agency_ids
        for period in periods
    }


def named(found: Iterable[tuple[Period, Choice, Mapping[str, Number]]]) -> Groups:
    """Return groups by their choice; what has the same name is taken together, and what has nothing left out."""
    groups: Groups = {}
    for period, choice, numbers in found:
        if any(numbers.values()):
            known = groups.get((period, choice))
            groups[period, choice] = dict(numbers) if known is None else add_up([known, numbers])
    return groups
