"""From draft to closing: submit, return, approve, promulgate, record as signed, amend, close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from camket.actions.models import Action, Task, Trigger
from camket.core.workflow import NotPossible
from camket.indicators.models import Indicator
from camket.journal.models import Entry
from camket.objectives import operations, queries
from camket.objectives.models import Plan, Target
from camket.org.models import BodyName, Unit
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People
from plans import sample_plan

SIGNED: dict[str, Any] = {
    "number": "12/QĐ-UBND",
    "decided_on": date(2026, 1, 12),
    "signed_by": "Lê Minh Châu",
}
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def state(plan_id: int) -> str:
    return Plan.objects.get(pk=plan_id).state


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_incomplete_plan_is_not_submitted(people: People, draft: int) -> None:
    entries = Entry.objects.count()
    with pytest.raises(operations.PlanIncomplete) as refused:
        operations.submit_plan(actor=people.an, plan_id=draft, today=TODAY)
    assert [gap.element.value for gap in refused.value.gaps] == ["resources"]
    assert state(draft) == "draft"
    assert Entry.objects.count() == entries


def test_plan_is_submitted_and_returned_with_a_reason(people: People, complete_draft: int) -> None:
    operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    assert state(complete_draft) == "submitted"
    with pytest.raises(operations.ReasonMissing):
        operations.return_plan(actor=people.chau, plan_id=complete_draft, reason=" ", today=TODAY)
    assert state(complete_draft) == "submitted"
    operations.return_plan(
        actor=people.chau, plan_id=complete_draft, reason="Bổ sung mục tiêu về hài lòng", today=TODAY
    )
    plan = Plan.objects.get(pk=complete_draft)
    assert (plan.state, plan.submitted_at) == ("draft", None)
    assert Entry.objects.order_by("-pk")[0].reason == "Bổ sung mục tiêu về hài lòng"


def test_chairman_approves(people: People, complete_draft: int) -> None:
    operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    with pytest.raises(NotAllowed):
        operations.approve_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    operations.approve_plan(actor=people.chau, plan_id=complete_draft, today=TODAY)
    plan = Plan.objects.get(pk=complete_draft)
    assert (plan.state, plan.approved_by_id) == ("approved", people.chau.person_id)


def test_nobody_approves_what_either_of_the_two_submitted(people: People, complete_draft: int) -> None:
    operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    secretary = replace(
        people.chau,
        person_id=people.an.person_id,
        name=people.an.name,
        stands_in_for=(people.chau.person_id, people.chau.name),
    )
    assert "approve" not in queries.plan_detail(secretary, complete_draft).acts
    with pytest.raises(operations.OwnPlan):
        operations.approve_plan(actor=secretary, plan_id=complete_draft, today=TODAY)
    assert state(complete_draft) == "submitted"
    officer = replace(secretary, person_id=people.binh.person_id, name=people.binh.name)
    operations.approve_plan(actor=officer, plan_id=complete_draft, today=TODAY)
    assert Plan.objects.get(pk=complete_draft).approved_by_id == people.binh.person_id


def test_promulgation_dates_the_work(people: People, plan_in_force: int) -> None:
    plan = Plan.objects.get(pk=plan_in_force)
    assert (plan.state, plan.number, plan.decided_on) == ("promulgated", "12/QĐ-UBND", date(2026, 1, 12))
    assert set(Action.objects.values_list("state", flat=True)) == {"active"}
    monthly = Task.objects.filter(action__text__startswith="Rà soát")
    assert monthly.count() == 12
    assert {task.unit.name for task in monthly if task.unit} == {"Trung tâm Phục vụ hành chính công"}
    assert Trigger.objects.get().event == "Khi có thay đổi"
    assert Task.objects.get(action__text__startswith="Khảo sát").due_on == date(2026, 6, 15)
    assert verbs()[-1] == "plan.promulgated"


def test_promulgation_gives_every_target_its_indicator(people: People, plan_in_force: int) -> None:
    targets = Target.objects.filter(objective__plan_id=plan_in_force)
    assert not targets.filter(indicator=None).exists()
    assert Indicator.objects.count() == targets.count() == 4
    assert targets.get(kind="grade_at_least").indicator.measure == "grade"
    # Two targets under one objective are told apart by their own words.
    names = {
        target.indicator.name for target in targets if target.indicator and target.objective.number == "2"
    }
    assert len(names) == 2


def test_mapped_bodies_are_remembered(people: People, plan_in_force: int) -> None:
    known = BodyName.objects.get(agency=people.agency, key="trung tam phuc vu hcc")
    assert known.unit is not None
    assert known.unit.name == "Trung tâm Phục vụ hành chính công"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"number": " "}, operations.DecisionIncomplete),
        ({"signed_by": ""}, operations.DecisionIncomplete),
        ({"decided_on": date(2026, 7, 2)}, operations.DateInFuture),
        ({"number": "1" * 61}, operations.TooLong),
        ({"signed_file": operations.Upload(b"", "trong.pdf")}, operations.FileRefused),
    ],
)
def test_promulgation_is_refused(
    people: People, complete_draft: int, fields: dict[str, Any], refusal: type[operations.Refused]
) -> None:
    operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    operations.approve_plan(actor=people.chau, plan_id=complete_draft, today=TODAY)
    entries = Entry.objects.count()
    with pytest.raises(refusal):
        operations.promulgate_plan(
            actor=people.an, plan_id=complete_draft, today=TODAY, **{**SIGNED, **fields}
        )
    assert state(complete_draft) == "approved"
    assert not Task.objects.exists()
    assert not Indicator.objects.exists()
    assert Entry.objects.count() == entries


def test_second_plan_of_the_year_is_refused(people: People, plan_in_force: int) -> None:
    other = operations.import_format(actor=people.an, plan=sample_plan(), today=TODAY)
    operations.update_head(actor=people.an, plan_id=other, today=TODAY, resources="Kinh phí")
    with pytest.raises(operations.AnotherInForce):
        operations.record_signed_plan(
            actor=people.an,
            plan_id=other,
            today=TODAY,
            signed_file=operations.Upload(PDF, "khac.pdf"),
            **SIGNED,
        )
    assert state(other) == "draft"


def test_decision_signed_on_paper_goes_into_force_in_one_step(people: People, complete_draft: int) -> None:
    with pytest.raises(operations.SignedFileMissing):
        operations.record_signed_plan(actor=people.an, plan_id=complete_draft, today=TODAY, **SIGNED)
    assert state(complete_draft) == "draft"
    made = operations.record_signed_plan(
        actor=people.an,
        plan_id=complete_draft,
        today=TODAY,
        signed_file=operations.Upload(PDF, "quyet-dinh-12.pdf", "application/pdf"),
        **SIGNED,
    )
    plan = Plan.objects.get(pk=complete_draft)
    assert (plan.state, made) == ("promulgated", Task.objects.count())
    assert plan.signed_file is not None
    assert plan.signed_file.name == "quyet-dinh-12.pdf"


def test_objectives_owner_leads_what_has_no_lead(people: People, complete_draft: int) -> None:
    row = queries.plan_detail(people.an, complete_draft).objectives[0]
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    operations.update_action(actor=people.an, action_id=row.actions[0].id, today=TODAY, lead=[])
    with pytest.raises(operations.PlanIncomplete):
        operations.submit_plan(actor=people.an, plan_id=complete_draft, today=TODAY)
    operations.update_objective(actor=people.an, objective_id=row.id, today=TODAY, owner_id=unit.pk)
    operations.record_signed_plan(
        actor=people.an,
        plan_id=complete_draft,
        today=TODAY,
        signed_file=operations.Upload(PDF, "qd.pdf"),
        **SIGNED,
    )
    assert {task.unit_id for task in Task.objects.filter(action_id=row.actions[0].id)} == {unit.pk}


def test_amendment_replaces_the_plan_and_keeps_its_work(people: People, plan_in_force: int) -> None:
    old = queries.plan_detail(people.an, plan_in_force)
    done = Task.objects.filter(action_id=old.objectives[0].actions[0].id).order_by("due_on")[0]
    Task.objects.filter(pk=done.pk).update(state=Task.State.ACCEPTED, done_on=TODAY)

    amendment = operations.amend_plan(
        actor=people.an, plan_id=plan_in_force, today=TODAY, reason="Giao thêm việc"
    )
    with pytest.raises(operations.AmendmentOpen):
        operations.amend_plan(actor=people.an, plan_id=plan_in_force, today=TODAY)
    new = queries.plan_detail(people.an, amendment)
    assert (new.version, new.number, new.decided_on, new.supersedes_id) == (2, "", None, plan_in_force)
    assert [a.continues_id for o in new.objectives for a in o.actions] == [
        a.id for o in old.objectives for a in o.actions
    ]
    assert [t.indicator_id for o in new.objectives for t in o.targets] == [
        t.indicator_id for o in old.objectives for t in o.targets
    ]
    dropped = new.objectives[1].actions[0]
    operations.add_action(
        actor=people.an,
        objective_id=new.objectives[1].id,
        today=TODAY,
        text="Lắp thiết bị đánh giá",
        when="Quý III",
        lead=["Phòng Kinh tế"],
        evidence=["Biên bản"],
    )
    operations.delete_action(actor=people.an, action_id=dropped.id, today=TODAY)
    assert state(plan_in_force) == "promulgated"

    operations.submit_plan(actor=people.an, plan_id=amendment, today=TODAY)
    operations.approve_plan(actor=people.chau, plan_id=amendment, today=TODAY)
    operations.promulgate_plan(
        actor=people.an,
        plan_id=amendment,
        number="90/QĐ-UBND",
        decided_on=date(2026, 6, 30),
        signed_by="Lê Minh Châu",
        today=TODAY,
    )
    assert (state(plan_in_force), state(amendment)) == ("replaced", "promulgated")
    continued = new.objectives[0].actions[0].id
    done.refresh_from_db()
    assert (done.action_id, done.state) == (continued, "accepted")
    # What was overdue of it stays overdue.
    assert Task.objects.filter(action_id=continued).exclude(state="cancelled").count() == 12
    assert Task.objects.get(action_id=dropped.continues_id).state == "cancelled"
    assert Task.objects.get(action__text="Lắp thiết bị đánh giá").due_on == date(2026, 9, 30)
    assert set(
        Action.objects.filter(placement__objective__plan_id=plan_in_force).values_list("state", flat=True)
    ) == {"ended"}
    in_force = queries.plan_in_force(people.agency.pk, TODAY)
    assert in_force is not None
    assert in_force.pk == amendment
    assert [row.id for row in queries.versions(people.an, plan_in_force)] == [amendment, plan_in_force]
    assert queries.plan_detail(people.an, plan_in_force).replaced_by_id == amendment


def test_discarded_amendment_leaves_room_for_another(people: People, plan_in_force: int) -> None:
    first = operations.amend_plan(actor=people.an, plan_id=plan_in_force, today=TODAY)
    operations.discard_plan(actor=people.an, plan_id=first, today=TODAY, reason="Nhầm")
    second = operations.amend_plan(actor=people.an, plan_id=plan_in_force, today=TODAY)
    assert state(first) == "discarded"
    assert state(second) == "draft"
    assert [row.id for row in queries.plans(people.an)] == [second, plan_in_force]


def test_plan_is_closed_after_its_period(people: People, plan_in_force: int) -> None:
    with pytest.raises(operations.PlanRunning):
        operations.close_plan(actor=people.an, plan_id=plan_in_force, today=date(2026, 12, 31))
    assert state(plan_in_force) == "promulgated"
    operations.close_plan(actor=people.an, plan_id=plan_in_force, today=date(2027, 1, 4))
    assert state(plan_in_force) == "closed"
    assert not Action.objects.exclude(state="ended").exists()
    assert Task.objects.filter(state="open").exists()


ACTS: list[tuple[Any, dict[str, Any]]] = [
    (operations.accept_reading, {}),
    (operations.submit_plan, {}),
    (operations.return_plan, {"reason": "Sửa"}),
    (operations.approve_plan, {}),
    (operations.promulgate_plan, SIGNED),
    (operations.record_signed_plan, SIGNED),
    (operations.amend_plan, {}),
    (operations.close_plan, {}),
    (operations.discard_plan, {}),
    (operations.copy_plan, {"year": 2027}),
]


@pytest.mark.parametrize(("act", "fields"), ACTS)
def test_strangers_and_officers_do_nothing(
    people: People, complete_draft: int, act: Any, fields: dict[str, Any]
) -> None:
    entries = Entry.objects.count()
    with pytest.raises(Plan.DoesNotExist):
        act(actor=people.chi, plan_id=complete_draft, today=TODAY, **fields)
    with pytest.raises((NotAllowed, Plan.DoesNotExist)):
        act(
            actor=Actor(people.chau.person_id, people.chau.name, people.other_agency.pk, people.chau.roles),
            plan_id=complete_draft,
            today=TODAY,
            **fields,
        )
    with pytest.raises(NotAllowed):
        act(actor=people.binh, plan_id=complete_draft, today=TODAY, **fields)
    assert state(complete_draft) == "draft"
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("act", "actor", "fields"),
    [
        (operations.accept_reading, "an", {}),
        (operations.submit_plan, "an", {}),
        (operations.return_plan, "chau", {"reason": "Sửa"}),
        (operations.approve_plan, "chau", {}),
        (operations.promulgate_plan, "an", SIGNED),
        (operations.record_signed_plan, "an", SIGNED),
        (operations.discard_plan, "an", {}),
    ],
)
def test_plan_in_force_keeps_to_its_life(
    people: People, plan_in_force: int, act: Any, actor: str, fields: dict[str, Any]
) -> None:
    entries = Entry.objects.count()
    with pytest.raises(NotPossible):
        act(actor=getattr(people, actor), plan_id=plan_in_force, today=TODAY, **fields)
    assert state(plan_in_force) == "promulgated"
    assert Entry.objects.count() == entries
