"""The allowance: last year's volume, the burn, the day it runs out, and the interval of the forecast."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st

from camket.core.allowance import (
    LEVEL,
    Basis,
    Cases,
    Odds,
    Pace,
    Standing,
    Step,
    _beta_binomial,
    _negative_binomial,
    reckon,
    seasonal,
    volume_in_words,
)
from camket.core.calendar import WorkingCalendar
from camket.core.messages import Message
from camket.core.plan import Period, Target, TargetKind
from camket.core.targets import Figure, judge
from core import target_tables as tables
from core.target_tables import YEAR, Case

PAGE = "allowance.md"
HALF = date(2026, 6, 30)


def said(message: Message) -> str:
    with translation.override("vi"):
        return (gettext(message.template) % message.params).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("case", tables.cases(PAGE, "Pace", "Burn"), ids=lambda case: case.cells["Pace"])
def test_worked_table_of_paces(case: Case) -> None:
    verdict = judge(case.target, case.figures, on=case.on, period=YEAR, **case.given)
    allowance = verdict.allowance
    assert allowance is not None
    found = {
        "Verdict": verdict.state.value,
        "Expected": format(allowance.expected, "f"),
        "Basis": allowance.basis.value,
        "Allowed": format(allowance.allowed, "f"),
        "Spent": format(allowance.spent, "f"),
        "By now": format(allowance.by_now, "f"),
        "Burn": "" if allowance.burn is None else format(allowance.burn, "f"),
        "Runs out": "" if allowance.runs_out_on is None else allowance.runs_out_on.isoformat(),
    }
    assert found == {name: case.cells[name] for name in found}


@pytest.mark.parametrize("case", tables.cases(PAGE, "Pace", "Sentence"), ids=lambda case: case.cells["Pace"])
def test_each_verdict_explains_itself_in_vietnamese(case: Case) -> None:
    verdict = judge(case.target, case.figures, on=case.on, period=YEAR, **case.given)
    assert said(verdict.reason) == case.cells["Sentence"]


@pytest.mark.parametrize("case", tables.cases(PAGE, "Pace", "Volume"), ids=lambda case: case.cells["Given"])
def test_the_expected_volume_says_where_it_comes_from(case: Case) -> None:
    allowance = judge(case.target, case.figures, on=case.on, period=YEAR, **case.given).allowance
    assert allowance is not None
    assert said(volume_in_words(allowance)) == case.cells["Volume"]


@pytest.mark.parametrize(
    "row", tables.rows(PAGE, "Failed", "Seen", "Chance"), ids=lambda row: str(row["Seen"])
)
def test_worked_table_of_intervals(row: dict[str, str]) -> None:
    odds = Odds(int(row["Failed"]), int(row["Allowed"]), "%", 100, int(row["Seen"]), int(row["Expected"]))
    spread = odds.spread()
    found = (
        ("", "", "") if spread is None else (str(spread.fewest), str(spread.most), format(spread.chance, "f"))
    )
    assert found == (row["Fewest"], row["Most"], row["Chance"])


@pytest.mark.parametrize("row", tables.rows(PAGE, "So far", "Elapsed"), ids=lambda row: str(row["So far"]))
def test_worked_table_of_occurrences(row: dict[str, str]) -> None:
    odds = Odds(
        int(row["So far"]), int(row["Allowed"]), "vụ", elapsed=Fraction(row["Elapsed"]), is_ceiling=True
    )
    spread = odds.spread()
    assert spread is not None
    found = (str(spread.fewest), str(spread.most), format(spread.chance, "f"))
    assert found == (row["Fewest"], row["Most"], row["Chance"])


def _rising(start: Fraction, times: int) -> Fraction:
    product = Fraction(1)
    for step in range(times):
        product *= start + step
    return product


@settings(deadline=None, max_examples=30)
@given(seen=st.integers(1, 40), share=st.integers(0, 100), remaining=st.integers(0, 30))
def test_weights_of_failures_are_the_beta_binomial(seen: int, share: int, remaining: int) -> None:
    failed = seen * share // 100
    a, b = failed + Fraction(1, 2), seen - failed + Fraction(1, 2)
    exact = [comb(remaining, k) * _rising(a, k) * _rising(b, remaining - k) for k in range(remaining + 1)]
    total = sum(exact)
    first, weights = _beta_binomial(failed, seen, remaining)
    for place, weight in enumerate(exact):
        kept = weights[place - first] if 0 <= place - first < len(weights) else 0
        assert abs(Fraction(kept, sum(weights)) - weight / total) < Fraction(1, 10**18)


@settings(deadline=None, max_examples=25)
@given(count=st.integers(0, 12), elapsed=st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=40))
def test_weights_of_occurrences_are_the_negative_binomial(count: int, elapsed: Fraction) -> None:
    r, left = count + Fraction(1, 2), 1 - elapsed
    first, weights = _negative_binomial(count, elapsed)
    assert first == 0
    exact = Fraction(weights[0])
    for k in range(min(len(weights), 40)):
        assert abs(weights[k] - exact) <= exact / 10**18
        exact *= (r + k) * left / (k + 1)


@settings(deadline=None, max_examples=30)
@given(
    seen=st.integers(30, 400), share=st.integers(0, 30), more=st.integers(0, 400), allowed=st.integers(0, 60)
)
def test_an_interval_holds_its_part_and_narrows_towards_the_end(
    seen: int, share: int, more: int, allowed: int
) -> None:
    failed = seen * share // 100
    spread = Odds(failed, allowed, "%", 100, seen, seen + more).spread()
    assert spread is not None
    assert failed <= spread.fewest <= spread.most <= failed + more
    assert 0 <= spread.low <= spread.high <= 100
    first, weights = _beta_binomial(failed, seen, more)
    inside = weights[spread.fewest - failed - first : spread.most - failed - first + 1]
    assert Fraction(sum(inside), sum(weights)) >= LEVEL
    certain = Odds(failed, allowed, "%", 100, seen, seen).spread()
    assert certain is not None
    assert (certain.fewest, certain.most, certain.chance) == (failed, failed, 100 if failed <= allowed else 0)


def by_month(cases: list[int], failed: list[int] | None = None) -> tuple[Step, ...]:
    steps, start = [], date(2025, 1, 1)
    for month, number in enumerate(cases):
        after = date(2025 + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        bad = failed[month] if failed else 0
        steps.append(Step(Period(start, after - timedelta(days=1)), Decimal(number - bad), Decimal(number)))
        start = after
    return tuple(steps)


@settings(deadline=None)
@given(
    last=st.lists(st.integers(0, 300), min_size=12, max_size=12),
    seen=st.integers(1, 3_000),
    share=st.integers(0, 40),
    day=st.integers(0, 364),
)
def test_allowance_of_any_year(last: list[int], seen: int, share: int, day: int) -> None:
    failed = seen * share // 1000
    upto = date(2026, 1, 1) + timedelta(days=day)
    cases = Cases(Fraction(seen), Fraction(failed), Fraction(2, 100))
    found = reckon(cases, span=YEAR, upto=upto, pace=Pace((), by_month(last), WorkingCalendar()))
    assert found.expected >= seen == found.seen
    assert found.allowed == int(found.expected * 2 / 100)
    assert found.left == max(found.allowed - found.spent, 0)
    assert (found.standing is Standing.OVERSPENT) == (found.spent > found.allowed)
    if found.runs_out_on is not None:
        assert upto < found.runs_out_on <= YEAR.end
        assert found.spent <= found.allowed
    if found.basis is Basis.LAST_YEAR_SCALED:
        assert found.last_year == sum(last)


def test_the_last_day_of_a_period_runs_out_nowhere() -> None:
    cases = Cases(Fraction(1000), Fraction(19), Fraction(2, 100))
    found = reckon(cases, span=YEAR, upto=YEAR.end, pace=Pace((), by_month([80] * 12)))
    assert (found.expected, found.runs_out_on) == (1000, None)


def test_it_runs_out_on_a_working_day_of_a_month_as_busy_as_last_year() -> None:
    cases = Cases(Fraction(600), Fraction(18), Fraction(2, 100))
    quiet_summer = by_month([100] * 6 + [0, 0] + [150] * 4)
    found = reckon(cases, span=YEAR, upto=HALF, pace=Pace((), quiet_summer, WorkingCalendar()))
    # 24 are borne by 1,200; 7 more failures need 234 cases, which September (150) and October bring.
    assert found.runs_out_on == date(2026, 10, 19)
    assert WorkingCalendar().is_working(found.runs_out_on)


def test_last_year_with_a_gap_is_not_taken_for_a_whole_year() -> None:
    cases = Cases(Fraction(600), Fraction(6), Fraction(2, 100))
    whole = by_month([100] * 12)
    for broken in (whole[1:], whole[:-1], whole[:5] + whole[6:]):
        assert reckon(cases, span=YEAR, upto=HALF, pace=Pace((), broken)).basis is Basis.STRETCHED


def test_a_year_from_15_december_follows_its_own_last_year() -> None:
    span = Period(date(2025, 12, 15), date(2026, 12, 14))
    before = Period(date(2024, 12, 15), date(2025, 12, 14))
    half = date(2025, 6, 14)
    steps = (
        Step(Period(before.start, half), Decimal(400), Decimal(400)),
        Step(Period(half + timedelta(days=1), before.end), Decimal(800), Decimal(800)),
    )
    cases = Cases(Fraction(440), Fraction(0), Fraction(2, 100))
    found = reckon(cases, span=span, upto=date(2026, 6, 14), pace=Pace((), steps))
    assert (found.basis, found.expected, found.last_year_by_now) == (Basis.LAST_YEAR_SCALED, 1320, 400)


def test_a_quantity_is_held_against_the_course_of_last_year() -> None:
    target = Target("Trồng mới 100 ha rừng", TargetKind.AT_LEAST, Decimal(100), unit="ha")
    last = tuple(
        Step(step.period, Decimal(each))
        for step, each in zip(by_month([0] * 12), [0] * 7 + [20] * 5, strict=True)
    )
    figures = [Figure(Period(date(2026, 1, 1), date(2026, 8, 31)), value=Decimal(20))]
    on = date(2026, 9, 1)
    plain = judge(target, figures, on=on, period=YEAR)
    paced = judge(target, figures, on=on, period=YEAR, pace=Pace((), last))
    assert seasonal(Pace((), last), YEAR, date(2026, 8, 31)) == Fraction(1, 5)
    assert (plain.state.value, paced.state.value) == ("at_risk", "on_track")
    assert paced.forecast is not None
    assert paced.forecast.value == 100
    assert paced.forecast.spread is None


def test_occurrences_under_a_ceiling_have_an_interval_and_cases_a_chance() -> None:
    ceiling = Target("Không quá 5 vụ", TargetKind.AT_MOST, Decimal(5), unit="vụ")
    half = Period(date(2026, 1, 1), HALF)
    verdict = judge(ceiling, [Figure(half, value=Decimal(2))], on=date(2026, 7, 1), period=YEAR)
    assert verdict.forecast is not None
    assert verdict.forecast.spread is not None
    assert verdict.forecast.spread.shown_high == "9\N{NO-BREAK SPACE}vụ"
    share = Target("98% hồ sơ đúng hạn", TargetKind.AT_LEAST, Decimal(98), unit="%")
    verdict = judge(
        share, [Figure(half, Decimal(594), Decimal(600))], on=date(2026, 7, 1), period=YEAR, adding=True
    )
    assert verdict.forecast is not None
    assert verdict.forecast.spread is not None
    assert verdict.forecast.spread.shown_chance == "> 99\N{NO-BREAK SPACE}%"
