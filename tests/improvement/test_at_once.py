"""Two at the same moment: a paper of an audit is withdrawn once, and a unit that is merged away gets no work beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camket.actions.models import Task
from camket.actions.operations import NewTask, add_task
from camket.core.messages import Refusal
from camket.improvement.models import Audit, AuditPaper
from camket.improvement.operations import audit_papers, audits
from camket.journal.models import Entry
from camket.objectives import operations as units
from camket.org.models import Role, UnitSuccession
from camket.org.operations import UnitFormer
from camket.org.policy import Actor
from camket.registers.models import Entry as RegisterEntry
from house.test_concurrency import assert_whole, at_once, refusals
from house.test_concurrency import people as people
from improvement.test_audit_papers import of_agency
from people import TODAY, People, actor_of, make_person
from work import NOW, unit_of

__all__ = ["people"]

DECISION = units.UnitDecision("12/QĐ-UBND", date(2026, 6, 25), "Sắp xếp tổ chức bộ máy")


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.TODAY = TODAY


def test_a_report_is_withdrawn_once_by_two_leaders_at_once(people: People) -> None:
    row, paper, _found = of_agency(people)
    deputy = actor_of(make_person(people.agency, "Vũ Thị Mai", "mai", Role.REPRESENTATIVE), people.agency)

    def withdraw(actor: Actor) -> AuditPaper:
        return audit_papers.withdraw_audit_paper(actor=actor, paper_id=paper.pk, reason="Ghi sai", now=NOW)

    results = at_once(lambda: withdraw(people.chau), lambda: withdraw(deputy))
    (refused,) = refusals(results)
    assert issubclass(refused, Refusal)
    assert Entry.objects.filter(verb="audit.paper_withdrawn").count() == 1
    assert Audit.objects.get(pk=row.pk).report_number == ""
    sent = RegisterEntry.objects.get(pk=AuditPaper.objects.get(pk=paper.pk).outgoing_id)
    assert sent.state == RegisterEntry.State.WITHDRAWN
    assert_whole(people)


def test_a_report_withdrawn_while_another_is_issued_leaves_one_in_force_or_none(people: People) -> None:
    row, paper, _found = of_agency(people)
    results = at_once(
        lambda: audit_papers.withdraw_audit_paper(
            actor=people.chau, paper_id=paper.pk, reason="Ghi sai", now=NOW
        ),
        lambda: audits.issue_report(
            actor=people.an, audit_id=row.pk, number="32/BC-UBND", reported_on=TODAY, now=NOW
        ),
    )
    refusals(results)
    in_force = AuditPaper.objects.filter(audit=row, kind="report", state=AuditPaper.State.ISSUED)
    now_row = Audit.objects.get(pk=row.pk)
    assert [each.number for each in in_force] == [each for each in [now_row.report_number] if each]
    assert AuditPaper.objects.get(pk=paper.pk).state == AuditPaper.State.WITHDRAWN
    assert_whole(people)


def test_a_unit_merged_away_gets_no_task_at_that_moment(people: People) -> None:
    old, new = unit_of(people, 1), unit_of(people, 2)

    def give(number: int) -> Task:
        return add_task(
            actor=people.an,
            task=NewTask(text=f"Việc {number}", due_on=TODAY, unit_id=old.pk),
            now=NOW,
        )

    results = at_once(
        lambda: give(1),
        lambda: units.merge_unit(actor=people.an, unit_id=old.pk, into_id=new.pk, decision=DECISION, now=NOW),
        lambda: give(2),
    )
    assert set(refusals(results)) <= {UnitFormer}
    assert not Task.objects.filter(unit=old).exists()
    assert Task.objects.filter(unit=new).count() == sum(isinstance(each, Task) for each in results)
    assert_whole(people)


def test_a_unit_is_merged_once_by_two_at_once(people: People) -> None:
    old = unit_of(people, 1)
    targets = [unit_of(people, 2), unit_of(people, 0)]

    def merge(into_id: int) -> Any:
        return units.merge_unit(actor=people.an, unit_id=old.pk, into_id=into_id, decision=DECISION, now=NOW)

    results = at_once(lambda: merge(targets[0].pk), lambda: merge(targets[1].pk))
    assert refusals(results) == [units.MergingNotPossible]
    assert UnitSuccession.objects.count() == 1
    assert_whole(people)
