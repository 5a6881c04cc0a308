"""The allowance of a share of cases: how many failures the period bears, how fast they are spent, how it will end.

Pure and exact: fractions throughout, no database, no clock. docs/reference/algorithms/allowance.md has the rules
with worked examples, which are the tests' data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from camket.core.calendar import WorkingCalendar
from camket.core.exact import ceil, floor, rounded, with_unit
from camket.core.messages import Message, gettext_noop
from camket.core.periods import same_last_year
from camket.core.plan import Period
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number

__all__ = [
    "FAST_BURN",
    "LEVEL",
    "Allowance",
    "Basis",
    "Burn",
    "Cases",
    "Odds",
    "Pace",
    "Spread",
    "Standing",
    "Step",
    "Window",
    "explained",
    "reckon",
    "seasonal",
    "volume_in_words",
]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of last days that is watched: how many times the sustainable pace alarms, from how many failures on."""

    days: int
    times: Fraction
    failures: int


FAST_BURN = (Window(28, Fraction(2), 3), Window(7, Fraction(2), 1))
"""A pace is alarming where it is in both windows: the long one keeps out chance, the short one what is over already."""

LEVEL = Fraction(9, 10)
"""Part of all outcomes that a forecast's interval holds; half of the rest lies on each side."""

SCALED_AFTER = 28
"""Days of this period that figures must cover before last year's volume is scaled by this year's pace."""
COMPARABLE = (Fraction(1, 3), Fraction(3))
"""Pace against last year beyond which last year's records are taken for incomplete and are left out."""
FORESEEN_FROM = 30
"""Cases seen from which on an interval is given; fewer say too little."""


class Basis(StrEnum):
    """Where the expected volume comes from."""

    GIVEN = "given"
    LAST_YEAR = "last_year"
    LAST_YEAR_SCALED = "last_year_scaled"
    STRETCHED = "stretched"


class Standing(StrEnum):
    """How an allowance stands."""

    BROKEN = "broken"  # a target that bears no failure at all, and one happened
    OVERSPENT = "overspent"
    AHEAD = "ahead"  # more spent than by now may be
    FAST = "fast"  # within what may be spent, but burning fast of late
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Step:
    """What came in a stretch of days: of so many cases those that the numerator counts; or an amount, without cases."""

    period: Period
    numerator: Decimal
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How a target's cases came in: stretches of days without overlap, oldest first, by day or by month.

    ``steps`` are of this period so far; the last days by day, so that windows can be told. ``last_year`` is the same
    period a year earlier, whole. ``calendar`` says on which days cases are finished.
    """

    steps: tuple[Step, ...] = ()
    last_year: tuple[Step, ...] = ()
    calendar: WorkingCalendar | None = None


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases seen and failed, the part of all that may fail, and whether the limit itself is a failure already."""

    seen: Fraction
    failed: Fraction
    borne: Fraction
    is_strict: bool = False
    is_ceiling: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether cases are counted one by one."""
        return self.seen.denominator == 1 and self.failed.denominator == 1

    def bears(self, volume: Fraction) -> Fraction:
        """Return how many failures a volume bears."""
        allowed = volume * self.borne
        if self.is_whole:
            allowed = Fraction(ceil(allowed) - 1 if self.is_strict else floor(allowed))
        return max(allowed, Fraction())


@dataclass(frozen=True, slots=True)
class Burn:
    """How fast the allowance was spent in the last ``days``: a rate of 1 spends exactly all of it by the end."""

    days: int
    seen: Decimal
    failed: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Allowance:
    """The error budget of a target for its whole period: how many failures it bears, and how many are spent.

    ``expected`` is the volume of the whole period, from ``basis``; ``by_now`` the part of ``allowed`` that may be spent
    so far, ``forecast`` what will be spent at this pace. ``last_year`` and ``last_year_by_now`` are last year's volume,
    whole and up to the same day, where the basis is last year. ``burn`` is the share of the allowance spent over the
    share of the volume seen (None where nothing is allowed); ``windows`` the same of the last days, ``is_fast`` whether
    they alarm. ``runs_out_on`` is the day on which the allowance is overspent at the present pace; None where it is not
    within the period, or is already.
    """

    expected: Decimal
    is_estimate: bool
    allowed: Decimal
    spent: Decimal
    left: Decimal
    by_now: Decimal
    forecast: Decimal
    seen: Decimal = Decimal(0)
    basis: Basis = Basis.STRETCHED
    last_year: Decimal | None = None
    last_year_by_now: Decimal | None = None
    burn: Decimal | None = None
    windows: tuple[Burn, ...] = ()
    is_fast: bool = False
    runs_out_on: date | None = None
    standing: Standing = Standing.WITHIN


def reckon(
    cases: Cases, *, span: Period, upto: date, expected: Decimal | None = None, pace: Pace | None = None
) -> Allowance:
    """Return the allowance of a share of cases for the whole of ``span``, as figures up to ``upto`` say.

    ``expected`` is the volume that a person set. The rule stands in docs/reference/algorithms/allowance.md.
    """
    seen, spent = cases.seen, cases.failed
    volume, basis, before = _volume(cases, span, upto, expected, pace)
    allowed = cases.bears(volume)
    by_now = allowed * seen / volume
    if cases.is_whole:
        by_now = Fraction(ceil(by_now))
    burns = _burns(cases, allowed, volume, span, upto, pace)
    is_fast = len(burns) == len(FAST_BURN) and all(
        rate >= window.times and failed >= window.failures
        for window, (_seen, failed, rate) in zip(FAST_BURN, burns, strict=True)
    )
    rate = spent / seen
    if is_fast:
        rate = max(rate, burns[0][1] / burns[0][0])
    runs_out = None
    if pace is not None and spent <= allowed:
        runs_out = _runs_out(allowed - spent + cases.is_whole, rate, volume - seen, span, upto, pace)
    return Allowance(
        expected=rounded(volume, 2),
        is_estimate=basis is not Basis.GIVEN,
        allowed=rounded(allowed, 2),
        spent=rounded(spent, 2),
        left=rounded(max(allowed - spent, Fraction()), 2),
        by_now=rounded(by_now, 2),
        forecast=rounded(spent * volume / seen, 2),
        seen=rounded(seen, 2),
        basis=basis,
        last_year=None if before is None else rounded(before[0], 2),
        last_year_by_now=None if before is None else rounded(before[1], 0 if cases.is_whole else 2),
        burn=rounded(spent * volume / (allowed * seen), 2) if allowed else None,
        windows=tuple(
            Burn(window.days, rounded(came, 2), rounded(failed, 2), rounded(rate_, 2))
            for window, (came, failed, rate_) in zip(FAST_BURN, burns, strict=False)
        ),
        is_fast=is_fast,
        runs_out_on=runs_out,
        standing=_standing(cases, allowed, by_now, is_fast=is_fast),
    )


def _standing(cases: Cases, allowed: Fraction, by_now: Fraction, *, is_fast: bool) -> Standing:
    if cases.failed > 0 and cases.borne <= 0:
        return Standing.BROKEN
    if cases.failed > allowed:
        return Standing.OVERSPENT
    if cases.failed > by_now:
        return Standing.AHEAD
    return Standing.FAST if is_fast else Standing.WITHIN


def explained(allowance: Allowance, said: dict[str, str]) -> Message:
    """Return the sentence that says how an allowance stands; ``said`` has value and goal."""
    said = {
        **said,
        "expected": format_number(allowance.expected),
        "allowed": format_number(allowance.allowed),
        "spent": format_number(allowance.spent),
        "left": format_number(allowance.left),
        "by_now": format_number(allowance.by_now),
    }
    if allowance.standing is Standing.BROKEN:
        template = gettext_noop(
            "%(spent)s of %(seen)s cases have already failed, and the target of %(goal)s bears none."
        )
        return Message(template, {**said, "seen": format_number(allowance.seen)})
    if allowance.standing is Standing.OVERSPENT:
        template = gettext_noop(
            "Now %(value)s against %(goal)s: %(spent)s cases failed, %(over)s more than the %(allowed)s that the "
            "expected volume of %(expected)s bears."
        )
        said["over"] = format_number(allowance.spent - allowance.allowed)
        return Message(template, said)
    if allowance.runs_out_on is not None:
        said["day"] = format_date(allowance.runs_out_on)
    if allowance.standing is Standing.AHEAD:
        template = gettext_noop(
            "Now %(value)s against %(goal)s: %(spent)s of %(allowed)s cases allowed are spent, while by now only "
            "%(by_now)s may be; %(left)s left."
        )
        if "day" in said:
            template = gettext_noop(
                "Now %(value)s against %(goal)s: %(spent)s of %(allowed)s cases allowed are spent, while by now only "
                "%(by_now)s may be; %(left)s left, exceeded about %(day)s at this pace."
            )
        return Message(template, said)
    if allowance.standing is Standing.FAST:
        burn = allowance.windows[0]
        said |= {
            "days": str(burn.days),
            "failed": format_number(burn.failed),
            "came": format_number(burn.seen),
            "times": format_number(burn.rate, 1),
        }
        template = gettext_noop(
            "Now %(value)s against %(goal)s: %(spent)s of %(allowed)s cases allowed are spent, but in the last %(days)s "
            "days %(failed)s of %(came)s cases failed, %(times)s times as many as the target bears."
        )
        if "day" in said:
            template = gettext_noop(
                "Now %(value)s against %(goal)s: %(spent)s of %(allowed)s cases allowed are spent, but in the last "
                "%(days)s days %(failed)s of %(came)s cases failed, %(times)s times as many as the target bears; at this "
                "pace the allowance is exceeded about %(day)s."
            )
        return Message(template, said)
    if allowance.allowed == 0:
        template = gettext_noop("Now %(value)s against %(goal)s: no case has failed, and none is allowed to.")
    elif allowance.spent == 0:
        template = gettext_noop(
            "Now %(value)s against %(goal)s: no case has failed; the period's allowance of %(allowed)s is untouched."
        )
    else:
        template = gettext_noop(
            "Now %(value)s against %(goal)s: %(spent)s of %(allowed)s cases allowed are spent, %(left)s left."
        )
    return Message(template, said)


def volume_in_words(allowance: Allowance) -> Message:
    """Return how the expected volume was found, in a sentence."""
    said = {"expected": format_number(allowance.expected)}
    if allowance.last_year is not None and allowance.last_year_by_now is not None:
        said["last_year"] = format_number(allowance.last_year)
        said["then"] = format_number(allowance.last_year_by_now)
        said["seen"] = format_number(allowance.seen)
    match allowance.basis:
        case Basis.GIVEN:
            return Message(gettext_noop("%(expected)s cases are expected in the whole period."), said)
        case Basis.LAST_YEAR_SCALED:
            template = gettext_noop(
                "About %(expected)s cases are expected in the whole period: last year brought %(last_year)s, and up to the "
                "same day %(then)s against %(seen)s this year."
            )
            return Message(template, said)
        case Basis.LAST_YEAR:
            template = gettext_noop(
                "About %(expected)s cases are expected in the whole period, as many as last year; this year's own pace "
                "counts once figures cover %(days)s days."
            )
            return Message(template, {**said, "days": str(SCALED_AFTER)})
        case Basis.STRETCHED:
            template = gettext_noop(
                "About %(expected)s cases are expected in the whole period, estimated from the pace so far."
            )
            return Message(template, said)


def seasonal(pace: Pace | None, span: Period, upto: date) -> Fraction | None:
    """Return the part of a year's amount that had come by this day last year; None where last year says nothing."""
    if pace is None or not _is_whole_year(pace.last_year, span):
        return None
    whole = sum((Fraction(step.numerator) for step in pace.last_year), Fraction())
    then = _until(pace.last_year, same_last_year(Period(span.start, upto)).end, _amount)
    return then / whole if then > 0 and whole > 0 else None


# — what is expected —


def _volume(
    cases: Cases, span: Period, upto: date, expected: Decimal | None, pace: Pace | None
) -> tuple[Fraction, Basis, tuple[Fraction, Fraction] | None]:
    """Return the volume of the whole period, where it comes from, and last year's, whole and by this day."""
    seen = cases.seen
    if expected is not None:
        return max(Fraction(expected), seen), Basis.GIVEN, None
    days = (upto - span.start).days + 1
    before: tuple[Fraction, Fraction] | None = None
    basis = Basis.STRETCHED
    volume = seen * ((span.end - span.start).days + 1) / days
    if pace is not None and _is_whole_year(pace.last_year, span):
        whole = sum((_cases(step) for step in pace.last_year), Fraction())
        then = _until(pace.last_year, same_last_year(Period(span.start, upto)).end, _cases)
        if whole > 0 and days < SCALED_AFTER:
            volume, basis, before = whole, Basis.LAST_YEAR, (whole, then)
        elif then > 0 and COMPARABLE[0] <= seen / then <= COMPARABLE[1]:
            volume, basis, before = whole * seen / then, Basis.LAST_YEAR_SCALED, (whole, then)
    if cases.is_whole:
        volume = Fraction(ceil(volume))
    return max(volume, seen), basis, before


def _is_whole_year(steps: Sequence[Step], span: Period) -> bool:
    """Return whether last year's steps reach over all days of the period, a year earlier."""
    if not steps:
        return False
    before = same_last_year(span)
    days = sum((step.period.end - step.period.start).days + 1 for step in steps)
    return (
        steps[0].period.start <= before.start
        and steps[-1].period.end >= before.end
        and days == (steps[-1].period.end - steps[0].period.start).days + 1
    )


def _cases(step: Step) -> Fraction:
    return Fraction(step.denominator or 0)


def _amount(step: Step) -> Fraction:
    return Fraction(step.numerator)


def _until(steps: Sequence[Step], day: date, amount: Callable[[Step], Fraction]) -> Fraction:
    """Return what had come up to a day; of a stretch that the day cuts, its even part."""
    total = Fraction()
    for step in steps:
        length = (step.period.end - step.period.start).days + 1
        inside = min(max((day - step.period.start).days + 1, 0), length)
        total += amount(step) * Fraction(inside, length)
    return total


# — how fast it is spent —


def _burns(
    cases: Cases, allowed: Fraction, volume: Fraction, span: Period, upto: date, pace: Pace | None
) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Return of each window the cases, the failures, and the pace against the sustainable; none where unknown."""
    found: list[tuple[Fraction, Fraction, Fraction]] = []
    for window in FAST_BURN:
        since = upto - timedelta(days=window.days - 1)
        steps = [
            step
            for step in (pace.steps if pace else ())
            if since <= step.period.start and step.period.end <= upto and step.denominator is not None
        ]
        covered = sum((step.period.end - step.period.start).days + 1 for step in steps)
        seen = sum((_cases(step) for step in steps), Fraction())
        if covered != window.days or since < span.start or not seen or not allowed:
            return found
        good = sum((_amount(step) for step in steps), Fraction())
        failed = good if cases.is_ceiling else seen - good
        found.append((seen, failed, failed * volume / (allowed * seen)))
    return found


def _runs_out(
    bearable: Fraction, rate: Fraction, remaining: Fraction, span: Period, upto: date, pace: Pace
) -> date | None:
    """Return the day on which failures at a rate use up what is bearable; None where the rest of the volume does not."""
    if rate <= 0 or rate * remaining < bearable or upto >= span.end:
        return None
    wanted = bearable / rate
    stretches = _ahead(pace.last_year, span, upto)
    weight = sum((each for _period, each in stretches), Fraction())
    for period, each in stretches:
        comes = remaining * each / weight
        if comes < wanted:
            wanted -= comes
            continue
        days = [period.start + _DAY * n for n in range((period.end - period.start).days + 1)]
        if pace.calendar is not None:
            days = [day for day in days if pace.calendar.is_working(day)] or days
        return days[max(ceil(wanted * len(days) / comes), 1) - 1]
    return span.end


def _ahead(last_year: Sequence[Step], span: Period, upto: date) -> list[tuple[Period, Fraction]]:
    """Return the days to come as stretches with the weight of each: as last year's cases came, else evenly."""
    start = upto + _DAY
    stretches: list[tuple[Period, Fraction]] = []
    if _is_whole_year(last_year, span):
        year = span.end - same_last_year(span).end
        for step in last_year:
            first, last = max(step.period.start + year, start), min(step.period.end + year, span.end)
            if first <= last and (cases := _cases(step)):
                length = (step.period.end - step.period.start).days + 1
                stretches.append((Period(first, last), cases * ((last - first).days + 1) / length))
    return stretches or [(Period(start, span.end), Fraction(1))]


# — how it will end —


@dataclass(frozen=True, slots=True)
class Spread:
    """What the final result may be: limits that hold :data:`LEVEL` of all outcomes, and the chance of reaching the target.

    ``fewest`` and ``most`` are failures (of a quantity: occurrences) in the whole period, ``low`` and ``high`` the
    result with them, ``chance`` in per cent.
    """

    fewest: int
    most: int
    low: Decimal
    high: Decimal
    shown_low: str
    shown_high: str
    chance: Decimal

    @property
    def shown_chance(self) -> str:
        """The chance in whole per cent; never 0 or 100 while something is still to come."""
        if self.chance < 1:
            return "< 1\N{NO-BREAK SPACE}%"
        if self.chance > 99:
            return "> 99\N{NO-BREAK SPACE}%"
        return with_unit(self.chance.quantize(Decimal(1)), "%")


@dataclass(frozen=True, slots=True)
class Odds:
    """What a forecast rests on; :meth:`spread` reckons it when it is asked for.

    Of a share: ``failed`` of ``seen`` cases, ``expected`` in the whole period of which ``allowed`` may fail. Of a
    number of occurrences under a ceiling: ``failed`` so far, ``elapsed`` of the period gone, ``allowed`` in all.
    """

    failed: int
    allowed: int
    unit: str
    scale: int = 1
    seen: int = 0
    expected: int = 0
    elapsed: Fraction | None = None
    is_ceiling: bool = False

    def spread(self) -> Spread | None:
        """Return the interval of the final result; None where too few cases were seen to tell.

        Cases to come fail as those seen did: the failing share has the distribution that Jeffreys' prior gives, failures
        among the cases to come are beta-binomial. Occurrences under a ceiling are taken for independent of one another:
        those to come are negative binomial.
        """
        if self.elapsed is None:
            if self.seen < FORESEEN_FROM or self.expected <= 0:
                return None
            first, weights = _beta_binomial(self.failed, self.seen, self.expected - self.seen)
        else:
            first, weights = _negative_binomial(self.failed, self.elapsed)
        fewest, most = (
            self.failed + first + _quantile(weights, q) for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
        )
        spare = self.allowed - self.failed - first
        within = sum(weights[: spare + 1]) if spare >= 0 else 0
        ends = sorted((self._result(fewest), self._result(most)))
        low, high = (rounded(each, 2) for each in ends)
        return Spread(
            fewest=fewest,
            most=most,
            low=low,
            high=high,
            shown_low=with_unit(low, self.unit),
            shown_high=with_unit(high, self.unit),
            chance=rounded(Fraction(100 * within, sum(weights)), 2),
        )

    def _result(self, failed: int) -> Fraction:
        if self.elapsed is not None:
            return Fraction(failed)
        counted = failed if self.is_ceiling else self.expected - failed
        return Fraction(self.scale * counted, self.expected)


_ONE = 10**60
_NEGLIGIBLE = _ONE // 10**24  # all that lies beyond it changes no rounded figure


@lru_cache(maxsize=1024)
def _beta_binomial(failed: int, seen: int, remaining: int) -> tuple[int, tuple[int, ...]]:
    """Return the weights of 0, 1, … failures among cases to come, with the number that the first weight is of.

    Whole numbers: each weight from the one beside it by their exact ratio, so that every machine finds the same.
    """
    a, b = 2 * failed + 1, 2 * (seen - failed) + 1  # twice Jeffreys' parameters
    m = remaining
    slope = a + b - 4
    rise = m * a - b - 2 * m + 2
    mode = (rise // slope + 1 if slope > 0 else m if rise > 0 else 0) if m else 0

    def up(k: int) -> tuple[int, int]:
        return (m - k) * (a + 2 * k), (k + 1) * (b + 2 * (m - k) - 2)

    return _weights(min(max(mode, 0), m), m, up)


@lru_cache(maxsize=1024)
def _negative_binomial(count: int, elapsed: Fraction) -> tuple[int, tuple[int, ...]]:
    """Return the weights of 0, 1, … occurrences in the rest of a period."""
    left = 1 - elapsed
    if left <= 0:
        return 0, (_ONE,)

    def up(k: int) -> tuple[int, int]:
        return (2 * count + 1 + 2 * k) * left.numerator, 2 * (k + 1) * left.denominator

    mode = max(floor((Fraction(2 * count + 1, 2) - 1) * left / elapsed), 0)
    return _weights(mode, None, up)


def _weights(
    mode: int, most: int | None, up: Callable[[int], tuple[int, int]]
) -> tuple[int, tuple[int, ...]]:
    """Return weights from the mode outwards, as far as they count; ``up(k)`` is the ratio of weight k + 1 to weight k."""
    above: list[int] = []
    weight, k = _ONE, mode
    while (most is None or k < most) and weight > _NEGLIGIBLE:
        part, whole = up(k)
        weight, k = weight * part // whole, k + 1
        above.append(weight)
    below: list[int] = []
    weight, k = _ONE, mode
    while k > 0 and weight > _NEGLIGIBLE:
        part, whole = up(k - 1)
        weight, k = weight * whole // part, k - 1
        below.append(weight)
    return k, (*reversed(below), _ONE, *above)


def _quantile(weights: Sequence[int], share: Fraction) -> int:
    """Return the first place up to which the weights make at least a share of all."""
    wanted, total = sum(weights) * share, 0
    for place, weight in enumerate(weights):
        total += weight
        if total >= wanted:
            return place
    return len(weights) - 1
