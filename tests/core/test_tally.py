"""What a dossier adds to the counts of days."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from camket.core.dossiers import Channel, OnlineLevel, Outcome, Payment
from camket.core.tally import COUNTS, HANDLING_STEPS, Facts, contributions, handling_class

DAYS = st.integers(20_000, 20_400)


@st.composite
def dossiers(draw: st.DrawFn) -> Facts:
    """A dossier as its clock may leave it."""
    received = draw(DAYS)
    due = received + draw(st.integers(0, 30))
    finished = draw(st.none() | st.integers(received, received + 60))
    late = finished is None or finished > due
    outcome = (
        Outcome.OPEN
        if finished is None
        else Outcome.LATE
        if finished > due
        else Outcome.ON_TIME
        if finished == due
        else Outcome.EARLY
    )
    return Facts(
        received=received,
        finished=finished,
        overdue_from=due + 1 if late else None,
        outcome=outcome,
        outcome_first=outcome,
        channel=draw(st.sampled_from(Channel)),
        level=draw(st.sampled_from(OnlineLevel)),
        payment=draw(st.sampled_from(Payment)),
        is_answered=draw(st.booleans()),
        handling_days=None if finished is None else finished - received,
    )


def totals(rows: list[Facts], upto: int | None = None) -> Counter[str]:
    """Add up what dossiers contribute to the days up to one."""
    found: Counter[str] = Counter()
    for row in rows:
        for day, counts in contributions(row):
            if upto is None or day <= upto:
                found.update(counts)
    return found


def test_a_late_dossier_counts_on_three_days() -> None:
    facts = Facts(
        received=20_000,
        finished=20_010,
        overdue_from=20_006,
        outcome=Outcome.LATE,
        outcome_first=Outcome.LATE,
        channel=Channel.ONLINE,
        level=OnlineLevel.WHOLE,
        handling_days=8,
        is_answered=True,
    )

    found = {day: {name for name, count in counts.items() if count} for day, counts in contributions(facts)}

    assert found == {
        20_000: {"received", "received_online", "received_advanced", "received_advanced_online"},
        20_010: {"finished", "late", "late_first", "handling_days", "handled_10", "cleared_overdue"},
        20_006: {"fell_overdue", "fell_overdue_answered"},
    }


def test_what_was_not_accepted_counts_nowhere() -> None:
    assert list(contributions(Facts(received=None, finished=20_010))) == []


@given(st.lists(dossiers(), max_size=30), DAYS)
def test_stocks_are_sums_of_flows(rows: list[Facts], day: int) -> None:
    found = totals(rows, day)

    known = [row for row in rows if row.received is not None and row.received <= day]
    unfinished = [row for row in known if row.finished is None or row.finished > day]
    assert found["received"] - found["finished"] == len(unfinished)
    assert found["fell_overdue"] - found["cleared_overdue"] == sum(
        row.overdue_from is not None and row.overdue_from <= day for row in unfinished
    )


@given(st.lists(dossiers(), max_size=30))
def test_outcomes_channels_and_classes_split_their_whole(rows: list[Facts]) -> None:
    found = totals(rows)

    assert found["finished"] == found["early"] + found["on_time"] + found["late"]
    assert found["finished"] == sum(count for name, count in found.items() if name.startswith("handled_"))
    assert set(found) <= set(COUNTS)


def test_each_class_of_handling_time_is_a_count() -> None:
    longest = max(HANDLING_STEPS) + 1
    assert {handling_class(days) for days in range(longest + 1)} == {
        name for name in COUNTS if name.startswith("handled_")
    }
