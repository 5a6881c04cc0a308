"""People at one desk, one after the other: what journeys through the product by forms and buttons are told with."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.sync_api import Locator

from web.browser import Desk


class Walk:
    """People at one desk, one after the other, each on a day: they open pages, fill forms in, press their buttons."""

    def __init__(self, desk: Desk, settings: Any) -> None:
        self.desk = desk
        self.settings = settings

    def be(self, login: str, day: date) -> None:
        """Be somebody on a day."""
        self.settings.TODAY = day
        self.desk.sign_in(login)

    def send(self, page: str, to: str = "", *, is_refused: bool = False, **fields: Any) -> str:
        """Open a page, fill the form in that goes to an address, press its button; return what the next page says.

        ``to`` is how the address of the form ends; without it the form is that of the page itself. A file is its name and bytes.
        """
        self.desk.open(page)
        return self.send_here(to, is_refused=is_refused, **fields)

    def send_here(self, to: str = "", *, is_refused: bool = False, **fields: Any) -> str:
        """Fill a form of the page in that is open, and press its button; ``is_refused``: it is to come back."""
        page = self.desk.page.url
        goes = f"main form[action$='{to}'][method=post]" if to else "main form[method=post]:not([action])"
        form = self.desk.page.locator(goes).first
        form.evaluate(_OPENED)
        for name, value in fields.items():
            _fill(form.locator(f"[name='{name}']"), value)
        form.locator("button[type=submit], button:not([type])").first.click()
        self.desk.page.wait_for_load_state()
        if is_refused:
            return self.desk.page.inner_text("main")
        assert not self.desk.page.locator(
            "main .invalid-feedback:visible, main .ck-errors:visible"
        ).count(), (
            page,
            self.desk.page.inner_text("main"),
        )
        return self.desk.page.inner_text("main")


_OPENED = """form => {
  for (let each = form; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true
  form.querySelectorAll("details").forEach(each => { each.open = true })
}"""
"""What a person does who looks for a form: opens what it is folded in, and what it folds in itself."""


def _fill(field: Locator, value: Any) -> None:
    kind = field.first.evaluate("each => each.type || each.tagName")
    if kind in ("checkbox", "radio"):
        for each in field.all():
            if value is True or each.get_attribute("value") == str(value):
                each.check()
    elif kind == "file":
        name, data = value
        field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    elif kind.startswith("select"):
        field.select_option(str(value))
    else:
        field.fill(str(value))


def said(day: date) -> str:
    return f"{day:%d/%m/%Y}"
