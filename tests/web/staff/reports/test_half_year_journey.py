"""The half-year report of an agency with five units in a real browser: from the request to the public page and a correction."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from camket.org.models import Role, Unit
from camket.reporting.models import Report, UnitPart
from people import People, make_person
from reporting.year import Year, correct_reading, make_year
from web.browser import Desk
from web.public.open_page import open_page
from web.walk import Walk, said

pytestmark = pytest.mark.browser
ASKED, SENT, COMPOSED = date(2026, 7, 1), date(2026, 7, 3), date(2026, 7, 6)
ISSUED, CORRECTED = date(2026, 7, 8), date(2026, 7, 20)
HEADS = ("Đỗ Văn Giang", "", "Bùi Thị Hạnh", "Vũ Đức Khôi", "Hà Thị Lan")


def five_units(people: People) -> list[tuple[Unit, str]]:
    """Give each unit a head, Dũng's keeping his; return units with what their heads sign in as."""
    Unit.objects.create(agency=people.agency, name="Ban Chỉ huy Quân sự", order=4)
    found = []
    for unit, name in zip(people.agency.units.order_by("order"), HEADS, strict=True):
        login = f"truong{unit.order}" if name else "dung"
        if name:
            make_person(people.agency, name, login, Role.HEAD, unit)
        found.append((unit, login))
    return found


def ask_all(walk: Walk, units: list[tuple[Unit, str]]) -> Report:
    """An begins the report and asks all five units by a day."""
    walk.be("an", ASKED)
    walk.send("/bao-cao/", "/lap/", period=_period(walk))
    report = Report.objects.get()
    walk.desk.open(f"/bao-cao/{report.pk}/don-vi/")
    for unit, _login in units:
        walk.desk.page.check(f"main [name=units][value='{unit.pk}']")
    shown = walk.send_here(due_on=said(COMPOSED), wish="Nêu việc nổi bật")
    assert "5 đơn vị" in shown, shown
    return report


def _period(walk: Walk) -> str:
    choices = walk.desk.open("/bao-cao/").locator("main select[name=period] option").all()
    return next(
        each.get_attribute("value") or "" for each in choices if "6 tháng" in (each.text_content() or "")
    )


def send_part(walk: Walk, part: UnitPart, login: str, day: date, **more: str) -> None:
    """A head types the reasons that are owed and sends the part."""
    walk.be(login, day)
    page = walk.desk.open(f"/bao-cao/phan/{part.pk}/")
    owed = {
        each.get_attribute("name") or "": "Mưa lũ kéo dài"
        for each in page.locator("main textarea[name^=late_], main textarea[name^=reason_]").all()
    }
    shown = walk.send(f"/bao-cao/phan/{part.pk}/", f"/phan/{part.pk}/", **owed, **more)
    assert "Đã gửi" in shown, shown


def parts_in(walk: Walk, report: Report, units: list[tuple[Unit, str]]) -> None:
    """All five send; An returns one, which comes again, and takes all into the draft."""
    rows = {part.unit_id: part for part in UnitPart.objects.filter(report=report)}
    assert len(rows) == 5
    for unit, login in units:
        send_part(walk, rows[unit.pk], login, SENT, assessment=f"{unit.name} hoàn thành nhiệm vụ")
    unit, login = units[2]
    part = rows[unit.pk]
    walk.be("an", COMPOSED)
    walk.send(f"/bao-cao/phan/{part.pk}/", "/tra-lai/", reason="Nêu rõ số lớp tập huấn")
    walk.be(login, COMPOSED)
    assert "Nêu rõ số lớp tập huấn" in walk.desk.open(f"/bao-cao/phan/{part.pk}/").inner_text("main")
    send_part(walk, part, login, COMPOSED, assessment="Đã mở 03 lớp tập huấn")
    walk.be("an", COMPOSED)
    for part in rows.values():
        walk.send(f"/bao-cao/phan/{part.pk}/", "/dua-vao/")
    draft = walk.desk.open(f"/bao-cao/{report.pk}/").input_value("main [name=assessment]")
    assert "Đã mở 03 lớp tập huấn" in draft
    assert draft.count("hoàn thành nhiệm vụ") == 4


def approved(walk: Walk, report: Report, year: Year) -> None:
    """An writes and submits; Châu returns it once, then approves."""
    page = f"/bao-cao/{report.pk}/"
    walk.send(page, "/nhan-xet/", **{f"reason_{year.late.pk}": "Công chức mới chưa quen phần mềm"})
    walk.send(page, "/trinh/")
    walk.be("chau", COMPOSED)
    walk.send(page, "/tra-lai/", reason="Nói rõ đề xuất với huyện")
    walk.be("an", COMPOSED)
    assert "Nói rõ đề xuất với huyện" in walk.desk.open(page).inner_text("main")
    walk.send(page, "/nhan-xet/", proposals="Đề nghị tỉnh bổ sung kinh phí")
    walk.send(page, "/trinh/")
    walk.be("chau", COMPOSED)
    walk.send(page, "/phe-duyet/")


def issued(walk: Walk, report: Report, number: str, day: date) -> None:
    """An gives number, day and signer."""
    walk.be("an", day)
    walk.send(f"/bao-cao/{report.pk}/ban-hanh/", number=number, issued_on=said(day), signed_by="Lê Minh Châu")
    assert f"{number} ngày {said(day)}" in walk.desk.page.inner_text("body")


def posted(walk: Walk, day: date) -> str:
    """An prepares the issued report for the public, Châu makes it public; return its public address."""
    walk.be("an", day)
    page = walk.desk.open("/noi-dung-cong-khai/")
    row = page.locator("main form:has(input[name=kind][value=report])").first
    row.locator("button").click()
    page.wait_for_load_state()
    place = re.sub(r"^https?://[^/]+", "", page.url)
    walk.send(place, "/trinh/", **({"is_checked": True} if page.locator("[name=is_checked]").count() else {}))
    walk.be("chau", day)
    walk.send(place, "/cong-khai/")
    return str(page.locator("a[href*='/cong-khai/xa-binh-yen/']").first.get_attribute("href"))


def test_the_half_year_report_of_five_units_from_request_to_correction(
    desk: Desk, people: People, settings: Any
) -> None:
    year, units, walk = make_year(people), five_units(people), Walk(desk, settings)
    open_page(people.agency, "xa-binh-yen")
    first = ask_all(walk, units)
    parts_in(walk, first, units)
    approved(walk, first, year)
    issued(walk, first, "12/BC-UBND", ISSUED)
    address = posted(walk, ISSUED)
    assert "12/BC-UBND" in desk.open(address).inner_text("main")
    frozen = json.loads(desk.page.request.get(f"{desk.address}{address}bao-cao.json").text())
    assert frozen["objectives"][0]["targets"][0]["numerator"] == "1188"

    # A figure changes afterwards: the report stays, and says so.
    correct_reading(people, year, 1100)
    walk.be("an", CORRECTED)
    page = f"/bao-cao/{first.pk}/"
    assert "Số liệu đã thay đổi" in desk.open(page).inner_text("main")
    again = json.loads(desk.page.request.get(f"{desk.address}{address}bao-cao.json").text())
    assert again == frozen

    # A corrected version names the old.
    walk.send(page, "/dinh-chinh/", reason="Đếm lại hồ sơ")
    second = Report.objects.get(version=2)
    walk.send(f"/bao-cao/{second.pk}/", "/trinh/")
    walk.be("chau", CORRECTED)
    walk.send(f"/bao-cao/{second.pk}/", "/phe-duyet/")
    issued(walk, second, "15/BC-UBND", CORRECTED)
    data = json.loads(desk.page.request.get(f"{desk.address}/bao-cao/{second.pk}/tai-ve.json").text())
    assert data["report"]["corrects"] == "12/BC-UBND"
    assert data["objectives"][0]["targets"][0]["numerator"] == "1100"
    assert "Đã được thay thế" in desk.open(page).inner_text("main")
    assert not desk.complaints
