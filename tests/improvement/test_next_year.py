"""What a management review decides on for the next year stands in the draft of that year's plan, with what was missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from camket.core.targets import VerdictState
from camket.core.workflow import NotPossible
from camket.improvement.models import ReviewDecision
from camket.improvement.operations import reviews
from camket.improvement.operations.next_year import TakenUpAlready, take_up_decision
from camket.improvement.operations.reviews import NewDecision
from camket.improvement.queries import next_year as queries
from camket.journal.models import Entry
from camket.objectives import operations as plans
from camket.objectives.models import Objective
from camket.org.policy import NotAllowed
from figures import make_plan_in_force, read, share, targets_of
from improvement.test_reviews import close, considered
from people import People
from work import NOW, TODAY, unit_of

WORDS = "Từ 99% hồ sơ được giải quyết đúng hạn"


def decided(people: People, kind: str = "objective") -> ReviewDecision:
    row = considered(people)
    decision = NewDecision(kind, WORDS, TODAY + timedelta(days=60), unit_id=unit_of(people, 1).pk)
    made = reviews.decide(actor=people.an, review_id=row.pk, decision=decision, now=NOW)
    close(people, row)
    return made


def draft(people: People, year: int = 2027) -> int:
    return plans.create_plan(actor=people.an, year=year, today=TODAY)


def take_up(people: People, plan_id: int, decision: ReviewDecision, **changed: Any) -> int:
    values = {"actor": people.an, "text": decision.text, "now": NOW, **changed}
    return take_up_decision(plan_id=plan_id, decision_id=decision.pk, **values)


def test_a_decision_becomes_an_objective_of_the_draft_once(people: People) -> None:
    decision, plan_id = decided(people), draft(people)
    assert queries.waiting(people.an, 2027) == 1
    made = Objective.objects.get(pk=take_up(people, plan_id, decision))
    assert (made.plan_id, made.text, made.owner) == (plan_id, WORDS, unit_of(people, 1))
    assert [each.kind for each in made.targets.all()] == ["at_least"]
    found = queries.proposals(people.an, plan_id, TODAY)
    assert [(each.text, each.became and each.became.objective_id) for each in found.decisions] == [
        (WORDS, made.pk)
    ]
    assert queries.waiting(people.an, 2027) == 0
    assert queries.decided_for(people.an, made.pk)[0][0] == decision.review_id
    entry = Entry.objects.get(verb="review.objective_drafted")
    assert (entry.after["objective"], entry.after["year"]) == (made.pk, 2027)
    with pytest.raises(TakenUpAlready):
        take_up(people, plan_id, decision)


def test_what_is_deleted_or_given_up_with_its_draft_is_proposed_again(people: People) -> None:
    decision, plan_id = decided(people), draft(people)
    plans.delete_objective(actor=people.an, objective_id=take_up(people, plan_id, decision), today=TODAY)
    assert queries.waiting(people.an, 2027) == 1
    take_up(people, plan_id, decision)
    plans.discard_plan(actor=people.an, plan_id=plan_id, today=TODAY)
    assert queries.waiting(people.an, 2027) == 1
    assert take_up(people, draft(people), decision)


def test_only_decisions_on_objectives_of_closed_reviews_of_the_year_are_brought_in(people: People) -> None:
    other, plan_id = decided(people, "resources"), draft(people)
    with pytest.raises(ObjectDoesNotExist):
        take_up(people, plan_id, other)
    row = considered(people)
    decision = NewDecision("objective", WORDS, TODAY + timedelta(days=60), person_id=people.binh.person_id)
    open_one = reviews.decide(actor=people.an, review_id=row.pk, decision=decision, now=NOW)
    with pytest.raises(ObjectDoesNotExist):
        take_up(people, plan_id, open_one)
    assert not queries.proposals(people.an, plan_id, TODAY).decisions
    close(people, row)
    with pytest.raises(ObjectDoesNotExist):
        take_up(people, draft(people, 2030), open_one)


def test_it_is_for_who_edits_plans_of_the_own_agency_while_they_are_drafts(people: People) -> None:
    decision, plan_id = decided(people), draft(people)
    with pytest.raises(NotAllowed):
        take_up(people, plan_id, decision, actor=people.binh)
    for stranger in (people.chi,):
        with pytest.raises((NotAllowed, ObjectDoesNotExist)):
            take_up(people, plan_id, decision, actor=stranger)
    in_force = make_plan_in_force(people)
    with pytest.raises(NotPossible):
        take_up(people, in_force.pk, decision)
    assert ReviewDecision.objects.get(pk=decision.pk).objective_id is None


def test_targets_that_were_missed_are_proposed_until_the_draft_measures_them(people: People) -> None:
    last = make_plan_in_force(people)
    on_time = targets_of(last)[0]
    read(people, on_time, share(80, 100))
    plan_id = draft(people)
    after = last.period_end + timedelta(days=20)
    found = {each.target_id: each for each in queries.proposals(people.an, plan_id, after).results}
    missed = found[on_time.pk]
    assert (missed.state, missed.kept) == (VerdictState.AT_RISK, None)
    made = plans.add_objective(actor=people.an, plan_id=plan_id, today=TODAY, text=missed.words)
    found = {each.target_id: each for each in queries.proposals(people.an, plan_id, after).results}
    kept = found[on_time.pk].kept
    assert kept is not None
    assert kept.objective_id == made
