"""A task of the cycle names what gave it out; a nonconformity is found by its number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from camket.actions import operations as work
from camket.actions.operations import NewTask
from camket.actions.policy import may_review
from camket.actions.queries import to_review
from camket.core.finding import sought
from camket.improvement.models import CorrectiveStep, Nonconformity, Review, ReviewDecision
from camket.improvement.operations import nonconformities, risks
from camket.improvement.queries.finding import find_in_cycle
from camket.improvement.queries.origins import Origin, origin_of
from camket.org.policy import Actor
from people import People
from work import NOW, TODAY, submitted_task, unit_of

SignedIn = Callable[[Actor], Client]
DUE = TODAY + timedelta(days=30)


@pytest.fixture
def given(people: People) -> dict[str, Any]:
    """One task of a nonconformity's plan, one of a review's decision, one of a risk, one of the plan."""
    same: dict[str, Any] = {"actor": people.an, "now": NOW}
    what = nonconformities.NewNonconformity("other", "Trả kết quả chậm", "Chậm 3 hồ sơ", TODAY)
    case = nonconformities.raise_nonconformity(what=what, **same)
    risk = risks.enter(
        risk=risks.NewRisk("risk", "Một cửa", "Mất điện", unit_id=unit_of(people, 1).pk), **same
    )
    new = NewTask("Sửa quy trình", DUE, None, people.binh.person_id, origin="KPH")
    tasks = {
        "case": work.add_task(task=new, **same),
        "review": work.add_task(task=new, **same),
        "risk": risks.treat(risk_id=risk.pk, task=new, **same).task,
        "plan": submitted_task(people),
    }
    CorrectiveStep.objects.create(nonconformity=case, text="Sửa", due_on=DUE, task=tasks["case"])
    review = Review.objects.create(
        agency=people.agency, year=2026, title="Xem xét năm 2026", period_start=TODAY, period_end=TODAY,
        held_on=TODAY, made_at=NOW, made_by_id=people.an.person_id,
    )  # fmt: skip
    ReviewDecision.objects.create(
        review=review, kind="improvement", text="Mua", due_on=DUE, task=tasks["review"]
    )
    return {"case": case, "review": review, "risk_row": risk, "tasks": tasks}


def test_a_task_names_what_gave_it_out(people: People, given: dict[str, Any]) -> None:
    tasks = given["tasks"]
    found = {each.pk: origin_of(people.an, each.pk) for each in tasks.values()}
    assert found == {
        tasks["plan"].pk: None,
        tasks["case"].pk: Origin("nonconformity", given["case"].pk, "KPH 01/2026", "Trả kết quả chậm"),
        tasks["review"].pk: Origin("review", given["review"].pk, "", "Xem xét năm 2026"),
        tasks["risk"].pk: Origin("risk", given["risk_row"].pk, "01", "Mất điện"),
    }
    assert [origin_of(people.chi, each.pk) for each in tasks.values()] == [None] * 4


def test_its_page_leads_there_and_its_result_waits_for_who_accepts_it(
    people: People, given: dict[str, Any], signed_in: SignedIn
) -> None:
    task = given["tasks"]["case"]
    link = f'<a href="/khac-phuc/{given["case"].pk}/">KPH 01/2026: Trả kết quả chậm</a>'
    assert link in signed_in(people.binh).get(f"/cong-viec/{task.pk}/").content.decode()
    before = signed_in(people.an).get("/dang-cho/").context["to_accept"]
    assert [each.row.id for each, _origin in before] == [given["tasks"]["plan"].pk]
    work.submit_task(actor=people.binh, task_id=task.pk, result="Đã sửa", now=NOW)
    page = signed_in(people.an).get("/dang-cho/")
    assert [each.row.id for each, _origin in page.context["to_accept"]] == [
        task.pk,
        given["tasks"]["plan"].pk,
    ]
    assert link in page.content.decode()
    assert signed_in(people.binh).get("/dang-cho/").context["to_accept"] == []


@pytest.mark.parametrize("words", ["KPH 01/2026", "kph 01", "01/2026 chậm"])
def test_a_nonconformity_is_found_by_its_number(people: People, given: dict[str, Any], words: str) -> None:
    wanted = sought(words)
    assert wanted is not None
    found = find_in_cycle(people.an, wanted, at_most=5)
    assert [(each.kind, each.number) for each in found.hits] == [("nonconformity", "KPH 01/2026")]
    Nonconformity.objects.update(serial=None, state="proposed")
    assert find_in_cycle(people.an, wanted, at_most=5).hits == ()


def test_who_accepts_one_sees_it_waiting_and_nobody_else(people: People) -> None:
    """The condition for many tasks is the rule for one."""
    task = submitted_task(people, monitor=unit_of(people, 0))
    bodies = list(task.action.bodies.select_related("unit"))
    actors = (people.an, people.binh, people.chau, people.dung, people.chi)
    for actor in actors:
        own = actor.is_own(task.submitted_by_id)
        here = actor.agency_id == task.agency_id
        assert (task in to_review(actor)) == (here and not own and may_review(actor, task, bodies))
    assert sum(task in to_review(actor) for actor in actors) >= 3
