"""A form as a person's browser sends it: every field of the page that was opened, and what was typed over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._open: PageForm | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._chosen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._open)
        if self._open is None:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in {"file", "submit"}:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self._open.fields[name] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self._open.fields[name] = ""
        elif tag == "select" and name:
            self._select, self._chosen = name, False
        elif tag == "option" and self._select and ("selected" in given or not self._chosen):
            self._open.fields[self._select] = given.get("value", "")
            self._chosen = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.fields[self._area] += data.removeprefix("\n")


@dataclass
class PageForm:
    """A form of a page: where it is sent, and its fields as they stand."""

    action: str
    method: str
    fields: dict[str, Any] = field(default_factory=dict)


def forms_of(html: str) -> list[PageForm]:
    """Return the forms of a page that are posted."""
    parser = _Forms()
    parser.feed(html)
    return [form for form in parser.forms if form.method == "post"]


def opened(client: Client, page: str, action: str = "") -> PageForm:
    """Open a page and return its form that is sent to ``action``, by default to the page itself."""
    response = client.get(page)
    assert response.status_code == 200, (page, response.status_code)
    return form_in(response.content.decode(), page, action)


def form_in(html: str, page: str, action: str = "") -> PageForm:
    """Return the form of a page that is sent to ``action``."""
    wanted = action or page
    for form in forms_of(html):
        if (form.action or page).split("?")[0] == wanted.split("?")[0]:
            form.action = form.action or page
            return form
    raise AssertionError(f"no form to {wanted} on {page}: {[form.action for form in forms_of(html)]}")


def send(client: Client, form: PageForm, **typed: Any) -> Any:
    """Send a form with what was typed over its fields; names may hold dashes as ``__``."""
    values = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(form.action, {**form.fields, **values})
