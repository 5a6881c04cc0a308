"""Judging: the worked tables of the manual, and what must hold for any figures."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core import targets
from camket.core.plan import Grade, Period, Target, TargetKind
from camket.core.targets import (
    Figure,
    Measure,
    Verdict,
    VerdictState,
    adds_up,
    cover,
    goal_text,
    judge,
    measure_for,
    worst,
)
from core import target_tables as tables
from core.target_tables import NAMED, YEAR, Case

S = VerdictState
RUNNING, OVER = date(2026, 7, 1), date(2027, 1, 1)
ORDER = [S.MISSED, S.AT_RISK, S.ON_TRACK, S.MET]


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def verdict_of(case: Case) -> Verdict:
    return judge(case.target, case.figures, on=case.on, period=YEAR, **case.given)


@pytest.mark.parametrize("case", tables.cases("targets.md"), ids=str)
def test_worked_table(case: Case) -> None:
    verdict = verdict_of(case)
    assert (verdict.state.value, plain(verdict.shown)) == (case.cells["Verdict"], case.cells["Result"])


@pytest.mark.parametrize("case", tables.cases("allowance.md", "Verdict", "Left"), ids=str)
def test_worked_table_of_allowances(case: Case) -> None:
    verdict = verdict_of(case)
    allowance = verdict.allowance
    found = (
        ("", "", "", "", "")
        if allowance is None
        else tuple(
            format(each, "f")
            for each in (
                allowance.expected,
                allowance.allowed,
                allowance.spent,
                allowance.by_now,
                allowance.left,
            )
        )
    )
    asked = tuple(case.cells[name] for name in ("Expected", "Allowed", "Spent", "By now", "Left"))
    assert (verdict.state.value, found) == (case.cells["Verdict"], asked)


@pytest.mark.parametrize(
    "row", tables.rows("targets.md", "Wording", "Adds up"), ids=lambda row: row["Wording"]
)
def test_wording_proposes_whether_figures_add_up(row: dict[str, str]) -> None:
    value = Decimal(0) if row["Unit"] == "" else Decimal(1)
    target = Target(row["Wording"], TargetKind(row["Kind"]), value, unit=row["Unit"] or None)
    assert adds_up(target) is (row["Adds up"] == "yes")


def test_every_verdict_is_explained_in_the_manual() -> None:
    explained = {
        row["Verdict"].strip("`") for row in tables.rows("targets.md", "Verdict", "Vietnamese", "Meaning")
    }
    assert explained == {state.value for state in VerdictState}


def test_doctests() -> None:
    assert doctest.testmod(targets).failed == 0


@pytest.mark.parametrize("case", [*tables.cases("targets.md"), *tables.cases("allowance.md")], ids=str)
def test_every_reason_fills_its_sentence(case: Case) -> None:
    reason = verdict_of(case).reason
    said = str(reason)
    assert "%(" not in said
    assert said.endswith(".")
    assert all(isinstance(value, str) and value for value in reason.params.values())


def test_reason_carries_the_figures_in_vietnamese_form() -> None:
    target = Target("98% hồ sơ đúng hạn", TargetKind.AT_LEAST, Decimal(98), unit="%")
    verdict = judge(target, [Figure(YEAR, Decimal(1190), Decimal(1234))], on=OVER, period=YEAR)
    assert plain(str(verdict.reason)) == (
        "The result of 96,43 % (1.190/1.234) is 1,57 percentage points short of the target of ≥ 98 %."
    )


def test_striving_is_judged_alike_and_marked() -> None:
    firm = Target("95%", TargetKind.AT_LEAST, Decimal(95), unit="%")
    striven = Target("phấn đấu 95%", TargetKind.AT_LEAST, Decimal(95), unit="%", striving=True)
    figure = [Figure(YEAR, Decimal(90), Decimal(100))]
    one, other = (judge(each, figure, on=OVER, period=YEAR) for each in (firm, striven))
    assert (one.state, one.is_striving) == (S.MISSED, False)
    assert (other.state, other.is_striving) == (S.MISSED, True)


def test_figures_of_another_kind_are_no_data() -> None:
    target = Target("xếp loại tốt", TargetKind.GRADE_AT_LEAST, Grade.GOOD, unit="grade")
    assert judge(target, [Figure(YEAR, value=Decimal(5))], on=OVER, period=YEAR).state is S.NO_DATA


def test_used_figures_are_named_and_gaps_counted() -> None:
    target = Target("2 km", TargetKind.AT_LEAST, Decimal(2), unit="km")
    figures = [
        Figure(NAMED["M1"], value=Decimal("0.1"), key=1),
        Figure(NAMED["Q1"], value=Decimal("0.5"), key=2),
        Figure(NAMED["M7"], value=Decimal("0.5"), key=3),
    ]
    verdict = judge(target, figures, on=date(2026, 8, 1), period=YEAR)
    assert [figure.key for figure in verdict.used] == [2, 3]
    assert verdict.covered == Period(date(2026, 1, 1), date(2026, 7, 31))
    assert verdict.uncovered_days == 91


def test_limits_are_given_for_charts() -> None:
    between = Target("43-45", TargetKind.BETWEEN, Decimal(43), Decimal(45), "triệu đồng/người/năm")
    grade = Target("tốt", TargetKind.GRADE_AT_LEAST, Grade.GOOD, unit="grade")
    first = judge(between, [Figure(YEAR, value=Decimal(44))], on=OVER, period=YEAR)
    second = judge(grade, [Figure(YEAR, grade=Grade.FAIR)], on=OVER, period=YEAR)
    assert (first.low, first.high) == (Decimal(43), Decimal(45))
    assert (second.low, second.high, second.value) == (Decimal(3), None, Decimal(2))


@pytest.mark.parametrize(
    ("target", "goal"),
    [
        (Target("x", TargetKind.AT_LEAST, Decimal("90.500000"), unit="%"), "≥ 90,5 %"),
        (Target("x", TargetKind.ABOVE, Decimal(90), unit="%"), "> 90 %"),
        (Target("x", TargetKind.AT_MOST, Decimal(2), unit="%"), "≤ 2 %"),
        (Target("x", TargetKind.BELOW, Decimal("0.5"), unit="%"), "< 0,5 %"),
        (Target("x", TargetKind.AT_MOST, Decimal(0)), "0"),
        (Target("x", TargetKind.AT_LEAST, Decimal(8768), unit="tấn/năm"), "≥ 8.768 tấn/năm"),
        (Target("x", TargetKind.BETWEEN, Decimal(43), Decimal(45), "triệu đồng"), "43–45 triệu đồng"),
        (Target("x", TargetKind.COUNT_OF, Decimal(13), Decimal(13), "chỉ tiêu"), "13/13 chỉ tiêu"),
        (Target("x", TargetKind.GRADE_AT_LEAST, Grade.GOOD, unit="grade"), "tốt trở lên"),
        (Target("x", TargetKind.RANK_WITHIN, Decimal("3.000000"), unit="rank"), "tốp 3"),
        (Target("x", TargetKind.ACHIEVED), "✓"),
        (Target("x", TargetKind.INCREASE_BY, Decimal(1), unit="%"), "tăng 1 %"),
        (Target("x", TargetKind.DECREASE_BY, Decimal("0.23"), Decimal("0.33"), "%"), "giảm 0,23–0,33 %"),
    ],
)
def test_goal_is_written_with_signs(target: Target, goal: str) -> None:
    assert plain(goal_text(target)) == goal


def test_measure_follows_the_kind() -> None:
    kinds = {
        TargetKind.GRADE_AT_LEAST: Measure.GRADE,
        TargetKind.RANK_WITHIN: Measure.RANK,
        TargetKind.ACHIEVED: Measure.STATE,
        TargetKind.COUNT_OF: Measure.RATIO,
        TargetKind.INCREASE_BY: Measure.VALUE,
        TargetKind.AT_LEAST: Measure.VALUE,
    }
    assert {kind: measure_for(Target("x", kind, Decimal(1), unit="km")) for kind in kinds} == kinds


def test_worst_verdict_is_that_of_the_objective() -> None:
    assert worst([S.MET, S.NO_DATA, S.ON_TRACK]) is S.NO_DATA
    assert worst([S.MET, S.NOTHING_AROSE]) is S.MET
    assert worst([S.AT_RISK, S.MISSED]) is S.MISSED
    assert worst([S.NOTHING_AROSE]) is S.NOTHING_AROSE
    assert worst([]) is S.NO_DATA


# What must hold for any figures.

wholes = st.integers(1, 5000)
limits = st.decimals(0, 100, places=2)
floors = st.sampled_from([TargetKind.AT_LEAST, TargetKind.ABOVE])
ceilings = st.sampled_from([TargetKind.AT_MOST, TargetKind.BELOW])
days = st.sampled_from([RUNNING, OVER])
volumes = st.none() | st.integers(0, 10_000).map(Decimal)


def share(
    kind: TargetKind, limit: Decimal, part: int, whole: int, on: date, *, adding: bool, volume: Decimal | None
) -> S:
    target = Target("98% hồ sơ", kind, limit, unit="%")
    period = NAMED["H1"] if on == RUNNING else YEAR
    figure = Figure(period, Decimal(part), Decimal(whole))
    return judge(target, [figure], on=on, period=YEAR, adding=adding, expected_volume=volume).state


@given(floors, limits, wholes, st.data(), days, st.booleans(), volumes)
def test_more_successes_never_make_a_floor_worse(
    kind: TargetKind,
    limit: Decimal,
    whole: int,
    data: st.DataObject,
    on: date,
    adding: bool,
    volume: Decimal | None,
) -> None:
    low, high = sorted((data.draw(st.integers(0, whole)), data.draw(st.integers(0, whole))))
    worse = share(kind, limit, low, whole, on, adding=adding, volume=volume)
    better = share(kind, limit, high, whole, on, adding=adding, volume=volume)
    assert ORDER.index(better) >= ORDER.index(worse)


@given(ceilings, limits, wholes, st.data(), days, st.booleans(), volumes)
def test_more_failures_never_make_a_ceiling_better(
    kind: TargetKind,
    limit: Decimal,
    whole: int,
    data: st.DataObject,
    on: date,
    adding: bool,
    volume: Decimal | None,
) -> None:
    low, high = sorted((data.draw(st.integers(0, whole)), data.draw(st.integers(0, whole))))
    better = share(kind, limit, low, whole, on, adding=adding, volume=volume)
    worse = share(kind, limit, high, whole, on, adding=adding, volume=volume)
    assert ORDER.index(better) >= ORDER.index(worse)


amounts = st.decimals(0, 10_000, places=3)


@given(amounts, amounts, amounts, days, st.booleans(), st.booleans())
def test_more_of_a_quantity_never_makes_a_floor_worse(
    one: Decimal, other: Decimal, limit: Decimal, on: date, adding: bool, strict: bool
) -> None:
    target = Target("2 km", TargetKind.ABOVE if strict else TargetKind.AT_LEAST, limit, unit="km")
    period = NAMED["H1"] if on == RUNNING else YEAR
    worse, better = (
        judge(target, [Figure(period, value=value)], on=on, period=YEAR, adding=adding).state
        for value in sorted((one, other))
    )
    assert ORDER.index(better) >= ORDER.index(worse)


@given(amounts, amounts, amounts, days, st.booleans())
def test_a_ceiling_mirrors_a_floor(
    one: Decimal, other: Decimal, limit: Decimal, on: date, adding: bool
) -> None:
    target = Target("vụ", TargetKind.AT_MOST, limit, unit="vụ")
    period = NAMED["H1"] if on == RUNNING else YEAR
    better, worse = (
        judge(target, [Figure(period, value=value)], on=on, period=YEAR, adding=adding).state
        for value in sorted((one, other))
    )
    assert ORDER.index(better) >= ORDER.index(worse)


@given(amounts, amounts, amounts, amounts)
def test_a_better_trend_never_makes_it_worse(
    first: Decimal, one: Decimal, other: Decimal, limit: Decimal
) -> None:
    target = Target("điểm", TargetKind.AT_LEAST, limit, unit="điểm")
    worse, better = (
        judge(
            target,
            [Figure(NAMED["Q1"], value=first), Figure(NAMED["Q2"], value=value)],
            on=RUNNING,
            period=YEAR,
        ).state
        for value in sorted((one, other))
    )
    assert ORDER.index(better) >= ORDER.index(worse)


@given(st.integers(1, 9999), wholes)
def test_the_boundary_itself_is_in_or_out_by_the_word(thousandth: int, whole: int) -> None:
    """The exact limit holds for ≥ and ≤ and fails for > and <, whatever the decimals."""
    limit = Decimal(thousandth) / 100
    figure = [Figure(YEAR, Decimal(thousandth * whole), Decimal(10_000 * whole))]
    states = {
        kind: judge(Target("x", kind, limit, unit="%"), figure, on=OVER, period=YEAR).state
        for kind in (TargetKind.AT_LEAST, TargetKind.ABOVE, TargetKind.AT_MOST, TargetKind.BELOW)
    }
    assert list(states.values()) == [S.MET, S.MISSED, S.MET, S.MISSED]


@given(floors, limits, st.integers(0, 5000), wholes)
def test_what_is_shown_stands_on_its_side_of_the_target(
    kind: TargetKind, limit: Decimal, part: int, whole: int
) -> None:
    part = min(part, whole)
    target = Target("x", kind, limit, unit="%")
    verdict = judge(target, [Figure(YEAR, Decimal(part), Decimal(whole))], on=OVER, period=YEAR)
    shown = Decimal(plain(verdict.shown).split(" ")[0].replace(".", "").replace(",", "."))
    reached = shown > limit if kind is TargetKind.ABOVE else shown >= limit
    assert reached is (verdict.state is S.MET)


@given(limits, st.lists(st.sampled_from(["Q1", "Q2", "Q3"]), unique=True, min_size=1), days)
def test_zero_wholes_are_never_a_percentage(limit: Decimal, names: list[str], on: date) -> None:
    figures = [Figure(NAMED[name], Decimal(0), Decimal(0)) for name in names]
    target = Target("hồ sơ", TargetKind.AT_LEAST, limit, unit="%")
    verdict = judge(target, figures, on=OVER, period=YEAR)
    assert (verdict.state, verdict.value, verdict.shown) == (S.NOTHING_AROSE, None, "")


spans = st.builds(
    lambda start, length: Period(
        date(2026, 1, 1) + timedelta(start), date(2026, 1, 1) + timedelta(start + length)
    ),
    st.integers(0, 300),
    st.integers(0, 60),
)


@given(st.lists(spans, min_size=1, max_size=12))
def test_no_day_is_counted_twice(periods: list[Period]) -> None:
    chosen = cover(Figure(period, value=Decimal(1)) for period in periods)
    ends = [figure.period.end for figure in chosen]
    starts = [figure.period.start for figure in chosen]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    assert ends[-1] == max(period.end for period in periods)


@given(wholes, wholes, limits)
def test_monthly_figures_give_what_one_figure_gives(one: int, other: int, limit: Decimal) -> None:
    target = Target("hồ sơ", TargetKind.AT_LEAST, limit, unit="%")
    apart = [
        Figure(NAMED["Q1"], Decimal(one // 2), Decimal(one)),
        Figure(NAMED["Q2"], Decimal(other), Decimal(other)),
    ]
    together = [Figure(NAMED["H1"], Decimal(one // 2 + other), Decimal(one + other))]
    first, second = (judge(target, each, on=RUNNING, period=YEAR) for each in (apart, together))
    assert (first.state, first.value, first.allowance) == (second.state, second.value, second.allowance)
