"""The five elements of planning (ISO 9001:2015, 6.2.2): what is missing is named with its place."""

from __future__ import annotations

from typing import Any

import pytest

from camket.objectives import operations, queries
from camket.objectives.completeness import Completeness, completeness_of
from camket.org.models import Unit
from people import TODAY, People


def completeness(people: People, plan_id: int) -> Completeness:
    return completeness_of(queries.plan_detail(people.an, plan_id))


def test_complete_plan_lacks_nothing(people: People, complete_draft: int) -> None:
    found = completeness(people, complete_draft)
    assert found.is_complete
    assert found.gaps == ()
    assert set(found.by_element) == {"what", "resources", "who", "when", "evaluation"}


def test_empty_plan_lacks_what(people: People) -> None:
    empty = operations.create_plan(actor=people.an, year=2027, today=TODAY)
    (gap,) = completeness(people, empty).gaps
    assert (gap.element.value, gap.blocks) == ("what", True)


def test_resources_missing_everywhere_are_asked_for_once(people: People, draft: int) -> None:
    (gap,) = completeness(people, draft).blocking
    assert gap.element.value == "resources"
    assert gap.action_id is None
    assert gap.message.params == {"count": "4"}


def test_resources_missing_somewhere_are_named_each(people: People, draft: int) -> None:
    first = queries.plan_detail(people.an, draft).objectives[0].actions[0]
    operations.update_action(actor=people.an, action_id=first.id, today=TODAY, resources="Phần mềm")
    blocking = completeness(people, draft).blocking
    assert [gap.message.params["place"] for gap in blocking] == ["1.2", "2.1", "3.1"]


@pytest.mark.parametrize(
    ("fields", "element", "blocks"),
    [
        ({"lead": []}, "who", True),
        ({"lead": ["Hội Làm vườn"]}, "who", False),
        ({"when": ""}, "when", True),
        ({"when": "lúc thuận tiện"}, "when", True),
        ({"when": "Theo Kế hoạch"}, "when", False),
        ({"evidence": []}, "evaluation", True),
    ],
)
def test_gap_of_an_action(
    people: People, complete_draft: int, fields: dict[str, Any], element: str, *, blocks: bool
) -> None:
    action = queries.plan_detail(people.an, complete_draft).objectives[1].actions[0]
    # Another action still has its evidence, so the gap is this one's.
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, **fields)
    (gap,) = completeness(people, complete_draft).gaps
    assert (gap.element.value, gap.blocks, gap.action_id) == (element, blocks, action.id)
    assert "2.1" in (gap.message.params.get("place"), gap.message.params.get("places"))


def test_method_of_the_objective_evaluates_its_actions(people: People, complete_draft: int) -> None:
    for action in queries.plan_detail(people.an, complete_draft).objectives[0].actions:
        operations.update_action(actor=people.an, action_id=action.id, today=TODAY, evidence=[])
    assert completeness(people, complete_draft).is_complete


def test_plan_wide_evaluation_closes_all(people: People, complete_draft: int) -> None:
    action = queries.plan_detail(people.an, complete_draft).objectives[2].actions[0]
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, evidence=[])
    assert not completeness(people, complete_draft).is_complete
    operations.update_head(
        actor=people.an, plan_id=complete_draft, today=TODAY, evaluation="Đánh giá tại cuộc họp hằng quý."
    )
    assert completeness(people, complete_draft).is_complete


def test_owner_of_the_objective_leads_its_actions(people: People, complete_draft: int) -> None:
    row = queries.plan_detail(people.an, complete_draft).objectives[1]
    operations.update_action(actor=people.an, action_id=row.actions[0].id, today=TODAY, lead=[])
    unit = Unit.objects.filter(agency=people.agency)[0]
    operations.update_objective(actor=people.an, objective_id=row.id, today=TODAY, owner_id=unit.pk)
    assert completeness(people, complete_draft).gaps == ()


def test_objective_without_target_warns_and_without_action_blocks(
    people: People, complete_draft: int
) -> None:
    new = operations.add_objective(
        actor=people.an, plan_id=complete_draft, today=TODAY, text="Nâng cao ý thức phục vụ"
    )
    gaps = completeness(people, complete_draft).gaps
    assert [(gap.element.value, gap.blocks, gap.objective_id) for gap in gaps] == [
        ("what", True, new),
        ("what", False, new),
    ]


def test_unmapped_lead_of_several_actions_is_named_once(people: People, complete_draft: int) -> None:
    for row in queries.plan_detail(people.an, complete_draft).objectives[1:]:
        operations.update_action(
            actor=people.an, action_id=row.actions[0].id, today=TODAY, lead=["Hội Làm vườn"]
        )
    (gap,) = completeness(people, complete_draft).warnings
    assert gap.message.params == {"body": "Hội Làm vườn", "places": "2.1, 3.1"}
