"""A browser on the live server: sign in, look, check accessibility, take pictures.

Tests take the fixture ``desk`` (tests/web/conftest.py)::

    @pytest.mark.browser
    def test_plans_are_accessible(desk: Desk, people: People) -> None:
        desk.sign_in("an")
        desk.open("/ke-hoach/")
        desk.assert_accessible()
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from camket.org.models import Person
from people import PASSWORD

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
"""Milliseconds until a wait for the page is given up; nothing is measured by it."""
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    # What passed is not written out: that took axe as long as the looking itself.
    "resultTypes": ["violations"],
}


def chromium_process() -> Iterator[Browser]:
    """Start Chromium once and stop it at the end."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


def open_desk(browser: Browser, address: str, pictures: Path) -> Iterator[Desk]:
    """Open one desk in a browser context of its own."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        bypass_csp=True,
    )
    context.set_default_timeout(PATIENCE)
    yield Desk(context.new_page(), address, pictures)
    context.close()


class Desk:
    """A page in Chromium with what tests do to it; errors that the browser reports are kept in ``complaints``."""

    def __init__(self, page: Page, address: str, pictures: Path) -> None:
        self.page = page
        self.address = address
        self.pictures = pictures
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def sign_in(self, login: str) -> None:
        """Begin with the session of a person who signed in, on the first page."""
        client = Client()
        client.force_login(Person.objects.get(login=login))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        self.open("/")
        self.page.wait_for_selector(".ck-nav, .ck-crumbs")

    def sign_in_by_form(self, login: str, password: str = PASSWORD) -> None:
        """Sign in through the form, as a person does."""
        self.open("/dang-nhap/")
        self.page.fill("#id_login", login)
        self.page.fill("#id_password", password)
        self.page.click("form[novalidate] button[type=submit]")
        self.page.wait_for_selector(".ck-nav, .ck-crumbs")

    def open(self, path: str, size: str = "desktop") -> Page:
        """Open a path of the product at a size of screen."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(self.address + path)
        return self.page

    def settled(self) -> Page:
        """Return the page when its document has loaded: after a click the new document may just have begun."""
        self.page.wait_for_load_state()
        return self.page

    def wait_until_kept(self) -> None:
        """Wait until the worker holds the page and what it is made of: from then on it opens without a network."""
        self.page.wait_for_function(
            """async () => {
                const made = [...document.querySelectorAll("link[rel=stylesheet], script[src]")];
                const wanted = [location.href, ...made.map((each) => each.href || each.src)];
                const kept = await Promise.all(wanted.map((each) => caches.match(each, { ignoreVary: true })));
                return kept.every(Boolean);
            }"""
        )

    def assert_accessible(self, without: tuple[str, ...] = ()) -> None:
        """Assert that axe finds no violation of WCAG 2.1 A and AA on the page; ``without`` names rules left out."""
        options: dict[str, Any] = {**RULES, "rules": {rule: {"enabled": False} for rule in without}}
        violations = Axe().run(self.settled(), options=options).response["violations"]
        assert not violations, "\n".join(
            f"{violation['id']}: {node['html'][:200]}\n    {node['failureSummary'][:300]}"
            for violation in violations
            for node in violation["nodes"][:5]
        )

    def assert_fits(self) -> None:
        """Assert that nothing sticks out at the right: a phone scrolls down, never sideways."""
        overflow = self.settled().evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"

    def picture(self, name: str) -> Path:
        """Take a picture of the whole page into the test's folder (``CAMKET_PICTURES`` names another)."""
        folder = Path(os.environ.get("CAMKET_PICTURES", self.pictures))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        self.settled().screenshot(path=path, full_page=True)
        return path
