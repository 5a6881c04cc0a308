from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from camket.org.models import Person
from camket.org.policy import Actor
from camket.reporting import calendar, operations, queries
from camket.reporting.models import Remark, Report
from camket.reporting.unit_targets import targets_by_unit
from people import People
from reporting.test_calendar import begin
from reporting.year import HALF, NOW, TODAY, Year, approve, correct_reading, make_year


@pytest.fixture(autouse=True)
def _today(settings: object) -> None:
    settings.TODAY = TODAY  # type: ignore[attr-defined]


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


@pytest.fixture
def draft(people: People, year: Year) -> Report:
    return operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def text_of(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"web:reports:{name}", args=args))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def issued(people: People, draft: Report) -> Report:
    approve(people, draft)
    return operations.issue_report(
        actor=people.an,
        report_id=draft.pk,
        number="12/BC-UBND",
        issued_on=TODAY,
        signed_by="Lê Minh Châu",
        capacity="CHỦ TỊCH",
        authority="TM. ỦY BAN NHÂN DÂN",
        now=NOW,
    )


def test_list_teaches_the_first_step(people: People) -> None:
    assert "Chưa có kế hoạch nào có hiệu lực" in text_of(client_of(people.an), "report_list")


def test_list_offers_the_periods_without_report(people: People, year: Year) -> None:
    text = text_of(client_of(people.an), "report_list")
    assert "Chưa có báo cáo: 6 tháng đầu năm 2026; quý II năm 2026" in text
    assert "Bắt đầu lập" in text
    assert "Bắt đầu lập" not in text_of(client_of(people.binh), "report_list")


def test_draft_is_begun_from_the_list(people: People, year: Year) -> None:
    client = client_of(people.an)
    response = client.post(
        reverse("web:reports:draft_report"), {"period": f"{year.plan.pk}-half_year-2026-01-01"}
    )
    report = Report.objects.get()
    assert response["Location"] == reverse("web:reports:report_detail", args=[report.pk])
    response = client.post(reverse("web:reports:draft_report"), {"period": "1-half_year-2020-01-01"})
    assert response.status_code == 200
    assert Report.objects.count() == 1


def test_draft_page_takes_reasons_and_remedies(people: People, year: Year, draft: Report) -> None:
    client = client_of(people.an)
    page = client.get(reverse("web:reports:report_detail", args=[draft.pk]))
    assert "Còn 1 chỉ tiêu không đạt hoặc có nguy cơ chưa nêu nguyên nhân." in page.content.decode()
    response = client.post(
        reverse("web:reports:write_remarks", args=[draft.pk]),
        {
            "assessment": "Đạt tiến độ chung.",
            f"reason_{year.late.pk}": "Kiểm tra chưa kỹ",
            f"remedy_{year.late.pk}": "Kiểm tra chéo",
        },
    )
    assert response.status_code == 302
    remark = Remark.objects.get()
    assert (remark.target_id, remark.reason, remark.remedy) == (
        year.late.pk,
        "Kiểm tra chưa kỹ",
        "Kiểm tra chéo",
    )
    assert "Sẵn sàng trình duyệt." in text_of(client, "report_detail", draft.pk)


def test_draft_page_is_read_only_to_officers(people: People, draft: Report) -> None:
    page = client_of(people.binh).get(reverse("web:reports:report_detail", args=[draft.pk]))
    assert not BeautifulSoup(page.content, "html.parser").select("main textarea")


def test_typed_text_is_escaped(people: People, draft: Report) -> None:
    operations.write_remarks(
        actor=people.an,
        report_id=draft.pk,
        wording=operations.Wording(assessment='<script>alert("x")</script>'),
        today=TODAY,
    )
    for name in ("report_detail", "preview"):
        page = client_of(people.binh).get(reverse(f"web:reports:{name}", args=[draft.pk])).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_preview_is_the_paper(people: People, draft: Report) -> None:
    text = text_of(client_of(people.binh), "preview", draft.pk)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Kết quả thực hiện Mục tiêu chất lượng 6 tháng đầu năm 2026" in text


def test_issue_form_proposes_and_issues(people: People, draft: Report) -> None:
    client = client_of(people.an)
    approve(people, draft)
    url = reverse("web:reports:issue_report", args=[draft.pk])
    page = BeautifulSoup(client.get(url).content, "html.parser")
    proposed = {box["name"]: box.get("value") for box in page.select("main input[name]")}
    assert proposed["number"] == "01/BC-UBND"
    assert proposed["issued_on"] == "01/07/2026"
    assert proposed["signed_by"] == "Lê Minh Châu"
    wrong = client.post(url, {**proposed, "number": "không số"})
    assert "ví dụ 05/BC-UBND" in wrong.content.decode()
    response = client.post(url, proposed)
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.issued_on) == ("issued", "01/BC-UBND", date(2026, 7, 1))


def test_issued_page_offers_the_files_and_tells_of_changes(people: People, year: Year, draft: Report) -> None:
    report = issued(people, draft)
    client = client_of(people.binh)
    assert "Số liệu đã thay đổi sau khi ban hành" not in text_of(client, "report_detail", report.pk)
    correct_reading(people, year, 1000)
    text = text_of(client, "report_detail", report.pk)
    assert "Số liệu đã thay đổi sau khi ban hành" in text
    for file_format, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        response = client.get(reverse("web:reports:download", args=[report.pk, file_format]))
        assert response.content.startswith(start)
        assert "attachment" in response["Content-Disposition"]
    assert client.get(reverse("web:reports:download", args=[report.pk, "exe"])).status_code == 404


def test_correction_begins_from_the_page(people: People, draft: Report) -> None:
    report = issued(people, draft)
    client = client_of(people.an)
    url = reverse("web:reports:correct_report", args=[report.pk])
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "Sai số hồ sơ"}).status_code == 302
    assert Report.objects.get(version=2).correction == "Sai số hồ sơ"


def test_draft_is_discarded_from_the_page(people: People, draft: Report) -> None:
    response = client_of(people.an).post(reverse("web:reports:discard_report", args=[draft.pk]))
    assert response.status_code == 302
    assert queries.reports(people.an) == ()


def test_decision_is_offered_in_four_layouts(people: People, year: Year) -> None:
    client = client_of(people.binh)
    page = client.get(reverse("web:reports:decision_document", args=[year.plan.pk]))
    assert len(BeautifulSoup(page.content, "html.parser").select(".rp-layouts > li")) == 4
    for choice in queries.layout_choices(people.an, year.plan.pk):
        for file_format, start in (("docx", b"PK"), ("pdf", b"%PDF")):
            url = reverse("web:reports:decision_file", args=[year.plan.pk, choice.layout, file_format])
            assert client.get(url).content.startswith(start)
        preview = reverse("web:reports:decision_preview", args=[year.plan.pk, choice.layout])
        assert "XÃ BÌNH YÊN" in client.get(preview).content.decode()
    unknown = reverse("web:reports:decision_file", args=[year.plan.pk, "other", "pdf"])
    assert client.get(unknown).status_code == 404


def test_officers_may_not_write_or_issue(people: People, year: Year, draft: Report) -> None:
    client = client_of(people.binh)
    for name in ("write_remarks", "issue_report", "correct_report", "discard_report"):
        assert client.post(reverse(f"web:reports:{name}", args=[draft.pk]), {}).status_code == 403
    assert client.post(reverse("web:reports:draft_report"), {}).status_code == 403


def test_another_agency_finds_nothing(people: People, year: Year, draft: Report) -> None:
    client = client_of(people.chi)
    for name in ("report_detail", "preview", "issue_report"):
        assert client.get(reverse(f"web:reports:{name}", args=[draft.pk])).status_code == 404
    for name in ("write_remarks", "issue_report", "correct_report", "discard_report"):
        given = {"reason": "x", "number": "1/BC-UBND", "issued_on": "01/07/2026", "signed_by": "x"}
        assert client.post(reverse(f"web:reports:{name}", args=[draft.pk]), given).status_code == 404
    assert client.get(reverse("web:reports:download", args=[draft.pk, "pdf"])).status_code == 404
    assert client.get(reverse("web:reports:decision_document", args=[year.plan.pk])).status_code == 404
    for name in ("decision_preview", "decision_file"):
        args = [year.plan.pk, "targets"] + (["pdf"] if name == "decision_file" else [])
        assert client.get(reverse(f"web:reports:{name}", args=args)).status_code == 404


def test_the_list_says_which_reports_have_changed_figures(people: People, year: Year, draft: Report) -> None:
    report = issued(people, draft)
    client = client_of(people.binh)
    address = reverse("web:reports:report_changes", args=[report.pk])
    assert address in client.get(reverse("web:reports:report_list")).content.decode()
    assert "số liệu không thay đổi" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    correct_reading(people, year, 1000)
    changed = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "Số liệu đã thay đổi sau khi ban hành" in changed
    assert "1 chỉ tiêu" in changed
    assert client.get(address).url == reverse("web:reports:report_detail", args=[report.pk])  # type: ignore[attr-defined]
    assert client_of(people.chi).get(address).status_code == 404


def test_one_that_waits_for_approval_waits_for_who_may_give_it(people: People, draft: Report) -> None:
    operations.submit_report(actor=people.an, report_id=draft.pk, now=NOW)
    said, link = "Báo cáo chờ duyệt: 6 tháng đầu năm 2026", f'href="/bao-cao/{draft.pk}/"'
    for person, sees in ((people.chau, True), (people.an, False), (people.binh, False)):
        page = client_of(person).get("/dang-cho/").content.decode()
        assert (said in page and link in page) == sees
    Report.objects.update(created_by_id=people.chau.person_id)
    assert said not in client_of(people.chau).get("/dang-cho/").content.decode()
    Report.objects.update(created_by_id=people.an.person_id)
    operations.approve_report(actor=people.chau, report_id=draft.pk, now=NOW)
    assert said not in client_of(people.chau).get("/dang-cho/").content.decode()


def test_a_unit_without_targets_is_told_why_it_has_no_report(people: People, year: Year) -> None:
    idle = next(
        each for each in people.agency.units.order_by("pk") if each.pk not in targets_by_unit(year.plan.pk)
    )
    office = people.agency.units.order_by("order")[0]
    address = reverse("web:reports:report_list")
    page = client_of(people.an).get(address, {"bo-phan": idle.pk}).content.decode()
    assert f"{idle.name} không có chỉ tiêu nào trong kế hoạch đang thực hiện" in page
    assert "Tại đây có thể lập báo cáo của: Cả cơ quan." in page
    page = client_of(people.dung).get(address, {"bo-phan": office.pk}).content.decode()
    assert f"Bạn không lập báo cáo của {office.name}." in page
    for asked in (office.pk, "", "x", 99_999):
        page = client_of(people.an).get(address, {"bo-phan": asked}).content.decode()
        assert "Tại đây có thể lập báo cáo của" not in page


def test_a_head_begins_the_units_report_from_the_calendar(people: People, year: Year) -> None:
    begin(people, "objectives.half_year", "objectives.units.half_year")
    rows = {each.unit: each for each in calendar.owed_in(people.an, 2026)}
    client = client_of(people.dung)
    listed = client.get(reverse("web:reports:report_calendar"), {"nam": 2026}).content.decode()
    own, others = rows["Phòng Kinh tế"].id, [rows[""].id, rows["Văn phòng HĐND và UBND"].id]
    assert reverse("web:reports:begin_report", args=[own]) in listed
    for each in others:
        assert reverse("web:reports:begin_report", args=[each]) not in listed
        assert client.post(reverse("web:reports:begin_report", args=[each])).status_code == 403
    answer = client.post(reverse("web:reports:begin_report", args=[own]))
    report = Report.objects.get()
    assert report.unit_id == rows["Phòng Kinh tế"].unit_id
    assert answer["Location"] == reverse("web:reports:report_detail", args=[report.pk])
