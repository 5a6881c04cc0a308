"""A unit's part goes from the secretary's request over the unit's form into the draft, and the draft to the leader."""

from __future__ import annotations

import pytest
from django.test import Client

from camket.org.models import Person
from camket.org.policy import Actor
from camket.reporting.models import Report, UnitPart
from camket.reporting.operations import draft_report
from people import People
from reporting.year import HALF, NOW, Year, make_year


@pytest.fixture
def year(people: People) -> Year:
    return make_year(people)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def test_a_report_goes_from_the_units_to_the_leader(people: People, year: Year) -> None:
    report = draft_report(actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW)
    an, dung, chau = client_of(people.an), client_of(people.dung), client_of(people.chau)
    asking = f"/bao-cao/{report.pk}/don-vi/"
    unit = people.agency.units.order_by("order")[1]
    assert "Hãy chọn ít nhất một đơn vị." in an.post(asking, {"due_on": "06/07/2026"}).content.decode()
    assert (
        an.post(asking, {"units": [unit.pk], "due_on": "06/07/2026", "wish": "Nêu số liệu"}).status_code
        == 302
    )
    row = UnitPart.objects.get()
    page = f"/bao-cao/phan/{row.pk}/"

    assert page in dung.get("/cong-viec/").content.decode()
    form = dung.get(page).content.decode()
    assert "Nêu số liệu" in form
    refused = dung.post(page, {"send": "1"})
    assert "Trước khi gửi, hãy ghi nguyên nhân của" in refused.content.decode()
    said = {f"late_{year.overdue.pk}": "Mưa lũ", "difficulties": "Thiếu người", "send": "1"}
    said |= {
        f"reason_{target.pk}": "Kiểm tra chưa kỹ" for target in (year.on_time, year.late, year.unmeasured)
    }
    assert dung.post(page, said).status_code == 302
    assert "Mưa lũ" in an.get(page).content.decode()
    assert an.post(f"{page}dua-vao/").status_code == 302
    assert "Phòng Kinh tế: Thiếu người" in an.get(f"/bao-cao/{report.pk}/").content.decode()

    assert an.post(f"/bao-cao/{report.pk}/trinh/").status_code == 302
    assert "Duyệt báo cáo" in chau.get(f"/bao-cao/{report.pk}/").content.decode()
    chau.post(f"/bao-cao/{report.pk}/tra-lai/", {"reason": "Bổ sung giải pháp"})
    assert "Bổ sung giải pháp" in an.get(f"/bao-cao/{report.pk}/").content.decode()
    an.post(f"/bao-cao/{report.pk}/trinh/")
    chau.post(f"/bao-cao/{report.pk}/phe-duyet/")
    assert Report.objects.get().state == Report.State.APPROVED
    an.post(f"/bao-cao/{report.pk}/rut-ve/")
    assert Report.objects.get().state == Report.State.DRAFT


def test_a_part_comes_back_and_is_asked_no_longer(people: People, year: Year) -> None:
    report = draft_report(actor=people.an, plan_id=year.plan.pk, kind="half_year", period=HALF, now=NOW)
    an, binh = client_of(people.an), client_of(people.binh)
    units = [each.pk for each in people.agency.units.order_by("order")[1:3]]
    an.post(f"/bao-cao/{report.pk}/don-vi/", {"units": units, "due_on": "06/07/2026"})
    first, second = UnitPart.objects.order_by("unit__order")
    an.post(f"/bao-cao/phan/{second.pk}/", {"send": "1"})
    missing = an.post(f"/bao-cao/phan/{second.pk}/tra-lai/", {}).content.decode()
    assert "Lý do trả lại" in missing
    assert an.post(f"/bao-cao/phan/{second.pk}/tra-lai/", {"reason": "Thiếu số"}).status_code == 302
    assert "Thiếu số" in binh.get(f"/bao-cao/phan/{second.pk}/").content.decode()
    assert "Đã nhắc 2 đơn vị." in an.post(f"/bao-cao/{report.pk}/don-vi/nhac/", follow=True).content.decode()
    an.post(f"/bao-cao/phan/{first.pk}/thoi/")
    assert client_of(people.chi).get(f"/bao-cao/phan/{second.pk}/").status_code == 404
    assert an.get(f"/bao-cao/phan/{first.pk}/").status_code == 404
