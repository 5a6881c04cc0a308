"""Addresses of feeds, a year of work on one page, and a meeting's page as people use them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from camket.actions.models import UnitFeed
from camket.journal.models import Entry as JournalEntry
from camket.registers.models import Entry, Invitation
from camket.registers.operations import enter, withdraw
from people import People
from registers.test_meetings import meeting
from web.staff.tasks.test_pages import signed_in, text_of
from work import QUARTERLY, make_task, unit_of

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"web:tasks:{name}", args=args)


def given(people: People, **said: object) -> Entry:
    values = {
        "number": "125/TB-UBND",
        "on": "22/06/2026",
        "source": "UBND tỉnh",
        "title": "Báo cáo việc tỉnh giao",
        "unit": unit_of(people, 1).pk,
        "due_on": "26/06/2026",
        **said,
    }
    return enter(actor=people.an, register="directives", values=values, now=NOW)


class TestFeeds:
    def test_a_unit_has_an_address_that_is_made_read_and_revoked(self, people: People) -> None:
        make_task(people, text="Rà soát quy trình")
        given(people)
        client, unit = signed_in(people.binh), unit_of(people, 1)
        assert unit.name in text_of(client.get(url("feed_settings")))
        first, second = (
            text_of(client.post(url("feed_settings"), {"unit": unit.pk}, follow=True)) for _ in range(2)
        )
        assert ("Đã tạo địa chỉ lịch." in first, "địa chỉ cũ không còn" in first) == (True, False)
        assert "địa chỉ cũ không còn" in second
        key = UnitFeed.objects.get().key
        assert key in client.get(url("feed_settings")).content.decode()
        said = Calendar.from_ical(Client().get(url("feed", key)).content)
        assert str(said["x-wr-calname"]) == "Công việc của Phòng Kinh tế"
        events = {str(each["summary"]): each for each in said.walk("VEVENT")}
        assert set(events) == {"Rà soát quy trình", "Báo cáo việc tỉnh giao"}
        assert "Quá hạn" in str(events["Báo cáo việc tỉnh giao"]["description"])
        client.post(url("feed_settings"), {"unit": unit.pk, "revoke": "1"})
        assert Client().get(url("feed", key)).status_code == 404
        again = client.post(url("feed_settings"), {"unit": unit.pk, "revoke": "1"}, follow=True)
        assert "Không có địa chỉ nào như vậy để thu hồi" in text_of(again)

    @pytest.mark.parametrize(("unit", "status"), [("x", 404), ("9" * 30, 404), ("999999", 404)])
    def test_no_unit_is_not_found(self, people: People, unit: str, status: int) -> None:
        assert signed_in(people.binh).post(url("feed_settings"), {"unit": unit}).status_code == status

    def test_another_unit_is_refused(self, people: People) -> None:
        answer = signed_in(people.binh).post(url("feed_settings"), {"unit": unit_of(people, 2).pk})
        assert answer.status_code == 403
        assert not UnitFeed.objects.exists()


class TestTheYear:
    def test_it_holds_tasks_and_register_work_by_unit_with_what_is_late_in_words(
        self, people: People, django_assert_max_num_queries: Any
    ) -> None:
        make_task(people, QUARTERLY, text="Rà soát quy trình")
        given(people)
        enter(
            actor=people.an,
            register="incoming",
            values={
                "on": "22/06/2026",
                "number": "9/TTr",
                "source": "UBND tỉnh",
                "title": "Đơn của ông Nguyễn Văn X",
                "unit": unit_of(people, 1).pk,
                "due_on": "10/07/2026",
            },
            now=NOW,
        )
        client = signed_in(people.dung)
        with django_assert_max_num_queries(15):
            page = text_of(client.get(url("plan_year", 2026)))
        assert "6 việc đến hạn trong năm" in page
        assert "Quá hạn: Báo cáo việc tỉnh giao" in page
        assert "Văn bản đến: 1" in page
        assert "Nguyễn Văn X" not in page
        assert signed_in(people.dung).get(url("this_plan_year"))["Location"] == url("plan_year", 2026)

    def test_by_objective_work_of_the_registers_stands_apart(self, people: People) -> None:
        given(people)
        page = text_of(signed_in(people.an).get(url("plan_year", 2026) + "?theo=muc-tieu&kho=a3"))
        assert "Việc trong sổ theo dõi và việc không thuộc mục tiêu nào" in page
        assert "In khổ A4" in page

    @pytest.mark.parametrize("query", ["", "?theo=muc-tieu"])
    def test_meetings_stand_in_their_months_and_are_no_work_that_is_due(
        self, people: People, query: str
    ) -> None:
        for day in (date(2026, 8, 3), date(2026, 8, 10)):
            meeting(people, title="Giao ban tuần", on=day)
        off = meeting(people, title="Họp đã hủy", on=date(2026, 8, 4))
        withdraw(actor=people.an, entry_id=off.pk, reason="Hoãn", now=NOW)
        page = text_of(signed_in(people.an).get(url("plan_year", 2026) + query))
        assert "Không có việc nào đến hạn trong năm. Có 2 cuộc họp." in page
        assert "Cuộc họp: Giao ban tuần ×2" in page
        assert "Họp đã hủy" not in page

    def test_an_empty_year_teaches_and_another_agency_shows_nothing_of_this_one(self, people: People) -> None:
        given(people)
        assert "Không có việc nào đến hạn trong năm" in text_of(
            signed_in(people.an).get(url("plan_year", 2031))
        )
        assert "Báo cáo việc tỉnh giao" not in text_of(signed_in(people.chi).get(url("plan_year", 2026)))
        assert signed_in(people.an).get(url("plan_year", 1999)).status_code == 404


class TestMeetings:
    def test_a_meeting_is_entered_sent_and_taken_into_a_calendar(
        self, people: People, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(people.an)
        sent = {
            "title": "Giao ban tháng 7",
            "on": "10/07/2026",
            "begins": "8h30",
            "place": "Phòng họp số 1",
            "invited": [f"unit:{unit_of(people, 1).pk}", f"person:{people.chau.person_id}"],
        }
        answer = client.post("/so/lich-hop/them/", sent)
        entry = Entry.objects.get()
        assert answer["Location"] == f"/so/lich-hop/{entry.pk}/"
        assert entry.values["begins"] == "08:30"
        with django_assert_max_num_queries(15):
            page = text_of(client.get(f"/so/lich-hop/{entry.pk}/"))
        assert "Phòng Kinh tế; Lê Minh Châu" in page
        assert "3 người chưa có giấy mời: Lê Minh Châu, Phạm Tiến Dũng, Trần Văn Bình." in page
        done = client.post(f"/so/lich-hop/{entry.pk}/giay-moi/", follow=True)
        assert "Đã mời 3 người" in text_of(done)
        assert "chỉ trong Cam Kết" in text_of(done)
        again = client.post(f"/so/lich-hop/{entry.pk}/giay-moi/", follow=True)
        assert "Không còn ai thiếu giấy mời" in text_of(again)
        assert Invitation.objects.count() == 3
        assert JournalEntry.objects.filter(verb="entry.invited").count() == 1
        file = signed_in(people.binh).get(f"/so/lich-hop/{entry.pk}/giay-moi.ics")
        assert file["Content-Type"].startswith("text/calendar")
        event = Calendar.from_ical(file.content).walk("VEVENT")[0]
        assert event.decoded("dtstart") == datetime(2026, 7, 10, 8, 30, tzinfo=NOW.tzinfo)
        assert signed_in(people.chi).get(f"/so/lich-hop/{entry.pk}/giay-moi.ics").status_code == 404

    def test_an_hour_that_is_none_is_said_at_its_field(self, people: People) -> None:
        sent = {"title": "Giao ban", "on": "10/07/2026", "begins": "sáng", "place": "Phòng họp"}
        answer = signed_in(people.an).post("/so/lich-hop/them/", sent)
        assert answer.status_code == 422
        assert "“sáng” không phải là giờ trong ngày" in text_of(answer)
        assert not Entry.objects.exists()
