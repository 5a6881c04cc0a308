"""Security keys and passkeys in a real browser, with a key that Chromium plays; and the look of the pages."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from camket.org.models import AccountEvent
from people import People
from web.browser import Desk

pytestmark = pytest.mark.browser

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def key_desk(desk: Desk) -> Desk:
    """A desk with a key at the browser; keys work for names of machines, not for numbers."""
    desk.address = desk.address.replace("127.0.0.1", "localhost")
    wire = desk.page.context.new_cdp_session(desk.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return desk


def look(desk: Desk, name: str) -> None:
    """Look at the page that is open, large and small."""
    for size, (width, height) in {"desktop": (1280, 900), "phone": (390, 844)}.items():
        desk.page.set_viewport_size({"width": width, "height": height})
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"{name}-{size}")
    desk.page.set_viewport_size({"width": 1280, "height": 900})


def add_key(desk: Desk, name: str, *, passkey: bool) -> None:
    desk.open("/tai-khoan/hai-buoc/khoa/them/")
    desk.page.fill("#id_name", name)
    if passkey:
        desk.page.check("#id_passwordless")
    desk.page.click("[data-camket-key-button]")
    desk.page.wait_for_selector(".ck-codes")


def test_a_key_is_set_up_and_is_the_second_step(
    key_desk: Desk, people: People, transactional_db: None
) -> None:
    desk = key_desk
    desk.open("/dang-nhap/")
    look(desk, "sign-in")
    desk.sign_in_by_form("an")
    desk.open("/tai-khoan/hai-buoc/")
    look(desk, "second-factor-off")
    add_key(desk, "Khóa xanh", passkey=False)
    look(desk, "recovery-codes")
    desk.open("/tai-khoan/hai-buoc/")
    look(desk, "second-factor-on")
    desk.page.click("text=Đổi tên")
    desk.page.fill("#id_name", "Khóa ở cơ quan")
    desk.page.click("main button[type=submit]")
    assert "Khóa ở cơ quan" in desk.page.inner_text("main")
    desk.page.context.clear_cookies()
    desk.open("/dang-nhap/")
    desk.page.fill("#id_login", "an")
    desk.page.fill("#id_password", "Cam-ket-2026-thu")
    desk.page.click("form[novalidate] button[type=submit]")
    desk.page.wait_for_url("**/buoc-hai/")
    look(desk, "second-step")
    desk.page.click("[data-camket-key-button]")
    desk.page.wait_for_selector(".ck-nav")
    assert AccountEvent.objects.order_by("-pk")[0].how == "key"
    desk.open("/tai-khoan/phien/")
    look(desk, "sessions")
    assert not desk.complaints


def test_a_passkey_signs_in_alone(key_desk: Desk, people: People, transactional_db: None) -> None:
    desk = key_desk
    desk.sign_in_by_form("an")
    add_key(desk, "Điện thoại của tôi", passkey=True)
    desk.page.context.clear_cookies()
    desk.open("/dang-nhap/")
    desk.page.click("text=Đăng nhập bằng khóa")
    desk.page.wait_for_selector(".ck-nav")
    assert AccountEvent.objects.order_by("-pk")[0].how == "passkey"
    key = Authenticator.objects.get(type="webauthn")
    assert key.last_used_at is not None
    Authenticator.objects.all().delete()
    desk.page.context.clear_cookies()
    desk.open("/dang-nhap/")
    desk.page.click("text=Đăng nhập bằng khóa")
    desk.page.wait_for_selector("text=Hệ thống không nhận ra khóa này")


def test_a_key_that_gives_no_answer_says_so(desk: Desk, people: People, transactional_db: None) -> None:
    desk.address = desk.address.replace("127.0.0.1", "localhost")
    wire = desk.page.context.new_cdp_session(desk.page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, "isUserVerified": False}})
    desk.sign_in_by_form("an")
    desk.open("/tai-khoan/hai-buoc/khoa/them/")
    desk.page.check("#id_passwordless")
    desk.page.click("[data-camket-key-button]")
    desk.page.wait_for_selector("text=Khóa không phản hồi")
    look(desk, "key-failed")
    assert not Authenticator.objects.exists()


def test_without_a_secure_address_keys_are_explained(
    desk: Desk, people: People, transactional_db: None
) -> None:
    desk.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    desk.sign_in_by_form("an")
    desk.open("/tai-khoan/hai-buoc/khoa/them/")
    assert "Trình duyệt này không dùng được khóa tại đây" in desk.page.inner_text("main")
    assert not desk.page.is_visible("[data-camket-key-button]")
    look(desk, "key-not-possible")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/tai-khoan/", "profile"),
        ("/tai-khoan/hai-buoc/ung-dung/", "app"),
        ("/tai-khoan/thu-dien-tu/", "address"),
        ("/tai-khoan/mat-khau/", "password"),
        ("/tai-khoan/hai-buoc/ma-du-phong/moi/", "codes-renew"),
    ],
)
def test_pages_of_the_account_are_accessible(
    desk: Desk, people: People, path: str, name: str, transactional_db: None
) -> None:
    desk.sign_in_by_form("an")
    desk.open(path)
    look(desk, name)
    assert not desk.complaints


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/loi-moi/khong-co/", "link-dead"),
        ("/dang-nhap/quen-mat-khau/", "forgotten"),
        ("/dang-nhap/bi-khoa/", "blocked"),
    ],
)
def test_pages_before_signing_in_are_accessible(
    desk: Desk, people: People, path: str, name: str, transactional_db: None, settings: Any
) -> None:
    settings.MAIL_FROM = "camket@binhyen.example"
    desk.open(path)
    look(desk, name)
