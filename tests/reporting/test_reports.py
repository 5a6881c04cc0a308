from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import docx
import pytest

from camket.core.numbering import NumberNotPossible
from camket.core.plan import Period
from camket.core.tally import day_number
from camket.core.wording.dates import format_date
from camket.documents.queries import read_file
from camket.indicators.models import Indicator, Reading
from camket.journal.models import Entry
from camket.objectives.models import Plan, Target
from camket.org.models import Delegation, Membership
from camket.org.policy import NotAllowed
from camket.paper.writing.docx import write_docx
from camket.paper.writing.html import write_html
from camket.paper.writing.model import signing_lines
from camket.paper.writing.pdf import write_pdf
from camket.registers.models import Entry as RegisterEntry
from camket.registers.operations import NumberTaken, enter, give_number, withdraw
from camket.reporting import operations, queries
from camket.reporting.content import ReportContent, TargetLine
from camket.reporting.models import Remark, Report
from people import People
from records import add_fields, add_procedures, count_facts, random_facts
from reporting.year import HALF, NOW, TODAY, YEAR, Year, approve, correct_reading, make_year


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def draft(people: People, year: Year) -> Report:
    return operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )


def issue(people: People, report: Report, **changes: object) -> Report:
    given: dict[str, object] = {
        "number": "12/BC-UBND",
        "issued_on": TODAY,
        "signed_by": "Lê Minh Châu",
        "capacity": "CHỦ TỊCH",
        "authority": "TM. ỦY BAN NHÂN DÂN",
        "now": NOW,
    }
    approve(people, report)
    return operations.issue_report(actor=people.an, report_id=report.pk, **{**given, **changes})  # type: ignore[arg-type]


def verbs() -> list[str]:
    return list(
        Entry.objects.filter(verb__startswith="report.").order_by("pk").values_list("verb", flat=True)
    )


# Drafting


def test_draft_reads_the_figures_live(people: People, year: Year, draft: Report) -> None:
    content = queries.report_content(people.an, draft.pk, TODAY)
    assert [(target.fraction, target.state) for target in content.targets] == [
        ("1.188/1.200", "on_track"),
        ("", "missed"),
        ("", "no_data"),
    ]
    assert content.targets[0].readings == (year.reading.pk,)
    assert content.head.period_name == "6 tháng đầu năm 2026"
    assert verbs() == ["report.drafted"]


def test_draft_counts_the_work_of_the_period_by_unit(people: People, draft: Report) -> None:
    content = queries.report_content(people.an, draft.pk, TODAY)
    work = {each.unit: (each.on_time, each.late, each.overdue) for each in content.work}
    assert work == {"Văn phòng HĐND và UBND": (1, 1, 0), "Phòng Kinh tế": (0, 0, 1)}
    assert content.all_work.total == 3
    assert [(task.action, task.done_on) for task in content.open_tasks] == [
        ("Tổng hợp phiếu khảo sát sự hài lòng", date(2026, 5, 12)),
        ("Nghiệm thu tuyến đường thôn Thượng", None),
    ]
    assert [(line.document_number, line.objective) for line in content.evidence] == [("41/BC-TTHCC", "1")]


def test_draft_is_refused_to_who_may_not_write(people: People, year: Year) -> None:
    with pytest.raises(NotAllowed):
        operations.draft_report(
            actor=people.binh, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
        )
    assert not Report.objects.exists()


def test_draft_is_refused_to_stranger(people: People, year: Year) -> None:
    with pytest.raises(Plan.DoesNotExist):
        operations.draft_report(
            actor=people.chi, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
        )
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("_case", "kind", "period"),
    [
        ("other days", "half_year", Period(date(2026, 1, 1), date(2026, 6, 14))),
        ("kind unknown", "week", HALF),
        ("second half", "half_year", Period(date(2026, 7, 1), date(2026, 12, 31))),
        ("not begun", "quarter", Period(date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_draft_is_refused_for_no_period_of_the_plan(
    people: People, year: Year, _case: str, kind: str, period: Period
) -> None:
    with pytest.raises(operations.PeriodNotPossible):
        operations.draft_report(actor=people.an, plan_id=year.plan.pk, kind=kind, period=period, now=NOW)
    assert not Report.objects.exists()


def test_draft_is_refused_for_a_plan_not_in_force(people: People, year: Year) -> None:
    Plan.objects.update(state=Plan.State.DRAFT)
    with pytest.raises(operations.PlanNotInForce):
        operations.draft_report(actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW)
    assert not Report.objects.exists()


def test_second_draft_of_the_period_is_refused(people: People, year: Year, draft: Report) -> None:
    with pytest.raises(operations.ReportExists) as refusal:
        operations.draft_report(actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW)
    assert refusal.value.report_id == draft.pk
    assert Report.objects.count() == 1


def test_discarded_draft_makes_room(people: People, year: Year, draft: Report) -> None:
    operations.discard_report(actor=people.an, report_id=draft.pk, today=TODAY)
    assert queries.reports(people.an) == ()
    again = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )
    assert again.version == 2
    assert verbs() == ["report.drafted", "report.discarded", "report.drafted"]


def test_discard_is_refused_once_issued_and_to_others(people: People, draft: Report) -> None:
    with pytest.raises(NotAllowed):
        operations.discard_report(actor=people.binh, report_id=draft.pk, today=TODAY)
    with pytest.raises(Report.DoesNotExist):
        operations.discard_report(actor=people.chi, report_id=draft.pk, today=TODAY)
    issue(people, draft)
    with pytest.raises(operations.ReportNotDraft):
        operations.discard_report(actor=people.an, report_id=draft.pk, today=TODAY)
    draft.refresh_from_db()
    assert draft.state == Report.State.ISSUED


# Remarks


def test_remarks_are_kept_and_shown(people: People, year: Year, draft: Report) -> None:
    wording = operations.Wording(
        assessment="Nhìn chung đạt  tiến độ.\r\n\r\nCần cố gắng.",
        remarks={year.late.pk: ("Thiếu kiểm tra hồ sơ đầu vào", "Tập huấn lại trong tháng 7")},
    )
    operations.write_remarks(actor=people.an, report_id=draft.pk, wording=wording, today=TODAY)
    content = queries.report_content(people.an, draft.pk, TODAY)
    assert content.assessment == "Nhìn chung đạt tiến độ.\nCần cố gắng."
    assert content.targets[1].reason == "Thiếu kiểm tra hồ sơ đầu vào"
    assert content.without_remark == ()
    operations.write_remarks(actor=people.an, report_id=draft.pk, wording=wording, today=TODAY)
    assert verbs() == ["report.drafted", "report.written"]


def test_remarks_are_refused(people: People, year: Year, draft: Report) -> None:
    wording = operations.Wording(assessment="Khác")
    with pytest.raises(NotAllowed):
        operations.write_remarks(actor=people.chau, report_id=draft.pk, wording=wording, today=TODAY)
    with pytest.raises(Report.DoesNotExist):
        operations.write_remarks(actor=people.chi, report_id=draft.pk, wording=wording, today=TODAY)
    with pytest.raises(Target.DoesNotExist):
        operations.write_remarks(
            actor=people.an,
            report_id=draft.pk,
            wording=replace(wording, remarks={10**6: ("a", "b")}),
            today=TODAY,
        )
    issue(people, draft)
    with pytest.raises(operations.ReportNotDraft):
        operations.write_remarks(actor=people.an, report_id=draft.pk, wording=wording, today=TODAY)
    draft.refresh_from_db()
    assert draft.assessment == ""
    assert not Remark.objects.exists()


# Issuing


def test_issued_report_is_frozen(people: People, year: Year, draft: Report) -> None:
    issued = issue(people, draft)
    before = queries.report_content(people.an, issued.pk, TODAY)
    assert not queries.changes_since_issue(people.an, issued.pk, TODAY)
    correct_reading(people, year, 1100)
    later = TODAY + timedelta(days=60)
    assert queries.report_content(people.an, issued.pk, later) == before
    (change,) = queries.changes_since_issue(people.an, issued.pk, TODAY)
    assert change.target == year.on_time.text
    assert "1.188/1.200" in change.then
    assert "1.100/1.200" in change.now
    Report.objects.filter(pk=issued.pk).update(issued_at=NOW - timedelta(hours=1))
    (change,) = queries.changes_since_issue(people.an, issued.pk, TODAY)
    assert (change.target_id, change.since) == (year.on_time.pk, NOW)


def test_a_verdict_that_changes_by_another_expected_volume_is_no_changed_figure(
    people: People, year: Year, draft: Report
) -> None:
    issued = issue(people, draft)
    year.on_time.expected_volume = 1_000_000
    year.on_time.save()
    assert queries.changes_since_issue(people.an, issued.pk, TODAY) == ()


def test_a_snapshot_of_before_formulas_is_read(people: People, draft: Report) -> None:
    issued = issue(people, draft)
    for objective in issued.snapshot["objectives"]:
        for target in objective["targets"]:
            del target["formula"]
    issued.save()
    content = queries.report_content(people.an, issued.pk, TODAY)
    assert {target.formula for target in content.targets} == {""}


def test_a_counted_figure_stands_on_paper_with_its_formula(people: People, draft: Report) -> None:
    formula = "hồ sơ giải quyết quá hạn ÷ hồ sơ đã giải quyết × 100"
    issued = issue(people, draft)
    issued.snapshot["objectives"][0]["targets"][0]["formula"] = formula
    issued.save()
    assert f"Cách tính: {formula}" in write_html(queries.document_of(people.an, issued.pk, TODAY))


def test_issued_files_come_out_again_byte_for_byte(people: People, draft: Report) -> None:
    issued = issue(people, draft)
    row = queries.report(people.an, issued.pk)
    assert row.docx_id
    assert row.pdf_id
    again = queries.document_of(people.an, issued.pk, TODAY + timedelta(days=400))
    assert read_file(people.an, row.docx_id) == write_docx(again)
    assert read_file(people.an, row.pdf_id) == write_pdf(again)
    assert issued.docx is not None
    assert issued.docx.name == "bao-cao-12-bc-ubnd-6-thang-dau-nam-2026.docx"


def test_issued_report_says_its_number_and_signer(people: People, year: Year, draft: Report) -> None:
    issued = issue(people, draft, number=" 7 / BC-UBND ")
    assert issued.number == "07/BC-UBND"
    data = read_file(people.an, queries.report(people.an, issued.pk).docx_id or 0)
    file = docx.Document(io.BytesIO(data))
    head = [cell.text for cell in file.tables[0]._cells]
    assert "Số: 07/BC-UBND" in head[2]
    assert "Bình Yên, ngày 01 tháng 7 năm 2026" in head[3]
    assert "Lê Minh Châu" in file.tables[2].rows[0].cells[1].text
    entry = Entry.objects.get(verb="report.issued")
    assert year.reading.pk in entry.after["readings"]


@pytest.mark.parametrize(
    ("_case", "changes", "refusal"),
    [
        ("number without symbol", {"number": "12"}, NumberNotPossible),
        ("day ahead", {"issued_on": TODAY + timedelta(days=1)}, operations.DateNotPossible),
        ("day before the period", {"issued_on": date(2025, 12, 31)}, operations.DateNotPossible),
        ("no signer", {"signed_by": "  "}, operations.SignerMissing),
    ],
)
def test_issue_is_refused(
    people: People, draft: Report, _case: str, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        issue(people, draft, **changes)
    draft.refresh_from_db()
    assert (draft.state, draft.snapshot, draft.number) == (Report.State.APPROVED, None, "")


def test_issue_is_refused_with_a_number_of_another_report(people: People, year: Year, draft: Report) -> None:
    issue(people, draft)
    quarter = operations.draft_report(
        actor=people.an,
        plan_id=year.plan.pk,
        kind="quarter",
        period=Period(date(2026, 4, 1), date(2026, 6, 30)),
        now=NOW,
    )
    with pytest.raises(NumberNotPossible):
        issue(people, quarter)
    assert issue(people, quarter, number="13/BC-UBND").number == "13/BC-UBND"
    assert queries.proposed_for_issue(people.an, TODAY)[0] == "14/BC-UBND"


def test_issue_is_refused_to_others(people: People, draft: Report) -> None:
    for actor, refusal in ((people.binh, NotAllowed), (people.chi, Report.DoesNotExist)):
        with pytest.raises(refusal):
            operations.issue_report(
                actor=actor,
                report_id=draft.pk,
                number="12/BC-UBND",
                issued_on=TODAY,
                signed_by="Lê Minh Châu",
                capacity="",
                authority="",
                now=NOW,
            )
    draft.refresh_from_db()
    assert draft.state == Report.State.DRAFT


# In the series of the outgoing documents


def outgoing(people: People, **said: object) -> RegisterEntry:
    return enter(
        actor=people.an,
        register="outgoing",
        values={"on": TODAY, "kind": "BC", "title": "Báo cáo công tác cải cách hành chính", **said},
        now=NOW,
    )


def test_an_issued_report_stands_among_the_outgoing_documents(people: People, draft: Report) -> None:
    issue(people, draft)
    sent = RegisterEntry.objects.get()
    assert (sent.number, sent.series, sent.serial, sent.on, sent.kind) == (
        "12/BC-UBND", "BC-UBND", 12, TODAY, "BC",
    )  # fmt: skip
    assert sent.title.startswith("Kết quả thực hiện Mục tiêu chất lượng")
    draft.refresh_from_db()
    assert draft.outgoing_id == sent.pk
    other = outgoing(people)
    given = give_number(actor=people.an, entry_id=other.pk, signed_on=TODAY, now=NOW)
    assert given.number == "13/BC-UBND"
    assert queries.proposed_for_issue(people.an, TODAY)[0] == "14/BC-UBND"


def test_a_number_of_the_register_is_not_used_again_for_a_report(people: People, draft: Report) -> None:
    taken = outgoing(people, number="12/BC-UBND", on=TODAY - timedelta(days=1))
    with pytest.raises(NumberTaken) as refusal:
        issue(people, draft)
    assert refusal.value.entry_id == taken.pk
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.outgoing_id) == (Report.State.APPROVED, "", None)
    withdraw(actor=people.an, entry_id=taken.pk, reason="Ký nhầm", now=NOW)
    with pytest.raises(NumberTaken):
        operations.issue_report(
            actor=people.an, report_id=draft.pk, number="12/BC-UBND", issued_on=TODAY - timedelta(days=1),
            signed_by="Lê Minh Châu", capacity="", authority="", now=NOW,
        )  # fmt: skip
    assert queries.proposed_for_issue(people.an, TODAY)[0] == "13/BC-UBND"


def test_an_entry_that_the_clerk_made_for_the_report_is_the_reports(people: People, draft: Report) -> None:
    entered = outgoing(people, number="12/BC-UBND")
    issue(people, draft)
    draft.refresh_from_db()
    assert (draft.outgoing_id, RegisterEntry.objects.count()) == (entered.pk, 1)


@pytest.mark.parametrize(("number", "entries"), [("12/BC-UBND", 1), ("15/BC-UBND", 2)])
def test_a_correction_keeps_its_entry_or_names_what_it_replaces(
    people: People, draft: Report, number: str, entries: int
) -> None:
    issue(people, draft)
    again = operations.correct_report(actor=people.an, report_id=draft.pk, reason="Sai số", now=NOW)
    issue(people, again, number=number)
    sent = list(RegisterEntry.objects.order_by("serial"))
    assert [len(sent), sent[-1].number] == [entries, number]
    assert ("Thay thế số 12/BC-UBND" in str(sent[-1].values)) == (entries == 2)


# Correcting


def test_correction_replaces_when_it_is_issued(people: People, year: Year, draft: Report) -> None:
    operations.write_remarks(
        actor=people.an,
        report_id=draft.pk,
        wording=operations.Wording(proposals="Bổ sung biên chế.", remarks={year.late.pk: ("A", "B")}),
        today=TODAY,
    )
    issued = issue(people, draft)
    new = operations.correct_report(actor=people.an, report_id=issued.pk, reason="Sai số hồ sơ", now=NOW)
    issued.refresh_from_db()
    assert issued.state == Report.State.ISSUED
    assert (new.version, new.proposals, new.correction) == (2, "Bổ sung biên chế.", "Sai số hồ sơ")
    assert queries.report_content(people.an, new.pk, TODAY).targets[1].reason == "A"
    issue(people, new)
    issued.refresh_from_db()
    assert issued.state == Report.State.REPLACED
    assert [row.version for row in queries.versions(people.an, queries.report(people.an, new.pk))] == [2, 1]
    assert queries.report_content(people.an, issued.pk, TODAY).proposals == "Bổ sung biên chế."


def test_a_correction_is_not_dated_before_what_it_corrects(people: People, draft: Report) -> None:
    issued = issue(people, draft)
    new = operations.correct_report(actor=people.an, report_id=issued.pk, reason="Sai số hồ sơ", now=NOW)
    with pytest.raises(operations.DateNotPossible) as refusal:
        issue(people, new, issued_on=TODAY - timedelta(days=1))
    assert refusal.value.message.params == {"day": format_date(TODAY)}
    new.refresh_from_db()
    assert new.state == Report.State.APPROVED


def test_correction_is_refused(people: People, draft: Report) -> None:
    with pytest.raises(operations.ReportNotIssued):
        operations.correct_report(actor=people.an, report_id=draft.pk, reason="Sai", now=NOW)
    issued = issue(people, draft)
    with pytest.raises(operations.ReasonMissing):
        operations.correct_report(actor=people.an, report_id=issued.pk, reason=" ", now=NOW)
    with pytest.raises(NotAllowed):
        operations.correct_report(actor=people.binh, report_id=issued.pk, reason="Sai", now=NOW)
    with pytest.raises(Report.DoesNotExist):
        operations.correct_report(actor=people.chi, report_id=issued.pk, reason="Sai", now=NOW)
    assert Report.objects.count() == 1
    operations.correct_report(actor=people.an, report_id=issued.pk, reason="Sai", now=NOW)
    with pytest.raises(operations.ReportExists):
        operations.correct_report(actor=people.an, report_id=issued.pk, reason="Sai nữa", now=NOW)
    assert Report.objects.count() == 2


# Reading


def test_another_agencys_report_is_not_found(people: People, draft: Report) -> None:
    assert queries.reports(people.chi) == ()
    assert queries.report_choices(people.chi, TODAY) == ()
    for query in (
        lambda: queries.report(people.chi, draft.pk),
        lambda: queries.report_content(people.chi, draft.pk, TODAY),
        lambda: queries.document_of(people.chi, draft.pk, TODAY),
        lambda: queries.changes_since_issue(people.chi, draft.pk, TODAY),
    ):
        with pytest.raises(Report.DoesNotExist):
            query()


def test_choices_are_the_begun_periods(people: People, draft: Report) -> None:
    choices = queries.report_choices(people.an, TODAY)
    assert [(choice.name, choice.is_over, choice.report_id) for choice in choices] == [
        ("năm 2026", False, None),
        ("9 tháng đầu năm 2026", False, None),
        ("6 tháng đầu năm 2026", True, draft.pk),
        ("quý III năm 2026", False, None),
        ("quý II năm 2026", True, None),
        ("quý I năm 2026", True, None),
        *((f"tháng {month} năm 2026", month < 7, None) for month in range(7, 0, -1)),
    ]


def test_periods_follow_the_plans_own_year() -> None:
    shifted = Period(date(2025, 12, 15), date(2026, 12, 14))
    (half,) = queries.report_periods("half_year", shifted)
    assert (half.end, queries.period_name("half_year", half)) == (date(2026, 6, 14), "6 tháng đầu năm 2026")
    assert queries.period_name("quarter", queries.report_periods("quarter", shifted)[3]) == "quý IV năm 2026"
    assert queries.report_periods("year", YEAR) == (YEAR,)


def test_yearly_report_after_the_end_is_final(people: People, year: Year) -> None:
    report = operations.draft_report(
        actor=people.an,
        plan_id=year.plan.pk,
        kind="year",
        period=YEAR,
        now=datetime(2027, 1, 4, 3, tzinfo=UTC),
    )
    content = queries.report_content(people.an, report.pk, date(2027, 1, 4))
    assert content.targets[0].is_final
    assert content.head.as_of == date(2027, 1, 1)


def test_content_survives_json(people: People, draft: Report) -> None:
    content = queries.report_content(people.an, draft.pk, TODAY)
    assert ReportContent.from_json(content.to_json()) == content
    with pytest.raises(ValueError, match="camket-report/1"):
        ReportContent.from_json({"format": "other"})


def test_decision_takes_from_the_agency_what_the_plan_leaves_open(people: People, year: Year) -> None:
    document = queries.decision_of(people.an, year.plan.pk, "targets", TODAY)
    assert document.letterhead.place == "Bình Yên"
    assert document.letterhead.number == "05/QĐ-UBND"
    assert document.signature.lines == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert document.signature.name == "Lê Minh Châu"
    assert document.abstract.endswith("của UBND xã Bình Yên")
    year.plan.signed_by, year.plan.capacity = "Đỗ Quỳnh Nga", "PHÓ CHỦ TỊCH"
    year.plan.save()
    assert queries.decision_of(people.an, year.plan.pk, "targets", TODAY).signature.name == "Đỗ Quỳnh Nga"
    with pytest.raises(ValueError, match="other"):
        queries.decision_of(people.an, year.plan.pk, "other", TODAY)
    with pytest.raises(Plan.DoesNotExist):
        queries.decision_of(people.chi, year.plan.pk, "targets", TODAY)


def test_signer_is_the_chairman(people: People) -> None:
    signer = queries.signer_choice(people.an, TODAY)
    assert (signer.name, signer.capacity, signer.authority) == (
        "Lê Minh Châu",
        "CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
    )


def test_who_stands_in_for_the_chairman_signs_as_the_rules_say(people: People) -> None:
    post = Membership.objects.get(person_id=people.chau.person_id)
    delegation = Delegation.objects.create(
        agency=people.agency, post=post, deputy_id=people.dung.person_id, valid_from=TODAY, valid_to=TODAY,
        reason="Đi công tác",
    )  # fmt: skip
    for title, lines in (
        ("Phó Chủ tịch UBND xã", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("Chánh Văn phòng", ("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
    ):
        Membership.objects.filter(person_id=people.dung.person_id).update(position=title)
        signer = queries.signer_choice(people.an, TODAY)
        assert signer.name == "Phạm Tiến Dũng"
        assert signing_lines(signer.authority, signer.capacity) == lines
    assert queries.signer_choice(people.an, TODAY + timedelta(days=1)).name == "Lê Minh Châu"
    delegation.withdrawn_on = TODAY
    delegation.save()
    assert queries.signer_choice(people.an, TODAY).name == "Lê Minh Châu"


def test_content_needs_few_statements(
    people: People, draft: Report, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        queries.report_content(people.an, draft.pk, TODAY)


def test_reports_owed_follow_the_rhythm(people: People, year: Year) -> None:
    owed = {}
    for rhythm in ("quarter", "half_year", "year"):
        people.agency.rhythm = rhythm
        people.agency.save()
        owed[rhythm] = [choice.name for choice in queries.report_choices(people.an, TODAY) if choice.is_due]
    assert owed == {
        "quarter": ["6 tháng đầu năm 2026", "quý II năm 2026", "quý I năm 2026"],
        "half_year": ["6 tháng đầu năm 2026"],
        "year": [],
    }


# Sentences


def said(people: People, report: Report) -> list[str]:
    return [target.said for target in queries.report_content(people.an, report.pk, TODAY).targets]


def test_a_draft_tells_each_target_in_a_sentence_from_the_first(people: People, draft: Report) -> None:
    first, second, third = said(people, draft)
    assert "1.188/1.200" in first
    assert "mức đề ra" in first
    assert "đúng tiến độ" in first
    assert "không đạt mức đề ra" in second
    assert third.endswith(": chưa có số liệu.")


def test_own_words_keep_their_figures_linked_and_come_into_the_paper(
    people: People, year: Year, draft: Report
) -> None:
    words = {year.on_time.pk: "Cả {số lượng} hồ sơ là đúng hạn, đạt {kết quả}."}
    operations.write_remarks(
        actor=people.an, report_id=draft.pk, wording=operations.Wording(sentences=words), today=TODAY
    )
    assert said(people, draft)[0] == "Cả 1.188/1.200 hồ sơ là đúng hạn, đạt 99 %.".replace(
        " %", "\N{NO-BREAK SPACE}%"
    )
    correct_reading(people, year, 1100)
    changed = operations.compose_sentences(actor=people.an, report_id=draft.pk, now=NOW)
    assert [each.key for each in changed] == [year.on_time.pk]
    assert said(people, draft)[0].startswith("Cả ")
    document = queries.document_of(people.an, draft.pk, TODAY)
    assert f"- {said(people, draft)[0]}" in [
        "".join(run.text for run in block.line) for block in document.body if hasattr(block, "line")
    ]


def earlier_reading(people: People, year: Year, period: Period, numerator: int) -> None:
    Reading.objects.create(
        agency=people.agency,
        indicator_id=year.reading.indicator_id,
        period_start=period.start,
        period_end=period.end,
        source="Phần mềm một cửa điện tử",
        state=Reading.State.CONFIRMED,
        entered_at=NOW,
        entered_by_id=people.binh.person_id,
        confirmed_at=NOW,
        confirmed_by_id=people.an.person_id,
        numerator=Decimal(numerator),
        denominator=Decimal(1000),
    )


def test_the_first_half_is_told_against_the_last_half_and_the_same_half_of_last_year_with_both_counts(
    people: People, year: Year
) -> None:
    earlier_reading(people, year, Period(date(2025, 1, 1), date(2025, 6, 30)), 985)
    earlier_reading(people, year, Period(date(2025, 7, 1), date(2025, 12, 31)), 980)
    report = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )
    assert (
        said(people, report)[0]
        .replace("\N{NO-BREAK SPACE}", " ")
        .endswith(
            "tăng 1 điểm phần trăm so với 6 tháng cuối năm 2025 (98 %; 980/1.000); "
            "tăng 0,5 điểm phần trăm so với cùng kỳ năm 2025 (98,5 %; 985/1.000)."
        )
    )


def test_a_year_reported_before_its_end_is_held_against_as_many_days_of_last_year(
    people: People, year: Year
) -> None:
    """Figures reach to June when the report is written in November: they are not set beside the whole year before."""
    earlier_reading(people, year, Period(date(2025, 1, 1), date(2025, 6, 30)), 985)
    earlier_reading(people, year, Period(date(2025, 7, 1), date(2025, 12, 31)), 980)
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    report = operations.draft_report(actor=people.an, plan_id=year.plan.pk, kind="year", period=YEAR, now=now)
    content = queries.report_content(people.an, report.pk, now.date())
    assert (
        content.targets[0]
        .said.replace("\N{NO-BREAK SPACE}", " ")
        .endswith("tăng 0,5 điểm phần trăm so với cùng kỳ năm 2025 (98,5 %; 985/1.000).")
    )


def test_an_emptied_sentence_is_proposed_again(people: People, year: Year, draft: Report) -> None:
    proposed = said(people, draft)[0]
    for text in ("Đạt {kết quả}.", "  "):
        wording = operations.Wording(sentences={year.on_time.pk: text})
        operations.write_remarks(actor=people.an, report_id=draft.pk, wording=wording, today=TODAY)
    assert said(people, draft)[0] == proposed
    assert not queries.sentences(people.an, draft.pk)[year.on_time.pk].is_own


def test_figures_that_changed_are_shown_and_refuse_the_issue_until_composed_anew(
    people: People, year: Year, draft: Report
) -> None:
    correct_reading(people, year, 1100)
    content = queries.report_content(people.an, draft.pk, TODAY)
    ((target, changes),) = content.stale
    assert (target.target_id, changes[0].name, changes[0].then) == (
        year.on_time.pk,
        "kết quả",
        "99\N{NO-BREAK SPACE}%",
    )
    with pytest.raises(operations.FiguresChanged) as refused:
        issue(people, draft)
    assert [each.key for each in refused.value.stale] == [year.on_time.pk]
    assert Report.objects.get(pk=draft.pk).state == Report.State.DRAFT
    operations.compose_sentences(actor=people.an, report_id=draft.pk, now=NOW)
    issued = issue(people, draft)
    frozen = ReportContent.from_json(issued.snapshot)
    assert frozen.targets[0].said == said(people, draft)[0]
    assert not frozen.stale


def test_composing_twice_changes_and_records_nothing(people: People, draft: Report) -> None:
    operations.compose_sentences(actor=people.an, report_id=draft.pk, now=NOW)
    assert verbs() == ["report.drafted"]


def test_a_corrected_report_keeps_the_words_and_takes_new_figures(
    people: People, year: Year, draft: Report
) -> None:
    wording = operations.Wording(sentences={year.on_time.pk: "Đạt {kết quả}."})
    operations.write_remarks(actor=people.an, report_id=draft.pk, wording=wording, today=TODAY)
    issue(people, draft)
    correct_reading(people, year, 1100)
    new = operations.correct_report(actor=people.an, report_id=draft.pk, reason="Sai số liệu", now=NOW)
    assert said(people, new)[0] != said(people, draft)[0]
    assert said(people, new)[0].startswith("Đạt ")


def test_sentences_of_another_plan_or_agency_are_refused(people: People, year: Year, draft: Report) -> None:
    with pytest.raises(Target.DoesNotExist):
        operations.write_remarks(
            actor=people.an, report_id=draft.pk, wording=operations.Wording(sentences={0: "A"}), today=TODAY
        )
    stranger = replace(people.an, agency_id=people.other_agency.pk)
    with pytest.raises(Report.DoesNotExist):
        operations.compose_sentences(actor=stranger, report_id=draft.pk, now=NOW)
    with pytest.raises(NotAllowed):
        operations.compose_sentences(actor=people.binh, report_id=draft.pk, now=NOW)


def test_what_arose_on_the_day_after_the_period_is_not_counted(people: People) -> None:
    """The half year is judged on 1 July, when its verdicts are final; a dossier settled that day is of the next half."""
    year = make_year(people)
    fields = add_fields(people.agency)
    procedures = add_procedures(people.agency, fields, people.an.person_id)
    july = day_number(date(2026, 7, 1))
    facts = random_facts(
        3, 300, fields=[each.pk for each in fields], procedures=[each.pk for each in procedures], units=[]
    )
    settled = [each for each in facts if each.finished is not None and each.finished < july]
    count_facts(people.agency, settled)
    formula = {
        "source": "dossiers",
        "numerator": [["early", 1], ["on_time", 1]],
        "denominator": [["finished", 1]],
        "scale": 100,
    }
    Indicator.objects.filter(pk=year.on_time.indicator_id).update(formula=formula)
    later = datetime(2026, 7, 20, 3, tzinfo=UTC)
    draft = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=later
    )

    def first() -> TargetLine:
        found = queries.report_content(people.an, draft.pk, later.date())
        assert isinstance(found, ReportContent)
        assert (found.head.as_of, found.head.last_day) == (date(2026, 7, 1), HALF.end)
        return found.objectives[0].targets[0]

    before = first()
    assert before.denominator
    assert before.last_day == HALF.end.isoformat()
    count_facts(people.agency, [replace(settled[0], received=july - 9, finished=july)] * 5)
    assert first() == before
    count_facts(people.agency, [replace(settled[0], received=july - 9, finished=july - 1)])
    assert first().denominator != before.denominator


def test_where_nobody_typed_shortcomings_the_paper_tells_what_the_figures_show(
    people: People, year: Year, draft: Report
) -> None:
    def part() -> list[str]:
        lines = [
            "".join(run.text for run in block.line)
            for block in queries.document_of(people.an, draft.pk, TODAY).body
            if hasattr(block, "line")
        ]
        start = next(number for number, line in enumerate(lines) if line.startswith("III. "))
        end = next(number for number, line in enumerate(lines) if line.startswith("IV. "))
        return lines[start + 1 : end]

    late = "Còn 01 đầu việc quá hạn chưa hoàn thành, 01 đầu việc hoàn thành chậm (danh mục tại Phụ lục III)."
    assert part() == ["Còn 01 chỉ tiêu không đạt.", late]
    words = operations.Wording(remarks={year.late.pk: ("Công chức mới", "Tập huấn")})
    operations.write_remarks(actor=people.an, report_id=draft.pk, wording=words, today=TODAY)
    assert part() == ["Còn 01 chỉ tiêu không đạt; nguyên nhân nêu tại từng chỉ tiêu ở mục I.", late]
    words = operations.Wording(difficulties="Thiếu kinh phí.")
    operations.write_remarks(actor=people.an, report_id=draft.pk, wording=words, today=TODAY)
    assert part() == ["Thiếu kinh phí."]
    older = queries.report_content(people.an, draft.pk, TODAY).to_json()
    del older["tells_shortfall"]
    assert not ReportContent.from_json(older).tells_shortfall  # what was issued before keeps its words
