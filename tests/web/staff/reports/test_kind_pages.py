"""Pages of reports on other subjects than the objectives: few statements, whatever the kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.core.wording.numbers import int_to_roman
from camket.org.policy import Actor
from camket.reporting.kinds import KINDS
from people import People
from reporting.test_kinds import drafted, issued


@pytest.mark.parametrize("subject", list(KINDS))
def test_the_page_says_in_which_part_of_the_paper_a_typed_text_stands(
    people: People, subject: str, signed_in: Callable[[Actor], Client]
) -> None:
    draft, content = drafted(people, subject)
    client = signed_in(people.an)
    page = client.get(f"/bao-cao/{draft.pk}/").content.decode()
    paper = client.get(f"/bao-cao/{draft.pk}/ban-in/").content.decode()
    assert content.sections
    for part, title in zip(content.typed_parts[1:], ("TỒN TẠI, HẠN CHẾ", "NHIỆM VỤ, GIẢI PHÁP"), strict=True):
        assert f"Mục {int_to_roman(part)} của báo cáo." in page
        assert f"{int_to_roman(part)}. {title}" in paper
    is_compared = bool(content.head.before_name or content.head.year_name)
    assert ("<h2>Số liệu so với các kỳ trước</h2>" in page) == is_compared
    assert ("Số liệu so sánh với các kỳ trước" in paper) == is_compared


@pytest.mark.parametrize("subject", list(KINDS))
def test_an_issued_report_and_what_changed_since_take_few_statements(
    people: People, subject: str, signed_in: Callable[[Actor], Client]
) -> None:
    draft, _ = drafted(people, subject)
    report = issued(people, draft)
    client = signed_in(people.an)
    for path in (f"/bao-cao/{report.pk}/", f"/bao-cao/{report.pk}/thay-doi/?trang=1"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path, headers={"HX-Request": "true"}).status_code == 200
        assert len(asked) <= 15, path
