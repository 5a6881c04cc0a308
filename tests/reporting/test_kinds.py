"""What each kind of report tells of its records, and that every kind goes the whole way to its frozen files."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta

import docx
import jsonschema
import pytest
from django.utils import timezone

from camket.core.plan import Period
from camket.core.wording.text import search_key
from camket.documents.queries import read_file
from camket.dossiers.models import Field
from camket.dossiers.queries.sums import words
from camket.improvement.models import Audit, AuditedUnit, Finding
from camket.improvement.operations import nonconformities
from camket.improvement.operations.nonconformities import NewNonconformity
from camket.org.policy import Actor
from camket.paper.conformity import check_document
from camket.paper.writing.docx import write_docx
from camket.registers.operations import enter, finish
from camket.reporting import operations, queries
from camket.reporting.kinds import KINDS
from camket.reporting.kinds.definition import Asked
from camket.reporting.models import Report
from camket.reporting.told import ToldContent
from camket.reporting.told_data import told_schema
from camket.voices.operations import feedback as answers_of
from camket.voices.operations import feedback_intake as intake
from camket.voices.operations.answers import store_responses
from camket.voices.operations.feedback_intake import NewFeedback
from people import People
from voices.answering import answered, edition_of, make_survey

TODAY = date(2026, 9, 18)
NOW = datetime(2026, 9, 18, 3, tzinfo=UTC)
THEN = date(2026, 6, 22)
"""A day of the newest quarter that is over, whether the year begins on 15 December or on 1 January."""


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def quarter(actor: Actor, subject: str) -> Period:
    """The newest quarter of a kind's own year that is over."""
    choices = queries.subject_choices(actor, TODAY)
    offered = [each.period for each in choices if (each.subject, each.kind) == (subject, "quarter")]
    return max((each for each in offered if each.end < TODAY), key=lambda each: each.end)


def drafted(people: People, subject: str) -> tuple[Report, ToldContent]:
    draft = operations.draft_on(
        actor=people.an, subject=subject, kind="quarter", period=quarter(people.an, subject), now=NOW
    )
    found = queries.report_content(people.an, draft.pk, TODAY)
    assert isinstance(found, ToldContent)
    return draft, found


def issued(people: People, draft: Report) -> Report:
    operations.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
    operations.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
    return operations.issue_report(
        actor=people.an, report_id=draft.pk, number="40/BC-UBND", issued_on=TODAY, signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH", authority="TM. ỦY BAN NHÂN DÂN", now=NOW,
    )  # fmt: skip


def said(content: ToldContent) -> str:
    return " ".join(each.said for each in content.statements)


def figures(content: ToldContent) -> dict[str, str]:
    return {line.now.name: line.now.shown.replace("\xa0", " ") for line in content.measures}


def directive(people: People, number: str, due: date | None, done: date | None = None) -> None:
    values: dict[str, object] = {
        "number": number,
        "on": THEN,
        "source": "UBND tỉnh",
        "kind": "superior",
        "title": f"Rà soát, báo cáo theo văn bản {number}",
        **({"due_on": due} if due else {}),
    }
    entry = enter(actor=people.an, register="directives", values=values, now=at(THEN))
    if done is not None:
        finish(actor=people.an, entry_id=entry.pk, done_on=done, now=at(done))


def written(people: People, draft: Report) -> str:
    document = docx.Document(io.BytesIO(write_docx(queries.document_of(people.an, draft.pk, TODAY))))
    return "\n".join(each.text for each in document.paragraphs)


def test_directives_are_told_as_their_indicators_count_them_and_the_overdue_are_listed(
    people: People,
) -> None:
    directive(people, "1/TB-UBND", THEN + timedelta(days=10), THEN + timedelta(days=9))
    directive(people, "2/TB-UBND", THEN + timedelta(days=10), THEN + timedelta(days=20))
    directive(people, "3/TB-UBND", THEN + timedelta(days=15))
    directive(people, "4/TB-UBND", None)
    draft, content = drafted(people, "directives")
    found = figures(content)
    assert found["ý kiến chỉ đạo tiếp nhận"] == "4"
    assert found["ý kiến chỉ đạo đến hạn"] == "3"
    assert found["tỷ lệ ý kiến chỉ đạo hoàn thành đúng hạn"] == "33,33 % (1/3)"
    assert "còn 1 ý kiến chỉ đạo quá hạn chưa hoàn thành" in said(content)
    by_unit, overdue = content.tables
    assert by_unit.sums[2:5] == (4, 3, 1)
    assert [row[1] for row in overdue.rows] == ["3/TB-UBND"]
    paper = written(people, draft)
    assert "Có 1 ý kiến chỉ đạo hoàn thành quá hạn, 1 ý kiến chỉ đạo quá hạn chưa hoàn thành." in paper
    assert "Số liệu tại Phụ lục I kèm theo." in paper  # nothing is known of earlier periods
    assert "các kỳ trước" not in paper


def test_feedback_is_told_with_what_was_found_out(people: People) -> None:
    for number in range(2):
        new = NewFeedback(
            f"Đèn đường hỏng {number}",
            f"Đèn đầu thôn hỏng, cột số {number}.",
            sender_name="Lò Thị Sương",
            sender_address="Thôn Đông",
            sender_phone="0912345678",
        )
        row = intake.receive_from_public(agency_id=people.agency.pk, new=new, files=(), now=at(THEN))
        assert row is not None
        if number:
            continue
        answers_of.classify(
            actor=people.an, feedback_id=row.pk, kind="other", field_id=None, concerns=(), now=at(THEN, 10)
        )
        answers_of.assign(
            actor=people.an, feedback_id=row.pk, unit_id=next(iter(people.binh.unit_ids)),
            officer_id=people.binh.person_id, note="", now=at(THEN, 10),
        )  # fmt: skip
        answers_of.save_answer(
            actor=people.binh, feedback_id=row.pk, answer="Đã thay bóng.", submits=True, now=at(THEN, 11)
        )
        signing = answers_of.Signing("12/TB-UBND", "Lê Minh Châu", "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN")
        answers_of.approve_answer(actor=people.chau, feedback_id=row.pk, signing=signing, now=at(THEN, 15))
    _, content = drafted(people, "feedback")
    found = figures(content)
    assert found["phản ánh, kiến nghị tiếp nhận"] == "2"
    assert found["phản ánh, kiến nghị đã trả lời"] == "1"
    assert found["tỷ lệ phản ánh, kiến nghị xử lý đúng hạn"] == "50 % (1/2)"
    assert (
        "Kết quả xử lý: đã trả lời 1. Đến hạn trong kỳ 2 phản ánh, kiến nghị: xử lý đúng hạn 1, chưa xử lý 1."
        in said(content)
    )
    assert content.tables[0].sums[2] == 2
    assert "Sương" not in json.dumps(content.to_json(), ensure_ascii=False)


def test_fields_stand_in_the_order_of_the_vietnamese_alphabet(people: People) -> None:
    for name in ("Xây dựng", "Đất đai", "Hộ tịch", "Chứng thực"):
        Field.objects.create(agency=people.agency, name=name, key=search_key(name))
    names = [name for _, name in words(people.agency.pk, "field", limit=9)]
    assert names == ["Chứng thực", "Đất đai", "Hộ tịch", "Xây dựng"]


def test_satisfaction_is_told_on_the_whole_and_by_question(people: People) -> None:
    survey = make_survey(people.agency)
    rows = [answered(grade, on=THEN) for grade in (5, 5, 5, 4, 4, 4, 4, 3, 2, 1)]
    store_responses(survey=survey, edition=edition_of(survey), rows=rows, now=at(THEN))
    _, content = drafted(people, "satisfaction")
    found = figures(content)
    assert found["lượt trả lời khảo sát"] == "10"
    assert found["mức độ hài lòng chung"] == "70 % (7/10)"
    assert found["tỷ lệ không hài lòng"] == "20 % (2/10)"
    assert "Mức độ hài lòng chung: 70 % (7/10)" in said(content).replace("\xa0", " ")
    assert [table.rows[0][2] for table in content.tables if table.rows] == [10, 10]


def test_nonconformities_are_told_as_they_stood_at_the_end_of_the_period(people: People) -> None:
    for title, day in (("Thiếu thư xin lỗi", THEN), ("Phiếu chưa ghi đủ", date(2026, 7, 20))):
        what = NewNonconformity(source="other", title=title, text="Chưa đúng.", found_on=day, clause="8.7")
        nonconformities.raise_nonconformity(actor=people.binh, what=what, now=at(day))
    _, content = drafted(people, "corrective")
    assert figures(content)["sự không phù hợp phát hiện"] == "1"
    assert figures(content)["sự không phù hợp đang xử lý"] == "1"
    assert [row[2] for row in content.tables[0].rows] == ["Thiếu thư xin lỗi"]
    assert content.tables[0].rows[0][6] == "Đang phân tích, lập kế hoạch"
    assert "Trong kỳ phát hiện 1 sự không phù hợp, không có sự không phù hợp nặng" in said(content)
    assert "chưa có sự không phù hợp nào được khắc phục xong và xác nhận có hiệu lực" in said(content)
    assert " 0;" not in said(content)


def test_audits_are_told_by_the_day_of_their_report(people: People) -> None:
    unit = people.agency.units.order_by("order")[1]
    for title, day in (("Đợt 1", THEN), ("Đợt 2", date(2026, 8, 3))):
        audit = Audit.objects.create(
            agency=people.agency, title=title, starts_on=day, ends_on=day, state="reported", reported_on=day,
            report_number="02/BC-ĐĐG", edition="iso9001-2015", made_at=at(day), made_by_id=people.an.person_id,
        )  # fmt: skip
        audited = AuditedUnit.objects.create(audit=audit, unit=unit, order=0)
        for serial, grade in enumerate(("minor", "observation", "minor"), 1):
            Finding.objects.create(
                agency=people.agency, audited=audited, serial=serial, grade=grade, text=f"Phát hiện {serial}",
                clause="8.5", is_withdrawn=serial == 3, found_at=at(day), found_by_id=people.an.person_id,
            )  # fmt: skip
    _, content = drafted(people, "audits")
    found = figures(content)
    assert (found["cuộc đánh giá nội bộ"], found["lượt bộ phận được đánh giá"]) == ("1", "1")
    assert (found["điểm không phù hợp nhẹ"], found["điểm cần lưu ý"]) == ("1", "1")
    assert found["tỷ lệ điểm không phù hợp đã khắc phục xong"] == "0 % (0/1)"
    held, findings = content.tables
    assert [row[1] for row in held.rows] == ["Đợt 1"]
    assert [row[5] for row in findings.rows] == ["Phát hiện 1"]


@pytest.mark.parametrize("subject", list(KINDS))
def test_every_kind_names_the_same_figures_in_every_period(people: People, subject: str) -> None:
    kind = KINDS[subject]
    asked = Asked(people.an, quarter(people.an, subject), TODAY)
    names = [each.name for each in kind.measures(asked)]
    assert names == [each.name for each in kind.gather(asked).measures]
    assert len(set(names)) == len(names)
    told = [of for _, statements in kind.gather(asked).sections for each in statements for of in each.of]
    assert set(told) <= set(names)


@pytest.mark.parametrize("subject", list(KINDS))
def test_every_kind_goes_to_its_frozen_files_even_where_nothing_arose(people: People, subject: str) -> None:
    draft, content = drafted(people, subject)
    assert said(content)
    assert "{" not in said(content)
    report = issued(people, draft)
    assert report.docx_id
    assert report.data_id
    data = read_file(people.an, report.docx_id)
    assert not check_document(data).deviations
    words = " ".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)
    assert KINDS[subject].title in words or KINDS[subject].title.lower() in words.lower()
    jsonschema.Draft202012Validator(told_schema()).validate(json.loads(read_file(people.an, report.data_id)))
    assert not queries.changes_since_issue(people.an, report.pk, TODAY)
