"""A decision's file becomes a plan that a person checks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from camket.core import plan as core
from camket.core.workflow import NotPossible
from camket.journal.models import Entry
from camket.objectives import operations, queries
from camket.objectives.models import Plan
from camket.org.models import BodyName
from camket.org.policy import NotAllowed
from camket.paper.reading import UnreadableDocument, read_document
from people import TODAY, People

GOLD = ["kim-thanh-2026", "phong-binh-2023", "phu-thu-2022", "thuong-loc-2024", "tuy-phuoc-2024"]


def decision(
    *, agency: str = "UBND XÃ BÌNH YÊN", year: str = " năm 2026", lead: str = "Phòng Kinh tế"
) -> bytes:
    """Return a short decision as DOCX; the lead of its second action is left blank."""
    document = Document()
    for line in (
        agency,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 21/QĐ-UBND",
        "Bình Yên, ngày 12 tháng 01" + (year or " năm 2026"),
        "QUYẾT ĐỊNH",
        "Về việc ban hành Mục tiêu chất lượng" + year,
        "Điều 1. Ban hành kèm theo Quyết định này Mục tiêu chất lượng" + year + ".",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Lê Minh Châu",
        "PHỤ LỤC",
    ):
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=5)
    for cell, text in zip(
        table.rows[0].cells, ("TT", "Mục tiêu và biện pháp", "Chủ trì", "Thời gian", "Kết quả"), strict=True
    ):
        cell.text = text
    for row in (
        ("1", "Từ 97% hồ sơ trở lên được giải quyết đúng hạn", "", "", ""),
        ("1.1", "Nhắc người thụ lý hồ sơ sắp đến hạn", lead, "Hằng tháng", "Bảng theo dõi"),
        ("1.2", "Tổng hợp hồ sơ trễ hạn", "", "Trước ngày 15/6/2026", "Báo cáo"),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_file_becomes_a_plan_to_check(people: People) -> None:
    data = decision()
    imported = operations.import_plan(actor=people.an, data=data, name="quyet-dinh.docx", today=TODAY)
    assert imported.is_new
    plan = queries.plan_detail(people.an, imported.plan_id)
    assert plan.as_format() == read_document(data, "quyet-dinh.docx").plan
    assert (plan.state, plan.year, plan.number) == ("reading", 2026, "21/QĐ-UBND")
    assert plan.source_file is not None
    assert plan.source_file.name == "quyet-dinh.docx"
    assert plan.has_source
    assert plan.acts == {"edit", "map", "accept", "discard", "copy"}
    entry = Entry.objects.get(verb="plan.imported")
    assert entry.after is not None
    assert (entry.after["objectives"], entry.after["actions"]) == (1, 2)


def test_fields_know_their_place_and_doubts(people: People) -> None:
    imported = operations.import_plan(actor=people.an, data=decision(), name="qd.docx", today=TODAY)
    (objective,) = queries.plan_detail(people.an, imported.plan_id).objectives
    reading = queries.reading_of(people.an, imported.plan_id)
    assert reading is not None
    span = objective.actions[0].source["text"].span
    assert span is not None
    cell_text = next(
        cell.text
        for block in reading.blocks
        if block.id == span.block
        for row in block.rows
        for cell in row
        if "Nhắc người thụ lý" in cell.text
    )
    assert cell_text[span.start : span.end] == objective.actions[0].text
    assert objective.targets[0].source.span is not None
    # The second action has nobody to lead it, and says so where the lead stands.
    assert objective.actions[1].source["lead"].is_doubtful
    plan = queries.plan_detail(people.an, imported.plan_id)
    notes = queries.checking_notes(plan, reading)
    assert plan.notes_count == len(notes)
    assert objective.actions[1].id in {note.action_id for note in notes}


def test_doubts_go_when_a_person_writes_the_field(people: People) -> None:
    imported = operations.import_plan(actor=people.an, data=decision(), name="qd.docx", today=TODAY)
    action = queries.plan_detail(people.an, imported.plan_id).objectives[0].actions[1]
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, lead=["Phòng Kinh tế"])
    action = queries.plan_detail(people.an, imported.plan_id).objectives[0].actions[1]
    assert not action.source["lead"].is_doubtful
    operations.update_head(actor=people.an, plan_id=imported.plan_id, today=TODAY, number="22/QĐ-UBND")
    head = queries.plan_detail(people.an, imported.plan_id).head_source["decision.number"]
    assert (head.confidence, head.is_doubtful) == (None, False)


def test_same_file_gives_the_same_plan(people: People) -> None:
    data = decision()
    first = operations.import_plan(actor=people.an, data=data, name="a.docx", today=TODAY)
    again = operations.import_plan(actor=people.an, data=data, name="b.docx", today=TODAY)
    assert (again.plan_id, again.is_new) == (first.plan_id, False)
    operations.discard_plan(actor=people.an, plan_id=first.plan_id, today=TODAY)
    anew = operations.import_plan(actor=people.an, data=data, name="a.docx", today=TODAY)
    assert anew.is_new
    theirs = operations.import_plan(actor=people.chi, data=data, name="a.docx", today=TODAY)
    assert theirs.is_new


def test_document_of_another_agency_is_told(people: People) -> None:
    imported = operations.import_plan(
        actor=people.an, data=decision(agency="UBND XÃ ĐỒI MÂY"), name="qd.docx", today=TODAY
    )
    (warning,) = queries.plan_detail(people.an, imported.plan_id).head_source["agency"].warnings
    assert warning.params["ours"] == "UBND xã Bình Yên"
    own = operations.import_plan(actor=people.an, data=decision(), name="own.docx", today=TODAY)
    assert "agency" not in queries.plan_detail(people.an, own.plan_id).head_source


def test_what_does_not_fit_is_cut_with_a_warning(people: People) -> None:
    imported = operations.import_plan(
        actor=people.an, data=decision(lead="x" * 600), name="qd.docx", today=TODAY
    )
    action = queries.plan_detail(people.an, imported.plan_id).objectives[0].actions[0]
    assert len(action.lead[0].text) == 500
    assert action.source["lead"].is_doubtful


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (
            core.Target("từ 5 đến 4 km", core.TargetKind.BETWEEN, "5", "4", "km"),  # type: ignore[arg-type]
            ("between", "4", "5"),
        ),
        (
            core.Target("12345678901234567890 hồ sơ", core.TargetKind.AT_LEAST, "12345678901234567890"),  # type: ignore[arg-type]
            ("achieved", None, None),
        ),
    ],
)
def test_impossible_figure_of_a_document_never_stops_it(
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    target: core.Target,
    expected: tuple[str, str | None, str | None],
) -> None:
    number = {name: Decimal(getattr(target, name)) for name in ("value", "upper") if getattr(target, name)}
    data = decision()
    reading = read_document(data, "qd.docx")
    objective = replace(reading.plan.objectives[0], targets=(replace(target, **number),))
    doubtful = replace(reading, plan=replace(reading.plan, objectives=(objective,)))
    monkeypatch.setattr(operations.bring_in, "read_document", lambda data, name: doubtful)
    imported = operations.import_plan(actor=people.an, data=data, name="qd.docx", today=TODAY)
    row = queries.plan_detail(people.an, imported.plan_id).objectives[0].targets[0]
    assert (row.kind, row.value and str(row.value), row.upper and str(row.upper)) == expected


def test_characters_that_no_database_keeps_become_blanks(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = decision()
    reading = read_document(data, "qd.docx")
    objective = replace(reading.plan.objectives[0], text="Đúng\x00hẹn\ud800 hơn")
    block = replace(reading.blocks[0], text="UBND\x00XÃ")
    damaged = replace(
        reading,
        plan=replace(reading.plan, objectives=(objective,)),
        blocks=(block, *reading.blocks[1:]),
    )
    monkeypatch.setattr(operations.bring_in, "read_document", lambda data, name: damaged)
    imported = operations.import_plan(actor=people.an, data=data, name="qd.docx", today=TODAY)
    assert queries.plan_detail(people.an, imported.plan_id).objectives[0].text == "Đúng hẹn  hơn"
    kept = queries.reading_of(people.an, imported.plan_id)
    assert kept is not None
    assert kept.blocks[0].text == "UBND XÃ"


def test_year_that_the_document_does_not_say_is_told(people: People) -> None:
    text = "MỤC TIÊU CHẤT LƯỢNG\n1. Từ 97% hồ sơ trở lên được giải quyết đúng hạn\n2. Trên 90% người dân hài lòng\n"
    imported = operations.import_plan(actor=people.an, data=text.encode(), name="muc-tieu.txt", today=TODAY)
    plan = queries.plan_detail(people.an, imported.plan_id)
    assert plan.year == TODAY.year
    assert plan.head_source["year"].is_doubtful


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02" * 50])
def test_unreadable_file_leaves_nothing(people: People, data: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        operations.import_plan(actor=people.an, data=data, name="hong.docx", today=TODAY)
    assert not Plan.objects.exists()
    assert not Entry.objects.exists()


def test_officer_imports_nothing(people: People) -> None:
    with pytest.raises(NotAllowed):
        operations.import_plan(actor=people.binh, data=decision(), name="qd.docx", today=TODAY)


def test_accepted_reading_is_a_draft_and_its_bodies_are_remembered(people: People) -> None:
    imported = operations.import_plan(actor=people.an, data=decision(), name="qd.docx", today=TODAY)
    with pytest.raises(NotPossible):
        operations.submit_plan(actor=people.an, plan_id=imported.plan_id, today=TODAY)
    operations.accept_reading(actor=people.an, plan_id=imported.plan_id, today=TODAY)
    assert Plan.objects.get(pk=imported.plan_id).state == "draft"
    assert BodyName.objects.get(agency=people.agency).key == "phong kinh te"
    with pytest.raises(NotPossible):
        operations.accept_reading(actor=people.an, plan_id=imported.plan_id, today=TODAY)


def test_imported_decision_is_its_own_signed_file(people: People) -> None:
    imported = operations.import_plan(actor=people.an, data=decision(), name="qd.docx", today=TODAY)
    operations.accept_reading(actor=people.an, plan_id=imported.plan_id, today=TODAY)
    operations.update_head(
        actor=people.an, plan_id=imported.plan_id, today=TODAY, resources="Kinh phí được giao"
    )
    action = queries.plan_detail(people.an, imported.plan_id).objectives[0].actions[1]
    operations.update_action(actor=people.an, action_id=action.id, today=TODAY, lead=["Phòng Kinh tế"])
    plan = queries.plan_detail(people.an, imported.plan_id)
    assert plan.decided_on is not None
    made = operations.record_signed_plan(
        actor=people.an,
        plan_id=imported.plan_id,
        number=plan.number,
        decided_on=plan.decided_on,
        signed_by=plan.signed_by or "Lê Minh Châu",
        today=TODAY,
    )
    assert made == 13
    row = Plan.objects.get(pk=imported.plan_id)
    assert (row.state, row.signed_file_id) == ("promulgated", row.source_file_id)


@pytest.mark.shared
@pytest.mark.parametrize("name", GOLD)
def test_real_decision_is_kept_as_it_was_read(people: People, shared: Path, name: str) -> None:
    data = (shared / "seeds" / f"{name}.docx").read_bytes()
    imported = operations.import_plan(actor=people.an, data=data, name=f"{name}.docx", today=TODAY)
    assert queries.plan_as_format(people.an, imported.plan_id) == read_document(data, name).plan
