"""What of the improvement cycle somebody has in hand goes along when that person leaves; what was done stays in the old name."""

from __future__ import annotations

import pytest

from camket.improvement.models import (
    Audit,
    Auditor,
    AuditSession,
    CorrectiveStep,
    Nonconformity,
    ReviewDecision,
    Risk,
)
from camket.journal.models import Entry
from camket.reporting import hand_over as leaving
from cycle import one_of_everything
from people import TODAY, People
from work import NOW

OWN = {"nonconformity": 2, "step": 1, "risk": 1, "decision": 1, "auditor": 1}


@pytest.fixture
def busy(people: People) -> People:
    """Bình with all kinds in hand: two nonconformities, a step, a risk, a decision, a part in an audit to come."""
    binh = people.binh.person_id
    one_of_everything(people)
    Risk.objects.update(owner_id=binh)
    plan = Nonconformity.objects.get(state="open")
    CorrectiveStep.objects.create(nonconformity=plan, text="Sửa phân công", person_id=binh, due_on=TODAY)
    review = people.agency.reviews.get(state="convened")
    ReviewDecision.objects.create(
        review=review, kind="change", text="Bổ sung máy quét", person_id=binh, due_on=TODAY
    )
    audit = Audit.objects.get(state="announced")
    mine = Auditor.objects.create(audit=audit, person_id=binh)
    session = AuditSession.objects.create(
        audit=audit, day=TODAY, starts="08:00", ends="09:00", topic="Khai mạc"
    )
    session.auditors.add(mine)
    began = Audit.objects.get(state="open")
    Auditor.objects.create(audit=began, person_id=binh)
    return people


def given_to(people: People, person_id: int) -> dict[str, int | str]:
    holding = leaving.holding_of(people.an, people.binh.person_id, TODAY)
    return {item.key: person_id if item.needs_successor else leaving.NOBODY for item in holding.items}


def handed_over(people: People, successors: dict[str, int | str]) -> None:
    leaving.hand_over(
        actor=people.an,
        person_id=people.binh.person_id,
        last_day=TODAY,
        reason="Chuyển công tác",
        successors=successors,
        closes_account=False,
        now=NOW,
    )


def test_all_of_it_is_listed_and_counted(busy: People) -> None:
    holding = leaving.holding_of(busy.an, busy.binh.person_id, TODAY)
    assert {kind: len(holding.of(leaving.Kind(kind))) for kind in OWN} == OWN
    assert leaving.open_work_of(busy.an, busy.binh.person_id) == sum(OWN.values())


def test_all_of_it_goes_to_the_successor_in_one_go(busy: People) -> None:
    dung = busy.dung.person_id
    handed_over(busy, given_to(busy, dung))
    assert not Nonconformity.objects.filter(owner_id=busy.binh.person_id).exists()
    assert Nonconformity.objects.filter(owner_id=dung).count() == 2
    assert (CorrectiveStep.objects.get().person_id, ReviewDecision.objects.get().person_id) == (dung, dung)
    assert Risk.objects.get().owner_id == dung
    assert Auditor.objects.filter(audit__state="announced", person_id=dung).exists()
    assert Auditor.objects.filter(audit__state="open", person_id=busy.binh.person_id).exists()
    told = Entry.objects.filter(verb="cycle.handed_on")
    assert (told.count(), {each.reason for each in told}) == (sum(OWN.values()), {"Chuyển công tác"})
    assert leaving.open_work_of(busy.an, busy.binh.person_id) == 0


def test_it_goes_back_to_its_unit_where_it_has_one(busy: People) -> None:
    successors = given_to(busy, busy.dung.person_id)
    risk = Risk.objects.get()
    successors[f"risk-{risk.pk}"] = leaving.UNIT
    handed_over(busy, successors)
    risk.refresh_from_db()
    assert risk.owner_id is None


def test_a_part_in_an_audit_goes_to_who_is_of_the_team_already(busy: People) -> None:
    an = busy.an.person_id
    handed_over(busy, given_to(busy, an))
    audit = Audit.objects.get(state="announced")
    assert [each.person_id for each in audit.team.all()] == [an]
    assert [each.person_id for each in audit.sessions.get().auditors.all()] == [an]


def test_nothing_moves_while_something_has_no_successor(busy: People) -> None:
    successors = given_to(busy, busy.dung.person_id)
    successors.pop(f"risk-{Risk.objects.get().pk}")
    with pytest.raises(leaving.WorkWithoutOwner):
        handed_over(busy, successors)
    assert Nonconformity.objects.filter(owner_id=busy.binh.person_id).count() == 2
    assert not Entry.objects.filter(verb="cycle.handed_on").exists()
