"""What values of figures and results of assessments come to: pure, from the entries of one figure or assessment.

A value is meant since the year's first day, of its period alone, or as things stand on its day; what stands is its
latest since the beginning of the time that is looked at, of values of periods their sum. Nothing is converted or rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from camket.core.periods import same_last_year
from camket.core.plan import Grade, Period, Target, TargetKind
from camket.core.registers.events import within_year
from camket.core.registers.fields import MONTHS
from camket.core.registers.outside import AS_OF, OF_PERIOD, Planned, planned
from camket.core.targets import Figure, Verdict, cover, judge, stands

REACHED = "reached"
"""Direction of a figure that is reached (1) or not (0)."""


@dataclass(frozen=True, slots=True)
class Entered:
    """One value of a figure: as of a day, of the period named by ``kind``; ``entry_id`` says where it stands."""

    entry_id: int
    on: date
    kind: str
    amount: Decimal
    plan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A figure of an agency's own list: how its values are meant, what is good, and the plan of each year."""

    key: str
    name: str
    measure: str = ""
    counting: str = ""
    direction: str = ""
    plans: Mapping[int, Planned] | None = None
    is_main: bool = False

    @property
    def is_state(self) -> bool:
        """Whether it is reached or not, and no quantity."""
        return self.direction == REACHED


@dataclass(frozen=True, slots=True)
class Standing:
    """What a figure came to on a day, and whether that keeps the plan; None where the year has no plan."""

    item: Item
    on: date
    value: Decimal
    plan: Planned | None
    is_met: bool | None
    entry_id: int


def item_of(key: str, name: str, values: Mapping[str, object], years: Iterable[int]) -> Item:
    """Return a line of the own list as a figure, with its plans of some years."""
    plans = {year: plan for year in years if (plan := planned(values, year)) is not None}
    return Item(
        key,
        name,
        str(values.get("measure") or ""),
        str(values.get("counting") or ""),
        str(values.get("direction") or ""),
        plans,
        is_main=bool(values.get("is_main")),
    )


def value_on(item: Item, entries: Sequence[Entered], span: Period) -> Entered | None:
    """Return what a figure came to at the end of some days: its latest value, of values of periods their sum.

    Values of overlapping periods are not added: a quarter's stands for those of its months (:func:`camket.core.targets.cover`).
    None where nothing was entered of these days.

    >>> figure = Item("roads", "Đường", counting=OF_PERIOD)
    >>> some = [Entered(n, date(2026, 3 * n, 30 + n % 2), "quarter", Decimal("0.7")) for n in (1, 2)]
    >>> value_on(figure, some, Period(date(2026, 1, 1), date(2026, 6, 30))).amount
    Decimal('1.4')
    """
    inside = _inside(entries, span)
    if not inside:
        return None
    return replace(inside[-1], amount=sum((each.amount for each in _parts(item, inside)), Decimal(0)))


def value_last_year(item: Item, entries: Sequence[Entered], span: Period) -> Entered | None:
    """Return what a figure came to at the end of the same days of the year before.

    What grows over the year is compared with the same month alone: where that was not entered there is nothing, for
    June is not measured by March. What stands as of a day stands until it is entered anew.
    """
    before = same_last_year(span)
    found = value_on(item, entries, before)
    if found is None or item.counting == AS_OF:
        return found
    is_same_month = (found.on.year, found.on.month) == (before.end.year, before.end.month)
    return found if is_same_month else None


def noted_last_year(
    item: Item, entries: Sequence[Entered], noted: Mapping[int, Decimal], span: Period
) -> Decimal | None:
    """Return what was noted beside the values of some days as that of the same days of the year before.

    ``noted`` is by entry. Of values of periods it is the sum; None where beside one of them nothing was noted.

    >>> figure = Item("roads", "Đường", counting=OF_PERIOD)
    >>> some = [Entered(n, date(2026, 3 * n, 30 + n % 2), "quarter", Decimal("0.7")) for n in (1, 2)]
    >>> noted_last_year(figure, some, {1: Decimal("0.4"), 2: Decimal("0.5")}, Period(date(2026, 1, 1), date(2026, 6, 30)))
    Decimal('0.9')
    """
    parts = _parts(item, _inside(entries, span))
    said = [noted[each.entry_id] for each in parts if each.entry_id in noted]
    return sum(said, Decimal(0)) if said and len(said) == len(parts) else None


def _inside(entries: Sequence[Entered], span: Period) -> list[Entered]:
    return sorted((each for each in entries if span.start <= each.on <= span.end), key=_order)


def _parts(item: Item, inside: Sequence[Entered]) -> list[Entered]:
    """Return the values that a figure's is made of: the latest one, of values of periods those that are added."""
    if item.counting != OF_PERIOD:
        return list(inside[-1:])
    figures = {Figure(_days(each), value=each.amount, key=each.entry_id): each for each in inside}
    return [figures[figure] for figure in cover(figures)]


def _days(entered: Entered) -> Period:
    """Return the days that a value of a period is of: so many months up to its day."""
    end = entered.on + timedelta(days=1)
    return Period(end - relativedelta(months=MONTHS.get(entered.kind, 1)), entered.on)


def _order(entered: Entered) -> tuple[date, int, int]:
    """Order by day; of one day the value of the longest stretch last, for it says the most."""
    return entered.on, MONTHS.get(entered.kind, 0), entered.entry_id


def year_of(span: Period) -> int:
    """Return the year whose plans are meant: a year may begin in mid-December of the one before (15/12 to 14/12).

    >>> year_of(Period(date(2025, 12, 15), date(2026, 12, 14)))
    2026
    """
    return (span.start + timedelta(days=20)).year


def target_of(item: Item, plan: Planned | None) -> Target | None:
    """Return what a year's plan asks of a figure as a target; None without a plan, and for what has no direction.

    >>> target_of(Item("poverty", "Hộ nghèo", "%", direction="lower"), Planned(Decimal("1.5"))).kind.value
    'at_most'
    """
    if item.is_state:
        return Target(item.name, TargetKind.ACHIEVED)
    if plan is None:
        return None
    unit = item.measure or None
    if plan.high is not None:
        return Target(item.name, TargetKind.BETWEEN, plan.low, plan.high, unit)
    if item.direction == "within":
        return Target(item.name, TargetKind.BETWEEN, plan.low, plan.low, unit)
    kind = TargetKind.AT_MOST if item.direction == "lower" else TargetKind.AT_LEAST
    return Target(item.name, kind, plan.low, None, unit)


def figure_of(item: Item, entered: Entered, span: Period) -> Figure:
    """Return a value as the figure of the days from the span's beginning to its own."""
    period = Period(span.start, entered.on)
    if item.is_state:
        return Figure(period, is_reached=entered.amount >= 1)
    return Figure(period, value=entered.amount)


def standing(item: Item, entries: Sequence[Entered], span: Period) -> Standing | None:
    """Return how a figure stands at the end of some days against the year's plan; None where nothing was entered.

    The plan is that of the year in the own list, else the one entered with the value. Whether it is kept is judged as
    targets are (:func:`camket.core.targets.stands`): "43–45" holds both ends. Better than a range that is good to leave
    upwards (or downwards) is no failure.
    """
    found = value_on(item, entries, span)
    if found is None:
        return None
    plan = (item.plans or {}).get(year_of(span))
    if plan is None and found.plan is not None:
        plan = Planned(found.plan)
    target = target_of(item, plan)
    if target is None:
        return Standing(item, found.on, found.amount, None, None, found.entry_id)
    is_met = found.amount >= 1 if item.is_state else _holds(item, target, found, span)
    return Standing(item, found.on, found.amount, plan, is_met, found.entry_id)


def _holds(item: Item, target: Target, found: Entered, span: Period) -> bool:
    verdict: Verdict = judge(
        target, [Figure(Period(span.start, found.on), value=found.amount)], on=found.on, period=span
    )
    if stands(verdict, target, found.amount):
        return True
    if target.kind is not TargetKind.BETWEEN or verdict.low is None or verdict.high is None:
        return False
    is_better_above = item.direction == "higher" and found.amount > verdict.high
    return is_better_above or (item.direction == "lower" and found.amount < verdict.low)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment or check: a grade, a rank of how many, points of how many, passed or not.

    ``on`` is the day to which it belongs: what is made known after the year that was assessed belongs to its last day.
    """

    entry_id: int
    kind: str
    on: date
    grade: Grade | None = None
    rank: int | None = None
    rank_of: int | None = None
    points: Decimal | None = None
    out_of: Decimal | None = None
    is_reached: bool | None = None


def assessed(
    entry_id: int,
    kind: str,
    on: date,
    year: int,
    outcome: str,
    amount: Decimal | None,
    of: Decimal | None,
    values: Mapping[str, object],
) -> Assessed:
    """Return an entry of the register of assessments as what it says."""
    rank, rank_of = values.get("rank"), values.get("out_of")
    return Assessed(
        entry_id,
        kind,
        within_year(on, year),
        Grade(outcome) if outcome in set(Grade) else None,
        rank if isinstance(rank, int) else None,
        rank_of if isinstance(rank_of, int) else None,
        amount,
        of,
        {"passed": True, "failed": False}.get(outcome),
    )


def assessment_figure(
    what: str, kinds: Sequence[str], some: Sequence[Assessed], span: Period
) -> Figure | None:
    """Return what assessments of some kinds came to at the end of some days; None where one of the kinds is missing.

    ``what`` is grade, rank, points, share (points of how many), reached or found (of checks: how many were right of those
    checked, all checks of the time together). Of several kinds the worst grade or rank counts, and all must be reached.
    """
    latest: dict[str, Assessed] = {}
    inside = [
        each
        for each in some
        if each.kind in kinds and span.start <= each.on <= span.end and _says(each, what)
    ]
    for each in sorted(inside, key=lambda one: (one.on, one.entry_id)):
        latest[each.kind] = each
    if not latest or set(latest) != set(kinds):
        return None
    found = tuple(latest.values())
    period = Period(span.start, max(each.on for each in found))
    match what:
        case "grade":
            grades = [each.grade for each in found if each.grade is not None]
            return Figure(period, grade=min(grades, key=list(Grade).index))
        case "rank":
            worst = max(found, key=lambda each: each.rank or 0)
            return Figure(period, rank=worst.rank, rank_of=worst.rank_of)
        case "reached":
            return Figure(period, is_reached=all(each.is_reached for each in found))
        case "found":
            right = sum((each.points or Decimal(0) for each in inside), Decimal(0))
            checked = sum((each.out_of or Decimal(0) for each in inside), Decimal(0))
            return Figure(period, right, checked, nothing_arose=checked == 0)
        case _:
            points = sum((each.points or Decimal(0) for each in found), Decimal(0))
            if what == "points":
                return Figure(period, value=points)
            return Figure(period, points, sum((each.out_of or Decimal(0) for each in found), Decimal(0)))


def _says(each: Assessed, what: str) -> bool:
    match what:
        case "grade":
            return each.grade is not None
        case "rank":
            return each.rank is not None
        case "reached":
            return each.is_reached is not None
        case "points":
            return each.points is not None
        case _:
            return each.points is not None and each.out_of is not None
