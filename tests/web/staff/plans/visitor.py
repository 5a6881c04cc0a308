"""People at the keyboard of the plan pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client

from camket.org.policy import Actor


@dataclass
class Visitor:
    """A person at the keyboard, with or without JavaScript."""

    client: Client
    actor: Actor

    def get(self, path: str, status: int = 200, **data: Any) -> str:
        """Open a page; it must answer with the status and name nothing undefined."""
        return self._text(self.client.get(path, data), status)

    def htmx(self, path: str, status: int = 200, **data: Any) -> str:
        """Ask for a part of a page as htmx does."""
        return self._text(self.client.get(path, data, headers={"HX-Request": "true"}), status)

    def post(self, path: str, status: int = 302, **data: Any) -> Any:
        """Send a form without JavaScript; it must answer with the status."""
        response = self.client.post(path, data)
        self._text(response, status)
        return response

    def post_htmx(self, path: str, **data: Any) -> Any:
        """Send a form as htmx does."""
        response = self.client.post(path, data, headers={"HX-Request": "true"})
        self._text(response, 200)
        return response

    @staticmethod
    def _text(response: Any, status: int) -> str:
        text = response.content.decode() if not response.streaming else ""
        assert response.status_code == status, text[:2000]
        return text


def same(html: str) -> str:
    """Return HTML without what differs from one answer to the next: tokens, marks and white space."""
    html = re.sub(r'name="(csrfmiddlewaretoken|camket_form)" value="[^"]*"', r'name="\1"', html)
    return re.sub(r"\s+", " ", html).strip()
