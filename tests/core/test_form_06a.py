"""Biểu II.06a: its invariants hold for whatever dossiers do, in both ways of counting those that wait."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camket.core.dossiers import Channel, Outcome
from camket.core.form_06a import CUT_OFFS, Figures, Line, Waiting, checks, edition_on, figures_of, total_of
from camket.core.tally import Facts, contributions

WAITS = list(Waiting)


@st.composite
def lives(draw: st.DrawFn) -> Facts:
    """A dossier as the clock writes it: days in their order; what is finished waits no longer."""
    received = draw(st.integers(0, 60))
    finished = draw(st.none() | st.integers(received, 90))
    waits = draw(st.none() | st.integers(received, 90 if finished is None else finished))
    back = None
    if waits is not None:
        last = 90 if finished is None else finished
        back = draw(st.integers(waits, last)) if finished is not None or draw(st.booleans()) else None
    late = finished is not None and draw(st.booleans())
    overdue = draw(st.integers(received, finished)) if late and finished is not None else None
    if finished is None and waits is None and draw(st.booleans()):
        overdue = draw(st.integers(received, 90))
    return Facts(
        received=received,
        finished=finished,
        overdue_from=overdue,
        waiting_from=waits,
        waiting_until=back,
        outcome=(
            Outcome.OPEN
            if finished is None
            else Outcome.LATE
            if late
            else draw(st.sampled_from([Outcome.EARLY, Outcome.ON_TIME]))
        ),
        channel=draw(st.sampled_from(list(Channel))),
    )


def counted(dossiers: list[Facts], first: int | None, last: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in dossiers:
        for day, counts in contributions(each):
            if (first is None or day >= first) and day <= last:
                found.update(counts)
        until = each.waiting_until
        if until is not None and (first or 0) <= until <= last and each.channel is Channel.ONLINE:
            found["waiting_ended_online"] += 1
        if _is_overdue_and_waits(each, last):
            found["overdue_waiting"] += 1
    return found


def _is_overdue_and_waits(each: Facts, last: int) -> bool:
    return (
        each.overdue_from is not None
        and each.overdue_from <= last
        and (each.finished is None or each.finished > last)
        and each.waiting_from is not None
        and each.waiting_from <= last
        and (each.waiting_until is None or each.waiting_until > last)
    )


def form(dossiers: list[Facts], first: int, last: int, waiting: Waiting) -> Figures:
    return figures_of(
        counted(dossiers, None, first - 1),
        counted(dossiers, first, last),
        counted(dossiers, None, last),
        waiting,
    )


@given(st.lists(lives(), max_size=25), st.integers(0, 40), st.integers(0, 40), st.sampled_from(WAITS))
def test_the_sums_agree_and_periods_follow_each_other(
    dossiers: list[Facts], first: int, length: int, waiting: Waiting
) -> None:
    middle = first + length
    one, two = form(dossiers, first, middle, waiting), form(dossiers, middle + 1, middle + 20, waiting)
    for figures in (one, two):
        found = checks((Line("1", "Hộ tịch", figures),), figures.carried)
        assert [check.rule for check in found if not check.holds] == []
    assert two.carried == one.still_open


@pytest.mark.parametrize(
    ("waiting", "columns"),
    [
        # Three received, one early, one waits since the period, one open and overdue; one carried over, settled late.
        (Waiting.SETTLED, (4, 1, 2, 1, 3, 1, 1, 1, 1, 0, 1)),
        (Waiting.OPEN, (4, 1, 2, 1, 2, 1, 0, 1, 2, 1, 1)),
    ],
)
def test_a_form_by_hand(waiting: Waiting, columns: tuple[int, ...]) -> None:
    dossiers = [
        Facts(received=2, finished=12, overdue_from=8, outcome=Outcome.LATE),
        Facts(received=11, finished=13, outcome=Outcome.EARLY, channel=Channel.ONLINE),
        Facts(received=11, waiting_from=15, channel=Channel.DIRECT),
        Facts(received=12, overdue_from=16, channel=Channel.POSTAL),
    ]
    assert form(dossiers, 10, 20, waiting).columns == columns


def test_a_dossier_that_comes_back_is_received_again_the_way_it_was_handed_in() -> None:
    back = Facts(received=2, waiting_from=4, waiting_until=12, channel=Channel.ONLINE)
    assert form([back], 10, 20, Waiting.SETTLED).columns == (1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0)
    assert form([back], 10, 20, Waiting.OPEN).columns == (1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0)


def test_rates_are_none_where_nothing_was_settled() -> None:
    assert Figures(online=3, open_in_time=3).rate is None
    assert Figures(online=3, open_in_time=3).strict_rate is None
    figures = Figures(online=10, early=6, on_time=2, late=1, open_overdue=1)
    assert f"{figures.rate:.2f}" == "88.89"
    assert figures.strict_rate == 80
    nearly = Figures(online=10_000, early=9_997, late=3)
    assert nearly.rounded_rates == (Decimal("99.97"), Decimal("99.97"))


def test_a_line_that_does_not_agree_is_named() -> None:
    lines = (
        Line("1", "Đất đai", Figures(online=2, early=1)),
        Line("2", "Hộ tịch", Figures(online=1, early=1)),
    )
    broken = [check for check in checks(lines, 3, ("Đất đai",)) if not check.holds]
    assert [(check.rule, check.left, check.right, check.broken) for check in broken] == [
        ("3 = 7 + 11", 3, 2, ("Đất đai",)),
        ("6 = 11", 0, 3, ("Đất đai",)),
    ]


def test_the_total_leaves_sums_of_groups_out() -> None:
    figures = Figures(online=2, early=2)
    lines = (Line("I", "Phòng Kinh tế", figures, is_total=True), Line("1", "Đất đai", figures))
    assert total_of(lines) == figures


def test_a_form_is_called_as_on_its_day() -> None:
    assert edition_on(date(2019, 6, 1)).code == "06a/VPCP/KSTT"
    assert edition_on(date(2026, 6, 1)).code == "II.06a/VPCP/KSTT"
    assert edition_on(date(2010, 1, 1)).code == "06a/VPCP/KSTT"


@pytest.mark.parametrize(
    ("on", "start", "end"),
    [
        (date(2026, 12, 14), date(2025, 12, 15), date(2026, 12, 14)),
        (date(2026, 12, 15), date(2026, 12, 15), date(2027, 12, 14)),
    ],
)
def test_reporting_years_are_cut_by_their_day(on: date, start: date, end: date) -> None:
    year = CUT_OFFS[1].year_of(on)
    assert (year.start, year.end) == (start, end)
