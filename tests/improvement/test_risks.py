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
from camket.dossiers.models import Field
from camket.improvement import readiness
from camket.improvement.given import DayNotPossible, StrangerNamed, TextMissing
from camket.improvement.models import ContextIssue, Risk, RiskRating, RiskScale
from camket.improvement.operations import risks as operations
from camket.improvement.operations.risks import NewIssue, NewRisk, ProposedRisk
from camket.improvement.queries import audits_programme
from camket.improvement.queries import risks as queries
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.notifications.models import Notification
from camket.org.models import Role, Unit
from camket.org.policy import Actor, NotAllowed
from people import People, actor_of, make_person
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

    def test_another_scale_has_a_map_of_its_own_and_asks_for_every_rating_anew(self, people: People) -> None:
        small = checked(
            ["ít", "vừa", "nhiều"], ["nhẹ", "vừa", "nặng"], [(1, "Thấp", False), (6, "Cao", True)]
        )
        row, other = entered(people), entered(people)
        rated(people, row, 3, 3)
        rated(people, other, 2, 2)
        later = TODAY + timedelta(days=10)
        operations.set_scale(actor=people.an, scale=small, valid_from=later, now=NOW)
        row.refresh_from_db()
        assert row.rerate_by == later
        before = queries.risk_map(people.an, TODAY)
        assert (before.older, before.due, placed(before)) == (0, 0, {(3, 3): 1, (2, 2): 1})
        found = queries.risk_map(people.an, later)
        assert (found.rated, found.older, found.due, placed(found)) == (2, 2, 2, {})
        assert queries.risks(people.an, queries.Wanted(cell=(3, 3)), later) == []
        # 9 of 25 by the scale before; 4 of 9 is no lower, 2 of 9 is.
        operations.rate(
            actor=people.an, risk_id=row.pk, likelihood=2, consequence=2, reason="", now=at(later)
        )
        with pytest.raises(ReasonMissing):
            operations.rate(
                actor=people.an, risk_id=row.pk, likelihood=1, consequence=2, reason="", now=at(later)
            )
        again = queries.risk_map(people.an, later)
        assert (again.older, again.due, placed(again)) == (1, 1, {(2, 2): 1})
        (shown,) = queries.risks(people.an, queries.Wanted(cell=(2, 2)), later)
        assert shown.id == row.pk
        book = str(queries.book_paper(people.an, queries.Wanted(), later).body)
        assert book.count("(thang điểm trước)") == 3, "the first of one, both of the other"


def placed(found: queries.RiskMap) -> dict[tuple[int, int], int]:
    return {
        (each.likelihood, each.consequence): each.risks + each.opportunities
        for line in found.rows
        for each in line.cells
        if each.risks or each.opportunities
    }


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
def test_every_forbidden_act_is_refused_in_every_state(people: People, state: str) -> None:
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


class TestAPersonsProposal:
    """Anybody of the staff proposes a risk; the secretary or the unit's head decides, and who proposed is told."""

    @staticmethod
    def suggest(people: People, **changed: Any) -> Risk:
        risk = replace(LATE, unit_id=economy(people).pk, **changed)
        return operations.suggest(actor=people.binh, risk=risk, now=NOW)

    @staticmethod
    def told(actor: Actor) -> list[str]:
        rows = Notification.objects.filter(person_id=actor.person_id, seen_at__isnull=True)
        return [each.message["template"] for each in rows.order_by("pk")]

    def test_who_decides_is_told_and_it_has_no_number_yet(self, people: People) -> None:
        row = self.suggest(people)
        assert (row.state, row.serial, row.made_by_id) == ("proposed", None, people.binh.person_id)
        assert [len(self.told(each)) for each in (people.an, people.dung, people.binh, people.chau)] == [
            1,
            1,
            0,
            0,
        ]
        assert queries.proposed(people.dung, TODAY)[0][1]
        assert [decides for _row, decides in queries.proposed(people.binh, TODAY)] == [False]
        assert queries.proposed(people.chau, TODAY) == []
        assert not queries.risk(people.binh, row.pk, TODAY).acts

    def test_it_is_taken_up_by_the_head_and_the_proposer_is_told(self, people: People) -> None:
        row = self.suggest(people)
        row = operations.take_up(actor=people.dung, risk_id=row.pk, now=NOW)
        assert (row.state, row.serial, row.made_by_id) == ("open", 1, people.binh.person_id)
        assert self.told(people.binh) == [
            "%(by)s takes the risk that you proposed up into the book: %(title)s."
        ]
        assert self.told(people.an) == []

    def test_it_is_left_with_a_reason_that_the_proposer_reads(self, people: People) -> None:
        row = self.suggest(people)
        with pytest.raises(ReasonMissing):
            operations.dismiss(actor=people.an, risk_id=row.pk, reason=" ", now=NOW)
        operations.dismiss(actor=people.an, risk_id=row.pk, reason="Đã có rủi ro số 01.", now=NOW)
        told = Notification.objects.get(person_id=people.binh.person_id)
        assert told.message["params"]["reason"] == "Đã có rủi ro số 01"
        assert queries.risk(people.binh, row.pk, TODAY).ending == "Đã có rủi ro số 01."

    def test_neither_the_proposer_nor_another_units_head_decides(self, people: People) -> None:
        row = self.suggest(people)
        other = people.agency.units.exclude(pk=economy(people).pk).first()
        head = actor_of(make_person(people.agency, "Vi Văn Tá", "ta", Role.HEAD, other), people.agency)
        for actor in (people.binh, head):
            with pytest.raises(NotAllowed):
                operations.take_up(actor=actor, risk_id=row.pk, now=NOW)
            with pytest.raises(NotAllowed):
                operations.dismiss(actor=actor, risk_id=row.pk, reason="Không", now=NOW)
        row.refresh_from_db()
        assert row.state == "proposed"

    def test_a_stranger_and_half_a_risk_are_refused(self, people: People) -> None:
        with pytest.raises(Unit.DoesNotExist):
            operations.suggest(actor=people.chi, risk=replace(LATE, unit_id=economy(people).pk), now=NOW)
        with pytest.raises(TextMissing):
            self.suggest(people, process=" ")
        assert not Risk.objects.exists()

    def test_processes_are_offered_from_books_procedures_fields_and_units(self, people: People) -> None:
        self.suggest(people)
        Field.objects.create(agency=people.agency, name="Hộ tịch", key="ho tich")
        offered = queries.processes(people.binh)
        assert offered[0] == "Giải quyết hồ sơ đất đai"
        assert {"Hộ tịch", economy(people).name} <= set(offered)
