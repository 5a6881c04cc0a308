"""A commune's half year: a plan in force with readings, tasks and evidence, for tests of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from camket.actions.models import Action, Task
from camket.core.plan import Period
from camket.documents.models import Evidence
from camket.indicators import operations
from camket.indicators.models import Indicator, Reading
from camket.objectives.models import Objective, ObjectiveAction, Plan, Target
from camket.org.models import Unit
from camket.reporting import operations as reports
from camket.reporting.models import Report
from people import People

NOW = datetime(2026, 7, 1, 3, tzinfo=UTC)
TODAY = date(2026, 7, 1)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


@dataclass(frozen=True)
class Year:
    """The plan and the rows that tests change."""

    plan: Plan
    on_time: Target
    late: Target
    unmeasured: Target
    reading: Reading
    overdue: Task
    done: Task


def make_year(people: People) -> Year:
    """Create a plan of two objectives and three targets: one on track, one missed, one without figures."""
    agency, an, binh = people.agency, people.an, people.binh
    plan = Plan.objects.create(
        agency=agency,
        year=2026,
        period_start=YEAR.start,
        period_end=YEAR.end,
        state=Plan.State.PROMULGATED,
        title="Mục tiêu chất lượng năm 2026",
        number="05/QĐ-UBND",
        decided_on=date(2026, 1, 5),
        created_at=NOW,
        created_by_id=an.person_id,
    )
    office, economy = agency.units.order_by("order")[:2]
    first = Objective.objects.create(
        plan=plan,
        order=1,
        number="1",
        text="Ít nhất 98% hồ sơ giải quyết đúng hạn; không có hồ sơ bị trả lại do sai sót của công chức.",
    )
    second = Objective.objects.create(
        plan=plan, order=2, number="2", text="Bê tông hóa ít nhất 5 km đường thôn trong năm."
    )
    dossiers = Indicator.objects.create(
        agency=agency, name="Tỷ lệ hồ sơ đúng hạn", measure="ratio", unit="%", adds_up=True
    )
    returned = Indicator.objects.create(agency=agency, name="Hồ sơ bị trả lại", measure="value", adds_up=True)
    on_time = Target.objects.create(
        objective=first,
        order=1,
        text="Ít nhất 98% hồ sơ giải quyết đúng hạn",
        kind="at_least",
        value=Decimal(98),
        unit="%",
        expected_volume=Decimal(2400),
        indicator=dossiers,
    )
    late = Target.objects.create(
        objective=first,
        order=2,
        text="không có hồ sơ bị trả lại do sai sót của công chức",
        kind="at_most",
        value=Decimal(0),
        indicator=returned,
    )
    unmeasured = Target.objects.create(
        objective=second,
        order=1,
        text="Bê tông hóa ít nhất 5 km đường thôn trong năm",
        kind="at_least",
        value=Decimal(5),
        unit="km",
    )
    reading = _reading(people, dossiers, numerator=Decimal(1188), denominator=Decimal(1200))
    _reading(people, returned, value=Decimal(3))
    report = Evidence.objects.create(
        agency=agency,
        kind="document",
        title="Báo cáo thống kê hồ sơ 6 tháng",
        document_number="41/BC-TTHCC",
        document_date=date(2026, 6, 25),
        added_at=NOW,
        added_by_id=binh.person_id,
    )
    reading.evidence.add(report)
    done = _task(people, first, office, "1", "Rà soát, niêm yết thủ tục hành chính", date(2026, 3, 31))
    done.state, done.done_on, done.progress = Task.State.ACCEPTED, date(2026, 3, 25), 100
    done.save()
    late_task = _task(people, first, office, "2", "Tổng hợp phiếu khảo sát sự hài lòng", date(2026, 4, 30))
    late_task.state, late_task.done_on = Task.State.ACCEPTED, date(2026, 5, 12)
    late_task.save()
    overdue = _task(people, second, economy, "1", "Nghiệm thu tuyến đường thôn Thượng", date(2026, 6, 15))
    _task(people, second, economy, "2", "Quyết toán công trình", date(2026, 11, 30))
    return Year(plan, on_time, late, unmeasured, reading, overdue, done)


def _reading(people: People, indicator: Indicator, **figure: Decimal) -> Reading:
    return Reading.objects.create(
        agency=people.agency,
        indicator=indicator,
        period_start=HALF.start,
        period_end=HALF.end,
        source="Phần mềm một cửa điện tử",
        state=Reading.State.CONFIRMED,
        entered_at=NOW,
        entered_by_id=people.binh.person_id,
        confirmed_at=NOW,
        confirmed_by_id=people.an.person_id,
        **figure,
    )


def _task(people: People, objective: Objective, unit: Unit, number: str, text: str, due: date) -> Task:
    action = Action.objects.create(
        agency=people.agency, year=2026, number=number, text=text, state=Action.State.ACTIVE
    )
    ObjectiveAction.objects.create(objective=objective, action=action, order=int(number))
    return Task.objects.create(
        agency=people.agency,
        action=action,
        kind=Task.Kind.DATED,
        occurrence=f"by:{due.isoformat()}",
        due_on=due,
        due_original=due,
        late_after=due,
        unit=unit,
    )


def correct_reading(people: People, year: Year, numerator: int) -> None:
    """Withdraw the reading on dossiers and enter and confirm another, as people do it."""
    operations.withdraw_reading(actor=people.an, reading_id=year.reading.pk, reason="Đếm lại hồ sơ", now=NOW)
    again = operations.enter_reading(
        actor=people.binh,
        indicator_id=year.reading.indicator_id,
        reading=operations.NewReading(
            period=HALF, numerator=Decimal(numerator), denominator=Decimal(1200), source="Đếm lại"
        ),
        now=NOW,
    )
    operations.confirm_reading(actor=people.an, reading_id=again.pk, now=NOW)


def approve(people: People, report: Report) -> None:
    """Have a draft submitted by An and approved by Châu; one that is approved stays so."""
    if Report.objects.get(pk=report.pk).state == Report.State.DRAFT:
        reports.submit_report(actor=people.an, report_id=report.pk, now=NOW)
        reports.approve_report(actor=people.chau, report_id=report.pk, now=NOW)


def issue_half_year(people: People) -> Report:
    """Make the half year's rows, write its report and issue it."""
    year = make_year(people)
    draft = reports.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )
    approve(people, draft)
    return reports.issue_report(
        actor=people.an,
        report_id=draft.pk,
        number="12/BC-UBND",
        issued_on=TODAY,
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
        now=NOW,
    )
