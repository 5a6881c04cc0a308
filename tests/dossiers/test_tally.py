"""Counts kept by adding and taking away are those of a plain count over what dossiers add."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camket.core.dossiers import Channel, OnlineLevel, Outcome, Payment
from camket.core.tally import COUNTS, Facts
from camket.dossiers import tally
from camket.dossiers.models import TallyRevision
from camket.org.models import Agency
from people import make_agency
from records import count_facts
from tallies import answered, counted_plainly, kept, of_days

DAYS = st.integers(20_440, 20_520)
MAYBE = st.none() | DAYS
FACTS = st.builds(
    Facts,
    received=MAYBE, finished=MAYBE, overdue_from=MAYBE, waiting_from=MAYBE, waiting_until=MAYBE, reappointed=MAYBE,
    outcome=st.sampled_from(Outcome), outcome_first=st.sampled_from(Outcome),
    channel=st.sampled_from(Channel), level=st.sampled_from(OnlineLevel),
    is_digitised=st.booleans(), is_result_digitised=st.booleans(), is_withdrawn=st.booleans(),
    is_answered=st.booleans(), payment=st.sampled_from(Payment), handling_days=st.none() | st.integers(0, 40),
    field=st.integers(0, 2), procedure=st.integers(0, 3), unit=st.integers(0, 2),
)  # fmt: skip


@given(before=st.lists(FACTS, max_size=8), after=st.lists(FACTS, max_size=8))
@settings(max_examples=150, deadline=None)
def test_changes_reckoned_by_columns_are_those_reckoned_one_by_one(
    before: list[Facts], after: list[Facts]
) -> None:
    moved = tally.buckets(tally.deltas(before=tally.frame_of(before), after=tally.frame_of(after)))
    found = {
        tuple(row[name] for name in ("grain", "shape", "start", *tally.KEYS)): {
            name: row[name] for name in COUNTS if row[name]
        }
        for row in moved.iter_rows(named=True)
    }
    expected: dict[tuple[int, ...], Counter[str]] = {}
    for cells, sign in ((counted_plainly(after), 1), (counted_plainly(before), -1)):
        for cell, counts in cells.items():
            into = expected.setdefault(cell, Counter())
            for name, count in counts.items():
                into[name] += sign * count
    plain = {
        cell: {name: count for name, count in counts.items() if count} for cell, counts in expected.items()
    }
    assert found == {cell: counts for cell, counts in plain.items() if counts}


@pytest.mark.django_db
def test_buckets_follow_what_is_added_changed_and_removed() -> None:
    agency = make_agency()
    first = Facts(received=20_454, finished=20_460, outcome=Outcome.ON_TIME, handling_days=4, field=1)
    open_one = Facts(received=20_455, overdue_from=20_470, channel=Channel.ONLINE)
    done = Facts(received=20_455, finished=20_490, overdue_from=20_470, outcome=Outcome.LATE)
    for before, after in (([], [first, open_one]), ([open_one], [done]), ([first], [])):
        tally.take_turn(agency_id=agency.pk)
        tally.recount(agency_id=agency.pk, before=before, after=after)
    assert kept(agency.pk) == counted_plainly([done])
    assert TallyRevision.objects.get(agency=agency).number == 3


@pytest.mark.django_db
@given(
    facts=st.lists(FACTS, max_size=8),
    first=st.dates(date(2025, 12, 1), date(2026, 3, 31)),
    days=st.integers(0, 100),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_days_by_every_dimension_are_counted_as_one_by_one(
    facts: list[Facts], first: date, days: int, db: None
) -> None:
    agency = make_agency(f"H00.{Agency.objects.count() + 10}", "UBND xã Thử")
    count_facts(agency, facts)
    last = first + timedelta(days=days)
    assert answered(agency.pk, first, last) == of_days(facts, first, last)
    assert kept(agency.pk) == counted_plainly(facts)


def test_no_change_moves_no_count() -> None:
    facts = tally.frame_of([Facts(received=20_454)])
    assert tally.deltas(before=facts, after=facts).is_empty()
    assert tally.deltas(before=None, after=tally.frame_of([])).is_empty()
