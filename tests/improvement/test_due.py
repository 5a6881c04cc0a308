"""What the improvement cycle calls for by a day: whose it is, reminded once, by whom it is seen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from camket.actions import feeds
from camket.improvement.models import (
    Audit,
    AuditedUnit,
    Auditor,
    AuditSession,
    CycleRules,
    Nonconformity,
    Review,
)
from camket.improvement.queries.reviews import rhythm
from camket.jobs.reminding import remind
from camket.notifications.due import due_between, due_for, works
from camket.notifications.models import Notification
from camket.org.policy import Actor
from cycle import last_review, one_of_everything
from figures import make_plan_in_force
from people import TODAY, People, make_people
from work import NOW, ZONE

DAY = timedelta(days=1)
IN_ALL = 16
SATURDAY = date(2026, 7, 11)


def keys(actor: Actor, today: date = TODAY, until: date = TODAY) -> list[str]:
    return sorted(each.kind.key for each in due_for(actor, today, until=until))


def morning(day: date) -> int:
    return remind(now=datetime(day.year, day.month, day.day, 7, tzinfo=ZONE), today=day).told


@pytest.fixture(scope="class")
def scene(db_of_class: None) -> People:
    people = make_people()
    one_of_everything(people)
    return people


class TestWhose:
    def test_it_is_of_who_is_named_else_of_the_unit(self, scene: People) -> None:
        assert keys(scene.binh) == [
            "audit.confirm", "audit.unit", "audit.unit", "nonconformity.plan", "nonconformity.report", "review.attend",
            "risk.rate",
        ]  # fmt: skip
        assert keys(scene.dung) == [
            "assessment.close", "audit.confirm", "audit.unit", "audit.unit", "nonconformity.report", "risk.rate",
        ]  # fmt: skip

    def test_what_anybody_of_an_office_does_is_of_each_who_may(self, scene: People) -> None:
        assert keys(scene.an) == [
            "assessment.close", "audit.answer", "audit.begin", "audit.report", "audit.team", "context.look",
            "nonconformity.judge", "review.convene", "review.inputs",
        ]  # fmt: skip
        assert keys(scene.chau) == ["nonconformity.judge"]

    def test_nobody_judges_the_own_doing(self, scene: People) -> None:
        Nonconformity.objects.filter(state="judging").update(planned_by_id=scene.an.person_id)
        assert "nonconformity.judge" not in keys(scene.an)

    def test_another_agency_has_none_of_it(self, scene: People) -> None:
        assert keys(scene.chi, until=TODAY + 400 * DAY) == []
        assert due_between(scene.chi, TODAY, TODAY, TODAY) == ()

    def test_it_is_read_in_one_statement_for_any_number_of_agencies(self, scene: People) -> None:
        with CaptureQueriesContext(connection) as one:
            found = due_between(scene.an, TODAY, TODAY, TODAY)
        assert (len(one), len(found)) == (1, IN_ALL)
        with CaptureQueriesContext(connection) as many:
            told = works([scene.agency.pk, scene.other_agency.pk], TODAY, until=TODAY)
        assert (len(many), len(told[scene.agency.pk])) == (3, IN_ALL)

    def test_what_is_not_due_yet_is_left_out(self, scene: People) -> None:
        assert due_for(scene.an, TODAY - DAY, until=TODAY - DAY) == ()
        assert due_between(scene.an, TODAY + DAY, TODAY + 30 * DAY, TODAY) == ()

    def test_a_meeting_that_is_over_is_not_late(self, scene: People) -> None:
        after = TODAY + 5 * DAY
        assert "review.attend" not in keys(scene.binh, today=after, until=after)
        assert all(each.is_late(after) for each in due_for(scene.binh, after, until=after))


class TestTheHours:
    """An announced audit of the economy unit, audited by An at nine, with a meeting of all before."""

    def laid(self, people: People) -> Audit:
        row = Audit.objects.create(
            agency=people.agency, title="Đợt 1", edition="iso9001-2015", state="announced", starts_on=TODAY,
            ends_on=TODAY, made_at=NOW, made_by_id=people.an.person_id,
        )  # fmt: skip
        office, economy = (
            AuditedUnit.objects.create(audit=row, unit=unit)
            for unit in people.agency.units.order_by("order")[:2]
        )
        an = Auditor.objects.create(audit=row, person_id=people.an.person_id, part="lead")
        opening = AuditSession.objects.create(
            audit=row, day=TODAY, starts=time(7, 30), ends=time(8), topic="Họp khai mạc"
        )
        visit = AuditSession.objects.create(
            audit=row, day=TODAY, starts=time(9), ends=time(10, 30), topic="Hồ sơ", audited=economy
        )
        for each in (opening, visit):
            each.auditors.add(an)
        return row

    def test_they_are_of_auditors_and_units_by_the_hour(self, people: People) -> None:
        self.laid(people)

        def hours(actor: Actor) -> list[tuple[str, str, str]]:
            dues = due_for(actor, TODAY, until=TODAY)
            return [(each.kind.key, each.title, each.hours) for each in dues if each.hours]

        assert hours(people.an)[-2:] == [
            ("audit.session", "Họp khai mạc – Đợt 1", "07:30–08:00"),
            ("audit.session", "Hồ sơ – Đợt 1", "09:00–10:30"),
        ]
        assert hours(people.binh) == [
            ("audit.meeting", "Họp khai mạc – Đợt 1", "07:30–08:00"),
            ("audit.visit", "Hồ sơ – Đợt 1", "09:00–10:30"),
        ]

    def test_a_meeting_of_many_units_stands_once_among_what_the_agency_has(self, people: People) -> None:
        self.laid(people)
        seen = [each.kind.key for each in due_between(people.chau, TODAY, TODAY, TODAY)]
        assert (seen.count("audit.meeting"), seen.count("audit.visit")) == (1, 1)
        assert "audit.session" not in seen  # an auditor's own hours are the auditor's

    def test_a_feed_has_them_by_the_hour(self, people: People, client: Client, settings: Any) -> None:
        settings.TODAY = TODAY
        self.laid(people)
        key = feeds.renew_feed_key(actor=people.an, now=NOW)
        said = client.get(f"/cong-viec/lich/{key}.ics").content.decode().replace("\r\n ", "")
        assert f"DTSTART:{TODAY:%Y%m%d}T020000Z" in said
        assert f"DTEND:{TODAY:%Y%m%d}T033000Z" in said
        assert "SUMMARY:Bạn tham gia đoàn đánh giá: Hồ sơ – Đợt 1" in said

    def test_they_are_told_with_their_hours(self, people: People) -> None:
        self.laid(people)
        said = {each.title for each in works([people.agency.pk], TODAY, until=TODAY)[people.agency.pk]}
        assert any(each.endswith("Hồ sơ – Đợt 1, 09:00–10:30") for each in said)


class TestTheDays:
    def test_a_day_off_is_in_time_until_the_next_working_day(self, people: People) -> None:
        one_of_everything(people, SATURDAY)
        [plan] = [
            each
            for each in due_for(people.binh, SATURDAY + DAY, until=SATURDAY)
            if each.kind.key == "nonconformity.plan"
        ]
        assert plan.late_after == date(2026, 7, 13)
        assert not plan.is_late(date(2026, 7, 13))
        told = {
            each.kind: each for each in works([people.agency.pk], SATURDAY, until=SATURDAY)[people.agency.pk]
        }
        assert told["nonconformity.plan"].late_after == date(2026, 7, 13)

    def test_the_first_review_is_due_by_the_rhythm_from_the_plan_in_force_on(self, people: People) -> None:
        make_plan_in_force(people)
        assert keys(people.an, until=date(2026, 12, 31)) == []
        CycleRules.objects.create(agency=people.agency, review_months=6, changed_at=NOW)
        [due] = due_for(people.an, TODAY, until=TODAY)
        assert (due.kind.key, due.due_on, due.link) == ("review.first", date(2026, 7, 1), "/xem-xet/")
        assert rhythm(people.an, TODAY).due_on == date(2026, 7, 1)
        assert keys(people.binh, until=TODAY) == []
        last_review(people, date(2026, 5, 31))
        assert "review.first" not in keys(people.an, until=date(2026, 12, 31))

    def test_the_next_review_is_due_by_the_agencys_rhythm(self, people: People) -> None:
        last_review(people, date(2025, 12, 31))
        assert keys(people.an, until=date(2026, 12, 30)) == []
        assert keys(people.an, until=date(2026, 12, 31)) == ["review.next"]
        CycleRules.objects.create(agency=people.agency, review_months=6, changed_at=NOW)
        assert keys(people.an, until=date(2026, 6, 30)) == ["review.next"]
        [due] = due_for(people.an, TODAY, until=TODAY)
        assert due.due_on == date(2026, 6, 30)
        Review.objects.create(
            agency=people.agency, year=2026, title="Đang chuẩn bị", held_on=TODAY, period_start=TODAY,
            period_end=TODAY, made_at=NOW, made_by_id=people.an.person_id,
        )  # fmt: skip
        assert keys(people.an) == ["review.convene"]


class TestReminders:
    def test_each_is_told_once_however_often_the_morning_is_walked(self, people: People) -> None:
        one_of_everything(people)
        assert [morning(TODAY) for _ in range(2)][1] == 0
        mine = Notification.objects.filter(person_id=people.binh.person_id)
        assert {each.topic for each in mine} == {"improvement"}
        assert mine.count() == 2  # the own plan, and the meeting; what is the unit's is its head's
        said = [each.message["params"]["work"] for each in mine]
        assert "Lập kế hoạch khắc phục: Chưa có kế hoạch" in said
        assert {each.link.split("/")[1] for each in mine} == {"khac-phuc", "xem-xet"}

    def test_what_is_late_is_brought_before_those_above_and_a_meeting_is_not(self, people: People) -> None:
        one_of_everything(people)
        morning(TODAY)
        Notification.objects.all().delete()
        morning(TODAY + DAY)
        above = Notification.objects.filter(person_id=people.dung.person_id, topic="escalated")
        assert "Lập kế hoạch khắc phục: Chưa có kế hoạch" in {
            each.message["params"]["work"] for each in above
        }
        assert not Notification.objects.filter(key__startswith="review.attend").exists()

    def test_who_owns_or_planned_it_is_not_asked_to_judge(self, people: People) -> None:
        one_of_everything(people)
        morning(TODAY)
        asked = Notification.objects.filter(key__startswith="nonconformity.judge")
        assert {each.person_id for each in asked} == {people.an.person_id}
