"""Committees, delegations, hand-overs, lists of staff and the guided set-up, as their pages do them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from camket.actions import operations as work
from camket.journal.models import Access
from camket.org.models import Agency, Delegation, Membership, Person, Seat, Unit
from camket.org.policy import Actor
from camket.paper.sheets import read_sheet, write_sheet
from camket.reporting.models import HandOver
from people import TODAY, People, make_people
from web.browser import Desk
from work import NOW, make_task

SignedIn = Callable[[Actor], Client]
HEADER = ("TT", "Họ và tên", "Chức vụ", "Phòng, ban", "Email")


@pytest.fixture
def secretary(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


def page_of(response: Any) -> BeautifulSoup:
    assert response.status_code == 200, response.content.decode()[:1500]
    return BeautifulSoup(response.content, "html.parser")


def text_of(response: Any) -> str:
    return " ".join(page_of(response).get_text(" ").split())


def seats(prefix: str, *rows: tuple[int, str], total: int = 5) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(total), f"{prefix}-INITIAL_FORMS": "0"}
    for at in range(total):
        person, duty = rows[at] if at < len(rows) else ("", "member")
        data |= {f"{prefix}-{at}-person": str(person), f"{prefix}-{at}-duty": duty}
    return data


def committee_of(people: People, secretary: Client) -> Unit:
    secretary.post(
        "/co-quan/bo-phan/ban/them/",
        {
            "name": "Ban Chỉ đạo ISO",
            "short_name": "BCĐ ISO",
            "decision_number": "45/QĐ-UBND",
            "decision_date": "02/03/2026",
            "series": "BCĐ",
            "valid_from": "",
            **seats("ghe", (people.chau.person_id, "head"), (people.binh.person_id, "member")),
        },
    )
    return Unit.objects.get(name="Ban Chỉ đạo ISO")


def test_a_committee_is_set_up_with_its_decision_and_printed(
    people: People, secretary: Client, signed_in: SignedIn
) -> None:
    unit = committee_of(people, secretary)
    address = f"/co-quan/bo-phan/{unit.pk}/thanh-vien/"
    said = text_of(signed_in(people.dung).get(address))
    assert "Theo Quyết định số 45/QĐ-UBND ngày 02/03/2026" in said
    assert "Lê Minh Châu" in said
    assert "Trưởng ban" in said
    assert "Kiện toàn" not in said
    paper = text_of(secretary.get(f"{address}danh-sach/"))
    assert "Kèm theo Quyết định số 45/QĐ-UBND ngày 02/03/2026" in paper
    for file_format, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert secretary.get(f"{address}danh-sach/{file_format}/").content.startswith(start)
    assert secretary.get(f"{address}danh-sach/exe/").status_code == 404


def test_members_change_by_a_new_decision(people: People, secretary: Client) -> None:
    unit = committee_of(people, secretary)
    address = f"/co-quan/bo-phan/{unit.pk}/thanh-vien/"
    form = page_of(secretary.get(f"{address}kien-toan/"))
    assert form.select_one("#id_ghe-0-person option[selected]").text == "Lê Minh Châu"  # type: ignore[union-attr]
    data = {
        "decision_number": "88/QĐ-UBND",
        "decision_date": "30/06/2026",
        "series": "BCĐ",
        "valid_from": "01/07/2026",
    }
    twice = {**data, **seats("ghe", (people.binh.person_id, "head"), (people.binh.person_id, "member"))}
    assert "mỗi người chỉ ghi một lần" in text_of(secretary.post(f"{address}kien-toan/", twice))
    assert Seat.objects.filter(valid_to=None).count() == 2
    secretary.post(
        f"{address}kien-toan/",
        {**data, **seats("ghe", (people.chau.person_id, "head"), (people.dung.person_id, "secretary"))},
    )
    said = text_of(secretary.get(address))
    assert "Thành viên trước đây" in said
    assert "Trần Văn Bình" in said
    seat = Seat.objects.get(person_id=people.dung.person_id)
    end = f"/co-quan/bo-phan/ghe/{seat.pk}/ket-thuc/"
    assert "ngày/tháng/năm" in text_of(secretary.post(end, {"last_day": "mai"}, follow=True))
    secretary.post(end, {"last_day": "31/07/2026"})
    assert Seat.objects.get(pk=seat.pk).valid_to == date(2026, 7, 31)
    given = {"person": str(people.an.person_id), "duty": "head", "valid_from": ""}
    assert "Lê Minh Châu đang đứng đầu" in text_of(secretary.post(f"{address}them/", given))
    secretary.post(f"{address}them/", {**given, "duty": "member"})
    assert Seat.objects.filter(person_id=people.an.person_id).exists()


def test_a_person_delegates_the_own_post_and_both_sides_see_it(people: People, signed_in: SignedIn) -> None:
    chau, dung = signed_in(people.chau), signed_in(people.dung)
    assert chau.get("/tai-khoan/").content.decode().count("/co-quan/uy-quyen/") == 1
    post = Membership.objects.get(person_id=people.chau.person_id)
    data = {
        "post": str(post.pk),
        "deputy": str(people.dung.person_id),
        "valid_from": "06/07/2026",
        "valid_to": "05/07/2026",
        "reason": "Nghỉ phép năm",
        "document_number": "",
    }
    assert "Ngày cuối trước ngày đầu" in text_of(chau.post("/co-quan/uy-quyen/", data))
    assert not Delegation.objects.exists()
    assert chau.post("/co-quan/uy-quyen/", {**data, "valid_to": "17/07/2026"}).status_code == 302
    assert "Phạm Tiến Dũng" in text_of(chau.get("/co-quan/uy-quyen/"))
    assert "Lê Minh Châu" in text_of(dung.get("/co-quan/uy-quyen/"))
    assert "Nghỉ phép năm" in text_of(dung.get(f"/co-quan/nhan-su/{people.chau.person_id}/"))
    delegation = Delegation.objects.get()
    assert signed_in(people.binh).post(f"/co-quan/uy-quyen/{delegation.pk}/rut/").status_code == 403
    dung.post(f"/co-quan/uy-quyen/{delegation.pk}/rut/", {"next": "/co-quan/uy-quyen/"})
    assert Delegation.objects.get().withdrawn_on == TODAY
    assert "Đã rút" in text_of(chau.get("/co-quan/uy-quyen/"))


def test_the_secretary_delegates_for_one_who_is_away(people: People, secretary: Client) -> None:
    post = Membership.objects.get(person_id=people.binh.person_id)
    address = f"/co-quan/nhan-su/{people.binh.person_id}/uy-quyen/"
    data = {
        "post": str(post.pk),
        "deputy": str(people.dung.person_id),
        "valid_from": "01/07/2026",
        "valid_to": "03/07/2026",
        "reason": "Ốm",
    }
    assert secretary.post(address, data).headers["Location"].endswith(f"/nhan-su/{people.binh.person_id}/")
    assert "Phạm Tiến Dũng" in text_of(secretary.get(f"/co-quan/nhan-su/{people.binh.person_id}/"))


def test_colleagues_see_posts_and_no_means_of_signing_in(people: People, signed_in: SignedIn) -> None:
    Person.objects.filter(pk=people.chau.person_id).update(email="chau@binhyen.example")
    said = signed_in(people.binh).get(f"/co-quan/nhan-su/{people.chau.person_id}/")
    assert "Chủ tịch" in text_of(said)
    page = said.content.decode()
    assert "chau@binhyen.example" not in page
    assert "Cấp mật khẩu" not in page
    assert "Bàn giao" not in page


def test_a_last_post_with_open_work_leads_to_the_hand_over(people: People, secretary: Client) -> None:
    task = make_task(people)
    work.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    post = Membership.objects.get(person_id=people.binh.person_id)
    response = secretary.post(
        f"/co-quan/nhan-su/vi-tri/{post.pk}/ket-thuc/", {"ended_on": "01/08/2026"}, follow=True
    )
    assert "Hãy bàn giao trước" in text_of(response)
    assert Membership.objects.get(pk=post.pk).valid_to is None
    address = f"/co-quan/nhan-su/{people.binh.person_id}/ban-giao/"
    data = {
        "last_day": "31/07/2026",
        "reason": "Nghỉ hưu",
        "closes_account": "on",
        "everything_to": str(people.dung.person_id),
    }
    refused = text_of(secretary.post(address, data))
    assert "Hãy chọn người tiếp nhận" in refused
    assert not HandOver.objects.exists()
    done = secretary.post(address, {**data, f"post-{post.pk}": "ends"})
    record = done.headers["Location"]
    assert "Bên nhận: Phạm Tiến Dũng" in text_of(secretary.get(record))
    task.refresh_from_db()
    assert task.assignee_id == people.dung.person_id
    for file_format, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = secretary.get(f"{record}{file_format}/")
        assert answer.content.startswith(start)
        assert "binh" not in answer.headers["Content-Disposition"]
    assert "khóa sau ngày làm việc cuối" in text_of(secretary.get("/co-quan/ban-giao/"))


def test_work_of_one_who_left_is_named_on_the_page(people: People, secretary: Client) -> None:
    task = make_task(people)
    work.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 6, 30))
    assert "Việc chưa xong của người đã rời cơ quan" in text_of(secretary.get("/co-quan/ban-giao/"))


def test_units_are_merged_on_a_page(people: People, secretary: Client) -> None:
    old, new = (
        Unit.objects.get(agency=people.agency, name=name)
        for name in ("Phòng Kinh tế", "Phòng Văn hóa - Xã hội")
    )
    address = f"/co-quan/bo-phan/{old.pk}/nhap/"
    refused = secretary.post(address, {"into": str(new.pk), "reason": ""})
    assert refused.status_code == 422
    assert "Chưa lưu" in refused.content.decode()
    decision = {"number": "12/QĐ-UBND", "signed_on": "01/07/2026", "on": "01/07/2026"}
    decision["reason"] = "Sắp xếp bộ máy"
    secretary.post(address, {"into": str(new.pk), **decision})
    assert not Unit.objects.get(pk=old.pk).is_active
    assert Membership.objects.filter(unit=new, valid_to=None).count() == 2


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    return SimpleUploadedFile("danh-sach.xlsx", write_sheet("Danh sách", HEADER, rows))


def typed_in(form: Any) -> dict[str, str]:
    """Return what a form as it stands on its page would send."""
    data: dict[str, str] = {}
    for field in form.select("input[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            data[str(field["name"])] = str(chosen["value"]) if chosen else ""
        elif field.get("type") != "checkbox":
            data[str(field["name"])] = str(field.get("value", ""))
        elif field.has_attr("checked"):
            data[str(field["name"])] = "on"
    return data


def test_a_spreadsheet_is_checked_mended_and_added_with_slips_shown_once(
    people: People, secretary: Client
) -> None:
    economy = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    file = sheet(
        ("1", "ĐẶNG THỊ ÉN", "Chuyên viên", "P. Kinh tế", ""),
        ("2", "Hoa", "Văn thư", "Phòng Tư pháp", ""),
        ("3", "Trần Văn Bình", "Chuyên viên", "Phòng Kinh tế", ""),
        ("", "Tổng cộng: 3 người", "", "", ""),
    )
    page = page_of(secretary.post("/co-quan/nhan-su/nhap/", {"file": file}))
    said = " ".join(page.get_text(" ").split())
    assert "Sẽ thêm: 1. Đã có: 1. Cần sửa: 1." in said
    assert "Trong tệp: Phòng Tư pháp" in said
    data = typed_in(page.select_one('form[action="/co-quan/nhan-su/nhap/"]'))
    assert (data["nguoi-0-full_name"], data["nguoi-0-login"]) == ("Đặng Thị Én", "dang.thi.en")
    assert data["nguoi-0-unit"] == str(economy.pk)
    assert "nguoi-2-keep" not in data
    refused = secretary.post("/co-quan/nhan-su/nhap/", data)
    assert "Hãy ghi cả họ và tên" in text_of(refused)
    assert not Person.objects.filter(login="dang.thi.en").exists()
    mended = {**data, "nguoi-1-full_name": "Lý Thị Hoa"}
    added = secretary.post("/co-quan/nhan-su/nhap/", mended)
    assert added.headers["Location"] == "/co-quan/nhan-su/phieu/"
    slips = page_of(secretary.get("/co-quan/nhan-su/phieu/"))
    passwords = [each.text for each in slips.select(".og-slip .ck-once")]
    assert len(passwords) == 2
    assert Person.objects.get(login="ly.thi.hoa").check_password(passwords[1])
    assert Access.objects.filter(what="one_time_password", people=2).exists()
    assert "không lưu lại" in text_of(secretary.get("/co-quan/nhan-su/phieu/"))
    again = page_of(secretary.post("/co-quan/nhan-su/nhap/", mended | {"nguoi-0-login": ""}, follow=True))
    assert "đều đã có" in again.get_text()
    assert Person.objects.filter(full_name="Đặng Thị Én").count() == 1


def test_a_file_without_people_says_what_is_missing(secretary: Client) -> None:
    page = secretary.post(
        "/co-quan/nhan-su/nhap/", {"file": SimpleUploadedFile("gia.csv", "Tên hàng;Giá\nGạo;20\n".encode())}
    )
    assert "Không tìm thấy cột “Họ và tên”" in text_of(page)
    broken = secretary.post(
        "/co-quan/nhan-su/nhap/", {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04nothing")}
    )
    assert page_of(broken).select(".ck-field__error")


def test_the_template_names_the_units(secretary: Client) -> None:
    data = b"".join(secretary.get("/co-quan/nhan-su/nhap/mau/"))
    cells = [cell for row in read_sheet(data, "mau.xlsx").rows for cell in row.cells]
    assert "Phòng Kinh tế" in cells
    assert "Họ và tên" in cells
    assert io.BytesIO(data).read(2) == b"PK"


@pytest.fixture
def newcomer(people: People, secretary: Client) -> Client:
    """An at an agency that is not set up: no units, nobody else."""
    Membership.objects.filter(agency=people.agency).exclude(person_id=people.an.person_id).delete()
    Membership.objects.filter(agency=people.agency).update(unit=None)
    Unit.objects.filter(agency=people.agency).delete()
    Agency.objects.filter(pk=people.agency.pk).update(set_up_on=None)
    return secretary


def test_a_new_agency_is_set_up_step_by_step(people: People, newcomer: Client) -> None:
    assert newcomer.get("/").headers["Location"] == "/co-quan/thiet-lap/"
    assert newcomer.get("/co-quan/thiet-lap/").headers["Location"] == "/co-quan/thiet-lap/ten-goi/"
    name = page_of(newcomer.get("/co-quan/thiet-lap/ten-goi/"))
    assert "Bước 1/6" in name.get_text()
    step = newcomer.post(
        "/co-quan/thiet-lap/ten-goi/",
        {
            "name": "UBND xã Bình Yên",
            "full_name": "Ủy ban nhân dân xã Bình Yên",
            "place": "Bình Yên",
            "superior_name": "",
            "level": "commune",
        },
    )
    assert step.headers["Location"] == "/co-quan/thiet-lap/bo-phan/"
    units = page_of(newcomer.get("/co-quan/thiet-lap/bo-phan/"))
    data = typed_in(units.select_one("main form[novalidate]"))
    del data["bo-phan-2-keep"]
    data["bo-phan-6-name"] = "Ban Chỉ huy Quân sự"
    step = newcomer.post("/co-quan/thiet-lap/bo-phan/", data)
    assert step.headers["Location"] == "/co-quan/thiet-lap/nhan-su/"
    names = list(Unit.objects.filter(agency=people.agency).order_by("order").values_list("name", flat=True))
    assert "Phòng Kinh tế" not in names
    assert names[-1] == "Ban Chỉ huy Quân sự"
    rows = {"nguoi-TOTAL_FORMS": "5", "nguoi-INITIAL_FORMS": "0"}
    rows |= {f"nguoi-{at}-role": "officer" for at in range(5)} | {
        f"nguoi-{at}-keep": "True" for at in range(5)
    }
    rows |= {"nguoi-0-full_name": "Lê Thị Bưởi", "nguoi-0-role": "chairman", "nguoi-0-position": "Chủ tịch"}
    step = newcomer.post("/co-quan/thiet-lap/nhan-su/", rows)
    assert step.headers["Location"] == "/co-quan/nhan-su/phieu/"
    assert "Tiếp tục thiết lập" in text_of(newcomer.get("/co-quan/nhan-su/phieu/"))
    step = newcomer.post(
        "/co-quan/thiet-lap/bao-cao/",
        {
            "rhythm": "month",
            "half_year_report_by": "15/6",
            "year_report_by": "20/11",
            "second_factor": "managers",
        },
    )
    assert step.headers["Location"] == "/co-quan/thiet-lap/lich/"
    assert "Tết" in text_of(newcomer.get("/co-quan/thiet-lap/lich/"))
    newcomer.post(
        "/co-quan/thiet-lap/lich/",
        {"what": "day", "day": "10/09/2026", "kind": "off", "name": "Ngày hội của xã", "source": ""},
    )
    assert "Ngày hội của xã" in text_of(newcomer.get("/co-quan/thiet-lap/lich/"))
    assert "Đã có chủ tịch" in text_of(newcomer.get("/co-quan/thiet-lap/xong/"))
    assert newcomer.post("/co-quan/thiet-lap/xong/").headers["Location"] == "/ke-hoach/dua-vao/"
    assert Agency.objects.get(pk=people.agency.pk).set_up_on == TODAY
    assert newcomer.get("/").status_code == 200


def test_the_set_up_can_wait_and_comes_back_at_the_next_sign_in(
    people: People, newcomer: Client, signed_in: SignedIn
) -> None:
    newcomer.post("/co-quan/thiet-lap/de-sau/")
    assert newcomer.get("/").status_code == 200
    assert "/co-quan/thiet-lap/" in newcomer.get("/co-quan/").content.decode()
    assert signed_in(people.an).get("/").headers["Location"] == "/co-quan/thiet-lap/"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible_and_fit_a_phone(desk: Desk, settings: Any) -> None:
    people = make_people()
    unit = Unit.objects.create(agency=people.agency, name="Tổ thư ký", kind="committee", order=9)
    Seat.objects.create(unit=unit, person_id=people.binh.person_id)
    desk.sign_in("an")
    for path in (
        f"/co-quan/bo-phan/{unit.pk}/thanh-vien/",
        f"/co-quan/bo-phan/{unit.pk}/thanh-vien/kien-toan/",
        "/co-quan/uy-quyen/",
        f"/co-quan/nhan-su/{people.binh.person_id}/",
        f"/co-quan/nhan-su/{people.binh.person_id}/ban-giao/",
        "/co-quan/ban-giao/",
        "/co-quan/nhan-su/nhap/",
        "/co-quan/thiet-lap/ten-goi/",
        "/co-quan/thiet-lap/bo-phan/",
        "/co-quan/thiet-lap/nhan-su/",
        "/co-quan/thiet-lap/bao-cao/",
        "/co-quan/thiet-lap/lich/",
        "/co-quan/thiet-lap/xong/",
    ):
        for size in ("desktop", "phone"):
            desk.open(path, size)
            desk.assert_fits()
        desk.assert_accessible()
