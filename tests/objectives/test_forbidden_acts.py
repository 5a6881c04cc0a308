"""What the state of a plan forbids: every operation on a plan or on a row of it, in every state that has not its act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from camket.core.workflow import PLAN, NotPossible
from camket.journal.models import Entry
from camket.objectives import operations
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from people import TODAY, People

SIGNED: dict[str, Any] = {"number": "12/QĐ-UBND", "decided_on": TODAY, "signed_by": "Lê Minh Châu"}


def operations_by_act(people: People, plan_id: int) -> dict[str, Sequence[Callable[[], object]]]:
    """Return every operation on a plan, filled in so that nothing but its state can forbid it, by the act it is of."""
    an, chau = {"actor": people.an, "today": TODAY}, {"actor": people.chau, "today": TODAY}
    plan = {"plan_id": plan_id}
    first, second = (
        {"objective_id": each}
        for each in Objective.objects.filter(plan_id=plan_id).values_list("pk", flat=True)[:2]
    )
    target = {"target_id": Target.objects.filter(objective__plan_id=plan_id)[0].pk}
    one, other = ObjectiveAction.objects.filter(objective__plan_id=plan_id).values_list(
        "action_id", flat=True
    )[:2]
    halves = {"first": "Một nửa", "second": "Nửa kia"}
    into = {"into_id": second["objective_id"]}
    return {
        "edit": [
            partial(operations.update_head, **an, **plan, title="Tên khác"),
            partial(operations.add_objective, **an, **plan, text="Mục tiêu khác"),
            partial(operations.renumber_objectives, **an, **plan),
            partial(operations.update_objective, **an, **first, text="Lời khác"),
            partial(operations.move_objective, **an, **first, position=1),
            partial(operations.split_objective, **an, **first, **halves),
            partial(operations.merge_objectives, **an, **first, **into),
            partial(operations.delete_objective, **an, **first),
            partial(operations.add_targets, **an, **first, text="Đạt từ 95% trở lên"),
            partial(operations.update_target, **an, **target, striving=True),
            partial(operations.move_target, **an, **target, **second),
            partial(operations.delete_target, **an, **target),
            partial(operations.add_action, **an, **first, text="Việc khác"),
            partial(operations.update_action, **an, action_id=one, text="Việc khác"),
            partial(operations.move_action, **an, action_id=one, **second),
            partial(operations.split_action, **an, action_id=one, **halves),
            partial(operations.merge_actions, **an, action_id=one, into_id=other),
            partial(operations.delete_action, **an, action_id=one),
        ],
        "map": [
            partial(operations.map_bodies, **an, **plan, mappings=[operations.BodyMapping("Thư ký ISO")]),
        ],
        "wire": [
            partial(operations.wire_target, **an, **target, code="dossiers.on_time"),
            partial(operations.confirm_proposals, **an, **plan),
        ],
        "accept": [partial(operations.accept_reading, **an, **plan)],
        "discard": [partial(operations.discard_plan, **an, **plan)],
        "submit": [partial(operations.submit_plan, **an, **plan)],
        "record_signed": [partial(operations.record_signed_plan, **an, **plan, **SIGNED)],
        "return": [partial(operations.return_plan, **chau, **plan, reason="Thiếu một mục tiêu")],
        "approve": [partial(operations.approve_plan, **chau, **plan)],
        "promulgate": [partial(operations.promulgate_plan, **an, **plan, **SIGNED)],
        "amend": [partial(operations.amend_plan, **an, **plan)],
        "close": [partial(operations.close_plan, **chau, **plan)],
    }


@pytest.mark.parametrize("state", PLAN.states)
def test_every_forbidden_act_is_refused_and_changes_nothing(
    people: People, complete_draft: int, state: str
) -> None:
    Plan.objects.filter(pk=complete_draft).update(state=state)
    done = operations_by_act(people, complete_draft)
    # What is replaced, is so by the plan that amends it.
    assert set(done) | {"replace"} == {act for each in PLAN.states for act in PLAN.acts(each)}
    before = _rows(complete_draft)
    for act in set(done) - PLAN.acts(state):
        for operation in done[act]:
            with pytest.raises(NotPossible) as refused:
                operation()
            assert (refused.value.state, refused.value.message) == (state, PLAN.explanations[state])
            assert _rows(complete_draft) == before, (act, operation)


def test_what_a_draft_allows_goes_through(people: People, complete_draft: int) -> None:
    """What keeps the state goes through as it is filled in above: a refusal there is the state's, and nothing else's."""
    done = operations_by_act(people, complete_draft)
    keeping = [act for act, after in PLAN.moves["draft"].items() if after == "draft" and act != "submit"]
    for act in keeping:
        for operation in done[act][:1] if act == "edit" else done[act]:
            operation()
    assert Plan.objects.get(pk=complete_draft).title == "Tên khác"


def test_an_amendment_replaces_only_a_plan_that_is_in_force(people: People, plan_in_force: int) -> None:
    amendment = operations.amend_plan(actor=people.an, plan_id=plan_in_force, today=TODAY)
    operations.submit_plan(actor=people.an, plan_id=amendment, today=TODAY)
    operations.approve_plan(actor=people.chau, plan_id=amendment, today=TODAY)
    for state in set(PLAN.states) - {"promulgated"}:
        Plan.objects.filter(pk=plan_in_force).update(state=state)
        with pytest.raises(NotPossible):
            operations.promulgate_plan(actor=people.an, plan_id=amendment, today=TODAY, **SIGNED)
        assert Plan.objects.get(pk=amendment).state == "approved"


def _rows(plan_id: int) -> tuple[object, ...]:
    """Return what a forbidden act must leave: the plan, its rows, and the journal."""
    return (
        list(Plan.objects.filter(pk=plan_id).values()),
        list(Objective.objects.filter(plan_id=plan_id).order_by("pk").values()),
        list(Target.objects.filter(objective__plan_id=plan_id).order_by("pk").values()),
        list(
            ObjectiveAction.objects.filter(objective__plan_id=plan_id)
            .order_by("pk")
            .values("pk", "action__text")
        ),
        Plan.objects.count(),
        Entry.objects.count(),
    )
