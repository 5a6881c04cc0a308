"""Work of the registers among a person's own work and in the month: whose it is, what is said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from camket.org.models import Person
from camket.org.policy import Actor
from camket.registers.models import Entry
from camket.registers.operations import enter, withdraw
from people import TODAY, People

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.TODAY = TODAY


def given(people: People, title: str, **said: object) -> Entry:
    values = {"on": "22/06/2026", "source": "UBND tỉnh", "title": title, **said}
    return enter(actor=people.an, register="directives", values=values, now=NOW)


def page(actor: Actor, name: str, *args: object, said: str = "") -> str:
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return str(client.get(reverse(f"web:tasks:{name}", args=args) + said).content.decode())


def test_own_work_shows_what_registers_give_a_person_and_its_unit(people: People) -> None:
    unit = str(next(iter(people.binh.unit_ids)))
    late = given(people, "Rà soát hồ sơ", person=str(people.binh.person_id), due_on="26/06/2026")
    given(people, "Việc không thời hạn", unit=unit)
    given(people, "Việc của thư ký", person=str(people.an.person_id), due_on="10/07/2026")
    words = page(people.binh, "my_work")
    assert "1 công việc quá hạn: hãy làm trước" in words
    assert f"/so/chi-dao/{late.pk}/" in words
    assert words.index("Rà soát hồ sơ") < words.index("Việc không thời hạn")
    assert "Việc của thư ký" not in words
    assert "Không có việc nào chờ bạn" not in words


def test_the_month_shows_work_of_the_registers_by_its_last_day(people: People) -> None:
    for number in range(6):
        given(people, f"Việc {number}", person=str(people.binh.person_id), due_on="10/07/2026")
    words = page(people.an, "calendar_month", 2026, 7)
    assert "Có 6 công việc đến hạn trong tháng" in words
    assert words.count("Việc 3") == 2  # in the month and in the agenda
    assert "Việc 4" not in words
    assert "còn 2 việc trong sổ theo dõi" in words
    assert "Việc 3" not in page(people.an, "calendar_month", 2026, 7, said="?cua=toi")
    assert "Việc 3" in page(people.binh, "calendar_month", 2026, 7, said="?cua=toi")


def meeting(people: People, title: str, on: str, **said: object) -> Entry:
    values = {"title": title, "on": on, "begins": "08:00", "place": "Phòng họp số 1", **said}
    return enter(actor=people.an, register="meetings", values=values, now=NOW)


def test_the_month_shows_meetings_by_their_hour(people: People) -> None:
    unit = f"unit:{next(iter(people.binh.unit_ids))}"
    late = meeting(people, "Họp chiều", "08/07/2026", begins="14h", ends="15h30", invited=unit)
    meeting(people, "Giao ban sáng", "08/07/2026", person=str(people.chau.person_id))
    gone = meeting(people, "Cuộc họp đã rút", "08/07/2026", begins="10h")
    withdraw(actor=people.an, entry_id=gone.pk, reason="Hoãn", now=NOW)
    words = page(people.an, "calendar_month", 2026, 7)
    assert words.index("Giao ban sáng") < words.index("Họp chiều")
    assert "14:00–15:30" in words
    assert f"/so/lich-hop/{late.pk}/" in words
    assert "Có 2 cuộc họp." in words
    assert "Cuộc họp đã rút" not in words
    own = page(people.binh, "calendar_month", 2026, 7, said="?cua=toi")
    assert "Họp chiều" in own
    assert "Giao ban sáng" not in own
    assert "Giao ban sáng" in page(people.chau, "calendar_month", 2026, 7, said="?cua=toi")
    assert "Họp chiều" not in page(people.chi, "calendar_month", 2026, 7)


def test_much_work_of_the_registers_takes_no_more_statements(
    people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        given(people, f"Việc {number}", person=str(people.binh.person_id), due_on="10/07/2026")
        meeting(people, f"Họp {number}", "10/07/2026")
    client = Client()
    client.force_login(Person.objects.get(pk=people.binh.person_id))
    for name, args in (("my_work", ()), ("calendar_month", (2026, 7))):
        with django_assert_max_num_queries(15):
            client.get(reverse(f"web:tasks:{name}", args=args) + "?cua=toi")
