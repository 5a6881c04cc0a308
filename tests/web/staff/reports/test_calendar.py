"""The calendar of reports on its pages, and figures typed by hand before the eyes of those who answer for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from camket.org.policy import Actor
from camket.reporting import calendar, operations
from camket.reporting.models import ReportLine, ReportOccurrence
from people import People
from reporting.year import HALF, NOW, TODAY, make_year

SignedIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMKET_TODAY", TODAY.isoformat())


def test_an_agency_without_a_calendar_is_taught_to_set_one(people: People, signed_in: SignedIn) -> None:
    text = signed_in(people.an).get("/bao-cao/lich/").content.decode()
    assert "Lập lịch báo cáo" in text
    assert "Lập lịch báo cáo" not in signed_in(people.dung).get("/bao-cao/lich/").content.decode()


def test_it_is_begun_from_what_is_proposed_changed_and_worked_down(
    people: People, signed_in: SignedIn
) -> None:
    make_year(people)
    client = signed_in(people.an)
    refused = client.post("/bao-cao/lich/danh-muc/", {"valid_from": "01/06/2026"})
    assert "Chọn ít nhất một báo cáo" in refused.content.decode()
    begun = client.post(
        "/bao-cao/lich/danh-muc/", {"valid_from": "01/06/2026", "chosen": ["objectives.half_year"]}
    )
    assert begun.status_code == 302
    line = ReportLine.objects.get()
    form = client.get(f"/bao-cao/lich/dong/{line.pk}/").context["form"]
    wanted = {key: value if value is not None else "" for key, value in form.initial.items()}
    wanted = {**wanted, "due_day": "31/2", "year_starts": "1/1"}
    assert (
        "Không phải năm nào cũng có ngày 31/2"
        in client.post(f"/bao-cao/lich/dong/{line.pk}/", wanted).content.decode()
    )
    assert client.post(f"/bao-cao/lich/dong/{line.pk}/", {**wanted, "due_day": "20/6"}).status_code == 302
    row = ReportOccurrence.objects.order_by("due_on")[0]
    listed = client.get("/bao-cao/lich/").content.decode()
    assert row.title in listed
    assert "19/06/2026" in listed  # 20/06/2026 is a Saturday
    assert "Trước khi dùng lịch" in listed
    drafted = client.post(f"/bao-cao/lich/{row.pk}/lap/")
    row.refresh_from_db()
    assert drafted["Location"] == f"/bao-cao/{row.report_id}/"


def test_a_false_figure_is_before_writer_approver_and_issuer(people: People, signed_in: SignedIn) -> None:
    year = make_year(people)
    report = operations.draft_report(
        actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW
    )
    false = operations.Wording(sentences={year.on_time.pk: "Hồ sơ đúng hạn đạt 99,9 %."})
    operations.write_remarks(actor=people.an, report_id=report.pk, wording=false, today=TODAY)
    page = f"/bao-cao/{report.pk}/"
    pages = [signed_in(people.an).get(page)]
    operations.submit_report(actor=people.an, report_id=report.pk, now=NOW)
    pages.append(signed_in(people.chau).get(page))
    operations.approve_report(actor=people.chau, report_id=report.pk, now=NOW)
    pages.append(signed_in(people.an).get(f"{page}ban-hanh/"))
    for response in pages:
        text = response.content.decode().replace("\xa0", " ")
        assert "Con số gõ tay" in text
        assert "<strong>99,9 %</strong> (số đã đo: 99 %)" in text


def test_a_line_and_a_report_owed_have_a_history_before_anybody_touched_them(
    people: People, signed_in: SignedIn
) -> None:
    calendar.begin_calendar(
        actor=people.an, valid_from=TODAY, source="", chosen=[calendar.catalogue()[0]], now=NOW
    )
    row = ReportOccurrence.objects.order_by("due_on")[0]
    client, stranger = signed_in(people.an), signed_in(people.chi)
    for page, kind, number in (
        (f"/bao-cao/lich/{row.pk}/", "reportoccurrence", row.pk),
        (f"/bao-cao/lich/dong/{row.line_id}/", "reportline", row.line_id),
    ):
        history = f"/co-quan/nhat-ky/reporting.{kind}/{number}/"
        assert history in client.get(page).content.decode()
        assert client.get(history).status_code == 200
        assert stranger.get(history).status_code == 404
    said = client.get(f"/co-quan/nhat-ky/reporting.reportline/{row.line_id}/").content.decode()
    assert "Lập phiên bản lịch báo cáo" in said


def test_the_calendar_of_others_is_not_found(people: People, signed_in: SignedIn) -> None:
    line = calendar.catalogue()[0]
    version = calendar.begin_calendar(actor=people.an, valid_from=TODAY, source="", chosen=[line], now=NOW)
    row = ReportOccurrence.objects.order_by("due_on")[0]
    stranger = signed_in(people.chi)
    for path in (f"/bao-cao/lich/{row.pk}/", f"/bao-cao/lich/danh-muc/{version.pk}/them/"):
        assert stranger.get(path).status_code == 404, path
