"""The page frame in a real browser: accessible, never too wide, and quiet under the security policy."""

from __future__ import annotations

from typing import Any

import pytest

from camket.org import operations
from people import TODAY, People
from web.browser import Desk

PAGES = [
    "/tai-khoan/",
    "/tai-khoan/mat-khau/",
    "/co-quan/",
    "/co-quan/sua/",
    "/co-quan/bo-phan/",
    "/co-quan/bo-phan/them/",
    "/co-quan/nhan-su/",
    "/co-quan/nhan-su/them/",
    "/co-quan/ten-goi/",
    "/co-quan/nhat-ky/?kiem-tra=1",
    "/khong-co-trang-nay/",
]


@pytest.fixture
def agency(live_server: Any, people: People) -> People:
    operations.add_unit(actor=people.an, name="Ban Chỉ đạo ISO", kind="committee", today=TODAY)
    return people


@pytest.mark.browser
def test_pages_are_accessible_and_fit_both_screens(desk: Desk, agency: People) -> None:
    desk.open("/dang-nhap/")
    desk.assert_accessible()
    desk.sign_in_by_form("an")
    for path in [*PAGES, f"/co-quan/nhan-su/{agency.binh.person_id}/"]:
        for size in ("desktop", "phone"):
            desk.open(path, size)
            desk.assert_accessible()
            desk.assert_fits()


@pytest.mark.browser
def test_the_security_policy_is_never_offended(chromium: Any, agency: People, live_server: Any) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url + "/dang-nhap/")
    page.fill("#id_login", "an")
    page.fill("#id_password", "Cam-ket-2026-thu")
    page.click("form[novalidate] button[type=submit]")
    for path in ("/co-quan/", "/co-quan/nhan-su/", "/co-quan/nhat-ky/"):
        page.goto(live_server.url + path)
        page.click(".ck-top details summary")
    assert heard == []
    assert page.evaluate("typeof htmx") == "object"
    context.close()


@pytest.mark.browser
def test_the_frame_works_without_javascript(chromium: Any, agency: People, live_server: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(live_server.url + "/dang-nhap/")
    page.fill("#id_login", "an")
    page.fill("#id_password", "Cam-ket-2026-thu")
    page.click("form[novalidate] button[type=submit]")
    page.click(".ck-nav__more summary")
    page.click('.ck-nav__more a >> text="Cơ quan"')
    page.click(".ck-top details summary")
    page.click("text=English")
    assert page.locator("h1").inner_text() == "Agency"
    page.click(".ck-top details summary")
    page.click("text=Sign out")
    assert page.locator("h1").inner_text() == "Sign in"
    context.close()


@pytest.mark.browser
def test_the_keyboard_reaches_the_content_at_once(desk: Desk, agency: People) -> None:
    desk.sign_in("an")
    page = desk.open("/co-quan/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
