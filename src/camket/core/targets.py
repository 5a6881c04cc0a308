"""Judging a target: from confirmed figures to a verdict with its reason, allowance and forecast.

The one entry is :func:`judge`. It is pure: no database and no clock; the day it judges on is an argument.
Arithmetic is exact (fractions of the Decimals given), so a result that rounds to the target is not taken for
one that reaches it. The rules stand with worked examples in docs/reference/algorithms/targets.md and
allowance.md, whose tables are the tests' data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from camket.core.allowance import Allowance, Cases, Odds, Pace, Spread, Standing, explained, reckon, seasonal
from camket.core.exact import WIDE, ceil, half_down, rounded, short, signed, suffixed, trimmed, with_unit
from camket.core.messages import Message, gettext_noop
from camket.core.plan import Grade, Period, Target, TargetKind
from camket.core.wording.dates import format_date
from camket.core.wording.numbers import format_number
from camket.core.wording.text import fold

__all__ = [
    "GRADE_NAMES",
    "SEVERITY",
    "STATE_NAMES",
    "Allowance",
    "Change",
    "Figure",
    "Forecast",
    "Measure",
    "Verdict",
    "VerdictState",
    "adds_up",
    "cover",
    "goal_text",
    "judge",
    "measure_for",
    "shown_figure",
    "worst",
]


class VerdictState(StrEnum):
    """What a target's figures say of it."""

    MET = "met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MISSED = "missed"
    NO_DATA = "no_data"
    NOTHING_AROSE = "nothing_arose"


STATE_NAMES = {
    VerdictState.MET: gettext_noop("Met"),
    VerdictState.ON_TRACK: gettext_noop("On track"),
    VerdictState.AT_RISK: gettext_noop("At risk"),
    VerdictState.MISSED: gettext_noop("Missed"),
    VerdictState.NO_DATA: gettext_noop("No data yet"),
    VerdictState.NOTHING_AROSE: gettext_noop("Nothing arose"),
}
"""What each state is called; a message to be translated."""


class Change(StrEnum):
    """How an increase in per cent is meant."""

    POINTS = "points"
    RELATIVE = "relative"


class Measure(StrEnum):
    """What kind of figure measures a target."""

    RATIO = "ratio"
    VALUE = "value"
    GRADE = "grade"
    RANK = "rank"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Figure:
    """One confirmed reading: what was found for one period. ``key`` names it to the caller."""

    period: Period
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    grade: Grade | None = None
    rank: int | None = None
    rank_of: int | None = None
    is_reached: bool | None = None
    nothing_arose: bool = False
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The result expected at the period's end if things go on as so far; ``spread`` says how sure that is."""

    value: Decimal
    shown: str
    reaches: bool
    odds: Odds | None = None

    @property
    def spread(self) -> Spread | None:
        """The interval of the final result; None where nothing can be said of it."""
        return None if self.odds is None else self.odds.spread()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the figures say of a target on a day, and why.

    ``value`` is rounded to six decimals for charts; ``shown`` and ``goal`` are in Vietnamese form with unit, and
    rounded so that they stand on the same side of the target as the exact value; ``low`` and ``high`` are the
    limits for charts (grades count 0 to 4, worst first). ``used`` are the figures
    counted, ``covered`` the days they cover; ``uncovered_days`` counts the days before that with no figure,
    where figures add up.
    """

    state: VerdictState
    reason: Message
    goal: str
    is_final: bool
    is_striving: bool
    value: Decimal | None = None
    shown: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    allowance: Allowance | None = None
    forecast: Forecast | None = None
    covered: Period | None = None
    uncovered_days: int = 0
    used: tuple[Figure, ...] = ()


GRADE_NAMES: dict[Grade, str] = {
    Grade.WEAK: "yếu",
    Grade.AVERAGE: "trung bình",
    Grade.FAIR: "khá",
    Grade.GOOD: "tốt",
    Grade.EXCELLENT: "xuất sắc",
}
_GRADES = tuple(Grade)
SEVERITY = (
    VerdictState.MISSED,
    VerdictState.AT_RISK,
    VerdictState.NO_DATA,
    VerdictState.ON_TRACK,
    VerdictState.MET,
    VerdictState.NOTHING_AROSE,
)
"""The verdicts, the gravest first."""

PER_CENT = frozenset({"%", "phần trăm"})
"""How the unit per cent is written."""
SHARES: dict[str, int] = {**dict.fromkeys(PER_CENT, 100), "‰": 1000, "phần nghìn": 1000}
"""Units of shares, each with what a quotient is multiplied by to stand in it."""

_STRICT = frozenset({TargetKind.ABOVE, TargetKind.BELOW})

# A case that is closed badly stays so: shares of such cases add up over the year. Other shares (households
# insured, officers trained) describe how things stand and are replaced by the newest figure.
_CASES = (
    "hồ sơ", "phản ánh", "kiến nghị", "đơn thư", "khiếu nại", "tố cáo", "văn bản", "ý kiến chỉ đạo", "đúng hạn",
    "đúng hẹn", "trễ hạn", "trước hạn", "quá hạn", "thời hạn", "hài lòng", "lượt", "xin lỗi", "cuộc họp", "phiếu",
)  # fmt: skip
_LEVELS = (
    "điểm",
    "tuổi",
    "độ",
    "ngày",
    "giờ",
    "phút",
    "bậc",
    "hạng",
    "mức",
    "hộ nghèo",
    "hộ cận nghèo",
    "người/km2",
)
_KEPT = ("duy trì", "giữ vững", "giữ", "tiếp tục duy trì", "bảo đảm duy trì")


def worst(states: Iterable[VerdictState]) -> VerdictState:
    """Return the verdict of an objective from those of its targets: the one that calls most for attention.

    >>> worst([VerdictState.MET, VerdictState.AT_RISK]).value, worst([]).value
    ('at_risk', 'no_data')
    """
    found = set(states)
    return next((state for state in SEVERITY if state in found), VerdictState.NO_DATA)


def measure_for(target: Target) -> Measure:
    """Return the kind of figure that measures a target: a share has numerator and denominator.

    >>> measure_for(Target("95% hồ sơ", TargetKind.AT_LEAST, Decimal(95), unit="%")).value
    'ratio'
    """
    match target.kind:
        case TargetKind.GRADE_AT_LEAST:
            return Measure.GRADE
        case TargetKind.RANK_WITHIN:
            return Measure.RANK
        case TargetKind.ACHIEVED:
            return Measure.STATE
        case TargetKind.COUNT_OF:
            return Measure.RATIO
        case TargetKind.INCREASE_BY | TargetKind.DECREASE_BY:
            return Measure.VALUE
        case _:
            return Measure.RATIO if target.unit in SHARES else Measure.VALUE


def adds_up(target: Target) -> bool:
    """Return whether figures of consecutive periods add up, as the wording suggests; a person may say otherwise.

    Counts, money and lengths add up over the year, and so do shares of cases that are closed one by one. A share of
    a standing number, a rate per person, a grade, a rank and a state do not: the newest figure stands.

    >>> adds_up(Target("Bê tông hóa 02 km", TargetKind.AT_LEAST, Decimal(2), unit="km"))
    True
    >>> adds_up(Target("Thu nhập", TargetKind.AT_LEAST, Decimal(45), unit="triệu đồng/người/năm"))
    False
    """
    text = fold(target.text).casefold()
    match measure_for(target):
        case Measure.GRADE | Measure.RANK | Measure.STATE:
            return False
        case Measure.RATIO:
            return target.kind is not TargetKind.COUNT_OF and any(word in text for word in _CASES)
        case _:
            unit = fold(target.unit or "").casefold()
            if not unit:
                return target.kind is TargetKind.AT_MOST and target.value == 0
            if unit in SHARES or any(unit.startswith(word) for word in _LEVELS):
                return False
            return "/" not in unit.removesuffix("/năm") and "hộ nghèo" not in text


def cover(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Return the figures that together cover the time once, oldest first.

    From the latest end backwards, of figures that end on one day the longest: a figure from the year's
    beginning replaces those of the months that it contains.
    """
    chosen: list[Figure] = []
    for figure in sorted(
        figures, key=lambda each: (each.period.end, -each.period.start.toordinal()), reverse=True
    ):
        if not chosen or figure.period.end < chosen[-1].period.start:
            chosen.append(figure)
    return tuple(reversed(chosen))


@dataclass(frozen=True, slots=True)
class _Goal:
    """A target as limits of its value; ``text`` writes it with signs, in Vietnamese form."""

    unit: str
    text: str
    low: Fraction | None = None
    high: Fraction | None = None
    is_strict: bool = False
    scale: int = 1
    whole: bool = False

    def holds(self, value: Fraction) -> bool:
        if self.low is not None and not (value > self.low if self.is_strict else value >= self.low):
            return False
        return self.high is None or (value < self.high if self.is_strict else value <= self.high)

    def forbids_all(self) -> bool:
        return self.low is None and self.high == 0 and not self.is_strict

    def show(self, value: Fraction) -> str:
        """Write a value with as few decimals, two at least where it has them, as keep it on its side of the limits."""
        verdict = self.holds(value)
        shown = rounded(value, 6)
        for places in (2, 3, 4, 5):
            candidate = rounded(value, places)
            if self.holds(Fraction(candidate)) == verdict:
                shown = candidate
                break
        return with_unit(shown, self.unit)


@dataclass(frozen=True, slots=True)
class _Found:
    """The figures of a target taken together."""

    value: Fraction
    numerator: Fraction | None
    denominator: Fraction | None
    covered: Period
    used: tuple[Figure, ...]
    uncovered_days: int
    shown: str


def judge(
    target: Target,
    figures: Sequence[Figure],
    *,
    on: date,
    period: Period,
    baseline: Decimal | None = None,
    change: Change | str = Change.POINTS,
    expected_volume: Decimal | None = None,
    adding: bool | None = None,
    pace: Pace | None = None,
) -> Verdict:
    """Return what confirmed figures say of a target on a day.

    ``period`` is the plan's; a target with a period of its own is judged within that. ``baseline`` is the
    result of the year compared with, ``change`` how a change in per cent is meant, ``expected_volume`` how many cases the
    whole period will bring. ``adding`` says whether figures of consecutive periods add up (None: as
    :func:`adds_up` reads the wording). ``pace`` is how the cases came in, this year and last: with it the expected
    volume follows last year, last days that burn the allowance fast put a target at risk, and a quantity is held
    against last year's course.

    A running period is met only where nothing can take it away (a quantity that only grows), missed only
    where nothing can mend it; otherwise it is on track or at risk. With no case at all there is nothing to
    judge: neither 0 % nor 100 %.

    Source: ISO 9001:2015, 6.2.1 b and 9.1.1; the boundary words of official Vietnamese ("từ … trở lên" is ≥, "trên" is >).
    """
    span = target.period or period
    add = adds_up(target) if adding is None else adding
    goal = _goal(target, baseline, Change(change))
    is_over = on > span.end

    def plain(state: VerdictState, reason: Message, used: tuple[Figure, ...] = ()) -> Verdict:
        covered = Period(min(f.period.start for f in used), max(f.period.end for f in used)) if used else None
        return Verdict(
            state=state,
            reason=reason,
            goal=goal_text(target) if goal is None else goal.text,
            is_final=is_over or (covered is not None and covered.end >= span.end),
            is_striving=target.striving,
            low=None if goal is None else _limit(goal.low),
            high=None if goal is None else _limit(goal.high),
            covered=covered,
            used=used,
        )

    if on < span.start:
        template = gettext_noop("The period of this target begins on %(start)s.")
        return plain(VerdictState.NO_DATA, Message(template, {"start": format_date(span.start)}))
    known = [
        figure
        for figure in figures
        if figure.period.end <= on and span.start <= figure.period.end <= span.end
    ]
    if target.kind is TargetKind.ACHIEVED:
        return _judge_state(target, known, span, plain)
    usable = [figure for figure in known if _fits(target, figure)]
    if not usable:
        template = gettext_noop("No confirmed figure yet.")
        if is_over:
            template = gettext_noop("No confirmed figure, and the period is over.")
        return plain(VerdictState.NO_DATA, Message(template))
    if goal is None:
        if target.baseline_year is None:
            return plain(
                VerdictState.NO_DATA, Message(gettext_noop("The figure to compare with is not entered yet."))
            )
        template = gettext_noop("The result of %(year)s, to compare with, is not entered yet.")
        return plain(VerdictState.NO_DATA, Message(template, {"year": str(target.baseline_year)}))
    found = _taken_together(target, goal, usable, span, add=add)
    if found is None:
        template = gettext_noop("Nothing arose up to %(end)s, so there is nothing to judge.")
        latest = max(usable, key=lambda figure: figure.period.end)
        return plain(
            VerdictState.NOTHING_AROSE,
            Message(template, {"end": format_date(latest.period.end)}),
            tuple(usable),
        )
    is_final = is_over or found.covered.end >= span.end
    state, reason, allowance, forecast = _reasoned(
        target,
        goal,
        found,
        usable,
        span,
        on,
        is_final=is_final,
        add=add,
        expected_volume=expected_volume,
        pace=pace,
    )
    return Verdict(
        state=state,
        reason=reason,
        goal=goal.text,
        is_final=is_final,
        is_striving=target.striving,
        value=rounded(found.value, 6),
        shown=found.shown,
        numerator=None if found.numerator is None else rounded(found.numerator, 4),
        denominator=None if found.denominator is None else rounded(found.denominator, 4),
        low=_limit(goal.low),
        high=_limit(goal.high),
        allowance=allowance,
        forecast=forecast,
        covered=found.covered,
        uncovered_days=found.uncovered_days,
        used=found.used,
    )


def goal_text(target: Target) -> str:
    """Return what a target asks for, in Vietnamese form: "≥ 98 %"; where a sign misleads, in words: "giảm 0,3–0,5 %".

    >>> goal_text(Target("trên 90%", TargetKind.ABOVE, Decimal(90), unit="%")).replace("\\N{NO-BREAK SPACE}", " ")
    '> 90 %'
    """
    value, unit = target.value, target.unit or ""
    if target.kind is TargetKind.ACHIEVED or value is None:
        return "✓"
    if isinstance(value, Grade):
        return f"{GRADE_NAMES[value]} trở lên"
    amount = with_unit(value, unit)
    match target.kind:
        case TargetKind.AT_LEAST:
            return signed("≥", amount)
        case TargetKind.ABOVE:
            return signed(">", amount)
        case TargetKind.AT_MOST:
            return signed("≤", amount) if value else amount
        case TargetKind.BELOW:
            return signed("<", amount)
        case TargetKind.RANK_WITHIN:
            return f"tốp {with_unit(value, '')}"
        case TargetKind.COUNT_OF:
            upper = "" if target.upper is None else f"/{format_number(trimmed(target.upper))}"
            return f"{format_number(trimmed(value))}{upper} {unit}".strip()
        case TargetKind.BETWEEN:
            return with_unit(value, "") + "–" + with_unit(target.upper or value, unit)
        case TargetKind.INCREASE_BY | TargetKind.DECREASE_BY:
            way = "tăng" if target.kind is TargetKind.INCREASE_BY else "giảm"
            span = "" if target.upper is None else "–" + with_unit(target.upper, "")
            return f"{way} {with_unit(value, '')}{span} {unit}".strip().replace(" %", "\N{NO-BREAK SPACE}%")
    raise AssertionError(target.kind)


def shown_figure(figure: Figure, unit: str | None) -> str:
    """Return one figure in Vietnamese form: "98,4 % (123/125)", "tốt", "3/11"; "" where nothing arose or it is a state."""
    if figure.nothing_arose or figure.is_reached is not None:
        return ""
    if figure.grade is not None:
        return GRADE_NAMES[figure.grade]
    if figure.rank is not None:
        return str(figure.rank) if figure.rank_of is None else f"{figure.rank}/{figure.rank_of}"
    if figure.value is not None:
        return with_unit(trimmed(figure.value), unit or "")
    if figure.numerator is None or figure.denominator is None:
        return ""
    parts = f"{format_number(trimmed(figure.numerator))}/{format_number(trimmed(figure.denominator))}"
    if not figure.denominator or unit not in SHARES:
        return f"{parts} {unit or ''}".strip()
    share = Fraction(figure.numerator) * SHARES[unit] / Fraction(figure.denominator)
    return f"{with_unit(rounded(share, 2), unit)} ({parts})"


def stands(verdict: Verdict, target: Target, value: Decimal) -> bool:
    """Return whether a value, a month's or a field's, keeps the limits of a target's verdict."""
    low, high = (None if each is None else Fraction(each) for each in (verdict.low, verdict.high))
    return _Goal("", "", low, high, is_strict=target.kind in _STRICT).holds(Fraction(value))


def _goal(target: Target, baseline: Decimal | None, change: Change) -> _Goal | None:
    """Return a target's limits, or None where it compares with a year whose result is not known."""
    unit = target.unit or ""
    text = goal_text(target)
    low: Fraction | None = None
    high: Fraction | None = None
    value = target.value
    if value is None:
        return _Goal(unit, text)
    if isinstance(value, Grade):
        return _Goal("", text, low=Fraction(_GRADES.index(value)))
    amount = Fraction(value)
    upper = None if target.upper is None else Fraction(target.upper)
    match target.kind:
        case TargetKind.AT_LEAST | TargetKind.ABOVE | TargetKind.COUNT_OF:
            low = amount
        case TargetKind.AT_MOST | TargetKind.BELOW | TargetKind.RANK_WITHIN:
            high = amount
        case TargetKind.BETWEEN:
            low, high = amount, amount if upper is None else upper
        case TargetKind.INCREASE_BY | TargetKind.DECREASE_BY:
            if baseline is None:
                return None
            base = Fraction(baseline)
            relative = change is Change.RELATIVE
            rises = target.kind is TargetKind.INCREASE_BY

            def moved(by: Fraction) -> Fraction:
                step = base * by / 100 if relative else by
                return base + step if rises else base - step

            near, far = moved(amount), None if upper is None else moved(upper)
            low, high = (near, far) if rises else (far, near)
            limits = "–".join(with_unit(rounded(each, 4), "") for each in (low, high) if each is not None)
            sign = "" if low is not None and high is not None else "≥" if rises else "≤"
            origin = with_unit(trimmed(baseline), unit)
            text = f"{signed(sign, suffixed(limits, unit))} ({origin} {text})"
    return _Goal(
        unit,
        text,
        low,
        high,
        is_strict=target.kind in _STRICT,
        scale=SHARES.get(unit, 1),
        whole=all(limit is None or limit.denominator == 1 for limit in (low, high)),
    )


def _fits(target: Target, figure: Figure) -> bool:
    if figure.nothing_arose:
        return True
    match target.kind:
        case TargetKind.GRADE_AT_LEAST:
            return figure.grade is not None
        case TargetKind.RANK_WITHIN:
            return figure.rank is not None
        case TargetKind.COUNT_OF:
            return figure.numerator is not None or figure.value is not None
        case _:
            return figure.value is not None or (
                figure.numerator is not None and figure.denominator is not None
            )


def _arose(figure: Figure) -> bool:
    return not figure.nothing_arose and (figure.denominator is None or figure.denominator > 0)


def _taken_together(
    target: Target, goal: _Goal, usable: Sequence[Figure], span: Period, *, add: bool
) -> _Found | None:
    """Return the figures as one, or None where in none of them anything arose."""
    is_share = any(figure.denominator is not None for figure in usable)
    if add and (is_share or goal.unit not in SHARES):
        used = cover(figure for figure in usable if figure.period.start >= span.start)
        if used:
            return _summed(target, goal, used, span, is_share=is_share)
    arisen = [figure for figure in usable if _arose(figure)]
    if not arisen:
        return None
    latest = max(arisen, key=lambda figure: (figure.period.end, -figure.period.start.toordinal()))
    return _single(target, goal, latest)


def _summed(
    target: Target, goal: _Goal, used: tuple[Figure, ...], span: Period, *, is_share: bool
) -> _Found | None:
    covered = Period(used[0].period.start, used[-1].period.end)
    days = sum((figure.period.end - figure.period.start).days + 1 for figure in used)
    uncovered = (covered.end - span.start).days + 1 - days
    if is_share:
        numerator = _total(figure.numerator for figure in used if _arose(figure))
        denominator = _total(figure.denominator for figure in used)
        if denominator == 0:
            return None
        return _share(goal, numerator, denominator, covered, used, uncovered)
    if not any(_arose(figure) for figure in used) and goal.low is not None:
        return None
    value = _total(figure.value for figure in used)
    return _Found(value, None, None, covered, used, uncovered, goal.show(value))


def _single(target: Target, goal: _Goal, figure: Figure) -> _Found:
    used = (figure,)
    if figure.grade is not None:
        rank = Fraction(_GRADES.index(figure.grade))
        return _Found(rank, None, None, figure.period, used, 0, GRADE_NAMES[figure.grade])
    if figure.rank is not None:
        return _Found(Fraction(figure.rank), None, None, figure.period, used, 0, shown_figure(figure, None))
    if target.kind is TargetKind.COUNT_OF:
        return _counted(target, goal, figure)
    if figure.value is not None:
        value = Fraction(figure.value)
        return _Found(value, None, None, figure.period, used, 0, goal.show(value))
    numerator, denominator = Fraction(figure.numerator or 0), Fraction(figure.denominator or 0)
    return _share(goal, numerator, denominator, figure.period, used, 0)


def _counted(target: Target, goal: _Goal, figure: Figure) -> _Found:
    """Items met; where the whole counted is not the target's, the share counts (12 of 12 for 13 of 13)."""
    done = Fraction(figure.numerator if figure.numerator is not None else figure.value or 0)
    whole = None if figure.denominator is None else Fraction(figure.denominator)
    asked = None if target.upper is None else Fraction(target.upper)
    value = done if whole is None or asked is None or whole == asked else done * asked / whole
    out_of = whole or asked
    parts = format_number(rounded(done, 2)) + (
        "" if out_of is None else f"/{format_number(rounded(out_of, 2))}"
    )
    return _Found(value, done, whole, figure.period, (figure,), 0, suffixed(parts, goal.unit))


def _share(
    goal: _Goal,
    numerator: Fraction,
    denominator: Fraction,
    covered: Period,
    used: tuple[Figure, ...],
    uncovered: int,
) -> _Found:
    value = numerator * goal.scale / denominator
    parts = f"{format_number(rounded(numerator, 4))}/{format_number(rounded(denominator, 4))}"
    return _Found(value, numerator, denominator, covered, used, uncovered, f"{goal.show(value)} ({parts})")


_Reasoned = tuple[VerdictState, Message, Allowance | None, Forecast | None]


def _reasoned(
    target: Target,
    goal: _Goal,
    found: _Found,
    usable: Sequence[Figure],
    span: Period,
    on: date,
    *,
    is_final: bool,
    add: bool,
    expected_volume: Decimal | None,
    pace: Pace | None,
) -> _Reasoned:
    said = {"value": found.shown, "goal": goal.text, "end": format_date(span.end)}
    adding = add and (found.denominator is not None or goal.unit not in SHARES)
    adding = (
        adding
        and measure_for(target) in (Measure.RATIO, Measure.VALUE)
        and target.kind is not TargetKind.COUNT_OF
    )
    elapsed = Fraction((found.covered.end - span.start).days + 1, (span.end - span.start).days + 1)
    if goal.forbids_all() and adding and found.denominator is None and found.value > 0:
        template = gettext_noop("There have been %(value)s, while none was to occur.")
        return VerdictState.MISSED, Message(template, said), None, None
    if is_final:
        return *_final(goal, found, said), None, None
    if adding and found.denominator is not None and (goal.low is None) != (goal.high is None):
        return _running_share(goal, found, said, span, expected_volume, pace)
    if adding and found.denominator is None:
        elapsed = seasonal(pace, span, found.covered.end) or elapsed
        return _running_quantity(goal, found, said, elapsed)
    return _running_level(goal, found, usable, said, span, on)


def _final(goal: _Goal, found: _Found, said: dict[str, str]) -> tuple[VerdictState, Message]:
    if goal.holds(found.value):
        if goal.forbids_all():
            return VerdictState.MET, Message(gettext_noop("None occurred in the whole period, as promised."))
        template = gettext_noop("The result of %(value)s meets the target of %(goal)s.")
        return VerdictState.MET, Message(template, said)
    is_short = goal.low is not None and found.value <= goal.low
    limit = goal.low if is_short else goal.high
    gap = abs(found.value - (limit or 0))
    if gap == 0:
        template = gettext_noop(
            "The result is just %(value)s, while the target is %(goal)s: the limit itself does not count."
        )
        return VerdictState.MISSED, Message(template, said)
    if isinstance(found.used[-1].grade, Grade) or found.used[-1].rank is not None:
        template = gettext_noop("The result of %(value)s does not meet the target of %(goal)s.")
        return VerdictState.MISSED, Message(template, said)
    said = {**said, "gap": short(gap, "" if goal.unit in SHARES else goal.unit)}
    if goal.scale == 100:
        template = (
            gettext_noop(
                "The result of %(value)s is %(gap)s percentage points short of the target of %(goal)s."
            )
            if is_short
            else gettext_noop(
                "The result of %(value)s is %(gap)s percentage points over the target of %(goal)s."
            )
        )
    else:
        template = (
            gettext_noop("The result of %(value)s is %(gap)s short of the target of %(goal)s.")
            if is_short
            else gettext_noop("The result of %(value)s is %(gap)s over the target of %(goal)s.")
        )
    return VerdictState.MISSED, Message(template, said)


def _running_share(
    goal: _Goal,
    found: _Found,
    said: dict[str, str],
    span: Period,
    expected_volume: Decimal | None,
    pace: Pace | None,
) -> _Reasoned:
    """Judge a share of cases by its allowance; docs/reference/algorithms/allowance.md has the rule and examples."""
    seen, good = found.denominator or Fraction(1), found.numerator or Fraction()
    is_floor = goal.low is not None
    cases = Cases(
        seen=seen,
        failed=seen - good if is_floor else good,
        borne=(1 - goal.low / goal.scale) if goal.low is not None else (goal.high or Fraction()) / goal.scale,
        is_strict=goal.is_strict,
        is_ceiling=not is_floor,
    )
    allowance = reckon(cases, span=span, upto=found.covered.end, expected=expected_volume, pace=pace)
    odds = None
    if cases.is_whole and allowance.expected == allowance.expected.to_integral_value():
        odds = Odds(
            failed=int(cases.failed),
            allowed=int(allowance.allowed),
            unit=goal.unit,
            scale=goal.scale,
            seen=int(seen),
            expected=int(allowance.expected),
            is_ceiling=cases.is_ceiling,
        )
    ahead = Forecast(rounded(found.value, 6), found.shown.split(" (")[0], goal.holds(found.value), odds)
    return _STATES[allowance.standing], explained(allowance, said), allowance, ahead


_STATES = {
    Standing.BROKEN: VerdictState.MISSED,
    Standing.OVERSPENT: VerdictState.AT_RISK,
    Standing.AHEAD: VerdictState.AT_RISK,
    Standing.FAST: VerdictState.AT_RISK,
    Standing.WITHIN: VerdictState.ON_TRACK,
}


def _running_quantity(goal: _Goal, found: _Found, said: dict[str, str], elapsed: Fraction) -> _Reasoned:
    """Judge a quantity that only grows, against a steady pace or last year's; ``elapsed`` is the part due by now."""
    value = found.value
    ahead_value = value / elapsed
    odds = None
    if goal.low is None and goal.high is not None and goal.whole and value.denominator == 1:
        allowed = ceil(goal.high) - 1 if goal.is_strict else int(goal.high)
        odds = Odds(int(value), allowed, goal.unit, elapsed=elapsed, is_ceiling=True)
    ahead = Forecast(rounded(ahead_value, 2), short(ahead_value, goal.unit), goal.holds(ahead_value), odds)
    if goal.high is not None and (value > goal.high or (goal.is_strict and value == goal.high)):
        template = gettext_noop("Already %(value)s, beyond the limit of %(goal)s for the whole period.")
        return VerdictState.MISSED, Message(template, said), None, ahead
    if goal.high is None and goal.holds(value):
        template = gettext_noop(
            "Already %(value)s: the target of %(goal)s is reached before the period ends."
        )
        return VerdictState.MET, Message(template, said), None, ahead
    if goal.forbids_all():
        return (
            VerdictState.ON_TRACK,
            Message(gettext_noop("None has occurred so far, as promised.")),
            None,
            ahead,
        )
    needed = None if goal.low is None else half_down(goal.low * elapsed, whole=goal.whole)
    affordable = (
        None
        if goal.high is None
        else (Fraction(ceil(goal.high * elapsed)) if goal.whole else goal.high * elapsed)
    )
    said = {**said, "forecast": ahead.shown}
    if needed is not None and value < needed:
        template = gettext_noop(
            "%(value)s so far against %(goal)s: behind the pace of %(needed)s by now; about %(forecast)s by %(end)s."
        )
        return (
            VerdictState.AT_RISK,
            Message(template, {**said, "needed": short(needed, goal.unit)}),
            None,
            ahead,
        )
    if affordable is not None and value > affordable:
        template = gettext_noop(
            "%(value)s so far against %(goal)s: faster than the %(affordable)s affordable by now; about %(forecast)s "
            "by %(end)s."
        )
        said["affordable"] = short(affordable, goal.unit)
        return VerdictState.AT_RISK, Message(template, said), None, ahead
    if needed is not None:
        template = gettext_noop("%(value)s so far against %(goal)s: on pace, %(needed)s being needed by now.")
        return (
            VerdictState.ON_TRACK,
            Message(template, {**said, "needed": short(needed, goal.unit)}),
            None,
            ahead,
        )
    template = gettext_noop("%(value)s so far, within the limit of %(goal)s for the whole period.")
    return VerdictState.ON_TRACK, Message(template, said), None, ahead


def _running_level(
    goal: _Goal, found: _Found, usable: Sequence[Figure], said: dict[str, str], span: Period, on: date
) -> _Reasoned:
    """Judge how things stand: where not yet reached, by the trend of the period's figures."""
    if goal.holds(found.value):
        template = gettext_noop("Now %(value)s, which meets %(goal)s; it is to stay so until %(end)s.")
        return VerdictState.ON_TRACK, Message(template, said), None, None
    said = {**said, "days": str((span.end - on).days)}
    ahead = _trend(goal, found, usable, span)
    if ahead is None:
        template = gettext_noop("Now %(value)s, which does not yet meet %(goal)s; %(days)s days are left.")
        return VerdictState.AT_RISK, Message(template, said), None, None
    said["forecast"] = ahead.shown
    if ahead.reaches:
        template = gettext_noop(
            "Now %(value)s, not yet %(goal)s, but at the pace of this period it will be about %(forecast)s by %(end)s."
        )
        return VerdictState.ON_TRACK, Message(template, said), None, ahead
    template = gettext_noop(
        "Now %(value)s, not yet %(goal)s; at the pace of this period it will be only about %(forecast)s by %(end)s."
    )
    return VerdictState.AT_RISK, Message(template, said), None, ahead


def _trend(goal: _Goal, found: _Found, usable: Sequence[Figure], span: Period) -> Forecast | None:
    """Draw a line through the period's first and latest figures to its end; None for ordinals and single figures."""
    if found.used[-1].grade is not None or found.used[-1].rank is not None:
        return None
    arisen = [figure for figure in usable if _arose(figure)]
    first = min(arisen, key=lambda figure: (figure.period.end, -figure.period.start.toordinal()))
    days = (found.covered.end - first.period.end).days
    if days <= 0:
        return None
    begin = _level(first, goal, found)
    if begin is None:
        return None
    value = found.value + (found.value - begin) * (span.end - found.covered.end).days / days
    if goal.scale > 1:
        value = max(
            Fraction(),
            value if begin > goal.scale or found.value > goal.scale else min(value, Fraction(goal.scale)),
        )
    shown = goal.show(value)
    return Forecast(rounded(value, 6), shown, goal.holds(value))


def _level(figure: Figure, goal: _Goal, found: _Found) -> Fraction | None:
    if figure.value is not None:
        return Fraction(figure.value)
    if figure.numerator is None:
        return None
    if figure.denominator is None:
        return Fraction(figure.numerator)
    if goal.scale == 1 and found.numerator is not None and found.value == found.numerator:
        return Fraction(figure.numerator)  # items counted
    return Fraction(figure.numerator) * goal.scale / Fraction(figure.denominator)


class _Plain(Protocol):
    def __call__(self, state: VerdictState, reason: Message, used: tuple[Figure, ...] = ()) -> Verdict: ...


def _judge_state(target: Target, known: Sequence[Figure], span: Period, plain: _Plain) -> Verdict:
    """Judge a state that is reached once, or is to be kept to the period's end (duy trì, giữ vững)."""
    figures = [figure for figure in known if figure.is_reached is not None]
    said = {"end": format_date(span.end)}
    if not figures:
        if known:
            reason = gettext_noop("Nothing arose up to %(end)s, so there is nothing to judge.")
            latest = max(figure.period.end for figure in known)
            return plain(
                VerdictState.NOTHING_AROSE, Message(reason, {"end": format_date(latest)}), tuple(known)
            )
        empty = plain(VerdictState.NO_DATA, Message(gettext_noop("No confirmed figure yet.")))
        if not empty.is_final:
            return empty
        return plain(
            VerdictState.NO_DATA, Message(gettext_noop("No confirmed figure, and the period is over."))
        )
    latest_figure = max(figures, key=lambda figure: (figure.period.end, -figure.period.start.toordinal()))
    used = (latest_figure,)
    is_final = plain(VerdictState.MET, Message(""), used).is_final
    said["found"] = format_date(latest_figure.period.end)
    if latest_figure.is_reached:
        if is_final:
            return plain(
                VerdictState.MET, Message(gettext_noop("Reached, as found on %(found)s."), said), used
            )
        if fold(target.text).casefold().startswith(_KEPT):
            template = gettext_noop("Kept so far, as found on %(found)s; it is to stay so until %(end)s.")
            return plain(VerdictState.ON_TRACK, Message(template, said), used)
        return plain(VerdictState.MET, Message(gettext_noop("Reached, as found on %(found)s."), said), used)
    if is_final:
        return plain(
            VerdictState.MISSED, Message(gettext_noop("Not reached, as found on %(found)s."), said), used
        )
    template = gettext_noop("Not yet reached, as found on %(found)s; the period ends on %(end)s.")
    return plain(VerdictState.AT_RISK, Message(template, said), used)


def _total(values: Iterable[Decimal | None]) -> Fraction:
    total = Decimal(0)
    for value in values:
        if value is not None:
            total = WIDE.add(total, value)
    return Fraction(total)


def _limit(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, 6)
