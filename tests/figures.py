"""A plan in force whose targets have figures, for the tests of verdicts and of the pages that show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from camket.core.plan import Grade, Period
from camket.indicators.models import Reading
from camket.indicators.operations import NewReading, confirm_reading, enter_reading
from camket.objectives import operations
from camket.objectives.models import Plan, Target
from people import People
from plans import sample_plan
from work import NOW

SPRING = Period(date(2026, 1, 1), date(2026, 3, 31))
SUMMER = Period(date(2026, 4, 1), date(2026, 6, 30))
HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
JANUARY = date(2026, 1, 12)


def make_plan_in_force(people: People) -> Plan:
    """An's plan of 2026, promulgated on 12 January: targets on time, satisfaction, growth, grade."""
    plan_id = operations.import_format(actor=people.an, plan=sample_plan(), today=JANUARY)
    operations.update_head(
        actor=people.an,
        plan_id=plan_id,
        today=JANUARY,
        resources="Kinh phí thường xuyên.",
        evaluation="Theo báo cáo.",
    )
    operations.submit_plan(actor=people.an, plan_id=plan_id, today=JANUARY)
    operations.approve_plan(actor=people.chau, plan_id=plan_id, today=JANUARY)
    operations.promulgate_plan(
        actor=people.an,
        plan_id=plan_id,
        number="12/QĐ-UBND",
        decided_on=JANUARY,
        signed_by="Lê Minh Châu",
        today=JANUARY,
    )
    return Plan.objects.get(pk=plan_id)


def targets_of(plan: Plan) -> list[Target]:
    return list(
        Target.objects.filter(objective__plan=plan)
        .select_related("indicator")
        .order_by("objective__order", "order")
    )


def share(part: int, whole: int, period: Period = HALF) -> NewReading:
    return NewReading(period, "Phần mềm một cửa", Decimal(part), Decimal(whole))


def graded(grade: Grade, period: Period = HALF) -> NewReading:
    return NewReading(period, "Thông báo của tỉnh", grade=grade)


def read(people: People, target: Target, reading: NewReading, *, confirmed: bool = True) -> Reading:
    """Bình enters a figure of a target; An confirms it."""
    assert target.indicator_id is not None
    row = enter_reading(actor=people.binh, indicator_id=target.indicator_id, reading=reading, now=NOW)
    if confirmed:
        row = confirm_reading(actor=people.an, reading_id=row.pk, now=NOW)
    return row
