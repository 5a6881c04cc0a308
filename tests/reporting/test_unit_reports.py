"""A unit's own report on objectives: its targets and work alone, written by its head, and its part of the agency's."""

from __future__ import annotations

import json

import jsonschema
import pytest

from camket.documents.queries import read_file
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.paper.conformity import check_document
from camket.paper.writing.docx import write_docx
from camket.paper.writing.html import write_html
from camket.publishing.preparing import NothingToPublish, prepared
from camket.registers.models import Entry
from camket.reporting import operations, queries
from camket.reporting.content import ReportContent
from camket.reporting.data import data_schema
from camket.reporting.models import Remark, Report, UnitPart
from camket.reporting.parts import ask_units, take_part
from camket.reporting.told import ToldContent
from people import People
from reporting.year import HALF, NOW, TODAY, Year, make_year


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def economy(people: People) -> Unit:
    return people.agency.units.order_by("order")[1]


@pytest.fixture
def draft(people: People, year: Year, economy: Unit) -> Report:
    """The report of the unit that Dũng heads."""
    return operations.draft_report(
        actor=people.dung, plan_id=year.plan.pk, kind="half_year", period=HALF, unit_id=economy.pk, now=NOW
    )


def whole(people: People, year: Year) -> Report:
    return operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )


def content_of(people: People, report: Report) -> ReportContent:
    found = queries.report_content(people.dung, report.pk, TODAY)
    assert isinstance(found, ReportContent)
    return found


def issued(people: People, draft: Report) -> Report:
    operations.submit_report(actor=people.dung, report_id=draft.pk, now=NOW)
    operations.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
    return operations.issue_report(
        actor=people.an, report_id=draft.pk, number="02/BC-PKT", issued_on=TODAY, signed_by="Phạm Tiến Dũng",
        capacity="TRƯỞNG PHÒNG", authority="", now=NOW,
    )  # fmt: skip


def test_it_tells_of_the_units_own_targets_and_work_alone(people: People, year: Year, draft: Report) -> None:
    content = content_of(people, draft)
    assert [each.target_id for each in content.targets] == [year.unmeasured.pk]
    assert set(queries.sentences(people.dung, draft.pk)) == {year.unmeasured.pk}
    assert {each.unit for each in content.work} == {"Phòng Kinh tế"}
    assert [each.action for each in content.open_tasks] == ["Nghiệm thu tuyến đường thôn Thượng"]
    assert content.evidence == ()


def test_a_target_is_the_units_also_where_it_answers_for_the_objective(
    people: People, year: Year, economy: Unit, draft: Report
) -> None:
    objective = year.on_time.objective
    objective.owner = economy
    objective.save()
    assert {each.target_id for each in content_of(people, draft).targets} == {
        year.on_time.pk, year.late.pk, year.unmeasured.pk,
    }  # fmt: skip


def test_a_head_writes_no_other_units_report_and_not_the_agencys(
    people: People, year: Year, draft: Report
) -> None:
    office = people.agency.units.order_by("order")[0]
    for unit_id in (office.pk, None):
        with pytest.raises(NotAllowed):
            operations.draft_report(
                actor=people.dung,
                plan_id=year.plan.pk,
                kind="half_year",
                period=HALF,
                unit_id=unit_id,
                now=NOW,
            )
    agencys = whole(people, year)
    acts = (operations.submit_report, operations.compose_sentences, operations.take_back_report)
    for act in acts:
        with pytest.raises(NotAllowed):
            act(actor=people.dung, report_id=agencys.pk, now=NOW)
    with pytest.raises(NotAllowed):
        operations.discard_report(actor=people.dung, report_id=agencys.pk, today=TODAY)
    with pytest.raises(NotAllowed):
        operations.write_remarks(
            actor=people.dung, report_id=agencys.pk, wording=operations.Wording(), today=TODAY
        )
    with pytest.raises(NotAllowed):
        operations.submit_report(actor=people.binh, report_id=draft.pk, now=NOW)
    with pytest.raises(NotAllowed):
        operations.issue_report(
            actor=people.dung, report_id=draft.pk, number="01/BC-PKT", issued_on=TODAY, signed_by="x",
            capacity="", authority="", now=NOW,
        )  # fmt: skip


def test_another_agencys_unit_and_one_without_targets_are_refused(people: People, year: Year) -> None:
    strange = people.other_agency.units.order_by("order")[0]
    idle = people.agency.units.order_by("order")[2]
    with pytest.raises(Unit.DoesNotExist):
        operations.draft_report(
            actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, unit_id=strange.pk, now=NOW
        )
    with pytest.raises(operations.UnitWithoutTargets):
        operations.draft_report(
            actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, unit_id=idle.pk, now=NOW
        )
    assert not Report.objects.exists()


def test_unit_and_agency_report_on_one_period_each_once(people: People, year: Year, draft: Report) -> None:
    agencys = whole(people, year)
    assert agencys.pk != draft.pk
    with pytest.raises(operations.ReportExists) as refusal:
        operations.draft_report(
            actor=people.an,
            plan_id=year.plan.pk,
            kind="half_year",
            period=HALF,
            unit_id=draft.unit_id,
            now=NOW,
        )
    assert refusal.value.report_id == draft.pk
    offered = [each.report_id for each in queries.report_choices(people.an, TODAY, draft.unit_id)]
    assert draft.pk in offered
    assert agencys.pk not in offered


def test_its_paper_has_the_units_head_number_and_recipients(people: People, draft: Report) -> None:
    number, signer = queries.proposed_for_issue(people.an, TODAY, queries.report(people.an, draft.pk))
    assert (number, signer.name, signer.capacity) == ("01/BC-PKT", "Phạm Tiến Dũng", "TRƯỞNG PHÒNG")
    report = issued(people, draft)
    assert report.docx_id
    assert report.data_id
    assert not check_document(read_file(people.an, report.docx_id)).deviations
    paper = write_html(queries.document_of(people.an, report.pk, TODAY))
    assert "Phòng Kinh tế báo cáo kết quả thực hiện" in paper
    assert "Sở Khoa học và Công nghệ" not in paper
    data = json.loads(read_file(people.an, report.data_id))
    jsonschema.Draft202012Validator(data_schema()).validate(data)
    assert data["report"]["unit"] == "Phòng Kinh tế"
    assert report.outgoing is None
    assert not Entry.objects.exists()
    assert not queries.changes_since_issue(people.dung, report.pk, TODAY)


def test_issued_it_is_the_part_that_the_agencys_draft_waits_for(
    people: People, year: Year, economy: Unit, draft: Report
) -> None:
    agencys = whole(people, year)
    row = ask_units(
        actor=people.an, report_id=agencys.pk, unit_ids=[economy.pk], due_on=TODAY, wish="", now=NOW
    )[0]
    assert row.state == "asked"
    Remark.objects.create(report=draft, target=year.unmeasured, reason="Chờ vốn", remedy="Ứng vốn trước")
    Report.objects.filter(pk=draft.pk).update(difficulties="Mưa lớn kéo dài.")
    issued(people, draft)
    row.refresh_from_db()
    assert row.state == "sent"
    assert row.remarks == {str(year.unmeasured.pk): ["Chờ vốn", "Ứng vốn trước"]}
    take_part(actor=people.an, part_id=row.pk, now=NOW)
    agencys.refresh_from_db()
    assert agencys.difficulties == "Phòng Kinh tế: Mưa lớn kéo dài."
    assert "Theo Báo cáo số 02/BC-PKT ngày 01/07/2026 của Phòng Kinh tế." in agencys.assessment
    assert agencys.remarks.get(target=year.unmeasured).reason == "Chờ vốn"


def test_asked_after_its_report_was_issued_the_unit_has_sent_already(
    people: People, year: Year, economy: Unit, draft: Report
) -> None:
    issued(people, draft)
    agencys = whole(people, year)
    ask_units(actor=people.an, report_id=agencys.pk, unit_ids=[economy.pk], due_on=TODAY, wish="", now=NOW)
    assert UnitPart.objects.get().state == "sent"


def test_an_unissued_report_is_no_part(people: People, year: Year, economy: Unit, draft: Report) -> None:
    operations.submit_report(actor=people.dung, report_id=draft.pk, now=NOW)
    agencys = whole(people, year)
    ask_units(actor=people.an, report_id=agencys.pk, unit_ids=[economy.pk], due_on=TODAY, wish="", now=NOW)
    assert UnitPart.objects.get().state == "asked"


def test_the_agencys_summary_is_made_of_its_units_reports(people: People, draft: Report) -> None:
    issued(people, draft)
    row = operations.draft_on(actor=people.an, subject="summary", kind="half_year", period=HALF, now=NOW)
    content = queries.report_content(people.an, row.pk, TODAY)
    assert isinstance(content, ToldContent)
    assert [line[1:4] for line in content.tables[0].rows] == [
        ("Văn phòng HĐND và UBND", "Chưa ban hành", None),
        ("Phòng Kinh tế", "Số 02/BC-PKT ngày 01/07/2026", 1),
    ]


def test_it_is_not_made_public_and_does_not_do_what_the_calendar_owes(people: People, draft: Report) -> None:
    report = issued(people, draft)
    with pytest.raises(NothingToPublish):
        prepared(people.an, "report", report.pk, TODAY)
    assert not report.occurrences.exists()


def test_a_name_that_goes_on_like_another_bodys_is_one_issuer(people: People, year: Year) -> None:
    office = people.agency.units.order_by("order")[0]
    draft = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, unit_id=office.pk, now=NOW
    )
    paper = write_docx(queries.document_of(people.an, draft.pk, TODAY))
    assert office.name == "Văn phòng HĐND và UBND"
    assert not check_document(paper).deviations
