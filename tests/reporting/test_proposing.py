"""Reasons and remedies that records propose: only of targets that fail, with their records, never in the report unconfirmed."""

from __future__ import annotations

import pytest

from camket.actions.queries import TaskRow
from camket.improvement.models import CorrectiveStep, Nonconformity
from camket.indicators.models import Reading
from camket.org.policy import Actor
from camket.paper.writing.html import write_html
from camket.reporting import operations, queries
from camket.reporting.content import ReportContent
from camket.reporting.models import Report
from camket.reporting.parts import Typed, ask_units, part, part_content, write_part
from camket.reporting.proposing import Proposals, proposals_for
from camket.web.staff.reports.forms import WordingForm
from people import People
from reporting.year import HALF, NOW, TODAY, Year, make_year


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def draft(people: People, year: Year) -> Report:
    return operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )


def content_of(actor: Actor, draft: Report) -> ReportContent:
    found = queries.report_content(actor, draft.pk, TODAY)
    assert isinstance(found, ReportContent)
    return found


def proposed(people: People, draft: Report) -> Proposals:
    return proposals_for(people.an, draft.pk, content_of(people.an, draft))


def form_of(people: People, draft: Report, data: dict[str, str] | None = None) -> WordingForm:
    content = content_of(people.an, draft)
    return WordingForm(
        data, targets=content.targets, sentences={}, proposed=proposals_for(people.an, draft.pk, content),
        initial={"proposals": content.proposals},
    )  # fmt: skip


def nonconformity(people: People, year: Year, **changes: object) -> Nonconformity:
    values: dict[str, object] = {
        "agency": people.agency, "year": 2026, "serial": 3, "source": "target", "title": "Không đạt mục tiêu 1",
        "text": "Có hồ sơ bị trả lại.", "found_on": TODAY, "judged_by_target": year.late, "state": "acting",
        "root_cause": "Công chức mới chưa được tập huấn", "made_at": NOW, "made_by_id": people.an.person_id,
    }  # fmt: skip
    found = Nonconformity.objects.create(**{**values, **changes})
    for order, (text, is_dropped) in enumerate((("Tập huấn công chức mới", False), ("Mua máy quét", True))):
        CorrectiveStep.objects.create(
            nonconformity=found, order=order, text=text, due_on=TODAY, is_dropped=is_dropped
        )
    return found


def test_only_targets_that_fail_have_a_proposal(people: People, year: Year, draft: Report) -> None:
    found = proposed(people, draft)
    assert set(found.targets) == {year.late.pk}
    assert "Tổng hợp phiếu khảo sát sự hài lòng" in found.targets[year.late.pk].reason
    assert "hạn 30/04/2026) hoàn thành chậm, ngày 12/05/2026." in found.targets[year.late.pk].reason
    assert "Nghiệm thu" not in found.targets[year.late.pk].reason


def test_notes_causes_and_steps_are_taken_each_with_its_record(
    people: People, year: Year, draft: Report
) -> None:
    Reading.objects.filter(indicator=year.late.indicator).update(note="Ba hồ sơ thiếu chữ ký")
    nonconformity(people, year)
    found = proposed(people, draft).targets[year.late.pk]
    assert found.reason.splitlines()[:2] == [
        "Ba hồ sơ thiếu chữ ký.",
        "Công chức mới chưa được tập huấn.",
    ]
    assert found.remedy == "Tập huấn công chức mới."
    assert found.sources == (
        "ghi chú tại số liệu kỳ 01/01/2026 – 30/06/2026",
        "sự không phù hợp KPH 03/2026",
        "đầu việc chậm, quá hạn trong kỳ",
    )
    assert "tập huấn công chức mới" in proposed(people, draft).proposals


@pytest.mark.parametrize(
    "changes", [{"state": "dismissed"}, {"state": "proposed", "serial": None}, {"state": "cancelled"}]
)
def test_what_is_not_in_the_book_proposes_nothing(
    people: People, year: Year, draft: Report, changes: dict[str, object]
) -> None:
    nonconformity(people, year, **changes)
    assert "tập huấn" not in proposed(people, draft).targets[year.late.pk].reason


def test_what_a_unit_sent_is_proposed_and_what_it_only_typed_is_not(
    people: People, year: Year, draft: Report
) -> None:
    unit = people.agency.units.order_by("order")[0]
    row = ask_units(actor=people.an, report_id=draft.pk, unit_ids=[unit.pk], due_on=TODAY, wish="", now=NOW)[
        0
    ]
    said = {year.late.pk: ("Thiếu người tại bộ phận một cửa", "Bổ sung một công chức")}
    late = {each.id: "Chờ phiếu" for each in _late(people, row.pk)}
    write_part(actor=people.an, part_id=row.pk, typed=Typed(remarks=said, late=late), now=NOW)
    assert "Thiếu người" not in proposed(people, draft).targets[year.late.pk].reason
    write_part(actor=people.an, part_id=row.pk, typed=Typed(remarks=said, late=late), now=NOW, is_sent=True)
    found = proposed(people, draft).targets[year.late.pk]
    assert "Thiếu người tại bộ phận một cửa." in found.reason
    assert "Bổ sung một công chức." in found.remedy
    assert f"phần của {unit.name}" in found.sources


def _late(people: People, part_id: int) -> tuple[TaskRow, ...]:
    return part_content(people.an, part(people.an, part_id), TODAY).late


def test_another_agencys_records_propose_nothing(people: People, year: Year, draft: Report) -> None:
    nonconformity(people, year, agency=people.other_agency)
    assert "tập huấn" not in proposed(people, draft).targets[year.late.pk].reason


def test_a_proposal_is_no_part_of_the_report_until_it_is_confirmed(
    people: People, year: Year, draft: Report
) -> None:
    nonconformity(people, year)
    assert "chưa được tập huấn" not in write_html(queries.document_of(people.an, draft.pk, TODAY))
    shown = form_of(people, draft)
    sent = {name: str(shown[name].value() or "") for name in shown.fields if not name.startswith("confirm_")}
    assert "tập huấn" in sent[f"reason_{year.late.pk}"]
    _save(people, draft, sent)
    assert not draft.remarks.exists()
    assert "tập huấn" in form_of(people, draft)[f"reason_{year.late.pk}"].value()
    _save(people, draft, {**sent, f"confirm_{year.late.pk}": "on"})
    assert "tập huấn" in draft.remarks.get().reason
    assert "chưa được tập huấn" in write_html(queries.document_of(people.an, draft.pk, TODAY))
    draft.refresh_from_db()
    assert draft.proposals == ""
    assert form_of(people, draft).proposed_for(year.late.pk) is None


def test_words_that_a_person_changed_are_taken_without_a_tick(
    people: People, year: Year, draft: Report
) -> None:
    shown = form_of(people, draft)
    sent = {name: str(shown[name].value() or "") for name in shown.fields if not name.startswith("confirm_")}
    sent[f"reason_{year.late.pk}"] = "Phần mềm lỗi hai tuần."
    _save(people, draft, sent)
    assert draft.remarks.get().reason == "Phần mềm lỗi hai tuần."
    assert draft.remarks.get().remedy == ""


def _save(people: People, draft: Report, data: dict[str, str]) -> None:
    content = content_of(people.an, draft)
    form = WordingForm(data, targets=content.targets, sentences={})
    assert form.is_valid(), form.errors
    operations.write_remarks(actor=people.an, report_id=draft.pk, wording=form.wording(), today=TODAY)
