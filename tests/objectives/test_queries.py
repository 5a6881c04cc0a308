"""What pages read of plans, and how many statements that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from camket.core import plan as core
from camket.objectives import operations, queries
from camket.objectives.models import Plan
from camket.org.policy import Actor, NotAllowed
from people import TODAY, People
from plans import sample_plan

Query = Callable[..., Any]

OF_A_PLAN: list[tuple[Query, int]] = [
    (queries.plan_detail, 5),
    (queries.plan_as_format, 5),
    (queries.versions, 1),
    (queries.reading_of, 1),
]
OF_A_DETAIL: list[tuple[Query, int]] = [
    (lambda plan: queries.rows_in_decision_layout(plan.objectives), 0),
    (queries.preview_dates, 2),
    (queries.bodies, 3),
    (queries.unmapped_count, 0),
]


def big_plan(objectives: int) -> core.Plan:
    plan = sample_plan()
    one = plan.objectives[0]
    return replace(
        plan, objectives=tuple(replace(one, number=str(number)) for number in range(1, objectives + 1))
    )


@pytest.mark.parametrize(("query", "statements"), OF_A_PLAN)
def test_statements_do_not_grow_with_the_plan(people: People, query: Query, statements: int) -> None:
    small = operations.import_format(actor=people.an, plan=big_plan(1), today=TODAY)
    large = operations.import_format(actor=people.an, plan=big_plan(60), today=TODAY)
    counts = []
    for plan_id in (small, large):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            query(people.an, plan_id)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= statements


@pytest.mark.parametrize(("query", "statements"), OF_A_DETAIL)
def test_what_is_made_of_a_loaded_plan_does_not_load_it_again(
    people: People, query: Query, statements: int
) -> None:
    for size in (1, 60):
        plan_id = operations.import_format(actor=people.an, plan=big_plan(size), today=TODAY)
        plan = queries.plan_detail(people.an, plan_id)
        with CaptureQueriesContext(connection) as captured:
            query(plan)
        assert len(captured) == statements


@pytest.mark.parametrize(("query", "_statements"), OF_A_PLAN)
def test_nobody_else_reads(people: People, draft: int, query: Query, _statements: int) -> None:
    with pytest.raises(Plan.DoesNotExist):
        query(people.chi, draft)
    nobody = Actor(people.an.person_id, people.an.name, people.agency.pk, frozenset())
    with pytest.raises(NotAllowed):
        query(nobody, draft)


def test_import_writes_in_few_statements(people: People) -> None:
    counts = []
    for size in (1, 60):
        with CaptureQueriesContext(connection) as captured:
            operations.import_format(actor=people.an, plan=big_plan(size), today=TODAY)
        counts.append(len(captured))
    # SQLite takes large inserts in a few batches.
    assert counts[0] <= 20
    assert counts[1] <= 25


def test_plans_are_listed(people: People, plan_in_force: int) -> None:
    later = operations.create_plan(actor=people.an, year=2027, today=TODAY, title="Mục tiêu năm tới")
    with CaptureQueriesContext(connection) as captured:
        rows = queries.plans(people.an)
    assert len(captured) == 1
    assert [row.id for row in rows] == [later, plan_in_force]
    assert (rows[1].objectives, rows[1].targets, rows[1].actions) == (3, 4, 4)
    assert [row.id for row in queries.plans(people.an, year=2026)] == [plan_in_force]
    assert [row.id for row in queries.plans(people.an, state="draft")] == [later]
    assert [row.id for row in queries.plans(people.an, text="muc tieu")] == [later]
    assert [row.id for row in queries.plans(people.an, text="12/QĐ")] == [plan_in_force]
    assert [row.id for row in queries.plan_choices(people.an)] == [plan_in_force]


def test_discarded_plans_are_listed_only_where_asked_for(people: People, draft: int) -> None:
    operations.discard_plan(actor=people.an, plan_id=draft, today=TODAY)
    assert queries.plans(people.an) == ()
    assert [row.id for row in queries.plans(people.an, state="discarded")] == [draft]


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        ("an", {"edit", "map", "discard", "submit", "record_signed", "copy"}),
        ("chau", {"record_signed"}),
        ("binh", set()),
    ],
)
def test_acts_are_those_of_state_and_role(people: People, draft: int, who: str, acts: set[str]) -> None:
    plan = queries.plan_detail(getattr(people, who), draft)
    assert plan.acts == acts
    assert plan.is_editable == ("edit" in acts)


def test_acts_of_a_plan_in_force(people: People, plan_in_force: int) -> None:
    assert queries.plan_detail(people.an, plan_in_force).acts == {"map", "amend", "close", "copy"}


def test_plan_in_force_on_a_day(people: People, plan_in_force: int) -> None:
    found = queries.plan_in_force(people.agency.pk, TODAY)
    assert found is not None
    assert found.pk == plan_in_force
    assert queries.plan_in_force(people.agency.pk, date(2027, 1, 1)) is None
    assert queries.plan_in_force(people.other_agency.pk, TODAY) is None


def test_dates_are_those_that_promulgation_makes(people: People, draft: int) -> None:
    preview = queries.preview_dates(queries.plan_detail(people.an, draft))
    monthly = [each for each in preview.dates if each.action_text.startswith("Rà soát")]
    assert len(monthly) == 12
    assert [each.event for each in preview.triggers] == ["Khi có thay đổi"]
    assert preview.undated == ()
    assert list(preview.dates) == sorted(preview.dates, key=lambda each: each.due)
    action = queries.plan_detail(people.an, draft).objectives[0].actions[0]
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, when="Theo Kế hoạch")
    (undated,) = queries.preview_dates(queries.plan_detail(people.an, draft)).undated
    assert (undated.action_id, undated.when) == (action.id, "Theo Kế hoạch")


def test_words_are_understood_at_once(people: People, draft: int) -> None:
    when = queries.understood_when(people.an, draft, "Trước ngày 15/6")
    assert when.entries == (core.Schedule(core.ScheduleKind.BY, date=date(2026, 6, 15)),)
    assert [each.due for each in when.preview.dates] == [date(2026, 6, 15)]
    assert when.rest == ""
    unclear = queries.understood_when(people.an, draft, "lúc thuận tiện")
    assert (unclear.entries, unclear.rest) == ((), "lúc thuận tiện")
    (target,) = queries.understood_target(people.an, "ít nhất 95%")
    assert target.target.kind is core.TargetKind.AT_LEAST
    assert queries.understood_target(people.an, "cố gắng hơn nữa") == ()
    with pytest.raises(Plan.DoesNotExist):
        queries.understood_when(people.chi, draft, "Hằng quý")


def test_decision_layout_lists_objectives_then_their_actions(people: People, draft: int) -> None:
    rows = queries.rows_in_decision_layout(queries.plan_detail(people.an, draft).objectives)
    assert [(row.kind, row.number) for row in rows[:4]] == [
        ("objective", "1"),
        ("action", "1"),
        ("action", "2"),
        ("objective", "2"),
    ]
    assert rows[1].lead == ("Trung tâm Phục vụ HCC",)
