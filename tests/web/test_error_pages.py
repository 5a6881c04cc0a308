"""Pages for what went wrong help, leak nothing, and need nothing that may be what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from camket.org.policy import Actor
from camket.web import errors
from people import People
from web.browser import Desk

SignedIn = Callable[[Actor], Client]
NUMBER = "a1b2c3d4e5f60718"


def plain(make: Callable[..., Any], *args: Any) -> Any:
    request = RequestFactory().get("/ke-hoach/?bi-mat=1")
    request.request_id = NUMBER  # type: ignore[attr-defined]
    return make(request, *args)


PLAIN = {
    400: (errors.bad_request, ()),
    413: (errors.too_large, (25 * 1024 * 1024,)),
    429: (errors.too_many, ()),
    500: (errors.server_error, ()),
    503: (errors.unavailable, ()),
}


@pytest.mark.parametrize("status", PLAIN)
def test_a_page_that_needs_nothing_says_what_to_do_and_its_number(status: int) -> None:
    """Without a database, a session, a person."""
    make, args = PLAIN[status]
    response = plain(make, *args)
    text = response.content.decode()
    assert response.status_code == status
    assert "Bạn cần làm gì" in text
    assert "<li>" in text
    assert NUMBER in text
    assert "bi-mat" not in text
    assert 'lang="en"' in text


class _NotCollected:
    def url(self, name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name!r}")


def test_the_pages_do_without_static_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "staticfiles_storage", _NotCollected())
    response = plain(errors.server_error)
    assert response.status_code == 500
    assert "stylesheet" not in response.content.decode()


def test_when_nothing_works_there_is_a_last_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: object) -> str:
        raise RuntimeError("no number, no clock, nothing")

    monkeypatch.setattr(errors, "_number", broken)
    response = plain(errors.server_error)
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.content.decode()
    assert "no clock" not in response.content.decode()


def test_one_is_told_when_to_come_back() -> None:
    assert plain(errors.unavailable)["Retry-After"] == "30"
    assert plain(errors.too_many)["Retry-After"] == "300"


def test_while_the_database_is_away_every_page_says_so_and_then_works_again(
    people: People, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(people.an)
    client.raise_request_exception = False

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection to server at 10.0.0.5 failed: Connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        for path in ("/", "/co-quan/", "/cong-viec/", "/dang-nhap/"):
            response = client.get(path)
            assert response.status_code == 503, path
            assert response["Retry-After"] == "30"
            assert "10.0.0.5" not in response.content.decode()
        assert client.post("/ngon-ngu/", {"language": "en"}).status_code == 503
    assert client.get("/co-quan/").status_code == 200


def test_a_wrong_statement_is_a_fault_of_ours(
    people: People, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(people.an)
    client.raise_request_exception = False

    def broken(*args: object, **kwargs: object) -> None:
        raise OperationalError("no such column: org_unit.colour")

    monkeypatch.setattr("camket.org.queries.units", broken)
    response = client.get("/co-quan/bo-phan/")
    assert response.status_code == 500
    assert "colour" not in response.content.decode()


@pytest.mark.parametrize("path", ["/khong-co/", "/ke-hoach/999999/"])
def test_what_is_not_there_has_a_number_too(people: People, signed_in: SignedIn, path: str) -> None:
    response = signed_in(people.an).get(path, headers={"X-Request-ID": NUMBER})
    assert response.status_code == 404
    assert NUMBER in response.content.decode()


def test_what_a_role_does_not_include_says_whom_to_ask(people: People, signed_in: SignedIn) -> None:
    response = signed_in(people.binh).get("/co-quan/sua/", headers={"X-Request-ID": NUMBER})
    assert response.status_code == 403
    text = response.content.decode()
    assert "thư ký iso" in text.casefold()
    assert NUMBER in text


def _answer(html: str, route: Any) -> None:
    route.fulfill(body=html, content_type="text/html; charset=utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_error_pages_are_readable(desk: Desk, people: People, size: str) -> None:
    for status, (make, args) in PLAIN.items():
        html = plain(make, *args).content.decode()
        desk.page.route(f"**/loi-{status}/", partial(_answer, html))
        desk.open(f"/loi-{status}/", size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"error-{status}-{size}")
    desk.sign_in("binh")
    for name, path in {"403": "/co-quan/sua/", "404": "/khong-co/"}.items():
        desk.open(path, size)
        desk.assert_accessible()
        desk.assert_fits()
        desk.picture(f"error-{name}-{size}")


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["zlib", "rot13", "idna", "undefined", "utf-16"])
def test_a_form_in_an_encoding_that_no_browser_writes_is_not_read(client: Client, charset: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="q_overall"\r\n\r\n5\r\n--b--\r\n'
    sent = f"multipart/form-data; boundary=b; charset={charset}"
    response = client.generic("POST", "/ks/khong-co", body, content_type=sent)
    assert response.status_code == 400
    assert "Bạn cần làm gì" in response.content.decode()
    known = "multipart/form-data; boundary=b; charset=UTF-8"
    fine = client.generic("POST", "/ks/khong-co", body, content_type=known)
    assert fine.status_code == 404
