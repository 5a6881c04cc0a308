"""What was typed survives a network that went and a tab that was left; nothing of it is left for the next person."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from camket.actions.models import TaskNote
from people import People
from web.browser import Desk
from work import make_task

pytestmark = pytest.mark.browser

TEXT = "Đã rà soát 120 hồ sơ, còn 3 hồ sơ chờ ý kiến"


@pytest.fixture
def page_path(desk: Desk, people: People) -> str:
    desk.sign_in("an")
    return f"/cong-viec/{make_task(people).pk}/"


def typed(desk: Desk, path: str) -> None:
    desk.open(path)
    desk.page.fill("#id_text", TEXT)
    desk.page.wait_for_function(
        "Object.keys(sessionStorage).some((name) => name.startsWith('camket.drafts.'))"
    )


def drafts(desk: Desk) -> str:
    return str(desk.page.evaluate("JSON.stringify({...sessionStorage})"))


def leave(desk: Desk, path: str) -> None:
    """Go elsewhere although the browser asks."""
    desk.page.once("dialog", lambda dialog: dialog.accept())
    desk.open(path)


def test_a_form_that_was_left_is_offered_back(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    leave(desk, "/cong-viec/")
    desk.open(page_path)
    offer = desk.page.locator(".ck-draft")
    expect(offer).to_contain_text("chưa được gửi")
    assert desk.page.input_value("#id_text") == ""
    desk.assert_accessible()
    desk.picture("draft")
    offer.get_by_role("button", name="Khôi phục nội dung đã nhập").click()
    assert desk.page.input_value("#id_text") == TEXT
    expect(offer).to_have_count(0)


def test_an_offer_can_be_dropped(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    leave(desk, "/cong-viec/")
    desk.open(page_path)
    desk.page.locator(".ck-draft").get_by_role("button", name="Bỏ").click()
    desk.open(page_path)
    expect(desk.page.locator(".ck-draft")).to_have_count(0)
    assert TEXT not in drafts(desk)


def test_without_a_network_the_form_stays_and_says_so(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    button = desk.page.locator("form:has(#id_text) button[type=submit]")
    desk.page.context.set_offline(True)
    button.click()
    expect(desk.page.locator("[data-camket-offline]")).to_contain_text("Không có mạng")
    assert desk.page.input_value("#id_text") == TEXT
    desk.picture("offline")
    desk.page.context.set_offline(False)
    expect(desk.page.locator("[data-camket-offline]")).to_have_count(0)
    button.click()
    expect(desk.page.locator("main")).to_contain_text("Đã lưu")
    assert TaskNote.objects.filter(text=TEXT).count() == 1


def test_a_form_that_was_taken_leaves_no_draft(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    desk.page.click("form:has(#id_text) button[type=submit]")
    desk.page.wait_for_selector(".ck-note--green")
    assert TEXT not in drafts(desk)
    expect(desk.page.locator(".ck-draft")).to_have_count(0)


def test_a_network_lost_on_the_way_leaves_the_draft(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    desk.page.route("**/trao-doi/", lambda route: route.abort())
    desk.page.click("form:has(#id_text) button[type=submit]")
    desk.page.unroute("**/trao-doi/")
    desk.page.wait_for_timeout(300)
    desk.open(page_path)
    expect(desk.page.locator(".ck-draft")).to_contain_text("chưa được gửi")


def test_signing_out_leaves_nothing(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.click("details.ck-menu summary")
    desk.page.click("[data-camket-sign-out] button")
    desk.page.wait_for_selector("#id_login")
    assert TEXT not in drafts(desk)


def test_a_page_without_typing_asks_nothing_on_leaving(desk: Desk, page_path: str) -> None:
    asked: list[str] = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.open(page_path)
    desk.open("/cong-viec/")
    assert asked == []


def test_passwords_are_not_drafted(desk: Desk, page_path: str) -> None:
    desk.open("/tai-khoan/mat-khau/")
    desk.page.locator("input[type=password]").first.fill("Mot-cau-bi-mat-26")
    desk.page.wait_for_timeout(600)
    assert "Mot-cau-bi-mat-26" not in drafts(desk)


def test_what_is_held_is_shown_at_both_sizes(desk: Desk, page_path: str) -> None:
    typed(desk, page_path)
    call_command("clearsessions")
    desk.page.context.clear_cookies(name="sessionid")
    desk.page.click("form:has(#id_text) button[type=submit]")
    desk.page.wait_for_selector("#id_login")
    desk.page.fill("#id_login", "an")
    desk.page.fill("#id_password", "Cam-ket-2026-thu")
    desk.page.click("form[novalidate] button[type=submit]")
    expect(desk.page.locator("h1")).to_contain_text("Nội dung bạn vừa nhập vẫn còn")
    expect(desk.page.locator(".ck-held")).to_contain_text(TEXT)
    for size in ("desktop", "phone"):
        desk.open("/da-nhap/", size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"held-{size}")
    desk.page.get_by_role("button", name="Gửi ngay").click()
    desk.page.wait_for_selector(".ck-note--green")
    assert TaskNote.objects.filter(text=TEXT).count() == 1
