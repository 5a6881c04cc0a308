"""Risks from their proposal to their end, rated by the agency's own scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from camket.actions.models import Task
from camket.actions.operations import NewTask
from camket.core.risk import PROPOSED, checked
from camket.core.workflow import RISK, NotPossible
from camket.improvement import readiness
from camket.improvement.given import DayNotPossible, StrangerNamed, TextMissing
from camket.improvement.models import ContextIssue, Risk, RiskRating, RiskScale
from camket.improvement.operations import risks as operations
from camket.improvement.operations.risks import NewIssue, NewRisk, ProposedRisk
from camket.improvement.queries import audits_programme
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from people import People
from work import NOW, TODAY, at

LATE = NewRisk("risk", "Giải quyết hồ sơ đất đai", "Hồ sơ quá hạn vào cuối quý", cause="Thiếu người")


def economy(people: People) -> Unit:
    return people.agency.units.order_by("order")[1]


def entered(people: People, **changed: Any) -> Risk:
    return operations.enter(actor=people.an, risk=replace(LATE, **changed), now=NOW)


def rated(
    people: People, row: Risk, likelihood: int = 4, consequence: int = 4, reason: str = "Đã rà soát"
) -> RiskRating:
    return operations.rate(
        actor=people.an,
        risk_id=row.pk,
        likelihood=likelihood,
        consequence=consequence,
        reason=reason,
        now=NOW,
    )


def test_lowering_a_risk_says_why(people: People) -> None:
    row = entered(people)
    rated(people, row)
    with pytest.raises(ReasonMissing):
        rated(people, row, 2, 4, "")
    row.refresh_from_db()
    assert (row.likelihood, row.ratings.count()) == (4, 1)
    operations.rate(
        actor=people.an, risk_id=row.pk, likelihood=2, consequence=4, reason="Có người thay", now=NOW
    )
    assert rated(people, row, 5, 5, "").reason == ""
    chance = entered(people, kind="opportunity")
    rated(people, chance)
    assert rated(people, chance, 1, 1, "").reason == ""


def test_it_gets_its_number_in_the_agencys_book(people: People) -> None:
    assert [entered(people).serial, entered(people, kind="opportunity").serial] == [1, 2]
    for wrong in ({"title": " "}, {"process": ""}):
        with pytest.raises(TextMissing):
            entered(people, **wrong)
    with pytest.raises(StrangerNamed):
        entered(people, owner_id=people.chi.person_id)


def test_a_head_keeps_the_risks_of_the_own_unit_alone(people: People) -> None:
    own = operations.enter(actor=people.dung, risk=replace(LATE, unit_id=economy(people).pk), now=NOW)
    whole = entered(people)
    with pytest.raises(NotAllowed):
        operations.change(actor=people.dung, risk_id=whole.pk, risk=LATE, now=NOW)
    with pytest.raises(NotAllowed):
        operations.change(actor=people.dung, risk_id=own.pk, risk=LATE, now=NOW)  # gives it away
    with pytest.raises(NotAllowed):
        operations.enter(actor=people.binh, risk=replace(LATE, unit_id=economy(people).pk), now=NOW)
    with pytest.raises(Risk.DoesNotExist):
        operations.change(actor=people.chi, risk_id=own.pk, risk=LATE, now=NOW)


class TestRating:
    def test_the_proposed_scale_becomes_the_agencys_with_the_first_rating(self, people: People) -> None:
        row = entered(people)
        made = rated(people, row)
        row.refresh_from_db()
        assert readiness.scale_of(made.scale) == PROPOSED
        assert (row.likelihood, row.consequence, row.rerate_by) == (4, 4, date(2027, 1, 1))
        rated(people, row, 2, 2)
        assert [(each.likelihood, each.consequence) for each in row.ratings.all()] == [(4, 4), (2, 2)]
        assert RiskScale.objects.count() == 1

    def test_a_rating_keeps_its_scale_when_another_begins(self, people: People) -> None:
        row = entered(people)
        first = rated(people, row, 5, 5)
        small = checked(
            ["ít", "vừa", "nhiều"], ["nhẹ", "vừa", "nặng"], [(1, "Thấp", False), (6, "Cao", True)]
        )
        with pytest.raises(DayNotPossible):
            operations.set_scale(actor=people.an, scale=small, valid_from=TODAY, now=NOW)
        later = TODAY + timedelta(days=10)
        operations.set_scale(actor=people.an, scale=small, valid_from=later, now=NOW)
        with pytest.raises(operations.RatingNotPossible):
            operations.rate(
                actor=people.an, risk_id=row.pk, likelihood=5, consequence=5, reason="", now=at(later)
            )
        first.refresh_from_db()
        assert readiness.scale_of(first.scale).level(5, 5).key == "extreme"
        with pytest.raises(NotAllowed):
            operations.set_scale(actor=people.dung, scale=small, valid_from=later, now=NOW)


class TestEnding:
    def test_what_calls_for_action_is_not_ended_untreated(self, people: People) -> None:
        row = entered(people)
        rated(people, row)
        with pytest.raises(operations.TreatmentMissing):
            operations.end(actor=people.an, risk_id=row.pk, reason="Hết", now=NOW)
        row.refresh_from_db()
        assert row.state == "open"
        task = NewTask("Bố trí thêm người", TODAY + timedelta(days=5), person_id=people.binh.person_id)
        operations.treat(actor=people.an, risk_id=row.pk, task=task, now=NOW)
        assert Task.objects.get().action.when == f"Rủi ro 01: {LATE.title}"
        with pytest.raises(ReasonMissing):
            operations.end(actor=people.an, risk_id=row.pk, reason=" ", now=NOW)
        operations.end(actor=people.an, risk_id=row.pk, reason="Đã đủ người", now=NOW)
        assert operations.take_up(actor=people.an, risk_id=row.pk, now=NOW).serial == 1

    def test_a_low_one_and_an_opportunity_end_with_a_reason(self, people: People) -> None:
        low, chance = entered(people), entered(people, kind="opportunity")
        rated(people, low, 1, 2)
        rated(people, chance, 5, 5)
        for row in (low, chance):
            assert operations.end(actor=people.an, risk_id=row.pk, reason="Xong", now=NOW).state == "ended"


def test_a_proposal_is_made_once_and_left_with_a_reason(people: People) -> None:
    said = [ProposedRisk("burn:1:2026", "Một cửa", "Hạn mức sắp hết", {"spent": "8/10"})]
    (row,) = operations.propose(agency_id=people.agency.pk, proposals=said, now=NOW)
    assert (row.serial, row.state) == (None, "proposed")
    assert operations.propose(agency_id=people.agency.pk, proposals=said, now=NOW) == ()
    operations.dismiss(actor=people.an, risk_id=row.pk, reason="Đã có", now=NOW)
    assert operations.propose(agency_id=people.agency.pk, proposals=said, now=NOW) == ()
    assert Entry.objects.get(verb="risk.dismissed").reason == "Đã có"


@pytest.mark.parametrize("state", RISK.states)
def test_every_operation_refuses_every_state_that_its_act_does_not_have(people: People, state: str) -> None:
    row = entered(people)
    Risk.objects.filter(pk=row.pk).update(state=state)
    same: dict[str, Any] = {"actor": people.an, "risk_id": row.pk, "now": NOW}
    acts: dict[str, Any] = {
        "edit": lambda: operations.change(risk=LATE, **same),
        "rate": lambda: operations.rate(likelihood=1, consequence=1, reason="", **same),
        "treat": lambda: operations.treat(task=NewTask("x", TODAY), **same),
        "end": lambda: operations.end(reason="x", **same),
        "dismiss": lambda: operations.dismiss(reason="x", **same),
        "take_up": lambda: operations.take_up(**same),
    }
    for act in set(acts) - RISK.acts(state):
        with pytest.raises(NotPossible):
            acts[act]()


def test_issues_and_parties_are_kept_reviewed_and_left_behind(people: People) -> None:
    keep: dict[str, Any] = {"actor": people.an, "now": NOW}
    issue = NewIssue("party", "Người dân", text="Trả kết quả đúng hẹn", review_by=TODAY + timedelta(days=180))
    row = operations.keep_issue(issue=issue, **keep)
    again = operations.keep_issue(
        issue=replace(issue, title="Người dân, doanh nghiệp"), issue_id=row.pk, **keep
    )
    assert (again.pk, again.reviewed_on) == (row.pk, TODAY)
    with pytest.raises(TextMissing):
        operations.keep_issue(issue=replace(issue, title=""), **keep)
    with pytest.raises(DayNotPossible):
        operations.keep_issue(issue=replace(issue, review_by=TODAY - timedelta(days=1)), **keep)
    with pytest.raises(NotAllowed):
        operations.keep_issue(actor=people.binh, issue=issue, now=NOW)
    operations.end_issue(issue_id=row.pk, reason="Không còn", **keep)
    with pytest.raises(ContextIssue.DoesNotExist):
        operations.end_issue(issue_id=row.pk, reason="Không còn", **keep)


def test_open_risks_that_call_for_action_bring_a_unit_forward_in_the_audit_programme(people: People) -> None:
    unit = economy(people)
    high = entered(people, unit_id=unit.pk)
    rated(people, high, 5, 4)
    rated(people, entered(people, unit_id=unit.pk), 1, 2)
    entered(people, unit_id=unit.pk)  # not rated yet
    rated(people, entered(people, kind="opportunity", unit_id=unit.pk), 5, 5)
    first, *others = audits_programme.turns(people.an, 2026, TODAY)
    assert (first.unit_id, first.turn.high_risks) == (unit.pk, 1)
    assert {each.turn.high_risks for each in others} == {0}
    rated(people, high, 1, 1)
    assert {each.turn.high_risks for each in audits_programme.turns(people.an, 2026, TODAY)} == {0}
