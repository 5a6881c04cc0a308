"""Reports that each unit makes on its own targets, in the agency's calendar: owed, reminded, begun, done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camket.core.report_calendar import LineNotPossible
from camket.journal.models import Entry
from camket.notifications import due
from camket.objectives.operations import UnitDecision, merge_unit
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.reporting import beginning, calendar, operations
from camket.reporting.models import ReportOccurrence
from camket.reporting.unit_targets import targets_by_unit, units_that_report
from people import People
from reporting.test_calendar import begin
from reporting.year import HALF, NOW, TODAY, Year, approve, make_year


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def economy(people: People) -> Unit:
    return people.agency.units.order_by("order")[1]


def owed(people: People) -> dict[str, calendar.Owed]:
    """Begin the calendar with the units' reports of the half year; return them by unit."""
    begin(people, "objectives.units.half_year")
    return {each.unit: each for each in calendar.owed_in(people.an, 2026)}


def test_each_unit_with_targets_owes_one_and_no_other(people: People, year: Year) -> None:
    rows = owed(people)
    assert set(rows) == set(units_that_report(people.agency.pk, HALF).values())
    assert set(rows) == {"Văn phòng HĐND và UBND", "Phòng Kinh tế"}
    row = rows["Phòng Kinh tế"]
    assert row.title == "Báo cáo kết quả thực hiện Mục tiêu chất lượng 6 tháng đầu năm 2026 của Phòng Kinh tế"
    assert (row.period, row.due_on, row.units_by) == (HALF, date(2026, 6, 5), None)
    assert calendar.write_all(today=TODAY) == 0


def test_its_head_is_reminded_of_it_alone(people: People, year: Year) -> None:
    rows = owed(people)
    (mine,) = due.due_for(people.dung, TODAY, until=TODAY)
    assert (mine.kind.key, mine.page_id, mine.is_late(TODAY)) == (
        "report.owed",
        rows["Phòng Kinh tế"].id,
        True,
    )
    # An works in the office, which nobody heads.
    assert [each.page_id for each in due.due_for(people.an, TODAY, until=TODAY)] == [
        rows["Văn phòng HĐND và UBND"].id
    ]


def test_the_head_begins_it_from_the_calendar_and_issuing_does_it(
    people: People, year: Year, economy: Unit
) -> None:
    row = owed(people)["Phòng Kinh tế"]
    draft = beginning.begin_owed(actor=people.dung, occurrence_id=row.id, now=NOW)
    assert (draft.unit_id, draft.kind, draft.period_end) == (economy.pk, "half_year", HALF.end)
    assert calendar.owed(people.dung, row.id).report_id == draft.pk
    operations.submit_report(actor=people.dung, report_id=draft.pk, now=NOW)
    operations.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
    operations.issue_report(
        actor=people.an, report_id=draft.pk, number="02/BC-PKT", issued_on=TODAY, signed_by="Phạm Tiến Dũng",
        capacity="TRƯỞNG PHÒNG", authority="", now=NOW,
    )  # fmt: skip
    done = calendar.owed(people.an, row.id)
    assert (done.is_done, done.sent_number, done.sent_on) == (True, "02/BC-PKT", TODAY)
    others = [each for each in calendar.owed_in(people.an, 2026) if each.id != row.id]
    assert all(each.is_open and each.report_id is None for each in others)


def test_a_head_begins_no_other_units(people: People, year: Year) -> None:
    rows = owed(people)
    with pytest.raises(NotAllowed):
        beginning.begin_owed(actor=people.dung, occurrence_id=rows["Văn phòng HĐND và UBND"].id, now=NOW)
    assert not ReportOccurrence.objects.exclude(report=None).exists()


def test_the_agencys_report_does_not_do_the_units(people: People, year: Year) -> None:
    begin(people, "objectives.half_year", "objectives.units.half_year")
    rows = calendar.owed_in(people.an, 2026)
    agencys = next(each for each in rows if not each.is_of_unit)
    draft = beginning.begin_owed(actor=people.an, occurrence_id=agencys.id, now=NOW)
    approve(people, draft)
    operations.issue_report(
        actor=people.an, report_id=draft.pk, number="12/BC-UBND", issued_on=TODAY, signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH", authority="", now=NOW,
    )  # fmt: skip
    states = {each.unit: each.is_done for each in calendar.owed_in(people.an, 2026)}
    assert states == {"": True, "Văn phòng HĐND và UBND": False, "Phòng Kinh tế": False}


def test_a_unit_that_issued_before_the_calendar_owes_no_more(
    people: People, year: Year, economy: Unit
) -> None:
    draft = operations.draft_report(
        actor=people.dung, plan_id=year.plan.pk, kind="half_year", period=HALF, unit_id=economy.pk, now=NOW
    )
    rows = owed(people)
    assert rows["Phòng Kinh tế"].report_id == draft.pk
    assert rows["Văn phòng HĐND và UBND"].report_id is None


def test_a_unit_that_loses_its_targets_owes_no_more(people: People, year: Year, economy: Unit) -> None:
    row = owed(people)["Phòng Kinh tế"]
    for task in year.plan.objectives.get(number="2").placements.all():
        task.action.tasks.update(state="cancelled")
    assert economy.pk not in targets_by_unit(year.plan.pk)
    assert calendar.write_all(today=TODAY) == 1
    assert ReportOccurrence.objects.get(pk=row.id).state == "dropped"


def test_who_takes_over_from_a_unit_owes_its_own_alone(people: People, year: Year, economy: Unit) -> None:
    owed(people)
    office = people.agency.units.order_by("order")[0]
    merge_unit(
        actor=people.an,
        unit_id=economy.pk,
        into_id=office.pk,
        decision=UnitDecision("12/QĐ-UBND", TODAY, "Sắp xếp"),
        now=NOW,
    )
    calendar.write_all(today=TODAY)
    assert [each.unit for each in calendar.owed_in(people.an, 2026)] == [office.name]


@pytest.mark.parametrize("change", [{"subject": "dossiers"}, {"unit_id": -1}])
def test_only_reports_on_objectives_are_made_by_each_unit(
    people: People, year: Year, change: dict[str, object], economy: Unit
) -> None:
    version = begin(people, "objectives.units.half_year")
    kept = calendar.lines(people.an, version.pk)[0]
    if "unit_id" in change:
        change = {"unit_id": economy.pk}
    with pytest.raises(LineNotPossible) as refused:
        calendar.save_line(
            actor=people.an, calendar_id=version.pk, line_id=kept.id, wanted=replace(kept.line, **change), today=TODAY,  # type: ignore[arg-type]
        )  # fmt: skip
    assert refused.value.field == "is_of_units"


def test_the_journal_says_that_each_unit_makes_one(people: People, year: Year) -> None:
    version = begin(people, "objectives.half_year")
    kept = calendar.lines(people.an, version.pk)[0]
    wanted = replace(kept.line, is_of_units=True)
    calendar.save_line(actor=people.an, calendar_id=version.pk, line_id=kept.id, wanted=wanted, today=TODAY)
    entry = Entry.objects.get(verb="report.line_changed")
    assert (entry.before.get("is_of_units"), entry.after["is_of_units"]) == (None, True)
    assert calendar.lines(people.an, version.pk)[0].line.rules.units_days is None
    assert {each.unit for each in calendar.owed_in(people.an, 2026)} == {
        "Văn phòng HĐND và UBND",
        "Phòng Kinh tế",
    }
