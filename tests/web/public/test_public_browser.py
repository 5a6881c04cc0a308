"""The public page in Chromium: at a phone's width, without JavaScript, accessible, and small on the wire."""

from __future__ import annotations

from typing import Any

import pytest

from people import People
from web.browser import Desk
from web.public.open_page import publish, publish_all

HOME = "/cong-khai/xa-tan-lap/"


@pytest.mark.browser
def test_what_is_published_is_readable_by_everybody_at_every_width(desk: Desk, people: People) -> None:
    publish_all(people)
    publish(people, "results", correction="Chỉ tiêu 1.1 ghi nhầm mẫu số.")
    for path in ("", "ket-qua/", "muc-tieu/", "thu-tuc/?q=dat+dai", "cong-bo/", "du-lieu/"):
        desk.open(HOME + path, "phone")
        desk.assert_accessible()
        desk.page.set_viewport_size({"width": 320, "height": 640})
        desk.assert_fits()
    desk.open("/nhung/xa-tan-lap/ket-qua/")
    desk.assert_accessible()
    assert desk.complaints == []
    assert desk.page.context.cookies() == []


@pytest.mark.browser
def test_a_procedure_is_found_on_a_phone_without_javascript_in_under_100_kb(
    chromium: Any, live_server: Any, people: People
) -> None:
    publish_all(people)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    came: list[Any] = []
    page.on("response", lambda response: came.append(response))
    page.goto(live_server.url + HOME, wait_until="load")
    sizes = [len(response.body()) for response in came]
    assert 1 < len(sizes) < 8
    assert sum(sizes) < 100_000
    page.fill("#q", "dat dai")
    page.click("form[role=search] button")
    page.click("text=Đăng ký biến động đất đai")
    assert "5 ngày làm việc" in page.inner_text("main")
    context.close()


@pytest.mark.browser
def test_the_preview_is_what_the_public_then_sees(desk: Desk, people: People) -> None:
    made = publish_all(people)["results"]
    desk.sign_in("an")
    desk.open(f"/noi-dung-cong-khai/{made.pk}/xem-truoc/")
    preview = desk.page.locator(".pb-result").all_inner_texts()
    for path in ("", "trang/", f"{made.pk}/"):
        desk.open(f"/noi-dung-cong-khai/{path}")
        desk.assert_accessible()
        desk.open(f"/noi-dung-cong-khai/{path}", "phone")
        desk.assert_fits()
    desk.open(HOME + "ket-qua/")
    assert desk.page.locator(".pb-result").all_inner_texts() == preview
