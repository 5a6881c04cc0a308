"""Pages of reports on other subjects than the objectives: begun in one press, written, looked at, held against today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from camket.org.policy import Actor
from camket.reporting import calendar, operations
from camket.reporting.models import Report, ReportOccurrence
from camket.reporting.queries import report_and_content
from camket.reporting.told import ToldContent
from people import People
from records import add_fields, add_procedures, count_facts, random_facts

SignedIn = Callable[[Actor], Client]
TODAY = date(2026, 9, 18)
NOW = datetime(2026, 9, 18, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(settings: object) -> None:
    settings.TODAY = TODAY  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def dossiers(people: People) -> None:
    more_dossiers(people, 5)


def more_dossiers(people: People, seed: int) -> None:
    fields = list(people.agency.procedure_fields.all()) or add_fields(people.agency)
    procedures = list(people.agency.procedures.all()) or add_procedures(
        people.agency, fields, people.an.person_id
    )
    count_facts(
        people.agency,
        random_facts(
            seed,
            150,
            fields=[each.pk for each in fields],
            procedures=[each.pk for each in procedures],
            units=[each.pk for each in people.agency.units.all()],
        ),
    )


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_it_is_begun_from_the_list_written_and_looked_at(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert "Quý III năm 2026" in text_of(client, "/bao-cao/?loai=dossiers")
    begun = client.post("/bao-cao/lap/", {"subject": "dossiers", "period": "quarter-2026-06-15"})
    report = Report.objects.get()
    assert begun["Location"] == f"/bao-cao/{report.pk}/"
    page = f"/bao-cao/{report.pk}/"
    text = text_of(client, page)
    assert "Báo cáo tình hình, kết quả giải quyết thủ tục hành chính quý III năm 2026" in text
    assert "Tổng số hồ sơ tiếp nhận:" in text
    assert "{tỷ lệ giải quyết đúng hạn}" in text
    page_of = BeautifulSoup(client.get(page).content, "html.parser")
    told = {row.th.get_text(strip=True) for row in page_of.select(".rp-measures tbody tr")}
    _row, content = report_and_content(people.an, report.pk, TODAY)
    assert isinstance(content, ToldContent)
    measures = content.measures
    nothing = {each.get_text(strip=True).lower() for each in page_of.select("details ul.mb-0 li")}
    assert {each.now.name for each in measures if not each.has_arisen} == nothing
    assert len(told) + len(nothing) == len(measures)
    sentence = "Đạt {tỷ lệ giải quyết đúng hạn}, {tỷ lệ giải quyết đúng hạn: số lượng} hồ sơ."
    kept = client.post(f"{page}nhan-xet/", {"sentence_rate": sentence, "assessment": "Ổn định."}, follow=True)
    assert "Đạt " in kept.content.decode()
    refused = client.post(f"{page}nhan-xet/", {"sentence_rate": "Đạt {kết quả}."})
    assert "{kết quả} không phải tên" in refused.content.decode() or "kết quả" in refused.content.decode()
    assert Report.objects.get().narrative["rate"]["text"] == sentence
    assert "Ổn định." in text_of(client, f"{page}ban-in/")
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{")):
        answer = client.get(f"{page}tai-ve.{ending}")
        assert answer.content.startswith(start)
        assert "tinh-hinh-ket-qua-giai-quyet-thu-tuc-hanh-chinh-quy-iii" in answer["Content-Disposition"]
    assert "thủ tục hành chính quý III" in text_of(client, "/bao-cao/")
    assert signed_in(people.chi).get(page).status_code == 404


def test_changes_since_the_issue_are_looked_for_behind_the_page(people: People, signed_in: SignedIn) -> None:
    line = next(each for each in calendar.catalogue() if each.key == "dossiers.quarter")
    calendar.begin_calendar(actor=people.an, valid_from=TODAY, source="", chosen=[line], now=NOW)
    client = signed_in(people.an)
    client.post(f"/bao-cao/lich/{ReportOccurrence.objects.order_by('due_on')[0].pk}/lap/")
    report = Report.objects.get()
    operations.submit_report(actor=people.an, report_id=report.pk, now=NOW)
    operations.approve_report(actor=people.chau, report_id=report.pk, now=NOW)
    client.post(
        f"/bao-cao/{report.pk}/ban-hanh/",
        {"number": "40/BC-UBND", "issued_on": "18/09/2026", "signed_by": "Lê Minh Châu"},
    )
    assert Report.objects.get().state == "issued"
    page = f"/bao-cao/{report.pk}/"
    assert "Số liệu đã thay đổi sau khi ban hành" not in text_of(client, page)
    assert "vẫn đúng như khi ban hành" in text_of(client, f"{page}thay-doi/")
    more_dossiers(people, 6)
    text = text_of(client, f"{page}thay-doi/")
    assert "Số liệu đã thay đổi sau khi ban hành" in text
    assert "Hồ sơ tiếp nhận" in text
    behind = client.get(f"{page}thay-doi/?trang=1", headers={"HX-Request": "true"}).content.decode()
    assert "Số liệu đã thay đổi sau khi ban hành" in behind
    mark = client.get(f"{page}thay-doi/", headers={"HX-Request": "true"}).content.decode()
    assert "Số liệu đã thay đổi sau khi ban hành" in mark
    assert "chỉ tiêu" not in mark
