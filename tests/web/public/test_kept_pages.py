"""Public pages kept in memory: the same for all, made anew at once by a change here, and never what is not for all."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.org.policy import Actor
from camket.publishing import changes
from camket.publishing.models import PublicPage
from camket.web.public import kept
from people import People
from web.public.open_page import open_page

HOME = "/cong-khai/xa-tan-lap/"


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SECONDS", 1_000.0)


def statements(client: Client, path: str = HOME, **headers: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path, headers=headers).status_code == 200
    return len(seen)


def test_a_kept_page_asks_the_database_nothing(client: Client, people: People) -> None:
    open_page(people.agency)
    assert statements(client) > 0
    assert statements(client) == 0


def test_who_is_signed_in_gets_what_everybody_gets(
    client: Client, people: People, signed_in: Callable[[Actor], Client]
) -> None:
    open_page(people.agency)
    first = signed_in(people.an).get(HOME)
    assert client.get(HOME).content == first.content
    assert not first.cookies
    assert first.headers["Vary"] == "Accept-Encoding"


def test_a_change_here_is_seen_at_once(
    client: Client, people: People, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    page = open_page(people.agency, introduction="Cũ")
    client.get(HOME)
    PublicPage.objects.filter(pk=page.pk).update(introduction="Mới")
    assert "Cũ" in client.get(HOME).content.decode()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        changes.noted()
    assert "Mới" in client.get(HOME).content.decode()


def test_a_change_elsewhere_is_seen_after_seconds(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(people.agency, introduction="Cũ")
    client.get(HOME)
    PublicPage.objects.filter(pk=page.pk).update(introduction="Mới")
    monkeypatch.setattr(kept, "SECONDS", 0.0)
    assert "Mới" in client.get(HOME).content.decode()


def test_a_page_that_is_closed_is_no_longer_handed_out(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(people.agency)
    client.get(HOME)
    PublicPage.objects.filter(pk=page.pk).update(is_open=False)
    monkeypatch.setattr(kept, "SECONDS", 0.0)
    assert client.get(HOME).status_code == 404
    monkeypatch.setattr(kept, "SECONDS", 1_000.0)
    assert client.get(HOME).status_code == 404


def test_who_has_the_page_is_told_that_it_is_the_same(client: Client, people: People) -> None:
    open_page(people.agency)
    etag = client.get(HOME).headers["ETag"]
    for _ in range(2):
        again = client.get(HOME, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
        assert "frame-ancestors" in client.get(HOME).headers["Content-Security-Policy"]
    assert client.get(HOME, headers={"If-None-Match": '"x"'}).status_code == 200


def test_it_is_zipped_for_who_takes_that(client: Client, people: People) -> None:
    open_page(people.agency)
    plain = client.get(HOME)
    zipped = client.get(HOME, headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert len(zipped.content) < len(plain.content)


def test_head_tells_the_length_and_sends_nothing(client: Client, people: People) -> None:
    open_page(people.agency)
    length = client.get(HOME).headers["Content-Length"]
    head = client.head(HOME)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", length)


def test_other_host_names_get_pages_of_their_own(client: Client, people: People, settings: object) -> None:
    open_page(people.agency)
    settings.ALLOWED_HOSTS = ["testserver", "xa.example"]  # type: ignore[attr-defined]
    feed = HOME + "cong-bo/tin.json"
    assert "http://testserver/" in client.get(feed).content.decode()
    assert "http://xa.example/" in client.get(feed, headers={"host": "xa.example"}).content.decode()
    assert client.get(feed, headers={"host": "evil.example"}).status_code == 400


def test_refusals_and_pages_of_the_staff_are_not_kept(
    people: People, client: Client, signed_in: Callable[[Actor], Client]
) -> None:
    assert client.get("/cong-khai/khong-co/").status_code == 404
    open_page(people.agency, "khong-co")
    assert client.get("/cong-khai/khong-co/").status_code == 200
    signed_in(people.an).get("/bao-cao/")
    assert client.get("/bao-cao/").status_code == 302


def test_questions_without_end_do_not_fill_the_memory(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(people.agency)
    monkeypatch.setattr(kept, "MOST_SEARCHES", 5)
    client.get(HOME)
    for number in range(20):
        client.get(f"{HOME}?x={number}")
    assert len(kept.STORE._pages) == 6
    assert statements(client) == 0
