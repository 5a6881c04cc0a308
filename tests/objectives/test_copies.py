"""Plans from nothing and from last year's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from camket.actions.models import Action
from camket.core import plan as core
from camket.core.workflow import NotPossible
from camket.journal.models import Entry
from camket.objectives import operations, queries
from camket.objectives.models import Plan
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from people import TODAY, People
from plans import sample_plan


def test_plan_from_nothing(people: People) -> None:
    plan_id = operations.create_plan(actor=people.an, year=2027, today=TODAY, title="Mục tiêu năm 2027")
    plan = queries.plan_detail(people.an, plan_id)
    assert (plan.state, plan.title, plan.kind, plan.place) == ("draft", "Mục tiêu năm 2027", "QĐ", "Bình Yên")
    assert plan.period == core.Period(date(2027, 1, 1), date(2027, 12, 31))
    assert plan.agency_name == "UBND xã Bình Yên"
    assert plan.objectives == ()
    assert Entry.objects.get(verb="plan.created").on == TODAY


def test_year_of_a_plan_may_run_over_the_turn_of_the_year(people: People) -> None:
    period = core.Period(date(2026, 12, 15), date(2027, 12, 14))
    plan_id = operations.create_plan(actor=people.an, year=2027, today=TODAY, period=period)
    assert queries.plan_detail(people.an, plan_id).period == period


@pytest.mark.parametrize(
    ("year", "period", "refusal"),
    [
        (0, None, operations.YearMissing),
        (2101, None, operations.YearMissing),
        (2027, core.Period(date(2027, 1, 1), date(2026, 1, 1)), operations.PeriodNotPossible),
        (2027, core.Period(date(2027, 1, 1), date(2030, 1, 1)), operations.PeriodNotPossible),
    ],
)
def test_plan_is_not_begun(
    people: People, year: int, period: core.Period | None, refusal: type[operations.Refused]
) -> None:
    with pytest.raises(refusal):
        operations.create_plan(actor=people.an, year=year, today=TODAY, period=period)
    assert not Plan.objects.exists()
    assert not Entry.objects.exists()


def test_officer_begins_no_plan(people: People) -> None:
    with pytest.raises(NotAllowed):
        operations.create_plan(actor=people.binh, year=2027, today=TODAY)


def test_copy_has_years_moved_on_and_keeps_what_was_set(people: People, plan_in_force: int) -> None:
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    origin = Plan.objects.get(pk=plan_in_force)
    origin.objectives.order_by("order").update(owner=unit)
    first = origin.objectives.order_by("order")[0].targets.get()
    first.expected_volume, first.baseline_value = Decimal(1500), Decimal(95)
    first.save()
    origin.resources = "Kinh phí tự chủ năm 2026; máy quét cấp năm 2025."
    origin.save()
    Action.objects.filter(placement__objective__plan=origin).update(evaluation="So với năm 2025")
    copy_id = operations.copy_plan(actor=people.an, plan_id=plan_in_force, year=2027, today=TODAY)
    old, copy = (queries.plan_detail(people.an, each) for each in (plan_in_force, copy_id))
    expected = sample_plan(2027, number=None)
    assert copy.as_format() == expected
    assert (copy.state, copy.version, copy.copied_from_id) == ("draft", 1, plan_in_force)
    assert copy.period == core.Period(date(2027, 1, 1), date(2027, 12, 31))
    assert copy.resources == "Kinh phí tự chủ năm 2027; máy quét cấp năm 2026."
    assert copy.objectives[0].actions[0].evaluation == "So với năm 2026"
    assert {each.owner for each in copy.objectives} == {"Phòng Kinh tế"}
    assert [t.indicator_id for o in copy.objectives for t in o.targets] == [
        t.indicator_id for o in old.objectives for t in o.targets
    ]
    target = copy.objectives[0].targets[0]
    assert (target.expected_volume, target.baseline_value) == (Decimal(1500), None)
    assert copy.objectives[0].actions[0].lead == old.objectives[0].actions[0].lead
    assert copy.objectives[0].actions[0].continues_id is None
    assert Entry.objects.order_by("-pk")[0].verb == "plan.copied"


def test_nothing_is_copied_to_no_year_or_from_what_was_discarded(people: People, draft: int) -> None:
    with pytest.raises(operations.YearMissing):
        operations.copy_plan(actor=people.an, plan_id=draft, year=27, today=TODAY)
    operations.discard_plan(actor=people.an, plan_id=draft, today=TODAY)
    with pytest.raises(NotPossible):
        operations.copy_plan(actor=people.an, plan_id=draft, year=2027, today=TODAY)
    assert Plan.objects.count() == 1
