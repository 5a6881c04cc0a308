"""Single sign-on against a real OpenID provider in a process of its own."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from camket.journal.models import Entry
from camket.org import operations
from camket.org.models import AccountEvent, Agency, Person
from oidc.provider_site import CLIENT_ID, CLIENT_SECRET, PASSWORD
from people import PASSWORD as OWN_PASSWORD
from people import TODAY, People

BACK = "http://testserver/dang-nhap/mot-lan/tra-ve/"


class Provider:
    """The provider's process, and a person's browser at it."""

    def __init__(self, process: subprocess.Popen[str], issuer: str) -> None:
        self.process = process
        self.issuer = issuer
        self.site = issuer.removesuffix("/o")

    def misbehave(self, mode: str) -> None:
        requests.post(f"{self.site}/mischief/", data=mode, timeout=10)

    def consent(self, address: str, login: str, *, allow: bool = True) -> str:
        """Sign in at the provider, agree or not, and return the address to go back to."""
        browser = requests.Session()
        page = browser.get(address, timeout=10)
        if urlsplit(page.url).path == "/login/":
            page = browser.post(page.url, {"login": login, "password": PASSWORD}, timeout=10)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        for name, value in re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page.text):
            fields.setdefault(name, value)
        fields.pop("allow", None)
        if allow:
            fields["allow"] = "Authorize"
        answer = browser.post(page.url, fields, timeout=10, allow_redirects=False)
        assert answer.status_code == 302, answer.text[:500]
        return answer.headers["Location"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    port = _free_port()
    script = Path(__file__).with_name("provider_site.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(port), str(tmp_path_factory.mktemp("provider")), BACK],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    yield Provider(process, f"http://127.0.0.1:{port}/o")
    process.terminate()
    process.wait(10)


@pytest.fixture
def provider(running: Provider, settings: Any) -> Iterator[Provider]:
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_CLIENT_ID = CLIENT_ID
    settings.OIDC_CLIENT_SECRET = CLIENT_SECRET
    settings.OIDC_NAME = "Cổng SSO tỉnh"
    settings.TODAY = TODAY
    running.misbehave("")
    yield running
    running.misbehave("")


def go(client: Client, provider: Provider, login: str, next_page: str = "") -> Any:
    """Walk the whole way: from our button over the provider and back."""
    start = client.get("/dang-nhap/mot-lan/", {"next": next_page} if next_page else {})
    assert start.status_code == 302, start.content.decode()[:300]
    return client.get(provider.consent(start.headers["Location"], login).removeprefix("http://testserver"))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_first_way_back_signs_in_as_the_person_that_the_agency_added(
    people: People, provider: Provider
) -> None:
    client = Client()
    page = client.get("/dang-nhap/?next=/cong-viec/").content.decode()
    assert "Đăng nhập bằng Cổng SSO tỉnh" in page
    response = go(client, provider, "an", "/cong-viec/")
    assert response.headers["Location"] == "/cong-viec/"
    assert client.session["_auth_user_id"] == str(people.an.person_id)
    linked = SocialAccount.objects.get()
    assert (linked.user_id, linked.provider) == (people.an.person_id, "sso")
    assert linked.uid != "an"
    assert set(linked.extra_data) == {"shown"}
    assert Entry.objects.filter(verb="person.single_sign_on_linked").count() == 1
    event = AccountEvent.objects.get()
    assert (event.kind, event.how) == ("signed_in", "single_sign_on")


def test_the_subject_counts_from_then_on_and_not_the_name(people: People, provider: Provider) -> None:
    go(Client(), provider, "an")
    Person.objects.filter(pk=people.an.person_id).update(login="an.moi")
    client = Client()
    go(client, provider, "an")
    assert client.session["_auth_user_id"] == str(people.an.person_id)
    assert SocialAccount.objects.count() == 1


def test_what_is_asked_of_the_provider_carries_state_nonce_and_pkce(
    people: People, provider: Provider
) -> None:
    client = Client()
    asked = parse_qs(urlsplit(client.get("/dang-nhap/mot-lan/").headers["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32
    assert len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == [BACK]
    again = parse_qs(urlsplit(client.get("/dang-nhap/mot-lan/").headers["Location"]).query)
    assert again["nonce"] != asked["nonce"]
    evil = client.get("/dang-nhap/mot-lan/", {"auth_params": "prompt=none&nonce=evil", "scope": "admin"})
    assert "evil" not in evil.headers["Location"]
    assert "admin" not in evil.headers["Location"]


@pytest.mark.parametrize(
    "mode",
    [
        "nonce",
        "issuer",
        "audience",
        "expired",
        "party",
        "none",
        "shared_secret",
        "other_key",
        "no_token",
        "broken",
    ],
)
def test_a_wrong_answer_of_the_provider_signs_nobody_in(
    people: People, provider: Provider, mode: str
) -> None:
    provider.misbehave(mode)
    client = Client()
    response = go(client, provider, "an")
    assert response.status_code == 502
    assert "Cổng SSO tỉnh" in response.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_a_way_back_that_this_browser_did_not_begin_is_refused(people: People, provider: Provider) -> None:
    begun = Client()
    place = provider.consent(begun.get("/dang-nhap/mot-lan/").headers["Location"], "an")
    other = Client()
    other.get("/dang-nhap/mot-lan/")
    refused = other.get(place.removeprefix("http://testserver"))
    assert refused.status_code == 400
    assert "Đã quá thời gian chờ" in refused.content.decode()
    assert not is_signed_in(other)
    forged = begun.get(re.sub(r"state=[^&]+", "state=forged", place.removeprefix("http://testserver")))
    assert forged.status_code == 400
    assert not is_signed_in(begun)


def test_a_way_back_is_gone_once(people: People, provider: Provider) -> None:
    client = Client()
    place = provider.consent(client.get("/dang-nhap/mot-lan/").headers["Location"], "an")
    place = place.removeprefix("http://testserver")
    assert client.get(place).status_code == 302
    client.post("/dang-xuat/")
    assert client.get(place).status_code == 400
    assert not is_signed_in(client)


def test_a_stranger_is_told_whom_to_ask_and_gets_no_account(people: People, provider: Provider) -> None:
    client = Client()
    before = Person.objects.count()
    response = go(client, provider, "la")
    assert response.status_code == 403
    assert "chưa có cơ quan nào thêm bạn" in response.content.decode()
    assert Person.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert not is_signed_in(client)


def test_who_says_no_at_the_provider_comes_back_in_peace(people: People, provider: Provider) -> None:
    client = Client()
    start = client.get("/dang-nhap/mot-lan/").headers["Location"]
    response = client.get(provider.consent(start, "an", allow=False).removeprefix("http://testserver"))
    assert response.status_code == 200
    assert "Bạn chưa đăng nhập" in response.content.decode()


def test_a_blocked_person_stays_out(people: People, provider: Provider) -> None:
    go(Client(), provider, "binh")
    operations.block_person(actor=people.an, person_id=people.binh.person_id, reason="Nghỉ việc", today=TODAY)
    client = Client()
    response = go(client, provider, "binh")
    assert response.status_code == 403
    assert "đang bị khóa" in response.content.decode()
    assert not is_signed_in(client)


def test_by_mail_address_only_a_checked_one_counts(people: People, provider: Provider, settings: Any) -> None:
    settings.OIDC_CLAIM = "email"
    Person.objects.filter(pk=people.chau.person_id).update(email="an@tinh.example")
    Person.objects.filter(pk=people.dung.person_id).update(email="binh@tinh.example")
    client = Client()
    go(client, provider, "an")
    assert client.session["_auth_user_id"] == str(people.chau.person_id)
    assert go(Client(), provider, "binh").status_code == 403  # the provider has not checked it
    Person.objects.filter(pk=people.dung.person_id).update(email="la@tinh.example")
    Person.objects.filter(pk=people.binh.person_id).update(email="la@tinh.example")
    assert go(Client(), provider, "la").status_code == 403  # two people share it


def test_a_person_links_the_account_after_showing_who_it_is(people: People, provider: Provider) -> None:
    client = Client()
    client.force_login(Person.objects.get(pk=people.chau.person_id))
    assert client.get("/tai-khoan/mot-lan/").headers["Location"].startswith("/tai-khoan/xac-nhan/")
    wrong = client.post("/tai-khoan/xac-nhan/?next=/tai-khoan/mot-lan/", {"password": "x"})
    assert "không phải mật khẩu của bạn" in wrong.content.decode()
    client.post("/tai-khoan/xac-nhan/?next=/tai-khoan/mot-lan/", {"password": OWN_PASSWORD})
    assert client.get("/dang-nhap/mot-lan/?lien-ket=doan").headers["Location"] == "/tai-khoan/mot-lan/"
    page = client.get("/tai-khoan/mot-lan/").content.decode()
    secret = re.search(r"lien-ket=([\w-]+)", page)
    assert secret
    start = client.get(f"/dang-nhap/mot-lan/?lien-ket={secret[1]}").headers["Location"]
    response = client.get(provider.consent(start, "la").removeprefix("http://testserver"))
    assert response.headers["Location"] == "/tai-khoan/mot-lan/"
    assert SocialAccount.objects.get().user_id == people.chau.person_id
    assert client.session["_auth_user_id"] == str(people.chau.person_id)
    client.post("/tai-khoan/mot-lan/huy/")
    assert not SocialAccount.objects.exists()
    assert Entry.objects.filter(verb="person.single_sign_on_unlinked").count() == 1


def test_an_account_of_the_provider_opens_one_person_only(people: People, provider: Provider) -> None:
    go(Client(), provider, "an")
    Person.objects.filter(pk=people.an.person_id).update(login="an.cu")
    Person.objects.filter(pk=people.binh.person_id).update(login="an")
    client = Client()
    go(client, provider, "an")
    assert client.session["_auth_user_id"] == str(people.an.person_id)
    SocialAccount.objects.update(uid="another subject")
    Person.objects.filter(pk=people.binh.person_id).update(login="binh")
    Person.objects.filter(pk=people.an.person_id).update(login="an")
    refused = go(Client(), provider, "an")
    assert refused.status_code == 403
    assert "Đã có tài khoản khác được liên kết" in refused.content.decode()
    operations.reset_single_sign_on(actor=people.an, person_id=people.binh.person_id, reason="x", today=TODAY)
    assert SocialAccount.objects.count() == 1


def test_ones_own_second_step_is_asked_unless_the_provider_took_one(
    people: People, provider: Provider
) -> None:
    Authenticator.objects.create(
        user_id=people.an.person_id, type=Authenticator.Type.TOTP, data={"secret": "x"}
    )
    client = Client()
    assert go(client, provider, "an").headers["Location"] == "/dang-nhap/buoc-hai/"
    assert not is_signed_in(client)
    provider.misbehave("second_factor")
    trusted = Client()
    assert go(trusted, provider, "an").headers["Location"] == "/"
    assert is_signed_in(trusted)


def test_who_comes_from_the_provider_needs_no_password_of_ours(people: People, provider: Provider) -> None:
    Person.objects.filter(pk=people.an.person_id).update(must_change_password=True)
    client = Client()
    go(client, provider, "an")
    assert client.get("/cong-viec/").status_code == 200
    assert client.get("/tai-khoan/thu-dien-tu/").status_code == 200  # has just shown who it is
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    page = client.get("/tai-khoan/thu-dien-tu/", follow=True).content.decode()
    assert "Bạn đăng nhập bằng Cổng SSO tỉnh" in page
    by_password = Client()
    by_password.post("/dang-nhap/", {"login": "an", "password": OWN_PASSWORD})
    assert by_password.get("/cong-viec/").headers["Location"] == "/tai-khoan/mat-khau/"


def test_a_second_factor_that_the_agency_asks_for_may_be_the_providers(
    people: People, provider: Provider
) -> None:
    Agency.objects.filter(pk=people.agency.pk).update(second_factor="everyone")
    client = Client()
    go(client, provider, "an")
    assert client.get("/cong-viec/").headers["Location"] == "/tai-khoan/hai-buoc/"
    provider.misbehave("second_factor")
    trusted = Client()
    go(trusted, provider, "an")
    assert trusted.get("/cong-viec/").status_code == 200


def test_where_it_is_the_only_way_passwords_are_gone_but_for_one(
    people: People, provider: Provider, settings: Any
) -> None:
    settings.OIDC_ONLY, settings.OIDC_EMERGENCY = True, "an"
    client = Client()
    page = client.get("/dang-nhap/").content.decode()
    assert 'name="password"' not in page
    assert "/dang-nhap/khan-cap/" in page
    client.post("/dang-nhap/", {"login": "an", "password": OWN_PASSWORD})
    assert not is_signed_in(client)
    assert client.get("/dang-nhap/quen-mat-khau/").status_code == 404
    assert client.get("/dang-nhap/khoa/").status_code == 404
    client.post("/dang-nhap/khan-cap/", {"login": "binh", "password": OWN_PASSWORD})
    assert not is_signed_in(client)
    client.post("/dang-nhap/khan-cap/", {"login": "an", "password": OWN_PASSWORD})
    assert is_signed_in(client)
    settings.OIDC_EMERGENCY = ""
    assert Client().get("/dang-nhap/khan-cap/").status_code == 404


def test_signing_out_offers_to_leave_the_provider_too(people: People, provider: Provider) -> None:
    client = Client()
    go(client, provider, "an")
    page = client.post("/dang-xuat/", follow=True).content.decode()
    assert f"{provider.issuer}/logout/?client_id={CLIENT_ID}" in page
    assert "Bạn vẫn đang đăng nhập ở Cổng SSO tỉnh" in page
    assert "logout" not in Client().get("/dang-nhap/").content.decode()


def test_a_provider_that_is_down_has_a_page(people: People, provider: Provider, settings: Any) -> None:
    settings.OIDC_ISSUER = f"http://127.0.0.1:{_free_port()}/o"
    response = Client().get("/dang-nhap/mot-lan/")
    assert response.status_code == 502
    assert "không phản hồi" in response.content.decode()


def test_a_provider_of_another_issuer_is_not_believed(
    people: People, provider: Provider, settings: Any
) -> None:
    settings.OIDC_ISSUER = provider.issuer + "/"
    assert Client().get("/dang-nhap/mot-lan/").status_code == 502


def test_without_a_provider_there_is_nothing_of_it(people: People) -> None:
    client = Client()
    assert client.get("/dang-nhap/mot-lan/").status_code == 404
    assert client.get("/dang-nhap/mot-lan/tra-ve/").status_code == 404
    assert "SSO" not in client.get("/dang-nhap/").content.decode()
