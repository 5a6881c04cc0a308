"""A plan as the document that promulgates it."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from camket.core.plan import (
    Action,
    Agency,
    Decision,
    Every,
    Level,
    Objective,
    Period,
    Plan,
    Policy,
    Schedule,
    ScheduleKind,
    Target,
    TargetKind,
)
from camket.paper.writing.decision import (
    LAYOUT_NAMES,
    Extras,
    Layout,
    decision_document,
    fitting_layout,
    losses,
    write_plan,
)
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Paragraph, Table, text_of

ACTION = Action(
    number="1",
    text="Rà soát, niêm yết thủ tục hành chính",
    lead=("Văn phòng HĐND và UBND",),
    when="Thường xuyên",
    schedule=(Schedule(ScheduleKind.CONTINUOUS),),
)
PLAN = Plan(
    agency=Agency("UBND xã Bình Yên", Level.COMMUNE),
    year=2026,
    decision=Decision(
        kind="QĐ",
        number="05/QĐ-UBND",
        date=date(2026, 1, 5),
        place="Bình Yên",
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
    ),
    objectives=(
        Objective(
            number="1",
            text="Ít nhất 98% hồ sơ giải quyết đúng hạn",
            targets=(
                Target("Ít nhất 98% hồ sơ giải quyết đúng hạn", TargetKind.AT_LEAST, value=98, unit="%"),  # type: ignore[arg-type]
            ),
            actions=(ACTION,),
        ),
    ),
    reporting=(Schedule(ScheduleKind.EVERY, period=Every.HALF_YEAR),),
)


def with_action(**changes: object) -> Plan:
    objective = replace(PLAN.objectives[0], actions=(replace(ACTION, **changes),))  # type: ignore[arg-type]
    return replace(PLAN, objectives=(objective,))


def said(plan: Plan, extras: Extras | None = None) -> str:
    document = decision_document(plan, Layout.RESPONSIBILITIES, extras)
    return "\n".join(text_of(block.line) for block in document.body if isinstance(block, Paragraph))


def table_of(plan: Plan, layout: Layout) -> Table:
    document = decision_document(plan, layout)
    return next(block for block in document.annexes[-1].body if isinstance(block, Table))


def test_losses_name_each_field_that_a_layout_cannot_hold() -> None:
    full = with_action(support=("Phòng Kinh tế",), monitors=("QMR",), evidence=("Biên bản",))
    lost = {layout: {loss.template.split(" (")[0] for loss in losses(full, layout)} for layout in Layout}
    column = "The layout has no column for "
    assert lost == {
        Layout.RESPONSIBILITIES: set(),
        Layout.SECTIONS: {column + "who supports", column + "who monitors"},
        Layout.TARGETS: {column + "who supports", column + "who monitors", column + "evidence"},
        Layout.MEASURES: {
            column + "who leads", column + "who supports", column + "who monitors", column + "evidence",
        },
    }  # fmt: skip
    assert all(loss.params == {"count": "1"} for layout in Layout for loss in losses(full, layout))


def test_method_is_held_by_one_layout_alone() -> None:
    measured = replace(PLAN, objectives=(replace(PLAN.objectives[0], method="Thống kê."),))
    holding = [
        layout for layout in Layout if not any("method" in loss.template for loss in losses(measured, layout))
    ]
    assert holding == [Layout.MEASURES]


def test_action_that_says_its_bodies_loses_none() -> None:
    plan = with_action(
        text="Văn phòng chủ trì, phối hợp với Phòng Kinh tế rà soát thủ tục",
        lead=("Văn phòng",),
        support=("Phòng Kinh tế",),
    )
    assert losses(plan, Layout.MEASURES) == ()


def test_targets_of_a_part_of_the_year_fit_no_layout() -> None:
    target = replace(PLAN.objectives[0].targets[0], period=Period(date(2026, 1, 1), date(2026, 3, 31)))
    plan = replace(PLAN, objectives=(replace(PLAN.objectives[0], targets=(target,)),))
    assert all(losses(plan, layout) for layout in Layout)


def test_fitting_layout_loses_least() -> None:
    assert fitting_layout(with_action(monitors=("QMR",))) is Layout.RESPONSIBILITIES
    measured = replace(PLAN.objectives[0], method="Thống kê.", actions=(replace(ACTION, lead=()),))
    assert fitting_layout(replace(PLAN, objectives=(measured,))) is Layout.MEASURES
    assert set(LAYOUT_NAMES) == set(Layout)


def test_target_that_only_its_column_states_is_written_beside_the_objective() -> None:
    target = Target("Tối thiểu 45%", TargetKind.AT_LEAST, value=45, unit="%")  # type: ignore[arg-type]
    plan = replace(PLAN, objectives=(Objective("1", "Tỷ lệ hồ sơ trực tuyến.", targets=(target,)),))
    head = table_of(plan, Layout.RESPONSIBILITIES).rows[0][1]
    assert "; ".join(text_of(line) for line in head.lines) == "Tỷ lệ hồ sơ trực tuyến; Tối thiểu 45%"
    assert text_of(table_of(plan, Layout.MEASURES).rows[0][2].lines[0]) == "Tối thiểu 45%"


def test_decision_has_its_articles_and_reporting() -> None:
    text = said(PLAN)
    assert "Điều 1. Ban hành kèm theo Quyết định này Mục tiêu chất lượng" in text
    assert "Điều 3. Quyết định này có hiệu lực kể từ ngày ký." in text
    assert "2. Định kỳ 06 tháng" in text
    assert text.endswith("chịu trách nhiệm thi hành Quyết định này./.")
    assert "báo cáo" not in said(replace(PLAN, reporting=()))


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("TM. ỦY BAN NHÂN DÂN", "Ủy ban nhân dân xã Bình Yên"),
        ("KT. CHỦ TỊCH", "Chủ tịch Ủy ban nhân dân xã Bình Yên"),
        (None, "Chủ tịch Ủy ban nhân dân xã Bình Yên"),
    ],
)
def test_who_decides_follows_who_signs(authority: str | None, expected: str) -> None:
    assert PLAN.decision is not None
    plan = replace(PLAN, decision=replace(PLAN.decision, authority=authority))
    assert decision_document(plan, Layout.TARGETS).authority == expected


def test_committee_that_signs_issues_under_its_agency() -> None:
    assert PLAN.decision is not None
    decision = replace(
        PLAN.decision, kind="KH", number=None, authority="TM. BAN CHỈ ĐẠO", capacity="TRƯỞNG BAN"
    )
    document = decision_document(replace(PLAN, decision=decision), Layout.TARGETS)
    assert document.letterhead.issuer == "Ban Chỉ đạo ISO"
    assert document.letterhead.superior == "Ủy ban nhân dân xã Bình Yên"
    assert document.letterhead.symbol == "KH-BCĐ"
    assert (document.kind, document.bases, document.enactment) == ("Kế hoạch", (), "")


def test_extras_take_the_place_of_the_usual_wording() -> None:
    extras = Extras(
        issuer="Ủy ban nhân dân xã Bình Yên, tỉnh Đông Hà",
        superior="Ủy ban nhân dân tỉnh Đông Hà",
        bases=("Căn cứ Kế hoạch số 12/KH-UBND",),
        proposer="Chánh Văn phòng",
        executors="Chánh Văn phòng",
        recipients=("Như Điều 4", "Lưu: VT, VP"),
    )
    document = decision_document(PLAN, Layout.TARGETS, extras)
    assert document.letterhead.superior == "Ủy ban nhân dân tỉnh Đông Hà"
    assert document.bases == ("Căn cứ Kế hoạch số 12/KH-UBND", "Theo đề nghị của Chánh Văn phòng")
    assert document.recipients == ("Như Điều 4", "Lưu: VT, VP")
    assert "Điều 4. Chánh Văn phòng chịu trách nhiệm" in said(PLAN, extras)


def test_policy_is_an_annex_of_its_own() -> None:
    plan = replace(PLAN, policy=Policy("Gần dân - Đúng hẹn", ("Đúng hẹn.", "Công khai.")))
    annexes = decision_document(plan, Layout.SECTIONS).annexes
    assert [annex.title for annex in annexes] == [
        "Chính sách chất lượng năm 2026",
        "Mục tiêu chất lượng năm 2026",
        "Kế hoạch thực hiện mục tiêu chất lượng năm 2026",
    ]
    assert [annex.landscape for annex in decision_document(PLAN, Layout.RESPONSIBILITIES).annexes] == [
        False,
        True,
    ]


def test_two_times_of_one_cell_take_their_columns() -> None:
    plan = with_action(lead=(), when="Từ ngày 01/02/2026 – Trước 25/12/2026")
    start, end = table_of(plan, Layout.MEASURES).rows[0][5:7]
    assert (text_of(start.lines[0]), text_of(end.lines[0])) == ("Từ ngày 01/02/2026", "Trước 25/12/2026")


def test_schedule_without_words_is_written_in_words() -> None:
    cell = table_of(with_action(when=None), Layout.TARGETS).rows[0][4]
    assert text_of(cell.lines[0]) == "Thường xuyên"


def test_plan_of_hardly_anything_is_still_a_document() -> None:
    bare = Plan(agency=Agency(None, None), year=None)
    for layout in Layout:
        assert write_plan(bare, layout.value, "docx").startswith(b"PK")
        assert write_plan(bare, layout.value, "pdf").startswith(b"%PDF")
    with pytest.raises(ValueError, match="no-such-layout"):
        write_plan(bare, "no-such-layout", "docx")


def test_lists_of_several_have_dashes_and_ends() -> None:
    plan = with_action(evidence=("Biên bản", "Danh sách…"), monitors=("QMR",))
    file = docx.Document(io.BytesIO(write_docx(decision_document(plan, Layout.RESPONSIBILITIES))))
    row = file.tables[-1].rows[-1].cells
    assert row[6].text == "- Biên bản;\n- Danh sách…."
    assert row[5].text == "QMR"


def documented(start: str) -> list[list[str]]:
    """Return the rows of the table of the manual that begins with a word."""
    page = (Path(__file__).parents[3] / "docs/reference/official-documents.md").read_text("utf-8")
    lines = page[page.index(f"| {start} |") :].splitlines()
    rows = [
        line.strip("|").split("|") for line in itertools.takewhile(lambda line: line.startswith("|"), lines)
    ]
    return [[cell.strip() for cell in row] for row in rows[:1] + rows[2:]]


@pytest.mark.parametrize(("layout", "columns"), documented("layout")[1:])
def test_columns_are_those_of_the_manual(layout: str, columns: str) -> None:
    head = table_of(PLAN, Layout(layout.strip("`"))).head[0]
    assert [text_of(cell.lines[0]) for cell in head] == columns.split(" · ")


def test_what_layouts_hold_is_what_the_manual_says() -> None:
    words = {
        "lead": "who leads", "support": "who supports", "monitors": "who monitors",
        "evidence": "for evidence", "method": "the method",
    }  # fmt: skip
    head, *rows = documented("field")
    full = with_action(support=("A",), monitors=("B",), evidence=("C",))
    full = replace(full, objectives=(replace(full.objectives[0], method="D"),))
    for field, *held in rows:
        for layout, word in zip(head[1:], held, strict=True):
            lost = any(words[field] in loss.template for loss in losses(full, Layout(layout)))
            assert lost == (word != "yes"), (field, layout)
