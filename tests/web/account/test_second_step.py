"""The second step of signing in, by codes; keys are in test_keys.py, with a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client

from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import AccountEvent, Agency, FailedSignIns, Person, SecondFactor
from camket.org.policy import Actor
from people import PASSWORD, TODAY, People

SignedIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _no_codes_used() -> None:
    cache.clear()


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(login: str, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/dang-nhap/", {"login": login, "password": PASSWORD})


def set_up_app(client: Client) -> str:
    """Set up an app as a person does who has just signed in; return its secret."""
    page = client.get("/tai-khoan/hai-buoc/ung-dung/").content.decode()
    found = re.search(r'<code class="ck-once"[^>]*>([^<]+)<', page)
    assert found
    secret = found[1].replace(" ", "")
    done = client.post("/tai-khoan/hai-buoc/ung-dung/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/tai-khoan/hai-buoc/ma-du-phong/"
    cache.clear()
    return secret


@pytest.fixture
def secret(people: People) -> str:
    client, _response = sign_in("an")
    return set_up_app(client)


def test_setting_up_an_app_shows_recovery_codes_once_and_is_recorded(people: People) -> None:
    client, _response = sign_in("an")
    assert "Chưa bật" in client.get("/tai-khoan/hai-buoc/").content.decode()
    wrong = client.post("/tai-khoan/hai-buoc/ung-dung/", {"code": "000000"})
    assert "Mã không đúng" in wrong.content.decode()
    assert not Authenticator.objects.exists()
    set_up_app(client)
    shown = client.get("/tai-khoan/hai-buoc/ma-du-phong/").content.decode()
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", shown)
    assert len(codes) == len(set(codes)) == 10
    again = client.get("/tai-khoan/hai-buoc/ma-du-phong/").content.decode()
    assert not any(code in again for code in codes)
    entry = Entry.objects.get(verb="person.factor_added")
    assert (entry.agency_id, entry.by_id) == (people.agency.pk, people.an.person_id)


def test_secrets_stand_sealed_in_the_database(people: People, secret: str, settings: Any) -> None:
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    client, _response = sign_in("an")
    settings.SECRET_KEY = "the key of another installation"
    assert client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)}).status_code in {200, 302}
    assert "_auth_user_id" not in client.session


def test_the_password_alone_opens_nothing_and_the_code_does(people: People, secret: str) -> None:
    client, response = sign_in("an")
    assert response.headers["Location"] == "/dang-nhap/buoc-hai/"
    assert client.get("/cong-viec/").status_code == 302
    assert "_auth_user_id" not in client.session
    page = client.get("/dang-nhap/buoc-hai/").content.decode()
    assert "Mật khẩu của Nguyễn Thị An đã đúng" in page
    assert "Mã không đúng" in client.post("/dang-nhap/buoc-hai/", {"code": "000000"}).content.decode()
    assert client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)}).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(people.an.person_id)
    assert AccountEvent.objects.order_by("-pk")[0].how == "code"


def test_the_way_to_the_wanted_page_goes_through_the_second_step(people: People, secret: str) -> None:
    client = Client()
    client.post("/dang-nhap/", {"login": "an", "password": PASSWORD, "next": "/cong-viec/"})
    done = client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/cong-viec/"


def test_nobody_comes_to_the_second_step_without_the_first(people: People, secret: str) -> None:
    assert Client().get("/dang-nhap/buoc-hai/").headers["Location"] == "/dang-nhap/"
    posted = Client().post("/dang-nhap/buoc-hai/", {"code": code_of(secret)})
    assert posted.headers["Location"] == "/dang-nhap/"


def test_a_code_seen_over_the_shoulder_opens_nothing_more(people: People, secret: str) -> None:
    code = code_of(secret)
    client, _response = sign_in("an")
    client.post("/dang-nhap/buoc-hai/", {"code": code})
    cache.clear()  # what another process does not know
    other, _response = sign_in("an")
    refused = other.post("/dang-nhap/buoc-hai/", {"code": code})
    assert "đã được dùng" in refused.content.decode()
    assert "_auth_user_id" not in other.session


def test_a_recovery_code_replaces_the_phone_once(people: People) -> None:
    client, _response = sign_in("an")
    set_up_app(client)
    shown = client.get("/tai-khoan/hai-buoc/ma-du-phong/").content.decode()
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", shown)
    first, _response = sign_in("an")
    assert first.post("/dang-nhap/buoc-hai/", {"code": codes[0]}).headers["Location"] == "/"
    assert AccountEvent.objects.order_by("-pk")[0].how == "recovery_code"
    second, _response = sign_in("an")
    assert second.post("/dang-nhap/buoc-hai/", {"code": codes[0]}).status_code == 200
    assert "Còn 9 mã" in first.get("/tai-khoan/hai-buoc/").content.decode()
    renewed = first.post("/tai-khoan/hai-buoc/ma-du-phong/moi/")
    assert renewed.headers["Location"] == "/tai-khoan/hai-buoc/ma-du-phong/"
    third, _response = sign_in("an")
    assert third.post("/dang-nhap/buoc-hai/", {"code": codes[1]}).status_code == 200
    assert Entry.objects.filter(verb="person.recovery_codes_renewed").count() == 1


def test_guessing_codes_ends_at_the_door_and_is_told(people: People, secret: str) -> None:
    client, _response = sign_in("an")
    for _ in range(5):
        assert client.post("/dang-nhap/buoc-hai/", {"code": "000000"}).status_code == 200
    out = client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)}, follow=True)
    assert "15 phút" in out.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.get("/dang-nhap/buoc-hai/").status_code == 302
    FailedSignIns.objects.all().delete()
    client, _response = sign_in("an")
    home = client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)}, follow=True).content.decode()
    assert "nhập sai mật khẩu hoặc mã của tài khoản của bạn nhiều lần" in home
    assert "nhập sai mật khẩu" not in client.get("/tai-khoan/").content.decode()


def test_changing_the_ways_in_asks_again_who_it_is(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)  # a session that did not just begin by signing in
    for path in ("ung-dung/", "khoa/them/"):
        place = client.get(f"/tai-khoan/hai-buoc/{path}").headers["Location"]
        assert place.startswith("/tai-khoan/xac-nhan/?next=")
    wrong = client.post("/tai-khoan/xac-nhan/?next=/tai-khoan/hai-buoc/ung-dung/", {"password": "x"})
    assert "không phải mật khẩu của bạn" in wrong.content.decode()
    right = client.post("/tai-khoan/xac-nhan/?next=/tai-khoan/hai-buoc/ung-dung/", {"password": PASSWORD})
    assert right.headers["Location"] == "/tai-khoan/hai-buoc/ung-dung/"
    assert client.get("/tai-khoan/hai-buoc/ung-dung/").status_code == 200
    evil = client.post("/tai-khoan/xac-nhan/?next=https://evil.example/", {"password": PASSWORD})
    assert "evil" not in evil.headers["Location"]


def test_showing_who_one_is_is_guarded_like_signing_in(people: People, signed_in: SignedIn) -> None:
    client = signed_in(people.an)
    for _ in range(5):
        client.post("/tai-khoan/xac-nhan/", {"password": "x"})
    refused = client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    assert "15 phút" in refused.content.decode()


def test_taking_off_the_app_is_recorded_and_takes_the_codes_along(people: People, secret: str) -> None:
    client, _response = sign_in("an")
    client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)})
    assert client.get("/tai-khoan/hai-buoc/ung-dung/go/").status_code == 200
    assert client.post("/tai-khoan/hai-buoc/ung-dung/go/").headers["Location"] == "/tai-khoan/hai-buoc/"
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(verb="person.factor_removed").count() == 1
    assert sign_in("an")[1].headers["Location"] == "/"


def test_the_last_factor_stays_where_the_agency_asks_for_one(people: People, secret: str) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(second_factor=SecondFactor.EVERYONE)
    client, _response = sign_in("an")
    client.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)})
    page = client.post("/tai-khoan/hai-buoc/ung-dung/go/", follow=True).content.decode()
    assert "Cơ quan yêu cầu bạn đăng nhập bằng hai bước" in page
    assert Authenticator.objects.count() == 2
    assert not Entry.objects.filter(verb="person.factor_removed").exists()


def test_of_whom_the_agency_asks_it_nothing_else_opens_before(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(second_factor=SecondFactor.MANAGERS)
    client, response = sign_in("an")
    for path in ("/", "/cong-viec/", "/tai-khoan/", "/tai-khoan/phien/", "/co-quan/"):
        assert client.get(path).headers["Location"] == "/tai-khoan/hai-buoc/", path
    assert client.post("/co-quan/bo-phan/them/", {"name": "X"}).status_code == 302
    assert "Cơ quan yêu cầu bạn cài đặt ngay" in client.get("/tai-khoan/hai-buoc/").content.decode()
    set_up_app(client)
    assert client.get("/cong-viec/").status_code == 200
    officer, _response = sign_in("binh")
    assert officer.get("/cong-viec/").status_code == 200


def test_a_one_time_password_is_replaced_before_the_second_factor_is_set_up(people: People) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(second_factor=SecondFactor.EVERYONE)
    given = operations.reset_password(actor=people.an, person_id=people.binh.person_id, today=TODAY)
    client = Client()
    client.post("/dang-nhap/", {"login": "binh", "password": given.password})
    assert client.get("/").headers["Location"] == "/tai-khoan/mat-khau/"
    new = "Một câu dễ nhớ 26"
    done = client.post("/tai-khoan/mat-khau/", {"old": given.password, "new": new, "again": new})
    assert done.headers["Location"] == "/tai-khoan/hai-buoc/"


def test_a_colleague_takes_off_a_lost_factor_and_both_know(
    people: People, secret: str, settings: Any
) -> None:
    Person.objects.filter(pk=people.binh.person_id).update(must_change_password=False)
    binh, _response = sign_in("binh")
    set_up_app(binh)
    secretary, _response = sign_in("an")
    secretary.post("/dang-nhap/buoc-hai/", {"code": code_of(secret)})
    page = f"/co-quan/nhan-su/{people.binh.person_id}/cach-dang-nhap/"
    assert "Đã cài đặt" in secretary.get(page).content.decode()
    refused = secretary.post(f"{page}hai-buoc/", {"reason": ""})
    assert refused.status_code == 200
    assert Authenticator.objects.filter(user_id=people.binh.person_id).exists()
    secretary.post(f"{page}hai-buoc/", {"reason": "Mất điện thoại, đã gặp trực tiếp"})
    assert not Authenticator.objects.filter(user_id=people.binh.person_id).exists()
    assert Entry.objects.get(verb="person.factor_reset").reason == "Mất điện thoại, đã gặp trực tiếp"
    assert binh.get("/cong-viec/").status_code == 302  # signed out
    again, response = sign_in("binh")
    assert response.headers["Location"] == "/"
    assert "được Nguyễn Thị An gỡ bỏ" in again.get("/cong-viec/").content.decode()


def test_a_change_is_written_to_the_checked_address(people: People, settings: Any) -> None:
    from allauth.account.models import EmailAddress

    from camket.web.account import mail as letters

    settings.MAIL_FROM = "camket@binhyen.example"
    person = Person.objects.get(pk=people.an.person_id)
    person.email = "an@binhyen.example"
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client, _response = sign_in("an")
    set_up_app(client)
    letters.wait()
    assert [letter.to for letter in mail.outbox] == [["an@binhyen.example"]]
    assert "Ứng dụng xác thực đã được cài đặt" in mail.outbox[0].body
    assert mail.outbox[0].subject == "[Cam Kết] Cách đăng nhập của bạn đã thay đổi"
