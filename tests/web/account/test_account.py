from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from camket.org import operations
from camket.org.models import FailedSignIns, Membership, Person, Role
from camket.org.policy import Actor
from people import PASSWORD, TODAY, People

SignedIn = Callable[[Actor], Client]


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/dang-nhap/", {"login": login, "password": password, **extra})


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, people: People) -> None:
    response = client.get("/co-quan/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/dang-nhap/?next=/co-quan/"
    assert sign_in(client, " AN ", next="/co-quan/").headers["Location"] == "/co-quan/"
    assert client.get("/co-quan/").status_code == 200
    assert client.get("/dang-nhap/").headers["Location"] == "/"


def test_the_way_back_stays_in_the_house(client: Client, people: People) -> None:
    assert sign_in(client, "an", next="https://evil.example/").headers["Location"] == "/"
    client.logout()
    assert sign_in(client, "an", next="//evil.example/").headers["Location"] == "/"


def test_a_wrong_password_says_no_more_than_that(client: Client, people: People) -> None:
    known, unknown = sign_in(client, "an", "x"), sign_in(client, "không-có", "x")
    assert known.status_code == unknown.status_code == 200
    said = "Tên đăng nhập hoặc mật khẩu không đúng"
    assert said in known.content.decode()
    assert said in unknown.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_in_is_refused_after_five_failures_and_opens_again(client: Client, people: People) -> None:
    for _ in range(5):
        assert sign_in(client, "an", "x").status_code == 200
    refused = sign_in(client, "an")
    assert refused.status_code == 429
    assert "15 phút" in refused.content.decode()
    assert sign_in(Client(), "chau").status_code == 302
    FailedSignIns.objects.update(latest_at=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, "an").status_code == 302


@pytest.mark.django_db
def test_a_name_is_guarded_across_addresses_and_an_address_across_names() -> None:
    now = timezone.now()
    for number in range(20):
        operations.count_failed_sign_in(login="an", address=f"10.0.0.{number}", now=now)
    with pytest.raises(operations.TooManyFailures):
        operations.check_sign_in_allowed(login="an", address="10.0.1.1", now=now)
    operations.check_sign_in_allowed(login="binh", address="10.0.0.1", now=now)
    for number in range(60):
        operations.count_failed_sign_in(login=f"x{number}", address="10.9.9.9", now=now)
    with pytest.raises(operations.TooManyFailures):
        operations.check_sign_in_allowed(login="new", address="10.9.9.9", now=now)


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(
    client: Client, people: People, settings: Any
) -> None:
    settings.HTTPS = True
    for number in range(60):
        name, forged = f"x{number}", f"1.1.1.{number}, 10.0.0.9"
        client.post(
            "/dang-nhap/", {"login": name, "password": "x"}, headers={"x-forwarded-for": forged}, secure=True
        )
    here = client.post(
        "/dang-nhap/", {"login": "an", "password": "x"}, headers={"x-forwarded-for": "10.0.0.9"}, secure=True
    )
    elsewhere = client.post(
        "/dang-nhap/", {"login": "an", "password": "x"}, headers={"x-forwarded-for": "10.0.0.8"}, secure=True
    )
    assert (here.status_code, elsewhere.status_code) == (429, 200)


def test_a_part_of_a_page_asked_for_after_the_session_ended_sends_the_whole_page_to_sign_in(
    client: Client, people: People
) -> None:
    response = client.get(
        "/muc-tieu/", headers={"hx-request": "true", "hx-current-url": "http://testserver/muc-tieu/?trang=2"}
    )
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/dang-nhap/?next=%2Fmuc-tieu%2F"
    assert response.content == b""


def test_a_success_forgets_the_failures_of_the_name(client: Client, people: People) -> None:
    for _ in range(4):
        sign_in(client, "an", "x")
    assert sign_in(client, "an").status_code == 302
    client.logout()
    for _ in range(4):
        assert sign_in(client, "an", "x").status_code == 200
    assert sign_in(client, "an").status_code == 302


def test_a_blocked_person_cannot_sign_in_and_an_open_session_ends(
    people: People, signed_in: SignedIn
) -> None:
    client = signed_in(people.binh)
    operations.block_person(actor=people.an, person_id=people.binh.person_id, reason="Nghỉ việc", today=TODAY)
    assert client.get("/tai-khoan/").headers["Location"].startswith("/dang-nhap/")
    assert sign_in(Client(), "binh").status_code == 200


def test_signing_out_takes_a_form(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert client.get("/dang-xuat/").status_code == 405
    assert client.get("/tai-khoan/").status_code == 200
    page = client.post("/dang-xuat/", follow=True).content.decode()
    assert "Bạn đã đăng xuất" in page
    assert client.get("/tai-khoan/").status_code == 302


def test_a_one_time_password_asks_for_an_own_one_first(people: People) -> None:
    given = operations.reset_password(actor=people.an, person_id=people.binh.person_id, today=TODAY)
    client = Client()
    assert sign_in(client, "binh", given.password).status_code == 302
    for path in ("/", "/co-quan/", "/tai-khoan/"):
        assert client.get(path).headers["Location"] == "/tai-khoan/mat-khau/"
    page = client.get("/tai-khoan/mat-khau/").content.decode()
    assert "mật khẩu dùng một lần" in page
    new = "Một câu dễ nhớ 26"
    changed = client.post("/tai-khoan/mat-khau/", {"old": given.password, "new": new, "again": new})
    assert changed.headers["Location"] == "/"
    assert client.get("/tai-khoan/").status_code == 200
    assert sign_in(Client(), "binh", new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("x", "Một câu dễ nhớ 26", "Một câu dễ nhớ 26", "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "Một câu dễ nhớ 26", "Một câu khác hẳn 26", "không giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "ít nhất 10 ký tự"),
        (PASSWORD, "password12345"[:10], "password12345"[:10], "Mật khẩu"),
        (PASSWORD, PASSWORD, PASSWORD, "khác mật khẩu hiện tại"),
        (PASSWORD, "", "", "Chưa lưu"),
    ],
)
def test_a_bad_new_password_changes_nothing(
    people: People, signed_in: SignedIn, old: str, new: str, again: str, said: str
) -> None:
    client = signed_in(people.an)
    response = client.post("/tai-khoan/mat-khau/", {"old": old, "new": new, "again": again})
    assert response.status_code == 200
    assert said in response.content.decode()
    assert Person.objects.get(pk=people.an.person_id).check_password(PASSWORD)


def test_the_language_is_kept_by_the_cookie_and_with_the_person(client: Client, people: People) -> None:
    assert 'lang="vi"' in client.get("/dang-nhap/", headers={"accept-language": "en"}).content.decode()
    client.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/"})
    assert 'lang="en"' in client.get("/dang-nhap/").content.decode()
    client.post("/ngon-ngu/", {"language": "xx"})
    assert client.cookies[configured.LANGUAGE_COOKIE_NAME].value == "en"
    sign_in(client, "an")
    assert 'lang="vi"' in client.get("/tai-khoan/").content.decode()
    client.post("/ngon-ngu/", {"language": "en"})
    assert Person.objects.get(login="an").language == "en"
    assert "My account" in client.get("/tai-khoan/").content.decode()


def test_a_person_changes_the_language_of_the_screen(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    assert client.post("/tai-khoan/", {"language": "xx"}).status_code == 200
    client.post("/tai-khoan/", {"language": "en"})
    assert Person.objects.get(login="an").language == "en"


def test_who_works_for_several_agencies_chooses_one(people: People, signed_in: SignedIn) -> None:
    Membership.objects.create(agency=people.other_agency, person_id=people.an.person_id, role=Role.OFFICER)
    client = signed_in(people.an)
    assert client.get("/co-quan/").headers["Location"] == "/chon-co-quan/"
    page = client.get("/chon-co-quan/").content.decode()
    assert "UBND xã Bình Yên" in page
    assert "UBND xã Suối Xa" in page
    client.post("/chon-co-quan/", {"capacity": "own:999999"})
    assert client.get("/co-quan/").status_code == 302
    client.post("/chon-co-quan/", {"capacity": f"own:{people.other_agency.pk}"})
    assert "UBND xã Suối Xa" in client.get("/co-quan/").content.decode()
    assert client.get("/co-quan/sua/").status_code == 403
    client.post("/chon-co-quan/", {"capacity": f"own:{people.agency.pk}"})
    assert client.get("/co-quan/sua/").status_code == 200


def test_who_holds_no_post_is_told_whom_to_ask(people: People, signed_in: SignedIn) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=TODAY - timedelta(days=1))
    client = signed_in(people.binh)
    page = client.get("/co-quan/", follow=True).content.decode()
    assert "Hiện bạn chưa có vị trí nào" in page
    assert "Thư ký ISO" in page


def test_an_administrator_lands_on_the_agency(people: People, signed_in: SignedIn) -> None:
    Membership.objects.filter(person_id=people.binh.person_id).update(role=Role.ADMINISTRATOR)
    client = signed_in(people.binh)
    assert client.get("/").headers["Location"] == "/co-quan/"
    page = client.get("/co-quan/").content.decode()
    assert 'href="/ke-hoach/"' not in page
    assert 'href="/co-quan/"' in page


@pytest.mark.django_db
def test_forms_without_their_token_are_refused_in_words(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/dang-nhap/", {"login": "an", "password": PASSWORD})
    assert refused.status_code == 403
    assert "Biểu mẫu đã hết hiệu lực" in refused.content.decode()


def test_errors_are_pages_in_words(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.binh)
    missing = client.get("/khong-co-trang-nay/")
    assert missing.status_code == 404
    assert "Không tìm thấy trang này" in missing.content.decode()
    refused = client.get("/co-quan/nhat-ky/")
    assert refused.status_code == 403
    assert "Vai trò của bạn" in refused.content.decode()
    assert client.delete("/co-quan/").status_code == 405


def test_an_error_of_the_system_has_a_page_without_database_or_session(rf: Any) -> None:
    from camket.web import errors

    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.content.decode()


def test_every_page_sends_the_strict_policy(client: Client, people: People) -> None:
    policy = client.get("/dang-nhap/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
