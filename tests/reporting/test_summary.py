"""The committee's summary: of issued reports of those below alone, each figure beside the report that it stands in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from camket.documents.queries import read_file
from camket.org.models import Agency, Role
from camket.org.policy import Actor
from camket.paper.conformity import check_document
from camket.reporting import operations, queries
from camket.reporting.models import Remark, Report
from camket.reporting.told import ToldContent
from people import People, actor_of, make_agency, make_person
from reporting.year import HALF, NOW, TODAY, Year, approve, issue_half_year, make_year


@pytest.fixture
def province(people: People) -> Agency:
    """A province above the two communes."""
    found = make_agency("H00", "UBND tỉnh Thử", set_up_on=None)
    Agency.objects.filter(pk__in=(people.agency.pk, people.other_agency.pk)).update(parent=found)
    return found


@pytest.fixture
def writer(province: Agency) -> Actor:
    return actor_of(make_person(province, "Đỗ Thị Giang", "giang", Role.SECRETARY), province)


@pytest.fixture
def leader(province: Agency) -> Actor:
    return actor_of(make_person(province, "Vũ Văn Hải", "hai", Role.CHAIRMAN), province)


def draft(writer: Actor) -> Report:
    return operations.draft_on(actor=writer, subject="summary", kind="half_year", period=HALF, now=NOW)


def content_of(writer: Actor, report: Report) -> ToldContent:
    found = queries.report_content(writer, report.pk, TODAY)
    assert isinstance(found, ToldContent)
    return found


def figures(content: ToldContent) -> dict[str, str]:
    return {line.now.name: line.now.shown.replace("\xa0", " ") for line in content.measures}


def test_figures_stand_beside_the_report_they_are_of_and_the_missing_are_named(
    people: People, writer: Actor
) -> None:
    issue_half_year(people)
    content = content_of(writer, draft(writer))
    found = figures(content)
    assert found["cơ quan, đơn vị phải báo cáo"] == "2"
    assert found["cơ quan, đơn vị đã ban hành báo cáo"] == "1"
    assert (found["chỉ tiêu được báo cáo"], found["chỉ tiêu không đạt"]) == ("3", "1")
    assert found["tỷ lệ chỉ tiêu đạt, đúng tiến độ trên số chỉ tiêu có kết quả"] == "50 % (1/2)"
    said = " ".join(each.said for each in content.statements)
    assert "1/2 cơ quan, đơn vị đã ban hành báo cáo" in said
    assert "chưa ban hành báo cáo: UBND xã Suối Xa." in said
    by_body, failing = content.tables
    assert [row[1:5] for row in by_body.rows] == [
        ("UBND xã Bình Yên", "Số 12/BC-UBND ngày 01/07/2026", 3, 0),
        ("UBND xã Suối Xa", "Chưa ban hành", None, None),
    ]
    assert by_body.sums[3] == 3
    assert all(row[2][:1].isupper() for row in failing.rows)  # "không có hồ sơ bị trả lại…" begins a cell
    assert [(row[1], row[7]) for row in failing.rows] == [
        ("UBND xã Bình Yên", "Số 12/BC-UBND ngày 01/07/2026")
    ]


def test_sums_of_the_table_are_the_figures_of_the_text(people: People, writer: Actor) -> None:
    issue_half_year(people)
    content = content_of(writer, draft(writer))
    found = figures(content)
    heads = [each.title for each in content.tables[0].columns]
    sums = dict(zip(heads, content.tables[0].sums, strict=True))
    for head, name in (
        ("Chỉ tiêu", "chỉ tiêu được báo cáo"),
        ("Không đạt", "chỉ tiêu không đạt"),
        ("Chưa có số liệu", "chỉ tiêu chưa có số liệu"),
        ("Nhiệm vụ đến hạn", "nhiệm vụ đến hạn trong kỳ"),
        ("Quá hạn", "nhiệm vụ quá hạn chưa hoàn thành"),
    ):
        assert str(sums[head]) == found[name]


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_what_is_not_issued_is_no_part_of_it(people: People, writer: Actor, state: str) -> None:
    year = make_year(people)
    below = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )
    if state != "draft":
        operations.submit_report(actor=people.an, report_id=below.pk, now=NOW)
    if state == "approved":
        operations.approve_report(actor=people.chau, report_id=below.pk, now=NOW)
    content = content_of(writer, draft(writer))
    assert figures(content)["chỉ tiêu được báo cáo"] == "0"
    assert [row[2] for row in content.tables[0].rows] == ["Chưa ban hành", "Chưa ban hành"]
    assert len(content.tables) == 1  # no annex of targets that are not reached


def test_a_report_of_another_kind_of_period_is_no_part_of_it(people: People, writer: Actor) -> None:
    issue_half_year(people)
    Report.objects.update(kind="quarter")
    assert figures(content_of(writer, draft(writer)))["chỉ tiêu được báo cáo"] == "0"


def test_agencies_beside_and_above_are_no_part_of_it(people: People, writer: Actor) -> None:
    issue_half_year(people)
    Agency.objects.filter(pk=people.agency.pk).update(parent=None)
    content = content_of(writer, draft(writer))
    assert [row[1] for row in content.tables[0].rows] == ["UBND xã Suối Xa"]


def test_a_report_issued_meanwhile_sends_it_back_and_one_issued_later_shows(
    people: People, writer: Actor, leader: Actor
) -> None:
    report = draft(writer)
    issue_half_year(people)
    with pytest.raises(operations.FiguresChanged):
        operations.submit_report(actor=writer, report_id=report.pk, now=NOW)
    operations.compose_sentences(actor=writer, report_id=report.pk, now=NOW)
    report = issued(writer, leader, report)
    assert not queries.changes_since_issue(writer, report.pk, TODAY)
    first = Report.objects.get(agency=people.agency)
    again = operations.correct_report(
        actor=people.an, report_id=first.pk, reason="Bổ sung nguyên nhân", now=NOW
    )
    approve(people, again)
    operations.issue_report(
        actor=people.an, report_id=again.pk, number="13/BC-UBND", issued_on=TODAY, signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH", authority="", now=NOW + timedelta(hours=1),
    )  # fmt: skip
    changed = {each.target for each in queries.changes_since_issue(writer, report.pk, TODAY)}
    assert changed == {
        "Kết quả theo từng cơ quan, đơn vị và báo cáo làm căn cứ",
        "Chỉ tiêu không đạt, có nguy cơ không đạt",
    }


def issued(writer: Actor, leader: Actor, report: Report, number: str = "40/BC-UBND") -> Report:
    operations.submit_report(actor=writer, report_id=report.pk, now=NOW)
    operations.approve_report(actor=leader, report_id=report.pk, now=NOW)
    return operations.issue_report(
        actor=writer, report_id=report.pk, number=number, issued_on=TODAY, signed_by="Vũ Văn Hải",
        capacity="CHỦ TỊCH", authority="TM. ỦY BAN NHÂN DÂN", now=NOW,
    )  # fmt: skip


def test_reasons_below_begin_its_causes_and_its_files_name_the_reports(
    people: People, writer: Actor, leader: Actor
) -> None:
    year = make_year(people)
    below = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )
    Remark.objects.create(
        report=below, target=year.late, reason="Công chức mới nhận việc.", remedy="Tập huấn"
    )
    _issue_below(people, below)
    report = draft(writer)
    assert report.difficulties == (
        "UBND xã Bình Yên: không có hồ sơ bị trả lại do sai sót của công chức: Công chức mới nhận việc."
    )
    report = issued(writer, leader, report)
    assert report.docx_id
    assert report.data_id
    assert not check_document(read_file(writer, report.docx_id)).deviations
    data = json.loads(read_file(writer, report.data_id))
    assert data["tables"][0]["rows"][0][2] == "Số 12/BC-UBND ngày 01/07/2026"


def _issue_below(people: People, below: Report) -> None:
    approve(people, below)
    operations.issue_report(
        actor=people.an, report_id=below.pk, number="12/BC-UBND", issued_on=TODAY, signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH", authority="TM. ỦY BAN NHÂN DÂN", now=NOW,
    )  # fmt: skip


def test_a_summary_between_tells_of_the_level_below_it(people: People, writer: Actor, leader: Actor) -> None:
    """Province → commune → another agency, and units: what a level between has summed up is told with its paper."""
    issue_half_year(people)
    issued(writer, leader, draft(writer), "40/BC-UBND")
    nation = make_agency("G00", "Cơ quan cấp trên", set_up_on=None)
    Agency.objects.filter(code="H00").update(parent=nation)
    above = actor_of(make_person(nation, "Hà Thị Mai", "mai", Role.SECRETARY), nation)
    content = content_of(above, draft(above))
    found = figures(content)
    assert found["cơ quan, đơn vị phải báo cáo"] == "1"
    assert found["báo cáo tổng hợp đã ban hành của cấp dưới"] == "1"
    assert found["cơ quan, bộ phận phải báo cáo theo báo cáo tổng hợp"] == "2"
    assert found["cơ quan, bộ phận đã báo cáo theo báo cáo tổng hợp"] == "1"
    assert found["chỉ tiêu nêu thêm trong báo cáo tổng hợp"] == "3"
    assert found["chỉ tiêu không đạt theo báo cáo tổng hợp"] == "1"
    said = " ".join(each.said for each in content.statements)
    assert (
        "Theo 1 báo cáo tổng hợp đã ban hành của cấp dưới, 1/2 cơ quan, bộ phận tại đó đã ban hành báo cáo."
        in said
    )
    assert "nêu thêm 3 chỉ tiêu của các cơ quan tại đó: đạt 0" in said
    table = next(each for each in content.tables if each.title.startswith("Kết quả tại cấp dưới tiếp theo"))
    assert table.rows[0][1:7] == (
        "UBND tỉnh Thử", "Số 40/BC-UBND ngày 01/07/2026", "Cơ quan cấp dưới", 2, 1, 3,
    )  # fmt: skip


def test_a_summary_of_own_units_counts_no_target_twice(people: People, writer: Actor) -> None:
    issue_half_year(people)
    issued(people.an, people.chau, draft(people.an), "13/BC-UBND")
    content = content_of(writer, draft(writer))
    found = figures(content)
    assert found["chỉ tiêu được báo cáo"] == "3"
    assert found["chỉ tiêu nêu thêm trong báo cáo tổng hợp"] == "0"
    assert found["cơ quan, bộ phận phải báo cáo theo báo cáo tổng hợp"] == "2"
    table = next(each for each in content.tables if each.title.startswith("Kết quả tại cấp dưới tiếp theo"))
    assert table.rows[0][3:8] == ("Bộ phận", 2, 0, None, None)


def test_without_agencies_below_its_units_are_told(people: People) -> None:
    year: Year = make_year(people)
    assert year.plan.agency_id == people.agency.pk
    content = content_of(people.an, draft(people.an))
    assert [row[1] for row in content.tables[0].rows] == ["Văn phòng HĐND và UBND", "Phòng Kinh tế"]
    assert figures(content)["cơ quan, đơn vị chưa ban hành báo cáo"] == "2"
