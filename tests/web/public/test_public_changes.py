"""What changed of documents and law, made public: frozen, with nobody's name, as a page and as open data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from camket.core.controlled import Amendment
from camket.documents.operations import editions, legal
from camket.documents.operations.legal import Cited, TextData
from camket.publishing.preparing import NothingToPublish, prepared
from controlled_documents import approve, from_file, in_effect, issue
from people import TODAY, People
from web.public.open_page import open_page, publish
from work import NOW


def changed(people: People) -> None:
    """A procedure in its second edition, resting on a decree that was replaced; an external document beside it."""
    first = in_effect(people, title="Kiểm soát tài liệu")
    text = legal.save_text(
        actor=people.an,
        data=TextData(number="30/2020/NĐ-CP", kind="Nghị định", title="Về công tác văn thư"),
        now=NOW,
    )
    legal.cite(actor=people.an, document_id=first.document_id, cited=[Cited(text.pk)], today=TODAY)
    legal.note_change(
        actor=people.an,
        text_id=text.pk,
        kind="ends",
        by_id=None,
        on=TODAY - timedelta(days=5),
        text="Hết hiệu lực toàn bộ",
        now=NOW,
    )
    second = editions.begin_edition(
        actor=people.an,
        document_id=first.document_id,
        is_new_issue=False,
        amendments=(Amendment("5.2", "Lưu hồ sơ điện tử", "Ông Trần Văn Bình"),),
        now=NOW,
    )
    editions.write_edition(
        actor=people.an,
        edition_id=second.pk,
        draft=replace(
            from_file("Điều 2"), amendments=(Amendment("5.2", "Lưu hồ sơ điện tử", "Ông Trần Văn Bình"),)
        ),
        now=NOW,
    )
    approve(people, second)
    issue(people, second, number="20/QĐ-UBND")


def test_nothing_changed_is_nothing_to_publish(people: People) -> None:
    with pytest.raises(NothingToPublish):
        prepared(people.an, "changes", None, TODAY)


def test_changes_are_shown_and_taken_away_as_data(people: People) -> None:
    open_page(people.agency)
    changed(people)
    made = publish(people, "changes")
    said = json.dumps(made.content, ensure_ascii=False)
    assert "Trần Văn Bình" not in said
    client = Client()
    page = client.get("/cong-khai/xa-tan-lap/thay-doi/").content.decode()
    for words in (
        "QT.01 Kiểm soát tài liệu",
        "20/QĐ-UBND",
        "Lưu hồ sơ điện tử",
        "Được thay thế",
        "30/2020/NĐ-CP",
    ):
        assert words in page
    assert "Hết hiệu lực toàn bộ" in page
    rows = client.get("/cong-khai/xa-tan-lap/du-lieu/thay-doi.json").json()["rows"]
    assert [(each["part"], each["what"]) for each in rows] == [
        ("documents", "effective"),
        ("documents", "replaced"),
        ("documents", "effective"),
        ("law", "ends"),
    ]
    assert date.fromisoformat(rows[0]["on"]) == TODAY
