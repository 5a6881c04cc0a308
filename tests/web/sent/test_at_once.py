"""Two presses at the same moment, with real connections: one act, one result; of two changes one is shown the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from camket.journal import queries as journal
from camket.journal.models import Entry
from camket.org.models import Person, Role, Unit
from camket.org.policy import Actor
from house.test_concurrency import at_once
from house.test_concurrency import people as people
from people import TODAY, People, actor_of, make_person
from web.sent.pages import PageForm, opened, send

__all__ = ["people"]


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.TODAY = TODAY


def browser_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def press(client: Client, form: PageForm, **typed: str) -> Callable[[], Any]:
    copy = Client()
    copy.cookies = client.cookies
    return lambda: send(copy, form, **typed)


def test_a_form_pressed_four_times_at_once_acts_once(people: People) -> None:
    client = browser_of(people.an)
    form = opened(client, "/co-quan/bo-phan/them/")
    typed = {"name": "Tổ công nghệ số", "short_name": "", "kind": "section"}
    results = at_once(*(press(client, form, **typed) for _ in range(4)))
    assert [result.status_code for result in results] == [302] * 4
    assert {result["Location"] for result in results} == {"/co-quan/bo-phan/"}
    assert Unit.objects.filter(name="Tổ công nghệ số").count() == 1
    assert Entry.objects.filter(verb="unit.added").count() == 1
    assert journal.verify(people.agency.pk).whole


def test_of_two_changes_at_once_one_is_shown_the_other(people: People) -> None:
    mai = actor_of(make_person(people.agency, "Vũ Thị Mai", "mai", Role.SECRETARY), people.agency)
    unit = Unit.objects.filter(agency=people.agency).order_by("order")[1]
    page = f"/co-quan/bo-phan/{unit.pk}/"
    browsers = [browser_of(people.an), browser_of(mai)]
    names = ["Phòng Kinh tế và Hạ tầng", "Phòng Kinh tế, Xây dựng"]
    forms = [opened(browser, page) for browser in browsers]
    results = at_once(
        *(press(browser, form, name=name) for browser, form, name in zip(browsers, forms, names, strict=True))
    )
    assert sorted(result.status_code for result in results) == [200, 302]
    winner = next(place for place, result in enumerate(results) if result.status_code == 302)
    unit.refresh_from_db()
    assert unit.name == names[winner]
    told = results[1 - winner].content.decode()
    assert names[winner] in told
    assert names[1 - winner] in told
    assert Entry.objects.filter(verb="unit.changed").count() == 1
    assert journal.verify(people.agency.pk).whole
