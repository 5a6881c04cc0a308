"""What the system proposes by itself from camket.objectives.models import Target
from figures: once each, with the counts."""

from __future__ import annotations

from datetime import date

from camket.core.nonconformity import is_late_pattern
from camket.improvement.models import Nonconformity
from camket.improvement.operations import nonconformities
from camket.improvement.operations.proposals import propose_nonconformities, propose_risks
from camket.objectives.models import Target
from figures import make_plan_in_force, read, share, targets_of
from people import TODAY, People
from work import NOW


def test_a_pattern_needs_a_share_and_some_cases() -> None:
    assert [is_late_pattern(*each, share=10, least=3) for each in ((3, 30), (2, 4), (5, 100), (0, 0))] == [
        True,
        False,
        False,
        False,
    ]


def test_a_missed_target_is_proposed_once_with_its_sentence(people: People) -> None:
    plan = make_plan_in_force(people)
    Target.objects.filter(pk=targets_of(plan)[1].pk).update(is_striving=False)
    read(people, targets_of(plan)[1], share(10, 100))
    over = date(2027, 1, 5)
    made = propose_nonconformities(agency_id=people.agency.pk, today=over, now=NOW)
    assert made
    row = made[0]
    assert (row.state, row.source) == ("proposed", Nonconformity.Source.TARGET)
    assert row.found["sentence"]["template"]
    assert row.judged_by_target_id is not None
    assert not propose_nonconformities(agency_id=people.agency.pk, today=over, now=NOW)
    nonconformities.dismiss(actor=people.an, nonconformity_id=row.pk, reason="Nhập nhầm", now=NOW)
    assert not propose_nonconformities(agency_id=people.agency.pk, today=over, now=NOW)


def test_without_a_plan_nothing_is_proposed(people: People) -> None:
    assert propose_nonconformities(agency_id=people.agency.pk, today=TODAY, now=NOW) == ()
    assert propose_risks(agency_id=people.agency.pk, today=TODAY, now=NOW) == ()
