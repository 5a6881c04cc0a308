"""A plan ten times as long takes hardly more statements to copy, amend and put in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from camket.actions.models import Task
from camket.indicators.models import Indicator
from camket.journal.models import Entry
from camket.objectives import operations
from camket.objectives.models import Objective, Plan
from people import TODAY, People
from plans import sample_plan
from work import PDF

LONG = 30


def long_plan(people: People) -> int:
    first = sample_plan().objectives[0]
    objectives = tuple(replace(first, number=str(number)) for number in range(1, LONG + 1))
    plan_id = operations.import_format(
        actor=people.an, plan=replace(sample_plan(), objectives=objectives), today=TODAY
    )
    operations.update_head(actor=people.an, plan_id=plan_id, today=TODAY, resources="Kinh phí")
    Objective.objects.update(owner=people.agency.units.get(order=0))
    return plan_id


def put_in_force(people: People, plan_id: int, number: str) -> int:
    return operations.record_signed_plan(
        actor=people.an,
        plan_id=plan_id,
        number=number,
        decided_on=date(2026, 1, 12),
        signed_by="Lê Minh Châu",
        signed_file=operations.Upload(PDF, "quyet-dinh.pdf"),
        today=TODAY,
    )


def test_statements_do_not_grow_with_the_plan(people: People, django_assert_max_num_queries: Any) -> None:
    plan_id = long_plan(people)
    with django_assert_max_num_queries(80):
        assert put_in_force(people, plan_id, "12/QĐ-UBND") == 12 * LONG
    assert Indicator.objects.count() == LONG
    tasks = set(Task.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(45):
        amendment = operations.amend_plan(actor=people.an, plan_id=plan_id, today=TODAY)
    with django_assert_max_num_queries(90):
        assert put_in_force(people, amendment, "90/QĐ-UBND") == 0
    assert set(Task.objects.values_list("pk", flat=True)) == tasks
    assert set(Task.objects.values_list("action__placement__objective__plan_id", flat=True)) == {amendment}
    with django_assert_max_num_queries(45):
        operations.copy_plan(actor=people.an, plan_id=amendment, year=2027, today=TODAY)


def test_the_journal_tells_of_the_whole_in_few_entries(people: People) -> None:
    plan_id = long_plan(people)
    before = Entry.objects.count()
    put_in_force(people, plan_id, "12/QĐ-UBND")
    told = {entry.verb: entry for entry in Entry.objects.order_by("sequence")[before:]}
    assert set(told) == {"file.stored", "indicator.defined", "action.in_force", "plan.recorded_signed"}
    plan = Plan.objects.get(pk=plan_id)
    for verb in ("indicator.defined", "action.in_force"):
        assert (told[verb].subject_type, told[verb].subject_id) == ("objectives.plan", plan.pk)
    assert len(told["indicator.defined"].after["indicators"]) == LONG
    assert told["action.in_force"].after == {"actions": 2 * LONG, "tasks": 12 * LONG, "cancelled": 0}
