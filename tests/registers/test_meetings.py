"""Meetings and their invitations: who gets one, what a change and a withdrawal send, and that nothing is sent twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from camket.notifications.models import Choice, Mail, Notification
from camket.notifications.sending import _message
from camket.org.models import Delegation, Membership, Unit
from camket.org.policy import Actor, NotAllowed
from camket.registers import queries
from camket.registers.models import Entry, Invitation
from camket.registers.operations import (
    InvitationNotPossible,
    ValuesRefused,
    bring_in,
    change,
    enter,
    reopen,
    send_invitations,
    take_back,
    withdraw,
)
from camket.registers.queries.meetings import meeting_file, meeting_state
from notifications.conftest import reachable
from people import People

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 7, 1, 9, tzinfo=ZONE)
pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: Any, people: People) -> None:
    """The installation sends mail; An, Bình and Dũng have addresses, Châu has none."""
    settings.MAIL_FROM = "Cam Kết <iso@binhyen.example>"
    settings.CSRF_TRUSTED_ORIGINS = ["https://iso.binhyen.example"]
    reachable(people.an, people.binh, people.dung)


def economy(people: People) -> Unit:
    return people.agency.units.order_by("order")[1]


def meeting(people: People, **said: object) -> Entry:
    """Enter a meeting tomorrow at eight, to which the economy unit (Bình, Dũng) is invited; Châu chairs it."""
    values = {
        "title": "Giao ban tháng 7",
        "on": "02/07/2026",
        "begins": "8h",
        "ends": "9h30",
        "place": "Phòng họp số 1",
        "invited": economy(people).name,
        "person": people.chau.person_id,
        **said,
    }
    return enter(actor=people.an, register="meetings", values=values, now=NOW)


def send(people: People, entry: Entry) -> tuple[int, int, int]:
    sent = send_invitations(actor=people.an, entry_id=entry.pk, now=NOW)
    return sent.invited, sent.changed, sent.cancelled


def notices(topic: str = "meeting") -> list[tuple[int, str]]:
    rows = Notification.objects.filter(topic=topic).order_by("pk")
    return [(each.person_id, each.message["template"].split("%")[-1]) for each in rows]


def letters_to(actor: Actor) -> list[Any]:
    """Return the events that letters to a person carry, with their method."""
    found = []
    for each in Mail.objects.filter(person_id=actor.person_id).order_by("pk"):
        parts = [
            part for part in _message(each).message().walk() if part.get_content_type() == "text/calendar"
        ]
        assert len(parts) == 1
        product = Calendar.from_ical(parts[0].get_payload(decode=True))
        assert parts[0].get_param("method") == str(product["method"])
        found.append((str(product["method"]), product.walk("VEVENT")[0]))
    return found


class TestInvitations:
    def test_nobody_is_told_before_they_are_sent(self, people: People, mail: None) -> None:
        entry = meeting(people)
        change(actor=people.an, entry_id=entry.pk, values={"place": "Hội trường"}, now=NOW)
        assert not Notification.objects.filter(topic="meeting").exists()
        assert not Invitation.objects.exists()

    def test_they_reach_members_and_the_chair_once_each_by_mail_where_wanted(
        self, people: People, mail: None
    ) -> None:
        Choice.objects.create(
            agency=people.agency, person_id=people.dung.person_id, topic="meeting", way=Choice.Way.INSIDE
        )
        entry = meeting(people)
        assert send(people, entry) == (3, 0, 0)
        everyone = {each.person_id for each in (people.binh, people.dung, people.chau)}
        assert {person_id for person_id, _ in notices()} == everyone
        assert {each.person_id for each in Mail.objects.all()} == {people.binh.person_id}
        ((method, event),) = letters_to(people.binh)
        assert (method, event.decoded("sequence"), str(event["summary"])) == (
            "REQUEST",
            0,
            "Giao ban tháng 7",
        )
        assert event.decoded("dtstart") == datetime(2026, 7, 2, 8, tzinfo=ZONE)
        assert event.decoded("dtend") == datetime(2026, 7, 2, 9, 30, tzinfo=ZONE)
        assert str(event["location"]) == "Phòng họp số 1"
        assert str(event["attendee"]) == "mailto:binh@binhyen.example"
        assert event["attendee"].params["rsvp"] == "FALSE"
        assert str(event["organizer"]) == "mailto:iso@binhyen.example"
        assert "Chủ trì: Lê Minh Châu" in str(event["description"])

    def test_lines_of_what_it_is_about_begin_nothing_of_their_own_in_letter_and_calendar(
        self, people: People, mail: None
    ) -> None:
        title = 'Giao ban\r\nBcc: ke-gian@vi-du.example\r\nEND:VEVENT\r\nBEGIN:VALARM; "khẩn"'
        entry = meeting(people, title=title, place="Nhà B, tầng 2; P.1")
        send(people, entry)
        letter = _message(Mail.objects.get(person_id=people.binh.person_id)).message()
        assert letter["Bcc"] is None
        ((_method, event),) = letters_to(people.binh)
        assert str(event["summary"]) == 'Giao ban Bcc: ke-gian@vi-du.example END:VEVENT BEGIN:VALARM; "khẩn"'
        assert str(event["location"]) == "Nhà B, tầng 2; P.1"
        assert len(event.walk("VALARM")) == 1

    def test_they_are_sent_to_nobody_twice(self, people: People, mail: None) -> None:
        entry = meeting(people)
        send(people, entry)
        with pytest.raises(InvitationNotPossible):
            send(people, entry)
        change(actor=people.an, entry_id=entry.pk, values={"note": "Chuẩn bị nước"}, now=NOW)
        assert (len(notices()), Mail.objects.count()) == (3, 2)

    def test_a_change_sends_the_next_sequence_by_itself(self, people: People, mail: None) -> None:
        entry = meeting(people)
        send(people, entry)
        change(actor=people.an, entry_id=entry.pk, values={"begins": "14h", "ends": "16h"}, now=NOW)
        (_first, (method, event)) = letters_to(people.binh)
        assert (method, event.decoded("sequence")) == ("REQUEST", 1)
        assert event.decoded("dtstart") == datetime(2026, 7, 2, 14, tzinfo=ZONE)
        assert str(event["uid"]) == f"meeting-{entry.pk}@{people.agency.code}.camket"
        assert len(notices()) == 6

    def test_a_withdrawal_cancels_and_taking_it_back_invites_again(self, people: People, mail: None) -> None:
        entry = meeting(people)
        send(people, entry)
        withdraw(actor=people.an, entry_id=entry.pk, reason="Hoãn theo ý kiến Chủ tịch", now=NOW)
        (_first, (method, event)) = letters_to(people.binh)
        assert (method, event.decoded("sequence"), str(event["status"])) == ("CANCEL", 1, "CANCELLED")
        params = Notification.objects.order_by("-pk").values_list("message", flat=True)[0]["params"]
        assert params["reason"] == "Hoãn theo ý kiến Chủ tịch"
        with pytest.raises(InvitationNotPossible):
            send(people, entry)
        reopen(actor=people.an, entry_id=entry.pk, reason="Họp như cũ", now=NOW)
        method, event = letters_to(people.binh)[-1]
        assert (method, event.decoded("sequence")) == ("REQUEST", 2)

    def test_who_is_taken_off_the_list_is_told_so_and_the_others_are_left_alone(
        self, people: People, mail: None
    ) -> None:
        entry = meeting(people)
        send(people, entry)
        invited = f"person:{people.dung.person_id}; person:{people.an.person_id}"
        change(actor=people.an, entry_id=entry.pk, values={"invited": invited}, now=NOW)
        method, event = letters_to(people.binh)[-1]
        assert (method, event.decoded("sequence"), "status" in event) == ("CANCEL", 1, False)
        assert [method for method, _ in letters_to(people.dung)] == ["REQUEST"]
        assert [method for method, _ in letters_to(people.an)] == ["REQUEST"]
        change(actor=people.an, entry_id=entry.pk, values={"invited": economy(people).name}, now=NOW)
        method, event = letters_to(people.binh)[-1]
        assert (method, event.decoded("sequence")) == ("REQUEST", 2)

    def test_who_stands_in_on_the_day_is_invited_as_well(self, people: People, mail: None) -> None:
        Delegation.objects.create(
            agency=people.agency,
            post=Membership.objects.get(person_id=people.chau.person_id),
            deputy_id=people.an.person_id,
            valid_from=date(2026, 7, 2),
            valid_to=date(2026, 7, 3),
            reason="Đi công tác",
        )
        assert send(people, meeting(people)) == (4, 0, 0)
        assert people.an.person_id in {person_id for person_id, _ in notices()}
        later = meeting(people, title="Giao ban tháng 8", on="04/07/2026")
        assert send(people, later) == (3, 0, 0)

    def test_who_comes_to_an_invited_unit_later_gets_one_when_they_are_sent_again(
        self, people: People, mail: None
    ) -> None:
        entry = meeting(people)
        send(people, entry)
        Membership.objects.filter(person_id=people.an.person_id).update(unit=economy(people))
        state = meeting_state(people.an, queries.entry(people.an, entry.pk, NOW.date()), NOW)
        assert state is not None
        assert (state.lacking, state.can_send) == (("Nguyễn Thị An",), True)
        assert send(people, entry) == (1, 0, 0)
        ((_method, event),) = letters_to(people.an)
        assert event.decoded("sequence") == 0

    def test_who_has_left_is_not_told_any_more(self, people: People, mail: None) -> None:
        entry = meeting(people)
        send(people, entry)
        Membership.objects.filter(person_id=people.binh.person_id).update(valid_to=date(2026, 6, 30))
        change(actor=people.an, entry_id=entry.pk, values={"place": "Hội trường"}, now=NOW)
        assert len(letters_to(people.binh)) == 1
        assert len(letters_to(people.dung)) == 2

    def test_nothing_is_sent_of_a_meeting_that_is_over(self, people: People, mail: None) -> None:
        entry = meeting(people)
        send(people, entry)
        after = NOW + timedelta(days=1, hours=2)
        change(actor=people.an, entry_id=entry.pk, values={"place": "Hội trường"}, now=after)
        withdraw(actor=people.an, entry_id=entry.pk, reason="Không họp", now=after)
        past = meeting(people, title="Họp đã qua", on="30/06/2026")
        with pytest.raises(InvitationNotPossible):
            send(people, past)
        assert len(letters_to(people.binh)) == 1

    def test_without_mail_they_stand_in_the_product(self, people: People, settings: Any) -> None:
        settings.MAIL_FROM = ""
        assert send(people, meeting(people)) == (3, 0, 0)
        assert (len(notices()), Mail.objects.count()) == (3, 0)

    def test_only_who_keeps_the_meeting_sends_them(self, people: People, mail: None) -> None:
        entry = meeting(people)
        with pytest.raises(NotAllowed):
            send_invitations(actor=people.binh, entry_id=entry.pk, now=NOW)
        with pytest.raises(Entry.DoesNotExist):
            send_invitations(actor=people.chi, entry_id=entry.pk, now=NOW)
        assert send_invitations(actor=people.chau, entry_id=entry.pk, now=NOW).invited == 3
        work = enter(
            actor=people.an,
            register="programme",
            values={"title": "Rà soát", "kind": "main", "on": "01/07/2026"},
            now=NOW,
        )
        with pytest.raises(Entry.DoesNotExist):
            send_invitations(actor=people.an, entry_id=work.pk, now=NOW)

    def test_a_spreadsheet_that_changes_the_meeting_sends_the_change(
        self, people: People, mail: None
    ) -> None:
        entry = meeting(people)
        send(people, entry)
        sheet = (
            "Nội dung cuộc họp;Ngày họp;Giờ bắt đầu;Địa điểm\nGiao ban tháng 7;02/07/2026;08:00;Hội trường\n"
        )
        batch = bring_in(actor=people.an, register="meetings", data=sheet.encode(), name="lich.csv", now=NOW)
        assert (batch.changed, batch.refused) == (1, [])
        method, event = letters_to(people.binh)[-1]
        assert (method, event.decoded("sequence"), str(event["location"])) == ("REQUEST", 1, "Hội trường")
        take_back(actor=people.an, batch_id=batch.pk, reason="Nhầm", now=NOW)
        method, event = letters_to(people.binh)[-1]
        assert (event.decoded("sequence"), str(event["location"])) == (2, "Phòng họp số 1")


class TestWhen:
    @pytest.mark.parametrize(
        ("on", "begins", "day", "hour"),
        [
            ("8/7", "8h", date(2026, 7, 8), "08:00"),
            ("5/1", "8h", date(2027, 1, 5), "08:00"),
            ("8/7/2026 14h00", "", date(2026, 7, 8), "14:00"),
            ("14h30, ngày 8/7", "", date(2026, 7, 8), "14:30"),
            ("Thứ Tư, 08/7/2026", "8h", date(2026, 7, 8), "08:00"),
            ("2026-07-08T09:15:00", "", date(2026, 7, 8), "09:15"),
            ("8/7 14h", "14:00", date(2026, 7, 8), "14:00"),
        ],
    )
    def test_day_and_hour_are_understood_as_they_are_written(
        self, people: People, on: str, begins: str, day: date, hour: str
    ) -> None:
        entry = meeting(people, on=on, begins=begins, ends="")
        assert (entry.on, entry.values["begins"]) == (day, hour)

    def test_a_day_typed_anew_with_its_hour_moves_both(self, people: People) -> None:
        entry = meeting(people, on="10/7/2026", ends="")
        change(actor=people.an, entry_id=entry.pk, values={"on": "8/7 15h"}, now=NOW)
        entry.refresh_from_db()
        assert (entry.on, entry.values["begins"]) == (date(2026, 7, 8), "15:00")

    @pytest.mark.parametrize(
        ("on", "begins", "field", "said"),
        [
            ("8/7/2026 14h00", "8h", "on", "%(hour)s"),
            ("8/7", "", "begins", "is needed"),
            ("31/6 14h", "8h", "on", "is no date"),
            ("30/6", "8h", "on", "is no date"),
        ],
    )
    def test_what_is_not_said_once_is_refused(
        self, people: People, on: str, begins: str, field: str, said: str
    ) -> None:
        with pytest.raises(ValuesRefused) as refused:
            meeting(people, on=on, begins=begins)
        assert [each.field for each in refused.value.problems] == [field]
        assert said in refused.value.problems[0].message.template
        assert not Entry.objects.exists()

    def test_a_spreadsheet_says_day_and_hour_in_one_column(self, people: People) -> None:
        sheet = (
            "Nội dung;Thời gian;Địa điểm\nGiao ban;8h00, 08/7;Phòng 1\nSơ kết;08/7/2026 14:00;Hội trường\n"
        )
        batch = bring_in(actor=people.an, register="meetings", data=sheet.encode(), name="l.csv", now=NOW)
        assert (batch.added, batch.refused) == (2, [])
        again = bring_in(actor=people.an, register="meetings", data=sheet.encode(), name="l.csv", now=NOW)
        assert again.unchanged == 2
        found = Entry.objects.order_by("pk").values_list("on", "values__begins")
        assert list(found) == [(date(2026, 7, 8), "08:00"), (date(2026, 7, 8), "14:00")]


class TestTheMeeting:
    def test_hours_that_do_not_follow_and_unknown_names_are_refused(self, people: People) -> None:
        for said, field in (
            ({"ends": "7h"}, "ends"),
            ({"begins": "25h"}, "begins"),
            ({"invited": "Phòng Không Có"}, "invited"),
        ):
            with pytest.raises(ValuesRefused) as refused:
                meeting(people, **said)
            assert [each.field for each in refused.value.problems] == [field]
        assert not Entry.objects.exists()

    def test_the_file_of_who_was_invited_is_an_invitation_of_the_others_the_event(
        self, people: People, mail: None
    ) -> None:
        entry = meeting(people)
        send(people, entry)
        methods = {}
        for name in ("an", "binh", "chau"):
            product = Calendar.from_ical(meeting_file(getattr(people, name), entry.pk, NOW))
            methods[name] = str(product["method"])
            assert str(product.walk("VEVENT")[0]["uid"]) == f"meeting-{entry.pk}@{people.agency.code}.camket"
        assert methods == {"an": "PUBLISH", "binh": "REQUEST", "chau": "PUBLISH"}
        withdraw(actor=people.an, entry_id=entry.pk, reason="Hoãn", now=NOW)
        product = Calendar.from_ical(meeting_file(people.binh, entry.pk, NOW))
        assert (str(product["method"]), str(product.walk("VEVENT")[0]["status"])) == ("CANCEL", "CANCELLED")
        with pytest.raises(Entry.DoesNotExist):
            meeting_file(people.chi, entry.pk, NOW)

    def test_its_page_says_how_each_was_told(self, people: People, mail: None) -> None:
        entry = meeting(people)
        send(people, entry)
        state = meeting_state(people.an, queries.entry(people.an, entry.pk, NOW.date()), NOW)
        assert state is not None
        told = {each.name: (each.is_mailed, each.is_cancelled) for each in state.rows}
        assert told == {
            "Lê Minh Châu": (False, False),
            "Phạm Tiến Dũng": (True, False),
            "Trần Văn Bình": (True, False),
        }
        assert (state.lacking, state.can_send, state.is_over) == ((), False, False)
