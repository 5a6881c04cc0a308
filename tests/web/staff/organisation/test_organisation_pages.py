from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from camket.journal.guard import lifted
from camket.journal.models import Entry
from camket.org.models import Agency, BodyName, Membership, Person, Unit
from camket.org.policy import Actor
from people import PASSWORD, TODAY, People

SignedIn = Callable[[Actor], Client]
AGENCY = {
    "name": "UBND xã Bình Yên",
    "full_name": "Ủy ban nhân dân xã Bình Yên",
    "superior_name": "",
    "place": "Bình Yên",
    "level": "commune",
    "rhythm": "month",
    "half_year_report_by": "10/6",
    "year_report_by": "25/11",
}


@pytest.fixture
def secretary(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.an)


@pytest.fixture
def officer(people: People, signed_in: SignedIn) -> Client:
    return signed_in(people.binh)


def page_of(response: Any) -> BeautifulSoup:
    assert response.status_code == 200, response.content.decode()[:1500]
    return BeautifulSoup(response.content, "html.parser")


def text_of(response: Any) -> str:
    return " ".join(page_of(response).get_text(" ").split())


def test_the_agency_is_shown_to_all_and_edited_by_its_secretary(secretary: Client, officer: Client) -> None:
    for client in (secretary, officer):
        assert "Ủy ban nhân dân xã Bình Yên" in text_of(client.get("/co-quan/"))
    assert page_of(secretary.get("/co-quan/")).select('a[href="/co-quan/sua/"]')
    assert not page_of(officer.get("/co-quan/")).select('a[href="/co-quan/sua/"]')
    form = page_of(secretary.get("/co-quan/sua/"))
    assert form.select_one("#id_half_year_report_by")["value"] == "15/6"  # type: ignore[index]
    assert secretary.post("/co-quan/sua/", AGENCY).headers["Location"] == "/co-quan/"
    assert "10/6" in text_of(secretary.get("/co-quan/"))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("half_year_report_by", "31/6", "31/6"),
        ("year_report_by", "tháng 11", "ngày/tháng"),
        ("name", "", "Chưa lưu"),
        ("level", "planet", "Chưa lưu"),
    ],
)
def test_bad_agency_data_are_refused_and_kept_on_the_page(
    secretary: Client, people: People, field: str, typed: str, said: str
) -> None:
    response = secretary.post("/co-quan/sua/", {**AGENCY, field: typed})
    assert said in text_of(response)
    assert typed in response.content.decode()
    assert Agency.objects.get(pk=people.agency.pk).rhythm == "quarter"


def test_units_are_added_renamed_moved_and_taken_out_of_use(secretary: Client, people: People) -> None:
    added = {"name": "Ban Chỉ đạo ISO", "short_name": "BCĐ ISO", "kind": "committee"}
    assert secretary.post("/co-quan/bo-phan/them/", added).headers["Location"] == "/co-quan/bo-phan/"
    assert "BCĐ ISO" in text_of(secretary.get("/co-quan/bo-phan/"))
    unit = Unit.objects.get(name="Ban Chỉ đạo ISO")
    taken = secretary.post(f"/co-quan/bo-phan/{unit.pk}/", {**added, "name": "Phòng Kinh tế"})
    assert "Đã có bộ phận tên là Phòng Kinh tế" in text_of(taken)
    secretary.post(f"/co-quan/bo-phan/{unit.pk}/", {**added, "name": "Ban Chỉ đạo ISO xã"})
    secretary.post(f"/co-quan/bo-phan/{unit.pk}/chuyen/", {"to": "up"})
    order = list(Unit.objects.filter(agency=people.agency).order_by("order").values_list("name", flat=True))
    assert order[-2] == "Ban Chỉ đạo ISO xã"
    secretary.post(f"/co-quan/bo-phan/{unit.pk}/su-dung/", {"use": "no"})
    assert "không còn sử dụng" in text_of(secretary.get("/co-quan/bo-phan/"))
    assert "Không còn sử dụng" in text_of(secretary.get(f"/co-quan/bo-phan/{unit.pk}/"))
    secretary.post(f"/co-quan/bo-phan/{unit.pk}/su-dung/", {"use": "yes"})
    assert Unit.objects.get(pk=unit.pk).is_active


def test_a_unit_with_people_says_why_it_stays(secretary: Client, people: People) -> None:
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    response = secretary.post(f"/co-quan/bo-phan/{unit.pk}/su-dung/", {"use": "no"}, follow=True)
    assert "Còn 2 vị trí thuộc Phòng Kinh tế" in text_of(response)


def test_an_agency_without_units_is_told_the_next_step(
    secretary: Client, officer: Client, people: People
) -> None:
    Membership.objects.filter(agency=people.agency).update(unit=None)
    Unit.objects.filter(agency=people.agency).delete()
    assert page_of(secretary.get("/co-quan/bo-phan/")).select(".ck-empty a[href='/co-quan/bo-phan/them/']")
    assert not page_of(officer.get("/co-quan/bo-phan/")).select(".ck-empty a")


def test_a_person_is_added_and_the_password_shown_once(secretary: Client, people: People) -> None:
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    data = {
        "full_name": "Đặng Thị Én",
        "login": "en.dang",
        "email": "",
        "position": "Chuyên viên",
        "unit": str(unit.pk),
        "role": "officer",
    }
    first = secretary.post("/co-quan/nhan-su/them/", data, follow=True)
    password = page_of(first).select_one(".ck-once")
    assert password is not None
    assert Person.objects.get(login="en.dang").check_password(password.text)
    assert first.headers["Cache-Control"] == "no-store"
    again = secretary.get(first.redirect_chain[-1][0])
    assert page_of(again).select_one(".ck-once") is None
    taken = secretary.post("/co-quan/nhan-su/them/", data)
    assert "Tên đăng nhập en.dang đã có người dùng" in text_of(taken)
    assert "Đặng Thị Én" in taken.content.decode()
    headless = secretary.post("/co-quan/nhan-su/them/", {**data, "login": "xx", "unit": "", "role": "head"})
    assert "chọn bộ phận mà người này phụ trách" in text_of(headless)
    foreign = Unit.objects.filter(agency=people.other_agency).order_by("pk")[0]
    other = secretary.post("/co-quan/nhan-su/them/", {**data, "login": "xx", "unit": str(foreign.pk)})
    assert other.status_code == 200
    assert not Person.objects.filter(login="xx").exists()


def test_people_are_found_and_only_managers_see_sign_in_names(secretary: Client, officer: Client) -> None:
    assert "binh" in text_of(secretary.get("/co-quan/nhan-su/"))
    listed = text_of(officer.get("/co-quan/nhan-su/"))
    assert "Trần Văn Bình" in listed
    assert "Tên đăng nhập" not in listed
    found = text_of(secretary.get("/co-quan/nhan-su/", {"q": "tran van"}))
    assert "Trần Văn Bình" in found
    assert "Lê Minh Châu" not in found
    assert "Không tìm thấy ai" in text_of(secretary.get("/co-quan/nhan-su/", {"q": "zzz"}))


def test_posts_are_given_and_ended_on_a_persons_page(secretary: Client, people: People) -> None:
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    address = f"/co-quan/nhan-su/{people.binh.person_id}/"
    bad = secretary.post(
        f"{address}vi-tri/", {"role": "head", "unit": "", "position": "", "valid_from": "1/13/2026"}
    )
    assert "1/13/2026" in text_of(bad)
    secretary.post(
        f"{address}vi-tri/",
        {"role": "head", "unit": str(unit.pk), "position": "Trưởng phòng", "valid_from": ""},
    )
    assert "Trưởng phòng" in text_of(secretary.get(address))
    twice = secretary.post(
        f"{address}vi-tri/", {"role": "head", "unit": str(unit.pk), "position": "", "valid_from": ""}
    )
    assert "đang giữ vị trí này" in text_of(twice)
    post = Membership.objects.get(person_id=people.binh.person_id, role="head")
    ended = f"/co-quan/nhan-su/vi-tri/{post.pk}/ket-thuc/"
    assert "ngày/tháng/năm" in text_of(secretary.post(ended, {"ended_on": "mai"}, follow=True))
    secretary.post(ended, {"ended_on": "01/07/2026"})
    assert Membership.objects.get(pk=post.pk).valid_to is not None
    again = secretary.post(ended, {"ended_on": "01/07/2026"}, follow=True)
    assert "đã kết thúc" in text_of(again)


def test_details_passwords_and_blocks(secretary: Client, people: People) -> None:
    address = f"/co-quan/nhan-su/{people.binh.person_id}/"
    secretary.post(f"{address}sua/", {"full_name": "Trần Văn Bình An", "email": "binh@binhyen.example"})
    assert Person.objects.get(login="binh").full_name == "Trần Văn Bình An"
    assert "Chưa lưu" in text_of(secretary.post(f"{address}sua/", {"full_name": "", "email": "x"}))
    reset = secretary.post(f"{address}mat-khau/", follow=True)
    shown = page_of(reset).select_one(".ck-once")
    assert shown is not None
    assert Person.objects.get(login="binh").check_password(shown.text)
    assert "Chưa lưu" in text_of(secretary.post(f"{address}dang-nhap/", {"reason": ""}))
    secretary.post(f"{address}dang-nhap/", {"reason": "Chuyển công tác"})
    assert not Person.objects.get(login="binh").is_active
    assert "Đã khóa" in text_of(secretary.get("/co-quan/nhan-su/"))
    secretary.post(f"{address}dang-nhap/", {"sign_in": "yes"})
    assert Person.objects.get(login="binh").is_active
    own = secretary.post(f"/co-quan/nhan-su/{people.an.person_id}/mat-khau/", follow=True)
    assert "tài khoản của chính bạn" in text_of(own)
    assert Person.objects.get(login="an").check_password(PASSWORD)


def test_names_in_documents(secretary: Client, officer: Client, people: People) -> None:
    assert "Chưa có tên gọi nào" in text_of(secretary.get("/co-quan/ten-goi/"))
    name = BodyName.objects.create(agency=people.agency, text="Bộ phận Một cửa", key="bo phan mot cua")
    unit = Unit.objects.get(agency=people.agency, name="Phòng Kinh tế")
    assert "Chưa xác định" in text_of(officer.get("/co-quan/ten-goi/"))
    both = {"unit": str(unit.pk), "person": str(people.binh.person_id)}
    assert "Chỉ chọn một" in text_of(secretary.post(f"/co-quan/ten-goi/{name.pk}/", both))
    secretary.post(f"/co-quan/ten-goi/{name.pk}/", {"unit": str(unit.pk), "person": ""})
    assert "Phòng Kinh tế" in text_of(officer.get("/co-quan/ten-goi/", {"q": "mot cua"}))
    assert "Không có tên gọi này" in text_of(officer.get("/co-quan/ten-goi/", {"q": "zzz"}))
    secretary.post(f"/co-quan/ten-goi/{name.pk}/quen/")
    assert not BodyName.objects.exists()


def test_the_journal_says_what_changed_in_words(secretary: Client, people: People) -> None:
    secretary.post("/co-quan/sua/", AGENCY)
    said = text_of(secretary.get("/co-quan/nhat-ky/"))
    for words in (
        "Sửa thông tin cơ quan",
        "Nguyễn Thị An",
        "Kỳ báo cáo",
        "Hằng quý",
        "Hằng tháng",
        "15/6",
        "10/6",
    ):
        assert words in said
    assert "chuỗi nguyên vẹn" in text_of(secretary.get("/co-quan/nhat-ky/", {"kiem-tra": "1"}))
    with lifted():
        Entry.objects.update(by_name="Người khác")
    broken = text_of(secretary.get("/co-quan/nhat-ky/", {"kiem-tra": "1"}))
    assert "Chuỗi bị đứt tại mục số 1" in broken
    assert "không khớp với mã băm" in broken
    assert "Chưa có mục nào" in text_of(secretary.get("/co-quan/nhat-ky/", {"since": "2/7/2026"}))
    assert "Không có ngày 31/2/2026" in text_of(secretary.get("/co-quan/nhat-ky/", {"since": "31/2/2026"}))


def test_the_journal_has_pages(secretary: Client, people: People, django_assert_max_num_queries: Any) -> None:
    from camket.journal.operations import record

    for _ in range(120):
        record(
            actor=people.an,
            agency_id=people.agency.pk,
            verb="agency.changed",
            subject=people.agency,
            on=TODAY,
        )
    with django_assert_max_num_queries(12):
        first = page_of(secretary.get("/co-quan/nhat-ky/"))
    assert len(first.select(".ck-history > li")) == 50
    link = first.select_one('.ck-pager a[rel="next"]')
    assert link is not None
    assert "before=71" in str(link["href"])
    last = page_of(secretary.get("/co-quan/nhat-ky/", {"before": "21", "kind": "agency"}))
    assert len(last.select(".ck-history > li")) == 20
    assert last.select_one('.ck-pager a[rel="next"]') is None
    assert "kind=agency" in str(last.select_one(".ck-pager a"))
    printed = page_of(secretary.get("/co-quan/nhat-ky/", {"in": "1"}))
    assert len(printed.select(".ck-history > li")) == 120


def test_the_history_of_a_record(secretary: Client, officer: Client, people: People) -> None:
    secretary.post("/co-quan/sua/", AGENCY)
    address = f"/co-quan/nhat-ky/org.agency/{people.agency.pk}/"
    page = page_of(officer.get(address))
    part = page_of(officer.get(address, headers={"HX-Request": "true"}))
    assert part.select_one("html") is None
    assert str(part.select_one(".ck-history")) == str(page.select_one(".ck-history"))
    assert officer.get(f"/co-quan/nhat-ky/org.agency/{people.other_agency.pk}/").status_code == 404
    secretary.post(f"/co-quan/nhan-su/{people.chau.person_id}/mat-khau/")
    person = f"/co-quan/nhat-ky/org.person/{people.chau.person_id}/"
    assert officer.get(person).status_code == 403
    assert "Cấp mật khẩu dùng một lần" in text_of(secretary.get(person))
