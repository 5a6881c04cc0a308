"""Reports on other subjects than the objectives: one life for all kinds, from the draft to the corrected version."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import jsonschema
import pytest

from camket.core.narrative import SentenceNotWellFormed
from camket.core.plan import Period
from camket.core.wording.numbers import format_number
from camket.documents.queries import read_file
from camket.dossiers.queries.form_06a import form_06a
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from camket.paper.conformity import check_document
from camket.paper.sheets import read_sheet
from camket.registers.models import Entry as RegisterEntry
from camket.reporting import beginning, calendar, operations, parts, queries
from camket.reporting.models import Report, ReportOccurrence
from camket.reporting.told import ToldContent
from camket.reporting.told_data import told_schema
from camket.reporting.typed import typed_in_report
from people import People
from records import add_fields, add_procedures, count_facts, random_facts

TODAY = date(2026, 9, 18)
NOW = datetime(2026, 9, 18, 3, tzinfo=UTC)
QUARTER = Period(date(2026, 6, 15), date(2026, 9, 14))


def count_dossiers(people: People, seed: int, number: int) -> None:
    fields = list(people.agency.procedure_fields.all()) or add_fields(people.agency)
    procedures = list(people.agency.procedures.all()) or add_procedures(
        people.agency, fields, people.an.person_id
    )
    count_facts(
        people.agency,
        random_facts(
            seed,
            number,
            fields=[each.pk for each in fields],
            procedures=[each.pk for each in procedures],
            units=[each.pk for each in people.agency.units.all()],
        ),
    )


@pytest.fixture
def dossiers(people: People) -> None:
    count_dossiers(people, 7, 400)


@pytest.fixture
def draft(people: People, dossiers: None) -> Report:
    return operations.draft_on(actor=people.an, subject="dossiers", kind="quarter", period=QUARTER, now=NOW)


def content(people: People, report: Report) -> ToldContent:
    found = queries.report_content(people.an, report.pk, TODAY)
    assert isinstance(found, ToldContent)
    return found


def approve(people: People, report: Report) -> None:
    if Report.objects.get(pk=report.pk).state == Report.State.DRAFT:
        operations.submit_report(actor=people.an, report_id=report.pk, now=NOW)
        operations.approve_report(actor=people.chau, report_id=report.pk, now=NOW)


def issue(people: People, report: Report, number: str = "40/BC-UBND") -> Report:
    approve(people, report)
    return operations.issue_report(
        actor=people.an,
        report_id=report.pk,
        number=number,
        issued_on=TODAY,
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
        now=NOW,
    )


def paper(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    return " ".join(" ".join(each.text for each in file.paragraphs).split())


def test_a_draft_is_filled_with_figures_sentences_and_the_form(people: People, draft: Report) -> None:
    found = content(people, draft)
    total = form_06a(people.an, QUARTER, TODAY).total
    assert total.settled > 0
    said = {each.key: each.said for each in found.statements}
    assert f"Tổng số hồ sơ tiếp nhận: {format_number(total.received)} hồ sơ" in said["received"]
    assert f"({total.early + total.on_time}/{total.settled})" in said["rate"]
    assert "quý II năm 2026" in said["rate"]
    assert found.tables[0].sums[2:] == total.columns
    assert found.head.period_name == "quý III năm 2026"
    assert (found.head.before_name, found.head.period_start) == ("quý II năm 2026", QUARTER.start)
    assert queries.report(people.an, draft.pk).name == (
        "tình hình, kết quả giải quyết thủ tục hành chính quý III năm 2026"
    )


def test_the_period_before_and_the_year_before_are_told_with_their_counts(
    people: People, draft: Report
) -> None:
    found = content(people, draft)
    before = form_06a(people.an, Period(date(2026, 3, 15), date(2026, 6, 14)), TODAY).total
    received = found.measures[0]
    assert received.before is not None
    assert received.before.value == before.received
    now = form_06a(people.an, QUARTER, TODAY).total.received
    way = "tăng" if now > before.received else "giảm"
    assert before.received != now
    said = next(each.said for each in found.statements if each.key == "received")
    assert f"{way} {abs(now - before.received)} hồ sơ so với quý II năm 2026 ({before.received}" in said


def test_nothing_that_arose_is_neither_nought_nor_all(people: People) -> None:
    draft = operations.draft_on(actor=people.an, subject="dossiers", kind="quarter", period=QUARTER, now=NOW)
    found = content(people, draft)
    assert next(found.statements).said == "Trong kỳ không phát sinh hồ sơ."
    assert (found.head.before_name, found.head.year_name) == ("", "")


def test_it_is_refused_to_who_may_not_write_and_for_days_that_are_no_period(
    people: People, dossiers: None
) -> None:
    with pytest.raises(NotAllowed):
        operations.draft_on(actor=people.binh, subject="dossiers", kind="quarter", period=QUARTER, now=NOW)
    for subject, kind, period in (
        ("dossiers", "quarter", Period(date(2026, 6, 15), date(2026, 9, 13))),
        ("dossiers", "half_year", QUARTER),
        ("dossiers", "quarter", Period(date(2026, 9, 19), date(2026, 12, 18))),
        ("objectives", "quarter", QUARTER),
        ("other", "quarter", QUARTER),
    ):
        with pytest.raises(operations.PeriodNotPossible):
            operations.draft_on(actor=people.an, subject=subject, kind=kind, period=period, now=NOW)
    assert not Report.objects.exists()


def test_a_period_has_one_report_of_a_subject_and_the_others_are_free(people: People, draft: Report) -> None:
    with pytest.raises(operations.ReportExists) as refused:
        operations.draft_on(actor=people.an, subject="dossiers", kind="quarter", period=QUARTER, now=NOW)
    assert refused.value.report_id == draft.pk
    offered = {(each.subject, each.kind, each.period) for each in queries.subject_choices(people.an, TODAY)}
    assert ("dossiers", "quarter", QUARTER) not in offered
    assert ("dossiers", "quarter", Period(date(2026, 3, 15), date(2026, 6, 14))) in offered
    operations.discard_report(actor=people.an, report_id=draft.pk, today=TODAY)
    again = operations.draft_on(actor=people.an, subject="dossiers", kind="quarter", period=QUARTER, now=NOW)
    assert again.version == 2


def test_own_words_keep_their_figures_linked(people: People, draft: Report) -> None:
    words = {"rate": "Cả kỳ đạt {tỷ lệ giải quyết đúng hạn} ({tỷ lệ giải quyết đúng hạn: số lượng})."}
    operations.write_remarks(
        actor=people.an, report_id=draft.pk, wording=operations.Wording(sentences=words), today=TODAY
    )
    before = next(each.said for each in content(people, draft).statements if each.key == "rate")
    count_dossiers(people, 8, 100)
    changed = operations.compose_sentences(actor=people.an, report_id=draft.pk, now=NOW)
    assert "tỷ lệ giải quyết đúng hạn" in {each.key for each in changed}
    after = next(each.said for each in content(people, draft).statements if each.key == "rate")
    assert after != before
    assert after.startswith("Cả kỳ đạt ")
    with pytest.raises(SentenceNotWellFormed, match="kết quả"):
        operations.write_remarks(
            actor=people.an,
            report_id=draft.pk,
            wording=operations.Wording(sentences={"rate": "Đạt {kết quả}."}),
            today=TODAY,
        )


def test_a_figure_typed_by_hand_is_shown(people: People, draft: Report) -> None:
    operations.write_remarks(
        actor=people.an,
        report_id=draft.pk,
        wording=operations.Wording(sentences={"rate": "Tỷ lệ đúng hạn cả kỳ là 99,9%."}),
        today=TODAY,
    )
    row, found = queries.report_and_content(people.an, draft.pk, TODAY)
    typed = typed_in_report(found, row.sentences)
    assert [(each.field, each.figures[0].text) for each in typed] == [("sentence", "99,9%")]


def test_figures_that_changed_are_refused_when_it_is_submitted_and_when_it_is_issued(
    people: People, draft: Report
) -> None:
    count_dossiers(people, 9, 50)
    with pytest.raises(operations.FiguresChanged, match="hồ sơ tiếp nhận"):
        operations.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
    operations.compose_sentences(actor=people.an, report_id=draft.pk, now=NOW)
    approve(people, draft)
    count_dossiers(people, 10, 50)
    with pytest.raises(operations.FiguresChanged):
        issue(people, draft)


def test_its_figures_stay_those_of_the_day_on_which_it_was_composed(people: People, dossiers: None) -> None:
    """What arises after the day up to which it was counted is no change, until the period is over."""
    running = Period(date(2026, 9, 15), date(2026, 12, 14))
    draft = operations.draft_on(actor=people.an, subject="dossiers", kind="quarter", period=running, now=NOW)
    assert content(people, draft).head.as_of == TODAY
    later = datetime(2026, 9, 21, 3, tzinfo=UTC)
    operations.submit_report(actor=people.an, report_id=draft.pk, now=later)
    operations.take_back_report(actor=people.an, report_id=draft.pk, now=later)
    after = datetime(2026, 12, 20, 3, tzinfo=UTC)
    operations.compose_sentences(actor=people.an, report_id=draft.pk, now=after)
    assert content(people, draft).head.as_of == running.end


def test_issuing_freezes_files_and_enters_it_among_the_outgoing(people: People, draft: Report) -> None:
    report = issue(people, draft)
    docx_data = read_file(people.an, report.docx_id or 0)
    text = paper(docx_data)
    found = content(people, report)
    for each in found.statements:
        assert " ".join(each.said.split()) in text
    assert [each.message for each in check_document(docx_data).deviations] == []
    file = docx.Document(io.BytesIO(docx_data))
    form = next(each for each in file.tables if len(each.columns) == 13)
    total = form_06a(people.an, QUARTER, TODAY).total
    assert [cell.text for cell in form.rows[-1].cells][2:] == [format_number(each) for each in total.columns]
    assert [cell.text for cell in form.rows[3].cells] == [f"({column})" for column in range(1, 14)]
    entry = RegisterEntry.objects.get(pk=report.outgoing_id)
    assert (entry.number, entry.register) == ("40/BC-UBND", "outgoing")
    assert entry.title.startswith("Tình hình, kết quả giải quyết thủ tục hành chính quý III")
    data = json.loads(queries.data_file(people.an, report.pk, "json", TODAY))
    jsonschema.Draft202012Validator(told_schema()).validate(data)
    assert data["measures"][0]["now"]["value"] == str(total.received)
    book = queries.data_file(people.an, report.pk, "xlsx", TODAY)
    assert read_sheet(book, "bao-cao.xlsx").rows[1].cells == ("Cơ quan", people.agency.full_name)
    assert Entry.objects.filter(verb="report.issued").count() == 1

    kept = [read_file(people.an, pk or 0) for pk in (report.docx_id, report.pdf_id, report.workbook_id)]
    count_dossiers(people, 11, 60)
    changes = queries.changes_since_issue(people.an, report.pk, TODAY)
    assert "hồ sơ tiếp nhận" in {each.target for each in changes}
    assert all(each.target_id is None for each in changes)
    assert content(people, report) == found
    assert kept == [
        read_file(people.an, pk or 0) for pk in (report.docx_id, report.pdf_id, report.workbook_id)
    ]


def test_a_correction_names_the_old_and_replaces_it(people: People, draft: Report) -> None:
    first = issue(people, draft)
    count_dossiers(people, 12, 60)
    second = operations.correct_report(
        actor=people.an, report_id=first.pk, reason="Bổ sung hồ sơ nhập muộn", now=NOW
    )
    assert (second.version, second.subject) == (2, "dossiers")
    issued = issue(people, second, "44/BC-UBND")
    assert "Báo cáo này thay thế Báo cáo số 40/BC-UBND" in paper(read_file(people.an, issued.docx_id or 0))
    first.refresh_from_db()
    assert first.state == Report.State.REPLACED
    assert [each.version for each in queries.versions(people.an, queries.report(people.an, issued.pk))] == [
        2,
        1,
    ]


class TestCalendar:
    @pytest.fixture
    def owed(self, people: People, dossiers: None) -> calendar.Owed:
        line = next(each for each in calendar.catalogue() if each.key == "dossiers.quarter")
        calendar.begin_calendar(
            actor=people.an,
            valid_from=TODAY,
            source="",
            chosen=[replace(line, addressee="UBND tỉnh Bắc Giang")],
            now=NOW,
        )
        return calendar.owed_in(people.an, 2026)[0]

    def test_one_press_begins_it_and_issuing_does_it(self, people: People, owed: calendar.Owed) -> None:
        assert owed.can_begin
        report = beginning.begin_owed(actor=people.an, occurrence_id=owed.id, now=NOW)
        assert (report.subject, report.period_end) == ("dossiers", QUARTER.end)
        assert calendar.owed(people.an, owed.id).report_id == report.pk
        issue(people, report)
        done = ReportOccurrence.objects.get(pk=owed.id)
        assert (done.state, done.sent_number, done.report_id) == ("done", "40/BC-UBND", report.pk)

    def test_what_was_written_before_the_calendar_is_tied_to_it(self, people: People, draft: Report) -> None:
        line = next(each for each in calendar.catalogue() if each.key == "dossiers.quarter")
        calendar.begin_calendar(actor=people.an, valid_from=TODAY, source="", chosen=[line], now=NOW)
        assert calendar.owed_in(people.an, 2026)[0].report_id == draft.pk

    def test_a_report_made_once_is_not_begun_here(self, owed: calendar.Owed) -> None:
        assert not replace(owed, pace="once").can_begin


def test_units_give_their_words_to_it(people: People, draft: Report) -> None:
    unit = people.agency.units.order_by("order")[0]
    (asked,) = parts.ask_units(
        actor=people.an, report_id=draft.pk, unit_ids=[unit.pk], due_on=date(2026, 9, 25), wish="", now=NOW
    )
    parts.write_part(
        actor=people.an,
        part_id=asked.pk,
        typed=parts.Typed(difficulties="Thiếu bản đồ địa chính số."),
        now=NOW,
        is_sent=True,
    )
    parts.take_part(actor=people.an, part_id=asked.pk, now=NOW)
    assert f"{unit.name}: Thiếu bản đồ địa chính số." in content(people, draft).difficulties


def test_content_reads_back_from_its_snapshot(people: People, draft: Report) -> None:
    found = content(people, draft)
    assert ToldContent.from_json(json.loads(json.dumps(found.to_json()))) == found
    with pytest.raises(ValueError, match="not a report"):
        ToldContent.from_json({"format": "camket-report/1"})


def test_another_agencys_report_does_not_exist(people: People, draft: Report) -> None:
    with pytest.raises(Report.DoesNotExist):
        queries.report(people.chi, draft.pk)
    with pytest.raises(Report.DoesNotExist):
        operations.compose_sentences(actor=people.chi, report_id=draft.pk, now=NOW)
