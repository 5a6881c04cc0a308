"""Work of the registers and meetings in calendar feeds: what is there, for whom, and what never is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from camket.actions import feeds
from camket.core.registers.standing import Standing
from camket.org.models import Delegation, Membership
from camket.org.policy import Actor
from camket.registers.models import Entry
from camket.registers.operations import (
    ask_extension,
    change,
    decide_extension,
    enter,
    finish,
    send_invitations,
    withdraw,
)
from camket.registers.queries.feeds import FeedWork, feed_meetings, feed_work
from people import TODAY, People

NOW = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
pytestmark = pytest.mark.django_db


def directive(people: People, **said: object) -> Entry:
    values = {
        "number": "125/TB-UBND",
        "on": "22/06/2026",
        "source": "UBND tỉnh",
        "title": "Rà soát hồ sơ",
        "person": people.binh.person_id,
        "due_on": "10/07/2026",
        **said,
    }
    return enter(actor=people.an, register="directives", values=values, now=NOW)


def meeting(people: People, **said: object) -> Entry:
    values = {
        "title": "Giao ban",
        "on": "02/07/2026",
        "begins": "8h",
        "place": "Phòng họp",
        "invited": "Phòng Kinh tế",
        **said,
    }
    return enter(actor=people.an, register="meetings", values=values, now=NOW)


def own(actor: Actor, on: date = TODAY) -> tuple[FeedWork, ...]:
    """Return what the actor's own feed gives of the registers."""
    return feed_work(feeds.reader_of(feeds.renew_feed_key(actor=actor, now=NOW), on), on)


def of_unit(actor: Actor, people: People, on: date = TODAY) -> feeds.Reader:
    unit = people.agency.units.order_by("order")[1]
    return feeds.reader_of(feeds.renew_unit_feed(actor=actor, unit_id=unit.pk, now=NOW), on)


def test_open_work_with_a_last_day_is_there_for_whose_it_is(people: People) -> None:
    entry = directive(people)
    directive(people, number="126/TB-UBND", due_on="", title="Không hạn")
    done = directive(people, number="127/TB-UBND", title="Đã xong")
    finish(actor=people.an, entry_id=done.pk, done_on=date(2026, 6, 30), now=NOW)
    (work,) = own(people.binh)
    assert (work.id, work.title, work.on) == (entry.pk, "Rà soát hồ sơ", date(2026, 7, 10))
    assert own(people.dung) == ()


def test_a_document_goes_by_number_and_issuer_for_its_abstract_may_name_people(people: People) -> None:
    enter(
        actor=people.an,
        register="incoming",
        values={
            "on": "22/06/2026",
            "number": "9/TTr",
            "source": "UBND tỉnh",
            "title": "Đơn của ông Nguyễn Văn X",
            "person": people.binh.person_id,
            "due_on": "10/07/2026",
        },
        now=NOW,
    )
    (work,) = own(people.binh)
    assert "Nguyễn Văn X" not in work.title
    assert "9/TTr · UBND tỉnh" in work.title


def test_what_tells_of_single_people_is_in_no_feed(people: People) -> None:
    for register, values in (
        (
            "grading",
            {"person": people.binh.person_id, "kind": "month", "on": "30/06/2026", "outcome": "good"},
        ),
        ("discipline", {"person": people.binh.person_id, "on": "30/06/2026"}),
    ):
        Entry.objects.create(
            agency=people.agency,
            register=register,
            key=register,
            on=TODAY,
            year=2026,
            title=str(values),
            person_id=people.binh.person_id,
            unit=people.agency.units.order_by("order")[1],
            due_on=TODAY,
            late_after=TODAY,
            created_at=NOW,
            changed_at=NOW,
        )
    assert (own(people.binh), own(people.chau), feed_work(of_unit(people.dung, people), TODAY)) == (
        (),
        (),
        (),
    )


def test_what_was_withdrawn_stays_for_a_while_as_cancelled_with_a_higher_sequence(people: People) -> None:
    entry = directive(people)
    (before,) = own(people.binh)
    withdraw(actor=people.an, entry_id=entry.pk, reason="Nhập nhầm", now=NOW)
    (after,) = own(people.binh)
    assert (before.is_cancelled, after.is_cancelled) == (False, True)
    assert after.sequence > before.sequence
    assert len(own(people.binh, TODAY + timedelta(days=30))) == 1
    assert own(people.binh, TODAY + timedelta(days=31)) == ()


def test_the_unit_has_the_work_of_all_its_people_and_no_one_elses(people: People) -> None:
    of_economy = directive(people)
    directive(people, number="126/TB-UBND", person=people.an.person_id)
    found = feed_work(of_unit(people.dung, people), TODAY)
    assert [(each.id, each.person_name, each.unit_name) for each in found] == [
        (of_economy.pk, "Trần Văn Bình", "Phòng Kinh tế")
    ]


def test_more_time_that_is_asked_for_waits_in_the_calendar_of_who_decides(people: People) -> None:
    entry = directive(people)
    extension = ask_extension(
        actor=people.binh, entry_id=entry.pk, due_after=date(2026, 7, 20), reason="Chờ số liệu", now=NOW
    )
    (asked,) = own(people.chau)
    assert (asked.on, asked.asked_until) == (date(2026, 7, 10), date(2026, 7, 20))
    assert asked.extension_id == extension.pk
    assert all(each.asked_until is None for each in own(people.binh))
    decide_extension(actor=people.chau, extension_id=extension.pk, is_approved=True, now=NOW)
    assert own(people.chau) == ()
    assert [(each.on, each.standing) for each in own(people.binh)] == [(date(2026, 7, 20), Standing.OPEN)]


def test_work_of_who_is_away_is_in_the_deputys_calendar_too(people: People) -> None:
    entry = directive(people)
    Delegation.objects.create(
        agency=people.agency,
        post=Membership.objects.get(person_id=people.binh.person_id),
        deputy_id=people.an.person_id,
        valid_from=TODAY,
        valid_to=TODAY,
        reason="Nghỉ phép",
    )
    (work,) = own(people.an)
    assert (work.id, work.reading.giver) == (entry.pk, "Trần Văn Bình")
    assert own(people.an, TODAY + timedelta(days=1)) == ()


class TestMeetings:
    def held(self, actor: Actor) -> list[tuple[int, int, bool]]:
        reader = feeds.reader_of(feeds.renew_feed_key(actor=actor, now=NOW), TODAY)
        return [
            (each.id, each.appointment.sequence, each.appointment.is_cancelled)
            for each in feed_meetings(reader, TODAY)
        ]

    def test_they_are_there_for_who_is_invited_and_for_the_unit(self, people: People) -> None:
        entry = meeting(people, person=people.chau.person_id)
        assert self.held(people.binh) == self.held(people.chau) == [(entry.pk, 0, False)]
        assert self.held(people.an) == []
        (found,) = feed_meetings(of_unit(people.dung, people), TODAY)
        assert found.appointment.starts == datetime(2026, 7, 2, 8, tzinfo=NOW.tzinfo)
        assert found.appointment.place == "Phòng họp"

    def test_they_carry_the_sequence_of_the_invitations(self, people: People) -> None:
        entry = meeting(people)
        send_invitations(actor=people.an, entry_id=entry.pk, now=NOW)
        change(actor=people.an, entry_id=entry.pk, values={"begins": "9h"}, now=NOW)
        assert self.held(people.binh) == [(entry.pk, 1, False)]
        withdraw(actor=people.an, entry_id=entry.pk, reason="Hoãn", now=NOW)
        assert self.held(people.binh) == [(entry.pk, 2, True)]
