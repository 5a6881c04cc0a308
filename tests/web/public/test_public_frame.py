"""Pages for citizens: nobody is known there, no cookie is set, and what is not public is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from camket.org.policy import Actor
from camket.publishing.models import PublicPage
from people import People
from web.public.open_page import open_page
from work import NOW


def test_a_stranger_opens_an_open_page_without_a_cookie(client: Client, people: People) -> None:
    open_page(people.agency, introduction="Xin chào <b>bà con</b>")
    response = client.get("/cong-khai/xa-tan-lap/")
    assert response.status_code == 200
    assert not response.cookies
    assert "Xin chào &lt;b&gt;bà con&lt;/b&gt;" in response.content.decode()
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_closed_page_is_answered_as_one_that_never_was(client: Client, people: People) -> None:
    page = open_page(people.agency)
    PublicPage.objects.filter(pk=page.pk).update(is_open=False)
    closed, unknown = client.get("/cong-khai/xa-tan-lap/"), client.get("/cong-khai/khong-co/")
    assert closed.status_code == unknown.status_code == 404
    assert closed.content == unknown.content


def test_who_is_signed_in_is_a_stranger_here(
    people: People, client: Client, signed_in: Callable[[Actor], Client]
) -> None:
    open_page(people.agency)
    page = signed_in(people.an).get("/cong-khai/xa-tan-lap/")
    assert page.content == client.get("/cong-khai/xa-tan-lap/").content
    assert people.an.name not in page.content.decode()


def test_the_directory_lists_open_pages_only(client: Client, people: People) -> None:
    open_page(people.agency)
    PublicPage.objects.create(agency=people.other_agency, slug="dong", changed_at=NOW)
    page = client.get("/cong-khai/").content.decode()
    assert "/cong-khai/xa-tan-lap/" in page
    assert "/cong-khai/dong/" not in page


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_that_only_show_take_nothing(client: Client, people: People, method: str) -> None:
    open_page(people.agency)
    assert getattr(client, method)("/cong-khai/xa-tan-lap/").status_code == 405
