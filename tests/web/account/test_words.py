"""No English on any page or letter of signing in: allauth knows no Vietnamese, and none of its sentences may be seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.core import mail as outgoing
from django.test import Client
from django.utils import timezone

from camket.org import operations
from camket.org.models import Person
from camket.web.account import adapters, single_sign_on
from camket.web.account import mail as letters
from people import PASSWORD, TODAY, People

ENGLISH = re.compile(
    r"\b(the|your|you|please|with|and|this|that|have|not|invalid|incorrect|required|enter|sign|code|key|email)\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"Google Authenticator|Microsoft Authenticator|English|passkey|JavaScript|Cam Kết", re.IGNORECASE
)


def sentences_of_allauth() -> set[str]:
    """Every sentence that allauth can say, in English; words that stand alone are left to the other rule."""
    found: set[str] = set()
    for catalogue in sorted(Path(allauth.__file__).parent.glob("locale/de/LC_MESSAGES/django.po")):
        with catalogue.open("rb") as file:
            found |= {str(each.id) for each in read_po(file) if each.id and isinstance(each.id, str)}
    return {text for text in found if " " in text and "%" not in text}


def check(text: str, where: str) -> None:
    said = NAMES.sub("", text)
    assert not [sentence for sentence in sentences_of_allauth() if sentence in said], where
    assert ENGLISH.findall(said) == [], (where, said[:400])


def words_of(response: Any) -> str:
    page = BeautifulSoup(response.content.decode(), "html.parser")
    for unread in page.select("script, style, [translate=no], .ck-menu"):
        unread.decompose()
    labels = [
        str(element[name])
        for name in ("title", "alt", "aria-label", "placeholder", "data-camket-confirm")
        for element in page.select(f"[{name}]")
    ]
    return " ".join([page.get_text(" "), *labels])


@pytest.fixture
def an(people: People, settings: Any) -> Client:
    """An has just signed in, and has an app, a key's place and recovery codes."""
    settings.MAIL_FROM = "camket@binhyen.example"
    settings.OIDC_ISSUER, settings.OIDC_NAME = "http://127.0.0.1:9/o", "Cổng tỉnh"
    client = Client()
    client.post("/dang-nhap/", {"login": "an", "password": PASSWORD})
    return client


def test_there_is_something_to_look_for() -> None:
    assert len(sentences_of_allauth()) > 100


def test_pages_before_signing_in(an: Client, people: People) -> None:
    stranger = Client()
    person = Person.objects.get(pk=people.binh.person_id)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    invited = operations.invite(
        actor=people.an, person_id=people.dung.person_id, now=timezone.now(), today=TODAY
    )
    for path in (
        "/dang-nhap/",
        "/dang-nhap/quen-mat-khau/",
        "/dang-nhap/bi-khoa/",
        "/dang-nhap/mot-lan/",
        "/dang-nhap/mot-lan/tra-ve/?state=x&code=y",
        "/loi-moi/x/",
        f"/loi-moi/{invited.key}/",
        "/dat-lai-mat-khau/x/",
        "/tai-khoan/thu-dien-tu/x/",
    ):
        check(words_of(stranger.get(path)), path)
    for path, sent in (
        ("/dang-nhap/", {}),
        ("/dang-nhap/", {"login": "an", "password": "x"}),
        ("/dang-nhap/quen-mat-khau/", {"email": "x"}),
        ("/dang-nhap/quen-mat-khau/", {"email": "x@y.example"}),
        (f"/loi-moi/{invited.key}/", {}),
        (f"/loi-moi/{invited.key}/", {"new": "matkhau", "again": "x" * 200}),
        ("/tai-khoan/thu-dien-tu/x/", {}),
    ):
        check(words_of(stranger.post(path, sent)), f"{path} {sent}")
    stranger.post("/dang-nhap/", {"login": "binh", "password": PASSWORD})
    for sent in (
        {},
        {"code": ""},
        {"code": "123"},
        {"credential": ""},
        {"credential": "x"},
        {"credential": "{}"},
    ):
        check(words_of(stranger.post("/dang-nhap/buoc-hai/", sent)), f"second step {sent}")
    check(words_of(stranger.post("/dang-nhap/khoa/", {"credential": "{}"}, follow=True)), "passkey")


@pytest.mark.parametrize("what", ["stranger", "blocked", "linked", "down", "cancelled", "expired", "wrong"])
def test_pages_of_single_sign_on_that_failed(rf: Any, settings: Any, what: str) -> None:
    settings.OIDC_NAME = "Cổng tỉnh"
    request = rf.get("/")
    request.session = {}
    request.user = type("Nobody", (), {"is_authenticated": False})()
    request._messages = []
    check(words_of(single_sign_on.problem(request, what, 400)), what)  # type: ignore[arg-type]


def test_pages_of_the_account(an: Client, people: People) -> None:
    for path in (
        "/tai-khoan/",
        "/tai-khoan/mat-khau/",
        "/tai-khoan/thu-dien-tu/",
        "/tai-khoan/phien/",
        "/tai-khoan/mot-lan/",
        "/tai-khoan/xac-nhan/",
        "/tai-khoan/hai-buoc/",
        "/tai-khoan/hai-buoc/ung-dung/",
        "/tai-khoan/hai-buoc/khoa/them/",
        "/tai-khoan/hai-buoc/ma-du-phong/moi/",
        f"/co-quan/nhan-su/{people.binh.person_id}/cach-dang-nhap/",
    ):
        response = an.get(path)
        assert response.status_code == 200, path
        check(words_of(response), path)
    for path, sent in (
        ("/tai-khoan/xac-nhan/", {}),
        ("/tai-khoan/xac-nhan/", {"password": "x"}),
        ("/tai-khoan/hai-buoc/ung-dung/", {}),
        ("/tai-khoan/hai-buoc/ung-dung/", {"code": "1"}),
        ("/tai-khoan/hai-buoc/khoa/them/", {}),
        ("/tai-khoan/hai-buoc/khoa/them/", {"credential": "{}"}),
        ("/tai-khoan/hai-buoc/ma-du-phong/moi/", {}),
        ("/tai-khoan/thu-dien-tu/", {"email": "x"}),
    ):
        check(words_of(an.post(path, sent)), f"{path} {sent}")


def test_pages_of_factors_that_are_set_up(an: Client, people: People) -> None:
    person = Person.objects.get(pk=people.an.person_id)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    for path in (
        "/tai-khoan/hai-buoc/",
        "/tai-khoan/hai-buoc/ung-dung/go/",
        "/tai-khoan/hai-buoc/ma-du-phong/",
        "/tai-khoan/hai-buoc/ma-du-phong/moi/",
        "/tai-khoan/xac-nhan/ma/",
    ):
        response = an.get(path)
        assert response.status_code == 200, path
        check(words_of(response), path)
    check(words_of(an.post("/tai-khoan/xac-nhan/ma/", {"code": "1"})), "code again")
    assert Authenticator.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        "password_changed",
        "app_added",
        "app_removed",
        "key_added",
        "key_removed",
        "codes_renewed",
        "factor_reset",
    ],
)
@pytest.mark.parametrize("letter", ["changed", "reset", "address", "address_changed", "invitation"])
def test_letters(settings: Any, letter: str, change: str) -> None:
    settings.MAIL_FROM = "camket@binhyen.example"
    context = {"name": "An", "login": "an", "link": "", "change": change, "at": timezone.now(), "home": ""}
    letters.post(
        letter, "an@binhyen.example", {**context, "by": "An", "agency": "UBND", "until": "01/01/2026"}
    )
    letters.wait()
    check(outgoing.outbox[0].subject, letter)
    check(outgoing.outbox[0].body, letter)


def test_every_sentence_of_an_adapter_is_ours() -> None:
    for adapter in (adapters.AccountAdapter, adapters.FactorAdapter):
        for sentence in adapter.error_messages.values():
            check(str(sentence), adapter.__name__)
