"""The first hour of a new ISO secretary, walked in a browser: the tutorial's pictures, and the test that it is true.

python tools/tutorial.py        make the pictures of docs/tutorial anew
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "tutorial" / "img"
SAMPLE = ROOT / "samples" / "quyet-dinh-2026.docx"
TODAY = "2026-01-13"
BROWSER = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip
NEW_PASSWORD = "mot-gio-dau-tien"
Shown = Callable[[Page, str], None]
"""Called at each step with the page and the step's name."""


def first_hour(page: Page, address: str, login: str, password: str, shown: Shown) -> None:
    """Walk from the first sign-in to the half-year report's draft, showing each step."""
    _sign_in(page, address, login, password, shown)
    _set_up_the_agency(page, shown)
    _bring_in_the_decision(page, address, shown)
    _put_it_in_force(page, shown)
    _report_a_task(page, address, shown)
    _enter_a_figure(page, address, shown)
    _write_the_report(page, address, shown)


def _submit(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def _sign_in(page: Page, address: str, login: str, password: str, shown: Shown) -> None:
    page.goto(address)
    shown(page, "01-dang-nhap")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    if "mat-khau" not in page.url:
        page.goto(f"{address}/tai-khoan/mat-khau/")
    page.fill("input[name=old]", password)
    page.fill("input[name=new]", NEW_PASSWORD)
    page.fill("input[name=again]", NEW_PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    page.goto(address)
    shown(page, "02-thiet-lap")


def _set_up_the_agency(page: Page, shown: Shown) -> None:
    """Walk through the six steps: the agency's name and units are proposed, the chairman is typed."""
    _submit(page, "Lưu và tiếp tục")
    shown(page, "03-bo-phan")
    _submit(page, "Lưu và tiếp tục")
    page.fill("[name=nguoi-0-full_name]", "Vũ Quang Thọ")
    page.fill("[name=nguoi-0-position]", "Chủ tịch UBND xã")
    page.select_option("[name=nguoi-0-role]", "chairman")
    shown(page, "03-nhan-su")
    _submit(page, "Lưu và tiếp tục")
    page.wait_for_url("**/nhan-su/phieu/")
    shown(page, "03-phieu-tai-khoan")
    page.click("text=Tiếp tục thiết lập")
    page.wait_for_load_state()
    _submit(page, "Lưu và tiếp tục")
    page.click("main a:has-text('Tiếp tục')")
    page.wait_for_load_state()
    shown(page, "03-san-sang")
    _submit(page, "Hoàn thành và đưa quyết định vào")


def _bring_in_the_decision(page: Page, address: str, shown: Shown) -> None:
    page.goto(f"{address}/ke-hoach/dua-vao/")
    shown(page, "04-dua-quyet-dinh-vao")
    page.set_input_files("input[type=file]", SAMPLE)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/soan/")
    shown(page, "05-doi-chieu")
    plan = page.url.removesuffix("soan/")
    page.goto(f"{plan}soan/don-vi/")
    shown(page, "06-gan-bo-phan")
    page.click("main form:has(select) button[type=submit]")
    page.wait_for_load_state()
    page.goto(f"{plan}thoi-han/")
    shown(page, "07-thoi-han")
    page.goto(f"{plan}soan/")
    _submit(page, "Chấp nhận bản đọc")


def _put_it_in_force(page: Page, shown: Shown) -> None:
    plan = page.url.split("soan/")[0]
    page.goto(f"{plan}soan/quyet-dinh/")
    page.fill("[name=resources]", "Kinh phí tự chủ được giao năm 2026.")
    page.fill("[name=evaluation]", "Đối chiếu số liệu đã xác nhận với chỉ tiêu vào cuối mỗi quý.")
    page.click("main form:has([name=resources]) button[type=submit]")
    page.wait_for_load_state()
    page.goto(plan)
    shown(page, "08-truoc-khi-ban-hanh")
    page.goto(f"{plan}da-ky/")
    page.click("main form:has([name=number]) button[type=submit]")
    page.wait_for_load_state()
    page.goto(plan)
    shown(page, "09-dang-hieu-luc")
    page.goto(f"{plan}bang/")
    shown(page, "10-bang-ke-hoach")


def _report_a_task(page: Page, address: str, shown: Shown) -> None:
    page.goto(f"{address}/cong-viec/tat-ca/")
    shown(page, "11-cong-viec")
    page.locator("main a[href^='/cong-viec/']").filter(has_text="Ban hành mục tiêu").first.click()
    page.wait_for_load_state()
    page.locator("form[action$='/nop/'] [name=result]").fill("Quyết định đã ban hành và gửi các phòng, thôn.")
    page.locator("form[action$='/nop/'] button[type=submit]").click()
    page.wait_for_load_state()
    shown(page, "12-dau-viec")


def _enter_a_figure(page: Page, address: str, shown: Shown) -> None:
    page.goto(f"{address}/muc-tieu/")
    shown(page, "13-muc-tieu")
    page.locator("main a[href*='/muc-tieu/chi-tieu/']").nth(1).click()
    page.wait_for_load_state()
    page.goto(f"{page.url}nhap-so-lieu/")
    page.fill("[name=numerator]", "105")
    page.fill("[name=denominator]", "107")
    page.fill("[name=source]", "Phần mềm một cửa, tuần 1 và 2")
    shown(page, "14-nhap-so-lieu")
    page.click("main form:has([name=source]) button.btn-primary")
    page.wait_for_load_state()
    shown(page, "15-chi-tieu")


def _write_the_report(page: Page, address: str, shown: Shown) -> None:
    page.goto(f"{address}/bao-cao/")
    page.locator("main form button.btn, main form button").first.click()
    page.wait_for_load_state()
    shown(page, "16-bao-cao")


@contextmanager
def installation(port: int) -> Iterator[tuple[str, str, str]]:
    """Serve a new installation with one agency; yield its address and how the secretary signs in."""
    with tempfile.TemporaryDirectory(prefix="camket-tutorial-") as folder:
        environment = {**os.environ, "CAMKET_DATA": folder, "CAMKET_TODAY": TODAY, "CAMKET_LANGUAGE": "vi"}
        environment.pop("DATABASE_URL", None)
        camket = [sys.executable, "-m", "camket.config.cli"]
        opened = subprocess.run(
            [*camket, "agency", "add", "--code", "H99.01", "--name", "UBND xã Thanh Lâm Hạ", "--level", "commune",
             "--secretary", "Đỗ Thị Ngọc Lan", "--login", "lan"],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        server = subprocess.Popen(
            [*camket, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/dang-nhap/", timeout=2)
                    break
                except (URLError, OSError):
                    time.sleep(0.25)
            yield address, "lan", opened.stdout.split()[-1]
        finally:
            server.terminate()
            server.wait(20)


def main() -> None:
    """Make the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)

    def picture(page: Page, name: str) -> None:
        page.screenshot(path=PICTURES / f"{name}.png")

    with installation(8799) as (address, login, password), sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        page = browser.new_context(viewport={"width": 1180, "height": 820}, locale="vi-VN").new_page()
        page.set_default_timeout(8000)
        first_hour(page, address, login, password, picture)
        browser.close()


if __name__ == "__main__":
    main()
