"""The main job in a real browser: from the first sign-in to the report, each step accessible, large and small."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tools import tutorial

from web.browser import RULES

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_first_hour_of_a_new_secretary(chromium: Browser) -> None:
    seen: list[str] = []
    faults: list[str] = []

    def look(page: Page, name: str) -> None:
        seen.append(name)
        page.wait_for_load_state()
        size = page.viewport_size
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{name} at {width}: wider than the screen")
            found = Axe().run(page, options=RULES)
            faults.extend(f"{name} at {width}: {fault['id']}" for fault in found.response["violations"])
        if size:
            page.set_viewport_size(size)

    with tutorial.installation(free_port()) as (address, login, password):
        context = chromium.new_context(viewport={"width": 1180, "height": 820}, bypass_csp=True)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        tutorial.first_hour(page, address, login, password, look)
        # what the hour achieved
        page.goto(f"{address}/ke-hoach/")
        assert "Đang có hiệu lực" in page.inner_text("main")
        page.goto(f"{address}/muc-tieu/")
        assert page.locator("main a[href*='/muc-tieu/chi-tieu/']").count() == 14
        context.close()
    assert not faults
    pictures = re.findall(
        r"\(img/([^)]+)\.png\)", (ROOT / "docs/tutorial/gio-dau-tien.md").read_text("utf-8")
    )
    assert seen == sorted(set(pictures))
