"""Who is told of work of the registers: given, given to somebody else, more time asked for, given, refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from camket.notifications.models import Notification
from camket.org.models import Role
from camket.registers.models import Entry
from camket.registers.operations import ask_extension, change, decide_extension, enter, finish
from people import People, actor_of, make_person

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
pytestmark = pytest.mark.django_db


def given(people: People, register: str = "directives", **said: object) -> Entry:
    values = {
        "number": "125/TB-UBND",
        "on": "22/06/2026",
        "source": "UBND tỉnh",
        "title": "Rà soát hồ sơ",
        "person": str(people.binh.person_id),
        "due_on": "03/07/2026",
        **said,
    }
    return enter(actor=people.an, register=register, values=values, now=NOW)


def told(topic: str) -> list[tuple[Any, str, str]]:
    rows = Notification.objects.filter(topic=topic).order_by("pk")
    return [(each.person_id, each.message["template"], each.message["params"]["work"]) for each in rows]


def test_who_has_to_do_work_is_told_when_it_is_given_and_when_it_goes_to_somebody_else(
    people: People,
) -> None:
    entry = given(people)
    first = (people.binh.person_id, "%(by)s gives you work due on %(due)s. %(work)s", "Rà soát hồ sơ")
    assert told("assigned") == [first]
    change(actor=people.an, entry_id=entry.pk, values={"note": "Gấp"}, now=NOW)
    assert told("assigned") == [first]
    change(actor=people.an, entry_id=entry.pk, values={"person": people.dung.person_id}, now=NOW)
    assert [person for person, *_ in told("assigned")] == [people.binh.person_id, people.dung.person_id]


def test_nobody_is_told_of_work_that_is_done_or_of_own_doing(people: People) -> None:
    given(people, done_on="26/06/2026")
    given(people, number="126/TB-UBND", person=str(people.an.person_id))
    assert told("assigned") == []


def test_an_incoming_document_is_told_by_number_and_issuer_alone(people: People) -> None:
    given(people, "incoming", title="Đơn của ông Nguyễn Văn X", number="9/TTr")
    assert [work for *_, work in told("assigned")] == ["9/TTr · UBND tỉnh"]


@pytest.mark.parametrize("is_approved", [True, False])
def test_leaders_are_told_of_a_wish_for_more_time_and_who_asked_of_the_decision(
    people: People, *, is_approved: bool
) -> None:
    chairman = actor_of(make_person(people.agency, "Lê Chủ Tịch", "chutich", Role.CHAIRMAN), people.agency)
    entry = given(people)
    asked = ask_extension(
        actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 10), reason="Chờ số liệu.", now=NOW
    )
    assert chairman.person_id in [person for person, *_ in told("extension")]
    assert people.binh.person_id not in [person for person, *_ in told("extension")]
    decide_extension(
        actor=chairman, extension_id=asked.pk, is_approved=is_approved, answer="Đã đủ số liệu", now=NOW
    )
    person, template, _work = told("extension")[-1]
    assert person == people.binh.person_id
    assert template.startswith("%(by)s gives more time" if is_approved else "%(by)s gives no more time")
    assert finish(actor=people.binh, entry_id=entry.pk, done_on=date(2026, 7, 1), now=NOW).state == "done"
