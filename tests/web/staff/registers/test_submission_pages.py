"""Submissions as files: from the register of titles and from a plan's documents; nobody to submit is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from camket.org.policy import Actor
from people import People
from registers.test_titles_submission import wish

SignedIn = Callable[[Actor], Client]


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_titles_are_submitted_from_their_register(people: People, signed_in: SignedIn, ending: str) -> None:
    an = signed_in(people.an)
    assert "to-trinh." not in an.get("/so/thi-dua/").content.decode()
    nobody = an.get(f"/so/thi-dua/to-trinh.{ending}?nam=2026", follow=True).content.decode()
    assert "Năm 2026 chưa có ai đăng ký hoặc được đề nghị danh hiệu" in nobody
    wish(people, "advanced_worker", people.binh)
    assert f"/so/thi-dua/to-trinh.{ending}?nam=2026" in an.get("/so/thi-dua/?nam=2026").content.decode()
    taken = an.get(f"/so/thi-dua/to-trinh.{ending}?nam=2026")
    assert taken["Content-Disposition"] == f'attachment; filename="to-trinh-thi-dua-2026.{ending}"'
    assert an.get("/so/thi-dua/to-trinh.exe").status_code == 404
    assert an.get("/so/thi-dua/to-trinh.pdf?nam=x' OR 1=1").status_code in (200, 302)
